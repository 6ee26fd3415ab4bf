"""Reads what a page's content stream paints, as pdfplumber does but many times faster.

`read_page` gives what pdfplumber's interpreter would give, number for number, as far as anything is
read of it: not its marks, and of characters what a `Strip` holds. It raises `UnknownContentError`
where it meets what it does not know, so that the caller asks pdfplumber.
"""

from shisaku.ingest.pdf.painting.fonts import FontShelf
from shisaku.ingest.pdf.painting.page import Painted, read_page
from shisaku.ingest.pdf.painting.parser import QuickPdf
from shisaku.ingest.pdf.painting.syntax import UnknownContentError

__all__ = ["FontShelf", "Painted", "QuickPdf", "UnknownContentError", "read_page"]
