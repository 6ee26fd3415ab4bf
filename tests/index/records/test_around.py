"""What stands around a passage, where sections begin, and which documents are one family."""

from typing import Any

import pytest

from shisaku.index.records.around import about, begins, labels
from shisaku.index.records.family import family_of, twin_of
from shisaku.index.records.fields import published_by
from shisaku.index.records.passages import bodies_of


def record(**fields: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "id": "a.pdf#p-0123456789ab", "title": "無題", "plan": None, "plan_series": None,
        "publisher": None, "path": [], "type": "paragraph", "text": "文", "cells": None,
        "measure": None, "ministries": [], "actors": [],
    }  # fmt: skip
    return usual | fields


def row(*cells: tuple[str, str], **fields: Any) -> dict[str, Any]:
    return record(
        type="row", cells=[{"column": column, "text": text} for column, text in cells], **fields
    )


def test_a_document_is_about_its_title_plan_and_series_each_once() -> None:
    assert about(record()) == ("無題",)
    both = record(title="甲計画2010", plan="甲計画2010", plan_series="甲計画")
    assert about(both) == ("甲計画2010", "甲計画")


def test_a_section_lasts_as_long_as_the_path() -> None:
    paths = [["一"], ["一"], ["一", "1"], ["一"], ["二"]]
    assert list(begins([record(path=path) for path in paths])) == [
        ("document", "section"), (), ("section",), ("section",), ("section",),
    ]  # fmt: skip
    assert list(begins([])) == []


@pytest.mark.parametrize(
    ("records", "wanted"),
    [
        # labels of the columns in which the row has a cell, each once, without empty ones
        ([row(("年", "2010"), ("人員", ""), ("年", "3"), ("", "計"))], [("年",)]),
        # captions before and behind, as far as the section goes
        (
            [
                record(type="caption", text="表1", path=["一"]),
                row(("年", "1"), path=["一"]),
                record(path=["一"]),
                record(type="caption", text="表2", path=["一"]),
                record(path=["二"]),
            ],
            [("表2",), ("年", "表1", "表2"), ("表1", "表2"), ("表1",), ()],
        ),
        # only the nearest of several
        (
            [
                record(type="caption", text="甲"),
                record(type="caption", text="乙"),
                record(),
            ],
            [("乙",), ("甲",), ("乙",)],
        ),
    ],
)
def test_labels(records: list[dict[str, Any]], wanted: list[tuple[str, ...]]) -> None:
    assert labels(records) == wanted


def test_labels_are_bounded() -> None:
    wide = row(*((f"{n}" + "列" * 90, "1") for n in range(40)))
    assert sum(map(len, labels([wide])[0])) == 300
    long = [record(type="caption", text="表" * 5000), record()]
    assert labels(long)[1] == ("表" * 240,)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        # editions, drafts and follow-ups of one series
        ({"plan_series": "甲計画", "title": "甲計画2010"},
         {"plan_series": "甲計画", "title": "甲計画の進捗", "publisher": "内閣官房"}, True),
        ({"plan_series": "甲計画"}, {"plan_series": "乙計画"}, False),
        # one title and publisher, whatever edition, date and draft mark
        ({"title": "検討会とりまとめ（案）"}, {"title": "検討会とりまとめ"}, True),
        ({"title": "検討会とりまとめ素案"}, {"title": "検討会とりまとめ"}, True),
        ({"title": "令和4年版白書"}, {"title": "令和５年版白書（ＰＤＦ版）"}, True),
        ({"title": "第3回会議 議事録"}, {"title": "第12回会議 議事録"}, True),
        ({"title": "白書", "publisher": "内閣府"}, {"title": "白書", "publisher": "法務省"}, False),
        ({"title": "通知"}, {"title": "告示"}, False),
        # nothing but an edition is left as it is
        ({"title": "案"}, {"title": "素案"}, False),
    ],
)  # fmt: skip
def test_families(one: dict[str, Any], other: dict[str, Any], same: bool) -> None:
    assert (family_of(record(**one)) == family_of(record(**other))) is same


def test_twins_have_the_same_words_in_one_family() -> None:
    here = record(id="a.pdf#p-0123456789ab-123456")
    there = record(id="b.pdf#p-0123456789ab")
    assert twin_of(here, "甲") == twin_of(there, "甲") != twin_of(there, "乙")
    assert twin_of(record(id="b.pdf#p-ffffffffffff"), "甲") != twin_of(here, "甲")
    # ids of another form: the words decide, folded
    assert twin_of(record(id="x", text="Ａ 文"), "甲") == twin_of(record(id="y", text="a文"), "甲")


@pytest.mark.parametrize(
    ("publisher", "title", "wanted"),
    [
        ("内閣府", "法務省組織令", "内閣府"),  # what it says goes before
        (None, "法務省組織令", "法務省"),
        (None, "内閣府本府組織令（平成十二年政令）", "内閣府"),
        (None, "警察法", None),
        (None, "組織令", None),
    ],
)
def test_who_published(publisher: str | None, title: str, wanted: str | None) -> None:
    assert published_by(record(publisher=publisher, title=title)) == wanted


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({}, "内閣府"),
        ({"ministries": ["法務省"]}, None),
        ({"actors": ["法務省"]}, None),
        ({"measure": {"id": "m"}}, None),  # a measure of another body
    ],
)
def test_what_names_nobody_counts_for_its_publisher(
    fields: dict[str, Any], counts: str | None
) -> None:
    assert bodies_of(record(publisher="内閣府", **fields)).publisher == counts
