"""Text that is wider than its cell and runs over the rules at its sides.

Spreadsheets print such a text whole, centred or from one side, and clip what is outside its cell;
in the file it lies over the text of its neighbours. Glyph by glyph each would go to the cell that
holds its centre, and the letters of two texts would mix. A run, the glyphs that are painted one
after the other without a gap, stays whole: it goes to the cell at whose side it begins or ends, if
nothing else stands there, else to that at its centre. The trap: forms with a box for each digit are
painted as one run as well.
"""

from collections.abc import Iterator, Mapping, Sequence

from shisaku.ingest.pdf.glyphs.glyph import Glyph
from shisaku.ingest.pdf.tables.ruling import Rect

_GAP = 0.25
"""Em between glyphs, or that they overlap, up to which they are one run."""
_WIDE = 3.0
"""Em: least width of a cell that a text may run out of; the boxes of digits are narrower."""
_FLUSH = 0.5
"""Em from the side of a cell within which a run begins or ends at it."""

Home = int | None
"""The number of the cell that holds the centre of a glyph, None for one outside of the grid."""


def overflowing(
    glyphs: Sequence[Glyph], homes: Sequence[Home], rects: Sequence[Rect]
) -> dict[int, int]:
    """Return the cell of each glyph, by its place in `glyphs`, of the runs that cross a rule.

    `homes` has the cell that holds the centre of each; `rects` are the cells (x0, top, x1, bottom)
    in points, by their numbers.
    """
    if not any(
        homes[at] != homes[at + 1] and _goes_on(glyphs[at], glyphs[at + 1])
        for at in range(len(glyphs) - 1)
    ):
        return {}
    inside: dict[int, list[tuple[float, float]]] = {}
    crossing: list[range] = []
    for run in _runs(glyphs):
        first, last = homes[run[0]], homes[run[-1]]
        if first != last:
            crossing.append(run)
        elif first is not None:
            inside.setdefault(first, []).append((glyphs[run[0]].x0, glyphs[run[-1]].x1))
    found: dict[int, int] = {}
    for run in crossing:
        home = _home(run, glyphs, homes, rects, inside)
        if home is not None:
            found.update(dict.fromkeys(run, home))
    return found


def _home(
    run: range, glyphs: Sequence[Glyph], homes: Sequence[Home], rects: Sequence[Rect],
    inside: Mapping[int, Sequence[tuple[float, float]]],
) -> Home:  # fmt: skip
    """Return the cell of a run that crosses rules, None where each glyph has its own."""
    first, last = homes[run[0]], homes[run[-1]]
    em, x0, x1 = glyphs[run[0]].size, glyphs[run[0]].x0, glyphs[run[-1]].x1
    reach = _FLUSH * em

    def is_free(cell: int) -> bool:
        """Tell whether no other text of the cell lies under the run."""
        return not any(start < x1 and x0 < end for start, end in inside.get(cell, ()))

    if first is not None and abs(x0 - rects[first][0]) <= reach and is_free(first):
        home: Home = first
    elif last is not None and abs(rects[last][2] - x1) <= reach and is_free(last):
        home = last
    else:
        home = homes[min(run, key=lambda at: abs(glyphs[at].centre - (x0 + x1) / 2))]
    if home is None or rects[home][2] - rects[home][0] < _WIDE * em:
        return None
    return home


def _runs(glyphs: Sequence[Glyph]) -> Iterator[range]:
    """Yield the places of the glyphs of each run, in the order of painting; a space ends one."""
    start = 0
    for at, glyph in enumerate(glyphs):
        if at > start and _goes_on(glyphs[at - 1], glyph):
            continue
        if at > start:
            yield range(start, at)
        start = at + glyph.blank
    if start < len(glyphs):
        yield range(start, len(glyphs))


def _goes_on(last: Glyph, glyph: Glyph) -> bool:
    return (
        not glyph.blank
        and glyph.size == last.size
        and glyph.middle == last.middle
        and abs(glyph.x0 - last.x1) <= _GAP * glyph.size
    )
