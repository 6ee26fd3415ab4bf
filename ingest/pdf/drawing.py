"""Opens a PDF with pdfplumber and gives what is drawn on each page: characters and rules.

The only module that knows how characters come out of a file. Damage shows in many ways there; here
it becomes `UnreadableError`, or None for a single page.
"""

import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.psparser import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from shisaku.ingest import problems
from shisaku.ingest.pdf.actual_text import layout
from shisaku.ingest.pdf.glyphs.hidden_fills import visible_rects
from shisaku.ingest.pdf.glyphs.strips import Strip, strips_of
from shisaku.ingest.pdf.painting import FontShelf, Painted, QuickPdf, UnknownContentError, read_page
from shisaku.ingest.pdf.painting.catalog import Layers, attachments_of, form_of
from shisaku.ingest.pdf.painting.page import shown_box
from shisaku.ingest.pdf.tables.boxes import Fill
from shisaku.ingest.pdf.tables.ruling import edges_of, is_fill
from shisaku.ingest.problems import UnreadableError

# pdfminer tells the log about each odd font; what matters to a user is in `problems`.
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)

# A damaged file fails in pdfminer in many ways besides its own errors: a missing key, a wrong type,
# a stream that does not inflate.
_ERRORS = (
    PDFException, PSException, PdfminerException, MalformedPDFException, ValueError, TypeError,
    KeyError, IndexError, AttributeError, AssertionError, EOFError, OSError, ArithmeticError,
    RecursionError, NotImplementedError,
)  # fmt: skip


@dataclass(frozen=True)
class DrawnPage:
    """A page in points: characters, pdfplumber's straight edges, whether it holds a picture."""

    width: float
    height: float
    strips: Sequence[Strip]
    edges: Sequence[dict[str, Any]]
    has_image: bool
    replaced: int = 0
    """Characters that /ActualText put right."""
    shapes: Sequence[tuple[float, float, float, float]] = ()
    """x0, top, x1, bottom of each stroke, box, curve and picture."""
    pictures: Sequence[tuple[float, float, float, float]] = ()
    """The same of each picture."""
    fills: Sequence[Fill] = ()
    """The grounds that are filled without an outline, in the order of drawing."""


@dataclass(frozen=True)
class Drawing:
    """An open PDF: its own title, and its pages one by one."""

    title: str | None
    _pages: Sequence[Any]
    layers: Layers
    """Which of its layers are off."""
    form: str = ""
    """"XFA" where what is shown comes from a form description that only some viewers run."""
    attachments: tuple[str, ...] = ()
    """Names of the files of a portfolio."""

    def pages(self) -> Iterator[DrawnPage | None]:
        """Yield each page, None for one that is damaged; a page is closed when the next is read."""
        fonts = FontShelf(self.layers)
        for page in self._pages:
            try:
                drawn = _drawn(page, read_painted(page, fonts))
            except _ERRORS:
                drawn = None
            yield drawn
            page.close()


def _drawn(page: Any, painted: Painted) -> DrawnPage:
    objects, strips = painted.objects, painted.strips
    if not strips:
        # A page of outlines and pictures; rules divide nothing there.
        objects = {"image": objects["image"]} if "image" in objects else {}
    objects = {kind: _finite(items) for kind, items in objects.items()}
    if "rect" in objects:
        objects["rect"] = visible_rects(objects["rect"])
    left, top, right, bottom = shown_box(page)
    return DrawnPage(
        right - left,
        bottom - top,
        [strip.moved(left, top) for strip in strips] if left or top else strips,
        _shifted(edges_of(objects), left, top),
        "image" in objects,
        painted.replaced,
        _boxes(objects, left, top),
        _boxes({"image": objects.get("image", ())}, left, top),
        [
            Fill((rect["x0"] - left, rect["top"] - top, rect["x1"] - left, rect["bottom"] - top),
                 rect.get("non_stroking_color"))
            for rect in objects.get("rect", ())
            if is_fill(rect)
        ],
    )  # fmt: skip


def _finite(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out what reaches to no place at all: a number of 400 digits is infinite."""
    sums = [item["x0"] + item["x1"] + item["top"] + item["bottom"] for item in items]
    if math.isfinite(sum(sums)):
        return items
    return [item for item, each in zip(items, sums, strict=True) if math.isfinite(each)]


def read_painted(page: Any, fonts: FontShelf) -> Painted:
    """Give what is painted on pdfplumber's page.

    What the fast reader does not know or stumbles over is read by pdfplumber's own interpreter,
    whose word is final.
    """
    try:
        return read_page(page, fonts)
    except (UnknownContentError, *_ERRORS):
        # Setting the layout keeps pdfplumber from making one that ignores /ActualText.
        page._layout, replaced = layout(page)
        rest = {kind: items for kind, items in page.objects.items() if kind != "char"}
        return Painted(strips_of(page.chars), rest, replaced)


def _boxes(
    objects: Mapping[str, Sequence[dict[str, Any]]], left: float, top: float
) -> list[tuple[float, float, float, float]]:
    return [
        (shape["x0"] - left, shape["top"] - top, shape["x1"] - left, shape["bottom"] - top)
        for kind in ("rect", "curve", "line", "image")
        for shape in objects.get(kind, ())
    ]


def _shifted(items: Sequence[dict[str, Any]], left: float, top: float) -> Sequence[dict[str, Any]]:
    """Give what is drawn in points from the corner of what is shown (CropBox).

    Printers' files keep their bleed outside of it, so that nothing begins at 0.
    """
    if not left and not top:
        return items
    return [
        {
            **drawn,
            "x0": drawn["x0"] - left,
            "x1": drawn["x1"] - left,
            "top": drawn["top"] - top,
            "bottom": drawn["bottom"] - top,
        }
        for drawn in items
    ]


@contextmanager
def open_drawing(data: bytes) -> Iterator[Drawing]:
    """Open a PDF; raises `UnreadableError` where it is locked or damaged."""
    try:
        pdf = QuickPdf(data)
        pages = pdf.pages
        title = str(pdf.metadata.get("Title") or "").strip() or None
        catalog = pdf.doc.catalog
        layers = Layers(catalog)
        form, attachments = form_of(catalog), attachments_of(catalog)
    except _ERRORS as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in (error, *error.args)):
            raise UnreadableError(problems.locked_by_password()) from error
        raise UnreadableError(problems.truncated()) from error
    with pdf:
        yield Drawing(title, pages, layers, form, attachments)
