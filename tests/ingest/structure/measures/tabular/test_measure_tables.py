"""Tables of measures: columns in any order, marks, ministries, headings between the rows."""

from itertools import permutations

import pytest

from shisaku.ingest.html import read_html
from shisaku.ingest.model import Document, TableBlock
from shisaku.ingest.structure import build_document
from shisaku.ingest.structure.measures.tabular.measure_columns import find_columns, has_measures
from tests.support.setting import block, document, of_type, table

TITLE = block("「人身取引対策行動計画2009」フォローアップ", size=16)
HEAD = ["施策名", "省庁名", "実施状況"]
WHO = ("警察庁", "法務省", "外務省")


def follow_up(*rows: list[str], head: list[str] = HEAD) -> Document:
    return document([TITLE, table([head, *rows])])


def items(made: Document) -> list[tuple[str, tuple[str, ...], str]]:
    """Give the measure, ministries and words of each item."""
    titles = {measure.id: f"{measure.label}{measure.title}" for measure in made.measures}
    return [
        (titles[passage.measure or ""], passage.ministries, passage.text)
        for passage in of_type(made, "status_item")
    ]


def test_a_measure_with_its_ministries_and_items() -> None:
    made = follow_up(["① 相談窓口", "警察庁\n法務省", "◎窓口を設けた。\n○（再掲）通訳を置く。"])
    assert made.kind == "follow_up"
    (measure,) = made.measures
    assert (measure.label, measure.title, measure.ministries) == ("①", "相談窓口", WHO[:2])
    first, second = of_type(made, "status_item")
    assert (first.text, first.mark, first.status, first.restated) == (
        "窓口を設けた。", "◎", "done", False,
    )  # fmt: skip
    assert (second.text, second.mark, second.status, second.restated) == (
        "通訳を置く。", "○", "pending", True,
    )  # fmt: skip
    assert first.ministries == second.ministries == WHO[:2]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_columns_may_stand_in_any_order(order: tuple[int, ...]) -> None:
    rows = [["相談窓口", "警察庁", "◎窓口を設けた。"], ["職員研修", "法務省", "○続ける。"]]
    made = follow_up(*([row[at] for at in order] for row in rows), head=[HEAD[at] for at in order])
    assert items(made) == [
        ("相談窓口", ("警察庁",), "窓口を設けた。"), ("職員研修", ("法務省",), "続ける。"),
    ]  # fmt: skip


def test_a_measure_over_several_rows_has_a_row_for_each_list_of_ministries() -> None:
    made = follow_up(
        ["相談窓口", "警察庁", "◎設けた。"],
        ["^", "法務省", "○検討する。"],
        ["研修", "外務省", "◎済。"],
    )
    assert items(made) == [
        ("相談窓口", ("警察庁",), "設けた。"), ("相談窓口", ("法務省",), "検討する。"),
        ("研修", ("外務省",), "済。"),
    ]  # fmt: skip
    assert [measure.ministries for measure in made.measures] == [WHO[:2], WHO[2:]]


def test_ministries_over_several_rows_hold_for_each() -> None:
    made = follow_up(["相談窓口", "警察庁", "◎設けた。"], ["研修", "^", "○検討する。"])
    assert [ministries for _, ministries, _ in items(made)] == [("警察庁",), ("警察庁",)]


def test_others_are_noted() -> None:
    made = follow_up(["相談窓口", "警察庁等", "◎設けた。"])
    assert made.measures[0].and_others
    assert of_type(made, "status_item")[0].and_others


def test_rows_across_all_columns_are_headings() -> None:
    made = follow_up(
        ["Ⅱ　総合的な対策", "<", "<"], ["１　防止", "<", "<"], ["① 窓口", "警察庁", "◎設けた。"],
        ["２　保護", "<", "<"], ["① 通訳", "法務省", "◎置いた。"],
        ["Ⅲ　推進体制", "<", "<"], ["① 会議", "外務省", "◎開いた。"],
    )  # fmt: skip
    one, three = "Ⅱ\u3000総合的な対策", "Ⅲ\u3000推進体制"
    assert [measure.path for measure in made.measures] == [
        (one, "１\u3000防止"), (one, "２\u3000保護"), (three,),
    ]  # fmt: skip
    assert [(section.label, section.level) for section in made.sections] == [
        ("Ⅱ", 1), ("１", 2), ("２", 2), ("Ⅲ", 1),
    ]  # fmt: skip
    assert [passage.path for passage in of_type(made, "status_item")] == [
        measure.path for measure in made.measures
    ]


FULL = ["① 窓口", "警察庁", "◎設けた。"]
GUESS = ("a heading told by the empty cells beside it",)

# Rows of which only the first cell is filled: the headings among them, and what is guessed.
LONE: list[tuple[str, list[list[str]], list[str], tuple[str, ...]]] = [
    ("numbered", [["１　防止", "", ""], FULL, ["２　保護", "", ""], FULL], ["１", "２"], ()),
    ("over two columns", [["１　防止", "<", ""], FULL], ["１"], ()),
    ("headings in turn", [["Ⅰ　対策", "", ""], ["１　防止", "", ""], FULL], ["Ⅰ", "１"], ()),
    ("without a number", [["防止", "", ""], FULL, FULL], [""], GUESS),
    # ② counts on with the measures: nobody reported on it.
    ("a measure among measures", [FULL, ["② 研修", "", ""], ["③ 通訳", *FULL[1:]]], [], ()),
    ("at the end", [FULL, FULL, ["備考", "", ""]], [], ()),
    ("a sentence", [["以下は内閣府が取りまとめた。", "", ""], FULL], [], ()),
    ("its ministries are known", [["１　防止", "警察庁", ""], FULL, FULL], [], ()),
    ("mostly empty", [["防止", "", ""], ["保護", "", ""], ["推進", "", ""], FULL], [], ()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "rows", "wanted", "guessed"), LONE, ids=[case[0] for case in LONE]
)
def test_a_heading_row_may_have_empty_cells(
    what: str, rows: list[list[str]], wanted: list[str], guessed: tuple[str, ...]
) -> None:
    made = follow_up(*rows)
    assert [section.label for section in made.sections] == wanted
    assert {passage.guessed for passage in of_type(made, "status_item")} == {guessed}
    words = "".join([m.label + m.title for m in made.measures]
                    + [s.label + s.title for s in made.sections])  # fmt: skip
    assert all(row[0].replace("\u3000", "").replace(" ", "") in words for row in rows)


def test_measures_stand_under_a_heading_row_with_empty_cells() -> None:
    made = follow_up(["１　防止", "", ""], FULL, ["２　保護", "", ""], FULL)
    assert [measure.path for measure in made.measures] == [("１\u3000防止",), ("２\u3000保護",)]
    assert made.ledger["lost"] == made.ledger["invented"] == 0


def test_a_lone_cell_in_a_list_of_measures_and_states_is_a_measure() -> None:
    made = document([TITLE, table([["施策名", "実施状況"], ["窓口", ""], ["研修", "済。"]])])
    assert [measure.title for measure in made.measures] == ["窓口", "研修"]


def test_a_heading_row_without_rows_can_be_found() -> None:
    made = follow_up(["１　防止", "<", "<"], ["２　保護", "<", "<"], ["窓口", "警察庁", "◎済。"])
    assert [passage.text for passage in of_type(made, "heading")] == ["１\u3000防止"]


def test_two_measures_of_one_name_are_two() -> None:
    made = follow_up(
        ["１　防止", "<", "<"], ["窓口", "警察庁", "◎設けた。"],
        ["２　保護", "<", "<"], ["窓口", "法務省", "◎置いた。"],
    )  # fmt: skip
    assert len({measure.id for measure in made.measures}) == 2
    assert [measure.ministries for measure in made.measures] == [("警察庁",), ("法務省",)]


def test_an_unmarked_paragraph_goes_on_with_its_item() -> None:
    # A page or a list broke the sentence.
    made = follow_up(["窓口", "警察庁", "◎警察では、保護のため、\n窓口を設けた。\n○続く。"])
    assert [text for *_, text in items(made)] == ["警察では、保護のため、窓口を設けた。", "続く。"]


def test_an_unmarked_paragraph_after_a_full_sentence_is_an_item() -> None:
    made = follow_up(["窓口", "警察庁", "◎窓口を設けた。\n研修を行った。"])
    assert [(p.mark, p.text) for p in of_type(made, "status_item")] == [
        ("◎", "窓口を設けた。"), (None, "研修を行った。"),
    ]  # fmt: skip


def test_other_columns_are_fields_of_the_measure() -> None:
    made = follow_up(["窓口", "警察庁", "◎設けた。", "１０億円"], head=[*HEAD, "予算額"])
    (field,) = of_type(made, "field")
    assert (field.text, field.path, field.measure) == (
        "１０億円", ("予算額",), made.measures[0].id,
    )  # fmt: skip


def test_two_status_columns() -> None:
    made = follow_up(
        ["窓口", "警察庁", "◎設けた。", "○続ける。"], head=[*HEAD, "平成23年度の取組状況"]
    )
    assert [text for _, _, text in items(made)] == ["設けた。", "続ける。"]


def test_a_measure_without_a_status_can_be_cited() -> None:
    made = follow_up(["窓口", "警察庁", ""], ["研修", "法務省", "◎済。"])
    (only,) = of_type(made, "heading")
    assert (only.text, only.ministries, only.measure) == ("窓口", ("警察庁",), made.measures[0].id)


def test_the_head_may_stand_below_a_title_row() -> None:
    made = document([TITLE, table([["別表", "<", "<"], HEAD, ["窓口", "警察庁", "◎設けた。"]])])
    assert [measure.title for measure in made.measures] == ["窓口"]


def test_a_table_of_measures_over_pages_keeps_its_measures_whole() -> None:
    edges = (72.0, 172.0, 272.0, 472.0)
    made = document(
        [TITLE, table([HEAD, ["窓口", "警察庁", "◎警察では、被害者のため、窓"]], edges=edges,
                      open_bottom=True)],
        [table([["", "", "口を設けた。"], ["研修", "法務省", "○続ける。"]], page=2, edges=edges,
               open_top=True)],
    )  # fmt: skip
    assert items(made) == [
        ("窓口", ("警察庁",), "警察では、被害者のため、窓口を設けた。"),
        ("研修", ("法務省",), "続ける。"),
    ]
    first, second = made.measures
    assert (first.page, first.page_end, second.page) == (1, 2, 2)
    item = of_type(made, "status_item")[0]
    assert (item.page, item.page_end, [box.page for box in item.boxes]) == (1, 2, [1, 2])


def test_a_header_that_returns_is_no_measure() -> None:
    made = follow_up(["窓口", "警察庁", "◎設けた。"], HEAD, ["研修", "法務省", "◎済。"])
    assert [measure.title for measure in made.measures] == ["窓口", "研修"]


# Tables that have no measures, whatever their words.
NONE: list[tuple[str, TableBlock]] = [
    ("figures", table([["国籍", "人数", "前年"], ["タイ", "12", "10"]])),
    ("ministries alone", table([["省庁名", "電話番号"], ["警察庁", "03-0000-0000"]])),
    ("measures alone", table([["施策名", "予算額"], ["窓口", "10"]])),
    ("the words stand below", table([["国", "人"], ["a", "b"], ["c", "d"], ["施策名", "省庁名"]])),
]


@pytest.mark.parametrize(("what", "made"), NONE, ids=[case[0] for case in NONE])
def test_what_is_no_table_of_measures(what: str, made: TableBlock) -> None:
    assert find_columns(made) is None
    assert not has_measures([made])


@pytest.mark.parametrize(
    "head", [["項目", "内容"], ["事業", "現状"], ["項目", "単位", "実績"], ["項目", "評価"]]
)
def test_a_table_of_terms_makes_no_follow_up(head: list[str]) -> None:
    # Such heads stand over specifications and glossaries of any report.
    row = [["文字コード", "UTF-8", "済"][at] for at in range(len(head))]
    made = document([block("データの手引", size=16), table([head, row, row])])
    assert made.kind != "follow_up"
    assert made.measures == ()


def test_a_status_over_several_ministries_is_each_one_s() -> None:
    made = follow_up(["① 相談窓口", "警察庁", "◎連携して窓口を設けた。"], ["^", "法務省", "^"])
    (item,) = of_type(made, "status_item")
    assert item.ministries == made.measures[0].ministries == WHO[:2]


def test_a_column_of_numbers_labels_the_measures() -> None:
    made = follow_up(
        ["72", "相談窓口", "警察庁", "◎設けた。"], ["73", "研修", "法務省", "○続ける。"],
        head=["番号", *HEAD],
    )  # fmt: skip
    assert [(measure.label, measure.title) for measure in made.measures] == [
        ("72", "相談窓口"), ("73", "研修"),
    ]  # fmt: skip
    assert not of_type(made, "field")


def test_words_that_are_no_ministries_put_nobody_in_charge() -> None:
    # A review sheet has 事業名 and 担当部局 as labels, not as heads of columns.
    sheet = table(
        [
            ["事業名", "相談事業", "担当部局", "総務課"],
            ["目的", "被害者を保護する。", "この事業は、", "地域の相談体制を整備するものである。"],
            ["概要", "窓口を置く。", "補助", "民間団体に対し費用の一部を補助する。"],
        ]
    )
    made = document([block("事業の実施状況", size=16), sheet])
    assert made.measures == ()
    assert not any(passage.ministries for passage in made.passages)


def test_a_status_over_several_measures_charges_each_with_its_own_ministries() -> None:
    made = follow_up(["① 相談窓口", "警察庁", "◎連携して設けた。"], ["② 研修", "法務省", "^"])
    assert [measure.ministries for measure in made.measures] == [("警察庁",), ("法務省",)]
    (item,) = of_type(made, "status_item")
    assert item.ministries == WHO[:2]
    # The second can be cited, too.
    (heading,) = of_type(made, "heading")
    assert (heading.text, heading.ministries) == ("② 研修", ("法務省",))


def test_a_bracket_before_the_mark_opens_an_item_on_a_line_of_its_own() -> None:
    raw = read_html(
        b"<meta charset=utf-8>"
        + "<h1>行動計画フォローアップ</h1><table border=1>"
        "<tr><th>施策名<th>省庁名<th>実施状況</tr>"
        "<tr><td>窓口<td>警察庁<td>○ 置く。<br>続く行。<br>（再掲）◎ 設けた。</tr></table>".encode()
    )
    made = build_document(raw, document_id="x.html", sources=(), sha256="0" * 64)
    found = [(item.text, item.mark, item.restated) for item in of_type(made, "status_item")]
    assert found == [("置く。\n続く行。", "○", False), ("設けた。", "◎", True)]
