"""Parsed documents → the passages that an engine indexes (`TokenDoc`).

A run hands the engine what is new and what is gone, so that its cost is that of what changed. Which
documents, and when the result is swapped in: `build`, which loads this only where there is work.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import add, itemgetter
from pathlib import Path
from typing import Any

import msgspec

from shisaku.index.analysis.analyzer import FIELD_BREAK, Word, folded_parts, readable, words
from shisaku.index.analysis.defined_names import alias_fields
from shisaku.index.analysis.defined_terms import defined_terms
from shisaku.index.engine.tokens import IndexWriter, TokenDoc, Tokens
from shisaku.index.engine.whoosh.codec.segment_map import read_contents
from shisaku.index.engine.whoosh.codec.segment_writer import PassageWriter
from shisaku.index.errors import CopiedDocumentError, UnreadableDocumentError
from shisaku.index.garbage import uncollected
from shisaku.index.generations.manifest import Refused, read_manifest
from shisaku.index.generations.messages import Write, Written
from shisaku.index.records.around import Parts, about, begins, labels
from shisaku.index.records.entries import Entry
from shisaku.index.records.family import family_of, twin_of
from shisaku.index.records.fields import measure_heading
from shisaku.index.records.passages import (
    bodies_of,
    decode_document,
    frame_of,
    measures_by_id,
    passage_record,
)
from shisaku.ingest.disk.files import read_regular
from shisaku.ingest.model import Document

Records = Sequence[dict[str, Any]]
Encoded = Mapping[str, bytes]
"""Records as JSON, by the passage's id."""


Tell = Callable[[str], None]


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
def write_segments(order: Write, tell: Tell) -> Written:
    """Write what `order` asks for; `tell` is called with each name that is begun, with "" at last.

    Raises:
        BrokenIndexError: what the index begins as cannot be read.
        OSError: the disk is full, …

    """
    folder = Path(os.fsdecode(order.folder))
    # Who gave the order has compared the files.
    held = read_contents(Path(os.fsdecode(order.last))).segments if order.last else None
    writer = PassageWriter(folder, held)
    work = _Work(order, writer)
    try:
        for name in order.gone:
            work.take_away(name)
        waiting = list(order.todo.items())
        for done, (name, path) in enumerate(waiting):
            tell(name)
            first_pass = done < len(order.todo)
            if work.put(name, Path(os.fsdecode(path)), order.todo if first_pass else None) is None:
                waiting.append((name, path))
        work.settle()
        tell("")
    except BaseException:
        writer.cancel()
        raise
    if order.trial:
        writer.cancel()
    else:
        writer.commit()
    return work.written()


@dataclass
class _Work:
    order: Write
    writer: IndexWriter

    def __post_init__(self) -> None:
        self.counts = PassageCounts()
        self.unread: dict[str, str] = {}
        self.old_entries, self.old_refused = self.order.entries, self.order.refused
        self.entries, self.refused = dict(self.old_entries), dict(self.old_refused)
        self.held_by = {entry.id or name: name for name, entry in self.entries.items()}
        self.held_by |= self.order.odd
        self.complete = not self.order.last
        """Whether `entries` holds all of the last manifest, and not only what the order names."""
        self.before: dict[str, dict[str, bytes]] = {}
        """Records that were taken out and may come back, by the document's id."""

    def _complete(self) -> None:
        """Read what the last manifest has of the names that the order does not name."""
        if self.complete:
            return
        self.complete = True
        old = read_manifest(Path(os.fsdecode(self.order.last)))
        named = {*self.order.todo, *self.order.gone}
        others = {name: each for name, each in old.documents.items() if name not in named}
        self.entries |= others
        self.old_entries = {**self.old_entries, **others}
        for name, entry in others.items():
            self.held_by.setdefault(entry.id or name, name)

    def take_away(self, name: str) -> None:
        """Remove what a file held that is gone."""
        self.refused.pop(name, None)
        if entry := self.entries.pop(name, None):
            self._remove(entry.id or name)
            self.held_by.pop(entry.id or name, None)

    def put(self, name: str, path: Path, others: Mapping[str, bytes] | None) -> bool | None:
        """Add what a file holds in the place of what it held; tell whether it could be read.

        None: among the `others` is a file that is named for the document and comes first, as what
        has been added in a run cannot be taken out again.
        """
        try:
            raw = read_regular(path)
        except OSError as error:
            # What it held goes on being found: what cannot be opened today is not gone.
            self.unread[name] = error.strerror or str(error)
            return False
        digest = hashlib.sha256(raw).hexdigest()
        try:
            document = decode_document(raw, f"parsed/{name}.json")
            if others and document.id != name and document.id in others:
                return None
            if document.id != name or document.id in self.order.odd:
                self._complete()  # another file may hold it
            _check(document, name, self.held_by)
        except UnreadableDocumentError as error:
            code = "copy" if isinstance(error, CopiedDocumentError) else "parsed"
            self.refused[name] = Refused(digest, str(error), code)
            return False
        self.refused.pop(name, None)
        entry = self.entries.get(name)
        if entry and (entry.id or name) != document.id:
            self._remove(entry.id or name)
            del self.held_by[entry.id or name]
            entry = None
        new = records_of(document)
        after = {record["id"]: msgspec.json.encode(record) for record in new}
        if entry and list(after.items()) == list(self._held(document.id).items()):
            # Another parser, or another copy of the file, but not another word: no work.
            self.entries[name] = _entry(document, digest, name, entry)
            return True
        self._remove(document.id)
        if (other := self.held_by.get(document.id, name)) != name:
            # A file under another name gives way to the one that is named for the document.
            why = f"parsed/{name}.json holds it too"
            self.refused[other] = Refused(self.entries.pop(other).sha256, why, "copy")
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

    def written(self) -> Written:
        """Return what has become other than it was."""
        entries, refused = self.old_entries, self.old_refused
        return Written(
            {name: each for name, each in self.entries.items() if entries.get(name) is not each},
            {name: each for name, each in self.refused.items() if refused.get(name) is not each},
            self.unread,
            tuple(sorted((entries.keys() - self.entries) | (refused.keys() - self.refused))),
            **vars(self.counts),
        )

    def _held(self, document: str) -> dict[str, bytes]:
        """Return a document's records by passage, in their order."""
        records = self.writer.records(document)
        return {msgspec.json.decode(record, type=_Id).id: record for record in records}

    def _remove(self, document: str) -> None:
        """Take a document's passages out."""
        self.before.setdefault(document, {}).update(self._held(document))
        self.writer.delete(document)


def _check(document: Document, name: str, held_by: Mapping[str, str]) -> None:
    """Refuse what would make two passages answer to one id.

    Raises:
        UnreadableDocumentError: another file holds the document, or a passage's id is repeated.

    """
    other = held_by.get(document.id, name)
    if other != name and document.id != name:
        raise CopiedDocumentError(
            f"parsed/{name}.json holds the document {document.id} of parsed/{other}.json"
        )
    repeated = [key for key, n in Counter(p.id for p in document.passages).items() if n > 1]
    if repeated:
        raise UnreadableDocumentError(f"parsed/{name}.json holds {repeated[0]} more than once")


def _add(writer: IndexWriter, document: Document, records: Records, encoded: Encoded) -> Entry:
    """Add the passages in their order, which engines keep and document order rests on.

    Returns an entry with what was counted.
    """
    lengths: Counter[str] = Counter()
    ministries: set[str] = set()
    publisher = None
    for doc in token_docs(document, records, encoded):
        writer.add(doc)
        ministries.update(doc.bodies.named)
        publisher = doc.frame.publisher
        for field, tokens in doc.fields.items():
            lengths[field] += len(tokens.terms)
    return Entry(
        sha256="",
        passages=len(records),
        lengths=dict(sorted(lengths.items())),
        ministries=tuple(sorted(ministries)),
        publisher=publisher,
    )


def _entry(document: Document, digest: str, name: str, counted: Entry) -> Entry:
    """Return the entry of a document for the manifest; `counted` has what its passages gave."""
    return msgspec.structs.replace(
        counted,
        sha256=digest,
        plans=tuple(sorted({plan for plan in (document.plan, document.plan_series) if plan})),
        id="" if document.id == name else document.id,
        aliases=tuple(
            source.path for source in document.sources if source.path != f"raw/{document.id}"
        ),
    )


# --- what an engine takes in ------------------------------------------------------------------


def records_of(document: Document) -> list[dict[str, Any]]:
    """Return the public records of a document's passages, in their order."""
    measures = measures_by_id(document)
    return [passage_record(document, passage, measures) for passage in document.passages]


def token_docs(document: Document, records: Records, encoded: Encoded) -> Iterator[TokenDoc]:
    """Yield the passages as they are indexed, in their order."""
    if not records:
        return
    title = {"title_words": word_tokens(words(readable(document.title)))}
    first: Mapping[str, Tokens] = _tokens_of("about", about(records[0]))
    family = family_of(records[0])
    around = iter(zip(begins(records), labels(records), strict=True))
    shown: dict[Parts, Mapping[str, Tokens]] = {(): {}}
    for _, beneath in groupby(records, itemgetter("path", "measure")):
        shared = list(beneath)
        head = head_text(shared[0])
        above = {
            "head_words": word_tokens(words(head)),
            "head_grams": pair_tokens(folded_parts(head)),
            **title,
        }
        for record in shared:
            begun, labelled = next(around)
            if labelled not in shown:
                shown[labelled] = _tokens_of("label", labelled)
            tokens = {**above, **shown[labelled], **first}
            first = {}  # what holds for the document stands with its first passage alone
            twin = twin_of(record, family)
            yield _token_doc(document, record, encoded[record["id"]], tokens, begun, twin)


def _token_doc(
    document: Document,
    record: dict[str, Any],
    encoded: bytes,
    above: Mapping[str, Tokens],
    begun: Sequence[str],
    twin: int,
) -> TokenDoc:
    """Analyse a passage; `above` are the tokens that it shares with others."""
    text = readable(record["text"])
    found = words(text)
    defines, stored = alias_fields(text)
    measure = record["measure"]
    explained = FIELD_BREAK.join(map(readable, defined_terms(text, record["cells"])))
    return TokenDoc(
        keys={
            "id": (record["id"],),
            "document": (document.id,),
            "measure": (measure["id"],) if measure and measure["id"] else (),
            "defines": defines,
            "begins": begun,
        },
        fields={
            "text_words": word_tokens(found),
            "text_grams": pair_tokens(folded_parts(text)),
            **above,
            **({"defined_words": word_tokens(words(explained))} if explained else {}),
        },
        frame=frame_of(record),
        bodies=bodies_of(record),
        record=encoded,
        title=document.title,
        aliases=stored.get("aliases", b""),
        offsets=word_offsets(found),
        twin=twin,
    )


def _tokens_of(name: str, parts: Parts) -> dict[str, Tokens]:
    """Return the words and pairs of characters of parts, as fields `<name>_words`, …."""
    text = FIELD_BREAK.join(map(readable, parts))
    return {
        f"{name}_words": word_tokens(words(text)),
        f"{name}_grams": pair_tokens(folded_parts(text)),
    }


def word_tokens(found: Sequence[Word]) -> Tokens:
    """Return the terms of words with their positions."""
    return Tokens(
        [term for word in found for term in word.terms],
        [word.position for word in found for _ in word.terms],
    )


def pair_tokens(parts: Iterable[str]) -> Tokens:
    """Return the pairs of neighbouring characters of folded parts of a text; see `grams`."""
    pairs: list[str] = []
    for part in parts:
        pairs += map(add, part, part[1:] + FIELD_BREAK)
    return Tokens(pairs, range(len(pairs)))


def word_offsets(found: Sequence[Word]) -> list[int]:
    """Return start and end of the word at each position; see `TokenDoc.offsets`."""
    offsets: list[int] = []
    end = 0
    for word in found:
        if missing := 2 * word.position - len(offsets):
            offsets += [end] * missing
        end = word.end
        offsets += (word.start, end)
    return offsets


def head_text(record: Mapping[str, Any]) -> str:
    """Return the headings and the measure's title as they are indexed, parted by a break."""
    return FIELD_BREAK.join(map(readable, [*record["path"], measure_heading(record)]))
