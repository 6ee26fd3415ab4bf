"""The words of first pages as patterns, from words.toml; all are matched on folded texts."""

import re
from functools import cache

from shisaku.ingest.text.beside import table


@cache
def words(part: str, name: str) -> re.Pattern[str]:
    """Return the pattern `name` of a part of words.toml; several of a list are alternatives."""
    found = table(__file__, "words.toml")[part][name]
    return re.compile("|".join(f"(?:{each})" for each in found) if type(found) is list else found)
