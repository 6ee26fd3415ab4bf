"""Comparisons of old and new wording (新旧対照表): which columns they have, what stands in them.

A comparison is often one row as tall as its pages: both columns repeat the text item by item, at
equal heights, and only the items tell which wording belongs to which.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from shisaku.ingest.model import Cell, ColumnText, TableBlock, TextBlock
from shisaku.ingest.structure.builder import Builder
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.structure.tables.grid import TableView, cell_lines, label_text, view
from shisaku.ingest.structure.tables.heads import SEPARATOR, add_heads
from shisaku.ingest.text.beside import table as toml
from shisaku.ingest.text.fold import fold
from shisaku.ingest.text.joining import ends_sentence

_BRACKETS = re.compile(r"^[（(【〔\[＜<「]+|[）)】〕\]＞>」]+$")
_HEADING = 60
"""Characters up to which an item heads those that are set further in."""

_FIRST_ROWS = 3
"""Rows at the top among which the names of the columns stand."""


_STRUCTURAL = frozenset({"annex", "part", "volume", "chapter", "section", "subsection", "division"})
"""Labels that say where in a law or notice what follows stands."""


@dataclass(frozen=True)
class Comparison:
    """The row that names the columns, and which columns hold the new and the old wording."""

    head: int
    new: int
    old: int


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    raw = toml(__file__, "comparison.toml")
    new, old = (re.compile("|".join(raw[side])) for side in ("new", "old"))
    return new, old


def find_comparison(grid: TableView) -> Comparison | None:
    """Give the columns of a table that sets new beside old wording, None for another table."""
    for row in range(min(_FIRST_ROWS, grid.table.rows)):
        found: dict[str, int] = {}
        for cell in grid.starting(row):
            if len(cell.blocks) > 2 or sum(len(block.text) for block in cell.blocks) > _HEADING:
                continue
            if side := side_of(label_text(cell)):
                found.setdefault(side, cell.column)
        if len(found) == 2:
            return Comparison(row, found["new"], found["old"])
    return None


def side_of(name: str) -> str:
    """Give the side of a comparison that a column headed so holds: "new", "old", "" for none."""
    new, old = _patterns()
    name = _BRACKETS.sub("", fold(name))
    return "new" if new.fullmatch(name) else "old" if old.fullmatch(name) else ""


def add_comparison(
    builder: Builder, table: TableBlock, found: Comparison, path: tuple[str, ...]
) -> None:
    """Add a passage for each row of a comparison, its cells under the names of their columns.

    Numbered items of the new wording head what is set further in below them; the old wording stands
    in no path.
    """
    grid = view(table)
    for row in range(found.head):
        for cell in grid.starting(row):
            builder.use(cell)
            builder.add_passage("row", cell.text, cell_lines([cell]), path,
                                cells=(ColumnText("", cell.text),))  # fmt: skip
    heads = grid.starting(found.head)
    add_heads(builder, heads, path)
    names = {}
    for cell in heads:
        for column in range(cell.column, cell.column + cell.colspan):
            names[column] = label_text(cell)
    above = _Above()
    for row in range(found.head + 1, table.rows):
        cells = [cell for cell in grid.starting(row) if cell.filled]
        if not cells:
            continue
        leading = _leading(cells, found)
        if leading is not None:
            above.leave(leading)
        builder.use(*cells)
        builder.add_passage(
            "row",
            SEPARATOR.join(cell.text for cell in cells),
            cell_lines(cells),
            (*path, *above.path()),
            cells=tuple(ColumnText(names.get(cell.column, ""), cell.text) for cell in cells),
        )
        if leading is not None:
            above.enter(leading)


def _leading(cells: Sequence[Cell], found: Comparison) -> TextBlock | None:
    """Give the first paragraph of the new wording in a row."""
    blocks: Iterator[TextBlock] = (
        block for cell in cells if cell.column == found.new for block in cell.blocks
    )
    return next(blocks, None)


class _Above:
    """The items of the new wording above the present one.

    Chapters and sections are centred as often as not: the order in which their kinds first appear
    tells their ranks, other items stand under what is set further out.
    """

    def __init__(self) -> None:
        self._stack: list[tuple[TextBlock, int | None]] = []
        self._order: dict[str, int] = {}

    def path(self) -> tuple[str, ...]:
        return tuple(block.text for block, _ in self._stack)

    def leave(self, block: TextBlock) -> None:
        """Drop what `block` does not stand under."""
        rank = self._rank(block)
        while self._stack and not self._is_under(block, rank, *self._stack[-1]):
            self._stack.pop()

    def enter(self, block: TextBlock) -> None:
        """Let what follows stand under `block`, if it is a heading."""
        if _heads(block):
            self._stack.append((block, self._rank(block)))

    def _is_under(
        self, block: TextBlock, rank: int | None, heading: TextBlock, above: int | None
    ) -> bool:
        if rank is not None:
            return above is not None and rank > above
        return above is not None or _indent(block) > _indent(heading) + 0.5 * block.size

    def _rank(self, block: TextBlock) -> int | None:
        label = parse_label(block.text)
        if label is None or label.kind not in _STRUCTURAL:
            return None
        return self._order.setdefault(label.kind, len(self._order))


def _indent(block: TextBlock) -> float:
    return block.lines[0].box.x0


def _heads(block: TextBlock) -> bool:
    return (
        len(block.text) <= _HEADING
        and not ends_sentence(block.text)
        and parse_label(block.text) is not None
        and block.lines[0].box.x1 > 0
    )
