"""What the commands print of an answer for people; its JSON is made by the answer itself."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

from shisaku.answers import Counted, Found
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
from shisaku.index.engine.base import UnitName
from shisaku.index.search.units import counted
from shisaku.ingest.text.terminal import clean, one_line

_JAPANESE = {"section": "同じ見出しの下", "document": "同じ文書の中"}
_UNITS: dict[str, UnitName] = {"section": "section", "document": "document"}


def print_found(found: Found, *, with_facets: bool) -> None:
    """Print hits, and counts if wanted; what was made of the query goes to standard error."""
    _tell(found.notices, found.expanded)
    display = Display()
    display.hits(found.hits, found.offset + 1)
    if with_facets:
        print_facets(display, found.facets, full=False)
    first, last = found.offset + 1, found.offset + len(found.hits)
    folded = sum(hit["collapsed"] for hit in found.hits)
    part = 0 < len(found.hits) + folded < found.total
    say(
        counted(found.total, found.request.searched)
        + (f" ({first}-{last} shown)" if part else "")
        + (f", {folded} of them say the same; --all shows each" if folded else "")
    )
    _suggest(found.suggestions, found.request.searched)
    for width, wider in (found.wider or {}).items():
        if wider.hits:
            display.line()
            display.line((f"in the same {width} / {_JAPANESE[width]}", "bold"))
            display.hits(wider.hits, 1)
            say(f"{counted(wider.total, _UNITS[width])} more (--within {width})")


def print_counts(found: Counted, *, as_csv: bool) -> None:
    """Print counts by all facets, by one, or by two in a table (`found.cross`)."""
    _tell(found.notices, found.expanded)
    if found.cross is not None:
        if as_csv:
            _print_csv(cross_rows(found.cross))
        else:
            print_cross(Display(), found.cross)
    elif as_csv:
        rows = ([*row, ""][:4] for row in facet_rows(found.facets))
        _print_csv([["facet", "value", "count", "title"], *rows])
    else:
        print_facets(Display(), found.facets, full=True)
    say(counted(found.total, found.request.searched))
    _suggest(found.suggestions, found.request.searched)


def print_aliases(found: dict[str, Any]) -> None:
    """Print short names with what they stand for, where, and a passage that says so.

    `found` is what `aliases --json` prints.
    """
    rows = [
        [
            entry["short"],
            entry["long"],
            entry["holds"].replace("its documents", f"{len(entry['documents'])} documents"),
            entry["passages"][0],
        ]
        for entry in found["aliases"]
    ]
    rows += [[found["word"], name, "synonym", ""] for name in found.get("synonyms", ())]
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
    """Tell whether standard error is a terminal."""
    return sys.stderr.isatty()


def _suggest(suggestions: Sequence[dict[str, Any]], unit: UnitName) -> None:
    for entry in suggestions:
        if "word" in entry:
            counts = [f" ({total})" for total in entry.get("totals", ())] or [""] * len(
                entry["instead"]
            )
            tries = map("".join, zip(entry["instead"], counts, strict=True))
            say(one_line(f"  instead of {entry['word']} try: {' / '.join(tries)}"))
        else:
            say(one_line(f"  without {entry['without']}: {counted(entry['total'], unit)}"))
