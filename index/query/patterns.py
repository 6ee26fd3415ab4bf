"""What a leaf of the query searches for: sequences of words, and literal characters.

`pattern` takes a leaf and gives a `Pattern`, which the matcher looks up in the index and the
highlighter in the text, so that highlights agree with the search.
"""

from functools import lru_cache

from shisaku.index.analysis.analyzer import words
from shisaku.index.analysis.folding import literal_variants, search_key
from shisaku.index.analysis.lemma import is_function_phrase
from shisaku.index.query.plan import Pattern
from shisaku.index.query.syntax import Leaf, Term


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
