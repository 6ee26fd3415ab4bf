"""Links in cells: the line under a link that fills its cell looks like a rule of the table.

A spreadsheet underlines a URL from one side of its cell to the other; where the URL goes on in the
next line, the cell falls into two while all cells beside it are as tall as both.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from shisaku.ingest.model import Cell, TableBlock
from shisaku.ingest.text.joining import join_texts

_LINK = re.compile(r"(?:https?://|www\.)[!-~]*")
_REST = re.compile(r"(?!https?:|www\.)[!-~]+")
"""What a URL goes on with: visible ASCII."""

_BESIDE = 2
"""Cells at least that are as tall as both parts."""


def join_links(table: TableBlock) -> TableBlock:
    """Give `table` with the parts of a link that its own underline divides as one cell."""
    columns: dict[int, list[Cell]] = {}
    for cell in table.cells:
        columns.setdefault(cell.column, []).append(cell)
    pairs = [pair for cells in columns.values() for pair in _divided(cells)]
    if not pairs:
        return table
    spans: dict[tuple[int, int], int] = {}
    for cell in table.cells:
        rows = (cell.row, cell.row + cell.rowspan)
        spans[rows] = spans.get(rows, 0) + 1
    made = {id(cell): cell for cell in table.cells}
    for above, below in pairs:
        rows = (above.row, below.row + below.rowspan)
        if id(above) in made and spans.get(rows, 0) >= _BESIDE:
            made[id(above)] = _joined(above, below)
            del made[id(below)]
    return replace(table, cells=tuple(made.values()))


def _divided(cells: Sequence[Cell]) -> Iterator[tuple[Cell, Cell]]:
    """Yield the cells of a column, one right under the other, that hold the parts of a link."""
    taken = False
    for above, below in pairwise(sorted(cells, key=lambda cell: cell.row)):
        taken = (
            not taken
            and above.row + above.rowspan == below.row
            and above.colspan == below.colspan
            and bool(_LINK.fullmatch(above.text.strip()))
            and bool(_REST.fullmatch(below.text.strip()))
        )
        if taken:
            yield above, below


def _joined(above: Cell, below: Cell) -> Cell:
    blocks = (*above.blocks, *below.blocks)
    lines = tuple(line for block in blocks for line in block.lines)
    text = join_texts(line.text for line in lines)
    box = above.box and below.box and replace(above.box, bottom=below.box.bottom)
    return replace(
        above, blocks=(replace(blocks[0], text=text, lines=lines),),
        rowspan=above.rowspan + below.rowspan, box=box, open_bottom=below.open_bottom,
    )  # fmt: skip
