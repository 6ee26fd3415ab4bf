"""What a new version of the parser reads again, and about how long that takes: said beforehand.

A document is read again when the program or its domain data read otherwise than those that made
it. It is the first night after an upgrade that takes so long; killed in the middle the next run
goes on, as every document that was read again is written at once. The time is estimated from
records of runs.
"""

from dataclasses import dataclass
from pathlib import Path

from msgspec import UNSET

from shisaku.ingest.runs.record import Record, newest_first

BYTES_PER_SECOND = 60_000
"""What one process reads where no run tells: PDFs of ministries on a small server."""
ENOUGH_FILES = 20
"""Files that a run must have read for its pace to tell anything."""
ENOUGH_SECONDS = 2.0
"""Seconds that it must have worked, too: starting the processes takes one."""
SECONDS_EXACTLY = 90


@dataclass(frozen=True)
class Renewal:
    """Documents that are parsed again, of how many, and the bytes of their files."""

    count: int
    of: int
    bytes: int

    def line(self, data: Path, command: str, workers: int) -> str:
        """Return the line that says so; "" where nothing is read again for that reason."""
        if not self.count:
            return ""
        return (
            f"{command}: this version reads documents differently: {self.count} of {self.of} "
            f"documents will be parsed again, about {spoken(self.seconds(data, workers))}"
        )

    def seconds(self, data: Path, workers: int) -> float:
        """Estimate the time from the last run that read enough, else from a usual pace."""
        for record in newest_first(data):
            found = _by_record(record, self, max(workers, 1))
            if found is not None:
                return found
        return self.bytes / BYTES_PER_SECOND / max(workers, 1)


def spoken(seconds: float) -> str:
    """Return a time in words, rounded to what an estimate is good for."""
    if seconds < SECONDS_EXACTLY:
        return f"{max(10, round(seconds / 10) * 10)} seconds"
    if seconds < SECONDS_EXACTLY * 60:
        return f"{round(seconds / 60)} minutes"
    return f"{seconds / 3600:.1f} hours"


def _by_record(record: Record, renewal: Renewal, workers: int) -> float | None:
    """Estimate the time from one run; None where it tells nothing."""
    stage = record.stages.get("ingest")
    if stage is None:
        return None
    if (work := stage.work) is not UNSET:
        if work.files < ENOUGH_FILES or work.seconds < ENOUGH_SECONDS or work.bytes <= 0:
            return None
        return renewal.bytes * work.seconds * max(work.processes, 1) / work.bytes / workers
    # Version 0.1 counted documents and neither bytes nor processes.
    read = sum(record.documents.get(name, 0) for name in ("added", "changed"))
    if read < ENOUGH_FILES or stage.seconds < ENOUGH_SECONDS:
        return None
    return renewal.count * stage.seconds / read
