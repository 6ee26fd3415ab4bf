"""Boxes: cells that stand one above the other and never side by side, which make no table.

Paragraph shading is a rectangle a line, stacked; a panel has a heading in a coloured bar and its
text below; a slide is a pile of boxes. What stands in them is text with its headings. A table has
rules, or fills, in two directions.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Any

from shisaku.ingest.pdf.tables.grids import Grid, GridCell
from shisaku.ingest.pdf.tables.ruling import Edge, Rect

_NEAR = 3.0
"""Points within which a rule or a fill ends where a cell does (drawn borders are up to 2.25)."""

_MOST_FILLS = 400
"""Fills beyond which a page is a drawing: each cell of a pile is compared with all of them."""


@dataclass(frozen=True)
class Fill:
    """A rectangle that is filled and has no outline: its place in points and its colour."""

    rect: Rect
    color: Any


@dataclass(frozen=True)
class Pile:
    """The boxes of a grid: for each the numbers of its cells, from top to bottom."""

    boxes: tuple[tuple[int, ...], ...]


class Drawn:
    """What is drawn on a page: rules that are no sides of fills, and fills."""

    def __init__(self, edges: Sequence[Edge], fills: Sequence[Fill]) -> None:
        """Take the edges of a page; those of fills say so (see `ruling.edges_of`)."""
        rules = [edge for edge in edges if not edge.get("fill")]
        self._level = _Rules(rules, "h")
        self._upright = _Rules(rules, "v")
        self._fills = fills if len(fills) <= _MOST_FILLS else ()

    def parted(self, y: float, x0: float, x1: float) -> bool:
        """Tell whether rules run at `y` along more than half of the way from `x0` to `x1`."""
        return self._level.covered(y, x0, x1) > 0.5 * (x1 - x0)

    def color(self, rect: Rect, within: Rect) -> Any:
        """Give the colour of the last fill that lies under all of `rect`, None for none.

        One that reaches beyond `within` is the ground of more than that: of a page or a panel.
        """
        found = None
        for fill in self._fills:
            if _holds(fill.rect, rect) and _holds(within, fill.rect):
                found = fill.color
        return found

    def has_sides(self, rect: Rect) -> bool:
        """Tell whether rules run along most of both sides of `rect`."""
        x0, top, x1, bottom = rect
        least = 0.8 * (bottom - top)
        return all(self._upright.covered(x, top, bottom) >= least for x in (x0, x1))


class _Rules:
    """The rules of one orientation by their place."""

    def __init__(self, edges: Sequence[Edge], orientation: str) -> None:
        at, self._low, self._high = ("top", "x0", "x1") if orientation == "h" else (
            "x0", "top", "bottom"
        )  # fmt: skip
        found = [edge for edge in edges if edge["orientation"] == orientation]
        self._edges = sorted(found, key=itemgetter(at))
        self._places = [edge[at] for edge in self._edges]

    def covered(self, at: float, low: float, high: float) -> float:
        """Give how many points between `low` and `high` have a rule at the place `at`."""
        first = bisect_left(self._places, at - _NEAR)
        last = bisect_right(self._places, at + _NEAR)
        spans = sorted((edge[self._low], edge[self._high]) for edge in self._edges[first:last])
        total, reach = 0.0, low
        for start, end in spans:
            start, end = max(start, reach), min(end, high)
            if end > start:
                total += end - start
                reach = end
        return total


def pile_of(grid: Grid, drawn: Drawn) -> Pile | None:
    """Give the boxes of a grid in which no two cells stand side by side, None for a table.

    Neighbours on one ground that no rule parts are one box. A cell that has neither a ground nor
    sides of its own is the white between two boxes and belongs to none.
    """
    order = sorted(range(len(grid.cells)), key=lambda at: grid.cells[at].row)
    if any(_beside(grid.cells[a], grid.cells[b]) for a, b in pairwise(order)):
        return None
    boxes: list[list[int]] = []
    last: Any = None
    for at in order:
        rect = grid.cells[at].rect
        color = drawn.color(rect, grid.rect)
        if color is None and not drawn.has_sides(rect):
            last = None
            continue
        above = grid.cells[boxes[-1][-1]].rect if boxes else None
        joins = (
            above is not None
            and color is not None
            and color == last
            and abs(above[3] - rect[1]) <= _NEAR
            and abs(above[0] - rect[0]) <= _NEAR
            and not drawn.parted(rect[1], rect[0], rect[2])
        )
        if joins:
            boxes[-1].append(at)
        else:
            boxes.append([at])
        last = color
    return Pile(tuple(map(tuple, boxes)))


def _beside(first: GridCell, second: GridCell) -> bool:
    """Tell whether of two cells, the first not below the second, both cover one row.

    One box within another is not beside it.
    """
    return second.row < first.row + first.rowspan and (
        second.column >= first.column + first.colspan
        or first.column >= second.column + second.colspan
    )


def _holds(outer: Rect, inner: Rect) -> bool:
    return (
        outer[0] <= inner[0] + _NEAR and outer[1] <= inner[1] + _NEAR
        and outer[2] >= inner[2] - _NEAR and outer[3] >= inner[3] - _NEAR
    )  # fmt: skip
