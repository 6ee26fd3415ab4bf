"""Tabs in the outer margin (爪見出し): the chapter's name beside the text, where a thumb finds it.

Books print them on the pages of one side only, mirrored or stepping down chapter by chapter. Trap:
a tab says the same as a heading; what tells it is its place, to which its words return.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from shisaku.ingest.model import Line

_MARGIN = 0.1
"""Share of the page's width beside its edge in which tabs stand."""

_LONG = 8
"""Characters from which a line tells how wide the text is set."""

_APART = 4
"""Pages at most from one tab of a chapter to the next: every other page, but for one of plates."""

_LABEL = re.compile(r"第[\s\u3000]?.{1,3}[\s\u3000]?[編部章節]")
_LENGTH = 30
"""Characters beyond which a line is no tab."""


def find_tabs(
    pages: Mapping[int, Sequence[Line]], widths: Mapping[int, float]
) -> list[tuple[int, Line]]:
    """Give the tabs among the lines of `pages`, whose `widths` are in points, with their page.

    A line is one where its words stand at one place on half of the pages of a chapter, or where it
    is set like such tabs in their strip: a chapter of two pages bears its tab once.
    """
    strips: dict[tuple[int, float], list[tuple[int, Line]]] = defaultdict(list)
    for page, lines in pages.items():
        for line in _outside(lines, widths[page]):
            # The strip is as far from the edge on left pages as on right ones.
            strips[round(_depth(line, widths[page]) / 4), line.size].append((page, line))
    found: list[tuple[int, Line]] = []
    for (depth, size), entries in strips.items():
        # Where a tab stands on the border of two strips, it is found from either.
        near = [*strips.get((depth - 1, size), ()), *entries, *strips.get((depth + 1, size), ())]
        if any(_names(line) and _returns(near, page, line) for page, line in near):
            found += [
                (page, line)
                for page, line in entries
                if _runs_down(line) or _LABEL.fullmatch(line.text) or _returns(near, page, line)
            ]
    return found


def _names(line: Line) -> bool:
    """Tell words from the numbers of lines and the marks of lists, which return as well."""
    return sum(char.isalpha() for char in line.text) >= 2


def _depth(line: Line, width: float) -> float:
    """Give how far the middle of a line is from the nearer edge of its page."""
    middle = (line.box.x0 + line.box.x1) / 2
    return min(middle, width - middle)


def _outside(lines: Sequence[Line], width: float) -> list[Line]:
    """Give the short lines that stand in a margin beside the text of their page."""
    long = [line for line in lines if len(line.text) >= _LONG and not _runs_down(line)]
    if len(long) < 4:
        return []
    # A heading or a table may reach further out than the text; nine lines in ten do not.
    starts = sorted(line.box.x0 for line in long)
    ends = sorted(line.box.x1 for line in long)
    left, right = starts[int(0.1 * (len(starts) - 1))], ends[int(0.9 * (len(ends) - 1))]
    return [
        line
        for line in lines
        if len(line.text) <= _LENGTH
        and (line.box.x1 <= min(left, width * _MARGIN)
             or line.box.x0 >= max(right, width * (1 - _MARGIN)))
    ]  # fmt: skip


def _runs_down(line: Line) -> bool:
    return line.box.bottom - line.box.top > 1.5 * (line.box.x1 - line.box.x0)


def _returns(strip: Sequence[tuple[int, Line]], page: int, line: Line) -> bool:
    """Tell whether the words of a line stand at its height on half of the pages of a chapter."""
    same = {
        at for at, other in strip
        if other.text == line.text and abs(other.box.top - line.box.top) < 4
    }  # fmt: skip
    first = last = page
    # The first chapter of another part bears the same tab, many pages on.
    while any(first - _APART <= at < first for at in same):
        first = min(at for at in same if first - _APART <= at)
    while any(last < at <= last + _APART for at in same):
        last = max(at for at in same if at <= last + _APART)
    pages = sum(first <= at <= last for at in same)
    return pages >= 2 and 2 * pages >= last - first + 1
