"""Counts as people and spreadsheets see them: lists of values, and tables of two facets.

On a terminal a table of two facets is a heat map: each count with a block before it that is the
darker, the nearer the count is to the greatest of the table. Elsewhere lines with tabs between the
columns, or CSV; zero is printed as 0, so that a column of numbers stays one.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.table import Table

from index.display import Display
from index.facets import Counts, Cross
from index.selection import Facets
from index.terminal import one_line

_TOP = 10
_SHADES = "·░▒▓█"
"""None, up to a quarter of the greatest count, a half, three quarters, more."""
_STYLES = ("dim", "", "cyan", "yellow", "bold red")
_LABEL = 32
"""Columns of the terminal that the name of a row may take."""


def facet_rows(facets: Facets) -> Iterator[list[str]]:
    """Yield facet, value, count, and of a document the title."""
    for name, values in facets.items():
        for entry in values:
            row = [name, str(entry["value"]), str(entry["count"])]
            yield [*row, entry["title"]] if "title" in entry else row


def cross_rows(cross: Cross) -> Iterator[list[str]]:
    """Yield the names of the columns behind that of the rows' facet, then a line for each row."""
    yield [cross.by[0], *(str(column["value"]) for column in cross.columns)]
    for row, counts in zip(cross.rows, cross.counts, strict=True):
        yield [str(row["value"]), *map(str, counts)]


def to_csv(rows: Iterable[Sequence[str]]) -> str:
    """Give rows as CSV; of facets the caller puts the names of the columns before them."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def print_lines(display: Display, rows: Iterable[Sequence[str]]) -> None:
    """Print rows with tabs between the columns."""
    for row in rows:
        display.line("\t".join(map(one_line, row)))


def print_facets(display: Display, facets: Facets, *, full: bool) -> None:
    """Print counts: tables on a terminal, tab-separated lines elsewhere."""
    if not display.rich:
        print_lines(display, facet_rows(facets))
        return
    for name, values in facets.items():
        shown = values if full else _top(name, values)
        if not shown:
            continue
        table = Table(title=name, title_justify="left", box=None, pad_edge=False, show_header=False)
        table.add_column("", overflow="fold")
        table.add_column("", justify="right")
        table.add_column("", overflow="fold", style="dim")
        for entry in shown:
            title = one_line(entry.get("title", ""))
            table.add_row(one_line(str(entry["value"])), str(entry["count"]), title)
        if len(shown) < len(values):
            table.add_row(f"… {len(values) - len(shown)} more", "", "", style="dim")
        display.console.print(table)


def _top(name: str, values: Counts) -> Counts:
    """Give the first values; of the years the latest, which stand last."""
    return values[-_TOP:] if name == "year" else values[:_TOP]


def shade(count: int, greatest: int) -> int:
    """Give how dark a count is shown, 0 (none) to 4 (more than three quarters of the greatest)."""
    return 0 if count == 0 else min(4, 1 + (4 * count - 1) // greatest)


def print_cross(display: Display, cross: Cross) -> None:
    """Print a heat map on a terminal, in as many blocks of columns as its width asks for."""
    if not display.rich:
        print_lines(display, cross_rows(cross))
        return
    if not cross.rows or not cross.columns:
        return
    greatest = max(map(max, cross.counts))
    names = [one_line(str(column["value"])) for column in cross.columns]
    heads = [one_line(str(row["value"])) for row in cross.rows]
    label = min(_LABEL, max(map(cell_len, [*heads, cross.by[0]])))
    width = max([len(str(greatest)) + 1, *(min(_LABEL, cell_len(name)) for name in names)]) + 2
    across = max(1, (display.console.width - label) // width)
    for start in range(0, len(names), across):
        part = range(start, min(start + across, len(names)))
        if start:
            display.line()
        title = "".join(_right(names[at], width) for at in part)
        display.line((set_cell_size(cross.by[0], label) + title, "bold"))
        for head, counts in zip(heads, cross.counts, strict=True):
            cells: list[Any] = []
            for count in (counts[at] for at in part):
                dark = shade(count, greatest)
                number = str(count).rjust(len(str(greatest)))
                cells.append((_right(f"{_SHADES[dark]}{number}", width), _STYLES[dark]))
            display.line(_fitted(head, label), *cells)
    shades = ", ".join(
        f"{_SHADES[n]} {low}–{greatest * n // 4}"
        for n in range(1, 5)
        if (low := greatest * (n - 1) // 4 + 1) <= greatest * n // 4
    )
    display.line((f"{cross.by[0]} × {cross.by[1]}: {shades}", "dim"))


def _fitted(text: str, width: int) -> str:
    """Give text in just so many columns; what is too long ends in an ellipsis."""
    if cell_len(text) > width:
        return set_cell_size(text, width - 1) + "…"
    return set_cell_size(text, width)


def _right(text: str, width: int) -> str:
    """Give text at the right of so many columns, two of which part it from what is before."""
    fitted = text if cell_len(text) <= width - 2 else _fitted(text, width - 2)
    return " " * (width - cell_len(fitted)) + fitted
