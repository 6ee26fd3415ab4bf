"""A second engine: public records in plain lists, each looked at for every request.

It shares nothing with the embedded engine but the protocol and the analysis of texts, has one score
for all, and keeps no offsets. What it finds is the meaning of a plan, spelled out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import msgspec

from shisaku.index.analysis.analyzer import FIELD_BREAK, folded_parts, readable, words
from shisaku.index.analysis.defined_names import alias_fields
from shisaku.index.analysis.defined_terms import defined_terms
from shisaku.index.engine.base import Combinations, Facet, Hit, Page, Sort, Stored, UnitName, Value
from shisaku.index.query.highlight import finds
from shisaku.index.query.plan import (
    Admitted,
    Either,
    Every,
    Everything,
    Except,
    Lifted,
    Only,
    Part,
    Pattern,
    Phrase,
    Plan,
    Restriction,
    Words,
)
from shisaku.index.records.around import about, begins, labels
from shisaku.index.records.family import family_of, twin_of
from shisaku.index.records.fields import Bodies, Frame, measure_heading
from shisaku.index.records.passages import bodies_of, frame_of, measures_by_id, passage_record
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
    around: Sequence[str]
    begun: Sequence[str]

    def __post_init__(self) -> None:
        self.text = _Field(readable(self.record["text"]))
        above = [*self.record["path"], measure_heading(self.record)]
        self.head = _joined(above)
        self.about, self.label = _joined(about(self.record)), _joined(self.around)
        self.defined = _joined(defined_terms(self.record["text"], self.record["cells"]))
        self.twin = twin_of(self.record, family_of(self.record))
        self.frame: Frame = frame_of(self.record)
        self.bodies = bodies_of(self.record)
        self.names, pairs = alias_fields(readable(self.record["text"]))
        self.defines = pairs.get("aliases", b"")
        self.measure = (self.record["measure"] or {}).get("id")


def _joined(parts: Iterable[str]) -> _Field:
    return _Field(FIELD_BREAK.join(map(readable, parts)))


def _passages(document: Document) -> Iterator[_Passage]:
    measures = measures_by_id(document)
    records = [passage_record(document, passage, measures) for passage in document.passages]
    return map(_Passage, records, labels(records), begins(records))


class MemoryEngine:
    """Answers over parsed documents, which it puts into document order."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._passages = [
            passage
            for document in sorted(documents, key=lambda document: document.id)
            for passage in _passages(document)
        ]
        self._sets = list(dict.fromkeys(passage.bodies for passage in self._passages))
        self._units: dict[str, list[list[int]]] = {"section": [], "document": []}
        self._in: dict[str, dict[int, list[int]]] = {"measure": {}, "section": {}, "document": {}}
        measures: dict[str, list[int]] = {}
        for number, passage in enumerate(self._passages):
            for unit, found in self._units.items():
                if unit in passage.begun:
                    found.append([])
                found[-1].append(number)
                self._in[unit][number] = found[-1]
            if passage.measure:
                self._in["measure"][number] = measures.setdefault(passage.measure, [])
                measures[passage.measure].append(number)

    @property
    def size(self) -> int:
        return len(self._passages)

    def close(self) -> None:
        pass

    def keeping(self) -> AbstractContextManager[None]:
        return nullcontext()

    # --- what a plan means ---------------------------------------------------------------------

    def _found(self, plan: Plan, unit: UnitName, leaves: list[Found] | None = None) -> Found:
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
                below = self._found(part, unit)
                if leaves is not None:
                    leaves.append(below)
                for number, spoken in below.items():
                    if members := self._in[unit].get(number):
                        lifted[members[0]] = lifted.get(members[0], False) or spoken
                return lifted
            case Only(part, among):
                held = self._found(among, unit)
                found = self._found(part, unit, leaves)
                return {n: spoken for n, spoken in found.items() if n in held}
            case Every(parts):
                each = [self._found(part, unit, leaves) for part in parts]
                return {n: all(f[n] for f in each) for n in each[0] if all(n in f for f in each)}
            case Either(parts):
                each = [self._found(part, unit, leaves) for part in parts]
                return {n: any(f.get(n, False) for f in each) for f in each for n in f}
            case Except(part, hidden):
                gone = self._found(hidden, unit)
                return {n: w for n, w in self._found(part, unit, leaves).items() if n not in gone}

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
        if sought.scope == "defined":
            return any(map(passage.defined.says, sought.phrases)), False
        fields = {
            "": [passage.text, passage.head],
            "text": [passage.text],
            "around": [passage.about, passage.label],
        }
        each = fields.get(sought.scope, [passage.head])
        return (
            any(part.says(phrase) for part in each for phrase in sought.phrases),
            any(part.holds(sought.literals) for part in each),
        )

    def _passes(self, number: int, restriction: Restriction, lifted: Iterable[str] = ()) -> bool:
        passage = self._passages[number]
        barred = set(restriction.barred_by(passage.frame))
        if not restriction.admits(passage.frame, self._set(number)):
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
        fold: bool = False,
    ) -> Page:
        leaves: list[Found] = []
        found = self._found(plan, unit, leaves)
        passed = [
            n
            for n in sorted(found)
            if any(self._passes(member, restriction) for member in self._members(n, unit))
        ]
        if sort == "date":
            passed.sort(key=lambda n: self._passages[n].frame.date, reverse=True)
        else:
            passed.sort(key=lambda n: not found[n])
        shown, more = passed, Counter[int]()
        if fold and unit == "passage":
            twins = [self._passages[n].twin for n in passed]
            more = Counter(twins)
            shown = [n for at, n in enumerate(passed) if twins[at] not in twins[:at]]
        hits = [
            self._hit(n, found[n], unit, self._best(n, unit, restriction, leaves), more)
            for n in shown[offset : offset + max(limit, 0)]
        ]
        counts = tuple(self._counts(found, restriction, unit, facet) for facet in facets)
        return Page(len(passed), tuple(hits), counts)

    def scan(
        self, plan: Plan, restriction: Restriction, unit: UnitName
    ) -> Iterator[Sequence[Stored]]:
        leaves: list[Found] = []
        for number in sorted(self._found(plan, unit, leaves)):
            members = self._members(number, unit)
            if any(self._passes(member, restriction) for member in members):
                if unit in self._units:
                    members = [members[self._best(number, unit, restriction, leaves)]]
                yield tuple(map(self._stored, members))

    def _best(
        self, number: int, unit: UnitName, restriction: Restriction, leaves: Sequence[Found]
    ) -> int:
        """Say which passage shows best what was found; of a measure, the first."""

        def merit(member: int) -> tuple[bool, int, list[int]]:
            sizes = sorted(len(leaf) for leaf in leaves if member in leaf)
            passed = self._passes(member, restriction)
            return passed, len(sizes), [-size for size in sizes]

        members = self._members(number, unit) if unit in self._units else [number]
        return max(range(len(members)), key=lambda at: merit(members[at]))

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
        return [number] if unit == "passage" else self._in[unit][number]

    def _set(self, number: int) -> int:
        return self._sets.index(self._passages[number].bodies)

    def _stored(self, number: int) -> Stored:
        record = msgspec.json.encode(self._passages[number].record)
        return Stored(number, record, self._set(number), self._passages[number].defines)

    def _hit(
        self, number: int, as_words: bool, unit: UnitName, best: int, more: Counter[int]
    ) -> Hit:
        stored = tuple(map(self._stored, self._members(number, unit)))
        others = max(more[self._passages[number].twin] - 1, 0)
        return Hit(_NO_SCORE, as_words, stored, best, _NO_SCORE, as_words, others)

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
            "ministry": passage.bodies.named,
            "publisher": filter(None, [passage.frame.publisher]),
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

    def body_sets(self) -> Sequence[Bodies]:
        return self._sets

    def body_set(self, number: int) -> Bodies:
        return self._sets[number]

    def offsets(self, number: int, sought: Pattern) -> None:
        return None

    def holds(self, number: int, sought: Pattern, part: Part) -> bool:
        return True
