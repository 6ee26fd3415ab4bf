"""Columns that are set off from their table by a gap: the same rows, ruled a few points beside."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import replace

from shisaku.ingest.pdf.tables.grids import Grid

_GAP = 24.0
"""Points between a table and a column set off from it; two tables stand further apart."""

_NEAR = 2.0
"""Points by which the rules of one row may differ."""

_COLUMNS = 2
"""Columns that may be set off; more are a table of their own."""

_ROWS = 4
"""Rows from which equal heights are no chance."""


def join_detached(grids: Sequence[Grid]) -> list[Grid]:
    """Give `grids` with columns set off by a gap as the last columns of the grid at their left."""
    by_top: defaultdict[int, list[int]] = defaultdict(list)
    for at in sorted(range(len(grids)), key=lambda at: grids[at].xs[0]):
        if len(grids[at].ys) > _ROWS:
            by_top[round(grids[at].ys[0] / (2 * _NEAR))].append(at)
    made = list(grids)
    gone: set[int] = set()
    for level in by_top.values():
        home = level[0]
        for at in level[1:]:
            places = _belongs(made[home], made[at])
            if places:
                made[home] = _join(made[home], made[at], places)
                gone.add(at)
            else:
                home = at
    return [grid for at, grid in enumerate(made) if at not in gone]


def _belongs(grid: Grid, column: Grid) -> list[int]:
    """Give which rules of `grid` those of a narrow grid at its right are, none where it is apart.

    Two halves of one list stand side by side as well: they have as many columns as each other.
    """
    columns = len(column.xs) - 1
    if (
        not 0 < column.xs[0] - grid.xs[-1] <= _GAP
        or columns > _COLUMNS
        or columns >= len(grid.xs) - 1
        or len(column.ys) < 0.8 * len(grid.ys)
        or abs(column.ys[0] - grid.ys[0]) > _NEAR
        or abs(column.ys[-1] - grid.ys[-1]) > _NEAR
    ):
        return []
    places: list[int] = []
    at = 0
    for y in column.ys:
        while at < len(grid.ys) and grid.ys[at] < y - _NEAR:
            at += 1
        if at == len(grid.ys) or grid.ys[at] > y + _NEAR:
            return []
        places.append(at)
    return places


def _join(grid: Grid, column: Grid, places: Sequence[int]) -> Grid:
    moved = [
        replace(
            cell,
            row=places[cell.row],
            rowspan=places[cell.row + cell.rowspan] - places[cell.row],
            column=cell.column + len(grid.xs) - 1,
        )
        for cell in column.cells
    ]
    cells = sorted((*grid.cells, *moved), key=lambda cell: (cell.row, cell.column))
    return replace(grid, cells=tuple(cells), xs=(*grid.xs, *column.xs[1:]))


def part_at_gaps(grid: Grid, filled: Set[int]) -> list[Grid]:
    """Give the tables that stand side by side in a grid, parted by white as tall as all of it.

    `filled` has the numbers of the cells in which something stands. Where two tables begin and end
    at one height, the rules that are missing between them are added with those of an open side.
    """
    rows = len(grid.ys) - 1
    gaps = sorted({
        cell.column
        for at, cell in enumerate(grid.cells)
        if at not in filled and cell.rowspan == rows > 1 and cell.colspan == 1
        and cell.open_top and cell.open_bottom and 0 < cell.column < len(grid.xs) - 2
    })  # fmt: skip
    if not gaps or any(
        bisect_left(gaps, cell.column) < bisect_left(gaps, cell.column + cell.colspan)
        for cell in grid.cells
        if cell.colspan > 1
    ):
        return [grid]
    starts, ends = [0, *(gap + 1 for gap in gaps)], [*gaps, len(grid.xs) - 1]
    return join_detached([
        _part(grid, start, end) for start, end in zip(starts, ends, strict=True) if start < end
    ])  # fmt: skip


def _part(grid: Grid, start: int, end: int) -> Grid:
    """Give the columns of a grid from `start` up to `end` with their own rules."""
    cells = [cell for cell in grid.cells if start <= cell.column < end]
    rules = sorted({row for cell in cells for row in (cell.row, cell.row + cell.rowspan)})
    place = {row: at for at, row in enumerate(rules)}
    return replace(
        grid,
        xs=grid.xs[start : end + 1],
        ys=tuple(grid.ys[row] for row in rules),
        cells=tuple(
            replace(
                cell,
                row=place[cell.row],
                rowspan=place[cell.row + cell.rowspan] - place[cell.row],
                column=cell.column - start,
            )
            for cell in cells
        ),
    )
