"""Finds charts on a page: the numbers of an axis, and what is drawn beside or above them.

Few things on a page are as certain as an axis: numbers that fall evenly from top to bottom or rise
from left to right, set flush, each as far from the next as its value says, and a rule or a row of
ticks along them. Traps: numbers of items and of rows rise downwards, figures in a column of a table
are not even, and years that head a table have rules above them but neither bars nor curves.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from msgspec.structs import replace

from shisaku.ingest.model import Box, Line
from shisaku.ingest.text.dates import parse_year

Rect = tuple[float, float, float, float]
"""x0, top, x1, bottom in points."""

_NUMBER = re.compile(r"[-−△▲+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?%?")
_LEAST = 4
"""Numbers from which a fall is no chance."""

_YEAR = 8
"""Characters of a year at an axis, with its era."""


@dataclass(frozen=True)
class Axis:
    """The numbers along an axis from its top or left, and the box of the plot at it."""

    labels: tuple[Line, ...]
    plot: Rect


def find_axes(lines: Sequence[Line], shapes: Sequence[Rect]) -> list[Axis]:
    """Give the axes among `lines` that have a plot at them; `shapes` are what is drawn."""
    if not shapes:
        return []
    numbers = [(line, value) for line in lines if (value := _value(line.text)) is not None]
    axes = [Axis(tuple(fall), plot) for fall, plot in _upright(numbers, shapes, ("right", "left"))]
    held = {id(line) for axis in axes for line in axis.labels}
    # A row of numbers that rise to the right is a column of falling ones, mirrored.
    rest = [pair for pair in numbers if id(pair[0]) not in held]
    plain = {id(line) for line, _ in numbers}
    rest += [
        (line, float(year))
        for line in lines
        if id(line) not in plain and (year := _year(line.text)) is not None
    ]
    mirrored = [(replace(line, box=_mirror_box(line.box)), -value) for line, value in rest]
    origin = {id(copy): line for (copy, _), (line, _) in zip(mirrored, rest, strict=True)}
    turned = [_mirror(shape) for shape in shapes]
    # Years stand below the middle of their bars, and the last one may have its unit beside it.
    for fall, plot in _upright(mirrored, turned, ("left",), 1.6):
        labels = tuple(origin[id(line)] for line in fall)
        box = _mirror(plot)
        if not _counts(labels) and _holds_bars(box, shapes, labels[0].size):
            axes.append(Axis(labels, box))
    return axes


def _mirror(rect: Rect) -> Rect:
    return (rect[1], rect[0], rect[3], rect[2])


def _mirror_box(box: Box) -> Box:
    return Box(box.page, box.top, box.x0, box.bottom, box.x1)


def _year(text: str) -> int | None:
    """Give the year that a label such as H26, R元 or 令和２年度 names, None for other words."""
    return parse_year(text) if len(text) <= _YEAR and text[:1].strip() else None


def _counts(labels: Sequence[Line]) -> bool:
    """Tell whether numbers only count what stands above them: 1 2 3 4."""
    values = [_value(line.text) or _year(line.text) or 0.0 for line in labels]
    return values[1] - values[0] == 1 and values[0] < 1000


def _holds_bars(plot: Rect, shapes: Sequence[Rect], em: float) -> bool:
    """Tell whether bars or pieces of curves stand in a plot, not rules alone."""
    bars = sum(
        plot[0] <= shape[0] and plot[1] <= shape[1] and shape[2] <= plot[2] and shape[3] <= plot[3]
        and shape[2] - shape[0] > 0.3 * em and shape[3] - shape[1] > 0.3 * em
        for shape in shapes
    )  # fmt: skip
    return bars >= _LEAST - 1


def _upright(
    numbers: Sequence[tuple[Line, float]], shapes: Sequence[Rect], sides: Sequence[str],
    spread: float = 0.0,
) -> Iterator[tuple[list[Line], Rect]]:  # fmt: skip
    """Yield falling numbers and the plot that stands on one of the `sides` of them.

    The plot may reach further than the numbers, by `spread` times what they are apart.
    """
    taken: set[int] = set()
    # Numbers of two lengths are flush on one side alone; there they are one axis, not two.
    for column in sorted(_flush(numbers), key=lambda column: -len(_longest_fall(column))):
        # Charts that stand one below the other have their axes in one column.
        rest = [pair for pair in column if id(pair[0]) not in taken]
        while len(fall := _longest_fall(rest)) >= _LEAST:
            plot = _find_plot(fall, shapes, sides, spread)
            seen = {id(line) for line in fall}
            rest = [pair for pair in rest if id(pair[0]) not in seen]
            if plot is not None:
                taken |= seen
                yield fall, plot


def _value(text: str) -> float | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    if not _NUMBER.fullmatch(plain):
        return None
    value = float(plain.strip("-−△▲+%").replace(",", ""))
    return -value if plain[0] in "-−△▲" else value


def _flush(numbers: Sequence[tuple[Line, float]]) -> Iterator[list[tuple[Line, float]]]:
    """Yield numbers that stand flush right or flush left, in type of one size."""
    for side in ("x1", "x0"):
        rest = sorted(numbers, key=lambda pair: float(getattr(pair[0].box, side)))
        group: list[tuple[Line, float]] = []
        for pair in rest:
            line = pair[0]
            if group and (
                getattr(line.box, side) - getattr(group[0][0].box, side) > 0.5 * line.size
            ):
                yield group
                group = []
            group.append(pair)
        yield group


def _longest_fall(column: Sequence[tuple[Line, float]]) -> list[Line]:
    """Give the most numbers of a column that fall by what they are apart."""
    points = sorted(((_middle(line), value, line) for line, value in column), key=lambda p: p[:2])
    best: list[Line] = []
    for (y0, v0, first), (y1, v1, second) in combinations(points[:60], 2):
        if y1 - y0 < 0.8 * first.size or v1 >= v0 or abs(first.size - second.size) > 0.3:
            continue
        slope = (v1 - v0) / (y1 - y0)
        fall = [
            line
            for y, value, line in points
            if abs(y0 + (value - v0) / slope - y) <= 0.25 * first.size
            and abs(line.size - first.size) <= 0.3
        ]
        if len(fall) > len(best):
            best = fall
    places = [round(_middle(line), 1) for line in best]
    return best if len(set(places)) == len(places) else []


def _find_plot(
    labels: Sequence[Line], shapes: Sequence[Rect], sides: Sequence[str], spread: float
) -> Rect | None:
    """Give the box of what is drawn beside an axis, None where no rule or ticks run along it."""
    em = max(line.size for line in labels)
    top, bottom = _middle(labels[0]), _middle(labels[-1])
    start, end = min(line.box.x0 for line in labels), max(line.box.x1 for line in labels)
    # Half an em, because the rule and its ticks may touch the numbers.
    slack = max(1.5 * em, spread * (bottom - top) / (len(labels) - 1))
    within = [shape for shape in shapes if shape[1] >= top - slack and shape[3] <= bottom + slack]
    for side in sides:
        beside = [
            shape
            for shape in within
            if (shape[0] >= end - 0.5 * em if side == "right" else shape[2] <= start + 0.5 * em)
        ]
        near = [
            shape
            for shape in beside
            if (shape[0] - end if side == "right" else start - shape[2]) <= 3 * em
        ]
        if not _runs_along(near, labels):
            continue
        plot = _connected(beside, near, 6 * em)
        if plot[2] - plot[0] >= 6 * em and plot[3] - plot[1] >= 0.6 * (bottom - top):
            return plot
    return None


def _runs_along(shapes: Sequence[Rect], labels: Sequence[Line]) -> bool:
    """Tell whether a stroke or a box runs along all `labels`, or strokes stand at most of them."""
    top, bottom = _middle(labels[0]), _middle(labels[-1])
    if any(shape[3] - shape[1] >= 0.9 * (bottom - top) for shape in shapes):
        return True
    marked = sum(
        any(shape[3] - shape[1] <= 2 and abs(shape[1] - _middle(line)) <= 0.4 * line.size
            for shape in shapes)
        for line in labels
    )  # fmt: skip
    return marked >= max(_LEAST - 1, 0.6 * len(labels))


def _connected(shapes: Sequence[Rect], near: Sequence[Rect], reach: float) -> Rect:
    """Give the hull of `near` and the shapes that follow from it without a wide gap."""
    x0, x1 = min(s[0] for s in near), max(s[2] for s in near)
    taken = list(near)
    grew = True
    while grew:
        grew = False
        more = [s for s in shapes if s[0] <= x1 + reach and s[2] >= x0 - reach]
        if len(more) > len(taken):
            taken, grew = more, True
            x0, x1 = min(x0, *(s[0] for s in more)), max(x1, *(s[2] for s in more))
    return (x0, min(s[1] for s in taken), x1, max(s[3] for s in taken))


def _middle(line: Line) -> float:
    return (line.box.top + line.box.bottom) / 2
