"""Files that are replaced atomically, and a walk over a tree of ten thousand of them.

`write_atomically` takes bytes and a path; `walk` gives paths as strings, because making a `Path`
for every file takes longer than the `stat` that follows. The trap: a pipe or a device may stand
where a file is expected, and opening it would block, so files are opened with O_NONBLOCK.
"""

import contextlib
import errno
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import msgspec

TEMPORARY = ".tmp-"
"""Prefix of the name of a file that is being written; a killed run leaves such files behind."""
_DEAD_SECONDS = 3600.0
"""Age in seconds after which a temporary file belongs to no running process."""
UNDECODABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError)
"""Raised by decoding a JSON file that was damaged or edited by hand: `RecursionError` where it is
nested too deeply, `ValueError` for a number of thousands of digits."""


def write_atomically(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Replace the file at `path` by `data`, so that a reader sees the old bytes or all the new.

    Missing folders are made. With `durable` file and folder are synced; without, a power cut may
    leave an empty file, which is good enough for a cache.

    Raises:
        OSError: it cannot be written; the file that stood there before is unchanged.

    """
    made = _make(path.parent)
    with replacing(path, "xb", durable=durable) as file:
        file.write(data)
    if durable:
        for folder in (path.parent, *(new.parent for new in made)):
            sync(folder)


@contextlib.contextmanager
def replacing(path: Path, mode: str, *, durable: bool = True, **options: Any) -> Iterator[IO[Any]]:
    """Yield a temporary file beside `path` that replaces it when the context is left.

    `mode` is "xb" or "x", `options` are those of `open`. On an exception the temporary file is
    removed and `path` is unchanged. With `durable` the file is synced, but not its folder.
    """
    temporary = path.with_name(f"{TEMPORARY}{os.getpid()}-{os.urandom(4).hex()}")
    try:
        with temporary.open(mode, **options) as file:
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        # A second error here (the disk is gone) must not hide the first.
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def read_regular(path: str | Path) -> bytes:
    """Return the bytes of a file; where a pipe stands in its place, fail in place of blocking.

    Raises:
        OSError: it cannot be opened or read, or is no regular file (EISDIR, ENXIO or EINVAL).

    """
    # O_NONBLOCK: opening a pipe without a writer would block; for regular files it has no effect.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb") as file:  # noqa: PTH123 - a handle, not a path
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "Not a regular file", os.fspath(path))
        return file.read()


def opened_to_write(path: Path) -> IO[bytes]:
    """Open a file for writing, truncated, in place; for logs and notes that need not be atomic.

    Raises:
        OSError: it cannot be opened; a pipe without a reader is not waited for (ENXIO).

    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NONBLOCK | os.O_CLOEXEC
    return open(os.open(path, flags, 0o666), "wb")  # noqa: PTH123 - a handle, not a path


def _make(folder: Path) -> list[Path]:
    """Make a directory and its parents; return those that were missing, the deepest first."""
    new = []
    while not folder.exists() and folder != folder.parent:
        new.append(folder)
        folder = folder.parent
    (new[0] if new else folder).mkdir(parents=True, exist_ok=True)
    return new


def sync(path: Path) -> None:
    """Wait until a file, or the entries of a directory, are on the disk (fsync)."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some network file systems know no sync of a directory
            raise
    finally:
        os.close(handle)


def clear_left(folder: Path) -> None:
    """Remove half-written files of killed runs from a folder; folders below are not looked at."""
    for path in folder.glob(f"{TEMPORARY}*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _DEAD_SECONDS:
                path.unlink()


def is_utf8(name: str) -> bool:
    """Return whether a file name can be encoded as UTF-8; others cannot stand in JSON."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def walk(root: Path) -> Iterator[tuple[str, str]]:
    """Yield (path relative to `root` with "/", path) of each file below `root`, in no order.

    Links to directories are not followed; they are yielded like files. A directory whose path is
    longer than the system takes is skipped: nothing below it can be opened by its path.

    Raises:
        OSError: a directory cannot be read; skipped, it would seem to be empty.

    """
    pending = [("", os.fspath(root))]
    while pending:
        prefix, directory = pending.pop()
        try:
            entries = os.scandir(directory)
        except OSError as error:
            if prefix and error.errno == errno.ENAMETOOLONG:
                continue
            raise
        with entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append((f"{prefix}{entry.name}/", entry.path))
                else:
                    yield prefix + entry.name, entry.path
