"""How well the outline agrees with the document's own contents page (目次).

The contents page is an independent witness: an entry whose words stand in the body must be found
as a heading, on the page that the entry names.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from shisaku.ingest.model import Measure, Page, Section
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.structure.outline.toc import Entry
from shisaku.ingest.text.fold import fold
from shisaku.ingest.text.numerals import parse_number

# A contents page sets its numbers at a tab, which leaves no space: １はじめに.
_NUMBER = re.compile(r"^[0-9]{1,2}(?=[^0-9.,年月日時度つ個件人年次種型号])")

_MOST = 2000
"""Entries that are looked for, each through the whole text; the longest contents of a white paper
have some hundreds."""


@dataclass(frozen=True)
class Agreement:
    """Counts of contents entries: all, those whose words stand in the body, those found there.

    `missing` are the entries of the second count that the third one lacks.
    """

    entries: int
    in_body: int
    matched: int
    missing: tuple[str, ...] = ()


def entry_key(title: str) -> str:
    """Give what an entry and its heading have in common: the words without label and dots."""
    key = fold(title).strip(".…‥・")
    label = parse_label(title.strip())
    bare = fold(title.strip()[label.end :]).strip(".…‥・") if label else _NUMBER.sub("", key)
    return bare if len(bare) >= 2 else key


def compare(
    entries: Sequence[Entry], headings: Sequence[Section | Measure], pages: Sequence[Page]
) -> Agreement:
    """Give the agreement of contents entries with the outline; `pages` are without contents."""
    if not entries:
        return Agreement(0, 0, 0)
    entries = entries[:_MOST]
    texts = {page.number: _page_text(page) for page in pages}
    found: dict[str, set[int]] = {}
    for heading in headings:
        for words in (f"{heading.label} {heading.title}", heading.title):
            found.setdefault(entry_key(words), set()).add(heading.page)
    shift = _shift(entries, texts)
    labels: dict[str, set[int]] = {}
    for page in pages:
        if page.label:
            labels.setdefault(_page_key(page.label), set()).add(page.number)
    in_body = matched = 0
    missing = []
    for entry in entries:
        key = entry_key(entry.title)
        places = {number for number, text in texts.items() if key in text}
        if not key or not places:
            continue
        in_body += 1
        wanted = _pages_of(entry, labels, shift) & set(texts)
        where = found.get(key, set())
        if where & wanted if wanted else where:
            matched += 1
        else:
            missing.append(entry.title)
    return Agreement(len(entries), in_body, matched, tuple(missing))


def _page_text(page: Page) -> str:
    return "".join(fold(block.text) for block in page.blocks)


def _page_key(label: str) -> str:
    return fold(label).strip("-‐–—()[]p.頁")


def _pages_of(entry: Entry, labels: dict[str, set[int]], shift: int | None) -> set[int]:
    number = parse_number(_page_key(entry.page))
    if shift is None:
        return set() if number is not None else set(labels.get(_page_key(entry.page), ()))
    wanted = set(labels.get(_page_key(entry.page), ()))
    if number is not None:
        wanted.add(number + shift)
    return wanted


def _shift(entries: Sequence[Entry], texts: dict[int, str]) -> int | None:
    """Give how far printed page numbers are from positions in the file, by majority."""
    votes: Counter[int] = Counter()
    for entry in entries:
        number = parse_number(_page_key(entry.page))
        key = entry_key(entry.title)
        places = [page for page, text in texts.items() if len(key) >= 4 and key in text]
        if number is not None:
            votes.update(page - number for page in places)
    # In another print of the document the pages differ from those that it names.
    best = votes.most_common(1)[0] if votes else (0, 0)
    return best[0] if best[1] * 2 > len(entries) else None
