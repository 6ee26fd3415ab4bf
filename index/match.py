"""Which passages match a query, and how well: set algebra over rows of addresses.

Matching is the project's own: Whoosh's phrase queries cost 25 µs a hit and cannot tell a match by
words from a merely literal one (京都 inside 東京都), which must come last. Scores are BM25F over
text, headings and title with exact counts: Whoosh's own still count deleted passages, so an index
updated night by night would rank unlike a rebuilt one.
"""

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, Protocol

from index.expand import Expander, Expansion
from index.folding import search_key
from index.fuzzy import fuzzy_pattern, prefix_pattern
from index.lexicon import Lexicon
from index.locate import Part, Worded
from index.pattern import Pattern, Phrase, Slot, pattern
from index.phrase import Frequencies, literal_in, phrase_in
from index.shared import SharedTexts
from index.store import Segments
from index.syntax import (
    And,
    Field,
    Fuzzy,
    Leaf,
    Node,
    Not,
    Or,
    Prefix,
    QueryError,
    Scope,
    Term,
    fields,
    terms,
)

__all__ = ["Match", "MatchOptions", "Matcher", "Matches", "Pattern", "Slot", "pattern"]

_K1 = 1.2
_B = 0.75
_WORD_WEIGHTS = {"text": 1.0, "head": 0.4}
_GRAM_WEIGHTS = {"text": 0.3, "head": 0.1}
_SHORT = 0.5
"""A part shorter than this share of the average counts as that long: a heading or label that is
nothing but the words of the query says less than the sentence that uses them."""
_LABEL = 0.5
_SENTENCE = 24
"""Keys (surfaces and lemmas) from which on a text is taken to say something."""
_TITLE_WEIGHT = 0.2
_EXPANSION_WEIGHT = 0.5
_LITERAL_ONLY = 0.001
"""Puts the score of a match inside other words below that of a match by words."""


class Match(NamedTuple):
    """A passage's score, and whether all that the query asks was found as words."""

    score: float
    as_words: bool


Matches = dict[int, Match]
Admit = Callable[[Field], Collection[int]]


class Lift(Protocol):
    """Turns the matches of passages into those of a larger unit."""

    def __call__(self, matches: Matches) -> Matches:
        """Give the units of the passages that match."""

    @property
    def hiding(self) -> "Lift":
        """The same for what stands under a NOT, and never shows in an answer."""


@dataclass(frozen=True)
class MatchOptions:
    """How a query is matched beyond what it says itself."""

    exact: bool = False
    """Nothing is added to what was typed: no synonym, no alias."""
    words_only: bool = False
    """What stands only inside other words is left out."""
    text_only: bool = False
    """Headings and measure titles do not count, except where a field prefix asks for them."""


_PLAIN = MatchOptions()


def _added(text: str) -> Pattern:
    """Analyse what was added to a word: Latin letters only as a word of their own.

    人工知能 is found as AI, and not in every "email": nobody typed those letters.
    """
    sought = pattern(Term(text))
    return replace(sought, literals=()) if sought.slots and search_key(text).isascii() else sought


class Matcher:
    """Evaluates queries over one open generation.

    `lengths` are tokens by field over all `passages`. `admit` gives the passages that a `Field`
    lets through; without it such a query is refused.
    """

    def __init__(
        self,
        rows: Segments,
        lengths: Mapping[str, int],
        passages: int,
        *,
        expander: Expander | None = None,
        admit: Admit | None = None,
    ) -> None:
        self._rows = rows
        self._passages = passages
        self._average = {field: total / max(passages, 1) for field, total in lengths.items()}
        self._expander = expander
        self._admit = admit
        self._shared = SharedTexts(rows)
        self.lexicon = Lexicon([segment for segment, _ in rows.each])
        self._known_codes: dict[str, bytes] = {}
        self._phrases: dict[tuple[str, Phrase], Frequencies] = {}
        self._patterns: dict[tuple[Leaf, MatchOptions], tuple[Pattern, ...]] = {}
        self._cache: dict[tuple[Leaf, MatchOptions], Matches] = {}

    def everything(self) -> Iterator[int]:
        """Give the numbers of all passages, ascending."""
        return self._rows.everything()

    # --- set algebra ---------------------------------------------------------------------------

    def matches(
        self, node: Node, options: MatchOptions = _PLAIN, lift: Lift | None = None
    ) -> Matches:
        """Give the passages that match, by Whoosh's number.

        `lift` turns the matches of every leaf, and of "everything", into those of a larger unit
        before they are joined, so that AND and NOT hold over the whole unit.

        Raises:
            QueryError: a field cannot be looked up here.
            FilterError: a field names what nobody knows.

        """
        lifted = lift or (lambda found: found)
        match node:
            case And(parts):
                return self._all(parts, options, lift)
            case Or(parts):
                return self._any([self.matches(part, options, lift) for part in parts])
            case Not(part):
                hidden = self._hidden(part, options, lift)
                return {n: m for n, m in lifted(self._everything()).items() if n not in hidden}
            case Field():
                return lifted(dict.fromkeys(self._admitted(node), Match(0.0, True)))
        key = (node, options)
        if key not in self._cache:
            self._cache[key] = self._leaf(node, options)
        return lifted(self._cache[key])

    def _everything(self) -> Matches:
        return dict.fromkeys(self.everything(), Match(0.0, True))

    def _admitted(self, field: Field) -> Collection[int]:
        if self._admit is None:
            message = f"{field.name} cannot be searched here, at character {field.at + 1}"
            raise QueryError(message, at=field.at)
        return self._admit(field)

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

    def _all(self, parts: tuple[Node, ...], options: MatchOptions, lift: Lift | None) -> Matches:
        found: Matches | None = None
        for part in parts:
            # A field that names nothing is an error even where nothing is left to narrow.
            if isinstance(part, Not) or (found == {} and not fields(part)):
                continue
            result = self.matches(part, options, lift)
            if found is None:
                found = dict(result)
            else:
                found = {
                    number: Match(match.score + other.score, match.as_words and other.as_words)
                    for number, match in found.items()
                    if (other := result.get(number)) is not None
                }
        if found is None:
            found = lift(self._everything()) if lift else self._everything()
        for part in parts:
            if isinstance(part, Not):
                hidden = self._hidden(part.part, options, lift)
                found = {n: match for n, match in found.items() if n not in hidden}
        return found

    def _hidden(self, part: Node, options: MatchOptions, lift: Lift | None) -> Matches:
        """Give what a NOT hides: what was typed alone, or 人身取引 -人身売買 would find nothing."""
        typed = replace(options, exact=True)
        return self.matches(part, typed, lift.hiding if lift else None)

    # --- what a leaf looks for -----------------------------------------------------------------

    def patterns(self, node: Node, options: MatchOptions = _PLAIN) -> tuple[Pattern, ...]:
        """Give all that can show in a match of `node`: for `locate`."""
        found = [sought for leaf in terms(node) for sought in self._sought(leaf, options)]
        return tuple(dict.fromkeys(found))

    def expanded(
        self, node: Node, options: MatchOptions = _PLAIN
    ) -> list[tuple[str, tuple[Expansion, ...]]]:
        """Give what was added to the words of the query, by word, in their order."""
        pairs = ((leaf.text, self._expansions(leaf, options)) for leaf in terms(node))
        return [(text, added) for text, added in dict(pairs).items() if added]

    def _expansions(self, leaf: Leaf, options: MatchOptions) -> tuple[Expansion, ...]:
        typed = isinstance(leaf, Term) and not leaf.literal
        if self._expander is None or options.exact or not typed:
            return ()
        return self._expander.expansions(leaf.text)

    def _sought(self, leaf: Leaf, options: MatchOptions) -> tuple[Pattern, ...]:
        """Give the pattern as typed, then those that were added."""
        key = (leaf, options)
        if key not in self._patterns:
            self._patterns[key] = self._analysed(leaf, options)
        return self._patterns[key]

    def _analysed(self, leaf: Leaf, options: MatchOptions) -> tuple[Pattern, ...]:
        scope: Scope = leaf.scope or ("text" if options.text_only else "")
        match leaf:
            case Prefix():
                typed = prefix_pattern(leaf, self.lexicon)
            case Fuzzy():
                typed = fuzzy_pattern(leaf, self.lexicon)
            case _:
                typed = pattern(leaf)
        typed = replace(typed, scope=scope)
        added = (
            replace(
                _added(expansion.text),
                scope=scope,
                documents=expansion.documents,
                weight=_EXPANSION_WEIGHT,
            )
            for expansion in self._expansions(leaf, options)
        )
        return typed, *added

    # --- where a leaf is found -----------------------------------------------------------------

    def _leaf(self, leaf: Leaf, options: MatchOptions) -> Matches:
        patterns = self._sought(leaf, options)
        as_words: Frequencies = {}
        literal: Frequencies = {}
        ranking: Frequencies = {}
        for sought in patterns:
            self._look_up(sought, as_words, literal, ranking)
        # The document's title ranks what was found otherwise, it finds nothing itself.
        numbers = as_words.keys() | literal.keys()
        rarity = math.log(1 + (self._passages - len(numbers) + 0.5) / (len(numbers) + 0.5))
        only_literal = patterns[0].only_literal
        codes, substance = self._codes("text_words"), self._substance
        word, literally, ranked = as_words.get, literal.get, ranking.get
        result: Matches = {}
        for number in numbers:
            weight = word(number, 0.0) + literally(number, 0.0) + ranked(number, 0.0)
            score = rarity * weight * (_K1 + 1) / (_K1 + weight) * substance[codes[number]]
            if only_literal or number in as_words:
                result[number] = Match(score, True)
            elif not options.words_only:
                result[number] = Match(score * _LITERAL_ONLY, False)
        return result

    def _look_up(
        self, sought: Pattern, as_words: Frequencies, literal: Frequencies, ranking: Frequencies
    ) -> None:
        """Add to the three what a pattern finds, each passage's frequency weighted."""
        inside = self._shared.of_documents(sought.documents)
        if sought.scope == "title":
            words, characters = self._shared.titles(sought)
            for into, numbers in ((as_words, words), (literal, characters)):
                for number in numbers if inside is None else numbers & inside:
                    into[number] = into.get(number, 0.0) + sought.weight
            return
        parts = {"": ("text", "head"), "text": ("text",)}.get(sought.scope, ("head",))
        for part in parts:
            for phrase, weight in self._weighted(sought):
                field = f"{part}_words"
                found = self._in(sought, part, self._phrase(field, phrase), inside)
                self._add(as_words, field, weight * _WORD_WEIGHTS[part], found)
            found = self._literal(f"{part}_grams", sought.literals)
            found = self._in(sought, part, found, inside)
            self._add(literal, f"{part}_grams", sought.weight * _GRAM_WEIGHTS[part], found)
            if sought.ranking:
                found = self._phrase(f"{part}_words", sought.ranking, found)
                weight = sought.weight * _WORD_WEIGHTS[part]
                self._add(ranking, f"{part}_words", weight, found)
        if not sought.scope:
            for phrase, weight in self._weighted(sought):
                within = as_words.keys() | literal.keys()
                found = self._phrase("title_words", phrase, within)
                found = self._in(sought, "title", found, inside)
                self._add(ranking, "title_words", weight * _TITLE_WEIGHT, found)

    @cached_property
    def _substance(self) -> list[float]:
        """The factor by which a text of few words counts less: it names, but says nothing.

        By the code of its length, of which there are few.
        """
        return [1.0 - _LABEL * max(0.0, 1 - keys / _SENTENCE) for keys in self._rows.table]

    def _norms(self, field: str) -> list[float]:
        """Give what a frequency is set off against, by the code of the field's length."""
        average = self._average.get(field) or 1.0
        return [1 - _B + _B * max(keys / average, _SHORT) for keys in self._rows.table]

    def _codes(self, field: str) -> bytes:
        """Give the code of each passage's length in a field."""
        if field not in self._known_codes:
            self._known_codes[field] = self._rows.codes(field)
        return self._known_codes[field]

    @staticmethod
    def _weighted(sought: Pattern) -> list[tuple[Phrase, float]]:
        typed = [(sought.slots, sought.weight)] if sought.slots else []
        return typed + [(phrase, sought.weight * sought.near_weight) for phrase in sought.near]

    def _in(
        self, sought: Pattern, part: str, found: Frequencies, inside: Collection[int] | None
    ) -> Frequencies:
        if inside is not None:
            found = {number: count for number, count in found.items() if number in inside}
        if part == "head" and sought.scope == "measure":
            found = {n: count for n, count in found.items() if self._shared.in_measure(sought, n)}
        return found

    def _add(
        self, into: Frequencies, field: str, weight: float, found: Mapping[int, float]
    ) -> None:
        """Add frequencies, each set off against the length of its field (the F of BM25F)."""
        if not found:
            return
        norms, codes, held = self._norms(field), self._codes(field), into.get
        for number, frequency in found.items():
            into[number] = held(number, 0.0) + weight * frequency / norms[codes[number]]

    def _literal(self, field: str, keys: tuple[str, ...]) -> Frequencies:
        found: Frequencies = {}
        for rows, base in self._rows.each:
            for key in keys:
                here = literal_in(rows, field, key)
                if not found and not base:
                    found = here
                    continue
                for number, count in here.items():
                    found[base + number] = found.get(base + number, 0.0) + count
        return found

    def _phrase(
        self, field: str, slots: Phrase, within: Collection[int] | None = None
    ) -> Frequencies:
        """Give how often the slots follow each other, by passage."""
        if within is None:
            key = (field, slots)
            if key not in self._phrases:
                self._phrases[key] = self._everywhere(field, slots)
            return self._phrases[key]
        return {n: count for n, count in self._everywhere(field, slots).items() if n in within}

    def _everywhere(self, field: str, slots: Phrase) -> Frequencies:
        found: Frequencies = {}
        for rows, base in self._rows.each:
            here = phrase_in(rows, field, slots)
            if not base:
                found = here
            else:
                found.update((base + number, count) for number, count in here.items())
        return found

    def worded(self, number: int) -> Worded:
        """Give what tells whether parts of a passage hold the words of a pattern."""

        def holds(sought: Pattern, part: Part) -> bool:
            return part == "title" or any(
                number in self._phrase(f"{part}_words", phrase) for phrase in sought.phrases
            )

        return holds
