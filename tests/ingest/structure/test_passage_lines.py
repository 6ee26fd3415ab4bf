"""A passage stands where its own words are printed, not where its paragraph is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from shisaku.ingest.model import Box, TextBlock
from shisaku.ingest.structure.passage_lines import lines_of_parts, own_lines
from tests.support.setting import block, document, line, lines

LINES = ["・甲を行った。・乙を", "進め、丙を支援した。", "・丁を検討", "する。"]

# (words, the lines that print them)
PLACES = [
    ("・甲を行った。", [0]),
    ("・乙を進め、丙を支援した。", [0, 1]),
    ("・丁を検討する。", [2, 3]),
    ("・ 丁を 検討する。", [2, 3]),  # white space is not printed
    ("".join(LINES), [0, 1, 2, 3]),
    ("を", [0, 1, 2, 3]),  # more than once: which one is not known
    ("戊を廃止した。", [0, 1, 2, 3]),  # not as printed
    ("", [0, 1, 2, 3]),
]


@pytest.mark.parametrize(("text", "own"), PLACES)
def test_the_lines_that_print_it(text: str, own: list[int]) -> None:
    printed = lines(LINES)
    assert own_lines(text, printed) == tuple(printed[at] for at in own)


@given(st.lists(st.text("甲乙丙丁戊 ", min_size=1), min_size=1), st.data())
def test_they_hold_the_words_in_one_piece(texts: list[str], data: st.DataObject) -> None:
    whole = "".join("".join(texts).split())
    start = data.draw(st.integers(0, len(whole)))
    text = whole[start : data.draw(st.integers(start, len(whole)))]
    found = own_lines(text, lines(texts))
    assert text in "".join("".join(each.text.split()) for each in found)


def test_items_of_a_list_over_two_pages_have_pages_of_their_own() -> None:
    words = ["・窓口を設けた。・職員の", "研修を行った。・保護した", "者は計三名である。"]
    rows = [line(text, 72, 760 if at == 0 else 80 + 16 * at, page=1 + (at > 0))
            for at, text in enumerate(words)]  # fmt: skip
    inline = TextBlock("".join(words), tuple(rows))
    made = document([block("施策の状況", size=16), inline], [])
    found = [(each.text, each.page, each.page_end) for each in made.passages]
    assert found == [
        ("・窓口を設けた。", 1, 1), ("・職員の研修を行った。", 1, 2),
        ("・保護した者は計三名である。", 2, 2),
    ]  # fmt: skip
    boxes = [each.boxes for each in made.passages]
    assert boxes[2] == (Box(2, 72, 96, max(each.box.x1 for each in rows[1:]), 122),)


def test_a_mark_before_the_words_takes_nothing_from_their_place() -> None:
    rows = tuple(lines(["◎ 支援を", "行った。"]))
    assert own_lines("支援を行った。", rows) == rows
    assert own_lines("支援を行った。", (replace(rows[0], text="◎"), *rows)) == rows


@pytest.mark.parametrize("count", [2, 64, 65, 200])
def test_of_many_items_each_has_the_lines_that_print_it(count: int) -> None:
    items = [f"・第{at}号の会議を開き、その結果を公表した。" for at in range(count)]
    whole = "".join(items)
    printed = lines([whole[at : at + 17] for at in range(0, len(whole), 17)])
    for item, among in zip(items, lines_of_parts(items, printed), strict=True):
        assert own_lines(item, among) == own_lines(item, printed)
        assert len(among) <= 3 or count <= 64


@given(st.lists(st.text("甲乙 ", max_size=9), min_size=1), st.integers(1, 9))
def test_parts_have_lines_in_order_and_none_is_without(texts: list[str], width: int) -> None:
    parts = [text for text in texts for _ in range(65)]
    whole = "".join(parts) or "甲"
    printed = lines([whole[at : at + width] for at in range(0, len(whole), width)])
    found = lines_of_parts(parts, printed)
    assert len(found) == len(parts)
    places = {id(each): at for at, each in enumerate(printed)}
    ends = [(places[id(own[0])], places[id(own[-1])]) for own in found]
    assert all(first <= last for first, last in ends)
    assert [first for first, _ in ends] == sorted(first for first, _ in ends)
