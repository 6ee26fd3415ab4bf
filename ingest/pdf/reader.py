"""Reads a PDF into blocks: glyphs → lines and tables → furniture → columns → paragraphs.

Two passes: lines and tables page by page (pdfplumber's pages are closed at once, they hold much
memory), then what only the whole document shows. Raises `UnreadableError` where there is no text.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ingest import problems
from ingest.model import (
    Block,
    Box,
    Furniture,
    Line,
    Page,
    Problem,
    RawDocument,
    TableBlock,
    TextBlock,
)
from ingest.pdf import defects
from ingest.pdf.cells import read_tables
from ingest.pdf.columns import Frame, Item, read_columns
from ingest.pdf.drawing import DrawnPage, open_drawing
from ingest.pdf.footnotes import find_rule, short_rules, split_footnotes
from ingest.pdf.furniture import Found, PageLines, find_furniture
from ingest.pdf.glyphs import Glyph, is_vertical, read_glyphs, turn
from ingest.pdf.lines import make_lines
from ingest.pdf.paragraphs import make_blocks
from ingest.pdf.typeface import mark_gothic
from ingest.problems import UnreadableError


@dataclass(frozen=True)
class _Content:
    """What the first pass keeps of a page."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    tables: tuple[TableBlock, ...]
    frames: tuple[Frame, ...]
    rules: tuple[float, ...]
    has_image: bool
    vertical: bool
    drawn: Counter[str]
    """The visible characters by how often they are drawn."""


def read_pdf(data: bytes) -> RawDocument:
    """Give the pages of a PDF as blocks in reading order.

    Raises `UnreadableError` for a file that is locked, damaged or without a text layer.
    """
    counts: Counter[str] = Counter()
    warnings: list[Problem] = []
    contents, title = _read_contents(data, counts, warnings)
    visible = sum(len(line.text) for page in contents for line in page.lines) + sum(
        len(cell.text) for page in contents for table in page.tables for cell in table.cells
    ) + sum(len(line.text) for page in contents for frame in page.frames for line in frame.lines)
    if not visible:
        raise UnreadableError(problems.needs_ocr(len(contents)))
    if counts["unmapped_glyphs"] > 0.5 * visible:
        raise UnreadableError(defects.unmapped_text(counts["unmapped_glyphs"]))
    pictures = [page.number for page in contents if page.has_image and not _has_text(page)]
    if pictures:
        warnings.append(defects.pages_without_text(pictures))
    contents = _mark_gothic(contents)
    found = find_furniture([PageLines(page.number, page.height, page.lines) for page in contents])
    pages = tuple(_make_page(page, found) for page in contents)
    counts.update(_account(contents, pages))
    return RawDocument(pages, title=title, problems=tuple(warnings), counts=dict(counts))


def _account(contents: Sequence[_Content], pages: Sequence[Page]) -> Counter[str]:
    """Give how many drawn characters no block holds ("lost"), and the reverse ("invented")."""
    account: Counter[str] = Counter()
    for content, page in zip(contents, pages, strict=True):
        read: Counter[str] = Counter()
        for part in page.furniture:
            read.update(part.text)
        for block in page.blocks:
            texts = [block] if isinstance(block, TextBlock) else [
                text for cell in block.cells for text in cell.blocks
            ]
            for text in texts:
                read.update(text.text)
                read.update("".join(ruby for line in text.lines for _, _, ruby in line.ruby))
        read = Counter({char: count for char, count in read.items() if not char.isspace()})
        account["lost"] += (content.drawn - read).total()
        account["invented"] += (read - content.drawn).total()
    return account


def _has_text(page: _Content) -> bool:
    return bool(page.lines or page.tables or page.frames)


def _mark_gothic(contents: Sequence[_Content]) -> list[_Content]:
    """Count gothic lines as bold in a document that is set in mincho."""
    marked = mark_gothic([page.lines for page in contents])
    return [replace(page, lines=lines) for page, lines in zip(contents, marked, strict=True)]


def _read_contents(
    data: bytes, counts: Counter[str], warnings: list[Problem]
) -> tuple[list[_Content], str | None]:
    contents = []
    broken = []
    with open_drawing(data) as drawing:
        for number, drawn in enumerate(drawing.pages(), start=1):
            if drawn is None:
                broken.append(number)
            else:
                contents.append(_read_page(drawn, number, counts, warnings))
    if not contents:
        raise UnreadableError(problems.truncated("no page can be read"))
    if broken:
        warnings.append(defects.broken_pages(broken))
    return contents, drawing.title


def _read_page(
    page: DrawnPage, number: int, counts: Counter[str], warnings: list[Problem]
) -> _Content:
    width, height = page.width, page.height
    read = read_glyphs(page.chars, width, height)
    counts.update(read.counts)
    counts["actual_text"] += page.replaced
    drawn = Counter(char for g in read.glyphs for char in g.text if not char.isspace())
    glyphs: Sequence[Glyph] = read.glyphs
    edges = page.edges
    vertical = is_vertical(glyphs)
    if vertical:
        glyphs = [turn(glyph, width) for glyph in glyphs]
        edges = [_turn_edge(edge, width) for edge in edges]
        width, height = height, width
    taken = read_tables(glyphs, edges, number, width, height)
    if taken.too_dense:
        warnings.append(defects.too_many_rules(number))
    lines = make_lines(taken.rest, number)
    return _Content(
        number, width, height, tuple(lines), taken.tables, taken.frames,
        short_rules(edges, taken.tables, width, height), page.has_image, vertical, drawn,
    )  # fmt: skip


def _turn_edge(edge: dict[str, Any], width: float) -> dict[str, Any]:
    return {
        **edge,
        "x0": edge["top"], "x1": edge["bottom"],
        "top": width - edge["x1"], "bottom": width - edge["x0"],
        "orientation": "h" if edge["orientation"] == "v" else "v",
    }  # fmt: skip


def _make_page(page: _Content, found: Found) -> Page:
    kinds = [(line, found.kind(line)) for line in page.lines]
    furniture = tuple(
        Furniture("page_number" if kind == "page_number" else "running_head", line.text)
        for line, kind in kinds
        if kind is not None
    )
    lines = [line for line, kind in kinds if kind is None]
    body, notes = split_footnotes(lines, find_rule(page.rules, lines))
    items: list[Item] = [*body, *page.tables, *page.frames]
    blocks: list[Block] = []
    for column in read_columns(items):
        blocks += _column_blocks(column.items, column.left, column.right)
    if notes:
        left = min(line.box.x0 for line in notes)
        right = max(line.box.x1 for line in notes)
        blocks += [replace(block, role="footnote") for block in make_blocks(notes, left, right)]
    if page.vertical:
        blocks = [_turn_block(block, page.height) for block in blocks]
    return Page(
        page.number, page.height if page.vertical else page.width,
        page.width if page.vertical else page.height, tuple(blocks),
        found.labels.get(page.number), furniture,
    )  # fmt: skip


def _column_blocks(items: Sequence[Item], left: float, right: float) -> list[Block]:
    blocks: list[Block] = []
    run: list[Line] = []
    # The column's edge is where its text ends, not where a table or a frame does.
    texts = [item for item in items if isinstance(item, Line)]
    edge = max((line.box.x1 for line in texts), default=right)
    if len(texts) < 4:
        edge = max(edge, right)
    for item in sorted(items, key=lambda item: (item.box.top, item.box.x0)):
        if isinstance(item, Line):
            run.append(item)
            continue
        blocks += make_blocks(run, left, edge)
        run = []
        if isinstance(item, TableBlock):
            blocks.append(item)
        else:
            blocks += make_blocks(item.lines, item.box.x0, item.box.x1, cell=True)
    return blocks + list(make_blocks(run, left, edge))


def _turn_block(block: Block, width: float) -> Block:
    """Turn the boxes of a block back to a vertical page of `width` points."""
    if isinstance(block, TextBlock):
        return _turn_text(block, width)
    cells = tuple(
        replace(
            cell,
            blocks=tuple(_turn_text(text, width) for text in cell.blocks),
            box=_turn_back(cell.box, width) if cell.box else None,
        )
        for cell in block.cells
    )
    return replace(block, cells=cells, box=_turn_back(block.box, width))


def _turn_text(block: TextBlock, width: float) -> TextBlock:
    lines = tuple(replace(line, box=_turn_back(line.box, width)) for line in block.lines)
    return replace(block, lines=lines)


def _turn_back(box: Box, width: float) -> Box:
    return Box(box.page, width - box.bottom, box.x0, width - box.top, box.x1)
