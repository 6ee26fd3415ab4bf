"""From lines to paragraphs: the breaks that the setting shows by indent, gap, mark and short line.

A line break inside a word (エネル/ギー) is everywhere in Japanese setting, so lines are joined
before anything else looks at the text; each `TextBlock` keeps its lines for the way back.
"""

import itertools
import re
from collections import Counter
from collections.abc import Collection, Sequence
from statistics import median

from msgspec.structs import replace

from shisaku.ingest.model import Box, Line, TextBlock
from shisaku.ingest.pdf.layout.edges import (
    ends_with_value,
    going_on,
    is_full,
    measure_end,
    own_end,
)
from shisaku.ingest.pdf.layout.marks import mark_of
from shisaku.ingest.text.joining import ends_sentence, is_divided, join_texts

_HEADING_MARKS = frozenset(
    ("paren", "ordinal", "roman", "number", "label", "closed", "circled", "counted")
)
_RUN_WIDTH = 15
"""Em from which a line is running text."""
_MOST_PLAIN = 0.6
"""Part of the lines of a column that must share a font for another one to mean something."""
_STRONG = {"bullet", "circled", "ordinal", "label", "counted"}
# A contents entry ends with its page after leaders, so it is full without going on.
_LEADER_END = re.compile(r"[.…‥・．·･\s]{4,}[-‐–0-9０-９ivxlcⅰ-ⅻ\s]{1,9}$")


_VALUE = re.compile(
    r"\u3000[（(]?[-−△▲]?[0-9０-９][0-9０-９,，.．]*(?![年月日時分頁条項号章節])[^\s0-9０-９]{0,3}$"
)
"""A value with its unit at a line's end, set apart from the words before it."""
_OPENING = frozenset("（(〔［[【")
_VALUE_GAP = 2.0
"""Em between an item and the value at the right edge: more than a space, less than a gutter."""


def make_blocks(
    lines: Sequence[Line], left: float, right: float, *, cell: bool = False
) -> list[TextBlock]:
    """Give the paragraphs of `lines`, which stand in a column from `left` to `right` (points).

    In a `cell`, centred lines do not part paragraphs: there they are how labels are set.
    """
    rows, apart = _join_rows(lines)
    if not rows:
        return []
    right = own_end(rows, right) if cell else measure_end(rows, right)
    usual = _usual_gap(rows)
    plain = _plain_face(rows)
    on = going_on(rows, [mark_of(row.text) for row in rows])
    paragraphs: list[list[Line]] = []
    for at, line in enumerate(rows):
        if (
            not paragraphs
            or _is_next_item(rows[at - 1], line, apart, right, cell)
            or _breaks(paragraphs[-1], line, left, right, usual, cell, on[at - 1])
            or (plain and _heads_by_face(paragraphs[-1], line, plain))
            or (not cell and _opens_under_heading(paragraphs[-1], rows[at : at + 2], left, right))
        ):
            paragraphs.append([line])
        else:
            paragraphs[-1].append(line)
    return [_block(paragraph, left, right, cell) for paragraph in paragraphs]


def _is_next_item(last: Line, line: Line, apart: Collection[int], right: float, cell: bool) -> bool:
    """Tell whether the line before is an item with its value, to which a bracket may be added."""
    return _ends_in_value(last, apart, right, cell) and not _is_added(line)


def _is_added(line: Line) -> bool:
    """Tell whether a line opens with a bracket that is no number: it adds to what is above it."""
    return line.text[:1] in _OPENING and not mark_of(line.text)


def _ends_in_value(line: Line, apart: Collection[int], right: float, cell: bool) -> bool:
    """Tell whether a line is an item with its value at the right edge (… 500点): it is whole.

    In a cell lines are not parted at gaps; there the value must stand at the edge.
    """
    if not _VALUE.search(line.text):
        return False
    return id(line) in apart or (cell and right - line.box.x1 < line.size)


def _join_rows(lines: Sequence[Line]) -> tuple[list[Line], frozenset[int]]:
    """Put segments of one row together again where the gap between them was no gutter.

    Give the rows, and the ids of those whose last segment stands far from what is before it.
    """
    rows: list[Line] = []
    apart: set[int] = set()
    for line in sorted(lines, key=lambda line: (line.box.page, line.box.top, line.box.x0)):
        last = rows[-1] if rows else None
        if last is not None and _same_row(last, line):
            first, second = (last, line) if last.box.x0 <= line.box.x0 else (line, last)
            at = len(first.text) + 1
            rows[-1] = replace(
                first,
                text=f"{first.text}\u3000{second.text}",
                box=_hull([first.box, second.box]),
                size=max(first.size, second.size),
                bold=first.bold and second.bold,
                marks=(*first.marks, *((a + at, b + at) for a, b in second.marks)),
                ruby=(*first.ruby, *((a + at, b + at, text) for a, b, text in second.ruby)),
            )
            if second.box.x0 - first.box.x1 >= _VALUE_GAP * second.size:
                apart.add(id(rows[-1]))
        else:
            rows.append(line)
    return rows, frozenset(apart)


def _same_row(first: Line, second: Line) -> bool:
    middle = (first.box.top + first.box.bottom) / 2 - (second.box.top + second.box.bottom) / 2
    return (
        first.box.page == second.box.page
        and abs(middle) <= 0.4 * min(first.size, second.size)
        and (first.box.x1 <= second.box.x0 + 1 or second.box.x1 <= first.box.x0 + 1)
    )


def _hull(boxes: Sequence[Box]) -> Box:
    return Box(
        boxes[0].page,
        min(box.x0 for box in boxes),
        min(box.top for box in boxes),
        max(box.x1 for box in boxes),
        max(box.bottom for box in boxes),
    )


def _usual_gap(lines: Sequence[Line]) -> float:
    """Give the usual distance between the lines of a paragraph, in em."""
    gaps = [
        (line.box.top - last.box.bottom) / max(line.size, 1)
        for last, line in itertools.pairwise(lines)
        if last.box.page == line.box.page and abs(last.size - line.size) <= 0.12 * line.size
    ]
    close = [gap for gap in gaps if -0.5 < gap < 1.6]
    return median(close) if close else 0.8


def _is_centered(line: Line, left: float, right: float) -> bool:
    before, after = line.box.x0 - left, right - line.box.x1
    return (
        before > 2.5 * line.size
        and after > 2.5 * line.size
        and (abs(before - after) < 2 * line.size)
    )


def _plain_face(lines: Sequence[Line]) -> str:
    """Return the font in which most lines of a column are set, "" where there is none."""
    face, count = Counter(line.face for line in lines).most_common(1)[0]
    return face if count >= _MOST_PLAIN * len(lines) else ""


def _heads_by_face(paragraph: Sequence[Line], line: Line, plain: str) -> bool:
    """Tell whether a numbered line in another font heads the text that goes on in the plain one."""
    first = paragraph[0]
    return (
        len(paragraph) == 1
        and first.face != plain
        and line.face == plain
        and mark_of(first.text) in _HEADING_MARKS
    )


def _breaks(
    paragraph: Sequence[Line], line: Line, left: float, right: float, usual: float, cell: bool,
    on: bool = False,
) -> bool:  # fmt: skip
    """Tell whether `line` begins a paragraph after those of `paragraph`.

    `usual` is the gap between lines in em; `on` tells that the sentence goes on (`going_on`).
    """
    first, last = paragraph[0], paragraph[-1]
    em = max(last.size, 1.0)
    if abs(last.size - line.size) > 0.12 * em:
        return True
    if last.bold != line.bold and not _is_emphasis(paragraph, line, right):
        return True
    if _LEADER_END.search(last.text):
        return True
    if not cell and ends_with_value(last, right) and not _is_added(line):
        return True
    gap = (line.box.top - last.box.bottom) / em
    near = gap < 2 and right - last.box.x1 <= 6 * em
    if gap < -2:
        return True
    if gap > max(usual, 0) + 0.55 and not (near and _is_within_quotes(paragraph, line)):
        # Headings are set wider than text: between their lines a quotation that goes on tells.
        return True
    if is_divided(last.text, line.text):
        return False  # a word goes on
    narrow = cell and right - left < 9 * em
    if narrow:
        return _breaks_narrow(last, line, right, mark_of(line.text))
    if not cell and _is_centered(last, left, right) and _is_centered(line, left, right):
        return True
    full = on or is_full(last, right, line.text)
    if not (
        full or (near and _is_within_quotes(paragraph, line)) or _ends_in_comma(paragraph, line)
    ):
        return True
    if not cell and min(last.box.x0, line.box.x0) - left > 0.4 * (right - left):
        # Date, office and name of a letter, each set to the right.
        return True
    ended = ends_sentence("".join([row.text for row in paragraph[-2:]]))
    if ended and not cell and gap > max(usual, 0) + 0.35:
        # Space between paragraphs may be all that parts them, and less than half a line.
        return True
    mark, began = mark_of(line.text), mark_of(first.text)
    follow = min((row.box.x0 for row in paragraph[1:]), default=None)
    shift = (line.box.x0 - (first.box.x0 if follow is None else follow)) / em
    if mark and _mark_breaks(mark, began, shift, follow is None, ended):
        return True
    if follow is None:
        if shift > 0.7:
            return ended and not began
        if ended and not began and abs(shift) < 0.3 and 0.7 < (line.box.x0 - left) / em < 1.3:
            # Both begin with the indent of a paragraph.
            return True
        return shift < -3.2 or (shift < -0.7 and ended and bool(began))
    return shift > 0.7 or (shift < -0.7 and (ended or shift < -3.2))


def _is_emphasis(paragraph: Sequence[Line], line: Line, right: float) -> bool:
    """Tell whether bold begins or ends at a line's end in a paragraph that began plain.

    The words that are emphasised fill a line; what is bold from its first line on is a heading.
    """
    last = paragraph[-1]
    return (
        not paragraph[0].bold
        and not mark_of(line.text)
        and is_full(last, right, line.text)
        and not ends_sentence("".join([row.text for row in paragraph[-2:]]))
        and abs(line.box.x0 - min(row.box.x0 for row in paragraph[-2:])) < 0.3 * last.size
    )


def _ends_in_comma(paragraph: Sequence[Line], line: Line) -> bool:
    """Tell whether a long line stops at a comma over one that begins where its text does."""
    last = paragraph[-1]
    return (
        last.text[-1:] in ("、", "，")
        and last.box.x1 - last.box.x0 >= _RUN_WIDTH * last.size
        and -0.3 * last.size <= line.box.x0 - min(row.box.x0 for row in paragraph) <= 3 * last.size
        and not mark_of(line.text)
    )


def _opens_under_heading(
    paragraph: Sequence[Line], rows: Sequence[Line], left: float, right: float
) -> bool:
    """Tell whether the first of two `rows` opens a paragraph under a numbered line that is full.

    Its indent says so when the second goes on at the column's edge; within an item, all lines but
    the first begin at one place.
    """
    if len(paragraph) != 1 or len(rows) != 2:
        return False
    first, (line, after) = paragraph[0], rows
    em = max(line.size, 1.0)
    return (
        bool(mark_of(first.text))
        and not mark_of(after.text)
        and abs(first.box.x0 - line.box.x0) < 0.3 * em
        and 0.7 < (line.box.x0 - left) / em < 1.3
        and (after.box.x0 - left) / em < 0.3
        and is_full(line, right, after.text)
    )


def _is_within_quotes(paragraph: Sequence[Line], line: Line) -> bool:
    """Tell whether a quotation that opens in `paragraph` ends in `line`."""
    for opening, closing in ("「」", "『』", "“”"):
        at, end = line.text.find(opening), line.text.find(closing)
        if end == -1 or -1 < at < end:
            continue
        before = "".join([row.text for row in paragraph])
        if before.count(opening) > before.count(closing):
            return True
    return False


def _breaks_narrow(last: Line, line: Line, right: float, mark: str) -> bool:
    # In a narrow cell (省庁名) each line holds a name or a piece of one; only a mark or a clearly
    # short line parts them, and brackets belong to what stands before.
    if mark in _STRONG or mark == "paren":
        return True
    if _is_digit(last.text[-1:]) and _is_digit(line.text[:1]):
        # No line is broken within a number (JIS X 4051): one below the other they are two.
        return True
    return right - last.box.x1 > 2.2 * last.size and not line.text.startswith(("（", "(", "、"))


def _is_digit(char: str) -> bool:
    return char.isascii() and char.isdigit()


def _mark_breaks(mark: str, began: str, shift: float, one_line: bool, ended: bool) -> bool:
    if ended:
        return True
    if one_line:
        # 「…別表／（１）のとおり」: a mark at the hanging indent goes on with the sentence.
        # A mark further out than the one that opened the paragraph opens the next item.
        # No hanging indent is five characters deep: 第４節 so far in is a heading.
        # No paragraph opens with an indent of two characters.
        outer = (bool(began) and shift < -0.5) or shift < -1.6
        strong = mark in _STRONG and not 0.5 <= shift <= 5
        return outer or (mark == began and abs(shift) < 0.5) or strong
    return abs(shift) > 0.5 or (mark in {"bullet", "circled"} and mark == began and shift < -0.5)


def _block(paragraph: Sequence[Line], left: float, right: float, cell: bool) -> TextBlock:
    text = join_texts(line.text for line in paragraph)
    first, last = paragraph[0], paragraph[-1]
    em = max(first.size, 1.0)
    return TextBlock(
        text,
        tuple(paragraph),
        indent=round(max(0.0, first.box.x0 - left) / em, 1),
        open_end=not ends_sentence(text) and is_full(last, right),
        centered=not cell and len(paragraph) == 1 and _is_centered(first, left, right),
    )
