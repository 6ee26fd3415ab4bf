"""Paths (ISO 32000-1, 8.5) as pdfplumber's lines, rectangles and curves.

A rectangle (`re`) stays one segment until something is joined to it, because nearly all paths of
tables are made of nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pdfminer.utils import get_bound

from ingest.pdf.painting.sheet import Drawn, Sheet

Segment = tuple[Any, ...]
"""An operator with its numbers: ("m", x, y), ("c", …), ("h",), ("re", x0, y0, x1, y1)."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pen:
    """How a path is painted, in pdfplumber's terms."""

    width: float
    dash: Any
    stroking: Any
    filling: Any
    stroke: bool
    fill: bool
    evenodd: bool = False


def paint_path(sheet: Sheet, path: Sequence[Segment], pen: Pen) -> None:
    """Paint a path: one object for each of its parts."""
    if all(segment[0] == "re" for segment in path):
        for segment in path:
            _rectangle(sheet, segment, pen)
    else:
        part: list[Segment] = []
        flat = [piece for segment in path for piece in _pieces(segment)]
        if flat[0][0] == "m":
            several = sum(segment[0] == "m" for segment in flat) > 1
            for segment in flat:
                if segment[0] == "m":
                    # Of several parts, one that goes nowhere paints nothing.
                    if len(part) > 1:
                        _part(sheet, part, pen)
                    part = []
                part.append(segment)
            if len(part) > 1 or not several:
                _part(sheet, part, pen)
    sheet.mark_last()


def _pieces(segment: Segment) -> list[Segment]:
    if segment[0] != "re":
        return [segment]
    _, x0, y0, x1, y1 = segment
    return [("m", x0, y0), ("l", x1, y0), ("l", x1, y1), ("l", x0, y1), ("h",)]


def _rectangle(sheet: Sheet, segment: Segment, pen: Pen) -> None:
    a, b, c, d, e, f = sheet.ctm
    _, left, low, right, high = segment
    if b == 0 == c and left != right and low != high:
        x0, x1 = a * left + e, a * right + e
        y0, y1 = d * low + f, d * high + f
        if x0 != x1 and y0 != y1:
            corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
            shape = [
                ("m", corners[0]), ("l", corners[1]), ("l", corners[2]), ("l", corners[3]), ("h",),
            ]  # fmt: skip
            _add(sheet, "rect", corners, shape, pen)
            return
    _part(sheet, _pieces(segment), pen)


def _part(sheet: Sheet, part: Sequence[Segment], pen: Pen) -> None:
    """Paint a part of a path that begins with its only "m"."""
    a, b, c, d, e, f = sheet.ctm
    shape = "".join(segment[0] for segment in part)
    drawn: list[tuple[Any, ...]] = []
    points: list[Point] = []
    for segment in part:
        on = [
            (a * x + c * y + e, b * x + d * y + f)
            for x, y in zip(segment[1::2], segment[2::2], strict=True)
        ]
        drawn.append((segment[0], *on))
        points.append(on[-1] if on else points[0])
    if len(shape) > 3 and shape[-2:] == "lh" and points[-2] == points[0]:
        # The last stroke leads back to the start, which closing does again.
        shape = shape[:-2] + "h"
        points.pop()
    kind = "curve"
    if shape in ("mlh", "ml"):
        kind, points = "line", points[:2]
    elif shape in ("mlllh", "mllll"):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3), end = points
        squared = (x0 == x1 and y1 == y2 and x2 == x3 and y3 == y0) or (
            y0 == y1 and x1 == x2 and y2 == y3 and x3 == x0
        )
        if end == points[0] and squared:
            kind, points = "rect", [(x0, y0), (x2, y0), (x2, y2), (x0, y2)]
    _add(sheet, kind, points, drawn, pen)


def _add(
    sheet: Sheet, kind: str, points: list[Point], shape: Sequence[tuple[Any, ...]], pen: Pen
) -> None:
    x0, y0, x1, y1 = get_bound(points)
    left, edge = sheet.left, sheet.above + sheet.height
    top = (sheet.height - y1) + sheet.above
    width = x1 - x0
    if left:
        x0, x1 = x0 + left, x1 + left
    drawn: Drawn = {
        "x0": x0, "y0": y0, "x1": x1, "y1": y1, "width": width, "height": y1 - y0,
        "pts": [(left + x, edge - y) for x, y in points], "linewidth": pen.width,
        "stroke": pen.stroke, "fill": pen.fill, "evenodd": pen.evenodd,
        "stroking_color": pen.stroking, "non_stroking_color": pen.filling,
        "mcid": sheet.mcid, "tag": sheet.tag, "object_type": kind, "page_number": sheet.number,
        "path": [(sign, *((left + x, edge - y) for x, y in on)) for sign, *on in shape],
        "dash": pen.dash, "top": top, "bottom": (sheet.height - y0) + sheet.above,
        "doctop": sheet.doctop + top,
    }  # fmt: skip
    sheet.paths[kind].append(drawn)
    sheet.last = drawn
