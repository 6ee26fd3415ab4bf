"""Slides: one slide, one section, titled by the large line at its head.

A deck is told by its shape and its type alone: pages lie, hold few lines in large letters, and most
begin with one that is larger still. Within a slide size means emphasis, so nothing else heads.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from shisaku.ingest.model import Block, Line, Page, TableBlock, TextBlock
from shisaku.ingest.structure.flow import table_lines
from shisaku.ingest.structure.outline.headings import Heading
from shisaku.ingest.text.fold import fold
from shisaku.ingest.text.joining import ends_sentence, join_texts

_SHAPES = (1.2, 1.95)
"""Width over height: from 4:3 and A4 lying to 16:9."""

_LEAST_TYPE = 0.018
"""Size of most letters over the height of the page: 10 points on the usual slide of 540. A sheet
that lies and is set as a text has smaller ones (10.5 points on A4)."""

_MOST_LINES = 40
_HEAD = 0.2
"""Share of the page's height at its top within which a title begins."""

_LARGER = 1.1
_LONGEST = 80
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_PART = re.compile(r"(?:[(](?:続き?|つづき|その)?[0-9]*(?:/[0-9]+)?[)]|[0-9]+/[0-9]+)$")


@dataclass(frozen=True)
class Slides:
    """The titles of a deck's slides by page, and the positions of their blocks in the flow."""

    titles: Mapping[int, Heading]
    blocks: frozenset[int]
    bare: frozenset[int]
    """Pages that hold nothing but their title."""

    def continues(self, page: int, title: str) -> bool:
        """Tell whether a slide goes on with the one titled `title`: （2/2） and （続き） apart."""
        here = self.titles.get(page)
        return here is not None and _stem(here.text) == _stem(title)


def find_slides(
    pages: Sequence[Page], flow: Sequence[Block], taken: Iterable[int]
) -> Slides | None:
    """Give the slides of a deck, None for any other document.

    `taken` are the positions in `flow` of what is already known, such as the document's title.
    """
    heights = {page.number: page.height for page in pages if _lies(page)}
    if len(pages) < 3 or len(heights) < 0.8 * len(pages):
        return None
    known = set(taken)
    by_page: dict[int, list[int]] = defaultdict(list)
    for at, block in enumerate(flow):
        by_page[page_of(block)].append(at)
    titles: dict[int, Heading] = {}
    places: set[int] = set()
    bare: set[int] = set()
    filled = small = 0
    counts: list[int] = []
    for number, at_page in by_page.items():
        height = heights.get(number)
        if height is None:
            continue
        set_ = [line for at in at_page for line in _lines(flow[at])]
        usual = _usual(set_)
        counts.append(len(set_))
        filled += 1
        small += usual < _LEAST_TYPE * height
        # The slide that says what the document is has no other title.
        run = _title(flow, at_page, height) if known.isdisjoint(at_page) else []
        if run:
            blocks = [block for at in run if isinstance(block := flow[at], TextBlock)]
            titles[number] = _heading(blocks)
            places.update(run)
            if len(run) == len(at_page):
                bare.add(number)
    if filled < 3 or 2 * small >= filled or median(counts) > _MOST_LINES:
        return None
    # The first slide may hold the document's title and no other.
    if len(titles) < 0.5 * (filled - bool(known)):
        return None
    return Slides(titles, frozenset(places), frozenset(bare))


def page_of(block: Block) -> int:
    """Give the page on which a block begins."""
    return block.page if isinstance(block, TextBlock) else block.box.page


def _lies(page: Page) -> bool:
    return page.height > 0 and _SHAPES[0] <= page.width / page.height <= _SHAPES[1]


def _lines(block: Block) -> Iterator[Line]:
    yield from table_lines(block) if isinstance(block, TableBlock) else block.lines


def _usual(lines: Sequence[Line]) -> float:
    """Give the size of the letter in the middle, in points."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    half = sizes.total() / 2
    for size, count in sorted(sizes.items()):
        half -= count
        if half <= 0:
            return size
    return 0.0


def _title(flow: Sequence[Block], places: Sequence[int], height: float) -> list[int]:
    """Give the positions of a slide's title: the largest line at its head, or all that it says."""
    able = [(at, block) for at in places if isinstance(block := flow[at], TextBlock)]
    head = [(at, block) for at, block in able if block.lines[0].box.top <= _HEAD * height]
    alone = _run(able, able[0]) if able else []
    if alone and len(alone) == len(places):
        said = any(ends_sentence(block.text) for at, block in able if at in alone)
        return [] if said else alone
    if not head:
        return []
    run = _run(head, max(head, key=lambda each: (each[1].size, -each[1].lines[0].box.top)))
    rest = _usual([line for at in places if at not in run for line in _lines(flow[at])])
    sizes = [line.size for at in run[:1] for line in _lines(flow[at])]
    return run if sizes and sizes[0] >= _LARGER * rest else []


def _run(blocks: Sequence[tuple[int, TextBlock]], start: tuple[int, TextBlock]) -> list[int]:
    """Give the positions of `start` and the lines of its size close below it, if they are short."""
    run = [start]
    for at, block in blocks:
        last, first = run[-1][1], start[1]
        gap = block.lines[0].box.top - last.lines[-1].box.bottom
        if at > start[0] and abs(block.size - first.size) <= 0.5 and abs(gap) <= first.size:
            run.append((at, block))
    text = "".join(block.text for _, block in run)
    short = len(text) <= _LONGEST and sum(len(block.lines) for _, block in run) <= 3
    return [at for at, _ in run] if short and any(map(str.isalpha, text)) else []


def _heading(blocks: Sequence[TextBlock]) -> Heading:
    text = join_texts(piece.strip() for block in blocks for piece in block.text.split("\n"))
    return Heading(blocks[0], text, None, blocks[0].size, blocks[0].bold, depth=1)


def _stem(title: str) -> str:
    # Folded, ② would be the 2 of a year.
    return _PART.sub("", fold(title.strip().rstrip(_CIRCLED)))
