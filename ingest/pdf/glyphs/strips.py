"""Characters as a page paints them: strips that share their height, size and font.

A page holds thousands of characters and some hundreds of strips, so what is the same for a strip is
worked out once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

_BOLD_OUTLINE = 0.006
"""Width of an outline, in em, from which it makes a character bold. Programs that have no bold font
of a family draw 0.01 to 0.03 em; a hairline (width 0 or a hundredth of a point) is not seen."""

_SHARED = itemgetter("top", "bottom", "size", "fontname", "upright")


@dataclass(slots=True)
class Strip:
    """Characters in the order in which they are painted, their left and right edges in points.

    `top`, `bottom` and `size`, in points, and the font's name are those of each of them; `upright`
    tells whether they stand on a line from left to right.
    """

    texts: list[str]
    x0: list[float]
    x1: list[float]
    top: float
    bottom: float
    size: float
    font: str
    upright: bool
    tilt: float = 0.0
    """Tangent of the angle by which the line climbs; 0 for a level one (see `tilt`)."""
    unseen: bool = False
    """Whether it is set invisibly (rendering mode 3), as the text layer of a scan is."""
    diagonal: bool = False
    """Whether it runs across the page, neither along nor up nor down (see `tilt`)."""
    outline: float = 0.0
    """Width in points of the stroke that is drawn around filled characters in their own colour."""

    @property
    def emboldened(self) -> bool:
        """Whether its outline makes it bold: filled and stroked, as programs fake a bold font."""
        return self.outline >= _BOLD_OUTLINE * abs(self.size) > 0

    def moved(self, left: float, above: float) -> "Strip":
        """Give the strip as it is seen from a corner `left` and `above` points away."""
        return replace(
            self,
            x0=[x - left for x in self.x0],
            x1=[x - left for x in self.x1],
            top=self.top - above,
            bottom=self.bottom - above,
        )


def strips_of(chars: Iterable[dict[str, Any]]) -> list[Strip]:
    """Give pdfplumber's `chars` as strips."""
    strips = []
    for shared, group in groupby(chars, _SHARED):
        same = list(group)
        texts, x0, x1 = ([char[key] for char in same] for key in ("text", "x0", "x1"))
        strips.append(Strip(texts, x0, x1, *shared))
    return strips


def chars_of(strips: Sequence[Strip], above: float) -> list[dict[str, Any]]:
    """Give strips as pdfplumber's `chars`: of their keys, those that its text and tables read.

    `above` is the height in points of the pages before.
    """
    return [
        {
            "text": text, "x0": x0, "x1": x1, "top": strip.top, "bottom": strip.bottom,
            "doctop": above + strip.top, "size": strip.size, "fontname": strip.font,
            "upright": strip.upright,
        }
        for strip in strips
        for text, x0, x1 in zip(strip.texts, strip.x0, strip.x1, strict=True)
    ]  # fmt: skip
