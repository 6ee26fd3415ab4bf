"""The title of a web page: its first heading, or its <title> where that says more."""

import re
from collections.abc import Sequence

from shisaku.ingest.structure.identity.front import Piece
from shisaku.ingest.structure.identity.title import Title
from shisaku.ingest.structure.identity.words import words
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.text.dates import find_dates
from shisaku.ingest.text.fold import fold
from shisaku.ingest.text.joining import join_text

_EDITION_WORDS = re.compile(r"第.{1,3}[次期版]|(?:20[0-9]{2}|(?:平成|令和).{1,3})年")


def title_of_page(pieces: Sequence[Piece], metadata: str | None) -> Title | None:
    """Give the title of a web page: its first heading, or its <title> where that says more."""
    marked = [
        (piece.at, piece.block)
        for piece in pieces
        if not piece.boxed and piece.block.role in {"title", "heading"}
    ]
    whole = Title(_without_site(metadata), where="metadata") if metadata else None
    if not marked:
        return whole
    at, block = marked[0]
    heading = block.text.split("\n")[0].strip()
    label = parse_label(heading)
    if metadata and block.level is None and label is not None and label.value is not None:
        # 第１　趣旨 in bold heads a part of the page.
        return whole
    short, long = fold(heading), fold(metadata or "")
    rest = long.replace(short, "", 1) if short in long else ""
    if metadata and short and rest and (len(short) < 8 or _EDITION_WORDS.search(rest)):
        return Title(_without_site(metadata), (at,), "metadata")
    if metadata and words("title", "generic").fullmatch(short):
        # トピックス heads the first part of a home page, whose <title> has its name.
        return whole
    if len(short) >= 4 or not long:
        return Title(_with_second_lines(block.text), (at,))
    return whole


def _with_second_lines(text: str) -> str:
    """Give the words of a heading of several lines, without the number or date of an act."""
    first, *others = text.split("\n")
    joined = first.strip()
    for line in map(str.strip, others):
        in_brackets = line.startswith(("（", "("))
        if in_brackets and ("号" in line or any(True for _ in find_dates(line))):
            continue
        joined = joined + line if in_brackets else join_text(joined, line)
    return joined


def _without_site(title: str) -> str:
    """Take off the name of the site behind a page's title: 新着情報 | 渋谷区公式サイト."""
    first, mark, rest = title.partition(" | ")
    if not mark:
        first, mark, rest = title.partition("｜")
    return first.strip() if mark and rest.strip() and len(fold(first)) >= 4 else title
