"""Adds passages to an index and takes them away: Whoosh keeps the records, `gather` the words.

Whoosh's part is what it is good at: immutable segments with a table of contents, deletions, stored
records and columns. The rows of terms are gathered beside it and written as one more file of the
segment. What is added is numbered as it comes, from 0 in its segment.
"""

import mmap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from whoosh.reading import SegmentReader

from shisaku.index.analysis.analyzer import folded_parts, words
from shisaku.index.engine.whoosh.codec.block_checksums import checksums
from shisaku.index.engine.whoosh.codec.mapped_files import MappedFile, leave_columns_on_disk
from shisaku.index.engine.whoosh.codec.postings import Rows
from shisaku.index.engine.whoosh.codec.postings_writer import Gatherer
from shisaku.index.engine.whoosh.codec.segment_map import Held, stretches
from shisaku.index.engine.whoosh.codec.token_offsets import encode_bounds
from shisaku.index.engine.whoosh.codec.unpickling import open_index, restrict_whoosh

_GROWTH = 2
"""A segment is folded into the new one while it is at most so many times as large as that has
become: then each is more than twice as large as all smaller ones together, and a passage is
written anew about once for every doubling of the index."""

_AT_ONCE = 1000
"""Passages that are given what they share before it is seen whether that is too much to hold."""

_EXTENSION = ".rows"

# A reader would copy the records of all passages into memory, and run what a pickle names.
leave_columns_on_disk()
restrict_whoosh()


class PassageWriter:
    """Writes to an open Whoosh index in `folder`; nothing shows before `commit`."""

    def __init__(self, store: Any, folder: Path) -> None:
        self._writer = store.writer()
        self._folder = folder
        self._rows = Gatherer(folder)

    def add(
        self,
        keys: Mapping[str, str | None],
        text: str,
        stored: Mapping[str, bytes],
        defines: Iterable[str] = (),
        place: tuple[bytes, bytes] = (b"", b""),
    ) -> dict[str, int]:
        """Add a passage; gives its tokens by field.

        `keys` are looked up whole, by field. Of `text` the words, their bounds and the pairs of
        characters are indexed; `stored` is what Whoosh keeps besides, `defines` the names' keys,
        `place` the encoded frame and ministries.
        """
        number = self._writer.doc_count()
        rows = self._rows
        for field, key in keys.items():
            if key:
                rows.add_key(field, number, key)
        for key in dict.fromkeys(defines):
            rows.add_key("defines", number, key)
        found = words(text)
        lengths = {
            "text_words": rows.add_words("text_words", number, found),
            "text_grams": rows.add_pairs("text_grams", number, folded_parts(text)),
        }
        rows.add_place(number, *place)
        columns = {"record": b"", "aliases": b"", "bounds": encode_bounds(found), **stored}
        self._writer.add_document(**columns)
        rows.settle()
        return lengths

    def add_above(self, name: str, text: str, passages: int) -> dict[str, int]:
        """Add the `head` or `title` that the last so many passages share.

        Each passage is given one of either, in order. Gives their tokens by field.
        """
        rows, end = self._rows, self._writer.doc_count()
        lengths: Counter[str] = Counter()
        for first in range(end - passages, end, _AT_ONCE):
            count = min(_AT_ONCE, end - first)
            field = f"{name}_words"
            lengths[field] += rows.add_words(field, first, words(text), count)
            if name != "title":  # no literal is looked for there
                field = f"{name}_grams"
                lengths[field] += rows.add_pairs(field, first, folded_parts(text), count)
            rows.settle()
        return lengths

    def title(self, document: str, title: str) -> None:
        """Note the title of a document, whose passages are added."""
        self._rows.add_title(document, title)

    def delete(self, number: int) -> None:
        """Take a passage away that was there before."""
        self._writer.delete_document(number)

    def commit(self) -> None:
        """Write the new segment, with the small ones folded into it."""
        self._writer.commit(mergetype=partial(_fold, rows=self._rows, folder=self._folder))

    def cancel(self) -> None:
        """Forget what was added."""
        self._rows.close()
        self._writer.cancel()


def _fold(writer: Any, segments: list[Any], rows: Gatherer, folder: Path) -> list[Any]:
    """Fold the small and the mostly deleted segments into the new one; gives those that stay."""
    counts = [(segment.doc_count(), segment.deleted_count()) for segment in segments]
    folded = to_fold(writer.doc_count(), counts)
    for number in sorted(folded):
        if counts[number][0]:
            reader = SegmentReader(writer.storage, writer.schema, segments[number])
            first = writer.doc_count()
            writer.add_reader(reader)
            old = _rows_of(reader, folder)
            rows.add_segment(old, reader.doc_count_all(), first)
            old.close()
            reader.close()
    if count := writer.doc_count():
        file = writer.newsegment.create_file(writer.storage, _EXTENSION)
        rows.write(file, count)
        file.close()
    return [segment for number, segment in enumerate(segments) if number not in folded]


def to_fold(size: int, segments: Sequence[tuple[int, int]]) -> set[int]:
    """Give which segments a new one of `size` passages takes in, by their living and deleted."""
    folded = set()
    for number, (living, deleted) in sorted(enumerate(segments), key=lambda item: item[1]):
        if living <= _GROWTH * size or living < deleted:
            folded.add(number)
            size += living
    return folded


def _rows_of(reader: Any, folder: Path) -> Rows:
    """Give the rows of the segment in `folder` that a Whoosh reader reads."""
    segment = reader.segment()
    file: MappedFile = reader.storage().open_file(segment.make_filename(_EXTENSION))
    return Rows(file.buffer, frozenset(segment.deleted_docs() or ()), folder)


def held_segments(folder: Path, known: Mapping[str, bytes] = MappingProxyType({})) -> list[Held]:
    """Return the segments of a Whoosh index, with the places in their files of rows and columns.

    `known` gives the checksums of files that were there before: taken again they would only tell
    what is in the file, not what was written.
    """
    store = open_index(folder, readonly=True)
    found = []
    for segment in store._segments():
        files = segment.open_compound_file(store.storage)
        codec = segment.codec()
        names = {"rows": segment.make_filename(_EXTENSION)}
        names |= {name: codec.column_filename(segment, name) for name in store.schema.names()}
        parts = {}
        for part, name in names.items():
            start, length = files.range(name)
            parts[part] = (start, start + length)
        files.close()
        deleted = stretches(segment.deleted_docs() or ())
        file = segment.make_filename(segment.COMPOUND_EXT)
        sums = known.get(file) or _checksums(folder / file)
        found.append(Held(file, segment.doc_count_all(), parts, deleted, sums))
    store.close()
    return found


def _checksums(path: Path) -> bytes:
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
        memoryview(mapped) as whole,
    ):
        return checksums(whole)
