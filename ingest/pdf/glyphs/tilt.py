"""Lines that are tilted by a few degrees are set level, as a reader turns the sheet.

A sheet that lay askew in the scanner, or a note that was stamped on, has lines whose characters
climb. Characters of one angle are turned back about the middle of them all, so that they keep their
lines and hardly move.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import atan, cos, sin

from shisaku.ingest.pdf.glyphs.strips import Strip

MOST = 0.0524
"""Tangent of 3°: what climbs more is set slantwise on purpose (a watermark, an arrow's label)."""
LEAST = 0.002
"""Tangent below which a line is level: it climbs by a point over the width of a sheet."""
_DIGITS = 3
"""Decimals of the tangent by which angles are the same."""


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
