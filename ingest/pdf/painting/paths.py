"""Paths (ISO 32000-1, 8.5) as pdfplumber's lines, rectangles and curves.

A path is its operators in one string ("mllch") and its numbers in one list, because a map with
ten thousand strokes is reckoned through as a whole, not point by point.
"""

from dataclasses import dataclass
from typing import Any

from ingest.pdf.painting.sheet import Drawn, Sheet

PAIRS = {"m": 1, "l": 1, "c": 3, "v": 2, "y": 2, "h": 0}
"""How many points an operator takes."""

_FAR = (1 << 31) - 1
"""What pdfminer takes for infinite; a path reaches no farther."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pen:
    """How a path is painted, in pdfplumber's terms."""

    width: float
    stroking: Any
    filling: Any
    stroke: bool
    fill: bool
    evenodd: bool = False


def paint_path(sheet: Sheet, shape: str, numbers: list[float], pen: Pen) -> None:
    """Paint a path: one object for each of its parts; none where it does not begin with "m"."""
    if shape[:1] == "m":
        a, b, c, d, e, f = sheet.ctm
        xs, ys = numbers[::2], numbers[1::2]
        if b == 0 == c:
            # A term that is zero adds nothing.
            xs, ys = [a * x + e for x in xs], [d * y + f for y in ys]
        else:
            xs, ys = (
                [a * x + c * y + e for x, y in zip(xs, ys, strict=True)],
                [b * x + d * y + f for x, y in zip(xs, ys, strict=True)],
            )
        parts = shape[1:].split("m")
        if len(parts) == 1:
            _part(sheet, shape, xs, ys, pen)
        else:
            at = 0
            for rest in parts:
                end = at + 1 + _pairs(rest)
                # Of several parts, one that goes nowhere paints nothing.
                if rest:
                    _part(sheet, "m" + rest, xs[at:end], ys[at:end], pen)
                at = end


def _pairs(shape: str) -> int:
    lines = shape.count("l")
    if lines + shape.count("h") == len(shape):
        return lines
    return sum([PAIRS[sign] for sign in shape])


def _part(sheet: Sheet, shape: str, xs: list[float], ys: list[float], pen: Pen) -> None:
    """Paint a part of a path, which begins with its only "m"."""
    left, edge = sheet.left, sheet.above + sheet.height
    shown = list(zip([left + x for x in xs], [edge - y for y in ys], strict=True))
    closed = shape[-1] == "h"
    if shape.count("l") + 1 + closed == len(shape):
        if closed:
            xs, ys, shown = [*xs, xs[0]], [*ys, ys[0]], [*shown, shown[0]]
    else:
        ends, at = [], 0
        for sign in shape:
            count = PAIRS[sign]
            at += count
            ends.append(at - 1 if count else 0)
        xs, ys, shown = [xs[i] for i in ends], [ys[i] for i in ends], [shown[i] for i in ends]
    if len(shape) > 3 and shape[-2:] == "lh" and (xs[-2], ys[-2]) == (xs[0], ys[0]):
        # The last stroke leads back to the start, which closing does again.
        shape = shape[:-2] + "h"
        del xs[-1], ys[-1], shown[-1]
    kind = "curve"
    if shape in ("mlh", "ml"):
        kind = "line"
        del xs[2:], ys[2:], shown[2:]
    elif shape in ("mlllh", "mllll") and _is_rectangle(xs, ys):
        kind = "rect"
        (x0, y0), (x1, y1) = shown[0], shown[2]
        shown = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
        xs, ys = [xs[0], xs[2]], [ys[0], ys[2]]
    _add(sheet, kind, (min(xs), min(ys), max(xs), max(ys)), shown, pen)


def _is_rectangle(xs: list[float], ys: list[float]) -> bool:
    x0, x1, x2, x3, x4 = xs
    y0, y1, y2, y3, y4 = ys
    return (x4, y4) == (x0, y0) and (
        (x0 == x1 and y1 == y2 and x2 == x3 and y3 == y0)
        or (y0 == y1 and x1 == x2 and y2 == y3 and x3 == x0)
    )


def _add(
    sheet: Sheet, kind: str, box: tuple[float, float, float, float], points: list[Point], pen: Pen
) -> None:
    x0, y0, x1, y1 = box
    if x0 > _FAR or y0 > _FAR or x1 < -_FAR or y1 < -_FAR:
        x0, y0, x1, y1 = min(x0, _FAR), min(y0, _FAR), max(x1, -_FAR), max(y1, -_FAR)
    left = sheet.left
    top = (sheet.height - y1) + sheet.above
    width = x1 - x0
    if left:
        x0, x1 = x0 + left, x1 + left
    drawn: Drawn = {
        "x0": x0, "y0": y0, "x1": x1, "y1": y1, "width": width, "height": y1 - y0,
        "pts": points, "linewidth": pen.width, "stroke": pen.stroke, "fill": pen.fill,
        "evenodd": pen.evenodd, "stroking_color": pen.stroking, "non_stroking_color": pen.filling,
        "object_type": kind, "top": top, "bottom": (sheet.height - y0) + sheet.above,
        "doctop": sheet.doctop + top,
    }  # fmt: skip
    sheet.paths[kind].append(drawn)
