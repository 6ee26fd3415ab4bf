"""Files that appear whole, and walking a tree of ten thousand of them quickly.

A path object for every file costs more than asking the system for its size and times, so the walk
gives strings.
"""

import contextlib
import errno
import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, AnyStr

import msgspec

TEMPORARY = ".tmp-"
"""How the name of a file begins that is being written; what a killed run leaves bears it."""
_DEAD_SECONDS = 3600.0
"""Nobody writes one file for so long."""
UNDECODABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError)
"""What decoding a JSON file raises that was damaged or edited by hand: `RecursionError` where it is
nested too deeply, `ValueError` for a number of thousands of digits."""


def write_atomically(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Replace the file at `path` by `data` so that no reader ever sees a part of it.

    `durable` is that of `appearing`.

    Raises:
        OSError: it cannot be written; what was there before stays.

    """
    with appearing(path, lambda temporary: temporary.open("xb"), durable=durable) as file:
        file.write(data)


@contextlib.contextmanager
def appearing(
    path: Path, opened: Callable[[Path], IO[AnyStr]], *, durable: bool = True
) -> Iterator[IO[AnyStr]]:
    """Open a file that takes the place of `path` when it is written to its end, or not at all.

    `opened` makes the new file under a temporary name in the same directory, as text or bytes;
    directories above `path` are made. `durable` waits until it is on the disk, under its name;
    without, a power cut may leave an empty file, which is good enough for a cache.

    Raises:
        OSError: it cannot be written; the temporary file is gone, what was there before stays.

    """
    made: list[Path] = _make(path.parent)
    temporary = path.with_name(f"{TEMPORARY}{os.getpid()}-{os.urandom(4).hex()}")
    try:
        with opened(temporary) as file:
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
        temporary.replace(path)
        if durable:
            for folder in (path.parent, *(new.parent for new in made)):
                sync(folder)
    except BaseException:
        # Another fault here (the disk is gone) must not hide the first.
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def read_regular(path: str | Path) -> bytes:
    """Give the bytes of a file, without waiting for ever where a pipe stands in its place.

    Raises:
        OSError: it cannot be opened or read, or is no regular file (EISDIR, ENXIO or EINVAL).

    """
    # O_NONBLOCK: opening a pipe to which nobody writes would wait; for files it means nothing.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb") as file:  # noqa: PTH123 - a handle, not a path
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "Not a regular file", os.fspath(path))
        return file.read()


def opened_to_write(path: Path) -> IO[bytes]:
    """Open a file to write it anew, in its place; for what may be lost and need not appear whole.

    Raises:
        OSError: it cannot be opened; a pipe without a reader is not waited for (ENXIO).

    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NONBLOCK | os.O_CLOEXEC
    return open(os.open(path, flags, 0o666), "wb")  # noqa: PTH123 - a handle, not a path


def _make(folder: Path) -> list[Path]:
    """Make a directory and those above it; give the ones that were not there, the lowest first."""
    new = []
    while not folder.exists() and folder != folder.parent:
        new.append(folder)
        folder = folder.parent
    (new[0] if new else folder).mkdir(parents=True, exist_ok=True)
    return new


def sync(path: Path) -> None:
    """Wait until a file, or which names a directory holds, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some network file systems know no sync of a directory
            raise
    finally:
        os.close(handle)


def clear_left(folder: Path) -> None:
    """Remove what killed runs left half-written in a folder, without regard to folders below."""
    for path in folder.glob(f"{TEMPORARY}*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _DEAD_SECONDS:
                path.unlink()


def is_utf8(name: str) -> bool:
    """Tell whether a file's name is text: other bytes cannot stand in JSON and so in no record."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def walk(root: Path) -> Iterator[tuple[str, str]]:
    """Yield each file below `root`: its name from there on with "/", and its path; in no order.

    Links to directories are not followed; they are yielded like files. A directory whose path is
    longer than the system takes is passed over: nothing below it can be opened by its path.

    Raises:
        OSError: a directory cannot be read; one that is passed over would seem to be empty.

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
