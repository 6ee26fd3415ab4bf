"""How near the words of a query stand to each other in a text, as a factor of its score.

Decoding positions is what costs, so only the passages that lead anyhow are looked at: a factor of
at least 1 keeps them ahead of all others.
"""

from collections.abc import Collection
from typing import Any

from index.pattern import Phrase
from index.phrase import starts_in

LEADING = 200
"""Passages looked at, with those whose score is that of the last one."""
_GAIN = 0.3
_HALF = 8.0
"""Words between the first and the last at which half of the gain is left."""


def factors(
    segments: list[tuple[Any, int]], leaves: list[tuple[Phrase, ...]], numbers: Collection[int]
) -> dict[int, float]:
    """Give a factor between 1 and 1.3 for each of `numbers` that has two leaves as words.

    A leaf is the sequences of words that stand for it.
    """
    found: dict[int, float] = {}
    for segment, base in segments:
        inside = {number - base for number in numbers}
        places: dict[int, list[tuple[int, int]]] = {}
        for which, phrases in enumerate(leaves):
            for phrase in phrases:
                for number, starts in starts_in(segment, "text_words", phrase, inside).items():
                    places.setdefault(number, []).extend((start, which) for start in starts)
        for number, standing in places.items():
            width = _narrowest(sorted(set(standing)))
            if width is not None:
                found[base + number] = 1 + _GAIN / (1 + width / _HALF)
    return found


def _narrowest(standing: list[tuple[int, int]]) -> int | None:
    """Give the width in words of the narrowest window with all leaves that stand in the text.

    None where only one does.
    """
    wanted = {which for _, which in standing}
    if len(wanted) < 2:
        return None
    last: dict[int, int] = {}
    best: int | None = None
    for place, which in standing:
        last[which] = place
        if len(last) == len(wanted):
            width = place - min(last.values())
            best = width if best is None else min(best, width)
    return best
