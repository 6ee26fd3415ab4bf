"""One passage, measure or document by its id, with what a reader needs around it."""

import difflib
import unicodedata
from pathlib import Path
from typing import Any

import msgspec

from shisaku.index.errors import UnknownIdError
from shisaku.index.export.citations import citation, citation_of_measure, origin
from shisaku.index.search.documents import DocumentHead, Unindexed, list_documents, read_unindexed
from shisaku.index.search.session import HasSession, OpenIndex, Record
from shisaku.ingest.parsed.former_ids import lookup
from shisaku.ingest.text.terminal import one_line

AROUND = 3
"""Passages shown before and after one, under the same heading."""


def find(searcher: HasSession, data: Path, key: str) -> dict[str, Any]:
    """Return what `key` names: the id of a passage, a measure or a document, or a source's path.

    The result has `citation` and either `passage`, `before`, `after`; or `measure`, `passages`;
    or `document`. Where `key` was an id of an older reading of the document, it is what holds its
    words now, with `moved`: all ids that hold them. `withdrawn` beside a passage or measure, and
    among the fields of a document, is null, or since when and why nobody offers the document.
    Passages have their `boxes` beside the fields that they have everywhere.

    Raises:
        UnknownIdError: nothing has this id; the remedy names what is near.

    """
    opened = searcher.session
    key = unicodedata.normalize("NFC", key)
    found = _indexed(opened, data, key)
    if found is not None:
        return found
    successors = lookup(data, key)
    for successor in successors:
        found = _indexed(opened, data, successor)
        if found is not None:
            return found | {"moved": successors}
    heads = list_documents(data).documents
    for head in heads:
        paths = {source.path for source in head.sources}
        if key == head.id or key in paths or f"raw/{key}" in paths:
            return {"citation": _citation_of(head), "document": _document(head)}
    raise UnknownIdError(f"nothing has the id {key}", _near(opened, key, heads))


def _indexed(opened: OpenIndex, data: Path, key: str) -> dict[str, Any] | None:
    """Return the passage or measure with the id `key`, None where the index has none."""
    record = opened.passage(key)
    if record is not None:
        before, after = opened.around(record, AROUND)
        cited = citation(record)
        unindexed = _unindexed(opened, data, record)
        record, *others = _boxed(unindexed, [record, *before, *after])
        before, after = others[: len(before)], others[len(before) :]
        found = {"citation": cited, "passage": record, "before": before, "after": after}
        return found | _withdrawn(unindexed)
    records = opened.measure(key)
    if records:
        first = records[0]
        names = [name for other in records for name in other["ministries"]]
        measure = first["measure"] | {
            "document": first["document"],
            "path": first["path"],
            "ministries": list(dict.fromkeys(names)),
        }
        cited = citation_of_measure(records)
        unindexed = _unindexed(opened, data, first)
        passages = _boxed(unindexed, records)
        return {"citation": cited, "measure": measure, "passages": passages} | _withdrawn(unindexed)
    return None


def _unindexed(opened: OpenIndex, data: Path, record: Record) -> Unindexed:
    return read_unindexed(data, opened.manifest.names().get(record["document"], ""))


def _withdrawn(unindexed: Unindexed) -> dict[str, Any]:
    return {"withdrawn": msgspec.to_builtins(unindexed.withdrawn)}


def _boxed(unindexed: Unindexed, records: list[Record]) -> list[Record]:
    """Return the records of one document with their boxes."""
    boxes = unindexed.boxes()
    return [record | {"boxes": boxes.get(record["id"], [])} for record in records]


def _document(head: DocumentHead) -> dict[str, Any]:
    sources = [msgspec.to_builtins(source) for source in head.sources]
    extra = {"sources": sources, "measures": len(head.measures)}
    return head.to_json() | extra


def _citation_of(head: DocumentHead) -> str:
    year = str(head.year or "")
    issued = "、".join(part for part in (head.publisher, head.issued or year) if part)
    source = head.sources[0] if head.sources else None
    where = origin(source.url, source.path) if source else ""
    title = f"『{head.title}』" + (f"（{issued}）" if issued else "")
    return one_line(", ".join(part for part in (title, head.plan or "", where) if part))


def _near(opened: OpenIndex, key: str, heads: tuple[DocumentHead, ...]) -> str:
    document = key.partition("#")[0]
    known = opened.ids(document) or [head.id for head in heads]
    near = difflib.get_close_matches(key, known, n=3, cutoff=0.4)
    if near:
        return f"did you mean {' / '.join(near)}?"
    return "type: shisaku docs, or take an id from the results of shisaku search"
