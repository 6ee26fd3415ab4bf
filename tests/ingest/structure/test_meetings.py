"""Records of meetings: what opens an entry, its date, where it ends."""

import pytest

from shisaku.ingest.model import Block
from shisaku.ingest.structure.meetings import (
    entry_date,
    entry_end,
    has_meetings,
    is_agenda,
    is_entry,
)
from tests.support.setting import block, document, of_type, table

ENTRY = "第３回会合\n開催日：平成23年６月３日\n出席者：警察庁\n概要：計画について意見を聞いた。"

OPENS: list[tuple[str, bool]] = [
    (ENTRY, True),
    ("●第二回連絡会議\n日時：平成22年12月1日", True),
    ("第1回（平成23年6月3日）", True),  # the date on the line of the number
    ("第 4 回\n開催日時　令和元年５月１日", True),
    ("第３回会合", False),  # no date: a heading, or a mention
    ("第３回会合では、平成22年に定めた行動計画の実施状況について関係省庁が説明し、その後、"
     "各省庁の取組について意見の交換が行われた。", False),  # a sentence about one
    ("開催日：平成23年６月３日", False),
    ("第３次計画\n開催日：平成23年６月３日", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), OPENS)
def test_what_opens_an_entry(text: str, wanted: bool) -> None:
    assert is_entry([block(text)], 0) is wanted


DATES: list[tuple[str, str | None]] = [
    (ENTRY, "2011-06-03"),
    # Other dates stand in the text; the labelled one is the meeting's.
    ("第３回（平成22年度）\n日時：平成23年６月３日\n概要：平成21年12月の計画", "2011-06-03"),
    ("第１回　平成16年4月5日", "2004-04-05"),
    ("第１回　平成16年度", None),  # a fiscal year is no day
    ("第１回　2004年", None),
    ("第５回\n開催日　平成十八年十二月四日", "2006-12-04"),
    ("第６回\n開催日：平成23年2月30日", None),  # no such day
]


@pytest.mark.parametrize(("text", "date"), DATES)
def test_the_date_of_an_entry(text: str, date: str | None) -> None:
    assert entry_date(text) == date


def test_an_entry_takes_its_parts_along_and_ends_before_the_next() -> None:
    flow: list[Block] = [
        block("第１回\n開催日：平成16年4月5日"), block("出席者：警察庁"), block("概要：設置した。"),
        block("第２回\n開催日：平成16年5月6日"), block("会議の後、視察した。"),
    ]  # fmt: skip
    assert entry_end(flow, 0) == 3
    assert entry_end(flow, 3) == 4


def test_two_entries_make_a_record() -> None:
    assert has_meetings([block(ENTRY), block(ENTRY)])
    assert not has_meetings([block(ENTRY), block("本文。")])


def test_each_meeting_is_a_passage_with_its_date() -> None:
    made = document([
        block("人身取引対策に関する関係省庁連絡会議の開催状況", size=16),
        block("第１回会合\n開催日：平成16年4月5日\n出席者：警察庁"),
        block("第２回会合\n開催日：平成16年7月8日"), block("概要：意見を交換した。"),
    ])  # fmt: skip
    assert made.kind == "meeting_record"
    first, second = of_type(made, "meeting")
    assert (first.date, second.date) == ("2004-04-05", "2004-07-08")
    assert first.text.split("\n") == ["第１回会合", "開催日：平成16年4月5日", "出席者：警察庁"]
    assert "概要：意見を交換した。" in second.text
    assert len(made.passages) == 2


def test_in_a_plan_a_meeting_is_text() -> None:
    made = document([
        block("人身取引対策行動計画2014", size=16), block("第１回会合（平成16年4月5日）"),
    ])  # fmt: skip
    assert made.kind == "plan"
    assert of_type(made, "meeting") == []


def test_the_date_may_stand_in_a_paragraph_of_its_own() -> None:
    flow: list[Block] = [
        part
        for number, day in (("１", "平成16年4月5日"), ("２", "平成16年7月8日"))
        for part in (block(f"第{number}回会合"), block(f"日時：{day}"), block("議題：行動計画"))
    ]
    made = document([block("連絡会議の開催状況", size=16), *flow])
    assert [passage.date for passage in of_type(made, "meeting")] == ["2004-04-05", "2004-07-08"]


def test_a_table_is_no_part_of_an_entry() -> None:
    flow: list[Block] = [block(ENTRY), table([["a", "b"]])]
    assert entry_end(flow, 0) == 1


# Whether a line names the agenda whose items stand below it.
AGENDAS: list[tuple[str, str, bool]] = [
    ("議事次第", "１．開会", True),
    ("－議　事　次　第－", "１　開会", True),
    ("次第", "（１）開会", True),
    ("議事次第", "２．議題", False),
    ("議事次第", "資料１　名簿", False),
    ("議事次第の配布", "１．開会", False),
]


@pytest.mark.parametrize(("words", "below", "wanted"), AGENDAS)
def test_an_agenda_heads_its_items(words: str, below: str, wanted: bool) -> None:
    flow = [block("第２回施策検討会", size=16), block(words), block(below), block("３．閉会")]
    assert is_agenda(flow, 1) is wanted
    assert not is_agenda(flow[:2], 1)


def test_a_page_with_an_agenda_is_no_title_page() -> None:
    first = [
        block("第２回施策検討会", size=16),
        block("次第"),
        block("１．開会"),
        block("２．閉会"),
    ]
    second = [block("資料を配布する。", page=2)]
    assert "次第" in [section.title for section in document(first, second).sections]
