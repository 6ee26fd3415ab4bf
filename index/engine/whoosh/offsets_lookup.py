"""Where the words of a pattern stand in the text of a passage, read off the index."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator

from shisaku.index.engine.cache import Cache
from shisaku.index.engine.whoosh.codec.postings import Rows
from shisaku.index.engine.whoosh.codec.row_format import SHIFT
from shisaku.index.engine.whoosh.codec.segment_reader import Segments
from shisaku.index.query.plan import Pattern, Phrase

_FIELD = "text_words"
_KEPT = 2 << 20
"""Bytes of rows that are kept: the hits of a page share their words."""


class Marks:
    """Finds words in the texts of one generation's passages; keeps the rows read last."""

    def __init__(self, segments: Segments) -> None:
        self._segments = segments
        self._rows: Cache[tuple[Rows, str], array[int]] = Cache(_KEPT)

    def spans(self, number: int, sought: Pattern) -> Iterator[tuple[int, int]]:
        """Yield [start, end) in the text of a passage where words of a pattern follow each other.

        Offsets are code points of the stored text.
        """
        rows, local = self._segments.within(number)
        bounds = self._segments.bounds(number) if sought.phrases else ()
        for phrase in sought.phrases:
            last = phrase[-1][1]
            for start in self._starts(rows, local << SHIFT, phrase):
                yield bounds[2 * start], bounds[2 * (start + last) + 1]

    def _starts(self, rows: Rows, first: int, phrase: Phrase) -> set[int]:
        """Return the positions in a passage, whose addresses begin with `first`, of a sequence."""
        starts: set[int] | None = None
        for terms, place in phrase:
            moved = first + place
            found = {at - moved for term in terms for at in self._within(rows, term, first)}
            starts = found if starts is None else starts & found
            if not starts:
                break
        return starts or set()

    def _within(self, rows: Rows, term: str, first: int) -> "array[int]":
        """Return the addresses of a term in the passage whose addresses begin with `first`."""
        row = self._rows.get((rows, term))
        if row is None:
            row = rows.row(_FIELD, term)
            self._rows.put((rows, term), row, 8 * len(row) + 200)
        return row[bisect_left(row, first) : bisect_left(row, first + (1 << SHIFT))]
