"""Each change re-does just what it must: of files, of parsing, of the index's segments."""

import hashlib
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from shisaku.index.engine.whoosh.codec import segment_writer as writer
from shisaku.index.engine.whoosh.codec.segment_reader import Segments
from shisaku.index.errors import BrokenIndexError
from shisaku.index.generations import indexing as segments
from shisaku.index.generations import trial
from shisaku.index.generations.build import build_index
from shisaku.index.generations.build_report import IndexReport
from shisaku.index.generations.manifest import current, read_manifest
from shisaku.index.generations.messages import Write
from shisaku.index.search.searcher import Searcher
from shisaku.ingest.batch.batch import run_ingest
from shisaku.ingest.batch.parse import parser_versions
from shisaku.ingest.disk import remembered
from shisaku.ingest.parsed.store import Store
from tests.support import factories

VERSIONS = {"shisaku": "1", "data": "abc"}


class Night:
    """Ten documents, and what a night over them parsed and indexed."""

    def __init__(self, data: Path) -> None:
        self.data = data
        for number in range(10):
            self.put(f"{number}.html", f"第{number}の人身取引\n警察庁の取締り")
        self.run()

    def put(self, name: str, text: str) -> None:
        path = self.data / "raw" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(self, versions: dict[str, str] = VERSIONS) -> tuple[list[str], IndexReport]:
        """Give what was parsed, and what the index did."""
        parsed: list[str] = []
        run_ingest(
            self.data,
            jobs=1,
            parse="tests.support.fake_parser:parse",
            versions=versions,
            progress=lambda done, total, name: parsed.append(name),
        )
        return sorted(parsed), build_index(self.data)

    def files(self) -> dict[str, int]:
        return {
            str(path.relative_to(self.data)): path.stat().st_ino
            for folder in ("parsed", "index")
            for path in (self.data / folder).rglob("*")
            if path.is_file()
        }

    def hits(self, query: str) -> int:
        with Searcher(self.data) as searcher:
            return searcher.search(query).total


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Night:
    monkeypatch.setattr(remembered, "RACY_NS", 0)
    return Night(tmp_path)


def _nothing(night: Night) -> None:
    pass


def _touched(night: Night) -> None:
    (night.data / "raw/3.html").touch()


def _renamed(night: Night) -> None:
    (night.data / "raw/3.html").rename(night.data / "raw/new.html")


def _copied(night: Night) -> None:
    shutil.copy(night.data / "raw/3.html", night.data / "raw/3 copy.html")


def _removed(night: Night) -> None:
    (night.data / "raw/3.html").unlink()


def _changed(night: Night) -> None:
    night.put("3.html", "第3の人身取引\n別の文")


def _added(night: Night) -> None:
    night.put("new.html", "新しい文")


@pytest.mark.parametrize(
    ("change", "parsed", "counts", "written"),
    [
        (_nothing, [], (0, 0, 10, 0), 0),
        (_touched, [], (0, 0, 10, 0), 0),
        # its id is its name, so its passages have other ids
        (_renamed, ["new.html"], (1, 0, 9, 1), 1),
        (_copied, [], (0, 1, 9, 0), 1),
        (_removed, [], (0, 0, 9, 1), 0),
        (_changed, ["3.html"], (0, 1, 9, 0), 1),
        (_added, ["new.html"], (1, 0, 10, 0), 1),
    ],
)
def test_a_change_re_does_what_it_must(
    night: Night,
    change: Callable[[Night], None],
    parsed: list[str],
    counts: tuple[int, ...],
    written: int,
) -> None:
    before = night.files()
    change(night)
    found, report = night.run()
    assert found == parsed
    assert (report.new, report.changed, report.unchanged, report.gone) == counts
    after = night.files()
    new = [
        name for name, inode in after.items()
        if name.startswith("parsed/") and before.get(name) != inode
    ]  # fmt: skip
    assert len(new) == written
    if not report.written:
        assert after == before


@pytest.mark.parametrize("part", ["shisaku", "data"])
def test_another_version_parses_all_and_indexes_what_reads_otherwise(
    night: Night, part: str
) -> None:
    first = current(night.data)
    assert first
    parsed, report = night.run(VERSIONS | {part: "2"})
    assert len(parsed) == 10
    # Every file says now what made it, but not one passage differs.
    assert (report.changed, report.written) == (10, True)
    assert not any(report.changes.values())
    second = current(night.data)
    assert second and second != first
    assert {path.stat().st_ino for path in first.glob("*.seg")} == {
        path.stat().st_ino for path in second.glob("*.seg")
    }
    assert night.run(VERSIONS | {part: "2"})[1].written is False
    assert night.hits("人身取引") == 10


def test_domain_data_count_into_the_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shisaku.ingest.batch import parse

    shutil.copytree(parse.INGEST, tmp_path / "ingest")
    monkeypatch.setattr(parse, "INGEST", tmp_path / "ingest")
    before = parser_versions()
    for folder in ("registry", "structure"):
        changed = sorted((tmp_path / "ingest" / folder).rglob("*.toml"))[0]
        changed.write_text(changed.read_text(encoding="utf-8") + "\n# x\n", encoding="utf-8")
        assert parser_versions()["data"] != before["data"]
        before = parser_versions()


def test_an_unchanged_night_reads_no_parsed_file(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    night.run()
    read: list[str] = []
    real = Path.read_bytes

    def counting(path: Path) -> bytes:
        read.append(path.as_posix())
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", counting)
    night.run()
    assert [name for name in read if "/parsed/" in name or "/raw/" in name] == []


@pytest.mark.parametrize("harm", ["missing", "damaged", "read-only"])
def test_memories_only_save_time(night: Night, harm: str) -> None:
    for path in (night.data / "runs").glob("*.json"):
        if harm == "missing":
            path.unlink()
        elif harm == "damaged":
            path.write_bytes(b"\xff")
        else:
            path.unlink()
            path.mkdir()
    parsed, report = night.run()
    assert (parsed, report.written) == ([], False)


# --- segments ----------------------------------------------------------------------------------


@given(
    st.lists(st.integers(1, 50), min_size=1, max_size=200),
    st.integers(0, 100_000),
)
def test_segments_stay_few_and_are_seldom_written_anew(nights: list[int], first: int) -> None:
    held = [(first, 0)] if first else []
    written = 0
    for size in nights:
        folded = writer.to_fold(size, held)
        size += sum(held[number][0] for number in folded)
        written += size
        held = [one for number, one in enumerate(held) if number not in folded] + [(size, 0)]
    total = first + sum(nights)
    # Each is more than twice all smaller ones together.
    assert len(held) <= math.log2(total) + 2
    assert written <= (sum(nights) + min(first, 2 * sum(nights))) * (math.log2(total) + 2)


def test_a_segment_that_is_mostly_deleted_is_written_anew() -> None:
    assert writer.to_fold(1, [(1000, 1001)]) == {0}
    assert writer.to_fold(1, [(1000, 999)]) == set()
    assert writer.to_fold(0, [(0, 5), (9, 1)]) == {0}


def test_forty_nights_leave_few_segments(tmp_path: Path) -> None:
    factories.write_parsed(tmp_path, *factories.corpus())
    build_index(tmp_path)
    for turn in range(40):
        text = f"第{turn}版の報告"
        factories.write_parsed(tmp_path, factories.with_text(factories.plan(), "plan.1", text))
        build_index(tmp_path)
    directory = current(tmp_path)
    assert directory
    assert len(list(directory.glob("*.seg"))) <= 5
    with Searcher(tmp_path) as searcher:
        assert searcher.search("第39版").total == 1
        assert searcher.search("第38版").total == 0


# --- a generation is tried before it answers ---------------------------------------------------


def _lost(monkeypatch: pytest.MonkeyPatch) -> None:
    real = segments._add

    def lossy(writer: object, document: object, records: list[object], encoded: object) -> object:
        entry = real(writer, document, records[1:], encoded)  # type: ignore[arg-type]
        return type(entry)(**{**{n: getattr(entry, n) for n in entry.__struct_fields__},
                              "passages": len(records)})  # fmt: skip

    monkeypatch.setattr(segments, "_add", lossy)


def _other_words(monkeypatch: pytest.MonkeyPatch) -> None:
    real = trial._missed

    def otherwise(rows: Segments, number: int) -> str:
        with monkeypatch.context() as patch:
            patch.setattr("shisaku.index.generations.trial.readable", lambda text: "別語")
            return real(rows, number)

    monkeypatch.setattr(trial, "_missed", otherwise)


def _forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    real = segments.write_segments

    def lazy(order: Write, tell: Any) -> Any:
        return real(replace(order, todo=dict(list(order.todo.items())[1:])), tell)

    monkeypatch.setattr(segments, "write_segments", lazy)


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (_lost, "passages"),
        (_other_words, "is not found by"),
        (_forgotten, "is in it as it was"),
    ],
)
def test_what_does_not_hold_what_it_should_never_answers(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    harm: Callable[[pytest.MonkeyPatch], None],
    says: str,
) -> None:
    factories.write_parsed(tmp_path, *factories.corpus())
    build_index(tmp_path)
    before = current(tmp_path)
    with monkeypatch.context() as patch:
        harm(patch)
        factories.write_parsed(tmp_path, factories.with_text(factories.plan(), "plan.1", "変更"))
        with pytest.raises(BrokenIndexError, match=says) as caught:
            build_index(tmp_path)
    assert "shisaku index --rebuild" in caught.value.remedy
    assert current(tmp_path) == before
    assert build_index(tmp_path).changed == 1


def test_a_copy_that_sorts_first_does_not_stop_a_first_index(tmp_path: Path) -> None:
    factories.write_parsed(tmp_path, *factories.corpus())
    shutil.copy(tmp_path / "parsed/kaisai.html.json", tmp_path / "parsed/a.html.json")
    report = build_index(tmp_path)
    assert [each.file for each in report.problems] == ["parsed/a.html.json"]
    assert report.passages == 11


def test_passages_are_counted_by_what_became_of_them(tmp_path: Path) -> None:
    factories.write_parsed(tmp_path, *factories.corpus())
    assert build_index(tmp_path).changes == {"added": 11, "changed": 0, "removed": 0}
    factories.write_parsed(tmp_path, factories.with_text(factories.plan(), "plan.1", "変更"))
    factories.write_parsed(tmp_path, factories.document("new.html", [factories.passage("x", "甲")]))
    (tmp_path / "parsed/kaisai.html.json").unlink()
    assert build_index(tmp_path).changes == {"added": 1, "changed": 1, "removed": 3}
    # moved to another file, as a name too long for one would be
    parsed = tmp_path / "parsed"
    (parsed / "new.html.json").rename(parsed / "short.json")
    assert build_index(tmp_path).changes == {"added": 0, "changed": 0, "removed": 0}


def test_the_manifest_has_the_hash_of_every_file(tmp_path: Path) -> None:
    factories.write_parsed(tmp_path, *factories.corpus())
    build_index(tmp_path)
    factories.write_parsed(tmp_path, factories.with_text(factories.plan(), "plan.1", "変更"))
    build_index(tmp_path)
    directory = current(tmp_path)
    assert directory
    manifest = read_manifest(directory)
    assert manifest.hashes.keys() == manifest.files.keys()
    assert manifest.hashes == {
        name: hashlib.sha256((directory / name).read_bytes()).hexdigest() for name in manifest.files
    }


def test_what_runs_left_half_written_goes(night: Night) -> None:
    (night.data / "index/gen-9").mkdir()
    (night.data / "index/.tmp-1-x").write_text("")
    (night.data / "index/notes.txt").write_text("mine")
    (night.data / "index/gen-old").mkdir()
    Store(night.data / "parsed").path("x").with_name(".tmp-2-y").write_text("")
    _changed(night)
    night.run()
    names = sorted(path.name for path in (night.data / "index").iterdir())
    assert names == ["current", "gen-1", "gen-10", "gen-old", "notes.txt"]
