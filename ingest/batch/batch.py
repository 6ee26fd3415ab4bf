"""Brings parsed/ in line with raw/: parses what is new or changed, removes what is gone.

One bad file never stops the others: it becomes a document without passages, or, if it was readable
before, stays as it was and is marked stale. A parsed file that cannot be read or written is told
and left as it is. What cannot be listed, and too many removals at once (`ingest.disk.removals`),
stop the run before anything is written.

A run that finds nothing to do writes nothing, and no clock ever enters a record, so that an
unchanged night shows no change. Afterwards: `shisaku index`.
"""

import contextlib
import errno
import os
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote

from msgspec import UNSET
from msgspec.structs import replace

from shisaku.ingest.batch.discover import Discovery, FoundDocument, FoundFile, discover
from shisaku.ingest.batch.pool import parse_all
from shisaku.ingest.batch.renewal import Renewal
from shisaku.ingest.batch.report import IngestReport, Reported
from shisaku.ingest.batch.worker import Job, Result
from shisaku.ingest.children import log_of
from shisaku.ingest.disk.failures import disk_error, of_one_place
from shisaku.ingest.disk.lock import locked
from shisaku.ingest.disk.removals import RemovalError as RemovalError
from shisaku.ingest.disk.removals import check_removals
from shisaku.ingest.errors import ShisakuError
from shisaku.ingest.model import Document, Origin, PlaceProblem, Problem, Source
from shisaku.ingest.parsed.origin import wanted, with_origin
from shisaku.ingest.parsed.store import (
    Header,
    Listing,
    Store,
    encode,
    remembered_headers,
    write_places,
)
from shisaku.ingest.problems import (
    linked_folder,
    not_kept_readable,
    not_written,
    path_too_long,
)

PARSE = "shisaku.ingest.batch.parse:parse_file"
NO_LIMIT = 1 << 62
"""Documents that may go where any number may."""
PASSING = frozenset({"internal", "crash", "changed", "unreadable"})
"""Codes of problems that may lie in the machine, or in a program half installed, and not in the
file: what has one is tried again the next night. Not so what took too much time or memory, as that
would cost the same every night."""
Progress = Callable[[int, int, str], None]
"""Called with the number of files parsed, the number to parse, and the document just parsed."""


class NothingToReadError(ShisakuError):
    """There is no raw/ directory."""


def run_ingest(
    data: Path,
    *,
    jobs: int | None = None,
    force: bool = False,
    allow_removal: bool = False,
    max_removed: int | None = None,
    skip_folder: Collection[str] = (),
    command: str = "ingest",
    progress: Progress | None = None,
    tell: Callable[[str], None] | None = None,
    timeout: float = 120.0,
    memory_mb: int = 1024,
    parse: str = PARSE,
    versions: Mapping[str, str] | None = None,
) -> IngestReport:
    """Bring `data`/parsed in line with `data`/raw and say what was done.

    `jobs` is the number of processes (default: one per processor), `timeout` is in seconds and
    `memory_mb` in MB, both for one file. Up to `max_removed` documents may go, with `allow_removal`
    any number; without either `ingest.disk.removals` decides. `skip_folder` are folders under raw/
    that are not looked at. `command` is what the user typed, for remedies; `tell` takes a line that
    says before the work what a new version reads again. `parse` ("module:function") and `versions`
    stand in for `ingest.batch.parse` in tests.

    Raises:
        NothingToReadError: there is no raw/.
        UnlistedError: a folder under raw/ cannot be listed; nothing was written.
        RemovalError: too many documents would go; nothing was written.
        LockedError: another process writes to `data`.
        DiskError: parsed/ cannot be listed, or parsed/ or runs/ cannot be written.

    """
    if versions is None:
        from shisaku.ingest.batch.parse import parser_versions

        versions = parser_versions()
    allowed = None if not allow_removal else NO_LIMIT
    if max_removed is not None:
        allowed = max(max_removed, allowed or 0)
    typed = f"shisaku {command} --data {quote(str(data))}"
    skip = frozenset(filter(None, map(_folder, skip_folder)))
    run = _Run(data, dict(versions), allowed, typed, skip)
    try:
        run.check_raw()
        with locked(data, command=command), log_of(data / "runs" / "shisaku.ingest.log") as log:
            tasks = run.plan(force)
            workers = min(jobs or os.cpu_count() or 1, len(tasks))
            if tell and (line := run.renewal(tasks).line(data, command, workers)):
                tell(line)
            run.report.note_work([job.size for job, _ in tasks.values()], workers)
            results = parse_all(
                [job for job, _ in tasks.values()],
                parse=parse,
                workers=workers,
                timeout=timeout,
                memory_mb=memory_mb,
                log=log,
            )
            with contextlib.closing(results), run.report.timed():
                for done, (job, result) in enumerate(results, 1):
                    run.take(tasks[job.document_id][1], result)
                    if progress:
                        progress(done, len(tasks), job.document_id)
            run.remove_gone()
            run.note_places()
    except OSError as error:
        raise disk_error(error, data, command) from error
    return run.finish()


def _folder(name: str) -> str:
    """Give the name from raw/ on of a folder as it was typed."""
    return unicodedata.normalize("NFC", name).strip("/").removeprefix("raw/")


@dataclass
class _Run:
    data: Path
    versions: dict[str, str]
    allowed: int | None
    """How many documents may go without a question, as the user said; None where he did not."""
    command: str
    """What the user can type to run the same once more."""
    skip: frozenset[str] = frozenset()
    report: IngestReport = field(default_factory=IngestReport)
    previous: dict[str, Header] = field(default_factory=dict)
    found: Discovery = field(default_factory=lambda: Discovery(()))
    present: set[str] = field(default_factory=set)
    """Documents that stay."""
    damaged: list[Path] = field(default_factory=list)
    shut: dict[Path, OSError] = field(default_factory=dict)
    """Parsed files that cannot be read: they may be whole, so none is replaced or removed."""
    links: tuple[str, ...] = ()
    places: list[tuple[str, Problem]] = field(default_factory=list)
    """What is wrong with places under the data directory other than raw/, by path from there on."""

    @property
    def store(self) -> Store:
        return Store(self.data / "parsed")

    # --- before ------------------------------------------------------------------------------

    def check_raw(self) -> None:
        """Refuse to begin without raw/, which may be on a disk that is not mounted."""
        raw = self.data / "raw"
        if raw.is_dir():
            return
        parsed = bool(self.store.listing().entries)
        if not parsed:
            raise NothingToReadError(
                f"There is no directory {raw}.",
                f"Put PDF or HTML files under {raw}, then type: shisaku update --data "
                f"{quote(str(self.data))}",
            )
        if self.allowed is None:
            raise RemovalError(
                f"{raw} is missing, but documents have been parsed from it.", self.command
            )

    def plan(self, force: bool) -> dict[str, tuple[Job, FoundDocument]]:
        """Compare raw/ with parsed/, settle what needs no parsing, and give what does."""
        memory = remembered_headers(self.data)
        listing = self.store.listing(memory)
        self._sort_out(listing)
        raw = self.data / "raw"
        if raw.is_dir():
            self.found = discover(
                raw,
                self.data / "runs",
                known=self._known(),
                force=force,
                skip=self.skip,
                command=self.command,
            )
        self._guard()
        # Nothing is written before this line. The directory is there even when there is nothing to
        # parse: it says that raw/ has been looked at.
        self.store.root.mkdir(parents=True, exist_ok=True)
        self.store.remove(listing.temporary)
        memory.save()
        tasks: dict[str, tuple[Job, FoundDocument]] = {}
        for document in self.found.documents:
            file = document.file
            header = self.previous.get(document.id)
            if (problem := self._out_of_reach(document.id, force)) is not None:
                self._hold(document, problem)
            elif file.problem:
                self._fail(file, file.problem)
            elif force or header is None or not self._is_current(header, document):
                if refusal := self.store.refusal(document.id):
                    self._hold(document, self._write_problem(document.id, refusal))
                else:
                    tasks[document.id] = (self._job(document), document)
            elif header.failed:
                self._fail_all(document, header.problems)
            else:
                self._keep(document, header)
        return tasks

    def _sort_out(self, listing: Listing) -> None:
        """Take note of what stands under parsed/."""
        for entry in listing.entries:
            path = Path(entry.path)
            if entry.header is not None:
                self.previous[entry.header.id] = entry.header
            elif entry.error is None:
                self.damaged.append(path)
            else:
                self.shut[path] = entry.error
        self.links = listing.links

    def _known(self) -> dict[str, str]:
        """Give the hash of the file last tried by document; "" for what cannot be read tonight."""
        known = {name: header.bytes_seen for name, header in self.previous.items()}
        for path in self.shut:
            # What a document with a cut name is called only its file can tell.
            known[path.relative_to(self.store.root).as_posix().removesuffix(".json")] = ""
        return known

    def _out_of_reach(self, document_id: str, force: bool) -> Problem | None:
        """Give why nothing may be written at the place of a document, None where it may."""
        if not self.shut and not self.links:
            return None
        path = self.store.path(document_id)
        if (error := self.shut.get(path)) is not None and not force:
            return not_kept_readable(str(path), error.strerror or str(error))
        name = path.relative_to(self.store.root).as_posix()
        for link in self.links:
            if name.startswith(link + "/"):
                return linked_folder(str(self.store.root / link))
        return None

    def renewal(self, tasks: Mapping[str, tuple[Job, FoundDocument]]) -> Renewal:
        """Count what is parsed again though its bytes were read before, by another version."""
        again = [
            job.size
            for name, (job, _) in tasks.items()
            if (header := self.previous.get(name)) is not None
            and header.bytes_seen == job.sha256
            and self._made_by(header) != self.versions
        ]
        return Renewal(len(again), len(self.previous), sum(again))

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
        return header.bytes_seen == document.file.sha256 and self._made_by(header) == self.versions

    @staticmethod
    def _made_by(header: Header) -> object:
        return header.parser.get("broken_by") if header.stale else header.parser

    def _guard(self) -> None:
        names = {file.name for document in self.found.documents for file in document.files}
        hashes = {file.sha256 for document in self.found.documents for file in document.files}
        lost = [
            name
            for name, header in self.previous.items()
            # What was renamed is not lost.
            if name not in names and header.bytes_seen not in hashes and not self._unseen(name)
        ]
        # What is damaged and not made again is lost as well, though nobody can say what it was.
        kept = {self.store.path(name) for name in names} if self.damaged else set()
        root = self.store.root
        copies = [path for path in self.damaged if self.store.copied(path) in self.previous]
        gone = [path for path in self.damaged if path not in kept and path not in copies]
        lost += [str(path.relative_to(root)) for path in gone]
        of = len(self.previous) + len(self.damaged) - len(copies)
        check_removals(lost, of, str(self.data / "raw"), self.command, self.allowed)

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
        try:
            written = self._write(document.id, result.data)
        except OSError as error:
            self._hold(document, self._refused(document.id, error))
            return
        self._settle(document, result.problems)
        if document.id not in self.previous:
            self.report.new += 1
        elif written:
            self.report.changed += 1
        else:
            self.report.unchanged += 1

    def _refused(self, document_id: str, error: OSError) -> Problem:
        """Give the problem of a document that cannot be written; raises where it is the disk's."""
        if not of_one_place(error, self.store.root):
            raise error
        return self._write_problem(document_id, error)

    def _write_problem(self, document_id: str, error: OSError) -> Problem:
        if error.errno == errno.ENAMETOOLONG:
            return path_too_long()
        return not_written(str(self.store.path(document_id)), error.strerror or str(error))

    def _hold(self, document: FoundDocument, *problems: Problem) -> None:
        """Leave what is known of a document as it is and say why it is not brought up to date.

        Its parsed file says nothing of the problem; `shisaku docs` has it from runs/problems.json.
        """
        # Whether it answers as it was only the index knows, where the file cannot be read.
        header = self.previous.get(document.id)
        path = self.store.path(document.id)
        stale = path in self.shut or (header is not None and (header.stale or not header.failed))
        source = f"raw/{document.id}"
        for problem in problems:
            self.places.append((source, problem))
            self.report.problems.append(Reported(document.id, source, problem, stale))
        self.present.add(document.id)
        self.report.failed += 1

    def _settle(self, document: FoundDocument, warnings: tuple[Problem, ...]) -> None:
        self.present.add(document.id)
        source = f"raw/{document.id}"
        self.report.warnings += [Reported(document.id, source, warning) for warning in warnings]

    def _keep(self, document: FoundDocument, header: Header) -> None:
        sources = self._sources(document.files, header)
        if sources != header.sources or wanted(header, document.origin) != header.listed:
            try:
                old = self.store.read(document.id)
            except OSError as error:
                self._hold(document, self._unread(document.id, error))
                return
            if old is not None:
                new = with_origin(replace(old, sources=sources), document.origin)
                try:
                    self._write(document.id, encode(new))
                except OSError as error:
                    self._hold(document, self._refused(document.id, error))
                    return
                self._settle(document, header.problems)
                self.report.changed += 1
                return
        self._settle(document, header.problems)
        self.report.unchanged += 1

    def _unread(self, document_id: str, error: OSError) -> Problem:
        path = self.store.path(document_id)
        self.shut[path] = error
        return not_kept_readable(str(path), error.strerror or str(error))

    def _fail_all(self, document: FoundDocument, problems: tuple[Problem, ...]) -> None:
        # One error page may have come in place of a hundred documents: each of them has its own
        # yesterday to keep and wants its own remedy, so broken files are never made one.
        for file in document.files:
            self._fail(file, *problems)

    def _fail(self, file: FoundFile, *problems: Problem) -> None:
        document = FoundDocument(file.name, (file,))
        header = self.previous.get(file.name)
        try:
            old = self._yesterdays(file.name, header)
        except OSError as error:
            self._hold(document, *problems, self._unread(file.name, error))
            return
        if old is None and self._may_hold_more(file.name, header):
            # Its file is damaged and cannot be made again tonight. The index may still have what it
            # held, which a document without passages in its place would take away.
            self._hold(document, *problems)
            return
        sources = self._sources((file,), header)
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
            self._hold(document, *problems, self._refused(file.name, error))
            return
        self.present.add(file.name)
        self.report.failed += 1
        self.report.problems += [
            Reported(file.name, sources[0].path, problem, made.stale)
            for problem in problems
            if problem.failed
        ]

    def _yesterdays(self, name: str, header: Header | None) -> Document | None:
        """Give the document that answers for a file that cannot be read; None where none does."""
        if header is not None and (header.stale or not header.failed):
            return self.store.read(name)
        return None

    def _may_hold_more(self, name: str, header: Header | None) -> bool:
        """Whether the parsed file of a document is damaged, or held more than a reason."""
        path = self.store.path(name)
        if header is None:
            return path in self.shut or path in self.damaged
        return header.stale or not header.failed

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
            elif self._delete(self.store.path(name)):
                self.report.gone += 1
        odd = self.damaged or self.shut  # ten thousand paths cost a tenth of a second
        kept = {self.store.path(name) for name in self.present} if odd else set()
        for path in self.damaged:
            if path not in kept and not self._unseen(self._name(path)):
                self._delete(path)
        for path, error in self.shut.items():
            if path not in kept:  # whose it is nobody knows, so nobody can say that it is gone
                place = f"parsed/{path.relative_to(self.store.root).as_posix()}"
                problem = not_kept_readable(str(path), error.strerror or str(error))
                self._tell_place(place, problem)
        for link in self.links:
            self._tell_place(f"parsed/{link}", linked_folder(str(self.store.root / link)))

    def _name(self, path: Path) -> str:
        return path.relative_to(self.store.root).as_posix().removesuffix(".json")

    def _delete(self, path: Path) -> bool:
        """Remove a parsed file; False where it cannot be removed, which is told."""
        try:
            self.store.delete(path)
        except OSError as error:
            if not of_one_place(error, self.store.root):
                raise
            place = f"parsed/{path.relative_to(self.store.root).as_posix()}"
            self._tell_place(place, not_written(str(path), error.strerror or str(error)))
            return False
        self.report.written += 1
        return True

    def _tell_place(self, place: str, problem: Problem) -> None:
        self.places.append((place, problem))
        self.report.problems.append(Reported(place, place, problem))

    def note_places(self) -> None:
        """Write down what is wrong with places that are no document, for `shisaku docs`.

        They would be told once and forgotten otherwise: parsed/ has no file for them.
        """
        places = [PlaceProblem(f"raw/{name}", problem) for name, problem in self._under_raw()]
        places += [PlaceProblem(place, problem) for place, problem in self.places]
        places.sort(key=lambda place: (place.source, place.problem.code))
        write_places(self.data, places)

    def _under_raw(self) -> list[tuple[str, Problem]]:
        """Give what is wrong under raw/ beside the documents."""
        copies = [(file.name, file.problem) for file in self.found.unread if file.problem]
        return [*self.found.problems, *copies]

    def finish(self) -> IngestReport:
        """Give the report, problems in the order of documents."""
        self.report.ignored = self.found.ignored
        for name, problem in self._under_raw():
            self.report.problems.append(Reported(name, f"raw/{name}", problem))
        for items in (self.report.problems, self.report.warnings):
            items.sort(key=lambda item: (item.document, item.problem.code))
        return self.report
