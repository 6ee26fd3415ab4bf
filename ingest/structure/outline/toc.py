"""Contents pages (目次): recognised, kept out of the text, their entries kept for comparison.

An entry is a title, leaders or a wide gap, and a page. Trap: a paragraph may end in a number, so
entries count only in company: under the heading 目次, or several in a row.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shisaku.ingest.model import Block, Page, TextBlock
from shisaku.ingest.text.fold import fold
from shisaku.ingest.text.joining import ends_sentence

_HEADING = re.compile(r"(?:目次|もくじ|contents|tableofcontents)")
_LONGEST_HEADING = len("tableofcontents")
# One flat class: nested repeats take exponential time on a form's dotted blank.
_LEADER = r"[.．…‥・･·‐\-‑–—―─_\s\u3000]"
_IS_LEADER = re.compile(_LEADER)
_LEAST = 3
"""Leaders from which a row of them is one."""
_LONGEST_PAGE = 16
"""Characters that the page of an entry takes at most, by `_LEADERS`."""
_RUN = re.compile(f"{_LEADER}{{{_LEAST}}}")
_LEADERS = re.compile(
    rf"^(?P<title>.*?)(?P<run>{_LEADER}{{3,}}?)"
    r"(?P<page>[-‐–(（]?[\s\u3000]?(?:[一-龥A-Za-zⅠ-Ⅻ]{1,3}[-‐–－])?[A-Za-z]?[0-9０-９]{1,4}\s?[-‐–)）]?"
    r"|[ivxlcⅰ-ⅻ]{1,6})?[\s\u3000]*$"
)
_GAP = re.compile(
    r"^(?P<title>.*\S)[\s\u3000]+(?P<page>[-‐–(（P.p]*[0-9０-９]{1,4}[-‐–)）]?|[ivxlc]{1,6})$"
)
# Laws name articles where books name pages: 第一章　総則（第一条―第三条）, and 附則 at the end.
_ARTICLES = re.compile(
    r"(?P<title>第.+[編章節款目].*?)[\s\u3000]*[（(]第[^（）()]+条[^（）()]*[）)]"
    r"|附[\s\u3000]*則"
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
    """Give the entry that a line is: by its leaders or, with `gap`, by white space alone.

    With `gap` the chapters of a law are entries as well, without a page.
    """
    if gap and (match := _ARTICLES.fullmatch(text.strip())):
        return Entry((match["title"] or text).strip(), "")
    if _RUN.search(text) and (entry := _by_leaders(text)) is not None:
        return entry
    match = _GAP.match(text) if gap else None
    return Entry(match["title"].strip(), match["page"].strip()) if match else None


def _by_leaders(text: str) -> Entry | None:
    """Give the entry that `text` is by the leaders before its page or its end.

    They are looked for from the end, as no more than a page stands behind them. The pattern gets
    only both ends of them: it would take the third power of the length of a row.
    """
    end = len(text.rstrip())
    tail = start = max(0, end - _LONGEST_PAGE)
    while start and _IS_LEADER.match(text, start - 1):
        start -= 1
    left_out = text[start + _LEAST : tail]
    kept = text[start : start + _LEAST] + text[max(start + _LEAST, tail) : end]
    match = _LEADERS.match(kept)
    if match is None:
        return None
    title, leaders = match["title"], match["run"]
    if title:
        title = title[:_LEAST] + left_out + title[_LEAST:]
    else:
        leaders += left_out
    title, page = text[:start] + title, match["page"] or ""
    if "\n" in title:
        return None
    title = title.strip()
    # White space alone before a number parts words.
    enough = len("".join(leaders.split())) >= _LEAST
    return Entry(title, page.strip()) if enough and (title or page) else None


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
        # Entries stand together, from the heading or the top of the page down to the first text.
        end = next((at for at, block in enumerate(blocks[start:]) if _is_text(block)), len(found))
        found = found[:end]
        leaders = sum(
            isinstance(block, TextBlock) and parse_entry(block.text) is not None
            for block in blocks[start : start + end]
        )
        count = sum(entry is not None for entry in found)
        goes_on = inside and (leaders >= 1 or count >= 3)
        inside = goes_on or (
            count >= 3 and (heading is not None or count >= 0.6 * max(len(found), 1))
        )
        if not inside:
            kept.append(page)
            continue
        # Entries without a page may follow the last one with a page, down to the page's foot.
        if start + end < len(blocks):
            end = max(at for at, entry in enumerate(found) if entry is not None) + 1
        end += start
        if heading is not None:
            texts.append(blocks[heading].text)
        texts += [block.text for block in blocks[start:end]]
        entries += _entries(blocks[start:end], found)
        kept.append(_with_blocks(page, (*blocks[: heading or 0], *blocks[end:])))
        inside = end == len(blocks)
    return kept, Contents(tuple(entries), tuple(texts))


def _is_text(block: Block) -> bool:
    """Tell whether a block is text or a table, not a line of contents."""
    if not isinstance(block, TextBlock):
        return True
    if parse_entry(block.text) is not None:
        return False
    return ends_sentence(block.text) or len(block.text) > 120


def _entries(blocks: Sequence[Block], found: Sequence[Entry | None]) -> Iterator[Entry]:
    """Yield the entries; a line without a page begins a long entry or is one without a page."""
    before = ""
    for block, entry in zip(blocks, found, strict=False):
        if entry is not None:
            yield Entry(before + entry.title, entry.page)
            before = ""
        elif isinstance(block, TextBlock):
            if block.open_end:
                before += block.text
            elif len(block.text) <= 80:
                yield Entry(before + block.text.strip(), "")
                before = ""


def _with_blocks(page: Page, blocks: tuple[Block, ...]) -> Page:
    return Page(page.number, page.width, page.height, blocks, page.label, page.furniture)


def _is_heading(block: Block) -> bool:
    if not isinstance(block, TextBlock):
        return False
    words = "".join(block.text.split())
    return len(words) <= _LONGEST_HEADING and bool(_HEADING.fullmatch(fold(words)))


def _entry(block: Block, gap: bool) -> Entry | None:
    if not isinstance(block, TextBlock) or len(block.text) > 200:
        return None
    return parse_entry(block.text, gap=gap)
