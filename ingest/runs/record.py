"""The record of a run: DIR/runs/<start time>.json, written at its start and again at its end.

The command line fills a `Record` stage by stage; `shisaku runs` lists the records, and `--known-ok`
compares faults with those of the last run. A run that was killed shows by its missing exit code.
Times (ISO 8601, UTC) and durations (seconds) stand in these files only, never under parsed/.
"""

import contextlib
import os
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from shisaku.ingest.disk.files import UNDECODABLE, read_regular, write_atomically
from shisaku.ingest.disk.lock import holder, is_held

KEPT = 100
"""Records that are kept; older ones are removed."""
DONE = (0, 3)
"""Exit codes of a run that did its work: 0, and 3 where some documents failed."""
COUNTS = ("added", "changed", "removed", "failed", "withdrawn")
_SAYS_NO_MORE = frozenset({"timeout", "memory"})
"""Codes whose reasons name the limits that were set, and so differ for the same fault."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z(-\d+)?\.json")


class Fault(msgspec.Struct, frozen=True):
    """A fault of a run: its place (a file, document, URL or source) and code."""

    place: str
    code: str
    new: bool = False
    """Whether the last run of that stage (and source) did not have the same fault."""
    source: str | UnsetType = UNSET
    """Name of the source; set for faults of a fetch only."""
    reason: str | UnsetType = UNSET
    """The sentence of the problem; unset in records of version 0.1 and of a fetch."""

    def same_as(self, other: "Fault") -> bool:
        """Return whether both have the same place, code and reason.

        Where one of them has no reason, place and code are compared.
        """
        if (self.place, self.code) != (other.place, other.code):
            return False
        if self.code in _SAYS_NO_MORE or self.reason is UNSET or other.reason is UNSET:
            return True
        return self.reason == other.reason


class Work(msgspec.Struct):
    """The files and bytes that an ingest parsed, in how many seconds and processes."""

    files: int = 0
    bytes: int = 0
    processes: int = 0
    seconds: float = 0.0


class Stage(msgspec.Struct):
    """A stage of a run (fetch, ingest, index): its duration in seconds and its faults."""

    seconds: float = 0.0
    problems: list[Fault] = []
    only: list[str] | UnsetType = UNSET
    """Sources chosen by name; unset where all were fetched, and in other stages."""
    work: Work | UnsetType = UNSET
    """What was parsed; unset where nothing was, and in stages other than ingest."""


class Record(msgspec.Struct):
    """A run. `exit_code` is None while it works, and stays None where it was killed."""

    command: str
    started: str
    pid: int
    ended: str = ""
    exit_code: int | None = None
    seconds: float = 0.0
    error: str = ""
    documents: dict[str, int] = {}
    """Numbers of documents by outcome (`COUNTS`); "withdrawn": no longer offered."""
    passages: dict[str, int] = {}
    """Numbers of passages by outcome; "failed": still those of an earlier file."""
    stages: dict[str, Stage] = {}
    generation: str = ""
    """The current generation of the index when the run ended."""

    @property
    def problems(self) -> int:
        """Number of faults of all stages."""
        return sum(len(stage.problems) for stage in self.stages.values())

    @property
    def new_problems(self) -> int:
        """Number of faults that the last run did not have."""
        return sum(fault.new for stage in self.stages.values() for fault in stage.problems)

    def line(self) -> str:
        """Return the run in one line, without times, so that equal runs give equal lines."""
        said = []
        for kind, found in (("documents", self.documents), ("passages", self.passages)):
            counts = [f"{found[name]} {name}" for name in COUNTS if found.get(name)]
            if counts:
                said.append(f"{kind} {', '.join(counts)}")
        if self.problems:
            said.append(f"{self.problems} problems, {self.new_problems} of them new")
        return f"{self.command}: " + ("; ".join(said) or "no changes, no problems")

    def row(self) -> str:
        """Return the run as a line of `shisaku runs`: start, command, exit code, changes."""
        code = "-" if self.exit_code is None else str(self.exit_code)
        what = self.error or self.line().partition(": ")[2]
        return "  ".join((self.started, self.command, f"exit {code}", f"{self.seconds:g} s", what))

    def to_json(self) -> dict[str, Any]:
        """Return the record as JSON values, with the numbers of faults."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found | {"problems": self.problems, "new_problems": self.new_problems}


@dataclass
class Run:
    """A run in progress and its record."""

    data: Path
    command: str
    kept: int = KEPT
    record: Record = field(init=False)
    path: Path | None = None
    """The file of the record; None where it cannot be written, which does not stop the run."""

    def __post_init__(self) -> None:
        now = datetime.now(UTC)
        self._began = time.monotonic()
        self.record = Record(self.command, _iso(now), os.getpid())
        self.record.documents = dict.fromkeys(COUNTS, 0)
        self.record.passages = dict.fromkeys(COUNTS, 0)
        with contextlib.suppress(OSError):
            self.path = _claim(self.data / "runs", now, _encode(self.record))

    @contextlib.contextmanager
    def stage(self, name: str, only: Iterable[str] = ()) -> Iterator[Stage]:
        """Time a stage; `only` are the names of its sources, where it does not fetch all."""
        stage = self.record.stages[name] = Stage(only=sorted(set(only)) or UNSET)
        began = time.monotonic()
        try:
            yield stage
        finally:
            stage.seconds = round(time.monotonic() - began, 3)

    def note(self, name: str, faults: Iterable[tuple[str, ...]]) -> None:
        """Add the faults of a stage to its record, and mark those that are new.

        A fault is (place, code), (place, code, source) or (place, code, source, reason); source is
        "" outside of a fetch. Each is compared with the last run that fetched the same source, so
        that a run over one source leaves the faults of others as they are. A fault with another
        code or reason is new.
        """
        known: dict[str, list[Fault]] = {}
        noted = []
        for fault in sorted({_fault(*each) for each in faults}, key=_order):
            source = fault.source or ""
            if source not in known:
                known[source] = known_faults(self.data, name, source)
            new = not any(fault.same_as(earlier) for earlier in known[source])
            noted.append(msgspec.structs.replace(fault, new=new))
        self.record.stages[name].problems = noted

    def end(self, exit_code: int, error: str = "") -> None:
        """Write the final record, and remove the oldest beyond `KEPT`."""
        self.record.exit_code = exit_code
        # It may name a place whose name is no UTF-8, which JSON cannot hold.
        self.record.error = error.encode(errors="backslashreplace").decode()
        self.record.ended = _iso(datetime.now(UTC))
        self.record.seconds = round(time.monotonic() - self._began, 3)
        if self.path is None:
            return
        with contextlib.suppress(OSError):
            # A power cut may leave an empty record; waiting for the disk may take seconds.
            write_atomically(self.path, _encode(self.record), durable=False)
            for path in _files(self.data)[: -max(self.kept, 1)]:
                path.unlink(missing_ok=True)


def _fault(place: str, code: str, source: str = "", reason: str = "") -> Fault:
    return Fault(place, code, source=source or UNSET, reason=reason or UNSET)


def _order(fault: Fault) -> tuple[str, ...]:
    return (fault.place, fault.code, fault.source or "", fault.reason or "")


def _claim(runs: Path, now: datetime, first: bytes) -> Path:
    """Create a record file with content `first` under a name that no other run has; return it."""
    runs.mkdir(parents=True, exist_ok=True)
    stem = _stem(now)
    for number in range(1000):
        path = runs / f"{stem}{f'-{number}' if number else ''}.json"
        with contextlib.suppress(FileExistsError):
            with path.open("xb") as file:
                file.write(first)
            return path
    raise FileExistsError(path)


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _encode(record: Record) -> bytes:
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"


def _files(data: Path) -> list[Path]:
    """Return the files of all records, the oldest first.

    Those dated in the future are placed first: else a clock that was once ahead would make them
    the newest until that time has come.
    """
    runs = data / "runs"
    try:
        found = [path for path in runs.iterdir() if _NAME.fullmatch(path.name)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    now = _stem(datetime.now(UTC))
    return sorted(found, key=lambda path: (path.name[: len(now)] <= now, path.name))


def _stem(moment: datetime) -> str:
    return moment.strftime("%Y%m%dT%H%M%S.%fZ")


def newest_first(data: Path) -> Iterator[Record]:
    """Yield the records of all runs, the newest first; damaged ones are left out."""
    for path in reversed(_files(data)):
        if (record := _read(path)) is None:
            continue
        if record.exit_code is None:
            now = holder(data)
            works = now is not None and now.pid == record.pid and is_held(data)
            record.error = "still working" if works else "ended without a word (killed?)"
        yield record


def damaged_records(data: Path) -> list[Path]:
    """Return the files that have the name of a record and cannot be decoded.

    Empty ones are left out: a power cut leaves them.
    """
    return [path for path in _files(data) if _read(path) is None and not _is_empty(path)]


def _is_empty(path: Path) -> bool:
    try:
        return path.is_file() and not path.stat().st_size
    except OSError:
        return False


def _read(path: Path) -> Record | None:
    """Return the record in a file; None where it cannot be decoded, its start time included."""
    try:
        record = msgspec.json.decode(read_regular(path), type=Record)
        if not _TIME.fullmatch(record.started):
            return None
        datetime.fromisoformat(record.started)  # the thirteenth month was written by hand
    except (OSError, *UNDECODABLE):
        return None
    return record


def known_faults(data: Path, stage: str, source: str = "") -> list[Fault]:
    """Return the faults of the last finished run that had `stage`.

    Of a fetch with `source`: those of that source in the last run that fetched it.
    """
    for record in newest_first(data):
        if record.exit_code not in DONE or (found := record.stages.get(stage)) is None:
            continue
        if found.only is UNSET or source in found.only:
            return [
                fault
                for fault in found.problems
                # Where the source was not written down, the place has to do.
                if fault.source is UNSET or fault.source == source
            ]
    return []
