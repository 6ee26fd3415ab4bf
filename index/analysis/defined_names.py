"""Definitions in a passage (以下「IOM」という。) as fields of the index, for `engine.aliases`."""

import msgspec

from shisaku.index.analysis.folding import search_key


def alias_fields(text: str) -> tuple[list[str], dict[str, bytes]]:
    """Return the keys of the names that `text` defines, and stored fields by name."""
    if "(" not in text and "（" not in text:
        return [], {}
    from shisaku.index.analysis.abbreviations import definitions  # needed for indexing only

    found = tuple(dict.fromkeys(definitions(text)))
    if not found:
        return [], {}
    keys = dict.fromkeys(search_key(name) for pair in found for name in (pair.long, pair.short))
    stored = msgspec.json.encode([(pair.long, pair.short) for pair in found])
    return list(keys), {"aliases": stored}
