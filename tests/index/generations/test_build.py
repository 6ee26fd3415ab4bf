"""Building the index: incremental, idle when nothing changed, and never seen half-made."""

import gc
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from shisaku.index.errors import BrokenIndexError, BuildError, IndexVersionError, NoIndexError
from shisaku.index.generations import build
from shisaku.index.generations import indexing as segments
from shisaku.index.generations import manifest as generation
from shisaku.index.generations.build import Guard, build_index
from shisaku.index.generations.build_report import IndexReport
from shisaku.index.generations.health import index_health
from shisaku.index.generations.manifest import current, read_manifest
from shisaku.index.records.filters import Filters
from shisaku.index.search.documents import list_documents
from shisaku.index.search.searcher import Searcher
from shisaku.ingest.disk.failures import DiskError
from shisaku.ingest.disk.lock import LockedError
from shisaku.ingest.disk.removals import RemovalError
from shisaku.ingest.errors import ShisakuError
from tests.support import factories


@pytest.fixture
def data(tmp_path: Path) -> Path:
    factories.write_parsed(tmp_path, *factories.corpus())
    build_index(tmp_path)
    return tmp_path


def counts(report: IndexReport) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.unchanged, report.gone


def ids(data: Path, query: str | None = None) -> list[str]:
    with Searcher(data) as searcher:
        return [record["id"] for record in searcher.export(query)[1]]


def snapshot(directory: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path): (path.stat().st_mtime_ns, path.stat().st_ino)
        for path in [directory, *directory.rglob("*")]
    }


def test_an_unchanged_run_writes_nothing(data: Path) -> None:
    before = snapshot(data / "index")
    report = build_index(data)
    assert (counts(report), report.written, report.passages) == ((0, 0, 4, 0), False, 11)
    assert snapshot(data / "index") == before


def test_only_what_changed_is_indexed_anew(data: Path) -> None:
    factories.write_parsed(data, factories.with_text(factories.plan(), "plan.3", "奈良で開く。"))
    factories.write_parsed(data, factories.document("new.html", [factories.passage("x", "新潟")]))
    (data / "parsed" / "kaisai.html.json").unlink()
    report = build_index(data)
    assert counts(report) == (1, 1, 2, 1)
    assert report.written
    assert not report.rebuilt
    assert ids(data, "奈良 OR 新潟 OR 大阪 OR 手法") == ["x", "plan.3"]


def test_after_many_changes_answers_equal_those_of_a_rebuilt_index(data: Path) -> None:
    for turn in range(12):
        text = f"第{turn}版の人身取引の報告。" * (turn % 3 + 1)
        factories.write_parsed(data, factories.with_text(factories.follow_up(), "fu.1", text))
        if turn % 3 == 0:
            factories.write_parsed(data, factories.with_text(factories.plan(), "plan.1", text))
        if turn % 5 == 0:
            (data / "parsed" / "scan.pdf.json").unlink(missing_ok=True)
        assert build_index(data).written
    queries = [None, "人身取引", "報告", "人", "京都", "警察 OR 会議", "-報告"]
    with Searcher(data) as searcher:
        grown = [searcher.search(query, limit=50) for query in queries]
    assert build_index(data, full=True).rebuilt
    with Searcher(data) as searcher:
        assert [searcher.search(query, limit=50) for query in queries] == grown


def test_two_generations_are_kept(data: Path) -> None:
    for turn in range(4):
        factories.write_parsed(data, factories.with_text(factories.plan(), "plan.1", f"{turn}"))
        build_index(data)
    names = sorted(path.name for path in (data / "index").iterdir())
    assert names == ["current", "gen-4", "gen-5"]


def test_a_new_generation_shares_the_segments_of_the_last(data: Path) -> None:
    first = current(data)
    factories.write_parsed(data, factories.with_text(factories.plan(), "plan.1", "変更"))
    build_index(data)
    second = current(data)
    assert first and second and first != second
    inodes = [{p.stat().st_ino for p in each.glob("*.seg")} for each in (first, second)]
    assert inodes[0] <= inodes[1]


def test_where_nothing_can_be_linked_segments_are_copied(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(1, "not permitted")

    monkeypatch.setattr(os, "link", refuse)
    factories.write_parsed(data, factories.with_text(factories.plan(), "plan.1", "変更"))
    assert build_index(data).changed == 1
    assert ids(data, "変更") == ["plan.1"]


def test_a_searcher_keeps_its_generation(data: Path) -> None:
    with Searcher(data) as searcher:
        for turn in range(4):
            text = f"変更{turn}"
            factories.write_parsed(data, factories.with_text(factories.plan(), "plan.1", text))
            build_index(data)
        assert searcher.search("教材").total == 1
        assert searcher.search("サーバ").hits[0]["id"] == "plan.1"
    assert ids(data, "変更3") == ["plan.1"]


def test_a_document_without_passages_is_known(data: Path) -> None:
    generation_now = current(data)
    assert generation_now
    manifest = read_manifest(generation_now)
    assert manifest.documents["scan.pdf"].passages == 0
    assert list(manifest.documents) == sorted(manifest.documents)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kaisai.html", "kaisai.html"),
        ("raw/kaisai.html", "kaisai.html"),
        ("sub/copy.html", "kaisai.html"),  # the same bytes under another path
        ("raw/sub/copy.html", "kaisai.html"),
        ("copy.html", None),
        ("", None),
    ],
)
def test_a_document_is_known_by_each_of_its_paths(data: Path, text: str, found: str | None) -> None:
    with Searcher(data) as searcher:
        assert searcher.manifest.document_id(text) == found


def test_an_unreadable_parsed_file_is_reported_once_written_and_keeps_what_was(data: Path) -> None:
    path = data / "parsed" / "kaisai.html.json"
    good = path.read_bytes()
    path.write_bytes(good[:-20])
    report = build_index(data)
    assert [each.file for each in report.problems] == ["parsed/kaisai.html.json"]
    assert ids(data, "大阪") == ["kai.3"]
    again = build_index(data)
    assert (again.written, again.problems) == (False, report.problems)
    path.write_bytes(good)
    assert build_index(data).problems == ()
    path.unlink()
    assert build_index(data).gone == 1


def test_a_copy_of_a_parsed_file_is_refused(data: Path) -> None:
    shutil.copy(data / "parsed" / "kaisai.html.json", data / "parsed" / "z.html.json")
    (problem,) = build_index(data).problems
    assert "holds the document kaisai.html" in problem[1]
    assert ids(data, "大阪") == ["kai.3"]
    assert not build_index(data).written


def test_a_document_may_stand_under_another_name(data: Path) -> None:
    """Ids can be longer than file names may be; the file that has the id's own name wins."""
    parsed = data / "parsed"
    named = (parsed / "kaisai.html.json").rename(parsed / "short~1.json")
    report = build_index(data)
    assert (counts(report), report.problems) == ((1, 0, 3, 1), ())
    assert ids(data, "大阪") == ["kai.3"]
    with Searcher(data) as searcher:
        assert searcher.manifest.names()["kaisai.html"] == "short~1"
        assert searcher.search(None, Filters(document=("kaisai.html",))).total == 3
    shutil.copy(named, parsed / "kaisai.html.json")
    assert len(build_index(data).problems) == 1
    assert ids(data, "大阪") == ["kai.3"]
    named.unlink()
    assert build_index(data).problems == ()
    assert ids(data, "大阪") == ["kai.3"]


def test_ids_that_come_twice_are_refused(data: Path) -> None:
    twice = [factories.passage("same", "甲"), factories.passage("same", "乙")]
    factories.write_parsed(data, factories.document("twice.html", twice))
    (problem,) = build_index(data).problems
    assert "more than once" in problem[1]


def test_without_parsed_files_there_is_nothing_to_index(tmp_path: Path) -> None:
    with pytest.raises(NoIndexError) as caught:
        build_index(tmp_path)
    assert "shisaku update" in caught.value.remedy


def test_an_empty_index_answers(tmp_path: Path) -> None:
    (tmp_path / "parsed").mkdir()
    assert build_index(tmp_path).passages == 0
    with Searcher(tmp_path) as searcher:
        for query in (None, "甲", "甲乙丙", "-甲"):
            assert searcher.search(query, Filters(kind=("plan",))).total == 0


# --- versions and damage -----------------------------------------------------------------------


def test_another_version_is_an_error_until_it_is_rebuilt(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (build, generation):
        monkeypatch.setattr(module, "index_version", lambda: "layout 99")
    with pytest.raises(IndexVersionError) as caught:
        Searcher(data)
    assert "shisaku index" in caught.value.remedy
    assert build_index(data).rebuilt
    assert ids(data, "大阪") == ["kai.3"]


def _no_manifest(directory: Path) -> None:
    (directory / "manifest.json").unlink()


def _no_toc(directory: Path) -> None:
    next(directory.glob("*.toc")).unlink()


def _no_contents(directory: Path) -> None:
    (directory / "contents.json").unlink()


def _bad_contents(directory: Path) -> None:
    (directory / "contents.json").write_text('{"version": 1}')


def _no_segment(directory: Path) -> None:
    next(directory.glob("*.seg")).unlink()


def _short_segment(directory: Path) -> None:
    path = next(directory.glob("*.seg"))
    raw = path.read_bytes()
    path.unlink()
    path.write_bytes(raw[: len(raw) // 2])


def _other_segment(directory: Path) -> None:
    path = next(directory.glob("*.seg"))
    size = path.stat().st_size
    path.unlink()
    path.write_bytes(bytes(size))


def _pointer_to_nowhere(directory: Path) -> None:
    (directory.parent / "current").write_text("gen-77\n")


def _pointer_outside(directory: Path) -> None:
    (directory.parent / "current").write_text("../../etc\n")


def _pointer_of_bytes(directory: Path) -> None:
    (directory.parent / "current").write_bytes(b"\xff\xfe")


def _bad_manifest(directory: Path) -> None:
    (directory / "manifest.json").write_text("{")


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize(
    "harm",
    [
        _no_manifest,
        _no_contents,
        _bad_contents,
        _no_segment,
        _short_segment,
        _other_segment,
        _pointer_to_nowhere,
        _pointer_outside,
        _pointer_of_bytes,
    ],
)
def test_a_damaged_index_says_so_and_can_be_rebuilt(data: Path, harm: object) -> None:
    directory = current(data)
    assert directory
    assert callable(harm)
    harm(directory)
    remedy = ""
    try:
        Searcher(data).close()
    except BrokenIndexError as error:
        remedy = error.remedy
    assert "shisaku index --rebuild" in remedy
    gc.collect()  # what could not be read may still be open
    build_index(data, full=True)
    assert ids(data, "大阪") == ["kai.3"]


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (_no_manifest, "manifest.json is missing"),
        (_no_toc, ".toc is missing"),
        (_no_contents, "contents.json is missing"),
        (_bad_contents, "bytes instead of"),
        (_no_segment, ".seg is missing"),
        (_short_segment, "bytes instead of"),
        (_pointer_to_nowhere, "manifest.json is missing"),
        (_pointer_outside, "names no generation"),
        (_bad_manifest, "manifest.json is damaged"),
    ],
)
@pytest.mark.parametrize("changed", [False, True])
def test_the_next_run_finds_the_damage_and_builds_anew(
    data: Path, harm: Callable[[Path], None], says: str, changed: bool
) -> None:
    directory = current(data)
    assert directory
    harm(directory)
    if changed:
        factories.write_parsed(data, factories.with_text(factories.plan(), "plan.1", "変更"))
    report = build_index(data)
    assert says in report.damage
    assert (report.rebuilt, report.written, report.passages) == (True, True, 11)
    assert ids(data, "大阪") == ["kai.3"]
    again = build_index(data)
    assert (again.written, again.damage) == (False, "")


def test_another_version_is_no_damage(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "index_version", lambda: "layout 99")
    report = build_index(data)
    assert (report.rebuilt, report.damage) == (True, "")


# --- two at once, and killed -------------------------------------------------------------------


def test_a_second_writer_is_refused(data: Path) -> None:
    with FileLock(data / "runs" / "writer.lock"), pytest.raises(LockedError) as caught:
        build_index(data)
    assert caught.value.exit_code == 5


def test_readers_never_fail_while_generations_are_swapped(data: Path) -> None:
    stop = threading.Event()
    failures: list[BaseException] = []

    def read() -> None:
        while not stop.is_set():
            try:
                with Searcher(data) as searcher:
                    total, records = searcher.export("人身取引")
                    assert total == len(list(records))
                    (hit,) = searcher.search("版数").hits
                    # Both halves of the pair come from one generation.
                    (other,) = searcher.search(f"対{hit['text'].removeprefix('版数')}").hits
                    assert other["id"] == "plan.3"
            except BaseException as error:
                failures.append(error)
                return

    def write(turn: int) -> None:
        changed = factories.with_text(factories.plan(), "plan.1", f"版数{turn:03}")
        factories.write_parsed(data, factories.with_text(changed, "plan.3", f"対{turn:03}"))
        build_index(data)

    write(0)
    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for turn in range(1, 15):
            write(turn)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert failures == []


KILLED = """
import os, signal, sys
from pathlib import Path
from shisaku.index.generations import build
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
place = sys.argv[2]
if place == "progress":
    build.build_index(Path(sys.argv[1]), full=True, progress=lambda done, *_: done == 2 and die())
setattr(build, place, die)
build.build_index(Path(sys.argv[1]))
"""


@pytest.mark.parametrize("place", ["progress", "read_contents", "swap_in", "write_manifest"])
def test_killed_at_any_moment_yesterdays_index_answers(data: Path, place: str) -> None:
    factories.write_parsed(data, factories.with_text(factories.meetings(), "kai.3", "神戸"))
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", KILLED, str(data), place], cwd=root, check=False)
    assert done.returncode == -9
    assert ids(data, "大阪 OR 神戸") == ["kai.3"]
    assert ids(data, "神戸") == []
    assert build_index(data).changed == 1
    assert ids(data, "神戸") == ["kai.3"]
    assert sorted(path.name for path in (data / "index").iterdir())[0] == "current"
    assert len(list((data / "index").iterdir())) == 3


def test_what_goes_wrong_leaves_no_half_made_generation(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(data / "index")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(build, "write_contents", fail)
    factories.write_parsed(data, factories.with_text(factories.plan(), "plan.1", "変更"))
    with pytest.raises(DiskError, match="No space"):
        build_index(data)
    assert snapshot(data / "index").keys() == before.keys()
    assert ids(data, "サーバ") == ["plan.1"]


@pytest.mark.parametrize(
    ("gone", "allowed", "stops"),
    [(2, None, False), (3, None, True), (3, 2, True), (3, 3, False)],
)
def test_an_index_that_would_lose_most_documents_is_not_made(
    tmp_path: Path, gone: int, allowed: int | None, stops: bool
) -> None:
    named = [factories.document(f"{n}.html", [factories.passage(f"{n}#p", "甲")]) for n in range(5)]
    factories.write_parsed(tmp_path, *named)
    build_index(tmp_path)
    for number in range(gone):
        (tmp_path / f"parsed/{number}.html.json").unlink()
    before = snapshot(tmp_path / "index")
    guard = Guard("shisaku index", allowed)
    if stops:
        with pytest.raises(RemovalError) as caught:
            build_index(tmp_path, guard=guard)
        assert f"--max-removed {gone}" in caught.value.remedy
        assert snapshot(tmp_path / "index") == before
    else:
        assert build_index(tmp_path, guard=guard).gone == gone


def test_a_parsed_file_that_cannot_be_opened_keeps_what_it_held(data: Path) -> None:
    place = data / "parsed/kaisai.html.json"
    raw = place.read_bytes()
    place.unlink()
    place.symlink_to(data / "parsed/nowhere")
    report = build_index(data)
    assert [(each.file, each.code) for each in report.problems] == [
        ("parsed/kaisai.html.json", "unreadable")
    ]
    assert ids(data, "大阪") == ["kai.3"]
    place.unlink()
    place.mkdir()
    report = build_index(data)
    assert [each.code for each in report.problems] == ["unreadable"]
    assert ids(data, "大阪") == ["kai.3"]
    place.rmdir()
    place.write_bytes(raw)
    assert build_index(data).problems == ()


def test_a_link_to_a_directory_under_parsed_is_told(data: Path, tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    (data / "parsed/sub").symlink_to(tmp_path / "else")
    [problem] = build_index(data).problems
    assert problem.file == "parsed/sub"


def _harmed(data: Path) -> None:
    """Flip a bit of the segment that answers."""
    directory = generation.current(data)
    assert directory
    segment = next(directory.glob("*.seg"))
    raw = bytearray(segment.read_bytes())
    raw[len(raw) // 2] ^= 1
    segment.unlink()
    segment.write_bytes(raw)


@pytest.mark.parametrize("full", [False, True])
def test_what_cannot_be_opened_is_not_lost_where_all_is_built_anew(data: Path, full: bool) -> None:
    place = data / "parsed/kaisai.html.json"
    raw = place.read_bytes()
    place.unlink()
    place.symlink_to(data / "nowhere")
    if not full:
        _harmed(data)
    before = snapshot(data / "index")
    with pytest.raises(BuildError, match="would lose what they held"):
        build_index(data, full=full)
    assert snapshot(data / "index").keys() == before.keys()
    place.unlink()
    place.write_bytes(raw)
    assert build_index(data, full=full).documents == 4


def test_a_damaged_index_is_guarded_against_lost_files_too(data: Path) -> None:
    _harmed(data)
    for path in sorted((data / "parsed").rglob("*.json"))[:3]:
        path.unlink()
    with pytest.raises(RemovalError):
        build_index(data, guard=Guard("shisaku index"))
    report = build_index(data, guard=Guard("shisaku index", 3))
    assert report.documents == 1
    assert "other content" in report.damage


def test_generations_that_are_whole_outlive_a_lost_pointer(data: Path) -> None:
    factories.write_parsed(data, factories.with_text(factories.plan(), "plan.1", "変更"))
    build_index(data)
    (data / "index/current").unlink()
    (data / "index/gen-7").mkdir()
    with pytest.raises(ShisakuError):
        build_index(data, progress=_fails)
    left = sorted(path.name for path in (data / "index").iterdir())
    assert left == ["gen-1", "gen-2"]
    assert build_index(data).documents == 4


def _fails(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_document_at_which_indexing_failed_is_told_by_docs(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = segments._add

    def fails(writer: Any, document: Any, *rest: Any) -> Any:
        if document.id == "kaisai.html":
            raise KeyError("unforeseen")
        return real(writer, document, *rest)

    monkeypatch.setattr(segments, "_add", fails)
    build_index(data, full=True)
    [problem] = list_documents(data).to_json()["problems"]
    assert problem["source"] == "parsed/kaisai.html.json"
    assert "KeyError" in problem["reason"]
    assert index_health(data).left_out == 1


def test_a_copy_comes_in_when_what_it_is_a_copy_of_goes(data: Path) -> None:
    shutil.copyfile(data / "parsed/kaisai.html.json", data / "parsed/zz.json")
    report = build_index(data)
    assert [(each.file, each.code) for each in report.problems] == [("parsed/zz.json", "copy")]
    (data / "parsed/kaisai.html.json").unlink()
    report = build_index(data)
    assert report.problems == ()
    assert ids(data, "大阪") == ["kai.3"]
