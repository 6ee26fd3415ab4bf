"""Writes the result of one document under parsed/ and counts it in the report.

`Placement` takes a found document and what parsing it gave (`Result`), and writes, keeps, marks as
stale or leaves alone its parsed file. Each document is counted once, as new, changed, unchanged or
failed. The trap: a failed file must not take away what was readable before, neither from parsed/
nor, where the parsed file cannot be read, from the index.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import UNSET
from msgspec.structs import replace

from shisaku.ingest.batch.discover import FoundDocument, FoundFile
from shisaku.ingest.batch.parsed_state import ParsedState
from shisaku.ingest.batch.report import IngestReport, Reported
from shisaku.ingest.batch.worker import Result
from shisaku.ingest.disk.failures import of_one_place
from shisaku.ingest.disk.files import read_regular
from shisaku.ingest.model import Document, Origin, Problem, Source
from shisaku.ingest.parsed.former_ids import record
from shisaku.ingest.parsed.origin import wanted, with_origin
from shisaku.ingest.parsed.store import Header, encode
from shisaku.ingest.problems import not_written


@dataclass
class Placement:
    """Puts documents in place under parsed/; `versions` are the parser's, stored with failures."""

    state: ParsedState
    versions: Mapping[str, str]
    report: IngestReport = field(default_factory=IngestReport)
    present: set[str] = field(default_factory=set)
    """Ids of documents that stay."""
    places: list[tuple[str, Problem]] = field(default_factory=list)
    """Problems of paths other than raw/, by path relative to the data directory."""

    def take(self, document: FoundDocument, result: Result) -> None:
        """Write the result of parsing a document.

        Raises:
            OSError: the disk is full, read-only or failing.

        """
        if result.failed:
            self.fail(document, result.problems)
            return
        try:
            written = self._write(document.id, result.data)
        except OSError as error:
            self.hold(document, self._refused(document.id, error))
            return
        self._settle(document, result.problems)
        if document.id not in self.state.headers:
            self.report.new += 1
        elif written:
            self.report.changed += 1
        else:
            self.report.unchanged += 1

    def keep(self, document: FoundDocument, header: Header) -> None:
        """Keep a document whose bytes were parsed before; only its sources are brought up to date.

        Raises:
            OSError: the disk is full, read-only or failing.

        """
        sources = sources_of(document.files, header)
        if sources != header.sources or wanted(header, document.origin) != header.listed:
            try:
                old = self.state.store.read(document.id)
            except OSError as error:
                self.hold(document, self.state.note_unreadable(document.id, error))
                return
            if old is not None:
                new = with_origin(replace(old, sources=sources), document.origin)
                try:
                    self._write(document.id, encode(new))
                except OSError as error:
                    self.hold(document, self._refused(document.id, error))
                    return
                self._settle(document, header.problems)
                self.report.changed += 1
                return
        self._settle(document, header.problems)
        self.report.unchanged += 1

    def hold(self, document: FoundDocument, *problems: Problem) -> None:
        """Leave the parsed file of a document as it is, and report why it was not updated.

        The parsed file does not name the problem; `shisaku docs` reads it from runs/problems.json.
        """
        # Where the file cannot be read, only the index knows whether it holds passages.
        path = self.state.store.path(document.id)
        stale = path in self.state.unreadable or self.state.answers(document.id)
        source = f"raw/{document.id}"
        for problem in problems:
            self.places.append((source, problem))
            self.report.problems.append(Reported(document.id, source, problem, stale))
        self.present.add(document.id)
        self.report.failed += 1

    def fail(self, document: FoundDocument, problems: tuple[Problem, ...]) -> None:
        """Record that the file of a document cannot be read, for each of its paths apart.

        One error page may have replaced a hundred different files: each path keeps the document
        that was readable there before, so failed files of equal bytes are never joined.

        Raises:
            OSError: the disk is full, read-only or failing.

        """
        for file in document.files:
            self.fail_file(file, *problems)

    def fail_file(self, file: FoundFile, *problems: Problem) -> None:
        """Record that one file cannot be read: mark its document as stale, or write an empty one.

        Raises:
            OSError: the disk is full, read-only or failing.

        """
        document = FoundDocument(file.name, (file,))
        try:
            old = self.state.last_readable(file.name)
        except OSError as error:
            self.hold(document, *problems, self.state.note_unreadable(file.name, error))
            return
        if old is None and self.state.may_hold_passages(file.name):
            # Its parsed file is damaged and cannot be made again now. The index may still hold its
            # passages; a document without passages in its place would remove them.
            self.hold(document, *problems)
            return
        sources = sources_of((file,), self.state.headers.get(file.name))
        if old is not None:
            seen = {"broken_sha256": file.sha256, "broken_by": self.versions}
            parser = {**old.parser, **seen}
            made = replace(old, sources=sources, problems=problems, stale=True, parser=parser)
        else:
            made = Document(
                id=file.name,
                sha256=file.sha256,
                sources=sources,
                title=file.name.rpartition("/")[2],
                problems=problems,
                parser=self.versions,
            )
        try:
            self._write(file.name, encode(with_origin(made, file.origin)))
        except OSError as error:
            self.hold(document, *problems, self._refused(file.name, error))
            return
        self.present.add(file.name)
        self.report.failed += 1
        self.report.problems += [
            Reported(file.name, sources[0].path, problem, made.stale)
            for problem in problems
            if problem.failed
        ]

    def delete(self, path: Path) -> bool:
        """Remove a parsed file; False where the system refuses, which is reported.

        Raises:
            OSError: the disk is read-only or failing.

        """
        try:
            self.state.store.delete(path)
        except OSError as error:
            if not of_one_place(error, self.state.store.root):
                raise
            problem = not_written(str(path), error.strerror or str(error))
            self.report_place(self.state.place(path), problem)
            return False
        self.report.written += 1
        return True

    def report_place(self, place: str, problem: Problem) -> None:
        """Report the problem of a path (relative to the data directory) that is no document."""
        self.places.append((place, problem))
        self.report.problems.append(Reported(place, place, problem))

    def _settle(self, document: FoundDocument, warnings: tuple[Problem, ...]) -> None:
        self.present.add(document.id)
        source = f"raw/{document.id}"
        self.report.warnings += [Reported(document.id, source, warning) for warning in warnings]

    def _refused(self, document_id: str, error: OSError) -> Problem:
        """Return the problem of one document; raises `error` where the whole disk is to blame."""
        if not of_one_place(error, self.state.store.root):
            raise error
        return self.state.write_problem(document_id, error)

    def _write(self, document_id: str, data: bytes) -> bool:
        if document_id in self.state.headers:
            self._note_former_ids(document_id, data)
        written = self.state.store.write(document_id, data)
        self.report.written += written
        return written

    def _note_former_ids(self, document_id: str, data: bytes) -> None:
        """Note where the words of ids that are gone stand in `data`, the new parsed document."""
        store = self.state.store
        try:
            old = read_regular(store.path(document_id))
        except OSError:
            return  # writing says what is wrong
        if old == data:
            return
        try:
            record(store.root.parent, document_id, old, data)
        except OSError as error:
            if not of_one_place(error, store.root):
                raise
            problem = not_written(document_id, error.strerror or str(error))
            self.report_place(f"history/ids/{document_id}", problem)


def sources_of(files: tuple[FoundFile, ...], header: Header | None) -> tuple[Source, ...]:
    """Return the sources of a document, one a file.

    A URL is taken from the file's sidecar, else from the parsed document of before (`header`).
    """
    known = {source.path: source.url for source in header.sources} if header else {}
    found = []
    for file in files:
        path, origin = f"raw/{file.name}", file.origin or Origin()
        url = origin.url or known.get(path)
        found.append(Source(path, url, origin.withdrawn or UNSET))
    return tuple(found)
