"""Writing that does not run from left to right: vertical columns, pages and tabs set sideways.

Such glyphs are turned so that their lines run like all others, read by the same code, and turned
back. A turn is chosen by how glyphs follow each other in the order in which the file draws them.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise
from math import ceil, log2
from operator import lt
from typing import Any

from msgspec.structs import replace

from shisaku.ingest.model import Block, Box, Line, TableBlock, TextBlock
from shisaku.ingest.pdf.glyphs.glyph import Glyph, make_glyph

_LEAST_SIZE = 0.01
"""Points; what is set smaller is looked for as if it were so large."""


@dataclass(frozen=True)
class Turn:
    """A quarter turn of a page of `width` x `height` points.

    "down" is for writing that runs down the page in columns from right to left, (x, y) goes to
    (y, width - x); "up" for writing that runs up the page, (x, y) goes to (height - y, x).
    """

    kind: str
    width: float
    height: float

    def box(
        self, x0: float, top: float, x1: float, bottom: float
    ) -> tuple[float, float, float, float]:
        """Turn a rectangle of the page."""
        if self.kind == "down":
            return (top, self.width - x1, bottom, self.width - x0)
        return (self.height - bottom, x0, self.height - top, x1)

    def glyph(self, glyph: Glyph) -> Glyph:
        """Turn a glyph."""
        return glyph.at(*self.box(glyph.x0, glyph.top, glyph.x1, glyph.bottom))

    def edge(self, edge: dict[str, Any]) -> dict[str, Any]:
        """Turn a rule."""
        x0, top, x1, bottom = self.box(edge["x0"], edge["top"], edge["x1"], edge["bottom"])
        orientation = "h" if edge["orientation"] == "v" else "v"
        place = {"x0": x0, "x1": x1, "top": top, "bottom": bottom}
        return {**edge, **place, "orientation": orientation}

    def back(self, box: Box) -> Box:
        """Turn a box back to where it stands on the page."""
        if self.kind == "down":
            x0, x1 = self.width - box.bottom, self.width - box.top
            return Box(box.page, _round(x0), box.x0, _round(x1), box.x1)
        top, bottom = self.height - box.x1, self.height - box.x0
        return Box(box.page, box.top, _round(top), box.bottom, _round(bottom))

    def line_back(self, line: Line) -> Line:
        """Turn a line back."""
        return replace(line, box=self.back(line.box))

    def block_back(self, block: Block) -> Block:
        """Turn all boxes of a block back."""
        if isinstance(block, TextBlock):
            return self._text_back(block)
        cells = tuple(
            replace(
                cell,
                blocks=tuple(self._text_back(text) for text in cell.blocks),
                box=self.back(cell.box) if cell.box else None,
            )
            for cell in block.cells
        )
        return TableBlock(
            cells, block.rows, block.columns, self.back(block.box), (), caption=block.caption
        )

    def _text_back(self, block: TextBlock) -> TextBlock:
        return replace(block, lines=tuple(self.line_back(line) for line in block.lines))


def _round(value: float) -> float:
    return round(value, 2)


@dataclass(frozen=True)
class Directed:
    """Glyphs that run in one direction; `turn` is None for those from left to right."""

    glyphs: tuple[Glyph, ...]
    turn: Turn | None = None

    @property
    def visible(self) -> int:
        """How many of them print something."""
        return len([glyph for glyph in self.glyphs if not glyph.blank])


def part_directions(glyphs: Sequence[Glyph], width: float, height: float) -> list[Directed]:
    """Give the glyphs of a page by direction, the one with most glyphs first."""
    sideways = [glyph for glyph in glyphs if not glyph.upright]
    upright = [glyph for glyph in glyphs if glyph.upright] if sideways else glyphs
    parts: list[Directed] = []
    if is_vertical(upright):
        down, across = _part_vertical(upright)
        if sideways and _runs_down(sideways):
            # Figures and Latin words lie on their side in the columns.
            down += [_lying(glyph) for glyph in sideways]
            sideways = []
        parts.append(Directed(tuple(down), Turn("down", width, height)))
        parts.append(Directed(tuple(across)))
    else:
        parts.append(Directed(tuple(upright)))
    if sideways:
        kind = "down" if _runs_down(sideways) else "up"
        parts.append(Directed(tuple(sideways), Turn(kind, width, height)))
    parts = [part for part in parts if not all(glyph.blank for glyph in part.glyphs)]
    return sorted(parts, key=lambda part: -part.visible) if len(parts) > 1 else parts


def _lying(glyph: Glyph) -> Glyph:
    """Give a glyph that lies on its side in the size of its column: it is as wide as its em."""
    return make_glyph(
        glyph.text, glyph.x0, glyph.top, glyph.x1, glyph.bottom, glyph.x1 - glyph.x0, glyph.font,
        glyph.upright, glyph.doubled,
    )  # fmt: skip


def _pairs(glyphs: Sequence[Glyph]) -> Iterator[tuple[Glyph, Glyph]]:
    return pairwise([glyph for glyph in glyphs if not glyph.blank])


def _sinking(glyphs: Sequence[Glyph]) -> Iterator[tuple[Glyph, Glyph]]:
    """Give the pairs of which the second stands lower: few where writing runs across."""
    visible = [glyph for glyph in glyphs if not glyph.blank]
    middles = [glyph.middle for glyph in visible]
    return compress(pairwise(visible), map(lt, middles, middles[1:]))


def _is_across(last: Glyph, glyph: Glyph) -> bool:
    step = glyph.centre - last.centre
    if step <= 0:
        return False
    em = max(last.size, glyph.size, 1.0)
    return abs(last.middle - glyph.middle) < em * 0.3 and step < em * 3


def _is_down(last: Glyph, glyph: Glyph) -> bool:
    """Tell whether a glyph that stands lower than `last` stands right under it."""
    em = max(last.size, glyph.size, 1.0)
    return abs(last.centre - glyph.centre) < em * 0.3 and glyph.middle - last.middle < em * 3


def is_vertical(glyphs: Sequence[Glyph]) -> bool:
    """Tell whether a page's text runs from top to bottom (縦書き).

    Looks at neighbours in the order in which the file draws them: in vertical writing the next
    glyph stands under the last one.
    """
    down = sum([_is_down(last, glyph) for last, glyph in _sinking(glyphs)])
    return down > 20 and down > sum([_is_across(*pair) for pair in _pairs(glyphs)])


def _runs_down(glyphs: Sequence[Glyph]) -> bool:
    steps = [b.middle - a.middle for a, b in _pairs(glyphs) if abs(a.centre - b.centre) < a.size]
    return sum(step > 0 for step in steps) >= sum(step < 0 for step in steps)


def _part_vertical(glyphs: Sequence[Glyph]) -> tuple[list[Glyph], list[Glyph]]:
    """Give the glyphs of vertical columns, and those of lines across (a page number).

    Two or three figures side by side inside a column (縦中横) count as one glyph of it.
    """
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        last = runs[-1][-1] if runs else None
        if last is not None and _stays_across(last, glyph):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    down: list[Glyph] = []
    across: list[Glyph] = []
    for run in runs:
        shown = [glyph for glyph in run if not glyph.blank]
        wide = run[-1].x1 - run[0].x0 > 1.6 * run[0].size
        if len(shown) >= 3 and wide:
            across += run
        elif len(shown) >= 2 and all(glyph.text.isascii() for glyph in shown):
            down.append(_joined(shown))
        else:
            down += run
    beside = _beside(down, across)
    return [glyph for glyph in down if id(glyph) not in beside], [
        *across, *(glyph for glyph in down if id(glyph) in beside),
    ]  # fmt: skip


def _beside(down: Sequence[Glyph], across: Sequence[Glyph]) -> set[int]:
    """Give the ids of single glyphs that stand in the row of a line across, not in a column.

    A running head falls into its words and the page's number, which may be one glyph each.
    """
    rows = sorted(glyph.middle for glyph in across)
    columns = _Columns(down)
    return {
        id(glyph)
        for glyph in down
        if _holds(rows, glyph.middle, 0.5 * glyph.size) and not columns.hold(glyph)
    }


def _holds(places: Sequence[float], place: float, reach: float) -> bool:
    """Tell whether ascending `places` have one that is nearer to `place` than `reach`."""
    at = bisect_right(places, place - reach)
    return any(abs(other - place) < reach for other in places[max(at - 1, 0) : at + 2])


class _Columns:
    """Glyphs by place, to be asked whether one has another above or below it."""

    def __init__(self, glyphs: Sequence[Glyph]) -> None:
        self._glyphs = glyphs
        self._fields: dict[int, defaultdict[tuple[int, int], list[Glyph]]] = {}
        """By powers of two that are not less than a glyph's size: fields as wide, four as high."""

    def hold(self, glyph: Glyph) -> bool:
        """Tell whether another glyph stands in the column of this one, two lines off at most."""
        level = ceil(log2(max(glyph.size, _LEAST_SIZE)))
        if level not in self._fields:
            self._fields[level] = defaultdict(list)
            for each in self._glyphs:
                self._fields[level][_field(each, level)].append(each)
        fields = self._fields[level]
        column, row = _field(glyph, level)
        return any(
            other is not glyph and abs(other.centre - glyph.centre) < 0.6 * glyph.size
            and abs(other.middle - glyph.middle) < 2.5 * glyph.size
            for across in (column, column - 1, column + 1)
            for down in (row, row - 1, row + 1)
            for other in fields.get((across, down), ())
        )  # fmt: skip


def _field(glyph: Glyph, level: int) -> tuple[int, int]:
    return int(glyph.centre // 2.0**level), int(glyph.middle // 2.0 ** (level + 2))


def _stays_across(last: Glyph, glyph: Glyph) -> bool:
    if glyph.blank:
        return abs(last.middle - glyph.middle) < glyph.size * 0.3
    return _is_across(last, glyph)


def _joined(run: Sequence[Glyph]) -> Glyph:
    return run[0].at(
        min(glyph.x0 for glyph in run),
        min(glyph.top for glyph in run),
        max(glyph.x1 for glyph in run),
        max(glyph.bottom for glyph in run),
        text="".join(glyph.text for glyph in run),
    )
