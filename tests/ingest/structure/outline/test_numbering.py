"""Labels as Japanese official documents print them."""

import pytest

from shisaku.ingest.structure.outline.numbering import KINDS, is_first, parse_label

CASES: list[tuple[str, str, int | None, str]] = [
    ("第１章　総論", "chapter", 1, "第１章"),
    ("第三節　推進体制", "section", 3, "第三節"),
    ("第二条の三　前条の", "article", 2, "第二条の三"),
    ("I. 実態の把握", "roman", 1, "I."),
    ("Ⅳ　基本的な方針", "roman", 4, "Ⅳ"),
    ("1 国民運動の推進", "number", 1, "1"),
    ("１．目的", "number", 1, "１．"),
    ("1.2 背景", "decimal2", 2, "1.2"),
    ("3-1-4 評価", "decimal3", 4, "3-1-4"),
    ("(1) 環境の整備", "paren", 1, "(1)"),
    ("（２）推進体制", "paren", 2, "（２）"),
    ("⑴ 総則", "paren", 1, "⑴"),
    ("①協議会の開催", "circled", 1, "①"),
    ("ア　広報", "kana", 1, "ア"),
    ("(イ) 研修", "paren_kana", 2, "(イ)"),
    ("a) 対象", "latin", 1, "a)"),
    ("・項目", "bullet", None, "・"),
    ("≫ 在留審査", "bullet", None, "≫"),
    ("別紙1", "annex", 1, "別紙1"),
    ("附則", "annex", None, "附則"),
    ("附　則　（昭和三三年四月二八日政令第九二号）", "annex", None, "附　則"),
    ("別表第一（第二条関係）", "annex", 1, "別表第一"),
    ("様式２の６", "annex", 2, "様式２の６"),
    ("別紙様式１", "annex", 1, "別紙様式１"),
    ("第１　目的", "point", 1, "第１"),  # not 第１目
    ("第４　部会の設置", "point", 4, "第４"),  # not 第４部
    ("第３章総則", "chapter", 3, "第３章"),
    ("【施策番号72】相談窓口", "tagged", 72, "【施策番号72】"),
    ("二　目的", "kanji", 2, "二"),
    ("（ⅲ）通訳", "paren_latin", 3, "（ⅲ）"),
    ("1) 対象", "closed", 1, "1)"),
    ("Ⅰ－１　防止", "roman2", 1, "Ⅰ－１"),
    ("Ⅰ－２防止", "roman2", 2, "Ⅰ－２"),
    ("Ⅱ-2-(1) 保護", "roman3", 1, "Ⅱ-2-(1)"),
    ("Ⅱ－２－（３）　保護", "roman3", 3, "Ⅱ－２－（３）"),
    ("Ⅲ－１－②　通訳", "roman3", 2, "Ⅲ－１－②"),
    ("II-3 Outline", "roman2", 3, "II-3"),
    ("１－（２）　研修", "decimal2", 2, "１－（２）"),
    ("1-2-(4) 研修", "decimal3", 4, "1-2-(4)"),
    ("Ａ１０５　専門病院入院基本料", "code", 105, "Ａ１０５"),
    ("第16の２　申請の手続", "point", 16, "第16の２"),
    ("第2-3 評価の方法", "point", 2, "第2-3"),
    ("別添1-2 様式の一覧", "annex", 1, "別添1-2"),
    ("【1-1-(3)】窓口の設置", "tagged", 3, "【1-1-(3)】"),
    ("【施策番号7】【施策番号8】研修", "tagged", 8, "【施策番号7】【施策番号8】"),
    ("五の二　外国人の受入れ", "kanji", 5, "五の二"),
    ("目標３　密輸の阻止", "counted", 3, "目標３"),
    ("目標１", "counted", 1, "目標１"),
    ("■ 目標２　再発の防止", "counted", 2, "■ 目標２"),
    ("議題１大麻の適正な利用", "counted", 1, "議題１"),
    ("論点２：規制の対象", "counted", 2, "論点２："),
    ("基本方針Ⅱ　連携の強化", "counted", 2, "基本方針Ⅱ"),
    ("問１（定義）次のうち", "counted", 1, "問１"),
    ("Step 2 Review", "counted", 2, "Step 2"),
]

NONE = [
    "第三次総合対策",  # an edition, not a label
    "2016年に策定した",  # a date
    "30年度予算額",
    "1.5度の上昇",  # a quantity
    "12月",
    "IOMは国連の機関である",  # a name in capitals, not a roman numeral
    "別添のとおり",
    "カメラ",
    "G20 大阪サミット",
    "3 年間の計画",
    "I have a plan",
    "第２条例の施行",
    "Ⅱ－１～３の施策",  # a range
    "Ⅰ～Ⅲ共通",
    "V-22 オスプレイ",
    "X-1線",
    "III-V族半導体",
    "目標１つを定める",
    "課題２件を扱う",
    "目標３を達成する",
    "施策１００のうち",
    "五の字",
    "【新設・拡充】",
]


@pytest.mark.parametrize(("text", "kind", "value", "printed"), CASES)
def test_labels(text: str, kind: str, value: int | None, printed: str) -> None:
    label = parse_label(text)
    assert label is not None
    assert (label.kind, label.value, label.text) == (kind, value, printed)


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_label(text: str) -> None:
    assert parse_label(text) is None


def test_compound_labels_nest_by_their_parts() -> None:
    labels = [parse_label(text) for text in ("Ⅰ　あ", "Ⅰ－１　い", "Ⅰ－１－（１）　う", "１　え")]
    places = [KINDS.index(label.kind) for label in labels if label]
    assert places == sorted(set(places))


def test_the_first_of_a_count() -> None:
    labels = [parse_label(text) for text in ("(1) あ", "(2) い", "ア　う", "イ　え")]
    assert [is_first(label) for label in labels if label] == [True, False, True, True]


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("五　甲", "六　乙", True), ("五　甲", "五の二　乙", True),
        ("五の二　甲", "五の三　乙", True),
        ("五の三　甲", "六　乙", True), ("五　甲", "七　乙", False), ("五　甲", "五　乙", False),
        ("五の三　甲", "五の二　乙", False), ("五　甲", "六の二　乙", False),
        ("第2-1 甲", "第2-2 乙", True), ("第2-2 甲", "第3-1 乙", True), ("五　甲", "6. 乙", False),
    ],
)  # fmt: skip
def test_what_counts_on(before: str, after: str, wanted: bool) -> None:
    first, second = parse_label(before), parse_label(after)
    assert first is not None and second is not None
    assert second.follows(first) == wanted
