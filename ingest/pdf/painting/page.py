"""What a page holds: strips of characters, and paths and images as pdfplumber gives them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pdfminer.pdftypes import list_value
from pdfminer.utils import Matrix, apply_matrix_rect
from pdfplumber.page import Page

from shisaku.ingest.pdf.glyphs.strips import Strip, chars_of
from shisaku.ingest.pdf.glyphs.tilt import levelled
from shisaku.ingest.pdf.painting.annotations import paint_annotations
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
    upright = _upright(inner)
    interpreter = Interpreter(sheet, inner.resources, upright, frozenset())
    interpreter.run(list_value(inner.contents))
    sheet.show()
    paint_annotations(sheet, inner.annots, upright)
    return Painted(levelled(sheet.strips), sheet.objects(), sheet.replaced)


def shown_box(page: Page) -> tuple[float, float, float, float]:
    """Return what a viewer shows of a page: x0, top, x1, bottom in points, as characters lie.

    That is the CropBox within the MediaBox (ISO 32000-1, 14.11.2). The trap: pdfplumber swaps the
    corners of a CropBox for /Rotate as if it lay in the middle of the MediaBox.
    """
    inner = page.page_obj
    if not page.rotation and inner.mediabox[0] <= inner.mediabox[2]:
        left, top, right, bottom = map(float, page.cropbox)
    else:
        x0, y0, x1, y1 = apply_matrix_rect(_upright(inner), _sorted(inner.cropbox))
        height, (left, above) = float(page.height), map(float, page.mediabox[:2])
        left, right = x0 + left, x1 + left
        top, bottom = height - y1 + above, height - y0 + above
    media = tuple(map(float, page.mediabox))
    shown = (max(left, media[0]), max(top, media[1]), min(right, media[2]), min(bottom, media[3]))
    # A CropBox that lies outside of the sheet shows nothing; viewers then show the sheet.
    return shown if shown[0] < shown[2] and shown[1] < shown[3] else media  # type: ignore[return-value]


def _sorted(box: Sequence[float]) -> tuple[float, float, float, float]:
    """Return a rectangle by its lower left and upper right corners, whichever it was given by."""
    (x0, x1), (y0, y1) = sorted((box[0], box[2])), sorted((box[1], box[3]))
    return x0, y0, x1, y1


def _upright(page: Any) -> Matrix:
    """Return the matrix that turns a page as /Rotate says and puts its corner at the origin."""
    x0, y0, x1, y1 = _sorted(page.mediabox)
    rotate = page.rotate % 360
    if rotate == 90:
        return (0, -1, 1, 0, -y0, x1)
    if rotate == 180:
        return (-1, 0, 0, -1, x1, y1)
    if rotate == 270:
        return (0, 1, -1, 0, y1, -x0)
    return (1, 0, 0, 1, -x0, -y0)
