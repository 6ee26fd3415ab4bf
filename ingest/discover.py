"""Finds the files under raw/ and says which of them are the same document.

Names are compared in NFC: one archive unpacks as が (NFD), the other as が (NFC). Files are told
apart by the hash of their bytes; caches in runs/, by size, times and inode, of hashes and of what
sidecars say keep an unchanged night from reading a terabyte. Nothing is passed over in silence:
what is not taken is counted, what cannot be read is reported.

Links: a link to a file is followed where it stays inside raw/; one that leads out, to a directory
or to nothing is reported and left alone, so that no loop and no foreign file can get in.
"""

import hashlib
import os
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from ingest.disk.files import is_utf8
from ingest.disk.remembered import Remembered
from ingest.model import Origin, Problem
from ingest.problems import damaged_sidecar, name_not_utf8, unreadable_file
from ingest.sidecar import SIDECAR_SUFFIX, is_sidecar, read_origin

SUFFIXES = {".pdf": "pdf", ".html": "html", ".htm": "html", ".xhtml": "html"}
"""Suffixes that are taken, in any case, with the kind of file that each promises."""

_CHUNK = 1 << 20


@dataclass(frozen=True)
class FoundFile:
    """A file that is taken: its name under raw/ in NFC with "/", where it is, what it holds."""

    name: str
    place: str
    size: int = 0
    sha256: str = ""
    """"" where the file could not be read; `problem` then says why."""
    problem: Problem | None = None
    origin: Origin | None = None
    """Where it was fetched; None where it has no sidecar, or one that is damaged."""

    @property
    def path(self) -> Path:
        """Where it is; made only when asked for, as most files of most nights are never opened."""
        return Path(self.place)


@dataclass(frozen=True)
class FoundDocument:
    """One or more files with the same bytes; `id` is the name of one of them."""

    id: str
    files: tuple[FoundFile, ...]

    @property
    def file(self) -> FoundFile:
        """The file that names the document."""
        return next(file for file in self.files if file.name == self.id)

    @property
    def origin(self) -> Origin | None:
        """Where the bytes were fetched: of several files the naming one is asked first."""
        origins = (file.origin for file in (self.file, *self.files))
        return next(filter(None, origins), None)


@dataclass(frozen=True)
class Discovery:
    """What stands under raw/: documents in id order, files not taken, places not readable."""

    documents: tuple[FoundDocument, ...]
    ignored: int = 0
    problems: tuple[tuple[str, Problem], ...] = ()
    """By name under raw/: directories and sidecars that cannot be read, links, names that clash or
    are bytes."""
    unseen: tuple[str, ...] = ()
    """Names that could not be looked at: they, or what is below them, may be there or not."""


def discover(
    raw: Path,
    cache: Path,
    *,
    known: Mapping[str, str] = MappingProxyType({}),
    force: bool = False,
) -> Discovery:
    """Find the documents under `raw`.

    `cache` is the directory in which what was read is remembered; `force` reads everything anew.
    `known` gives, for every document that is parsed already, the hash of the file that was tried
    last: where one of several files with the same bytes is among them, it stays the document's
    name, so that a copy which sorts before it does not change the ids of its passages. Otherwise
    the first name in code-point order is the id.
    """
    scan = _Scan(raw)
    scan.walk()
    files = _hashed(scan, cache, force)
    groups: dict[tuple[str, str], list[FoundFile]] = {}
    for file in files:
        # Empty and unreadable files have nothing in common but that.
        own = file.name if not file.sha256 or not file.size else ""
        kind = SUFFIXES[_suffix(file.name)]
        groups.setdefault((own or file.sha256, kind), []).append(file)
    documents = []
    for group in groups.values():
        named = [file for file in group if file.name in known]
        kept = [file for file in named if known[file.name] == file.sha256]
        documents.append(FoundDocument((kept or named or group)[0].name, tuple(group)))
    return Discovery(
        documents=tuple(sorted(documents, key=lambda document: document.id)),
        ignored=scan.ignored,
        problems=tuple(scan.problems),
        unseen=tuple(scan.unseen),
    )


def shown_name(name: str) -> str:
    """Give a file name in NFC; bytes that are no UTF-8 are read as cp932, else written %XX.

    Archives made on Japanese Windows unpack to such names elsewhere, and JSON cannot hold them.
    """
    if not is_utf8(name):
        data = os.fsencode(name)
        try:
            name = data.decode("cp932")
        except UnicodeDecodeError:
            name = ""
        # Python's cp932 knows every byte: those of no character (FF) become private-use ones.
        if not name or any(unicodedata.category(char) in ("Cc", "Co") for char in name):
            name = "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in data)
    return unicodedata.normalize("NFC", name)


def _suffix(name: str) -> str:
    return name[name.rfind(".") :].lower()


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name.endswith(("~", ".part", ".crdownload"))


def _link_problem(what: str) -> Problem:
    return Problem(
        "link",
        f"The link {what}, it was left alone (リンクは取り込みません).",
        "Put the file itself under raw/.",
        failed=False,
    )


@dataclass
class _Scan:
    raw: Path
    ignored: int = 0
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    sidecars: dict[str, str] = field(default_factory=dict)

    def walk(self) -> None:
        """Fill `files` and `sidecars`, the paths by shown name."""
        pending: list[tuple[str, str]] = [("", os.fspath(self.raw))]
        inside = self.raw.resolve()
        while pending:
            name, directory = pending.pop()
            try:
                entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
            except OSError as error:
                self.unseen.append(name)
                self.problems.append((name or ".", unreadable_file(error.strerror or str(error))))
                continue
            for entry in entries:
                shown = f"{name}/{shown_name(entry.name)}".lstrip("/")
                if _is_hidden(entry.name):
                    self.ignored += 1
                elif not is_utf8(entry.name):
                    self._unnamable(shown, entry.is_dir(follow_symlinks=False))
                elif entry.is_symlink():
                    self._link(shown, Path(entry.path), inside)
                elif entry.is_dir():
                    pending.append((shown, entry.path))
                elif entry.is_file():
                    self._take(shown, entry.path)
                else:
                    self.ignored += 1  # a socket or a pipe: opening it would wait for ever

    def _unnamable(self, shown: str, is_directory: bool) -> None:
        # No id, no JSON and no address can hold such a name, so nobody could cite the document.
        if is_directory or _suffix(shown) in SUFFIXES:
            self.unseen.append(shown)
            self.problems.append((shown, name_not_utf8()))
        else:
            self.ignored += 1

    def _link(self, shown: str, path: Path, inside: Path) -> None:
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):
            self.problems.append((shown, _link_problem("leads to nothing")))
            return
        if not target.is_relative_to(inside):
            self.problems.append((shown, _link_problem("leads out of raw/")))
        elif not target.is_file():
            self.problems.append((shown, _link_problem("leads to a directory")))
        else:
            self._take(shown, os.fspath(path))

    def _take(self, shown: str, path: str) -> None:
        if is_sidecar(shown):
            self.sidecars.setdefault(shown, path)  # it speaks of the file beside it
        elif _suffix(shown) not in SUFFIXES:
            self.ignored += 1
        elif (other := self.files.get(shown)) is not None and not _same(path, other):
            self.problems.append((shown, _clash()))
        else:
            self.files.setdefault(shown, path)


def _same(one: str, other: str) -> bool:
    try:
        return _hash(one) == _hash(other)
    except OSError:
        return False


def _clash() -> Problem:
    return Problem(
        "name_clash",
        "Two files have this name, written in two ways in Unicode; only the first was read "
        "(同じ名前のファイルが二つあります).",
        "Rename one of the two files.",
    )


# --- hashes ----------------------------------------------------------------------------------


def _hashed(scan: _Scan, cache: Path, force: bool) -> list[FoundFile]:
    memory: Remembered[tuple[int, str]] = Remembered(
        cache / "stat-cache.json", tuple[int, str], "raw 1", forget=force
    )
    origins: Remembered[Origin | None] = Remembered(
        cache / "sidecars.json", Origin | None, "sidecars 1", forget=force
    )
    found = []
    for name, path in sorted(scan.files.items()):
        origin = None
        if sidecar := scan.sidecars.get(name + SIDECAR_SUFFIX):
            why, there = "", True
            try:
                origin = origins.get(name, sidecar, read_origin)
            except OSError as error:
                why = error.strerror or str(error)
                there = not isinstance(error, FileNotFoundError)  # deleted just now, by hand
            if origin is None and there:
                scan.problems.append((name + SIDECAR_SUFFIX, damaged_sidecar(name, why)))
        try:
            size, digest = memory.get(name, path, _hash)
            found.append(FoundFile(name, path, size, digest, origin=origin))
        except OSError as error:
            problem = unreadable_file(error.strerror or str(error))
            found.append(FoundFile(name, path, problem=problem, origin=origin))
    memory.save()
    origins.save()
    return found


def _hash(path: str) -> tuple[int, str]:
    """Give the size of a file in bytes and its SHA-256."""
    size = 0
    digest = hashlib.sha256()
    with Path(path).open("rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(0, "not a regular file")
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()
