"""Items within cells: the paragraphs of a cell put together to items, with their money.

A cell holds a list as a page does; a paragraph that opens with no bullet and follows one that has
not ended its sentence goes on with it.
"""

from collections.abc import Iterator, Sequence

from shisaku.ingest.model import Budget, Line, TextBlock
from shisaku.ingest.structure.measures.budget import money_line, without_budget
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.text.joining import ends_sentence, join_texts


def grouped(blocks: Sequence[TextBlock]) -> Iterator[tuple[TextBlock, ...]]:
    """Yield the blocks of each item; lines of money belong to the item above them."""
    item: list[TextBlock] = []
    bulleted = any(_opens(block) for block in blocks)
    end = ""
    for block in blocks:
        if not block.text.strip():
            continue
        money = money_line(block.text) is not None
        goes_on = bool(item) and (
            money or (not _opens(block) and not ends_sentence(end) and not _money_ended(item))
            or (bulleted and not _opens(block) and _hangs(block, item))
        )  # fmt: skip
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


def _opens(block: TextBlock) -> bool:
    return parse_label(block.text.strip()) is not None


def _money_ended(item: Sequence[TextBlock]) -> bool:
    return len(item) > 1 and money_line(item[-1].text) is not None


def _hangs(block: TextBlock, item: Sequence[TextBlock]) -> bool:
    """Tell whether a paragraph is the rest of the item above: it begins behind its bullet.

    Only where the item was broken by a page: the first line of a new paragraph stands as far in.
    """
    last, first = item[-1].lines[-1], block.lines[0]
    return first.box.page == last.box.page + 1 and not ends_sentence(item[-1].text)


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
