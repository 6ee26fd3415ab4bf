"""`shisaku.open_index` answers like the command line, and says what is wrong with a question."""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import shisaku
from shisaku.index.generations import build
from shisaku.index.search.searcher import Searcher
from tests.support import factories
from tests.support.typed import answer, run

QUERIES = 200
KINDS = ("follow_up", "evaluation_sheet", "meeting_record", "brochure", "report")


@pytest.fixture(scope="module")
def index(sample: Path) -> Iterator[shisaku.Index]:
    with shisaku.open_index(sample) as opened:
        yield opened


# --- the same as the command line --------------------------------------------------------------


def words(index: shisaku.Index) -> list[str]:
    """Give runs of kanji or katakana that the sample's passages hold, each once."""
    text = "\n".join(record["text"] for record in index.export())
    return sorted(set(re.findall(r"[一-龠]{2,4}|[ァ-ヶー]{3,8}", text)))


def questions(index: shisaku.Index) -> list[tuple[str | None, dict[str, Any]]]:
    """Draw queries with several filters and both units."""
    drawn = random.Random(15)
    known = words(index)
    counts = index.facets().facets
    ministries = [entry["value"] for entry in counts["ministry"]]
    plans = [entry["value"] for entry in counts["plan"] + counts["plan_series"]]
    years = [entry["value"] for entry in counts["year"]]
    found: list[tuple[str | None, dict[str, Any]]] = []
    while len(found) < QUERIES:
        some = drawn.sample(known, 2)
        query = drawn.choice(
            [None, some[0], " ".join(some), " OR ".join(some), f"{some[0]} -{some[1]}",
             f"「{some[0]}」", f"{some[0][:2]}*", f"省庁:{drawn.choice(ministries)}"]
        )  # fmt: skip
        asked: dict[str, Any] = {"unit": drawn.choice(["passage", "measure"])}
        for name, values in (
            ("ministry", [*ministries, "NPA", "法務省"]), ("plan", plans), ("year", years),
            ("kind", KINDS), ("status", ["done", "◎", "○"]),
        ):  # fmt: skip
            if drawn.random() < 0.25:
                asked[name] = drawn.sample(list(values), drawn.choice([1, 1, 2]))
        if drawn.random() < 0.2:
            asked["exact"] = True
        found.append((query, asked))
    return found


def typed(query: str | None, asked: dict[str, Any]) -> list[str]:
    """Give the arguments of the command that asks the same."""
    arguments = [] if query is None else ["--", query]
    options: list[str] = []
    for name, value in asked.items():
        if value is True:
            options.append(f"--{name}")
        for one in value if isinstance(value, list) else [value] if name == "unit" else []:
            options += [f"--{name}", str(one)]
    return [*options, *arguments]


def test_the_library_gives_what_the_command_line_gives(index: shisaku.Index, sample: Path) -> None:
    totals = 0
    asked = questions(index)
    for query, options in asked:
        command = ("search", "--json", "--limit", 3, "--data", sample)
        expected = answer(*command, *typed(query, options))
        found = index.search(query, limit=3, **options)
        assert (found.total, found.facets) == (expected["total"], expected["facets"]), query
        assert found.to_json() == expected, query
        totals += bool(found.total)
    assert len(asked) == QUERIES
    assert totals > QUERIES / 3  # or the comparison says little


def test_ministries_are_rolled_up_and_a_bare_searcher_does_not(tmp_path: Path) -> None:
    bureau = factories.passage("p0", "旅券を見た。", ministries=("入国管理局",))
    ministry = factories.passage("p1", "旅券を出した。", ministries=("法務省",))
    factories.write_parsed(tmp_path, factories.document("a.html", (bureau, ministry)))
    build.build_index(tmp_path)
    filters = shisaku.Filters(ministry=("法務省",))
    with Searcher(tmp_path) as bare:
        assert bare.search("旅券", filters).total == 1
    with shisaku.open_index(tmp_path) as index:
        assert index.search("旅券", filters).total == 2
        assert index.search("旅券", ministry="MOJ").total == 2
        assert index.facets("旅券", by="ministry").facets["ministry"] == [
            {"value": "法務省", "count": 2}, {"value": "入国管理局", "count": 1},
        ]  # fmt: skip


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "bibtex", "csl-json"])
def test_what_it_writes_is_what_the_command_writes(
    index: shisaku.Index, sample: Path, tmp_path: Path, form: str
) -> None:
    cite = form == "csv"
    for name in "ab":
        (tmp_path / name).mkdir()
    options = ["--cite"] if cite else []
    run("export", "研修", *options, "--format", form, "-o", tmp_path / "a" / "x", "--data", sample)
    index.export("研修", cite=cite).write(tmp_path / "b" / "x", form)
    made = sorted(path.name for path in (tmp_path / "b").iterdir())
    assert made == (["x"] if form == "json" else ["x", "x.header.json"])
    for name in made:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_what_it_shows_is_what_the_command_shows(index: shisaku.Index, sample: Path) -> None:
    hit = index.search("人身取引", limit=1).hits[0]
    for key in (hit["id"], hit["measure"]["id"], hit["document"], f"raw/{hit['document']}"):
        assert index.show(key) == answer("show", key, "--json", "--data", sample)
    assert index.passage(hit["id"])["text"] == hit["text"]
    assert index.aliases_json("NPA") == answer("aliases", "NPA", "--json", "--data", sample)
    listed = shisaku.documents(sample)
    assert {"schema": 2} | listed.to_json() == answer("docs", "--json", "--data", sample)
    assert index.documents() == listed


# --- what is asked -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "filters"),
    [
        ({"ministry": "NPA"}, {"ministry": ("警察庁",)}),
        ({"ministry": ["NPA", "警察庁"]}, {"ministry": ("警察庁",)}),  # each once
        ({"year": 2011}, {"year": ((2011, 2011),)}),
        ({"year": "2009..2014"}, {"year": ((2009, 2014),)}),
        ({"year": ["平成23", 2014]}, {"year": ((2011, 2011), (2014, 2014))}),
        ({"year": range(2009, 2011)}, {"year": ((2009, 2009), (2010, 2010))}),
        ({"fiscal_year": "令和5年度"}, {"fiscal_year": ((2023, 2023),)}),
        ({"kind": "フォローアップ"}, {"kind": ("follow_up",)}),
        ({"status": ("◎", "pending")}, {"status": ("done", "pending")}),
        ({"plan": (), "year": []}, {}),
    ],
)
def test_names_become_canonical(
    index: shisaku.Index, asked: dict[str, Any], filters: dict[str, Any]
) -> None:
    assert index.request(**asked).filters == shisaku.Filters(**filters)


def test_names_are_added_to_filters(index: shisaku.Index) -> None:
    given = shisaku.Filters(ministry=("法務省",), year=((2011, 2012),))
    made = index.request("研修", given, ministry="NPA", unit="measure", exact=True)
    assert made == shisaku.Request(
        "研修",
        shisaku.Filters(ministry=("法務省", "警察庁"), year=((2011, 2012),)),
        "measure",
        shisaku.MatchOptions(exact=True),
    )
    assert index.search(made).total == index.search(
        "研修", ministry=["法務省", "NPA"], year="2011..2012", unit="measure", exact=True
    ).total  # fmt: skip
    assert index.request(made) is made


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        ({"ministry": "ない省"}, shisaku.FilterError, "no ministry ない省"),
        ({"plan": "ない計画"}, shisaku.FilterError, "no plan ない計画"),
        ({"year": "去年"}, shisaku.FilterError, "去年 is no year"),
        ({"year": "令和5年度"}, shisaku.FilterError, "is a fiscal year"),
        ({"kind": "poem"}, shisaku.FilterError, "no kind poem"),
        ({"status": "half"}, shisaku.FilterError, "no status half"),
        ({"query": "  "}, shisaku.QueryError, "empty"),
        ({"query": "省庁:ない省"}, shisaku.FilterError, "at character"),
        ({"minstry": "NPA"}, TypeError, "no filter or option minstry"),
        ({"unit": "page"}, ValueError, "'passage' or 'measure'"),
        ({"limit": -1}, ValueError, "0 or more"),
        ({"offset": -1}, ValueError, "0 or more"),
        ({"sort": "title"}, ValueError, "'relevance' or 'date'"),
        ({"query": shisaku.Request("研修"), "exact": True}, TypeError, "already"),
    ],
)
def test_what_cannot_be_asked(
    index: shisaku.Index, asked: dict[str, Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=re.escape(says)) as caught:
        index.search(**asked)
    if isinstance(caught.value, shisaku.ShisakuError):
        assert caught.value.exit_code == 2 and caught.value.remedy


def test_facets_by_name(index: shisaku.Index) -> None:
    one = index.facets("研修", by="year")
    assert list(one.facets) == ["year"] and one.cross is None
    two = index.facets("研修", by=("ministry", "year"))
    assert two.cross is not None and two.cross.by == ("ministry", "year")
    assert [row["value"] for row in two.cross.rows] == [
        entry["value"] for entry in two.facets["ministry"]
    ]
    assert len(index.facets(by=("kind", "year", "status")).facets) == 3
    for wrong in ("colour", ("year", "year")):
        with pytest.raises(shisaku.FilterError):
            index.facets(by=wrong)


def test_an_export_can_be_read_twice_and_says_what_it_is(index: shisaku.Index) -> None:
    found = index.export("研修", ministry="警察庁", cite=True)
    assert len(found) == found.total == found.header["total"] > 0
    assert [r["id"] for r in found] == [r["id"] for r in found]
    assert all(record["citation"] for record in found)
    with pytest.raises(ValueError, match="json, jsonl, csv"):
        found.write(None, "xlsx")
    assert (found.header["schema"], found.header["version"]) == (2, shisaku.__version__)


def test_pages_without_counts(index: shisaku.Index) -> None:
    whole = index.search("研修", limit=4)
    part = index.search("研修", limit=2, offset=2, facets=False)
    assert part.hits == whole.hits[2:]
    assert (part.facets, part.total, part.offset, part.limit) == ({}, whole.total, 2, 2)
    newest = index.search("研修", sort="date", limit=50).hits
    dates = [hit["date"] or hit["issued"] or str(hit["year"] or "") for hit in newest]
    assert dates == sorted(dates, reverse=True)


# --- what cannot be opened ---------------------------------------------------------------------


def test_what_is_not_there(tmp_path: Path, index: shisaku.Index) -> None:
    with pytest.raises(shisaku.DataDirectoryError):
        shisaku.open_index(tmp_path / "none")
    with pytest.raises(shisaku.NoIndexError):
        shisaku.open_index(str(tmp_path))
    with pytest.raises(shisaku.NoIndexError):
        shisaku.documents(tmp_path)
    for question in (index.show, index.passage):
        with pytest.raises(shisaku.UnknownIdError):
            question("none.pdf#p-000000000000")


def test_a_closed_index_answers_nothing(sample: Path) -> None:
    with shisaku.open_index(sample) as index:
        total = index.search("研修").total
    assert total
    with pytest.raises(ValueError):
        index.search("研修")
