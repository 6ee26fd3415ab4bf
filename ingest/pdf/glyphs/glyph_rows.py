"""From glyphs to rows: what stands at one height, with the small signs and the spaces beside it."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from statistics import median

from shisaku.ingest.pdf.glyphs.glyph import Glyph

_SIGN = re.compile(r"[0-9０-９*＊†‡※)）]")
_SCRIPT = re.compile(r"[0-9０-９A-Za-zα-ω+＋−.,()（）*＊†‡※注-]{1,8}")
_SMALLER = 0.9
"""Size of a script at most, as part of the size of its row."""
_SHIFT = 0.7
"""How far its middle may lie from that of its row, as part of the row's size."""
_LARGEST = 40.0
"""Points: larger type has no scripts."""
_NEAR = 60
"""Rows near a height that are looked at; a page of text has a few."""
_CLOSE = 0.25
"""Gap at most between it and the glyph before it, as part of the row's size."""
_middle_of, _start_of = attrgetter("middle"), attrgetter("x0")


@dataclass(slots=True)
class Row:
    """Glyphs at one height; the middle and the size, in points, are those of most of them."""

    glyphs: list[Glyph]
    middle: float
    size: float
    most: int = 0
    """How many glyphs stand at this middle: one that is raised comes first and sets no height."""


def make_rows(glyphs: Sequence[Glyph]) -> list[Row]:
    """Give the rows of `glyphs`, each from left to right, spaces included."""
    visible = [glyph for glyph in glyphs if not glyph.blank]
    if not visible:
        return []
    sizes = [glyph.size for glyph in visible]
    least = median(sizes) * 0.7
    mixed = min(sizes) < least
    small: list[Glyph] = []
    rows: list[Row] = []
    for level in _levels(visible):
        if mixed:
            small += [glyph for glyph in level if glyph.size < least]
            level = [glyph for glyph in level if glyph.size >= least]
        _add(rows, level)
    rows.sort(key=_middle_of)
    loose: list[Row] = []
    for glyph in _take_small(rows, small):
        _add(loose, [glyph])
    rows = _take_scripts(_take_signs([*rows, *loose]))
    _add_blanks(rows, [glyph for glyph in glyphs if glyph.blank])
    for row in rows:
        row.glyphs.sort(key=_start_of)
    return rows


def _levels(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Give the glyphs by their middles, from top to bottom, each level from left to right."""
    levels: defaultdict[float, list[Glyph]] = defaultdict(list)
    # Nearly all are drawn one after the other along a line.
    for middle, run in groupby(glyphs, _middle_of):
        levels[middle] += run
    return [sorted(levels[middle], key=_start_of) for middle in sorted(levels)]


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


def _take_scripts(rows: list[Row]) -> list[Row]:
    """Return `rows` with each subscript and superscript (CO2, m2, N2O) in the row it belongs to.

    A script is a short run of smaller letters or digits that stands in a gap of the row, close
    behind one of its glyphs; ruby stands over glyphs, and the next line is a line's height away.
    """
    kept: list[Row] = []
    ordered = sorted((row for row in rows if row.size <= _LARGEST), key=_middle_of)
    middles = [row.middle for row in ordered]
    reach = _SHIFT * max((row.size for row in ordered), default=0.0)
    for row in rows:
        begin = bisect_left(middles, row.middle - reach)
        near = ordered[begin : min(bisect_right(middles, row.middle + reach), begin + _NEAR)]
        homes = [
            other
            for other in near
            if row.size < other.size * _SMALLER
            and abs(other.middle - row.middle) <= _SHIFT * other.size
        ]
        if homes:
            row.glyphs.sort(key=_start_of)
            stay: list[Glyph] = []
            for run in _runs(row.glyphs):
                home = next((other for other in homes if _is_script(run, other)), None)
                (stay if home is None else home.glyphs).extend(run)
            row.glyphs = stay
        if row.glyphs:
            kept.append(row)
    return kept


def _runs(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Return glyphs, from left to right, parted where a gap of half their size is."""
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        if runs and glyph.x0 - runs[-1][-1].x1 <= 0.5 * glyph.size:
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    return runs


def _is_script(run: Sequence[Glyph], row: Row) -> bool:
    """Tell whether a run stands in a gap of a row, close behind one of its larger glyphs."""
    if not _SCRIPT.fullmatch("".join(glyph.text for glyph in run)):
        return False
    left, right = run[0].x0, run[-1].x1
    larger = [glyph for glyph in row.glyphs if glyph.size > run[0].size]
    follows = any(-0.1 * row.size <= left - glyph.x1 <= _CLOSE * row.size for glyph in larger)
    covered = sum(max(0.0, min(right, g.x1) - max(left, g.x0)) for g in larger)
    return follows and covered <= 0.2 * (right - left)


def _add(rows: list[Row], level: Sequence[Glyph]) -> None:
    """Put glyphs of one middle into the last rows that are near, or into new ones."""
    # Those of one size share a row: where the first finds none, they are nearest to its own.
    parts = [level] if len({glyph.size for glyph in level}) == 1 else [[g] for g in level]
    for part in parts:
        middle, size = part[0].middle, part[0].size
        for row in rows[:-5:-1]:
            if abs(row.middle - middle) <= 0.4 * (size if size < row.size else row.size):
                row.glyphs += part
                if len(part) > row.most:
                    row.middle, row.size, row.most = middle, size, len(part)
                break
        else:
            rows.append(Row([*part], middle, size, len(part)))


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
    ordered = sorted(rows, key=_middle_of)
    middles = [row.middle for row in ordered]
    for middle, run in groupby(blanks, _middle_of):
        at = min(bisect_left(middles, middle), len(ordered) - 1)
        # Also over rows of one height: the first of them takes the blank.
        while at > 0 and middle - middles[at - 1] <= abs(middles[at] - middle):
            at -= 1
        if abs(middles[at] - middle) <= 0.4 * ordered[at].size:
            ordered[at].glyphs += run
