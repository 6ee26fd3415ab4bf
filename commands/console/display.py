"""Prints hits, passages and documents for people; tables and colour on a terminal only.

Takes records and document heads, writes to standard output. Trap: text of a document may hold
control sequences, so all of it goes through `clean` or `one_line` (ingest/text/terminal.py) first.
"""

import os
import sys
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from shisaku.index.export.citations import paged
from shisaku.index.query.highlight import excerpt
from shisaku.index.records.fields import measure_heading
from shisaku.index.search.session import Record
from shisaku.ingest.text.terminal import clean, one_line

if TYPE_CHECKING:
    from rich.console import Console

    from shisaku.index.search.documents import DocumentHead, Listing

_WHY = {"gone": "its address gives nothing", "unlinked": "no watched page leads to it"}
EXCERPT = 240
"""Characters of a passage that a hit shows; `show` shows all."""


class Display:
    """Prints to standard output; `rich` tells whether with colour and tables (a terminal)."""

    def __init__(self) -> None:
        # The library rich decides by these; it is loaded only where it may say yes.
        asked = sys.stdout.isatty() or {"FORCE_COLOR", "TTY_COMPATIBLE"} & os.environ.keys()
        self.rich = bool(asked) and self.console.is_terminal

    @cached_property
    def console(self) -> "Console":
        """The console of the library rich, which is slow to load and so made when first used."""
        from rich.console import Console

        return Console(highlight=False, emoji=False, markup=False, soft_wrap=True)

    def line(self, *parts: str | tuple[str, str]) -> None:
        """Print one line made of texts and (text, style) pairs; styles count on a terminal only."""
        if not self.rich:
            # Not by rich, which would turn tabs into spaces.
            sys.stdout.write("".join(p if isinstance(p, str) else p[0] for p in parts) + "\n")
            return
        from rich.text import Text

        self.console.print(Text.assemble(*parts), soft_wrap=True)

    def hits(self, hits: Iterable[Record], first: int) -> None:
        """Print hits, numbered from `first`."""
        for number, hit in enumerate(hits, first):
            self._hit(number, hit)

    def _hit(self, number: int, hit: Record) -> None:
        """Print a passage, or a measure with the passage that shows best what was found."""
        shown = hit.get("best", hit)
        self.line(
            (f"{number}. ", "bold"),
            (one_line(shown["title"]), "bold cyan"),
            f"  {_facts(hit)}",
            ("  literal" if hit["literal"] else "", "yellow"),
        )
        heading = [*hit["path"], measure_heading(shown)]
        if any(heading):
            self.line("   ", (one_line(" > ".join(part for part in heading if part)), "green"))
        if who := who_line(hit):
            self.line("   ", (one_line(who), "magenta"))
        start, end = excerpt(shown["text"], shown["highlights"], EXCERPT)
        pieces: list[tuple[str, str]] = [("…" if start else "", "")]
        clear = clean(shown["text"])
        at = start
        for begin, stop in shown["highlights"]:
            if begin >= end or stop <= start:
                continue
            pieces.append((clear[at : max(begin, at)], ""))
            pieces.append((clear[max(begin, at) : min(stop, end)], "bold yellow"))
            at = min(stop, end)
        pieces.append((clear[at:end] + ("…" if end < len(clear) else ""), ""))
        # Further lines under the first.
        indented = [(text.replace("\n", "\n   "), style) for text, style in pieces]
        self.line("   ", _marks(shown), *indented)
        if shown is not hit and len(hit["passages"]) > 1:
            self.line("   ", (f"… {len(hit['passages'])} passages", "dim"))
        self.line("   ", (one_line(hit["id"]), "dim"))

    def documents(self, listing: "Listing") -> None:
        """Print the documents: a table on a terminal, tab-separated lines elsewhere.

        Places that are no documents follow, with nothing but their name and what is wrong.
        """
        names = (
            "id",
            "kind",
            "plan",
            "publisher",
            "year",
            "pages",
            "passages",
            "items",
            "problems",
        )
        rows = [
            [
                head.id,
                head.kind,
                head.plan or "",
                head.publisher or "",
                str(head.shown_year or ""),
                str(head.pages),
                str(len(head.passages)),
                head.items_read,
                " ".join(filter(None, (_problems(head), _withdrawn(head)))),
            ]
            for head in listing.documents
        ]
        harm = ["red" if head.problems else "yellow" for head in listing.documents]
        harm += ["red"] * len(listing.places)
        rows += [
            [place.source, *[""] * 7, f"{place.problem.reason} {place.problem.remedy}"]
            for place in listing.places
        ]
        if not self.rich:
            for row in rows:
                self.line("\t".join(map(one_line, row)))
            return
        from rich import box
        from rich.table import Table

        table = Table(*names[:-1], box=box.SIMPLE_HEAD, pad_edge=False)
        for row, style in zip(rows, harm, strict=True):
            table.add_row(*map(one_line, row[:-1]), style=style if row[-1] else None)
        table.columns[0].overflow = "fold"
        self.console.print(table)
        for row, style in zip(rows, harm, strict=True):
            if row[-1]:
                self.line((f"{one_line(row[0])}: ", style), one_line(row[-1]))

    def ledger(self, listing: "Listing") -> None:
        """Print where the visible characters of each document went.

        On a terminal a document's name has a line of its own: no column would hold it.
        """
        from shisaku.index.search.documents import LEDGER_TOTALS

        rows = [_ledger_row(head) for head in listing.documents]
        if not self.rich:
            for row in rows:
                self.line("\t".join(map(one_line, row)))
            return
        names = [*LEDGER_TOTALS, "contents"]
        self.line((" ".join(f"{name:>8}" for name in names) + "  furniture", "bold"))
        for name, *counts, furniture in rows:
            self.line((one_line(name), "cyan"))
            lost = counts[names.index("lost")] != "0"
            numbers = " ".join(f"{count:>8}" for count in counts)
            self.line((numbers, "red" if lost else ""), f"  {furniture}")

    def passage(self, record: Record, *, style: str = "", asked: bool = False) -> None:
        """Print a passage's own ministries and its words; with > before them if it was asked for.

        Each passage says its own: rows of one measure have ministries of their own.
        """
        before = "> " if asked else "  "
        if who := who_line(record):
            self.line(before, (one_line(who), "magenta"))
        for text in f"{_marks(record)}{clean(record['text'])}".split("\n"):
            self.line((f"{before}{text}", style))
        # Records of an index that is older have no money.
        for text in dict.fromkeys(each["text"] for each in record.get("budget", ())):
            self.line((f"{before}{one_line(text)}", "dim"))


def _marks(record: Record) -> str:
    """Return what is printed before a passage's text: its mark, （再掲） where restated."""
    mark = f"{record['mark']} " if record["mark"] else ""
    return f"{mark}（再掲）" if record["restated"] else mark


def _problems(head: "DocumentHead") -> str:
    told = [f"{problem.reason} {problem.remedy}" for problem in head.problems]
    if head.stale:
        told.append("What it held before can still be found.")
    return " ".join(told)


def withdrawn_line(since: str, why: str) -> str:
    """Return a line: why a file is withdrawn, and since when (date of the ISO time)."""
    reason = _WHY.get(why, why)
    return one_line(f"withdrawn: {reason} since {since[:10]} (公開元での掲載終了)")


def _withdrawn(head: "DocumentHead") -> str:
    return withdrawn_line(head.withdrawn.since, head.withdrawn.why) if head.withdrawn else ""


def _ledger_row(head: "DocumentHead") -> list[str]:
    """Return the cells of a line of the ledger; contents as entries found / entries."""
    from shisaku.index.search.documents import LEDGER_TOTALS

    count = head.ledger.get
    furniture = ", ".join(f"{kind} {n}" for kind, n in sorted(head.furniture.items()))
    entries = head.contents.get("entries", 0)
    return [
        head.id,
        *(str(count(name, 0)) for name in LEDGER_TOTALS),
        f"{head.contents.get('matched', 0)}/{entries}" if entries else "",
        furniture,
    ]


def _facts(record: Record) -> str:
    facts = [
        record["kind"],
        str(record["year"] or ""),
        record["plan"] or "",
        _pages(record) if paged(record) else "",
    ]
    return one_line(" · ".join(fact for fact in facts if fact))


def _pages(record: Record) -> str:
    first, last = record["page"], record["page_end"]
    return f"pp. {first}–{last}" if last > first else f"p. {first}"


def who_line(record: Record) -> str:
    """Return the ministries of a record, and in brackets the actors that are not among them."""
    who = "、".join(record["ministries"]) + (" 等" if record["and_others"] else "")
    acting = [name for name in record["actors"] if name not in record["ministries"]]
    return " ".join(part for part in (who, f"（{'、'.join(acting)}）" if acting else "") if part)
