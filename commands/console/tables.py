"""Counts as people and spreadsheets see them: lists of values, and tables of two facets.

On a terminal a table of two facets is a heat map: each count with a block before it that is the
darker, the nearer the count is to the greatest of the table. Elsewhere lines with tabs between the
columns, or CSV; zero is printed as 0, so that a column of numbers stays one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from shisaku.commands.console.display import Display
from shisaku.index.search.facets import Counts, Cross
from shisaku.index.search.selection import Facets
from shisaku.ingest.text.terminal import one_line

_TOP = 10
_SHADES = "·░▒▓█"
"""For no count, up to a quarter of the greatest count, up to a half, three quarters, more."""
_STYLES = ("dim", "", "cyan", "yellow", "bold red")
_LABEL = 32
"""Columns of the terminal that the name of a row may take."""


def facet_rows(facets: Facets) -> Iterator[list[str]]:
    """Yield [facet, value, count] for each value; a fourth is a title, or counts by role."""
    for name, values in facets.items():
        for entry in values:
            row = [name, str(entry["value"]), str(entry["count"])]
            note = _note(entry)
            yield [*row, note] if note else row


def _note(entry: Mapping[str, Any]) -> str:
    """Return what is told of a value beside its count: a title, the counts of roles."""
    roles = ", ".join(f"{role} {count}" for role, count in entry.get("roles", {}).items())
    return str(entry.get("title", roles))


def cross_rows(cross: Cross) -> Iterator[list[str]]:
    """Yield the head (facet of the rows, values of the columns), then [value, count, …] by row."""
    yield [cross.by[0], *(str(column["value"]) for column in cross.columns)]
    for row, counts in zip(cross.rows, cross.counts, strict=True):
        yield [str(row["value"]), *map(str, counts)]


def to_csv(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV; the caller puts a head before them."""
    from shisaku.index.export.formats import csv_line

    return "".join(map(csv_line, rows))


def print_lines(display: Display, rows: Iterable[Sequence[str]]) -> None:
    """Print rows with tabs between the columns."""
    for row in rows:
        display.line("\t".join(map(one_line, row)))


def print_table(display: Display, names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table on a terminal, tab-separated lines without its head elsewhere."""
    if not display.rich:
        print_lines(display, rows)
        return
    from rich import box
    from rich.table import Table

    table = Table(*names, box=box.SIMPLE_HEAD, pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"
    for row in rows:
        table.add_row(*map(one_line, row))
    display.console.print(table)


def print_facets(display: Display, facets: Facets, *, full: bool) -> None:
    """Print counts: tables on a terminal, tab-separated lines elsewhere."""
    if not display.rich:
        print_lines(display, facet_rows(facets))
        return
    for name, values in facets.items():
        shown = values if full else _top(name, values)
        if not shown:
            continue
        from rich.table import Table

        table = Table(title=name, title_justify="left", box=None, pad_edge=False, show_header=False)
        table.add_column("", overflow="fold")
        table.add_column("", justify="right")
        table.add_column("", overflow="fold", style="dim")
        for entry in shown:
            title = one_line(_note(entry))
            table.add_row(one_line(str(entry["value"])), str(entry["count"]), title)
        if len(shown) < len(values):
            table.add_row(f"… {len(values) - len(shown)} more", "", "", style="dim")
        display.console.print(table)


def _top(name: str, values: Counts) -> Counts:
    """Return the first `_TOP` values; of years, which ascend, the last."""
    return values[-_TOP:] if name == "year" else values[:_TOP]


def shade(count: int, greatest: int) -> int:
    """Return the index into `_SHADES` of a count: 0 (none) to 4 (over 3/4 of the greatest)."""
    return 0 if count == 0 else min(4, 1 + (4 * count - 1) // greatest)


def print_cross(display: Display, cross: Cross) -> None:
    """Print a heat map on a terminal, in as many blocks of columns as its width asks for.

    Rows and columns without any count are left out there; elsewhere all are printed.
    """
    if not display.rich:
        print_lines(display, cross_rows(cross))
        return
    rows = [
        (one_line(str(row["value"])), counts)
        for row, counts in zip(cross.rows, cross.counts, strict=True)
        if any(counts)
    ]
    if not rows:
        return
    from rich.cells import cell_len, set_cell_size

    greatest = max(max(counts) for _, counts in rows)
    digits = len(str(greatest))
    label = min(_LABEL, max(cell_len(head) for head in (cross.by[0], *(head for head, _ in rows))))
    columns = {
        at: one_line(str(column["value"]))
        for at, column in enumerate(cross.columns)
        if any(counts[at] for _, counts in rows)
    }
    widths = {at: 2 + min(_LABEL, max(digits + 1, cell_len(columns[at]))) for at in columns}
    for block in _blocks(widths, display.console.width - label):
        if block[0] != next(iter(columns)):
            display.line()
        title = "".join(_right(columns[at], widths[at]) for at in block)
        display.line((set_cell_size(cross.by[0], label) + title, "bold"))
        for head, counts in rows:
            cells: list[str | tuple[str, str]] = []
            for at in block:
                dark = shade(counts[at], greatest)
                shown = f"{_SHADES[dark]}{str(counts[at]).rjust(digits)}"
                cells.append((_right(shown, widths[at]), _STYLES[dark]))
            display.line(_fitted(head, label), *cells)
    shades = ", ".join(
        f"{_SHADES[n]} {low}–{greatest * n // 4}"
        for n in range(1, 5)
        if (low := greatest * (n - 1) // 4 + 1) <= greatest * n // 4
    )
    display.line((f"{cross.by[0]} × {cross.by[1]}: {shades}", "dim"))


def _blocks(widths: Mapping[int, int], room: int) -> list[list[int]]:
    """Return columns in blocks at most `room` cells wide; a wider column is a block of its own."""
    blocks: list[list[int]] = []
    left = 0
    for at, width in widths.items():
        if not blocks or width > left:
            blocks.append([])
            left = room
        blocks[-1].append(at)
        left -= width
    return blocks


def _fitted(text: str, width: int) -> str:
    """Return text padded to `width` cells of the terminal, or cut, with an ellipsis."""
    from rich.cells import cell_len, set_cell_size

    if cell_len(text) > width:
        return set_cell_size(text, width - 1) + "…"
    return set_cell_size(text, width)


def _right(text: str, width: int) -> str:
    """Return text at the right of `width` cells, the first two of which stay empty."""
    from rich.cells import cell_len

    fitted = text if cell_len(text) <= width - 2 else _fitted(text, width - 2)
    return " " * (width - cell_len(fitted)) + fitted
