"""The codec: how Whoosh writes and reads a generation, and the segment that names it.

Whoosh finds the codec through the segments that are pickled in its table of contents, so the name
of `PassageSegment` is part of the layout: whoever opens a generation with `whoosh.index.open_dir`
must be able to import it.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from whoosh.codec import base

from shisaku.index.engine.whoosh.codec.per_document import (
    PassageDocReader,
    PassageDocWriter,
    PassageFieldWriter,
)
from shisaku.index.engine.whoosh.codec.postings import Rows
from shisaku.index.engine.whoosh.codec.segment_file import (
    SegmentFile,
    assemble,
    open_segment_file,
)
from shisaku.index.engine.whoosh.codec.terms_reader import RowsReader


class PassageCodec(base.Codec):  # type: ignore[misc]
    """Whoosh's codec API over rows (`postings`) and columns.

    Not supported, since no field asks for it: term vectors, and postings apart from a field.
    """

    length_stats = False
    """The writer of fields does not need the lengths: the rows have them."""

    def per_document_writer(self, storage: Any, segment: "PassageSegment") -> PassageDocWriter:
        """Return the writer of a new segment's passages."""
        segment.documents = PassageDocWriter(storage, segment)
        return segment.documents

    def field_writer(self, storage: Any, segment: "PassageSegment") -> PassageFieldWriter:
        """Return the writer of a new segment's postings; that of its passages comes first."""
        if segment.documents is None:
            raise ValueError("there is no writer of passages yet")
        return PassageFieldWriter(storage, segment, segment.documents)

    def terms_reader(self, storage: Any, segment: "PassageSegment") -> RowsReader:
        """Return the reader of a segment's terms."""
        return RowsReader(_rows(storage, segment))

    def per_document_reader(self, storage: Any, segment: "PassageSegment") -> PassageDocReader:
        """Return the reader of a segment's passages."""
        return PassageDocReader(storage, segment, _rows(storage, segment))

    def supports_columns(self) -> bool:
        """Return True."""
        return True

    def new_segment(self, storage: Any, indexname: str) -> "PassageSegment":
        """Return an empty segment."""
        return PassageSegment(indexname)


def _rows(storage: Any, segment: "PassageSegment") -> Rows:
    """Open the rows of a segment; deleted passages are left to Whoosh, which filters them."""
    file = storage.open_file(segment.make_filename(".rows"))
    return Rows(file.part, frozenset(), segment.folder)


class PassageSegment(base.Segment):  # type: ignore[misc]
    """A segment: its name, how many passages it has, and which of them are deleted."""

    def __init__(self, indexname: str) -> None:
        super().__init__(indexname)
        self._count = 0
        self._deleted: set[int] = set()
        self.documents: PassageDocWriter | None = None
        """The writer of the passages, while the segment is being written."""
        self.folder = Path()
        """Where it was opened last: what an error names."""

    def __getstate__(self) -> dict[str, Any]:
        """Return what the table of contents keeps: numbers, texts and a list of numbers."""
        return {
            "indexname": self.indexname,
            "segid": self.segid,
            "compound": self.compound,
            "count": self._count,
            "deleted": sorted(self._deleted),
        }

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Take what `__getstate__` returned.

        Raises:
            KeyError, TypeError, ValueError: it is something else.

        """
        self.__init__(str(state["indexname"]))  # type: ignore[misc]
        self.segid = str(state["segid"])
        self.compound = bool(state["compound"])
        self._count = int(state["count"])
        self._deleted = set(map(int, state["deleted"]))

    def codec(self) -> PassageCodec:
        """Return the codec that reads it."""
        return PassageCodec()

    # --- files ---------------------------------------------------------------------------------

    def create_compound_file(self, storage: Any) -> None:
        """Unite the files of the segment in one (`segment_file`)."""
        names = sorted(self.list_files(storage))
        parts = (
            (name.removeprefix(self.make_filename(".")), storage.open_file(name)) for name in names
        )
        assemble(self.create_file(storage, self.COMPOUND_EXT), parts)
        for name in names:
            storage.delete_file(name)
        self.compound = True

    def open_compound_file(self, storage: Any) -> SegmentFile:
        """Map the file of the segment; raises BrokenIndexError where it is none."""
        name = self.make_filename(self.COMPOUND_EXT)
        self.folder = Path(getattr(storage, "folder", "."))
        return open_segment_file(storage.open_file(name), self.segment_id(), self.folder / name)

    # --- passages ------------------------------------------------------------------------------

    def set_doc_count(self, doccount: int) -> None:
        """Set the number of passages."""
        self._count = doccount

    def doc_count_all(self) -> int:
        """Return the number of passages, the deleted among them."""
        return self._count

    def deleted_count(self) -> int:
        """Return the number of deleted passages."""
        return len(self._deleted)

    def deleted_docs(self) -> Iterable[int]:
        """Return the numbers of the deleted passages."""
        return iter(self._deleted)

    def is_deleted(self, docnum: int) -> bool:
        """Tell whether a passage is deleted."""
        return docnum in self._deleted

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Delete a passage, or bring it back."""
        if delete:
            self._deleted.add(docnum)
        else:
            self._deleted.discard(docnum)
