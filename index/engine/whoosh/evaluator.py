"""Which passages match a query: set algebra over rows of addresses.

Matching is the project's own: Whoosh's phrase queries cost 25 µs a hit and cannot tell a match by
words from a merely literal one (京都 inside 東京都), which must come last. How well they match:
`index.engine.whoosh.scoring`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Protocol

import msgspec

from shisaku.index.analysis.folding import search_key
from shisaku.index.engine.expansion import Expander, Expansion
from shisaku.index.engine.whoosh.codec.segment_reader import Segments
from shisaku.index.engine.whoosh.fuzzy import fuzzy_pattern, prefix_pattern
from shisaku.index.engine.whoosh.hits import Alike, AllOf, AnyOf, Matches, numbers_of, without
from shisaku.index.engine.whoosh.lexicon import Lexicon
from shisaku.index.engine.whoosh.phrases import Frequencies, ascending, literal_in, phrase_in
from shisaku.index.engine.whoosh.scoring import Finding, How, Lengths, Scored
from shisaku.index.engine.whoosh.title_lookup import SharedTexts
from shisaku.index.errors import QueryError
from shisaku.index.query.highlight import Part, Worded
from shisaku.index.query.patterns import Pattern, Phrase, pattern
from shisaku.index.query.syntax import (
    And,
    Field,
    Fuzzy,
    Leaf,
    Node,
    Not,
    Or,
    Prefix,
    Scope,
    Term,
    fields,
    terms,
)

_WORD_WEIGHTS = {"text": 1.0, "head": 0.4}
_GRAM_WEIGHTS = {"text": 0.3, "head": 0.1}
_TITLE_WEIGHT = 0.2
_EXPANSION_WEIGHT = 0.5

Admit = Callable[[Field], Collection[int]]


class Lift(Protocol):
    """Turns the matches of passages into those of a larger unit."""

    def __call__(self, matches: Matches) -> Matches:
        """Give the units of the passages that match."""

    @property
    def hiding(self) -> "Lift":
        """The same for what stands under a NOT, and never shows in an answer."""


class MatchOptions(msgspec.Struct, frozen=True):
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
    if sought.slots and search_key(text).isascii():
        return msgspec.structs.replace(sought, literals=())
    return sought


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
        self._lengths = Lengths(rows, lengths, passages)
        self._expander = expander
        self._admit = admit
        self._shared = SharedTexts(rows)
        self.lexicon = Lexicon([segment for segment, _ in rows.each])
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
                return AnyOf([self.matches(part, options, lift) for part in parts])
            case Not(part):
                hidden = self._hidden(part, options, lift)
                return without(lifted(self._everything()), hidden)
            case Field():
                return lifted(Alike(numbers_of(sorted(self._admitted(node)))))
        key = (node, options)
        if key not in self._cache:
            self._cache[key] = self._leaf(node, options)
        return lifted(self._cache[key])

    def _everything(self) -> Matches:
        return Alike(numbers_of(self.everything()))

    def _admitted(self, field: Field) -> Collection[int]:
        if self._admit is None:
            message = f"{field.name} cannot be searched here, at character {field.at + 1}"
            raise QueryError(message, at=field.at)
        return self._admit(field)

    def _all(self, parts: tuple[Node, ...], options: MatchOptions, lift: Lift | None) -> Matches:
        found: Matches | None = None
        for part in parts:
            # A field that names nothing is an error even where nothing is left to narrow.
            nothing = found is not None and not found
            if isinstance(part, Not) or (nothing and not fields(part)):
                continue
            result = self.matches(part, options, lift)
            found = result if found is None else AllOf((found, result))
        if found is None:
            found = lift(self._everything()) if lift else self._everything()
        for part in parts:
            if isinstance(part, Not):
                found = without(found, self._hidden(part.part, options, lift))
        return found

    def _hidden(self, part: Node, options: MatchOptions, lift: Lift | None) -> Matches:
        """Give what a NOT hides: what was typed alone, or 人身取引 -人身売買 would find nothing."""
        typed = msgspec.structs.replace(options, exact=True)
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
        typed = msgspec.structs.replace(typed, scope=scope)
        added = (
            msgspec.structs.replace(
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
        findings: list[Finding] = []
        for sought in patterns:
            findings += self._look_up(sought)
            if not sought.scope:
                # The document's title ranks what was found otherwise, it finds nothing itself.
                findings += self._ranked_by_title(sought, findings)
        return Scored(
            findings,
            self._lengths,
            only_literal=patterns[0].only_literal,
            words_only=options.words_only,
        )

    def _look_up(self, sought: Pattern) -> Iterator[Finding]:
        """Yield what a pattern finds in the parts of its scope."""
        inside = self._shared.of_documents(sought.documents)
        if sought.scope == "title":
            words, characters = self._shared.titles(sought)
            each: tuple[tuple[How, set[int]], ...] = (("words", words), ("characters", characters))
            for how, numbers in each:
                once = dict.fromkeys(sorted(numbers), 1)
                yield Finding(how, "", sought.weight, self._in(sought, "title", once, inside))
            return
        parts = {"": ("text", "head"), "text": ("text",)}.get(sought.scope, ("head",))
        for part in parts:
            field = f"{part}_words"
            for phrase, weight in _weighted(sought):
                found = self._in(sought, part, self._phrase(field, phrase), inside)
                yield Finding("words", field, weight * _WORD_WEIGHTS[part], found)
            grams = f"{part}_grams"
            found = self._in(sought, part, self._literal(grams, sought.literals), inside)
            yield Finding("characters", grams, sought.weight * _GRAM_WEIGHTS[part], found)
            if sought.ranking:
                some = _within(self._phrase(field, sought.ranking), found)
                yield Finding("ranking", field, sought.weight * _WORD_WEIGHTS[part], some)

    def _ranked_by_title(self, sought: Pattern, findings: Collection[Finding]) -> Iterator[Finding]:
        """Yield the words of a pattern in the titles of documents with what was found so far."""
        inside = self._shared.of_documents(sought.documents)
        for phrase, weight in _weighted(sought):
            if found := self._phrase("title_words", phrase):
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

    def _phrase(self, field: str, slots: Phrase) -> Frequencies:
        """Give how often the slots follow each other, by passage."""
        key = (field, slots)
        if key not in self._phrases:
            found: Frequencies = {}
            for rows, base in self._rows.each:
                found = _joined(found, phrase_in(rows, field, slots), base)
            self._phrases[key] = found
        return self._phrases[key]

    def worded(self, number: int) -> Worded:
        """Give what tells whether parts of a passage hold the words of a pattern."""

        def holds(sought: Pattern, part: Part) -> bool:
            return part == "title" or any(
                number in self._phrase(f"{part}_words", phrase) for phrase in sought.phrases
            )

        return holds


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
