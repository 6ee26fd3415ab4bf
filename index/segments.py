"""Writes the passages of documents into Whoosh's segments, and tries what was written.

A run adds one segment with what is new, and folds into it the smaller ones, so that its cost is
that of what changed and the number of segments stays logarithmic. Which documents, and when the
result is swapped in: `index.build`, which loads this (and Whoosh) only where there is work.
"""

import hashlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import msgspec
from whoosh import index as whoosh_index

from index.aliases import alias_fields
from index.analyzer import FIELD_BREAK, readable, words
from index.contents import contents_of, read_contents, write_contents
from index.fields import measure_heading
from index.garbage import uncollected
from index.generation import Entry, Manifest
from index.parallel import Indexed, index_apart, shares
from index.records import (
    UnreadableDocumentError,
    decode_document,
    frame_of,
    measures_by_id,
    ministries_of,
    passage_record,
)
from index.schema import passage_schema
from index.store import Segments
from index.writer import PassageWriter, held_segments
from ingest.model import Document

Progress = Callable[[int, int, str], None]
"""Called with documents done, documents to do, and the id of the one begun."""

_TRIED = 8
"""Passages that must be found before a generation may answer."""
_TRIED_WORDS = 3


@dataclass
class PassageCounts:
    """What became of passages: by their ids, and for the same id by their records."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def compare(self, old: Mapping[str, bytes], new: Mapping[str, bytes]) -> None:
        """Count the difference between two versions of a document."""
        self.added += len(new.keys() - old.keys())
        self.removed += len(old.keys() - new.keys())
        self.changed += sum(new[key] != old[key] for key in new.keys() & old.keys())


class _Id(msgspec.Struct):
    id: str


@uncollected()  # nothing that is indexed refers to itself
def write_segments(
    generation: Path,
    old: Manifest | None,
    todo: Mapping[str, Path],
    gone: Iterable[str],
    progress: Progress | None,
    jobs: int = 1,
) -> tuple[dict[str, Entry], dict[str, tuple[str, str]], PassageCounts]:
    """Bring Whoosh's files in `generation` from `old` to what `todo` and `gone` say.

    The directory holds the segments of `old`, or nothing where that is None; then up to `jobs`
    processes share the work. Gives entries and refused files for the manifest, and what became of
    the passages.
    """
    parts = shares(todo, jobs) if old is None else []
    if parts and (found := index_apart(generation, parts, _first, progress)):
        entries: dict[str, Entry] = {}
        refused: dict[str, tuple[str, str]] = {}
        counts = PassageCounts()
        for some, others, counted in found:
            entries |= some
            refused |= others
            counts.added += counted.added
        if progress:
            progress(len(todo), len(todo), "")
        return entries, refused, counts
    if old is None:
        store = whoosh_index.create_in(str(generation), passage_schema())
        work = _Work({}, {}, Segments(generation, ()))
    else:
        store = whoosh_index.open_dir(str(generation))
        segments = Segments(generation, held_segments(generation))
        work = _Work(dict(old.documents), dict(old.refused), segments)
    work.writer = PassageWriter(store, generation)
    try:
        for name in gone:
            work.take_away(name)
        waiting = list(todo.items())
        for done, (name, path) in enumerate(waiting):
            if progress:
                progress(min(done, len(todo) - 1), len(todo), name)
            if work.put(name, path, None if done >= len(todo) else todo) is None:
                waiting.append((name, path))
        work.settle()
    except BaseException:
        work.writer.cancel()
        raise
    finally:
        work.rows.close()
    work.writer.commit()
    store.close()
    if progress:
        progress(len(todo), len(todo), "")
    return work.entries, work.refused, work.counts


def _first(folder: Path, todo: Mapping[str, Path], progress: Progress | None) -> Indexed:
    """Index parsed files in an empty directory."""
    return write_segments(folder, None, todo, (), progress)


@dataclass
class _Work:
    entries: dict[str, Entry]
    refused: dict[str, tuple[str, str]]
    rows: Segments
    writer: Any = None

    def __post_init__(self) -> None:
        self.counts = PassageCounts()
        self.held_by = {entry.id or name: name for name, entry in self.entries.items()}
        self.before: dict[str, dict[str, bytes]] = {}
        """Records that were taken out and may come back, by the document's id."""

    def take_away(self, name: str) -> None:
        """Remove what a file held that is gone."""
        self.refused.pop(name, None)
        if entry := self.entries.pop(name, None):
            self._remove(entry.id or name)
            self.held_by.pop(entry.id or name, None)

    def put(self, name: str, path: Path, others: Mapping[str, Path] | None) -> bool | None:
        """Add what a file holds in the place of what it held; tell whether it could be read.

        None: among the `others` is a file that is named for the document and comes first, as what
        has been added in a run cannot be taken out again.
        """
        raw = path.read_bytes()
        digest = hashlib.sha256(raw).hexdigest()
        try:
            document = decode_document(raw, f"parsed/{name}.json")
            if others and document.id != name and document.id in others:
                return None
            _check(document, name, self.held_by)
        except UnreadableDocumentError as error:
            self.refused[name] = (digest, str(error))
            return False
        self.refused.pop(name, None)
        entry = self.entries.get(name)
        if entry and (entry.id or name) != document.id:
            self._remove(entry.id or name)
            del self.held_by[entry.id or name]
            entry = None
        new = _records(document)
        after = {record["id"]: msgspec.json.encode(record) for record in new}
        if entry and list(after.items()) == list(self._held(document.id).items()):
            # Another parser, or another copy of the file, but not another word: no work.
            self.entries[name] = _entry(document, digest, name, entry)
            return True
        self._remove(document.id)
        if (other := self.held_by.get(document.id, name)) != name:
            # A file under another name gives way to the one that is named for the document.
            self.refused[other] = (
                self.entries.pop(other).sha256, f"parsed/{name}.json holds it too"
            )  # fmt: skip
        self.held_by[document.id] = name
        counted = _add(self.writer, document, new, after)
        self.entries[name] = _entry(document, digest, name, counted)
        self.counts.compare(self.before.pop(document.id, {}), after)
        return True

    def settle(self) -> None:
        """Count what was taken out and did not come back."""
        for records in self.before.values():
            self.counts.compare(records, {})
        self.before.clear()

    def _held(self, document: str) -> dict[str, bytes]:
        """Give a document's records by passage, in their order."""
        records = {}
        for number in self.rows.numbers("document", document):
            record = self.rows.record(number)
            records[msgspec.json.decode(record, type=_Id).id] = record
        return records

    def _remove(self, document: str) -> None:
        """Take a document's passages out."""
        self.before.setdefault(document, {}).update(self._held(document))
        for number in self.rows.numbers("document", document):
            self.writer.delete(number)


def _check(document: Document, name: str, held_by: Mapping[str, str]) -> None:
    """Refuse what would make two passages answer to one id.

    Raises:
        UnreadableDocumentError: another file holds the document, or a passage's id is repeated.

    """
    other = held_by.get(document.id, name)
    if other != name and document.id != name:
        raise UnreadableDocumentError(
            f"parsed/{name}.json holds the document {document.id} of parsed/{other}.json"
        )
    repeated = [key for key, n in Counter(p.id for p in document.passages).items() if n > 1]
    if repeated:
        raise UnreadableDocumentError(f"parsed/{name}.json holds {repeated[0]} more than once")


def _records(document: Document) -> list[dict[str, Any]]:
    measures = measures_by_id(document)
    return [passage_record(document, passage, measures) for passage in document.passages]


def _add(
    writer: PassageWriter,
    document: Document,
    records: Sequence[dict[str, Any]],
    encoded: Mapping[str, bytes],
) -> Entry:
    """Add the passages in their order, which Whoosh keeps and document order rests on.

    Gives an entry with what was counted.
    """
    lengths: Counter[str] = Counter()
    ministries: set[str] = set()
    writer.title(document.id, document.title)
    for _, beneath in groupby(records, itemgetter("path", "measure")):
        shared = list(beneath)
        for record in shared:
            named = ministries_of(record)
            ministries.update(named)
            text = readable(record["text"])
            defines, pairs = alias_fields(text)
            measure = record["measure"] and record["measure"]["id"]
            counted = writer.add(
                {"id": record["id"], "document": document.id, "measure": measure},
                text,
                {"record": encoded[record["id"]], **pairs},
                defines,
                (msgspec.json.encode(frame_of(record)), msgspec.json.encode(named)),
            )
            lengths.update(counted)
        lengths.update(writer.add_above("head", head_text(shared[0]), len(shared)))
    if records:
        lengths.update(writer.add_above("title", readable(document.title), len(records)))
    return Entry(
        sha256="",
        passages=len(records),
        lengths=dict(sorted(lengths.items())),
        ministries=tuple(sorted(ministries)),
    )


def _entry(document: Document, digest: str, name: str, counted: Entry) -> Entry:
    """Give the entry of a document for the manifest; `counted` has what its passages gave."""
    return msgspec.structs.replace(
        counted,
        sha256=digest,
        plans=tuple(sorted({plan for plan in (document.plan, document.plan_series) if plan})),
        id="" if document.id == name else document.id,
        aliases=tuple(
            source.path for source in document.sources if source.path != f"raw/{document.id}"
        ),
    )


def head_text(record: Mapping[str, Any]) -> str:
    """Give the headings and the measure's title as they are indexed, parted by a break."""
    return FIELD_BREAK.join(map(readable, [*record["path"], measure_heading(record)]))


# --- before it answers -------------------------------------------------------------------------


def list_contents(generation: Path, version: str, entries: Mapping[str, Entry]) -> None:
    """Write down what `generation` holds, after its segments."""
    write_contents(generation, contents_of(version, entries, held_segments(generation)))


def try_out(generation: Path, manifest: Manifest, changed: Iterable[str]) -> str:
    """Ask what was written as a search would, and give what is wrong, "" where nothing is.

    Counts are compared for the whole and for the `changed` documents; some passages, spread evenly
    over all and so the same in every run, must be found by their ids and by their own words.
    """
    rows = Segments(generation, read_contents(generation).segments)
    try:
        return _fault(rows, manifest, changed)
    finally:
        rows.close()


def _fault(rows: Segments, manifest: Manifest, changed: Iterable[str]) -> str:
    living = array("I", rows.everything())
    if len(living) != manifest.passages:
        return f"it holds {len(living)} passages instead of {manifest.passages}"
    for name in changed:
        entry = manifest.documents.get(name)
        key = (entry and entry.id) or name
        held = len(rows.numbers("document", key))
        if held != (entry.passages if entry else 0):
            return f"it holds {held} passages of {key} instead of {entry.passages if entry else 0}"
    drawn = {len(living) * step // _TRIED for step in range(_TRIED)} if living else set()
    found = (_missed(rows, living[at]) for at in sorted(drawn))
    return next(filter(None, found), "")


def _missed(rows: Segments, number: int) -> str:
    """Give what does not lead to a passage, of its id and its rarest words."""
    record = msgspec.json.decode(rows.record(number))
    if rows.numbers("id", record["id"]) != [number]:
        return f"the passage {record['id']} is not found by its id"
    terms = {term for word in words(readable(record["text"])) for term in word.terms}
    rarest = sorted(terms, key=lambda term: (rows.weight("text_words", term), term))
    for term in rarest[:_TRIED_WORDS]:
        if number not in rows.numbers("text_words", term):
            return f"the passage {record['id']} is not found by {term}"
    return ""
