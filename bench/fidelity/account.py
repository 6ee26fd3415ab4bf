"""Is everything there once? The characters that a PDF prints against those that its parse holds.

Independent of the ledger in the parsed document: the print comes from pdfplumber, furniture is
told by rules of its own (`furniture`), and of the parse only what a reader of the JSON gets counts.
"""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bench.corpus import key
from bench.fidelity.chars import PrintedLine, PrintedPage, lines
from bench.fidelity.linear import pieces
from shisaku.ingest.model import Document

# Glyphs that fonts share: /ActualText or the font decides which of them a reader gets.
_SAME = str.maketrans({"‧": "・", "\u0336": "―", "—": "―", "─": "―", "˗": "-", "−": "-"})
_LEADERS = re.compile(r"[.…‥・･]{6,}")
_CONTENTS = re.compile("目次|もくじ|(?i:contents)")
_NUMBER = re.compile(
    r"[-‐–—―(\[<]*(?:[0-9]{1,4}|[ivxlc]{1,6}|[IVXLC]{1,6})(?:/[0-9]+)?[-‐–—―)\]>]*"
)
# What heads the columns of a table of measures; the parsed fields bear names of their own.
_COLUMNS = {
    "施策名", "具体的施策", "施策", "省庁名", "担当府省庁", "関係省庁", "担当省庁", "所管",
    "実施状況", "進捗", "進捗状況", "取組", "取組の内容",
}  # fmt: skip


@dataclass(frozen=True)
class Account:
    """Visible characters of a document: all, those nowhere in its parse, those only there."""

    visible: int
    lost: int
    invented: int
    examples: tuple[str, ...] = ()
    """The characters of both, most frequent first."""

    @property
    def share(self) -> float:
        """Lost and invented characters over all."""
        return (self.lost + self.invented) / max(self.visible, 1)


def settle(document: Document, pages: Sequence[PrintedPage]) -> Account:
    """Weigh the print against the parse.

    Furniture may be missing in the parse, nothing else. A title may come from elsewhere than the
    page (the file's own metadata), so it accounts for what is printed but invents nothing.
    """
    title, *rest = pieces(document)
    shown = Counter(_plain("".join(page.words() for page in pages)))
    parse = Counter(_plain("".join(key(piece.text) for piece in rest) + _ruby(document)))
    once = list(pieces(document, repeats=False))[1:]
    least = Counter(_plain("".join(key(piece.text) for piece in once) + _ruby(document)))
    lost = shown - parse - furniture(pages) - Counter(_plain(key(title.text)))
    if any(passage.type == "status_item" for passage in document.passages):
        lost -= _column_heads(pages)
    invented = least - shown
    # What is struck out, and heads of tables that return within a page, are furniture, which
    # nothing else than the parser's own account tells.
    apart = sum(document.ledger.get(kind, 0) for kind in ("deleted", "table_heads"))
    examples = [
        f"{sign}{char}×{count}"
        for sign, bag in (("−", lost), ("+", invented))
        for char, count in bag.most_common(10)
    ]
    # The parser reads /ActualText, which names what a glyph without a character shows.
    unknown = sum(page.unknown for page in pages)
    return Account(
        shown.total(),
        max(0, lost.total() - apart),
        max(0, invented.total() - unknown),
        tuple(examples),
    )


def _ruby(document: Document) -> str:
    """Return the readings that stand beside the text of passages, where the document keeps them."""
    readings = (ruby for p in document.passages for ruby in getattr(p, "ruby", None) or ())
    return "".join(key(str(reading)) for *_, reading in readings)


def _plain(text: str) -> str:
    return text.translate(_SAME)


def is_horizontal(pages: Sequence[PrintedPage]) -> bool:
    """Return whether most characters are drawn to the right of the last one, not below it."""
    right = below = 0
    for page in pages:
        chars = [char for char in page.chars if char["text"].strip()]
        for last, char in itertools.pairwise(chars):
            size = max(char["size"], 1.0)
            same_row = abs(last["top"] - char["top"]) < 0.4 * size
            same_column = abs(last["x0"] - char["x0"]) < 0.4 * size
            right += same_row and 0 < char["x0"] - last["x0"] < 3 * size
            below += same_column and 0 < char["top"] - last["top"] < 3 * size
    return right > below


def furniture(pages: Sequence[PrintedPage]) -> Counter[str]:
    """Return the characters of page numbers, running heads, contents pages, returning table heads.

    Page numbers stand alone in the margin. A running head returns at its place on three pages or
    on most; where most pages have a line at one height of the margin, it may change with the
    chapter and so stand on two. A contents page has three lines with leaders, or two and follows
    another; a table's head returns in the upper third of a page.
    """
    bag: Counter[str] = Counter()
    contents = contents_pages(pages)
    body = [page for page in pages if page.number not in contents]
    for page in pages:
        if page.number in contents:
            bag.update(_plain(page.words()))
    found = {page.number: lines(page) for page in body}
    margins = {
        page.number: [line for line in found[page.number] if _in_margin(line, page)]
        for page in body
    }
    places = Counter(
        place for lines_ in margins.values() for place in {_place(line) for line in lines_}
    )
    slots = Counter(
        height for lines_ in margins.values() for height in {_height(line) for line in lines_}
    )
    least = min(3, max(2, round(len(body) * 0.6)))
    heads: set[tuple[str, int]] = set()
    for page in body:
        taken = set()
        for line in margins[page.number]:
            count = places[_place(line)]
            in_slot = slots[_height(line)] >= 0.6 * len(body) and len(body) >= 4
            if _NUMBER.fullmatch(line.text) or count >= least or (in_slot and count >= 2):
                bag.update(_plain(line.text))
                taken.add(line)
        rows = {
            (line.text, round(line.x0 / 3))
            for line in found[page.number]
            if line.top < page.height / 3 and line not in taken
        }
        bag.update(_plain("".join(text for text, _ in rows & heads)))
        heads |= rows
    return bag


def _column_heads(pages: Sequence[PrintedPage]) -> Counter[str]:
    texts = (line.text for page in pages for line in lines(page) if line.text in _COLUMNS)
    return Counter("".join(texts))


def contents_pages(pages: Sequence[PrintedPage]) -> set[int]:
    """Return the numbers of the pages with leaders, from the one headed 目次 on.

    Definitions may have leaders, too, but no such heading.
    """
    found: set[int] = set()
    begun = False
    for page in pages:
        words = page.words()
        begun = begun or bool(_CONTENTS.search(words))
        count = len(_LEADERS.findall(words))
        if begun and (count >= 3 or (count == 2 and page.number - 1 in found)):
            found.add(page.number)
    return found


def _in_margin(line: PrintedLine, page: PrintedPage) -> bool:
    return not (
        0.12 * page.height < line.top < 0.88 * page.height
        and 0.07 * page.width < line.x0 < 0.93 * page.width
    )


def _place(line: PrintedLine) -> tuple[str, int]:
    return re.sub("[0-9]+", "0", line.text), _height(line)


def _height(line: PrintedLine) -> int:
    return round(line.top / 6)
