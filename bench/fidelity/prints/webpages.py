"""Headings of web pages against their markup, articles of laws against their text.

Both are read with lxml and a pattern of their own; the parser's reader has no part in it.
"""

import re
from collections import Counter
from pathlib import Path
from typing import Any

from lxml import html

from bench.corpus import key
from bench.fidelity.gold import Score, compare
from shisaku.ingest.model import Document

_NUMERAL = "[〇一二三四五六七八九十百千0-9０-９]+"
# At the very start of a line: a paragraph that begins by citing an article is indented.
_ARTICLE = re.compile(rf"^(第{_NUMERAL}条(?:の{_NUMERAL})*)(?=[\s\u3000（(]|$)", re.MULTILINE)
_HEADINGS = (
    "//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6"
    " or @role='heading'][normalize-space()]"
)


def compare_headings(path: Path, document: Document) -> Score:
    """Compare headings (words, level) of a page's markup with the document's sections.

    The level is the tag's or aria-level; where a role=heading states none, any will do.
    """
    tree: Any = html.fromstring(path.read_bytes())
    wanted: list[tuple[str, int | None]] = []
    for node in tree.xpath(_HEADINGS):
        by_tag = node.tag[1:] if re.fullmatch("h[1-6]", node.tag) else ""
        stated = node.get("aria-level") or by_tag
        wanted.append((key(node.text_content()), int(stated) if stated else None))
    free = Counter(words for words, level in wanted if level is None)
    found: list[tuple[str, int | None]] = []
    for section in document.sections:
        words = key(section.label + section.title)
        if free[words] > 0 and (words, section.level) not in wanted:
            free[words] -= 1
            found.append((words, None))
        else:
            found.append((words, section.level))
    return compare(found, wanted)


def compare_articles(path: Path, document: Document) -> Score:
    """Compare the numbers of a law's articles, supplementary provisions and all, with sections."""
    tree: Any = html.fromstring(path.read_bytes().decode("cp932"))
    for node in tree.xpath("//script | //style"):
        node.drop_tree()
    for node in tree.xpath("//br"):
        node.tail = "\n" + (node.tail or "")
    wanted = _ARTICLE.findall(tree.text_content())
    found = [s.label for s in document.sections if _ARTICLE.match(s.label)]
    return compare(found, wanted)
