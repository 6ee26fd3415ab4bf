"""What the codec keeps by passage: columns, lengths of fields, deletions; its writer and reader.

Three columns of bytes are written as Whoosh writes them. The columns of facets (kind, plan, year)
take no room: their values are read off the frames, which the rows hold anyway.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any
from zlib import compress

import msgspec
from whoosh import columns
from whoosh.codec import base

from shisaku.index.engine.tokens import TokenDoc
from shisaku.index.engine.whoosh.codec.postings import Rows
from shisaku.index.engine.whoosh.codec.postings_writer import Gatherer
from shisaku.index.engine.whoosh.codec.row_format import TEXTS
from shisaku.index.engine.whoosh.codec.whoosh_columns import COLUMNS, FACETS, Column, year_term
from shisaku.index.engine.whoosh.token_offsets import encode_bounds
from shisaku.index.records.fields import Bodies, Frame

_LEVEL = 3
"""Level of compression of records; that of `whoosh.columns.CompressedBytesColumn`."""
_NOWHERE = Frame("", "", "", None, None, None, None, None)
"""The frame of a passage that was added without one."""
_NOBODY = msgspec.json.encode(Bodies())
"""Its bodies."""


def facet_values(frame: Frame) -> dict[str, bytes]:
    """Return the values of a frame's facets, by field, as terms; those it does not have are b""."""
    return {
        "kind": frame.kind.encode(),
        "plan": (frame.plan or "").encode(),
        "year": b"" if frame.year is None else year_term(frame.year),
    }


class PassageDocWriter(base.PerDocumentWriter):  # type: ignore[misc]
    """Writes the columns of a new segment, and gathers its rows.

    `add_passage` and `add_segment` are the short ways; the methods of Whoosh's API do the same for
    `SegmentWriter.add_document` and `add_reader`, posting by posting.
    """

    def __init__(self, storage: Any, segment: Any) -> None:
        folder = getattr(storage, "folder", None)
        self.rows = Gatherer(Path(folder) if folder else None)
        self.count = 0
        """Passages so far."""
        self.is_closed = False
        self._storage, self._segment = storage, segment
        self._files: list[Any] = []
        self._writers: dict[str, Any] = {}
        self._values: dict[str, bytes] = {}

    # --- Whoosh's API --------------------------------------------------------------------------

    def start_doc(self, docnum: int) -> None:
        """Begin the passage with this number; raises ValueError where it is not the next."""
        if docnum != self.count:
            raise ValueError(f"passage {docnum} was begun in the place of {self.count}")
        self._values = {}

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int) -> None:
        """Note the number of tokens of a field; a stored value is part of the record."""
        if length and fieldname in TEXTS:
            self.rows.add_length(fieldname, self.count, length)

    def add_column_value(self, fieldname: str, columnobj: Any, value: bytes) -> None:
        """Note the value of a column."""
        self._values[fieldname] = value

    def add_vector_items(self, fieldname: str, fieldobj: Any, items: Any) -> None:
        """Raise NotImplementedError: no field has vectors."""
        raise NotImplementedError("the codec keeps no vectors")

    def finish_doc(self) -> None:
        """Write the passage that was begun."""
        kind, plan, year = (self._values.get(name, b"").decode() for name in FACETS)
        frame = msgspec.structs.replace(
            _NOWHERE, kind=kind, plan=plan or None, year=int(year) if year else None
        )
        self.rows.add_place(self.count, msgspec.json.encode(frame), _NOBODY)
        self._write({name: self._values.get(name, b"") for name in COLUMNS})

    def close(self) -> None:
        """Finish the columns. The rows are written with the postings (`PassageFieldWriter`)."""
        for writer in self._writers.values():
            writer.finish(self.count)
        for file in self._files:
            file.close()
        self.is_closed = True

    # --- the short ways ------------------------------------------------------------------------

    def add_passage(self, doc: TokenDoc) -> None:
        """Add a passage."""
        number, rows = self.count, self.rows
        for field, keys in doc.keys.items():
            for key in keys:
                rows.add_key(field, number, key)
        for field, value in facet_values(doc.frame).items():
            if value:
                rows.add_key(field, number, value.decode())
        for name in doc.bodies.named:
            rows.add_key("ministry", number, name)
        for field, tokens in doc.fields.items():
            rows.add_tokens(field, number, tokens)
        rows.add_place(number, msgspec.json.encode(doc.frame), msgspec.json.encode(doc.bodies))
        rows.add_twin(number, doc.twin)
        for document in doc.keys.get("document", ()):
            rows.add_title(document, doc.title)
        bounds = encode_bounds(doc.offsets)
        self._write({"record": doc.record, "aliases": doc.aliases, "bounds": bounds})
        rows.settle()

    def add_segment(self, rows: Rows, values: Iterable[tuple[str, Column]]) -> int:
        """Add the living passages of another segment; returns how many."""
        first, deleted = self.count, rows.deleted
        living = rows.count - len(deleted)
        if living:
            self._open()
        for name, column in values if living else ():
            add, at = self._writers[name].add, first
            for number, value in enumerate(column.raws()):
                if number not in deleted:
                    add(at, value)
                    at += 1
        self.rows.add_segment(rows, first)
        self.count += living
        return living

    def discard(self) -> None:
        """Forget what was added, so that closing costs nothing."""
        self.rows.close()
        self.count = 0

    def _open(self) -> None:
        """Create the files of the columns, with the first passage."""
        for name in COLUMNS if not self._writers else ():
            file = self._segment.create_file(self._storage, f".{name}")
            self._files.append(file)
            # Records are packed here, so that they can be taken over from another segment as they
            # are: the bytes are those that Whoosh's CompressedBytesColumn writes.
            self._writers[name] = columns.VarBytesColumn().writer(file)

    def _write(self, values: dict[str, bytes]) -> None:
        """Write a value of each column: Whoosh writes one wrongly that ends without a value."""
        self._open()
        values["record"] = compress(values["record"], _LEVEL)
        for name, writer in self._writers.items():
            writer.add(self.count, values[name])
        self.count += 1


class PassageFieldWriter(base.FieldWriter):  # type: ignore[misc]
    """Takes the postings of stock `add_document` and `add_reader`, and writes all rows at the end.

    What `PassageDocWriter` was given never passes through here.
    """

    def __init__(self, storage: Any, segment: Any, documents: PassageDocWriter) -> None:
        self._storage, self._segment, self._documents = storage, segment, documents
        self._field, self._term = "", ""
        self._format: Any = None
        self.is_closed = False

    def start_field(self, fieldname: str, fieldobj: Any) -> None:
        """Begin a field."""
        self._field, self._format = fieldname, fieldobj.format

    def start_term(self, text: bytes) -> None:
        """Begin a term of the field."""
        self._term = text.decode("utf-8", "surrogatepass")

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int) -> None:
        """Add a posting of the term: `vbytes` are positions where the field's format has them."""
        positioned = self._format.supports("positions")
        positions = self._format.decode_positions(vbytes) if positioned else [0]
        self._documents.rows.add_posting(self._field, docnum, self._term, positions)

    def finish_term(self) -> None:
        """End the term."""

    def close(self) -> None:
        """Write the rows, if there are passages."""
        if count := self._documents.count:
            file = self._segment.create_file(self._storage, ".rows")
            self._documents.rows.write(file, count)
            file.close()
        else:
            self._documents.rows.close()
        self.is_closed = True


class PassageDocReader(base.PerDocumentReader):  # type: ignore[misc]
    """Reads the columns, lengths and stored keys of one segment's passages."""

    def __init__(self, storage: Any, segment: Any, rows: Rows) -> None:
        self._storage, self._segment, self._rows = storage, segment, rows
        self._files: list[Any] = []

    def close(self) -> None:
        """Let go of the mapped file."""
        self.__dict__.pop("_records", None)
        self._rows.close()
        for file in self._files:
            file.close()
        self._files.clear()

    def doc_count(self) -> int:
        """Return the number of living passages."""
        return self.doc_count_all() - int(self._segment.deleted_count())

    def doc_count_all(self) -> int:
        """Return the number of passages, the deleted among them."""
        return int(self._segment.doc_count_all())

    def has_deletions(self) -> bool:
        """Tell whether a passage is deleted."""
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        """Tell whether a passage is deleted."""
        return bool(self._segment.is_deleted(docnum))

    def deleted_docs(self) -> Iterable[int]:
        """Return the numbers of the deleted passages."""
        found: Iterable[int] = self._segment.deleted_docs()
        return found

    # --- columns -------------------------------------------------------------------------------

    def supports_columns(self) -> bool:
        """Return True."""
        return True

    def has_column(self, fieldname: str) -> bool:
        """Tell whether a field has a column."""
        return fieldname in COLUMNS or fieldname in FACETS

    def list_columns(self) -> list[str]:
        """Return the names of the columns."""
        return [*COLUMNS, *FACETS]

    def column_reader(self, fieldname: str, column: Any) -> Any:
        """Return the reader of a column, of the class that `whoosh.columns` has for it."""
        if fieldname in FACETS:
            return _FacetColumn(self._rows, fieldname)
        file = self._storage.open_file(self._segment.make_filename(f".{fieldname}"))
        self._files.append(file)
        return column.reader(file, 0, len(file.part), self._rows.count)

    # --- lengths -------------------------------------------------------------------------------

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the number of tokens of a passage's field, about: as its code says."""
        if fieldname not in TEXTS:
            return default
        return self._rows.table[self._rows.lengths(fieldname)[docnum]] or default

    def field_length(self, fieldname: str) -> int:
        """Return the number of tokens in a field of all passages, added up from their codes."""
        counts = Counter(self._codes(fieldname)).items()
        return sum(self._rows.table[code] * count for code, count in counts)

    def min_field_length(self, fieldname: str) -> int:
        """Return the least number of tokens in a field."""
        return self._rows.table[min(self._codes(fieldname), default=0)]

    def max_field_length(self, fieldname: str) -> int:
        """Return the greatest number of tokens in a field."""
        return self._rows.table[max(self._codes(fieldname), default=0)]

    def _codes(self, fieldname: str) -> Sequence[int]:
        return self._rows.lengths(fieldname) if fieldname in TEXTS else ()

    # --- stored fields -------------------------------------------------------------------------

    @cached_property
    def _records(self) -> Any:
        return self.column_reader("record", columns.CompressedBytesColumn())

    def stored_fields(self, docnum: int) -> dict[str, str]:
        """Return the passage's id, its document's and, if it has one, its measure's."""
        found = msgspec.json.decode(self._records[docnum] or b"{}", type=_Stored)
        stored = {"id": found.id, "document": found.document}
        return stored | {"measure": found.measure.id} if found.measure else stored


class _Measure(msgspec.Struct):
    id: str


class _Stored(msgspec.Struct):
    """The part of a record that Whoosh gives back as stored fields."""

    id: str = ""
    document: str = ""
    measure: _Measure | None = None


class _FacetColumn(columns.ColumnReader):  # type: ignore[misc]
    """The values of a facet by passage, as terms; read off the frames of the rows."""

    def __init__(self, rows: Rows, name: str) -> None:
        values = [
            facet_values(msgspec.json.decode(rows.frames[at], type=Frame))[name]
            for at in range(len(rows.frames))
        ]
        self._values = [values[frame] for frame in rows.pairs[::2]]
        """By place."""
        self._place_of = rows.place_of

    def __len__(self) -> int:
        return len(self._place_of)

    def __getitem__(self, docnum: int) -> bytes:
        return self._values[self._place_of[docnum]]

    def __iter__(self) -> Iterator[bytes]:
        return map(self._values.__getitem__, self._place_of)
