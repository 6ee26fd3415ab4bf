"""Counts are true: held against counting by hand over what `export` gives, of both units."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shisaku.commands.console.tables import shade
from shisaku.index.engine.base import UnitName
from shisaku.index.generations.build import build_index
from shisaku.index.records.filters import Filters, Role
from shisaku.index.search.facets import OWN_FILTER
from shisaku.index.search.searcher import Searcher
from shisaku.index.search.selection import Request
from shisaku.ingest.model import Document, Measure
from tests.support import factories

Record = dict[str, Any]
QUERIES = [None, "人身取引", "保護 研修", "-旅券", "保護 OR 旅券", "省庁:警察庁 保護", "無い言葉"]
MINISTRIES = ["警察庁", "法務省", "入国管理局", "厚生労働省", "全関係省庁"]
UNITS: list[UnitName] = ["passage", "measure"]


def counted_as(name: str) -> tuple[str, ...]:
    """入国管理局 was a bureau of 法務省: its passages count for both, each once."""
    return (name, "法務省") if name == "入国管理局" else (name,)


def made(number: int) -> Document:
    """Make a document of measures and loose passages by chance, the same in every run."""
    chance = random.Random(number)
    name = f"d{number}.pdf"
    measures = [Measure(f"{name}#m-{m}", f"({m})", f"施策{m}", ()) for m in range(4)]
    words = ["人身取引", "保護", "研修", "旅券", "会議"]
    passages = [
        factories.passage(
            f"{name}#p-{n}",
            "、".join(chance.sample(words, chance.randint(1, 3))) + "。",
            measure=chance.choice([None, *(measure.id for measure in measures)]),
            ministries=tuple(chance.sample(MINISTRIES, chance.randint(0, 2))),
            actors=tuple(chance.sample(MINISTRIES, chance.randint(0, 1))),
            status=chance.choice([None, "done", "pending"]),
            restated=chance.random() < 0.3,
            date=chance.choice([None, None, f"20{chance.randint(10, 14)}-05-01"]),
        )
        for n in range(chance.randint(3, 12))
    ]
    series = chance.choice([None, "甲計画", "乙計画"])
    return factories.document(
        name,
        passages,
        title=f"文書{number}",
        measures=tuple(measures),
        kind=chance.choice(["plan", "follow_up", "report"]),
        plan=series and f"{series}{chance.choice([2010, 2014])}",
        plan_series=series,
        issued=chance.choice([None, "2011-11", "2014"]),
        fiscal_year=chance.choice([None, 2010, 2014]),
        publisher=chance.choice([None, "警察庁", "入国管理局", "保安委員会"]),
    )


def published_as(name: str) -> tuple[str, ...]:
    """保安委員会 is an agency: its papers are those of its ministry as well."""
    return (name, "厚生労働省") if name == "保安委員会" else counted_as(name)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    data = tmp_path_factory.mktemp("data")
    factories.write_parsed(data, *map(made, range(8)))
    build_index(data)
    factories.write_parsed(data, *map(made, range(8, 14)))  # a second segment
    build_index(data)
    with Searcher(data, counted_as, published_as=published_as) as opened:
        yield opened


# --- the same by hand --------------------------------------------------------------------------


def in_role(record: Record, role: str) -> set[str]:
    if role == "publisher":
        return set(published_as(record["publisher"])) if record["publisher"] else set()
    names = record["ministries" if role == "responsible" else "actors"]
    return {above for name in names for above in counted_as(name)}


def values(facet: str, record: Record, roles: Sequence[str] = ()) -> set[Any]:
    if facet == "ministry":
        if roles:
            return set().union(*(in_role(record, role) for role in roles))
        named = in_role(record, "responsible") | in_role(record, "acting")
        return named if named or record["measure"] else in_role(record, "publisher")
    if facet == "publisher":
        return in_role(record, "publisher")
    if facet == "restated":
        return {"yes" if record["restated"] else "no"}
    return {record[facet]} - {None}


def passes(record: Record, filters: Filters, *ignored: str) -> bool:
    def within(name: str) -> bool:
        return any(
            record[name] is not None and first <= record[name] <= last
            for first, last in getattr(filters, name)
        )

    tests: dict[str, Callable[[], bool]] = {
        "ministry": lambda: bool(values("ministry", record, filters.role) & set(filters.ministry)),
        "publisher": lambda: bool(values("publisher", record) & set(filters.publisher)),
        "restated": lambda: bool(values("restated", record) & set(filters.restated)),
        "plan": lambda: bool({record["plan"], record["plan_series"]} & set(filters.plan)),
        "year": lambda: within("year"),
        "fiscal_year": lambda: within("fiscal_year"),
        "kind": lambda: record["kind"] in filters.kind,
        "status": lambda: record["status"] in filters.status,
        "document": lambda: record["document"] in filters.document,
    }
    return all(
        test() for name, test in tests.items() if getattr(filters, name) and name not in ignored
    )


def units_of(searcher: Searcher, query: str | None, unit: UnitName) -> list[list[Record]]:
    """Give the passages of each unit that matches, whatever the filters."""
    if unit == "passage":
        return [[record] for record in searcher.export(query)[1]]
    of: dict[str, list[Record]] = {}
    for record in searcher.export()[1]:
        if record["measure"]:
            of.setdefault(record["measure"]["id"], []).append(record)
    return [of[record["id"]] for record in searcher.export(query, unit="measure")[1]]


MEANINGS: dict[str, Callable[[Callable[[str], set[str]]], set[str]]] = {
    "人身取引 保護": lambda has: has("人身取引") & has("保護"),
    "保護 研修 会議": lambda has: has("保護") & has("研修") & has("会議"),
    "保護 OR 旅券": lambda has: has("保護") | has("旅券"),
    "保護 -旅券": lambda has: has("保護") - has("旅券"),
    "-旅券": lambda has: has("") - has("旅券"),
    "(保護 OR 研修) -(旅券 会議)": lambda has: (
        (has("保護") | has("研修")) - (has("旅券") & has("会議"))
    ),
}


@pytest.mark.parametrize("query", MEANINGS)
def test_a_measure_matches_over_its_passages_together(searcher: Searcher, query: str) -> None:
    texts: dict[str, str] = {}
    for record in searcher.export()[1]:
        if record["measure"]:
            key = record["measure"]["id"]
            texts[key] = f"{texts.get(key, '')}\n{record['text']}"
    expected = MEANINGS[query](lambda word: {key for key in texts if word in texts[key]})
    found = {record["id"] for record in searcher.export(query, unit="measure")[1]}
    assert found == expected
    assert 0 < len(found) < len(texts)


@pytest.mark.parametrize(
    "query", ["(無い言葉 -旅券) OR 保護", "保護 OR (無い言葉 NOT (旅券 研修))"]
)
def test_what_hides_a_measure_never_shows_it(searcher: Searcher, query: str) -> None:
    hits = searcher.search(query, unit="measure", limit=100).hits
    assert any("旅券" in hit["text"] for hit in hits)
    for hit in hits:
        assert hit["matched"] == ["text"]
        assert "保護" in hit["best"]["text"]


FILTERS = st.builds(
    Filters,
    ministry=st.sampled_from([(), (), ("警察庁",), ("法務省", "厚生労働省"), ("入国管理局",)]),
    plan=st.sampled_from([(), (), ("甲計画",), ("甲計画2010", "乙計画")]),
    year=st.sampled_from([(), (), ((2011, 2011),), ((2010, 2010), (2013, 2014))]),
    fiscal_year=st.sampled_from([(), (), ((2010, 2012),)]),
    kind=st.sampled_from([(), (), ("plan",), ("follow_up", "report")]),
    status=st.sampled_from([(), (), ("done",), ("done", "pending")]),
    document=st.sampled_from([(), (), ("d1.pdf", "d2.pdf", "d9.pdf")]),
    publisher=st.sampled_from([(), (), (), ("警察庁",), ("法務省", "厚生労働省")]),
    role=st.sampled_from(
        [
            (),
            (),
            ("responsible",),
            ("acting", "responsible"),
            ("publisher",),
            ("publisher", "acting"),
        ]
    ),
    restated=st.sampled_from([(), (), (), ("yes",), ("no",)]),
)
REQUEST = {"query": st.sampled_from(QUERIES), "filters": FILTERS, "unit": st.sampled_from(UNITS)}


def plain(counts: list[dict[str, Any]]) -> dict[Any, int]:
    return {entry["value"]: entry["count"] for entry in counts}


@given(**REQUEST)
@settings(max_examples=150, deadline=None)
def test_facets_equal_counting_by_hand(
    searcher: Searcher, query: str | None, filters: Filters, unit: UnitName
) -> None:
    units = units_of(searcher, query, unit)
    total, facets = searcher.facets(query, filters, unit=unit)
    assert total == sum(any(passes(record, filters) for record in each) for each in units)
    assert list(facets) == list(OWN_FILTER)
    for facet, own in OWN_FILTER.items():
        expected = Counter(
            value
            for each in units
            for value in {
                value
                for record in each
                if passes(record, filters, own)
                for value in values(facet, record, filters.role)
            }
        )
        assert plain(facets[facet]) == expected, facet


@given(**REQUEST, end=st.integers(0, 30))
@settings(max_examples=100, deadline=None)
def test_the_best_are_the_first_of_all_in_their_order(
    searcher: Searcher, query: str | None, filters: Filters, unit: UnitName, end: int
) -> None:
    found = searcher.select(Request(query, filters, unit))
    scanned = [
        found.record(passages)["id"]
        for passages in found.opened.engine.scan(found.plan, found.restriction, unit)
    ]
    merits = {
        found.record(hit.passages)["id"]: (not hit.as_words, -round(hit.score, 4))
        for hit in found.page(found.total).hits
    }
    order = sorted(scanned, key=merits.__getitem__)
    assert [found.record(hit.passages)["id"] for hit in found.page(end).hits] == order[:end]


@given(**REQUEST, by=st.permutations(list(OWN_FILTER)))
@settings(max_examples=60, deadline=None)
def test_a_table_of_two_equals_counting_by_hand(
    searcher: Searcher, query: str | None, filters: Filters, unit: UnitName, by: list[str]
) -> None:
    down, across = by[:2]
    lifted = (OWN_FILTER[down], OWN_FILTER[across])
    units = units_of(searcher, query, unit)
    expected = Counter(
        pair
        for each in units
        for pair in {
            (row, column)
            for record in each
            if passes(record, filters, *lifted)
            for row in values(down, record, filters.role)
            for column in values(across, record, filters.role)
        }
    )
    cross = searcher.select(Request(query, filters, unit)).cross(down, across)
    assert expected == {
        (row["value"], column["value"]): count
        for row, counts in zip(cross.rows, cross.counts, strict=True)
        for column, count in zip(cross.columns, counts, strict=True)
        if count
    }
    assert {v for row, _ in expected for v in [row]} <= set(plain(cross.rows))


@given(**REQUEST)
@settings(max_examples=40, deadline=None)
def test_a_count_is_the_total_with_that_value_alone(
    searcher: Searcher, query: str | None, filters: Filters, unit: UnitName
) -> None:
    _, facets = searcher.facets(query, filters, unit=unit)
    for facet in ("ministry", "plan", "kind", "status", "document", "publisher", "restated"):
        for value, count in plain(facets[facet]).items():
            narrowed = msgspec.structs.replace(filters, **{OWN_FILTER[facet]: (value,)})
            assert searcher.search(query, narrowed, unit=unit, limit=0).total == count
    for year, count in plain(facets["year"]).items():
        narrowed = msgspec.structs.replace(filters, year=((year, year),))
        assert searcher.search(query, narrowed, unit=unit, limit=0).total == count


@given(**REQUEST)
@settings(max_examples=60, deadline=None)
def test_each_role_by_itself_counts_what_its_filter_admits(
    searcher: Searcher, query: str | None, filters: Filters, unit: UnitName
) -> None:
    counts = searcher.select(Request(query, filters, unit)).by_role()
    _, facets = searcher.facets(query, filters, unit=unit)
    assert {each["value"]: each["count"] for each in counts if each["count"]} == plain(
        facets["ministry"]
    )
    for entry in counts:
        for role, count in entry["roles"].items():
            alone = msgspec.structs.replace(filters, ministry=(entry["value"],), role=(role,))
            assert searcher.search(query, alone, unit=unit, limit=0).total == count


def test_a_hit_says_what_the_ministry_is_to_it(searcher: Searcher) -> None:
    seen = set()
    roles: list[tuple[Role, ...]] = [
        (),
        ("publisher",),
        ("acting",),
        ("responsible", "acting"),
    ]
    for role, name in product(roles, ("法務省", "警察庁")):
        filters = Filters(ministry=(name,), role=role)
        for hit in searcher.search(None, filters, limit=500).hits:
            assert name in in_role(hit, hit["ministry_role"])
            assert not role or hit["ministry_role"] in role
            named = hit["ministries"] or hit["actors"] or hit["measure"]
            assert role or not named or hit["ministry_role"] != "publisher"
            seen.add((bool(role), hit["ministry_role"]))
    assert len(seen) == 6
    assert {hit["ministry_role"] for hit in searcher.search(limit=50).hits} == {None}


@given(**REQUEST)
@settings(max_examples=60, deadline=None)
def test_search_export_and_facets_agree(
    searcher: Searcher, query: str | None, filters: Filters, unit: UnitName
) -> None:
    total, records = searcher.export(query, filters, unit=unit)
    found = searcher.search(query, filters, limit=1000, unit=unit)
    ids = [record["id"] for record in records]
    assert total == len(ids) == len(set(ids)) == found.total == len(found.hits)
    assert set(ids) == {hit["id"] for hit in found.hits}
    assert searcher.facets(query, filters, unit=unit) == (total, found.facets)
    documents = searcher.select(Request(query, filters, unit)).documents()
    assert sum(document["hits"] for document in documents) == total
    order = [document["id"] for document in documents]
    assert order == sorted({key.partition("#")[0] for key in ids})
    assert [key.partition("#")[0] for key in ids] == sorted(key.partition("#")[0] for key in ids)


# --- the rest ----------------------------------------------------------------------------------


def test_a_document_has_its_title_beside_its_id(searcher: Searcher) -> None:
    _, facets = searcher.facets(None, Filters(document=("d3.pdf",)))
    titles = {entry["value"]: entry["title"] for entry in facets["document"]}
    assert titles["d3.pdf"] == "文書3"
    assert len(titles) == 14  # the facet's own filter does not count


def test_values_come_most_frequent_first_and_years_in_order(searcher: Searcher) -> None:
    _, facets = searcher.facets()
    for name, counts in facets.items():
        values = [entry["value"] for entry in counts]
        ranked = sorted(values, key=lambda v: (-plain(counts)[v], v))
        assert values == (sorted(values) if name == "year" else ranked)


@pytest.mark.parametrize(
    ("filters", "suggested"),
    [
        ({}, []),
        ({"ministry": ("検察庁",)}, ["--ministry 検察庁"]),
        ({"ministry": ("検察庁",), "kind": ("report",)}, ["--ministry 検察庁"]),
        (
            {"ministry": ("検察庁", "税関"), "status": ("lost",), "year": ((2010, 2014),)},
            ["--ministry 検察庁 --ministry 税関 --year 2010..2014 --status lost"],
        ),
    ],
)
def test_where_nothing_is_found_the_filter_that_excludes_it_is_named(
    searcher: Searcher, filters: dict[str, Any], suggested: list[str]
) -> None:
    found = searcher.search("保護", Filters(**filters))
    assert [entry["without"] for entry in found.suggestions] == suggested
    for entry in found.suggestions:
        kept = {k: v for k, v in filters.items() if f"--{k}" not in entry["without"]}
        assert entry["total"] == searcher.search("保護", Filters(**kept)).total > 0
    assert searcher.search("無い言葉", Filters(**filters)).suggestions == []


@pytest.mark.parametrize(
    ("count", "greatest", "dark"),
    [(0, 9, 0), (1, 100, 1), (25, 100, 1), (26, 100, 2), (50, 100, 2), (75, 100, 3), (76, 100, 4),
     (1, 1, 4), (1, 2, 2), (2, 2, 4)],
)  # fmt: skip
def test_the_greater_the_darker(count: int, greatest: int, dark: int) -> None:
    assert shade(count, greatest) == dark
