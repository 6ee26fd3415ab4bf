"""How a generation comes to answer: made beside the last one, tried, swapped in whole, rolled back.

Segments are immutable, so a generation begins as hard links of the last one and costs what changed.
The pointer moves last; what a killed run leaves is cleared by the next.
"""

import hashlib
import os
import shutil
from pathlib import Path

import msgspec

from index.contents import CONTENTS
from index.generation import (
    KEPT,
    MANIFEST,
    POINTER,
    BrokenIndexError,
    Manifest,
    NoIndexError,
    current,
    index_directory,
    is_generation,
    read_manifest,
    rebuild,
)
from index.schema import index_version
from ingest.disk.files import TEMPORARY, sync, write_atomically

_LOCK = "WRITELOCK"


def sizes(generation: Path) -> dict[str, int]:
    """Give the files in `generation` but the manifest with their sizes in bytes."""
    return {
        path.name: path.stat().st_size
        for path in sorted(generation.iterdir())
        if path.name != MANIFEST and not path.name.endswith(_LOCK) and path.is_file()
    }


def hashes(
    generation: Path, last: Path | None = None, old: Manifest | None = None
) -> dict[str, str]:
    """Give the SHA-256 of the same files; of those linked from `last` as its manifest has it."""
    found = {}
    for name in sizes(generation):
        path = generation / name
        if last and old and name in old.hashes and path.samefile(last / name):
            found[name] = old.hashes[name]
        else:
            with path.open("rb") as file:
                found[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def damage(generation: Path, manifest: Manifest, *, thorough: bool = False) -> str:
    """Give what is wrong with the files of `generation` by name and size, "" where nothing is.

    A stat for each of a handful of files: an unchanged night can afford it. `thorough` reads them.
    """
    found = sizes(generation)
    for name, size in manifest.files.items():
        if name not in found:
            return f"{name} is missing"
        if found[name] != size:
            return f"{name} has {found[name]} bytes instead of {size}"
    if thorough:
        held = hashes(generation)
        for name, digest in manifest.hashes.items():
            if held.get(name) != digest:
                return f"{name} has other content than was written"
    return ""


def write_manifest(generation: Path, manifest: Manifest) -> None:
    """Write the manifest in a form that depends on its content alone."""
    raw = msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=1)
    (generation / MANIFEST).write_bytes(raw)


def next_directory(data: Path) -> Path:
    """Clear what a killed run left and give the path of the next generation (not yet made)."""
    directory = index_directory(data)
    directory.mkdir(parents=True, exist_ok=True)
    for path in directory.glob(f"{TEMPORARY}*"):
        path.unlink(missing_ok=True)
    numbers = [_number(path) for path in directory.iterdir() if is_generation(path.name)]
    try:
        now = current(data)
    except BrokenIndexError:
        now = None
    if now is not None:
        for path in _generations(directory):
            # Only a number above the pointer's can be half-made: the pointer moves last. (Or it was
            # rolled back from, and what was found wrong with it must not come back.)
            if _number(path) > _number(now):
                shutil.rmtree(path)
    return directory / f"gen-{max(numbers, default=0) + 1}"


def _number(generation: Path) -> int:
    return int(generation.name.removeprefix("gen-"))


def start_from(last: Path, generation: Path) -> None:
    """Make `generation` with the segments of `last`, linked where the file system can."""
    generation.mkdir()
    for path in sorted(last.iterdir()):
        if path.name in (MANIFEST, CONTENTS) or path.name.endswith(_LOCK) or not path.is_file():
            continue
        try:
            os.link(path, generation / path.name)
        except OSError:
            shutil.copyfile(path, generation / path.name)


def swap_in(generation: Path, keep: int = KEPT) -> None:
    """Let `generation` answer from now on: to disk first, then one rename; then clear old ones.

    `keep` is the number of generations that stay.
    """
    for path in generation.iterdir():
        if path.is_file():
            sync(path)
    sync(generation)
    sync(generation.parent)
    _point_to(generation)
    # It answers by now, so what cannot be cleared is no failure: the next run tries again.
    for path in _generations(generation.parent)[: -max(keep, 1)]:
        shutil.rmtree(path, ignore_errors=True)


def _point_to(generation: Path) -> None:
    write_atomically(generation.parent / POINTER, f"{generation.name}\n".encode())


def _generations(directory: Path) -> list[Path]:
    """Give what bears the name of a generation, the oldest first."""
    found = [path for path in directory.iterdir() if is_generation(path.name)]
    return sorted((path for path in found if path.is_dir()), key=_number)


def roll_back(data: Path) -> tuple[Path, Path]:
    """Let the generation before the present one answer; gives both, the present one first.

    Only one that is whole and of this version is returned to; one that is not is passed over. What
    is under parsed/ stays, so the next run that indexes goes forward again, from there.

    Raises:
        NoIndexError: there is none to return to.

    """
    directory = index_directory(data)
    try:
        now = current(data)
    except BrokenIndexError:
        now = None
    earlier = _generations(directory) if directory.is_dir() else []
    if now is not None:
        earlier = [path for path in earlier if _number(path) < _number(now)]
    for path in reversed(earlier):
        try:
            manifest = read_manifest(path)
        except (OSError, BrokenIndexError):
            continue
        if manifest.version == index_version() and not damage(path, manifest):
            _point_to(path)
            return now or directory / POINTER, path
    raise NoIndexError("there is no earlier generation of the index to return to", rebuild(data))


def rollback_lines(was: Path, now: Path) -> list[str]:
    """Give what a rollback did in lines for people."""
    held = read_manifest(now)
    what = f"{len(held.documents)} documents, {held.passages} passages"
    return [
        f"index: {now.name} answers in the place of {was.name}; {what}",
        "  the next update or index goes forward again, from there",
    ]
