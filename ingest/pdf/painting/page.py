"""A page's content as pdfplumber gives it."""

from dataclasses import dataclass
from typing import Any

from pdfminer.pdftypes import list_value
from pdfminer.utils import Matrix
from pdfplumber.page import Page

from ingest.pdf.painting.fonts import FontShelf
from ingest.pdf.painting.interpreter import Interpreter
from ingest.pdf.painting.sheet import Sheet


@dataclass(frozen=True)
class Painted:
    """What a page holds, as `pdfplumber.page.Page.objects` has it."""

    objects: dict[str, list[dict[str, Any]]]
    replaced: int
    """Characters that /ActualText put right."""


def read_page(page: Page, fonts: FontShelf) -> Painted:
    """Give what is painted on a page; `fonts` is shared by the pages of a document.

    Raises `UnknownContentError`, or whatever pdfminer raises, where the page is to be read by
    pdfplumber itself.
    """
    sheet = Sheet(page, fonts)
    inner = page.page_obj
    interpreter = Interpreter(sheet, inner.resources, _upright(inner), frozenset())
    interpreter.run(list_value(inner.contents))
    return Painted(sheet.objects(), sheet.replaced)


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
