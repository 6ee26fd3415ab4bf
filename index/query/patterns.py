"""What a leaf of the query searches for: sequences of words, and literal characters.

`pattern` takes a leaf and gives a `Pattern`, which the matcher looks up in the index and the
highlighter in the text, so that highlights agree with the search.
"""

from functools import lru_cache

import msgspec

from shisaku.index.analysis.analyzer import words
from shisaku.index.analysis.folding import literal_variants, search_key
from shisaku.index.analysis.lemma import is_function_phrase
from shisaku.index.query.syntax import Leaf, Scope, Term

Slot = tuple[tuple[str, ...], int]
"""Alternative keys, and their position in the phrase."""
Phrase = tuple[Slot, ...]


class Pattern(msgspec.Struct, frozen=True):
    """Sequences of words, or literal characters; either is a match."""

    slots: Phrase
    """The words as typed; () where only the characters count."""
    literals: tuple[str, ...]
    """Equivalent search keys: with and without iteration marks."""
    near: tuple[Phrase, ...] = ()
    """Further sequences: words with the last word as prefix, or similar words."""
    scope: Scope = ""
    documents: frozenset[str] | None = None
    """Ids of the documents to which it is limited; None for all."""
    weight: float = 1.0
    near_weight: float = 1.0
    ranking: Phrase = ()
    """Words of a quotation, for ranking only: 京都 ranks higher than 東京都."""

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """All sequences of words, that of the query first."""
        return ((self.slots, *self.near)) if self.slots else self.near

    @property
    def only_literal(self) -> bool:
        """Whether it has no words, so that only characters can match."""
        return not self.slots and not self.near


@lru_cache(maxsize=1024)
def pattern(leaf: Leaf) -> Pattern:
    """Return the pattern of a leaf by the analysis of texts; function words alone are a literal."""
    key = search_key(leaf.text)
    literal = isinstance(leaf, Term) and leaf.literal
    found = () if is_function_phrase(key) else words(leaf.text)
    first = found[0].position if found else 0
    slots = tuple((word.terms, word.position - first) for word in found)
    typed, ranking = ((), slots) if literal else (slots, ())
    return Pattern(typed, literal_variants(key), scope=leaf.scope, ranking=ranking)
