"""Items within cells: the paragraphs of a cell put together to items, with their money.

A cell holds a list as a page does; a paragraph that opens with no bullet and follows one that has
not ended its sentence goes on with it.
"""

import re
from collections.abc import Iterator, Sequence

from shisaku.ingest.model import Budget, Line, TextBlock
from shisaku.ingest.structure.measures.budget import money_line, without_budget
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.text.joining import ends_sentence, join_texts

_BRACKET = re.compile(r"[【〔\[(（［][^【】〔〕\[\]()（）［］]{1,60}[】〕\])）］]")


def grouped(blocks: Sequence[TextBlock]) -> Iterator[tuple[TextBlock, ...]]:
    """Yield the blocks of each item; lines of money belong to the item above them."""
    item: list[TextBlock] = []
    end = ""
    for block in blocks:
        if not block.text.strip():
            continue
        money = money_line(block.text) is not None
        goes_on = bool(item) and (money or _is_bracket(block) or _continues(block, item, end))
        if goes_on:
            item.append(block)
        else:
            if item:
                yield tuple(item)
            item = [block]
        if not money:
            end = block.text
    if item:
        yield tuple(item)


def _is_bracket(block: TextBlock) -> bool:
    """Tell whether a paragraph is a bracket alone: the bodies of the item above it."""
    return _BRACKET.fullmatch(block.text.strip()) is not None


def _money_ended(item: Sequence[TextBlock]) -> bool:
    return len(item) > 1 and money_line(item[-1].text) is not None


def _continues(block: TextBlock, item: Sequence[TextBlock], end: str) -> bool:
    """Tell whether a paragraph is the rest of the item above, which has not ended its sentence.

    On the next page a number may open the rest of a sentence: 「…を⏎357 事件、368 人検挙した」.
    """
    if ends_sentence(end) or _money_ended(item):
        return False
    label = parse_label(block.text.strip())
    turned = block.lines[0].box.page == item[-1].lines[-1].box.page + 1
    return label is None or (turned and label.kind in {"number", "decimal2"})


def read_item(item: Sequence[TextBlock]) -> tuple[str, tuple[Budget, ...], str, list[Line]]:
    """Return an item's words, its money, the brackets of money as printed, and its lines."""
    words: list[str] = []
    budgets: list[Budget] = []
    printed = ""
    for block in item:
        money = money_line(block.text)
        if money is not None and words:
            amounts, restated = money
            budgets += amounts
            words[-1] += restated
            printed += block.text.strip().removesuffix(restated)
            continue
        text, within, brackets = without_budget(block.text)
        words.append(text)
        budgets += within
        printed += brackets
    return (
        join_texts(words), tuple(budgets), printed, [line for b in item for line in b.lines],
    )  # fmt: skip
