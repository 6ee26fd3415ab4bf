"""What a leaf of the query looks for: words in sequence, and characters.

One description serves both the matcher, which looks in the index, and the highlighter, which looks
in the text; so what is marked is what was found.
"""

from functools import lru_cache

import msgspec

from shisaku.index.analysis.analyzer import words
from shisaku.index.analysis.folding import literal_variants, search_key
from shisaku.index.analysis.lemma import is_function_phrase
from shisaku.index.query.syntax import Leaf, Scope, Term

Slot = tuple[tuple[str, ...], int]
"""Alternative keys, and their place in the phrase."""
Phrase = tuple[Slot, ...]


class Pattern(msgspec.Struct, frozen=True):
    """Words in sequence, or characters; found where either is."""

    slots: Phrase
    """The words as typed; none where only the characters count."""
    literals: tuple[str, ...]
    """Search keys that are one: with and without iteration marks."""
    near: tuple[Phrase, ...] = ()
    """Further sequences: what begins with the last word, or is nearly one of the words."""
    scope: Scope = ""
    documents: frozenset[str] | None = None
    """Where it holds, by document id; None: everywhere."""
    weight: float = 1.0
    near_weight: float = 1.0
    ranking: Phrase = ()
    """Words of a quotation: they find nothing, but 京都 itself answers it better than 東京都."""

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """The sequences of words, as typed first."""
        return ((self.slots, *self.near)) if self.slots else self.near

    @property
    def only_literal(self) -> bool:
        """Whether no words are sought, so that characters are all that can match."""
        return not self.slots and not self.near


@lru_cache(maxsize=1024)
def pattern(leaf: Leaf) -> Pattern:
    """Analyse a leaf as texts are analysed; one of function words alone is only a literal."""
    key = search_key(leaf.text)
    literal = isinstance(leaf, Term) and leaf.literal
    found = () if is_function_phrase(key) else words(leaf.text)
    first = found[0].position if found else 0
    slots = tuple((word.terms, word.position - first) for word in found)
    typed, ranking = ((), slots) if literal else (slots, ())
    return Pattern(typed, literal_variants(key), scope=leaf.scope, ranking=ranking)
