"""From blocks to a parsed document: outline, measures, passages, and what the document is."""

from shisaku.ingest.structure.document import build_document

__all__ = ["build_document"]
