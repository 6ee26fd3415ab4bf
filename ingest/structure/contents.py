"""Contents pages (目次): recognised, kept out of the text, their entries kept for comparison.

An entry is a title, leaders or a wide gap, and a page. Trap: a paragraph may end in a number, so
entries count only in company: under the heading 目次, or several in a row.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.model import Block, Page, TextBlock
from ingest.text.fold import fold

_HEADING = re.compile(r"(?:目次|もくじ|contents|tableofcontents)")
_LEADERS = re.compile(
    r"^(?P<title>.*?)[\s\u3000]*(?:[.．…‥・･·‐\-‑–—―─_]{1,2}[\s\u3000]*){3,}"
    r"(?P<page>[A-Za-z]?[-‐–(（]?[0-9０-９]{1,4}[-‐–)）]?|[ivxlcⅰ-ⅻ]{1,6})?[\s\u3000]*$"
)
_GAP = re.compile(
    r"^(?P<title>.*\S)[\s\u3000]+(?P<page>[-‐–(（P.p]*[0-9０-９]{1,4}[-‐–)）]?|[ivxlc]{1,6})$"
)


@dataclass(frozen=True)
class Entry:
    """An entry of a contents page: the title as printed and the page it names ("" for none)."""

    title: str
    page: str


@dataclass(frozen=True)
class Contents:
    """The entries of a document's contents pages and the texts that made them up."""

    entries: tuple[Entry, ...]
    texts: tuple[str, ...]


def parse_entry(text: str, *, gap: bool = False) -> Entry | None:
    """Give the entry that a line is: by its leaders or, with `gap`, by white space alone."""
    match = _LEADERS.match(text) or (_GAP.match(text) if gap else None)
    if match is None or not (match["title"] or match["page"]):
        return None
    return Entry(match["title"].strip(), match["page"] or "")


def take_contents(pages: Sequence[Page]) -> tuple[list[Page], Contents]:
    """Give the pages without their contents entries, and the entries."""
    entries: list[Entry] = []
    texts: list[str] = []
    kept: list[Page] = []
    inside = False
    for page in pages:
        blocks = list(page.blocks)
        heading = next((at for at, block in enumerate(blocks) if _is_heading(block)), None)
        start = heading + 1 if heading is not None else 0
        found = [_entry(block, inside or heading is not None) for block in blocks[start:]]
        count = sum(entry is not None for entry in found)
        inside = count >= 3 and (
            heading is not None or inside or count >= 0.6 * max(len(found), 1)
        )
        if not inside:
            kept.append(page)
            continue
        last = max(at for at, entry in enumerate(found) if entry is not None)
        if heading is not None:
            texts.append(_text(blocks[heading]))
        before = ""
        for block, entry in zip(blocks[start : start + last + 1], found, strict=False):
            texts.append(_text(block))
            if entry is None:
                before = _text(block)
                continue
            entries.append(Entry(before + entry.title, entry.page))
            before = ""
        rest = (*blocks[: heading if heading is not None else 0], *blocks[start + last + 1 :])
        kept.append(_with_blocks(page, rest))
        inside = start + last + 1 == len(blocks)
    return kept, Contents(tuple(entries), tuple(texts))


def _with_blocks(page: Page, blocks: tuple[Block, ...]) -> Page:
    return Page(page.number, page.width, page.height, blocks, page.label, page.furniture)


def _text(block: Block) -> str:
    return block.text if isinstance(block, TextBlock) else "\n".join(
        cell.text for cell in block.cells
    )


def _is_heading(block: Block) -> bool:
    return isinstance(block, TextBlock) and bool(_HEADING.fullmatch(fold(block.text)))


def _entry(block: Block, gap: bool) -> Entry | None:
    if not isinstance(block, TextBlock) or len(block.text) > 200:
        return None
    return parse_entry(block.text, gap=gap)
