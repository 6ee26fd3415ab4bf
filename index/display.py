"""What people see: hits, counts and documents as text, with tables and colour on a terminal only.

Nothing here decides anything. Whatever comes from a document is cleaned of what a terminal would
obey before it is shown.
"""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from index.documents import LEDGER_TOTALS, DocumentHead, Listing
from index.locate import excerpt
from index.records import measure_heading
from index.search import Facets, Record
from index.terminal import clean, one_line

EXCERPT = 240
"""Characters of a passage that a hit shows; `show` shows all."""

_TOP = 10


def citation(record: Record) -> str:
    """Give the line that cites a passage: title, plan, heading path, page, source."""
    if record["page_end"] > record["page"]:
        pages = f"pp. {record['page']}–{record['page_end']}"
    else:
        pages = f"p. {record['page']}"
    return _cited(record, [*record["path"], measure_heading(record)], pages)


def citation_of_measure(records: Sequence[Record]) -> str:
    """Give the line that cites a measure, by its passages."""
    first, last = min(r["page"] for r in records), max(r["page_end"] for r in records)
    pages = f"pp. {first}–{last}" if last > first else f"p. {first}"
    return _cited(records[0], [*records[0]["path"], measure_heading(records[0])], pages)


def _cited(record: Record, path: list[str], pages: str) -> str:
    issued = "、".join(part for part in (record["publisher"], record["issued"]) if part)
    parts = [
        f"『{record['title']}』" + (f"（{issued}）" if issued else ""),
        record["plan"] or "",
        " > ".join(part for part in path if part),
        pages,
        origin(record["url"], record["source"]),
    ]
    return one_line(", ".join(part for part in parts if part))


def origin(url: str | None, path: str | None) -> str:
    """Give where a document is from: its address where it is known, and the file."""
    return f"{url} ({path})" if url and path else url or path or ""


class Display:
    """Prints to standard output, richly where that is a terminal."""

    def __init__(self) -> None:
        self.console = Console(highlight=False, emoji=False, markup=False, soft_wrap=True)
        self.rich = self.console.is_terminal

    def line(self, *parts: str | tuple[str, str]) -> None:
        """Print a line of texts, or (text, style) pairs."""
        if not self.rich:
            # Not by rich, which would turn tabs into spaces.
            sys.stdout.write("".join(p if isinstance(p, str) else p[0] for p in parts) + "\n")
            return
        self.console.print(Text.assemble(*parts), soft_wrap=True)

    def hits(self, hits: Iterable[Record], first: int) -> None:
        """Print hits, numbered from `first`."""
        for number, hit in enumerate(hits, first):
            self._hit(number, hit)

    def _hit(self, number: int, hit: Record) -> None:
        self.line(
            (f"{number}. ", "bold"),
            (one_line(hit["title"]), "bold cyan"),
            f"  {_facts(hit)}",
        )
        heading = [*hit["path"], measure_heading(hit)]
        if any(heading):
            self.line("   ", (one_line(" > ".join(part for part in heading if part)), "green"))
        if who := who_line(hit):
            self.line("   ", (one_line(who), "magenta"))
        start, end = excerpt(hit["text"], hit["highlights"], EXCERPT)
        text = Text("…" if start else "")
        shown = clean(hit["text"])
        at = start
        for begin, stop in hit["highlights"]:
            if begin >= end or stop <= start:
                continue
            text.append(shown[at : max(begin, at)])
            text.append(shown[max(begin, at) : min(stop, end)], "bold yellow")
            at = min(stop, end)
        text.append(shown[at:end] + ("…" if end < len(shown) else ""))
        self.line("   ", (f"{hit['mark']} " if hit["mark"] else ""), *_indented(text))
        self.line("   ", (one_line(hit["id"]), "dim"))

    def facets(self, facets: Facets, *, full: bool) -> None:
        """Print counts: tables on a terminal, tab-separated lines elsewhere."""
        for name, values in facets.items():
            shown = values if full or not self.rich else _top(name, values)
            if not self.rich:
                for value in shown:
                    self.line(f"{name}\t{one_line(str(value['value']))}\t{value['count']}")
                continue
            if not shown:
                continue
            table = Table(
                title=name, title_justify="left", box=None, pad_edge=False, show_header=False
            )
            table.add_column("", overflow="fold")
            table.add_column("", justify="right")
            for value in shown:
                table.add_row(one_line(str(value["value"])), str(value["count"]))
            if len(shown) < len(values):
                table.add_row(f"… {len(values) - len(shown)} more", "", style="dim")
            self.console.print(table)

    def documents(self, listing: Listing) -> None:
        """Print the documents: a table on a terminal, tab-separated lines elsewhere.

        Places that are no documents follow, with nothing but their name and what is wrong.
        """
        names = ("id", "kind", "plan", "publisher", "year", "pages", "passages", "problems")
        rows = [
            [
                head.id,
                head.kind,
                head.plan or "",
                head.publisher or "",
                str(head.shown_year or ""),
                str(head.pages),
                str(len(head.passages)),
                _problems(head),
            ]
            for head in listing.documents
        ]
        rows += [
            [place.source, *[""] * 6, f"{place.problem.reason} {place.problem.remedy}"]
            for place in listing.places
        ]
        if not self.rich:
            for row in rows:
                self.line("\t".join(map(one_line, row)))
            return
        table = Table(*names[:-1], box=box.SIMPLE_HEAD, pad_edge=False)
        for row in rows:
            table.add_row(*map(one_line, row[:-1]), style="red" if row[-1] else None)
        table.columns[0].overflow = "fold"
        self.console.print(table)
        for row in rows:
            if row[-1]:
                self.line((f"{one_line(row[0])}: ", "red"), one_line(row[-1]))

    def ledger(self, listing: Listing) -> None:
        """Print where the visible characters of each document went.

        On a terminal a document's name has a line of its own: no column would hold it.
        """
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
        restated = "（再掲）" if record["restated"] else ""
        mark = f"{record['mark']} " if record["mark"] else ""
        for text in f"{mark}{clean(record['text'])}{restated}".split("\n"):
            self.line((f"{before}{text}", style))


def _indented(text: Text) -> list[str | tuple[str, str]]:
    """Give the pieces of `text` with their styles, further lines under the first."""

    def piece(start: int, end: int) -> str:
        return text.plain[start:end].replace("\n", "\n   ")

    styled: list[str | tuple[str, str]] = []
    at = 0
    for span in text.spans:
        styled += [piece(at, span.start), (piece(span.start, span.end), str(span.style))]
        at = span.end
    return [*styled, piece(at, len(text.plain))]


def _top(name: str, values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the first values; of the years the latest, which stand last."""
    return values[-_TOP:] if name == "year" else values[:_TOP]


def _problems(head: DocumentHead) -> str:
    told = [f"{problem.reason} {problem.remedy}" for problem in head.problems]
    if head.stale:
        told.append("What it held before can still be found.")
    return " ".join(told)


def _ledger_row(head: DocumentHead) -> list[str]:
    """Give a line of the ledger; the contents as entries found on their page / all entries."""
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
        f"p. {record['page']}",
    ]
    return one_line(" · ".join(fact for fact in facts if fact))


def who_line(record: Record) -> str:
    """Give who is responsible for a passage, and in brackets who else it says acts."""
    who = "、".join(record["ministries"]) + (" 等" if record["and_others"] else "")
    acting = [name for name in record["actors"] if name not in record["ministries"]]
    return " ".join(part for part in (who, f"（{'、'.join(acting)}）" if acting else "") if part)
