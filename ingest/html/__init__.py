"""Reads web pages of any age into blocks: bytes → text (`decode`) → blocks (`blocks`)."""

from shisaku.ingest.html.blocks import read_html

__all__ = ["read_html"]
