"""What the index keeps of each passage, and the version that tells one layout from another."""

from typing import Any

LAYOUT = 10
"""Raise it whenever fields, analysis, folding or the manifest change: older generations are then
rebuilt."""


def passage_schema() -> Any:
    """Give the Whoosh schema: what it keeps of each passage.

    Columns of bytes: its record, encoded; `aliases`, the pairs of names that it defines; `bounds`,
    where its words begin and end (`token_offsets`). What is looked up or counted stands in
    `postings`. Every passage must be given a value for each: Whoosh writes a column wrongly
    that ends in passages without one.
    """
    # A run that finds nothing to do asks for the version alone and need not load Whoosh.
    from whoosh import columns, fields

    return fields.Schema(
        record=fields.COLUMN(columns.CompressedBytesColumn()),
        aliases=fields.COLUMN(columns.VarBytesColumn()),
        bounds=fields.COLUMN(columns.VarBytesColumn()),
    )
