"""Looking things up in a table: which cell covers a place, whole rows, a cell's text and lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.model import Cell, Line, TableBlock
from ingest.text.joining import join_text


@dataclass(frozen=True)
class TableView:
    """A table with its cells by place; `rows` and `columns` as in the table."""

    table: TableBlock
    places: dict[tuple[int, int], Cell]

    def cell(self, row: int, column: int) -> Cell | None:
        """Give the cell that covers a place, None where nothing does."""
        return self.places.get((row, column))

    def starting(self, row: int) -> list[Cell]:
        """Give the cells that start in `row`, from left to right."""
        found = {
            id(cell): cell
            for column in range(self.table.columns)
            if (cell := self.places.get((row, column))) is not None and cell.row == row
        }
        return list(found.values())

    def covering(self, row: int) -> list[Cell]:
        """Give the cells that cover `row`, from left to right."""
        found = {
            id(cell): cell
            for column in range(self.table.columns)
            if (cell := self.places.get((row, column))) is not None
        }
        return list(found.values())


def view(table: TableBlock) -> TableView:
    """Give the view of a table; where cells overlap, the first one keeps the place."""
    places: dict[tuple[int, int], Cell] = {}
    for cell in table.cells:
        for row in range(cell.row, min(cell.row + cell.rowspan, table.rows)):
            for column in range(cell.column, min(cell.column + cell.colspan, table.columns)):
                places.setdefault((row, column), cell)
    return TableView(table, places)


def label_text(cell: Cell) -> str:
    """Give a label's words on one line: its lines were broken for want of room."""
    text = ""
    for block in cell.blocks:
        for piece in block.text.split("\n"):
            text = join_text(text, piece.strip())
    return text


def cell_lines(cells: Sequence[Cell]) -> Iterator[Line]:
    """Yield the lines of `cells`."""
    for cell in cells:
        for block in cell.blocks:
            yield from block.lines
