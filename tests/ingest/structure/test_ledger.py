"""Nothing of a table is lost, whatever its shape makes of it; the ledger counts what is there."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shisaku.ingest.model import Document
from shisaku.ingest.structure.ledger import Ledger, missing
from tests.support.setting import block, document, pages, table

PAD = ["", "件", "人身取引対策に関する取組を", "平成二十年", "12", "（注）", "を図ることとする。"]


def held(made: Document) -> str:
    """Give all that a reader of the parsed document gets, parted by line feeds."""
    texts = [part for p in made.passages for part in (p.text, *p.path, *p.ministries)]
    return "\n".join([*texts, *(f"{m.label}{m.title}" for m in made.measures)])


@st.composite
def grids(draw: st.DrawFn) -> list[list[str]]:
    """Draw a table: each filled cell holds a word of its own, some cells are empty or spanned."""
    width, height = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    grid = [["" for _ in range(width)] for _ in range(height)]
    for row in range(height):
        whole = draw(st.sampled_from(["cells", "cells", "cells", "across", "empty"]))
        for column in range(width):
            if whole == "empty" or (whole == "across" and column):
                grid[row][column] = "<" if whole == "across" else ""
            elif draw(st.booleans()):
                pad = draw(st.sampled_from(PAD))
                grid[row][column] = f"{chr(ord('甲') + 16 * row + column)}{pad}"
            elif whole == "cells" and not column and row and grid[row - 1][0] not in {"<", ""}:
                grid[row][column] = "^" if width > 1 and grid[row - 1][1] != "<" else ""
    return grid


@settings(max_examples=300, deadline=None)
@given(grids())
def test_every_word_of_a_table_is_in_the_document(grid: list[list[str]]) -> None:
    made = document([block("この資料は対策の状況を示すものである。"), table(grid)])
    words = [text for row in grid for text in row if text not in {"", "<", "^"}]
    assert [word for word in words if word not in held(made)] == []
    assert made.ledger["lost"] == 0


def test_a_row_across_that_heads_empty_rows_alone_is_a_row() -> None:
    # A chart's rules may form such cells by chance.
    made = document([block("図"), table([["国", "数"], ["甲", "1"], ["2.09", "<"], ["", ""]])])
    assert [p.text for p in made.passages][-1] == "2.09"
    assert made.ledger["lost"] == 0


@pytest.mark.parametrize(
    ("texts", "taken", "found"),
    [
        (["警察庁"], ["警察庁"], []),
        (["警察庁"], ["警 察", "庁"], []),
        (["警察庁", "法務省"], ["法務省"], [0]),
        # A figure that stands twice must have been taken twice.
        (["12", "12"], ["12"], [1]),
        # It also stands in a longer text, which is looked for first.
        (["2", "12"], ["12"], [0]),
        (["2", "12"], ["12", "2"], []),
        ([], ["12"], []),
        (["", "12"], [], [1]),
    ],
)
def test_what_was_not_taken(texts: list[str], taken: list[str], found: list[int]) -> None:
    assert missing(texts, taken) == found


WORDS = st.lists(st.text("甲乙丙 ", min_size=1, max_size=4), min_size=1, max_size=6)


@given(WORDS, WORDS)
def test_what_is_lost_is_counted_by_characters(printed: list[str], taken: list[str]) -> None:
    ledger = Ledger()
    for text in taken:
        ledger.take("passages", text)
    account = ledger.close(pages([block(text) for text in printed]), Counter())
    source = Counter("".join(printed).replace(" ", ""))
    held = Counter("".join(taken).replace(" ", ""))
    assert account["visible"] == source.total()
    assert account["lost"] == (source - held).total()
    assert account["invented"] == (held - source).total()
