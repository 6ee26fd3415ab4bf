"""What a fetch did, URL by URL and source by source; without a clock."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import msgspec

from shisaku.ingest.model import Problem

Result = Literal["added", "changed", "unchanged", "returned", "withdrawn", "removed", "failed"]
"""`returned`: offered again, with the same content. `removed`: someone deleted the file, so it is
not fetched again. The other words mean what they say; docs/fetching.md has a table."""
RESULTS: tuple[Result, ...] = get_args(Result)


@dataclass(frozen=True)
class Outcome:
    """What became of one URL; `path` is from the data directory on, "" where there is no file."""

    source: str
    url: str
    result: Result
    path: str = ""
    problem: Problem | None = None
    new: bool = True
    """False for what the last run already found so: the same failure, an old withdrawal."""
    stale: bool = False
    """Whether what was read before stays and answers, though it could not be asked for."""

    def to_json(self) -> dict[str, Any]:
        """Return the problem's own fields beside the rest."""
        found: dict[str, Any] = {
            "source": self.source,
            "url": self.url,
            "result": self.result,
            "path": self.path,
            "new": self.new,
            "stale": self.stale,
        }
        if self.problem:
            found |= {
                "code": self.problem.code,
                "reason": self.problem.reason,
                "remedy": self.problem.remedy,
            }
        return found


@dataclass
class SourceReport:
    """What a source gave: documents found, pages looked at, links left alone, what is wrong."""

    name: str
    publisher: str
    documents: int = 0
    """Linked and available, whether they changed or not."""
    pages: int = 0
    skipped: int = 0
    aliases: int = 0
    """Addresses that lead to documents which have another one; no document of their own."""
    problems: list[Problem] = field(default_factory=list)


@dataclass
class FetchReport:
    """What a run did; every URL of a document is counted once, under its result."""

    outcomes: list[Outcome] = field(default_factory=list)
    sources: list[SourceReport] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Number of URLs by result."""
        found = Counter(outcome.result for outcome in self.outcomes)
        return {name: found[name] for name in RESULTS}

    @property
    def failed(self) -> list[Outcome]:
        """The URLs that failed."""
        return [outcome for outcome in self.outcomes if outcome.result == "failed"]

    @property
    def needs_attention(self) -> bool:
        """Whether someone should look: a URL failed, or a source gave less than it must."""
        wrong = any(problem.failed for source in self.sources for problem in source.problems)
        return wrong or bool(self.failed)

    def faults(self) -> list[tuple[str, str, str]]:
        """Return place (URL or source), code and source of everything at which to look."""
        found = [(item.url, item.problem.code, item.source) for item in self.failed if item.problem]
        for source in self.sources:
            name = source.name
            found += [(name, problem.code, name) for problem in source.problems if problem.failed]
        return found

    def withdrawn(self) -> set[str]:
        """Return the ids of the documents that are no longer offered since this run."""
        gone = [item for item in self.outcomes if item.result == "withdrawn" and item.new]
        return {item.path.removeprefix("raw/") for item in gone if item.path}

    def changes(self) -> dict[str, int]:
        """Return what became of documents in this run, in the words of the record of a run."""
        counts = self.counts
        changed = counts["changed"] + counts["returned"]
        words = {"added": counts["added"], "changed": changed, "failed": counts["failed"]}
        return words | {"withdrawn": len(self.withdrawn())}

    def to_json(self, *, unchanged: bool = False) -> dict[str, Any]:
        """Return the report for JSON; unchanged URLs are only counted unless asked for."""
        return {
            "counts": self.counts,
            "outcomes": [
                outcome.to_json()
                for outcome in self.outcomes
                if unchanged or outcome.result != "unchanged"
            ],
            "sources": msgspec.to_builtins(self.sources),
        }

    def lines(self) -> list[str]:
        """Return the report in lines for people: counts, then what is worth a look."""
        counts = self.counts
        shown = [f"{counts[name]} {name}" for name in RESULTS]
        found = ["fetch: " + ", ".join(shown)]
        for source in self.sources:
            for problem in source.problems:
                found.append(f"  {source.name}: {problem.reason} {problem.remedy}")
        for outcome in self.outcomes:
            if outcome.problem:
                problem = outcome.problem
                kept = " What was there stays, marked stale." if outcome.stale else ""
                found.append(f"  {outcome.url}: {problem.reason}{kept} {problem.remedy}")
            elif outcome.result == "withdrawn" and outcome.new:
                kept = f"{outcome.path} stays and is marked (公開が終了しました)"
                found.append(f"  {outcome.url}: no longer offered; {kept}.")
        return found
