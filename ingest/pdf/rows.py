"""From glyphs to rows: what stands at one height, with the small signs and the spaces beside it."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from statistics import median

from ingest.pdf.glyphs import Glyph

_SIGN = re.compile(r"[0-9０-９*＊†‡※)）]")


@dataclass(slots=True)
class Row:
    """Glyphs at one height, the middle and the size of the first; sizes are in points."""

    glyphs: list[Glyph]
    middle: float
    size: float


def make_rows(glyphs: Sequence[Glyph]) -> list[Row]:
    """Give the rows of `glyphs`, each from left to right, spaces included."""
    visible = sorted([g for g in glyphs if not g.blank], key=attrgetter("middle", "x0"))
    if not visible:
        return []
    least = median([glyph.size for glyph in visible]) * 0.7
    small = [glyph for glyph in visible if glyph.size < least]
    rows: list[Row] = []
    for glyph in visible:
        if glyph.size >= least:
            _add(rows, glyph)
    loose: list[Row] = []
    for glyph in _take_small(rows, small):
        _add(loose, glyph)
    rows = _take_signs([*rows, *loose])
    _add_blanks(rows, [glyph for glyph in glyphs if glyph.blank])
    for row in rows:
        row.glyphs.sort(key=attrgetter("x0"))
    return rows


def _take_small(rows: Sequence[Row], small: Sequence[Glyph]) -> list[Glyph]:
    """Put small glyphs into the rows beside which they stand, and give those that are left.

    `rows` are ordered by their middles, as `make_rows` makes them: by their uppermost glyphs.
    """
    middles = [row.middle for row in rows]
    reach = 0.5 * max((row.size for row in rows), default=0.0) + 1
    left: list[Glyph] = []
    for glyph in small:
        above = bisect_left(middles, glyph.middle - reach)
        below = bisect_right(middles, glyph.middle + reach)
        home = _row_beside(rows[above:below], glyph)
        (left if home is None else home.glyphs).append(glyph)
    return left


def _take_signs(rows: list[Row]) -> list[Row]:
    """Give `rows` with each sign of a note in the row beside which it is raised.

    Where a page holds more small print than text, a sign is not small by the page's measure.
    """
    kept: list[Row] = []
    for row in rows:
        signs = len(row.glyphs) <= 3 and all(_SIGN.fullmatch(g.text) for g in row.glyphs)
        larger = [other for other in rows if row.size < other.size * 0.7] if signs else []
        home = _row_beside(larger, row.glyphs[0])
        if home is None or home.middle <= row.middle:
            kept.append(row)
        else:
            home.glyphs += row.glyphs
    return kept


def _add(rows: list[Row], glyph: Glyph) -> None:
    middle, size = glyph.middle, glyph.size
    for row in rows[:-5:-1]:
        if abs(row.middle - middle) <= 0.4 * (size if size < row.size else row.size):
            row.glyphs.append(glyph)
            return
    rows.append(Row([glyph], glyph.middle, glyph.size))


def _row_beside(rows: Iterable[Row], glyph: Glyph) -> Row | None:
    """Give the row in which a small glyph stands as index or note sign, None where above one."""
    for row in rows:
        if abs(row.middle - glyph.middle) > 0.5 * row.size:
            continue
        for other in row.glyphs:
            near = -0.1 * row.size < max(glyph.x0 - other.x1, other.x0 - glyph.x1) < 0.9 * row.size
            if near and other.size >= row.size * 0.7:
                return row
        inner = [g for g in row.glyphs if g.x0 <= glyph.x1 + 1 and g.x1 >= glyph.x0 - 1]
        if any(g.size < row.size * 0.7 for g in inner):
            return row
    return None


def _add_blanks(rows: Sequence[Row], blanks: Sequence[Glyph]) -> None:
    """Put each blank into the row whose middle is nearest to its own, the upper one of two."""
    ordered = sorted(rows, key=attrgetter("middle"))
    middles = [row.middle for row in ordered]
    for blank in blanks:
        middle = blank.middle
        at = min(bisect_left(middles, middle), len(ordered) - 1)
        # Also over rows of one height: the first of them takes the blank.
        while at > 0 and middle - middles[at - 1] <= abs(middles[at] - middle):
            at -= 1
        if abs(middles[at] - middle) <= 0.4 * ordered[at].size:
            ordered[at].glyphs.append(blank)
