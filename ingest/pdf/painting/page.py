"""What a page holds: strips of characters, and paths and images as pdfplumber gives them."""

from dataclasses import dataclass
from typing import Any

from pdfminer.pdftypes import list_value
from pdfminer.utils import Matrix
from pdfplumber.page import Page

from shisaku.ingest.pdf.glyphs.strips import Strip, chars_of
from shisaku.ingest.pdf.painting.fonts import FontShelf
from shisaku.ingest.pdf.painting.interpreter import Interpreter
from shisaku.ingest.pdf.painting.sheet import Sheet


@dataclass(frozen=True)
class Painted:
    """What a page holds."""

    strips: list[Strip]
    """Its characters."""
    objects: dict[str, list[dict[str, Any]]]
    """The rest, as `pdfplumber.page.Page.objects` has it."""
    replaced: int
    """Characters that /ActualText put right."""

    def for_pdfplumber(self, page: Page) -> dict[str, list[dict[str, Any]]]:
        """Give all of it as the `objects` of the page that was read."""
        chars = chars_of(self.strips, page.initial_doctop)
        return {"char": chars, **self.objects} if chars else self.objects


def read_page(page: Page, fonts: FontShelf) -> Painted:
    """Give what is painted on a page; `fonts` is shared by the pages of a document.

    Raises `UnknownContentError`, or whatever pdfminer raises, where the page is to be read by
    pdfplumber itself.
    """
    sheet = Sheet(page, fonts)
    inner = page.page_obj
    interpreter = Interpreter(sheet, inner.resources, _upright(inner), frozenset())
    interpreter.run(list_value(inner.contents))
    return Painted(sheet.strips, sheet.objects(), sheet.replaced)


def _upright(page: Any) -> Matrix:
    """Give the matrix that turns a page as /Rotate says and puts its corner at the origin."""
    x0, y0, x1, y1 = page.mediabox
    if page.rotate == 90:
        return (0, -1, 1, 0, -y0, x1)
    if page.rotate == 180:
        return (-1, 0, 0, -1, x1, y1)
    if page.rotate == 270:
        return (0, 1, -1, 0, y1, -x0)
    return (1, 0, 0, 1, -x0, -y0)
