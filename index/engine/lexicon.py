"""The words that the index knows, looked up by their beginning or by likeness.

Both lookups are complete: a beginning is read off the sorted terms, and likeness is decided among
all words of fitting length that share enough pairs of characters, which few edits cannot
all destroy.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from shisaku.index.engine.whoosh.codec.postings import Rows

_FIELDS = ("text_words", "head_words")
_EDGE = "\x1e"  # no key holds it, see FIELD_BREAK
_MAX_LENGTH = 40  # characters; a longer key is no word that somebody misspelt


def allowed_distance(length: int) -> int:
    """Give how many edits a key of `length` characters may differ by and still be nearly it."""
    return 0 if length < 3 else 1 if length <= 5 else 2


def distance(one: str, other: str, limit: int) -> int:
    """Give the edit distance (insert, delete, replace a character); `limit` + 1 for any more."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    row = list(range(len(other) + 1))
    for at, char in enumerate(one, 1):
        last, row = row, [at]
        for place, opposite in enumerate(other, 1):
            row.append(
                min(last[place] + 1, row[-1] + 1, last[place - 1] + (char != opposite)),
            )
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


class Lexicon:
    """Keys of words in texts and headings over the segments of one open reader."""

    def __init__(self, segments: Sequence[Rows]) -> None:
        self._segments = segments

    def beginning(self, prefix: str) -> tuple[str, ...]:
        """Give the keys that begin with `prefix`, in code-point order."""
        found = {
            term
            for rows in self._segments
            for field in _FIELDS
            for term in rows.beginning(field, prefix)
        }
        return tuple(sorted(found))

    def has_pairs(self, key: str) -> bool:
        """Tell whether each pair of neighbouring characters of `key` stands in some text."""
        pairs = (key[at : at + 2] for at in range(len(key) - 1))
        return all(
            any(rows.weight("text_grams", pair) for rows in self._segments) for pair in pairs
        )

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        keys = {term for rows in self._segments for field in _FIELDS for term in rows.terms(field)}
        found: dict[int, list[str]] = defaultdict(list)
        for word in sorted(keys):
            found[len(word)].append(f"{_EDGE}{word}{_EDGE}")
        return found

    def near(self, text: str, limit: int) -> dict[str, int]:
        """Give the keys within `limit` edits of `text`, itself left out, with their distance."""
        if not 0 < len(text) <= _MAX_LENGTH or limit < 1:
            return {}
        edged = f"{_EDGE}{text}{_EDGE}"
        pairs = {edged[at : at + 2] for at in range(len(edged) - 1)}
        # An edit touches two pairs at most. Below one shared pair anything would do.
        enough = max(1, len(pairs) - 2 * limit)
        found = {}
        for length in range(max(1, len(text) - limit), len(text) + limit + 1):
            for key in self._by_length.get(length, ()):
                if sum(pair in key for pair in pairs) >= enough:
                    apart = distance(text, key[1:-1], limit)
                    if 0 < apart <= limit:
                        found[key[1:-1]] = apart
        return found
