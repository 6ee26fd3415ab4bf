"""What a query that finds nothing may have meant: each suggestion, typed as shown, finds."""

from collections.abc import Iterator
from typing import Any

import pytest

from shisaku.index.generations.build import build_index
from shisaku.index.records.filters import Filters
from shisaku.index.search.names import Registry
from shisaku.index.search.searcher import Searcher
from shisaku.ingest.text.fold import fold
from tests.support import factories


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    data = tmp_path_factory.mktemp("data")
    factories.write_parsed(data, *factories.corpus())
    build_index(data)
    registry = Registry({"NPA": "警察庁"}.get, lambda _: None, fold)
    with Searcher(data, registry=registry) as opened:
        yield opened


@pytest.mark.parametrize(
    ("query", "filters", "suggested"),
    [
        # a year and a ministry that no text says, but the passages have
        ("署員 2011", {}, [{"word": "2011", "instead": ["年:2011"]}]),
        ("署員 NPA", {}, [{"word": "NPA", "instead": ["省庁:NPA"]}]),
        # the name of a document is in its title only
        ("フォローアップ", {}, [{"word": "フォローアップ", "instead": ["題名:フォローアップ"]}]),
        # the words stand in one passage, but not in this order
        ("署員の空港", {}, [{"word": "署員の空港", "instead": ["署員 空港"]}]),
        # each stands somewhere, and leaving out either finds the other
        ("署員 大阪", {}, [{"without": "署員", "total": 1}, {"without": "大阪", "total": 2}]),
        ("署員 大阪 -今後", {}, [{"without": "署員", "total": 1}, {"without": "大阪", "total": 2}]),
        # leaving out one is not enough
        ("署員 大阪 policy", {}, [{"word": "署員 大阪 policy",
                                   "instead": ["署員 OR 大阪 OR policy"]}]),
        # a quotation is meant as it stands, alone as beside others
        ('"署員の旅"', {}, []),
        ('"署員の旅" 大阪', {}, [{"without": '"署員の旅"', "total": 1}]),
        ("甲乙丙丁", {}, []),
        # a word of two, of which each stands somewhere
        ("大阪署員", {}, [{"word": "大阪署員", "instead": ["大阪", "署員"], "totals": [1, 2]}]),
        # a word that stands nowhere: what is near it, and what there is without it
        ("署員 旅圏", {}, [{"word": "旅圏", "instead": ["旅券"]}, {"without": "旅圏", "total": 2}]),
        # fields of the query that leave nothing over
        ("署員 年:1950", {}, [{"without": "年:1950", "total": 2}]),
        ('署員 文書:"kaisai.html"', {},
         [{"without": "署員", "total": 3}, {"without": "文書:kaisai.html", "total": 2}]),
        ("見出し:署員 大阪", {}, [{"without": "見出し:署員", "total": 1}]),
        ("署員 大阪 年:1950", {}, []),
        # filters that leave nothing over are still named
        ("署員", {"status": ("lost",)}, [{"without": "--status lost", "total": 2}]),
    ],
)  # fmt: skip
def test_suggests(
    searcher: Searcher, query: str, filters: dict[str, Any], suggested: list[dict[str, Any]]
) -> None:
    found = searcher.search(query, Filters(**filters))
    assert found.total == 0
    assert found.suggestions == suggested
    for entry in found.suggestions:
        for text in entry.get("instead", ()):
            typed = query.replace(entry["word"], text)
            if typed == "署員 旅券":  # both words stand somewhere: a near spelling is no promise
                continue
            assert searcher.search(typed, Filters(**filters)).total > 0


def test_what_finds_something_gets_no_suggestion(searcher: Searcher) -> None:
    assert searcher.search("署員").suggestions == []
