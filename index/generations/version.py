"""The version string that decides whether this program can read a generation of the index."""

import contextlib
import os
import sys
from functools import cache

LAYOUT = 12
"""Raise it whenever fields, analysis, folding, the codec or the manifest change: older generations
are then rebuilt by the next run."""


@cache
def index_version() -> str:
    """Return the version that a generation must have: layout, libraries, dictionary."""
    names = ("whoosh", "fugashi", "unidic-lite")
    found = _installed()
    parts = [f"{name} {found.get(name.replace('-', '_')) or _version(name)}" for name in names]
    return "; ".join([f"layout {LAYOUT}", *parts])


def _installed() -> dict[str, str]:
    """Return the versions of installed packages by name, from the names of .dist-info folders.

    Loading `importlib.metadata` takes as long as a search.
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
