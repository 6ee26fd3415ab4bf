"""Definitions in running text: what says that two names are one, and what does not."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.index.analysis.abbreviations import Definition, _before, definitions
from shisaku.index.analysis.folding import search_key

LAW = "児童買春、児童ポルノに係る行為等の規制及び処罰並びに児童の保護等に関する法律"


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        # an acronym behind the name, or the name behind it
        ("国際移住機関（IOM）と協力する。", "IOM", "国際移住機関"),
        ("在京大使館、NGO、IOM（国際移住機関）", "IOM", "国際移住機関"),
        ("国際移住機関（ＩＯＭ）", "ＩＯＭ", "国際移住機関"),
        ("国際移住機関（略称：IOM）", "IOM", "国際移住機関"),
        ("ドメスティック・バイオレンス（DV）", "DV", "ドメスティック・バイオレンス"),
        ("二酸化炭素回収・貯留（CCS）", "CCS", "二酸化炭素回収・貯留"),
        ("13　成長ホルモン（ＧＨ）", "ＧＨ", "成長ホルモン"),  # a label before it
        ("条約第 15 回締約国会議（COP15）", "COP15", "条約第 15 回締約国会議"),
        ("米国の国防高等研究計画局（DARPA）", "DARPA", "国防高等研究計画局"),
        ("検索拡張生成（ＲＡＧ4）", "ＲＡＧ", "検索拡張生成"),  # 4: a note
        # English: by its initials
        ("SIG（Secure Internet Gateway）", "SIG", "Secure Internet Gateway"),
        (
            "UNODC（United Nations Office on Drugs and Crime）",
            "UNODC",
            "United Nations Office on Drugs and Crime",
        ),
        # 以下「…」という
        ("国際移住機関（以下「IOM」という。）", "IOM", "国際移住機関"),
        ("国連安全保障理事会（以下「安保理」という。）", "安保理", "国連安全保障理事会"),
        ("法務省は、自殺総合対策会議（以下「会議」という。）", "会議", "自殺総合対策会議"),
        (
            "児童の権利に関する条約（以下「児童権利条約」という。）",
            "児童権利条約",
            "児童の権利に関する条約",
        ),
        (
            "人身取引対策行動計画2014（以下「本計画」という。）",
            "本計画",
            "人身取引対策行動計画2014",
        ),
        ("「人身取引対策行動計画」（以下「行動計画」とする）", "行動計画", "人身取引対策行動計画"),
        (
            "「監督又は管理の地位にある者」（以下「管理監督者」といいます。）",
            "管理監督者",
            "監督又は管理の地位にある者",
        ),
        # the title of a law, with commas and all, up to the topic
        (f"警察は、{LAW}（平成11年法律第52号。以下「児童ポルノ法」という。）", "児童ポルノ法", LAW),
        (
            "四　出入国管理及び難民認定法（昭和二十六年政令第三百十九号。以下「入管法」という。）",
            "入管法",
            "出入国管理及び難民認定法",
        ),
        ("今後は労働基準法（昭和22年法律第49号。以下「労基法」という。）", "労基法", "労働基準法"),
    ],
)
def test_what_defines(text: str, short: str, long: str) -> None:
    assert Definition(long, short) in list(definitions(text))


@pytest.mark.parametrize(
    "text",
    [
        "人身取引被害者の保護（再掲）",
        "連絡会議（第3回）",
        "平成23年度（2011年度）",
        "人身取引対策の推進（警察庁、法務省）",
        "診療情報提供料（Ⅱ）",  # a Roman numeral
        "実施状況報告（PDF）",
        "国際移住機関事務局長（WHO）",  # where somebody works
        "山田太郎（IOM）",
        "配偶者からの暴力（DV）",  # the name reaches further than its last noun
        "質の高い教育機関（IOM）",
        "戦略に関する政府間プラットフォーム（IPBES）",
        "支援に係る国際協力機構（ABC）",
        "暴力に対する国際協力機構（ABC）",
        "内閣官房情報通信技術（IT）総合戦略室",  # inside a name
        "量子技術やAI（機械学習）の活用",  # an example
        "AI（深層学習、強化学習など）",
        "NESTA（a British foundation）",  # not its initials
        "免許を受けた者（以下「免許所持者」という。）",  # a meaning, no name
        "甲の通所介護又は乙の介護予防通所介護（以下「介護」という。）",  # several
        "取締法の規定により許可を受けた薬局（以下「許可薬局」という。）",
        "療養病床（以下「療養病床」という。）",
        "当該患者（以下「同一患者」という。）",
        "病院（以下「甲」という。）及び診療所（以下「乙」という。）",
        "健康増進法の一部を改正する法律による改正後の健康増進法（平成14年法律第103号。以下「新健増法」という。）",
        "被害者（以下同じ。）",
        "国際移住機関（）",
        "（IOM）",
        "国際移住機関（IOM",
    ],
)
def test_what_does_not(text: str) -> None:
    assert list(definitions(text)) == []


@given(
    st.text(alphabet="国際移住機関法律者IOMａ（）()「」以下という。、のは は1第号　", max_size=60)
)
def test_both_names_stand_in_the_text_and_differ(text: str) -> None:
    for found in definitions(text):
        rest = iter(text)  # a bracket within the longer name is left out of it
        assert all(char in rest for char in found.long)
        assert found.short in text
        assert search_key(found.long) != search_key(found.short)


def test_brackets_without_end_cost_little() -> None:
    assert list(definitions("国際移住機関（" * 3000)) == []
    assert list(definitions("（" * 3000 + "）" * 3000)) == []


def test_the_table_is_of_plain_words() -> None:
    table = tomllib.loads(Path("index/analysis/aliases.toml").read_text("utf-8"))
    assert set(table) == {"heads", "roles", "formats"}
    for words in table.values():
        assert words and len(set(words)) == len(words)
    assert all(word.isascii() and word.isupper() for word in table["formats"])


@given(st.text(alphabet="会議(（)）。|\n ", max_size=24), st.integers(0, 24))
def test_other_brackets_are_cut_out_of_what_stands_before_one(text: str, start: int) -> None:
    depth, kept = 0, ""
    for char in reversed(text[:start].rstrip()):
        closing, opening = char in ")）", char in "(（"
        if depth == 0 and (opening or char in "。|\n"):
            break
        depth += closing - opening
        if not (depth or opening):
            kept = char + kept
    assert _before(text, start) == kept


SAID = "監督又は管理の地位にある者"
LETTERS = "甲乙丙丁" * 6
LIMITS = [
    # what is limited; a text that just defines, one that just does not
    ("letters of a name", "国際連合（UN）", "国連軍（UNF）"),
    ("letters of a name behind its short form", "AIN（推進会議）", "AIN（大協会）"),
    ("words of a name behind の", "米国の教育研究開発機関（ERD）", "米国の教育研究機関（ERD）"),
    ("letters of a quoted name", "「施策集成」（以下「施策」という。）",
     "「施策集」（以下「施策」という。）"),
    ("least letters of a short form", f"「{SAID}」（以下「甲乙」という。）",
     f"「{SAID}」（以下「甲」という。）"),
    ("most letters of a short form", f"「{SAID}」（以下「{LETTERS[:20]}」という。）",
     f"「{SAID}」（以下「{LETTERS[:21]}」という。）"),
    ("least letters of a law", "労働基準法（昭和22年法律第49号。以下「甲乙」という。）",
     "労働新法（昭和22年法律第49号。以下「甲乙」という。）"),
    ("most letters of a law", f"又、{'労働' * 39}法（昭和22年法律第49号。以下「甲乙」という。）",
     f"又、{'労働' * 39}新法（昭和22年法律第49号。以下「甲乙」という。）"),
    ("how far a name reaches", f"「{'施策' * 44}」（以下「甲乙」という。）",
     f"「{'施策' * 44}集」（以下「甲乙」という。）"),
    ("English that is spelled out", f"AB（A{'a' * 43} B{'b' * 44}）",
     f"AB（A{'a' * 43} B{'b' * 45}）"),
    ("least letters of an acronym", "国際機関（AB）", "国際機関（A）"),
    ("most letters of an acronym", "国際機関（ABCDEFGHIJKL）", "国際機関（ABCDEFGHIJKLM）"),
    ("capitals of an acronym", "国際機関（AbC）", "国際機関（Abc）"),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "beyond"), [row[1:] for row in LIMITS],
                         ids=[row[0] for row in LIMITS])  # fmt: skip
def test_how_long_names_are(inside: str, beyond: str) -> None:
    assert len(list(definitions(inside))) == 1
    assert list(definitions(beyond)) == []


@pytest.mark.parametrize(("length", "found"), [(500, True), (501, False)])
def test_a_bracket_as_long_as_a_paragraph_defines_nothing(length: int, found: bool) -> None:
    said = "以下「労基法」という。"
    text = "労働基準法（" + ("昭和の法律をいう。" * 60)[: length - len(said) - 2] + f"。{said}）"
    assert len(text) - len("労働基準法") - 1 == length  # from the bracket to its partner
    assert bool(list(definitions(text))) is found


def test_nested_brackets_are_read_up_to_their_bound() -> None:
    deep = "労働基準法（以下「労基法」という" * 2000 + "。）" * 2000
    assert {(pair.long, pair.short) for pair in definitions(deep)} <= {("労働基準法", "労基法")}
