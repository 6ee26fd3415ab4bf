"""Opens a PDF with pdfplumber and gives what is drawn on each page: characters and rules.

The only module that knows how characters come out of a file. Damage shows in many ways there; here
it becomes `UnreadableError`, or None for a single page.
"""

import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.psparser import PSException
from pdfplumber.utils.exceptions import PdfminerException

from ingest import problems
from ingest.pdf.actual_text import layout
from ingest.problems import UnreadableError

# pdfminer tells the log about each odd font; what matters to a user is in `problems`.
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)

# A damaged file fails in pdfminer in many ways besides its own errors: a missing key, a wrong type,
# a stream that does not inflate.
_ERRORS = (
    PDFException, PSException, PdfminerException, ValueError, TypeError, KeyError, IndexError,
    AttributeError, AssertionError, EOFError, OSError, ArithmeticError, RecursionError,
    NotImplementedError,
)  # fmt: skip


@dataclass(frozen=True)
class DrawnPage:
    """A page in points: pdfplumber's characters and straight edges, whether it holds a picture."""

    width: float
    height: float
    chars: Sequence[dict[str, Any]]
    edges: Sequence[dict[str, Any]]
    has_image: bool
    replaced: int = 0
    """Characters that /ActualText put right."""


@dataclass(frozen=True)
class Drawing:
    """An open PDF: its own title, and its pages one by one."""

    title: str | None
    _pages: Sequence[Any]

    def pages(self) -> Iterator[DrawnPage | None]:
        """Yield each page, None for one that is damaged; a page is closed when the next is read."""
        for page in self._pages:
            try:
                # Setting the layout keeps pdfplumber from making one that ignores /ActualText.
                page._layout, replaced = layout(page)
                # Slanted strokes have no orientation and rule no table.
                edges = [edge for edge in page.edges if edge["orientation"]]
                width, height = float(page.width), float(page.height)
                drawn = DrawnPage(
                    width, height, page.chars, edges, bool(page.images), replaced
                )
            except _ERRORS:
                drawn = None
            yield drawn
            page.close()


@contextmanager
def open_drawing(data: bytes) -> Iterator[Drawing]:
    """Open a PDF; raises `UnreadableError` where it is locked or damaged."""
    try:
        pdf = pdfplumber.open(io.BytesIO(data))
        pages = pdf.pages
        title = str(pdf.metadata.get("Title") or "").strip() or None
    except _ERRORS as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in (error, *error.args)):
            raise UnreadableError(problems.locked_by_password()) from error
        raise UnreadableError(problems.truncated()) from error
    with pdf:
        yield Drawing(title, pages)
