"""Directories of generations: checksums, the switch to a new one, and the return to an earlier one.

A new generation is made beside the current one and becomes current by renaming the pointer, as the
last step. Segments are immutable, so it begins with hard links to those of the last one. What a
killed run leaves is removed by the next.
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
    """Return the sizes in bytes of the files of `generation`, without the manifest."""
    return {
        path.name: path.stat().st_size
        for path in sorted(generation.iterdir())
        if path.name != MANIFEST and not path.name.endswith(_LOCK) and path.is_file()
    }


def hashes(
    generation: Path, last: Path | None = None, old: Manifest | None = None
) -> dict[str, str]:
    """Return the SHA-256 of the same files; for files linked from `last` that of `old`."""
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
    """Return the damage of the files of `generation` as a sentence, "" for none.

    "sizes" compares sizes only; "blocks" compares segments with the checksums of their blocks (1 s
    for 2 GB) and other files with their SHA-256; "hashes" compares the SHA-256 of all.
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
    """Return the block checksums of the segments by name; {} where contents.json is damaged."""
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
    # Read, not mapped: a failing disk raises OSError here, where a map would end the process
    # (SIGBUS).
    found, buffer = bytearray(), memoryview(bytearray(_CHUNK))
    with path.open("rb", buffering=0) as file:
        while size := _filled(file, buffer):
            found += checksums(buffer[:size])
    return bytes(found)


def _filled(file: IO[bytes], buffer: memoryview) -> int:
    """Fill `buffer` from `file`; return the number of bytes read."""
    size = 0
    while size < len(buffer) and (more := file.readinto(buffer[size:])):  # type: ignore[attr-defined]
        size += more
    return size


def write_manifest(generation: Path, manifest: Manifest) -> None:
    """Write the manifest, sealed; equal content gives equal bytes."""
    raw = msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=1)
    (generation / MANIFEST).write_bytes(seal(raw))


def next_directory(data: Path, keep: int = KEPT) -> Path:
    """Remove old and half-made generations; return the path of the next one, which is not made.

    The last `keep` generations stay. The one before the current one is removed only here, because
    by now the current one has been opened.
    """
    directory = index_directory(data)
    directory.mkdir(parents=True, exist_ok=True)
    for path in directory.glob(f"{TEMPORARY}*"):
        if not path.is_dir():
            path.unlink(missing_ok=True)
    # Names in use, also those of links and files.
    numbers = [_number(path) for path in directory.iterdir() if is_generation(path.name)]
    with contextlib.suppress(BrokenIndexError):  # an invalid pointer: nothing is removed
        now = current(data)
        # Only generations above the pointer's can be half-made, as the pointer moves last; or they
        # were rolled back from and must not return. Without a pointer there was no generation yet,
        # or the pointer was lost: then those without a manifest, which is written last, go.
        for path in _generations(directory):
            above = now is not None and _number(path) > _number(now)
            if above or (now is None and not (path / MANIFEST).exists()):
                shutil.rmtree(path, ignore_errors=True)
        _clear_old(directory, keep)
    return directory / f"gen-{max(numbers, default=0) + 1}"


def _clear_old(directory: Path, keep: int) -> None:
    """Remove all but the newest `keep` generations; errors are ignored until the next run."""
    for path in _generations(directory)[: -max(keep, 1)]:
        shutil.rmtree(path, ignore_errors=True)


def _number(generation: Path) -> int:
    return int(generation.name.removeprefix("gen-"))


def start_from(last: Path, generation: Path) -> None:
    """Make `generation` with the segments of `last`, hard-linked where the file system can.

    Only files in its manifest are taken: of several TOC files Whoosh opens the one with the highest
    number, wherever it came from.
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
    """Make `generation` the current one: sync it, rename the pointer, remove old ones.

    `keep` is the number of generations that stay, at least two: the one before stays until the next
    run has opened this one. The trap: an error raised after the rename (the folder cannot be
    synced, a signal) leaves `generation` current, so `current` must be called before anything is
    removed.

    Raises:
        OSError: it cannot be synced, or the pointer cannot be written.

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
    """Return the directories with the name of a generation, the oldest first.

    Links are left out: their targets are not ours to remove.
    """
    found = [path for path in directory.iterdir() if is_generation(path.name)]
    return sorted((p for p in found if p.is_dir() and not p.is_symlink()), key=_number)


def roll_back(data: Path) -> tuple[Path, Path]:
    """Make the generation before the current one current; return (old, new).

    Generations that are damaged or of another version are skipped. parsed/ is unchanged, so the
    next index run brings the index up to date again.

    Raises:
        NoIndexError: there is no earlier generation to return to.

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
    """Return the result of a rollback as lines of text."""
    held = read_manifest(now)
    what = f"{len(held.documents)} documents, {held.passages} passages"
    return [
        f"index: {now.name} answers in the place of {was.name}; {what}",
        "  the next update or index goes forward again, from there",
    ]
