"""Tables of measures: 施策名 | 省庁名 | 実施状況 and their kin, columns in any order.

A measure cell spans the rows of its ministries; rows across all columns are headings; each marked
paragraph (◎/○) of a status cell is an item of its own.
"""

import dataclasses
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from msgspec.structs import replace

from shisaku.ingest.model import Budget, Cell, TableBlock, TextBlock
from shisaku.ingest.registry import registry
from shisaku.ingest.registry.lists import MinistryList
from shisaku.ingest.structure.builder import Builder
from shisaku.ingest.structure.measures.budget import money_line
from shisaku.ingest.structure.measures.marks import MarkedText, read_mark, status_in_words
from shisaku.ingest.structure.measures.tabular.item_blocks import read_item
from shisaku.ingest.structure.measures.tabular.measure_columns import Columns
from shisaku.ingest.structure.outline.bounds import MAX_DEPTH, MAX_HEADING, MAX_NAMES
from shisaku.ingest.structure.outline.headings import Heading, Ranks, path_of
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.structure.passage_lines import lines_of_parts
from shisaku.ingest.structure.tables.grid import TableView, cell_lines, label_text, view
from shisaku.ingest.structure.tables.heads import add_heads
from shisaku.ingest.terms import Status
from shisaku.ingest.text.joining import ends_sentence, join_text

_LONGEST = 80
"""Characters up to which a cell with empty ones beside it can be a heading."""

_END = 4000
"""Characters of a paragraph's end that are looked at to see whether it ends a sentence."""

_BULLETS = "・･•●■"
"""Bullets of lists within a cell, beside the marks that say a state."""

_LONE = "a heading told by the empty cells beside it"


@dataclass(frozen=True)
class _Item:
    """A paragraph of a status cell: all blocks that make it up, joined."""

    text: str
    blocks: tuple[TextBlock, ...]
    budget: tuple[Budget, ...] = ()
    printed: str = ""
    """The brackets of its money as printed."""


def add_measure_table(
    builder: Builder, table: TableBlock, columns: Columns, path: tuple[str, ...],
    titled: str | None = None,
) -> None:  # fmt: skip
    """Add the headings, measures and items of a table of measures that stands under `path`.

    Where no column names the measures, all rows are those of the measure `titled`, whose
    title stands above the table.
    """
    grid = view(table)
    lone = _lone_rows(grid, columns)
    headings = dict(_heading_rows(grid, columns, lone))
    unsure = [headings[row] for row in lone if row in headings and headings[row].label is None]
    ranks = Ranks(list(headings.values()))
    _add_head(builder, grid, columns, path)
    stack: list[Heading] = []
    measure = titled
    current: Cell | None = None
    for row in range(columns.end, table.rows):
        heading = headings.get(row)
        if _is_header(grid, row, columns):
            for head in grid.starting(row):
                builder.use(head)
                builder.ledger.take("table_heads", head.text)
            measure, current = titled, None
            continue
        if heading is not None:
            while stack and (len(stack) >= MAX_DEPTH or not ranks.is_below(heading, stack[-1])):
                stack.pop()
            above = (*path, *path_of(stack))
            builder.add_section(heading.text, len(above) + 1, heading.block.page, above)
            stack.append(heading)
            builder.use(*grid.starting(row))
            if _is_empty_heading(row, headings, table, ranks):
                builder.add_passage(
                    "heading", heading.text, heading.block.lines, (*above, heading.text)
                )
            measure, current = titled, None
            continue
        here = (*path, *path_of(stack))
        cell = _measure_cell(grid, row, columns)
        if cell is not None and cell is not current and cell.text:
            current = cell
            builder.use(cell)
            text = _numbered(builder, grid, row, columns) + label_text(cell)
            measure = builder.add_measure(
                text, here, cell.blocks[0].page, lines=tuple(cell_lines([cell]))
            )
            _add_empty_measure(builder, grid, columns, cell, here, measure)
        guessed = [_LONE] if any(each in unsure for each in stack) else []
        _add_row(builder, grid, row, columns, here, measure, guessed)


def _measure_cell(grid: TableView, row: int, columns: Columns) -> Cell | None:
    return grid.cell(row, columns.measure) if columns.measure is not None else None


def _add_head(builder: Builder, grid: TableView, columns: Columns, path: tuple[str, ...]) -> None:
    """Add what stands above the columns' heads, then the heads, as other tables have them."""
    for row in range(columns.first):
        for cell in grid.starting(row):
            builder.use(cell)
            builder.add_passage("field", cell.text, cell_lines([cell]), path)
    heads = [c for row in range(columns.first, columns.end) for c in grid.starting(row)]
    add_heads(builder, heads, path)


def _numbered(builder: Builder, grid: TableView, row: int, columns: Columns) -> str:
    """Give the number that stands in a column of its own, as a label."""
    cell = grid.cell(row, columns.number) if columns.number is not None else None
    if cell is None or not cell.text:
        return ""
    builder.use(cell)
    text = label_text(cell)
    return text if parse_label(f"{text}x") else f"{text} "


def _heading_rows(
    grid: TableView, columns: Columns, lone: Collection[int]
) -> Iterator[tuple[int, Heading]]:
    """Yield the rows that hold one cell across all columns, and the `lone` ones."""
    for row in range(columns.end, grid.table.rows):
        cells = grid.covering(row)
        filled = [cell for cell in cells if cell.filled]
        if len(filled) != 1 or filled[0].row != row:
            continue
        cell = filled[0]
        across = cell.colspan == grid.table.columns or (
            cell.column == 0 and cell.colspan > 1 and len(cells) == 1
        )
        if across or row in lone:
            text = label_text(cell)
            if len(text) > MAX_HEADING:
                continue
            block = cell.blocks[0]
            yield row, Heading(block, text, parse_label(text), block.size, block.bold)


def _lone_rows(grid: TableView, columns: Columns) -> frozenset[int]:
    """Give the rows in which only the left is filled, and which head the rows below them.

    Many print a heading so, with the other cells drawn and empty. A measure that nobody reported
    on looks the same: it counts on with the labels of the measures, or names its ministries.
    """
    if columns.measure is None:
        return frozenset()
    if not columns.ministries and not columns.others and len(columns.status) < 2:
        return frozenset()
    alone: dict[int, Cell] = {}
    kinds: Counter[str] = Counter()
    for row in range(columns.end, grid.table.rows):
        filled = [cell for cell in grid.covering(row) if cell.filled]
        cell = grid.cell(row, columns.measure)
        if len(filled) == 1 and filled[0].row == row and filled[0].column <= columns.measure:
            alone[row] = filled[0]
        elif len(filled) > 1 and cell is not None and cell.row == row:
            kinds[_kind(cell)] += 1
    usual = kinds.most_common(1)[0][0] if kinds else None
    last = max(set(range(columns.end, grid.table.rows)).difference(alone), default=-1)
    return frozenset(
        row
        for row, cell in alone.items()
        if usual is not None
        and cell.rowspan == 1 and len(cell.text) <= _LONGEST and not ends_sentence(cell.text)
        and (_kind(cell) != usual or not usual)
        and ((usual and _kind(cell)) or len(alone) <= kinds.total())
        # What heads nothing is a measure without a report.
        and row < last
    )  # fmt: skip


def _kind(cell: Cell) -> str:
    label = parse_label(label_text(cell))
    return label.kind if label else ""


def _is_header(grid: TableView, row: int, columns: Columns) -> bool:
    """Tell whether a row of the head returns in the middle of the table."""
    words = [label_text(cell) for cell in grid.starting(row)]
    return sum(map(bool, words)) >= 2 and any(
        words == [label_text(cell) for cell in grid.starting(head)]
        for head in range(columns.first, columns.end)
    )


def _is_empty_heading(
    row: int, headings: dict[int, Heading], table: TableBlock, ranks: Ranks
) -> bool:
    if row + 1 >= table.rows:
        return True
    below = headings.get(row + 1)
    return below is not None and not ranks.is_below(below, headings[row])


def _add_empty_measure(
    builder: Builder, grid: TableView, columns: Columns, cell: Cell, path: tuple[str, ...],
    measure: str,
) -> None:  # fmt: skip
    """Keep a measure without any status as a passage of its own, so that it can be cited."""
    rows = range(cell.row, min(cell.row + cell.rowspan, grid.table.rows))
    beside = [
        other
        for row in rows
        for column in (*columns.status, *columns.others)
        if (other := grid.cell(row, column)) is not None
        and other.text
        # What began beside another measure stands there.
        and other.row >= cell.row
    ]
    if beside:
        return
    names, others = _ministries(grid, cell.row, columns)
    text = label_text(cell)
    builder.add_passage(
        "heading", text, cell_lines([cell]), (*path, text), measure=measure, ministries=names,
        and_others=others,
    )  # fmt: skip


def _ministries(grid: TableView, row: int, columns: Columns) -> tuple[tuple[str, ...], bool]:
    """Give the ministries of a row by all columns that name them, one more than are kept at most.

    A cell of thousands of names may span thousands of rows.
    """
    names: dict[str, None] = {}
    others = False
    for column in columns.ministries:
        cell = grid.cell(row, column)
        if cell is not None:
            named, more = grid.of(cell, _named)
            names.update(dict.fromkeys(named))
            others |= more
    return tuple(islice(names, MAX_NAMES + 1)), others


def _named(cell: Cell) -> tuple[tuple[str, ...], bool]:
    found = registry().parse_list(cell.text, lenient=True)
    if found is None:
        return (), False
    # An unknown body is taken as printed where it can be a name; a sentence is none.
    strange = {name for name in found.unknown if len(name) > 20 or ends_sentence(name)}
    names = dict.fromkeys(name for name in found.names if name not in strange)
    return tuple(islice(names, MAX_NAMES + 1)), found.and_others


def _add_row(
    builder: Builder, grid: TableView, row: int, columns: Columns, path: tuple[str, ...],
    measure: str | None, guessed: Sequence[str],
) -> None:  # fmt: skip
    names, others = _ministries(grid, row, columns)
    if measure is not None:
        builder.charge(measure, MinistryList(names, others))
    for column in columns.ministries:
        named = grid.cell(row, column)
        # More names than a passage bears are text, too: see `add_rest`.
        if named is not None and named.filled and len(names) <= MAX_NAMES:
            builder.add_ministries(named)
    for column in columns.others:
        cell = grid.cell(row, column)
        if cell is not None and (cell.row, cell.column) == (row, column) and cell.text:
            builder.use(cell)
            builder.add_passage(
                "field", cell.text, cell_lines([cell]), (*path, *columns.heads[column]),
                measure=measure, ministries=names, and_others=others, guessed=guessed,
            )  # fmt: skip
    said = _said_of_row(grid, row, columns)
    several = len({columns.heads[column] for column in columns.status}) > 1
    for column in columns.status:
        cell = grid.cell(row, column)
        if cell is None or (cell.row, cell.column) != (row, column):
            continue
        builder.use(cell)
        # One status for several ministries is each one's.
        lists = [
            _ministries(grid, covered, columns)
            for covered in range(row, min(row + cell.rowspan, grid.table.rows))
        ]
        all_names = tuple(dict.fromkeys(name for names, _ in lists for name in names))
        head = _head_over(columns, cell) if several else ()
        for item, marked in _items(cell):
            if marked.status is None:
                marked = dataclasses.replace(marked, status=status_in_words(item.text) or said)
            builder.add_passage(
                "status_item", marked.text, (line for b in item.blocks for line in b.lines),
                (*path, *head), measure=measure, ministries=all_names, marked=marked,
                and_others=any(more for _, more in lists), guessed=guessed,
                budget=item.budget, apart=item.printed,
            )  # fmt: skip


def _said_of_row(grid: TableView, row: int, columns: Columns) -> Status | None:
    """Return the state that a cell of the row says in words, alone: 実施済."""
    for column in columns.others:
        cell = grid.cell(row, column)
        if cell is not None and cell.filled and (status := status_in_words(cell.text)):
            return status
    return None


def _head_over(columns: Columns, cell: Cell) -> tuple[str, ...]:
    """Give the heads of a status; one over the columns of several years has what they share."""
    paths = columns.heads[cell.column : cell.column + cell.colspan]
    same = takewhile(lambda words: len(set(words)) == 1, zip(*paths, strict=False))
    return tuple(words[0] for words in same)


def _items(cell: Cell) -> Iterator[tuple[_Item, MarkedText]]:
    """Yield the marked paragraphs of a status cell; one without a mark goes on with the last.

    It stands alone where the last one had ended its sentence.
    """
    items: list[list[TextBlock]] = []
    parts = [part for paragraph in cell.blocks for part in _marked_lines(paragraph)]
    end = ""
    for block in parts:
        opens = read_mark(block.text).mark is not None or _is_bullet(block)
        money = money_line(block.text) is not None
        if items and (money or (not opens and not ends_sentence(end))):
            items[-1].append(block)
            if money:
                continue
            # What is joined ends as its last piece does, but for a remark over several.
            end = join_text(end, block.text)[-_END:]
        else:
            items.append([block])
            end = block.text
    for blocks in items:
        text, budgets, printed, _ = read_item(blocks)
        yield _Item(text, tuple(blocks), budgets, printed), read_mark(text)


def _is_bullet(block: TextBlock) -> bool:
    """Tell whether a paragraph opens with the bullet of a list within a cell."""
    return block.text.lstrip()[:1] in tuple(_BULLETS)


def _marked_lines(block: TextBlock) -> Iterator[TextBlock]:
    """Yield the parts of a paragraph whose lines, as a web page breaks them, begin with marks.

    （再掲）◎ opens with a bracket, which opens no item by itself.
    """
    parts: list[list[str]] = []
    for line in block.text.split("\n"):
        if parts and read_mark(line).mark is None:
            parts[-1].append(line)
        else:
            parts.append([line])
    texts = ["\n".join(part) for part in parts]
    for text, lines in zip(texts, lines_of_parts(texts, block.lines), strict=True):
        yield replace(block, text=text, lines=lines)
