"""Where lines are full, so that their end says nothing: the edge of a column or a paragraph."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from statistics import median

from shisaku.ingest.model import Line
from shisaku.ingest.pdf.layout.marks import mark_of
from shisaku.ingest.text.joining import count_wide, ends_sentence, is_wide

_LEAST_RUN = 3
"""Lines of a paragraph that show its own right edge."""
RUN_WIDTH = 15
"""Em from which they are running text."""
_RAGGED = 2.2
"""Em by which their ends may differ: a Latin word or a bracket that did not fit."""


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


def own_edges(rows: Sequence[Line], right: float, usual: float) -> dict[int, float]:
    """Give the right edge of paragraphs that are narrower than their column, by their rows.

    Text runs around a picture. That it is one paragraph shows in its first line, which is indented
    by a character, and in the next ones, which end near each other in mid-sentence.
    """
    edges: dict[int, float] = {}
    at = 0
    while at < len(rows) - 2:
        end = _end_of_run(rows, at, usual)
        edge = max(row.box.x1 for row in rows[at:end])
        if end - at >= _LEAST_RUN and right - edge > 2 * rows[at].size:
            # Its last line is as short as it is, whatever its edge.
            edges.update(dict.fromkeys(range(at, end - 1), edge))
        at = max(end - 1, at + 1)
    return edges


def _end_of_run(rows: Sequence[Line], start: int, usual: float) -> int:
    """Give where the lines end that go on with the one at `start`, which opens a paragraph."""
    first, second = rows[start], rows[start + 1]
    em = max(first.size, 1.0)
    if (
        not 0.7 < (first.box.x0 - second.box.x0) / em < 1.3
        or first.box.x1 - first.box.x0 < RUN_WIDTH * em
        or mark_of(first.text)
    ):
        return start + 1
    end = start + 1
    while end < len(rows):
        last, row = rows[end - 1], rows[end]
        if (
            ends_sentence(last.text)
            or abs(row.box.x0 - second.box.x0) > 0.3 * em
            or abs(row.size - first.size) > 0.12 * em
            or row.bold != first.bold
            or (row.box.top - last.box.bottom) / em > max(usual, 0) + 0.55
            or (end - start > 1 and abs(last.box.x1 - rows[end - 2].box.x1) > _RAGGED * em)
        ):
            break
        end += 1
    return end
