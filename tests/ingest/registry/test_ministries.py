"""Names of ministries: spellings, roll-up, publishers, and that the file itself is sound."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.registry import registry
from shisaku.ingest.registry.ministries import bodies

RADICALS = str.maketrans("人土文厂金", "⼈⼟⽂⼚⾦")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("厚労省", "厚生労働省"),
        ("Ministry of Justice", "法務省"),
        ("the moj", "法務省"),
        ("ＮＰＡ", "警察庁"),
        ("⼈事院", "人事院"),  # a radical
        ("法 務 省", "法務省"),  # letter-spaced
        ("文部科学\n省", "文部科学省"),  # broken inside a word
        ("入管庁", "出入国在留管理庁"),
        ("入国管理局", "入国管理局"),  # not its successor
        ("法務省入国管理局", "入国管理局"),
        ("法務省刑事局", "法務省刑事局"),
        ("刑事局", None),  # two ministries have one
        ("外務省入国管理局", None),  # no such thing
        ("法", None),  # a letter means a ministry only inside a list
        ("全関係省庁", "全関係省庁"),
        ("警察", None),  # only as the subject of a clause
        ("", None),
    ],
)
def test_spellings_resolve(written: str, name: str | None) -> None:
    assert registry().resolve(written) == name


@given(st.sampled_from(sorted(bodies().spellings)))
def test_every_spelling_resolves_in_any_width_case_and_spacing(key: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in key)
    for written in (key, wide, " ".join(key.upper()), key.translate(RADICALS)):
        assert registry().resolve(written) == bodies().spellings[key]


@given(st.text())
def test_any_text_may_be_asked(text: str) -> None:
    name = registry().resolve(text)
    assert name is None or name in bodies().by_name


def test_a_ministry_includes_its_bureaus_and_organs_but_not_its_agencies() -> None:
    justice = registry().rollup("法務省")
    assert justice[0] == "法務省"
    assert {"入国管理局", "人権擁護局", "法務省刑事局", "検察庁", "最高検察庁"} <= set(justice)
    assert not {"出入国在留管理庁", "公安調査庁", "警察庁刑事局"} & set(justice)
    assert registry().rollup("出入国在留管理庁")[0] == "出入国在留管理庁"
    assert registry().rollup("火星開発庁") == ("火星開発庁",)


def test_the_file_is_sound() -> None:
    known = bodies().by_name
    for body in known.values():
        assert body.parent is None or body.parent in known, body.name
        assert body.successor is None or body.successor in known, body.name
        for date in (body.valid_from, body.valid_until):
            assert date is None or datetime.date.fromisoformat(date)
        assert body.kind != "ministry" or (body.letter and body.english), body.name
    assert len(bodies().letters) == sum(1 for body in known.values() if body.letter)


@pytest.mark.parametrize(
    ("texts", "publisher"),
    [
        (
            ["第三次児童ポルノ排除総合対策", "平成 28 年 7 月", "犯罪対策閣僚会議"],
            "犯罪対策閣僚会議",
        ),
        (["内閣官房 サイトマップ", "人身取引対策に関する関係省庁連絡会議 開催状況"], "内閣官房"),
        (["内閣官房 サイトマップ トップページ 政策課題"], "内閣官房"),  # a menu on one line
        (["内閣府本府組織令", "賞勲局", "第一条"], None),  # a heading of the contents
        (["人身取引対策に関する関係省庁連絡会議 開催状況"], "人身取引対策に関する関係省庁連絡会議"),
        (["写", "厚生労働省保険局医療課長"], "厚生労働省"),
        (["モデル就業規則", "厚生労働省労働基準局監督課"], "厚生労働省"),
        (["ディスカッションペーパー | 政府CIOポータル"], "内閣官房"),
        (["出入国在留管理庁", "Immigration Services Agency", "2023"], "出入国在留管理庁"),
        (["独立行政法人情報処理推進機構"], "情報処理推進機構"),
        (["平成30年度シート", "担当課室名 国際安全・治安対策協力室"], None),
        (["関係省庁"], None),  # nobody in particular
        (["警察庁では、取締りを推進している。"], None),  # a sentence, not a cover line
        ([], None),
    ],
)
def test_publishers(texts: list[str], publisher: str | None) -> None:
    assert registry().publisher_of(texts) == publisher


def test_the_version_names_the_data() -> None:
    assert len(registry().version) == 12
    assert registry().version == registry().version


@pytest.mark.parametrize(
    ("name", "published_as"),
    [
        (
            "運輸安全委員会",
            ("運輸安全委員会", "国土交通省"),
        ),  # an agency's papers are its ministry's
        ("入国管理局", ("入国管理局", "法務省")),
        ("厚生労働省", ("厚生労働省",)),
        ("小樽市議会", ("小樽市議会",)),  # which nobody knows
    ],
)
def test_papers_count_for_all_that_is_above_their_publisher(
    name: str, published_as: tuple[str, ...]
) -> None:
    assert registry().published_as(name) == published_as
