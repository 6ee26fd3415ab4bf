"""What heads a column: the path of the head cells above it, outermost first.

A head over several columns (担当 over 府省庁 and 部局) is parted into heads of its own in the row
below it; heads that are not parted reach down beside them, or leave the place under them empty.
"""

from collections.abc import Sequence

from shisaku.ingest.model import Cell, ColumnText
from shisaku.ingest.structure.builder import Builder
from shisaku.ingest.structure.tables.grid import TableView, cell_lines, label_text
from shisaku.ingest.text.joining import ends_sentence

SEPARATOR = " | "
"""What parts the cells of a row in the text of its passage."""

_DEEPEST = 3
_LONGEST = 40
"""Characters up to which a cell can name a column."""


def head_depth(grid: TableView, row: int) -> int:
    """Give how many rows, from `row` on, head the columns if `row` does: 1 to 3."""
    cells = grid.starting(row)
    depth = max((cell.rowspan for cell in cells), default=1)
    if depth > _DEEPEST:
        return 1
    while depth < _DEEPEST and row + depth + 1 < grid.table.rows and _parts(grid, row + depth):
        depth += 1
    # What reaches further down than the heads is the label of a group of rows.
    return next(
        (
            at
            for at in range(1, depth)
            if any(cell.row + cell.rowspan > row + depth for cell in grid.starting(row + at))
        ),
        depth,
    )


def head_path(grid: TableView, row: int, depth: int, column: int) -> tuple[str, ...]:
    """Give the words of the head cells of a column, from `row` down over `depth` rows."""
    path: list[str] = []
    last: Cell | None = None
    for at in range(row, min(row + depth, grid.table.rows)):
        cell = grid.cell(at, column)
        if cell is None or cell is last or not cell.text:
            continue
        last = cell
        words = label_text(cell)
        if not path or path[-1] != words:
            path.append(words)
    return tuple(path)


def add_heads(builder: Builder, heads: Sequence[Cell], path: tuple[str, ...]) -> None:
    """Add a row passage with the words that head the columns of a table under `path`."""
    heads = [cell for cell in heads if cell.text]
    builder.use(*heads)
    cells = tuple(ColumnText("", label_text(cell)) for cell in heads)
    joined = SEPARATOR.join(cell.text for cell in cells)
    builder.add_passage("row", joined, cell_lines(heads), path, cells=cells)


def _parts(grid: TableView, row: int) -> bool:
    """Tell whether `row` only parts the heads that stand over several columns above it.

    A row of data fills the places under the other heads as well.
    """
    parted = False
    alone = False
    for head in grid.covering(row - 1):
        columns = range(head.column, min(head.column + head.colspan, grid.table.columns))
        below = {id(c): c for at in columns if (c := grid.cell(row, at)) is not None}
        filled = [cell for cell in below.values() if cell is not head and cell.text]
        if not filled:
            # Boxes that a form leaves to be filled in show nothing: no row of theirs is known.
            alone = alone or (bool(head.text) and _has_data(grid, head.column, row + 1))
        elif len(columns) == 1 or len(columns) == grid.table.columns:
            return False
        else:
            parted = parted or len(below) > 1
            if any(len(c.text) > _LONGEST or ends_sentence(c.text) for c in filled):
                return False
    return parted and alone


def _has_data(grid: TableView, column: int, start: int) -> bool:
    below = (grid.cell(row, column) for row in range(start, grid.table.rows))
    return any(cell is not None and cell.row >= start and cell.text for cell in below)


def lone_rows(grid: TableView, start: int) -> frozenset[int]:
    """Give the rows from `start` on that head those below: only their first cell is filled.

    The other cells are drawn and empty, while every other row fills all of its own. With two
    columns, or where rows of data have gaps, the same is a value that is missing.
    """
    table = grid.table
    alone: set[int] = set()
    for row in range(start, table.rows):
        cells = grid.covering(row)
        filled = [cell for cell in cells if cell.filled]
        first = cells[0] if cells else None
        if first is None or filled != [first] or (first.row, first.column) != (row, 0):
            if len(filled) < len(cells) or len(cells) < 2:
                return frozenset()
        elif first.rowspan == 1 and first.colspan < table.columns:
            alone.add(row)
    names = [label_text(cell) for row in alone if (cell := grid.cell(row, 0)) is not None]
    if not start or table.columns < 3 or 2 * len(alone) > table.rows - start:
        return frozenset()
    if any(ends_sentence(name) or len(name) > 2 * _LONGEST for name in names):
        return frozenset()
    return frozenset(row for row in alone if row + 1 < table.rows and row + 1 not in alone)
