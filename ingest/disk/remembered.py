"""What was read out of a file, kept by the file's size, times and inode: stat first, read later.

It is a cache under runs/ and true for one machine only. One that is missing, damaged or another
version's costs time and nothing else.
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
"""Size, mtime and ctime in ns, inode. rsync and cp -p bring back an old mtime, never an old
ctime."""

RACY_NS = 2_000_000_000
"""A file changed less than this before it was read may change again within the same time stamp
(2 s on FAT, 10 ms of the kernel's clock elsewhere), so what was read is not remembered."""


def stamp(status: os.stat_result) -> Stamp:
    """Give what tells that a file has changed."""
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


class Remembered(Generic[T]):
    """What was read of each file by its name, as a `kind`; `version` names what made it.

    Only what is asked for in a run is kept for the next one.
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
        """Give what `read` makes of the file at `path`, from memory where it is as it was.

        Raises:
            OSError: the file is not there or cannot be read.

        """
        before = stamp(os.stat(path))  # noqa: PTH116 - ten thousand times a night
        known = self._old.get(name)
        if known is not None and known[0] == before:
            self._new[name] = known
            return known[1]
        value = read(path)
        after = stamp(os.stat(path))  # noqa: PTH116
        # The clock may have been set back, or the file come from a machine whose clock is ahead.
        settled = time.time_ns() - max(after[1:3]) >= RACY_NS
        if before == after and settled and is_utf8(name):
            self._new[name] = (after, value)
        return value

    def save(self) -> None:
        """Write the memory down, where it is not what was read; a full disk does not matter."""
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
