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
