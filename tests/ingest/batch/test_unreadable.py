"""What cannot be read or written for one night: nothing readable is lost, and the next night heals.

One system call after the other fails below the data directory, in a small update; then single
places are taken by what does not belong there.
"""

import builtins
import errno
import os
import stat
import sys
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

import pytest

from shisaku.ingest.batch.report import IngestReport
from shisaku.ingest.batch.worker import Job, Result, handle
from shisaku.ingest.disk.failures import DiskError
from shisaku.ingest.errors import ShisakuError
from shisaku.ingest.parsed.store import Store
from tests.support import fake_parser
from tests.support.intake import Data


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Data:
    # Hundreds of runs need no processes of their own.
    def parse_all(jobs: Sequence[Job], **_: object) -> Generator[tuple[Job, Result], None, None]:
        for job in jobs:
            yield job, handle(job, fake_parser.parse, 1024)

    monkeypatch.setattr("shisaku.ingest.batch.batch.parse_all", parse_all)
    data = Data(tmp_path)
    for name in ("a", "b", "sub/c", "gone"):
        data.put(f"{name}.pdf", f"{name}の一\n{name}の二")
    data.run()
    return data


def _texts(data: Data) -> dict[str, tuple[str, ...]]:
    """Give what each document says; one that cannot be read says so."""
    store = Store(data.root / "parsed")
    found: dict[str, tuple[str, ...]] = {}
    for entry in store.listing().entries:
        document = store.read(entry.header.id) if entry.header else None
        found[entry.name] = tuple(p.text for p in document.passages) if document else ("?",)
    return found


def _codes(report: IngestReport) -> list[tuple[str, str]]:
    return [(item.source, item.problem.code) for item in report.problems]


# --- each call fails once ----------------------------------------------------------------------

YESTERDAY = {
    "a.pdf.json": ("aの一", "aの二"),
    "b.pdf.json": ("bの一", "bの二"),
    "gone.pdf.json": ("goneの一", "goneの二"),
    "sub/c.pdf.json": ("sub/cの一", "sub/cの二"),
}
TODAY = {
    "a.pdf.json": ("改めた",),
    "b.pdf.json": ("bの一", "bの二"),
    "new/d.pdf.json": ("新しい",),
    "sub/c.pdf.json": ("sub/cの一", "sub/cの二"),
}
CALLS = ("open", "stat", "scandir", "replace", "unlink", "mkdir", "fsync")


class Failing:
    """Lets the `at`-th call of a function of `os` below a directory fail."""

    def __init__(self, patch: pytest.MonkeyPatch, root: Path, name: str, at: int, number: int):
        self.root, self.at, self.number, self.count = str(root), at, number, 0
        self.handles: dict[int, str] = {}
        real = getattr(os, name)
        if name == "fsync":

            def synced(handle: int) -> None:
                self._fails(str(Path(f"/proc/self/fd/{handle}").readlink()))
                real(handle)

            patch.setattr(os, name, synced)
            return

        def call(path: Any, *rest: Any, **named: Any) -> Any:
            if not isinstance(path, int):
                self._fails(os.fspath(path))
            return real(path, *rest, **named)

        patch.setattr(os, name, call)
        if name == "open":
            opened = builtins.open

            def opening(path: Any, *rest: Any, **named: Any) -> Any:
                if not isinstance(path, int):
                    self._fails(os.fspath(path))
                return opened(path, *rest, **named)

            patch.setattr("io.open", opening)
            patch.setattr(builtins, "open", opening)

    def _fails(self, path: str | bytes) -> None:
        if self.root in os.fsdecode(path):
            self.count += 1
            if self.count == self.at:
                raise OSError(self.number, os.strerror(self.number), path)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="tells what a handle belongs to")
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.EACCES, errno.ESTALE])
@pytest.mark.parametrize("name", CALLS)
def test_each_failing_call_leaves_yesterday_or_today_and_the_next_run_heals(
    data: Data, monkeypatch: pytest.MonkeyPatch, name: str, number: int
) -> None:
    (data.raw / "gone.pdf").unlink()
    data.put("a.pdf", "改めた")
    data.put("new/d.pdf", "新しい")
    held = {
        path.relative_to(data.root): path.read_bytes()
        for path in data.root.rglob("*")
        if path.is_file()
    }
    ended = set()
    for at in range(1, 200):
        with monkeypatch.context() as patch:
            failing = Failing(patch, data.root, name, at, number)
            try:
                ended.add("told" if data.run().problems else "done")
            except ShisakuError as error:
                assert error.exit_code == 1 and error.remedy
                ended.add("stopped")
        if failing.count < at:
            break
        found = _texts(data)
        for file, words in found.items():
            # A new file that cannot be read is a document without passages, which is told.
            allowed = (YESTERDAY.get(file, ()), TODAY.get(file, ()))
            assert words in allowed, (at, file, words)
        for file in YESTERDAY.keys() & TODAY.keys():
            assert file in found, (at, file)
        again = data.run()
        assert (again.problems, _texts(data)) == ([], TODAY), at
        for place, raw in held.items():
            (data.root / place).parent.mkdir(parents=True, exist_ok=True)
            (data.root / place).write_bytes(raw)
        for left in (data.root / "parsed/new").rglob("*"):
            left.unlink()
    else:
        pytest.fail("more than 200 calls")
    assert at > 1, "no call was made"
    assert ended - {"done"} or name == "mkdir", "no call failed in a way that was seen"


# --- what stands in the place of a file ---------------------------------------------------------


def _directory(path: Path) -> None:
    path.unlink()
    (path / "full").mkdir(parents=True)


def _empty_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def _nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def _deep(path: Path) -> None:
    path.write_text('{"zzz":' + "[" * 100_000 + "]" * 100_000 + "}")


def _digits(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # Of the head only the versions of the parser may be anything.
    path.write_text(text.replace('"shisaku": ', '"x": 9' + "9" * 6000 + ',"shisaku": '), "utf-8")


def _blank(path: Path) -> None:
    path.write_bytes(b"")


def _surrogate(path: Path) -> None:
    path.write_text('{"id": "\\ud800"}')


@pytest.mark.parametrize(
    ("harm", "codes"),
    [
        (_directory, ["not_written"]),  # it may hold somebody's files
        (_empty_directory, []),
        (_pipe, ["parsed_unreadable"]),  # opening it must not wait
        (_loop, []),
        (_nowhere, []),
        (_deep, []),
        (_digits, []),
        (_blank, []),
        (_surrogate, []),
    ],
)
def test_what_stands_in_the_place_of_a_parsed_file_stops_nothing(
    data: Data, harm: Callable[[Path], None], codes: list[str]
) -> None:
    harm(data.root / "parsed/a.pdf.json")
    data.put("new.pdf", "新しい")
    report = data.run()
    assert [item.problem.code for item in report.problems] == codes
    assert (report.gone, report.needs_attention) == (0, bool(codes))
    assert data.read("new.pdf").title == "新しい"
    assert all(item.problem.remedy and "a.pdf" in item.problem.remedy for item in report.problems)
    if not codes:
        assert data.read("a.pdf").title == "aの一"
        assert data.run().written == 0


@pytest.mark.parametrize("harm", [_directory, _pipe, _deep, _blank])
def test_what_is_damaged_and_cannot_be_made_again_is_not_replaced_by_nothing(
    data: Data, harm: Callable[[Path], None]
) -> None:
    # The index may still have what it held; a document without passages would take that away.
    path = data.root / "parsed/a.pdf.json"
    harm(path)
    kind = stat.S_IFMT(path.lstat().st_mode)
    size = path.lstat().st_size
    data.put("a.pdf", "BROKEN")
    report = data.run()
    assert report.failed == 1 and report.needs_attention
    assert (stat.S_IFMT(path.lstat().st_mode), path.lstat().st_size) == (kind, size)
    assert len(data.ids()) == 3


def test_a_body_that_is_damaged_below_a_whole_head_is_kept_as_well(data: Data) -> None:
    path = data.root / "parsed/a.pdf.json"
    text = path.read_text(encoding="utf-8").replace('"type": "paragraph"', '"type": 7')
    path.write_text(text, encoding="utf-8")
    data.put("a.pdf", "BROKEN")
    assert data.run().failed == 1
    assert path.read_text(encoding="utf-8") == text
    data.put("a.pdf", "良い")
    assert data.run().failed == 0
    assert data.read("a.pdf").title == "良い"


@pytest.mark.skipif(os.geteuid() == 0, reason="modes do not bind the superuser")
@pytest.mark.parametrize("folders", [["raw"], ["parsed"], ["raw", "parsed"]])
def test_files_that_may_not_be_read_for_one_night_lose_nothing(
    data: Data, folders: list[str]
) -> None:
    files = [p for name in folders for p in (data.root / name).rglob("*") if p.is_file()]
    for path in files:
        path.chmod(0)
    report = data.run()
    for path in files:
        if path.exists():
            path.chmod(0o644)
    assert (report.failed, report.gone) == (4, 0)
    assert _texts(data) == YESTERDAY
    assert data.run().failed == 0
    assert _texts(data) == YESTERDAY


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ESTALE, errno.ENAMETOOLONG])
@pytest.mark.parametrize("place", ["raw", "parsed", "both"])
def test_a_file_that_cannot_be_opened_keeps_its_document(
    data: Data, monkeypatch: pytest.MonkeyPatch, place: str, number: int
) -> None:
    shut = {"raw": ["raw/a.pdf"], "parsed": ["parsed/a.pdf.json"]}.get(
        place, ["raw/a.pdf", "parsed/a.pdf.json"]
    )
    (data.root / "runs/parsed-headers.json").unlink(missing_ok=True)
    data.put("b.pdf", "改めた")
    real = os.open

    def opening(path: Any, *rest: Any, **named: Any) -> int:
        if any(str(data.root / name) == str(path) for name in shut):
            raise OSError(number, os.strerror(number), path)
        return real(path, *rest, **named)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", opening)
        report = data.run()
    assert (report.failed, report.gone, report.changed) == (1, 0, 1)
    assert [item.stale for item in report.problems] == [True]
    assert _texts(data) == YESTERDAY | {"b.pdf.json": ("改めた",)}
    assert data.run().failed == 0
    assert not data.read("a.pdf").stale


def test_a_parsed_file_whose_document_is_not_known_is_told_and_left(
    data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data.raw / "gone.pdf").unlink()
    path = data.root / "parsed/gone.pdf.json"
    path.unlink()
    os.mkfifo(path)
    report = data.run()
    assert _codes(report) == [("parsed/gone.pdf.json", "parsed_unreadable")]
    assert path.exists()


def test_a_link_in_the_place_of_a_folder_of_parsed_is_told_every_night(data: Data) -> None:
    elsewhere = data.root / "elsewhere"
    (data.root / "parsed/sub").rename(elsewhere)
    (data.root / "parsed/sub").symlink_to(elsewhere)
    before = {path: path.read_bytes() for path in elsewhere.iterdir()}
    for _ in range(2):
        report = data.run()
        assert (report.new, report.gone, report.written) == (0, 0, 0)
        assert _codes(report) == [
            ("parsed/sub", "parsed_link"), ("raw/sub/c.pdf", "parsed_link"),
        ]  # fmt: skip
    assert {path: path.read_bytes() for path in elsewhere.iterdir()} == before


def test_a_file_in_the_place_of_a_folder_of_parsed_is_told(data: Data) -> None:
    (data.root / "parsed/new").write_text("")
    data.put("new/d.pdf", "新しい")
    data.put("e.pdf", "別の")
    report = data.run()
    assert _codes(report) == [("raw/new/d.pdf", "not_written")]
    assert report.new == 1


def test_a_disk_that_fails_stops_the_run_and_no_document_is_blamed(
    data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    data.put("new.pdf", "新しい")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(DiskError, match="No space left"):
            data.run()
    assert data.run().new == 1


def _put_deep(top: Path, length: int) -> Path:
    """Put a file below `top` whose path has `length` bytes, by folders of 200 bytes each.

    No path leads to a folder beyond the longest, so each is entered.
    """
    home = Path.cwd()
    os.chdir(top)
    try:
        path = top
        while len(str(path)) + 1 + 201 + 10 < length:
            Path("a" * 200).mkdir(exist_ok=True)
            os.chdir("a" * 200)
            path = path / ("a" * 200)
        name = "c" * (length - len(str(path)) - 1 - 4) + ".pdf"
        Path(name).write_text("深い", encoding="utf-8")
        return path / name
    finally:
        os.chdir(home)


LONGEST = 4095
"""Bytes of the longest path on Linux."""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have another longest path")
@pytest.mark.parametrize("length", [3900, *range(4060, 4100, 3), 4087, 4088, 4095, 4300, 4600])
def test_a_path_near_the_longest_stops_nothing(data: Data, length: int) -> None:
    path = _put_deep(data.raw, length)
    assert len(str(path)) == length
    # "parsed" is longer than "raw", and its file is first written under another name.
    kept = [len(str(path)) + 3 + len(".json")]
    kept += [len(str(path.parent)) + 3 + 1 + len(f".tmp-{os.getpid()}-00000000")]
    data.put("new.pdf", "新しい")
    for written in (True, False):
        report = data.run()
        assert report.needs_attention == (max(kept) > LONGEST)
        assert {code for _, code in _codes(report)} <= {"path"}
        assert data.read("new.pdf").title == "新しい"
        assert bool(report.written) == written
