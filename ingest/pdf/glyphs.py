"""From a pdfplumber page to glyphs: what is visible, once, with radicals repaired.

Traps guarded here: bold faked by drawing twice, glyphs outside the page, `(cid:NN)` for glyphs
without a character.
"""

import ast
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ingest.text.radicals import repair_radicals

_UNSEEN = {"Cc", "Cf", "Cs"}


@dataclass(slots=True)
class Glyph:
    """A visible glyph or a space: its character(s), box in points, size, font name."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    font: str
    upright: bool = True
    doubled: bool = False

    @property
    def middle(self) -> float:
        """Vertical centre."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        """Horizontal centre."""
        return (self.x0 + self.x1) / 2

    @property
    def blank(self) -> bool:
        """Whether it prints nothing."""
        return not self.text.strip()


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
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    for char in chars:
        raw = char["text"]
        if raw.startswith("(cid:"):
            counts["unmapped_glyphs"] += 1
            raw = "\ufffd"
        if raw == "\u0336" and char["x1"] - char["x0"] > 0.3 * char["bottom"] - 0.3 * char["top"]:
            # Fonts share one glyph between the dash and the combining stroke; what advances is a
            # dash.
            counts["shared_glyphs"] += 1
            raw = "\u2015"
        text = repair_radicals(raw)
        if text != raw:
            counts["radicals"] += 1
        # Private-use characters stay: they are bullets and rules of the font's own.
        text = "".join(part for part in text if unicodedata.category(part) not in _UNSEEN)
        if not text:
            counts["control_characters"] += 1
            continue
        glyph = Glyph(
            text, char["x0"], char["top"], char["x1"], char["bottom"],
            float(char.get("size") or char["bottom"] - char["top"]),
            font_name(char.get("fontname", "")), bool(char.get("upright", True)),
        )  # fmt: skip
        if glyph.x1 < 0 or glyph.x0 > width or glyph.bottom < 0 or glyph.top > height:
            counts["outside_page"] += not glyph.blank
            continue
        if glyph.blank:
            kept.append(glyph)
            continue
        twin = _find_twin(glyph, seen)
        if twin is not None:
            twin.doubled = True
            counts["drawn_twice"] += 1
            continue
        kept.append(glyph)
    return PageGlyphs(tuple(kept), counts)


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


def _find_twin(glyph: Glyph, seen: dict[tuple[str, int, int], list[Glyph]]) -> Glyph | None:
    # An offset of up to an eighth of the size is a second stroke; a real double letter is an
    # advance apart. Cells of 4 pt keep the look-up short; neighbours are looked at as well.
    limit = glyph.size / 8
    column, row = int(glyph.x0 // 4), int(glyph.top // 4)
    for i in (column - 1, column, column + 1):
        for j in (row - 1, row, row + 1):
            for other in seen.get((glyph.text, i, j), ()):
                if (
                    abs(other.x0 - glyph.x0) <= limit
                    and abs(other.top - glyph.top) <= limit
                    and abs(other.size - glyph.size) < 0.5
                ):
                    return other
    seen.setdefault((glyph.text, column, row), []).append(glyph)
    return None
