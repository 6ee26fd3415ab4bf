"""Generations of the index: how it is swapped whole, and never seen half-made.

    index/current     the name of the generation that answers, replaced by one atomic rename
    index/gen-N/      Whoosh's files and manifest.json, which is written last

Whoosh alone cannot do it: opening while a writer commits fails now and then (its table of contents
is missing for a moment). Segments are immutable, so a generation begins as hard links of the last
one and costs what changed. Two generations are kept, for readers that have just read the pointer.
"""

import contextlib
import hashlib
import os
import re
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from index.schema import index_version
from index.terminal import to_type
from ingest.model import ShisakuError

POINTER = "current"
MANIFEST = "manifest.json"
KEPT = 2
_LOCK = "WRITELOCK"
_NAME = re.compile(r"gen-([0-9]+)")


class LockedError(ShisakuError):
    """Another process is writing the index."""

    exit_code = 5
    remedy = "wait until it has ended, then type the same command again"


class NoIndexError(ShisakuError):
    """Nothing has been indexed yet."""


class IndexVersionError(ShisakuError):
    """The index was made by another version of this program or its dictionary."""


class BrokenIndexError(ShisakuError):
    """The index cannot be read or did not come out as it should."""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a generation holds of one parsed file: hash of its bytes, counts, facet values."""

    sha256: str
    passages: int
    lengths: dict[str, int] = {}
    """Tokens by field, from which ranking takes exact averages (Whoosh's count the deleted)."""
    ministries: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    id: str = ""
    """The document's id where it is not the file's name (too long for one, …)."""
    aliases: tuple[str, ...] = ()
    """Paths under the data directory of further files with the same bytes."""


class Manifest(msgspec.Struct, frozen=True):
    """What a generation is made of: its version, and an entry for each parsed file by name."""

    version: str
    documents: dict[str, Entry]
    refused: dict[str, tuple[str, str]] = {}
    """Parsed files that could not be read: hash of the bytes and reason, by name."""
    files: dict[str, int] = {}
    """Whoosh's files with their sizes in bytes: they never change once they are written."""

    def names(self) -> dict[str, str]:
        """Give the name of the parsed file of each document id."""
        return {entry.id or name: name for name, entry in self.documents.items()}

    def document_id(self, text: str) -> str | None:
        """Give the id of the document that `text` names: its id, or the path of one of its files.

        Paths are taken with raw/ before them or without, in any normal form of Unicode.
        """
        text = unicodedata.normalize("NFC", text)
        known = self.names()
        aliases = {
            path: entry.id or name
            for name, entry in self.documents.items()
            for path in entry.aliases
        }
        for candidate in (text, text.removeprefix("raw/")):
            if candidate in known:
                return candidate
        return aliases.get(text) or aliases.get(f"raw/{text}")

    @property
    def passages(self) -> int:
        """Number of passages."""
        return sum(entry.passages for entry in self.documents.values())

    def content(self) -> str:
        """Give a hash of what is indexed: equal wherever the same parsed files are."""
        parts = [f"{name}\0{entry.sha256}\n" for name, entry in sorted(self.documents.items())]
        return hashlib.sha256("".join(parts).encode()).hexdigest()


def index_directory(data: Path) -> Path:
    """Give DIR/index."""
    return data / "index"


def current(data: Path) -> Path | None:
    """Give the directory of the generation that answers now, None before the first."""
    directory = index_directory(data)
    try:
        name = (directory / POINTER).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError:
        name = ""
    if not _NAME.fullmatch(name):
        raise BrokenIndexError(f"{directory / POINTER} names no generation", rebuild(data))
    return directory / name


def rebuild(data: Path) -> str:
    """Give the remedy for an index that cannot be used."""
    return f"type: {to_type('index --rebuild', data)}"


def read_manifest(generation: Path) -> Manifest:
    """Read the manifest of `generation`.

    Raises:
        BrokenIndexError: it is there but is no manifest.

    """
    raw = (generation / MANIFEST).read_bytes()
    try:
        return msgspec.json.decode(raw, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        data = generation.parent.parent
        raise BrokenIndexError(f"{generation / MANIFEST} is damaged", rebuild(data)) from error


def sizes(generation: Path) -> dict[str, int]:
    """Give Whoosh's files in `generation` with their sizes in bytes."""
    return {
        path.name: path.stat().st_size
        for path in sorted(generation.iterdir())
        if path.name != MANIFEST and not path.name.endswith(_LOCK) and path.is_file()
    }


def damage(generation: Path, manifest: Manifest) -> str:
    """Give what is wrong with the files of `generation` by name and size, "" where nothing is.

    A stat for each of a handful of files: an unchanged night can afford it.
    """
    found = sizes(generation)
    for name, size in manifest.files.items():
        if name not in found:
            return f"{name} is missing"
        if found[name] != size:
            return f"{name} has {found[name]} bytes instead of {size}"
    return ""


def write_manifest(generation: Path, manifest: Manifest) -> None:
    """Write the manifest in a form that depends on its content alone."""
    raw = msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=1)
    (generation / MANIFEST).write_bytes(raw)


def check_version(data: Path, manifest: Manifest) -> None:
    """Refuse a generation that this version would misread.

    Raises:
        IndexVersionError: it has another version.

    """
    if manifest.version != index_version():
        raise IndexVersionError(
            f"the index was made by another version ({manifest.version})",
            f"type: {to_type('index', data)}",
        )


@contextlib.contextmanager
def writing(data: Path) -> Iterator[None]:
    """Hold the lock of the index's only writer.

    It lies under runs/, so that a run that changes nothing leaves index/ untouched.

    Raises:
        LockedError: another process holds it.

    """
    runs = data / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    holder = runs / "index.pid"  # not in the lock file, which every contender truncates
    try:
        with FileLock(runs / "index.lock", timeout=0):
            holder.write_text(f"{os.getpid()}\n", encoding="ascii")
            try:
                yield
            finally:
                holder.unlink(missing_ok=True)
    except Timeout:
        try:
            pid = f"process {int(holder.read_text(encoding='ascii'))}"
        except (OSError, ValueError):
            pid = "another process"
        raise LockedError(f"the index is being written by {pid}") from None


def next_directory(data: Path) -> Path:
    """Clear what a killed run left and give the path of the next generation (not yet made)."""
    directory = index_directory(data)
    directory.mkdir(parents=True, exist_ok=True)
    numbers = [_number(path) for path in directory.iterdir() if _NAME.fullmatch(path.name)]
    try:
        now = current(data)
    except BrokenIndexError:
        now = None
    if now is not None:
        for path in directory.iterdir():
            # Only a number above the pointer's can be half-made: the pointer moves last.
            if _NAME.fullmatch(path.name) and _number(path) > _number(now):
                shutil.rmtree(path)
    return directory / f"gen-{max(numbers, default=0) + 1}"


def _number(generation: Path) -> int:
    return int(generation.name.removeprefix("gen-"))


def start_from(last: Path, generation: Path) -> None:
    """Make `generation` with the segments of `last`, linked where the file system can."""
    generation.mkdir()
    for path in sorted(last.iterdir()):
        if path.name == MANIFEST or path.name.endswith(_LOCK) or not path.is_file():
            continue
        try:
            os.link(path, generation / path.name)
        except OSError:
            shutil.copyfile(path, generation / path.name)


def swap_in(generation: Path) -> None:
    """Let `generation` answer from now on: to disk first, then one rename; then clear old ones."""
    directory = generation.parent
    for path in generation.iterdir():
        if path.is_file():
            _sync(path)
    _sync(generation)
    pointer = directory / f".{POINTER}.{os.getpid()}"
    pointer.write_text(f"{generation.name}\n", encoding="utf-8")
    _sync(pointer)
    pointer.replace(directory / POINTER)
    _sync(directory)
    older = [path for path in directory.iterdir() if _NAME.fullmatch(path.name)]
    for path in sorted(older, key=_number)[:-KEPT]:
        shutil.rmtree(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
