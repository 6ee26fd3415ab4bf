"""The JSON of every command: by docs/schema, and still what programs written for 0.1 expect.

tests/data/schema_0_1 describes the JSON of 0.1 (its own schemas of passages and measures; the
others were written from its code), tests/data/answers_0_1.json.gz are answers that 0.1 gave.
"""

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource

from shisaku import SCHEMA
from shisaku.cli import main
from shisaku.index.export.formats import FORMATS
from shisaku.ingest.fetch.report import FetchReport, Outcome, SourceReport
from shisaku.ingest.model import Problem
from tests.support.typed import run

ROOT = Path(__file__).parents[2]
NOW = ROOT / "docs" / "schema"
BEFORE = ROOT / "tests" / "data" / "schema_0_1"
NAMES = sorted(path.name.removesuffix(".schema.json") for path in NOW.iterdir())
OF_COMMAND = {"docs": "documents"}
"""Schemas that are not called as their command is."""


def opened(schema: Any) -> Any:
    """Give a schema that lets unknown fields pass, at every depth."""
    if isinstance(schema, dict):
        return {
            name: True if name == "additionalProperties" and part is False else opened(part)
            for name, part in schema.items()
        }
    return [opened(part) for part in schema] if isinstance(schema, list) else schema


@cache
def schemas(place: Path, *, strict: bool) -> dict[str, Any]:
    """Give the schemas of a folder by file name; not `strict`: unknown fields pass."""
    found = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in place.iterdir()}
    return found if strict else opened(found)


def check(answer: Any, name: str, place: Path, *, strict: bool) -> None:
    """Validate an answer against the schema of this name."""
    known = schemas(place, strict=strict)
    jsonschema.Draft202012Validator(
        known[f"{name}.schema.json"],
        registry=Registry().with_resources(
            (file, Resource.from_contents(schema)) for file, schema in known.items()
        ),
    ).validate(answer)


def answered(*arguments: object) -> Any:
    """Give what a command prints as JSON, whether or not some documents failed."""
    result = run(*arguments)
    assert result.exit_code in (0, 1, 3), result.stderr
    return json.loads(result.stdout)


# --- the schemas themselves --------------------------------------------------------------------


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield every schema inside a schema, itself first."""
    if isinstance(schema, dict):
        yield schema
    for part in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(part, dict | list):
            yield from parts(part)


def test_there_is_one_for_every_command_that_prints_json() -> None:
    printing = {
        name
        for name, command in main.commands.items()
        if any(option.name == "as_json" for option in command.params)
    }
    assert {OF_COMMAND.get(name, name) for name in printing} < set(NAMES)
    assert set(NAMES) - {OF_COMMAND.get(name, name) for name in printing} == {
        "export", "header", "measure", "passage", "rollback",
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_schema_that_lets_unknown_fields_pass_and_describes_its_fields(name: str) -> None:
    schema = schemas(NOW, strict=True)[f"{name}.schema.json"]
    jsonschema.Draft202012Validator.check_schema(schema)
    assert all(part.get("additionalProperties") is not False for part in parts(schema))
    assert schema["description"]
    fields = schema.get("properties") or schema["items"]["properties"]
    assert all(field.get("description") for field in fields.values())


@pytest.mark.parametrize("name", NAMES)
def test_every_field_of_0_1_is_in_it_as_it_was(name: str) -> None:
    before, now = schemas(BEFORE, strict=True), schemas(NOW, strict=True)
    file = f"{name}.schema.json"
    assert lacking(opened(before[file]), now[file]) == []


def lacking(before: Any, now: Any, place: str = "") -> list[str]:
    """Give the places at which a schema says less than another, or something else."""
    if place.endswith("/oneOf") and isinstance(now, list) and len(before) == len(now):
        pairs = enumerate(zip(before, now, strict=True))
        return [found for at, pair in pairs for found in lacking(*pair, f"{place}/{at}")]
    if not isinstance(before, dict) or not isinstance(now, dict):
        same = set(before) <= set(now) if place.endswith("/required") else before == now
        return [] if same else [place]
    return [
        found
        for key, part in before.items()
        if key != "description"
        for found in lacking(part, now.get(key), f"{place}/{key}")
    ]


def test_a_field_that_is_gone_or_of_another_type_would_be_told() -> None:
    before = schemas(BEFORE, strict=True)["status.schema.json"]
    now = json.loads(json.dumps(before))
    del now["properties"]["stale"]
    now["properties"]["free"] = {}
    now["properties"]["index"]["properties"]["behind"]["type"] = "string"
    now["required"].remove("failed")
    assert lacking(before, now) == [
        "/properties/stale", "/properties/index/properties/behind/type", "/required",
    ]  # fmt: skip


# --- answers of 0.1 ----------------------------------------------------------------------------


def test_the_answers_that_0_1_gave_are_as_its_schemas_say() -> None:
    raw = gzip.decompress((ROOT / "tests" / "data" / "answers_0_1.json.gz").read_bytes())
    given = json.loads(raw)
    for name, answer in given:
        check(answer, name, BEFORE, strict=True)
    # No source was asked; reports of fetch are checked below.
    assert {name for name, _ in given} == set(NAMES) - {"fetch", "measure", "passage"}


# --- answers of today --------------------------------------------------------------------------

QUERIES = (
    "人身取引",
    "警察 -学校",
    "サーバー",
    "省庁:警察庁 研修",
    "存在しない語句です",
    "人身売買",
)


def answers(data: Path) -> Iterator[tuple[str, Any]]:
    """Yield the name of its schema and the answer of every command that only reads."""
    for query in QUERIES:
        for unit in ("passage", "measure"):
            asked = (query, "--unit", unit, "--data", data)
            yield "search", answered("search", *asked, "--limit", 3, "--json")
            yield "facets", answered("facets", *asked, "--json")
            yield "export", answered("export", *asked, "--cite")
    yield "search", answered("search", "研修", "--year", 1999, "--json", "--data", data)
    two = ("--by", "ministry", "--by", "year")
    yield "facets", answered("facets", *two, "--json", "--data", data)
    yield "facets", answered("facets", *two, "--format", "json", "--data", data)
    found = answered("search", "人身取引", "--limit", 1, "--json", "--data", data)["hits"][0]
    for key in (found["id"], found["measure"]["id"], found["document"], "broken.pdf"):
        yield "show", answered("show", key, "--json", "--data", data)
    yield "documents", answered("docs", "--json", "--data", data)
    yield "documents", answered("docs", "--ledger", "--json", "--data", data)
    yield "status", answered("status", "--json", "--data", data)
    yield "runs", answered("runs", "--json", "--data", data)
    yield "aliases", answered("aliases", "--json", "--data", data)
    yield "aliases", answered("aliases", "IOM", "--json", "--data", data)
    yield "versions", answered("versions", "prune", "--json", "--data", data)


def both_ways(name: str, answer: Any) -> None:
    """Check an answer against today's schema and, less additionalProperties, against that of 0.1.

    Under `schema` it has its number: a list in each entry, an export in its header.
    """
    check(answer, name, NOW, strict=True)
    check(answer, name, BEFORE, strict=False)
    for part in answer if isinstance(answer, list) else [answer.get("header", answer)]:
        assert next(iter(part)) in ("schema", "tool") and part["schema"] == SCHEMA == 2


def test_what_reads_answers_by_both_schemas(sample: Path) -> None:
    seen = set()
    for name, answer in answers(sample):
        both_ways(name, answer)
        seen.add(name)
    assert len(seen) == 9


def test_what_writes_answers_by_both_schemas(tmp_path: Path) -> None:
    page = tmp_path / "raw" / "a.html"
    page.parent.mkdir()
    page.write_text("<html><title>題</title><p>本文です。</p></html>", encoding="utf-8")
    (tmp_path / "raw" / "b.pdf").write_text("no PDF", encoding="utf-8")
    for name, command in (
        ("update", ["update"]),
        ("ingest", ["ingest", "--force"]),
        ("index", ["index"]),
        ("index", ["index", "--rebuild"]),
        ("rollback", ["index", "--rollback"]),
    ):
        both_ways(name, answered(*command, "--json", "--data", tmp_path))


def test_the_report_of_a_fetch_is_as_both_schemas_say() -> None:
    problem = Problem("gone", "It is gone.", "Look at the page.")
    outcome = Outcome("npa", "https://example.go.jp/a.pdf", "failed", "raw/a.pdf", problem)
    report = FetchReport(
        [outcome, Outcome("npa", "https://example.go.jp/b.pdf", "added", "raw/b.pdf")],
        [SourceReport("npa", "警察庁", 2, 1, 3, problems=[problem])],
    ).to_json()
    check(report, "fetch", BEFORE, strict=True)
    check({"schema": SCHEMA} | report, "fetch", NOW, strict=True)
    update = {"schema": SCHEMA, "fetch": report}
    with pytest.raises(jsonschema.ValidationError, match="'ingest' is a required property"):
        check(update, "update", NOW, strict=True)


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"json"}))
def test_the_header_beside_an_export_has_the_number(
    sample: Path, tmp_path: Path, form: str
) -> None:
    run("export", "研修", "--format", form, "-o", tmp_path / "out", "--data", sample)
    header = json.loads((tmp_path / "out.header.json").read_bytes())
    both_ways("header", header)
    assert not re.search(r'"schema"', (tmp_path / "out").read_text(encoding="utf-8"))
