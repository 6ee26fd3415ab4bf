"""What a passage defines (以下「IOM」という。) as keys and bytes, which `engine.aliases` reads."""

import msgspec

from shisaku.index.analysis.folding import search_key


def alias_fields(text: str) -> tuple[list[str], dict[str, bytes]]:
    """Return the keys that a passage defines, and what is stored of it; nothing where none is."""
    if "(" not in text and "（" not in text:
        return [], {}
    from shisaku.index.analysis.abbreviations import definitions  # only who indexes looks for them

    found = tuple(dict.fromkeys(definitions(text)))
    if not found:
        return [], {}
    keys = dict.fromkeys(search_key(name) for pair in found for name in (pair.long, pair.short))
    stored = msgspec.json.encode([(pair.long, pair.short) for pair in found])
    return list(keys), {"aliases": stored}
