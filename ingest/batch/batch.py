"""Brings parsed/ in line with raw/: parses what is new or changed, removes what is gone.

`run_ingest` takes a data directory and gives an `IngestReport`. It plans (`_Run.plan`, nothing is
written), parses in worker processes (`ingest.batch.pool`), writes (`ingest.batch.placement`) and
removes. One bad file never stops the others: it becomes a document without passages, or, if it was
readable before, stays as it was and is marked stale. A folder that cannot be listed, and too many
removals at once (`ingest.disk.removals`), stop the run before anything is written.

A run that finds nothing to do writes nothing under parsed/, and no record holds a time, so that
equal input gives equal files. Afterwards: `shisaku index`.
"""

import contextlib
import os
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote

from msgspec import UNSET

from shisaku.ingest.batch.discover import Discovery, FoundDocument, discover
from shisaku.ingest.batch.parsed_state import ParsedState
from shisaku.ingest.batch.placement import Placement, sources_of
from shisaku.ingest.batch.pool import parse_all
from shisaku.ingest.batch.renewal import Renewal
from shisaku.ingest.batch.report import IngestReport, Reported
from shisaku.ingest.batch.worker import Job
from shisaku.ingest.children import log_of
from shisaku.ingest.disk.failures import disk_error
from shisaku.ingest.disk.lock import locked
from shisaku.ingest.disk.removals import RemovalError as RemovalError
from shisaku.ingest.disk.removals import check_removals
from shisaku.ingest.errors import ShisakuError
from shisaku.ingest.model import PlaceProblem, Problem
from shisaku.ingest.parsed.store import Header, Store, remembered_headers, write_places
from shisaku.ingest.problems import linked_folder, not_kept_readable

PARSE = "shisaku.ingest.batch.parse:parse_file"
NO_LIMIT = 1 << 62
"""Number of documents that may be removed with `allow_removal`: any."""
PASSING = frozenset({"internal", "crash", "changed", "unreadable"})
"""Codes of problems whose cause may be the machine or a half-installed program rather than the
file: the next run tries such a file again. "timeout" and "memory" are not among them: they would
cost the same again in every run."""
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
    """Bring `data`/parsed in line with `data`/raw and return counts and problems.

    `jobs` is the number of processes (default: one per processor), `timeout` is in seconds and
    `memory_mb` in MB, both for one file; `force` parses every file again. Up to `max_removed`
    documents may be removed, with `allow_removal` any number; without either
    `ingest.disk.removals` decides. `skip_folder` are folders under raw/ that are not looked at.
    `command` is what the user typed, for remedies; `tell` is called before the work with a line
    that says what a new version parses again. `parse` ("module:function") and `versions` replace
    `ingest.batch.parse` in tests.

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
        with locked(data, command=command), log_of(data / "runs" / "ingest.log") as log:
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
                    run.placement.take(tasks[job.document_id][1], result)
                    if progress:
                        progress(done, len(tasks), job.document_id)
            run.remove_gone()
            run.note_places()
    except OSError as error:
        raise disk_error(error, data, command) from error
    return run.finish()


def _folder(name: str) -> str:
    """Return the path relative to raw/, in NFC, of a folder as the user typed it."""
    return unicodedata.normalize("NFC", name).strip("/").removeprefix("raw/")


@dataclass
class _Run:
    data: Path
    versions: dict[str, str]
    allowed: int | None
    """How many documents may be removed, as the user said; None where the user did not."""
    command: str
    """What the user can type to run the same once more."""
    skip: frozenset[str] = frozenset()
    found: Discovery = field(default_factory=lambda: Discovery(()))
    state: ParsedState = field(init=False)
    placement: Placement = field(init=False)

    def __post_init__(self) -> None:
        self.state = ParsedState(Store(self.data / "parsed"))
        self.placement = Placement(self.state, self.versions)

    @property
    def report(self) -> IngestReport:
        return self.placement.report

    # --- before anything is written -----------------------------------------------------------

    def check_raw(self) -> None:
        """Refuse to begin without raw/, which may be on a disk that is not mounted.

        Raises:
            NothingToReadError: there is neither raw/ nor anything parsed.
            RemovalError: documents have been parsed, and the user allowed no removal.

        """
        raw = self.data / "raw"
        if raw.is_dir():
            return
        parsed = bool(self.state.store.listing().entries)
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
        """Compare raw/ with parsed/, settle what needs no parsing, and return the rest by id."""
        memory = remembered_headers(self.data)
        store = self.state.store
        self.state = self.placement.state = ParsedState.read(store, memory)
        raw = self.data / "raw"
        if raw.is_dir():
            self.found = discover(
                raw,
                self.data / "runs",
                known=self.state.hashes(),
                force=force,
                skip=self.skip,
                command=self.command,
            )
        self._check_removals()
        # Nothing is written before this line. parsed/ is made even when there is nothing to parse:
        # it shows that raw/ has been looked at.
        store.root.mkdir(parents=True, exist_ok=True)
        store.remove(self.state.temporary)
        memory.save()
        tasks: dict[str, tuple[Job, FoundDocument]] = {}
        for document in self.found.documents:
            file = document.file
            header = self.state.headers.get(document.id)
            if (problem := self.state.obstacle(document.id, force)) is not None:
                self.placement.hold(document, problem)
            elif file.problem:
                self.placement.fail_file(file, file.problem)
            elif force or header is None or not self._is_current(header, document):
                if refusal := store.refusal(document.id):
                    problem = self.state.write_problem(document.id, refusal)
                    self.placement.hold(document, problem)
                else:
                    tasks[document.id] = (self._job(document), document)
            elif header.failed:
                self.placement.fail(document, header.problems)
            else:
                self.placement.keep(document, header)
        return tasks

    def renewal(self, tasks: Mapping[str, tuple[Job, FoundDocument]]) -> Renewal:
        """Count the files that are parsed again only because another version parsed them."""
        again = [
            job.size
            for name, (job, _) in tasks.items()
            if (header := self.state.headers.get(name)) is not None
            and header.bytes_seen == job.sha256
            and self._made_by(header) != self.versions
        ]
        return Renewal(len(again), len(self.state.headers), sum(again))

    def _job(self, document: FoundDocument) -> Job:
        file = document.file
        return Job(
            path=os.fsencode(file.path.absolute()),
            document_id=document.id,
            # No header: the page may state another URL now.
            sources=sources_of(document.files, None),
            sha256=file.sha256,
            parser=self.versions,
            size=file.size,
            origin=document.origin,
        )

    def _is_current(self, header: Header, document: FoundDocument) -> bool:
        """Return whether this version has parsed these bytes, or has failed at them for good."""
        if header.listed is not UNSET and document.origin is None:
            return False  # the sidecar is gone, and its URL with it; the page may state one itself
        if any(problem.failed and problem.code in PASSING for problem in header.problems):
            return False
        return header.bytes_seen == document.file.sha256 and self._made_by(header) == self.versions

    @staticmethod
    def _made_by(header: Header) -> object:
        return header.parser.get("broken_by") if header.stale else header.parser

    def _check_removals(self) -> None:
        names = {file.name for document in self.found.documents for file in document.files}
        hashes = {file.sha256 for document in self.found.documents for file in document.files}
        lost, of = self.state.lost(names, hashes, self._unseen)
        check_removals(lost, of, str(self.data / "raw"), self.command, self.allowed)

    def _unseen(self, name: str) -> bool:
        """Return whether a document lies in a folder of raw/ that was not looked at."""
        return any(
            not place or name == place or name.startswith(place + "/")
            for place in self.found.unseen
        )

    # --- after the documents have been written ------------------------------------------------

    def remove_gone(self) -> None:
        """Remove parsed files to which no file under raw/ belongs any more.

        Raises:
            OSError: the disk is read-only or failing.

        """
        state, placement = self.state, self.placement
        for name in state.headers.keys() - placement.present:
            if self._unseen(name):
                self.report.unchanged += 1
            elif placement.delete(state.store.path(name)):
                self.report.gone += 1
        odd = state.damaged or state.unreadable  # ten thousand paths cost a tenth of a second
        kept = {state.store.path(name) for name in placement.present} if odd else set()
        for path in state.damaged:
            if path not in kept and not self._unseen(state.name(path)):
                placement.delete(path)
        for path, error in state.unreadable.items():
            if path not in kept:  # its document is not known, so nothing says that it is gone
                problem = not_kept_readable(str(path), error.strerror or str(error))
                placement.report_place(state.place(path), problem)
        for link in state.links:
            placement.report_place(f"parsed/{link}", linked_folder(str(state.store.root / link)))

    def note_places(self) -> None:
        """Write problems of paths that are no document to runs/problems.json, for `shisaku docs`.

        parsed/ has no file for them, so only the report of this run would name them otherwise.
        """
        places = [PlaceProblem(f"raw/{name}", problem) for name, problem in self._under_raw()]
        places += [PlaceProblem(place, problem) for place, problem in self.placement.places]
        places.sort(key=lambda place: (place.source, place.problem.code))
        write_places(self.data, places)

    def _under_raw(self) -> list[tuple[str, Problem]]:
        """Return the problems of paths under raw/ (relative to it) that are no document."""
        copies = [(file.name, file.problem) for file in self.found.unread if file.problem]
        return [*self.found.problems, *copies]

    def finish(self) -> IngestReport:
        """Return the report, its problems sorted by document and code."""
        self.report.ignored = self.found.ignored
        for name, problem in self._under_raw():
            self.report.problems.append(Reported(name, f"raw/{name}", problem))
        for items in (self.report.problems, self.report.warnings):
            items.sort(key=lambda item: (item.document, item.problem.code))
        return self.report
