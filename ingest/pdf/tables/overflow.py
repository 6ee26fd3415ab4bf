"""Text that is wider than its cell and runs over the rules at its sides.

Spreadsheets print such a text whole, centred or from one side, and clip what is outside its cell;
in the file it lies over the text of its neighbours. Glyph by glyph each would go to the cell that
holds its centre, and the letters of two texts would mix. A run, the glyphs that are painted one
after the other without a gap, stays whole: it goes to the cell at whose side it begins or ends, if
nothing else stands there, else to that at its centre. The trap: forms with a box for each digit are
painted as one run as well.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from shisaku.ingest.pdf.glyphs.glyph import Glyph
from shisaku.ingest.pdf.tables.ruling import Rect

_GAP = 0.25
"""Em between glyphs, or that they overlap, up to which they are one run."""
_WIDE = 3.0
"""Em: least width of a cell that a text may run out of; the boxes of digits are narrower."""
_FLUSH = 0.5
"""Em from the side of a cell within which a run begins or ends at it."""

Place = Callable[[Glyph], int | None]
"""Gives the number of the cell that holds the centre of a glyph."""


def overflowing(glyphs: Sequence[Glyph], place: Place, rects: Sequence[Rect]) -> dict[int, int]:
    """Return the cell of each glyph (by its id) of the runs that cross a rule.

    `rects` are the cells (x0, top, x1, bottom) in points, by their numbers.
    """
    runs = list(_runs(glyphs))
    ends = [(run, place(run[0]), place(run[-1])) for run in runs]
    crossing = [each for each in ends if each[1] != each[2]]
    if not crossing:
        return {}
    inside: dict[int, list[tuple[float, float]]] = {}
    for run, first, last in ends:
        if first is not None and first == last:
            inside.setdefault(first, []).append((run[0].x0, run[-1].x1))
    homes: dict[int, int] = {}
    for run, first, last in crossing:
        home = _home(run, first, last, place, rects, inside)
        if home is not None:
            homes.update((id(glyph), home) for glyph in run)
    return homes


def _home(
    run: Sequence[Glyph], first: int | None, last: int | None, place: Place,
    rects: Sequence[Rect], inside: Mapping[int, Sequence[tuple[float, float]]],
) -> int | None:  # fmt: skip
    """Return the cell of a run that crosses rules, None where each glyph has its own."""
    em, x0, x1 = run[0].size, run[0].x0, run[-1].x1
    reach = _FLUSH * em

    def is_free(cell: int) -> bool:
        """Tell whether no other text of the cell lies under the run."""
        return not any(start < x1 and x0 < end for start, end in inside.get(cell, ()))

    if first is not None and abs(x0 - rects[first][0]) <= reach and is_free(first):
        home: int | None = first
    elif last is not None and abs(rects[last][2] - x1) <= reach and is_free(last):
        home = last
    else:
        home = place(min(run, key=lambda glyph: abs(glyph.centre - (x0 + x1) / 2)))
    if home is None or rects[home][2] - rects[home][0] < _WIDE * em:
        return None
    return home


def _runs(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Yield the runs in the order of painting; a space ends one."""
    run: list[Glyph] = []
    for glyph in glyphs:
        if run and _goes_on(run[-1], glyph):
            run.append(glyph)
            continue
        if run:
            yield run
        run = [] if glyph.blank else [glyph]
    if run:
        yield run


def _goes_on(last: Glyph, glyph: Glyph) -> bool:
    return (
        not glyph.blank
        and glyph.size == last.size
        and glyph.middle == last.middle
        and abs(glyph.x0 - last.x1) <= _GAP * glyph.size
    )
