"""The report of an index run: as JSON, as lines of text, and as counts for the run's record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple

from shisaku.ingest.errors import to_type
from shisaku.ingest.text.terminal import one_line

PASSAGE_CHANGES = ("added", "changed", "removed")


class Refusal(NamedTuple):
    """A file under parsed/ that is not indexed, or not in its present version: reason and code.

    The code is that of `index.generations.manifest.Refused`, or "unreadable".
    """

    file: str
    reason: str
    code: str


@dataclass(frozen=True)
class IndexReport:
    """The report of a run: documents by kind of change, counts of the index, refused files."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    documents: int = 0
    passages: int = 0
    written: bool = False
    """Whether there is a new generation."""
    rebuilt: bool = False
    generation: str = ""
    """Name of the current generation."""
    damage: str = ""
    """The damage of the last generation for which it was rebuilt; "" for none."""
    changes: Mapping[str, int] = field(default_factory=dict)
    """Numbers of passages added, changed (same id, other record) and removed."""
    problems: tuple[Refusal, ...] = ()
    """Files that are not indexed, refused in this run or an earlier one."""
    data: Path = Path("data")
    """The data directory, for remedies."""

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values; without times, so equal runs give equal reports."""
        return {
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "gone": self.gone,
            "failed": len(self.problems),
            "documents": self.documents,
            "passages": self.passages,
            "written": self.written,
            "rebuilt": self.rebuilt,
            "damage": self.damage or None,
            "changes": {name: self.changes.get(name, 0) for name in PASSAGE_CHANGES},
            "problems": [
                {"file": each.file, "reason": each.reason, "code": each.code}
                for each in self.problems
            ],
        }

    def counts(self) -> dict[str, int]:
        """Return the numbers of documents by outcome for the record of the run."""
        counts = {"added": self.new, "changed": self.changed, "removed": self.gone}
        return counts | {"failed": len(self.problems)}

    def faults(self) -> list[tuple[str, str]]:
        """Return (place, code) of every problem that needs attention."""
        return [(each.file, each.code) for each in self.problems]

    def lines(self) -> list[str]:
        """Return the report as lines of text: counts, then problems."""
        found = []
        if self.damage:
            found.append(f"index: {one_line(self.damage)}; built anew from parsed/")
        held = f"{self.documents} documents, {self.passages} passages"
        if self.written:
            found.append(
                f"index: {self.new} new, {self.changed} changed, {self.unchanged} unchanged, "
                f"{self.gone} gone; {held}"
            )
        else:
            found.append(f"index: nothing changed; {held}")
        for each in self.problems:
            what = f"{one_line(each.file)}: {one_line(each.reason)}"
            found.append(f"  {what}\n  {self._remedy(each)}")
        return found

    def _remedy(self, refusal: Refusal) -> str:
        if refusal.code == "unreadable":
            return f"to see who may read it: ls -ld {quote(str(self.data / refusal.file))}"
        again = "ingest --force"
        if refusal.code not in ("parsed", "copy"):
            again = "index --rebuild --timeout 600 --memory 4096"
        return f"type: {to_type(again, self.data)}"
