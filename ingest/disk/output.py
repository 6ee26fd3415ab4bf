"""Where output goes: files that appear whole or not at all; pipes, devices, standard output."""

import contextlib
import errno
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from shisaku.ingest.disk.files import appearing


@contextlib.contextmanager
def standard_output() -> Iterator[IO[str]]:
    """Give standard output, which stays open."""
    yield sys.stdout  # not ours to close


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[str]]:
    """Open `path` for writing UTF-8 so that it appears whole or not at all.

    A link's target is replaced. What is no regular file (a pipe, a terminal, /dev/null) is written
    to directly, and so is what names a stream of this process: /dev/stdout may be a file to which a
    shell appends.

    Raises:
        OSError: it cannot be written, or its directory is not there (unlike `write_atomically`,
            which makes it: a path that a user mistyped must not become a tree of folders).

    """
    number = descriptor(path)
    if number is not None:
        if sys.stdout is not None:
            sys.stdout.flush()
        with os.fdopen(os.dup(number), "w", encoding="utf-8", newline="") as stream:
            yield stream
        return
    # Before it is resolved: the link in /proc to a pipe leads to no path.
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        return
    path = path.resolve()
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
    with appearing(path, _opened) as stream:
        yield stream


def _opened(path: Path) -> IO[str]:
    return path.open("x", encoding="utf-8", newline="")


_STREAMS = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/([0-9]{1,6})")


def descriptor(path: Path | None) -> int | None:
    """Give the file descriptor of this process that a path names, if it names one."""
    found = _DESCRIPTOR.fullmatch(str(path))
    return int(found[1]) if found else _STREAMS.get(str(path))


def is_regular(path: Path) -> bool:
    """Tell whether `path` is, or would become, a file of its own: no pipe, device or stream."""
    return descriptor(path) is None and (path.is_file() or not path.exists())
