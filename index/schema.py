"""What the index keeps of each passage, and the version that tells one layout from another."""

from functools import cache
from importlib.metadata import version
from typing import Any

LAYOUT = 5
"""Raise it whenever fields, analysis, folding or the manifest change: older generations are then
rebuilt."""


@cache
def index_version() -> str:
    """Give the version that a generation must have to be read: layout, dictionary, libraries."""
    parts = [f"{name} {version(name)}" for name in ("whoosh", "fugashi", "unidic-lite")]
    return "; ".join([f"layout {LAYOUT}", *parts])


def passage_schema() -> Any:
    """Give the Whoosh schema.

    `head` is the heading path with the measure's title, `title` the document's, which only ranks.
    `place` is a column of encoded `Place`s: facets read it once per hit and nothing else.
    `defines` has the keys of all names that the passage defines, `aliases` the pairs of them.
    """
    # A run that finds nothing to do asks for the version alone and need not load Whoosh.
    from whoosh import columns, fields

    from index.analyzer import GramAnalyzer, KeyAnalyzer, WordAnalyzer

    return fields.Schema(
        id=fields.ID(),
        document=fields.ID(),
        measure=fields.ID(),
        text_words=fields.TEXT(analyzer=WordAnalyzer(), phrase=True),
        text_grams=fields.TEXT(analyzer=GramAnalyzer(), phrase=True),
        head_words=fields.TEXT(analyzer=WordAnalyzer(), phrase=True),
        head_grams=fields.TEXT(analyzer=GramAnalyzer(), phrase=True),
        title_words=fields.TEXT(analyzer=WordAnalyzer(), phrase=True),
        place=fields.COLUMN(columns.VarBytesColumn()),
        record=fields.STORED(),
        defines=fields.TEXT(analyzer=KeyAnalyzer(), phrase=False),
        aliases=fields.STORED(),
    )
