"""Second pass over a page: without furniture, column by column, lines become paragraphs."""

import math
from collections.abc import Sequence

from msgspec.structs import replace

from shisaku.ingest.model import Block, Furniture, Line, Page, TableBlock, TextBlock
from shisaku.ingest.pdf.figures.captions import with_captions
from shisaku.ingest.pdf.figures.charts import figure_block
from shisaku.ingest.pdf.first_pass import Content
from shisaku.ingest.pdf.layout.columns import read_columns
from shisaku.ingest.pdf.layout.footnotes import find_rule, is_note_box, split_footnotes
from shisaku.ingest.pdf.layout.furniture import Found
from shisaku.ingest.pdf.layout.items import Figure, Frame, Item
from shisaku.ingest.pdf.layout.paragraphs import make_blocks
from shisaku.ingest.pdf.layout.struck_gaps import join_over_gaps
from shisaku.ingest.pdf.layout.tiers import read_tiers

_RUNNING = 15
"""Em from which a line in a frame is one of running text."""


def make_page(content: Content, found: Found) -> Page:
    """Give a page's blocks in reading order; footnotes and lines set aside come last."""
    kinds = [(line, found.kind(content.on_page(line))) for line in content.lines]
    beside = [(line, found.kind(line)) for line in content.aside]
    furniture = tuple(
        Furniture("page_number" if kind == "page_number" else "running_head", line.text)
        for line, kind in [*kinds, *beside]
        if kind is not None
    )
    if content.struck:
        furniture += (Furniture("deleted", content.struck),)
    if content.watermark:
        furniture += (Furniture("watermark", content.watermark),)
    lines = [line for line, kind in kinds if kind is None]
    body, notes, frames = _part_notes(content, lines)
    items: list[Item] = [*body, *content.tables, *frames, *content.figures]
    blocks: list[Block] = []
    columns = read_tiers(items, content.tiers) if content.tiers else read_columns(items)
    for column in columns:
        blocks += _column_blocks(column.items, column.left, column.right)
    if content.struck:
        blocks = join_over_gaps(blocks)
    blocks = with_captions(blocks, content.captions)
    if notes:
        left = min(line.box.x0 for line in notes)
        right = max(line.box.x1 for line in notes)
        blocks += [replace(block, role="footnote") for block in make_blocks(notes, left, right)]
    if content.turn is not None:
        blocks = [content.turn.block_back(block) for block in blocks]
    top = min((item.box.top for item in items), default=0.0)
    above: list[Block] = []
    for line, kind in beside:
        if kind is None:
            # What stands over all others is read first; below or beside a table it is read last.
            is_above = content.turn is None and line.box.bottom <= top
            (above if is_above else blocks).extend(make_blocks([line], line.box.x0, line.box.x1))
    blocks = above + blocks
    return Page(
        content.number, content.width, content.height, tuple(blocks),
        found.labels.get(content.number), furniture,
    )  # fmt: skip


def _part_notes(
    content: Content, lines: Sequence[Line]
) -> tuple[list[Line], list[Line], list[Frame]]:
    """Give the lines of a page's text, those of its footnotes, and the frames of the text."""
    inner = [line for frame in content.frames for line in frame.lines]
    inner += [line for table in content.tables for cell in table.cells
              for block in cell.blocks for line in block.lines]  # fmt: skip
    body, notes = split_footnotes(lines, find_rule(content.rules, lines, inner))
    if notes:
        return body, notes, [*content.frames]
    last = max(content.frames, key=lambda frame: frame.box.bottom, default=None)
    if last is None:
        return body, notes, []
    own = {id(line) for line in last.lines}
    if is_note_box(last, [line for line in (*lines, *inner) if id(line) not in own]):
        return body, [*last.lines], [frame for frame in content.frames if frame is not last]
    return body, notes, [*content.frames]


def _column_blocks(items: Sequence[Item], left: float, right: float) -> list[Block]:
    blocks: list[Block] = []
    run: list[Line] = []
    # The column's edge is where its text ends, not where a table, a frame or a tab does.
    texts = [item for item in items if isinstance(item, Line)]
    edge = _text_edge(texts, right)
    # What stands above all others (別添１ at the right) is read first, a tab beside them last.
    first = min((item.box.top for item in items if item.box.x0 <= edge), default=0.0)
    above = [line for line in texts if line.box.x0 > edge and line.box.bottom <= first]
    tabs = [line for line in texts if line.box.x0 > edge and line.box.bottom > first]
    blocks += _beyond(above)
    for item in sorted(items, key=lambda item: (item.box.top, item.box.x0)):
        if isinstance(item, Line):
            if item.box.x0 <= edge:
                run.append(item)
            continue
        blocks += make_blocks(run, left, edge)
        run = []
        if isinstance(item, TableBlock):
            blocks.append(item)
        elif isinstance(item, Figure):
            blocks.append(figure_block(item))
        else:
            blocks += _frame_blocks(item)
    return blocks + make_blocks(run, left, edge) + _beyond(tabs)


def _frame_blocks(frame: Frame) -> list[Block]:
    """Give the paragraphs of a frame: running text as on a page, short lines as in a cell."""
    if not any(line.box.x1 - line.box.x0 >= _RUNNING * line.size for line in frame.lines):
        return [*make_blocks(frame.lines, frame.box.x0, frame.box.x1, cell=True)]
    blocks = [
        block
        for column in read_columns(frame.lines)
        for block in _column_blocks(column.items, column.left, column.right)
    ]
    # What stands in a box ends with it.
    return [*blocks[:-1], *(replace(block, open_end=False) for block in blocks[-1:]
                            if isinstance(block, TextBlock))]  # fmt: skip


def _beyond(lines: Sequence[Line]) -> list[TextBlock]:
    """Give the paragraphs of lines that stand beyond the edge of their column."""
    if not lines:
        return []
    x0, x1 = min(line.box.x0 for line in lines), max(line.box.x1 for line in lines)
    return make_blocks(lines, x0, x1, cell=True)


def _text_edge(lines: Sequence[Line], right: float) -> float:
    """Give where the lines of a column end; a few that stand beyond it (a tab) do not count."""
    if len(lines) < 4:
        return max([right, *(line.box.x1 for line in lines)])
    boxes = sorted((line.box for line in lines), key=lambda box: -box.x1)
    beyond, first = 0, math.inf
    for box in boxes[: len(lines) // 4 + 1]:
        while boxes[beyond].x1 > box.x1 + 0.5:
            first = min(first, boxes[beyond].x0)
            beyond += 1
        if beyond and first > box.x1:
            return box.x1
    return boxes[0].x1
