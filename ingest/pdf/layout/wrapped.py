"""Frames inside a vertical line that break at the foot of a tier and go on at the next one's head.

Amending laws set the words to be replaced as 「[frame]」: the frame stands in the line like a tall
character. Where the line ends in it, it is ruled open there, and its other part, open at its head,
is the beginning of the next line. Its lines run on from part to part, so that reading either part
by itself tears every sentence. Coordinates are those of the turned page: lines run to the right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from shisaku.ingest.model import Box, Cell, Line, TableBlock, TextBlock
from shisaku.ingest.pdf.glyphs.glyph import Glyph
from shisaku.ingest.pdf.layout.lines import make_lines
from shisaku.ingest.pdf.layout.paragraphs import make_blocks

_NEAR = 3.0
"""Points within which two rules meet, or two parts are cut alike."""

_LEAST = 30.0
"""Points along the line from which a part can hold words."""


@dataclass(frozen=True)
class WrappedFrames:
    """The frames put together, the boxes of all their parts, and what stands outside of them."""

    tables: tuple[TableBlock, ...]
    parts: tuple[Box, ...]
    rest: tuple[Glyph, ...]
    edges: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class _Part:
    """Rules along the line that end at one rule across it and are open at the other end."""

    left: float
    right: float
    rows: tuple[float, ...]
    opens_right: bool

    @property
    def top(self) -> float:
        return self.rows[0]

    @property
    def bottom(self) -> float:
        return self.rows[-1]

    def holds(self, glyph: Glyph) -> bool:
        # At the open end a full stop may hang over.
        over = glyph.size
        left, right = (0.0, over) if self.opens_right else (over, 0.0)
        return (
            self.left - left <= glyph.centre <= self.right + right
            and self.top <= glyph.middle <= self.bottom
        )

    def goes_on_in(self, other: "_Part") -> bool:
        """Tell whether `other` is cut as this one is, and lies in one of the next lines."""
        return (
            self.opens_right
            and not other.opens_right
            and other.left < self.left
            and len(self.rows) == len(other.rows)
            and all(
                abs((a - self.top) - (b - other.top)) <= _NEAR
                for a, b in zip(self.rows, other.rows, strict=True)
            )
        )


def read_wrapped(
    glyphs: Sequence[Glyph], edges: Sequence[dict[str, Any]], page: int
) -> WrappedFrames:
    """Give the broken frames among `edges`, turned like `glyphs`; each has one cell per row."""
    parts = sorted(_find_parts(edges), key=lambda part: part.top)
    rest = list(glyphs)
    tables: list[TableBlock] = []
    boxes: list[Box] = []
    ruled: list[_Part] = []
    for part in parts:
        # The next part without a head, in a later line, is its other half, or it has none.
        after = next(
            (other for other in parts if other.top > part.bottom and not other.opens_right), None
        )
        if after is None or not part.goes_on_in(after):
            continue
        tables.append(_table(rest, part, after, page))
        rest = [glyph for glyph in rest if not (part.holds(glyph) or after.holds(glyph))]
        boxes += [_box(page, part), _box(page, after)]
        ruled += [part, after]
    left = tuple(edge for edge in edges if not any(_is_of(edge, part) for part in ruled))
    return WrappedFrames(tuple(tables), tuple(boxes), tuple(rest), left)


def _find_parts(edges: Sequence[dict[str, Any]]) -> list[_Part]:
    along = [edge for edge in edges if edge["orientation"] == "h"]
    parts = []
    for end in (edge for edge in edges if edge["orientation"] == "v"):
        at, top, bottom = end["x0"], end["top"], end["bottom"]
        for near, far, opens_right in (("x0", "x1", True), ("x1", "x0", False)):
            meeting = [
                edge for edge in along
                if abs(edge[near] - at) <= _NEAR and abs(edge[far] - at) >= _LEAST
                and top - _NEAR <= edge["top"] <= bottom + _NEAR
            ]  # fmt: skip
            rows = _distinct(edge["top"] for edge in meeting)
            if len(rows) < 2 or abs(rows[0] - top) > _NEAR or abs(rows[-1] - bottom) > _NEAR:
                continue
            reach = meeting[0][far]
            if any(abs(edge[far] - reach) > _NEAR for edge in meeting):
                continue
            closed = any(
                edge["orientation"] == "v" and abs(edge["x0"] - reach) <= _NEAR
                and edge["top"] < bottom - _NEAR and edge["bottom"] > top + _NEAR
                for edge in edges
            )  # fmt: skip
            if not closed:
                parts.append(_Part(min(at, reach), max(at, reach), rows, opens_right))
    return list(dict.fromkeys(parts))


def _distinct(values: Any) -> tuple[float, ...]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return tuple(found)


def _is_of(edge: dict[str, Any], part: _Part) -> bool:
    return bool(
        edge["x0"] >= part.left - _NEAR and edge["x1"] <= part.right + _NEAR
        and edge["top"] >= part.top - _NEAR and edge["bottom"] <= part.bottom + _NEAR
    )  # fmt: skip


def _box(page: int, part: _Part) -> Box:
    return Box(page, *(round(x, 2) for x in (part.left, part.top, part.right, part.bottom)))


def _table(glyphs: Sequence[Glyph], first: _Part, second: _Part, page: int) -> TableBlock:
    cells = []
    held = [[g for g in glyphs if part.holds(g) and not g.blank] for part in (first, second)]
    # Lines meet where they end and begin; the white beside the rules is no part of them.
    end = min(max((glyph.x1 for glyph in held[0]), default=first.right), first.right)
    start = min((glyph.x0 for glyph in held[1]), default=second.left)
    for row in range(len(first.rows) - 1):
        above, below = (
            [glyph for glyph in members if _row_of(part, glyph) == row]
            for part, members in zip((first, second), held, strict=True)
        )
        box = Box(
            page, round(first.left, 2), round(first.rows[row], 2), round(first.right, 2),
            round(first.rows[row + 1], 2),
        )  # fmt: skip
        shift = (end - start, first.top - second.top)
        blocks = _blocks(above, below, shift, end + second.right - start, page)
        cells.append(Cell(row, 0, blocks, box=box))
    return TableBlock(tuple(cells), len(cells), 1, _box(page, first))


def _row_of(part: _Part, glyph: Glyph) -> int:
    return sum(rule <= glyph.middle for rule in part.rows[1:-1])


def _blocks(
    above: Sequence[Glyph], below: Sequence[Glyph], shift: tuple[float, float], right: float,
    page: int,
) -> tuple[TextBlock, ...]:  # fmt: skip
    """Give the paragraphs of a row, its lines as long as both parts together.

    `shift` moves what stands in the second part to the end of the first.
    """
    dx, dy = shift
    moved = [
        glyph.at(glyph.x0 + dx, glyph.top + dy, glyph.x1 + dx, glyph.bottom + dy) for glyph in below
    ]
    lines = make_lines([*above, *moved], page, split=False)
    left = min((line.box.x0 for line in lines), default=0.0)
    pieces = (make_lines(above, page, split=False), make_lines(below, page, split=False))
    return tuple(
        replace(block, lines=tuple(
            piece for line in block.lines for piece in _as_printed(line, pieces, dy)
        ))
        for block in make_blocks(lines, left, right, cell=True)
    )  # fmt: skip


def _as_printed(line: Line, pieces: tuple[Sequence[Line], Sequence[Line]], dy: float) -> list[Line]:
    """Give the one or two lines that `line` is on the page."""
    middle = (line.box.top + line.box.bottom) / 2
    found = [
        piece
        for lines, shift in zip(pieces, (0.0, dy), strict=True)
        for piece in lines
        if abs((piece.box.top + piece.box.bottom) / 2 + shift - middle) <= 0.5 * line.size
    ]
    return found or [line]
