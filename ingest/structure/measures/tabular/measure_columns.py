"""Where the columns of a table of measures stand: by any part of what heads them, in any order."""

from collections.abc import Sequence
from dataclasses import dataclass

from shisaku.ingest.model import Cell, TableBlock
from shisaku.ingest.registry import registry
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.structure.tables.column_roles import Role, names_government, role_of
from shisaku.ingest.structure.tables.grid import TableView, view
from shisaku.ingest.structure.tables.heads import head_depth, head_path


@dataclass(frozen=True)
class Columns:
    """The columns of a table of measures and the rows, `first` to `end`, that head them.

    `heads` has the path of head cells of each column; `ministries` are those that say who is in
    charge; `others` are fields of the measure.
    """

    first: int
    end: int
    heads: tuple[tuple[str, ...], ...]
    measure: int | None
    """None where the title of the measure stands above the table."""
    ministries: tuple[int, ...]
    status: tuple[int, ...]
    others: tuple[int, ...]
    number: int | None = None


def find_columns(table: TableBlock) -> Columns | None:
    """Give where the columns of a table of measures stand, None for any other table."""
    grid = view(table)
    for row in range(min(3, table.rows)):
        found = _columns_at(grid, row)
        if found is not None:
            return found
    return None


def find_reports(table: TableBlock) -> Columns | None:
    """Give the columns of a table of what was done and by whom, without the names of measures.

    The measure that it reports on is the one whose title stands above it.
    """
    grid = view(table)
    for row in range(min(2, table.rows)):
        found = _columns_at(grid, row, titled=True)
        if found is not None:
            return found if found.measure is None else None
    return None


def has_measures(tables: Sequence[TableBlock]) -> bool:
    """Tell whether one of `tables` is a table of measures."""
    return any(find_columns(table) is not None for table in tables)


def _columns_at(grid: TableView, row: int, *, titled: bool = False) -> Columns | None:
    """Read `row`, and the rows that part its heads, as the head of a table of measures.

    Of one that is `titled` above it no column names the measures.
    """
    width = len(grid.starting(row))
    end = row + head_depth(grid, row)
    heads = tuple(head_path(grid, row, end - row, at) for at in range(grid.table.columns))
    roles = {at: role for at, path in enumerate(heads) if (role := _role(path)) is not None}

    def having(name: str, *, weak: bool) -> list[int]:
        return [at for at, (_, role) in roles.items()
                if role.name == name and (weak or not role.weak)]  # fmt: skip

    ministries = having("ministry", weak=False)
    charged = _in_charge(grid, end, ministries, heads)
    if ministries and not charged:
        return None
    # Without ministries, 項目 | 内容 heads a table of anything.
    measures = having("measure", weak=bool(ministries))
    status = [
        at
        for at in having("status", weak=bool(ministries))
        if not roles[at][1].weak or not _holds_figures(grid, end, at)
    ]
    number = next(iter(having("number", weak=True)), None)
    if titled and not measures and charged and any(not roles[at][1].weak for at in status):
        known = {*charged, *status, number}
        others = tuple(at for at in range(grid.table.columns) if at not in known)
        return Columns(row, end, heads, None, charged, tuple(status), others, number)
    if not measures or not (ministries or (status and width <= 4)):
        return None
    measure = min(measures, key=lambda at: (roles[at][0], at))
    if (
        number is None
        and heads[measure : measure + 2] == heads[measure : measure + 1] * 2
        and (_holds_labels(grid, end, measure))
    ):
        number, measure = measure, measure + 1
    known = {measure, *charged, *status, number}
    others = tuple(at for at in range(grid.table.columns) if at not in known)
    return Columns(row, end, heads, measure, charged, tuple(status), others, number)


def _role(path: tuple[str, ...]) -> tuple[int, Role] | None:
    """Give what a column holds by the words that head it, and how far from the column they stand.

    The lowest head says it, or all heads read as one (担当 over 部局), or one further up.
    """
    words = [*path[::-1][:1], "".join(path), *path[::-1][1:]]
    found = [(at, role) for at, text in enumerate(words) if (role := role_of(text)) is not None]
    return min(found, key=lambda each: (each[1].weak, each[0]), default=None)


def _filled(grid: TableView, end: int, column: int) -> list[Cell]:
    return [
        cell
        for row in range(end, grid.table.rows)
        if (cell := grid.cell(row, column)) is not None
        and cell.row == row and cell.text and cell.colspan < grid.table.columns
    ]  # fmt: skip


def _holds_figures(grid: TableView, end: int, column: int) -> bool:
    """Tell whether a column holds quantities: under 令和4年度 they are money, not progress."""
    cells = _filled(grid, end, column)
    figures = sum(2 * sum(map(str.isdigit, c.text)) >= len("".join(c.text.split())) for c in cells)
    return figures > 0.5 * len(cells)


def _holds_labels(grid: TableView, end: int, column: int) -> bool:
    """Tell whether a column holds nothing but numbers: 施策名 often stands over them, too."""
    texts = [cell.text.strip() for cell in _filled(grid, end, column)]
    labels = [parse_label(f"{text}\u3000x") for text in texts]
    return bool(texts) and all(
        label is not None and label.end > len(text)
        for text, label in zip(texts, labels, strict=True)
    )


def _in_charge(
    grid: TableView, end: int, columns: Sequence[int], heads: Sequence[tuple[str, ...]]
) -> tuple[int, ...]:
    """Give those of the columns headed as ministries that name them; the rest are fields.

    A column whose cells name no ministry means something else by its head (担当部局 of a form).
    Beside 府省庁, 部局 says which office of the ministry: 刑事局 of 警察庁 is not that of 法務省.
    """
    naming = []
    for at in columns:
        texts = [cell.text for cell in _filled(grid, end, at)]
        known = sum(registry().parse_list(text) is not None for text in texts)
        if known >= 0.5 * len(texts):
            naming.append(at)
    for words in (lambda path: path[-1], "".join):
        if outright := [at for at in naming if names_government(words(heads[at]))]:
            return tuple(outright)
    return tuple(naming[:1])
