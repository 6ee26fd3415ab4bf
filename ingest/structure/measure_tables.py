"""Tables of measures: 施策名 | 省庁名 | 実施状況 and their kin, columns in any order.

A measure cell spans the rows of its ministries; rows across all columns are headings; each marked
paragraph (◎/○) of a status cell is an item of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.model import Cell, TableBlock, TextBlock
from ingest.registry import registry
from ingest.structure.builder import Builder
from ingest.structure.columns import MarkedText, Role, read_mark, role_of
from ingest.structure.grid import TableView, cell_lines, label_text, view
from ingest.structure.numbering import parse_label
from ingest.structure.outline import Heading, Ranks, path_of
from ingest.text.joining import ends_sentence, join_text


@dataclass(frozen=True)
class _Columns:
    header_row: int
    measure: int
    ministry: int | None
    status: tuple[int, ...]
    others: tuple[tuple[int, str], ...]
    number: int | None = None


@dataclass(frozen=True)
class _Item:
    """A paragraph of a status cell: all blocks that make it up, joined."""

    text: str
    blocks: tuple[TextBlock, ...]


def find_columns(table: TableBlock) -> _Columns | None:
    """Give where the columns of a table of measures stand, None for any other table."""
    grid = view(table)
    for row in range(min(3, table.rows)):
        cells = grid.starting(row)
        roles = {cell.column: role_of(label_text(cell)) for cell in cells}
        ministry = _with_role(roles, "ministry", weak=False)
        # Without ministries, 項目 | 内容 heads a table of anything.
        measure = _with_role(roles, "measure", weak=bool(ministry))
        status = _with_role(roles, "status", weak=bool(ministry))
        if measure and (ministry or (status and len(cells) <= 4)):
            known = {measure[0], *ministry[:1], *status}
            number = _with_role(roles, "number", weak=True)
            others = tuple(
                (cell.column, label_text(cell))
                for cell in cells
                if cell.column not in {*known, *number}
            )
            columns = _Columns(
                row, measure[0], next(iter(ministry), None), tuple(status), others,
                next(iter(number), None),
            )  # fmt: skip
            return columns if _names_ministries(grid, columns) else None
    return None


def _names_ministries(grid: TableView, columns: _Columns) -> bool:
    """Tell whether most cells under 担当府省庁 name some: else its header means something else."""
    if columns.ministry is None:
        return True
    texts = [
        cell.text
        for row in range(columns.header_row + 1, grid.table.rows)
        if (cell := grid.cell(row, columns.ministry)) is not None
        and cell.row == row and cell.text and cell.colspan < grid.table.columns
    ]  # fmt: skip
    known = sum(registry().parse_list(text) is not None for text in texts)
    return known >= 0.5 * len(texts)


def _with_role(roles: Mapping[int, Role | None], name: str, *, weak: bool) -> list[int]:
    return [
        column
        for column, role in roles.items()
        if role is not None and role.name == name and (weak or not role.weak)
    ]


def add_measure_table(
    builder: Builder, table: TableBlock, columns: _Columns, path: tuple[str, ...]
) -> None:
    """Add the headings, measures and items of a table of measures that stands under `path`."""
    grid = view(table)
    headings = dict(_heading_rows(grid, columns))
    ranks = Ranks(list(headings.values()))
    for head in grid.starting(columns.header_row):
        builder.add_label(head)
    stack: list[Heading] = []
    measure: str | None = None
    current: Cell | None = None
    for row in range(columns.header_row + 1, table.rows):
        heading = headings.get(row)
        if _is_header(grid, row, columns):
            for head in grid.starting(row):
                builder.use(head)
                builder.ledger.take("table_heads", head.text)
            measure, current = None, None
            continue
        if heading is not None:
            while stack and not ranks.is_below(heading, stack[-1]):
                stack.pop()
            above = (*path, *path_of(stack))
            builder.add_section(heading.text, len(above) + 1, heading.block.page, above)
            stack.append(heading)
            builder.use(*grid.starting(row))
            if _is_empty_heading(row, headings, table, ranks):
                builder.add_passage(
                    "heading", heading.text, heading.block.lines, (*above, heading.text)
                )
            measure, current = None, None
            continue
        here = (*path, *path_of(stack))
        cell = grid.cell(row, columns.measure)
        if cell is not None and cell is not current and cell.text:
            current = cell
            builder.use(cell)
            text = _numbered(builder, grid, row, columns) + label_text(cell)
            measure = builder.add_measure(text, here, cell.blocks[0].page)
            _add_empty_measure(builder, grid, columns, cell, here, measure)
        _add_row(builder, grid, row, columns, here, measure)


def _numbered(builder: Builder, grid: TableView, row: int, columns: _Columns) -> str:
    """Give the number that stands in a column of its own, as a label."""
    cell = grid.cell(row, columns.number) if columns.number is not None else None
    if cell is None or not cell.text:
        return ""
    builder.use(cell)
    text = label_text(cell)
    return text if parse_label(f"{text}x") else f"{text} "


def _heading_rows(grid: TableView, columns: _Columns) -> Iterator[tuple[int, Heading]]:
    """Yield the rows that hold one cell across all columns."""
    for row in range(columns.header_row + 1, grid.table.rows):
        cells = grid.covering(row)
        filled = [cell for cell in cells if cell.text]
        if len(filled) != 1 or filled[0].row != row:
            continue
        cell = filled[0]
        across = cell.colspan == grid.table.columns or (
            cell.column == 0 and cell.colspan > 1 and len(cells) == 1
        )
        if across:
            text = label_text(cell)
            block = cell.blocks[0]
            yield row, Heading(block, text, parse_label(text), block.size, block.bold)


def _is_header(grid: TableView, row: int, columns: _Columns) -> bool:
    """Tell whether the header row returns in the middle of the table."""
    first = [label_text(cell) for cell in grid.starting(columns.header_row)]
    return sum(map(bool, first)) >= 2 and first == [label_text(c) for c in grid.starting(row)]


def _is_empty_heading(
    row: int, headings: dict[int, Heading], table: TableBlock, ranks: Ranks
) -> bool:
    if row + 1 >= table.rows:
        return True
    below = headings.get(row + 1)
    return below is not None and not ranks.is_below(below, headings[row])


def _add_empty_measure(
    builder: Builder, grid: TableView, columns: _Columns, cell: Cell, path: tuple[str, ...],
    measure: str,
) -> None:  # fmt: skip
    """Keep a measure without any status as a passage of its own, so that it can be cited."""
    rows = range(cell.row, min(cell.row + cell.rowspan, grid.table.rows))
    beside = [
        other
        for row in rows
        for column in (*columns.status, *(at for at, _ in columns.others))
        if (other := grid.cell(row, column)) is not None and other.text
    ]
    if beside:
        return
    names, others = _ministries(grid, cell.row, columns)
    text = label_text(cell)
    builder.add_passage(
        "heading", text, cell_lines([cell]), (*path, text), measure=measure, ministries=names,
        and_others=others,
    )  # fmt: skip


def _ministries(
    grid: TableView, row: int, columns: _Columns
) -> tuple[tuple[str, ...], bool]:
    if columns.ministry is None:
        return (), False
    cell = grid.cell(row, columns.ministry)
    found = registry().parse_list(cell.text, lenient=True) if cell is not None else None
    if found is None:
        return (), False
    # An unknown body is taken as printed where it can be a name; a sentence is none.
    strange = {name for name in found.unknown if len(name) > 20 or ends_sentence(name)}
    return tuple(name for name in found.names if name not in strange), found.and_others


def _add_row(
    builder: Builder, grid: TableView, row: int, columns: _Columns, path: tuple[str, ...],
    measure: str | None,
) -> None:  # fmt: skip
    names, others = _ministries(grid, row, columns)
    if columns.ministry is not None:
        named = grid.cell(row, columns.ministry)
        if named is not None and named.text:
            builder.add_ministries(named)
    for column, header in columns.others:
        cell = grid.cell(row, column)
        if cell is not None and cell.row == row and cell.text:
            builder.use(cell)
            builder.add_passage(
                "field", cell.text, cell_lines([cell]), (*path, header), measure=measure,
                ministries=names, and_others=others,
            )  # fmt: skip
    for column in columns.status:
        cell = grid.cell(row, column)
        if cell is None or cell.row != row:
            continue
        builder.use(cell)
        # One status for several ministries is each one's.
        lists = [
            _ministries(grid, covered, columns)
            for covered in range(row, min(row + cell.rowspan, grid.table.rows))
        ]
        all_names = tuple(dict.fromkeys(name for names, _ in lists for name in names))
        for item, marked in _items(cell):
            builder.add_passage(
                "status_item", marked.text, (line for b in item.blocks for line in b.lines),
                path, measure=measure, ministries=all_names, marked=marked,
                and_others=any(more for _, more in lists),
            )  # fmt: skip


def _items(cell: Cell) -> Iterator[tuple[_Item, MarkedText]]:
    """Yield the marked paragraphs of a status cell; one without a mark goes on with the last.

    It stands alone where the last one had ended its sentence.
    """
    items: list[_Item] = []
    for block in cell.blocks:
        marked = read_mark(block.text)
        if items and marked.mark is None and not ends_sentence(items[-1].text):
            last = items[-1]
            items[-1] = _Item(join_text(last.text, block.text), (*last.blocks, block))
        else:
            items.append(_Item(block.text, (block,)))
    for item in items:
        yield item, read_mark(item.text)


def has_measures(tables: Sequence[TableBlock]) -> bool:
    """Tell whether one of `tables` is a table of measures."""
    return any(find_columns(table) is not None for table in tables)
