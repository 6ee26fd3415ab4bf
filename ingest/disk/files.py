"""Files that appear whole, and walking a tree of ten thousand of them quickly.

A path object for every file costs more than asking the system for its size and times, so the walk
gives strings.
"""

import contextlib
import errno
import os
import time
from collections.abc import Iterator
from pathlib import Path

TEMPORARY = ".tmp-"
"""How the name of a file begins that is being written; what a killed run leaves bears it."""
_DEAD_SECONDS = 3600.0
"""Nobody writes one file for so long."""


def write_atomically(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Replace the file at `path` by `data` so that no reader ever sees a part of it.

    `durable` waits until it is on the disk, under its name; without, a power cut may leave an empty
    file, which is good enough for a cache.
    """
    made = _make(path.parent)
    temporary = path.with_name(f"{TEMPORARY}{os.getpid()}-{os.urandom(4).hex()}")
    try:
        with temporary.open("xb") as file:
            file.write(data)
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

    Links to directories are not followed.

    Raises:
        OSError: a directory cannot be read; one that is passed over would seem to be empty.

    """
    pending = [("", os.fspath(root))]
    while pending:
        prefix, directory = pending.pop()
        with os.scandir(directory) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append((f"{prefix}{entry.name}/", entry.path))
                else:
                    yield prefix + entry.name, entry.path
