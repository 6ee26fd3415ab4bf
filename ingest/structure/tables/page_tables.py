"""Tables that run over pages: the parts are put together, broken rows made whole again.

A part goes on with the table before it when its column rules stand at the same places, or when an
outer rule is missing at the break and the cells on both sides meet. A table may run over hundreds
of pages: at each, only its last row and its head are looked at.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from shisaku.ingest.model import Cell, Line, TableBlock, TextBlock
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.text.blocks import join_blocks
from shisaku.ingest.text.fold import fold
from shisaku.ingest.text.joining import ends_sentence

_NEAR = 4.0
"""Points by which the rules of two parts of one table may differ."""


def _near(first: float, second: float) -> bool:
    return abs(first - second) <= _NEAR


def continues_table(table: TableBlock, part: TableBlock) -> bool:
    """Tell whether `part`, first on its page, goes on with `table`, last on the page before."""
    if not table.edges or not part.edges:
        return False
    if (
        table.open_bottom
        and part.open_top
        and all(any(_near(edge, other) for other in table.edges) for edge in part.edges)
    ):
        # The end of a broken row may be ruled as far as its filled cells reach.
        return True
    if not (_near(table.edges[0], part.edges[0]) and _near(table.edges[-1], part.edges[-1])):
        return False
    same = len(table.edges) == len(part.edges) and all(
        _near(a, b) for a, b in zip(table.edges, part.edges, strict=True)
    )
    if same:
        return True
    if table.open_bottom or part.open_top:
        first = _row(part, 0)
        last = _bottom_row(table)
        return any(_same_column(table, above, part, below) for above in last for below in first)
    # The same outer rules and most columns: a part in which no row uses all of the columns.
    inner = [edge for edge in part.edges if any(_near(edge, other) for other in table.edges)]
    return len(inner) >= max(3, len(part.edges) - 1)


def _row(table: TableBlock, row: int) -> list[Cell]:
    return [cell for cell in table.cells if cell.row == row]


def _bottom_row(table: TableBlock) -> list[Cell]:
    return [cell for cell in table.cells if cell.row + cell.rowspan == table.rows]


def _span(table: TableBlock, cell: Cell) -> tuple[float, float]:
    return table.edges[cell.column], table.edges[cell.column + cell.colspan]


def _same_column(first: TableBlock, above: Cell, second: TableBlock, below: Cell) -> bool:
    a, b = _span(first, above), _span(second, below)
    return _near(a[0], b[0]) and _near(a[1], b[1])


class LongTable:
    """A table that grows from page to page."""

    def __init__(self, table: TableBlock) -> None:
        self._table = table
        self._cells = list(table.cells)
        self._rows = table.rows
        self._returned = list(table.returned)
        self._by_row: defaultdict[int, list[int]] = defaultdict(list)
        """The places of cells in `_cells` by the row in which they begin."""
        for at, cell in enumerate(self._cells):
            self._by_row[cell.row].append(at)
        self._bottom = self._ending(range(len(self._cells)))
        pages = [line.box.page for cell in table.cells for line in _lines(cell)]
        self.last_page = max(pages, default=table.box.page)
        """The last page on which the table has a line."""

    def block(self) -> TableBlock:
        """Give the table as it is now."""
        return replace(
            self._table,
            cells=tuple(self._cells),
            rows=self._rows,
            returned=tuple(self._returned),
        )

    def continues(self, part: TableBlock) -> bool:
        """Tell whether `part`, first on its page, goes on with the table; see `continues_table`."""
        return continues_table(self._end(), part)

    def join(self, part: TableBlock) -> None:
        """Add the rows of `part`.

        Where the break runs through a row, the first row of the part is added to the last row of
        the table; a header row that returns is left out.
        """
        edges = _union(self._table.edges, part.edges)
        if edges != self._table.edges or self._table.columns != len(edges) - 1:
            # Edges stand some points apart, so that this happens as often as a page is wide.
            moved = _regrid(self.block(), edges)
            self._table, self._cells = moved, list(moved.cells)
        second = _without_header(self._says, self._rows, _regrid(part, edges))
        self._returned += second.returned
        if not second.rows:
            return
        end = self._end()
        if _breaks_row(end, second):
            end, second = _merge_row(end, second)
        else:
            end, second = _extend_label(end, second)
        touched = self._put(end)
        for cell in second.cells:
            touched.append(self._add(replace(cell, row=cell.row + self._rows)))
        self._rows += second.rows
        self._table = replace(self._table, open_bottom=part.open_bottom)
        self._bottom = self._ending(touched)
        pages = [line.box.page for cell in part.cells for line in _lines(cell)]
        self.last_page = max([self.last_page, *pages])

    def take(self, block: TextBlock) -> bool:
        """Take `block` into the last row where it can only be its overflow; tell whether it was."""
        taken = take_overflow(self._end(), block)
        if taken is None:
            return False
        self._put(taken)
        self.last_page = max(self.last_page, *(line.box.page for line in block.lines))
        return True

    def _end(self) -> TableBlock:
        """Give the table with the cells that end in its last row, and no others."""
        return replace(
            self._table, cells=tuple(self._cells[at] for at in self._bottom), rows=self._rows
        )

    def _put(self, end: TableBlock) -> list[int]:
        """Put back the cells of `_end`, changed or more; give their places."""
        known = len(self._bottom)
        for at, cell in zip(self._bottom, end.cells[:known], strict=True):
            self._cells[at] = cell
        return [*self._bottom, *map(self._add, end.cells[known:])]

    def _add(self, cell: Cell) -> int:
        at = len(self._cells)
        self._cells.append(cell)
        self._by_row[cell.row].append(at)
        return at

    def _ending(self, places: Sequence[int]) -> list[int]:
        return [at for at in places if self._cells[at].row + self._cells[at].rowspan == self._rows]

    def _says(self, row: int) -> list[str]:
        return [fold(self._cells[at].text) for at in self._by_row.get(row, ())]


def _lines(cell: Cell) -> list[Line]:
    return [line for block in cell.blocks for line in block.lines]


def join_tables(table: TableBlock, part: TableBlock) -> TableBlock:
    """Give `table` with the rows of `part` after its own; see `LongTable.join`."""
    joined = LongTable(table)
    joined.join(part)
    return joined.block()


def _union(first: Sequence[float], second: Sequence[float]) -> tuple[float, ...]:
    edges = list(first)
    edges += [edge for edge in second if not any(_near(edge, other) for other in first)]
    return tuple(sorted(edges))


def _regrid(table: TableBlock, edges: tuple[float, ...]) -> TableBlock:
    places = [min(range(len(edges)), key=lambda i: abs(edges[i] - edge)) for edge in table.edges]
    cells = table.cells
    if places != list(range(len(places))):
        # Else all stay in their columns, as in most tables from page to page.
        cells = tuple(
            replace(
                cell,
                column=places[cell.column],
                colspan=places[cell.column + cell.colspan] - places[cell.column],
            )
            for cell in cells
        )
    return replace(table, cells=cells, columns=len(edges) - 1, edges=edges)


def _without_header(says: Callable[[int], list[str]], rows: int, part: TableBlock) -> TableBlock:
    """Leave out the rows at the top of `part` that say what the table's first rows say.

    `says` gives what the cells of each of the table's `rows` say.
    """
    # A title row may stand above the header of the first part alone.
    top = _says(part, 0)
    start = next((row for row in range(min(3, rows)) if says(row) == top), 0)
    same = 0
    while same < min(rows - start - 1, part.rows) and says(start + same) == _says(part, same):
        same += 1
    if not same or sum(bool(text) for text in top) < 2:
        return part
    returned = tuple(cell.text for cell in part.cells if cell.row < same)
    cells = tuple(replace(cell, row=cell.row - same) for cell in part.cells if cell.row >= same)
    return replace(part, cells=cells, rows=part.rows - same, open_top=False, returned=returned)


def _says(table: TableBlock, row: int) -> list[str]:
    return [fold(cell.text) for cell in _row(table, row)]


def _breaks_row(table: TableBlock, part: TableBlock) -> bool:
    """Tell whether the page break runs through a row, not between two rows.

    A label that spans several rows may be open at the break while the rows beside it are closed.
    """
    first = [cell for cell in _row(part, 0) if cell.text]
    pairs = [(_above(table, cell), cell) for cell in first]
    if any(
        above is not None and above.text and _is_open(above, below)
        for above, below in pairs
        if below.column > 0 or len(first) == 1
    ):
        return True
    # Drawn rules close both sides, but a cell that was filled above is empty and another one goes
    # on in mid-sentence.
    emptied = any(
        not cell.text and (above := _above(table, cell)) is not None and above.text
        for cell in _row(part, 0)
    )
    return emptied and any(
        above is not None
        and len(above.text) > 12
        and not ends_sentence(above.blocks[-1].text)
        and parse_label(below.text) is None
        for above, below in pairs
    )


def _is_open(above: Cell, below: Cell) -> bool:
    """Tell whether a cell goes on past the break; a rule at the page's foot ended the row."""
    return above.open_bottom or (
        below.open_top
        and not ends_sentence(above.blocks[-1].text)
        and parse_label(below.text) is None
        and len(above.text) > 20
    )


def _above(table: TableBlock, cell: Cell) -> Cell | None:
    """Give the cell of the bottom row above `cell`, the first cell of the next part."""
    return next(
        (
            above
            for above in _bottom_row(table)
            if above.column <= cell.column < above.column + above.colspan
        ),
        None,
    )


def _merge_row(table: TableBlock, part: TableBlock) -> tuple[TableBlock, TableBlock]:
    """Add the first row of `part` to the last row of `table`; spans below it go on."""
    cells = list(table.cells)
    rest: list[Cell] = []
    added = 0
    last = {id(cell) for cell in _bottom_row(table)}
    bottom = {id(cell): at for at, cell in enumerate(cells) if id(cell) in last}
    for cell in part.cells:
        if cell.row > 0:
            rest.append(replace(cell, row=cell.row - 1))
            continue
        over = _above(table, cell)
        home = None if over is None else bottom[id(over)]
        if home is None:
            # Nothing above it: it starts here, in the table's last row.
            cells.append(replace(cell, row=table.rows - 1))
        else:
            above = cells[home]
            cells[home] = replace(
                above,
                blocks=_join_blocks(above.blocks, cell.blocks),
                rowspan=above.rowspan + cell.rowspan - 1,
                open_bottom=cell.open_bottom,
            )
        added = 1
    return (
        replace(table, cells=tuple(cells)),
        replace(part, cells=tuple(rest), rows=part.rows - added),
    )


def _join_blocks(
    above: tuple[TextBlock, ...], below: tuple[TextBlock, ...]
) -> tuple[TextBlock, ...]:
    if not above or not below:
        return above + below
    last, first = above[-1], below[0]
    if ends_sentence(last.text) or parse_label(first.text) is not None:
        return above + below
    return (*above[:-1], join_blocks((last, first)), *below[1:])


def _extend_label(table: TableBlock, part: TableBlock) -> tuple[TableBlock, TableBlock]:
    """Let a label cell run on where the part begins with empty cells under it.

    The label of a row group is printed once, at its top; after a page break its column is empty
    or holds the rest of the label.
    """
    cells = list(table.cells)
    rest = list(part.cells)
    for cell in _row(part, 0):
        above = _above(table, cell)
        if cell.text and not (above is not None and above.open_bottom and cell.open_top):
            continue
        if any(other.text and other.column < cell.column for other in _row(part, 0)):
            continue
        at = next(
            (
                at
                for at, above in enumerate(cells)
                if above.row + above.rowspan == table.rows
                and above.column == cell.column
                and above.colspan == cell.colspan
            ),
            None,
        )
        if at is not None:
            cells[at] = replace(
                cells[at],
                rowspan=cells[at].rowspan + cell.rowspan,
                blocks=_join_blocks(cells[at].blocks, cell.blocks),
                open_bottom=cell.open_bottom,
            )
            rest.remove(cell)
    return replace(table, cells=tuple(cells)), replace(part, cells=tuple(rest))


def take_overflow(table: TableBlock, block: TextBlock) -> TableBlock | None:
    """Give `table` with `block` in its last row, where the block can only be its overflow.

    A cell without rules on the next page leaves its last lines there, in its own column and size;
    None where the block is something else.
    """
    if not table.open_bottom or not table.edges or block.size == 0:
        return None
    box = block.lines[0].box
    for cell in _bottom_row(table):
        left, right = _span(table, cell)
        narrow = right - left < 0.5 * (table.edges[-1] - table.edges[0])
        if not (cell.blocks and narrow and left - 1 <= box.x0 and box.x1 <= right + 3):
            continue
        if abs(cell.blocks[-1].size - block.size) > 0.3:
            continue
        blocks = _join_blocks((*cell.blocks[:-1], replace(cell.blocks[-1], open_end=True)),
                              (block,))  # fmt: skip
        cells = tuple(replace(c, blocks=blocks) if c is cell else c for c in table.cells)
        return replace(table, cells=cells)
    return None
