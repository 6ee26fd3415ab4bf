"""Forms: which tables are forms, and under which labels each value stands."""

import pytest

from shisaku.ingest.model import TableBlock
from shisaku.ingest.structure.tables.forms import Field, is_form, name_of_form, read_fields
from shisaku.ingest.structure.tables.grid import label_text
from tests.support.setting import block, document, of_type, table

LONG = "被害者を早く見つけるため、各地の窓口に相談員を置き、通訳を手配した。"

PAIRS = [["分担金名", "国際移住機関拠出金", "<", "<"], ["種別", "任意拠出金", "<", "第２種"],
         ["30年度予算額", "23,100千円", "29年度予算額", "23,100千円"],
         ["総合評価", "Ｂ", "<", "<"], ["1 概要", LONG, "<", "<"]]  # fmt: skip

# The same with rows cut in only two ways.
EVEN = [row if row[3] != "第２種" else ["種別", "任意拠出金", "<", "<"] for row in PAIRS]

NESTED = [
    ["名称", "拠出金", "<"],
    ["5 PDCAサイクルの確保", "PLAN", LONG],
    ["^", "DO", "窓口を設けた。"],
    ["^", "ACT", "続ける。"],
    ["6 備考", LONG, "<"],
]

HEADS = [
    ["名称", "拠出金", "<", "<"],
    ["4 職員の状況", "加盟国の数", "職員数", "うち邦人"],
    ["^", "169", "9,500", "32"],
    ["5 備考", LONG, "<", "<"],
]

# A second row without a label of its own belongs to the first one.
UNLABELLED = [
    ["名称", "拠出金", "<", "<"],
    ["職員", "総数", "うち邦人", "うち幹部"],
    ["", "169", "32", "1"],
    ["備考", LONG, "<", "<"],
]


def fields(made: TableBlock) -> list[tuple[str, str]]:
    """Give labels, joined by strokes, and values."""
    return [
        ("/".join(label_text(label) for label in field.labels), field.value.text)
        for field in read_fields(made)
        if isinstance(field, Field)
    ]


FORMS: list[tuple[str, list[list[str]], list[tuple[str, str]]]] = [
    (
        "pairs, one or two in a row",
        PAIRS,
        [
            ("分担金名", "国際移住機関拠出金"), ("種別/任意拠出金", "第２種"),
            ("30年度予算額", "23,100千円"), ("29年度予算額", "23,100千円"),
            ("総合評価", "Ｂ"), ("1 概要", LONG),
        ],
    ),
    (
        "a label over labels",
        NESTED,
        [
            ("名称", "拠出金"), ("5 PDCAサイクルの確保/PLAN", LONG),
            ("5 PDCAサイクルの確保/DO", "窓口を設けた。"), ("5 PDCAサイクルの確保/ACT", "続ける。"),
            ("6 備考", LONG),
        ],
    ),
    (
        "heads over values, beside a label",
        HEADS,
        [
            ("名称", "拠出金"), ("4 職員の状況/加盟国の数", "169"),
            ("4 職員の状況/職員数", "9,500"), ("4 職員の状況/うち邦人", "32"), ("5 備考", LONG),
        ],
    ),
    (
        "heads over values, the label not spanning",
        UNLABELLED,
        [
            ("名称", "拠出金"), ("職員/総数", "169"), ("職員/うち邦人", "32"),
            ("職員/うち幹部", "1"), ("備考", LONG),
        ],
    ),
    (
        "a row of two lines, the second without a label",
        [["名称", "拠出金", "<"], ["概要", LONG, "<"], ["", "続きの文。", "<"], ["長", "甲", "乙"]],
        [("名称", "拠出金"), ("概要", LONG), ("概要", "続きの文。"), ("長/甲", "乙")],
    ),
]  # fmt: skip

FORMS += [
    (
        "three columns: labels over labels",
        [["事業の概要", "目的", LONG], ["^", "手段", "民間団体に委託する。"],
         ["評価", "必要性", "Ａ"], ["^", "効率性", "Ｂ"], ["備考", "特になし", "<"]],
        [
            ("事業の概要/目的", LONG), ("事業の概要/手段", "民間団体に委託する。"),
            ("評価/必要性", "Ａ"), ("評価/効率性", "Ｂ"), ("備考", "特になし"),
        ],
    ),
    (
        "the same with the label's other cells drawn",
        [["事業の概要", "目的", LONG], ["", "手段", "民間団体に委託する。"],
         ["評価", "必要性", LONG], ["", "効率性", "Ｂ"], ["", "有効性", "Ａ"]],
        [
            ("事業の概要/目的", LONG), ("事業の概要/手段", "民間団体に委託する。"),
            ("評価/必要性", LONG), ("評価/効率性", "Ｂ"), ("評価/有効性", "Ａ"),
        ],
    ),
    (
        "one row cut in more cells",
        [["概要", "目的", LONG, "<", "<"], ["^", "手段", LONG, "<", "<"],
         ["^", "担当", "総務課", "電話", "内線"], ["評価", "必要性", LONG, "<", "<"],
         ["^", "効率性", "国が自ら行う。", "<", "<"]],
        [
            ("概要/目的", LONG), ("概要/手段", LONG), ("概要/担当", "総務課"),
            ("概要/電話", "内線"), ("評価/必要性", LONG), ("評価/効率性", "国が自ら行う。"),
        ],
    ),
    (
        "one row cut in fewer cells",
        [["名称", "拠出金"], ["概要", LONG], ["以下の欄は翌年度に記入する", "<"], ["評価", "Ｂ"]],
        [("名称", "拠出金"), ("概要", LONG), ("", "以下の欄は翌年度に記入する"), ("評価", "Ｂ")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("what", "rows", "wanted"), FORMS, ids=[form[0] for form in FORMS])
def test_fields(what: str, rows: list[list[str]], wanted: list[tuple[str, str]]) -> None:
    assert is_form(table(rows))
    assert fields(table(rows)) == wanted


def test_pairs_cut_in_two_ways_are_a_form() -> None:
    assert is_form(table(EVEN))
    assert ("29年度予算額", "23,100千円") in fields(table(EVEN))


def test_two_columns_with_long_values_are_a_form() -> None:
    made = table([["名称", "拠出金"], ["概要", LONG], ["評価", "続ける。"]])
    assert is_form(made)
    assert fields(made) == [("名称", "拠出金"), ("概要", LONG), ("評価", "続ける。")]


NO_FORMS: list[tuple[str, list[list[str]]]] = [
    ("a table of figures", [["国", "人"], ["タイ", "12"], ["中国", "9"]]),
    ("a plain grid", [["国", "人", "年"], ["タイ", "12", "一"], ["中国", "9", "二"]]),
    ("a single column", [["名称"], [LONG]]),
    ("sentences at the left", [[LONG, "甲", "<"], [LONG, "乙", "丙"], [LONG, "<", "丁"]]),
    ("heads over groups", [["分野", "事項", "内容"], ["防止", "窓口", LONG], ["^", "研修", LONG]]),
    ("no group", [["防止", "窓口", LONG], ["保護", "通訳", LONG], ["推進", "会議", LONG]]),
    ("nothing in it", [["", ""], ["", ""]]),
]


@pytest.mark.parametrize(("what", "rows"), NO_FORMS, ids=[case[0] for case in NO_FORMS])
def test_what_is_no_form(what: str, rows: list[list[str]]) -> None:
    assert not is_form(table(rows))


@pytest.mark.parametrize(
    "rows",
    [
        [["地域", "国", "人数"], ["アジア", "タイ", "12"], ["^", "中国", "9"], ["欧州", "", "1"]],
        [["国", "人数", "前年"], ["タイ", "12", "10"], ["（警察庁調べ）", "<", "<"]],
        [["国", "人数", "備考"], ["タイ", "12", "女性"], ["中国", "9", "^"]],
        [["国", "人数", "<"], ["^", "男", "女"], ["タイ", "5", "7"]],
    ],
)
def test_short_tables_with_spans_are_no_forms(rows: list[list[str]]) -> None:
    assert not is_form(table(rows))


def test_a_table_with_heads_in_markup_is_no_form() -> None:
    assert not is_form(table(PAIRS, header=1))


def test_each_paragraph_of_a_value_is_a_field_under_its_labels() -> None:
    rows = [*PAIRS[:3], ["1 概要", f"・{LONG}\n・続ける。", "<", "<"]]
    made = of_type(document([table(rows)]), "field")
    assert [(passage.path, passage.text) for passage in made[-2:]] == [
        (("1 概要",), f"・{LONG}"), (("1 概要",), "・続ける。"),
    ]  # fmt: skip


def test_a_label_broken_for_want_of_room_is_one_label() -> None:
    rows = [*PAIRS[:3], ["2 組織・財政\nマネジメント", LONG, "<", "<"]]
    made = of_type(document([table(rows)]), "field")
    assert made[-1].path == ("2 組織・財政マネジメント",)


def test_no_value_of_a_form_is_lost() -> None:
    for _, rows, _ in FORMS:
        made = document([table(rows)])
        words = "".join(passage.text + "".join(passage.path) for passage in made.passages)
        for text in (text for row in rows for text in row if text not in {"", "<", "^"}):
            assert text in words


BUDGET = [
    ["区分", "令和3年度", "令和4年度"], ["当初予算", "1,200", "1,300"], ["補正予算", "未定", "10"],
    ["執行額", "1,100", ""],
]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "path"),
    [
        ([["予算", *BUDGET[0]], *(["^", *row] for row in BUDGET[1:])], ("予算",)),
        ([[*BUDGET[0], "令和5年度"], ["執行額", "1,100", "", "－"]], ()),
    ],
)
def test_figures_in_a_form_stand_under_the_heads_of_their_columns(
    rows: list[list[str]], path: tuple[str, ...]
) -> None:
    made = document([table([["施策名", "相談窓口", "<", "<"], ["概要", LONG, "<", "<"], *rows,
                            ["評価", "Ｂ", "<", "<"], ["備考", LONG, "<", "<"]])])  # fmt: skip
    found = [passage for passage in of_type(made, "row") if passage.path == path]
    spent = found[-1].cells or ()
    assert [(cell.column, cell.text) for cell in spent][:2] == [
        ("区分", "執行額"), ("令和3年度", "1,100"),
    ]  # fmt: skip
    assert made.ledger["lost"] == made.ledger["invented"] == 0
    assert not [each for each in made.passages if "1,100" in each.path]


@pytest.mark.parametrize(
    ("title", "label", "named"),
    [
        ("平成30年度シート", "分担金・拠出金名", "平成30年度シート\u3000国際移住機関拠出金"),
        ("行政事業レビューシート", "事業名", "行政事業レビューシート\u3000国際移住機関拠出金"),
        ("令和元年度事前評価書", "施策名", "令和元年度事前評価書\u3000国際移住機関拠出金"),
        ("平成30年度シート", "種別", "平成30年度シート"),  # not what it is about
        ("被害者支援事業の評価書", "事業名", "被害者支援事業の評価書"),  # says it itself
    ],
)
def test_a_form_is_titled_by_what_it_is_about(title: str, label: str, named: str) -> None:
    rows = [[label, *PAIRS[0][1:]], *PAIRS[1:]]
    assert name_of_form(title, [table([["甲", "乙"], ["1", "2"]]), table(rows)]) == named


def test_the_title_of_a_sheet() -> None:
    made = document([block("平成30年度シート"), table([["拠出金名", *PAIRS[0][1:]], *PAIRS[1:]])])
    assert made.kind == "evaluation_sheet"
    assert made.title == "平成30年度シート\u3000国際移住機関拠出金"
