"""Ruled tables: from the rules on a page to grids of cells, open sides included.

`ruling` finds where rules meet and which rectangles they close, as pdfplumber does. Added here: the
outer rule that is missing where a table breaks over a page or is drawn open at its sides, spans,
and what is a frame or a chart and no table.
"""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter

from shisaku.ingest.pdf.tables.ruling import (
    Edge,
    Rect,
    cells_of,
    meetings_of,
    merge_edges,
    tables_of,
)

_SNAP = 3.0
"""Points within which two rules are the same rule: drawn borders are up to 2.25 pt thick."""

_DOUBLE = 5.6
"""Points between the lines of a double rule; no type is small enough to be set in between."""

MAX_EDGES = 6000
"""More merged rules than this are a drawing; searching them for tables takes minutes."""


@dataclass(frozen=True)
class GridCell:
    """A cell of a grid with its place, spans and rectangle (x0, top, x1, bottom) in points."""

    row: int
    column: int
    rowspan: int
    colspan: int
    rect: Rect
    open_top: bool = False
    open_bottom: bool = False
    """Whether no rule is drawn above or under it: its text may run on there."""


@dataclass(frozen=True)
class Grid:
    """A ruled grid; `xs` and `ys` are the positions of its rules."""

    cells: tuple[GridCell, ...]
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    open_top: bool = False
    open_bottom: bool = False

    @property
    def rect(self) -> Rect:
        """The outer rectangle."""
        return (self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def holds(self, inner: Rect) -> bool:
        """Tell whether `inner` lies within the outer rectangle."""
        return (
            self.xs[0] <= inner[0] + 1
            and self.ys[0] <= inner[1] + 1
            and self.xs[-1] >= inner[2] - 1
            and self.ys[-1] >= inner[3] - 1
        )


class TooManyRulesError(Exception):
    """The page has more rules than a table search can take; it is a drawing."""


def find_grids(edges: Sequence[Edge], width: float, height: float) -> list[Grid]:
    """Give the grids that the rules of a page form, in order of their top left corners.

    `edges` have x0, x1, top, bottom (points) and orientation, as pdfplumber's. Raises
    `TooManyRulesError` beyond `MAX_EDGES` rules.
    """
    inside = [
        edge
        for edge in edges
        if edge["x1"] >= -_SNAP and edge["x0"] <= width + _SNAP
        and edge["bottom"] >= -_SNAP and edge["top"] <= height + _SNAP
    ]  # fmt: skip
    if not inside:
        return []
    if len(inside) > MAX_EDGES * 4:
        raise TooManyRulesError
    merged = merge_edges(inside, _SNAP, _SNAP)
    # A rule shorter than a character is a hatch mark or a piece of a curve.
    merged = [
        edge for edge in merged
        if edge["x1"] - edge["x0"] >= 4 or edge["bottom"] - edge["top"] >= 4
    ]  # fmt: skip
    if len(merged) > MAX_EDGES:
        raise TooManyRulesError
    # Sides first: where they are missing, they end with the table, too.
    merged += _close(merged, "h")
    added_rows = _close(merged, "v")
    merged += added_rows
    merged += _close(merged, "h")
    meets = meetings_of(merged, _SNAP)
    if len(meets) > MAX_EDGES:
        raise TooManyRulesError
    grids = []
    open_sides = _Levels(added_rows)
    cells = cells_of(meets)
    groups = tables_of(cells)
    # Cells that stand alone are in no group: frames around text.
    grouped = {rect for group in groups for rect in group}
    groups += [[rect] for rect in cells if rect not in grouped and _is_frame(rect)]
    for rects in groups:
        grid = _grid(rects, open_sides)
        if grid is not None:
            grids.append(grid)
    grids.sort(key=lambda grid: (grid.rect[1], grid.rect[0]))
    return _drop_nested(grids, 0.5 * width * height)


def _is_frame(rect: Rect) -> bool:
    return rect[2] - rect[0] >= 40 and rect[3] - rect[1] >= 12


def _close(edges: Sequence[Edge], orientation: str) -> list[Edge]:
    """Give the rules that are missing where rules of `orientation` end together without one.

    "v": verticals that begin or end at the same height get a horizontal there (a table that breaks
    over a page); "h": horizontals that begin or end at the same x get a vertical (a table without
    side rules), where at least one vertical crosses them.
    """
    near, far, low, high = (
        ("top", "bottom", "x0", "x1") if orientation == "v" else ("x0", "x1", "top", "bottom")
    )
    along = [edge for edge in edges if edge["orientation"] == orientation]
    across = [edge for edge in edges if edge["orientation"] != orientation]
    added: list[Edge] = []
    for side in (near, far):
        ends: dict[int, list[Edge]] = defaultdict(list)
        for edge in along:
            ends[round(edge[side] / _SNAP)].append(edge)
        for key in sorted(ends):
            group = ends[key] + ends.get(key + 1, [])
            places = sorted({round(edge[low], 1) for edge in group})
            if len(places) < 2:
                continue
            at = group[0][side]
            first, last = places[0], places[-1]
            if last - first < 20 or not _belongs(group, across, orientation, first, last):
                continue
            if orientation == "h":
                # The sides reach as far as the rules between the columns do.
                inner = [edge for edge in across if _crosses(edge, group)]
                first = min([first, *(edge["top"] for edge in inner)])
                last = max([last, *(edge["bottom"] for edge in inner)])
            drawn = [(edge[low], edge[high]) for edge in across if abs(edge[near] - at) <= _SNAP]
            # A rule that runs on across the height is the side of a cell that spans it.
            across_it = [
                edge[low] for edge in along if edge[near] < at - _SNAP and edge[far] > at + _SNAP
            ]
            gaps = [
                gap
                for gap in _gaps(drawn, first, last)
                if not any(gap[0] - _SNAP <= place <= gap[1] + _SNAP for place in across_it)
            ]
            lines = [piece for piece in drawn if not all(_meets(end, places) for end in piece)]
            added += [_edge(orientation, at, *run) for run in _runs(gaps, lines)]
    return added


def _meets(end: float, places: Sequence[float]) -> bool:
    """Tell whether one of the ordered `places` is within the snap of `end`."""
    at = bisect_left(places, end - _SNAP)
    return at < len(places) and places[at] <= end + _SNAP


def _runs(
    gaps: Sequence[tuple[float, float]], lines: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Give the `gaps`, two of them as one where one of `lines` fills what lies between them.

    The last words of a cell may be underlined where the rule is missing; corners are found on rules
    that are whole.
    """
    runs: list[tuple[float, float]] = []
    pieces = sorted([*((*gap, True) for gap in gaps), *((*piece, False) for piece in lines)])
    start, end, is_open = 0.0, -math.inf, False
    for low, high, gap in pieces:
        if low > end + _SNAP:
            if is_open:
                runs.append((start, end))
            start, end, is_open = low, high, gap
        else:
            end, is_open = max(end, high), is_open or gap
    return [*runs, (start, end)] if is_open else runs


def _crosses(upright: Edge, rules: Sequence[Edge]) -> bool:
    """Tell whether an upright rule meets one of the horizontal `rules` between its ends."""
    return any(
        rule["x0"] + _SNAP < upright["x0"] < rule["x1"] - _SNAP
        and upright["top"] - _SNAP <= rule["top"] <= upright["bottom"] + _SNAP
        for rule in rules
    )


def _gaps(
    drawn: Sequence[tuple[float, float]], first: float, last: float
) -> list[tuple[float, float]]:
    """Give what the `drawn` spans leave open between `first` and `last`."""
    gaps = []
    reach = first
    for start, end in sorted(drawn):
        if start > reach + _SNAP:
            gaps.append((reach, min(start, last)))
        reach = max(reach, end)
        if reach >= last - _SNAP:
            return gaps
    return [*gaps, (reach, last)]


def _belongs(
    group: Sequence[Edge], across: Sequence[Edge], orientation: str, first: float, last: float
) -> bool:
    """Tell whether the ends belong to a table: some rule crosses the outermost two, or many end.

    Two strokes of equal height alone are as often a chart's axis or a bracket.
    """
    if orientation == "v":
        begin = max(edge["top"] for edge in group)
        end = min(edge["bottom"] for edge in group)
        joins = [
            edge
            for edge in across
            if edge["x0"] <= first + _SNAP and edge["x1"] >= last - _SNAP
            and begin - _SNAP <= edge["top"] <= end + _SNAP
        ]  # fmt: skip
        return bool(joins) or (len(group) >= 3 and end - begin > 20)
    begin = max(edge["x0"] for edge in group)
    end = min(edge["x1"] for edge in group)
    joins = [
        edge
        for edge in across
        if edge["top"] <= first + _SNAP and edge["bottom"] >= last - _SNAP
        and begin + _SNAP < edge["x0"] < end - _SNAP
    ]  # fmt: skip
    return bool(joins) and len(group) >= 2


def _edge(orientation: str, at: float, first: float, last: float) -> Edge:
    if orientation == "v":
        return {
            "x0": first, "x1": last, "top": at, "bottom": at, "width": last - first, "height": 0,
            "orientation": "h", "object_type": "line",
        }  # fmt: skip
    return {
        "x0": at, "x1": at, "top": first, "bottom": last, "width": 0, "height": last - first,
        "orientation": "v", "object_type": "line",
    }  # fmt: skip


def _cluster(values: Sequence[float]) -> list[float]:
    """Give the rules at `values`; what is nearer than `_DOUBLE` is one rule drawn double."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _DOUBLE:
            places.append(value)
    return places


class _Levels:
    """Horizontal rules by their height: each cell of a page asks for those at its own."""

    def __init__(self, edges: Sequence[Edge]) -> None:
        self._edges = sorted(edges, key=itemgetter("top"))
        self._tops = [edge["top"] for edge in self._edges]

    def has(self, y: float, x0: float, x1: float) -> bool:
        """Tell whether one of the rules runs at `y` between `x0` and `x1`."""
        # A little more than within the snap, where the last digit would decide.
        first = bisect_left(self._tops, y - _SNAP - 0.01)
        last = bisect_right(self._tops, y + _SNAP + 0.01)
        return first < last and any(
            abs(edge["top"] - y) <= _SNAP and edge["x0"] < x1 - _SNAP and edge["x1"] > x0 + _SNAP
            for edge in self._edges[first:last]
        )


def _grid(rects: Sequence[Rect], added: _Levels) -> Grid | None:
    rects = [rect for rect in rects if rect[2] - rect[0] > _DOUBLE and rect[3] - rect[1] > _DOUBLE]
    if not rects:
        return None
    xs = _cluster([x for rect in rects for x in (rect[0], rect[2])])
    ys = _cluster([y for rect in rects for y in (rect[1], rect[3])])
    columns = {x: _place(xs, x) for rect in rects for x in (rect[0], rect[2])}
    rows = {y: _place(ys, y) for rect in rects for y in (rect[1], rect[3])}
    cells = []
    for rect in sorted(rects, key=itemgetter(1, 0)):
        column, right = columns[rect[0]], columns[rect[2]]
        row, under = rows[rect[1]], rows[rect[3]]
        if right > column and under > row:
            above = added.has(rect[1], rect[0], rect[2])
            below = added.has(rect[3], rect[0], rect[2])
            cells.append(GridCell(row, column, under - row, right - column, rect, above, below))
    if not cells:
        return None
    cells.sort(key=attrgetter("row", "column"))
    return Grid(
        tuple(cells),
        tuple(round(x, 2) for x in xs),
        tuple(round(y, 2) for y in ys),
        open_top=added.has(ys[0], xs[0], xs[-1]),
        open_bottom=added.has(ys[-1], xs[0], xs[-1]),
    )


def _place(places: Sequence[float], value: float) -> int:
    """Give which of the ordered `places` is nearest to `value`, the lower of two."""
    at = bisect_left(places, value)
    if at and (at == len(places) or value - places[at - 1] <= places[at] - value):
        return at - 1
    return at


def _drop_nested(grids: Sequence[Grid], most: float) -> list[Grid]:
    """Leave out single frames that hold other grids and more than `most` of the page's area.

    A border around the page is no cell; one around a figure keeps its words together.
    """
    kept = []
    for grid in grids:
        x0, top, x1, bottom = grid.rect
        inner = [other for other in grids if other is not grid and grid.holds(other.rect)]
        if inner and len(grid.cells) <= 2 and (x1 - x0) * (bottom - top) > most:
            continue
        kept.append(grid)
    return kept
