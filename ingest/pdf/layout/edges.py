"""Where lines are full: the right edge of the text they stand in, and which lines reach it.

A line that ends early ends its paragraph, so all depends on the edge. Traps: a mark hangs out past
it, a cell or a page is wider than the text in it, and text that runs around a picture has another
edge beside it.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from statistics import median

from shisaku.ingest.model import Line
from shisaku.ingest.text.joining import count_wide, ends_sentence, is_wide
from shisaku.ingest.text.marks import before_value

# Only their left half is ink: at a line's end they hang out past the edge or are set half as wide.
CLOSING = frozenset("、。，．」』）〉》】〕｝］")


def measure_end(lines: Sequence[Line], right: float) -> float:
    """Give where lines of the column are full: where they end flush, not where one sticks out.

    A mark hangs out past the edge (ぶら下げ, JIS X 4051), or a browser sets it half as wide as its
    box says; measured by such a line, every other one would seem to end early.
    """
    em = median(line.size for line in lines)
    ends = sorted(line.box.x1 for line in lines if right - line.box.x1 <= 2.2 * em)
    flush = max(ends, key=lambda end: (_near(ends, end), end), default=right)
    together = _near(ends, flush)
    if together < 3:
        # Ragged: none end together, but all without a mark at their end stop short of the edge.
        flush = max((row.box.x1 for row in lines if row.text[-1:] not in CLOSING), default=right)
        if not ends or ends[-1] < right - _FLUSH:
            return right
    if right - flush > 1.1 * em:
        return right
    beyond = [line for line in lines if line.box.x1 > flush + _FLUSH]
    # A word or two that the program could not break stick out as well, seldom.
    others = [line for line in beyond if line.text[-1:] not in CLOSING]
    return flush if len(others) <= together / 8 else right


_FLUSH = 0.6
"""Points within which lines end at one edge."""


def _near(ends: Sequence[float], place: float) -> int:
    return bisect_right(ends, place + _FLUSH) - bisect_left(ends, place - _FLUSH)


_UNBREAKABLE = re.compile(
    r"""[「『（〈《【〔｛［(\[{]*
    (?:[A-Za-z0-9.,%:/_\-]+|.)
    [」』）〉》】〕｝］)\]}、。，．,.・：；？！?!ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々…]*""",
    re.VERBOSE,
)


def is_full(line: Line, right: float, head: str = "") -> bool:
    """Tell whether `line` reaches the right edge, so that its end says nothing.

    It does where what follows would not have fitted: of `head`, the next line, the piece that must
    not be broken (JIS X 4051: no opening bracket at a line's end, no closing mark at its begin).
    """
    match = _UNBREAKABLE.match(head)
    piece = match.group() if match else "「あ。"
    width = sum([1.0 if is_wide(char) else 0.55 for char in piece[:30]])
    left, room = right - line.box.x1, (max(width, 1.0) + 0.35) * line.size
    if room >= 0 and (left <= room or left > room * _MOST_SPACED):
        # Most lines, however they are spaced.
        return left <= room
    return left <= room * _spacing(line)


_MOST_SPACED = 1.6
"""Letter-spacing beyond this is no spacing but a table or a list."""


def _spacing(line: Line) -> float:
    """Give by how much a line is letter-spaced (字間): 1 for one that is set solid."""
    text = "".join(line.text.split(" "))
    if len(text) < 8 or "\u3000" in text or count_wide(text) < 0.8 * len(text):
        return 1.0
    solid = sum(1.0 if is_wide(char) else 0.55 for char in text) * max(line.size, 1.0)
    return min(max((line.box.x1 - line.box.x0) / solid, 1.0), _MOST_SPACED)


_SHARED = 1.2
"""Em within which the lines of one paragraph end. Where a line breaks before a mark or a bracket,
one em is left; a browser divides no Latin word and leaves more."""
_LEAST_WIDTH = 15
"""Em that lines of prose take at least; shorter lines that end alike are names or labels."""
_HANGING = 2.6
"""Em by which the lines of an item stand further in than the mark that it begins with."""
_FEW, _PART = 5, 0.4
"""Lines, and part of all lines, that must end at an edge for it to be the text's own."""


_VALUE_GAP = 1.5
"""Em of white space at least before a value that is set to the right edge."""


def ends_with_value(line: Line, right: float) -> bool:
    """Tell whether a line ends with a value at the right edge `right`, far from its words."""
    if right - line.box.x1 > line.size:
        return False
    return bool(before_value(line.text, line.box.x1 - line.box.x0, line.size, _VALUE_GAP))


def own_end(rows: Sequence[Line], right: float) -> float:
    """Give where the text of a cell or box ends, which may be wider than its text: `right` at most.

    It does where many of its lines end together, none further out, well before `right`.
    """
    ends = sorted(row.box.x1 for row in rows)
    em = median(row.size for row in rows)
    last = ends[-1]
    together = len(ends) - bisect_left(ends, last - 1.5 * em)
    width = last - min(row.box.x0 for row in rows)
    is_prose = together >= max(_FEW, _PART * len(rows)) and width >= _LEAST_WIDTH * em
    return last if is_prose and any(ends_sentence(row.text) for row in rows) else right


def going_on(rows: Sequence[Line], marks: Sequence[str]) -> list[bool]:
    """Tell for each row whether its sentence goes on in the next, by an edge of their own.

    Lines beside a picture end together, the last of them excepted, and that one ends a sentence;
    so lists of names do not. `marks` are the kinds of mark with which the rows begin, "" for none.
    """
    found = [False] * len(rows)
    for at in range(len(rows) - 2, -1, -1):
        row, below = rows[at], rows[at + 1]
        most = _inset(marks[at])
        if marks[at + 1] or not _stands_below(row, below, most) or ends_sentence(row.text):
            continue
        ended = ends_sentence(below.text)
        if _end_together(row, below):
            found[at] = ended or found[at + 1]
        elif ended and below.box.x1 < row.box.x1 and at:
            above = rows[at - 1]
            found[at] = (
                _end_together(above, row)
                and _stands_below(above, row, _inset(marks[at - 1]))
                and not marks[at]
                and not ends_sentence(above.text)
            )
    return found


def _inset(mark: str) -> float:
    """Give how much further in than a row the next one may stand, in em: that of a hanging item."""
    return _HANGING if mark not in {"", "label"} else 0.3


def _end_together(first: Line, second: Line) -> bool:
    return abs(first.box.x1 - second.box.x1) <= _SHARED * first.size


def _stands_below(row: Line, below: Line, most: float) -> bool:
    """Tell whether `below` is set as the next line of the prose in `row`, `most` em further in."""
    em = max(row.size, 1.0)
    shift = (below.box.x0 - row.box.x0) / em
    return (
        row.box.page == below.box.page
        and row.bold == below.bold
        and abs(row.size - below.size) <= 0.12 * em
        and -1.6 <= shift <= most
        and 0 <= below.box.top - row.box.top <= _LINE_HEIGHT * em
        and row.box.x1 - row.box.x0 >= _LEAST_WIDTH * em
    )


_LINE_HEIGHT = 2.4
"""Em from one line of a paragraph to the next at most; forms are set at double space."""
