"""The report of an ingest: counts and problems, as text and as JSON, without times."""

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
    """A problem in the report: the document (or path under raw/) and its file."""

    document: str
    source: str
    problem: Problem
    stale: bool = False
    """Whether the passages of an earlier version stay searchable."""

    def to_json(self) -> dict[str, Any]:
        """Return the fields of the problem and its place as JSON values."""
        place = {"document": self.document, "source": self.source, "stale": self.stale}
        words: dict[str, Any] = msgspec.to_builtins(self.problem)
        return place | words


@dataclass
class IngestReport:
    """The report; every document is counted once as new, changed, unchanged or failed."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    failed: int = 0
    """Number of documents whose present file cannot be read, now or since an earlier run."""
    ignored: int = 0
    written: int = 0
    """Number of files written or removed under parsed/."""
    problems: list[Reported] = field(default_factory=list)
    warnings: list[Reported] = field(default_factory=list)
    """Warnings on documents that were parsed (a wrong charset)."""
    work: Work = field(default_factory=Work)
    """Files, bytes and seconds for the record of the run; not part of the report."""

    def note_work(self, sizes: Sequence[int], processes: int) -> None:
        """Note the sizes in bytes of the files to parse, and the number of processes."""
        self.work.files, self.work.bytes = len(sizes), sum(sizes)
        self.work.processes = processes

    @contextlib.contextmanager
    def timed(self) -> Iterator[None]:
        """Add the duration of the context to `work`."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.work.seconds = round(time.monotonic() - began, 3)

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values; without times, so equal runs give equal reports.

        Warnings are among the problems, with `failed` false.
        """
        counts = ("new", "changed", "unchanged", "gone", "failed", "ignored", "written")
        found: dict[str, Any] = {name: getattr(self, name) for name in counts}
        found["problems"] = [item.to_json() for item in [*self.problems, *self.warnings]]
        return found

    def counts(self) -> dict[str, int]:
        """Return numbers of documents by outcome, for the record of the run."""
        counts = {"added": self.new, "changed": self.changed, "removed": self.gone}
        return counts | {"failed": self.failed}

    def faults(self) -> list[tuple[str, str, str, str]]:
        """Return (place, code, "", reason) of every problem that needs attention."""
        found = [item for item in [*self.problems, *self.warnings] if item.problem.needs_attention]
        return [(item.source, item.problem.code, "", item.problem.reason) for item in found]

    def lines(self) -> list[str]:
        """Return the report as lines of text: counts, then problems."""
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
        """Whether the run ends with exit code 3 (`Problem.needs_attention` of any problem)."""
        return any(item.problem.needs_attention for item in [*self.problems, *self.warnings])
