"""Tables of labels and values of web pages (`<th scope=row>`, `<dl>`): a field for each value.

Marked as heads are the labels at the left and nothing else; a table with heads of columns is one of
rows.
"""

from collections.abc import Sequence

from shisaku.ingest.model import Cell, Line, TableBlock
from shisaku.ingest.structure.builder import Builder
from shisaku.ingest.structure.tables.grid import cell_lines, label_text, view
from shisaku.ingest.text.joining import ends_sentence

_PAIRS = 2
"""Pairs of label and value at most in a row."""

_PARAGRAPH = 40
"""Characters of a sentence that is a paragraph of text; a shorter one is part of a value."""


def is_key_values(table: TableBlock) -> bool:
    """Tell whether each row of a table is a label and a value, or two such pairs."""
    if not any(cell.header for cell in table.cells):
        return False
    grid = view(table)
    rows = [grid.starting(row) for row in range(table.rows)]
    rows = [cells for cells in rows if any(cell.filled for cell in cells)]
    return bool(rows) and all(_is_row(cells) for cells in rows)


def _is_row(cells: Sequence[Cell]) -> bool:
    if len(cells) % 2 or not 0 < len(cells) <= 2 * _PAIRS:
        return False
    return all(cell.header == (at % 2 == 0) for at, cell in enumerate(cells))


def add_key_values(builder: Builder, table: TableBlock, path: tuple[str, ...]) -> None:
    """Add a field for each value, under its label."""
    grid = view(table)
    for row in range(table.rows):
        cells = grid.starting(row)
        for label, value in zip(cells[::2], cells[1::2], strict=False):
            if not label.filled or not value.filled:
                continue
            builder.add_label(label)
            builder.use(value)
            for text, lines in _paragraphs(value):
                builder.add_passage("field", text, lines, (*path, label_text(label)))


def _paragraphs(value: Cell) -> list[tuple[str, tuple[Line, ...]]]:
    """Give the paragraphs of running text in a value apart, any other value whole."""
    blocks = value.blocks
    if all(len(block.text) >= _PARAGRAPH and ends_sentence(block.text) for block in blocks):
        return [(block.text, block.lines) for block in blocks]
    return [(value.text, tuple(cell_lines([value])))]
