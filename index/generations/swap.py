"""How a generation comes to answer: made beside the last one, tried, swapped in whole, rolled back.

Segments are immutable, so a generation begins as hard links of the last one and costs what changed.
The pointer moves last; what a killed run leaves is cleared by the next.
"""

import contextlib
import hashlib
import os
import shutil
from pathlib import Path
from typing import IO, Literal

import msgspec

from shisaku.index.engine.whoosh.codec.block_checksums import BLOCK, checksums
from shisaku.index.engine.whoosh.codec.segment_map import CONTENTS, read_contents
from shisaku.index.errors import BrokenIndexError, NoIndexError, rebuild
from shisaku.index.generations.manifest import (
    KEPT,
    MANIFEST,
    POINTER,
    Manifest,
    current,
    index_directory,
    is_generation,
    read_manifest,
)
from shisaku.index.generations.version import index_version
from shisaku.ingest.disk.files import TEMPORARY, sync, write_atomically
from shisaku.ingest.disk.sealed import seal

_LOCK = "WRITELOCK"
_CHUNK = 32 * BLOCK


def sizes(generation: Path) -> dict[str, int]:
    """Return the files in `generation` but the manifest with their sizes in bytes."""
    return {
        path.name: path.stat().st_size
        for path in sorted(generation.iterdir())
        if path.name != MANIFEST and not path.name.endswith(_LOCK) and path.is_file()
    }


def hashes(
    generation: Path, last: Path | None = None, old: Manifest | None = None
) -> dict[str, str]:
    """Return the SHA-256 of the same files; of those linked from `last` as its manifest has it."""
    found = {}
    for name in sizes(generation):
        path = generation / name
        if last and old and name in old.hashes and path.samefile(last / name):
            found[name] = old.hashes[name]
        else:
            found[name] = _hash(path)
    return found


Depth = Literal["sizes", "blocks", "hashes"]


def damage(generation: Path, manifest: Manifest, depth: Depth = "blocks") -> str:
    """Return what is wrong with the files of `generation`, "" where nothing is.

    "sizes" reads none of them; "blocks" compares segments with the checksums of their blocks, which
    takes a second for two gigabytes, and all others with their hashes; "hashes" those of all.
    """
    found = sizes(generation)
    for name, size in manifest.files.items():
        if name not in found:
            return f"{name} is missing"
        if found[name] != size:
            return f"{name} has {found[name]} bytes instead of {size}"
    if depth == "sizes":
        return ""
    segments = _sums(generation, manifest) if depth == "blocks" else {}
    for name, digest in manifest.hashes.items():
        path = generation / name
        sums = segments.get(name)
        if _hash(path) != digest if sums is None else _block_sums(path) != sums:
            return f"{name} has other content than was written"
    return ""


def _sums(generation: Path, manifest: Manifest) -> dict[str, bytes]:
    """Return the checksums of the segments, which count only where contents.json is whole."""
    if _hash(generation / CONTENTS) != manifest.hashes.get(CONTENTS):
        return {}
    try:
        contents = read_contents(generation)
    except ValueError:
        return {}
    return {held.file: held.sums for held in contents.segments}


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _block_sums(path: Path) -> bytes:
    # Read and not mapped: a disk that fails gives an OSError, where a map would end the process.
    found, buffer = bytearray(), memoryview(bytearray(_CHUNK))
    with path.open("rb", buffering=0) as file:
        while size := _filled(file, buffer):
            found += checksums(buffer[:size])
    return bytes(found)


def _filled(file: IO[bytes], buffer: memoryview) -> int:
    """Fill `buffer` from `file`; return how many bytes there were."""
    size = 0
    while size < len(buffer) and (more := file.readinto(buffer[size:])):  # type: ignore[attr-defined]
        size += more
    return size


def write_manifest(generation: Path, manifest: Manifest) -> None:
    """Write the manifest, sealed, in a form that depends on its content alone."""
    raw = msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=1)
    (generation / MANIFEST).write_bytes(seal(raw))


def next_directory(data: Path, keep: int = KEPT) -> Path:
    """Clear what is no longer needed and return the path of the next generation (not yet made).

    That is what a killed run left, and all but the last `keep` generations: the one before the
    present one stays until now, when the present one has been opened.
    """
    directory = index_directory(data)
    directory.mkdir(parents=True, exist_ok=True)
    for path in directory.glob(f"{TEMPORARY}*"):
        if not path.is_dir():
            path.unlink(missing_ok=True)
    # Names that are taken, by links and files, too.
    numbers = [_number(path) for path in directory.iterdir() if is_generation(path.name)]
    with contextlib.suppress(BrokenIndexError):  # the pointer says nothing: then nothing is cleared
        now = current(data)
        # Only a number above the pointer's can be half-made: the pointer moves last. (Or it was
        # rolled back from, and what was found wrong with it must not come back.) Without a pointer
        # there was no first generation yet, or the pointer was lost: the manifest is written last.
        for path in _generations(directory):
            above = now is not None and _number(path) > _number(now)
            if above or (now is None and not (path / MANIFEST).exists()):
                shutil.rmtree(path, ignore_errors=True)
        _clear_old(directory, keep)
    return directory / f"gen-{max(numbers, default=0) + 1}"


def _clear_old(directory: Path, keep: int) -> None:
    """Remove all but the newest `keep` generations; what cannot be removed is tried again later."""
    for path in _generations(directory)[: -max(keep, 1)]:
        shutil.rmtree(path, ignore_errors=True)


def _number(generation: Path) -> int:
    return int(generation.name.removeprefix("gen-"))


def start_from(last: Path, generation: Path) -> None:
    """Make `generation` with the segments of `last`, linked where the file system can.

    Only files that its manifest names are taken: of several tables of contents Whoosh would open
    the one with the highest number, whoever put it there.
    """
    generation.mkdir()
    for name in read_manifest(last).files:
        if name == CONTENTS:
            continue
        try:
            os.link(last / name, generation / name)
        except OSError:
            shutil.copyfile(last / name, generation / name)


def swap_in(generation: Path, keep: int = KEPT) -> None:
    """Let `generation` answer from now on: to disk first, then one rename; then clear old ones.

    `keep` is the number of generations that stay, two at least: the one before stays until the next
    run has opened this one. Once the pointer has been renamed there is no way back: an error that
    is raised after that (the folder cannot be synced, a signal) leaves `generation` answering, and
    whoever handles it must ask `current` before removing anything.
    """
    for path in generation.iterdir():
        if path.is_file():
            sync(path)
    sync(generation)
    sync(generation.parent)
    _point_to(generation)
    _clear_old(generation.parent, max(keep, 2))


def _point_to(generation: Path) -> None:
    write_atomically(generation.parent / POINTER, f"{generation.name}\n".encode())


def _generations(directory: Path) -> list[Path]:
    """Return the directories that bear the name of a generation, the oldest first.

    A link is none: what it leads to is somebody else's and must not be removed.
    """
    found = [path for path in directory.iterdir() if is_generation(path.name)]
    return sorted((p for p in found if p.is_dir() and not p.is_symlink()), key=_number)


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
            whole = manifest.version == index_version() and not damage(path, manifest)
        except (OSError, BrokenIndexError):
            continue
        if whole:
            _point_to(path)
            return now or directory / POINTER, path
    raise NoIndexError("there is no earlier generation of the index to return to", rebuild(data))


def rollback_lines(was: Path, now: Path) -> list[str]:
    """Return what a rollback did in lines for people."""
    held = read_manifest(now)
    what = f"{len(held.documents)} documents, {held.passages} passages"
    return [
        f"index: {now.name} answers in the place of {was.name}; {what}",
        "  the next update or index goes forward again, from there",
    ]
