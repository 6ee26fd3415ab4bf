"""Numbers that a browser shows before the items of `<ol>`, and when none is added."""

import pytest

from shisaku.ingest.html import read_html
from shisaku.ingest.html.numbering import is_labelled
from shisaku.ingest.model import TextBlock

# The list as written, the texts of its items.
LISTS = [
    ("<ol><li>甲<li>乙</ol>", ["1. 甲", "2. 乙"]),
    ("<ol start=3><li>甲<li value=7>乙<li>丙</ol>", ["3. 甲", "7. 乙", "8. 丙"]),
    ("<ol start=-1><li>甲<li>乙</ol>", ["-1. 甲", "0. 乙"]),
    ("<ol start=１><li>甲</ol>", ["1. 甲"]),  # no number: the list begins at 1
    ("<ol type=a start=26><li>甲<li>乙</ol>", ["z. 甲", "aa. 乙"]),
    ("<ol type=A><li>甲</ol>", ["A. 甲"]),
    ("<ol type=i start=9><li>甲<li>乙</ol>", ["ix. 甲", "x. 乙"]),
    ("<ol type=I start=3999><li>甲<li>乙</ol>", ["MMMCMXCIX. 甲", "4000. 乙"]),
    ("<ol type=a start=0><li>甲</ol>", ["0. 甲"]),  # no letter is 0
    ("<ol reversed><li>甲<li>乙</ol>", ["2. 甲", "1. 乙"]),
    ("<ol><li>甲<ol type=i><li>子</ol><li>乙</ol>", ["1. 甲", "i. 子", "2. 乙"]),
    ("<ol><li>甲<ul><li>子</ul><li>乙</ol>", ["1. 甲", "子", "2. 乙"]),
    ("<ol><li><p>甲</p><p>続き</p></ol>", ["1. 甲", "続き"]),
    ("<ol><li><ul><li>子</ul></ol>", ["子"]),  # the number has no text of its own
    ("<ol style='list-style: none'><li>甲</ol>", ["甲"]),
    ("<ol><li>（１）甲<li>① 乙<li>第２ 丙<li>ア 丁</ol>", ["（１）甲", "① 乙", "第２ 丙", "ア 丁"]),
    ("<ol><li>3か年で行う<li>「図書」</ol>", ["1. 3か年で行う", "2. 「図書」"]),
    ("<style>.k{list-style-type:none}</style><ol class=k><li>甲</ol>", ["1. 甲"]),
    ("<style>ol.k{list-style-type:none}</style><ol class=k><li>甲</ol>", ["甲"]),
    ("<style>ol.k>li::before{content:'（' counter(n) '）'}</style><ol class=k><li>甲<li>乙</ol>",
     ["（1）甲", "（2）乙"]),
]  # fmt: skip


@pytest.mark.parametrize(("page", "wanted"), LISTS)
def test_numbers_of_lists(page: str, wanted: list[str]) -> None:
    found = read_html(f"<body>{page}</body>".encode())
    assert [b.text for b in found.pages[0].blocks if isinstance(b, TextBlock)] == wanted


def test_marks_and_readings_stand_behind_the_number() -> None:
    page = "<ol><li><ruby>甲<rt>こう</ruby>の<sup>注</sup>話</ol>"
    (block,) = read_html(page.encode()).pages[0].blocks
    assert isinstance(block, TextBlock)
    line = block.lines[0]
    assert line.text == "1. 甲の注話"
    assert line.ruby == ((3, 4, "こう"),)
    assert line.marks == ((5, 6),)


@pytest.mark.parametrize(
    ("text", "own"),
    [("1. 甲", True), ("(1)甲", True), ("１　甲", True), ("一 甲", True), ("⑳甲", True),
     ("a) x", True), ("10人が", False), ("イベント", False), ("第二の案", True), ("", False)],
)  # fmt: skip
def test_items_with_a_number_of_their_own(text: str, own: bool) -> None:
    assert is_labelled(text) is own
