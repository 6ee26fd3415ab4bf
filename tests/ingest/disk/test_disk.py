"""One writer at a time, what is remembered of files, and what a failing disk is told as."""

import errno
import fcntl
import json
import os
import shutil
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from shisaku.ingest.disk import remembered
from shisaku.ingest.disk.failures import disk_error
from shisaku.ingest.disk.files import TEMPORARY, read_regular, walk, write_atomically
from shisaku.ingest.disk.lock import LockedError, holder, is_held, locked
from shisaku.ingest.disk.remembered import Remembered
from shisaku.ingest.disk.removals import RemovalError, check_parsed, check_removals, too_many

HOLDS = """
import sys, time
from pathlib import Path
from shisaku.ingest.disk.lock import locked
with locked(Path(sys.argv[1]), command="ingest"):
    print("holding", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def other(tmp_path: Path) -> "subprocess.Popen[bytes]":
    """Another process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path)],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stdout.readline() == b"holding\n"
    process.stdout.close()
    return process


def test_who_comes_second_is_told_who_holds_the_lock(
    tmp_path: Path, other: "subprocess.Popen[bytes]"
) -> None:
    try:
        with pytest.raises(LockedError) as caught, locked(tmp_path, command="update"):
            pass
        assert f"process {other.pid} (shisaku ingest, since 2" in str(caught.value)
        assert f"shisaku update --data {tmp_path} --wait" in caught.value.remedy
        assert caught.value.exit_code == 5
        assert is_held(tmp_path)
        with pytest.raises(LockedError, match=r"did for 0.5 seconds"), locked(tmp_path, wait=0.5):
            pass
    finally:
        other.kill()
        other.wait()


def test_the_lock_of_a_dead_process_is_taken_over(
    tmp_path: Path, other: "subprocess.Popen[bytes]"
) -> None:
    other.kill()
    other.wait()
    assert (tmp_path / "runs/writer.json").exists()
    assert holder(tmp_path) is None
    assert not is_held(tmp_path)
    with locked(tmp_path):
        found = holder(tmp_path)
        assert found and found.pid == os.getpid()


def test_a_number_given_to_another_process_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    note = {"pid": os.getppid(), "since": "2026-01-01T03:00:00Z", "command": "shisaku update"}
    (tmp_path / "runs/writer.json").write_text(json.dumps(note))
    assert not is_held(tmp_path)


def test_who_waits_gets_the_lock(tmp_path: Path, other: "subprocess.Popen[bytes]") -> None:
    timer = threading.Timer(0.6, other.kill)
    timer.start()
    began = time.monotonic()
    with locked(tmp_path, wait=30):
        assert time.monotonic() - began > 0.5
    timer.join()
    other.wait()


def test_a_part_of_the_work_may_take_the_lock_once_more(tmp_path: Path) -> None:
    with locked(tmp_path, command="update"):
        with locked(tmp_path, command="index"):
            pass
        found = holder(tmp_path)
        assert found and found.command == "shisaku update"
        assert is_held(tmp_path)
        caught: list[BaseException] = []

        def second() -> None:
            try:
                with locked(tmp_path):
                    pass
            except LockedError as error:
                caught.append(error)

        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
        assert len(caught) == 1
    assert not is_held(tmp_path)


def test_a_lock_whose_holder_cannot_be_read_is_a_lock(
    tmp_path: Path, other: "subprocess.Popen[bytes]"
) -> None:
    (tmp_path / "runs/writer.json").write_bytes(b"\xff{")
    try:
        with pytest.raises(LockedError, match="another process"), locked(tmp_path):
            pass
    finally:
        other.kill()
        other.wait()


def _removed(runs: Path) -> None:
    shutil.rmtree(runs)


def _moved(runs: Path) -> None:
    runs.rename(runs.with_name("runs.old"))


def _replaced(runs: Path) -> None:
    (runs / "writer.lock").unlink()
    (runs / "writer.lock").write_bytes(b"")


@pytest.mark.parametrize("harm", [_removed, _moved, _replaced])
def test_removing_runs_admits_no_second_writer(
    tmp_path: Path, other: "subprocess.Popen[bytes]", harm: Callable[[Path], None]
) -> None:
    try:
        harm(tmp_path / "runs")
        assert is_held(tmp_path) or harm is _replaced
        with pytest.raises(LockedError), locked(tmp_path, wait=0.5):
            pass
        # Whoever was refused has made runs/ anew: that does not admit the next one either.
        with pytest.raises(LockedError), locked(tmp_path):
            pass
    finally:
        other.kill()
        other.wait()
    with locked(tmp_path):
        pass


@pytest.mark.parametrize("older_first", [True, False])
def test_the_lock_of_version_0_1_is_kept(tmp_path: Path, older_first: bool) -> None:
    (tmp_path / "runs").mkdir()
    older = FileLock(tmp_path / "runs/writer.lock", timeout=0)
    if older_first:
        with older, pytest.raises(LockedError), locked(tmp_path):
            pass
    else:
        with locked(tmp_path), pytest.raises(Timeout):
            older.acquire()


def test_without_locks_on_directories_the_file_has_to_do(
    tmp_path: Path, other: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fcntl.flock

    def flock(handle: int, how: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))  # as NFS says
        real(handle, how)

    monkeypatch.setattr(fcntl, "flock", flock)
    try:
        with pytest.raises(LockedError), locked(tmp_path):
            pass
    finally:
        other.kill()
        other.wait()
    with locked(tmp_path):
        assert is_held(tmp_path)


@pytest.mark.parametrize("text", ["[" * 99_999, '{"pid": -1}', '{"pid": 9' + "9" * 6000 + "}"])
def test_a_note_of_the_holder_edited_by_hand_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "runs").mkdir()
    more = ', "since": "x", "command": "x"}'
    (tmp_path / "runs/writer.json").write_text(text.replace("}", more))
    assert holder(tmp_path) is None and not is_held(tmp_path)


def test_a_pipe_is_read_as_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="Not a regular file"):
        read_regular(tmp_path / "pipe")
    with pytest.raises(IsADirectoryError):
        read_regular(tmp_path)


# --- too many at once ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("removed", "of", "allowed", "many"),
    [
        (0, 0, None, False),
        (1, 1, None, True),
        (1, 2, None, False),  # half is not more than half
        (2, 3, None, True),
        (20, 41, None, False),
        (20, 39, None, True),
        (20, 199, None, False),  # more than a tenth, and no more than 20
        (21, 209, None, True),
        (21, 210, None, False),  # a tenth is not more than a tenth
        (22, 219, None, True),
        (50, 100_000, None, False),
        (10_001, 100_000, None, True),
        (3, 4, 3, False),
        (3, 4, 2, True),
        (3, 4, 0, True),
        (30, 100, 29, True),
        (30, 100, 30, False),
        (1, 100, 0, False),  # a number too small asks for no more than the rule
    ],
)
def test_how_many_may_go(removed: int, of: int, allowed: int | None, many: bool) -> None:
    assert too_many(removed, of, allowed) is many


def test_who_would_go_is_listed_up_to_a_bound() -> None:
    names = [f"{number:02}\n.pdf" for number in range(30)]
    with pytest.raises(RemovalError, match="30 of 40") as caught:
        check_removals(names, 40, "raw", "shisaku update")
    lines = str(caught.value).splitlines()
    assert lines[1] == r"  00\n.pdf" and lines[-1] == "  and 20 more" and len(lines) == 12
    assert "shisaku update --max-removed 30;" in caught.value.remedy
    check_removals(names, 40, "raw", "shisaku update", 30)


@pytest.mark.parametrize(
    ("gone", "new", "allowed", "stops"),
    [(6, 0, None, True), (6, 6, None, False), (6, 1, None, False), (6, 0, 6, False)],
)
def test_an_index_loses_no_documents_unasked(
    gone: int, new: int, allowed: int | None, stops: bool
) -> None:
    names = [f"{number}.pdf" for number in range(gone)]
    if stops:
        with pytest.raises(RemovalError, match="index"):
            check_parsed(names, new, 10, "parsed", "shisaku index", allowed)
    else:
        check_parsed(names, new, 10, "parsed", "shisaku index", allowed)


# --- what is remembered ------------------------------------------------------------------------


class Reader:
    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, path: str) -> str:
        self.read.append(Path(path).name)
        return Path(path).read_text()


def run(folder: Path, version: str = "1", *, forget: bool = False) -> tuple[list[str], list[str]]:
    """Give what was read anew, and what all files hold."""
    reader = Reader()
    memory: Remembered[str] = Remembered(folder / "memory", str, version, forget=forget)
    files = sorted(name for name, _ in walk(folder / "files"))
    held = [memory.get(name, str(folder / "files" / name), reader) for name in files]
    memory.save()
    return reader.read, held


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "files").mkdir()
    for name in ("a", "b"):
        (tmp_path / "files" / name).write_text(name)
    monkeypatch.setattr(remembered, "RACY_NS", 0)
    assert run(tmp_path)[0] == ["a", "b"]
    return tmp_path


def test_what_is_as_it_was_is_not_read(folder: Path) -> None:
    stamp = (folder / "memory").stat().st_mtime_ns
    assert run(folder) == ([], ["a", "b"])
    assert (folder / "memory").stat().st_mtime_ns == stamp


@pytest.mark.parametrize(
    "harm",
    [b"", b"{", b"\xff", b"[]", b'{"version": "1", "files": {"a": 1}}', b"[" * 9999],
)
def test_a_damaged_memory_costs_only_time(folder: Path, harm: bytes) -> None:
    (folder / "memory").write_bytes(harm)
    assert run(folder) == (["a", "b"], ["a", "b"])
    assert run(folder) == ([], ["a", "b"])


def test_another_version_and_forgetting_read_all(folder: Path) -> None:
    assert run(folder, "2")[0] == ["a", "b"]
    assert run(folder, "2")[0] == []
    assert run(folder, "2", forget=True)[0] == ["a", "b"]


def test_a_file_of_the_same_size_and_time_is_seen(folder: Path) -> None:
    path = folder / "files/b"
    old = path.stat().st_mtime_ns
    path.write_text("c")
    os.utime(path, ns=(old, old))
    assert run(folder) == (["b"], ["a", "c"])


def test_what_is_gone_is_forgotten(folder: Path) -> None:
    (folder / "files/a").unlink()
    assert run(folder) == ([], ["b"])
    assert "a" not in json.loads((folder / "memory").read_bytes())["files"]


def test_what_changed_within_the_grain_of_the_clock_is_not_trusted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "RACY_NS", 2_000_000_000)
    (folder / "files/b").write_text("c")
    assert run(folder)[0] == ["b"]
    assert run(folder)[0] == ["b"]
    monkeypatch.setattr(time, "time_ns", lambda: int((time.time() + 3) * 1e9))
    assert run(folder)[0] == ["b"]
    assert run(folder)[0] == []


def test_a_file_that_changes_while_it_is_read_is_not_trusted(folder: Path) -> None:
    memory: Remembered[str] = Remembered(folder / "memory", str, "2")
    path = folder / "files/a"

    def slowly(name: str) -> str:
        text = path.read_text()
        path.write_text("longer than before")
        return text

    assert memory.get("a", str(path), slowly) == "a"
    memory.save()
    assert run(folder, "2")[0] == ["a", "b"]


def test_a_memory_that_cannot_be_written_stops_nothing(folder: Path) -> None:
    (folder / "memory").unlink()
    (folder / "memory").mkdir()
    assert run(folder)[0] == ["a", "b"]


# --- files and failures ------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="tells what a handle belongs to")
def test_a_file_is_on_the_disk_under_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The file before it has its name; then the directory, without which the name may be lost, and
    # those above it that are new themselves.
    synced = []

    def note(handle: int) -> None:
        synced.append((Path(f"/proc/self/fd/{handle}").readlink(), (tmp_path / "a/b/c").exists()))

    monkeypatch.setattr(os, "fsync", note)
    write_atomically(tmp_path / "a/b/c", b"x")
    (first, named), *folders = synced
    assert (first.name.startswith(TEMPORARY), named) == (True, False)
    assert folders == [(tmp_path / "a/b", True), (tmp_path / "a", True), (tmp_path, True)]
    synced.clear()
    write_atomically(tmp_path / "a/b/c", b"y", durable=False)
    assert synced == []


def test_a_walk_gives_every_file_and_never_passes_over_a_directory(tmp_path: Path) -> None:
    for name in ("a", "x/b", "x/y/.c"):
        write_atomically(tmp_path / name, b"")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert sorted(name for name, _ in walk(tmp_path)) == ["a", "loop", "x/b", "x/y/.c"]
    with pytest.raises(OSError, match="none"):
        list(walk(tmp_path / "none"))


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "df -h"),
        (errno.EDQUOT, "df -h"),
        (errno.EFBIG, "ulimit -f"),
        (errno.EACCES, "ls -ld"),
        (errno.EROFS, "findmnt"),
        (errno.ENOTDIR, "ls -l"),
        (errno.EISDIR, "a directory stands"),
        (errno.ELOOP, "a link stands"),
        (errno.ENAMETOOLONG, "longer than"),
        (errno.EIO, "check the disk"),
    ],
)
def test_each_failure_of_a_disk_has_something_to_type(number: int, says: str) -> None:
    error = disk_error(OSError(number, os.strerror(number), "/srv/d/x"), Path("/srv/d"), "update")
    assert str(error).startswith(f"/srv/d/x: {os.strerror(number)}")
    assert says in error.remedy
    assert error.remedy.endswith("then type: shisaku update --data /srv/d")
    assert error.exit_code == 1
