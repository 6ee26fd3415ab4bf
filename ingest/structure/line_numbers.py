"""Drafts print a number before every line of a page: these numbers are no part of the text.

`without_line_numbers` takes the pages of a document and gives them with such columns of numbers
among the page's furniture. The trap: they come as one block of digits without spaces.
"""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from shisaku.ingest.model import Block, Furniture, Page, TextBlock

_LEAST = 10
"""Numbers that follow each other from which a column of them numbers the lines of a page."""
_DIGITS = re.compile(r"[0-9]+")


def without_line_numbers(pages: Sequence[Page]) -> tuple[Page, ...]:
    """Return the pages; those that hold columns of line numbers have them as furniture."""
    return tuple(_without(page) for page in pages)


def _without(page: Page) -> Page:
    found = [block for block in page.blocks if _numbers_lines(block, page)]
    if not found:
        return page
    drop = {id(block) for block in found}
    return replace(
        page,
        blocks=tuple(block for block in page.blocks if id(block) not in drop),
        furniture=(
            *page.furniture,
            *(Furniture("line_number", block.text) for block in found),
        ),
    )


def _numbers_lines(block: Block, page: Page) -> bool:
    """Tell whether a block at the page's edge holds nothing but numbers that follow each other."""
    if not isinstance(block, TextBlock):
        return False
    digits = "".join(block.text.split())
    if len(digits) < _LEAST or not _DIGITS.fullmatch(digits) or not _is_count(digits):
        return False
    right = max(line.box.x1 for line in block.lines)
    left = min(line.box.x0 for line in block.lines)
    others = [
        line.box
        for other in page.blocks
        if isinstance(other, TextBlock) and other is not block
        for line in other.lines
    ]
    return all(box.x0 >= right - 1 for box in others) or all(box.x1 <= left + 1 for box in others)


def _is_count(digits: str) -> bool:
    """Tell whether digits are numbers that follow each other without a gap: 1112131415.

    The first number has one to four digits.
    """
    for size in range(1, 5):
        number = int(digits[:size] or "0")
        at, count = 0, 0
        while at < len(digits) and digits.startswith(str(number), at):
            at += len(str(number))
            number += 1
            count += 1
        if at == len(digits) and count >= _LEAST:
            return True
    return False
