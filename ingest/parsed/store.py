"""The parsed documents on disk: parsed/<document id>.json, one file each.

A reader never sees half a file (write beside, fsync, rename), an unchanged document is never
written again, and equal documents give equal bytes on every machine. `index/` reads these files
and nothing else of `ingest/`.
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
"""Bytes in one name, on every common file system."""
# raw/a.json/b.pdf and raw/a would both want parsed/a.json.
_LOOKS_PARSED = re.compile(r"\.json_*$", re.IGNORECASE)


class Header(Parsed, msgspec.Struct, frozen=True):
    """The part of a parsed document that tells whether it must be made again."""

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
        """Hash of the file that was last tried: of the broken one where the document is stale."""
        return str(self.parser.get("broken_sha256", self.sha256))


@dataclass(frozen=True)
class Entry:
    """What stands at a path under parsed/ whose name is that of a parsed file."""

    name: str
    """The path from parsed/ on, with "/"."""
    path: str
    header: Header | None = None
    """None where it is damaged (it is no parsed document, or one of another name), or not read."""
    error: OSError | None = None
    """Why it could not be read: it may be whole, and nothing may take its place."""

    @property
    def damaged(self) -> bool:
        """Whether it was read and is no parsed document of that name."""
        return self.header is None and self.error is None


@dataclass(frozen=True)
class Listing:
    """What stands under parsed/: parsed files in path order, and what is no file."""

    entries: tuple[Entry, ...]
    links: tuple[str, ...] = ()
    """Links to directories, by their path from parsed/ on: nothing is looked for behind them."""
    temporary: tuple[str, ...] = ()
    """Paths of what runs that were killed left half-written."""


def write_places(data: Path, places: Sequence[PlaceProblem]) -> None:
    """Keep DIR/runs/problems.json; written only where it changes, and not there for nothing."""
    path = data / "runs" / "problems.json"
    if not places:
        if not path.is_dir():  # somebody else's; what stands there is not read either
            path.unlink(missing_ok=True)
        return
    raw = msgspec.json.format(msgspec.json.encode(places, order="sorted"), indent=1) + b"\n"
    with contextlib.suppress(OSError):
        if read_regular(path) == raw:
            return
    write_atomically(path, raw)


def remembered_headers(data: Path) -> "Remembered[Header | None]":
    """Give the memory of headers, DIR/runs/parsed-headers.json."""
    return Remembered(data / "runs" / "parsed-headers.json", Header | None, "headers 2")


@dataclass(frozen=True)
class Store:
    """The directory parsed/; every path given or taken is a document id."""

    root: Path

    def path(self, document_id: str) -> Path:
        """Give the file of a document.

        It is the id with .json behind it, except where no file could have that name: a name of
        more than 255 bytes is cut and ends in a hash, and a directory whose name ends in .json
        gets a "_", as it would stand in the way of the document of that name.
        """
        *directories, name = PurePosixPath(document_id).parts
        safe = [_short(_LOOKS_PARSED.sub(r"\g<0>_", part), "") for part in directories]
        return self.root.joinpath(*safe, _short(name, _SUFFIX))

    def headers(
        self, memory: "Remembered[Header | None] | None" = None
    ) -> Iterator[tuple[Path, Header | None]]:
        """Yield every .json file with its header, in path order; None for one that is not read."""
        for entry in self.listing(memory).entries:
            yield Path(entry.path), entry.header

    def listing(self, memory: "Remembered[Header | None] | None" = None) -> Listing:
        """Read the header of every .json file.

        What is in `memory` is not read again unless the file has changed.

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
                # Removed just now; or a link to nothing, in whose place a file can be written.
                return Entry(name, path) if os.path.islink(path) else None  # noqa: PTH114
            return Entry(name, path, error=error)
        return Entry(name, path, header)

    def _read_header(self, path: str) -> Header | None:
        file = Path(path)
        try:
            header = msgspec.json.decode(read_regular(path), type=Header)
        except UNDECODABLE:
            return None
        # A copy made by hand would be a second document with the same passages.
        return header if self.path(header.id) == file else None

    def copied(self, path: Path) -> str:
        """Give the id of the document that a file was copied from by hand, "" where it was not."""
        try:
            header = msgspec.json.decode(read_regular(path), type=Header)
        except (OSError, *UNDECODABLE):
            return ""
        return "" if self.path(header.id) == path else header.id

    def read(self, document_id: str) -> Document | None:
        """Give a document, or None where there is none or its file is damaged.

        Raises:
            OSError: there may be one, but it cannot be read.

        """
        try:
            return decode(read_regular(self.path(document_id)))
        except (FileNotFoundError, *UNDECODABLE):
            return None

    def write(self, document_id: str, data: bytes) -> bool:
        """Put the JSON of a document in place; False where the same bytes stand there already.

        An empty directory in its place gives way.

        Raises:
            OSError: it cannot be written; what stood there before stands there still.

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
        """Give why a document's file could not be written because of its path alone, else None."""
        path = self.path(document_id)
        # The file that is written first has another name, perhaps a longer one.
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
        """Remove a file of the store and the directories that are empty without it."""
        path.unlink(missing_ok=True)
        for parent in path.parents:
            if parent == self.root:
                return
            try:
                parent.rmdir()
            except OSError:
                return

    def clean(self) -> None:
        """Remove what runs that were killed left behind; only while holding the lock."""
        self.remove(
            [p for name, p in self._files() if name.rpartition("/")[2].startswith(TEMPORARY)]
        )

    def remove(self, temporary: Sequence[str]) -> None:
        """Remove half-written files; one that cannot be removed harms nobody."""
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
