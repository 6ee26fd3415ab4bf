"""Captions of pictures: a short line centred right under one, beside which the text runs on."""

from collections.abc import Sequence

from shisaku.ingest.model import Block, Line, TableBlock, TextBlock
from shisaku.ingest.pdf.figures.axes import Rect
from shisaku.ingest.pdf.layout.marks import mark_of
from shisaku.ingest.text.joining import ends_sentence

_LEAST = 40.0
"""Points that a picture with a caption is wide and high at least; smaller ones are signs."""

_MOST = 0.6
"""Part of the page beyond which a picture is its ground."""

_BELOW = 1.6
"""Em by which a caption may stand below its picture."""

_PICTURES = 100
"""Pictures beyond which a page is a drawing: each line is compared with all of them."""


def part_captions(
    lines: Sequence[Line], pictures: Sequence[Rect], area: float
) -> tuple[list[Line], list[Line]]:
    """Give the lines of the text, and those that are captions of `pictures` on a page of `area`."""
    found = [
        (x0, top, x1, bottom)
        for x0, top, x1, bottom in pictures
        if x1 - x0 >= _LEAST
        and bottom - top >= _LEAST
        and (x1 - x0) * (bottom - top) < _MOST * area
    ]
    if not found or len(found) > _PICTURES:
        return list(lines), []
    captions = [
        line
        for line in lines
        if any(_is_under(line, picture) for picture in found) and not _goes_on(line, lines)
    ]
    taken = {id(line) for line in captions}
    return [line for line in lines if id(line) not in taken], captions


def _is_under(line: Line, picture: Rect) -> bool:
    x0, _, x1, bottom = picture
    width = x1 - x0
    off = (line.box.x0 + line.box.x1) / 2 - (x0 + x1) / 2
    return (
        line.box.x1 - line.box.x0 <= 0.95 * width
        and abs(off) <= max(0.06 * width, line.size)
        and -0.3 * line.size <= line.box.top - bottom <= _BELOW * line.size
        and not ends_sentence(line.text)
        and not mark_of(line.text)
    )


def _goes_on(line: Line, lines: Sequence[Line]) -> bool:
    """Tell whether another line begins below at the same place, as in text under a picture."""
    return any(
        other is not line
        and abs(other.box.x0 - line.box.x0) <= 0.5 * line.size
        and 0 < other.box.top - line.box.top < 2.2 * line.size
        and abs(other.size - line.size) <= 0.3
        for other in lines
    )


def with_captions(blocks: Sequence[Block], captions: Sequence[Line]) -> list[Block]:
    """Give `blocks` with each caption after the block beside or above which it stands."""
    made = list(blocks)
    for line in sorted(captions, key=lambda line: (-line.box.top, -line.box.x0)):
        places = [(_top(block), at) for at, block in enumerate(made) if _top(block) <= line.box.top]
        at = max(places)[1] + 1 if places else 0
        made.insert(at, TextBlock(line.text, (line,), "caption"))
    return made


def _top(block: Block) -> float:
    return block.box.top if isinstance(block, TableBlock) else block.lines[0].box.top
