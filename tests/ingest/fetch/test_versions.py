"""Earlier versions: how many stay, what is cited, and what `shisaku versions prune` frees."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from shisaku.cli import main
from shisaku.index.generations.manifest import POINTER
from shisaku.ingest.batch.batch import run_ingest
from shisaku.ingest.fetch.kept.versions import STANDARD, carry_out, cited, parted, plan
from shisaku.ingest.fetch.sources import Source
from shisaku.ingest.parsed.sidecar import Earlier, read_sidecar, sidecar_path
from tests.support.web import FakeClock, Site, html, pdf, reply, serving, tree

NOW = "2026-11-28T03:00:00Z"


def source(**limits: Any) -> Source:
    return Source(name="a", publisher="b", pages=("c",), hosts=("d",), **limits)


def earlier(*days: int) -> tuple[Earlier, ...]:
    return tuple(Earlier(str(day), f"2026-11-{28 - day:02}T03:00:00Z") for day in days)


@pytest.mark.parametrize(
    ("limits", "cites", "stay"),
    [
        ({}, (), "0 1 2 3 4"),
        ({"keep_versions": 5}, (), "0 1 2 3 4"),
        ({"keep_versions": 4}, (), "0 1 2 3"),
        ({"keep_versions": 1}, (), "0"),
        ({"keep_versions": 1, "keep_days": 3}, (), "0 1 2"),  # the fourth is three days old
        ({"keep_versions": 1, "keep_days": 4}, (), "0 1 2 3"),
        ({"keep_versions": 1}, ("3",), "0 3"),
    ],
)
def test_which_versions_stay(limits: dict[str, int], cites: tuple[str, ...], stay: str) -> None:
    kept, go = parted(earlier(0, 1, 2, 3, 4), source(**limits), NOW, cites)
    assert " ".join(one.sha256 for one in kept) == stay
    assert {*kept, *go} == {*earlier(0, 1, 2, 3, 4)} and not {*kept} & {*go}


def test_a_version_of_unknown_age_counts_as_new() -> None:
    versions = (Earlier("a", NOW), Earlier("b", ""), Earlier("c", "2026"))
    kept, _ = parted(versions, source(keep_versions=1, keep_days=1), NOW, ())
    assert [one.sha256 for one in kept] == ["a", "b", "c"]


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        found.routes["/index.html"] = reply(200, html("a.pdf"))
        yield found


def nights(site: Site, data: Path, count: int, **changes: Any) -> list[str]:
    """Fetch as many versions of one document; give their hashes."""
    found = []
    for number in range(count):
        body = pdf(f"version {number}")
        site.routes["/a.pdf"] = reply(200, body)
        clock = FakeClock()
        clock.passed = number * 86_400
        assert not site.fetch(data, clock=clock, **changes).needs_attention
        found.append(hashlib.sha256(body).hexdigest())
    return found


def versions(data: Path) -> set[str]:
    return {path.stem for path in (data / "versions").iterdir()}


def sidecar_of(data: Path) -> Any:
    [path] = (data / "raw" / "sho").glob("a.pdf")
    return read_sidecar(path)


def test_a_fetch_keeps_so_many_versions(site: Site, tmp_path: Path) -> None:
    made = nights(site, tmp_path, 6, keep_versions=3)
    assert versions(tmp_path) == {*made[2:5]}
    assert [one.sha256 for one in sidecar_of(tmp_path).earlier] == made[4:1:-1]


def test_a_fetch_keeps_what_is_parsed(site: Site, tmp_path: Path) -> None:
    """The newest ones cannot be read: the document that answers is that of an early version."""
    [first] = nights(site, tmp_path, 1)
    (tmp_path / "parsed" / "sho").mkdir(parents=True)
    document = {"id": "sho/x.pdf", "sha256": first, "sources": [], "title": ""}
    (tmp_path / "parsed/sho/x.pdf.json").write_text(json.dumps(document))
    assert cited(tmp_path) == {first}
    made = nights(site, tmp_path, 5, keep_versions=1)
    assert versions(tmp_path) == {first, made[3]}


def test_a_plan_frees_nothing_that_is_cited_or_not_known(site: Site, tmp_path: Path) -> None:
    made = nights(site, tmp_path, 5)
    stray = tmp_path / "versions" / ("0" * 64 + ".pdf")
    stray.write_bytes(b"stray")
    (tmp_path / "versions" / "notes.txt").write_text("mine")
    limits = source(keep_versions=1)
    before = tree(tmp_path)
    found = plan(tmp_path, lambda name: limits, {made[1]}, now=NOW)
    assert tree(tmp_path) == before  # to tell is not to do
    assert set(found.free) == {f"versions/{one}.pdf" for one in (made[0], made[2])}
    assert list(found.unnamed) == [f"versions/{stray.name}"] and found.kept == 3
    carry_out(tmp_path, found)
    assert versions(tmp_path) == {made[1], made[3], "0" * 64, "notes"}
    assert [one.sha256 for one in sidecar_of(tmp_path).earlier] == [made[3], made[1]]
    assert not plan(tmp_path, lambda name: limits, {made[1]}, now=NOW).free
    assert plan(tmp_path, lambda name: limits, {made[1]}, unnamed=True, now=NOW).size == 5


def test_a_damaged_sidecar_keeps_what_it_may_have_named(site: Site, tmp_path: Path) -> None:
    nights(site, tmp_path, 4)
    [path] = (tmp_path / "raw" / "sho").glob("a.pdf")
    sidecar_path(path).write_text("{")
    found = plan(tmp_path, lambda name: source(keep_versions=1), (), unnamed=True, now=NOW)
    assert not found.free and len(found.unnamed) == 3 and len(found.damaged) == 1


@pytest.mark.parametrize("number", range(3))
def test_killed_while_it_frees_and_taken_up_again(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    made = nights(site, tmp_path, 4)
    limits = source(keep_versions=1)
    done = 0
    unlink = Path.unlink

    def killed(path: Path, missing_ok: bool = False) -> None:
        nonlocal done
        if path.parent.name == "versions":
            if done == number:
                raise KeyboardInterrupt
            done += 1
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", killed)
    found = plan(tmp_path, lambda name: limits, (), now=NOW)
    if number < 2:
        with pytest.raises(KeyboardInterrupt):
            carry_out(tmp_path, found)
    monkeypatch.undo()
    named = {one.sha256 for one in sidecar_of(tmp_path).earlier}
    assert named <= versions(tmp_path)  # no name without a file
    carry_out(tmp_path, plan(tmp_path, lambda name: limits, (), unnamed=True, now=NOW))
    assert versions(tmp_path) == {made[2]}


# --- the command ---------------------------------------------------------------------------------


def run(data: Path, *arguments: str) -> Any:
    return CliRunner().invoke(main, ["versions", "prune", "--data", str(data), *arguments])


def test_the_command_tells_and_frees(site: Site, tmp_path: Path) -> None:
    made = nights(site, tmp_path, 5)
    run_ingest(tmp_path, jobs=1)
    before = tree(tmp_path)
    told = run(tmp_path, "--keep", "2")
    assert told.exit_code == 0 and "2 versions" in told.stdout and "--yes" in told.stderr
    assert {k: v for k, v in tree(tmp_path).items() if "runs/" not in k} == {
        k: v for k, v in before.items() if "runs/" not in k
    }
    freed = run(tmp_path, "--keep", "2", "--yes", "--json")
    assert freed.exit_code == 0
    answer = json.loads(freed.stdout)
    assert answer["done"] and answer["freed"]["files"] == 2
    assert versions(tmp_path) == {*made[2:4]}
    assert "0 versions" in run(tmp_path).stdout


def test_what_the_index_answers_with_stays(site: Site, tmp_path: Path) -> None:
    """The index lies behind parsed/: it answers with the first version."""

    def night(number: int, *command: str) -> str:
        body = html(words=f"<p>警察庁は第{number}版の施策を推進する。</p>")
        site.routes["/p.html"] = reply(200, body)
        site.routes["/index.html"] = reply(200, html("p.html"))
        site.fetch(tmp_path, include=("*/p.html",))
        done = CliRunner().invoke(main, [*command, "--data", str(tmp_path), "--jobs", "1"])
        assert done.exit_code == 0, done.output
        return hashlib.sha256(body).hexdigest()

    made = [night(1, "update"), *(night(number, "ingest") for number in (2, 3, 4))]
    assert run(tmp_path, "--keep", "1", "--yes").exit_code == 0
    assert versions(tmp_path) == {made[0], made[2]}
    (tmp_path / "index" / POINTER).write_text("gen-99")
    assert run(tmp_path, "--keep", "1", "--yes").exit_code == 1  # what it cites is not known
    assert versions(tmp_path) == {made[0], made[2]}


def test_the_limits_are_those_of_the_source(site: Site, tmp_path: Path) -> None:
    nights(site, tmp_path, 5)
    entry = ["[[source]]", 'name = "sho"', 'publisher = "警察庁"', 'pages = ["http://a.jp/"]']
    entry += ['hosts = ["a.jp"]', "keep_versions = 3"]
    (tmp_path / "sources.toml").write_text("\n".join(entry), encoding="utf-8")
    assert json.loads(run(tmp_path, "--json").stdout)["freed"]["files"] == 1
    (tmp_path / "sources.toml").write_text("[[", encoding="utf-8")
    assert run(tmp_path).exit_code == 2


def test_without_versions_there_is_nothing_to_free(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    found = run(tmp_path, "--yes")
    assert found.exit_code == 0 and "0 versions" in found.stdout
    assert STANDARD.keep_versions == 10
