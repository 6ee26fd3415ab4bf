"""The stages that `bench.doubling` times, each with the inputs that grow in one dimension."""

import contextlib
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bench import doubling_inputs as inputs
from bench.doubling_prints import DIGESTS, PRINTS

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


_KEPT = 9
"""Sizes of one dimension whose blocks and documents are kept for the stages that come after."""


@lru_cache(_KEPT)
def _blocks(made: str) -> Any:
    return _read_html(_encoded(made))


@lru_cache(_KEPT)
def _printed(made: bytes) -> Any:
    return _read_pdf(made)


@lru_cache(_KEPT)
def _document(made: str) -> Any:
    return _build(_blocks(made))


def _from_text(make: Callable[[int], str], wrap: Callable[[str], str]) -> Callable[[int], str]:
    return lambda count: wrap(make(count))


def _some(all_: Mapping[str, Callable[[int], Any]], names: str) -> dict[str, Callable[[int], Any]]:
    return {name: all_[name] for name in map(str.strip, names.split(","))}


_MARKUP = _some(
    inputs.PAGES,
    """paragraphs, line breaks, headings, links, paragraphs of links, links to the page,
    links with text, nested links, lists of links, attributes, long attribute,
    attributes with angle brackets,
    attributes with quoted ends, attributes without end, attributes of an end tag,
    attributes of each, nested div, nested named div, nested headers, nested font, font tags,
    nested lists, nested tables, nested form, tables, table rows, table columns, rowspans,
    spans without end, comments, open comments, open scripts, less-than signs, open tags,
    open end tags, row ends, entities, named entities, unknown entities, one unknown entity,
    canonical address, preformatted lines, ruby, misnested tags, open bold tags, open paragraphs,
    end tags, titles, metas, styles, semicolons of a style, spaces of a style, class names,
    white space, options, frames, sections, navigation, breadcrumbs, CDATA, conditional comments,
    XHTML, open scripts of XHTML""",
)
"""What matters to those who look at the markup of a page and not at its blocks."""

_DOCUMENTS = _some(
    inputs.PAGES,
    """paragraphs, equal paragraphs, line breaks, headings with text, ranked headings,
    long headings, long title, labels, measures, paragraphs of a measure, meetings,
    counted articles,
    contents and headings, notes and signs, restated items, definitions, definitions and uses,
    many words, links, table rows, table columns, square table, labelled rows, form rows,
    group labels, measure rows, rows of one measure, one status of many, items of a status,
    unknown ministries beside known, ruby on items, many inline items on lines,
    raised numbers on items, annexes""",
)
"""What differs as a document: in passages, measures, sections, paths, names, signs."""

_NUMBERS = _some(
    inputs.TEXTS,
    """digits, wide digits, numbers, decimals, digits and spaces, ideographic numerals, tens, eras,
    dates, years, full dates, chapter of hundreds, articles, amounts, one amount, many years,
    many numbers, hours, months and days, circled numbers, Roman numerals, no break, Latin word,
    spaces, commas, dots, percent signs, mixed""",
)
_SPELLINGS = _some(
    inputs.TEXTS,
    """no break, one ideograph, hiragana, katakana, half-width kana, Latin word, digits,
    wide digits, spaces, ideographic spaces, spaced letters, tabs, line feeds, iteration marks,
    long vowels, combining marks, combining accents, expanding ligature, selectors, emoji,
    circled numbers, Roman numerals, dashes, marks, quotes, mixed""",
)
_HEADS = _NUMBERS | _some(
    inputs.TEXTS,
    """sentences, ideographs, half-width kana, Latin words, opening brackets, nested brackets,
    quotes, acronyms, definitions, ministries in brackets, ministries in an open bracket, bureaus,
    ideographic spaces, marks, inline items, colons, citations, plan words, white papers, acts,
    follow-ups, plans with years, many ministries, mixed brackets closed, notes in brackets,
    line feeds""",
)
"""Texts that matter to who asks what a line is: a title, a date, a label, a letterhead."""

_FIRST = {name: _from_text(make, inputs.first) for name, make in _HEADS.items()}
_LATER = {name: _from_text(make, inputs.later) for name, make in inputs.TEXTS.items()}
_SET = _some(
    _LATER,
    """no break, half-width kana, digits, spaces, ideographic spaces, spaced letters, tabs,
    line feeds, combining marks, selectors, emoji, addresses""",
)
"""Texts that matter where a paragraph is set, before its words are looked at."""


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
    known.kind_found(text, [text])


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


def _feeds(data: bytes) -> None:
    from shisaku.ingest.html.feeds import FeedError, read_feed

    with contextlib.suppress(FeedError):
        read_feed(data)


def _watched(data: bytes) -> None:
    from shisaku.ingest.words.page import look_at_page

    look_at_page(data)


def _digests(data: bytes) -> None:
    from shisaku.ingest.words.pdf import pdf_digest

    pdf_digest(data)


def _robots(data: bytes) -> None:
    from shisaku.ingest.fetch.http.robots import parse_robots

    parse_robots(data).can_fetch("https://a.go.jp/" + "a" * 1000, "shisaku")


def _urls(text: str) -> None:
    from shisaku.ingest.fetch.pages.listing import mark_of
    from shisaku.ingest.fetch.pages.pagination import numbered
    from shisaku.ingest.fetch.urls import canonical

    url = canonical(text, "https://a.go.jp/list/")
    for each in (text, url or ""):
        numbered(each)
        mark_of(each)


def _built(document: Any) -> Any:
    """Return a data folder with the index of a document; it goes with the object that names it."""
    from shisaku.index.generations.build import build_index
    from shisaku.ingest.parsed.store import encode

    folder = tempfile.TemporaryDirectory()
    parsed = Path(folder.name) / "parsed"
    parsed.mkdir()
    if document is not None:
        (parsed / "a.html.json").write_bytes(encode(document))
    build_index(Path(folder.name))
    return folder


@lru_cache(_KEPT)
def _searchable(made: str) -> Any:
    return _built(_document(made))


@lru_cache(1)
def _small() -> Any:
    return _built(_document(inputs.PAGES["measures"](8)))


_TYPED_MOST = 40_000
"""Characters of a query: an argument of a command has 128 KiB at most (Linux, MAX_ARG_STRLEN)."""

_ASKED = (
    "人身取引",
    "研修 OR 推進",
    "“取引対策”",
    "推進*",
    "ガイド~",
    "人 -警察庁",
    "国際移住機構",
    "機構",
)


def _search(folder: Any) -> None:
    """Ask for words, their places, counts and all that is found."""
    from shisaku.index.search.searcher import Searcher

    with Searcher(Path(folder.name)) as searcher:
        for query in _ASKED:
            searcher.search(query)
            list(searcher.export(query)[1])
        list(searcher.aliases())


def _ask(made: tuple[Any, str]) -> None:
    from shisaku.index.errors import FilterError
    from shisaku.index.query.parser import QueryError
    from shisaku.index.search.searcher import Searcher

    folder, query = made
    with Searcher(Path(folder.name)) as searcher, contextlib.suppress(QueryError, FilterError):
        searcher.search(query)


_TYPED: dict[str, Callable[[int], str]] = {
    "words": lambda n: "人身 取引 " * n,
    "groups": lambda n: "(" * n + "人身" + ")" * n,
    "NOT": lambda n: "-" * n + "人身",
    "OR": lambda n: "人身 OR " * n + "取引",
    "phrases": lambda n: '"人身取引" ' * n,
    "open phrases": lambda n: '"' * n,
    "fields": lambda n: "省庁:警察庁 " * n,
    "stars": lambda n: "人*" * n,
}
_QUERIES = inputs.TEXTS | _TYPED
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
    "robots": Stage(inputs.ROBOTS, _robots, _encoded),
    "urls": Stage(inputs.URLS, _urls),
    "feeds": Stage(inputs.FEEDS, _feeds, _encoded),
    "watched": Stage(_MARKUP, _watched, _encoded),
    "digests": Stage(DIGESTS | _some(PRINTS, "pages, lines, pictures"), _digests),
    "decode": Stage(_DECODE, _decode),
    "sniff": Stage(_BYTES, _sniff, _encoded),
    "links": Stage(_MARKUP, _links, _encoded),
    "html": Stage(inputs.PAGES | _SET, _read_html, _encoded),
    "structure": Stage(inputs.PAGES, _build, _blocks),
    "first": Stage(_FIRST, _build, _blocks),
    "later": Stage(_LATER, _build, _blocks),
    "pdf": Stage(PRINTS, _read_pdf),
    "print": Stage(PRINTS, _build, _printed),
    "dates": Stage(inputs.TEXTS, _dates),
    "registry": Stage(inputs.TEXTS, _registry),
    "titles": Stage(_HEADS, _titles),
    "labels": Stage(_HEADS, _labels),
    "numerals": Stage(_NUMBERS, _numerals),
    "folding": Stage(_SPELLINGS, _folding),
    "words": Stage(inputs.TEXTS, _words),
    "morphs": Stage(inputs.TEXTS, _morphs),
    "aliases": Stage(inputs.TEXTS, _aliases),
    "query": Stage(_QUERIES, _query),
    "stored": Stage(_DOCUMENTS, _stored, _document),
    "asked": Stage(_TYPED | _SPELLINGS, _ask, lambda made: (_small(), made), _TYPED_MOST),
    "search": Stage(_DOCUMENTS | _LATER, _search, _searchable),
    "index": Stage(_DOCUMENTS | _LATER, _index, _document),
}
"""Stages by name: what reads, what tells, what analyses, what writes."""
