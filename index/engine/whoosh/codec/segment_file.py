"""The file of a segment (`MAIN_*.seg`), and the Whoosh storage that reads it where it is mapped.

The file has the bytes of its parts (the rows, and each column) one after the other, then a
directory in JSON, {name: [start, end]} in bytes, then the directory's length in 8 bytes, the least
significant first. Whoosh's own compound file keeps its directory as a pickle, and copies each part
that is opened into memory; here nothing is pickled and nothing is copied.
"""

import mmap
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cached_property
from io import BytesIO
from pathlib import Path
from shutil import copyfileobj
from typing import Any

import msgspec
from whoosh.filedb.filestore import Storage
from whoosh.filedb.structfile import BufferFile

from shisaku.index.errors import damaged

Part = tuple[int, int]
"""Where a part begins and ends in the file, in bytes."""

_SIZE = 8
"""Bytes of the length of the directory."""


def assemble(into: Any, parts: Iterable[tuple[str, Any]]) -> None:
    """Write the open files of `parts`, by name, into the open file `into`; closes them all."""
    directory: dict[str, Part] = {}
    end = 0
    for name, file in parts:
        start = end
        copyfileobj(file, into)
        end = into.tell()
        directory[name] = (start, end)
        file.close()
    raw = msgspec.json.encode(directory)
    into.write(raw + len(raw).to_bytes(_SIZE, "little"))
    into.close()


def read_directory(whole: memoryview, path: Path) -> dict[str, Part]:
    """Return the parts of the segment file `whole`, by name; `path` is what an error names.

    Raises:
        BrokenIndexError: it is no segment file.

    """
    end = len(whole) - _SIZE
    size = int.from_bytes(whole[max(end, 0) :], "little")
    if end < 0 or size > end:
        raise damaged(path, "it has no directory")
    try:
        found = msgspec.json.decode(whole[end - size : end], type=dict[str, Part])
    except msgspec.MsgspecError as error:
        raise damaged(path, str(error)) from error
    if any(not 0 <= start <= stop <= end for start, stop in found.values()):
        raise damaged(path, "a part lies outside of it")
    return found


class MappedFile(BufferFile):  # type: ignore[misc]
    """A part of a mapped segment as a Whoosh file; a stream of it is made when it is first used.

    Whoosh's columns read with `get` and `get_array`, which copy only what is asked for.
    """

    def __init__(self, part: memoryview, name: str) -> None:
        self._buf = part
        self._name = name
        self.onclose = None
        self.is_real = False
        self.is_closed = False

    @property
    def part(self) -> memoryview:
        """The bytes of the part, nothing of them copied."""
        return self._buf

    @cached_property
    def file(self) -> BytesIO:
        """A copy of the whole part that can be read as a stream."""
        return BytesIO(self._buf)

    def close(self) -> None:
        """Close the file; may be called again."""
        self._buf.release()
        self.is_closed = True


class SegmentFile(Storage):  # type: ignore[misc]
    """The parts of one segment as a read-only Whoosh storage.

    `prefix` and a part's name make the name of its file: "MAIN_x" and "rows" are "MAIN_x.rows".
    `close` is called with the storage's own. Files that are open keep the mapping alive.
    """

    readonly = True

    def __init__(
        self, whole: memoryview, prefix: str, path: Path, close: Callable[[], None]
    ) -> None:
        self._whole = whole
        self.parts: Mapping[str, Part] = read_directory(whole, path)
        self.path = path
        self._names = {f"{prefix}.{part}": part for part in self.parts}
        self._close = close

    def part(self, name: str) -> memoryview:
        """Return the bytes of a part; raises KeyError for a name that is none."""
        start, end = self.parts[name]
        return self._whole[start:end]

    def open_file(self, name: str, **options: Any) -> MappedFile:
        """Return the file of this name; raises NameError where there is none."""
        if name not in self._names:
            raise NameError(f"{self.path} holds no {name}")
        return MappedFile(self.part(self._names[name]), name)

    def list(self) -> list[str]:
        """Return the names of the files."""
        return list(self._names)

    def file_exists(self, name: str) -> bool:
        """Tell whether there is a file of this name."""
        return name in self._names

    def file_length(self, name: str) -> int:
        """Return the size of a file, in bytes."""
        start, end = self.parts[self._names[name]]
        return end - start

    def file_modified(self, name: str) -> float:
        """Return when the segment was written, in seconds since 1970."""
        return self.path.stat().st_mtime

    def close(self) -> None:
        """Let go of the file."""
        self._whole.release()
        self._close()


def open_segment_file(file: Any, prefix: str, path: Path) -> SegmentFile:
    """Open the Whoosh file of a segment: mapped where it lies on a disk; closes `file`.

    Raises:
        BrokenIndexError: it is no segment file.

    """
    if not file.is_real:
        whole = memoryview(file.read())
        file.close()
        return SegmentFile(whole, prefix, path, lambda: None)
    try:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError as error:
        raise damaged(path, str(error)) from error
    finally:
        file.close()

    def close() -> None:
        with suppress(BufferError):  # somebody still reads: it is let go of with that
            mapped.close()

    return SegmentFile(memoryview(mapped), prefix, path, close)
