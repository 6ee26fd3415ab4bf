"""Parsed document → public records (dicts), as given by hits, exports and `show`.

A record joins a `Passage` with fields of its `Document`; its fields are `index.records.fields`, in
that order.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from shisaku.index.errors import UnreadableDocumentError
from shisaku.index.records.fields import Frame
from shisaku.ingest.model import Document, Measure, Passage
from shisaku.ingest.parsed.passage_paths import decode


def decode_document(raw: bytes, name: str) -> Document:
    """Return the document of parsed JSON; `name` is that of the file in an error.

    Raises:
        UnreadableDocumentError: the bytes are no parsed document of this version.

    """
    try:
        return decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableDocumentError(f"{name} is not a parsed document: {error}") from error


def read_document(path: Path) -> Document:
    """Return the document in a file of parsed/.

    Raises:
        UnreadableDocumentError: it is no parsed document of this version.

    """
    return decode_document(path.read_bytes(), str(path))


def stated_year(issued: str | None, year: int | None, fiscal_year: int | None) -> int | None:
    """Return the calendar year of `issued`, else the year, else the fiscal year."""
    if issued:
        return int(issued[:4])
    return year if year is not None else fiscal_year


def measures_by_id(document: Document) -> Mapping[str, Measure]:
    """Return the measures of a document by id."""
    return {measure.id: measure for measure in document.measures}


def passage_record(
    document: Document, passage: Passage, measures: Mapping[str, Measure]
) -> dict[str, Any]:
    """Return the public record of `passage`, with the fields of `FIELDS` but the last, in order.

    The last, the ministries by which a passage is counted, depends on the registry, which the index
    does not import.
    """
    measure = measures.get(passage.measure) if passage.measure else None
    year = stated_year(document.issued, document.year, document.fiscal_year)
    source = document.sources[0] if document.sources else None
    return {
        "id": passage.id,
        "document": document.id,
        "title": document.title,
        "kind": document.kind,
        "type": passage.type,
        "plan": document.plan,
        "plan_series": document.plan_series,
        "publisher": document.publisher,
        "issued": document.issued,
        "date": passage.date,
        "year": int(passage.date[:4]) if passage.date else year,
        "fiscal_year": document.fiscal_year,
        "path": list(passage.path),
        "measure": measure and _measure(measure),
        "ministries": list(passage.ministries),
        "actors": list(passage.actors),
        "and_others": passage.and_others,
        "mark": passage.mark,
        "status": passage.status,
        "restated": passage.restated,
        "text": passage.text,
        "cells": None
        if passage.cells is None
        else [{"column": cell.column, "text": cell.text} for cell in passage.cells],
        "page": passage.page,
        "page_end": passage.page_end,
        "source": source.path if source else None,
        "url": source.url if source else None,
        "sha256": document.sha256,
        "page_label": passage.page_label,
        "restates": passage.restates,
        "ref": passage.ref,
        "guessed": list(passage.guessed),
        "ruby": [list(reading) for reading in passage.ruby],
        "budget": [msgspec.to_builtins(each) for each in passage.budget or ()],
    }


def _measure(measure: Measure) -> dict[str, str]:
    """Return what a record says of its measure; `quoted` where a follow-up quotes the plan."""
    said = {"id": measure.id, "label": measure.label, "title": measure.title}
    return said | {"quoted": measure.quoted} if measure.quoted else said


def frame_of(record: Mapping[str, Any]) -> Frame:
    """Return the `Frame` of a record."""
    return Frame(
        document=record["document"],
        date=record["date"] or record["issued"] or str(record["year"] or ""),
        kind=record["kind"],
        plan=record["plan"],
        plan_series=record["plan_series"],
        year=record["year"],
        fiscal_year=record["fiscal_year"],
        status=record["status"],
    )


def ministries_of(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the responsible and acting ministries of a record, each once."""
    return tuple(dict.fromkeys([*record["ministries"], *record["actors"]]))
