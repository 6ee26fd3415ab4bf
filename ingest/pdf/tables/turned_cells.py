"""Words in a table that are set in another direction than the page: labels turned on their side.

They belong to the cell in which they stand, where it holds nothing else: the group at the left of
its rows, a head over its column.
"""

from collections import defaultdict
from collections.abc import Sequence

from msgspec.structs import replace

from shisaku.ingest.model import Box, Cell, Line, TableBlock, TextBlock


def fill_turned(
    tables: Sequence[TableBlock], aside: Sequence[Line]
) -> tuple[list[TableBlock], list[Line]]:
    """Give `tables` with those of the lines `aside` that stand in empty cells, and the others."""
    filled: list[TableBlock] = []
    rest = list(aside)
    for table in tables:
        inside = [line for line in rest if _holds(table.box, line.box)]
        if not inside:
            filled.append(table)
            continue
        empty = {at: cell.box for at, cell in enumerate(table.cells)
                 if cell.box is not None and not any(map(str.isalnum, cell.text))}  # fmt: skip
        found: defaultdict[int, list[Line]] = defaultdict(list)
        for line in inside:
            home = next((at for at, box in empty.items() if _holds(box, line.box)), None)
            if home is not None:
                found[home].append(line)
        taken = {id(line) for lines in found.values() for line in lines}
        rest = [line for line in rest if id(line) not in taken]
        cells = tuple(
            _with(cell, found[at]) if at in found else cell for at, cell in enumerate(table.cells)
        )
        filled.append(replace(table, cells=cells))
    return filled, rest


def _with(cell: Cell, lines: Sequence[Line]) -> Cell:
    """Give the cell with `lines` as one paragraph, in the direction in which they follow."""
    across = max(line.box.x0 for line in lines) - min(line.box.x0 for line in lines)
    down = max(line.box.top for line in lines) - min(line.box.top for line in lines)
    if across > down:
        single = all(len(line.text) == 1 for line in lines)
        # Whole lines that run up or down follow each other from right to left, letters do not.
        ordered = sorted(lines, key=lambda line: line.box.x0 if single else -line.box.x0)
    else:
        ordered = sorted(lines, key=lambda line: line.box.top)
    text = "".join(line.text for line in ordered)
    own = "".join(cell.text.split())
    level = [line for block in cell.blocks for line in block.lines]
    # Brackets and bars are drawn level: they stand around the words.
    middle = (len(own) + 1) // 2
    text = own[:middle] + text + own[middle:]
    return replace(cell, blocks=(TextBlock(text, (*level, *ordered)),))


def _holds(outer: Box, inner: Box) -> bool:
    """Tell whether the centre of `inner` lies in `outer`."""
    x, y = (inner.x0 + inner.x1) / 2, (inner.top + inner.bottom) / 2
    return outer.x0 <= x <= outer.x1 and outer.top <= y <= outer.bottom
