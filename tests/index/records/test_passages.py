"""The public record: its fields, and that whatever is given back validates."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec.structs import replace

from shisaku.index.errors import UnreadableDocumentError
from shisaku.index.export.citations import citation
from shisaku.index.export.formats import FORMATS, Layout, csv_value
from shisaku.index.generations.build import build_index
from shisaku.index.records.fields import FIELDS
from shisaku.index.records.passages import (
    bodies_of,
    decode_document,
    frame_of,
    measures_by_id,
    passage_record,
)
from shisaku.index.search.context import find
from shisaku.index.search.documents import list_documents
from shisaku.index.search.searcher import Searcher
from shisaku.ingest.disk.output import replacing
from shisaku.ingest.parsed.store import encode
from shisaku.ingest.text.terminal import dumps
from tests.support import factories

SCHEMA = Path(__file__).parents[3] / "docs" / "schema" / "passage.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("data")
    factories.write_parsed(directory, *factories.corpus())
    build_index(directory)
    return directory


@pytest.fixture
def searcher(data: Path) -> Iterator[Searcher]:
    with Searcher(data) as opened:
        yield opened


def counted(record: dict[str, Any]) -> tuple[str, ...]:
    bodies = bodies_of(record)
    return (bodies.publisher,) if bodies.publisher else bodies.named


def record(key: str) -> dict[str, Any]:
    for document in factories.corpus():
        for passage in document.passages:
            if passage.id == key:
                made = passage_record(document, passage, measures_by_id(document))
                return made | {"ministries_rolled": list(counted(made))}
    raise KeyError(key)


def test_the_schema_is_one_and_names_the_fields_in_order() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    VALIDATOR.check_schema(schema)
    assert tuple(schema["required"]) == FIELDS
    assert tuple(schema["properties"]) == (
        *FIELDS, "score", "literal", "highlights", "matched", "around", "width", "ministry_role",
        "collapsed", "boxes", "citation",
    )  # fmt: skip
    assert all(entry["description"] for entry in schema["properties"].values())


def test_what_is_given_back_validates(data: Path, searcher: Searcher) -> None:
    shown = [find(searcher, data, "fu.1"), find(searcher, data, "kai.2")]
    given = [
        *searcher.search("人身取引").hits,
        *searcher.search().hits,
        *searcher.export()[1],
        *find(searcher, data, "fu.m1")["passages"],
        *[found["passage"] for found in shown],
        *[other for found in shown for other in (*found["before"], *found["after"])],
    ]
    assert len(given) > 20
    for each in given:
        VALIDATOR.validate(each)
        assert tuple(each)[: len(FIELDS)] == FIELDS


def test_show_tells_where_a_passage_stands(data: Path, searcher: Searcher) -> None:
    place = {"page": 3, "x0": 72.0, "top": 700.0, "x1": 240.5, "bottom": 711.0}
    found = find(searcher, data, "fu.5")
    assert found["passage"]["boxes"] == [place]
    VALIDATOR.validate(found["passage"])
    assert find(searcher, data, "kai.1")["passage"]["boxes"] == []


def test_show_does_without_the_parsed_file(tmp_path: Path) -> None:
    factories.write_parsed(tmp_path, *factories.corpus())
    build_index(tmp_path)
    (tmp_path / "parsed" / "jinshin" / "followup.pdf.json").unlink()
    with Searcher(tmp_path) as opened:
        assert find(opened, tmp_path, "fu.5")["passage"]["boxes"] == []


@pytest.mark.parametrize(
    ("key", "year", "fiscal_year", "sorted_by"),
    [
        ("kai.1", 2011, None, "2011-06-03"),  # a date of its own
        ("fu.1", 2011, None, "2011-11"),  # the document's
        ("plan.1", 2016, 2016, "2016-07-26"),
        ("kai.3", 2014, None, "2014"),  # a stated year only
    ],
)
def test_the_year_is_of_the_entry_else_of_the_document(
    key: str, year: int, fiscal_year: int | None, sorted_by: str
) -> None:
    assert (record(key)["year"], record(key)["fiscal_year"]) == (year, fiscal_year)
    assert frame_of(record(key)).date == sorted_by


def test_ministries_count_once_whether_responsible_or_acting() -> None:
    assert bodies_of(record("fu.1")).named == ("法務省", "警察庁")
    assert bodies_of(record("fu.2")).named == ("法務省", "警察庁", "入国管理局")


def test_the_citation_names_title_plan_path_page_and_source() -> None:
    assert citation(record("fu.1")) == (
        "『「人身取引対策行動計画2009」フォローアップ』（内閣官房、2011-11）, "
        "人身取引対策行動計画2009, "
        "II. 総合的な対策 > 1. 人身取引の防止 > ① 空港での見張りの強化, p. 2, "
        "https://example.go.jp/jinshin/followup.pdf (raw/jinshin/followup.pdf)"
    )


# --- export ------------------------------------------------------------------------------------


def written(form: str, records: list[dict[str, Any]]) -> str:
    return "".join(FORMATS[form](iter(records), {"query": None}, Layout(FIELDS)))


def test_formats_hold_the_same() -> None:
    records = [record("fu.1"), record("kai.3"), record("plan.2")]
    assert json.loads(written("json", records)) == {"header": {"query": None}, "passages": records}
    assert [json.loads(line) for line in written("jsonl", records).splitlines()] == records
    rows = list(csv.DictReader(io.StringIO(written("csv", records))))
    assert [tuple(row) for row in rows] == [FIELDS] * 3
    for row, each in zip(rows, records, strict=True):
        assert row == {name: csv_value(each[name]) for name in FIELDS}


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "true"),
        (2011, "2011"),
        ([], ""),
        (["法務省", "警察庁"], "法務省 | 警察庁"),
        ({"id": "m", "label": "①"}, '{"id": "m", "label": "①"}'),
        ([{"column": "件数", "text": "3件"}], '[{"column": "件数", "text": "3件"}]'),
    ],
)
def test_csv_cells(value: Any, cell: str) -> None:
    assert csv_value(value) == cell


@pytest.mark.parametrize("text", ["1\r2", "1\n2", "1\r\n2", "1\r", '"\r"', "1,2", ""])
def test_a_csv_cell_may_hold_the_end_of_a_line(text: str) -> None:
    line = written("csv", [record("fu.1") | {"text": text}])
    (row,) = csv.DictReader(io.StringIO(line, newline=""))
    assert row["text"] == text
    assert line.endswith("\n")
    assert not line.endswith("\r\n")


def test_nothing_matches_is_still_a_file() -> None:
    assert json.loads(written("json", [])) == {"header": {"query": None}, "passages": []}
    assert written("jsonl", []) == ""
    assert written("csv", []).count("\n") == 1


def test_json_never_carries_what_a_terminal_obeys() -> None:
    text = "a\x1b[31m\x9b\x7f\u202e⁦b\u2028施\x0b\x0c\x1c\x85策"
    assert json.loads(dumps(text)) == text
    assert not set(dumps(text)) & set("\x1b\x9b\x7f\u202e⁦")
    assert dumps(text).splitlines() == [dumps(text)]  # a record is one line to every reader
    assert dumps("施策") == '"施策"'


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_text("old")
    with pytest.raises(RuntimeError), replacing(path) as stream:
        stream.write("half")
        raise RuntimeError
    assert path.read_text() == "old"
    with replacing(path) as stream:
        stream.write("new")
    assert [p.name for p in tmp_path.iterdir()] == ["out.json"]
    assert path.read_text() == "new"


def test_a_device_is_not_replaced() -> None:
    with replacing(Path("/dev/null")) as stream:
        stream.write("gone")
    assert not Path("/dev/null").is_file()


# --- documents ---------------------------------------------------------------------------------


def test_documents_are_listed_with_their_problems(data: Path) -> None:
    entries = {head.id: head.to_json() for head in list_documents(data).documents}
    assert list(entries) == sorted(entries)
    assert entries["scan.pdf"]["problems"] == [
        {
            "code": "no_text",
            "reason": "The file has no text layer.",
            "remedy": "Run OCR on it.",
            "failed": True,
        }
    ]
    assert entries["jinshin/followup.pdf"] == {
        "id": "jinshin/followup.pdf",
        "title": "「人身取引対策行動計画2009」フォローアップ",
        "kind": "follow_up",
        "plan": "人身取引対策行動計画2009",
        "publisher": "内閣官房",
        "issued": "2011-11",
        "year": 2011,
        "pages": 3,
        "passages": 5,
        "source": "raw/jinshin/followup.pdf",
        "sha256": factories.follow_up().sha256,
        "stale": False,
        "problems": [],
        "items": None,
        "url": "https://example.go.jp/jinshin/followup.pdf",
        "listed": [],
        "guessed": [],
        "basis": {},
        "withdrawn": None,
    }


def test_a_document_is_found_by_any_of_its_paths(data: Path, searcher: Searcher) -> None:
    by_id = find(searcher, data, "scan.pdf")
    assert by_id["document"]["measures"] == 0
    assert find(searcher, data, "raw/scan.pdf") == by_id


@pytest.mark.parametrize("value", ["", "12", "xx", "abcdefgh", "2014/12/01", "2014-12-01 "])
def test_a_date_that_is_none_makes_the_file_unreadable(value: str) -> None:
    document = factories.meetings()
    odd = replace(document, issued=value)
    with pytest.raises(UnreadableDocumentError, match="issued"):
        decode_document(encode(odd), "a.json")
    last = replace(document.passages[0], date=value)
    with pytest.raises(UnreadableDocumentError, match="date"):
        decode_document(encode(replace(document, passages=(last,))), "a.json")


@pytest.mark.parametrize("value", [None, "2014", "2014-12", "2014-12-01"])
def test_a_date_may_be_as_precise_as_known(value: str | None) -> None:
    odd = replace(factories.meetings(), issued=value)
    assert decode_document(encode(odd), "a.json").issued == value
