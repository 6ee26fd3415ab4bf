"""Tables that are one entry of a follow-up each: the plan's words above what was done.

    戦略記載内容                    | 担当府省庁
    （the words of the plan）        | 警察庁
    取組内容と結果                   |
    ・ what was done  [予算…千円]    |

Heads stand in rows within the table, or at the left of their values; a table may hold several
entries. `find_entries` gives them; which words head what, constructs.toml says.

A card has all heads at the left of their values: 施策名 | …, 担当府省庁 | …, 取組の内容 | …,
今後の予定 | …; heads that say something else name a field of the measure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from shisaku.ingest.model import Block, Cell, TableBlock, TextBlock
from shisaku.ingest.registry import registry
from shisaku.ingest.registry.lists import MinistryList
from shisaku.ingest.structure.measures.constructs import constructs, says
from shisaku.ingest.structure.measures.tabular.item_blocks import grouped
from shisaku.ingest.structure.tables.column_roles import role_of
from shisaku.ingest.structure.tables.grid import TableView, label_text, view

Role = Literal["quoted", "report", "ministry", "measure", "other"]

_NAMES = ("名", "名称", "項目", "事項")
"""How a head of measures ends that is not one of what was done: 取組事項, 取組名."""
_CARD: frozenset[Role] = frozenset(("measure", "ministry", "report"))
"""Heads at the left that make a table a card."""
_HEAD = 40
"""Characters up to which a cell can be a head."""


@dataclass
class Entry:
    """One entry: its title cells, the plan's words, the cells of bodies, what was done.

    `heads` are the cells that name these, `others` cells under heads of other kinds.
    """

    titles: list[Cell] = field(default_factory=list)
    quoted: list[Cell] = field(default_factory=list)
    ministries: list[Cell] = field(default_factory=list)
    report: list[Cell] = field(default_factory=list)
    heads: list[Cell] = field(default_factory=list)
    others: list[tuple[str, Cell]] = field(default_factory=list)

    @property
    def filled(self) -> bool:
        """Whether it has anything but heads."""
        return bool(self.titles or self.quoted or self.report or self.others)


def role(cell: Cell) -> Role | None:
    """Return what a cell is the head of, None where it is none."""
    text = label_text(cell)
    if not text or len(text) > _HEAD:
        return None
    if says(constructs().quoted, text):
        return "quoted"
    found = role_of(text)
    named = found is not None and found.name == "measure" and text.endswith(_NAMES)
    if says(constructs().report, text) and not named:
        return "report"
    if found is not None and found.name in {"ministry", "measure"} and not found.weak:
        return "ministry" if found.name == "ministry" else "measure"
    return None


def has_entries(block: Block) -> bool:
    """Tell whether a table holds entries: the plan's words and what was done have heads in it.

    Heads of columns that stand side by side are those of a table of measures.
    """
    if not isinstance(block, TableBlock) or block.rows < 2:
        return False
    if is_card(block):
        return True
    quoted: set[tuple[int, int]] = set()
    report: set[tuple[int, int]] = set()
    for cell in block.cells:
        found = role(cell)
        if found == "quoted":
            quoted.add((cell.row, cell.column))
        elif found == "report":
            report.add((cell.row, cell.column))
    return any(
        below_row > row for row, column in quoted for below_row, below in report if below == column
    )


def is_card(table: TableBlock) -> bool:
    """Tell whether measure, bodies and what was done have heads at the left of their values.

    In a table of columns another head stands beside each of them.
    """
    if table.columns < 2 or table.rows < 2:
        return False
    heads = [(cell, found) for cell in table.cells if (found := role(cell)) in _CARD]
    if not {found for _, found in heads} >= _CARD:
        return False
    grid = view(table)
    return all(_stands_beside(grid, cell) for cell, _ in heads)


def opens_entry(table: TableBlock) -> bool:
    """Tell whether a table names a measure anew."""
    return any(role(cell) == "measure" for cell in table.cells)


def _stands_beside(grid: TableView, head: Cell) -> bool:
    """Tell whether a value stands at the right of a head."""
    value = grid.cell(head.row, head.column + head.colspan)
    return value is not None and value.row == head.row and value.filled and role(value) is None


def find_entries(table: TableBlock) -> list[Entry]:
    """Return the entries of a table for which `has_entries` holds."""
    grid = view(table)
    card = is_card(table)
    beside = card or _heads_stand_beside(grid)
    leading = {cell.column for cell in table.cells if role(cell) in _CARD} if card else set()
    entries = [Entry()]
    present: dict[int, tuple[Role, Cell]] = {}
    for row in range(table.rows):
        for cell in grid.starting(row):
            found = role(cell)
            if (
                found is None and cell.column in leading
                and 0 < len(cell.text) <= _HEAD and _stands_beside(grid, cell)
            ):  # fmt: skip
                found = "other"
            if found is not None:
                if found in {"quoted", "measure"} and _begins(entries[-1], found):
                    entries.append(Entry())
                elif found == "report" and len(entries[-1].report) > 1:
                    entries.append(_cut_off(entries[-1]))
                entries[-1].heads.append(cell)
                if beside:
                    present = {cell.column + cell.colspan: (found, cell)}
                else:
                    for column in range(cell.column, cell.column + cell.colspan):
                        present[column] = (found, cell)
                continue
            if cell.filled:
                _put(entries[-1], cell, present.get(cell.column))
    return [entry for entry in entries if entry.filled]


def _begins(entry: Entry, found: Role) -> bool:
    """Tell whether a head opens another entry: the present one has what stands under it."""
    return bool(entry.report or (entry.quoted if found == "quoted" else entry.titles))


def _cut_off(entry: Entry) -> Entry:
    """Take the last cell of what was done as the plan's words of another entry.

    The head above it stands once for several entries; the head of what was done returns.
    """
    words = entry.report.pop()
    later = [cell for cell in entry.ministries if cell.row >= words.row]
    entry.ministries = [cell for cell in entry.ministries if cell.row < words.row]
    return Entry(quoted=[words], ministries=later)


def _put(entry: Entry, cell: Cell, head: tuple[Role, Cell] | None) -> None:
    if head is None:
        entry.others.append(("", cell))
    elif head[0] == "quoted":
        entry.quoted.append(cell)
    elif head[0] == "ministry":
        entry.ministries.append(cell)
    elif head[0] == "report":
        entry.report.append(cell)
    elif head[0] == "measure":
        entry.titles.append(cell)
    else:
        entry.others.append((label_text(head[1]), cell))


def _heads_stand_beside(grid: TableView) -> bool:
    """Tell whether heads stand at the left of their values: no value is under its head."""
    beside = heads = 0
    for row in range(grid.table.rows):
        cells = grid.starting(row)
        for cell, after in pairwise(cells):
            if role(cell) in {"quoted", "report"}:
                beside += role(after) is None and after.filled
        heads += sum(role(cell) in {"quoted", "report"} for cell in cells)
    return beside > 0.5 * heads


def items_of(cells: Sequence[Cell]) -> Iterator[tuple[TextBlock, ...]]:
    """Yield the items of cells that follow each other, each as the blocks that make it up.

    A paragraph that opens with no bullet goes on with one that has not ended its sentence.
    """
    yield from grouped([block for cell in cells for block in cell.blocks])


def bodies_of(cells: Sequence[Cell]) -> MinistryList | None:
    """Return the bodies that cells of a column of bodies name together, None where none does."""
    names: dict[str, None] = {}
    others = False
    for cell in cells:
        found = registry().parse_list(cell.text, lenient=True)
        if found is not None:
            strange = {name for name in found.unknown if len(name) > _HEAD // 2}
            names.update(dict.fromkeys(name for name in found.names if name not in strange))
            others |= found.and_others
    return MinistryList(tuple(names), others) if names else None
