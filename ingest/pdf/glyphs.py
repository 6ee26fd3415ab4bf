"""From a pdfplumber page to glyphs: what is visible, once, with radicals repaired.

Traps guarded here: bold faked by drawing twice, glyphs outside the page, `(cid:NN)` for glyphs
without a character.
"""

import ast
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ingest.text.radicals import repair_radicals

_UNSEEN = {"Cc", "Cf", "Cs"}


_CELL = 24.0
"""Points; in cells of this size glyphs are looked up that may be drawn twice."""

_ROWS = 4096.0
"""Cells in a column of them; a page has fewer."""


@dataclass(slots=True, init=False)
class Glyph:
    """A visible glyph or a space: its character(s), box in points, size, font name.

    `middle` is its vertical centre, `centre` the horizontal one, `blank` whether it prints nothing;
    all are asked for often. Its place and text never change.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    font: str
    upright: bool
    doubled: bool
    middle: float = field(init=False, repr=False, compare=False)
    centre: float = field(init=False, repr=False, compare=False)
    blank: bool = field(init=False, repr=False, compare=False)

    def __init__(
        self, text: str, x0: float, top: float, x1: float, bottom: float, size: float, font: str,
        upright: bool = True, doubled: bool = False,
    ) -> None:  # fmt: skip
        """Work out what is asked for often; written out, as there are many glyphs."""
        self.text = text
        self.x0, self.top, self.x1, self.bottom = x0, top, x1, bottom
        self.size, self.font = size, font
        self.upright, self.doubled = upright, doubled
        self.middle = (top + bottom) / 2
        self.centre = (x0 + x1) / 2
        self.blank = not text or text.isspace()

    def at(self, x0: float, top: float, x1: float, bottom: float) -> "Glyph":
        """Give the same glyph in another place."""
        return Glyph(
            self.text, x0, top, x1, bottom, self.size, self.font, self.upright, self.doubled
        )


@dataclass(frozen=True)
class PageGlyphs:
    """The glyphs of a page and what was repaired: counts by kind."""

    glyphs: tuple[Glyph, ...]
    counts: Counter[str]


def read_glyphs(chars: Iterable[dict[str, Any]], width: float, height: float) -> PageGlyphs:
    """Give the glyphs of pdfplumber's `chars` on a page of `width` x `height` points.

    A glyph drawn again in the same place counts once and is marked `doubled` (bold); `(cid:NN)`
    becomes U+FFFD; glyphs that stand wholly outside the page are dropped and counted.
    """
    counts: Counter[str] = Counter()
    kept: list[Glyph] = []
    seen: defaultdict[str, dict[float, list[Glyph]]] = defaultdict(dict)
    for char in chars:
        raw, x0, top, x1, bottom = (
            char["text"], char["x0"], char["top"], char["x1"], char["bottom"]
        )  # fmt: skip
        if raw == "\u0336" and x1 - x0 > 0.3 * bottom - 0.3 * top:
            # Fonts share one glyph between the dash and the combining stroke; what advances is a
            # dash.
            counts["shared_glyphs"] += 1
            raw = "\u2015"
        text, repairs = _printed(raw)
        for repair in repairs:
            counts[repair] += 1
        if not text:
            continue
        glyph = Glyph(
            text, x0, top, x1, bottom, float(char.get("size") or bottom - top),
            font_name(char.get("fontname", "")), bool(char.get("upright", True)),
        )  # fmt: skip
        if x1 < 0 or x0 > width or bottom < 0 or top > height:
            counts["outside_page"] += not glyph.blank
            continue
        if not glyph.blank:
            twin = _find_twin(glyph, seen[text])
            if twin is not None:
                twin.doubled = True
                counts["drawn_twice"] += 1
                continue
        kept.append(glyph)
    return PageGlyphs(tuple(kept), counts)


@lru_cache(maxsize=65536)
def _printed(raw: str) -> tuple[str, tuple[str, ...]]:
    """Give what a character of the text layer prints and the kinds of repair it took."""
    repairs: list[str] = []
    if raw.startswith("(cid:"):
        repairs.append("unmapped_glyphs")
        raw = "\ufffd"
    text = repair_radicals(raw)
    if text != raw:
        repairs.append("radicals")
    # Private-use characters stay: they are bullets and rules of the font's own.
    text = "".join(part for part in text if unicodedata.category(part) not in _UNSEEN)
    if not text:
        repairs.append("control_characters")
    return text, tuple(repairs)


@lru_cache(maxsize=4096)
def font_name(name: str | bytes) -> str:
    """Give a font's name as text: Japanese programs of old write it in Shift_JIS.

    pdfplumber gives such names as the source form of bytes, b'…'.
    """
    if isinstance(name, str) and name.startswith(("b'", 'b"')):
        try:
            name = bytes(ast.literal_eval(name))
        except (ValueError, SyntaxError):
            return str(name)
    return name.decode("cp932", "replace") if isinstance(name, bytes) else str(name)


def _find_twin(glyph: Glyph, cells: dict[float, list[Glyph]]) -> Glyph | None:
    """Give the glyph that `glyph` is a second stroke of; else note it in its cell.

    `cells` holds the glyphs of its text; two cells may share a key, as what is found is measured.
    """
    # An offset of up to an eighth of the size is a second stroke; a real double letter is an
    # advance apart. The largest type reaches no further than `_neighbours` says.
    x0, top, limit = glyph.x0, glyph.top, glyph.size / 8
    reach = (limit if 0 <= limit < 8 else 8.0) + 0.01
    key = x0 // _CELL * _ROWS + top // _CELL
    most = _CELL - reach
    if reach < x0 % _CELL < most and reach < top % _CELL < most:
        # As most glyphs stand: well inside a cell.
        others = cells.get(key)
        if others is None:
            cells[key] = [glyph]
            return None
        home = others
    else:
        others = [
            other
            for i in range(int((x0 - reach) // _CELL), int((x0 + reach) // _CELL) + 1)
            for j in range(int((top - reach) // _CELL), int((top + reach) // _CELL) + 1)
            for other in cells.get(i * _ROWS + j, ())
        ]
        home = cells.setdefault(key, [])
    twins = [
        other
        for other in others
        if abs(other.x0 - x0) <= limit
        and abs(other.top - top) <= limit
        and abs(other.size - glyph.size) < 0.5
        and _neighbours(other, glyph)
    ]
    if twins:
        # Of several the leftmost, then the uppermost, by steps of 4 pt.
        return min(twins, key=_step)
    home.append(glyph)
    return None


def _step(glyph: Glyph) -> tuple[int, int]:
    return int(glyph.x0 // 4), int(glyph.top // 4)


def _neighbours(one: Glyph, other: Glyph) -> bool:
    """Tell whether glyphs stand in the same square of 4 pt or in squares that touch."""
    (column, row), (next_column, next_row) = _step(one), _step(other)
    return abs(column - next_column) <= 1 and abs(row - next_row) <= 1
