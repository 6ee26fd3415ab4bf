"""What the index keeps of each passage, and the version that tells one layout from another."""

from functools import cache
from importlib.metadata import version
from typing import Any

LAYOUT = 6
"""Raise it whenever fields, analysis, folding or the manifest change: older generations are then
rebuilt."""


@cache
def index_version() -> str:
    """Give the version that a generation must have to be read: layout, dictionary, libraries."""
    parts = [f"{name} {version(name)}" for name in ("whoosh", "fugashi", "unidic-lite")]
    return "; ".join([f"layout {LAYOUT}", *parts])


def passage_schema() -> Any:
    """Give the Whoosh schema: what it keeps of each passage.

    `place` is a column of encoded `Place`s: facets read it once per hit and nothing else. `aliases`
    are the pairs of names that the passage defines. What is looked up stands in `index.addresses`.
    """
    # A run that finds nothing to do asks for the version alone and need not load Whoosh.
    from whoosh import columns, fields

    return fields.Schema(
        place=fields.COLUMN(columns.VarBytesColumn()),
        record=fields.STORED(),
        aliases=fields.STORED(),
    )
