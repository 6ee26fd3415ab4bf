"""What else a word of a query is searched as: synonyms, and aliases that the documents define."""

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Expansion:
    """Another name of what was asked for."""

    text: str
    """What is searched too."""
    source: Literal["synonym", "alias"]
    documents: frozenset[str] | None
    """Ids of the documents in which it holds; None: in all."""
    passage: str | None
    """Id of the passage that defines it."""


class Expander:
    """Gives the expansions of words over one open Whoosh reader, reading only what is asked."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def expansions(self, text: str) -> tuple[Expansion, ...]:
        """Give the other names of `text`, whole, in any spelling that folds alike."""
        return ()
