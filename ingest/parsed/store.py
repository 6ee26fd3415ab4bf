"""The parsed documents on disk: parsed/<document id>.json, one file each.

`Store` maps ids to paths, and reads, writes and removes files. Files are replaced atomically, an
unchanged document is not written again, and equal documents give equal bytes on every machine.
`index/` reads these files and nothing else that ingest writes. The trap: a name over 255 bytes is
cut, so the id of such a document stands only inside the file.
"""

import contextlib
import errno
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from shisaku.ingest.disk.files import TEMPORARY, UNDECODABLE, read_regular, walk
from shisaku.ingest.disk.files import write_atomically as write_atomically
from shisaku.ingest.disk.remembered import Remembered
from shisaku.ingest.model import Document, Parsed, PlaceProblem, Problem, Source
from shisaku.ingest.parsed.passage_paths import decode as decode
from shisaku.ingest.parsed.passage_paths import encode as encode

_SUFFIX = ".json"
_NAME_MAX = 255
"""Greatest length of a file name in bytes (NAME_MAX) on all common file systems."""
# raw/a.json/b.pdf and raw/a would both need parsed/a.json.
_LOOKS_PARSED = re.compile(r"\.json_*$", re.IGNORECASE)


class Header(Parsed, msgspec.Struct, frozen=True):
    """The fields of a parsed document that decide whether it must be parsed again."""

    id: str
    sha256: str
    sources: tuple[Source, ...]
    title: str
    plan: str | None = None
    publisher: str | None = None
    problems: tuple[Problem, ...] = ()
    stale: bool = False
    parser: dict[str, Any] = {}
    listed: dict[str, str] | UnsetType = UNSET

    @property
    def bytes_seen(self) -> str:
        """SHA-256 of the raw file last tried: the broken one where the document is stale."""
        return str(self.parser.get("broken_sha256", self.sha256))


@dataclass(frozen=True)
class Entry:
    """A path under parsed/ that has the name of a parsed file (ends in ".json")."""

    name: str
    """The path relative to parsed/, with "/"."""
    path: str
    header: Header | None = None
    """None where it is damaged (no parsed document, or that of another name) or not read."""
    error: OSError | None = None
    """Why it could not be read: it may be whole, so it must not be replaced."""

    @property
    def damaged(self) -> bool:
        """Whether it was read and is not the parsed document of that name."""
        return self.header is None and self.error is None


@dataclass(frozen=True)
class Listing:
    """The content of parsed/: files in path order, links, temporary files."""

    entries: tuple[Entry, ...]
    links: tuple[str, ...] = ()
    """Links to directories, by path relative to parsed/; they are not followed."""
    temporary: tuple[str, ...] = ()
    """Paths of half-written files of killed runs."""


def write_places(data: Path, places: Sequence[PlaceProblem]) -> None:
    """Write DIR/runs/problems.json where it has changed; remove it where `places` is empty."""
    path = data / "runs" / "problems.json"
    if not places:
        if not path.is_dir():  # a directory there is not ours, and is not read either
            path.unlink(missing_ok=True)
        return
    raw = msgspec.json.format(msgspec.json.encode(places, order="sorted"), indent=1) + b"\n"
    with contextlib.suppress(OSError):
        if read_regular(path) == raw:
            return
    write_atomically(path, raw)


def remembered_headers(data: Path) -> "Remembered[Header | None]":
    """Return the cache of headers, DIR/runs/parsed-headers.json."""
    return Remembered(data / "runs" / "parsed-headers.json", Header | None, "headers 2")


@dataclass(frozen=True)
class Store:
    """The directory parsed/ (`root`); documents are named by their ids."""

    root: Path

    def path(self, document_id: str) -> Path:
        """Return the path of a document's file.

        It is the id and ".json", except where no file can have that name: a name of more than 255
        bytes is cut and ends in a hash, and a folder whose name ends in ".json" gets a "_", because
        the file of a document could have the same path.
        """
        *directories, name = PurePosixPath(document_id).parts
        safe = [_short(_LOOKS_PARSED.sub(r"\g<0>_", part), "") for part in directories]
        return self.root.joinpath(*safe, _short(name, _SUFFIX))

    def headers(
        self, memory: "Remembered[Header | None] | None" = None
    ) -> Iterator[tuple[Path, Header | None]]:
        """Yield (path, header) of every .json file, in path order; None where it is not read."""
        for entry in self.listing(memory).entries:
            yield Path(entry.path), entry.header

    def listing(self, memory: "Remembered[Header | None] | None" = None) -> Listing:
        """Return the content of parsed/, with the header of every .json file.

        Headers in `memory` are not read again unless the file has changed.

        Raises:
            OSError: a directory cannot be listed.

        """
        entries, links, temporary = [], [], []
        for name, path in self._files():
            if name.rpartition("/")[2].startswith(TEMPORARY):
                temporary.append(path)
            elif name.endswith(_SUFFIX):
                if (entry := self._entry(name, path, memory)) is not None:
                    entries.append(entry)
            elif os.path.islink(path) and os.path.isdir(path):  # noqa: PTH112, PTH114
                links.append(name)
        return Listing(tuple(entries), tuple(links), tuple(temporary))

    def _entry(
        self, name: str, path: str, memory: "Remembered[Header | None] | None"
    ) -> Entry | None:
        read = self._read_header
        try:
            header = memory.get(name, path, read) if memory else read(path)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ELOOP):
                # Removed just now, or a broken link, which a write replaces.
                return Entry(name, path) if os.path.islink(path) else None  # noqa: PTH114
            return Entry(name, path, error=error)
        return Entry(name, path, header)

    def _read_header(self, path: str) -> Header | None:
        file = Path(path)
        try:
            header = msgspec.json.decode(read_regular(path), type=Header)
        except UNDECODABLE:
            return None
        # A copy made by hand would give a second document with the same passages.
        return header if self.path(header.id) == file else None

    def copied(self, path: Path) -> str:
        """Return the id of the document of which a file is a copy made by hand, "" for none."""
        try:
            header = msgspec.json.decode(read_regular(path), type=Header)
        except (OSError, *UNDECODABLE):
            return ""
        return "" if self.path(header.id) == path else header.id

    def read(self, document_id: str) -> Document | None:
        """Return a document; None where it does not exist or its file is damaged.

        Raises:
            OSError: its file may be whole, but cannot be read.

        """
        try:
            return decode(read_regular(self.path(document_id)))
        except (FileNotFoundError, *UNDECODABLE):
            return None

    def write(self, document_id: str, data: bytes) -> bool:
        """Write the JSON of a document; return False where the file has the same bytes already.

        An empty directory at its path is removed.

        Raises:
            OSError: it cannot be written; the file of before is unchanged.

        """
        path = self.path(document_id)
        try:
            if read_regular(path) == data:
                return False
        except IsADirectoryError:
            with contextlib.suppress(OSError):
                path.rmdir()
        except OSError:
            pass
        write_atomically(path, data)
        return True

    def refusal(self, document_id: str) -> OSError | None:
        """Return the error of writing a document's file that its path alone causes, else None."""
        path = self.path(document_id)
        # The temporary file may have a longer name than the file.
        for name in (path.name, f"{TEMPORARY}{os.getpid()}-00000000"):
            try:
                os.lstat(path.with_name(name))
            except FileNotFoundError:
                continue
            except OSError as error:
                if error.errno == errno.ENAMETOOLONG:
                    return error
        return None

    def delete(self, path: Path) -> None:
        """Remove a file of the store, and the folders that it leaves empty.

        Raises:
            OSError: the file cannot be removed.

        """
        path.unlink(missing_ok=True)
        for parent in path.parents:
            if parent == self.root:
                return
            try:
                parent.rmdir()
            except OSError:
                return

    def clean(self) -> None:
        """Remove half-written files of killed runs; call it only while holding the lock."""
        self.remove(
            [p for name, p in self._files() if name.rpartition("/")[2].startswith(TEMPORARY)]
        )

    def remove(self, temporary: Sequence[str]) -> None:
        """Remove files by path; those that cannot be removed stay."""
        for path in temporary:
            with contextlib.suppress(OSError):
                self.delete(Path(path))

    def _files(self) -> list[tuple[str, str]]:
        if not self.root.is_dir():
            return []
        return sorted(walk(self.root), key=lambda file: file[0].split("/"))


def _short(name: str, suffix: str) -> str:
    whole = name.encode() + suffix.encode()
    if len(whole) <= _NAME_MAX:
        return name + suffix
    tail = f"~{hashlib.sha256(name.encode()).hexdigest()[:16]}{suffix}"
    head = name.encode()[: _NAME_MAX - len(tail)].decode(errors="ignore")
    return head + tail
