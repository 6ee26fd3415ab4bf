"""The status of a data directory: last run, documents, index, disk space.

`survey` takes the directory and the state of the index (`IndexState`; nothing under ingest/ may
import the index) and gives a `Status`, in which each fault is a sentence, for people and monitors.
Nothing is written.
"""

import os
import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote
from typing import Any

from msgspec.structs import asdict

from shisaku.ingest.disk.files import walk
from shisaku.ingest.disk.lock import holder, is_held
from shisaku.ingest.model import IndexState
from shisaku.ingest.parsed.store import Store, remembered_headers
from shisaku.ingest.runs.record import DONE, Record, Stage, newest_first

LOW_SPACE = 0.05
"""Free part of the disk below which it is reported as nearly full: a new generation of the index
is written beside the old one."""
WRITERS = ("update", "ingest", "index", "index --rebuild")


@dataclass
class Status:
    """The status; `faults` has a sentence for each thing that needs attention."""

    index: IndexState
    last: Record | None = None
    """The last run that wrote parsed/ or the index and came to its end."""
    age_hours: float | None = None
    documents: int = 0
    problems: dict[str, int] = field(default_factory=dict)
    """Numbers of documents that could not be read, by code."""
    failed: int = 0
    stale: int = 0
    withdrawn: int = 0
    """Number of documents that their publishers no longer offer; they are still searched."""
    used: dict[str, int] = field(default_factory=dict)
    """Bytes by directory; a file hard-linked by two generations counts once."""
    free: int = 0
    working: str = ""
    """The process that holds the lock now, "" for none."""
    faults: list[str] = field(default_factory=list)

    @property
    def well(self) -> bool:
        """Whether there is no fault."""
        return not self.faults

    def to_json(self) -> dict[str, Any]:
        """Return the status as JSON values."""
        last = self.last and {
            "command": self.last.command,
            "started": self.last.started,
            "exit_code": self.last.exit_code,
            "new_problems": self.last.new_problems,
        }
        return {
            "well": self.well,
            "faults": self.faults,
            "last_run": last or None,
            "age_hours": self.age_hours,
            "documents": self.documents,
            "failed": self.failed,
            "stale": self.stale,
            "withdrawn": self.withdrawn,
            "problems": self.problems,
            "index": asdict(self.index),
            "disk": {"used": self.used, "free": self.free},
            "working": self.working or None,
        }

    def lines(self) -> list[str]:
        """Return the status as lines of text."""
        last = "none yet"
        if self.last:
            last = f"{self.last.started} {self.last.command}, {self.age_hours:.1f} hours ago"
        codes = "".join(f", {number} {code}" for code, number in self.problems.items())
        used = ", ".join(f"{name}/ {_size(held)}" for name, held in self.used.items())
        found = [
            f"last run:  {last}",
            f"documents: {self.documents}; {self.failed} cannot be read{codes}; "
            f"{self.stale} answer as they were; {self.withdrawn} withdrawn",
            f"index:     {self.index.generation or 'none'}; {self.index.documents} documents, "
            f"{self.index.passages} passages; {self.index.behind} files behind parsed/"
            + (f", {self.index.left_out} that cannot be indexed" if self.index.left_out else ""),
            f"disk:      {used}; {_size(self.free)} free",
        ]
        if self.working:
            found.append(f"now:       {self.working} is at work")
        found += [f"not well:  {fault}" for fault in self.faults]
        return found if self.faults else [*found, "all is well"]


def survey(data: Path, index: IndexState, max_age: float | None = None) -> Status:
    """Return the status of `data`; a last run older than `max_age` hours is a fault."""
    status = Status(index)
    if is_held(data):
        status.working = str(holder(data) or "another process")
    _documents(data, status)
    _disk(data, status)
    _last_run(data, status, max_age)
    _last_fetch(data, status)
    again = f"type: shisaku index --data {quote(str(data))}"
    if index.fault:
        status.faults.append(f"{index.fault}; {again} --rebuild")
    elif index.behind and not status.working:
        status.faults.append(f"the index does not hold what is parsed; {again}")
    return status


def _documents(data: Path, status: Status) -> None:
    codes: Counter[str] = Counter()
    try:
        listing = Store(data / "parsed").listing(remembered_headers(data))
    except OSError as error:
        status.faults.append(
            f"{error.filename or data / 'parsed'} cannot be listed: {error.strerror or error}; "
            f"to see why: ls -ld {quote(str(error.filename or data / 'parsed'))}"
        )
        return
    for link in listing.links:
        status.faults.append(f"parsed/{link} is a link; to remove it: rm {_at(data, link)}")
    for entry in listing.entries:
        header = entry.header
        if entry.error is not None:
            status.faults.append(
                f"parsed/{entry.name} cannot be read: {entry.error.strerror or entry.error}; "
                f"to see why: ls -ld {_at(data, entry.name)}"
            )
            continue
        if header is None:
            status.faults.append(f"parsed/{entry.name} is damaged; the next run repairs it")
            continue
        status.documents += 1
        status.stale += header.stale
        status.failed += header.failed
        status.withdrawn += header.withdrawn is not None
        codes.update({problem.code for problem in header.problems if problem.failed})
    status.problems = dict(sorted(codes.items()))


def _at(data: Path, name: str) -> str:
    return quote(str(data / "parsed" / name))


def _disk(data: Path, status: Status) -> None:
    for name in ("raw", "parsed", "index", "versions", "runs"):
        sizes: dict[tuple[int, int], int] = {}
        try:
            if (data / name).is_dir():
                for _, path in walk(data / name):
                    try:
                        held = os.lstat(path)
                    except OSError:
                        continue  # removed by a run that works now
                    sizes[held.st_dev, held.st_ino] = held.st_blocks * 512
        except OSError as error:
            if name != "parsed":  # that is told already
                status.faults.append(
                    f"{error.filename or name} cannot be listed: {error.strerror or error}; "
                    f"to see why: ls -ld {quote(str(error.filename or data / name))}"
                )
        if sizes:
            status.used[name] = sum(sizes.values())
    usage = shutil.disk_usage(data)
    status.free = usage.free
    if usage.free < usage.total * LOW_SPACE:
        status.faults.append(f"the disk is nearly full: {_size(usage.free)} free")


def _last_run(data: Path, status: Status, max_age: float | None) -> None:
    newest = True
    for record in newest_first(data):
        if record.command not in WRITERS or (record.exit_code is None and status.working):
            continue
        if record.exit_code in DONE:
            status.last = record
            break
        # A run that found the lock taken is no failure: another was at it.
        if newest and record.exit_code != 5:
            status.faults.append(f"the run of {record.started} failed: {record.error}")
            newest = False
    if status.last is None:
        status.faults.append("no run has come to its end yet")
        return
    began = datetime.fromisoformat(status.last.started)
    status.age_hours = round((datetime.now(UTC) - began).total_seconds() / 3600, 2)
    if status.last.new_problems:
        status.faults.append(
            f"{status.last.new_problems} problems are new since the run before; "
            f"type: shisaku docs --data {quote(str(data))}"
        )
    if status.age_hours < 0:
        status.faults.append("the last good run is dated in the future; to see the clock: date -u")
    if max_age is not None and status.age_hours > max_age:
        status.faults.append(f"the last good run is {status.age_hours:g} hours old")


def _last_fetch(data: Path, status: Status) -> None:
    """Add the faults of the last `fetch` where it is run apart from `ingest`.

    For every source the last run that fetched it counts, back to the last that fetched all.
    """
    new = 0
    asked: set[str] = set()
    for record in newest_first(data):
        if record.command != "fetch" or (record.exit_code is None and status.working):
            continue
        if record.exit_code == 5:
            continue
        stage = record.stages.get("fetch", Stage())
        only = set(stage.only or ())
        if only and only <= asked:
            continue
        if record.exit_code not in DONE:
            status.faults.append(f"the fetch of {record.started} failed: {record.error}")
        else:
            new += sum(fault.new for fault in stage.problems if fault.source not in asked)
        asked |= only
        if not only:
            break
    if new:
        status.faults.append(
            f"{new} problems of the last fetch are new; "
            f"type: shisaku runs --json --data {quote(str(data))}"
        )


def _size(held: int) -> str:
    """Return a number of bytes with a decimal prefix (1 kB = 1,000 bytes), as `df -H`."""
    number, units = float(held), ["B", "kB", "MB", "GB", "TB"]
    while number >= 1000 and len(units) > 1:
        number /= 1000
        units.pop(0)
    return f"{number:.3g} {units[0]}" if number < 1000 else f"{number:.0f} {units[0]}"
