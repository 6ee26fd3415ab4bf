"""What each run did: DIR/runs/<start time>.json, there from the start, so that a killed one shows.

The only place where a clock stands in what is written. The command line fills a `Record` stage by
stage; `shisaku runs` lists them, and `--known-ok` asks the last one what was wrong already.
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
from shisaku.ingest.runs import KEPT

DONE = (0, 3)
"""Exit codes of a run that came to its end."""
COUNTS = ("added", "changed", "removed", "failed", "withdrawn")
_SAYS_NO_MORE = frozenset({"timeout", "memory"})
"""Codes whose message differs by the limits that were set and not by what is wrong."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z(-\d+)?\.json")


class Fault(msgspec.Struct, frozen=True):
    """What was wrong with a file, a document, a URL or a source in a run."""

    place: str
    code: str
    new: bool = False
    """Whether the last run of that stage (for that source) did not find the same."""
    source: str | UnsetType = UNSET
    """The source that was asked; only of what a fetch found."""
    reason: str | UnsetType = UNSET
    """What was said of it; unset where it was not written down (by version 0.1, by a fetch)."""

    def same_as(self, other: "Fault") -> bool:
        """Tell whether both are the same fault: of one place, by code and by what is said.

        Where one of them has no reason, place and code have to do.
        """
        if (self.place, self.code) != (other.place, other.code):
            return False
        if self.code in _SAYS_NO_MORE or self.reason is UNSET or other.reason is UNSET:
            return True
        return self.reason == other.reason


class Work(msgspec.Struct):
    """What an ingest parsed, and its pace."""

    files: int = 0
    bytes: int = 0
    processes: int = 0
    seconds: float = 0.0


class Stage(msgspec.Struct):
    """A part of a run: how long it took, what was wrong."""

    seconds: float = 0.0
    problems: list[Fault] = []
    only: list[str] | UnsetType = UNSET
    """Sources that were asked by name; unset where all were, and where none is asked."""
    work: Work | UnsetType = UNSET
    """What was parsed; unset where nothing was, and in other stages."""


class Record(msgspec.Struct):
    """A run. `exit_code` is None while it works, and for ever where it was killed."""

    command: str
    started: str
    pid: int
    ended: str = ""
    exit_code: int | None = None
    seconds: float = 0.0
    error: str = ""
    documents: dict[str, int] = {}
    """By what became of them (`COUNTS`): withdrawn are those that are no longer offered."""
    passages: dict[str, int] = {}
    """Likewise; failed are those that are found as an earlier file held them."""
    stages: dict[str, Stage] = {}
    generation: str = ""
    """The generation of the index that answered when it ended."""

    @property
    def problems(self) -> int:
        """How many things were wrong."""
        return sum(len(stage.problems) for stage in self.stages.values())

    @property
    def new_problems(self) -> int:
        """How many of them the last run did not find."""
        return sum(fault.new for stage in self.stages.values() for fault in stage.problems)

    def line(self) -> str:
        """Give the run in one line; no time stands in it, so that equal nights read equally."""
        said = []
        for kind, found in (("documents", self.documents), ("passages", self.passages)):
            counts = [f"{found[name]} {name}" for name in COUNTS if found.get(name)]
            if counts:
                said.append(f"{kind} {', '.join(counts)}")
        if self.problems:
            said.append(f"{self.problems} problems, {self.new_problems} of them new")
        return f"{self.command}: " + ("; ".join(said) or "no changes, no problems")

    def row(self) -> str:
        """Give the run as a line of the list: when, what, how it ended, what it changed."""
        code = "-" if self.exit_code is None else str(self.exit_code)
        what = self.error or self.line().partition(": ")[2]
        return "  ".join((self.started, self.command, f"exit {code}", f"{self.seconds:g} s", what))

    def to_json(self) -> dict[str, Any]:
        """Give the record with what can be counted from it."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found | {"problems": self.problems, "new_problems": self.new_problems}


@dataclass
class Run:
    """A run that is being recorded."""

    data: Path
    command: str
    kept: int = KEPT
    record: Record = field(init=False)
    path: Path | None = None
    """Where the record is; None where it cannot be written, which stops no run."""

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
        """Time a part of the run; `only` are the sources that it asks, where it leaves others."""
        stage = self.record.stages[name] = Stage(only=sorted(set(only)) or UNSET)
        began = time.monotonic()
        try:
            yield stage
        finally:
            stage.seconds = round(time.monotonic() - began, 3)

    def note(self, name: str, faults: Iterable[tuple[str, ...]]) -> None:
        """Write down what a stage found wrong, and which of it is new.

        A fault is a place, a code, of a fetch also the source, and what is said of it (source ""
        where there is none). Each is compared with the last run that asked the source, so that a
        run over one source neither hides nor renews others; another code or another reason is new.
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
        """Write the record for good, and remove the oldest."""
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
    """Make a file of a name that no other run has, and give what stands in it before the end."""
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
    """Give the files of all records, the oldest first.

    Those dated in the future count as older than all others: a clock that once was ahead would
    else hide every run until it is caught up with.
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
    """Yield all runs; one that was killed says so, a damaged record is left out."""
    for path in reversed(_files(data)):
        if (record := _read(path)) is None:
            continue
        if record.exit_code is None:
            now = holder(data)
            works = now is not None and now.pid == record.pid and is_held(data)
            record.error = "still working" if works else "ended without a word (killed?)"
        yield record


def damaged_records(data: Path) -> list[Path]:
    """Give the files that bear the name of a record and are none; empty ones are left out.

    An empty one is what a power cut leaves.
    """
    return [path for path in _files(data) if _read(path) is None and not _is_empty(path)]


def _is_empty(path: Path) -> bool:
    try:
        return path.is_file() and not path.stat().st_size
    except OSError:
        return False


def _read(path: Path) -> Record | None:
    """Give the record in a file; None where there is none, or its time cannot be read."""
    try:
        record = msgspec.json.decode(read_regular(path), type=Record)
        if not _TIME.fullmatch(record.started):
            return None
        datetime.fromisoformat(record.started)  # the thirteenth month was written by hand
    except (OSError, *UNDECODABLE):
        return None
    return record


def known_faults(data: Path, stage: str, source: str = "") -> list[Fault]:
    """Give what the last run with that stage that came to its end found wrong.

    Of a fetch: the last run that asked `source`, and what it found there.
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
