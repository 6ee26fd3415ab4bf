"""Meetings that a page gives as a table (回数 | 開催日 | 議題): each row is a meeting.

Its text has the cells as printed, a line for each, as the entries of a list of meetings have; the
heads of the columns come out once, as a row.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shisaku.ingest.model import Block, Cell, TableBlock
from shisaku.ingest.structure.builder import Builder
from shisaku.ingest.structure.meetings import ENTRY
from shisaku.ingest.structure.outline.bounds import MAX_HEADING
from shisaku.ingest.structure.tables.column_roles import role_of
from shisaku.ingest.structure.tables.grid import TableView, cell_lines, label_text, view
from shisaku.ingest.structure.tables.heads import add_heads, head_path
from shisaku.ingest.structure.tables.table_rows import header_rows
from shisaku.ingest.text.dates import find_dates
from shisaku.ingest.text.fold import fold
from shisaku.ingest.text.numerals import NUMERAL

_NUMBER = re.compile(rf"{NUMERAL}回?")
_MOST = 0.6
"""Share of the filled cells that must count meetings, and of those rows that must have a date."""


@dataclass(frozen=True)
class Sessions:
    """A table of meetings: how many rows name its columns, where number and date stand."""

    heads: int
    number: int
    date: int


def find_sessions(table: TableBlock) -> Sessions | None:
    """Give where a table of meetings has their numbers and dates, None for any other table."""
    grid = view(table)
    heads = header_rows(grid)
    named = [_role(head_path(grid, 0, heads, at)) for at in range(table.columns)]
    rows = range(heads, table.rows)
    numbers = _columns(named, "session")
    dates = _columns(named, "date")
    for number in numbers or range(table.columns):
        found = (_cell(grid, row, number) for row in rows)
        cells = [cell for cell in found if cell is not None and grid.of(cell, label_text)]
        least = _MOST * max(len(cells), 1)
        counted = sum(grid.of(cell, _is_number if numbers else _is_ordinal) for cell in cells)
        if counted < least or len(cells) <= _MOST:
            continue
        for date in dates or range(number + 1, table.columns):
            held = sum(_date(grid, row, date) is not None for row in rows)
            if number != date and held >= least:
                return Sessions(heads, number, date)
    return None


def has_sessions(flow: Sequence[Block]) -> bool:
    """Tell whether a document is about the meetings in its tables: two, and much of its text."""
    tables = [block for block in flow if isinstance(block, TableBlock)]
    found = [(table, sessions) for table in tables if (sessions := find_sessions(table))]
    meetings = sum(table.rows - sessions.heads for table, sessions in found)
    share = sum(len(table.text) for table, _ in found)
    return meetings >= 2 and share >= 0.3 * sum(len(block.text) for block in flow)


def add_sessions(
    builder: Builder, table: TableBlock, sessions: Sessions, path: tuple[str, ...]
) -> None:
    """Add the meetings of a table that stands under `path`; rows across it head those below."""
    grid = view(table)
    add_heads(builder, [c for row in range(sessions.heads) for c in grid.starting(row)], path)
    section: tuple[str, ...] = ()
    row = sessions.heads
    while row < table.rows:
        cells = [cell for cell in grid.starting(row) if cell.text]
        if (
            len(cells) == 1 and cells[0].colspan == table.columns and row + 1 < table.rows
            and len(cells[0].text) <= MAX_HEADING
        ):  # fmt: skip
            # 令和4年度: the meetings of a year.
            section = (label_text(cells[0]),)
            builder.add_label(cells[0])
            builder.add_section(section[0], len(path) + 1, cells[0].blocks[0].page, path,
                                quoted=True)  # fmt: skip
            row += 1
            continue
        end = _end(grid, row, sessions)
        cells = [cell for at in range(row, end) for cell in grid.starting(at) if cell.text]
        builder.use(*cells)
        builder.add_passage(
            "meeting" if _text(grid, row, sessions.number) else "row",
            "\n".join(cell.text for cell in cells), cell_lines(cells), (*path, *section),
            date=_date(grid, row, sessions.date),
        )  # fmt: skip
        row = end


def _end(grid: TableView, row: int, sessions: Sessions) -> int:
    """Give the end of a meeting's rows: its number spans them, or is left empty in them."""
    cell = grid.cell(row, sessions.number)
    end = min(row + (cell.rowspan if cell is not None else 1), grid.table.rows)
    while (
        end < grid.table.rows
        and not _text(grid, end, sessions.number)
        and (_date(grid, end, sessions.date) is None)
        and len(grid.covering(end)) > 1
    ):
        end += 1
    return end


def _columns(named: Sequence[str], role: str) -> list[int]:
    return [at for at, name in enumerate(named) if name == role][:1]


def _role(path: tuple[str, ...]) -> str:
    found = [role.name for text in path[::-1] if (role := role_of(text)) is not None]
    return found[0] if found else ""


def _cell(grid: TableView, row: int, column: int) -> Cell | None:
    cell = grid.cell(row, column)
    return cell if cell is not None and cell.colspan < grid.table.columns else None


def _text(grid: TableView, row: int, column: int) -> str:
    cell = _cell(grid, row, column)
    return grid.of(cell, label_text) if cell is not None else ""


def _is_ordinal(cell: Cell) -> bool:
    """Tell whether a cell counts a meeting as 第3回 does."""
    return bool(ENTRY.match(label_text(cell)))


def _is_number(cell: Cell) -> bool:
    """Tell whether a cell under the head 回 counts a meeting; 3 does, too."""
    return _is_ordinal(cell) or bool(_NUMBER.fullmatch(fold(label_text(cell))))


def _date(grid: TableView, row: int, column: int) -> str | None:
    """Give the ISO date of a meeting; a year alone is none."""
    cell = _cell(grid, row, column)
    return grid.of(cell, _date_of) if cell is not None else None


def _date_of(cell: Cell) -> str | None:
    found = find_dates(label_text(cell))
    return next((date.iso for date in found if not date.fiscal and len(date.iso) > 4), None)
