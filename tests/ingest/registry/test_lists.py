"""Lists of ministries as plans and tables print them."""

import json
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.registry import registry
from shisaku.ingest.registry.lists import MinistryList
from shisaku.ingest.registry.ministries import bodies
from tests.support.corpus import seed


@pytest.mark.parametrize(
    ("printed", "names", "others"),
    [
        (
            "内閣官房、警察庁、法務省、外務省、厚生労働省等",
            "内閣官房 警察庁 法務省 外務省 厚生労働省",
            True,
        ),
        ("全関係省庁", "全関係省庁", False),
        ("警察庁・法務省", "警察庁 法務省", False),
        ("警察庁，法務省及び外務省", "警察庁 法務省 外務省", False),
        ("内・警・総・法", "内閣府 警察庁 総務省 法務省", False),
        ("文部科学\n省", "文部科学省", False),  # a line break inside the word
        ("警察庁\n法務省", "警察庁 法務省", False),  # one line each, no comma
        ("国土交通省\n海上保安庁", "国土交通省 海上保安庁", False),
        ("国土交通省海上保安庁", "海上保安庁", False),  # the agency by its full name
        ("法務省 入国管理局", "入国管理局", False),  # a bureau is within its ministry
        ("法務省（入国管理局）", "法務省", False),  # the bracket says who within it
        ("厚生労働省（職業安定局）、警察庁", "厚生労働省 警察庁", False),
        ("厚生労働省雇用均等・児童家庭局", "雇用均等・児童家庭局", False),  # ・ inside a name
        ("内閣府ほか関係府省庁", "内閣府 関係府省庁", True),
        ("経済産業省ほか", "経済産業省", True),
        ("担当：警察庁、法務省", "警察庁 法務省", False),
        ("警察庁、法務省、警察庁", "警察庁 法務省", False),  # each once
        ("ＭＯＪ、NPA", "法務省 警察庁", False),
        ("⽂部科学省", "文部科学省", False),  # a radical
    ],
)
def test_lists(printed: str, names: str, others: bool) -> None:
    assert registry().parse_list(printed) == MinistryList(tuple(names.split()), others)


@pytest.mark.parametrize(
    "printed",
    [
        "警察庁、NGO",
        "平成23年9月末現在",
        "国際移住機関",
        "法",
        "等",
        "",
        "内・外",
        "警察庁職員",
        "、",
        "犯罪対策閣僚会議",
    ],
)
def test_what_is_not_wholly_ministries_is_no_list(printed: str) -> None:
    # 内・外 is the exception that proves it: two letters that do mean ministries.
    expected = ("内閣府", "外務省") if printed == "内・外" else None
    found = registry().parse_list(printed)
    assert (found.names if found else None) == expected


def test_a_ministry_column_keeps_unknown_names_as_printed() -> None:
    found = registry().parse_list("警察庁\nＸＹ機構等", lenient=True)
    assert found == MinistryList(("警察庁", "ＸＹ機構"), True, ("ＸＹ機構",))
    assert registry().parse_list("－", lenient=True) is None


@pytest.mark.parametrize(
    ("paragraph", "names", "kept"),
    [
        ("推進する。（警察庁、法務省等）", "警察庁 法務省", "推進する。"),
        ("推進する（警察庁）。", "警察庁", "推進する"),
        ("推進する。(外務省、警察庁）", "外務省 警察庁", "推進する。"),  # mixed widths
        ("推進する。【警察庁】〔法務省〕", "警察庁 法務省", "推進する。"),  # a row of brackets
        ("推進する。（厚生労働省（職業安定局）、警察庁）", "厚生労働省 警察庁", "推進する。"),
        ("推進する。［内閣官房］ ", "内閣官房", "推進する。"),
    ],
)
def test_trailing_lists(paragraph: str, names: str, kept: str) -> None:
    found = registry().find_trailing_list(paragraph)
    assert found is not None
    assert found[0].names == tuple(names.split())
    assert paragraph[: found[1]] == kept


@pytest.mark.parametrize(
    "paragraph", ["推進する。（平成23年）", "（一社）", "警察庁", "", "（", "）"]
)
def test_other_endings_are_left_alone(paragraph: str) -> None:
    assert registry().find_trailing_list(paragraph) is None


def test_a_leading_list() -> None:
    found = registry().find_leading_list("◎【警察庁】取締りを行う。")
    assert found == (MinistryList(("警察庁",)), 6)
    assert registry().find_leading_list("【重点】取締り") is None


def test_several_lists_in_one_paragraph_but_not_one_that_explains_a_word() -> None:
    text = "行う。（警察庁）関係省庁（法務省、外務省等）の施策を示す。（内閣府）"
    found = [(entry.names, text[start:end]) for entry, start, end in registry().find_lists(text)]
    assert found == [(("警察庁",), "（警察庁）"), (("内閣府",), "（内閣府）")]


def test_brackets_that_nothing_opens_cost_little() -> None:
    text = "行う。" + "）" * 20_000 + "（警察庁）。続ける。"
    begun = process_time()
    (found,) = registry().find_lists(text)
    assert found[0].names == ("警察庁",)
    assert process_time() - begun < 4


_NAMES = sorted(name for name, body in bodies().by_name.items() if body.responsible)


@given(st.lists(st.sampled_from(_NAMES), min_size=1, unique=True), st.booleans())
def test_every_printed_list_is_read_back(names: list[str], others: bool) -> None:
    printed = "、".join(names) + "等" * others
    assert registry().parse_list(printed) == MinistryList(tuple(names), others)
    found = registry().find_trailing_list(f"推進する。（{printed}）")
    assert found is not None and found[0].names == tuple(names)


@given(st.text(alphabet="警察庁法務省（）()、・等ほか 。\nX局"))
def test_any_text_may_be_asked(text: str) -> None:
    registry().parse_list(text)
    registry().parse_list(text, lenient=True)
    list(registry().find_lists(text))
    if found := registry().find_trailing_list(text):
        assert 0 <= found[1] < len(text)


def test_every_list_of_the_real_documents_is_read() -> None:
    plan = json.loads(seed("gold/jidou-porno-taisaku-3-2016-07.json").read_text(encoding="utf-8"))
    for measure in plan["measures"]:
        found = registry().find_trailing_list(measure["paragraphs"][-1])
        assert found is not None
        assert list(found[0].names) == measure["ministries"]
        assert found[0].and_others == measure["and_others"]


def test_a_mark_that_says_who_leads_is_no_part_of_the_name() -> None:
    found = registry().parse_list("◎厚生労働省、○文部科学省")
    assert found is not None
    assert found.names == ("厚生労働省", "文部科学省")
