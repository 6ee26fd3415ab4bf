"""Lines that are tilted by a few degrees are set level, as a reader turns the sheet.

A sheet that lay askew in the scanner, or a note that was stamped on, has lines whose characters
climb. Characters of one angle are turned back about the middle of them all, so that they keep their
lines and hardly move.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import atan, cos, sin
from statistics import median

from shisaku.ingest.pdf.glyphs.strips import Strip

MOST = 0.0524
"""Tangent of 3°: what climbs more is set slantwise on purpose (a watermark, an arrow's label)."""
LEAST = 0.002
"""Tangent below which a line is level: it climbs by a point over the width of a sheet."""
_DIAGONAL = 0.176
"""Tangent of 10°."""
_DIGITS = 3
"""Decimals of the tangent by which angles are the same."""


def is_diagonal(across: float, up: float) -> bool:
    """Tell whether a line that goes so far across and up runs slantwise: 10° off an axis."""
    short, long = sorted((abs(across), abs(up)))
    return short > _DIAGONAL * long


def levelled(strips: list[Strip]) -> list[Strip]:
    """Return the strips with those that are tilted turned back; the list itself where none is."""
    if not any(strip.tilt for strip in strips):
        return strips
    groups: dict[float, list[Strip]] = {}
    for strip in strips:
        if strip.tilt and strip.texts:
            groups.setdefault(round(strip.tilt, _DIGITS), []).append(strip)
    middles = {tilt: _middle(group) for tilt, group in groups.items()}
    found: list[Strip] = []
    for strip in strips:
        tilt = round(strip.tilt, _DIGITS)
        if strip.tilt and strip.texts:
            found += _level(strip, tilt, *middles[tilt])
        else:
            found.append(strip)
    return found


def _middle(strips: Sequence[Strip]) -> tuple[float, float]:
    xs = [x for strip in strips for x in (*strip.x0, *strip.x1)]
    ys = [y for strip in strips for y in (strip.top, strip.bottom)]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _level(strip: Strip, tilt: float, x: float, y: float) -> list[Strip]:
    """Return the characters of a strip turned about (x, y), each in a strip of its own."""
    angle = atan(tilt)
    c, s = cos(angle), sin(angle)
    high = strip.bottom - strip.top
    middle = (strip.top + strip.bottom) / 2 - y
    made = []
    for text, x0, x1 in zip(strip.texts, strip.x0, strip.x1, strict=True):
        across, wide = (x0 + x1) / 2 - x, x1 - x0
        # The box around a tilted box is wider and higher than it.
        width = max(0.0, wide * c - high * abs(s)) / (c * c - s * s)
        height = max(0.0, high * c - wide * abs(s)) / (c * c - s * s)
        at, level = x + across * c - middle * s, y + across * s + middle * c
        made.append(
            replace(
                strip, texts=[text], x0=[at - width / 2], x1=[at + width / 2],
                top=level - height / 2, bottom=level + height / 2, size=height, tilt=0.0,
            )
        )  # fmt: skip
    return made


_LARGE = 2.5
"""Height of a watermark's characters at least, as part of that of the page's text."""
_LONGEST = 30
"""Characters of a watermark at most; more are a text that is set slantwise."""


def part_watermark(strips: Sequence[Strip]) -> tuple[list[Strip], list[Strip]]:
    """Return the strips of the page and those of a watermark (案, 未定稿, DRAFT) across it.

    A watermark is diagonal and much larger than the text; the labels of an axis are not.
    """
    diagonal = [strip for strip in strips if strip.diagonal and strip.texts]
    if not diagonal:
        return list(strips), []
    sizes = [strip.size for strip in strips if strip.texts and not strip.diagonal]
    least = _LARGE * median(sizes) if sizes else 0.0
    marks = [strip for strip in diagonal if strip.size >= least]
    if not sizes or sum(len(strip.texts) for strip in marks) > _LONGEST:
        return list(strips), []
    drawn = set(map(id, marks))
    return [strip for strip in strips if id(strip) not in drawn], marks
