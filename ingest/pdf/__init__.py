"""Reads PDFs into blocks; `read_pdf` is all that others call."""

from shisaku.ingest.pdf.reader import read_pdf

__all__ = ["read_pdf"]
