"""Plan → numbers of the units that match: set algebra over rows of addresses.

Matching is the project's own: Whoosh's phrase queries cost 25 µs a hit and cannot tell a match by
words from a merely literal one (京都 inside 東京都), which must come last. How well they match:
`scoring`.
"""

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager

from shisaku.index.engine.cache import Cache
from shisaku.index.engine.whoosh.codec.segment_reader import Segments
from shisaku.index.engine.whoosh.hits import (
    Alike,
    AllOf,
    AnyOf,
    Frequencies,
    Matches,
    numbers_of,
    only,
    without,
)
from shisaku.index.engine.whoosh.phrases import ascending, literal_in, phrase_in
from shisaku.index.engine.whoosh.scoring import ENTRY, Finding, How, Lengths, Scored
from shisaku.index.engine.whoosh.title_lookup import SharedTexts
from shisaku.index.query.plan import (
    Admitted,
    Either,
    Every,
    Everything,
    Except,
    Lifted,
    Only,
    Pattern,
    Phrase,
    Plan,
    Restriction,
    Words,
    size_of,
)

_WORD_WEIGHTS = {"text": 1.0, "head": 0.4}
_GRAM_WEIGHTS = {"text": 0.3, "head": 0.1}
_TITLE_WEIGHT = 0.2
_AROUND_WEIGHT = 0.3
"""Of a word that stands around a passage (title of the document, label of a column) instead of in
it."""
_DEFINED_WEIGHT = 20.0
"""Of a term that the passage defines, for those who ask what it is: that passage comes first."""
_PHRASES = 8 << 20
"""Bytes of phrases that are kept: the words of a query are needed again to mark its hits."""
_LEAVES = 8 << 20
"""Bytes of leaves that are kept: for counting after searching, and for the next page."""
_OVERHEAD = 500
"""Bytes that an empty result takes with its key."""

Lift = Callable[[Matches], Matches]
"""Matches of passages → those of the units that hold them."""
Spread = Callable[[Collection[int]], Sequence[int]]
"""Passages → all passages of their documents, ascending."""


class Evaluator:
    """Evaluates plans over the rows of one generation.

    `admit` gives the passages that pass a restriction, ascending; `spread` those of documents.
    """

    def __init__(
        self,
        rows: Segments,
        lengths: Lengths,
        shared: SharedTexts,
        admit: Callable[[Restriction], Collection[int]],
        spread: Spread,
    ) -> None:
        self._rows = rows
        self._lengths = lengths
        self._shared = shared
        self._admit = admit
        self._spread = spread
        self._phrases: Cache[tuple[str, Phrase], Frequencies] = Cache(_PHRASES)
        self._leaves: Cache[Words, Matches] = Cache(_LEAVES)
        self._answer = threading.local()

    # --- set algebra ---------------------------------------------------------------------------

    def matches(self, plan: Plan, lift: Lift, leaves: list[Matches] | None = None) -> Matches:
        """Return the units that match.

        `lift` is applied where the plan has `Lifted`; what stands below each of these is added to
        `leaves`, unless it is hidden.
        """
        match plan:
            case Every(parts):
                found = self.matches(parts[0], lift, leaves)
                for part in parts[1:]:
                    if not found:
                        break  # nothing is left to narrow
                    found = AllOf((found, self.matches(part, lift, leaves)))
                return found
            case Either(parts):
                any_of = [self.matches(part, lift, leaves) for part in parts]
                some = [found for found in any_of if found] or any_of[:1]
                return some[0] if len(some) == 1 else AnyOf(some)
            case Except(part, hidden):
                return without(self.matches(part, lift, leaves), self.matches(hidden, lift))
            case Only(part, among):
                found = self.matches(part, lift, leaves)
                return only(found, self._parts(among, lift)) if found else found
            case Lifted(part):
                below = self.matches(part, lift)
                if leaves is not None:
                    leaves.append(below)
                return lift(below)
            case Everything():
                return Alike(numbers_of(self._rows.everything()))
            case Admitted(restriction):
                return Alike(numbers_of(self._admit(restriction)))
            case Words():
                kept: dict[Words, Matches] = getattr(self._answer, "leaves", {})
                leaf = kept.get(plan) or self._leaves.get(plan)
                if leaf is None:
                    made = self._leaf(plan)
                    leaf = self._leaves.put(plan, made, size_of(plan) + made.size)
                kept[plan] = leaf
                return leaf

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Keep every leaf that this thread works out until the block ends."""
        outer = getattr(self._answer, "leaves", None)
        if outer is None:
            self._answer.leaves = {}
        try:
            yield
        finally:
            if outer is None:
                del self._answer.leaves

    def _parts(self, plan: Plan, lift: Lift) -> Iterator[Matches]:
        """Yield matches that together are those of a plan, each when it is asked for."""
        if isinstance(plan, Either):
            for part in plan.parts:
                yield from self._parts(part, lift)
        else:
            yield self.matches(plan, lift)

    # --- where a leaf is found -----------------------------------------------------------------

    def _leaf(self, leaf: Words) -> Scored:
        findings: list[Finding] = []
        for sought in leaf.patterns:
            findings += self._look_up(sought)
            if not sought.scope:
                # The document's title ranks what was found otherwise, it finds nothing itself.
                findings += self._ranked_by_title(sought, findings)
        return Scored(
            findings,
            self._lengths,
            only_literal=leaf.patterns[0].only_literal,
            words_only=leaf.words_only,
        )

    def _look_up(self, sought: Pattern) -> Iterator[Finding]:
        """Yield what a pattern finds in the parts of its scope."""
        inside = self._shared.of_documents(sought.documents)
        if sought.scope == "title":
            firsts = set[int]().union(*(numbers for _, numbers in self._held(sought, "about")))
            words, characters = self._shared.titles(sought, sorted(firsts))
            each: tuple[tuple[How, set[int]], ...] = (("words", words), ("characters", characters))
            for how, numbers in each:
                once = dict.fromkeys(sorted(numbers), 1)
                yield Finding(how, "", sought.weight, self._in(sought, "title", once, inside))
            return
        if sought.scope == "around":
            yield from self._look_around(sought, inside)
            return
        if sought.scope == "defined":
            for phrase, weight in _weighted(sought):
                found = self._in(sought, "", self.phrase("defined_words", phrase), inside)
                yield Finding("words", "", weight * _DEFINED_WEIGHT, dict.fromkeys(found, 1))
            return
        parts = {"": ("text", "head"), "text": ("text",)}.get(sought.scope, ("head",))
        for part in parts:
            field = f"{part}_words"
            for phrase, weight in _weighted(sought):
                found = self._in(sought, part, self.phrase(field, phrase), inside)
                yield Finding("words", field, weight * _WORD_WEIGHTS[part], found)
            grams = f"{part}_grams"
            found = self._in(sought, part, self._literal(grams, sought.literals), inside)
            yield Finding("characters", grams, sought.weight * _GRAM_WEIGHTS[part], found)
            if sought.ranking:
                some = _within(self.phrase(field, sought.ranking), found)
                yield Finding("ranking", field, sought.weight * _WORD_WEIGHTS[part], some)

    def _look_around(self, sought: Pattern, inside: Collection[int] | None) -> Iterator[Finding]:
        """Yield what a pattern finds in the labels of passages and in what documents are about."""
        both = zip(self._held(sought, "label"), self._held(sought, "about"), strict=True)
        for (how, label), (_, about) in both:
            numbers = label.union(self._spread(about)) if about else label
            found = self._in(sought, "", dict.fromkeys(sorted(numbers), 1), inside)
            yield Finding(how, "", sought.weight * _AROUND_WEIGHT, found)

    def _held(self, sought: Pattern, part: str) -> Iterator[tuple[How, set[int]]]:
        """Yield which passages hold a pattern in a part, as words and by characters."""
        phrases = (self.phrase(f"{part}_words", phrase) for phrase, _ in _weighted(sought))
        yield "words", set().union(*phrases)
        yield "characters", set(self._literal(f"{part}_grams", sought.literals))

    def _ranked_by_title(self, sought: Pattern, findings: Collection[Finding]) -> Iterator[Finding]:
        """Yield the words of a pattern in the titles of documents with what was found so far."""
        inside = self._shared.of_documents(sought.documents)
        for phrase, weight in _weighted(sought):
            if found := self.phrase("title_words", phrase):
                sets = (each.found for each in findings if each.how != "ranking")
                some = _within(found, set().union(*sets))
                some = self._in(sought, "title", some, inside)
                yield Finding("ranking", "title_words", weight * _TITLE_WEIGHT, some)

    def _in(
        self, sought: Pattern, part: str, found: Frequencies, inside: Collection[int] | None
    ) -> Frequencies:
        if inside is not None:
            found = _within(found, inside)
        if part == "head" and sought.scope == "measure":
            found = {n: count for n, count in found.items() if self._shared.in_measure(sought, n)}
        return found

    def _literal(self, field: str, keys: tuple[str, ...]) -> Frequencies:
        found: Frequencies = {}
        for rows, base in self._rows.each:
            for key in keys:
                found = _joined(found, literal_in(rows, field, key), base)
        return found

    def phrase(self, field: str, slots: Phrase) -> Frequencies:
        """Return how often the slots follow each other in a field, by passage."""
        key = (field, slots)
        found = self._phrases.get(key)
        if found is None:
            found = {}
            for rows, base in self._rows.each:
                found = _joined(found, phrase_in(rows, field, slots), base)
            keys = sum(len(terms) for terms, _ in slots)
            self._phrases.put(key, found, _OVERHEAD + 100 * keys + ENTRY * len(found))
        return found


def _weighted(sought: Pattern) -> list[tuple[Phrase, float]]:
    typed = [(sought.slots, sought.weight)] if sought.slots else []
    return typed + [(phrase, sought.weight * sought.near_weight) for phrase in sought.near]


def _within(found: Frequencies, numbers: Collection[int]) -> Frequencies:
    return {number: count for number, count in found.items() if number in numbers}


def _joined(found: Frequencies, here: Frequencies, base: int) -> Frequencies:
    """Add what is in a segment, whose first passage has the number `base`, to what was found."""
    if not here:
        return found
    if base:
        here = dict(zip(map(base.__add__, here), here.values(), strict=True))
    if not found:
        return here
    if next(iter(here)) > next(reversed(found)):  # as between segments
        found.update(here)
        return found
    for number, count in here.items():
        found[number] = found.get(number, 0) + count
    return ascending(found)
