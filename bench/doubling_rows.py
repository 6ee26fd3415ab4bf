"""The stages that `bench.doubling` times, each with the inputs that grow in one dimension."""

import contextlib
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import doubling_inputs as inputs

_LARGEST = 2_000_000
"""Bytes or characters up to which an input is doubled while a run is too short to be timed."""


@dataclass(frozen=True)
class Stage:
    """What is timed: `run` over what `prepare` makes of an input."""

    inputs: Mapping[str, Callable[[int], Any]]
    run: Callable[[Any], Any]
    prepare: Callable[[Any], Any] = lambda made: made
    largest: int = _LARGEST
    size: Callable[[Any], int] = len


def _encoded(made: str) -> bytes:
    return made.encode("utf-8", "surrogatepass")


def _read_html(data: bytes) -> Any:
    from shisaku.ingest.html import read_html
    from shisaku.ingest.problems import UnreadableError

    try:
        return read_html(data)
    except UnreadableError:
        return None


def _build(raw: Any) -> Any:
    from shisaku.ingest.structure import build_document

    if raw is None:
        return None
    return build_document(raw, document_id="a.html", sources=(), sha256="")


def _read_pdf(data: bytes) -> Any:
    from shisaku.ingest.pdf import read_pdf
    from shisaku.ingest.problems import UnreadableError

    try:
        return read_pdf(data)
    except UnreadableError:
        return None


def _index(document: Any) -> None:
    """Index a document alone, in a folder that is removed afterwards."""
    from shisaku.index.generations.indexing import write_segments
    from shisaku.index.generations.messages import Write
    from shisaku.ingest.parsed.store import encode

    if document is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "parsed.json"
        path.write_bytes(encode(document))
        generation = Path(folder) / "generation"
        generation.mkdir()
        write_segments(Write(bytes(generation), {"a.html": bytes(path)}), lambda name: None)


def _from_text(make: Callable[[int], str], wrap: Callable[[str], str]) -> Callable[[int], str]:
    return lambda count: wrap(make(count))


_FIRST = {name: _from_text(make, inputs.first) for name, make in inputs.TEXTS.items()}
_LATER = {name: _from_text(make, inputs.later) for name, make in inputs.TEXTS.items()}


def _dates(text: str) -> None:
    from shisaku.ingest.text.dates import find_dates

    list(find_dates(text))


def _registry(text: str) -> None:
    from shisaku.ingest.registry import registry

    known = registry()
    known.publisher_of([text])
    known.actors(text)
    known.find_trailing_list(text)
    known.find_leading_list(text)
    list(known.find_lists(text))
    known.parse_list(text)
    known.parse_list(text, lenient=True)


def _titles(text: str) -> None:
    from shisaku.ingest.registry import registry

    known = registry()
    known.plan_of_title(text)
    known.followed_plan(text)
    known.resolve_plan(text)
    known.find_publication(text)
    known.publisher_of_paper(text)
    known.kind_of(text, [text])


def _labels(text: str) -> None:
    from shisaku.ingest.structure.acts import is_amendment, promulgated
    from shisaku.ingest.structure.meetings import entry_date
    from shisaku.ingest.structure.outline.headings import is_caption_text
    from shisaku.ingest.structure.outline.numbering import parse_label
    from shisaku.ingest.structure.outline.toc import parse_entry
    from shisaku.ingest.text.joining import ends_sentence

    parse_label(text)
    parse_entry(text)
    is_caption_text(text)
    ends_sentence(text)
    entry_date(text)
    promulgated([text])
    is_amendment(text)


def _folding(text: str) -> None:
    from shisaku.index.analysis.folding import literal_variants, search_key_map
    from shisaku.ingest.text.fold import fold, fold_map

    fold(text)
    fold_map(text)
    literal_variants(search_key_map(text)[0])


def _words(text: str) -> None:
    from shisaku.index.analysis.analyzer import grams, words

    words(text)
    sum(1 for _ in grams(text))


def _morphs(text: str) -> None:
    from shisaku.index.analysis.analyzer import morphs

    morphs(text)


def _aliases(text: str) -> None:
    from shisaku.index.analysis.defined_names import alias_fields

    alias_fields(text)


def _query(text: str) -> None:
    from shisaku.index.query.parser import QueryError, parse_query

    with contextlib.suppress(QueryError):
        parse_query(text)


def _sniff(data: bytes) -> None:
    from shisaku.ingest.sniff import sniff

    sniff(data)


def _links(data: bytes) -> None:
    from shisaku.ingest.html.links import read_links

    read_links(data)


def _stored(document: Any) -> None:
    from shisaku.ingest.parsed.store import decode, encode

    if document is not None:
        decode(encode(document))


def _numerals(text: str) -> None:
    from shisaku.index.analysis.numerals import numerals
    from shisaku.ingest.text.numerals import parse_number

    numerals(text)
    parse_number(text)


_QUERIES: dict[str, Callable[[int], str]] = {
    **inputs.TEXTS,
    "words": lambda n: "人身 取引 " * n,
    "groups": lambda n: "(" * n + "人身" + ")" * n,
    "NOT": lambda n: "-" * n + "人身",
    "OR": lambda n: "人身 OR " * n + "取引",
    "phrases": lambda n: '"人身取引" ' * n,
    "open phrases": lambda n: '"' * n,
    "fields": lambda n: "省庁:警察庁 " * n,
    "stars": lambda n: "人*" * n,
}
_BYTES: dict[str, Callable[[int], str]] = {
    "XML instructions": lambda n: "<?xml?>" + "<?a?>" * n,
    "XML comments": lambda n: "<?xml?>" + "<!-- a -->" * n,
    "XML doctypes": lambda n: "<?xml?>" + "<!doctype a>" * n,
    "open doctype": lambda n: "<!doctype" + " " * n,
    "white space": lambda n: " " * n + "<p>",
    "less-than signs": lambda n: "<" * n,
    "text": lambda n: "人身取引" * n,
}
_DECODE: dict[str, Callable[[int], bytes]] = {
    "meta": lambda n: b"<html>" + b"<meta " * n + b"\xa4\xa2 <p>x",
    "XML declarations": lambda n: b"<?xml " * n + b"\xa4\xa2",
    "EUC-JP errors": lambda n: b"<meta charset=euc-jp><p>" + b"\xa4\x20\xff" * n,
    "Shift_JIS errors": lambda n: b"<meta charset=shift_jis><p>" + b"\x81\x20\xff" * n,
    "UTF-8 errors": lambda n: b"<meta charset=utf-8><p>" + b"\xff\xfe\xa0" * n,
    "bytes": lambda n: b"<p>" + bytes(range(128, 256)) * n,
}


def _decode(data: bytes) -> None:
    from shisaku.ingest.html.decode import decode

    decode(data)


STAGES: dict[str, Stage] = {
    "decode": Stage(_DECODE, _decode),
    "sniff": Stage(_BYTES, _sniff, _encoded),
    "links": Stage(inputs.PAGES, _links, _encoded),
    "html": Stage(inputs.PAGES | _LATER, _read_html, _encoded),
    "structure": Stage(inputs.PAGES, _build, lambda made: _read_html(_encoded(made))),
    "first": Stage(_FIRST, _build, lambda made: _read_html(_encoded(made))),
    "later": Stage(_LATER, _build, lambda made: _read_html(_encoded(made))),
    "pdf": Stage(inputs.PRINTS, _read_pdf),
    "print": Stage(inputs.PRINTS, _build, _read_pdf),
    "dates": Stage(inputs.TEXTS, _dates),
    "registry": Stage(inputs.TEXTS, _registry),
    "titles": Stage(inputs.TEXTS, _titles),
    "labels": Stage(inputs.TEXTS, _labels),
    "numerals": Stage(inputs.TEXTS, _numerals),
    "folding": Stage(inputs.TEXTS, _folding),
    "words": Stage(inputs.TEXTS, _words),
    "morphs": Stage(inputs.TEXTS, _morphs),
    "aliases": Stage(inputs.TEXTS, _aliases),
    "query": Stage(_QUERIES, _query),
    "stored": Stage(inputs.PAGES, _stored, lambda made: _build(_read_html(_encoded(made)))),
    "index": Stage(inputs.PAGES | _LATER, _index, lambda made: _build(_read_html(_encoded(made)))),
}
"""Stages by name: what reads, what tells, what analyses, what writes."""
