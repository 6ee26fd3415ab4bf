"""Footnotes: the lines under a short rule at the foot of a page."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from shisaku.ingest.model import Box, Line


def short_rules(
    edges: Sequence[dict[str, Any]], boxes: Sequence[Box], width: float, height: float
) -> tuple[float, ...]:
    """Give the heights (points from the top) of rules that may stand above footnotes.

    They are horizontal, shorter than 60 % of the page, in its lower part, outside the `boxes` of
    tables and charts.
    """
    found = {
        float(edge["top"])
        for edge in edges
        if edge["orientation"] == "h"
        and 0.1 * width < edge["x1"] - edge["x0"] < 0.6 * width
        and edge["x0"] < 0.35 * width
        and edge["top"] > 0.4 * height
        and not any(box.top - 3 <= edge["top"] <= box.bottom + 3 for box in boxes)
    }
    return tuple(sorted(found))


def find_rule(rules: Sequence[float], lines: Sequence[Line]) -> float | None:
    """Give the one of `rules` below which all `lines` are smaller than the text, or None."""
    for top in rules:
        above = [line for line in lines if line.box.bottom <= top + 2]
        below = [line for line in lines if line.box.bottom > top + 2]
        if not above or not below:
            continue
        if sum(len(line.text) for line in above) < 60:
            # Headings alone say nothing about the size of the text.
            continue
        usual = _usual_size(above)
        small = sum(line.size <= 0.93 * usual for line in below)
        # In two columns the text of the other column may stand below the rule as well.
        if small >= 0.9 * len(below):
            return top
    return None


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
