"""Synonyms of terms in these documents, from index/synonyms.toml."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from shisaku.index.analysis.folding import search_key
from shisaku.ingest.text.beside import table


def read_table() -> dict[str, list[dict[str, Any]]]:
    """Return the parsed table: `group`s with `words`, `arrow`s with `of` and `to`."""
    return table(__file__, "synonyms.toml")


@cache
def _by_key() -> Mapping[str, tuple[str, ...]]:
    written = read_table()
    found: dict[str, tuple[str, ...]] = {}
    for group in written["group"]:
        for word in group["words"]:
            found[search_key(word)] = tuple(other for other in group["words"] if other != word)
    for arrow in written["arrow"]:
        found[search_key(arrow["of"])] = tuple(arrow["to"])
    return found


def synonyms(text: str) -> tuple[str, ...]:
    """Return the synonyms of `text` as a whole; spellings with the same search key are equal."""
    return _by_key().get(search_key(text), ())
