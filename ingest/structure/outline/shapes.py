"""Headings that nothing but their shape sets off: ＜…＞, ■…, a face of their own, an outdent.

One line tells little: a bracket may hold a remark, a short line may be the end of a list. So lines
are gathered by their shape over the whole document, and a shape heads text where nearly all of its
lines have text below and none of them is a sentence.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shisaku.ingest.model import Block, TextBlock
from shisaku.ingest.registry import registry
from shisaku.ingest.structure.outline.heading import Heading, shape_of
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.structure.outline.ranks import ends_chapters
from shisaku.ingest.text.joining import ends_sentence

_LONGEST = 60
"""Characters of a heading that only its shape sets off; a remark in brackets may be longer."""
_HEADING = 0.75
"""Part of the lines of a shape that must have text below for all of them to be headings."""
_FEW, _MANY = 2, 3
"""Lines of a shape at least: of one that brackets or an ornament make; of a face or an outdent."""
_SURE = frozenset("【［＜")
"""Brackets that are seldom put around anything but a heading: one line is enough."""
_INSET = 8.0
"""Em from the column's edge beyond which a line in brackets is set to the right: an office."""
_AMOUNT = re.compile(r"[0-9０-９][0-9０-９,，.．]*[\s\u3000]*(?:千|百万|億|兆|万)?円|内数|再掲")
_OUTDENTED, _INDENTED = 0.4, (0.6, 1.5)
"""Em of indent: of a heading at most; of the first line of paragraphs in between."""
_PARAGRAPHS = 0.8
"""Part of the paragraphs that must be indented for a line without an indent to mean anything."""
_PROSE = 40
"""Characters from which a text that ends a sentence is a paragraph."""


@dataclass(frozen=True)
class _Line:
    """A short line: its position, whether it may be a heading, whether it has text below."""

    at: int
    able: bool
    heads: bool


def shaped_headings(
    blocks: Sequence[Block], maybe: Mapping[int, Heading], faces: Mapping[str, float], rare: float
) -> dict[int, Heading]:
    """Give those of `maybe`, lines without a label that may be headings, whose shape heads text.

    `faces` are the shares of the text set in each font; one of less than `rare` is a face apart.
    """
    indented = _is_indented(blocks)
    groups: dict[tuple[str, str], list[_Line]] = defaultdict(list)
    for at, block in enumerate(blocks):
        if not isinstance(block, TextBlock) or block.role or len(block.lines) > 2:
            continue
        key = _key(block, faces, rare, indented)
        if key is not None:
            able = at in maybe and len(block.text) <= _LONGEST and not _is_remark(block)
            groups[key].append(_Line(at, able, able and _has_text_below(blocks, at, key[0])))
    chosen = {
        at: heading
        for at, heading in maybe.items()
        if ends_chapters(heading) and _has_text_below(blocks, at, "")
    }
    for (shape, _), lines in groups.items():
        for at in _heading_lines(shape, lines):
            chosen[at] = maybe[at]
    return chosen


def _heading_lines(shape: str, lines: Sequence[_Line]) -> Iterator[int]:
    heads = sum(line.heads for line in lines)
    least = 1 if shape in _SURE else _FEW if shape in {"■", "（"} else _MANY
    if heads >= max(least, _HEADING * len(lines)):
        yield from (line.at for line in lines if line.able)


def _key(
    block: TextBlock, faces: Mapping[str, float], rare: float, indented: bool
) -> tuple[str, str] | None:
    """Give what sets a line off, its shape and its font; None for one that nothing does."""
    label = parse_label(block.text.strip())
    if label is not None and label.kind != "bullet":
        return None
    shape = shape_of(block.text)
    face = block.lines[0].face
    apart = face if face and faces.get(face, 0) < rare else ""
    if shape:
        return shape, apart
    if label is not None or (not apart and not (indented and block.indent <= _OUTDENTED)):
        return None
    return ("face" if apart else "outdent"), apart


def _is_indented(blocks: Sequence[Block]) -> bool:
    """Tell whether the paragraphs of the document open with an indent."""
    found = [
        _INDENTED[0] <= block.indent <= _INDENTED[1]
        for block in blocks
        if isinstance(block, TextBlock)
        and not block.role
        and len(block.lines) > 1
        and len(block.text) >= _PROSE
        and ends_sentence(block.text)
        and parse_label(block.text) is None
    ]
    return len(found) >= _MANY and sum(found) >= _PARAGRAPHS * len(found)


def _is_remark(block: TextBlock) -> bool:
    """Tell whether a line in brackets names an office or those in charge, or an amount."""
    if block.indent > _INSET or block.centered or _AMOUNT.search(block.text):
        return True
    found = registry().find_trailing_list(block.text.strip())
    return found is not None and found[1] == 0


def _has_text_below(blocks: Sequence[Block], at: int, shape: str) -> bool:
    """Tell whether a line has a paragraph, an item or a table below it, none of its own shape."""
    below = blocks[at + 1] if at + 1 < len(blocks) else None
    above = blocks[at - 1] if at else None
    if below is None or (isinstance(above, TextBlock) and above.open_end and not above.role):
        return False
    if not isinstance(below, TextBlock):
        return shape in _SURE or shape == "■"
    if below.role == "footnote":
        return False
    label = parse_label(below.text.strip())
    if shape == "outdent":
        # Nothing but its place tells, so that what it heads must be a paragraph, set further in.
        return (
            _INDENTED[0] <= below.indent <= _INDENTED[1]
            and len(below.text) >= _PROSE
            and label is None
            and below.page == _page_of(blocks[at])
        )
    if shape_of(below.text) == shape and shape:
        return False
    return (
        label is not None
        or len(below.text) > 25
        or ends_sentence(below.text)
        or shape_of(below.text) in _SURE
    )


def _page_of(block: Block) -> int:
    """Give the page on which a block begins."""
    return block.page if isinstance(block, TextBlock) else block.box.page
