"""From strips of characters to glyphs: what is visible, once, with radicals repaired.

Traps guarded here: bold faked by drawing twice or with an outline, glyphs outside the page,
`(cid:NN)` for glyphs without a character.
"""

import ast
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import inf, isfinite

from shisaku.ingest.pdf.glyphs.glyph import Glyph
from shisaku.ingest.pdf.glyphs.overstrikes import Strokes
from shisaku.ingest.pdf.glyphs.strips import Strip
from shisaku.ingest.pdf.glyphs.text_layers import seen_once
from shisaku.ingest.text.radicals import repair_radicals

_UNSEEN = {"Cc", "Cf", "Cs"}
_STROKE, _DASH = "\u0336", "\u2015"


@dataclass(frozen=True)
class PageGlyphs:
    """The glyphs of a page and what was repaired: counts by kind."""

    glyphs: tuple[Glyph, ...]
    counts: Counter[str]


def read_glyphs(strips: Iterable[Strip], width: float, height: float) -> PageGlyphs:
    """Give the glyphs of the `strips` on a page of `width` x `height` points.

    A glyph drawn again in the same place counts once and is marked `doubled` (bold), as is one with
    an outline in its own colour (`Strip.emboldened`); `(cid:NN)`
    becomes U+FFFD; glyphs that stand wholly outside the page are dropped and counted.
    """
    counts: Counter[str] = Counter()
    strips, repeated = seen_once(list(strips))
    if repeated:
        counts["text_layer"] += repeated
    kept: list[Glyph] = []
    strokes = Strokes()
    for strip in strips:
        made = _glyphs(strip, counts)
        if not _within(strip, width, height):
            inside = [g for g in made if _seen(g, width, height)]
            counts["outside_page"] += _visible(made) - _visible(inside)
            made = inside
        seconds = strokes.add(made, strip)
        if seconds:
            counts["drawn_twice"] += len(seconds)
            made = [glyph for glyph in made if id(glyph) not in seconds]
        kept += made
    return PageGlyphs(tuple(kept), counts)


def _glyphs(strip: Strip, counts: Counter[str]) -> list[Glyph]:
    """Give the glyphs of a strip; adds to `counts` what was repaired."""
    top, bottom, upright, bold = strip.top, strip.bottom, strip.upright, strip.emboldened
    size, font = float(strip.size or bottom - top), font_name(strip.font)
    middle = (top + bottom) / 2
    texts = _with_dashes(strip, counts) if _STROKE in strip.texts else strip.texts
    made = []
    for raw, x0, x1 in zip(texts, strip.x0, strip.x1, strict=True):
        text, blank, repairs = _printed(raw)
        if repairs:
            counts.update(repairs)
        if text:
            made.append(
                Glyph(
                    text, x0, top, x1, bottom, size, font, upright, bold, middle,
                    (x0 + x1) / 2, blank,
                )
            )  # fmt: skip
    return made


def _with_dashes(strip: Strip, counts: Counter[str]) -> list[str]:
    """Give the characters of a strip, the strokes among them that are dashes as such.

    Fonts share one glyph between the dash and the combining stroke; what advances is a dash.
    """
    least = 0.3 * strip.bottom - 0.3 * strip.top
    texts = []
    for text, x0, x1 in zip(strip.texts, strip.x0, strip.x1, strict=True):
        is_dash = text == _STROKE and x1 - x0 > least
        counts["shared_glyphs"] += is_dash
        texts.append(_DASH if is_dash else text)
    return texts


def _within(strip: Strip, width: float, height: float) -> bool:
    """Tell whether all of a strip is on the page."""
    return (
        0 <= strip.bottom < inf
        and -inf < strip.top <= height
        and isfinite(sum(strip.x0) + sum(strip.x1))
        and min(strip.x1, default=0.0) >= 0
        and max(strip.x0, default=0.0) <= width
    )


def _seen(glyph: Glyph, width: float, height: float) -> bool:
    # Also in a damaged file nothing stands at infinity, or at no number.
    across = -inf < glyph.x0 <= width and 0 <= glyph.x1 < inf
    return across and -inf < glyph.top <= height and 0 <= glyph.bottom < inf


def _visible(glyphs: Iterable[Glyph]) -> int:
    return len([glyph for glyph in glyphs if not glyph.blank])


@lru_cache(maxsize=65536)
def _printed(raw: str) -> tuple[str, bool, tuple[str, ...]]:
    """Give what a character of the text layer prints, whether it is blank, what was repaired."""
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
    return text, not text or text.isspace(), tuple(repairs)


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
