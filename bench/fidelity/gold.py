"""The seeds against their gold: items of the follow-up, measures of the plan, meetings.

Everything is compared whole: an item whose text is right but stands under the wrong heading is
wrong, and counts against precision and recall.
"""

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.corpus import ROOT, key
from shisaku.ingest.model import Document, Measure, Passage

FOLLOW_UP = "jinshin-torihiki-followup-2011-11"
PLAN = "jidou-porno-taisaku-3-2016-07"
MEETINGS = "jinshin-torihiki-kaisai"


@dataclass(frozen=True)
class Score:
    """How many things were found, how many should be, how many of both are the same."""

    found: int
    wanted: int
    right: int
    wrong: tuple[str, ...] = ()
    """What is found and not wanted (+) or wanted and not found (-), shortened."""

    @property
    def precision(self) -> float:
        """Share of what was found that is right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of what is wanted that was found."""
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def least(self) -> float:
        """The lower of precision and recall."""
        return min(self.precision, self.recall)


def load(name: str, unlike: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the gold of a seed, with characters that a print does not keep replaced."""
    text = (ROOT / f"seeds/gold/{name}.json").read_text(encoding="utf-8")
    for char, other in (unlike or {}).items():
        text = text.replace(char, other)
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def compare(found: Iterable[Hashable], wanted: Iterable[Hashable]) -> Score:
    """Compare two bags of things."""
    ours, theirs = Counter(found), Counter(wanted)
    wrong = [f"+ {thing}" for thing in ours - theirs] + [f"- {thing}" for thing in theirs - ours]
    both = (ours & theirs).total()
    return Score(ours.total(), theirs.total(), both, tuple(wrong))


def compare_items(document: Document, gold: dict[str, Any]) -> Score:
    """Compare (path, label, title, ministries, mark, restated, text) of all status items."""
    measures = {measure.id: measure for measure in document.measures}
    found = [
        _item(passage, measures.get(passage.measure or ""))
        for passage in document.passages
        if passage.type == "status_item"
    ]
    wanted = [
        (
            *_head(measure), tuple(row["ministries"]), item["mark"], item["restated"],
            key(item["text"]),
        )
        for measure in gold["measures"]
        for row in measure["rows"]
        for item in row["items"]
    ]  # fmt: skip
    return compare(found, wanted)


def _item(passage: Passage, measure: Measure | None) -> tuple[Hashable, ...]:
    return (
        _path(passage.path), measure.label if measure else None,
        key(measure.title) if measure else None, passage.ministries, passage.mark,
        passage.restated, key(passage.text),
    )  # fmt: skip


def _head(measure: dict[str, Any]) -> tuple[Hashable, ...]:
    return (_path(measure["path"]), measure["label"], key(measure["title"]))


def _path(parts: Sequence[str]) -> tuple[str, ...]:
    return tuple(key(part) for part in parts)


def compare_plan(document: Document, gold: dict[str, Any]) -> Score:
    """Compare (path, label, title, paragraphs, ministries, 等) of all measures of a plan."""
    paragraphs: dict[str | None, list[str]] = {}
    for passage in document.passages:
        paragraphs.setdefault(passage.measure, []).append(key(passage.text))
    found = [
        (
            _path(measure.path), measure.label, key(measure.title),
            tuple(paragraphs.get(measure.id, ())), measure.ministries, measure.and_others,
        )
        for measure in document.measures
    ]  # fmt: skip
    wanted = [
        (
            *_head(measure), tuple(key(text) for text in measure["paragraphs"]),
            tuple(measure["ministries"]), measure["and_others"],
        )
        for measure in gold["measures"]
    ]  # fmt: skip
    return compare(found, wanted)


def compare_meetings(document: Document, gold: dict[str, Any]) -> Score:
    """Compare the date of each meeting, and its number, attendees and summary in its words."""
    meetings = [passage for passage in document.passages if passage.type == "meeting"]
    wanted = gold["meetings"]
    right = 0
    wrong = []
    for passage, entry in zip(meetings, wanted, strict=False):
        parts = (f"第{entry['number']}回", entry["attendees"], entry["summary"])
        if passage.date == entry["date"] and all(key(p) in key(passage.text) for p in parts):
            right += 1
        else:
            wrong.append(f"+ {passage.date} {passage.text[:40]}")
    return Score(len(meetings), len(wanted), right, tuple(wrong))
