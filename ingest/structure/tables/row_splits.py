"""Rows that no rule parts: a table of columns alone is one row as tall as the page.

Where white runs across all columns, and each piece between begins with a cell at the left, the
pieces are rows. In a comparison of old and new wording the items are rows: no white need part them.
Trap: in other tables a row holds paragraphs in several cells that begin at one height by chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from msgspec.structs import replace

from shisaku.ingest.model import Cell, Line, TableBlock, TextBlock
from shisaku.ingest.structure.tables.comparison import find_comparison, side_of
from shisaku.ingest.structure.tables.grid import TableView, view
from shisaku.ingest.structure.tables.table_rows import header_rows, title_rows
from shisaku.ingest.text.fold import fold
from shisaku.ingest.text.joining import join_texts

_ALIKE = 3
"""Characters by which two items are the same: a number and its first letters."""

_MIRRORED = 4
"""Items that two columns share at least where they are taken for two wordings of one text."""

Place = tuple[int, float]
"""A page and points from its top."""

_WIDER = 0.35
"""By how many em the white between rows is wider than that between lines of one cell."""

_APART = 0.9
"""Em between lines that are all one row each: text is set with half an em to 0.8."""

_LEVEL = 0.6
"""Em by which lines of one row may differ in height."""


@dataclass(frozen=True)
class _Level:
    """What stands at one height: from `start` to `end`, in which columns."""

    start: Place
    end: Place
    columns: frozenset[int]
    size: float


def split_rows(table: TableBlock) -> TableBlock:
    """Give `table` with rows that no rule parts as rows of their own; others stay as they are."""
    if table.columns < 2 or table.box.x1 <= 0:
        return table
    grid = view(table)
    comparison = find_comparison(grid)
    if comparison is None and (head := _inner_head(grid)) is not None:
        table = _cut(grid, {0: [head]})
        grid = view(table)
        comparison = find_comparison(grid)
    if comparison is not None:
        start = comparison.head + 1
    else:
        top = title_rows(grid)
        start = top + header_rows(grid, top)
        if table.rows - start > _pages(table):
            return table
    cuts: dict[int, list[Place]] = {}
    for row in range(start, table.rows):
        cells = grid.covering(row)
        if any(cell.rowspan > 1 for cell in cells) or sum(cell.filled for cell in cells) < 1:
            continue
        by_item = comparison is not None or _is_mirrored(cells)
        places = _items(cells) if by_item else _bands(cells)
        if places:
            cuts[row] = places
    return _cut(grid, cuts) if cuts else table


def _pages(table: TableBlock) -> int:
    pages = {line.box.page for cell in table.cells for block in cell.blocks for line in block.lines}
    return len(pages)


def _start(line: Line) -> Place:
    return (line.box.page, line.box.top)


def _items(cells: Sequence[Cell]) -> list[Place]:
    """Give where the items of a comparison begin, the first apart.

    A place is one where a paragraph begins and none of another column goes on across it.
    """
    blocks = [block for cell in cells for block in cell.blocks if block.lines]
    starts = sorted({_start(block.lines[0]) for block in blocks})
    if len(starts) < 2:
        return []
    em = max(blocks[0].size, 1.0)
    spans = sorted((_start(block.lines[0]), _start(block.lines[-1])) for block in blocks)
    places: list[Place] = []
    at, reach = 0, (0, 0.0)
    last = starts[0]
    for page, top in starts[1:]:
        # What begins above here by more than a line's unevenness, and how far down it goes.
        while at < len(spans) and spans[at][0] < (page, top - _LEVEL * em):
            reach = max(reach, spans[at][1])
            at += 1
        near = page == last[0] and top - last[1] <= _LEVEL * em
        if not near and reach < (page, top - _LEVEL * em):
            places.append((page, top - _LEVEL * em))
        last = (page, top)
    return places


def _inner_head(grid: TableView) -> Place | None:
    """Give where the text begins under the names of a comparison's columns, in a row with them."""
    if grid.table.rows > 2:
        return None
    firsts = [cell.blocks[0] for cell in grid.starting(0) if cell.blocks and cell.rowspan == 1]
    firsts = [block for block in firsts if block.lines]
    if {side_of(block.text) for block in firsts} & {"new", "old"} != {"new", "old"}:
        return None
    top = min(_start(block.lines[0]) for block in firsts)
    head = [block for block in firsts if _start(block.lines[0]) < (top[0], top[1] + block.size)]
    end = max(block.lines[-1].box.bottom for block in head)
    return (top[0], end - 0.1 * head[0].size)


def _is_mirrored(cells: Sequence[Cell]) -> bool:
    """Tell whether two columns say nearly the same: a comparison whose head is on another page."""
    if len(cells) != 2 or not all(cell.filled for cell in cells):
        return False
    left, right = (
        {_start(block.lines[0]): block.text for block in cell.blocks if block.lines}
        for cell in cells
    )
    same = sum(
        fold(right[place])[:_ALIKE] == fold(text)[:_ALIKE]
        for place, text in left.items()
        if place in right
    )
    return same >= _MIRRORED and same >= 0.6 * max(len(left), len(right))


def _bands(cells: Sequence[Cell]) -> list[Place]:
    """Give where rows begin that white across all columns parts, the first row apart."""
    if sum(cell.filled for cell in cells) < 2:
        return []
    levels = _levels(cells)
    if len(levels) < 2:
        return []
    first = min(cell.column for cell in cells if cell.filled)
    gaps = [
        (after.start[1] - before.end[1]) / max(after.size, 1.0)
        for before, after in pairwise(levels)
        if before.start[0] == after.start[0]
    ]
    if not gaps:
        return []
    least = min(gaps)
    uniform = max(gaps) <= least + _WIDER
    if uniform and not (
        least >= _APART and all(first in level.columns and len(level.columns) > 1
                                for level in levels)
    ):  # fmt: skip
        return []
    found: list[_Level] = []
    for before, after in pairwise(levels):
        gap = (after.start[1] - before.end[1]) / max(after.size, 1.0)
        wide = before.start[0] != after.start[0] or uniform or gap > least + _WIDER
        if wide and first in after.columns:
            found.append(after)
    begins = [levels[0], *found]
    whole = sum(len(level.columns) > 1 for level in begins)
    if not found or first not in levels[0].columns or whole * 3 < 2 * len(begins):
        return []
    return [(level.start[0], level.start[1] - 0.1) for level in found]


def _levels(cells: Sequence[Cell]) -> list[_Level]:
    lines = sorted(
        (
            (*_start(line), cell.column, line)
            for cell in cells
            for block in cell.blocks
            for line in block.lines
        ),
        key=lambda entry: entry[:3],
    )
    levels: list[_Level] = []
    for page, top, column, line in lines:
        last = levels[-1] if levels else None
        if last is not None and last.start[0] == page and top < last.end[1] - 0.2 * line.size:
            levels[-1] = _Level(
                last.start, max(last.end, (page, line.box.bottom)), last.columns | {column},
                max(last.size, line.size),
            )  # fmt: skip
        else:
            end = (page, line.box.bottom)
            levels.append(_Level((page, top), end, frozenset({column}), line.size))
    return levels


def _cut(grid: TableView, cuts: dict[int, list[Place]]) -> TableBlock:
    """Give the table with the rows in `cuts` parted at the places given for each."""
    table = grid.table
    moved: list[int] = []
    count = 0
    for row in range(table.rows + 1):
        moved.append(count)
        count += 1 + len(cuts.get(row, ()))
    cells: list[Cell] = []
    for cell in table.cells:
        start = moved[cell.row]
        places = cuts.get(cell.row)
        if places is None or cell.rowspan > 1:
            span = moved[min(cell.row + cell.rowspan, table.rows)] - start
            cells.append(replace(cell, row=start, rowspan=max(span, 1)))
            continue
        for at, blocks in enumerate(_parts(cell.blocks, places)):
            cells.append(
                replace(
                    cell, row=start + at, blocks=blocks,
                    open_top=cell.open_top if at == 0 else False,
                    open_bottom=cell.open_bottom if at == len(places) else False,
                )
            )  # fmt: skip
    return replace(table, cells=tuple(cells), rows=moved[table.rows])


def _parts(blocks: Sequence[TextBlock], places: Sequence[Place]) -> list[tuple[TextBlock, ...]]:
    """Give the paragraphs of a cell by the row to which they belong; one across is parted."""
    parts: list[list[TextBlock]] = [[] for _ in range(len(places) + 1)]
    at = 0
    for block in blocks:
        run: list[Line] = []
        for line in block.lines:
            while at < len(places) and _start(line) >= places[at]:
                if run:
                    parts[at].append(_piece(block, run))
                    run = []
                at += 1
            run.append(line)
        parts[at].append(block if len(run) == len(block.lines) else _piece(block, run))
    return [tuple(part) for part in parts]


def _piece(block: TextBlock, lines: Sequence[Line]) -> TextBlock:
    return replace(block, text=join_texts(line.text for line in lines), lines=tuple(lines))
