"""Numbers before the lines of a draft: furniture, where they follow each other at the edge."""

from shisaku.ingest.model import Block, Page
from shisaku.ingest.structure.line_numbers import without_line_numbers
from tests.support.setting import block


def page(*blocks: Block) -> Page:
    return Page(1, 595, 842, tuple(blocks))


def count(first: int, last: int, gap: str = "") -> str:
    return gap.join(map(str, range(first, last + 1)))


def test_a_column_of_numbers_at_the_edge_is_furniture() -> None:
    text = block("窓口を設ける。", x=90)
    for numbers in (count(1, 12), count(8, 44, " "), count(101, 140)):
        (given,) = without_line_numbers([page(text, block(numbers, x=10, size=1))])
        assert [b.text for b in given.blocks] == [text.text]
        assert [(part.kind, part.text) for part in given.furniture] == [("line_number", numbers)]


def test_other_digits_stay() -> None:
    text = block("窓口を設ける。", x=90)
    kept = [
        block(count(1, 9), x=10, size=1),  # too few
        block(count(1, 12) + "99", x=10, size=1),  # do not follow each other
        block("0312345678", x=10, size=1),
        block(count(1, 12), x=95, size=1),  # within the text
    ]
    for numbers in kept:
        (given,) = without_line_numbers([page(text, numbers)])
        assert list(given.blocks) == [text, numbers]
