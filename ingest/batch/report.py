"""What an ingest did: counts, and what is wrong, for people and as JSON; without a clock."""

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from shisaku.ingest.model import Problem
from shisaku.ingest.runs.record import Work


@dataclass(frozen=True)
class Reported:
    """A problem as the report names it: the document (or place under raw/) and its file."""

    document: str
    source: str
    problem: Problem
    stale: bool = False
    """True where the document can still be searched as it was."""

    def to_json(self) -> dict[str, Any]:
        """Return the problem's own fields beside where it is."""
        place = {"document": self.document, "source": self.source, "stale": self.stale}
        words: dict[str, Any] = msgspec.to_builtins(self.problem)
        return place | words


@dataclass
class IngestReport:
    """What a run did; every document is counted once as new, changed, unchanged or failed."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    failed: int = 0
    """Documents whose present file cannot be read, in this run or since an earlier one."""
    ignored: int = 0
    written: int = 0
    """Files written or removed under parsed/."""
    problems: list[Reported] = field(default_factory=list)
    warnings: list[Reported] = field(default_factory=list)
    """What is odd about documents that were read all the same (a wrong charset)."""
    work: Work = field(default_factory=Work)
    """What was parsed and how long that took; for the record of the run and in no report."""

    def note_work(self, sizes: Sequence[int], processes: int) -> None:
        """Note how many files of how many bytes are parsed, in how many processes."""
        self.work.files, self.work.bytes = len(sizes), sum(sizes)
        self.work.processes = processes

    @contextlib.contextmanager
    def timed(self) -> Iterator[None]:
        """Note how long the parsing takes."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.work.seconds = round(time.monotonic() - began, 3)

    def to_json(self) -> dict[str, Any]:
        """Return the report for JSON; without a clock, so that equal runs report equally.

        Warnings stand among the problems, with `failed` false.
        """
        counts = ("new", "changed", "unchanged", "gone", "failed", "ignored", "written")
        found: dict[str, Any] = {name: getattr(self, name) for name in counts}
        found["problems"] = [item.to_json() for item in [*self.problems, *self.warnings]]
        return found

    def counts(self) -> dict[str, int]:
        """Return what the record of the run counts by document."""
        counts = {"added": self.new, "changed": self.changed, "removed": self.gone}
        return counts | {"failed": self.failed}

    def faults(self) -> list[tuple[str, str, str, str]]:
        """Return place, code, source ("") and reason of everything at which someone should look."""
        found = [item for item in [*self.problems, *self.warnings] if item.problem.needs_attention]
        return [(item.source, item.problem.code, "", item.problem.reason) for item in found]

    def lines(self) -> list[str]:
        """Return the report in lines for people: counts, then what is worth a look."""
        counts = ("new", "changed", "unchanged", "gone", "failed", "ignored")
        found = ["ingest: " + ", ".join(f"{getattr(self, name)} {name}" for name in counts)]
        if not self.written:
            found.append("ingest: nothing changed")
        for item in [*self.problems, *self.warnings]:
            kept = " (what it held before can still be found)" if item.stale else ""
            problem = item.problem
            found.append(f"  {item.source}: {problem.reason}{kept} {problem.remedy}")
        return found

    @property
    def needs_attention(self) -> bool:
        """Whether someone should look: a document failed, now or still, or reads oddly."""
        return any(item.problem.needs_attention for item in [*self.problems, *self.warnings])
