"""Generations of the index: which one answers, and what it is made of.

    index/current     the name of the generation that answers, replaced by one atomic rename
    index/gen-N/      Whoosh's files, contents.json, and manifest.json, which is written last

Whoosh alone cannot do it: opening while a writer commits fails now and then (its table of contents
is missing for a moment). Segments are immutable, so a generation begins as hard links of the last
one and costs what changed. Two generations are kept, for readers that have just read the pointer.
`index.generations.swap` makes them and lets them answer.
"""

import re
import unicodedata
from pathlib import Path

import msgspec

from shisaku.index.errors import BrokenIndexError, IndexVersionError, damaged, rebuild
from shisaku.index.generations import KEPT as KEPT
from shisaku.index.generations.version import index_version
from shisaku.index.records.entries import Entry
from shisaku.ingest.disk.sealed import is_sealed, unseal
from shisaku.ingest.errors import to_type

POINTER = "current"
MANIFEST = "manifest.json"
_NAME = re.compile(r"gen-([0-9]{1,15})")
_POINTER_MOST = 100  # characters that are read of the pointer


class Refused(msgspec.Struct, frozen=True):
    """Why a parsed file is not in the index, for as long as its bytes have this SHA-256.

    `code` is "parsed" where it is not what `shisaku ingest` writes, "copy" where another file holds
    its document, which is looked at again when a file goes; "timeout", "memory", "crash"
    or "internal" where indexing it failed: such a file is left out (quarantined) for as long, so
    that it costs no second night.
    """

    sha256: str
    reason: str
    code: str = "parsed"


class Manifest(msgspec.Struct, frozen=True):
    """What a generation is made of: its version, and an entry for each parsed file by name."""

    version: str
    documents: dict[str, Entry]
    refused: dict[str, Refused] = {}
    """Parsed files that could not be indexed, by name."""
    files: dict[str, int] = {}
    """All other files with their sizes in bytes: they never change once they are written."""
    hashes: dict[str, str] = {}
    """SHA-256 of the same files, for who wants to be sure (`shisaku status --check`)."""

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
        import hashlib  # a search has no use for it

        return hashlib.sha256("".join(parts).encode()).hexdigest()


class _Older(msgspec.Struct):
    """What is of use in the manifest of a version that sealed nothing."""

    version: str
    documents: dict[str, Entry]


def index_directory(data: Path) -> Path:
    """Give DIR/index."""
    return data / "index"


def is_generation(name: str) -> bool:
    """Tell whether a directory of this name is a generation."""
    return _NAME.fullmatch(name) is not None


def current(data: Path) -> Path | None:
    """Give the directory of the generation that answers now, None before the first."""
    directory = index_directory(data)
    try:
        with (directory / POINTER).open(encoding="utf-8") as file:
            name = file.read(_POINTER_MOST).strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError:
        name = ""
    if not is_generation(name):
        raise BrokenIndexError(f"{directory / POINTER} names no generation", rebuild(data))
    return directory / name


def read_manifest(generation: Path) -> Manifest:
    """Read the manifest of `generation`.

    Raises:
        BrokenIndexError: it is there but is no manifest.

    """
    path = generation / MANIFEST
    return decode_manifest(path.read_bytes(), path)


def decode_manifest(raw: bytes, path: Path) -> Manifest:
    """Decode the manifest that was read from `path`; see `read_manifest`.

    One of a version that sealed nothing is decoded too: its own `version` tells it apart.
    """
    try:
        if is_sealed(raw):
            return msgspec.json.decode(unseal(raw), type=Manifest)
        older = msgspec.json.decode(raw, type=_Older)
        if older.version != index_version():
            return Manifest(older.version, older.documents)
        why = "it is not sealed"
    except (ValueError, RecursionError) as error:
        why = str(error)
    raise damaged(path, why)


def check_version(data: Path, version: str) -> None:
    """Refuse a generation that this version would misread.

    Raises:
        IndexVersionError: it has another version.

    """
    if version != index_version():
        raise IndexVersionError(
            f"the index was made by another version ({version})",
            f"type: {to_type('index', data)}",
        )
