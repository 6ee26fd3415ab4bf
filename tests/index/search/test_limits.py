"""Each limit of an answer, with a case on either side: what is named, shown, suggested, counted."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from shisaku.index.errors import FilterError, UnknownIdError
from shisaku.index.generations.build import build_index
from shisaku.index.records.filters import Filters
from shisaku.index.search.context import find
from shisaku.index.search.searcher import Searcher
from shisaku.index.search.selection import Request
from shisaku.ingest.model import Document, Measure, Passage
from tests.support import factories

Opened = Callable[..., Searcher]


@pytest.fixture
def opened(tmp_path: Path, request: pytest.FixtureRequest) -> Opened:
    """Return what makes an index of documents and opens it."""

    def build(*documents: Document) -> Searcher:
        factories.write_parsed(tmp_path, *documents)
        build_index(tmp_path)
        searcher = Searcher(tmp_path)
        request.addfinalizer(searcher.close)
        return searcher

    return build


def one(texts: Sequence[str], key: str = "a.pdf", **fields: Any) -> Document:
    """Return a document with these texts as passages p.0, p.1, …"""
    passages = [factories.passage(f"p.{n}", text, **fields) for n, text in enumerate(texts)]
    return factories.document(key, passages)


# --- names that nobody knows ---------------------------------------------------------------------

NEAR = [
    # the names there are, what was typed, what is suggested: names of which two fifths are alike
    (["厚生労働省"], "厚生甲乙丙", ["厚生労働省"]),
    (["厚生労働省"], "厚生甲乙丙丁", []),
    (["厚生労働省", "法務省"], "法務所", ["法務省"]),
    (["甲乙一", "甲乙二", "甲乙三"], "甲乙", ["甲乙一", "甲乙二", "甲乙三"]),
    (["甲乙一", "甲乙二", "甲乙三", "甲乙四"], "甲乙", None),  # three of the four
]


@pytest.mark.parametrize(("names", "typed", "near"), NEAR)
def test_which_ministries_are_near(
    opened: Opened, names: list[str], typed: str, near: list[str] | None
) -> None:
    searcher = opened(one(["会議"], ministries=tuple(names)))
    with pytest.raises(FilterError) as error:
        searcher.search(f"省庁:{typed}")
    found = error.value.remedy.removeprefix("did you mean ").rstrip("?").split(" / ")
    if near is None:
        assert len(set(found)) == 3 and set(found) < set(names)
    elif near:
        assert sorted(found) == sorted(near)
    else:
        assert error.value.remedy == "type: shisaku facets"


@pytest.mark.parametrize(
    ("names", "typed", "near"),
    [(["abcde"], "abxyz", ["abcde"]), (["abcde"], "abxyzw", []),
     (["ab1", "ab2", "ab3", "ab4"], "ab5", None)],
)  # fmt: skip
def test_which_ids_are_near(
    tmp_path: Path, opened: Opened, names: list[str], typed: str, near: list[str] | None
) -> None:
    searcher = opened(*(factories.document(name) for name in names))
    with pytest.raises(UnknownIdError) as error:
        find(searcher, tmp_path, typed)
    found = error.value.remedy.removeprefix("did you mean ").rstrip("?").split(" / ")
    if near is None:
        assert len(set(found)) == 3 and set(found) < set(names)
    else:
        assert (found == near) if near else error.value.remedy.startswith("type: shisaku docs")


# --- what stands around a passage ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "before", "after"),
    [(0, [], [1, 2, 3]), (1, [0], [2, 3, 4]), (3, [0, 1, 2], [4, 5, 6]), (4, [1, 2, 3], [5, 6, 7]),
     (8, [5, 6, 7], [])],
)  # fmt: skip
def test_three_passages_are_shown_before_and_after_one(
    tmp_path: Path, opened: Opened, at: int, before: list[int], after: list[int]
) -> None:
    searcher = opened(one([f"第{n}の会議" for n in range(9)], path=("1 会議",)))
    found = find(searcher, tmp_path, f"p.{at}")
    assert [passage["id"] for passage in found["before"]] == [f"p.{n}" for n in before]
    assert [passage["id"] for passage in found["after"]] == [f"p.{n}" for n in after]


@pytest.mark.parametrize(
    ("page", "shown"),
    [({}, range(10)), ({"offset": 1}, range(1, 11)), ({"limit": 3}, range(3)),
     ({"limit": 3, "offset": 10}, range(10, 12)), ({"limit": 0}, range(0)),
     ({"offset": 12}, range(0))],
)  # fmt: skip
def test_a_page_has_ten_hits_from_the_first_on(
    opened: Opened, page: dict[str, int], shown: range
) -> None:
    searcher = opened(one([f"第{n}" for n in range(12)]))
    for found in (searcher.search(**page), searcher.answer(Request(), **page)):  # type: ignore[arg-type]
        assert [hit["id"] for hit in found.hits] == [f"p.{n}" for n in shown]
        assert found.total == 12


# --- filters of whole measures -------------------------------------------------------------------


def measured(*passages: Passage) -> Document:
    return factories.document("m.pdf", passages, measures=(Measure("m", "①", "施策", ()),))


LIFTED = [
    # what the passages of one measure are, what is left out for it to be found
    ([("警察庁", "done"), ("法務省", "pending")], ["--ministry 警察庁", "--status pending"]),
    ([("警察庁", "done"), ("警察庁", "done")], ["--status pending"]),
    ([("法務省", "pending"), ("法務省", "done")], ["--ministry 警察庁"]),
    ([("法務省", "done"), ("法務省", "done")], ["--ministry 警察庁 --status pending"]),
]


@pytest.mark.parametrize(("passages", "lifted"), LIFTED)
def test_a_measure_is_found_where_one_of_its_passages_passes(
    opened: Opened, passages: list[tuple[str, str]], lifted: list[str]
) -> None:
    searcher = opened(
        measured(
            *(
                factories.passage(f"p.{n}", "会議", measure="m", ministries=(name,), status=status)
                for n, (name, status) in enumerate(passages)
            )
        )
    )
    filters = Filters(ministry=("警察庁",), status=("pending",))
    found = searcher.search("会議", filters, unit="measure")
    assert found.total == 0
    assert found.suggestions == [{"without": each, "total": 1} for each in lifted]


# --- near spellings ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "looked"), [(1, True), (8, True), (9, False)], ids=["one", "eight", "nine"]
)
def test_eight_words_of_a_query_are_looked_after(opened: Opened, words: int, looked: bool) -> None:
    searcher = opened(one(["サイバー"]))
    query = " OR ".join([f"甲{n}乙" for n in range(words - 1)] + ["サイパー"])
    found = searcher.search(query)
    near = [each["instead"] for each in found.suggestions if each["word"] == "サイパー"]
    assert near == ([["サイバー"]] if looked else [])


@pytest.mark.parametrize("count", [1, 3, 4])
def test_three_spellings_of_a_word_are_suggested(opened: Opened, count: int) -> None:
    known = [f"xyzq{char}" for char in "abcd"[:count]]
    searcher = opened(one(known))
    (found,) = searcher.search("xyzqe").suggestions
    assert found["word"] == "xyzqe"
    assert len(found["instead"]) == min(count, 3) and set(found["instead"]) <= set(known)


# --- names that documents define -----------------------------------------------------------------

HOLDS = [
    # the definitions, each in a document of its own; the short name, where it holds
    (["国際連合（UN）"], "UN", "in its documents"),  # two letters stand for many things
    (["国際連合（UN）", "国際連合（UN）"], "UN", "everywhere"),
    (["国際機関（ABC）"], "ABC", "everywhere"),
    (["国連安全保障理事会（以下「安保理」という。）"], "安保理", "everywhere"),
    (["国連安全保障理事会（以下「安理」という。）"], "安理", "in its documents"),
    (["国連安全保障理事会（以下「理事会」という。）"], "理事会", "in its documents"),  # a noun
    (["国連安全保障理事会（以下「本理事」という。）"], "本理事", "in its documents"),
    (["国際機関（ABC）", "警察組織（ABC）"], "ABC", "in its documents"),
    (["国際機関（ABC）と警察組織（ABC）"], "ABC", "ambiguous"),
]


@pytest.mark.parametrize(("texts", "short", "holds"), HOLDS)
def test_where_a_short_name_holds(opened: Opened, texts: list[str], short: str, holds: str) -> None:
    documents = [
        factories.document(f"d{n}.pdf", [factories.passage(f"d{n}.0", f"{text}。")])
        for n, text in enumerate(texts)
    ]
    assert {entry.holds for entry in opened(*documents).aliases(short)} == {holds}
