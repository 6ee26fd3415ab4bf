"""Searching, counting and listing: what is found, in which order, and that counts are true."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shisaku.index.engine.whoosh.codec import postings_writer
from shisaku.index.generations.build import build_index
from shisaku.index.query.parser import QueryError
from shisaku.index.query.plan import MatchOptions
from shisaku.index.records.filters import Filters
from shisaku.index.search.searcher import Searcher
from shisaku.ingest.model import Measure
from shisaku.ingest.text.fold import fold
from tests.support import factories

NASTY = [
    "ｶﾞｲﾄﾞﾗｲﾝ①㈱1½の改訂～令和５年",
    "e\u0301tude か\u3099 “quoted” a\x00b\x1ec",
    "東 京 都 の 施 策",
    "\ue000・一・二",
    "ΑΒΓ ß ﬁn",
    "𠮷野家の髙橋",
    "ｶ \u3099ｽ",
]


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    data = tmp_path_factory.mktemp("data")
    nasty = [factories.passage(f"n.{n}", text) for n, text in enumerate(NASTY)]
    nasty.append(factories.passage("n.bureau", "旅券の審査。", ministries=("入国管理局",)))
    factories.write_parsed(data, *factories.corpus(), factories.document("nasty.html", nasty))
    build_index(data)
    with Searcher(data, counted_as) as opened:
        yield opened


def counted_as(name: str) -> tuple[str, ...]:
    """入国管理局 was a bureau of 法務省: its passages count for both, each once."""
    return (name, "法務省") if name == "入国管理局" else (name,)


def found(searcher: Searcher, query: str | None, **filters: Any) -> list[str]:
    return [hit["id"] for hit in searcher.search(query, Filters(**filters), limit=100).hits]


@pytest.mark.parametrize("held", [1, 1000])
def test_a_measure_lends_its_title_to_its_own_passages_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    monkeypatch.setattr(postings_writer, "_RUN", held)
    path = ("1. 総合的な対策",)
    titles = ["空港での見張り", "相談窓口の設置", "教材の配布"]
    measures = [Measure(f"m{n}", "", title, path) for n, title in enumerate(titles)]
    passages = [
        factories.passage(f"m.{n}", f"項目{n}を行う。", measure=f"m{n // 2}", path=path)
        for n in range(2 * len(titles))
    ]
    given_ = factories.document("m.html", passages, measures=measures)
    factories.write_parsed(tmp_path, given_)
    build_index(tmp_path)
    with Searcher(tmp_path) as opened:
        assert found(opened, "見張り") == ["m.0", "m.1"]
        assert found(opened, "“窓口の設”") == ["m.2", "m.3"]
        assert found(opened, "配布") == ["m.4", "m.5"]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("署員", ["fu.1", "fu.4"]),
        ("京都", ["plan.3", "n.2", "plan.1"]),  # 京都 inside 東京都 comes last
        ("受入", ["fu.3", "fu.4"]),  # fu.4 by its measure's title alone
        ("サーバー", ["plan.1"]),
        ("⼈⾝取引 ⼤阪", []),
        ("⼤阪", ["kai.3"]),
        ("policy　making", ["plan.3"]),
        ("において", ["fu.3"]),  # function words alone: literally
        ("おいて", ["fu.3"]),  # and not 置いた
        ("署員 において", []),
        ("置いて", ["plan.1", "fu.1", "fu.4"]),
        ("京", ["n.2", "plan.1", "plan.3"]),
        ("今後の課題 OR 大阪", ["plan.2", "kai.3"]),
        ("人身取引 -空港", ["kai.1"]),
        ("フォローアップ", []),  # a title ranks, it finds nothing
        ("「手法を学」", ["plan.3"]),
        ("止人", []),  # two headings are not read on
    ],
)
def test_finds(searcher: Searcher, query: str, ids: list[str]) -> None:
    assert found(searcher, query) == ids


def test_says_where_it_was_found(searcher: Searcher) -> None:
    hits = {hit["id"]: hit for hit in searcher.search("人身取引").hits}
    assert hits["fu.1"]["matched"] == ["text", "path"]
    assert hits["fu.2"]["matched"] == ["path"]
    assert hits["fu.2"]["highlights"] == []
    (start, end), *_ = hits["fu.1"]["highlights"]
    assert hits["fu.1"]["text"][start:end] == "人身取引"
    assert searcher.search("見張り").hits[0]["matched"] == ["measure"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("ガイド", "ｶﾞｲﾄﾞ"),  # with the voicing mark of the last kana
        ("株", "㈱"),
        ("ガス", "ｶ \u3099ｽ"),  # and with a space between
        ("東京都", "東 京 都"),
        ("étude", "e\u0301tude"),
    ],
)
def test_highlights_are_of_the_stored_text(searcher: Searcher, query: str, text: str) -> None:
    (hit,) = [h for h in searcher.search(query).hits if h["document"] == "nasty.html"]
    assert [hit["text"][start:end] for start, end in hit["highlights"]] == [text]


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"ministry": ("警察庁",)}, ["fu.1", "fu.2", "fu.4", "kai.3"]),  # fu.4 acts only
        ({"ministry": ("法務省",)}, ["fu.1", "fu.2", "n.bureau"]),
        ({"ministry": ("入国管理局",)}, ["fu.2", "n.bureau"]),
        ({"ministry": ("全関係省庁",)}, ["plan.3"]),
        ({"ministry": ("警察庁", "文部科学省"), "kind": ("plan",)}, ["plan.1"]),
        ({"year": ((2011, 2011),)}, ["fu.1", "fu.2", "fu.3", "fu.4", "fu.5", "kai.1"]),
        ({"year": ((2011, 2011), (2014, 2015)), "kind": ("meeting_record",)},
         ["kai.1", "kai.2", "kai.3"]),
        ({"fiscal_year": ((2000, 2020),)}, ["plan.1", "plan.2", "plan.3"]),
        ({"plan": ("人身取引対策行動計画",), "status": ("pending",)}, ["fu.2"]),
        ({"plan": ("人身取引対策行動計画2009",), "status": ("done",)}, ["fu.1", "fu.3", "fu.4"]),
        ({"document": ("kaisai.html",)}, ["kai.1", "kai.2", "kai.3"]),
        ({"publisher": ("こども家庭庁",)}, ["plan.1", "plan.2", "plan.3"]),
        ({"ministry": ("こども家庭庁",)}, ["plan.2"]),  # which names nobody
    ],
)  # fmt: skip
def test_filters_without_a_query_list_in_document_order(
    searcher: Searcher, filters: dict[str, Any], ids: list[str]
) -> None:
    assert found(searcher, None, **filters) == ids
    assert [record["id"] for record in searcher.export(None, Filters(**filters))[1]] == ids


def test_pages_of_hits_join_to_the_whole(searcher: Searcher) -> None:
    whole = found(searcher, "人")
    pages = [searcher.search("人", limit=2, offset=at) for at in range(0, len(whole), 2)]
    assert [hit["id"] for page in pages for hit in page.hits] == whole
    assert {page.total for page in pages} == {len(whole)}
    assert searcher.search("人", limit=0).hits == []


def test_by_date_the_newest_come_first(searcher: Searcher) -> None:
    dates = [h["date"] or h["issued"] for h in searcher.search("人身取引", sort="date").hits]
    assert dates == sorted(dates, reverse=True)


def test_scores_fall_and_are_zero_without_a_query(searcher: Searcher) -> None:
    scores = [hit["score"] for hit in searcher.search("京都").hits]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0
    assert {hit["score"] for hit in searcher.search().hits} == {0.0}


PASSAGES = [
    (p.id, p.text) for document in factories.corpus() for p in document.passages
] + [(f"n.{n}", text) for n, text in enumerate(NASTY)]  # fmt: skip


@given(st.data())
@settings(max_examples=150)
def test_every_substring_is_found(searcher: Searcher, data: st.DataObject) -> None:
    key, text = data.draw(st.sampled_from(PASSAGES))
    start = data.draw(st.integers(0, len(text) - 1))
    part = text[start : data.draw(st.integers(start + 1, min(len(text), start + 12)))]
    # A cut between a kana and its voicing mark leaves another character (ｶ of ｶﾞ).
    whole = fold(part) and fold(part) in fold(text)
    if not whole or set(part) & set('"“”') or "\x1e" in part:
        return
    for query in (f'"{part}"', part):
        if query == part and set(part) & set("()（）「」 \u3000-～"):
            continue
        results = searcher.search(query, limit=100)
        hits = {hit["id"]: hit for hit in results.hits}
        assert key in hits
        spans = hits[key]["highlights"]
        assert any(fold(part) in fold(text[begin:end]) for begin, end in spans)


@given(st.text(alphabet='人の京都取引("「」) -OR*~:\x00\x1b\udc80㈱ﾞ', max_size=30))
@settings(max_examples=150)
def test_any_query_gives_a_result_or_an_error_of_its_own(searcher: Searcher, query: str) -> None:
    try:
        results = searcher.search(query, limit=3)
    except QueryError:
        return
    assert len(results.hits) == min(results.total, 3)


@given(st.lists(st.text(alphabet="税務署の人ｶﾞﾊﾟ①㈱a b\n。ー", max_size=12), max_size=4))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_texts_can_be_indexed_and_found(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    data: Path = tmp_path_factory.mktemp("any")
    passages = [factories.passage(f"p{n}", text) for n, text in enumerate(texts)]
    factories.write_parsed(data, factories.document("a.html", passages))
    build_index(data)
    with Searcher(data) as opened:
        assert opened.search().total == len(texts)
        for each in passages:
            if fold(each.text):
                assert each.id in found(opened, f'"{each.text}"')
                assert each.id in found(opened, f'"{fold(each.text)[0]}"')


def test_an_alias_ranks_in_its_own_documents_alone(tmp_path: Path) -> None:
    defined = "国際移住機関（以下「本機関」という。）は働く。"
    own = factories.document("own.html", [factories.passage("own.1", defined)])
    other = factories.passage("other.1", "本機関は働く。")
    factories.write_parsed(
        tmp_path, own, factories.document("other.html", [other], title="国際移住機関の報告")
    )
    build_index(tmp_path)
    with Searcher(tmp_path) as opened:
        added = {hit["id"]: hit["score"] for hit in opened.search("本機関").hits}
        exact = opened.search("本機関", options=MatchOptions(exact=True))
        plain = {hit["id"]: hit["score"] for hit in exact.hits}
    assert added["own.1"] > plain["own.1"]
    assert added["other.1"] == plain["other.1"]
