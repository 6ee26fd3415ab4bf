"""Puts glyphs into the cells of ruled grids and tells tables from frames and charts."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from shisaku.ingest.model import Box, Cell, TableBlock
from shisaku.ingest.pdf.glyphs.glyph import Glyph
from shisaku.ingest.pdf.layout.items import Frame
from shisaku.ingest.pdf.layout.lines import make_lines
from shisaku.ingest.pdf.layout.paragraphs import make_blocks
from shisaku.ingest.pdf.tables.boxes import Drawn, Fill, Pile, pile_of
from shisaku.ingest.pdf.tables.detached import join_detached, part_at_gaps
from shisaku.ingest.pdf.tables.grids import Grid, TooManyRulesError, find_grids
from shisaku.ingest.pdf.tables.overflow import overflowing
from shisaku.ingest.pdf.tables.ruling import Rect
from shisaku.ingest.pdf.tables.underlined import join_links

_SAME_RULE = 1.0
"""Points by which a column rule of a table may be off on the next page."""

_PANEL = 0.3
"""Part of a page's height from which a cell as wide as its table is a panel, not a row."""


@dataclass(frozen=True)
class TakenTables:
    """Tables and frames of a page, the glyphs outside them, whether the search was given up."""

    tables: tuple[TableBlock, ...]
    frames: tuple[Frame, ...]
    rest: tuple[Glyph, ...]
    too_dense: bool = False


def read_tables(
    glyphs: Sequence[Glyph],
    edges: Sequence[dict[str, Any]],
    page: int,
    width: float,
    height: float,
    fills: Sequence[Fill] = (),
    above: Sequence[float] = (),
) -> TakenTables:
    """Give the tables on a page: each glyph goes to one cell, one frame, or the rest.

    `fills` are the grounds that are filled without an outline, in the order of drawing; `above`
    the column rules of the last table of the page before.
    """
    try:
        grids = join_detached(find_grids(edges, width, height))
    except TooManyRulesError:
        return TakenTables((), (), tuple(glyphs), too_dense=True)
    drawn = Drawn(edges, fills)
    rest = list(glyphs)
    tables: list[TableBlock] = []
    frames: list[Frame] = []
    # Small grids first: a glyph in a table inside a frame belongs to the table.
    queue = sorted(grids, key=_area, reverse=True)
    while queue:
        grid = queue.pop()
        taken: list[TableBlock | Frame] = [*tables, *frames]
        if len(grid.cells) <= 2 and any(grid.holds(_rect(item.box)) for item in taken):
            # A frame around a table: what else it holds stands above and below that.
            continue
        inside, outside = _divide(rest, grid)
        parts = part_at_gaps(grid, inside.keys())
        if parts != [grid]:
            queue += parts
            continue
        panel = _panel(grid, height)
        if panel is not None:
            queue += panel
            continue
        pile = pile_of(grid, drawn)
        if grid.open_bottom and pile is None:
            outside = _take_overflow(inside, outside, grid)
        filled = {at for at, members in inside.items() if any(not g.blank for g in members)}
        if not filled:
            continue
        if pile is not None:
            found, rest = _boxes(grid, pile, inside, outside, taken, page)
            frames += found
        elif (len(filled) >= 2 and len(filled) >= 0.2 * len(grid.cells)) or (
            # One row may fill a whole page, with its labels on an earlier one.
            len(grid.xs) >= 3 and (grid.open_top or _goes_on(grid, above))
        ):
            tables.append(join_links(_table(grid, inside, page)))
            rest = outside
    return TakenTables(tuple(tables), tuple(frames), tuple(rest))


def _goes_on(grid: Grid, above: Sequence[float]) -> bool:
    """Tell whether a grid has the column rules of the last table of the page before."""
    return len(grid.xs) == len(above) and all(
        abs(x - edge) <= _SAME_RULE for x, edge in zip(grid.xs, above, strict=True)
    )


def _area(grid: Grid) -> float:
    x0, top, x1, bottom = grid.rect
    return (x1 - x0) * (bottom - top)


def _panel(grid: Grid, height: float) -> list[Grid] | None:
    """Give the rows above a panel as one grid and the panel as another, None where there is none.

    A cell as wide as the table, most of its height and as tall as a part of the page that no row
    is, holds text and figures of its own under a head.
    """
    last = grid.cells[-1]
    tall = last.rect[3] - last.rect[1]
    if (
        len(grid.cells) < 3
        or last.colspan < len(grid.xs) - 1
        or last.rowspan > 1
        or last.row != len(grid.ys) - 2
        or tall < _PANEL * height
        or tall < 0.6 * (grid.ys[-1] - grid.ys[0])
    ):
        return None
    head = replace(grid, cells=grid.cells[:-1], ys=grid.ys[:-1], open_bottom=False)
    panel = replace(last, row=0, column=0, colspan=1)
    edges = (grid.xs[0], grid.xs[-1])
    return [Grid((panel,), edges, grid.ys[-2:], False, grid.open_bottom), head]


def _boxes(
    grid: Grid,
    pile: Pile,
    inside: dict[int, list[Glyph]],
    outside: list[Glyph],
    taken: Sequence[TableBlock | Frame],
    page: int,
) -> tuple[list[Frame], list[Glyph]]:
    """Give the frames of a pile of boxes, and the glyphs that stand in none of them.

    A box around other boxes or tables is no frame: what else it holds stands above and below them.
    """
    frames: list[Frame] = []
    rest = list(outside)
    left = set(inside)
    for box in pile.boxes:
        rects = [grid.cells[at].rect for at in box]
        x0, top, x1, bottom = (
            min(rect[0] for rect in rects), rects[0][1],
            max(rect[2] for rect in rects), rects[-1][3],
        )  # fmt: skip
        around = any(
            x0 <= item.box.x0 + 1 and top <= item.box.top + 1
            and x1 >= item.box.x1 - 1 and bottom >= item.box.bottom - 1
            for item in taken
        )  # fmt: skip
        members = [glyph for at in box for glyph in inside.get(at, ())]
        if around or all(glyph.blank for glyph in members):
            continue
        left -= set(box)
        lines = tuple(make_lines(members, page))
        frames.append(Frame(lines, _box(page, (x0, top, x1, bottom))))
    for at in left:
        rest += inside[at]
    return frames, rest


def _rect(box: Box) -> tuple[float, float, float, float]:
    return (box.x0, box.top, box.x1, box.bottom)


def _box(page: int, rect: tuple[float, float, float, float]) -> Box:
    x0, top, x1, bottom = rect
    return Box(page, round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2))


def _divide(glyphs: Sequence[Glyph], grid: Grid) -> tuple[dict[int, list[Glyph]], list[Glyph]]:
    """Give the glyphs by number of the cell that holds their centre, and those outside.

    A text that runs over the rules of its cell stays whole (`overflow`).
    """
    inside: dict[int, list[Glyph]] = {}
    outside: list[Glyph] = []
    left, top, right, bottom = grid.rect
    by_row: dict[int, list[tuple[int, Rect]]] = {}
    for at, cell in enumerate(grid.cells):
        x0, y0, x1, y1 = cell.rect
        for row in range(cell.row, cell.row + cell.rowspan):
            by_row.setdefault(row, []).append((at, (x0 - 1, y0 - 1, x1 + 1, y1 + 1)))

    def place(glyph: Glyph) -> int | None:
        x, y = glyph.centre, glyph.middle
        if not (left <= x <= right and top <= y <= bottom):
            return None
        row = max(bisect_left(grid.ys, y) - 1, 0)
        for number, (x0, y0, x1, y1) in by_row.get(row, ()):
            if x0 <= x <= x1 and y0 <= y <= y1:
                return number
        return None

    homes = [place(glyph) for glyph in glyphs]
    whole = overflowing(glyphs, homes, [cell.rect for cell in grid.cells])
    for at, glyph in enumerate(glyphs):
        home = whole.get(at, homes[at])
        if home is None:
            outside.append(glyph)
        else:
            inside.setdefault(home, []).append(glyph)
    return inside, outside


def _take_overflow(
    inside: dict[int, list[Glyph]], outside: Sequence[Glyph], grid: Grid
) -> list[Glyph]:
    """Give cells without a rule below them the lines that follow right under the grid.

    Where a page ends in the middle of a row, a narrow label may run on below the other cells.
    """
    left = []
    reach = {
        at: grid.ys[-1]
        for at, cell in enumerate(grid.cells)
        if cell.open_bottom and cell.row + cell.rowspan == len(grid.ys) - 1 and inside.get(at)
    }
    for glyph in sorted(outside, key=attrgetter("middle")):
        home = next(
            (
                at
                for at in reach
                if grid.cells[at].rect[0] <= glyph.x0 + 1
                and glyph.x1 - 1 <= grid.cells[at].rect[2]
                and -0.4 * glyph.size < glyph.middle - reach[at] <= 1.8 * glyph.size
            ),
            None,
        )
        if home is None:
            left.append(glyph)
        else:
            inside[home].append(glyph)
            reach[home] = max(reach[home], glyph.middle)
    return left


def _table(grid: Grid, inside: dict[int, list[Glyph]], page: int) -> TableBlock:
    cells = []
    for at, cell in enumerate(grid.cells):
        members = inside.get(at)
        lines = make_lines(members, page, split=False) if members else []
        left, _, right, _ = cell.rect
        if lines:
            # The cell's own padding, as its text shows it, not a fixed one.
            padding = min(max(0.0, min(line.box.x0 for line in lines) - left), 12.0)
            left, right = left + padding, right - min(padding, 6.0)
        blocks = tuple(make_blocks(lines, left, right, cell=True)) if lines else ()
        box = _box(page, cell.rect)
        cells.append(
            Cell(
                cell.row,
                cell.column,
                blocks,
                cell.rowspan,
                cell.colspan,
                box=box,
                open_top=cell.open_top,
                open_bottom=cell.open_bottom,
            )
        )
    return TableBlock(
        tuple(cells), len(grid.ys) - 1, len(grid.xs) - 1, _box(page, grid.rect), grid.xs,
        grid.open_top, grid.open_bottom,
    )  # fmt: skip
