"""Blocks mended before they are read: items over a page, titles over two blocks, joined lines."""

import pytest

from shisaku.ingest.model import Block, TextBlock
from shisaku.ingest.structure.measures.regroup import regroup
from tests.support.setting import block, line, table, texts


def lines(*rows: tuple[str, float], page: int = 1, top: float = 100, size: float = 10) -> TextBlock:
    """Set a paragraph of rows of (text, left edge)."""
    set_ = tuple(line(t, x, top + 16 * n, size, page=page) for n, (t, x) in enumerate(rows))
    return TextBlock("".join(t for t, _ in rows), set_)


ITEM = lines(("・窓口を全国に設けるとともに、その利用の方法を広く知らせ、", 72), top=780)
OPEN = TextBlock(ITEM.text, ITEM.lines, open_end=True)


@pytest.mark.parametrize(
    ("below", "joined"),
    [
        (lines(("利用者の声を聴く。", 82), page=2), True),
        (lines(("利用者の声を聴く。", 72), page=2), False),  # not behind the bullet
        (lines(("・研修を行う。", 72), page=2), False),
        (lines(("（研修の充実）", 82), page=2), False),
        (lines(("利用者の声を聴く。", 82), page=3), False),
    ],
)
def test_an_item_goes_on_behind_its_bullet_on_the_next_page(below: Block, joined: bool) -> None:
    assert len(regroup([OPEN, below])) == (1 if joined else 2)


def test_a_title_in_brackets_over_two_blocks_is_one() -> None:
    title = [block("（相談の窓口の整備及び", x=72), block("職員の研修の充実）", x=72, top=120)]
    assert texts(regroup(title)) == ["（相談の窓口の整備及び職員の研修の充実）"]
    whole = [block("（窓口の整備）"), block("（研修の充実）", top=120)]
    assert texts(regroup(whole)) == ["（窓口の整備）", "（研修の充実）"]


def titles(count: int) -> list[Block]:
    return [block(f"（施策{at}）", top=20 * at) for at in range(count)]


@pytest.mark.parametrize(
    ("rows", "parts"),
    [
        (
            [("・窓口を設ける。", 72), ("（研修の充実）", 72)],
            ["・窓口を設ける。", "（研修の充実）"],
        ),
        ([("（研修の充実）", 72), ("・研修を行う。", 72)], ["（研修の充実）", "・研修を行う。"]),
        # a supplement within a sentence
        ([("・窓口を、", 72), ("（研修の充実）", 72)], ["・窓口を、（研修の充実）"]),
    ],
)
def test_lines_of_a_usual_shape_stand_apart(
    rows: list[tuple[str, float]], parts: list[str]
) -> None:
    assert texts(regroup([*titles(3), lines(*rows, top=200)]))[3:] == parts
    assert len(texts(regroup([*titles(2), lines(*rows, top=200)])[2:])) == 1


def test_an_indent_after_a_full_stop_parts_paragraphs() -> None:
    rows = [("窓口を設ける。", 82), ("職員の研修を行い、その", 82), ("結果を知らせる。", 72)]
    assert texts(regroup([lines(*rows)])) == [
        "窓口を設ける。",
        "職員の研修を行い、その結果を知らせる。",
    ]
    open_ = [("窓口を設け、", 82), ("職員の研修を行い、その", 82), ("結果を知らせる。", 72)]
    assert len(regroup([lines(*open_)])) == 1


ENTRY = [
    ["計画の記載内容", "担当府省庁"],
    ["窓口を設ける。", "警察庁"],
    ["取組内容と結果", "^"],
    ["・窓口を設け、その利用の方法を", "^"],
]


def test_the_rest_of_an_entry_at_the_top_of_a_page_is_its_own() -> None:
    entry = table(ENTRY, edges=(72, 400, 500))
    rest = lines(("知らせた。", 84), page=2)
    money = lines(("〔予算10千円〕", 300), page=2, top=120)
    (made,) = regroup([entry, rest, money])
    assert made.text.endswith("・窓口を設け、その利用の方法を\n知らせた。\n〔予算10千円〕")
    heading = lines(("２　研修", 72), page=2)
    assert len(regroup([entry, heading])) == 2
    ended = table([*ENTRY[:3], ["・窓口を設けた。", "^"]], edges=(72, 400, 500))
    assert len(regroup([ended, rest])) == 2


def test_brackets_at_the_right_edge_stand_where_they_are_printed() -> None:
    shown = [
        block("１　窓口", top=100), block("窓口を設ける。", top=120), block("２　研修", top=160),
        block("【警察庁】", x=400, top=140), block("研修を行う。", top=180),
    ]  # fmt: skip
    assert texts(regroup(shown)) == [
        "１　窓口", "窓口を設ける。", "【警察庁】", "２　研修", "研修を行う。",
    ]  # fmt: skip
