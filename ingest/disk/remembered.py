"""A cache of what was read from files, keyed by size, times and inode (`Remembered`).

It takes a reader function and a JSON file under runs/, and gives values without opening files that
`stat` shows unchanged. It holds for one machine only; a cache that is missing, damaged or of
another version costs time and nothing else. The trap: a file changed twice within one time stamp
looks unchanged, so what was read less than `RACY_NS` after a change is not kept.
"""

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from shisaku.ingest.disk.files import UNDECODABLE, is_utf8, read_regular, write_atomically

T = TypeVar("T")
Stamp = tuple[int, int, int, int]
"""Size in bytes, mtime and ctime in ns, inode. rsync and cp -p restore an old mtime, not ctime."""

RACY_NS = 2_000_000_000
"""Nanoseconds: a file read sooner after its change may change again within the same time stamp
(resolution: 2 s on FAT, 10 ms of the kernel's clock elsewhere)."""


def stamp(status: os.stat_result) -> Stamp:
    """Return the stamp of a file; another one shows that it has changed."""
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


class Remembered(Generic[T]):
    """The values read from files, by name; `kind` is their type, `version` that of their reader.

    Only what `get` returned in a run is kept for the next one. `forget` starts empty.
    """

    def __init__(self, path: Path, kind: Any, version: str, *, forget: bool = False) -> None:
        self._path = path
        self._version = version
        self._old: dict[str, tuple[Stamp, T]] = {}
        self._new: dict[str, tuple[Stamp, T]] = {}
        self._forget = forget
        if not forget:
            entries = dict[str, tuple[Stamp, kind]]
            self._old = _load(path, version, entries)

    def get(self, name: str, path: str, read: Callable[[str], T]) -> T:
        """Return `read(path)`, from the cache where the file has not changed.

        Raises:
            OSError: the file is not there or cannot be read.

        """
        before = stamp(os.stat(path))  # noqa: PTH116 - ten thousand times a run
        known = self._old.get(name)
        if known is not None and known[0] == before:
            self._new[name] = known
            return known[1]
        value = read(path)
        after = stamp(os.stat(path))  # noqa: PTH116
        # The difference is negative where the clock was set back, or the file came from a machine
        # whose clock is ahead.
        settled = time.time_ns() - max(after[1:3]) >= RACY_NS
        if before == after and settled and is_utf8(name):
            self._new[name] = (after, value)
        return value

    def save(self) -> None:
        """Write the cache where it has changed; an `OSError` is ignored."""
        if not self._forget and self._new == self._old:
            return
        raw = msgspec.json.encode({"version": self._version, "files": self._new})
        with contextlib.suppress(OSError):
            write_atomically(self._path, raw, durable=False)


def _load(path: Path, version: str, entries: Any) -> dict[str, Any]:
    try:
        raw = read_regular(path)
        head = msgspec.json.decode(raw, type=_Head)
        if head.version != version:
            return {}
        found: dict[str, Any] = msgspec.json.decode(head.files, type=entries)
    except (OSError, *UNDECODABLE):
        return {}
    return found


class _Head(msgspec.Struct):
    version: str
    files: msgspec.Raw
