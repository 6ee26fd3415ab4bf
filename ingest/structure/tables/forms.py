"""Forms (evaluation sheets): label and value cells become fields with their labels as path.

Rows are read as they are set: label, value; label, value, label, value; a label over several rows
with labels of its own (PLAN, DO); a row of heads over a row of values.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from shisaku.ingest.model import Cell, ColumnText, TableBlock
from shisaku.ingest.structure.builder import Builder
from shisaku.ingest.structure.tables.comparison import find_comparison
from shisaku.ingest.structure.tables.grid import TableView, cell_lines, label_text, view
from shisaku.ingest.structure.tables.heads import SEPARATOR, add_heads
from shisaku.ingest.structure.tables.table_rows import header_rows
from shisaku.ingest.text.fold import fold
from shisaku.ingest.text.joining import ends_sentence

_BLANK = 3
"""Characters up to which words may stand for a figure: －, 未定, 調査中."""

_TITLE = 80
"""Characters up to which what a form is about can stand in its title."""

_LABEL = 45
"""Characters up to which a cell can be a label."""


@dataclass(frozen=True)
class Field:
    """A value cell under its labels, outermost first."""

    labels: tuple[Cell, ...]
    value: Cell


@dataclass(frozen=True)
class Grid:
    """A table within a form: its heads, and rows of a label and figures, under labels."""

    labels: tuple[Cell, ...]
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


def is_form(table: TableBlock) -> bool:
    """Tell whether a table is a form: labels at the left, rows cut in different ways."""
    if not _may_be_form(table):
        return False
    grid = view(table)
    rows = [grid.starting(row) for row in range(table.rows)]
    rows = [cells for cells in rows if any(cell.text for cell in cells)]
    if not rows or find_comparison(grid) is not None or not _has_labels(rows):
        return False
    return _is_nested(grid, rows) or (not _is_regular(rows) and _is_cut_as_needed(table, rows))


def _may_be_form(table: TableBlock) -> bool:
    """Tell whether a table has two columns and more and names none of them.

    A table on a page without rules is a list: names and what is said of them.
    """
    return (
        table.columns >= 2
        and not any(cell.header for cell in table.cells)
        and (bool(table.edges) or table.box.x1 <= 0)
    )


def _lead(rows: Sequence[Sequence[Cell]]) -> list[Cell]:
    """Give the cells of the first column."""
    return [cells[0] for cells in rows if cells[0].column == 0]


def _has_labels(rows: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether labels stand at the left, and beside them something else than figures."""
    lead = _lead(rows)
    labels = [cell for cell in lead if _is_label(cell) or not cell.text]
    if len(labels) < 0.8 * len(lead) or not any(cell.text for cell in labels):
        return False
    leading: dict[tuple[int, int], list[Cell]] = {}
    for cell in lead:
        leading.setdefault((cell.row, cell.column), []).append(cell)
    values = [
        cell
        for cells in rows
        for cell in cells
        # Only a cell of its own place can be the same: a table may have thousands of rows.
        if cell.text and cell not in leading.get((cell.row, cell.column), ())
    ]
    return sum(_is_figure(cell) for cell in values) <= 0.4 * len(values)


def _is_regular(rows: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether most of five rows and more are cut in the same three columns and more."""
    cuts = Counter(tuple((cell.column, cell.colspan) for cell in cells) for cells in rows)
    cut, count = cuts.most_common(1)[0]
    return len(cut) >= 3 and count >= 0.6 * len(rows) and len(rows) >= 5


def _is_cut_as_needed(table: TableBlock, rows: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether each row is cut as what stands in it needs: labels with longer values."""
    if table.columns == 2:
        return len(rows) >= 2 and _values_are_longer(rows)
    lead = _lead(rows)
    if lead[0].rowspan == table.rows and len(lead) == 1 and table.columns == 3:
        return _values_are_longer([cells[-2:] for cells in rows])
    # A table is cut in one way but for its spans; the rows of a form are cut as each needs it.
    inner = {tuple(cell.column for cell in cells) for cells in rows if cells[0].column == 0}
    return len(inner) >= 3 or (len(inner) == 2 and any(_has_values(cells) for cells in rows))


def _is_nested(grid: TableView, rows: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether rows say 大項目 | 小項目 | 値 without a head that names these columns.

    Labels stand at the left, one of them over several rows, and one long value ends each row; a row
    or two may be cut in another way.
    """
    end = grid.table.columns
    filled = [[cell for cell in cells if cell.text] for cells in rows]
    plain = [
        cells
        for cells in filled
        if len(cells) in {2, 3} and cells[-1].column + cells[-1].colspan == end
    ]
    inner = [cells[-2] for cells in plain if cells[-2].column > 0]
    if header_rows(grid) or len(plain) < 0.7 * len(rows) or 2 * len(inner) < len(rows):
        return False
    leads = sum(cells[0].column == 0 for cells in filled)
    labels = [cell for cells in plain for cell in cells[:-1]]
    return (
        leads < len(rows)
        and all(_is_label(cell) and not _is_figure(cell) for cell in labels)
        and _values_are_longer([cells[-2:] for cells in plain])
    )


def _is_figure(cell: Cell) -> bool:
    """Tell whether a cell holds a quantity: then the table is one of figures."""
    text = "".join(cell.text.split())
    return sum(char.isdigit() for char in text) >= 0.4 * len(text)


def _has_values(cells: Sequence[Cell]) -> bool:
    """Tell whether a row is a label with a long value."""
    return len(cells) == 2 and _is_label(cells[0]) and len(cells[1].text) > 30


def _values_are_longer(rows: Sequence[Sequence[Cell]]) -> bool:
    pairs = [(cells[0], cells[-1]) for cells in rows if len(cells) == 2]
    longer = [value for label, value in pairs if len(value.text) > len(label.text)]
    return len(longer) >= 0.6 * max(len(pairs), 1) and any(len(v.text) > 30 for v in longer)


def _is_label(cell: Cell) -> bool:
    text = label_text(cell)
    return 0 < len(text) <= _LABEL and not ends_sentence(text)


_SUBJECT = re.compile(
    r".{0,12}(?:[分負]担金|拠出金|補助金|交付金|事業|施策|政策|案件|制度)等?名(?:称)?"
)
_NAMELESS = re.compile(
    r"(?:(?:明治|大正|昭和|平成|令和)?(?:元|[0-9]{1,4})年度?(?:版)?|行政事業レビュー|政策|事業|施策|自己"
    r"|総合|個別|事前|事後|中間|点検|評価|検証|の|用)*"
    r"(?:シート|調書|個票|様式|書|表|票)"
)


def name_of_form(title: str, tables: Iterable[TableBlock]) -> str:
    """Give the title of a form: 平成30年度シート is that of all, so what it is about follows it.

    That stands beside 拠出金名, 事業名 and the like.
    """
    if not _NAMELESS.fullmatch(fold(title)):
        return title
    for table in filter(is_form, tables):
        for part in read_fields(table):
            if isinstance(part, Field) and len(part.labels) == 1 and part.value.text:
                subject = label_text(part.value)
                if _SUBJECT.fullmatch(label_text(part.labels[0])) and len(subject) <= _TITLE:
                    return f"{title}\u3000{subject}"
    return title


def add_form(builder: Builder, table: TableBlock, path: tuple[str, ...]) -> None:
    """Add a passage for each paragraph of each field; its labels follow `path`."""
    parts = list(read_fields(table))
    heads = {id(label) for part in parts for label in part.labels}
    for field in parts:
        if isinstance(field, Grid):
            _add_grid(builder, field, path)
            continue
        if id(field.value) in heads:
            continue
        for label in field.labels:
            builder.add_label(label)
        labels = tuple(label_text(label) for label in field.labels)
        builder.use(field.value)
        if not field.value.text and field.labels:
            # A label beside an empty cell is all that the form says there.
            builder.add_passage("heading", labels[-1], cell_lines([field.labels[-1]]),
                                (*path, *labels))  # fmt: skip
        for block in field.value.blocks:
            builder.add_passage("field", block.text, block.lines, (*path, *labels))


def _add_grid(builder: Builder, part: Grid, path: tuple[str, ...]) -> None:
    """Add the rows of a table within a form, as those of other tables."""
    for label in part.labels:
        builder.add_label(label)
    inner = (*path, *(label_text(label) for label in part.labels))
    add_heads(builder, part.heads, inner)
    for row in part.rows:
        filled = [(head, cell) for head, cell in zip(part.heads, row, strict=True) if cell.text]
        builder.use(*(cell for _, cell in filled))
        builder.add_passage(
            "row", SEPARATOR.join(cell.text for _, cell in filled),
            cell_lines([cell for _, cell in filled]), inner,
            cells=tuple(ColumnText(label_text(head), cell.text) for head, cell in filled),
        )  # fmt: skip


def read_fields(table: TableBlock) -> Iterator[Field | Grid]:
    """Yield the fields of a form, and the tables within it, row by row."""
    grid = view(table)
    row = 0
    while row < table.rows:
        lead = grid.cell(row, 0)
        end = row + 1
        if lead is not None and lead.row == row and lead.rowspan > 1 and _is_label(lead):
            end = min(row + lead.rowspan, table.rows)
            yield from _read_rows(grid, row, end, (lead,), lead)
        elif rows := _rows_of_figures(grid, row, table.rows, None):
            yield Grid((), tuple(grid.starting(row)), tuple(rows))
            end = row + 1 + len(rows)
        else:
            # A second row without a label of its own belongs to the first (heads, then values).
            while end < table.rows and _lacks_label(grid, end) and lead is not None and lead.text:
                end += 1
            yield from _read_rows(grid, row, end, (), None)
        row = end


def _lacks_label(grid: TableView, row: int) -> bool:
    cells = grid.starting(row)
    first = grid.cell(row, 0)
    return (first is None or not first.text) and any(cell.text for cell in cells)


def _read_rows(
    grid: TableView, start: int, end: int, labels: tuple[Cell, ...], lead: Cell | None
) -> Iterator[Field | Grid]:
    row = start
    only = [cell for cell in grid.starting(start) if cell.text]
    if not labels and end - start > 1 and len(only) == 1:
        # A label alone in its row, for the rows below it.
        labels, row = (only[0],), start + 1
    while row < end:
        cells = [cell for cell in grid.starting(row) if cell is not lead]
        above = labels
        if row > start and not labels:
            first = grid.cell(start, 0)
            above = (first,) if first is not None and first.text else ()
        filled = [cell for cell in cells if cell.text]
        if rows := _rows_of_figures(grid, row, end, lead):
            yield Grid(above, tuple(cells), tuple(rows))
            row += 1 + len(rows)
            continue
        if row + 1 < end and (heads := _heads(grid, row, cells, lead)):
            own = tuple(filled[: len(filled) - len(heads)])
            for head, value in heads:
                yield Field((*above, *own, head), value)
            row += 2
            continue
        beside = cells if len(cells) % 2 == 0 and _alternate(cells) else filled
        yield from _pairs(beside, above)
        row += 1


def _rows_of_figures(
    grid: TableView, row: int, end: int, lead: Cell | None
) -> list[tuple[Cell, ...]]:
    """Give the rows below the heads in `row` that are cut as it is: a label and figures in each.

    区分 | 令和3年度 | 令和4年度 over 当初予算 | 1,200 | 1,300: what was planned, what was spent.
    """
    heads = [cell for cell in grid.starting(row) if cell is not lead]
    if len(heads) < 3 or not all(_is_label(head) for head in heads[1:]):
        return []
    rows: list[tuple[Cell, ...]] = []
    for below in range(row + 1, end):
        cells = tuple(cell for cell in grid.starting(below) if cell is not lead)
        values = [cell for cell in cells[1:] if cell.text]
        if (
            [(c.column, c.colspan) for c in cells] != [(c.column, c.colspan) for c in heads]
            or not _is_label(cells[0]) or _is_figure(cells[0])
            or not values or not all(_is_figure(c) or len(c.text) <= _BLANK for c in values)
        ):  # fmt: skip
            break
        rows.append(cells)
    return rows


def _heads(
    grid: TableView, row: int, cells: Sequence[Cell], lead: Cell | None
) -> list[tuple[Cell, Cell]]:
    """Give the heads of `row` with the values that stand under them in the next row."""
    below = {
        (cell.column, cell.colspan): cell
        for cell in grid.starting(row + 1)
        if cell is not lead and cell.text
    }
    heads = [
        (cell, below[cell.column, cell.colspan])
        for cell in cells
        if cell.text and (cell.column, cell.colspan) in below
    ]
    shorter = sum(len(value.text) <= len(head.text) for head, value in heads)
    if not all(_is_label(head) for head, _ in heads):
        return []
    if len(heads) < 2 or len(heads) != len(below) or shorter * 2 < len(heads):
        return []
    if grid.table.columns == 3 and not any(_is_figure(value) for _, value in heads):
        # 必要性 | Ａ over 効率性 | Ｂ beside their label: two pairs.
        return []
    return heads


def _alternate(cells: Sequence[Cell]) -> bool:
    """Tell whether every other cell is a label, values may be empty."""
    return bool(cells) and all(_is_label(cell) for cell in cells[::2])


def _pairs(cells: Sequence[Cell], labels: tuple[Cell, ...]) -> Iterator[Field]:
    if not cells:
        return
    if len(cells) == 1:
        yield Field(labels, cells[0])
    elif len(cells) % 2 == 0:
        for label, value in zip(cells[::2], cells[1::2], strict=True):
            yield Field((*labels, label), value)
    else:
        # An odd cell leads: it is a label over labels (5 PDCA | PLAN | …).
        yield from _pairs(cells[1:], (*labels, cells[0]))
