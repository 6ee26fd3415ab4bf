"""A second engine: public records in plain lists, each looked at for every request.

It shares nothing with the embedded engine but the protocol and the analysis of texts, has one score
for all, and keeps no offsets. What it finds is the meaning of a plan, spelled out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from shisaku.index.analysis.analyzer import FIELD_BREAK, folded_parts, readable, words
from shisaku.index.analysis.defined_names import alias_fields
from shisaku.index.engine.base import Combinations, Facet, Hit, Page, Sort, Stored, UnitName, Value
from shisaku.index.query.highlight import finds
from shisaku.index.query.plan import (
    Admitted,
    Either,
    Every,
    Everything,
    Except,
    Lifted,
    Part,
    Pattern,
    Phrase,
    Plan,
    Restriction,
    Words,
)
from shisaku.index.records.fields import Frame, measure_heading
from shisaku.index.records.passages import (
    frame_of,
    measures_by_id,
    ministries_of,
    passage_record,
)
from shisaku.ingest.model import Document

Found = dict[int, bool]
"""Numbers of passages, or of units' first passages, with whether they were found as words."""
_NO_SCORE = 0.0


@dataclass
class _Field:
    """The words of a text by position, and its folded parts."""

    text: str
    at: dict[int, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for word in words(self.text):
            self.at.setdefault(word.position, set()).update(word.terms)
        self.parts = folded_parts(self.text)

    def says(self, phrase: Phrase) -> bool:
        return any(
            all(not self.at.get(first + place, set()).isdisjoint(keys) for keys, place in phrase)
            for first in self.at
        )

    def holds(self, keys: Iterable[str]) -> bool:
        return any(key and key in part for key in keys for part in self.parts)


@dataclass
class _Passage:
    record: dict[str, Any]

    def __post_init__(self) -> None:
        self.text = _Field(readable(self.record["text"]))
        above = [*self.record["path"], measure_heading(self.record)]
        self.head = _Field(FIELD_BREAK.join(map(readable, above)))
        self.frame: Frame = frame_of(self.record)
        self.ministries = ministries_of(self.record)
        self.names, pairs = alias_fields(readable(self.record["text"]))
        self.defines = pairs.get("aliases", b"")
        self.measure = (self.record["measure"] or {}).get("id")


class MemoryEngine:
    """Answers over parsed documents, which it puts into document order."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._passages = [
            _Passage(passage_record(document, passage, measures_by_id(document)))
            for document in sorted(documents, key=lambda document: document.id)
            for passage in document.passages
        ]
        self._sets = sorted({passage.ministries for passage in self._passages})
        self._measures: dict[str, list[int]] = {}
        for number, passage in enumerate(self._passages):
            if passage.measure:
                self._measures.setdefault(passage.measure, []).append(number)

    @property
    def size(self) -> int:
        return len(self._passages)

    def close(self) -> None:
        pass

    # --- what a plan means ---------------------------------------------------------------------

    def _found(self, plan: Plan, unit: UnitName) -> Found:
        match plan:
            case Everything():
                return dict.fromkeys(range(self.size), True)
            case Admitted(restriction):
                return {n: True for n in range(self.size) if self._passes(n, restriction)}
            case Words(patterns, words_only):
                found = self._words(patterns)
                as_such = words_only and not patterns[0].only_literal
                return {n: spoken for n, spoken in found.items() if spoken or not as_such}
            case Lifted(part):
                lifted: Found = {}
                for number, spoken in self._found(part, unit).items():
                    if measure := self._passages[number].measure:
                        first = self._measures[measure][0]
                        lifted[first] = lifted.get(first, False) or spoken
                return lifted
            case Every(parts):
                each = [self._found(part, unit) for part in parts]
                return {n: all(f[n] for f in each) for n in each[0] if all(n in f for f in each)}
            case Either(parts):
                each = [self._found(part, unit) for part in parts]
                return {n: any(f.get(n, False) for f in each) for f in each for n in f}
            case Except(part, hidden):
                gone = self._found(hidden, unit)
                return {n: w for n, w in self._found(part, unit).items() if n not in gone}

    def _words(self, patterns: Sequence[Pattern]) -> Found:
        found: Found = {}
        for number, passage in enumerate(self._passages):
            for sought in patterns:
                spoken, literal = self._finds(sought, passage)
                if spoken or literal:
                    as_words = spoken or patterns[0].only_literal
                    found[number] = found.get(number, False) or as_words
        return found

    def _finds(self, sought: Pattern, passage: _Passage) -> tuple[bool, bool]:
        record = passage.record
        if sought.documents is not None and record["document"] not in sought.documents:
            return False, False
        if sought.scope == "title":
            return finds(sought, record["title"])
        if sought.scope == "measure" and not any(finds(sought, measure_heading(record))):
            return False, False
        fields = {"": [passage.text, passage.head], "text": [passage.text]}
        each = fields.get(sought.scope, [passage.head])
        return (
            any(part.says(phrase) for part in each for phrase in sought.phrases),
            any(part.holds(sought.literals) for part in each),
        )

    def _passes(self, number: int, restriction: Restriction, lifted: Iterable[str] = ()) -> bool:
        passage, filters = self._passages[number], restriction.filters
        barred = set(filters.barred_by(passage.frame))
        if filters.ministry and self._set(number) not in restriction.sets:
            barred.add("ministry")
        return barred.issubset(lifted)

    # --- the protocol --------------------------------------------------------------------------

    def search(
        self,
        plan: Plan,
        restriction: Restriction,
        unit: UnitName,
        *,
        sort: Sort = "relevance",
        limit: int = 10,
        offset: int = 0,
        facets: Sequence[Facet] = (),
    ) -> Page:
        found = self._found(plan, unit)
        passed = [
            n
            for n in sorted(found)
            if any(self._passes(member, restriction) for member in self._members(n, unit))
        ]
        if sort == "date":
            passed.sort(key=lambda n: self._passages[n].frame.date, reverse=True)
        else:
            passed.sort(key=lambda n: not found[n])
        hits = (self._hit(n, found[n], unit) for n in passed[offset : offset + max(limit, 0)])
        counts = tuple(self._counts(found, restriction, unit, facet) for facet in facets)
        return Page(len(passed), tuple(hits), counts)

    def scan(
        self, plan: Plan, restriction: Restriction, unit: UnitName
    ) -> Iterator[tuple[Stored, ...]]:
        for number in sorted(self._found(plan, unit)):
            members = self._members(number, unit)
            if any(self._passes(member, restriction) for member in members):
                yield tuple(map(self._stored, members))

    def _counts(
        self, found: Found, restriction: Restriction, unit: UnitName, facet: Facet
    ) -> Combinations:
        counted: Counter[frozenset[tuple[Value, ...]]] = Counter()
        for number in found:
            key = frozenset(
                tuple(self._value(member, name) for name in facet.by)
                for member in self._members(number, unit)
                if self._passes(member, restriction, facet.lifted)
            )
            if key:
                counted[key] += 1
        return dict(counted)

    def _value(self, number: int, name: str) -> Value:
        if name == "ministry":
            return self._set(number)
        value: Value = getattr(self._passages[number].frame, name)
        return value

    def _members(self, number: int, unit: UnitName) -> list[int]:
        measure = self._passages[number].measure
        return [number] if unit == "passage" else self._measures[str(measure)]

    def _set(self, number: int) -> int:
        return self._sets.index(self._passages[number].ministries)

    def _stored(self, number: int) -> Stored:
        record = msgspec.json.encode(self._passages[number].record)
        return Stored(number, record, self._set(number), self._passages[number].defines)

    def _hit(self, number: int, as_words: bool, unit: UnitName) -> Hit:
        stored = tuple(map(self._stored, self._members(number, unit)))
        return Hit(_NO_SCORE, as_words, stored, 0, _NO_SCORE, as_words)

    def _keys(self, passage: _Passage) -> Mapping[str, Iterable[str]]:
        record = passage.record
        return {
            "id": [record["id"]],
            "document": [record["document"]],
            "measure": [passage.measure] if passage.measure else [],
            "defines": passage.names,
            "text_words": set().union(*passage.text.at.values()),
            "head_words": set().union(*passage.head.at.values()),
            "text_grams": {
                part[at : at + 2] for part in passage.text.parts for at in range(len(part) - 1)
            },
            "ministry": passage.ministries,
            "plan": {name for name in (record["plan"], record["plan_series"]) if name},
        }

    def get(self, field: str, value: str) -> Sequence[Stored]:
        return [self._stored(number) for number in self.numbers(field, value)]

    def numbers(self, field: str, value: str) -> Sequence[int]:
        return [n for n, p in enumerate(self._passages) if value in self._keys(p)[field]]

    def around(self, number: int, count: int) -> tuple[Sequence[Stored], Sequence[Stored]]:
        document = self._passages[number].record["document"]
        same = [n for n, p in enumerate(self._passages) if p.record["document"] == document]
        at = same.index(number)
        before, after = same[max(at - count, 0) : at], same[at + 1 : at + 1 + count]
        return [*map(self._stored, before)], [*map(self._stored, after)]

    def terms(self, field: str, prefix: str = "") -> Iterator[str]:
        each = {key for passage in self._passages for key in self._keys(passage)[field]}
        return iter(sorted(key for key in each if key.startswith(prefix)))

    def titles(self, documents: Iterable[str]) -> dict[str, str]:
        known = {p.record["document"]: p.record["title"] for p in self._passages}
        return {document: known[document] for document in documents}

    def ministry_sets(self) -> Sequence[tuple[str, ...]]:
        return self._sets

    def ministry_set(self, number: int) -> tuple[str, ...]:
        return self._sets[number]

    def offsets(self, number: int, sought: Pattern) -> None:
        return None

    def holds(self, number: int, sought: Pattern, part: Part) -> bool:
        return True
