"""Output of the user's commands: an atomic file, or a pipe, device or standard output.

`replacing` takes the path that the user gave and gives a text stream (UTF-8). Apart from
`disk.files`, which replaces regular files only. The trap: /dev/stdout may be a file to which the
shell appends, so it is written through its descriptor.
"""

import contextlib
import errno
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from shisaku.ingest.disk import files


@contextlib.contextmanager
def standard_output() -> Iterator[IO[str]]:
    """Yield standard output; leaving the context does not close it."""
    yield sys.stdout


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[str]]:
    """Open `path` for writing text; a regular file appears when the context is left without error.

    The target of a link is replaced. What is no regular file (a pipe, a terminal, /dev/null) or
    names a stream of this process (/dev/stdout) is written to directly.

    Raises:
        OSError: it cannot be written, or its folder does not exist.

    """
    number = descriptor(path)
    if number is not None:
        if sys.stdout is not None:
            sys.stdout.flush()
        with os.fdopen(os.dup(number), "w", encoding="utf-8", newline="") as stream:
            yield stream
        return
    # Before `resolve`: the link in /proc to a pipe leads to no path.
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        return
    path = path.resolve()
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
    with files.replacing(path, "x", encoding="utf-8", newline="") as stream:
        yield stream


_STREAMS = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/([0-9]{1,6})")


def descriptor(path: Path | None) -> int | None:
    """Return the file descriptor that a path such as /dev/fd/3 names, None for other paths."""
    found = _DESCRIPTOR.fullmatch(str(path))
    return int(found[1]) if found else _STREAMS.get(str(path))


def is_regular(path: Path) -> bool:
    """Return whether `path` is or would become a regular file: no pipe, device or stream."""
    return descriptor(path) is None and (path.is_file() or not path.exists())
