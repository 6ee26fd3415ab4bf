"""Footnotes: small lines under a rule or in a box at the foot of a page."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from shisaku.ingest.model import Box, Line
from shisaku.ingest.pdf.layout.items import Frame

_SMALLER = 0.93
"""Size of a footnote beside that of the text, at most."""

_LEAST_TEXT = 60
"""Characters above a rule from which their size is that of the text: headings alone say nothing."""

_SIGN = re.compile(
    r"[(（\[［]?(?:[＊*※†‡]\s*[0-9０-９]{0,3}|注?\s*[0-9０-９]{1,3}|[ⅰ-ⅹ]{1,4}|注)[)）\]］.．:：]?"
)
"""What a footnote begins with."""


class NoteRule(NamedTuple):
    """A level rule: its height in points from the top, and whether it is as wide as the text."""

    top: float
    wide: bool


def note_rules(
    edges: Sequence[dict[str, Any]], boxes: Sequence[Box], width: float, height: float
) -> tuple[NoteRule, ...]:
    """Give the rules that may stand above footnotes, from the top.

    They are horizontal, begin at the left, in the page's lower part, outside the `boxes` of tables
    and charts; wide ones are 60 % of the page or longer.
    """
    found = {
        NoteRule(float(edge["top"]), edge["x1"] - edge["x0"] >= 0.6 * width)
        for edge in edges
        if edge["orientation"] == "h"
        and edge["x1"] - edge["x0"] > 0.1 * width
        and edge["x0"] < 0.35 * width
        and edge["top"] > 0.4 * height
        and not any(box.top - 3 <= edge["top"] <= box.bottom + 3 for box in boxes)
    }
    return tuple(sorted(found))


def find_rule(
    rules: Sequence[NoteRule], lines: Sequence[Line], held: Sequence[Line] = ()
) -> float | None:
    """Give the height of the one of `rules` below which all `lines` are smaller than the text.

    `held` are the lines of tables and boxes, which are text as well. Under a wide rule the first
    line must begin with the sign of a note. None where there is no such rule.
    """
    for top, wide in rules:
        above = [line for line in (*lines, *held) if line.box.bottom <= top + 2]
        below = [line for line in lines if line.box.bottom > top + 2]
        if not above or not below or any(line.box.top > top + 2 for line in held):
            continue
        if sum(len(line.text) for line in above) < _LEAST_TEXT:
            continue
        usual = _usual_size(above)
        small = sum(line.size <= _SMALLER * usual for line in below)
        # In two columns the text of the other column may stand below the rule as well.
        if small >= 0.9 * len(below) and (not wide or _begins(below)):
            return top
    return None


def is_note_box(frame: Frame, others: Sequence[Line]) -> bool:
    """Tell whether a box holds footnotes: the last on its page, smaller, the first with its sign.

    `others` are the lines of the page outside the box.
    """
    above = [line for line in others if line.box.bottom <= frame.box.top + 2]
    if not frame.lines or sum(len(line.text) for line in above) < _LEAST_TEXT:
        return False
    last = max(line.box.bottom for line in others)
    usual = _usual_size(above)
    return (
        last <= frame.box.top + 2
        and all(line.size <= _SMALLER * usual for line in frame.lines)
        and _begins(frame.lines)
    )


def _begins(lines: Sequence[Line]) -> bool:
    first = min(lines, key=lambda line: (line.box.top, line.box.x0))
    return bool(_SIGN.match(first.text))


def _usual_size(lines: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0]


def split_footnotes(lines: Sequence[Line], top: float | None) -> tuple[list[Line], list[Line]]:
    """Give the lines of the text, and those of the footnotes below the rule at `top`."""
    if top is None:
        return list(lines), []
    return (
        [line for line in lines if line.box.bottom <= top + 2],
        [line for line in lines if line.box.bottom > top + 2],
    )
