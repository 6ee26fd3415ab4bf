"""Meeting records: each entry 第n回会合 with its date, attendees and summary is one passage."""

import re
from collections.abc import Sequence

from shisaku.ingest.model import Block, TextBlock
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.text.dates import find_dates
from shisaku.ingest.text.fold import fold
from shisaku.ingest.text.numerals import NUMERAL

ENTRY = re.compile(rf"[●○◎■□◆・*]?[\s\u3000]*第[\s\u3000]?{NUMERAL}[\s\u3000]?回")
"""How the entry of a meeting begins: ●第３回."""

_DATE_LABEL = re.compile(r"(?:開催日時?|日時|開催年月日|とき|期日|開催期日)")
_PART = re.compile(
    r"(?:開催日時?|日時|場所|開催場所|出席者|参加者|構成員|概要|議題|議事|議事次第|内容|要旨|配付資料)"
    r"[:：]"
)


_AGENDA = re.compile(r"[\W_]*(?:議事次第|次第|議事)[\W_]*")
_COUNTS = frozenset({"number", "kanji", "paren", "circled"})
"""Labels that count the items of an agenda."""


def is_agenda(flow: Sequence[Block], at: int) -> bool:
    """Tell whether a line names the agenda (議事次第) whose first item, １．開会, is below it."""
    block, below = flow[at], flow[at + 1] if at + 1 < len(flow) else None
    if not isinstance(block, TextBlock) or not isinstance(below, TextBlock):
        return False
    if not _AGENDA.fullmatch("".join(block.text.split())):
        return False
    label = parse_label(below.text.strip())
    return label is not None and label.kind in _COUNTS and label.value == 1


def is_entry(flow: Sequence[Block], at: int) -> bool:
    """Tell whether a block opens the entry of a meeting: 第n回 and, in its parts, a date."""
    block = flow[at]
    return (
        isinstance(block, TextBlock)
        and "第" in block.text
        and bool(ENTRY.match(block.text.strip()))
        and entry_date(entry_text(flow, at)) is not None
    )


def entry_text(flow: Sequence[Block], at: int) -> str:
    """Give the words of the entry that opens at `at`, a line for each of its parts."""
    blocks = flow[at : entry_end(flow, at)]
    return "\n".join(b.text.strip() for b in blocks if isinstance(b, TextBlock))


def entry_date(text: str) -> str | None:
    """Give the ISO date of an entry: the one labelled 開催日, else one on its first line."""
    lines = text.strip().split("\n")
    for line in lines:
        if _DATE_LABEL.match(fold(line)):
            for date in find_dates(line):
                return date.iso
    for date in find_dates(lines[0]):
        if not date.fiscal and len(date.iso) > 4 and len(lines[0]) < 60:
            return date.iso
    return None


def entry_end(flow: Sequence[Block], at: int) -> int:
    """Give the end of the entry that opens at `at`; blocks with its other parts belong to it."""
    end = at + 1
    while end < len(flow):
        block = flow[end]
        if not isinstance(block, TextBlock) or block.role == "heading":
            break
        is_list = block.role == "list_item" and end > at + 1
        if not is_list and not _PART.match(fold(block.text)):
            break
        end += 1
    return end


def has_meetings(flow: Sequence[Block]) -> bool:
    """Tell whether the document records meetings: two entries or more."""
    return sum(is_entry(flow, at) for at in range(len(flow))) >= 2
