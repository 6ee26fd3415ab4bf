"""The terms that a passage defines: 人身取引とは、…; 二　社会的障壁　…をいう。; rows of glossaries.

Takes a passage's text and cells, gives terms as printed. A query that asks what something is
(`query.definitions`) finds the passages that define it. Trap: とは also compares (これとは別に) and
admits (とはいえ), so that it counts before a comma or where a sentence says what is meant.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_LONGEST = 40
"""Characters of a defined term; longer ones are half sentences."""
_TERM = rf"[^\s、。，．「」『』（）()？?:：]{{1,{_LONGEST}}}?"
_QUOTED = re.compile(rf"[「『]([^「」『』。]{{1,{_LONGEST}}})[」』]\s*とは(?!別|異|違|無)")
_PLAIN = re.compile(rf"(?:^|[。、，\n（(])\s*({_TERM})とは\s*(?:[、，,:：]|何)")
_WHERE = re.compile("において|における|でいう|場合の")
"""What parts a term from where it holds: この法律において人身取引とは."""
_CALLED = re.compile(
    rf"[「『]([^「」『』。]{{1,{_LONGEST}}})[」』]\s*(?:という|といい、|と総称する|と定義)"
)
_LABEL = (
    r"(?:第?[0-9０-９一二三四五六七八九十百]+(?:条|項|号)?|[①-⑳㋐-㋾]|[(（][^()（）]{1,4}[)）]"
    r"|[イロハニホヘトチリヌルヲa-zａ-ｚア-ン])"
)
_SAYS = "をいう|を指す|をさす"
_ITEM = re.compile(rf"^(?:{_LABEL}[\s.．、]+)?({_TERM})[\s　]+\S.*(?:{_SAYS})", re.DOTALL)
_MEANS = re.compile("用語|語句|定義|意味|説明|解説|内容")
"""Labels of columns that say what the first cell of a row means."""


def defined_terms(text: str, cells: Sequence[Mapping[str, Any]] | None = None) -> Iterator[str]:
    """Yield the terms that a passage defines, each once."""
    yield from dict.fromkeys(_found(text, cells))


def _found(text: str, cells: Sequence[Mapping[str, Any]] | None) -> Iterator[str]:
    if "とは" in text:
        yield from (match[1] for match in _QUOTED.finditer(text))
        for match in _PLAIN.finditer(text):
            if term := _WHERE.split(match[1])[-1]:
                yield term
    if "」" in text or "』" in text:
        yield from (match[1] for match in _CALLED.finditer(text))
    if found := _ITEM.match(text):
        yield found[1]
    if cells and len(cells) > 1 and any(_MEANS.search(cell["column"]) for cell in cells[1:]):
        first = cells[0]["text"].strip()
        if 0 < len(first) <= _LONGEST:
            yield first
