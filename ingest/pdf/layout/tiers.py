"""Reading order of a page set vertically (縦組): tiers (段), and frames that stand in a line.

Coordinates are those of the turned page: a line runs to the right and the next one stands below
it, tiers stand side by side. Traps: a rule between tiers (段間罫) may leave less than a character
of white beside it, so that lines of two tiers would become one; and what stands beside a frame is
before or after it in its line, whichever is set higher.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from shisaku.ingest.model import Box, Line
from shisaku.ingest.pdf.glyphs.glyph import Glyph
from shisaku.ingest.pdf.layout.columns import Column, read_columns
from shisaku.ingest.pdf.layout.items import Item


@dataclass(frozen=True)
class Tiers:
    """Where rules part the tiers (x), and the boxes of frames that a line leads into."""

    rules: tuple[float, ...] = ()
    frames: tuple[Box, ...] = ()

    def part(self, glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
        """Give the glyphs of each tier."""
        parted: list[list[Glyph]] = [[] for _ in range(len(self.rules) + 1)]
        for glyph in glyphs:
            parted[sum(rule < glyph.centre for rule in self.rules)].append(glyph)
        return parted


def find_rules(glyphs: Sequence[Glyph], edges: Sequence[dict[str, Any]]) -> tuple[float, ...]:
    """Give the places of the rules that part tiers: as long as the text is high, and uncrossed."""
    shown = [glyph for glyph in glyphs if not glyph.blank]
    if not shown:
        return ()
    top, bottom = min(g.top for g in shown), max(g.bottom for g in shown)
    found: list[float] = []
    for edge in sorted(edges, key=lambda edge: float(edge["x0"])):
        at = float(edge["x0"])
        if edge["orientation"] != "v" or edge["bottom"] - edge["top"] < 0.8 * (bottom - top):
            continue
        crossed = any(glyph.x0 + 1 < at < glyph.x1 - 1 for glyph in shown)
        before = sum(glyph.centre < at for glyph in shown)
        if crossed or min(before, len(shown) - before) < 0.1 * len(shown):
            continue
        if not found or at - found[-1] > 3:
            found.append(at)
    return tuple(found)


def read_tiers(items: Sequence[Item], tiers: Tiers) -> list[Column]:
    """Give the columns of a turned page in reading order; each item stands in exactly one."""
    parted: list[list[Item]] = [[] for _ in range(len(tiers.rules) + 1)]
    for item in items:
        parted[sum(rule < _centre(item) for rule in tiers.rules)].append(item)
    columns: list[Column] = []
    for number, members in enumerate(parted):
        frames = [
            box for box in tiers.frames
            if sum(rule < (box.x0 + box.x1) / 2 for rule in tiers.rules) == number
        ]  # fmt: skip
        columns += _read_tier(members, frames)
    return columns


def _read_tier(items: Sequence[Item], frames: Sequence[Box]) -> list[Column]:
    left = min((item.box.x0 for item in items), default=0.0)
    right = max((item.box.x1 for item in items), default=0.0)
    columns: list[Column] = []
    rest = list(items)
    for top, bottom in _strips(frames):
        before = [item for item in rest if _middle(item) < top]
        strip = [item for item in rest if top <= _middle(item) <= bottom]
        rest = [item for item in rest if _middle(item) > bottom]
        columns += read_columns(before)
        columns += [Column(tuple(piece), left, right) for piece in _along(strip)]
    return columns + read_columns(rest)


def _strips(frames: Sequence[Box]) -> list[tuple[float, float]]:
    """Give the heights of the lines in which frames stand: side by side, they share one."""
    strips: list[tuple[float, float]] = []
    for box in sorted(frames, key=lambda box: box.top):
        if strips and box.top < strips[-1][1]:
            strips[-1] = (strips[-1][0], max(strips[-1][1], box.bottom))
        else:
            strips.append((box.top, box.bottom))
    return strips


def _along(strip: Sequence[Item]) -> list[list[Item]]:
    """Give what stands along a line with frames, piece by piece.

    Words between two frames are one piece, whatever their height: a bracket stands at its frame's
    corner, the words in the middle.
    """
    joined: list[list[Item]] = []
    for piece in _pieces(strip):
        last = joined[-1][0] if joined and len(joined[-1]) == 1 else None
        if len(piece) == 1 and isinstance(piece[0], Line) and isinstance(last, Line):
            joined[-1] = [_joined(last, piece[0])]
        else:
            joined.append(piece)
    return joined


def _joined(first: Line, second: Line) -> Line:
    at = len(first.text)
    box = Box(
        first.box.page,
        first.box.x0,
        min(first.box.top, second.box.top),
        max(first.box.x1, second.box.x1),
        max(first.box.bottom, second.box.bottom),
    )
    return replace(
        first,
        text=first.text + second.text,
        box=box,
        bold=first.bold and second.bold,
        ruby=(*first.ruby, *((a + at, b + at, text) for a, b, text in second.ruby)),
        marks=(*first.marks, *((a + at, b + at) for a, b in second.marks)),
    )


def _pieces(strip: Sequence[Item]) -> list[list[Item]]:
    """Part a strip where white runs across it.

    A corner bracket overlaps the frame or the words that it opens by up to its own width.
    """
    pieces: list[list[Item]] = []
    reach = 0.0
    for item in sorted(strip, key=lambda item: (item.box.x0, item.box.top)):
        em = item.size if isinstance(item, Line) else 8.0
        if pieces and item.box.x0 < reach - em:
            pieces[-1].append(item)
        else:
            pieces.append([item])
        reach = max(reach, item.box.x1)
    return pieces


def _centre(item: Item) -> float:
    return (item.box.x0 + item.box.x1) / 2


def _middle(item: Item) -> float:
    return (item.box.top + item.box.bottom) / 2
