"""One stream of blocks out of pages: paragraphs and tables that run over columns and pages joined.

Lists that a file sets inline (「…した。・次に…」) fall into their items here.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from shisaku.ingest.model import Block, Line, Page, TableBlock, TextBlock
from shisaku.ingest.registry import registry
from shisaku.ingest.structure.outline.label_lines import join_labels
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.structure.passage_lines import lines_of_parts
from shisaku.ingest.structure.tables.page_tables import LongTable
from shisaku.ingest.structure.tables.row_splits import split_rows
from shisaku.ingest.text.blocks import join_blocks
from shisaku.ingest.text.joining import ends_sentence, join_text

# 「A（甲）・B（乙）」 lists names; an item begins after a sentence, or after a space.
_INLINE_ITEM = re.compile(r"(?:(?<=。)|(?<=。[）)])|(?<=[）)])[\s\u3000])[\s\u3000]*(?=・)")

_BANNERS = {"part", "volume", "chapter", "section"}

_END = 4000
"""Characters of a paragraph's end that tell whether it goes on."""


def read_flow(pages: Sequence[Page]) -> list[Block]:
    """Give the blocks of all pages in reading order, joined where they go on.

    Footnotes stand after the text of their page; a paragraph goes on past them.
    """
    flow: list[Block] = []
    notes: list[Block] = []
    pieces: dict[int, list[TextBlock]] = {}
    tables: dict[int, LongTable] = {}
    page_number = 0
    for page in pages:
        fresh = True
        usual = _usual_size(page.blocks)
        for block in page.blocks:
            if isinstance(block, TextBlock) and block.role == "footnote":
                notes.append(block)
                continue
            last = flow[-1] if flow else None
            if fresh and isinstance(last, TableBlock):
                at = len(flow) - 1
                table = tables[at] if at in tables else LongTable(last)
                tables[at] = table
                if table.last_page >= page_number:
                    if isinstance(block, TextBlock) and table.take(block):
                        continue
                    if isinstance(block, TableBlock) and table.continues(block):
                        table.join(block)
                        fresh = False
                        continue
            if isinstance(block, TableBlock):
                block = _banner(block, usual) or block
            if (
                isinstance(last, TextBlock)
                and isinstance(block, TextBlock)
                and _goes_on(last, block)
            ):
                pieces.setdefault(len(flow) - 1, [last]).append(block)
                flow[-1] = _end_of(last, block)
            else:
                if fresh:
                    flow += notes
                    notes = []
                flow.append(block)
            fresh = False
        page_number = page.number
    for at, joined in pieces.items():
        flow[at] = join_blocks(joined)
    for at, table in tables.items():
        flow[at] = table.block()
    usual = _usual_size([block for page in pages for block in page.blocks])
    return list(_split_items([*join_labels(flow, usual), *notes]))


def _usual_size(blocks: Iterable[Block]) -> float:
    """Give the size of most of the text of `blocks`, in points."""
    sizes: Counter[float] = Counter()
    for block in blocks:
        for line in block.lines if isinstance(block, TextBlock) else ():
            sizes[line.size] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size), default=0.0)


def _banner(table: TableBlock, usual: float) -> TextBlock | None:
    """Give the heading that a coloured band makes look like a table of one row: 第１章 | 総論.

    A number alone before it is not enough: it must be set larger than the text, of size `usual`.
    """
    blocks = [block for cell in table.cells for block in cell.blocks]
    text = "\u3000".join(block.text for block in blocks)
    label = parse_label(text)
    if (
        table.rows > 1 or not 1 <= len(blocks) <= 2 or table.caption or len(text) > 60
        or label is None or not text[label.end :].strip() or ends_sentence(text)
    ):  # fmt: skip
        return None
    alone = len(blocks) == 2 and blocks[0].text.strip() == label.text and label.value is not None
    large = usual > 0 and min(block.size for block in blocks) >= 1.15 * usual
    if label.kind not in _BANNERS and not (alone and large):
        return None
    lines = tuple(line for block in blocks for line in block.lines)
    return TextBlock(text, lines)


def table_lines(table: TableBlock) -> Iterator[Line]:
    """Yield the lines of a table's cells."""
    for cell in table.cells:
        for block in cell.blocks:
            yield from block.lines


def _goes_on(last: TextBlock, block: TextBlock) -> bool:
    """Tell whether a text goes on in the next column or on the next page."""
    if last.role or block.role or last.centered or block.centered or not last.text:
        return False
    before, after = last.lines[-1], block.lines[0]
    if before.size == 0 or abs(before.size - after.size) > 0.5 or before.bold != after.bold:
        return False
    moved = after.box.page == before.box.page + 1 or (
        after.box.page == before.box.page and after.box.top < before.box.top - before.size
    )
    if moved and ends_sentence(last.text) and _is_charge(block):
        return not _is_charge(last) and _is_wide_enough(last)
    if not moved or not last.open_end or ends_sentence(last.text):
        return False
    if (parse_label(block.text) and block.indent > 0.5) or _opens(block):
        return False
    return block.indent <= max(last.indent, 0.8) and _is_wide_enough(last)


def _is_charge(block: TextBlock) -> bool:
    """Tell whether a block is a list of ministries in brackets at the column's edge, no more.

    It says who is in charge of what the paragraph above tells.
    """
    if block.indent > 0.5 or len(block.text) > 200 or block.text[:1] not in tuple("（(【〔["):
        return False
    found = registry().find_trailing_list(block.text.strip())
    return found is not None and found[1] == 0


def _opens(block: TextBlock) -> bool:
    """Tell whether a block shows the indent of a paragraph's first line.

    What goes on from another page is set without one: all its lines begin at one place.
    """
    rest = [line.box.x0 for line in block.lines[1:]]
    return bool(rest) and block.lines[0].box.x0 - min(rest) > 0.7 * block.size


def _is_wide_enough(block: TextBlock) -> bool:
    """Tell a line of text from a label or a heading, which may end near the edge as well."""
    width = block.lines[-1].box.x1 - block.lines[0].box.x0
    return len(block.lines) > 1 or width > 15 * block.size


def _end_of(first: TextBlock, second: TextBlock) -> TextBlock:
    """Give what `_goes_on` asks of two blocks that are joined: the end of their text and lines.

    A paragraph may run over hundreds of pages; joined at each, it would be copied as often.
    """
    return replace(
        first,
        text=join_text(first.text, second.text)[-_END:],
        lines=(*first.lines[-2:], *second.lines[-2:]),
        open_end=second.open_end,
    )


def _split_items(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, TableBlock):
            block = split_rows(block)
        if isinstance(block, TextBlock):
            yield from split_items(block)
        elif not any(_may_split(text) for cell in block.cells for text in cell.blocks):
            yield block
        else:
            cells = tuple(
                replace(cell, blocks=tuple(part for b in cell.blocks for part in split_items(b)))
                for cell in block.cells
            )
            yield replace(block, cells=cells)


def split_items(block: TextBlock) -> list[TextBlock]:
    """Give the items of a paragraph that holds a whole list set inline, else the paragraph."""
    if not _may_split(block):
        return [block]
    parts = [part.strip() for part in _INLINE_ITEM.split(block.text)]
    if len(parts) == 1:
        return [block]
    lines = lines_of_parts(parts, block.lines)
    return [
        replace(block, text=part, lines=own, open_end=False)
        for part, own in zip(parts, lines, strict=True)
        if part
    ]


def _may_split(block: TextBlock) -> bool:
    return block.text.startswith("・")
