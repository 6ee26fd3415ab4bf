"""The manifest of a generation of the index, and the pointer to the current generation.

    index/current     the name of the current generation, replaced by one atomic rename
    index/gen-N/      Whoosh's files, contents.json, and manifest.json, which is written last

Whoosh alone has no atomic switch: opening while a writer commits fails now and then, because its
TOC file is missing for a moment. Segments are immutable, so a generation begins with hard links to
those of the last one. Two generations are kept, for readers that have just read the pointer.
`index.generations.swap` makes and switches them.
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
    """Why a parsed file is not in the index, as long as its bytes have this SHA-256.

    `code` is "parsed" where it is no parsed document, "copy" where another file holds its document
    (tried again when a file is removed), and "timeout", "memory", "crash" or "internal" where
    indexing failed: such a file is quarantined, and not tried again while its bytes are unchanged.
    """

    sha256: str
    reason: str
    code: str = "parsed"


class Manifest(msgspec.Struct, frozen=True):
    """The content of a generation: its version, and an entry for each parsed file by name."""

    version: str
    documents: dict[str, Entry]
    refused: dict[str, Refused] = {}
    """Parsed files that could not be indexed, by name."""
    files: dict[str, int] = {}
    """Sizes in bytes of all other files of the generation, which never change."""
    hashes: dict[str, str] = {}
    """SHA-256 of the same files (`shisaku status --check`)."""

    def names(self) -> dict[str, str]:
        """Return the names of parsed files by document id."""
        return {entry.id or name: name for name, entry in self.documents.items()}

    def document_id(self, text: str) -> str | None:
        """Return the id of the document with the id or path `text`, None for none.

        Paths may begin with raw/ or not, and have any Unicode normalization form.
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
        """Return a SHA-256 of what is indexed: equal for equal parsed files."""
        parts = [f"{name}\0{entry.sha256}\n" for name, entry in sorted(self.documents.items())]
        import hashlib  # not needed by a search

        return hashlib.sha256("".join(parts).encode()).hexdigest()


class _Older(msgspec.Struct):
    """The fields that are used of the manifest of a version without seals."""

    version: str
    documents: dict[str, Entry]


def index_directory(data: Path) -> Path:
    """Return DIR/index."""
    return data / "index"


def is_generation(name: str) -> bool:
    """Return whether `name` is the name of a generation."""
    return _NAME.fullmatch(name) is not None


def current(data: Path) -> Path | None:
    """Return the directory of the current generation, None before the first.

    Raises:
        BrokenIndexError: the pointer names no generation.

    """
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
    """Return the manifest of `generation`.

    Raises:
        BrokenIndexError: the file is no manifest.
        OSError: it cannot be read.

    """
    path = generation / MANIFEST
    return decode_manifest(path.read_bytes(), path)


def decode_manifest(raw: bytes, path: Path) -> Manifest:
    """Return the manifest of its bytes; `path` is named in the error. See `read_manifest`.

    One of a version without seals is decoded too; its `version` differs.
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
    """Check that `version` is that of this program.

    Raises:
        IndexVersionError: it is another one.

    """
    if version != index_version():
        raise IndexVersionError(
            f"the index was made by another version ({version})",
            f"type: {to_type('index', data)}",
        )
