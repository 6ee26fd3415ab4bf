"""The passages of a parsed document, analysed: what an engine takes in (`TokenDoc`).

Passages under one heading share the tokens of the headings, those of one document the tokens of its
title: they are made once and handed on as the same objects, which writers recognise.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import add, itemgetter
from typing import Any

from shisaku.index.analysis.analyzer import FIELD_BREAK, Word, folded_parts, readable, words
from shisaku.index.analysis.defined_names import alias_fields
from shisaku.index.analysis.defined_terms import defined_terms
from shisaku.index.engine.tokens import TokenDoc, Tokens
from shisaku.index.records.around import Parts, about, begins, labels
from shisaku.index.records.family import family_of, twin_of
from shisaku.index.records.fields import measure_heading
from shisaku.index.records.passages import bodies_of, frame_of, measures_by_id, passage_record
from shisaku.ingest.model import Document

Records = Sequence[dict[str, Any]]
Encoded = Mapping[str, bytes]
"""Records as JSON, by the passage's id."""


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
