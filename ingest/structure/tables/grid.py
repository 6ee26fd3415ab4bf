"""Looking things up in a table: which cell covers a place, whole rows, a cell's text and lines."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from shisaku.ingest.model import Cell, Line, TableBlock
from shisaku.ingest.text.joining import join_texts

_Read = TypeVar("_Read")
_NOTHING: dict[int, Cell] = {}


@dataclass(frozen=True)
class TableView:
    """A table with its cells by place; `rows` and `columns` as in the table.

    Rows are kept as lists of the cells that cover them: a table of n columns may have n rows of one
    cell each, and looking at each column of each row takes the square.
    """

    table: TableBlock
    places: dict[int, dict[int, Cell]]
    """By row, then by column: tuples of both as keys of one table take twice the time."""
    by_row: dict[int, list[Cell]]
    """The cells that cover a row, from left to right, each once."""
    _known: dict[tuple[int, Callable[[Cell], Any]], Any] = field(default_factory=dict)

    def cell(self, row: int, column: int) -> Cell | None:
        """Give the cell that covers a place, None where nothing does."""
        return self.places.get(row, _NOTHING).get(column)

    def starting(self, row: int) -> list[Cell]:
        """Give the cells that start in `row`, from left to right."""
        return [cell for cell in self.by_row.get(row, ()) if cell.row == row]

    def covering(self, row: int) -> list[Cell]:
        """Give the cells that cover `row`, from left to right."""
        return list(self.by_row.get(row, ()))

    def of(self, cell: Cell, read: Callable[[Cell], _Read]) -> _Read:
        """Give `read(cell)`, worked out once: a long cell that spans n rows is asked n times."""
        key = (id(cell), read)
        if key not in self._known:
            self._known[key] = read(cell)
        return cast("_Read", self._known[key])


def view(table: TableBlock) -> TableView:
    """Give the view of a table; where cells overlap, the first one keeps the place."""
    places: dict[int, dict[int, Cell]] = {}
    for cell in table.cells:
        columns = range(cell.column, min(cell.column + cell.colspan, table.columns))
        for row in range(cell.row, min(cell.row + cell.rowspan, table.rows)):
            here = places.setdefault(row, {})
            for column in columns:
                here.setdefault(column, cell)
    by_row = {
        row: [*{id(here[column]): here[column] for column in sorted(here)}.values()]
        for row, here in sorted(places.items())
    }
    return TableView(table, places, by_row)


def label_text(cell: Cell) -> str:
    """Give a label's words on one line: its lines were broken for want of room."""
    return join_texts(piece.strip() for block in cell.blocks for piece in block.text.split("\n"))


def cell_lines(cells: Sequence[Cell]) -> Iterator[Line]:
    """Yield the lines of `cells`."""
    for cell in cells:
        for block in cell.blocks:
            yield from block.lines
