"""Reads a PDF into blocks: glyphs → lines and tables → furniture → columns → paragraphs.

Two passes: lines and tables page by page (pdfplumber's pages are closed at once, they hold much
memory), then what only the whole document shows. Raises `UnreadableError` where there is no text.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from shisaku.ingest import problems
from shisaku.ingest.model import Page, Problem, RawDocument, TextBlock
from shisaku.ingest.pdf import defects
from shisaku.ingest.pdf.assembly import make_page
from shisaku.ingest.pdf.drawing import open_drawing
from shisaku.ingest.pdf.first_pass import Content, read_content, visible_chars
from shisaku.ingest.pdf.glyphs.typeface import mark_gothic
from shisaku.ingest.pdf.layout.furniture import find_furniture
from shisaku.ingest.problems import UnreadableError


def read_pdf(data: bytes) -> RawDocument:
    """Give the pages of a PDF as blocks in reading order.

    Raises `UnreadableError` for a file that is locked, damaged or without a text layer.
    """
    counts: Counter[str] = Counter()
    warnings: list[Problem] = []
    contents, title = _read_contents(data, counts, warnings)
    visible = sum(content.drawn.total() for content in contents)
    if not visible:
        raise UnreadableError(problems.needs_ocr(len(contents)))
    contents = _without_unmapped(contents, visible, warnings)
    pictures = [page.number for page in contents if page.has_image and not page.has_text]
    if pictures:
        warnings.append(defects.pages_without_text(pictures))
    marked = mark_gothic([content.lines for content in contents])
    contents = [replace(page, lines=lines) for page, lines in zip(contents, marked, strict=True)]
    found = find_furniture([content.page_lines() for content in contents])
    pages = tuple(make_page(content, found) for content in contents)
    counts.update(_account(contents, pages))
    return RawDocument(pages, title=title, problems=tuple(warnings), counts=dict(counts))


_UNMAPPED = "\N{REPLACEMENT CHARACTER}"
_UNREADABLE = 0.5
"""Part of a page's glyphs above which it is left out if they stand for no character."""
_WORTH_TELLING = 0.01
"""Part of a document's glyphs from which on those that stand for no character are told."""


def _without_unmapped(
    contents: list[Content], visible: int, warnings: list[Problem]
) -> list[Content]:
    """Return the pages, those without their text most glyphs of which stand for no character.

    Raises `UnreadableError` where no page with text is left.
    """
    holes = {page.number: page.drawn[_UNMAPPED] for page in contents if page.drawn[_UNMAPPED]}
    if not holes:
        return contents
    lost = [
        page.number for page in contents if page.drawn[_UNMAPPED] > _UNREADABLE * page.drawn.total()
    ]
    if not any(page.drawn and page.number not in lost for page in contents):
        raise UnreadableError(defects.unmapped_text(sum(holes.values())))
    if lost:
        count = sum(holes[number] for number in lost)
        warnings.append(defects.unmapped_pages(lost, count, left_out=True))
    rest = [number for number in holes if number not in lost]
    count = sum(holes[number] for number in rest)
    if count >= _WORTH_TELLING * (visible - sum(holes[number] for number in lost)):
        warnings.append(defects.unmapped_pages(rest, count, left_out=False))
    return [page.emptied() if page.number in lost else page for page in contents]


def _read_contents(
    data: bytes, counts: Counter[str], warnings: list[Problem]
) -> tuple[list[Content], str | None]:
    contents: list[Content] = []
    broken = []
    with open_drawing(data) as drawing:
        for number, drawn in enumerate(drawing.pages(), start=1):
            if drawn is None:
                broken.append(number)
            else:
                above = contents[-1].last_edges() if contents else ()
                contents.append(read_content(drawn, number, counts, warnings, above))
        if drawing.form:
            warnings.append(defects.form_description())
        if drawing.attachments:
            warnings.append(defects.portfolio(drawing.attachments))
    if not contents:
        raise UnreadableError(problems.truncated("no page can be read"))
    if broken:
        warnings.append(defects.broken_pages(broken))
    return contents, drawing.title


def _account(contents: Sequence[Content], pages: Sequence[Page]) -> Counter[str]:
    """Give how many drawn characters no block holds ("lost"), and the reverse ("invented")."""
    account = Counter(lost=0, invented=0)
    for content, page in zip(contents, pages, strict=True):
        written = [part.text for part in page.furniture]
        for block in page.blocks:
            texts = (
                [block]
                if isinstance(block, TextBlock)
                else [text for cell in block.cells for text in cell.blocks]
            )
            for text in texts:
                written.append(text.text)
                # A hyphen that only divides a word at the end of a line is no loss.
                hyphens = sum(line.text.count("-") for line in text.lines)
                written.append("-" * (hyphens - text.text.count("-")))
                written += [ruby for line in text.lines for _, _, ruby in line.ruby]
        read = visible_chars(written)
        # As on nearly all pages; differences are counted character by character.
        if dict(read) == dict(content.drawn):
            continue
        account["lost"] += (content.drawn - read).total()
        account["invented"] += (read - content.drawn).total()
    return account
