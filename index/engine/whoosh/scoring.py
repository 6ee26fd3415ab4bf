"""How well a leaf of a plan matches: BM25F over text, headings and title, with exact counts.

Whoosh's own counts include deleted passages, so an index updated night by night would rank unlike a
rebuilt one. Frequencies are divided by the length of their field (the F of BM25F) before they are
added up; lengths are kept as codes, of which there are few.
"""

import math
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Literal, NamedTuple, Protocol

from shisaku.index.engine.whoosh.arrays import picked
from shisaku.index.engine.whoosh.hits import (
    Frequencies,
    Match,
    Matches,
    Merits,
    merits_of,
    numbers_of,
)

_K1 = 1.2
_B = 0.75
_SHORT = 0.5
"""A part shorter than this share of the average counts as that long: a heading or label that is
nothing but the words of the query says less than the sentence that uses them."""
_LABEL = 0.5
_SENTENCE = 24
"""Keys (surfaces and lemmas) from which on a text is taken to say something."""
_LITERAL_ONLY = 0.001
"""Factor that puts the score of a match inside other words below that of a match by words."""

ENTRY = 100
"""Bytes that an entry of `Frequencies` takes: two numbers and their places in a dict."""

How = Literal["words", "characters", "ranking"]
"""How something is found; what ranks only finds nothing by itself."""


class Finding(NamedTuple):
    """What one sequence of words or characters finds in a field, and how much that counts."""

    how: How
    field: str
    """"" for a frequency that is not set off against a length."""
    weight: float
    found: Frequencies


class Codes(Protocol):
    """Where lengths are read from: `codec.segment_reader.Segments`."""

    @property
    def table(self) -> Sequence[int]:
        """How many tokens the code of a length stands for."""

    def codes(self, field: str) -> bytes:
        """Return the code of each passage's length in a field."""


class Lengths:
    """The lengths of passages by field: as codes, with what they set a frequency off against.

    `totals` are tokens by field over all `passages`. One byte a passage and field is kept.
    """

    def __init__(self, rows: Codes, totals: Mapping[str, int], passages: int) -> None:
        self._rows = rows
        self._average = {field: total / max(passages, 1) for field, total in totals.items()}
        self._codes: dict[str, bytes] = {}
        self._norms: dict[str, list[float]] = {}
        self.passages = passages

    def codes(self, field: str) -> bytes:
        """Return the code of each passage's length in a field."""
        if field not in self._codes:
            self._codes[field] = self._rows.codes(field)
        return self._codes[field]

    def norms(self, field: str) -> list[float]:
        """Return what a frequency is divided by, by the code of the field's length."""
        if field not in self._norms:
            average = self._average.get(field) or 1.0
            self._norms[field] = [
                1 - _B + _B * max(keys / average, _SHORT) for keys in self._rows.table
            ]
        return self._norms[field]

    def substance(self, code: int) -> float:
        """Return the factor by which a text of few words counts less than a sentence."""
        return 1.0 - _LABEL * max(0.0, 1 - self._rows.table[code] / _SENTENCE)


class Scored(Matches):
    """The passages that a leaf finds.

    Where `only_literal`, no words were sought, so that characters are all that can match; with
    `words_only` what stands only inside other words is left out, and yet counts as found.
    """

    def __init__(
        self,
        findings: Sequence[Finding],
        lengths: Lengths,
        *,
        only_literal: bool = False,
        words_only: bool = False,
    ) -> None:
        self._findings = [finding for finding in findings if finding.found]
        self._lengths = lengths
        self._only_literal = only_literal
        words = [each.found for each in self._findings if each.how == "words"]
        others = [each.found for each in self._findings if each.how == "characters"]
        found = _union([*words, *others])
        self._rarity = math.log(1 + (lengths.passages - len(found) + 0.5) / (len(found) + 0.5))
        self._whole = not words_only or only_literal
        super().__init__(found if self._whole else _union(words))

    @property
    def size(self) -> int:
        """About how many bytes it keeps, in dicts that it may share with other leaves."""
        return 4 * len(self) + ENTRY * sum(len(each.found) for each in self._findings)

    def merits(self, numbers: Sequence[int]) -> Merits:
        """Return the merits of some; those with equal lengths and frequencies are scored once."""
        named = dict.fromkeys(["text_words", *(each.field for each in self._findings)])
        fields = [field for field in named if field]
        columns = (
            *(picked(self._lengths.codes(field), numbers) for field in fields),
            *(self._frequencies(each.found, numbers) for each in self._findings),
        )
        return merits_of(zip(*columns, strict=True), self._merit(fields))

    def _frequencies(self, found: Frequencies, numbers: Sequence[int]) -> Iterable[int]:
        if self._whole and numbers is self.numbers and len(found) == len(numbers):
            return found.values()  # of all numbers as many: the same, in the same order
        return map(found.get, numbers, repeat(0))

    def _merit(self, fields: Sequence[str]) -> Callable[[tuple[int, ...]], Match]:
        """Return a function (codes of the lengths of `fields`, then frequencies) → merit."""
        at = {field: place for place, field in enumerate(fields)}
        parts = [
            (how, weight, self._lengths.norms(field) if field else [1.0], at.get(field))
            for how, field, weight, _ in self._findings
        ]

        def merit(key: tuple[int, ...]) -> Match:
            added = {"words": 0.0, "characters": 0.0, "ranking": 0.0}
            for (how, weight, norms, place), frequency in zip(parts, key[len(at) :], strict=True):
                code = 0 if place is None else key[place]
                added[how] += weight * frequency / norms[code]
            weight = added["words"] + added["characters"] + added["ranking"]
            substance = self._lengths.substance(key[0])
            score = self._rarity * weight * (_K1 + 1) / (_K1 + weight) * substance
            if self._only_literal or added["words"]:
                return Match(score, True)
            return Match(score * _LITERAL_ONLY, False)

        return merit


def _union(found: Sequence[Frequencies]) -> "array[int]":
    """Return the numbers that are in any of these, ascending."""
    most: Frequencies = max(found, key=len, default={})
    others = [each.keys() for each in found if not each.keys() <= most.keys()]
    return numbers_of(sorted(most.keys() | set().union(*others)) if others else most)
