"""Texts that the passages of a document or measure share, and which passages these are.

The index holds a measure's title together with the headings above it, and of a document's title
only the words; where a query names one of the two, the text itself decides.
"""

from functools import cached_property
from typing import Any

import msgspec

from shisaku.index.engine.whoosh.codec.segment_reader import Segments
from shisaku.index.query.highlight import finds
from shisaku.index.query.patterns import Pattern
from shisaku.index.records.fields import measure_heading

Numbers = frozenset[int]


class SharedTexts:
    """Reads the texts of one open generation on demand."""

    def __init__(self, rows: Segments) -> None:
        self._rows = rows
        self._documents: dict[str, Numbers] = {}
        self._in_measure: dict[tuple[Pattern, str], bool] = {}

    def _record(self, number: int) -> dict[str, Any]:
        record: dict[str, Any] = msgspec.json.decode(self._rows.record(number))
        return record

    def of_documents(self, ids: frozenset[str] | None) -> Numbers | None:
        """Give the passages of these documents; None for no restriction."""
        if ids is None:
            return None
        return frozenset().union(*(self._of_document(name) for name in ids))

    def _of_document(self, name: str) -> Numbers:
        if name not in self._documents:
            self._documents[name] = frozenset(self._rows.numbers("document", name))
        return self._documents[name]

    @cached_property
    def _titles(self) -> list[tuple[str, Numbers]]:
        found = []
        for name in self._rows.terms("document"):
            if numbers := self._of_document(name):
                found.append((self._record(min(numbers))["title"], numbers))
        return found

    def titles(self, sought: Pattern) -> tuple[set[int], set[int]]:
        """Give the passages of documents whose title has the words, or else the characters."""
        words: set[int] = set()
        characters: set[int] = set()
        for title, numbers in self._titles:
            as_words, literally = finds(sought, title)
            if as_words:
                words |= numbers
            if literally:
                characters |= numbers
        return words, characters

    def in_measure(self, sought: Pattern, number: int) -> bool:
        """Tell whether the label and title of the passage's measure hold what is sought."""
        heading = measure_heading(self._record(number))
        key = (sought, heading)
        if key not in self._in_measure:
            self._in_measure[key] = any(finds(sought, heading))
        return self._in_measure[key]
