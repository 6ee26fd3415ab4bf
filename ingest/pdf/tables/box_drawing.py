"""Tables that are ruled with characters: ┏━┯━┓ ┃ │ ┃ ┗━┷━┛ (罫線素片, U+2500 to U+257F).

Reports of word processors and registers print such characters where others draw lines. By their
Unicode names they have arms to the left, right, up or down. Where the arms of neighbours meet there
is an edge from the middle of one to the middle of the other, as if a line were drawn; an arm that
meets none, at the foot of a page, goes to the end of its character. Characters that make edges are
taken out of the text. The trap: ─ and ━ are dashes in running text, so pages without junctions are
left as they are, and so is a character whose arms meet no other.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import pairwise

from shisaku.ingest.pdf.glyphs.glyph import Glyph
from shisaku.ingest.pdf.tables.ruling import Edge

FIRST, LAST = "\u2500", "\u257f"
_JUNCTIONS = 4
"""Least number of corners, tees and crosses of a page: a single box has four corners."""
_BESIDE = 0.6
"""Em between the edges of two characters in a row up to which their arms meet."""
_BELOW = 2.5
"""Em from the middle of a character to that of the next one below: lines up to 2.5-spaced."""
_ALIKE = 0.35
"""Em by which the middles of characters in a row, or in a column, may differ."""

_ARMS = {
    "LEFT": "l", "RIGHT": "r", "UP": "u", "DOWN": "d", "HORIZONTAL": "lr", "VERTICAL": "ud",
}  # fmt: skip


@cache
def arms_of(char: str) -> frozenset[str]:
    """Return the arms ("l", "r", "u", "d") of a character of box drawings, none of any other.

    Diagonals (╱ ╲ ╳) have none.
    """
    if not (len(char) == 1 and FIRST <= char <= LAST):
        return frozenset()
    words = unicodedata.name(char, "").split()
    if "DIAGONAL" in words:
        return frozenset()
    return frozenset("".join(_ARMS.get(word, "") for word in words))


def take_rules(glyphs: Sequence[Glyph]) -> tuple[Sequence[Glyph], list[Edge]]:
    """Return the glyphs without those that rule a table, and the edges that they make."""
    signs = [glyph for glyph in glyphs if FIRST <= glyph.text <= LAST and arms_of(glyph.text)]
    if sum(len(arms_of(sign.text)) > 1 and not _is_straight(sign) for sign in signs) < _JUNCTIONS:
        return glyphs, []
    used: set[int] = set()
    edges: list[Edge] = []
    for row in _grouped(signs, _middle, _centre):
        for first, last in _runs(row, "r", "l", used):
            x0 = first.x0 if "l" in arms_of(first.text) else first.centre
            x1 = last.x1 if "r" in arms_of(last.text) else last.centre
            edges.append({"x0": x0, "x1": x1, "top": first.middle, "bottom": first.middle,
                          "orientation": "h"})  # fmt: skip
    for column in _grouped(signs, _centre, _middle):
        for first, last in _runs(column, "d", "u", used):
            top = first.top if "u" in arms_of(first.text) else first.middle
            bottom = last.bottom if "d" in arms_of(last.text) else last.middle
            edges.append({"x0": first.centre, "x1": first.centre, "top": top, "bottom": bottom,
                          "orientation": "v"})  # fmt: skip
    return [glyph for glyph in glyphs if id(glyph) not in used], edges


def _is_straight(sign: Glyph) -> bool:
    return arms_of(sign.text) in (frozenset("lr"), frozenset("ud"))


def _middle(sign: Glyph) -> float:
    return sign.middle


def _centre(sign: Glyph) -> float:
    return sign.centre


def _grouped(
    signs: Iterable[Glyph], place: Callable[[Glyph], float], order: Callable[[Glyph], float]
) -> list[list[Glyph]]:
    """Return the characters at about one `place`, a row or a column, each in the given order."""
    groups: list[list[Glyph]] = []
    for sign in sorted(signs, key=place):
        if groups and place(sign) - place(groups[-1][0]) <= _ALIKE * sign.size:
            groups[-1].append(sign)
        else:
            groups.append([sign])
    for group in groups:
        group.sort(key=order)
    return groups


def _runs(
    signs: Sequence[Glyph], out: str, back: str, used: set[int]
) -> Iterable[tuple[Glyph, Glyph]]:
    """Yield the first and last of characters whose arms meet; note them in `used`."""
    start: Glyph | None = None
    last: Glyph | None = None
    for one, other in pairwise(signs):
        if out in arms_of(one.text) and back in arms_of(other.text) and _near(one, other, out):
            used.update((id(one), id(other)))
            start, last = start or one, other
        elif start is not None and last is not None:
            yield start, last
            start = last = None
    if start is not None and last is not None:
        yield start, last


def _near(one: Glyph, other: Glyph, out: str) -> bool:
    if out == "r":
        return other.x0 - one.x1 <= _BESIDE * one.size
    return other.middle - one.middle <= _BELOW * one.size
