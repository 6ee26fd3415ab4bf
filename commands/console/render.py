"""What the commands print of an answer: JSON for programs, lines for people, headers of exports."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click
import msgspec

from shisaku.commands.console.display import Display
from shisaku.commands.console.shell import say
from shisaku.commands.console.tables import (
    cross_rows,
    facet_rows,
    print_cross,
    print_facets,
    print_table,
    to_csv,
)
from shisaku.index.analysis.folding import search_key
from shisaku.index.analysis.synonyms import synonyms
from shisaku.index.engine.base import UnitName
from shisaku.index.search.searcher import Searcher
from shisaku.index.search.selection import Request, Results, Selection
from shisaku.index.search.units import counted
from shisaku.ingest.text.terminal import clean, one_line


def results_json(request: Request, found: Results, offset: int, limit: int) -> dict[str, Any]:
    """Give what `search --json` prints."""
    return {
        "query": request.query,
        "total": found.total,
        "offset": offset,
        "limit": limit,
        "hits": found.hits,
        "facets": found.facets,
        "unit": request.unit,
        "notices": list(found.notices),
        "expanded": found.expanded,
        "suggestions": found.suggestions,
    }


def print_results(request: Request, found: Results, offset: int, *, with_facets: bool) -> None:
    """Print hits, and counts if wanted; what was made of the query goes to standard error."""
    _tell(found.notices, found.expanded)
    display = Display()
    display.hits(found.hits, offset + 1)
    if with_facets:
        print_facets(display, found.facets, full=False)
    last = offset + len(found.hits)
    part = 0 < len(found.hits) < found.total
    say(counted(found.total, request.unit) + (f" ({offset + 1}-{last} shown)" if part else ""))
    _suggest(found.suggestions, request.unit)


def facets_json(
    searcher: Searcher, request: Request, found: Selection, by: Sequence[str]
) -> dict[str, Any]:
    """Give what `facets --json` prints; `cross` is there with two facets in `by`."""
    counts = {
        "query": request.query,
        "total": found.total,
        "facets": found.facets(*by),
        "unit": request.unit,
        "notices": list(found.notices),
        "expanded": searcher.expanded(found, request.options),
        "suggestions": searcher.suggestions(found, request),
    }
    return counts | ({"cross": found.cross(*by).to_json()} if len(by) == 2 else {})


def print_counts(
    searcher: Searcher, request: Request, found: Selection, by: Sequence[str], *, as_csv: bool
) -> None:
    """Print counts by all facets, by one, or by two in a table."""
    _tell(found.notices, searcher.expanded(found, request.options))
    if len(by) == 2:
        cross = found.cross(*by)
        if as_csv:
            _print_csv(cross_rows(cross))
        else:
            print_cross(Display(), cross)
    elif as_csv:
        rows = ([*row, ""][:4] for row in facet_rows(found.facets(*by)))
        _print_csv([["facet", "value", "count", "title"], *rows])
    else:
        print_facets(Display(), found.facets(*by), full=True)
    say(counted(found.total, request.unit))
    _suggest(searcher.suggestions(found, request), request.unit)


def export_header(searcher: Searcher, request: Request, found: Selection) -> dict[str, Any]:
    """Give what makes an export reproducible: what was asked, of which index, which documents."""
    return {
        "tool": "shisaku",
        **request.to_json(),
        "expanded": searcher.expanded(found, request.options),
        "notices": list(found.notices),
        "total": found.total,
        "index": {
            "documents": len(searcher.manifest.documents),
            "passages": searcher.manifest.passages,
            "content": searcher.manifest.content(),
            "version": searcher.manifest.version,
        },
        "documents": found.documents(),
    }


def aliases_json(searcher: Searcher, word: str | None) -> dict[str, Any]:
    """Give what `aliases --json` prints; `synonyms`, of a word, come with the tool."""
    known = {"word": word, "synonyms": synonyms(search_key(word))} if word is not None else {}
    entries = [msgspec.structs.asdict(entry) for entry in searcher.aliases(word)]
    return known | {"aliases": entries}


def print_aliases(searcher: Searcher, word: str | None) -> None:
    """Print the short names with what they stand for, where, and a passage that says so."""
    rows = [
        [
            entry.short,
            entry.long,
            entry.holds.replace("its documents", f"{len(entry.documents)} documents"),
            entry.passages[0],
        ]
        for entry in searcher.aliases(word)
    ]
    rows += [[word or "", name, "synonym", ""] for name in synonyms(search_key(word or ""))]
    print_table(Display(), ("short", "long", "holds", "defined in"), rows)
    say(f"{len(rows)} names")


def _tell(notices: Sequence[str], expanded: Sequence[dict[str, Any]]) -> None:
    for notice in notices:
        say(one_line(notice))
    if not _seen():
        return
    for entry in expanded:
        also = "、".join(f"{also['text']} ({also['source']})" for also in entry["also"])
        say(one_line(f"also searched: {entry['word']} → {also}"))


def _print_csv(rows: Iterable[Sequence[str]]) -> None:
    text = to_csv(rows)
    click.echo(clean(text) if sys.stdout.isatty() else text, nl=False)


def _seen() -> bool:
    """Tell whether someone reads what goes to standard error."""
    return sys.stderr.isatty()


def _suggest(suggestions: Sequence[dict[str, Any]], unit: UnitName) -> None:
    for entry in suggestions:
        if "word" in entry:
            say(one_line(f"  instead of {entry['word']} try: {' / '.join(entry['instead'])}"))
        else:
            say(one_line(f"  without {entry['without']}: {counted(entry['total'], unit)}"))
