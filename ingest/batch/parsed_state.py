"""What stands under parsed/ when a run begins: headers of documents, damaged and unreadable files.

`ParsedState.read` takes a `Store` and the memory of headers and gives the state; nothing is written
here. Apart from `ingest.batch.placement`, which writes: the plan of a run is made, and removals are
judged, before the first write. The trap: a file that cannot be opened may be whole, so it is never
replaced or removed; a file that was read and is no parsed document may be.
"""

import errno
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from shisaku.ingest.disk.remembered import Remembered
from shisaku.ingest.model import Document, Problem
from shisaku.ingest.parsed.store import Header, Store
from shisaku.ingest.problems import linked_folder, not_kept_readable, not_written, path_too_long


@dataclass
class ParsedState:
    """The headers of all parsed documents by id, and the other files under parsed/ by path."""

    store: Store
    headers: dict[str, Header] = field(default_factory=dict)
    damaged: list[Path] = field(default_factory=list)
    """Files that were read and are not the parsed document of their name."""
    unreadable: dict[Path, OSError] = field(default_factory=dict)
    """Parsed files that cannot be opened: they may be whole, so none is replaced or removed."""
    links: tuple[str, ...] = ()
    """Links to directories, by path relative to parsed/."""
    temporary: tuple[str, ...] = ()
    """Paths of half-written files of runs that were killed."""

    @classmethod
    def read(cls, store: Store, memory: "Remembered[Header | None]") -> "ParsedState":
        """Return what stands under `store`; files unchanged since `memory` are not read again.

        Raises:
            OSError: a directory cannot be listed.

        """
        listing = store.listing(memory)
        found = cls(store, links=listing.links, temporary=listing.temporary)
        for entry in listing.entries:
            path = Path(entry.path)
            if entry.header is not None:
                found.headers[entry.header.id] = entry.header
            elif entry.error is None:
                found.damaged.append(path)
            else:
                found.unreadable[path] = entry.error
        return found

    def name(self, path: Path) -> str:
        """Return the path of a parsed file relative to parsed/, without ".json"."""
        return path.relative_to(self.store.root).as_posix().removesuffix(".json")

    def place(self, path: Path) -> str:
        """Return the path of a parsed file relative to the data directory."""
        return f"parsed/{path.relative_to(self.store.root).as_posix()}"

    def hashes(self) -> dict[str, str]:
        """Return the SHA-256 of the raw file last tried, by document id; "" for unreadable ones."""
        known = {name: header.bytes_seen for name, header in self.headers.items()}
        for path in self.unreadable:
            # The id of a document whose file name was cut stands only inside the file.
            known[self.name(path)] = ""
        return known

    def lost(
        self, names: Collection[str], hashes: Collection[str], unseen: Callable[[str], bool]
    ) -> tuple[list[str], int]:
        """Return the documents that would be removed, and the number of all documents.

        `names` and `hashes` are those of the files found under raw/; `unseen(name)` is true for a
        document in a folder that was not looked at. A renamed file (same hash) is not lost. A
        damaged file that is not written again counts as lost, and has its path as its name.
        """
        lost = [
            name
            for name, header in self.headers.items()
            if name not in names and header.bytes_seen not in hashes and not unseen(name)
        ]
        kept = {self.store.path(name) for name in names} if self.damaged else set()
        copies = [path for path in self.damaged if self.store.copied(path) in self.headers]
        gone = [path for path in self.damaged if path not in kept and path not in copies]
        lost += [str(path.relative_to(self.store.root)) for path in gone]
        return lost, len(self.headers) + len(self.damaged) - len(copies)

    def obstacle(self, document_id: str, force: bool) -> Problem | None:
        """Return why the parsed file of a document may not be written; None where it may.

        With `force` a file that cannot be opened is replaced.
        """
        if not self.unreadable and not self.links:
            return None
        path = self.store.path(document_id)
        if (error := self.unreadable.get(path)) is not None and not force:
            return not_kept_readable(str(path), error.strerror or str(error))
        name = path.relative_to(self.store.root).as_posix()
        for link in self.links:
            if name.startswith(link + "/"):
                return linked_folder(str(self.store.root / link))
        return None

    def write_problem(self, document_id: str, error: OSError) -> Problem:
        """Return the problem of a document whose parsed file was refused by the system."""
        if error.errno == errno.ENAMETOOLONG:
            return path_too_long()
        return not_written(str(self.store.path(document_id)), error.strerror or str(error))

    def note_unreadable(self, document_id: str, error: OSError) -> Problem:
        """Add the parsed file of a document to `unreadable` and return its problem."""
        path = self.store.path(document_id)
        self.unreadable[path] = error
        return not_kept_readable(str(path), error.strerror or str(error))

    def answers(self, document_id: str) -> bool:
        """Return whether the parsed file holds passages: it was readable once (or is stale)."""
        header = self.headers.get(document_id)
        return header is not None and (header.stale or not header.failed)

    def last_readable(self, document_id: str) -> Document | None:
        """Return the document as last parsed with success; None where it never was.

        Raises:
            OSError: there may be one, but its file cannot be read.

        """
        return self.store.read(document_id) if self.answers(document_id) else None

    def may_hold_passages(self, document_id: str) -> bool:
        """Return whether the parsed file holds passages or is damaged, so that it may have."""
        if document_id not in self.headers:
            path = self.store.path(document_id)
            return path in self.unreadable or path in self.damaged
        return self.answers(document_id)
