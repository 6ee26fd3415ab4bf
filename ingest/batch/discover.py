"""Finds the files under raw/, and which of them are the same document (equal SHA-256).

`discover` takes raw/ and gives a `Discovery`. Names are compared in Unicode NFC, as archives unpack
to either form of が. Hashes and sidecars are cached in runs/ by size, times and inode, so that an
unchanged file is not read. Files that are not taken are counted; what cannot be read is reported.

Traps: a folder that cannot be listed stops the run (`UnlistedError`), because its files may exist;
a file that cannot be opened is a problem of that file alone. A link to a file is followed where its
target is inside raw/; links to other places and to directories, and broken links, are reported and
not followed.
"""

import errno
import hashlib
import os
import stat
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from shlex import quote
from types import MappingProxyType

from shisaku.ingest.disk.files import is_utf8
from shisaku.ingest.disk.remembered import Remembered
from shisaku.ingest.errors import ShisakuError
from shisaku.ingest.model import Origin, Problem
from shisaku.ingest.parsed.sidecar import SIDECAR_SUFFIX, is_sidecar, read_origin
from shisaku.ingest.problems import (
    damaged_sidecar,
    folder_left_out,
    name_not_utf8,
    not_a_file,
    path_too_long,
    unreadable_file,
)

SUFFIXES = {".pdf": "pdf", ".html": "html", ".htm": "html", ".xhtml": "html"}
"""Suffixes of files that are taken, in any case → the kind expected (`sniff.FileKind`)."""

_CHUNK = 1 << 20
_NO_ENTRIES = frozenset({"lost+found"})
"""Folders directly under raw/ without documents that only root may list: ext file systems have
lost+found at the top, so it exists where raw/ is a separate disk."""


class UnlistedError(ShisakuError):
    """A folder under raw/ cannot be listed, so it is not known which documents still exist."""

    def __init__(self, name: str, path: str, reason: str, command: str) -> None:
        skip = f"{command} --skip-folder {quote(name)}" if name else ""
        super().__init__(
            f"the folder {path} cannot be listed: {reason}; nothing was changed",
            f"To see its permissions: ls -ld {quote(path)}; to see whether its disk is mounted: "
            f"findmnt -T {quote(path)}."
            + (
                " To leave it out and keep what was read from it, type: " + skip
                if skip
                else f" Then type: {command}"
            ),
        )


@dataclass(frozen=True)
class FoundFile:
    """A file that is taken: its path relative to raw/ in NFC with "/", its path, its hash."""

    name: str
    place: str
    size: int = 0
    sha256: str = ""
    """"" where the file could not be read; `problem` then says why."""
    problem: Problem | None = None
    origin: Origin | None = None
    """The origin in its sidecar; None where it has none or a damaged one."""

    @property
    def path(self) -> Path:
        """Its path; made on demand, because most files are not opened."""
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
        """The origin of the naming file, else of the first other file that has one."""
        origins = (file.origin for file in (self.file, *self.files))
        return next(filter(None, origins), None)


@dataclass(frozen=True)
class Discovery:
    """The content of raw/: documents in id order, ignored files, unreadable paths."""

    documents: tuple[FoundDocument, ...]
    ignored: int = 0
    problems: tuple[tuple[str, Problem], ...] = ()
    """Problems by path under raw/: unreadable directories and sidecars, links, names that clash or
    are not UTF-8."""
    unread: tuple[FoundFile, ...] = ()
    """Copies of documents that cannot be opened, where another copy can."""
    unseen: tuple[str, ...] = ()
    """Paths that were not looked at: what is there, or below, is not known."""


def discover(
    raw: Path,
    cache: Path,
    *,
    known: Mapping[str, str] = MappingProxyType({}),
    force: bool = False,
    skip: Collection[str] = (),
    command: str = "shisaku ingest",
) -> Discovery:
    """Return the documents under `raw`.

    `cache` is the directory of the caches; `force` reads every file anew. `known` has for every
    parsed document the SHA-256 of the file last tried: of several files with the same bytes one
    that is known keeps naming the document, so that a copy which sorts before it does not change
    the ids of its passages; else the first name in code-point order is the id. `skip` are folders
    (relative to `raw`, with "/") that are not looked at; `command` is what to type again.

    Raises:
        UnlistedError: a folder cannot be listed and is not among `skip`.

    """
    scan = _Scan(raw, frozenset(skip), command, known)
    scan.walk()
    files, unread = _split(_hashed(scan, cache, force), known)
    groups: dict[tuple[str, str], list[FoundFile]] = {}
    for file in files:
        # Empty and unreadable files are no copies of each other.
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
        unread=tuple(unread),
        unseen=tuple(scan.unseen),
    )


def _split(
    files: list[FoundFile], known: Mapping[str, str]
) -> tuple[list[FoundFile], list[FoundFile]]:
    """Return the files that become documents, and unreadable ones with a readable copy.

    A file that cannot be opened now counts as unchanged where another file has its last hash: else
    the copy would become a document of its own in this run, with other ids.
    """
    read = {file.sha256: file for file in files if not file.problem and file.size}
    found, unread = [], []
    for file in files:
        copy = read.get(known.get(file.name, "")) if file.problem else None
        if copy is None or _suffix(copy.name) != _suffix(file.name):
            found.append(file)
            continue
        unread.append(file)
        found.append(
            replace(file, place=copy.place, size=copy.size, sha256=copy.sha256, problem=None)
        )
    return found, unread


def shown_name(name: str) -> str:
    """Return a file name in NFC; bytes that are not UTF-8 are decoded as cp932, else as %XX.

    Archives made on Japanese Windows unpack to such names, and JSON cannot hold them.
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
    skip: frozenset[str] = frozenset()
    command: str = "shisaku ingest"
    known: Mapping[str, str] = field(default_factory=dict)
    replaced: list[FoundFile] = field(default_factory=list)
    """Documents at whose path there is a directory or a pipe now."""
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
            for entry in self._entries(name, directory):
                shown = f"{name}/{shown_name(entry.name)}".lstrip("/")
                try:
                    self._look(entry, shown, inside, pending)
                except OSError as error:  # the system had to be asked what the entry is
                    self._not_looked_at(shown, error)

    def _entries(self, name: str, directory: str) -> "list[os.DirEntry[str]]":
        if name in self.skip:
            self.unseen.append(name)
            self.problems.append((name, folder_left_out()))
            return []
        try:
            with os.scandir(directory) as found:
                return sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            if name in _NO_ENTRIES:
                self.ignored += 1
                return []
            if name and error.errno in (errno.ENAMETOOLONG, errno.ENOENT, errno.ENOTDIR):
                # No path leads to it, or it was removed just now.
                self._not_looked_at(name, error)
                return []
            reason = error.strerror or str(error)
            raise UnlistedError(name, directory, reason, self.command) from error

    def _look(
        self,
        entry: "os.DirEntry[str]",
        shown: str,
        inside: Path,
        pending: list[tuple[str, str]],
    ) -> None:
        if _is_hidden(entry.name):
            self.ignored += 1
        elif not is_utf8(entry.name):
            self._unnamable(shown, entry.is_dir(follow_symlinks=False))
        elif entry.is_symlink():
            self._link(shown, Path(entry.path), inside)
        elif entry.is_dir():
            pending.append((shown, entry.path))
            if shown in self.known:
                self._replaced(shown, entry.path, "A directory")
        elif entry.is_file():
            self._take(shown, entry.path)
        elif shown in self.known:
            self._replaced(shown, entry.path, "A pipe or a socket")
        else:
            self.ignored += 1  # a socket or a pipe: opening it would wait for ever

    def _replaced(self, shown: str, path: str, what: str) -> None:
        self.replaced.append(FoundFile(shown, path, problem=not_a_file(shown, what)))

    def _not_looked_at(self, shown: str, error: OSError) -> None:
        long = error.errno == errno.ENAMETOOLONG
        self.unseen.append(shown)
        self.problems.append(
            (shown, path_too_long() if long else unreadable_file(error.strerror or str(error)))
        )

    def _unnamable(self, shown: str, is_directory: bool) -> None:
        # Ids, JSON and URLs cannot hold such a name, so the document could not be cited.
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
            self.sidecars.setdefault(shown, path)  # it describes the file beside it
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
            long = error.errno == errno.ENAMETOOLONG
            problem = path_too_long() if long else unreadable_file(error.strerror or str(error))
            found.append(FoundFile(name, path, problem=problem, origin=origin))
    memory.save()
    origins.save()
    return found + scan.replaced


def _hash(path: str) -> tuple[int, str]:
    """Return the size of a file in bytes and its SHA-256."""
    size = 0
    digest = hashlib.sha256()
    # A pipe may have come into its place: opening one would wait without O_NONBLOCK.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb") as file:  # noqa: PTH123 - a handle, not a path
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "Not a regular file", path)
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()
