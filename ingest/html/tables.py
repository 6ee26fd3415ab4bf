"""Tells data tables from layout tables, and builds the grid of data tables (`TableBlock`).

Until about 2005 ministries laid out whole pages with tables; the cells of such a table are read as
text in order. The grid follows the HTML Standard, 4.9.12.1 (Forming a table).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from shisaku.ingest.html.dom import Element, is_shown, shown_texts, tag_of, text_length
from shisaku.ingest.html.inline import NOWHERE
from shisaku.ingest.model import Cell, TableBlock, TextBlock

_GROUPS = frozenset(("thead", "tbody", "tfoot"))
_CELLS = frozenset(("td", "th"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_MAX_SPAN = 1000
"""Limit of colspan (HTML Standard, 4.9.11); without one, a typing error gives a huge grid."""

_SPARE, _SPARE_EACH = 20_000, 100
"""Places of a grid that all spans of a table may cover besides those of their cells: so many
and so many for each cell. A span that asks for more is none: 20 cells ask for a hundred million
places by colspan="1000" and rowspan="0"."""

Row = tuple[list[Element], bool]
"""The cells of a row, and whether it stands in `<thead>`."""


def rows_of(table: Element) -> list[Row]:
    """Return the table's own rows, `<tfoot>` last as browsers show it; cells without row make one.

    Groups may stand in groups, as deep as the parser goes: no recursion, and each row is handled
    once. The outermost group tells whether a row is of the table's head.
    """
    top = _Group()
    open_groups = [(top, _runs(table))]
    while open_groups:
        group, runs = open_groups[-1]
        tag, part = next(runs, ("", None))
        if part is None:
            open_groups.pop()
        elif isinstance(part, list):
            group.body += [cells for cells in part if cells]
        else:
            inner = _Group(tag)
            (group.foot if tag == "tfoot" else group.body).append(inner)
            open_groups.append((inner, _runs(part)))
    found: list[Row] = []
    waiting: list[tuple[_Group | list[Element], bool]] = [
        (piece, isinstance(piece, _Group) and piece.tag == "thead")
        for piece in (*top.foot[::-1], *top.body[::-1])
    ]
    while waiting:
        piece, is_head = waiting.pop()
        if isinstance(piece, _Group):
            waiting += [(inner, is_head) for inner in (*piece.foot[::-1], *piece.body[::-1])]
        else:
            found.append((piece, is_head))
    return found


@dataclass
class _Group:
    """A group of rows (`<thead>`, …): its rows and groups, those of `<tfoot>` last."""

    tag: str = ""
    body: "list[_Group | list[Element]]" = field(default_factory=list)
    foot: "list[_Group | list[Element]]" = field(default_factory=list)


def _runs(element: Element) -> Iterator[tuple[str, list[list[Element]] | Element]]:
    """Yield the parts that are shown with their kinds: rows as lists of cells, groups as they are.

    Neighbouring cells without a row make one.
    """
    for tag, group in groupby(filter(is_shown, element), key=_part):
        if tag == "td":
            yield tag, [[*group]]
        elif tag == "tr":
            yield tag, [_cells(row) for row in group]
        elif tag in _GROUPS:
            for part in group:
                yield tag, part


def _part(element: Element) -> str:
    """Return the role of an element in a table: "td" (also for th), "tr", a group, or ""."""
    tag = tag_of(element)
    if tag in _CELLS:
        return "td"
    if tag == "tr" or tag in _GROUPS:
        return tag
    # <table><form><tr> was a common slip; browsers show its rows all the same.
    return "tbody" if tag == "form" and element.find("tr") is not None else ""


def _cells(row: Element) -> list[Element]:
    return [cell for cell in row if tag_of(cell) in _CELLS and is_shown(cell)]


def stray_texts(table: Element) -> Iterator[str]:
    """Yield the visible text in the table outside of its cells."""
    yield table.text or ""
    waiting = [(table, iter(table))]
    while waiting:
        element, children = waiting[-1]
        child = next(children, None)
        if child is None:
            waiting.pop()
            if waiting:
                yield element.tail or ""
            continue
        part = _part(child)
        if part and part != "td" and is_shown(child):
            yield child.text or ""
            waiting.append((child, iter(child)))
            continue
        if not part and tag_of(child) != "caption":
            yield from shown_texts(child)
        yield child.tail or ""


def is_data(table: Element) -> bool:
    """Whether the table holds data; where nothing tells, it merely places text."""
    role = table.get("role", "").lower()
    if role in ("presentation", "none"):
        return False
    rows = rows_of(table)
    cells = [cell for row, _ in rows for cell in row]
    if len(cells) < 2:
        return False
    named = role in ("table", "grid") or any(
        tag_of(part) in ("caption", "thead", "th") for part in [*table, *cells]
    )
    nested = next(table.iterdescendants("table"), None) is not None
    if nested or any(tag_of(part) in _HEADINGS for cell in cells for part in cell):
        return named and not nested
    if named:
        return True
    lengths = [text_length(cell) for cell in cells]
    filled = [length for length in lengths if length]
    wide = sum(1 for row, _ in rows if sum(map(text_length, row)) and len(row) > 1)
    if wide < 2 or len(filled) < 3:
        return False
    if text_length(table, link_only=True) * 10 > sum(filled) * 9:
        return False  # a menu
    if table.get("border", "0").strip() not in ("", "0") or table.get("rules"):
        return True
    return sum(filled) / len(filled) <= 150 and max(filled) <= 800 and 2 * len(filled) > len(cells)


def read_table(
    table: Element, read_cell: Callable[[Element], tuple[TextBlock, ...]], caption: str
) -> TableBlock | None:
    """Return the grid of a data table; None where no cell holds text."""
    rows = rows_of(table)
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    spare = _SPARE + _SPARE_EACH * sum(len(row) for row, _ in rows)
    for number, (row, is_head) in enumerate(rows):
        column = 0
        for element in row:
            while (number, column) in taken:
                column += 1
            width = min(_span(element, "colspan") or 1, _MAX_SPAN)
            height = _span(element, "rowspan")
            # rowspan="0" runs to the end; a longer one than the table has rows is cut there.
            height = min(height or len(rows), len(rows) - number)
            if width * height - 1 > spare:
                width = height = 1
            spare -= width * height - 1
            taken.update(_places(number, column, height, width))
            cells.append(
                Cell(
                    row=number,
                    column=column,
                    blocks=read_cell(element),
                    rowspan=height,
                    colspan=width,
                    header=is_head or tag_of(element) == "th",
                )
            )
            column += width
    if not any(cell.blocks for cell in cells):
        return None
    columns = max(column for _, column in taken) + 1
    return TableBlock(tuple(cells), len(rows), columns, NOWHERE, caption=caption)


def _span(element: Element, name: str) -> int:
    value = element.get(name, "1").strip()
    # Only digits of ASCII: int() would also take "１" and "1_0".
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def _places(row: int, column: int, height: int, width: int) -> Iterator[tuple[int, int]]:
    return ((row + down, column + right) for down in range(height) for right in range(width))
