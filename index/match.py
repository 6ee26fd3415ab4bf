"""Which passages match a query, and how well: set algebra over Whoosh's postings.

Whoosh stores the postings; matching is done here, because its phrase queries cost 25 µs a hit and
cannot tell a match by words from a merely literal one (京都 inside 東京都), which must come last.
Scores are BM25F over text, headings and title with exact counts: Whoosh's own still count deleted
passages, so an index updated night by night would rank unlike a rebuilt one.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from whoosh.reading import TermNotFound

from index.analyzer import words
from index.lemma import is_function_phrase
from index.query import And, Node, Not, Or, Term
from ingest.text.fold import fold

_K1 = 1.2
_B = 0.75
_WORD_WEIGHTS = {"text_words": 1.0, "head_words": 0.4}
_GRAM_WEIGHTS = {"text_grams": 0.3, "head_grams": 0.1}
_TITLE_WEIGHT = 0.2
_LITERAL_ONLY = 0.001
"""Puts the score of a match inside other words below that of a match by words."""


class Match(NamedTuple):
    """A passage's score, and whether all that the query asks was found as words."""

    score: float
    as_words: bool


Matches = dict[int, Match]
Slot = tuple[tuple[str, ...], int]
"""Alternative keys, and their place in the phrase."""


@dataclass(frozen=True)
class Pattern:
    """What a term of the query looks for: words in sequence, and a folded literal."""

    slots: tuple[Slot, ...]
    literal: str


@lru_cache(maxsize=1024)
def pattern(term: Term) -> Pattern:
    """Analyse a term as texts are analysed; one of function words alone is only a literal."""
    key = fold(term.text)
    found = () if term.literal or is_function_phrase(key) else words(term.text)
    first = found[0].position if found else 0
    slots = tuple((word.terms, word.position - first) for word in found)
    return Pattern(slots, key)


class Matcher:
    """Evaluates queries over one open generation."""

    def __init__(self, reader: Any, lengths: Mapping[str, int], passages: int) -> None:
        self._reader = reader
        self._segments = [(leaf, base) for leaf, base in reader.leaf_readers()]
        self._passages = passages
        self._average = {field: total / max(passages, 1) for field, total in lengths.items()}
        self._cache: dict[Term, Matches] = {}

    def everything(self) -> Iterator[int]:
        """Yield the numbers of all passages."""
        for segment, base in self._segments:
            for number in segment.all_doc_ids():
                yield base + number

    def matches(self, node: Node) -> Matches:
        """Give the passages that match, by Whoosh's number."""
        match node:
            case Term():
                if node not in self._cache:
                    self._cache[node] = self._term(node)
                return self._cache[node]
            case Not(part):
                hidden = self.matches(part)
                return {n: Match(0.0, True) for n in self.everything() if n not in hidden}
            case Or(parts):
                return self._any([self.matches(part) for part in parts])
            case And(parts):
                return self._all(parts)

    @staticmethod
    def _any(results: list[Matches]) -> Matches:
        found: Matches = {}
        for result in results:
            for number, match in result.items():
                other = found.get(number)
                found[number] = (
                    match
                    if other is None
                    else Match(other.score + match.score, other.as_words or match.as_words)
                )
        return found

    def _all(self, parts: tuple[Node, ...]) -> Matches:
        found: Matches | None = None
        for part in parts:
            if isinstance(part, Not):
                continue
            result = self.matches(part)
            if found is None:
                found = dict(result)
            else:
                found = {
                    number: Match(match.score + other.score, match.as_words and other.as_words)
                    for number, match in found.items()
                    if (other := result.get(number)) is not None
                }
            if not found:
                return {}
        if found is None:
            found = {number: Match(0.0, True) for number in self.everything()}
        for part in parts:
            if isinstance(part, Not):
                hidden = self.matches(part.part)
                found = {n: match for n, match in found.items() if n not in hidden}
        return found

    def _term(self, term: Term) -> Matches:
        sought = pattern(term)
        as_words: dict[int, float] = {}
        if sought.slots:
            for field, weight in _WORD_WEIGHTS.items():
                self._add(as_words, field, weight, self._phrase(field, sought.slots))
        literal: dict[int, float] = {}
        for field, weight in _GRAM_WEIGHTS.items():
            self._add(literal, field, weight, self._literal(field, sought.literal))
        # The document's title ranks what was found otherwise, it finds nothing itself.
        title: dict[int, float] = {}
        if sought.slots:
            within = as_words.keys() | literal.keys()
            found = self._phrase("title_words", sought.slots, within)
            self._add(title, "title_words", _TITLE_WEIGHT, found)
        numbers = as_words.keys() | literal.keys()
        rarity = math.log(1 + (self._passages - len(numbers) + 0.5) / (len(numbers) + 0.5))
        only_literal = not sought.slots
        result: Matches = {}
        for number in numbers:
            weight = as_words.get(number, 0.0) + literal.get(number, 0.0) + title.get(number, 0.0)
            score = rarity * weight * (_K1 + 1) / (_K1 + weight)
            wordly = only_literal or number in as_words
            result[number] = Match(score if wordly else score * _LITERAL_ONLY, wordly)
        return result

    def _add(
        self, into: dict[int, float], field: str, weight: float, found: Mapping[int, float]
    ) -> None:
        """Add frequencies, each set off against the length of its field (the F of BM25F)."""
        average = self._average.get(field) or 1.0
        length = self._reader.doc_field_length
        for number, frequency in found.items():
            norm = 1 - _B + _B * length(number, field) / average
            into[number] = into.get(number, 0.0) + weight * frequency / norm

    def _literal(self, field: str, key: str) -> dict[int, float]:
        if len(key) == 1:
            found: dict[int, float] = {}
            for segment, base in self._segments:
                for gram in list(segment.expand_prefix(field, key)):
                    for number, weight in _weights(segment, field, gram):
                        found[base + number] = found.get(base + number, 0.0) + weight
            return found
        # Every second pair covers all characters.
        places = dict.fromkeys([*range(0, len(key) - 1, 2), len(key) - 2])
        return self._phrase(field, tuple(((key[at : at + 2],), at) for at in places))

    def _phrase(
        self, field: str, slots: tuple[Slot, ...], within: Iterable[int] | None = None
    ) -> dict[int, float]:
        """Give how often the slots follow each other, by passage."""
        found: dict[int, float] = {}
        wanted = None if within is None else set(within)
        for segment, base in self._segments:
            inside = None if wanted is None else {number - base for number in wanted}
            for number, count in _phrase_in(segment, field, slots, inside).items():
                found[base + number] = count
        return found


def _weights(segment: Any, field: str, term: Any) -> Iterator[tuple[int, float]]:
    try:
        postings = segment.postings(field, term)
    except TermNotFound:
        return
    while postings.is_active():
        yield postings.id(), postings.weight()
        postings.next()


def _phrase_in(
    segment: Any, field: str, slots: tuple[Slot, ...], within: set[int] | None
) -> dict[int, float]:
    if len(slots) == 1:
        counts: dict[int, float] = {}
        for term in slots[0][0]:
            for number, weight in _weights(segment, field, term):
                if within is None or number in within:
                    # Surface and lemma share their positions: the more frequent has them all.
                    counts[number] = max(counts.get(number, 0.0), weight)
        return counts

    def frequency(slot: Slot) -> int:
        return sum(segment.doc_frequency(field, term) for term in slot[0])

    rarest_first = sorted(slots, key=frequency)
    if frequency(rarest_first[0]) == 0:
        return {}
    starts: dict[int, set[int]] = {}
    for index, (alternatives, place) in enumerate(rarest_first):
        here: dict[int, set[int]] = {}
        only = starts if index else within
        for term in alternatives:
            for number, positions in _positions(segment, field, term, only):
                begins = {position - place for position in positions}
                here[number] = here.get(number, set()) | begins
        if index:
            here = {n: both for n, begins in here.items() if (both := begins & starts[n])}
        if not here:
            return {}
        starts = here
    return {number: float(len(begins)) for number, begins in starts.items()}


def _positions(
    segment: Any, field: str, term: str, only: Iterable[int] | None
) -> Iterator[tuple[int, list[int]]]:
    """Yield the positions of a term by passage, decoded for those in `only` alone."""
    try:
        postings = segment.postings(field, term)
    except TermNotFound:
        return
    if only is not None:
        candidates = only if isinstance(only, (set, dict)) else set(only)
        if len(candidates) * 64 < segment.doc_frequency(field, term):
            for number in sorted(candidates):
                if not postings.is_active():
                    return
                postings.skip_to(number)
                if postings.is_active() and postings.id() == number:
                    yield number, postings.value_as("positions")
            return
    while postings.is_active():
        number = postings.id()
        if only is None or number in candidates:
            yield number, postings.value_as("positions")
        postings.next()
