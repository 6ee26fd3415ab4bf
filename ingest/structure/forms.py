"""Forms (evaluation sheets): label and value cells become fields with their labels as path.

Rows are read as they are set: label, value; label, value, label, value; a label over several rows
with labels of its own (PLAN, DO); a row of heads over a row of values.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.model import Cell, TableBlock
from ingest.structure.builder import Builder
from ingest.structure.grid import TableView, label_text, view
from ingest.text.joining import ends_sentence

_LABEL = 45
"""Characters up to which a cell can be a label."""


@dataclass(frozen=True)
class Field:
    """A value cell under its labels, outermost first."""

    labels: tuple[str, ...]
    value: Cell


def is_form(table: TableBlock) -> bool:
    """Tell whether a table is a form: labels at the left, rows cut in different ways."""
    if table.columns < 2 or any(cell.header for cell in table.cells):
        return False
    grid = view(table)
    rows = [grid.starting(row) for row in range(table.rows)]
    rows = [cells for cells in rows if any(cell.text for cell in cells)]
    if not rows:
        return False
    lead = [cells[0] for cells in rows if cells[0].column == 0]
    labels = [cell for cell in lead if _is_label(cell) or not cell.text]
    if len(labels) < 0.8 * len(lead) or not any(cell.text for cell in labels):
        return False
    cuts = {tuple((cell.column, cell.colspan) for cell in cells) for cells in rows}
    if table.columns == 2:
        return len(rows) >= 2 and _values_are_longer(rows)
    return len(cuts) >= 3 or (len(cuts) == 2 and len(rows) <= 4)


def _values_are_longer(rows: Sequence[Sequence[Cell]]) -> bool:
    pairs = [(cells[0], cells[-1]) for cells in rows if len(cells) == 2]
    longer = [value for label, value in pairs if len(value.text) > len(label.text)]
    return len(longer) >= 0.6 * max(len(pairs), 1) and any(len(v.text) > 30 for v in longer)


def _is_label(cell: Cell) -> bool:
    text = label_text(cell)
    return 0 < len(text) <= _LABEL and not ends_sentence(text)


def add_form(builder: Builder, table: TableBlock, path: tuple[str, ...]) -> None:
    """Add a passage for each paragraph of each field; its labels follow `path`."""
    for field in read_fields(table):
        for block in field.value.blocks:
            builder.add_passage("field", block.text, block.lines, (*path, *field.labels))


def read_fields(table: TableBlock) -> Iterator[Field]:
    """Yield the fields of a form, row by row."""
    grid = view(table)
    row = 0
    while row < table.rows:
        lead = grid.cell(row, 0)
        end = row + 1
        if lead is not None and lead.row == row and lead.rowspan > 1 and _is_label(lead):
            end = min(row + lead.rowspan, table.rows)
            yield from _read_rows(grid, row, end, (label_text(lead),), lead)
        else:
            # A second row without a label of its own belongs to the first (heads, then values).
            while end < table.rows and _lacks_label(grid, end) and lead is not None and lead.text:
                end += 1
            yield from _read_rows(grid, row, end, (), None)
        row = end


def _lacks_label(grid: TableView, row: int) -> bool:
    cells = grid.starting(row)
    first = grid.cell(row, 0)
    return (first is None or not first.text) and any(cell.text for cell in cells)


def _read_rows(
    grid: TableView, start: int, end: int, labels: tuple[str, ...], lead: Cell | None
) -> Iterator[Field]:
    row = start
    while row < end:
        cells = [cell for cell in grid.starting(row) if cell is not lead]
        above = labels
        if row > start and not labels:
            first = grid.cell(start, 0)
            above = (label_text(first),) if first is not None and first.text else ()
        filled = [cell for cell in cells if cell.text]
        if row + 1 < end and (heads := _heads(grid, row, cells, lead)):
            own = tuple(label_text(cell) for cell in filled[: len(filled) - len(heads)])
            for head, value in heads:
                yield Field((*above, *own, label_text(head)), value)
            row += 2
            continue
        yield from _pairs(filled, above)
        row += 1


def _heads(
    grid: TableView, row: int, cells: Sequence[Cell], lead: Cell | None
) -> list[tuple[Cell, Cell]]:
    """Give the heads of `row` with the values that stand under them in the next row."""
    below = {
        (cell.column, cell.colspan): cell
        for cell in grid.starting(row + 1)
        if cell is not lead and cell.text
    }
    heads = [
        (cell, below[cell.column, cell.colspan])
        for cell in cells
        if cell.text and (cell.column, cell.colspan) in below
    ]
    shorter = sum(len(value.text) <= len(head.text) for head, value in heads)
    if not all(_is_label(head) for head, _ in heads):
        return []
    if len(heads) >= 2 and len(heads) == len(below) and shorter * 2 >= len(heads):
        return heads
    return []


def _pairs(cells: Sequence[Cell], labels: tuple[str, ...]) -> Iterator[Field]:
    if not cells:
        return
    if len(cells) == 1:
        yield Field(labels, cells[0])
    elif len(cells) % 2 == 0:
        for label, value in zip(cells[::2], cells[1::2], strict=True):
            yield Field((*labels, label_text(label)), value)
    else:
        # An odd cell leads: it is a label over labels (5 PDCA | PLAN | …).
        yield from _pairs(cells[1:], (*labels, label_text(cells[0])))
