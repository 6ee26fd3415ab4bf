"""Texts that the passages of a document or measure share, and which passages these are.

The index holds a measure's title together with the headings above it, and of a document's title
only the words; where a query names one of the two, the text itself decides.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import msgspec

from shisaku.index.engine.cache import Cache
from shisaku.index.query.plan import Finds, Pattern, size_of_pattern
from shisaku.index.records.fields import measure_heading

Numbers = frozenset[int]

_DOCUMENTS = 200_000
"""Numbers of passages of documents that are kept, at 60 bytes each."""
_HEADINGS = 1 << 20
"""Bytes of titles of measures of which it is kept whether they hold a pattern."""


class Rows(Protocol):
    """Where passages are read from: `codec.segment_reader.Segments`."""

    def record(self, number: int) -> bytes:
        """Return the encoded record of a passage."""

    def numbers(self, field: str, term: str) -> Sequence[int]:
        """Return the passages of a term, ascending."""


class SharedTexts:
    """Reads the titles of one open generation on demand."""

    def __init__(self, rows: Rows, finds: Finds) -> None:
        self._rows = rows
        self._finds = finds
        self._documents: Cache[str, Numbers] = Cache(_DOCUMENTS)
        self._in_measure: Cache[tuple[Pattern, str], bool] = Cache(_HEADINGS)

    def _record(self, number: int) -> dict[str, Any]:
        record: dict[str, Any] = msgspec.json.decode(self._rows.record(number))
        return record

    def of_documents(self, ids: frozenset[str] | None) -> Numbers | None:
        """Return the passages of these documents; None for no restriction."""
        if ids is None:
            return None
        return frozenset().union(*map(self._of_document, ids))

    def _of_document(self, name: str) -> Numbers:
        found = self._documents.get(name)
        if found is None:
            found = frozenset(self._rows.numbers("document", name))
            self._documents.put(name, found, len(found) + 2)
        return found

    def titles(self, sought: Pattern, among: Iterable[int]) -> tuple[set[int], set[int]]:
        """Return the passages of documents whose title has the words, or else the characters.

        Documents of the passages `among` are looked at: those whose title or plan has them.
        """
        words: set[int] = set()
        characters: set[int] = set()
        for number in among:
            record = self._record(number)
            as_words, literally = self._finds(sought, record["title"])
            if as_words:
                words |= self._of_document(record["document"])
            if literally:
                characters |= self._of_document(record["document"])
        return words, characters

    def in_measure(self, sought: Pattern, number: int) -> bool:
        """Tell whether the label and title of the passage's measure hold what is sought."""
        heading = measure_heading(self._record(number))
        key = (sought, heading)
        held = self._in_measure.get(key)
        if held is None:
            held = any(self._finds(sought, heading))
            self._in_measure.put(key, held, size_of_pattern(sought) + 2 * len(heading))
        return held
