"""Articles of laws: their labels, their captions, what belongs to them, and the 附則 after them."""

import pytest

from shisaku.ingest.model import Block
from shisaku.ingest.structure.outline.articles import split_article
from tests.support.setting import block, document


@pytest.mark.parametrize(
    ("text_", "label"),
    [
        ("第一条　この法律は、", "第一条"),
        ("第二条の三　前条の", "第二条の三"),
        ("第十二条（定義）", "第十二条"),
        ("第一条の規定により", None),  # a reference, not the article
        ("第三章　雑則", None),
        ("この法律は、", None),
    ],
)
def test_the_label_of_an_article(text_: str, label: str | None) -> None:
    assert split_article(block(text_)) == label


LAW = [
    block("被害者の保護に関する法律（平成十六年法律第百六十一号）", size=14),
    block("第一章　総則"), block("（目的）"),
    block("第一条　この法律は、被害者の保護について必要な事項を定めることを目的とする。"),
    block("（定義）"), block("第二条　この法律において「被害者」とは、次の各号に掲げる者をいう。"),
    block("２　前項の規定は、その家族について準用する。"),
    block("第三条　国は、第二条の被害者を保護する。"),
    block("第二章　雑則"), block("第四条　この法律の施行に関し必要な事項は、政令で定める。"),
]  # fmt: skip


def test_the_paragraphs_of_an_article_stand_under_its_number_and_caption() -> None:
    made = document(LAW)
    assert made.kind == "law"
    found = {passage.text[:4]: passage.path for passage in made.passages}
    assert found["第一条\u3000"] == ("第一章\u3000総則", "第一条（目的）")
    assert found["２\u3000前項"] == ("第一章\u3000総則", "第二条（定義）")
    assert found["第三条\u3000"] == ("第一章\u3000総則", "第三条")
    assert found["第四条\u3000"] == ("第二章\u3000雑則", "第四条")


def test_each_article_is_once_in_the_outline() -> None:
    labels = [section.label for section in document(LAW).sections]
    assert labels == ["第一章", "第一条", "第二条", "第三条", "第二章", "第四条"]


RULES: list[Block] = [
    block("食品安全規則", size=14),
    block("目次"), block("第一章　総則（第一条・第二条）"), block("第二章　雑則（第三条）"),
    block("附則"),
    block("第一章　総則"), block("（目的）"),
    block("第一条　この規則は、食品の安全の確保に関し必要な事項を定めることを目的とする。"),
    block("第二条　この規則において「食品」とは、次に掲げるものをいう。"),
    block("一　飲食物"), block("二　添加物"),
    block("２　前項の規定は、他の法令に定めるものについては、適用しない。"),
    block("第二章　雑則"), block("第三条　この規則の実施に必要な事項は、大臣が定める。"),
    block("附　則"), block("（施行期日）"), block("第一条　この規則は、公布の日から施行する。"),
    block("第二条　この規則の施行前にした行為については、なお従前の例による。"),
]  # fmt: skip


def test_short_items_of_an_article_are_no_headings() -> None:
    found = {passage.text[:2]: passage.path for passage in document(RULES).passages}
    assert found["一\u3000"] == found["二\u3000"] == ("第一章\u3000総則", "第二条")
    assert found["２\u3000"] == ("第一章\u3000総則", "第二条")


def test_items_that_are_set_apart_head_what_follows() -> None:
    rules = [*RULES[:8], block("１　解説", bold=True), block("これは解説の文である。"), *RULES[8:]]
    assert "解説" in [section.title for section in document(rules).sections]


def test_supplementary_provisions_stand_beside_the_chapters() -> None:
    made = document(RULES)
    outline = [(section.label, section.path) for section in made.sections]
    assert outline[-3:] == [("附　則", ()), ("第一条", ("附　則",)), ("第二条", ("附　則",))]


def test_the_contents_of_a_law_name_articles() -> None:
    made = document(RULES)
    assert [section.label for section in made.sections].count("第一章") == 1
    assert made.contents == {"entries": 3, "in_body": 3, "matched": 3}
