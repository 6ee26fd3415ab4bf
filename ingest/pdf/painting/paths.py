"""Paths (ISO 32000-1, 8.5) as pdfplumber's lines, rectangles and curves.

A path is its operators in one string ("mllch") and its numbers in one list, because a map with
ten thousand strokes is reckoned through as a whole, not point by point.
"""

from itertools import compress
from typing import Any

from shisaku.ingest.pdf.painting.sheet import Drawn, Sheet

_FAR = (1 << 31) - 1
"""What pdfminer takes for infinite; a path reaches no farther."""

_ENDS = bytes.maketrans(b"mln", b"\1\1\0")
_CONTROLS = {ord("c"): "nnl", ord("v"): "nl", ord("y"): "nl", ord("h"): None}
"""What points an operator takes: "n" is one that steers a curve, which does not pass through it."""


def paint_path(
    sheet: Sheet, shape: str, numbers: list[float], stroke: bool, fill: bool, color: Any
) -> None:
    """Paint a path: one object for each of its parts; none where it does not begin with "m".

    `color` is that of the filling.
    """
    if shape[:1] != "m":
        return
    xs, ys = numbers[::2], numbers[1::2]
    points = shape.translate(_CONTROLS)
    if "n" in points:
        ends = points.encode("ascii").translate(_ENDS)
        xs, ys = list(compress(xs, ends)), list(compress(ys, ends))
    a, b, c, d, e, f = sheet.ctm
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
        _part(sheet, shape, xs, ys, stroke, fill, color)
        return
    at = 0
    for rest in parts:
        end = at + 1 + len(rest) - rest.count("h")
        # Of several parts, one that goes nowhere paints nothing.
        if rest:
            _part(sheet, "m" + rest, xs[at:end], ys[at:end], stroke, fill, color)
        at = end


def paint_rectangle(
    sheet: Sheet, x: float, y: float, width: float, height: float, color: Any
) -> None:
    """Fill a rectangle (re and f), which is most of what word processors draw."""
    x1, y1 = x + width, y + height
    a, b, c, d, e, f = sheet.ctm
    low, high = d * y + f, d * y1 + f
    if b == 0 == c and low != high:
        _add(sheet, "rect", [a * x + e, a * x1 + e], [low, high], False, True, color)
    else:
        paint_path(sheet, "mlllh", [x, y, x1, y, x1, y1, x, y1], False, True, color)


def _part(
    sheet: Sheet, shape: str, xs: list[float], ys: list[float], stroke: bool, fill: bool, color: Any
) -> None:
    """Paint a part of a path, which begins with its only "m"; x and y are of where strokes end."""
    if "h" in shape:
        xs, ys = _with_starts(shape, xs), _with_starts(shape, ys)
        if len(shape) > 3 and shape[-2:] == "lh" and xs[-2] == xs[0] and ys[-2] == ys[0]:
            # The last stroke leads back to the start, which closing does again.
            shape = shape[:-2] + "h"
            del xs[-1], ys[-1]
    if shape in ("mlh", "ml"):
        _add(sheet, "line", xs[:2], ys[:2], stroke, fill, color)
    elif shape in ("mlllh", "mllll") and _is_rectangle(xs, ys):
        _add(sheet, "rect", [xs[0], xs[2]], [ys[0], ys[2]], stroke, fill, color)
    else:
        _add(sheet, "curve", xs, ys, stroke, fill, color)


def _with_starts(shape: str, places: list[float]) -> list[float]:
    """Give where strokes end, and for each "h" the start, to which it leads back."""
    if shape.index("h") == len(shape) - 1:
        return [*places, places[0]]
    rest = iter(places)
    return [places[0] if sign == "h" else next(rest) for sign in shape]


def _is_rectangle(xs: list[float], ys: list[float]) -> bool:
    x0, x1, x2, x3, x4 = xs
    y0, y1, y2, y3, y4 = ys
    return (x4, y4) == (x0, y0) and (
        (x0 == x1 and y1 == y2 and x2 == x3 and y3 == y0)
        or (y0 == y1 and x1 == x2 and y2 == y3 and x3 == x0)
    )


def _add(
    sheet: Sheet, kind: str, xs: list[float], ys: list[float], stroke: bool, fill: bool, color: Any
) -> None:
    """Keep what is painted, with what reading needs of pdfplumber's keys."""
    x0, y0, x1, y1 = min(xs), min(ys), max(xs), max(ys)
    if x0 > _FAR or y0 > _FAR or x1 < -_FAR or y1 < -_FAR:
        x0, y0, x1, y1 = min(x0, _FAR), min(y0, _FAR), max(x1, -_FAR), max(y1, -_FAR)
    left, above, height = sheet.left, sheet.above, sheet.height
    if left:
        x0, x1 = x0 + left, x1 + left
    drawn: Drawn = {
        "x0": x0, "x1": x1, "top": (height - y1) + above, "bottom": (height - y0) + above,
        "stroke": stroke, "fill": fill, "non_stroking_color": color,
    }  # fmt: skip
    if kind == "rect":
        drawn["height"] = y1 - y0
    elif kind == "curve":
        edge = above + height
        across = [left + x for x in xs] if left else xs
        drawn["pts"] = list(zip(across, [edge - y for y in ys], strict=True))
    sheet.paths[kind].append(drawn)
