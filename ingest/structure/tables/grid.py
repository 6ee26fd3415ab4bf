"""Looking things up in a table: which cell covers a place, whole rows, a cell's text and lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from shisaku.ingest.model import Cell, Line, TableBlock
from shisaku.ingest.registry.lists import MinistryList
from shisaku.ingest.text.joining import join_texts


@dataclass(frozen=True)
class TableView:
    """A table with its cells by place; `rows` and `columns` as in the table.

    Rows are kept as lists of the cells that cover them: a table of n columns may have n rows of one
    cell each, and looking at each column of each row takes the square.
    """

    table: TableBlock
    places: dict[tuple[int, int], Cell]
    by_row: dict[int, list[Cell]]
    """The cells that cover a row, from left to right, each once."""
    lists: dict[int, MinistryList | None] = field(default_factory=dict)
    """Ministries that a cell names, by its id: one that spans n rows is asked for n times."""

    def cell(self, row: int, column: int) -> Cell | None:
        """Give the cell that covers a place, None where nothing does."""
        return self.places.get((row, column))

    def starting(self, row: int) -> list[Cell]:
        """Give the cells that start in `row`, from left to right."""
        return [cell for cell in self.by_row.get(row, ()) if cell.row == row]

    def covering(self, row: int) -> list[Cell]:
        """Give the cells that cover `row`, from left to right."""
        return list(self.by_row.get(row, ()))


def view(table: TableBlock) -> TableView:
    """Give the view of a table; where cells overlap, the first one keeps the place."""
    places: dict[tuple[int, int], Cell] = {}
    for cell in table.cells:
        for row in range(cell.row, min(cell.row + cell.rowspan, table.rows)):
            for column in range(cell.column, min(cell.column + cell.colspan, table.columns)):
                places.setdefault((row, column), cell)
    by_row: dict[int, dict[int, Cell]] = {}
    for (row, _), cell in sorted(places.items(), key=lambda item: item[0]):
        by_row.setdefault(row, {}).setdefault(id(cell), cell)
    return TableView(table, places, {row: [*cells.values()] for row, cells in by_row.items()})


def label_text(cell: Cell) -> str:
    """Give a label's words on one line: its lines were broken for want of room."""
    return join_texts(piece.strip() for block in cell.blocks for piece in block.text.split("\n"))


def cell_lines(cells: Sequence[Cell]) -> Iterator[Line]:
    """Yield the lines of `cells`."""
    for cell in cells:
        for block in cell.blocks:
            yield from block.lines
