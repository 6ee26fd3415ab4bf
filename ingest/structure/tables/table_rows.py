"""Tables that are not about measures: each row a passage, its cells under their columns' names."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shisaku.ingest.model import Cell, ColumnText, TableBlock
from shisaku.ingest.structure.builder import Builder
from shisaku.ingest.structure.outline.bounds import MAX_COLUMN, shortened
from shisaku.ingest.structure.tables.comparison import add_comparison, find_comparison
from shisaku.ingest.structure.tables.grid import TableView, cell_lines, label_text, view
from shisaku.ingest.structure.tables.heads import SEPARATOR, add_heads, head_depth, lone_rows
from shisaku.ingest.text.dates import parse_year
from shisaku.ingest.text.joining import ends_sentence

_MERGED = 80
"""Characters up to which a cell over several rows is said again in each; a longer one is a remark
that stands with the first."""

_MOST_MERGED = 12
"""Cells from above that a row says again: beyond that a table of n columns, each one cell, beside
n rows would become n times n cells."""

_TITLES = 2
"""Rows across all columns that may stand above the names of the columns."""

_FEWEST_NAMES = 3
"""Names of columns at least below a row of labels and values."""


@dataclass
class _Above:
    """What the rows read so far say of the next one."""

    names: list[str]
    """The names of the columns."""
    known: frozenset[str]
    section: tuple[str, ...] = ()
    """The row across all columns that heads the next rows."""
    unsure: tuple[str, ...] = ()
    lead: Cell | None = None
    """The last label at the left, which an empty cell under it repeats."""
    pending: Cell | None = None
    """A row across all columns under which no row was read yet."""


def add_rows(builder: Builder, table: TableBlock, path: tuple[str, ...]) -> None:
    """Add a passage for each row of `table` under `path`.

    A short cell over several rows belongs to each of them: it stands in the text and the cells of
    each, and counts once in the ledger. A row across all columns heads the rows below it: it stands
    in their path.
    """
    grid = view(table)
    compared = find_comparison(grid)
    if compared is not None:
        add_comparison(builder, table, compared, path)
        return
    top = title_rows(grid)
    heads = header_rows(grid, top)
    for row in range(top):
        title = grid.starting(row)[0]
        builder.add_label(title)
        path = (*path, label_text(title))
    names = _names(grid, top, heads)
    if heads:
        add_heads(builder, [c for row in range(top, top + heads) for c in grid.starting(row)], path)
    guessed = () if all(names) or heads else ("a table without a header",)
    lone = lone_rows(grid, top + heads)
    above = _Above(names, frozenset(names))
    for row in range(top + heads, table.rows):
        cells = [cell for cell in grid.starting(row) if cell.filled]
        if pairs_over_names(grid, row):
            _add_pairs(builder, cells, (*path, *_section(builder, above)))
            above.names = [_name_at(grid, row + 1, column) for column in range(table.columns)]
            above.known, above.lead = frozenset(above.names), None
            continue
        if heads and _is_new_header(cells, above.known):
            above.names = [_name_at(grid, row, column) for column in range(table.columns)]
            above.known = frozenset(above.names)
        across = len(cells) == 1 and cells[0].colspan == table.columns > 1
        if (across and _heads_below(grid, row)) or row in lone:
            if above.pending is not None:
                _add_line(builder, above.pending, path)
            above.section, above.pending = (label_text(cells[0]),), cells[0]
            above.unsure = () if across else ("a heading told by the empty cells beside it",)
        else:
            _add_row(builder, grid, row, path, above, guessed)
    if above.pending is not None:
        # The rows below it are empty.
        _add_line(builder, above.pending, path)


def _section(builder: Builder, above: _Above) -> tuple[str, ...]:
    """Give the row across all columns that heads the next rows; its words are taken."""
    if above.pending is not None:
        builder.add_label(above.pending)
        above.pending = None
    return above.section


def _add_pairs(builder: Builder, cells: Sequence[Cell], path: tuple[str, ...]) -> None:
    """Add a row of labels and values: each value is a cell under its label."""
    builder.use(*cells)
    pairs = zip(cells[::2], cells[1::2], strict=True)
    builder.add_passage(
        "row", SEPARATOR.join(cell.text for cell in cells), cell_lines(cells), path,
        cells=tuple(ColumnText(label_text(label), value.text) for label, value in pairs),
    )  # fmt: skip


def _add_row(
    builder: Builder, grid: TableView, row: int, path: tuple[str, ...], above: _Above,
    guessed: tuple[str, ...],
) -> None:  # fmt: skip
    """Add the passage of a row of data; none where all that it says is a label of rows below."""
    own = [cell for cell in grid.starting(row) if cell.filled]
    merged = [cell for cell in grid.covering(row) if cell.row < row and _is_merged(cell)]
    if not own or all(_is_merged(cell) and _goes_on(grid, cell, row) for cell in own):
        # Labels alone stand in the rows that follow.
        return
    first = grid.cell(row, 0)
    shown = sorted((*own, *merged[:_MOST_MERGED]), key=lambda cell: cell.column)
    taken: tuple[str, ...] = ()
    if first is not None and first.text:
        above.lead = first if grid.of(first, _names_column) else None
    elif above.lead is not None and not merged:
        # An empty cell at the left says: as above.
        shown = [above.lead, *shown]
        taken = ("the label of a row above, as its own cell is empty",)
    if above.pending is not None:
        builder.add_label(above.pending)
        above.pending = None
    builder.use(*shown)
    builder.add_passage(
        "row",
        SEPARATOR.join(cell.text for cell in shown),
        cell_lines(own),
        (*path, *above.section),
        cells=tuple(ColumnText(above.names[cell.column], cell.text) for cell in shown),
        guessed=(*guessed, *above.unsure, *taken),
        printed=[(id(cell), cell.text) for cell in shown],
    )


def _add_line(builder: Builder, cell: Cell, path: tuple[str, ...]) -> None:
    """Add a row across all columns that heads nothing: another such row follows it."""
    builder.use(cell)
    cells = (ColumnText("", cell.text),)
    builder.add_passage("row", cell.text, cell_lines([cell]), path, cells=cells)


def title_rows(grid: TableView) -> int:
    """Give how many rows across all columns stand above those that name the columns, 0 to 2."""
    rows = 0
    while rows < min(_TITLES, grid.table.rows - 1) and _is_across(grid, rows):
        rows += 1
    return rows if rows and header_rows(grid, rows) else 0


def _is_across(grid: TableView, row: int) -> bool:
    cells = grid.starting(row)
    return (
        len(cells) == 1
        and cells[0].colspan == grid.table.columns > 1
        and cells[0].rowspan == 1
        and bool(cells[0].filled)
        and _heads_below(grid, row)
    )


def header_rows(grid: TableView, start: int = 0) -> int:
    """Give how many rows from `start` on name the columns: marked so, or words, no figures."""
    table = grid.table
    marked = start
    while (
        marked < table.rows
        and all(cell.header for cell in grid.starting(marked))
        and grid.starting(marked)
    ):
        marked += 1
    if marked > start:
        return min(marked, table.rows - 1) - start
    if table.rows < start + 2 or table.columns < 2:
        return 0
    first = grid.starting(start)
    years = _years(grid, first, start)
    named = [cell for cell in first if cell in years or _names_column(cell)]
    empty = [cell for cell in first if not cell.text]
    # One column may lack a name, as the labels at the left often do.
    if len(named) < 2 or len(named) + min(len(empty), 1) < len(first):
        return 0
    depth = max(head_depth(grid, start), max(cell.rowspan for cell in first))
    return depth if start + depth < table.rows and depth <= 3 else 0


def pairs_over_names(grid: TableView, row: int) -> bool:
    """Tell whether a row holds labels and values, and the row below it names the columns.

    Registers print several tables without a gap: a title across all columns, 記号 | 第12号 | 調製 |
    平成23年7月4日, then the names of the columns, then rows with figures. The rules of both rows
    stand apart, no name has a digit, and each value has one.
    """
    if row + 2 >= grid.table.rows:
        return False
    own, below = grid.starting(row), grid.starting(row + 1)
    if len(own) % 2 or len(below) < _FEWEST_NAMES or not _has_digit(grid.starting(row + 2)):
        return False
    edges = [(cell.column, cell.colspan) for cell in own]
    if edges == [(cell.column, cell.colspan) for cell in below]:
        return False
    return (
        all(_is_name(cell) for cell in (*own[::2], *below))
        and all(cell.rowspan == 1 for cell in (*own, *below))
        and all(_has_digit([cell]) for cell in own[1::2])
    )


def _is_name(cell: Cell) -> bool:
    return _names_column(cell) and not _has_digit([cell])


def _has_digit(cells: Sequence[Cell]) -> bool:
    return any(char.isdigit() for cell in cells for char in cell.text)


def _years(grid: TableView, first: Sequence[Cell], start: int) -> list[Cell]:
    """Give the cells that name columns by a year, as 2019 | 2020 | 2021 do.

    Alone, 2019 may be a quantity; years follow each other, and what stands under them is none.
    """
    found = [(cell, year) for cell in first if (year := parse_year(label_text(cell))) is not None]
    steps = {after - before for (_, before), (_, after) in pairwise(found)}
    if len(steps) > 1 or not all(0 < abs(step) <= 10 for step in steps):
        return []
    if len(found) < 2 and not all("年" in cell.text for cell, _ in found):
        return []
    rows = range(start + 1, grid.table.rows)
    below = [grid.cell(row, cell.column) for row in rows for cell, _ in found]
    if all(parse_year(label_text(cell)) is not None for cell in below if cell and cell.text):
        return []
    return [cell for cell, _ in found]


def _names_column(cell: Cell) -> bool:
    text = label_text(cell)
    digits = sum(char.isdigit() for char in text)
    return 0 < len(text) <= 40 and not ends_sentence(text) and digits * 3 <= len(text)


def _names(grid: TableView, top: int, heads: int) -> list[str]:
    names = []
    for column in range(grid.table.columns):
        words: list[str] = []
        seen: set[int] = set()
        for row in range(top, top + heads):
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


def _is_merged(cell: Cell) -> bool:
    """Tell whether a cell over several rows says something of each of them."""
    return cell.rowspan > 1 and bool(cell.filled) and len(cell.text) <= _MERGED


def _heads_below(grid: TableView, row: int) -> bool:
    cell = grid.starting(row)[0]
    return len(cell.text) <= 80 and not ends_sentence(cell.text) and row + 1 < grid.table.rows
