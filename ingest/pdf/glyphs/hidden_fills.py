"""Rectangles that cannot be seen: filled without an outline, on a ground of their own colour.

Word processors shade a box or a cell once, and each line of its text again, and lay white under
text boxes. Taken for rules, the sides of those pieces would cut a paragraph into a table of lines.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

_NEAR = 0.6
"""Points by which a piece may reach beyond its ground."""

_MOST = 2000
"""Filled rectangles beyond which a page is a drawing; each is compared with those before it."""

_TINT = 0.01
"""Part by which a colour may differ from white: no eye and no printer tells the two apart."""

_STRIPS = 64
"""Into how many strips a page is parted; a rectangle is compared with those that share one."""


def visible_rects(rects: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the rectangles (pdfplumber's, in the order of drawing) that show on the page."""
    filled = sum(_is_fill(rect) for rect in rects)
    if not filled or filled > _MOST:
        return list(rects)
    # Nothing thinner than the tolerance overlaps anything by more than it: that leaves out rules.
    broad = [at for at, rect in enumerate(rects) if not _is_thin(rect)]
    drawn = _Drawn([rects[at] for at in broad])
    hidden = set()
    for at in broad:
        rect = rects[at]
        strips = drawn.touched(rect)
        if _is_fill(rect) and _is_hidden(rect, drawn.within(strips)):
            hidden.add(at)
        drawn.add(rect, strips)
    return [rect for at, rect in enumerate(rects) if at not in hidden]


def _is_fill(rect: dict[str, Any]) -> bool:
    return bool(rect.get("fill")) and not rect.get("stroke")


def _is_thin(rect: dict[str, Any]) -> bool:
    return bool(rect["x1"] - rect["x0"] <= _NEAR or rect["bottom"] - rect["top"] <= _NEAR)


class _Strips:
    """What was drawn so far, by the strips of the page that it touches, across or down."""

    def __init__(self, rects: Sequence[dict[str, Any]], low: str, high: str) -> None:
        """Part the length from `low` to `high` that `rects` fill into strips."""
        self._low, self._high = low, high
        ends = [float(end) for rect in rects for end in (rect[low], rect[high])]
        self._first = min(ends, default=0.0)
        # A damaged file may place things nowhere (not a number): then all stand in one strip.
        sound = math.isfinite(sum(map(abs, ends)))
        self._width = (max(ends, default=0.0) - self._first) / _STRIPS if sound else 0.0
        self._strips: list[list[int]] = [[] for _ in range(_STRIPS + 1)]

    def touched(self, rect: dict[str, Any]) -> Sequence[list[int]]:
        """Give the strips in which `rect` stands: what overlaps it stands in one of them, too."""
        if not self._width:
            return self._strips[:1]
        first = int((rect[self._low] - self._first) / self._width)
        last = int((rect[self._high] - self._first) / self._width)
        return self._strips[first : last + 1]


class _Drawn:
    """What was drawn so far, to be asked for what may stand where another rectangle does."""

    def __init__(self, rects: Sequence[dict[str, Any]]) -> None:
        """Begin a page on which `rects` are going to be drawn."""
        self._strips = (_Strips(rects, "top", "bottom"), _Strips(rects, "x0", "x1"))
        self._drawn: list[dict[str, Any]] = []

    def touched(self, rect: dict[str, Any]) -> list[Sequence[list[int]]]:
        """Give the strips in which `rect` stands, down and across."""
        return [strips.touched(rect) for strips in self._strips]

    def add(self, rect: dict[str, Any], touched: Iterable[Sequence[list[int]]]) -> None:
        """Note that `rect`, which stands in the strips `touched`, is drawn next."""
        for strips in touched:
            for strip in strips:
                strip.append(len(self._drawn))
        self._drawn.append(rect)

    def within(self, touched: Sequence[Sequence[list[int]]]) -> Iterator[dict[str, Any]]:
        """Yield all that may stand where what is in the strips `touched` does, the last first."""
        counts = [sum(map(len, strips)) for strips in touched]
        if min(counts) >= len(self._drawn):
            yield from reversed(self._drawn)
            return
        found = {at for strip in touched[counts.index(min(counts))] for at in strip}
        for at in sorted(found, reverse=True):
            yield self._drawn[at]


def _is_hidden(rect: dict[str, Any], before: Iterable[dict[str, Any]]) -> bool:
    """Tell whether `rect` is hidden among what was drawn `before` it, given the last first."""
    # What is drawn there last is the ground, if it lies under all of the rectangle.
    ground = next(_under(rect, before), None)
    if ground is None:
        return is_white(rect.get("non_stroking_color"))
    return (
        bool(ground.get("fill"))
        and ground.get("non_stroking_color") is not None
        and ground.get("non_stroking_color") == rect.get("non_stroking_color")
        and _holds(ground, rect)
    )


def is_white(color: Any) -> bool:
    """Tell whether a colour is that of the paper: white in grey, RGB or CMYK (ISO 32000-1, 8.6)."""
    parts = color if isinstance(color, list | tuple) else (color,)
    if not all(isinstance(part, int | float) for part in parts):
        return False
    paper = 0.0 if len(parts) == 4 else 1.0
    return all(abs(part - paper) < _TINT for part in parts)


def _holds(ground: dict[str, Any], rect: dict[str, Any]) -> bool:
    return bool(
        ground["x0"] <= rect["x0"] + _NEAR and ground["x1"] >= rect["x1"] - _NEAR
        and ground["top"] <= rect["top"] + _NEAR and ground["bottom"] >= rect["bottom"] - _NEAR
    )  # fmt: skip


def _under(rect: dict[str, Any], before: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield what was drawn before where `rect` stands, the last first, its equals left out.

    Pieces of one colour may overlap their neighbours by a hair, or by a line's height.
    """
    left, right, top, bottom = rect["x0"], rect["x1"], rect["top"], rect["bottom"]
    for other in before:
        if (
            other["bottom"] - top <= _NEAR or other["x1"] - left <= _NEAR
            or right - other["x0"] <= _NEAR
        ):  # fmt: skip
            # As most: it stands wholly above or beside.
            continue
        across = min(right, other["x1"]) - max(left, other["x0"])
        if across <= _NEAR:
            continue
        down = min(bottom, other["bottom"]) - max(top, other["top"])
        if down <= _NEAR:
            continue
        partial = (
            other.get("non_stroking_color") == rect.get("non_stroking_color")
            and _is_fill(other)
            and not _holds(other, rect)
        )
        if not partial:
            yield other
