"""Text that is struck out (見え消し): a rule runs through its letters, from the first to the last.

Its author took it back; what stands there is what is left. Traps: rules of tables and charts run
through letters as well, but do not begin and end with them; an underline runs below them.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from shisaku.ingest.pdf.glyphs.glyph import Glyph

STRUCK = "\ufdd0"
"""What stands for a letter that is struck out until its line is made: no text holds this code
point, which Unicode keeps for such use (noncharacters, Unicode 16.0, 23.7)."""

_MIDDLE = 0.18
"""Em by which a rule may miss the middle of the letters."""

_END = 0.3
"""Em by which it may begin or end beside a letter."""

_RULES = 2000
"""Level rules beyond which a page is a drawing."""

_THICK = 2.0
"""Points that a rule is thick at most."""

_TOUCH = 1.0
"""Points between pieces of one rule."""

_LEAST = 5.0
"""Points that it is long at least: the half of a letter of text."""


def part_struck(
    glyphs: Sequence[Glyph], edges: Sequence[dict[str, Any]]
) -> tuple[Sequence[Glyph], list[Glyph]]:
    """Give all glyphs, `STRUCK` for those that are struck out, and what these say, in their order.

    They keep their places, so that lines are as full as they are printed.
    """
    rules = _joined(edges)
    if not rules or len(rules) > _RULES:
        return glyphs, []
    rows: defaultdict[int, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        if not glyph.blank:
            rows[round(glyph.middle / _THICK)].append(glyph)
    starts: dict[int, list[float]] = {}
    for key, row in rows.items():
        row.sort(key=lambda glyph: glyph.x0)
        starts[key] = [glyph.x0 for glyph in row]
    struck: set[int] = set()
    for top, x0, x1 in rules:
        near = round(top / _THICK)
        reach = int(_MIDDLE * 30 / _THICK) + 1
        for key in range(near - reach, near + reach + 1):
            if key not in rows:
                continue
            first = bisect_left(starts[key], x0 - _END * 30)
            last = bisect_right(starts[key], x1)
            crossed = [
                glyph
                for glyph in rows[key][first:last]
                if abs(glyph.middle - top) <= _MIDDLE * glyph.size
                and x0 - _END * glyph.size <= glyph.x0
                and glyph.x1 <= x1 + _END * glyph.size
            ]
            if crossed and _fits(crossed, x0, x1):
                struck |= {id(glyph) for glyph in crossed}
    if not struck:
        return glyphs, []
    return (
        [
            glyph.at(glyph.x0, glyph.top, glyph.x1, glyph.bottom, STRUCK)
            if id(glyph) in struck else glyph
            for glyph in glyphs
        ],
        [glyph for glyph in glyphs if id(glyph) in struck],
    )  # fmt: skip


def _joined(edges: Sequence[dict[str, Any]]) -> list[tuple[float, float, float]]:
    """Return top, x0 and x1 of the level rules; pieces that touch are one.

    An underline is drawn in a piece for each font, and one of them may run through a letter whose
    box stands low; the whole one does not.
    """
    pieces = sorted(
        {
            (round(edge["top"], 1), round(edge["x0"], 1), round(edge["x1"], 1))
            for edge in edges
            if edge["orientation"] == "h" and edge["x1"] - edge["x0"] >= _LEAST
        }
    )
    rules: list[tuple[float, float, float]] = []
    for top, x0, x1 in pieces:
        if rules and rules[-1][0] == top and x0 - rules[-1][2] <= _TOUCH:
            rules[-1] = (top, rules[-1][1], max(x1, rules[-1][2]))
        else:
            rules.append((top, x0, x1))
    return rules


def _fits(glyphs: Sequence[Glyph], x0: float, x1: float) -> bool:
    """Tell whether a rule begins with the first of the letters, ends with the last, and is full."""
    first, last = glyphs[0], max(glyphs, key=lambda glyph: glyph.x1)
    em = max(first.size, 1.0)
    inked = sum(glyph.x1 - glyph.x0 for glyph in glyphs)
    return (
        abs(first.x0 - x0) <= _END * em
        and abs(last.x1 - x1) <= _END * em
        and inked >= 0.7 * (x1 - x0)
    )
