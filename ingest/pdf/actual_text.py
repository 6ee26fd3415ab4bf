"""Reads /ActualText: what glyphs stand for, where the file says so (ISO 32000-1, 14.9.4).

Fonts share one glyph between characters (人 and the radical ⼈, ・ and ‧), so a text made from
glyphs alone guesses; Chrome and others mark the guesses that would go wrong.
"""

from typing import Any

from pdfminer.layout import LTChar, LTPage
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.utils import decode_text
from pdfplumber.page import PDFPageAggregatorWithMarkedContent

_LONGEST = 3
"""Glyphs up to which one text may stand for several; a longer run is a description of a figure."""


class _Device(PDFPageAggregatorWithMarkedContent):
    """pdfplumber's device, which puts /ActualText in the place of the glyphs' own characters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._spans: list[tuple[str | None, list[LTChar]]] = []
        self.replaced = 0

    def begin_tag(self, tag: Any, props: Any = None) -> None:
        super().begin_tag(tag, props)
        text = props.get("ActualText") if isinstance(props, dict) else None
        self._spans.append((decode_text(text) if isinstance(text, bytes) else None, []))

    def end_tag(self) -> None:
        super().end_tag()
        # A damaged page may close more spans than it opened.
        text, glyphs = self._spans.pop() if self._spans else (None, [])
        if text is not None:
            self.replaced += _replace(glyphs, text)

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        advance = float(super().render_char(*args, **kwargs))
        if self._spans and self._spans[-1][0] is not None and self.cur_item._objs:
            glyph = self.cur_item._objs[-1]
            if isinstance(glyph, LTChar):
                self._spans[-1][1].append(glyph)
        return advance


def _replace(glyphs: list[LTChar], text: str) -> int:
    """Give the glyphs the characters of `text`; give back how many changed."""
    before = [glyph.get_text() for glyph in glyphs]
    if len(glyphs) == len(text):
        for glyph, char in zip(glyphs, text, strict=True):
            glyph._text = char
    elif 0 < len(glyphs) <= _LONGEST and text:
        glyphs[0]._text = text
        for glyph in glyphs[1:]:
            glyph._text = ""
    return sum(glyph.get_text() != old for glyph, old in zip(glyphs, before, strict=True))


def layout(page: Any) -> tuple[LTPage, int]:
    """Give pdfminer's layout of a pdfplumber page, and how many glyphs /ActualText corrected."""
    device = _Device(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
    PDFPageInterpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    result: LTPage = device.get_result()
    return result, device.replaced
