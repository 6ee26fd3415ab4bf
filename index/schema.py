"""What the index keeps of each passage, and the version that tells one layout from another."""

import contextlib
import os
import sys
from functools import cache
from typing import Any

LAYOUT = 10
"""Raise it whenever fields, analysis, folding or the manifest change: older generations are then
rebuilt."""


@cache
def index_version() -> str:
    """Give the version that a generation must have to be read: layout, dictionary, libraries."""
    names = ("whoosh", "fugashi", "unidic-lite")
    found = _installed()
    parts = [f"{name} {found.get(name.replace('-', '_')) or _version(name)}" for name in names]
    return "; ".join([f"layout {LAYOUT}", *parts])


def _installed() -> dict[str, str]:
    """Give the versions of installed packages by name, read off the names of their folders.

    `importlib.metadata` takes as long to load as a question to the index takes to answer.
    """
    found: dict[str, str] = {}
    for place in sys.path:
        with contextlib.suppress(OSError):
            for folder in os.listdir(place or "."):  # noqa: PTH208 - pathlib would make objects
                name, dash, rest = folder.partition("-")
                if dash and rest.endswith(".dist-info"):
                    found.setdefault(name.lower(), rest.removesuffix(".dist-info"))
    return found


def _version(name: str) -> str:
    from importlib.metadata import version

    return version(name)


def passage_schema() -> Any:
    """Give the Whoosh schema: what it keeps of each passage.

    Columns of bytes: its record, encoded; `aliases`, the pairs of names that it defines; `bounds`,
    where its words begin and end (`index.bounds`). What is looked up or counted stands in
    `index.addresses`. Every passage must be given a value for each: Whoosh writes a column wrongly
    that ends in passages without one.
    """
    # A run that finds nothing to do asks for the version alone and need not load Whoosh.
    from whoosh import columns, fields

    return fields.Schema(
        record=fields.COLUMN(columns.CompressedBytesColumn()),
        aliases=fields.COLUMN(columns.VarBytesColumn()),
        bounds=fields.COLUMN(columns.VarBytesColumn()),
    )
