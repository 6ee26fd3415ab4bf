"""Reads the rows of a segment as Whoosh's terms and postings: any Whoosh query runs over them."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, repeat
from operator import itemgetter, rshift
from typing import Any

from whoosh.codec import base
from whoosh.matching import ListMatcher, ReadTooFar
from whoosh.query.spans import Span
from whoosh.reading import TermInfo, TermNotFound

from shisaku.index.engine.whoosh.codec.postings import Rows
from shisaku.index.engine.whoosh.codec.row_format import KEYS, SHIFT, TEXTS

_MASK = (1 << SHIFT) - 1
_KEPT = 64
"""Rows that a reader keeps: a query asks for the same term for its size, its score, its matches."""


class _Postings:
    """The row of a term: `ids` of passages, ascending, and how often it stands in each."""

    def __init__(self, row: "array[int]") -> None:
        self._row = row
        counts = Counter(map(rshift, row, repeat(SHIFT)))
        self.ids = list(counts)
        self.counts = list(counts.values())

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(self.counts))

    def positions(self, at: int) -> list[int]:
        """Return where the term stands in the passage in this place of `ids`."""
        end = self._ends[at]
        return [address & _MASK for address in self._row[end - self.counts[at] : end]]


class RowsReader(base.TermsReader):  # type: ignore[misc]
    """The terms of one segment; `rows` leave no deleted passage out, since Whoosh does."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._postings = lru_cache(_KEPT)(self._read)

    def close(self) -> None:
        """Let go of the mapped file."""
        self._postings.cache_clear()
        self._rows.close()

    def _at(self, fieldname: str, text: bytes) -> int:
        """Return the place of a term among those of its field, -1 where it is not."""
        keys = self._rows.keys(fieldname)
        at = bisect_left(keys, text)
        return at if at < len(keys) and keys[at] == text else -1

    def _read(self, fieldname: str, text: bytes) -> _Postings:
        if self._at(fieldname, text) < 0:
            raise KeyError(f"{fieldname}:{text!r}")
        return _Postings(self._rows.row(fieldname, text.decode("utf-8", "surrogatepass")))

    # --- terms ---------------------------------------------------------------------------------

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._at(*term) >= 0

    def indexed_field_names(self) -> Sequence[str]:
        """Return the names of all indexed fields."""
        return sorted((*KEYS, *TEXTS))

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Yield every field and term, in order."""
        for fieldname in self.indexed_field_names():
            for text in self._rows.keys(fieldname):
                yield fieldname, text

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield fields and terms, in order, from this one on."""
        for name in self.indexed_field_names():
            if name >= fieldname:
                keys = self._rows.keys(name)
                first = bisect_left(keys, prefix) if name == fieldname else 0
                for at in range(first, len(keys)):
                    yield name, keys[at]

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield every field and term with its statistics, in order."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """Yield the same from one term on."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def cursor(self, fieldname: str, fieldobj: Any) -> "RowsCursor":
        """Return a cursor over the terms of a field."""
        return RowsCursor(self, fieldname, fieldobj, self._rows.keys(fieldname))

    # --- postings ------------------------------------------------------------------------------

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return the statistics of a term, deleted passages counted; raises KeyError."""
        found = self._postings(fieldname, text)
        lengths = [0]
        if fieldname in TEXTS:
            codes = itemgetter(*found.ids, found.ids[0])(self._rows.lengths(fieldname))
            lengths = [self._rows.table[min(codes)], self._rows.table[max(codes)]]
        return TermInfo(
            weight=sum(found.counts),
            df=len(found.ids),
            minlength=lengths[0],
            maxlength=lengths[-1],
            maxweight=max(found.counts),
            minid=found.ids[0],
            maxid=found.ids[-1],
        )

    def frequency(self, fieldname: str, text: bytes) -> int:
        """Return how often a term stands anywhere; raises KeyError."""
        return sum(self._postings(fieldname, text).counts)

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return in how many passages a term stands; raises KeyError."""
        return len(self._postings(fieldname, text).ids)

    def matcher(
        self, fieldname: str, text: bytes, format_: Any, scorer: Any = None
    ) -> "RowMatcher":
        """Return the postings of a term; raises TermNotFound."""
        try:
            found, info = self._postings(fieldname, text), self.term_info(fieldname, text)
        except KeyError as error:
            raise TermNotFound(str(error)) from error
        return RowMatcher(found, format_, scorer, (fieldname, text), info)


class RowsCursor(base.FieldCursor):  # type: ignore[misc]
    """Stands at one term of a field, at first the first one; its text is None past the last."""

    def __init__(
        self, reader: RowsReader, fieldname: str, fieldobj: Any, keys: Sequence[bytes]
    ) -> None:
        self._reader, self._fieldname, self._fieldobj, self._keys = (
            reader,
            fieldname,
            fieldobj,
            keys,
        )
        self._place = 0

    def first(self) -> Any:
        """Go to the first term and return its text."""
        self._place = 0
        return self.text()

    def find(self, string: Any) -> Any:
        """Go to the first term that is not less than `string`, and return its text."""
        text = string if isinstance(string, bytes) else self._fieldobj.to_bytes(string)
        self._place = bisect_left(self._keys, text)
        return self.text()

    def next(self) -> Any:
        """Go to the next term and return its text."""
        self._place += 1
        return self.text()

    def text(self) -> Any:
        """Return the term here."""
        return self._fieldobj.from_bytes(self._keys[self._place]) if self.is_valid() else None

    term = text

    def term_info(self) -> TermInfo | None:
        """Return the statistics of the term here."""
        if not self.is_valid():
            return None
        return self._reader.term_info(self._fieldname, self._keys[self._place])

    def is_valid(self) -> bool:
        """Tell whether there is a term here."""
        return self._place < len(self._keys)


class RowMatcher(ListMatcher):  # type: ignore[misc]
    """The postings of one term; positions are taken out of the row when they are asked for."""

    def __init__(
        self,
        postings: _Postings,
        format_: Any,
        scorer: Any,
        term: tuple[str, bytes],
        info: TermInfo,
        position: int = 0,
    ) -> None:
        super().__init__(
            postings.ids, postings.counts, None, format_, scorer, position, None, term, info
        )
        self._postings = postings
        self._i: int = position

    def copy(self) -> "RowMatcher":
        """Return a matcher in the same place that moves by itself."""
        return RowMatcher(
            self._postings, self._format, self._scorer, self._term, self._terminfo, self._i
        )

    def skip_to(self, id: int) -> None:
        """Go to the first passage that is not before `id`; raises ReadTooFar at the end."""
        if not self.is_active():
            raise ReadTooFar
        self._i = bisect_left(self._ids, id, self._i)

    def skip_to_quality(self, minquality: float) -> int:
        """Go to the end where no posting can score more: all are one block."""
        if self.block_quality() <= minquality:
            self._i = len(self._ids)
        return 0

    def block_max_weight(self) -> float:
        """Return how often the term stands in the passage that has it most often."""
        return float(self._terminfo.max_weight())

    # --- values --------------------------------------------------------------------------------

    def value(self) -> bytes:
        """Return the posting as the field's format encodes it."""
        raw: bytes = self._format.encode(self._postings.positions(self._i))
        return raw

    def value_as(self, astype: str) -> Any:
        """Return the posting as "positions", "frequency", …; see `whoosh.formats`."""
        if astype == "positions":
            return self._postings.positions(self._i)
        return super().value_as(astype)

    def all_items(self) -> Iterator[tuple[int, bytes]]:
        """Yield all passages with their encoded postings."""
        for at, number in enumerate(self._ids):
            yield number, self._format.encode(self._postings.positions(at))

    def items_as(self, astype: str) -> Iterator[tuple[int, Any]]:
        """Yield all passages with their decoded postings."""
        decoder = self._format.decoder(astype)
        return ((number, decoder(value)) for number, value in self.all_items())

    def spans(self) -> list[Span]:
        """Return the positions in the passage here as spans of one word."""
        if not self.supports("positions"):
            raise ValueError(f"{self._term[0]} has no positions")
        return [Span(position) for position in self._postings.positions(self._i)]
