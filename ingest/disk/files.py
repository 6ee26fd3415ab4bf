"""Files that appear whole, and walking a tree of ten thousand of them quickly.

A path object for every file costs more than asking the system for its size and times, so the walk
gives strings.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

TEMPORARY = ".tmp-"
"""How the name of a file begins that is being written; what a killed run leaves bears it."""


def write_atomically(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Replace the file at `path` by `data` so that no reader ever sees a part of it.

    `durable` waits until it is on the disk; without, a power cut may leave an empty file, which is
    good enough for a cache.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{TEMPORARY}{os.getpid()}-{os.urandom(4).hex()}")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        # Another fault here (the disk is gone) must not hide the first.
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


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
