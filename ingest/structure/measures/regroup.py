"""Mends the blocks of a plan before they are read: what layout cut or joined against its grammar.

`regroup` takes the flow of a document and gives it with items that run over a page joined, titles
in brackets over two blocks joined, and lines of titles or bodies that stand within a paragraph
apart.
"""

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from shisaku.ingest.model import Block, Box, Cell, Line, TableBlock, TextBlock
from shisaku.ingest.structure.measures.budget import money_line
from shisaku.ingest.structure.measures.constructs import constructs
from shisaku.ingest.structure.measures.grammar.shapes import Shape, shape_of
from shisaku.ingest.structure.measures.short_names import short_list
from shisaku.ingest.structure.measures.tabular.block_tables import (
    has_entries,
    is_card,
    opens_entry,
    role,
)
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.text.blocks import join_blocks
from shisaku.ingest.text.joining import ends_sentence, join_text

_HANGING = (0.5, 3.6)
"""How far the lines of an item stand behind its bullet, in characters: least and most."""
_EDGE = 6.0
"""Points by which the outer rules of the two parts of a table may differ."""
_SHORT_BRACKETS = {"〔": "〕", "【": "】", "[": "]", "［": "］"}
_INDENT = 0.7
"""Characters by which the first line of a paragraph stands in."""
_PLAIN = frozenset(("text", "item", "headed", "head"))
"""Shapes that the rest of a sentence may have."""
_LEAST = 3
"""Blocks of one shape from which a line of that shape within a paragraph is one of them."""


def regroup(flow: Sequence[Block]) -> list[Block]:
    """Return the blocks of `flow`, mended."""
    mended: list[Block] = []
    for block in brackets_in_place(flow):
        last = mended[-1] if mended else None
        if isinstance(last, TableBlock) and (
            (has_entries(last) and _is_rest_of_entry(last, block)) or _is_rest_of_card(last, block)
        ):
            mended[-1] = _with_rows(last, block)
        elif (
            isinstance(last, TextBlock)
            and isinstance(block, TextBlock)
            and (
                _is_rest_of_item(last, block)
                or _closes_title(last, block)
                or _is_charge_in_short(last, block)
            )
        ):
            mended[-1] = join_blocks((last, block))
        else:
            mended.append(block)
    return list(_parted(mended))


def brackets_in_place(flow: Sequence[Block]) -> list[Block]:
    """Return the flow with bodies in brackets, set at the right edge, where they stand on the page.

    Such lines look like a column of their own; read after the text, they would shift by one.
    """
    pages: dict[int, list[int]] = {}
    for at, block in enumerate(flow):
        page = block.page if isinstance(block, TextBlock) else block.box.page
        if not isinstance(block, TextBlock) or block.role != "footnote":
            pages.setdefault(page, []).append(at)
    placed = list(flow)
    for places in pages.values():
        if places[-1] - places[0] != len(places) - 1:
            continue
        lone = [at for at in places if _is_charge_alone(flow[at])]
        tops = [_top(flow[at]) for at in places]
        others = [_top(flow[at]) for at in places if at not in lone]
        if not lone or tops == sorted(tops) or others != sorted(others):
            continue
        for at, block in zip(places, sorted((flow[at] for at in places), key=_top), strict=True):
            placed[at] = block
    return placed


def _is_charge_alone(block: Block) -> bool:
    return (
        isinstance(block, TextBlock)
        and block.text[:1] in constructs().pairs
        and block.lines[0].box.x1 > 0
        and shape_of(block, heading=False).kind == "charge"
    )


def _top(block: Block) -> float:
    return block.lines[0].box.top if isinstance(block, TextBlock) else block.box.top


def _is_rest_of_entry(table: TableBlock, block: Block) -> bool:
    """Tell whether a block at the top of the next page is the rest of an entry's last row."""
    last = _last_page(table)
    if isinstance(block, TextBlock):
        return last <= block.page <= last + 1 and _overflows(table, block)
    return (
        block.box.page == last + 1
        and _has_edges_of(table, block)
        and not any(role(cell) for cell in block.cells)
    )


def _is_rest_of_card(table: TableBlock, block: Block) -> bool:
    """Tell whether a table on the next page is what is left of a card: it names no measure.

    Its heads stand at the left of their values, too, so that only the whole is a card.
    """
    return (
        isinstance(block, TableBlock)
        and opens_entry(table)
        and not opens_entry(block)
        and block.box.page == _last_page(table) + 1
        and table.columns == block.columns
        and _has_edges_of(table, block)
        and is_card(_with_rows(table, block))
    )


def _last_page(table: TableBlock) -> int:
    pages = [line.box.page for cell in table.cells for b in cell.blocks for line in b.lines]
    return max(pages, default=table.box.page)


def _has_edges_of(table: TableBlock, other: TableBlock) -> bool:
    return abs(other.box.x0 - table.box.x0) <= _EDGE and abs(other.box.x1 - table.box.x1) <= _EDGE


def _overflows(table: TableBlock, block: TextBlock) -> bool:
    """Tell whether a paragraph at the top of a page is what is left of an entry's last row.

    It stands within the column of what was done, and is money, the rest of a sentence or a bullet.
    """
    bottom = [cell for cell in table.cells if cell.row + cell.rowspan == table.rows]
    filled = sorted((cell for cell in bottom if cell.filled), key=_width, reverse=True)
    if not filled or block.role:
        return False
    above = filled[0].blocks[-1]
    if block.page == above.lines[-1].box.page and block.page == table.box.page:
        return False
    box = filled[0].box or table.box
    if not all(box.x0 - 1 <= line.box.x0 and line.box.x1 <= box.x1 + 1 for line in block.lines):
        return False
    if money_line(block.text) is not None:
        return True
    label = parse_label(block.text)
    if label is not None and label.kind not in {"number", "decimal2"}:
        return label.kind == "bullet" and shape_of(block, heading=False).kind != "wrapped"
    words = next((b for b in reversed(filled[0].blocks) if money_line(b.text) is None), above)
    hanging = words.lines[0].box.x0 + _HANGING[0] * words.size
    if label is not None and block.lines[0].box.x0 < hanging:
        # A number at the left edge is a heading's, not the rest of a sentence.
        return False
    return not ends_sentence(words.text) and shape_of(block, heading=False).kind in _PLAIN


def _with_rows(table: TableBlock, block: Block) -> TableBlock:
    """Return an entry's table with the rest of it; columns by their place from the left."""
    if isinstance(block, TextBlock):
        rest: tuple[Cell, ...] = (Cell(0, 0, (block,), box=_column(table)),)
        rows = 1
    else:
        rest, rows = block.cells, block.rows
    cells = tuple(
        replace(cell, row=cell.row + table.rows, column=min(cell.column, table.columns - 1))
        for cell in rest
    )
    return replace(table, cells=(*table.cells, *cells), rows=table.rows + rows)


def _width(cell: Cell) -> float:
    return cell.box.x1 - cell.box.x0 if cell.box else 0.0


def _column(table: TableBlock) -> Box | None:
    """Return the box of the cell at the left of a table's last row, for its width."""
    bottom = [c for c in table.cells if c.row + c.rowspan == table.rows and c.column == 0]
    return bottom[-1].box if bottom else None


def _is_rest_of_item(last: TextBlock, block: TextBlock) -> bool:
    """Tell whether an item goes on at the top of the next page, behind its bullet."""
    before, after = last.lines[-1], block.lines[0]
    if last.role != block.role or not after.size or ends_sentence(last.text):
        return False
    if parse_label(last.text) is None or parse_label(block.text) is not None:
        return False
    if after.box.page == before.box.page:
        return _is_next_line(last, block)
    if after.box.page != before.box.page + 1 or abs(before.size - after.size) > 0.5:
        return False
    if not last.open_end and not _reaches(last, block):
        return False
    if shape_of(block, heading=False).kind not in {"text", "headed"}:
        return False
    shift = (after.box.x0 - last.lines[0].box.x0) / after.size
    if len(last.lines) > 1:
        hanging = min(line.box.x0 for line in last.lines[1:])
        return abs(after.box.x0 - hanging) <= 0.8 * after.size
    return _HANGING[0] <= shift <= _HANGING[1]


def _is_charge_in_short(last: TextBlock, block: TextBlock) -> bool:
    """Tell whether a block is the bodies of the item above in short: 〔警察・厚労〕 on its own."""
    label = parse_label(last.text)
    inner = block.text.strip()
    return (
        label is not None
        and label.kind == "bullet"
        and ends_sentence(last.text)
        and len(block.lines) == 1
        and inner[:1] in _SHORT_BRACKETS
        and inner[-1:] in _SHORT_BRACKETS.values()
        and 0 <= block.page - last.lines[-1].box.page <= 1
        and short_list(inner[1:-1], known=True) is not None
    )


def _is_next_line(last: TextBlock, block: TextBlock) -> bool:
    """Tell whether a paragraph is the next line of an item whose first line is in another size.

    The item's only line is as long as the lines below it, and what follows stands behind its
    bullet, one line below. A line in a larger size than what follows is a heading.
    """
    before, after = last.lines[-1], block.lines[0]
    size = max(before.size, after.size)
    shift = (after.box.x0 - last.lines[0].box.x0) / size
    gap = (after.box.top - before.box.bottom) / size
    return (
        len(last.lines) == 1
        and before.size < after.size
        and _HANGING[0] <= shift <= _HANGING[1]
        and -0.5 <= gap <= 0.8
        and _reaches(last, block)
        and shape_of(block, heading=False).kind == "text"
    )


def _reaches(last: TextBlock, block: TextBlock) -> bool:
    """Tell whether the last line of a block is as long as the lines of the block that follows."""
    right = max(line.box.x1 for line in block.lines)
    return last.lines[-1].box.x1 >= right - last.lines[-1].size


def _closes_title(last: TextBlock, block: TextBlock) -> bool:
    """Tell whether a title in brackets that is open at the end of `last` ends with `block`."""
    opening = last.text[:1]
    closing = constructs().pairs.get(opening)
    if closing is None or len(last.text) + len(block.text) > constructs().longest_title:
        return False
    if last.text.count(opening) <= last.text.count(closing) or not block.text.endswith(closing):
        return False
    if last.lines[0].bold != block.lines[0].bold or parse_label(block.text) is not None:
        return False
    whole = last.text + block.text
    return (
        not ends_sentence(last.text)
        and whole.count(opening) == whole.count(closing)
        and 0 <= block.page - last.lines[-1].box.page <= 1
    )


def _parted(flow: Sequence[Block]) -> list[Block]:
    """Part paragraphs before a line that has the shape of titles or bodies of this document."""
    usual = Counter(
        _class(shape_of(block, heading=False))
        for block in flow
        if isinstance(block, TextBlock) and len(block.lines) == 1
    )
    known = {key for key, count in usual.items() if key and count >= _LEAST}
    parted: list[Block] = []
    for block in flow:
        if isinstance(block, TextBlock) and len(block.lines) > 1 and not block.role:
            for part in _at_indents(block):
                parted += _at_lines(part, known) if len(part.lines) > 1 else [part]
        else:
            parted.append(block)
    return parted


def _class(shape: Shape) -> str:
    return f"{shape.kind} {shape.key}" if shape.kind in {"wrapped", "bodies", "head"} else ""


def _at_indents(block: TextBlock) -> list[TextBlock]:
    """Part a paragraph where a line after a full stop is indented as its first line is.

    The last line of a paragraph may be as long as the others: then only the indent tells.
    """
    first, size = block.lines[0].box.x0, block.size
    body = min(line.box.x0 for line in block.lines[1:])
    if not size or first - body < _INDENT * size:
        return [block]
    starts = [0]
    for at in range(1, len(block.lines)):
        line = block.lines[at]
        if abs(line.box.x0 - first) <= 0.2 * size and ends_sentence(block.lines[at - 1].text):
            starts.append(at)
    return _cut(block, starts)


def _cut(block: TextBlock, starts: Sequence[int]) -> list[TextBlock]:
    """Cut a paragraph before the lines `starts`; whole where its lines do not make up its text."""
    if len(starts) == 1:
        return [block]
    parts = [
        _lines_as_block(block, block.lines[start:end])
        for start, end in zip(starts, [*starts[1:], len(block.lines)], strict=True)
    ]
    if "".join("".join(part.text.split()) for part in parts) != "".join(block.text.split()):
        return [block]
    return [*parts[:-1], replace(parts[-1], open_end=block.open_end)]


def _at_lines(block: TextBlock, known: set[str]) -> list[Block]:
    """Part a paragraph around the lines of its own that are titles or bodies."""
    own: list[int] = []
    for at in range(len(block.lines)):
        if at == 0:
            begins = _is_title_above_item(block)
        else:
            begins = (
                ends_sentence(block.lines[at - 1].text)
                or at - 1 in own
                or _is_title_below_heading(block, at)
            )
        if begins and _class(shape_of(_alone(block.lines[at]), heading=False)) in known:
            own.append(at)
    if not own:
        return [block]
    starts = sorted({0, *own, *(at + 1 for at in own if at + 1 < len(block.lines))})
    return list(_cut(block, starts))


def _is_title_above_item(block: TextBlock) -> bool:
    """Tell whether a paragraph is a title in brackets with an item or a part on the line below."""
    below = block.lines[1]
    return shape_of(_alone(block.lines[0]), heading=False).kind == "wrapped" and (
        parse_label(below.text) is not None
        or shape_of(_alone(below), heading=False).kind in {"wrapped", "bodies"}
    )


def _is_title_below_heading(block: TextBlock, at: int) -> bool:
    """Tell whether the last line of a short numbered paragraph is a title in brackets.

    「（１）取締体制の構築⏎（協定等を活用した情報交換）」 where titles stand in brackets elsewhere.
    """
    label = parse_label(block.text)
    return (
        at == len(block.lines) - 1 <= 2
        and label is not None
        and label.kind != "bullet"
        and block.lines[at - 1].text[-1:] not in "、，"
        and shape_of(_alone(block.lines[at]), heading=False).kind == "wrapped"
    )


def _lines_as_block(block: TextBlock, lines: tuple[Line, ...]) -> TextBlock:
    text = lines[0].text
    for line in lines[1:]:
        text = join_text(text, line.text)
    return replace(block, text=text, lines=lines, open_end=False)


def _alone(line: Line) -> TextBlock:
    return TextBlock(line.text, (line,))
