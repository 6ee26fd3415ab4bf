"""What else a word of a query is searched as: synonyms, and aliases that the documents define.

Looked up at query time and shown with the answer, so that the user sees why IOM was found.
"""

from typing import Literal

import msgspec

from shisaku.index.analysis.calendars import other_calendar
from shisaku.index.analysis.folding import search_key
from shisaku.index.analysis.synonyms import synonyms
from shisaku.index.engine.aliases import AliasEntry, entries_for
from shisaku.index.engine.base import Engine
from shisaku.index.engine.cache import Cache

_LEAST = 2
"""Letters of an alias: 法 for a law of one document is in every other word of it."""
_KEPT = 1000
"""Words whose expansions are kept; most have none, some a dozen of 200 bytes."""


class Expansion(msgspec.Struct, frozen=True):
    """Another name of what was asked for."""

    text: str
    """What is searched too."""
    source: Literal["synonym", "alias"]
    documents: frozenset[str] | None
    """Ids of the documents in which it holds; None: in all."""
    passage: str | None
    """Id of the passage that defines it."""


class Expander:
    """Finds the expansions of words over one open engine; keeps those of the last words asked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: Cache[str, tuple[Expansion, ...]] = Cache(_KEPT)

    def expansions(self, text: str) -> tuple[Expansion, ...]:
        """Return the other names of `text`, whole, in any spelling that folds alike.

        An alias that two definitions of one document contradict is left out; so is what contains
        `text`, and is found by it anyhow.
        """
        key = search_key(text)
        found = self._known.get(key)
        if found is None:
            found = self._known.put(key, self._expansions(key))
        return found

    def _expansions(self, key: str) -> tuple[Expansion, ...]:
        if not key:
            return ()
        found: dict[str, Expansion] = {}
        for word in (*synonyms(key), *other_calendar(key)):
            found[search_key(word)] = Expansion(word, "synonym", None, None)
        for entry in entries_for(self._engine, key):
            if entry.holds == "ambiguous":
                continue
            name = entry.long if search_key(entry.short) == key else entry.short
            other = search_key(name)
            # A synonym that a document bears out is shown with its passage.
            if len(other) >= _LEAST and (other not in found or entry.holds == "everywhere"):
                found[other] = _expansion(name, entry)
        return tuple(expansion for other, expansion in found.items() if key not in other)


def _expansion(name: str, entry: AliasEntry) -> Expansion:
    documents = None if entry.holds == "everywhere" else frozenset(entry.documents)
    return Expansion(name, "alias", documents, entry.passages[0])
