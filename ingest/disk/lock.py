"""The lock of a data directory: fetch, ingest, index and update hold it while they write.

The system releases it when a process dies, so there is no stale lock to clear. The holder is
written to runs/writer.json, for the message of a second writer.

A writer holds two locks: the file runs/writer.lock, which version 0.1 uses as well, and the data
directory itself (`flock` on a directory), which stays the same when somebody removes runs/ during
a run.
"""

import contextlib
import fcntl
import os
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shlex import join, quote

import msgspec

from shisaku.ingest.disk.files import UNDECODABLE, clear_left, opened_to_write, read_regular
from shisaku.ingest.errors import ShisakuError

LOCK = "writer.lock"
_HOLDER = "writer.json"  # apart from the lock file, which every contender truncates
_GRACE = 0.3
"""Seconds of trying without `wait`, because `is_held` of another process holds it briefly."""
_POLL = 0.05
"""Seconds between two tries for the lock on the data directory; filelock polls as often."""
_held: set[tuple[str, int]] = set()
"""Locks that this process holds, with the thread that took each."""


class LockedError(ShisakuError):
    """Another process writes to the same data directory."""

    exit_code = 5


class Holder(msgspec.Struct, frozen=True):
    """The process that holds the lock, since when (ISO 8601, UTC), and the command it runs."""

    pid: int
    since: str
    command: str

    def __str__(self) -> str:
        return f"process {self.pid} ({self.command}, since {self.since})"


@contextlib.contextmanager
def locked(data: Path, *, command: str = "", wait: float = 0.0) -> Iterator[None]:
    """Hold the lock of `data`; the thread that holds it may take it again.

    `command` is what the user typed ("update"), `wait` the seconds to wait for another writer. Only
    runs/ is written.

    Raises:
        LockedError: another process holds it after `wait` seconds.
        OSError: runs/ cannot be made or written.

    """
    from filelock import FileLock, Timeout  # a search takes no lock and need not load it

    runs = data / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    key = (os.path.realpath(runs), threading.get_ident())
    if key in _held:
        yield
        return
    try:
        until = time.monotonic() + max(wait, _GRACE)
        lock = FileLock(runs / LOCK, timeout=max(wait, _GRACE))
        with lock, _locked_directory(data, until):
            _held.add(key)
            note = Holder(os.getpid(), _now(), _typed(command))
            try:
                clear_left(runs)
                # The note is for messages only: a full disk must not stop the work.
                with contextlib.suppress(OSError), opened_to_write(runs / _HOLDER) as file:
                    file.write(msgspec.json.encode(note))
                yield
            finally:
                _held.discard(key)
                with contextlib.suppress(OSError):
                    (runs / _HOLDER).unlink(missing_ok=True)
    except (Timeout, _TakenError):
        who = str(holder(data) or "another process")
        again = f"shisaku {command or 'update'} --data {quote(str(data))} --wait 3600"
        waited = f", and did for {wait:g} seconds" if wait else ""
        raise LockedError(
            f"{who} is writing to {data}{waited}",
            f"Wait until it has ended, or let the command wait for it (here up to an hour): {again}"
            if not wait
            else f"To see whether it still works: ps -f -p {_pid(data)}",
        ) from None


class _TakenError(Exception):
    """Another process holds the lock on the data directory."""


@contextlib.contextmanager
def _locked_directory(data: Path, until: float) -> Iterator[None]:
    """Hold a lock on the directory itself; tried until `until` (`time.monotonic()`).

    Where the file system has no such lock (NFS gives EBADF for a directory), or the directory may
    not be read, runs/writer.lock alone is held.

    Raises:
        _TakenError: another process holds it at `until`.

    """
    try:
        handle = os.open(data, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        yield
        return
    try:
        while _is_taken(handle):
            if time.monotonic() >= until:
                raise _TakenError
            time.sleep(_POLL)
        yield
    finally:
        os.close(handle)


def _is_taken(handle: int) -> bool:
    """Try to lock an open directory; return True where another process holds the lock."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def holder(data: Path) -> Holder | None:
    """Return the holder by runs/writer.json; None where there is none or its process is gone."""
    try:
        found = msgspec.json.decode(read_regular(data / "runs" / _HOLDER), type=Holder)
    except (OSError, *UNDECODABLE):
        return None
    if found.pid <= 0:  # edited by hand; to the system it would mean a group of processes
        return None
    try:
        os.kill(found.pid, 0)
    except (PermissionError, OverflowError):
        pass  # another user's process
    except OSError:
        return None
    return found


def is_held(data: Path) -> bool:
    """Return whether some process holds the lock of `data` now, without waiting."""
    runs = data / "runs"
    if any(name == os.path.realpath(runs) for name, _ in _held):
        return True
    if holder(data) is None:
        # Somebody may have removed runs/ during a run.
        return not (runs / LOCK).exists() and _is_directory_taken(data)
    from filelock import FileLock, Timeout

    try:
        with FileLock(runs / LOCK, timeout=0):
            return False  # the noted process id belongs to another program now
    except (Timeout, OSError):
        return True


def _is_directory_taken(data: Path) -> bool:
    try:
        with _locked_directory(data, 0.0):
            return False
    except _TakenError:
        return True


def _pid(data: Path) -> str:
    found = holder(data)
    return str(found.pid) if found else "PID"


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _typed(command: str) -> str:
    return f"shisaku {command}" if command else join([Path(sys.argv[0]).name, *sys.argv[1:]])[:200]
