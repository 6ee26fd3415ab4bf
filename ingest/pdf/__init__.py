"""Reads PDFs into blocks; `read_pdf` is all that others call."""

from ingest.pdf.reader import read_pdf

__all__ = ["read_pdf"]
