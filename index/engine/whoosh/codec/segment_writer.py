"""Writes a generation's segments with Whoosh's writer and the codec: `engine.base.IndexWriter`.

Whoosh keeps the list of segments, deletions, the commit. Passages go past its pool of postings: the
codec's writers take them whole (`per_document`), and segments are folded row by row and column by
column. What is added is numbered as it comes, from 0 in its segment.
"""

import mmap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from whoosh.reading import EmptyReader

from shisaku.index.engine.tokens import TokenDoc
from shisaku.index.engine.whoosh.codec.block_checksums import checksums
from shisaku.index.engine.whoosh.codec.per_document import PassageDocWriter
from shisaku.index.engine.whoosh.codec.postings import Rows
from shisaku.index.engine.whoosh.codec.schema import passage_schema
from shisaku.index.engine.whoosh.codec.segment_map import Held, stretches
from shisaku.index.engine.whoosh.codec.segment_reader import PACKED, Segments
from shisaku.index.engine.whoosh.codec.unpickling import create_checked, open_checked
from shisaku.index.engine.whoosh.codec.whoosh_codec import PassageCodec, PassageSegment
from shisaku.index.engine.whoosh.codec.whoosh_columns import COLUMNS, Column

_GROWTH = 2
"""A segment is folded into the new one while it is at most so many times as large as that has
become: then each is more than twice as large as all smaller ones together, and a passage is
written anew about once for every doubling of the index."""


def create_index(folder: Path) -> Any:
    """Create an empty index in `folder`, which exists; raises OSError."""
    return create_checked(folder, passage_schema())


def open_index(folder: Path, *, readonly: bool = False) -> Any:
    """Open the Whoosh index in `folder`; see `open_checked` for what it raises."""
    return open_checked(folder, passage_schema(), readonly=readonly)


class PassageWriter:
    """Writes to the index in `folder`, which holds the segments `held`; None for a new index.

    The files of `held` are not compared with their checksums: whoever asks for the writer has.

    Raises:
        BrokenIndexError: the index cannot be read.
        OSError: the folder cannot be written.

    """

    def __init__(self, folder: Path, held: Iterable[Held] | None = None) -> None:
        self._folder = folder
        store = create_index(folder) if held is None else open_index(folder)
        self._before = Segments(folder, held or (), compare=False)
        self._writer = store.writer(codec=PassageCodec())
        self._documents: PassageDocWriter = self._writer.perdocwriter

    def records(self, document: str) -> Iterator[bytes]:
        """Yield the records of a document that were there before, in their order."""
        return map(self._before.record, self._before.numbers("document", document))

    def add(self, doc: TokenDoc) -> None:
        """Add a passage."""
        self._documents.add_passage(doc)
        self._writer.docnum += 1

    def delete(self, document: str) -> None:
        """Remove a document's passages that were there before."""
        for number in self._before.numbers("document", document):
            self._writer.delete_document(number)

    def commit(self) -> None:
        """Write the new segment, with the small ones folded into it."""
        self._before.close()
        self._writer.commit(mergetype=self._fold)

    def cancel(self) -> None:
        """Forget what was added."""
        self._before.close()
        self._documents.discard()
        self._writer.cancel()

    def _fold(self, writer: Any, segments: Sequence[PassageSegment]) -> list[PassageSegment]:
        """Fold small and mostly deleted segments into the new one; returns those that stay."""
        counts = [(segment.doc_count(), segment.deleted_count()) for segment in segments]
        folded = to_fold(writer.doc_count(), counts)
        for number in sorted(folded):
            if counts[number][0]:
                writer.docnum += self._take_in(writer.storage, segments[number])
        if writer.doc_count():
            # The writer's own sign that there is something to write is given by adding a reader.
            writer.add_reader(EmptyReader(writer.schema))
        return [segment for number, segment in enumerate(segments) if number not in folded]

    def _take_in(self, storage: Any, segment: PassageSegment) -> int:
        """Add the living passages of a segment to the new one; returns how many."""
        file = segment.open_compound_file(storage)
        rows = Rows(file.part("rows"), frozenset(segment.deleted_docs()), self._folder)
        columns = {
            name: Column(file.part(name), rows.count, packed=PACKED[name]) for name in COLUMNS
        }
        try:
            return self._documents.add_segment(rows, columns.items())
        finally:
            rows.close()
            for column in columns.values():
                column.close()
            file.close()


def to_fold(size: int, segments: Sequence[tuple[int, int]]) -> set[int]:
    """Return which segments a new one of `size` passages takes in, by their living and deleted."""
    folded = set()
    for number, (living, deleted) in sorted(enumerate(segments), key=lambda item: item[1]):
        if living <= _GROWTH * size or living < deleted:
            folded.add(number)
            size += living
    return folded


# --- segments as they lie on disk --------------------------------------------------------------


def _segments_of(store: Any) -> list[PassageSegment]:
    """Return the segments of an open Whoosh index, in their order."""
    with store.reader() as reader:
        found = [leaf.segment() for leaf, _ in reader.leaf_readers()]
    return [segment for segment in found if segment is not None]  # an empty index has none


def adopt(generation: Path, folders: Sequence[Path]) -> None:
    """Move the segments of the indexes in `folders` into `generation` and list them there.

    Raises:
        BrokenIndexError: one of the indexes cannot be read.
        OSError: a file cannot be moved.

    """
    segments: list[PassageSegment] = []
    for folder in folders:
        found = _segments_of(open_index(folder))
        segments += found
        for segment in found:
            for path in folder.glob(f"{segment.make_filename('')}*"):
                path.rename(generation / path.name)
    writer = create_index(generation).writer(codec=PassageCodec())
    writer.commit(mergetype=lambda _, held: segments)


def held_segments(folder: Path, known: Mapping[str, bytes] = MappingProxyType({})) -> list[Held]:
    """Return the segments of the index in `folder`, with the places in their files of each part.

    `known` gives the checksums of files that were there before: taken again they would only tell
    what is in the file, not what was written.
    """
    store = open_index(folder, readonly=True)
    found = []
    for segment in _segments_of(store):
        file = segment.open_compound_file(store.storage)
        parts = dict(file.parts)
        file.close()
        name = segment.make_filename(segment.COMPOUND_EXT)
        sums = known.get(name) or _checksums(folder / name)
        deleted = stretches(segment.deleted_docs())
        found.append(Held(name, segment.doc_count_all(), parts, deleted, sums))
    return found


def _checksums(path: Path) -> bytes:
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
        memoryview(mapped) as whole,
    ):
        return checksums(whole)
