"""Where the words of a query stand together: passage, section, document, and around a passage."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shisaku.index.generations.build import build_index
from shisaku.index.query.plan import MatchOptions
from shisaku.index.records.filters import Filters
from shisaku.index.search.searcher import WIDER_BELOW, WIDER_SHOWN, Searcher
from shisaku.index.search.selection import Request, Width
from shisaku.ingest.model import ColumnText
from tests.support import factories

passage = factories.passage


def law() -> Iterator[object]:
    yield passage("law.1", "離島の保全に努める。", path=("第一章", "第二条（島）"))
    yield passage("law.2", "水産資源を管理する。", path=("第一章", "第二条（島）"))
    yield passage("law.3", "航路を定める。", path=("第二章",))
    yield passage("law.4", "「航路」とは、船の通る道をいう。", path=("第三章",))


def table() -> Iterator[object]:
    yield passage("t.0", "表1 押収量の推移", type="caption", path=("統計",))
    cells = (ColumnText("薬物", "大麻"), ColumnText("検挙人員", "12"), ColumnText("空欄", ""))
    yield passage("t.1", "大麻 | 12", type="row", cells=cells, path=("統計",))
    yield passage("t.2", "船舶の検査を行う。", path=("統計",), ministries=("海上保安庁",))


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    data: Path = tmp_path_factory.mktemp("data")
    documents = [
        factories.document("law.html", tuple(law()), title="海洋基本法"),  # type: ignore[arg-type]
        factories.document(
            "table.pdf", tuple(table()), title="参考資料", plan="甲戦略2018", plan_series="甲戦略",  # type: ignore[arg-type]
        ),
        factories.document(
            "many.html",
            tuple(
                passage(f"many.{n}", f"灯台{n}の灯火と霧笛を直す。", path=(f"{n}",))
                for n in range(WIDER_BELOW)
            ),
            title="灯台",
        ),
        *(
            factories.document(
                f"apart{n}.html",
                (passage(f"apart{n}.1", "浮標を置く。"), passage(f"apart{n}.2", "砂州を測る。")),
            )
            for n in range(WIDER_SHOWN + 2)
        ),
    ]  # fmt: skip
    factories.write_parsed(data, *documents)
    build_index(data)
    with Searcher(data) as opened:
        yield opened


def ids(searcher: Searcher, query: str, within: Width = "passage", **options: bool) -> list[str]:
    request = Request(query, within=within, options=MatchOptions(**options))
    return sorted(hit["id"] for hit in searcher.answer(request).hits)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("海洋基本法 離島", ["law.1"]),  # the title of the document
        ("甲戦略 船舶", ["t.2"]),  # its series
        ("検挙人員 大麻", ["t.1"]),  # the label of a column
        ("空欄 大麻", []),  # in which the row has no cell
        ("押収量 大麻", ["t.1"]),  # the caption next to it
        ("押収量 船舶", ["t.2"]),
        ("海洋基本法", []),  # a word by itself counts no title
        ("海洋基本法 基本", []),  # nor do two, if none stands in the passage
        ('"海洋基本法" 離島', []),  # what is quoted is meant literally
        ('海洋基本法 "離島"', ["law.1"]),
        ("海洋基本法 (離島 OR 航路)", ["law.1", "law.3", "law.4"]),
        ("海洋基本法 -離島 航路", ["law.3", "law.4"]),
        ("文書:law.html 海洋基本法", []),  # a field is no word
        ("海洋 離島", ["law.1"]),
        ("洋基 離島", ["law.1"]),  # characters inside words count as everywhere
    ],
)
def test_what_stands_around_a_passage_counts_beside_what_it_holds(
    searcher: Searcher, query: str, found: list[str]
) -> None:
    assert ids(searcher, query) == found


def test_it_is_told_and_not_marked(searcher: Searcher) -> None:
    (hit,) = searcher.search("海洋基本法 離島").hits
    assert (hit["matched"], hit["around"], hit["highlights"]) == (["text"], ["title"], [[0, 2]])
    assert searcher.search("甲戦略2018 船舶").hits[0]["around"] == ["plan"]
    assert searcher.search("検挙人員 大麻").hits[0]["around"] == ["column"]
    assert searcher.search("離島").hits[0]["around"] == []
    assert ids(searcher, "海洋基本法 離島", text_only=True) == []


@pytest.mark.parametrize(
    ("query", "passage", "section", "document"),
    [
        ("離島 水産資源", [], ["law.1"], ["law.1"]),  # of equally good ones the first
        ("離島 航路", [], [], ["law.1"]),
        # the passage that holds most of the words; of one word each, the rarest
        ("航路 船 離島", [], [], ["law.4"]),
        ("離島 水産資源 -航路", [], ["law.1"], []),  # NOT holds over the whole
        ('"離島" "水産資源"', [], [], []),  # quotations do not widen
        ('"離島" 水産資源', [], ["law.1"], ["law.1"]),
        (
            "(離島 OR 灯火) 水産資源",
            [],
            ["law.2"],
            ["law.2"],
        ),  # 灯火 is in many
        ("(離島 OR 水産資源) 航路", [], [], ["law.1"]),
        ("離島 文書:law.html 航路", [], [], ["law.1"]),
        ("離島 文書:table.pdf 航路", [], [], []),
        ("海洋基本法 水産資源 離島", [], ["law.1"], ["law.1"]),
        ("離島", ["law.1"], ["law.1"], ["law.1"]),
    ],
)
def test_widths(
    searcher: Searcher, query: str, passage: list[str], section: list[str], document: list[str]
) -> None:
    assert ids(searcher, query) == passage
    assert ids(searcher, query, "section") == section
    assert ids(searcher, query, "document") == document


def test_totals_facets_and_exports_count_at_the_width_in_force(searcher: Searcher) -> None:
    for within, total in (("passage", 0), ("section", 0), ("document", WIDER_SHOWN + 2)):
        request = Request("浮標 砂州", within=within)  # type: ignore[arg-type]
        found = searcher.select(request)
        if within == "section":  # one without headings is a section as a whole
            total = WIDER_SHOWN + 2
        assert found.total == total == len(list(found.records()))
        kinds = found.facets("kind")["kind"]
        assert sum(entry["count"] for entry in kinds) == total
        assert {hit["width"] for hit in searcher.answer(request).hits} <= {within}


def test_wider_follows_few_hits_and_is_never_counted_with_them(searcher: Searcher) -> None:
    found = searcher.search("離島 航路")
    assert (found.total, found.hits) == (0, [])
    assert found.wider is not None
    assert {width: each.total for width, each in found.wider.items()} == {
        "section": 0, "document": 1,
    }  # fmt: skip
    (hit,) = found.wider["document"].hits
    assert (hit["id"], hit["width"], hit["matched"]) == ("law.1", "document", ["text"])
    # sections and documents in which a passage matches by itself are no further ones
    own = searcher.search("航路 船")
    assert [hit["id"] for hit in own.hits] == ["law.4"]
    assert own.wider is not None
    assert [each.total for each in own.wider.values()] == [0, 0]


def test_wider_is_bounded_and_shows_no_passage_twice(searcher: Searcher) -> None:
    found = searcher.search("浮標 砂州")
    assert found.wider is not None
    section, document = found.wider["section"], found.wider["document"]
    assert section.total == document.total == WIDER_SHOWN + 2
    shown = [hit["id"] for each in (section, document) for hit in each.hits]
    assert len(section.hits) == WIDER_SHOWN and len(set(shown)) == len(shown)
    few = searcher.search("浮標 砂州", limit=0).wider
    assert few is not None and few["section"].hits == [] and few["section"].total > 0


def test_wider_is_asked_below_a_total_whatever_the_limit(searcher: Searcher) -> None:
    assert searcher.search("灯火 霧笛", limit=1).total == WIDER_BELOW
    assert searcher.search("灯火 霧笛", limit=1).wider is None
    assert searcher.search("灯台1 霧笛", limit=1).total < WIDER_BELOW
    assert searcher.search("灯台1 霧笛", limit=1).wider is not None


@pytest.mark.parametrize(
    "query", ["離島", '"離島" "航路"', "離島 OR 航路", "文書:law.html 離島", None]
)
def test_what_cannot_widen_is_not_widened(searcher: Searcher, query: str | None) -> None:
    assert searcher.search(query, limit=3).wider is None


def test_filters_admit_the_best_passage_first(searcher: Searcher) -> None:
    coast = Filters(ministry=("海上保安庁",))
    found = searcher.search("押収量 検挙人員 船舶", coast).wider
    assert found is not None
    assert [hit["id"] for hit in found["section"].hits] == ["t.2"]
    # what matches by itself, and is of nobody, is no hit; the section is one further
    beside = searcher.search("大麻 検挙人員", coast)
    assert (beside.total, beside.wider and beside.wider["section"].total) == (0, 1)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("航路とは", "law.4"),
        ("航路の定義", "law.4"),
        ("航路 定義", "law.4"),
        ("海洋基本法 航路 意味", "law.4"),
    ],
)
def test_what_defines_comes_first(searcher: Searcher, query: str, first: str) -> None:
    hits = searcher.search(query).hits
    assert hits[0]["id"] == first
    assert hits[0]["highlights"]
    exact = searcher.search(f'"{query}"', options=MatchOptions(exact=True))
    assert exact.total == 0
