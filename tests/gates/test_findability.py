"""The short form of `make findability`: every row on the project's own sample, without Groonga."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.corpus import SAMPLE
from bench.findability import checks, rows
from bench.findability.draw import contains, doubled, folded, hostile, quoted, substrings
from bench.findability.peers import Fts5, lemmas, surfaces
from bench.findability.run import HELD_OUT, Peers, lines_of, load_floors
from bench.findability.tool import Counts, Record, Tool, Unit, indexed
from bench.table import Row, aligned, write_between_marks
from shisaku.index.generations.build import build_index
from shisaku.index.records.filters import Filters
from shisaku.ingest.batch.batch import run_ingest

# What was promised: a floor may be higher.
FLOORS = {
    "literal_quoted": 1.0, "literal_bare": 0.995, "precision": 1.0, "variants": 1.0,
    "variants_held_out": 1.0, "queries": 0.95, "mrr": 0.85,
}  # fmt: skip


QUERIES = """# query, filters, document, text
ICPO 情報交換\t--ministry 警察庁\tjinshin-torihiki-followup-2024\t送出国の捜査機関と随時情報を交換
観光庁 旅行業者\t\tjinshin-torihiki-followup-2024\t買春を目的とした旅行に関わらない
(法テラス OR 弁護士会) 案内\t--year 2024\tjinshin-torihiki-followup-2024\t十か国語の案内
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("sample")
    shutil.copytree(SAMPLE, data / "raw/sample")
    run_ingest(data, jobs=2)
    return indexed(data)


@pytest.fixture(scope="module")
def tool(data: Path) -> Iterator[Tool]:
    tool = Tool(data)
    yield tool
    tool.close()


@pytest.fixture(scope="module")
def records(tool: Tool) -> list[Record]:
    return tool.export(None)


def good(*found: Row) -> None:
    for row in found:
        assert row.good, (row.name, row.value, row.failures[:5])
        assert not row.failures


# --- each row on the sample --------------------------------------------------------------------


def test_every_substring_finds_its_passage(tool: Tool, records: list[Record]) -> None:
    good(*rows.literal(tool, records, substrings(records, 150), {}, FLOORS))


def test_both_spellings_find_each_other(tmp_path: Path) -> None:
    pairs = [rows.Pair("取組", "取り組み"), rows.Pair("ＩＣＴ", "ICT"), rows.Pair("㈱", "(株)")]
    good(rows.spellings(pairs, "pairs", 1.0, tmp_path, lambda texts: {}))


def test_queries_have_a_right_hit_first(tool: Tool, tmp_path: Path) -> None:
    table = tmp_path / "queries.tsv"
    table.write_text(QUERIES, encoding="utf-8")
    good(rows.queries(rows.read_queries(table), "queries", FLOORS, tool, {}))


@pytest.mark.parametrize("unit", ["passage", "measure"])
def test_facets_are_what_is_counted_again(tool: Tool, records: list[Record], unit: Unit) -> None:
    good(checks.facets(tool, records, 80, unit))


def test_no_string_breaks_the_search(tool: Tool, records: list[Record]) -> None:
    good(checks.attacked(tool, records, 300))


def test_any_order_and_any_changes_give_the_same_index(
    data: Path, records: list[Record], tmp_path: Path
) -> None:
    asked = checks.asked_again(records, substrings(records, 20), 40)
    good(checks.rebuilt(data, tmp_path / "again", asked, 6))


def test_the_command_line_answers_as_the_library(tool: Tool, records: list[Record]) -> None:
    strange = ["((((", "\x1b[31m", '"人身', "年:x"]
    good(checks.command_line(tool, substrings(records, 4), strange, 5))


# --- a row that is wrong says so ---------------------------------------------------------------


class Worse(Tool):
    """A search that finds too little, names the wrong part, and counts wrongly."""

    def ids(self, query: str | None, filters: Filters | None = None) -> list[str]:
        return super().ids(query, filters)[1:]

    def hits(
        self, query: str, filters: Filters | None = None, *, limit: int = 10, offset: int = 0
    ) -> tuple[int, list[Record]]:
        total, hits = super().hits(query, filters, limit=limit, offset=offset)
        return total, [hit | {"matched": ["title"]} for hit in hits]

    def facets(
        self, query: str | None, filters: Filters | None = None, unit: Unit = "passage"
    ) -> tuple[int, Counts]:
        total, counts = super().facets(query, filters, unit)
        return total, {name: values for name, values in counts.items() if name != "status"}


@pytest.fixture
def worse(data: Path) -> Iterator[Tool]:
    tool = Worse(data)
    yield tool
    tool.close()


def test_what_is_lost_and_what_is_named_wrongly_is_under_the_floor(
    worse: Tool, records: list[Record]
) -> None:
    for row in rows.literal(worse, records, substrings(records, 30), {}, FLOORS):
        assert not row.good
        assert row.failures


def test_counts_that_differ_are_told(worse: Tool, records: list[Record]) -> None:
    row = checks.facets(worse, records, 5, "passage")
    assert not row.good
    assert "status: not counted: 5" in rows.by_class(row.failures)


def test_a_hit_among_ten_but_not_three_counts_in_mrr_alone() -> None:
    assert rows._scores([1, 4, 0, 2]) == "0.500, MRR 0.438"


def test_spellings_that_do_not_meet_are_told(tmp_path: Path) -> None:
    row = rows.spellings([rows.Pair("犬", "猫")], "pairs", 1.0, tmp_path, lambda texts: {})
    assert (row.value, row.good, len(row.failures)) == ("0/2", False, 2)


def test_a_fault_is_no_clear_error(tool: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.outcome(tool, "人身取引")[0] == "result"
    assert checks.outcome(tool, "")[0] == "error"

    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(tool, "hits", fail)
    assert checks.outcome(tool, "人身取引")[0] == "[ZeroDivisionError]"


def test_answers_that_differ_are_told(
    data: Path, records: list[Record], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "_change", lambda parsed, data, changes, chance: lose(data))

    def lose(data: Path) -> None:
        next((data / "parsed").rglob("*followup*.json")).unlink()
        build_index(data)

    row = checks.rebuilt(data, tmp_path / "again", ["人身取引"], 1)
    assert not row.good
    assert row.failures[0].startswith("[after changes: total, ")


# --- what is asked, and how answers are held against it -----------------------------------------


def test_no_floor_is_below_what_was_promised() -> None:
    floors = load_floors()[1]
    assert floors.keys() == FLOORS.keys()
    for name, least in FLOORS.items():
        assert least <= floors[name] <= 1, name


@pytest.mark.parametrize(
    ("text", "phrase", "held"),
    [
        ("⼈⾝ 取引", "人身取引", True),  # radicals, white space
        ("サーバー", "ｻｰﾊﾞ―", True),  # half-width kana, a dash for the long vowel
        ("佐々木", "佐佐木", True),
        ("佐々木", "々木", True),
        ("いすゞ", "いすず", True),
        ("2020〜2024", "2020～2024", True),
        ("人身取引", "取引人身", False),
        ("京都", "東京都", False),
    ],
)
def test_a_text_contains_a_phrase_in_any_width(text: str, phrase: str, held: bool) -> None:
    assert contains(text, phrase) is held


def test_iteration_marks_are_written_out() -> None:
    assert doubled(folded("人々")) == "人人"


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("人身", '"人身"'),
        ('"甲"', '「"甲"」'),
        ("＂「", "『＂「』"),
        ('"「』', '“"「』”'),
        ('"「『”', None),
    ],
)
def test_a_phrase_stands_in_marks_that_it_does_not_hold(text: str, phrase: str | None) -> None:
    assert quoted(text) == phrase


def test_the_same_is_drawn_again(records: list[Record]) -> None:
    drawn = substrings(records, 50)
    assert drawn == substrings(records, 50)
    texts = {record["id"]: record["text"] for record in records}
    assert all(each.text in texts[each.id] and folded(each.text) for each in drawn)
    assert list(hostile(records, 300)) == list(hostile(records, 300))


def test_alternatives_are_written_out_for_the_other_engines() -> None:
    assert rows.alternatives("(甲 OR 乙) 丙") == [["甲", "丙"], ["乙", "丙"]]
    assert rows.alternatives("甲 乙") == [["甲", "乙"]]


def test_what_is_held_out_is_apart_from_what_was_given() -> None:
    pairs = rows.read_pairs(HELD_OUT / "variants.tsv")
    asked = rows.read_queries(HELD_OUT / "queries.tsv")
    assert len({(pair.one, pair.other) for pair in pairs}) == 100
    assert all(pair.one != pair.other and "{}" in pair.carrier for pair in pairs)
    assert len({each.query for each in asked}) == 40


def test_the_other_engines_find_what_their_tokens_hold() -> None:
    texts = [("1", "東京都の取組", ""), ("2", "京都での取り組み", "会議")]
    try:
        trigram = Fts5(texts, "trigram")
    except sqlite3.OperationalError:
        pytest.skip("this SQLite has no FTS5 with trigrams")
    assert trigram.find(["東京都"]) == ["1"]
    assert trigram.find(["京都"]) == []  # two characters are no trigram
    assert Fts5(texts, "ascii", surfaces).find(["取り組み", "会議"]) == ["2"]
    assert sorted(Fts5(texts, "ascii", lemmas).find(["取組"])) == ["1", "2"]


def test_the_table_has_a_column_for_each_engine(tmp_path: Path) -> None:
    row = Row("recall", "1.0000", "≥ 1", True, (), ("0.9",))
    lines = lines_of([row, Row("計", "1 differ", "equal", False)], ["FTS5"])
    assert aligned(lines).splitlines() == [
        "measure  measured  must reach         FTS5",
        "------------------------------------------",
        "recall   1.0000    ≥ 1         ok     0.9",
        "計       1 differ  equal       UNDER",
    ]
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- table -->\nold\n<!-- end of table -->\nafter\n", "utf-8")
    write_between_marks(page, lines)
    assert page.read_text("utf-8").splitlines()[2:5] == [
        "| measure | measured | must reach |  | FTS5 |",
        "|---|---|---|---|---|",
        "| recall | 1.0000 | ≥ 1 | ok | 0.9 |",
    ]


def test_engines_that_are_not_wanted_have_no_column(tmp_path: Path) -> None:
    assert Peers(tmp_path, wanted=False).names == []
    assert Peers(tmp_path, wanted=False).over([("1", "甲", "")]) == {}


def test_an_engine_that_is_missing_is_told() -> None:
    assert rows.compared({"Groonga": None}, lambda peer: "1") == ("not installed",)
