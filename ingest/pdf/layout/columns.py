"""Reading order on a page: columns, found by cutting at white gutters, top to bottom.

A page falls into bands: lines that cross a gutter (headings, full-width tables) stand alone, what
lies between them is read column by column. Trap: a row of labels beside values is no pair of
columns; columns hold running text.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import median

from shisaku.ingest.model import Box, Line, TableBlock
from shisaku.ingest.pdf.layout.box_rows import find_box_rows
from shisaku.ingest.pdf.layout.items import Figure, Frame, Item
from shisaku.ingest.pdf.layout.marks import mark_of
from shisaku.ingest.text.joining import ends_sentence

_LEAST_GUTTER = 0.9
"""White between two columns in em (JIS X 4051 sets two, small print less)."""

_RUNNING = 12
"""Width in em that a line of running text has in a column at least."""

_BULLETS = tuple("・･•○●◎◆◇■➢✓")
_LEAST_ITEMS = 2
"""Items from which a side may be a list."""


_LABEL = re.compile(r"第?[\s\u3000]?[0-9０-９一二三四五六七八九十]{1,3}[\s\u3000]?[編部章節款項]?")


@dataclass(frozen=True)
class Column:
    """Items to be read from top to bottom between the x positions `left` and `right` (points)."""

    items: tuple[Item, ...]
    left: float
    right: float


@dataclass(frozen=True)
class _Gutter:
    x: float
    score: float


def read_columns(items: Sequence[Item]) -> list[Column]:
    """Give the columns of a page in reading order; each item stands in exactly one of them."""
    if not items:
        return []
    items = _open_badges(items)
    left = min(item.box.x0 for item in items)
    right = max(item.box.x1 for item in items)
    columns: list[Column] = []
    rest = sorted(items, key=_place)
    rows = find_box_rows(items)
    held = {id(item) for row in rows for unit in row.units for item in unit}
    free = [item for item in rest if isinstance(item, Line) and id(item) not in held]
    if rows and _find_gutter(free) is not None:
        # Text in columns, in each of which a box stands by chance at one height.
        rows = []
    rest = [item for item in rest if not rows or id(item) not in held]
    for row in rows:
        above = [item for item in rest if item.box.top < row.top]
        columns += _cut(above, left, right, 0) if above else []
        columns += [Column(unit, unit[-1].box.x0, unit[-1].box.x1) for unit in row.units]
        rest = rest[len(above) :]
    return columns + (_cut(rest, left, right, 0) if rest else [])


def _open_badges(items: Sequence[Item]) -> list[Item]:
    """Give `items` with the label of a heading out of its frame, where its title stands beside it.

    第１節 is set on a coloured ground (a badge) and its title on none: one line all the same.
    """

    def opened(item: Item) -> Item:
        if not isinstance(item, Frame) or len(item.lines) != 1:
            return item
        label = item.lines[0]
        beside = any(
            isinstance(other, Line) and other.size == label.size and other.font == label.font
            and _in_row(label, other) and 0 <= other.box.x0 - label.box.x1 < 4 * label.size
            for other in items
        )  # fmt: skip
        return label if beside and _LABEL.fullmatch(label.text) else item

    return [opened(item) for item in items]


def _in_row(first: Line, second: Line) -> bool:
    middles = (first.box.top + first.box.bottom) / 2, (second.box.top + second.box.bottom) / 2
    return abs(middles[0] - middles[1]) < 0.4 * first.size


def _place(item: Item) -> tuple[float, float]:
    return (item.box.top, item.box.x0)


def _cut(items: list[Item], left: float, right: float, depth: int) -> list[Column]:
    gutter = _find_gutter(items) if depth < 4 else None
    if gutter is None:
        wide = next((at for at, item in enumerate(items) if _is_wide(item, left, right)), None)
        if wide is None or depth >= 4:
            return [Column(tuple(items), left, right)]
        # Text above and below a wide table or figure may be set in columns of its own.
        parts = (items[:wide], items[wide : wide + 1], items[wide + 1 :])
        zones = [_cut(parts[0], left, right, depth + 1), [Column((items[wide],), left, right)],
                 _cut(parts[2], left, right, depth + 1)]  # fmt: skip
        return _merge_single([column for zone in zones for column in zone if column.items])
    # Both columns are as wide as they are anywhere, also in a band where one stands alone.
    sides = (
        (left, max(item.box.x1 for item in items if item.box.x1 <= gutter.x)),
        (min(item.box.x0 for item in items if item.box.x0 >= gutter.x), right),
    )
    columns: list[Column] = []
    band: list[Item] = []
    for at, item in enumerate(items):
        if _stands_across(items, at, gutter.x, right):
            columns += _cut_band(band, gutter.x, sides, depth)
            band = []
            columns += [Column((item,), left, right)]
        else:
            band.append(item)
    columns += _cut_band(band, gutter.x, sides, depth)
    return _merge_single(columns)


def _stands_across(items: Sequence[Item], at: int, x: float, right: float) -> bool:
    """Tell whether an item belongs to both columns beside the gutter at `x`."""
    item = items[at]
    if item.box.x0 < x < item.box.x1:
        return True
    if not isinstance(item, Line):
        return False
    return (
        _leads_across(items, item, x)
        or _ends_across(items, at, x, right)
        or _heads_both(items, item, x)
    )


def _leads_across(items: Sequence[Item], item: Line, x: float) -> bool:
    """Tell whether a line is a label whose title, in the same row, crosses the gutter.

    In a chart other words stand in a row by chance.
    """
    return bool(_LABEL.fullmatch(item.text)) and any(
        isinstance(other, Line)
        and item.box.x1 <= other.box.x0 < x < other.box.x1
        and abs(other.size - item.size) < 0.5
        and _in_row(item, other)
        for other in items
    )


def _heads_both(items: Sequence[Item], item: Line, x: float) -> bool:
    """Tell whether a heading at the left heads both columns, though it does not reach the right.

    Beside it is white, and right below it both columns begin at one height. The text above is set
    in columns as long as each other, or its sentence would end with the heading.
    """
    left = [
        other
        for other in items
        if isinstance(other, Line) and other.box.x1 <= x and other.size < item.size / 1.15
    ]
    right = [other for other in items if other.box.x0 >= x]
    above, below = _around(left, item.box)
    above_right, below_right = _around(right, item.box)
    if not above or not below or not above_right or not below_right or item.box.x0 >= x:
        return False
    last, last_right = (max(each, key=lambda other: other.box.bottom) for each in
                        (above, above_right))  # fmt: skip
    em = below[0].box.bottom - below[0].box.top
    shorter = last.box.bottom - last_right.box.bottom
    return (
        len(above_right) + len(below_right) == len(right)
        and abs(below[0].box.top - below_right[0].box.top) <= 0.3 * em
        and isinstance(last, Line) and isinstance(last_right, Line)
        and -0.3 * em <= shorter <= 4 * em
        and ends_sentence(last_right.text)
        and (not ends_sentence(last.text) or shorter <= 0.3 * em)
    )  # fmt: skip


def _around(items: Sequence[Item], box: Box) -> tuple[list[Item], list[Item]]:
    """Give the items above and those below a box, each from top to bottom."""
    return (
        [item for item in items if item.box.bottom <= box.top],
        [item for item in items if item.box.top >= box.bottom],
    )


def _ends_across(items: Sequence[Item], at: int, x: float, right: float) -> bool:
    """Tell whether an item is the short last line of a paragraph that runs across the gutter."""
    last, item = (items[at - 1], items[at]) if at else (None, None)
    if not isinstance(last, Line) or not isinstance(item, Line) or item.box.x0 >= x:
        return False
    if mark_of(item.text):
        return False
    em = max(item.size, 1.0)
    goes_on = (
        last.box.x0 < x < last.box.x1
        and right - last.box.x1 < 3 * em
        and abs(last.size - item.size) < 0.3
        and -0.3 * em < item.box.top - last.box.bottom < 0.8 * em
        and not ends_sentence(last.text)
    )
    return goes_on and not any(
        other.box.x0 >= x and other.box.top < item.box.bottom and other.box.bottom > item.box.top
        for other in items
    )


def _is_wide(item: Item, left: float, right: float) -> bool:
    return not isinstance(item, Line) and item.box.x1 - item.box.x0 > 0.6 * (right - left)


def _cut_band(
    band: list[Item], x: float, sides: tuple[tuple[float, float], tuple[float, float]], depth: int
) -> list[Column]:
    columns: list[Column] = []
    for side, (left, right) in enumerate(sides):
        items = [item for item in band if (item.box.x1 > x) == bool(side)]
        if items:
            columns += _cut(items, left, right, depth + 1)
    return columns


def _merge_single(columns: list[Column]) -> list[Column]:
    """Join neighbours of the same extent, so that full-width lines form paragraphs again."""
    merged: list[Column] = []
    for column in columns:
        if merged and (merged[-1].left, merged[-1].right) == (column.left, column.right):
            merged[-1] = Column(merged[-1].items + column.items, column.left, column.right)
        else:
            merged.append(column)
    return merged


def _find_gutter(items: Sequence[Item]) -> _Gutter | None:
    lines = [item for item in items if isinstance(item, Line)]
    if len(lines) < 3:
        return None
    if len(lines) < 6:
        return _short_gutter(lines)
    em = median(line.size for line in lines)
    ends, starts = sorted(item.box.x1 for item in items), sorted(item.box.x0 for item in items)
    # At most places no white reaches far enough, which the two orders tell at once.
    places = [
        (x, before, after)
        for x in sorted({round(end, 1) + 0.1 for end in set(ends)})
        if (before := bisect_right(ends, x)) >= 3
        and len(starts) - (after := bisect_left(starts, x)) >= 3
        and starts[after] - ends[before - 1] >= _LEAST_GUTTER * em
    ]
    if not places:
        return None
    by_end = sorted(items, key=lambda item: item.box.x1)
    by_start = sorted(items, key=lambda item: -item.box.x0)
    widest_until = list(accumulate(map(_span, by_end), max))
    widest_from = list(accumulate(map(_span, by_start), max))[::-1]
    may_list = sum(map(_is_item, lines)) >= 2 * _LEAST_ITEMS
    best: _Gutter | None = None
    for x, before, after in places:
        # At most others a side is too narrow to run.
        if not may_list and min(widest_until[before - 1], widest_from[after]) < _RUNNING * em:
            continue
        gutter = _try_gutter(items, x, em)
        if gutter is not None and (best is None or gutter.score > best.score):
            best = gutter
    return best


def _try_gutter(items: Sequence[Item], x: float, em: float) -> _Gutter | None:
    """Give the gutter at `x`, where some items end before it and some begin after it."""
    before = [item for item in items if item.box.x1 <= x]
    after = [item for item in items if item.box.x0 >= x]
    shared = _shared_height(before, after)
    if shared < 4 * em:
        return None
    # Tables and frames across the page part it into bands, whatever their height.
    crossing = [item for item in items if item.box.x0 < x < item.box.x1 and isinstance(item, Line)]
    start = max(item.box.x1 for item in before)
    end = min(item.box.x0 for item in after)
    crossed = sum(item.box.bottom - item.box.top for item in crossing)
    whole = sum(item.box.bottom - item.box.top for item in [*before, *after, *crossing])
    if crossed > 0.55 * whole or shared < 0.25 * crossed:
        return None
    running = _is_running(before, em, 9) and _is_running(after, em, 4)
    if not running and not (_is_list(before) and _is_list(after)):
        return None
    return _Gutter((start + end) / 2, shared - crossed + min(end - start, 3 * em))


def _short_gutter(lines: Sequence[Line]) -> _Gutter | None:
    """Give the gutter beside a single paragraph of a few lines, None where none is certain.

    Few lines side by side may be labels and values. What no label does: its first line is indented
    by a character (字下げ), ends at the gutter in mid-sentence, and the next one begins further
    left right below it.
    """
    for line in lines:
        em = line.size
        below = [
            other
            for other in lines
            if 0 < other.box.top - line.box.bottom < 1.5 * em and other.box.x0 < line.box.x1
        ]
        follow = min(below, key=lambda other: (other.box.top, other.box.x0), default=None)
        if follow is None or ends_sentence(line.text) or line.box.x1 - line.box.x0 < 9 * em:
            continue
        if not 0.7 < (line.box.x0 - follow.box.x0) / em < 1.3 or abs(follow.size - em) > 0.5:
            continue
        before = [other for other in lines if other.box.x0 < line.box.x1]
        after = [other for other in lines if other.box.x0 >= line.box.x1]
        start = max(other.box.x1 for other in before)
        end = min((other.box.x0 for other in after), default=start)
        full = start - line.box.x1 < 1.3 * em
        if (
            len(after) >= 2
            and full
            and end - start >= _LEAST_GUTTER * em
            and all(other.box.x0 >= follow.box.x0 - 0.3 * em for other in before)
        ):
            return _Gutter((start + end) / 2, 0.0)
    return None


def _shared_height(before: Sequence[Item], after: Sequence[Item]) -> float:
    """Give how many points of height have text on both sides."""
    boxes, others = [item.box for item in before], [item.box for item in after]
    low = max(min([box.top for box in boxes]), min([box.top for box in others]))
    high = min(max([box.bottom for box in boxes]), max([box.bottom for box in others]))
    inside = [box for box in boxes if box.bottom > low and box.top < high]
    return sum(max(0.0, min(box.bottom, high) - max(box.top, low)) for box in inside)


def _is_list(items: Sequence[Item]) -> bool:
    """Tell whether most lines of a side are items of a list, as on slides.

    Bullets alone tell: boxes to tick and numbers are set row by row as well.
    """
    marked = sum(map(_is_item, items))
    return marked >= _LEAST_ITEMS and 2 * marked > len(items)


def _is_item(item: Item) -> bool:
    return isinstance(item, Line) and item.text[:1] in _BULLETS


def _span(item: Item) -> float:
    """Give the width of a line, no limit for what runs whatever its width (see `_is_running`)."""
    return item.box.x1 - item.box.x0 if isinstance(item, Line) else math.inf


def _is_running(items: Sequence[Item], em: float, least: float) -> bool:
    """Tell whether a side holds running text or tables, not labels, figures or page numbers.

    On the left that asks for lines of `least` = 9 em and more, because labels that stand before
    their values are short; on the right short lines (addresses, captions) may follow each other.
    """
    if any(isinstance(item, TableBlock | Frame | Figure) for item in items):
        return True
    widths = sorted(item.box.x1 - item.box.x0 for item in items)
    # The width of the line in which the middle of the text stands: labels in a chart are many but
    # hold little of it.
    half, total = 0.0, sum(widths)
    for width in widths:
        half += width
        if half >= total / 2:
            return width >= least * em and widths[-1] >= _RUNNING * em
    return False
