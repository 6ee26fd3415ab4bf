"""What stands on the first page of a document before its text, piece by piece.

A piece is a paragraph of the flow or a cell of a table: titles often stand in a box, and a page in
a frame is read as a table. The trap: a table of data has cells that look like titles as well, so
only its first rows count, and of those only rows of few cells.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shisaku.ingest.model import Block, Box, Cell, TableBlock, TextBlock
from shisaku.ingest.structure.identity.words import words
from shisaku.ingest.structure.meetings import is_agenda
from shisaku.ingest.text.fold import fold
from shisaku.ingest.text.joining import ends_sentence

MOST_PIECES = 24
"""Pieces at most that can belong to a cover or head."""

SENTENCE = 60
"""Characters beyond which a sentence is a paragraph of the text, which ends the head."""

_ROWS, _ROW_CELLS = 3, 3
"""Rows of a table that are read, and cells that such a row may hold: a box of a title with number
and office beside it has three."""


@dataclass(frozen=True)
class Piece:
    """A paragraph of the first page; `at` is the position of its block in the flow."""

    text: str
    block: TextBlock
    at: int
    boxed: bool = False
    """Whether it stands in a cell of the table at `at`."""
    over_data: bool = False
    """Whether that is the first row of a table of data, or of a page in a frame."""
    width: float = 0.0
    """Width of its page in points, 0 where unknown."""

    @property
    def size(self) -> float:
        """Font size in points, 0 where unknown."""
        return self.block.size

    @property
    def box(self) -> Box:
        """The box of its first line."""
        return self.block.lines[0].box

    @property
    def centered(self) -> bool:
        """Whether it stands in the middle of its page, or of its column as the reader found it."""
        x0, x1 = self._sides()
        off = abs((x0 + x1) / 2 - self.width / 2)
        return self.block.centered or (
            off <= _OFF_CENTRE * self.width and 0 < x1 - x0 <= _NARROW * self.width
        )

    @property
    def at_right(self) -> bool:
        """Whether it is set at the right edge, as number, date and office of a letter are."""
        x0, x1 = self._sides()
        return x0 > _RIGHT_HALF * self.width and x1 > _NARROW * self.width > 0

    def _sides(self) -> tuple[float, float]:
        boxes = [line.box for line in self.block.lines]
        return min(box.x0 for box in boxes), max(box.x1 for box in boxes)


_OFF_CENTRE, _NARROW, _RIGHT_HALF = 0.03, 0.8, 0.55
"""Shares of the page's width: how far the middle of a centred line may be off, how wide it may be
(a full line of prose is centred too), where a line that is set at the right edge begins."""


def head_pieces(flow: Sequence[Block], width: float) -> list[Piece]:
    """Give the pieces before the first paragraph or chart of the text, in reading order.

    `width` is that of the first page in points.
    """
    found: list[Piece] = []
    for at, block in enumerate(flow[:MOST_PIECES]):
        if page_of(block) > 1:
            break
        if isinstance(block, TableBlock):
            whole = _is_box(block)
            found += _of_table(block, at, _ROWS if whole else 1, width)
            if not whole:
                break  # A table of data, or a frame around the text: the head ends in it.
            continue
        if _is_paragraph(block.text) or is_caption(block.text):
            break
        found.append(Piece(block.text, block, at, width=width))
    return found[:MOST_PIECES]


def cover_of(flow: Sequence[Block]) -> list[int]:
    """Give the positions of the blocks before the first paragraph, table or agenda."""
    places: list[int] = []
    for at, block in enumerate(flow[:MOST_PIECES]):
        if isinstance(block, TableBlock) or block.page > 1 or _is_paragraph(block.text):
            break
        if is_agenda(flow, at):
            break
        places.append(at)
    return places


def page_of(block: Block) -> int:
    """Give the page on which a block begins."""
    return block.page if isinstance(block, TextBlock) else block.box.page


def is_caption(text: str) -> bool:
    """Tell whether a line names a figure or table: what follows it is no head of a document.

    資料１ is none: council papers are numbered so at the top of their first page.
    """
    return bool(words("title", "caption").match(fold(text)))


def _is_paragraph(text: str) -> bool:
    return ends_sentence(text) and len(text) > SENTENCE


def _is_box(table: TableBlock) -> bool:
    """Tell whether a table is no more than a box of a title, of an office, of a number."""
    filled = [cell for cell in table.cells if cell.filled]
    return (
        max((cell.row for cell in filled), default=0) < _ROWS
        and all(len(row) <= _ROW_CELLS for row in _rows(filled))
        and not any(_is_paragraph(block.text) for cell in filled for block in cell.blocks)
    )


def _rows(cells: Sequence[Cell]) -> list[list[Cell]]:
    rows: dict[int, list[Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    return list(rows.values())


def _of_table(table: TableBlock, at: int, most: int, width: float) -> Iterator[Piece]:
    """Yield the pieces of the first `most` rows, unless they head the columns of data."""
    filled = [cell for cell in table.cells if cell.filled]
    widest = max(map(len, _rows(filled)), default=0)
    for row in _rows([cell for cell in filled if cell.row < most]):
        if widest > _ROW_CELLS and row[0].colspan < table.columns:
            return
        for cell in row:
            for block in cell.blocks:
                if block.text.strip() and block.lines and not _is_paragraph(block.text):
                    yield Piece(
                        block.text, block, at, boxed=True, over_data=most < _ROWS, width=width
                    )
