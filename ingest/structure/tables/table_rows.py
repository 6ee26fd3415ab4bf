"""Tables that are not about measures: each row a passage, its cells under their columns' names."""

import math
from collections.abc import Collection, Sequence
from itertools import pairwise

from shisaku.ingest.model import Cell, ColumnText, TableBlock
from shisaku.ingest.structure.builder import Builder
from shisaku.ingest.structure.outline.bounds import MAX_COLUMN, shortened
from shisaku.ingest.structure.tables.grid import TableView, cell_lines, label_text, view
from shisaku.ingest.structure.tables.heads import SEPARATOR, add_heads, head_depth, lone_rows
from shisaku.ingest.text.dates import parse_year
from shisaku.ingest.text.joining import ends_sentence


def add_rows(builder: Builder, table: TableBlock, path: tuple[str, ...]) -> None:
    """Add a passage for each row of `table` under `path`.

    A cell over several rows at the left, or over all columns, heads the rows beside or below it:
    it stands in their path, once in print and not again in their text.
    """
    grid = view(table)
    heads = header_rows(grid)
    names = _names(grid, heads)
    if heads:
        add_heads(builder, [c for row in range(heads) for c in grid.starting(row)], path)
    guessed = () if all(names) or heads else ("a table without a header",)
    lone = lone_rows(grid, heads)
    labelling = _groups(grid, heads)
    known = frozenset(names)
    section: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    lead = ""
    pending: Cell | None = None
    for row in range(heads, table.rows):
        cells = [cell for cell in grid.starting(row) if cell.filled]
        if heads and _is_new_header(cells, known):
            names = [_name_at(grid, row, column) for column in range(table.columns)]
            known = frozenset(names)
        across = len(cells) == 1 and cells[0].colspan == table.columns > 1
        if (across and _heads_below(grid, row)) or row in lone:
            if pending is not None:
                _add_line(builder, pending, path)
            section, pending = (label_text(cells[0]),), cells[0]
            unsure = () if across else ("a heading told by the empty cells beside it",)
            continue
        groups = [cell for cell in grid.covering(row) if id(cell) in labelling]
        skipped = {id(cell) for cell in groups}
        own = [cell for cell in cells if id(cell) not in skipped]
        if not own:
            if not cells or any(_goes_on(grid, cell, row) for cell in cells):
                continue
            own, groups = cells, []
        labels = tuple(label_text(cell) for cell in groups)
        for cell in groups if pending is None else [pending, *groups]:
            builder.add_label(cell)
        pending = None
        first = grid.cell(row, 0)
        taken: tuple[str, ...] = ()
        if first is not None and first.text:
            lead = grid.of(first, label_text) if grid.of(first, _names_column) else ""
        elif lead and own and not labels:
            # An empty cell at the left says: as above.
            labels = (lead,)
            taken = ("the label of a row above, as its own cell is empty",)
        builder.use(*own)
        builder.add_passage(
            "row",
            SEPARATOR.join(cell.text for cell in own),
            cell_lines(own),
            (*path, *section, *labels),
            cells=tuple(ColumnText(names[cell.column], cell.text) for cell in own),
            guessed=(*guessed, *unsure, *taken),
        )
    if pending is not None:
        # The rows below it are empty.
        _add_line(builder, pending, path)


def _add_line(builder: Builder, cell: Cell, path: tuple[str, ...]) -> None:
    """Add a row across all columns that heads nothing: another such row follows it."""
    builder.use(cell)
    cells = (ColumnText("", cell.text),)
    builder.add_passage("row", cell.text, cell_lines([cell]), path, cells=cells)


def header_rows(grid: TableView) -> int:
    """Give how many rows at the top name the columns: marked so, or short words without figures."""
    table = grid.table
    marked = 0
    while (
        marked < table.rows
        and all(cell.header for cell in grid.starting(marked))
        and grid.starting(marked)
    ):
        marked += 1
    if marked:
        return min(marked, table.rows - 1)
    if table.rows < 2 or table.columns < 2:
        return 0
    first = grid.starting(0)
    years = _years(grid, first)
    named = [cell for cell in first if cell in years or _names_column(cell)]
    empty = [cell for cell in first if not cell.text]
    # One column may lack a name, as the labels at the left often do.
    if len(named) < 2 or len(named) + min(len(empty), 1) < len(first):
        return 0
    depth = max(head_depth(grid, 0), max(cell.rowspan for cell in first))
    return depth if depth < table.rows and depth <= 3 else 0


def _years(grid: TableView, first: Sequence[Cell]) -> list[Cell]:
    """Give the cells that name columns by a year, as 2019 | 2020 | 2021 do.

    Alone, 2019 may be a quantity; years follow each other, and what stands under them is none.
    """
    found = [(cell, year) for cell in first if (year := parse_year(label_text(cell))) is not None]
    steps = {after - before for (_, before), (_, after) in pairwise(found)}
    if len(steps) > 1 or not all(0 < abs(step) <= 10 for step in steps):
        return []
    if len(found) < 2 and not all("年" in cell.text for cell, _ in found):
        return []
    rows = range(1, grid.table.rows)
    below = [grid.cell(row, cell.column) for row in rows for cell, _ in found]
    if all(parse_year(label_text(cell)) is not None for cell in below if cell and cell.text):
        return []
    return [cell for cell, _ in found]


def _names_column(cell: Cell) -> bool:
    text = label_text(cell)
    digits = sum(char.isdigit() for char in text)
    return 0 < len(text) <= 40 and not ends_sentence(text) and digits * 3 <= len(text)


def _names(grid: TableView, heads: int) -> list[str]:
    names = []
    for column in range(grid.table.columns):
        words: list[str] = []
        seen: set[int] = set()
        for row in range(heads):
            cell = grid.cell(row, column)
            if cell is not None and id(cell) not in seen and cell.text:
                words.append(label_text(cell))
                seen.add(id(cell))
        names.append(shortened(" ".join(words), MAX_COLUMN))
    return names


def _goes_on(grid: TableView, cell: Cell, row: int) -> bool:
    """Tell whether a label has rows of its own below the one in which it begins."""
    end = min(cell.row + cell.rowspan, grid.table.rows)
    return any(c.text for below in range(row + 1, end) for c in grid.starting(below))


def _name_at(grid: TableView, row: int, column: int) -> str:
    cell = grid.cell(row, column)
    return shortened(label_text(cell), MAX_COLUMN) if cell is not None else ""


def _is_new_header(cells: Sequence[Cell], names: Collection[str]) -> bool:
    """Tell whether a row names the columns anew: most of its cells say what a header said."""
    if len(cells) < 2:
        return False
    known = sum(label_text(cell) in names for cell in cells)
    return known >= 2 and known >= 0.5 * len(cells)


def _groups(grid: TableView, heads: int) -> frozenset[int]:
    """Give the ids of the spanning cells that are labels at the left of the rows beside them.

    Nothing but labels stands before such a cell: cells that are empty or span as many rows.
    """
    found: set[int] = set()
    for row in range(heads, grid.table.rows):
        least = math.inf
        for cell in grid.covering(row):
            if not cell.filled:
                continue
            ends = cell.column + cell.colspan >= grid.table.columns
            if cell.row == row and 1 < cell.rowspan <= least and not ends and len(cell.text) <= 80:
                found.add(id(cell))
            least = min(least, cell.rowspan)
    return frozenset(found)


def _heads_below(grid: TableView, row: int) -> bool:
    cell = grid.starting(row)[0]
    return len(cell.text) <= 80 and not ends_sentence(cell.text) and row + 1 < grid.table.rows
