"""Articles of laws and rules (条): their labels and captions, and what within them heads nothing.

Laws are drafted by fixed rules: an article's caption stands above it in brackets, its paragraphs
(項: ２) and items (号: 一, イ) are numbered. Trap: the items of a definition are as short as
headings, and text stands below them.
"""

import re
from collections.abc import Mapping, Sequence

from shisaku.ingest.model import Block, TextBlock
from shisaku.ingest.structure.outline.headings import Heading
from shisaku.ingest.text.numerals import NUMERAL

_ARTICLE = re.compile(rf"第{NUMERAL}条(?:の{NUMERAL})*")
_ITEMS = {"kanji", "number", "paren", "closed", "kana", "paren_kana", "paren_latin", "circled"}
"""Labels of what an article consists of."""


def split_article(block: TextBlock) -> str | None:
    """Give the label of an article (第一条) with which a paragraph of a law begins, else None."""
    match = _ARTICLE.match(block.text.strip())
    if match is None:
        return None
    rest = block.text.strip()[match.end() :]
    return match.group() if rest[:1] in {"", "\u3000", " ", "（", "("} else None


def is_article_caption(block: TextBlock) -> bool:
    """Tell whether a block is the caption that a law prints above an article: （目的）."""
    text = block.text.strip()
    return len(text) <= 60 and text[:1] in "（(" and text[-1:] in "）)"


def count_articles(flow: Sequence[Block]) -> int:
    """Give how many paragraphs begin with the label of an article."""
    return sum(isinstance(b, TextBlock) and split_article(b) is not None for b in flow)


def without_items(flow: Sequence[Block], headings: Mapping[int, Heading]) -> dict[int, Heading]:
    """Give `headings` without the captions and the items of articles, set as the article is."""
    kept: dict[int, Heading] = {}
    article: TextBlock | None = None
    for at, block in enumerate(flow):
        heading = headings.get(at)
        if heading is not None and heading.label is None and is_article_caption(heading.block):
            continue
        if heading is None:
            if isinstance(block, TextBlock) and split_article(block) is not None:
                article = block
        elif article is None or heading.kind not in _ITEMS or not _is_set_as(block, article):
            kept[at] = heading
            article = None
    return kept


def _is_set_as(block: Block, article: TextBlock) -> bool:
    return (
        isinstance(block, TextBlock)
        and block.role not in {"heading", "title"}
        and block.bold == article.bold
        and abs(block.size - article.size) <= 0.3
    )
