"""Leaf of a query → `Pattern`: the words it looks for in sequence, and the characters.

One pattern serves both the engine, which looks in the index, and the highlighter, which looks in
the text; so what is marked is what was found.
"""

from functools import lru_cache

from shisaku.index.analysis.analyzer import words
from shisaku.index.analysis.folding import literal_variants, search_key
from shisaku.index.analysis.lemma import is_function_phrase
from shisaku.index.query.plan import Pattern
from shisaku.index.query.syntax import Leaf, Term


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
