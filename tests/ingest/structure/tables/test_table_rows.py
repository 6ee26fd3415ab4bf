"""Other tables: each row a passage under the names of its columns and the labels of its group."""

from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from shisaku.ingest.model import Passage, TableBlock
from shisaku.ingest.structure.tables.grid import view
from shisaku.ingest.structure.tables.table_rows import header_rows, pairs_over_names
from tests.support.setting import block, document, of_type, table

PLAIN = [["国", "人数", "前年"], ["タイ", "12", "10"], ["中国", "9", "8"]]


def rows(*parts: TableBlock) -> list[Passage]:
    return of_type(document([block("資料"), *parts]), "row")


def cells(passage: Passage) -> list[tuple[str, str]]:
    return [(cell.column, cell.text) for cell in passage.cells or ()]


def test_a_row_is_a_passage_with_its_columns() -> None:
    head, first, second = rows(table(PLAIN))
    assert cells(head) == [("", "国"), ("", "人数"), ("", "前年")]
    assert first.text == "タイ | 12 | 10"
    assert cells(first) == [("国", "タイ"), ("人数", "12"), ("前年", "10")]
    assert cells(second) == [("国", "中国"), ("人数", "9"), ("前年", "8")]


# How many rows at the top name the columns.
HEADS: list[tuple[str, TableBlock, int]] = [
    ("words over figures", table(PLAIN), 1),
    ("marked in HTML", table(PLAIN, header=1), 1),
    ("two rows marked", table([["国", "人数", "<"], ["^", "男", "女"], *PLAIN[1:]], header=2), 2),
    ("a head over two rows", table([["国", "人数", "<"], ["^", "男", "女"], *PLAIN[1:]]), 2),
    ("the labels at the left have no name", table([["", "人数", "前年"], *PLAIN[1:]]), 1),
    ("years", table([["国", "2019", "2020"], ["タイ", "12", "9"], ["中国", "9", "8"]]), 1),
    ("years by their era", table([["国", "H30", "R元"], ["タイ", "12", "9"]]), 1),
    ("one year", table([["国", "2019年"], ["タイ", "12"]]), 1),
    ("a quantity like a year", table([["国", "2019"], ["タイ", "12"]]), 0),
    ("years as data", table([["計画", "2015", "2020"], ["大綱", "2016", "2021"]]), 0),
    ("figures alone", table([["1", "2", "3"], ["4", "5", "6"]]), 0),
    ("sentences", table([["窓口を設けた。", "研修を行った。"], ["続けた。", "始めた。"]]), 0),
    ("a single row", table([["国", "人数", "前年"]]), 0),
    ("a title across", table([["被害者の数", "<", "<"], *PLAIN]), 0),
]


@pytest.mark.parametrize(("what", "made", "wanted"), HEADS, ids=[case[0] for case in HEADS])
def test_how_many_rows_are_heads(what: str, made: TableBlock, wanted: int) -> None:
    assert header_rows(view(made)) == wanted


def test_heads_over_heads_name_a_column_together() -> None:
    made = rows(table([["国", "人数", "<"], ["^", "男", "女"], *PLAIN[1:], ["米国", "3", "2"]]))
    assert len(made) == 4
    assert cells(made[-1]) == [("国", "米国"), ("人数 男", "3"), ("人数 女", "2")]


GROUPED = [
    ["地域", "国", "人数"], ["アジア", "タイ", "12"], ["^", "中国", "9"], ["欧州", "英国", "1"],
    ["北米", "米国", "2"],
]  # fmt: skip


def test_a_cell_over_several_rows_is_said_in_each_of_them() -> None:
    made = document([block("資料"), table(GROUPED)])
    _, first, second, third, _ = of_type(made, "row")
    assert first.text == "アジア | タイ | 12"
    assert second.text == "アジア | 中国 | 9"
    assert cells(second) == [("地域", "アジア"), ("国", "中国"), ("人数", "9")]
    assert third.text == "欧州 | 英国 | 1"
    assert not any("アジア" in passage.path for passage in made.passages)
    # It is printed once, and each row stands where its own cells do.
    assert made.ledger["invented"] == made.ledger["lost"] == 0


def test_a_cell_over_several_rows_at_the_right_is_said_in_each() -> None:
    made = rows(table([
        ["国", "人数", "担当"], ["タイ", "12", "外務省"], ["中国", "9", "^"],
        ["英国", "1", "法務省"],
    ]))  # fmt: skip
    assert [row.text for row in made[1:]] == [
        "タイ | 12 | 外務省", "中国 | 9 | 外務省", "英国 | 1 | 法務省",
    ]  # fmt: skip


@pytest.mark.parametrize(("length", "again"), [(80, True), (81, False)])
def test_a_long_cell_over_several_rows_stands_with_the_first(length: int, again: bool) -> None:
    made = rows(table([
        ["国", "人数", "備考"], ["タイ", "12", "注" * length], ["中国", "9", "^"],
        ["英国", "1", ""],
    ]))  # fmt: skip
    assert "注" in made[1].text
    assert ("注" in made[2].text) is again


def test_the_names_of_columns_stand_under_a_title_across() -> None:
    head, first, second = rows(table([["被害者の数（令和４年）", "<", "<"], *PLAIN]))
    assert head.text == "国 | 人数 | 前年"
    assert cells(first) == [("国", "タイ"), ("人数", "12"), ("前年", "10")]
    assert second.path[-1] == "被害者の数（令和４年）"


def test_a_row_across_all_columns_heads_those_below() -> None:
    made = rows(table([*PLAIN, ["被害者の年齢", "<", "<"], ["18歳未満", "3", "2"]]))
    assert made[-1].path[-1] == "被害者の年齢"
    assert made[1].path == made[2].path


def test_a_sentence_across_all_columns_is_a_row() -> None:
    made = rows(table([*PLAIN, ["件数は暦年による。", "<", "<"]]))
    assert made[-1].text == "件数は暦年による。"


def test_a_title_across_at_the_foot_heads_nothing_and_is_kept() -> None:
    made = rows(table([*PLAIN, ["米国", "3", "2"], ["（警察庁調べ）", "<", "<"]]))
    assert made[-1].text == "（警察庁調べ）"


def test_an_empty_cell_at_the_left_means_as_above() -> None:
    made = rows(table([*PLAIN, ["", "7", "6"]]))
    assert made[-1].text == "中国 | 7 | 6"
    assert "中国" not in made[-1].path
    # It says so nowhere.
    assert [bool(row.guessed) for row in made] == [False] * (len(made) - 1) + [True]


def test_columns_may_be_named_anew_in_the_middle() -> None:
    made = rows(table([*PLAIN, ["都市", "人数", "前年"], ["大阪", "3", "2"]]))
    assert cells(made[-1]) == [("都市", "大阪"), ("人数", "3"), ("前年", "2")]


def test_a_caption_of_a_table_is_a_passage() -> None:

    made = document([block("資料"), replace(table(PLAIN), caption="表１　被害者の数")])
    assert [passage.text for passage in of_type(made, "caption")] == ["表１　被害者の数"]


def test_empty_rows_are_nothing() -> None:
    assert len(rows(table([*PLAIN, ["", "", ""]]))) == 3


WORDS = st.sampled_from(["", "国", "タイ", "12", "人数", "設けた。", "研修の実施"])


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(WORDS, min_size=width, max_size=width), min_size=1, max_size=6)
))  # fmt: skip
def test_every_word_of_a_table_can_be_found(texts: list[list[str]]) -> None:
    # Whatever the table is taken for, each cell stands in a text or in a path.
    made = document([table([[f"{text}{at}" * bool(text) for at, text in enumerate(row)]
                            for row in texts])])  # fmt: skip
    shown = "\n".join(chain.from_iterable((p.text, *p.path, p.date or "") for p in made.passages))
    shown += "\n".join(cell.column for p in made.passages for cell in p.cells or ())
    shown += "".join(measure.title + "".join(measure.ministries) for measure in made.measures)
    for row in texts:
        for at, text in enumerate(row):
            assert not text or f"{text}{at}" in shown


def test_rows_across_all_columns_that_follow_each_other_all_stay() -> None:
    rows = [["国", "人数"], ["注の一つめ", "<"], ["注の二つめ", "<"], ["タイ", "12"]]
    made = of_type(document([table(rows)]), "row")
    assert [(passage.path, passage.text) for passage in made] == [
        ((), "国 | 人数"), ((), "注の一つめ"), (("注の二つめ",), "タイ | 12"),
    ]  # fmt: skip


LEDGER_NAMES = ["番号", "所在", "順位", "備考", "<"]
LEDGER_ROWS = [
    ["1", "東町一番", "2", "令和2年5月抹消", "<"],
    ["2", "西町", "3", "令和2年抹消", "<"],
]


def test_values_above_the_names_of_the_columns_stand_under_their_labels() -> None:
    ledgers = table([
        ["財産目録", "<", "<", "<", "<"], ["記号", "第12号", "<", "調製", "令和元年5月"],
        LEDGER_NAMES, *LEDGER_ROWS,
        ["負債目録", "<", "<", "<", "<"], ["記号", "第13号", "<", "調製", "令和2年6月"],
        LEDGER_NAMES, *LEDGER_ROWS,
    ])  # fmt: skip
    made = rows(ledgers)
    pairs = [row for row in made if row.text.startswith("記号")]
    assert [(row.path[-1], cells(row)) for row in pairs] == [
        ("財産目録", [("記号", "第12号"), ("調製", "令和元年5月")]),
        ("負債目録", [("記号", "第13号"), ("調製", "令和2年6月")]),
    ]
    assert pairs[0].text == "記号 | 第12号 | 調製 | 令和元年5月"
    last = made[-1]
    assert last.path[-1] == "負債目録"
    assert cells(last) == [("番号", "2"), ("所在", "西町"), ("順位", "3"), ("備考", "令和2年抹消")]


# What is no row of labels and values, and names no column below it.
NO_PAIRS: list[tuple[str, list[list[str]]]] = [
    ("the same columns", [["記号", "12", "名", "3"], ["番号", "所在", "順位", "備考"]]),
    ("a value without a figure", [["記号", "<", "不明", "<"], ["番号", "所在", "順位", "備考"]]),
    ("a name with a figure", [["記号", "<", "第12号", "<"], ["番号", "所在1", "順位", "備考"]]),
    ("two names", [["記号", "第12号", "<", "<"], ["番号", "所在", "<", "<"]]),
]


@pytest.mark.parametrize(("what", "top"), NO_PAIRS, ids=[case[0] for case in NO_PAIRS])
def test_what_are_no_labels_and_values(what: str, top: list[list[str]]) -> None:
    assert not pairs_over_names(view(table([*top, ["1", "東町", "2", "抹消"]])), 0)
