"""Heads of two rows: the head of a column is the path of its head cells."""

import pytest

from shisaku.ingest.html import read_html
from shisaku.ingest.model import Document, Source, TableBlock
from shisaku.ingest.structure import build_document
from shisaku.ingest.structure.measures.tabular.measure_columns import find_columns
from shisaku.ingest.structure.tables.grid import view
from shisaku.ingest.structure.tables.heads import head_depth, head_path, lone_rows
from shisaku.ingest.structure.tables.table_rows import header_rows
from tests.support.setting import block, document, of_type, table

TITLE = block("「人身取引対策行動計画2009」フォローアップ", size=16)
SPANNING = [
    ["施策名", "担当", "<", "実施状況", "<"],
    ["^", "府省庁", "部局", "令和3年度", "令和4年度"],
]
DRAWN = [["施策名", "担当", "<", "実施状況", "<"], ["", *SPANNING[1][1:]]]
ROW = ["① 窓口", "警察庁", "刑事局", "◎設けた。", "○続ける。"]

DEPTHS: list[tuple[str, list[list[str]], int]] = [
    ("one row", [["国", "人数"], ["タイ", "12"], ["中国", "9"]], 1),
    ("a head that reaches down beside the parts", [*SPANNING, ROW], 2),
    ("nothing under the head beside the parts", [*DRAWN, ROW], 2),
    # 合計 is filled: this is a row of data under a head over two columns.
    ("a row of data", [["国", "人数", "<"], ["タイ", "12", "9"], ["中国", "9", "8"]], 1),
    ("a title over all columns", [["別表", "<"], ["国", "人数"], ["タイ", "12"]], 1),
    ("nothing below", [*SPANNING[:1], ["", "警察庁", "刑事局", "", ""]], 1),
    ("labels of groups", [["組織", "<", "評価"], ["１．委員会", "１）開催", ""],
                          ["^", "２）出席", "○"]], 1),
    ("boxes to be filled in", [["組織", "<", "評価"], ["１．委員会", "１）開催", ""],
                               ["２．会議", "２）出席", ""]], 1),
    ("sentences", [["国", "人数", "<"], ["", "増えた。", "減った。"], ["甲", "1", "2"]], 1),
    ("three rows", [["国", "数", "<", "<", "<"], ["^", "男", "<", "女", "<"],
                    ["^", "大人", "子供", "大人", "子供"], ["タイ", "1", "2", "3", "4"]], 3),
]  # fmt: skip


@pytest.mark.parametrize(("what", "rows", "wanted"), DEPTHS, ids=[case[0] for case in DEPTHS])
def test_how_deep_a_head_is(what: str, rows: list[list[str]], wanted: int) -> None:
    assert head_depth(view(table(rows)), 0) == wanted


def test_the_head_of_a_column_is_a_path() -> None:
    grid = view(table([*SPANNING, ROW]))
    assert [head_path(grid, 0, 2, at) for at in range(5)] == [
        ("施策名",), ("担当", "府省庁"), ("担当", "部局"), ("実施状況", "令和3年度"),
        ("実施状況", "令和4年度"),
    ]  # fmt: skip


@pytest.mark.parametrize("head", [SPANNING, DRAWN], ids=["spanning", "drawn"])
def test_columns_are_found_by_any_part_of_their_heads(head: list[list[str]]) -> None:
    made = document([TITLE, table([*head, ROW, ["② 研修", "法務省", "", "", "◎済。"]])])
    assert [(m.label, m.title, m.ministries) for m in made.measures] == [
        ("①", "窓口", ("警察庁",)), ("②", "研修", ("法務省",)),
    ]  # fmt: skip
    # Beside 府省庁, 部局 names an office; the bureau of that name in another ministry is not meant.
    (office,) = of_type(made, "field")
    assert (office.path, office.text) == (("担当", "部局"), "刑事局")
    assert [(p.path, p.text, p.mark) for p in of_type(made, "status_item")] == [
        (("実施状況", "令和3年度"), "設けた。", "◎"), (("実施状況", "令和4年度"), "続ける。", "○"),
        (("実施状況", "令和4年度"), "済。", "◎"),
    ]  # fmt: skip


def test_the_head_of_a_page_returns_in_two_rows() -> None:
    last = ["② 研修", "法務省", "", "", "済。"]
    made = document([TITLE, table([*SPANNING, ROW, *SPANNING, last])])
    assert [measure.title for measure in made.measures] == ["窓口", "研修"]
    assert made.ledger["lost"] == made.ledger["invented"] == 0
    assert made.ledger["table_heads"] == sum(len(text) for row in SPANNING for text in row
                                             if text not in "<^")  # fmt: skip


# Each: heads over columns in order, the columns of measure, ministries, status, others.
ROLES: list[tuple[list[list[str]], tuple[int, tuple[int, ...], tuple[int, ...], tuple[int, ...]]]]
ROLES = [
    ([["施策", "<", "担当府省庁"], ["概要", "名称", "^"]], (1, (2,), (0,), ())),
    ([["取組", "担当府省庁", "<"], ["^", "主", "副"]], (0, (1, 2), (), ())),
    ([["取組", "進捗", "<"], ["^", "令和3年度", "令和4年度"]], (0, (), (1, 2), ())),
    ([["取組", "実施状況", "<"], ["^", "担当府省庁", "内容"]], (0, (1,), (2,), ())),
    ([["取組", "担当府省庁", "進捗（令和4年度）"]], (0, (1,), (2,), ())),
    ([["取組", "令和3年度の進捗", "担当府省庁"]], (0, (2,), (1,), ())),
    ([["取組", "担当府省庁", "予算", "<"], ["^", "^", "当初", "補正"]], (0, (1,), (), (2, 3))),
    ([["取組", "主担当府省庁", "関係府省庁"]], (0, (1, 2), (), ())),
]  # fmt: skip


@pytest.mark.parametrize(("head", "wanted"), ROLES, ids=["/".join(h[0]) for h, _ in ROLES])
def test_what_columns_hold(
    head: list[list[str]], wanted: tuple[int, tuple[int, ...], tuple[int, ...], tuple[int, ...]]
) -> None:
    row = ["警察庁" if at in wanted[1] else f"本文{at}" for at in range(len(head[0]))]
    found = find_columns(table([*head, row]))
    assert found is not None
    assert (found.measure, found.ministries, found.status, found.others) == wanted


@pytest.mark.parametrize(
    ("cell", "kind"), [("窓口を設けた。", "status_item"), ("1,200千円", "field")]
)
def test_a_column_headed_by_a_year_is_progress_unless_it_holds_figures(
    cell: str, kind: str
) -> None:
    head = ["施策名", "担当府省庁", "令和3年度", "令和4年度"]
    made = document([TITLE, table([head, ["窓口", "警察庁", cell, cell]])])
    assert [(passage.type, passage.path) for passage in made.passages[1:]] == [
        (kind, ("令和3年度",)), (kind, ("令和4年度",)),
    ]  # fmt: skip


def test_one_status_over_two_years_stands_under_what_their_heads_share() -> None:
    made = document([TITLE, table([*SPANNING, [*ROW[:3], "◎両年度に設けた。", "<"]])])
    (item,) = of_type(made, "status_item")
    assert item.path == ("実施状況",)


def test_numbers_under_the_head_of_the_measures_are_their_labels() -> None:
    made = document([TITLE, table([
        ["施策名", "<", "担当府省庁", "実施状況"], ["１", "窓口", "警察庁", "◎設けた。"],
        ["２", "研修", "法務省", "○続ける。"],
    ])])  # fmt: skip
    assert [(m.label, m.title) for m in made.measures] == [("１", "窓口"), ("２", "研修")]


def test_heads_without_rows_come_out() -> None:
    made = document([TITLE, table([["施策名", "担当府省庁", "実施状況"]])])
    assert [(p.type, p.text) for p in made.passages] == [("row", "施策名 | 担当府省庁 | 実施状況")]


def test_every_head_is_stored() -> None:
    made = document([TITLE, table([["別表", "<", "<", "<", "<"], *SPANNING, ROW])])
    above, head, *_ = made.passages
    assert above.text == "別表"
    assert head.text == "施策名 | 担当 | 実施状況 | 府省庁 | 部局 | 令和3年度 | 令和4年度"
    assert made.ledger["lost"] == made.ledger["invented"] == 0


def in_html(rows: str) -> Document:
    raw = read_html(f"<meta charset=utf-8><h1>施策の進捗状況</h1><table>{rows}</table>".encode())
    return build_document(raw, document_id="x.html", sources=(Source("raw/x.html"),), sha256="0")


def test_two_rows_of_th() -> None:
    made = in_html(
        "<tr><th rowspan=2>施策名<th colspan=2>担当<th colspan=2>進捗"
        "<tr><th>府省庁<th>部局<th>令和3年度<th>令和4年度"
        "<tr><td>窓口<td>警察庁<td>刑事局<td>設けた。<td>続ける。"
    )
    assert made.measures[0].ministries == ("警察庁",)
    assert [p.path[-2:] for p in of_type(made, "status_item")] == [
        ("進捗", "令和3年度"), ("進捗", "令和4年度"),
    ]  # fmt: skip


def test_other_tables_have_heads_of_two_rows_with_drawn_cells() -> None:
    made: TableBlock = table([["国", "人数", "<"], ["", "男", "女"], ["タイ", "12", "9"]])
    assert header_rows(view(made)) == 2
    row = of_type(document([block("資料"), made]), "row")[-1]
    assert [(c.column, c.text) for c in row.cells or ()] == [
        ("国", "タイ"), ("人数 男", "12"), ("人数 女", "9"),
    ]  # fmt: skip


# Rows of a table of figures of which only the first cell is filled, and those that are headings.
GAPS: list[tuple[str, list[list[str]], list[int]]] = [
    ("headings", [["アジア", "", ""], ["タイ", "1", "2"], ["欧州", "", ""], ["英国", "3", "4"]],
     [1, 3]),
    ("values are missing elsewhere", [["アジア", "", ""], ["タイ", "1", ""], ["英国", "3", "4"]],
     []),
    ("at the foot", [["タイ", "1", "2"], ["英国", "3", "4"], ["不明", "", ""]], []),
    ("two in turn", [["亜", "", ""], ["南", "", ""], ["タイ", "1", "2"], ["英", "3", "4"]], [2]),
    ("most are alone", [["甲", "", ""], ["乙", "1", "2"], ["丙", "", ""]], []),
    ("a sentence", [["次のとおり。", "", ""], ["タイ", "1", "2"], ["英国", "3", "4"]], []),
]  # fmt: skip


@pytest.mark.parametrize(("what", "rows", "wanted"), GAPS, ids=[case[0] for case in GAPS])
def test_rows_that_head_those_below(what: str, rows: list[list[str]], wanted: list[int]) -> None:
    assert sorted(lone_rows(view(table([["国", "人数", "前年"], *rows])), 1)) == wanted


def test_a_missing_value_beside_a_label_is_no_heading() -> None:
    assert not lone_rows(view(table([["費目", "額"], ["謝金", ""], ["旅費", "1"], ["計", "1"]])), 1)


def test_a_table_without_a_head_shows_too_little() -> None:
    assert not lone_rows(view(table(GAPS[0][1])), 0)


def test_a_row_stands_under_the_heading_row_above_it() -> None:
    made = document([block("資料"), table([["国", "人数", "前年"], *GAPS[0][1]])])
    _, thai, british = of_type(made, "row")
    assert (thai.path[-1], thai.text) == ("アジア", "タイ | 1 | 2")
    assert (british.path[-1], british.text) == ("欧州", "英国 | 3 | 4")
    assert thai.guessed == ("a heading told by the empty cells beside it",)
    assert made.ledger["lost"] == made.ledger["invented"] == 0
