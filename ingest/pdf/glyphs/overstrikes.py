"""Finds what is drawn twice: bold faked by a second stroke, a little beside the first.

Most strips stand where nothing stood before. So strips are looked up by their place, and only where
they lie over each other are their glyphs compared. On a page where too many do, as thousands of
strips in one small place, glyphs are looked up one by one instead.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import ceil, log2
from operator import itemgetter, sub

from shisaku.ingest.pdf.glyphs.glyph import Glyph
from shisaku.ingest.pdf.glyphs.strips import Strip

_REACH = 8.0
"""Points; no second stroke stands farther off. Also the height of a field in which to look."""
_WIDE = 200.0
"""Points; the width of a field."""
_COLUMNS = 64
"""Fields beside each other; what stands beyond is looked for in the last."""
_LEAST_SQUARE = 0.01
"""Points; the least width of a square in which equal glyphs are looked for."""
_FAR = 1e6
"""Points; what stands higher or lower than any page is looked for there."""

_SPARE, _SPARE_EACH = 5_000, 50
"""Strips that may be looked at on a page, and for each of its strips, before glyphs are looked up
one by one; a glyph counts for ten. No page of 60 published documents takes two thirds of that."""

_NEAR_SIZE = 0.5
"""Points by which the sizes of two strokes differ less."""

_Kept = tuple[float, float, float, Sequence[Glyph]]
"""The top of glyphs, the outermost of their left edges, in points, and the glyphs."""


class Strokes:
    """The visible glyphs of a page so far."""

    def __init__(self) -> None:
        self._fields: defaultdict[int, list[_Kept]] = defaultdict(list)
        self._order: list[Sequence[Glyph]] = []
        self._spare = _SPARE
        self._index: _Index | None = None

    def add(self, drawn: Sequence[Glyph], strip: Strip) -> set[int]:
        """Give the ids of those glyphs that are second strokes; their first ones become `doubled`.

        `drawn` are the glyphs of `strip`, or some of them.
        """
        if not drawn:
            return set()
        if self._index is not None:
            return self._index.add(drawn)
        top, places = strip.top, strip.x0
        if len(drawn) < len(places):
            places = [glyph.x0 for glyph in drawn]
        first, last = min(places), max(places)
        # An offset of up to an eighth of the size is a second stroke; a real double letter is an
        # advance apart. The largest type reaches no farther than `_neighbours` says.
        reach = min(max(drawn[0].size / 8, 0.0), _REACH)
        left, right = first - reach, last + reach
        at = min(max(top, -_FAR), _FAR)
        rows = range(int((at - reach) // _REACH), int((at + reach) // _REACH) + 1)
        columns = range(_column(left), _column(right) + 1)
        fields, known = self._fields, self._fields.get
        there = [known(row * _COLUMNS + column, ()) for row in rows for column in columns]
        over = [
            kept
            for field in there
            for kept in field
            if kept[1] <= right and kept[2] >= left and abs(kept[0] - top) <= reach
        ]
        self._spare += _SPARE_EACH - sum(map(len, there))
        seconds: set[int] = set()
        if over:
            self._spare -= 10 * sum([len(glyphs) for *_, glyphs in over])
        if self._spare < 0:
            self._index = _Index(glyph for glyphs in self._order for glyph in glyphs)
            return self._index.add(drawn)
        if over or min(map(sub, places[1:], places), default=_FAR) <= reach:
            seconds = _seconds(drawn, over)
            if seconds:
                drawn = [glyph for glyph in drawn if id(glyph) not in seconds]
        if not drawn:
            return seconds
        kept = (top, first, last, drawn)
        self._order.append(drawn)
        home = int(at // _REACH) * _COLUMNS
        for column in columns:
            fields[home + column].append(kept)
        return seconds


class _Index:
    """The glyphs of a page by text and place, in squares as wide as a stroke of them may be off.

    Glyphs of one size stand at the same places in it; smaller and larger ones have squares of their
    own, twice as wide from one level to the next.
    """

    def __init__(self, glyphs: Iterable[Glyph]) -> None:
        self._there: defaultdict[tuple[str, int, int, int], list[tuple[int, Glyph]]]
        self._there = defaultdict(list)
        self._count = 0
        for glyph in glyphs:
            self._keep(glyph)

    def add(self, drawn: Sequence[Glyph]) -> set[int]:
        """Give the ids of those glyphs that are second strokes; their first ones are `doubled`."""
        found = set()
        for glyph in drawn:
            twins = [] if glyph.blank else self._twins(glyph)
            if twins:
                min(twins, key=itemgetter(0, 1))[2].doubled = True
                found.add(id(glyph))
            else:
                self._keep(glyph)
        return found

    def _keep(self, glyph: Glyph) -> None:
        # Where glyphs of sizes look that differ from its own by less than two strokes may.
        for level in range(_level(glyph.size - _NEAR_SIZE), _level(glyph.size + _NEAR_SIZE) + 1):
            square = 2.0**level
            key = (glyph.text, level, _at(glyph.x0, square), _at(glyph.top, square))
            self._there[key].append((self._count, glyph))
        self._count += 1

    def _twins(self, glyph: Glyph) -> list[tuple[tuple[int, int], int, Glyph]]:
        level = _level(glyph.size)
        column, row = _at(glyph.x0, 2.0**level), _at(glyph.top, 2.0**level)
        return [
            (_step(other), number, other)
            for at in (column - 1, column, column + 1)
            for down in (row - 1, row, row + 1)
            for number, other in self._there.get((glyph.text, level, at, down), ())
            if _is_second(glyph, other)
        ]


def _level(size: float) -> int:
    """Give the power of two that is as wide as strokes of a size may be off, in points."""
    return ceil(log2(min(max(size / 8, _LEAST_SQUARE), _FAR)))


def _column(place: float) -> int:
    return int(min(max(place / _WIDE, 0.0), _COLUMNS - 1.0))


def _seconds(drawn: Sequence[Glyph], over: Iterable[_Kept]) -> set[int]:
    """Give the ids of those of `drawn` that are second strokes, of each other or of `over`.

    Glyphs are looked up by squares as wide as a stroke may be off: a line may have the same letter
    thousands of times.
    """
    square = max(drawn[0].size / 8, _LEAST_SQUARE)
    there: defaultdict[tuple[str, int, int], list[tuple[int, Glyph]]] = defaultdict(list)
    order = 0
    # The same glyphs may be found in several fields.
    for *_, glyphs in {id(kept): kept for kept in over}.values():
        for glyph in glyphs:
            key = (glyph.text, _at(glyph.x0, square), _at(glyph.top, square))
            there[key].append((order, glyph))
            order += 1
    found = set()
    for glyph in drawn:
        if glyph.blank:
            continue
        text, column, row = glyph.text, _at(glyph.x0, square), _at(glyph.top, square)
        twins = [
            (_step(other), number, other)
            for at in (column - 1, column, column + 1)
            for number, other in (
                *there.get((text, at, row - 1), ()),
                *there.get((text, at, row), ()),
                *there.get((text, at, row + 1), ()),
            )
            if _is_second(glyph, other)
        ]
        if twins:
            # Of several the leftmost, then the uppermost, by steps of 4 pt.
            min(twins, key=itemgetter(0, 1))[2].doubled = True
            found.add(id(glyph))
        else:
            there[text, column, row].append((order, glyph))
            order += 1
    return found


def _at(place: float, square: float) -> int:
    return int(min(max(place, -_FAR), _FAR) // square)


def _is_second(glyph: Glyph, other: Glyph) -> bool:
    """Tell whether a glyph is a second stroke of another with its text."""
    limit = glyph.size / 8
    return (
        abs(other.x0 - glyph.x0) <= limit
        and abs(other.top - glyph.top) <= limit
        and abs(other.size - glyph.size) < _NEAR_SIZE
        and _neighbours(other, glyph)
    )


def _step(glyph: Glyph) -> tuple[int, int]:
    return int(glyph.x0 // 4), int(glyph.top // 4)


def _neighbours(one: Glyph, other: Glyph) -> bool:
    """Tell whether glyphs stand in the same square of 4 pt or in squares that touch."""
    (column, row), (next_column, next_row) = _step(one), _step(other)
    return abs(column - next_column) <= 1 and abs(row - next_row) <= 1
