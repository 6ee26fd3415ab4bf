"""The words that an index knows, looked up by their beginning or by likeness.

Both lookups are complete: a beginning is read off the sorted terms of the engine, and likeness is
decided by the edit distance to every word of fitting length.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property

Terms = Callable[[str, str], Iterator[str]]
"""(field, prefix) → terms, in order: `Engine.terms`."""

_FIELDS = ("text_words", "head_words")
_EDGE = "\x1e"  # no key holds it, see FIELD_BREAK
_MAX_LENGTH = 40
"""Characters; a longer key is no word that somebody misspelt."""


def allowed_distance(length: int) -> int:
    """Return how many edits a key of `length` characters may differ by and still be nearly it."""
    return 0 if length < 3 else 1 if length <= 5 else 2


class Lexicon:
    """Keys of words in texts and headings of one open engine."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms

    def beginning(self, prefix: str) -> tuple[str, ...]:
        """Return the keys that begin with `prefix`, in code-point order."""
        found = {term for field in _FIELDS for term in self._terms(field, prefix)}
        return tuple(sorted(found))

    def has_pairs(self, key: str) -> bool:
        """Tell whether each pair of neighbouring characters of `key` stands in some text."""
        pairs = (key[at : at + 2] for at in range(len(key) - 1))
        return all(next(self._terms("text_grams", pair), None) == pair for pair in pairs)

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        """The keys by their length in characters, in code-point order; longer ones left out."""
        keys = {term for field in _FIELDS for term in self._terms(field, "")}
        found: dict[int, list[str]] = defaultdict(list)
        for word in sorted(keys):
            if len(word) <= _MAX_LENGTH + 2:
                found[len(word)].append(word)
        return found

    def near(self, text: str, limit: int) -> dict[str, int]:
        """Return the keys within `limit` edits of `text`, itself left out, with their distance.

        An edit inserts, deletes or replaces a character. Order: by length, then by code point.
        """
        if not 0 < len(text) <= _MAX_LENGTH or limit < 1:
            return {}
        from rapidfuzz.distance import Levenshtein  # few queries ask for likeness
        from rapidfuzz.process import extract

        pairs = _pairs(text)
        # An edit touches two pairs at most. Below one shared pair anything would do.
        enough = max(1, len(pairs) - 2 * limit)
        found = {}
        for length in range(max(1, len(text) - limit), len(text) + limit + 1):
            near = extract(
                text,
                self._by_length.get(length, ()),
                scorer=Levenshtein.distance,
                score_cutoff=limit,
                limit=None,
            )
            for key, apart, _ in sorted(near, key=lambda match: match[2]):
                if apart and len(pairs & _pairs(key)) >= enough:
                    found[key] = int(apart)
        return found


def _pairs(key: str) -> set[str]:
    """Return the pairs of neighbouring characters of a key between its edges."""
    edged = f"{_EDGE}{key}{_EDGE}"
    return {edged[at : at + 2] for at in range(len(edged) - 1)}
