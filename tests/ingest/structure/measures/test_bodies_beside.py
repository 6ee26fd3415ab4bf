"""Bodies that act beside those in charge: named on a line of their own, they are added."""

import pytest

from tests.support.plans import items, plan

BOTH = "文部科学省・警察庁・法務省"
CASES = [
    ("# （1） {}（文部科学省）\n関係府省庁：{}", BOTH),
    ("# （1） {}【主担当：文部科学省】\n（関係府省庁：{}）", BOTH),
    ("# （1） {}\n主担当：文部科学省\n関係省庁：{}", BOTH),
    ("# （1） {}\n担当府省庁：文部科学省\n協力府省：{}", BOTH),
    ("# （1） {}\n【担当：文部科学省】\n【関係：{}】", BOTH),
    ("■ {}（文部科学省）\n・関係府省庁：{}", BOTH),
    # A line without such a word says who is in charge of the items below it.
    ("# （1） {}（文部科学省）\n担当：{}", "警察庁・法務省"),
    ("# （1） {}（文部科学省）\n{}", "警察庁・法務省"),
]


@pytest.mark.parametrize(("shape", "wanted"), CASES)
def test_bodies_beside_those_of_the_title(shape: str, wanted: str) -> None:
    made = plan("\n".join([
        "# 第１　防止",
        shape.format("窓口の整備", "警察庁、法務省"),
        "○　窓口を設ける。",
        "○　窓口を知らせる。",
        shape.replace("（1）", "（2）").format("研修の充実", "外務省"),
        "○　研修を行う。",
        shape.replace("（1）", "（3）").format("通訳の手配", "警察庁"),
        "○　通訳を手配する。",
    ]))  # fmt: skip
    assert items(made)[:2] == [
        f"窓口の整備 / {wanted} / ○　窓口を設ける。",
        f"窓口の整備 / {wanted} / ○　窓口を知らせる。",
    ]
    assert len(items(made)) == 4
    assert made.ledger["lost"] == made.ledger["invented"] == 0


def test_a_later_line_adds_to_those_of_the_title_alone() -> None:
    lines = ["（窓口の整備）", "警察庁", "関係省庁：総務省", "・　窓口を設けた。",
             "関係省庁：法務省", "・　窓口を知らせた。"]  # fmt: skip
    found = items(plan("\n".join([*lines, *lines])))
    assert found[:2] == [
        "窓口の整備 / 警察庁・総務省 / ・　窓口を設けた。",
        "窓口の整備 / 警察庁・法務省 / ・　窓口を知らせた。",
    ]


def test_two_lists_on_one_line() -> None:
    lines = [
        "（窓口の整備）", "主担当：文部科学省　関係省庁：警察庁", "・　窓口を設けた。",
        "（研修の充実）", "主担当：法務省　関係省庁：外務省", "・　研修を行った。",
    ]  # fmt: skip
    assert items(plan("\n".join(lines))) == [
        "窓口の整備 / 文部科学省・警察庁 / ・　窓口を設けた。",
        "研修の充実 / 法務省・外務省 / ・　研修を行った。",
    ]
