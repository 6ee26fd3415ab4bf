"""Brings parsed/ in line with raw/: parses what is new or changed, removes what is gone.

One bad file never stops the others: it becomes a document without passages, or, if it was readable
before, stays as it was and is marked stale. A run that finds nothing to do writes nothing, and no
clock ever enters a record, so that an unchanged night shows no change. Afterwards: `shisaku index`.
"""

import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote

from msgspec import UNSET
from msgspec.structs import replace

from ingest.discover import Discovery, FoundDocument, FoundFile, discover
from ingest.disk.failures import disk_error
from ingest.disk.lock import locked
from ingest.errors import ShisakuError
from ingest.model import Document, Origin, PlaceProblem, Problem, Source
from ingest.origin import wanted, with_origin
from ingest.pool import parse_all
from ingest.report import IngestReport, Reported
from ingest.store import (
    Header,
    Store,
    encode,
    remembered_headers,
    write_places,
)
from ingest.worker import Job, Result

PARSE = "ingest.parse:parse_file"
PASSING = frozenset({"internal", "crash", "changed", "unreadable"})
"""Codes of problems that may lie in the machine, or in a program half installed, and not in the
file: what has one is tried again the next night. Not so what took too much time or memory, as that
would cost the same every night."""
Progress = Callable[[int, int, str], None]
"""Called with the number of files parsed, the number to parse, and the document just parsed."""


class NothingToReadError(ShisakuError):
    """There is no raw/ directory."""


class RemovalError(ShisakuError):
    """So many documents would go at once that raw/ itself is in doubt."""

    def __init__(self, message: str, command: str) -> None:
        super().__init__(
            message,
            "Check that the disk with raw/ is mounted. If the files are really meant to be gone, "
            f"type: {command} --allow-removal",
        )


def run_ingest(
    data: Path,
    *,
    jobs: int | None = None,
    force: bool = False,
    allow_removal: bool = False,
    command: str = "ingest",
    progress: Progress | None = None,
    timeout: float = 120.0,
    memory_mb: int = 1024,
    parse: str = PARSE,
    versions: Mapping[str, str] | None = None,
) -> IngestReport:
    """Bring `data`/parsed in line with `data`/raw and say what was done.

    `jobs` is the number of processes (default: one per processor), `timeout` is in seconds and
    `memory_mb` in MB, both for one file. `command` is what the user typed, for remedies. `parse`
    ("module:function") and `versions` stand in for `ingest.parse` in tests.

    Raises:
        NothingToReadError: there is no raw/.
        RemovalError: more than half of the documents would go and `allow_removal` is not set.
        LockedError: another process writes to `data`.
        DiskError: parsed/ or runs/ cannot be written.

    """
    if versions is None:
        from ingest.parse import parser_versions

        versions = parser_versions()
    run = _Run(data, dict(versions), allow_removal, f"shisaku {command} --data {quote(str(data))}")
    try:
        run.check_raw()
        with locked(data, command=command), (data / "runs" / "ingest.log").open("wb") as log:
            tasks = run.plan(force)
            workers = min(jobs or os.cpu_count() or 1, len(tasks))
            results = parse_all(
                [job for job, _ in tasks.values()],
                parse=parse,
                workers=workers,
                timeout=timeout,
                memory_mb=memory_mb,
                log=log,
            )
            with contextlib.closing(results):
                for done, (job, result) in enumerate(results, 1):
                    run.take(tasks[job.document_id][1], result)
                    if progress:
                        progress(done, len(tasks), job.document_id)
            run.remove_gone()
            run.note_places()
    except OSError as error:
        raise disk_error(error, data, command) from error
    return run.finish()


@dataclass
class _Run:
    data: Path
    versions: dict[str, str]
    allow_removal: bool
    command: str
    """What the user can type to run the same once more."""
    report: IngestReport = field(default_factory=IngestReport)
    previous: dict[str, Header] = field(default_factory=dict)
    found: Discovery = field(default_factory=lambda: Discovery(()))
    present: set[str] = field(default_factory=set)
    """Documents that stay."""
    damaged: list[Path] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return Store(self.data / "parsed")

    # --- before ------------------------------------------------------------------------------

    def check_raw(self) -> None:
        """Refuse to begin without raw/, which may be on a disk that is not mounted."""
        raw = self.data / "raw"
        if raw.is_dir():
            return
        parsed = any(header for _, header in self.store.headers())
        if not parsed:
            raise NothingToReadError(
                f"There is no directory {raw}.",
                f"Put PDF or HTML files under {raw}, then type: shisaku update --data "
                f"{quote(str(self.data))}",
            )
        if not self.allow_removal:
            raise RemovalError(
                f"{raw} is missing, but documents have been parsed from it.", self.command
            )

    def plan(self, force: bool) -> dict[str, tuple[Job, FoundDocument]]:
        """Compare raw/ with parsed/, settle what needs no parsing, and give what does."""
        # There even when there is nothing to parse: it says that raw/ has been looked at.
        self.store.root.mkdir(parents=True, exist_ok=True)
        self.store.clean()
        memory = remembered_headers(self.data)
        for path, header in self.store.headers(memory):
            if header is None:
                self.damaged.append(path)
            else:
                self.previous[header.id] = header
        memory.save()
        raw = self.data / "raw"
        if raw.is_dir():
            known = {name: header.bytes_seen for name, header in self.previous.items()}
            self.found = discover(raw, self.data / "runs", known=known, force=force)
        self._guard()
        tasks: dict[str, tuple[Job, FoundDocument]] = {}
        for document in self.found.documents:
            file = document.file
            header = self.previous.get(document.id)
            if file.problem:
                self._fail(file, file.problem)
            elif force or header is None or not self._is_current(header, document):
                tasks[document.id] = (self._job(document), document)
            elif header.failed:
                self._fail_all(document, header.problems)
            else:
                self._keep(document, header)
        return tasks

    def _job(self, document: FoundDocument) -> Job:
        file = document.file
        return Job(
            os.fsencode(file.path.absolute()),
            document.id,
            # A page may state another URL today.
            self._sources(document.files, None),
            file.sha256,
            self.versions,
            file.size,
            document.origin,
        )

    def _is_current(self, header: Header, document: FoundDocument) -> bool:
        """Whether these bytes were tried before by this parser, with success or for good."""
        if header.listed is not UNSET and document.origin is None:
            return False  # the sidecar is gone, and with it the URL; a page may state one itself
        if any(problem.failed and problem.code in PASSING for problem in header.problems):
            return False
        made_by = header.parser.get("broken_by") if header.stale else header.parser
        return header.bytes_seen == document.file.sha256 and made_by == self.versions

    def _guard(self) -> None:
        names = {file.name for document in self.found.documents for file in document.files}
        hashes = {file.sha256 for document in self.found.documents for file in document.files}
        lost = [
            name
            for name, header in self.previous.items()
            # What was renamed is not lost.
            if name not in names and header.bytes_seen not in hashes and not self._unseen(name)
        ]
        if len(lost) * 2 > len(self.previous) and not self.allow_removal:
            raise RemovalError(
                f"{len(lost)} of {len(self.previous)} documents are no longer under "
                f"{self.data / 'raw'}.",
                self.command,
            )

    def _unseen(self, name: str) -> bool:
        return any(
            not place or name == place or name.startswith(place + "/")
            for place in self.found.unseen
        )

    # --- one document ------------------------------------------------------------------------

    def take(self, document: FoundDocument, result: Result) -> None:
        """Put the result of parsing a document in place."""
        if result.failed:
            self._fail_all(document, result.problems)
            return
        self._settle(document, result.problems)
        written = self._write(document.id, result.data)
        if document.id not in self.previous:
            self.report.new += 1
        elif written:
            self.report.changed += 1
        else:
            self.report.unchanged += 1

    def _settle(self, document: FoundDocument, warnings: tuple[Problem, ...]) -> None:
        self.present.add(document.id)
        source = f"raw/{document.id}"
        self.report.warnings += [Reported(document.id, source, warning) for warning in warnings]

    def _keep(self, document: FoundDocument, header: Header) -> None:
        self._settle(document, header.problems)
        sources = self._sources(document.files, header)
        if sources != header.sources or wanted(header, document.origin) != header.listed:
            old = self.store.read(document.id)
            if old is not None:
                new = with_origin(replace(old, sources=sources), document.origin)
                self._write(document.id, encode(new))
                self.report.changed += 1
                return
        self.report.unchanged += 1

    def _fail_all(self, document: FoundDocument, problems: tuple[Problem, ...]) -> None:
        # One error page may have come in place of a hundred documents: each of them has its own
        # yesterday to keep and wants its own remedy, so broken files are never made one.
        for file in document.files:
            self._fail(file, *problems)

    def _fail(self, file: FoundFile, *problems: Problem) -> None:
        header = self.previous.get(file.name)
        old = None
        if header is not None and (header.stale or not header.failed):
            old = self.store.read(file.name)
        sources = self._sources((file,), header)
        if old is not None:
            seen = {"broken_sha256": file.sha256, "broken_by": self.versions}
            parser = {**old.parser, **seen}
            document = replace(
                old, sources=sources, problems=problems, stale=True, parser=parser
            )
        else:
            document = Document(
                id=file.name,
                sha256=file.sha256,
                sources=sources,
                title=file.name.rpartition("/")[2],
                problems=problems,
                parser=self.versions,
            )
        self._write(file.name, encode(with_origin(document, file.origin)))
        self.present.add(file.name)
        self.report.failed += 1
        self.report.problems += [
            Reported(file.name, sources[0].path, problem, document.stale)
            for problem in problems
            if problem.failed
        ]

    def _sources(self, files: tuple[FoundFile, ...], header: Header | None) -> tuple[Source, ...]:
        known = {source.path: source.url for source in header.sources} if header else {}
        found = []
        for file in files:
            path, origin = f"raw/{file.name}", file.origin or Origin()
            url = origin.url or known.get(path)
            found.append(Source(path, url, origin.withdrawn or UNSET))
        return tuple(found)

    def _write(self, document_id: str, data: bytes) -> bool:
        written = self.store.write(document_id, data)
        self.report.written += written
        return written

    # --- after -------------------------------------------------------------------------------

    def remove_gone(self) -> None:
        """Remove what no file under raw/ stands behind any more."""
        for name in self.previous.keys() - self.present:
            if self._unseen(name):
                self.report.unchanged += 1
                continue
            self.store.delete(self.store.path(name))
            self.report.gone += 1
            self.report.written += 1
        kept = {self.store.path(name) for name in self.present} if self.damaged else set()
        for path in self.damaged:
            if path not in kept:
                self.store.delete(path)
                self.report.written += 1

    def note_places(self) -> None:
        """Write down what is wrong with places that are no document, for `shisaku docs`.

        They would be told once and forgotten otherwise: parsed/ has no file for them.
        """
        places = [PlaceProblem(f"raw/{name}", problem) for name, problem in self.found.problems]
        places.sort(key=lambda place: (place.source, place.problem.code))
        write_places(self.data, places)

    def finish(self) -> IngestReport:
        """Give the report, problems in the order of documents."""
        self.report.ignored = self.found.ignored
        for name, problem in self.found.problems:
            self.report.problems.append(Reported(name, f"raw/{name}", problem))
        for items in (self.report.problems, self.report.warnings):
            items.sort(key=lambda item: (item.document, item.problem.code))
        return self.report
