"""Headings by a shape that a document uses for them."""

import pytest

from shisaku.ingest.model import Block
from shisaku.ingest.structure.outline.headings import find_headings
from tests.support.setting import block, document, of_type, table

TEXT = "警察では、人身取引の被害者を早く見つけるため、各地の窓口に相談員を置き、通訳を手配した。"


def text(page: int = 1) -> Block:
    return block(TEXT, indent=1.0, page=page)


def heads(*blocks: Block) -> list[str]:
    return [heading.text for heading in find_headings(blocks).values()]


@pytest.mark.parametrize("line", ["＜現状＞", "【効果】", "［令和の情勢］", "〔課題〕", "《概要》"])
def test_a_line_in_brackets_over_text(line: str) -> None:
    assert heads(text(), block(line), text()) == [line]
    assert heads(text(), block(line), block("・窓口の設置"), text()) == [line]
    assert heads(text(), block(line), table([["年", "件数"], ["一", "二"]])) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "〔平成26年度予算15,805千円の内数〕",  # an amount
        "【警察庁、法務省】",  # who is in charge
        "【新設】及び【拡充】",  # two brackets
        "（次の頁に続く）",  # round ones hold remarks
        "＜現状",
    ],
)
def test_a_line_in_brackets_that_is_no_heading(line: str) -> None:
    assert heads(text(), block(line), text()) == []


def test_round_brackets_are_headings_where_several_have_text_below() -> None:
    assert heads(block("（試験）"), text(), block("（開発）"), text()) == ["（試験）", "（開発）"]
    # Three of four is the part that is asked for.
    four = [block("（試験）"), text(), block("（開発）"), text(), block("（保守）"), text()]
    assert len(heads(*four, block("（次頁）"))) == 4
    assert heads(*four, block("（次頁）"), block("（次々頁）")) == []


def test_an_ornament_before_a_line_that_heads_text() -> None:
    assert heads(block("■現状"), text(), block("■課題"), text()) == ["■現状", "■課題"]
    # Items follow each other, or are sentences.
    assert heads(block("■現状"), block("■課題"), block("■展望"), text()) == []
    said = block("■窓口を設けた。")
    assert heads(block("■現状"), text(), said, text(), said, text()) == []


@pytest.mark.parametrize("inset", [8.5, 30.0])
def test_a_line_in_brackets_at_the_right_is_an_office(inset: float) -> None:
    line = block("【窓口】", indent=inset)
    assert heads(text(), line, text()) == []


def test_lines_without_an_indent_head_indented_paragraphs() -> None:
    names = ["窓口の設置", "通訳の手配", "職員の研修"]
    many = [part for name in names for part in (block(name), text())]
    assert heads(*many) == names
    assert heads(*many[:4]) == []
    # Where paragraphs have no indent, the lack of one says nothing.
    flat = [part for name in names for part in (block(name), block(TEXT))]
    assert heads(*flat) == []


def test_what_ends_a_text_stands_beside_its_chapters() -> None:
    made = document([
        block("人身取引白書", size=20), block("第３　検挙", bold=True), block("甲" + TEXT),
        block("第４　広報", bold=True), block("乙" + TEXT), block("おわりに"), block("丙" + TEXT),
    ])  # fmt: skip
    assert {p.text[0]: p.path for p in of_type(made, "paragraph")} == {
        "甲": ("第３\u3000検挙",), "乙": ("第４\u3000広報",), "丙": ("おわりに",),
    }  # fmt: skip
