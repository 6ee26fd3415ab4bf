import errno
import json
import os
import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from shisaku.ingest.batch.batch import NothingToReadError, RemovalError
from shisaku.ingest.batch.report import IngestReport
from shisaku.ingest.disk.lock import LockedError
from shisaku.ingest.errors import ShisakuError
from shisaku.ingest.parsed.store import Store
from tests.support.intake import Data


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return Data(tmp_path)


def _counts(report: IngestReport) -> tuple[int, ...]:
    return (report.new, report.changed, report.unchanged, report.gone, report.failed)


def test_a_second_run_changes_nothing(data: Data) -> None:
    data.put("a.pdf", "一")
    data.put("x/b.html", "二\n三")
    data.put("broken.pdf", "BROKEN")
    data.put("readme.txt", "x")
    first = data.run()
    assert _counts(first) == (2, 0, 0, 0, 1)
    assert (first.ignored, first.written) == (1, 3)
    before = data.stamps()
    second = data.run()
    assert _counts(second) == (0, 0, 2, 0, 1)
    assert (second.ignored, second.written) == (1, 0)
    assert data.stamps() == before
    # still failed is still told
    assert second.problems == first.problems


def test_what_changed_is_parsed_again_and_nothing_else(data: Data) -> None:
    data.put("a.pdf", "一")
    data.put("b.pdf", "二")
    data.run()
    kept = Store(data.root / "parsed").path("b.pdf").stat().st_mtime_ns
    data.put("a.pdf", "改")
    assert _counts(data.run()) == (0, 1, 1, 0, 0)
    assert data.read("a.pdf").title == "改"
    assert Store(data.root / "parsed").path("b.pdf").stat().st_mtime_ns == kept


def test_a_new_parser_parses_everything_again(data: Data) -> None:
    data.put("a.pdf", "一")
    data.put("b.pdf", "BROKEN")
    data.run()
    report = data.run(version="2")
    assert _counts(report) == (0, 1, 0, 0, 1)
    assert data.read("a.pdf").parser == {"shisaku": "2"}
    assert data.run(version="2").written == 0


def test_force_parses_again_and_writes_only_what_differs(data: Data) -> None:
    data.put("a.pdf", "一")
    data.run()
    parsed: list[str] = []
    report = data.run(force=True, progress=lambda done, total, name: parsed.append(name))
    assert parsed == ["a.pdf"]
    assert (_counts(report), report.written) == ((0, 0, 1, 0, 0), 0)


def test_the_result_does_not_depend_on_the_number_of_processes(data: Data, tmp_path: Path) -> None:
    for number in range(12):
        data.put(f"{number}.pdf", "施策\n" * (number + 1))
    data.run(jobs=1)
    one = {p.name: p.read_bytes() for p in (data.root / "parsed").iterdir()}
    shutil.rmtree(data.root / "parsed")
    data.run(jobs=4)
    assert {p.name: p.read_bytes() for p in (data.root / "parsed").iterdir()} == one


# --- broken files ------------------------------------------------------------------------------


def test_a_file_that_fails_has_a_document_that_says_why(data: Data) -> None:
    data.put("x/b.pdf", "BROKEN")
    report = data.run()
    document = data.read("x/b.pdf")
    assert (document.title, document.passages, document.failed) == ("b.pdf", (), True)
    assert document.problems[0].remedy
    (entry,) = report.to_json()["problems"]
    assert entry["document"] == "x/b.pdf"
    assert entry["source"] == "raw/x/b.pdf"
    assert entry["code"] == "truncated"
    assert not entry["stale"]
    json.dumps(report.to_json())


def test_a_warning_is_told_every_night_and_is_no_failure(data: Data) -> None:
    data.put("a.pdf", "ODD")
    first = data.run()
    assert _counts(first) == (1, 0, 0, 0, 0)
    assert [(item.document, item.problem.code) for item in first.warnings] == [("a.pdf", "charset")]
    second = data.run()
    assert second.warnings == first.warnings
    assert second.to_json()["problems"][0]["failed"] is False
    assert second.needs_attention
    assert (second.problems, second.written) == ([], 0)


def test_what_was_read_yesterday_and_is_broken_today_stays_as_it_was(data: Data) -> None:
    data.put("a.pdf", "良い\n文")
    data.run()
    good = data.read("a.pdf")
    data.put("a.pdf", "BROKEN")
    report = data.run()
    stale = data.read("a.pdf")
    assert _counts(report) == (0, 0, 0, 0, 1)
    assert report.problems[0].stale
    assert stale.stale
    assert stale.passages == good.passages
    assert stale.sha256 == good.sha256
    assert [problem.code for problem in stale.problems] == ["truncated"]
    # the next night neither tries nor writes again
    parsed: list[str] = []
    again = data.run(progress=lambda done, total, name: parsed.append(name))
    assert (again.written, again.failed, parsed) == (0, 1, [])
    # broken in another way: tried again, still as it was
    data.put("a.pdf", "HUNGRY")
    assert data.run().failed == 1
    assert data.read("a.pdf").passages == good.passages
    assert data.read("a.pdf").problems[0].code == "memory"
    # a new parser tries once
    assert data.run(version="2", progress=lambda *call: parsed.append(call[2])).failed == 1
    assert data.run(version="2", progress=lambda *call: parsed.append(call[2])).written == 0
    assert parsed == ["a.pdf"]
    # and whole again
    data.put("a.pdf", "良い\n文")
    assert _counts(data.run(version="2")) == (0, 1, 0, 0, 0)
    whole = data.read("a.pdf")
    assert not whole.stale
    assert not whole.problems
    assert whole.parser == {"shisaku": "2"}


def test_one_error_page_in_place_of_many_documents_loses_none(data: Data) -> None:
    for number in range(4):
        data.put(f"{number}.pdf", f"文書{number}")
    data.run()
    for number in range(3):
        data.put(f"{number}.pdf", "BROKEN")  # the same bytes under three names
    data.put("new.pdf", "BROKEN")
    report = data.run()
    assert _counts(report) == (0, 0, 1, 0, 4)
    assert [data.read(f"{number}.pdf").title for number in range(4)] == [
        "文書0", "文書1", "文書2", "文書3",
    ]  # fmt: skip
    assert [item.document for item in report.problems] == ["0.pdf", "1.pdf", "2.pdf", "new.pdf"]
    assert data.run().written == 0


def test_a_crash_and_a_hang_do_not_stop_the_batch(data: Data) -> None:
    for name, text in {"a": "良い", "b": "CRASH", "c": "HANG", "d": "良い2"}.items():
        data.put(f"{name}.pdf", text)
    report = data.run(jobs=2, timeout=2.0)
    assert _counts(report) == (2, 0, 0, 0, 2)
    assert [item.problem.code for item in report.problems] == ["crash", "timeout"]


# --- files that come and go --------------------------------------------------------------------


def test_a_deleted_file_leaves_parsed(data: Data) -> None:
    for name in ("a", "x/b", "c"):
        data.put(f"{name}.pdf", name)
    data.run()
    (data.raw / "x/b.pdf").unlink()
    report = data.run()
    assert (_counts(report), report.written) == ((0, 0, 2, 1, 0), 1)
    assert data.ids() == ["a.pdf", "c.pdf"]
    assert not (data.root / "parsed/x").exists()


@pytest.mark.parametrize(("gone", "stops"), [(2, False), (3, True), (4, True)])
def test_more_than_half_of_the_documents_do_not_go_unasked(
    data: Data, gone: int, stops: bool
) -> None:
    for number in range(4):
        data.put(f"{number}.pdf", f"{number}")
    data.run()
    for number in range(gone):
        (data.raw / f"{number}.pdf").unlink()
    data.put("new.pdf", "新")
    if stops:
        before = data.stamps()
        with pytest.raises(RemovalError) as caught:
            data.run()
        assert "--allow-removal" in caught.value.remedy
        assert data.stamps() == before
    report = data.run(allow_removal=True)
    assert (report.gone, report.new) == (gone, 1)


@pytest.mark.parametrize("gone", [20, 21])
def test_more_than_twenty_and_a_tenth_do_not_go_unasked(data: Data, gone: int) -> None:
    for number in range(60):
        data.put(f"{number:02}.pdf", f"{number}")
    data.run()
    for number in range(gone):
        (data.raw / f"{number:02}.pdf").unlink()
    if gone > 20:
        before = data.stamps()
        with pytest.raises(RemovalError, match="21 of 60") as caught:
            data.run()
        assert "  00.pdf" in str(caught.value) and "and 11 more" in str(caught.value)
        assert "--max-removed 21" in caught.value.remedy
        with pytest.raises(RemovalError):
            data.run(max_removed=20)
        assert data.stamps() == before
    assert data.run(max_removed=gone).gone == gone


def test_damaged_files_whose_raw_files_are_gone_count_as_documents(data: Data) -> None:
    for number in range(4):
        data.put(f"{number}.pdf", f"{number}")
    data.run()
    for number in range(3):
        (data.root / f"parsed/{number}.pdf.json").write_bytes(b"{")
        (data.raw / f"{number}.pdf").unlink()
    with pytest.raises(RemovalError, match="3 of 4"):
        data.run()
    assert len(list((data.root / "parsed").iterdir())) == 4


def test_copies_made_by_hand_are_no_documents(data: Data) -> None:
    data.put("a.pdf", "一")
    data.run()
    path = data.root / "parsed/a.pdf.json"
    for number in range(3):
        shutil.copy(path, data.root / f"parsed/copy {number}.pdf.json")
    report = data.run()
    assert (report.gone, report.unchanged, data.ids()) == (0, 1, ["a.pdf"])


def test_without_raw(data: Data) -> None:
    data.put("a.pdf", "一")
    data.run()
    shutil.rmtree(data.raw)
    with pytest.raises(RemovalError, match="missing"):
        data.run()
    assert data.ids() == ["a.pdf"]
    assert data.run(allow_removal=True).gone == 1
    with pytest.raises(NothingToReadError) as caught:
        data.run()
    assert str(data.raw) in caught.value.remedy


def test_an_empty_raw_is_no_error(data: Data) -> None:
    assert data.run().to_json()["written"] == 0


def _closed(monkeypatch: pytest.MonkeyPatch, folder: Path, number: int = errno.EACCES) -> None:
    real = os.scandir

    def scandir(path: str) -> object:
        if Path(path) == folder:
            raise OSError(number, os.strerror(number), str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ESTALE])
@pytest.mark.parametrize("folder", ["raw/x", "parsed/x", "raw", "parsed"])
def test_a_folder_that_cannot_be_listed_stops_before_anything_is_written(
    data: Data, monkeypatch: pytest.MonkeyPatch, folder: str, number: int
) -> None:
    for name in ("x/a", "x/b", "c"):
        data.put(f"{name}.pdf", name)
    data.run()
    data.put("new.pdf", "新")
    before = data.stamps()
    with monkeypatch.context() as patch:
        _closed(patch, data.root / folder, number)
        with pytest.raises(ShisakuError) as caught:
            data.run()
    assert caught.value.exit_code == 1
    assert str(data.root / folder) in str(caught.value) and caught.value.remedy
    assert data.stamps() == before
    assert _counts(data.run()) == (1, 0, 3, 0, 0)


def test_a_folder_that_is_left_out_keeps_what_was_read_from_it(
    data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("x/a", "x/b", "c"):
        data.put(f"{name}.pdf", name)
    data.run()
    _closed(monkeypatch, data.raw / "x")
    report = data.run(skip_folder=["raw/x/"])
    assert (report.gone, report.unchanged, report.needs_attention) == (0, 3, False)
    assert [(item.source, item.problem.code) for item in report.problems] == [("raw/x", "skipped")]
    assert data.ids() == ["c.pdf", "x/a.pdf", "x/b.pdf"]


def test_names_that_are_no_utf8_stop_nothing(data: Data) -> None:
    data.put("計画.pdf", "一")
    data.put("b.pdf", "二")
    data.run()
    try:
        (data.raw / "計画.pdf").rename(data.raw / os.fsdecode("計画.pdf".encode("cp932")))
    except OSError:
        pytest.skip("this file system takes no such names")
    data.put("c\nd.pdf", "三")
    report = data.run()
    assert _counts(report) == (1, 0, 2, 0, 0)  # what was read under the name before stays
    assert [(item.source, item.problem.code) for item in report.problems] == [
        ("raw/計画.pdf", "name")
    ]
    assert report.needs_attention
    assert data.ids() == ["b.pdf", "c\nd.pdf", "計画.pdf"]


def test_what_is_wrong_beside_the_documents_is_written_down(data: Data) -> None:
    note = data.root / "runs" / "problems.json"
    data.put("a.pdf", "一")
    data.run()
    assert not note.exists()
    (data.raw / "b.pdf").symlink_to("nowhere.pdf")
    (data.raw / "c").symlink_to(".")
    assert not data.run().needs_attention
    told = json.loads(note.read_bytes())
    assert [(entry["source"], entry["problem"]["code"]) for entry in told] == [
        ("raw/b.pdf", "link"), ("raw/c", "link"),
    ]  # fmt: skip
    before = (note.stat().st_mtime_ns, note.stat().st_ino)
    data.run()
    assert (note.stat().st_mtime_ns, note.stat().st_ino) == before
    (data.raw / "b.pdf").unlink()
    (data.raw / "c").unlink()
    data.run()
    assert not note.exists()


def test_a_data_directory_may_have_any_name(tmp_path: Path) -> None:
    root = tmp_path / os.fsdecode(b"bad\xff")
    try:
        root.mkdir()
    except OSError:
        pytest.skip("this file system takes no such names")
    data = Data(root)
    data.put("a.pdf", "一")
    assert _counts(data.run()) == (1, 0, 0, 0, 0)


def test_renamed_files_are_gone_and_new_and_no_loss(data: Data) -> None:
    for name in ("a", "b", "c"):
        data.put(f"old/{name}.pdf", name)
    data.run()
    (data.raw / "old").rename(data.raw / "new")
    report = data.run()
    assert _counts(report) == (3, 0, 0, 3, 0)
    assert data.read("new/a.pdf").passages[0].id.startswith("new/a.pdf#p-")


def test_the_same_bytes_twice_are_one_document_with_two_sources(data: Data) -> None:
    data.put("m.pdf", "同じ")
    data.run()
    data.put("a.pdf", "同じ")  # sorts first, and yet the ids stay
    report = data.run()
    assert _counts(report) == (0, 1, 0, 0, 0)
    assert data.ids() == ["m.pdf"]
    assert [s.path for s in data.read("m.pdf").sources] == ["raw/a.pdf", "raw/m.pdf"]
    assert data.run().written == 0
    (data.raw / "m.pdf").unlink()
    assert _counts(data.run()) == (1, 0, 0, 1, 0)
    assert [s.path for s in data.read("a.pdf").sources] == ["raw/a.pdf"]


def test_a_directory_called_like_a_document(data: Data) -> None:
    data.put("a.pdf", "一")
    data.put("a.pdf.json/b.pdf", "二")
    assert data.run().new == 2
    assert sorted(data.ids()) == ["a.pdf", "a.pdf.json/b.pdf"]
    assert data.run().written == 0


# --- parsed/ and the lock ----------------------------------------------------------------------


def test_damage_under_parsed_is_repaired(data: Data) -> None:
    data.put("a.pdf", "一")
    data.run()
    path = Store(data.root / "parsed").path("a.pdf")
    good = path.read_bytes()
    path.write_bytes(good[:50])
    (path.parent / "stray.pdf.json").write_bytes(good)
    (path.parent / ".tmp-1-a").write_bytes(b"x")
    data.run()
    assert path.read_bytes() == good
    assert [entry.name for entry in path.parent.iterdir()] == ["a.pdf.json"]


def test_only_one_at_a_time(data: Data) -> None:
    data.put("a.pdf", "一")
    (data.root / "runs").mkdir()
    with FileLock(data.root / "runs/writer.lock"), pytest.raises(LockedError) as caught:
        data.run()
    assert caught.value.exit_code == 5
    assert "--wait" in caught.value.remedy
    assert data.run().new == 1


def test_a_run_that_is_interrupted_keeps_what_it_had(data: Data) -> None:
    for number in range(6):
        data.put(f"{number}.pdf", "文\n" * (10 - number))

    def interrupt(done: int, total: int, name: str) -> None:
        assert total == 6
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        data.run(progress=interrupt)
    assert len(data.ids()) == 3
    assert _counts(data.run()) == (3, 0, 3, 0, 0)


@pytest.mark.parametrize(
    ("line", "again"),
    [
        ("BUG", True),  # a program half installed
        ("EXIT", True),  # killed by the system
        ("BROKEN", False),  # it is the file
        ("HUNGRY", False),  # it would cost as much again
    ],
)
@pytest.mark.parametrize("before", [False, True])
def test_what_may_lie_in_the_machine_is_tried_again(
    data: Data, line: str, again: bool, before: bool
) -> None:
    if before:
        data.put("a.pdf", "一")
        data.run()
    data.put("a.pdf", line)
    first = data.run()
    assert first.failed == 1
    stamps, tried = data.stamps(), []
    second = data.run(progress=lambda done, total, name: tried.append(name))
    assert tried == (["a.pdf"] if again else [])
    assert second.problems == first.problems
    assert data.stamps() == stamps
    assert second.written == 0
