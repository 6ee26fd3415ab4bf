"""Web pages of any age → blocks: bytes → text (`decode`) → element tree (`dom`) → `blocks`."""

from shisaku.ingest.html.blocks import read_html

__all__ = ["read_html"]
