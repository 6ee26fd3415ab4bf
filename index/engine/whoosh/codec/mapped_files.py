"""Leaves the columns of the index on disk: they are read out of the mapped file, record by record.

Whoosh maps a segment into memory, and then copies each file in it whole when it is opened, the
records of all passages too: a night would take as much memory as the corpus. Its readers of columns
never touch the copy, so it is made only where something asks for it. (Who searches loads no Whoosh:
`segment_reader`.)
"""

from functools import cached_property
from io import BytesIO
from typing import Any

from whoosh.filedb import compound
from whoosh.filedb.structfile import BufferFile


class MappedFile(BufferFile):  # type: ignore[misc]
    """A file within a mapped segment; `file`, the copy, comes into being when it is first used."""

    def __init__(self, buf: Any, name: str | None = None, onclose: Any = None) -> None:
        self._buf = buf
        self._name = name
        self.onclose = onclose
        self.is_real = False
        self.is_closed = False

    @property
    def buffer(self) -> memoryview:
        """What the file holds, nothing of it copied."""
        return memoryview(self._buf)

    @cached_property
    def file(self) -> BytesIO:
        """A copy of the whole file that can be read as a stream."""
        return BytesIO(self._buf)

    def close(self) -> None:
        """Close the file; what was never copied is not copied for that."""
        if "file" in self.__dict__:
            super().close()
        self.is_closed = True


def leave_columns_on_disk() -> None:
    """Let Whoosh open the files of segments as `MappedFile`s from now on, in this process."""
    compound.BufferFile = MappedFile
