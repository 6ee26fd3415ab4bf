"""Labels torn from what they number: 第４章 in a line of its own, 六 apart from the line it opens.

A page sets a label in larger type, in a box or at a distance, so that it is read as a block; a
heading in large type is set in several lines that end where the sense does. Both are put together
here, before anything asks what heads the text.
"""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from shisaku.ingest.model import Block, Line, TextBlock
from shisaku.ingest.structure.outline.numbering import Label, parse_label
from shisaku.ingest.text.blocks import join_blocks
from shisaku.ingest.text.joining import ends_sentence

_MOST = 120
"""Characters of what a label beneath or beside which it stands may head, as a heading."""

_BESIDE = 8.0
"""Em between a label and its text in the same line at most."""

_BELOW = 1.8
"""Em from a label down to its heading at most."""

_NAMING = {
    "part",
    "volume",
    "chapter",
    "section",
    "subsection",
    "division",
    "counted",
    "counted2",
    "point",
}
"""Labels that stand above what they name, as in 第４章 on a line of its own."""

_NUMERAL = re.compile(r"[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3}")
_WORDS = 4
"""Letters that a text has at least for a bare numeral beside it to number it."""

_LARGE = 1.15
"""How much larger than the text a heading is whose lines are put together by their type alone."""


def join_labels(blocks: Sequence[Block], usual: float) -> list[Block]:
    """Give the blocks with each label joined to what it numbers, and headings with all their lines.

    `usual` is the size of most of the text, in points.
    """
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if isinstance(last, TextBlock) and isinstance(block, TextBlock) and _plain(last, block):
            label = _label_alone(last.text.strip())
            if label is not None:
                if _is_of(label, last, block):
                    joined[-1] = _numbered(last, block)
                    continue
            elif _goes_on(last, block, usual):
                joined[-1] = _longer(last, block)
                continue
        joined.append(block)
    return joined


def _plain(last: TextBlock, block: TextBlock) -> bool:
    return not last.role and not block.role and last.page == block.page


def _label_alone(text: str) -> Label | None:
    """Give the label that is all of `text`; a bare numeral counts as one that opens a line."""
    label = parse_label(f"{text}\u3000" if _NUMERAL.fullmatch(text) else text)
    return label if label is not None and label.text == text else None


def _is_of(label: Label, first: TextBlock, block: TextBlock) -> bool:
    """Tell whether `block` is what the label `first`, alone in its line, numbers."""
    if parse_label(block.text.strip()) is not None:
        return False
    if any(_is_beside(first.lines[0], line) for line in block.lines):
        return label.kind not in {"number", "kanji"} or sum(map(str.isalpha, block.text)) >= _WORDS
    return (
        label.kind in _NAMING
        and len(block.text) <= _MOST
        and not ends_sentence(block.text)
        and _is_beneath(first.lines[-1], block.lines[0], _BELOW)
        and block.bold == first.bold
        and block.size >= 0.95 * first.size
    )


def _is_beside(label: Line, line: Line) -> bool:
    """Tell whether `line` stands in the row of a label, behind it; for vertical text, below it."""
    a, b = label.box, line.box
    reach = _BESIDE * max(label.size, line.size, 1.0)
    if b.bottom - b.top > 3 * (b.x1 - b.x0):
        return 0 <= b.top - a.bottom <= reach and min(a.x1, b.x1) - max(a.x0, b.x0) > 0
    overlap = min(a.bottom, b.bottom) - max(a.top, b.top)
    return 0 <= b.x0 - a.x1 <= reach and overlap > 0.3 * min(a.bottom - a.top, b.bottom - b.top)


def _is_beneath(above: Line, below: Line, most: float) -> bool:
    gap = below.box.top - above.box.bottom
    return -0.3 * above.size <= gap <= most * above.size


def _goes_on(first: TextBlock, block: TextBlock, usual: float) -> bool:
    """Tell whether two lines in large type are one heading: set alike, close, on one edge."""
    last, line = first.lines[-1], block.lines[0]
    centred = abs((last.box.x0 + last.box.x1) - (line.box.x0 + line.box.x1)) <= line.size
    shift = (line.box.x0 - last.box.x0) / max(line.size, 1.0)
    large = usual > 0 and first.size >= _LARGE * usual
    # Bold in the size of the text: only a line that had to break goes on, at its own edge.
    broken = (
        first.bold
        and last.box.x1 - last.box.x0 >= _BROKEN * last.size
        and line.box.x1 < last.box.x1
    )
    return (
        (large or broken)
        # The lines of a title are put together with what else the first page says of it.
        and (first.page > 1 or parse_label(first.text) is not None)
        and abs(first.size - block.size) <= 0.1
        and last.font == line.font
        and first.bold == block.bold
        and len(first.text) + len(block.text) <= _MOST
        and len(first.lines) + len(block.lines) <= 3
        and not ends_sentence(first.text)
        and not ends_sentence(block.text)
        and parse_label(block.text.strip()) is None
        and _is_beneath(last, line, _LEADING)
        and (-(2.0 if broken else 0.3) <= shift <= 0.3 or centred)
    )


_BROKEN = 18
"""Em of a bold line at least that goes on in the next one."""
_LEADING = 0.6
"""Em between the lines of one heading at most; headings that follow each other stand apart."""


def _numbered(label: TextBlock, block: TextBlock) -> TextBlock:
    return replace(
        block,
        text=f"{label.text.strip()}\u3000{block.text}",
        lines=(*label.lines, *block.lines),
        indent=label.indent,
        centered=False,
    )


def _longer(first: TextBlock, second: TextBlock) -> TextBlock:
    return replace(join_blocks((first, second)), centered=False)
