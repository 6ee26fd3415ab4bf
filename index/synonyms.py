"""Synonyms: what a reader of these documents takes for the same (index/synonyms.toml)."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from index.folding import search_key


def read_table() -> dict[str, list[dict[str, Any]]]:
    """Give the table as it is written: `group`s with `words`, `arrow`s with `of` and `to`."""
    return tomllib.loads((resources.files("index") / "synonyms.toml").read_text("utf-8"))


@cache
def _by_key() -> Mapping[str, tuple[str, ...]]:
    table = read_table()
    found: dict[str, tuple[str, ...]] = {}
    for group in table["group"]:
        for word in group["words"]:
            found[search_key(word)] = tuple(other for other in group["words"] if other != word)
    for arrow in table["arrow"]:
        found[search_key(arrow["of"])] = tuple(arrow["to"])
    return found


def synonyms(text: str) -> tuple[str, ...]:
    """Give the synonyms of `text` as a whole, in any spelling that folds alike."""
    return _by_key().get(search_key(text), ())
