"""How many items of a plan have measure and ministries, and when that is a problem."""

from typing import Any

from shisaku.ingest.model import Passage
from shisaku.ingest.structure.measures.checks import count_items, share, unread_items


def passage(text: str = "相談の窓口を全国の市町村に設ける。", **more: Any) -> Passage:
    return Passage(id="p", **({"type": "list_item", "text": text} | more))


READ = passage(measure="m", ministries=("警察庁",))
BARE = passage()


def test_items_are_texts_of_measures_and_lists_between_them() -> None:
    counts = count_items("plan", [BARE, READ, BARE, READ, READ, BARE])
    assert counts == {
        "items": 4, "with_measure": 3, "with_ministries": 3, "with_both": 3, "bodies": 1,
    }  # fmt: skip
    assert share(counts) == 0.75
    fields = [passage(measure="m", type="field"), passage("警察庁", measure=None)]
    assert count_items("plan", [READ, *fields, READ])["items"] == 2


def test_other_documents_have_no_items() -> None:
    assert count_items("report", [READ]) == {}
    assert count_items("plan", [passage(type="paragraph")]) == {}
    assert share({}) is None
    assert unread_items({}) is None


def test_where_no_measure_was_found_all_items_of_lists_are_missing() -> None:
    problem = unread_items(count_items("follow_up", [BARE] * 12))
    assert problem is not None
    assert problem.reason.startswith("Of 12 items 12 without a measure (")
    assert not problem.failed


def test_a_share_under_nine_tenths_is_a_problem() -> None:
    assert unread_items(count_items("plan", [*[READ] * 9, BARE, READ])) is None
    problem = unread_items(count_items("plan", [*[READ] * 8, BARE, BARE, READ]))
    assert problem is not None
    assert "2 without a measure, 2 without ministries" in problem.reason
    assert unread_items(count_items("plan", [READ, *[BARE] * 6, READ])) is None  # too few items


def test_ministries_are_asked_for_where_the_document_names_any() -> None:
    unnamed = passage(measure="m")
    assert unread_items(count_items("plan", [unnamed] * 20)) is None
    named = count_items("plan", [*[unnamed] * 17, *[READ] * 3])
    assert unread_items(named) is not None
