"""The documents that a new version parses again, and an estimate of the time in seconds.

A document is parsed again when parser or domain data have another version than those that made it,
so the first run after an upgrade takes long. If it is killed, the next run continues, because each
document is written when it is parsed. The estimate is made from the records of runs.
"""

from dataclasses import dataclass
from pathlib import Path

from msgspec import UNSET

from shisaku.ingest.runs.record import Record, newest_first

BYTES_PER_SECOND = 60_000
"""Speed of one process without a record: PDFs of ministries on a small server."""
ENOUGH_FILES = 20
"""Least number of files of a run from which the speed is taken."""
ENOUGH_SECONDS = 2.0
"""Least duration of such a run in seconds, of which one is the start of processes."""
SECONDS_EXACTLY = 90


@dataclass(frozen=True)
class Renewal:
    """Number of documents to parse again, of all (`of`), and the bytes of their files."""

    count: int
    of: int
    bytes: int

    def line(self, data: Path, command: str, workers: int) -> str:
        """Return a line for the user, "" where no document is parsed again."""
        if not self.count:
            return ""
        return (
            f"{command}: this version reads documents differently: {self.count} of {self.of} "
            f"documents will be parsed again, about {spoken(self.seconds(data, workers))}"
        )

    def seconds(self, data: Path, workers: int) -> float:
        """Return an estimate of the time, by the last run that is large enough, else by default."""
        for record in newest_first(data):
            found = _by_record(record, self, max(workers, 1))
            if found is not None:
                return found
        return self.bytes / BYTES_PER_SECOND / max(workers, 1)


def spoken(seconds: float) -> str:
    """Return a duration as text, rounded to the precision of an estimate."""
    if seconds < SECONDS_EXACTLY:
        return f"{max(10, round(seconds / 10) * 10)} seconds"
    if seconds < SECONDS_EXACTLY * 60:
        return f"{round(seconds / 60)} minutes"
    return f"{seconds / 3600:.1f} hours"


def _by_record(record: Record, renewal: Renewal, workers: int) -> float | None:
    """Return the estimate by one run; None where the run is too small."""
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
