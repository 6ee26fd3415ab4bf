"""Tables of what was done and by whom, whose measure stands above them."""

from collections.abc import Sequence

import pytest

from shisaku.ingest.structure.measures.tabular.measure_columns import find_reports
from shisaku.ingest.structure.outline.numbering import parse_label
from tests.support.plans import items, plan
from tests.support.setting import table

TABLES: list[tuple[str, Sequence[Sequence[str]], bool]] = [
    ("what and who", [["取組状況", "担当省庁"], ["設けた。", "警察庁"]], True),
    ("who and what", [["担当省庁", "取組状況"], ["警察庁", "設けた。"]], True),
    ("with numbers", [["番号", "実施状況", "所管省庁"], ["１", "設けた。", "警察庁"]], True),
    ("with measures", [["施策", "取組状況", "担当省庁"], ["窓口", "設けた。", "警察庁"]], False),
    ("nobody", [["取組状況", "備考"], ["設けた。", "警察庁"]], False),
    ("no body in the column", [["取組状況", "担当省庁"], ["設けた。", "三回"]], False),
    ("a word of any table", [["内容", "担当省庁"], ["会議の資料", "警察庁"]], False),
]


@pytest.mark.parametrize(("what", "rows", "wanted"), TABLES, ids=[case[0] for case in TABLES])
def test_what_such_a_table_is(what: str, rows: Sequence[Sequence[str]], wanted: bool) -> None:
    assert (find_reports(table(rows)) is not None) is wanted


@pytest.mark.parametrize(
    "title",
    ["（{}）", "【{}】", "# ① {}", "■　{}", "施策１－２　{}", "取組３−１－４：{}"],
)  # fmt: skip
def test_the_title_stands_above_it_in_any_shape(title: str) -> None:
    made = plan(f"""
# 第１　防止
{title.format("窓口の整備")}
| 番号 | 担当府省庁 | 実施状況 |
| １ | 警察庁 | 窓口を設けた。 |
| ２ | 警察庁、法務省 | 窓口を知らせた。 |
{title.format("研修の充実").replace("①", "②")}
| 番号 | 担当府省庁 | 実施状況 |
| １ | 外務省 | 研修を行った。 |
""")
    assert items(made) == [
        "窓口の整備 / 警察庁 / 窓口を設けた。",
        "窓口の整備 / 警察庁・法務省 / 窓口を知らせた。",
        "研修の充実 / 外務省 / 研修を行った。",
    ]
    assert made.ledger["lost"] == made.ledger["invented"] == 0
    assert len(made.measures) == 2


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("施策１－２　窓口", "counted2", 2),
        ("施策１−２　窓口", "counted2", 2),
        ("施策1-2-3：窓口", "counted2", 3),
        ("施策１　窓口", "counted", 1),
    ],
)
def test_a_counted_noun_with_several_numbers(text: str, kind: str, value: int) -> None:
    label = parse_label(text)
    assert label is not None
    assert (label.kind, label.value) == (kind, value)


def test_a_number_within_a_sentence_is_no_label() -> None:
    assert parse_label("施策1-2の取組を進める。") is None


def test_a_paragraph_may_stand_between_the_title_and_the_table() -> None:
    made = plan("""
# 施策１　窓口の整備
窓口は大切である。
| 取組状況 | 担当省庁 |
| 窓口を設けた。 | 警察庁 |
# 施策２　研修の充実
研修は大切である。
| 取組状況 | 担当省庁 |
| 研修を行った。 | 外務省 |
""")
    assert [each for each in items(made) if " /  / " not in each] == [
        "窓口の整備 / 警察庁 / 窓口を設けた。",
        "研修の充実 / 外務省 / 研修を行った。",
    ]
