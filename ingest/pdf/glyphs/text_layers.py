"""A text layer over or under the text that is seen (OCR of a sheet that has text of its own): once.

Two signs tell it: characters that are set invisibly (rendering mode 3, ISO 32000-1, 9.3.6) where
visible ones stand; and a line that says nearly the same as another in the same place, but in other
type, so that its characters drift apart and are no second strokes of each other (`overstrikes`).
"""

from bisect import bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from math import inf

from shisaku.ingest.pdf.glyphs.strips import Strip

_ROW = 4.0
"""Points: the height of a field in which strips and characters are looked up."""
_MOST_ROWS = 100
"""Fields that a strip may take; type of 400 points is no line of text."""
_LOOKED = 40
"""Strips of a field with which a line is compared, the last ones: a text layer has one or two."""
_LEAST_TEXT = 4
"""Characters of a line that can be told to repeat another; shorter ones meet by chance."""
_OVER = 0.5
"""Part of the lower line's height, and of the shorter one's width, that must lie over the other."""
_ALIKE = 0.7
"""Part of the pairs of neighbouring characters that both lines must share."""
_FAR = 1e6
"""Points; what stands higher or lower than any page is looked for there."""


def seen_once(strips: list[Strip]) -> tuple[list[Strip], int]:
    """Return the strips without what repeats others, and how many characters that took away."""
    kept = _without_hidden(strips)
    kept = _without_repeated(kept)
    if kept is strips:
        return strips, 0
    return kept, sum(len(s.texts) for s in strips) - sum(len(s.texts) for s in kept)


def _rows(strip: Strip) -> range:
    top, bottom = (min(max(y, -_FAR), _FAR) for y in (strip.top, strip.bottom))
    first = int(top // _ROW)
    return range(first, min(int(bottom // _ROW), first + _MOST_ROWS) + 1)


def _without_hidden(strips: list[Strip]) -> list[Strip]:
    """Return the strips without the invisible characters that stand upon visible ones."""
    if not any(strip.unseen for strip in strips) or all(strip.unseen for strip in strips):
        return strips
    stretches: defaultdict[int, list[tuple[float, float]]] = defaultdict(list)
    for strip in strips:
        if not strip.unseen and any(map(str.strip, strip.texts)):
            for row in _rows(strip):
                stretches[row].append((min(strip.x0), max(strip.x1)))
    visible = {row: _merged(some) for row, some in stretches.items()}
    found: list[Strip] = []
    for strip in strips:
        if strip.unseen:
            middle = (strip.top + strip.bottom) / 2
            near = visible.get(int(min(max(middle, -_FAR), _FAR) // _ROW))
            if near:
                strip = _part(strip, near)
        found.append(strip)
    return found


def _merged(stretches: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return stretches that do not overlap, from left to right, that cover the same."""
    found: list[tuple[float, float]] = []
    for left, right in sorted(stretches):
        if found and left <= found[-1][1]:
            found[-1] = (found[-1][0], max(right, found[-1][1]))
        else:
            found.append((left, right))
    return found


def _part(strip: Strip, near: Sequence[tuple[float, float]]) -> Strip:
    """Return the characters of a strip whose middle lies in none of the stretches."""
    stay = [
        at
        for at, (x0, x1) in enumerate(zip(strip.x0, strip.x1, strict=True))
        if not _covered((x0 + x1) / 2, near)
    ]
    return replace(
        strip,
        texts=[strip.texts[at] for at in stay],
        x0=[strip.x0[at] for at in stay],
        x1=[strip.x1[at] for at in stay],
    )


def _covered(x: float, stretches: Sequence[tuple[float, float]]) -> bool:
    at = bisect_right(stretches, (x, inf)) - 1
    return at >= 0 and x <= stretches[at][1]


def _without_repeated(strips: list[Strip]) -> list[Strip]:
    """Return the strips without the lines that a later one in the same place says again."""
    fields: defaultdict[int, deque[int]] = defaultdict(partial(deque, maxlen=_LOOKED))
    gone: set[int] = set()
    for number, strip in enumerate(strips):
        if len(strip.texts) < _LEAST_TEXT or not strip.upright:
            continue
        rows = _rows(strip)
        over = {
            other
            for row in rows
            for other in fields.get(row, ())
            if other not in gone and _lie_over(strip, strips[other])
        }
        gone.update(other for other in over if _say_the_same(strip, strips[other]))
        for row in rows:
            fields[row].append(number)
    if not gone:
        return strips
    return [strip for number, strip in enumerate(strips) if number not in gone]


def _lie_over(one: Strip, other: Strip) -> bool:
    """Tell whether two lines stand in the same place, but set in other type or a little apart."""
    up = min(one.bottom, other.bottom) - max(one.top, other.top)
    if up <= _OVER * min(one.bottom - one.top, other.bottom - other.top):
        return False
    left, right = max(one.x0[0], other.x0[0]), min(one.x1[-1], other.x1[-1])
    short = min(one.x1[-1] - one.x0[0], other.x1[-1] - other.x0[0])
    if right - left <= _OVER * short:
        return False
    # The second strokes of a bold line stand equally far from the first: `overstrikes` has them.
    return one.size != other.size or one.font != other.font


def _say_the_same(one: Strip, other: Strip) -> bool:
    pairs, others = _pairs(one), _pairs(other)
    shared = (pairs & others).total()
    return shared >= _ALIKE * max(pairs.total(), others.total())


def _pairs(strip: Strip) -> Counter[str]:
    text = "".join("".join(strip.texts).split())
    return Counter(map("".join, pairwise(text)))
