"""Units, counts, exports and what is said about a query, as programs and people get them."""

import csv
import hashlib
import io
import json
import re
from pathlib import Path

import jsonschema
import pytest
from referencing import Registry, Resource

from shisaku.commands.facets import FACETS
from shisaku.index.generations.build import build_index
from shisaku.index.records.fields import FIELDS
from shisaku.index.search.facets import OWN_FILTER
from shisaku.index.search.units import MEASURE_FIELDS
from tests.support import factories
from tests.support.typed import answer, run

SCHEMAS = {
    path.name: json.loads(path.read_text(encoding="utf-8"))
    for path in (Path(__file__).parents[2] / "docs" / "schema").glob("*.schema.json")
}
MEASURE = jsonschema.Draft202012Validator(
    SCHEMAS["measure.schema.json"],
    registry=Registry().with_resources(
        (name, Resource.from_contents(schema)) for name, schema in SCHEMAS.items()
    ),
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("data")
    factories.write_parsed(directory, *factories.corpus(), factories.shared_measure())
    build_index(directory)
    return directory


# --- measures ----------------------------------------------------------------------------------


def test_the_schema_of_a_measure_names_the_fields_in_order() -> None:
    schema = SCHEMAS["measure.schema.json"]
    MEASURE.check_schema(schema)
    assert tuple(schema["required"]) == MEASURE_FIELDS
    added = (
        *("score", "literal", "matched", "best", "around", "width", "ministry_role", "collapsed"),
        "citation",
    )
    assert tuple(schema["properties"]) == (*MEASURE_FIELDS, *added)
    assert all(entry["description"] for entry in schema["properties"].values())


@pytest.mark.parametrize("query", [[], ["人身取引"], ["署員 旅券"], ["施策:見張り"]])
def test_measures_validate(data: Path, query: list[str]) -> None:
    found = answer("search", *query, "--unit", "measure", "--json", "--data", data)
    exported = answer("export", *query, "--unit", "measure", "--cite", "--data", data)
    assert found["total"] == len(found["hits"]) == len(exported["measures"]) > 0
    assert found["unit"] == exported["header"]["unit"] == "measure"
    for record in [*found["hits"], *exported["measures"]]:
        MEASURE.validate(record)
        assert tuple(record)[: len(MEASURE_FIELDS)] == MEASURE_FIELDS
    for hit in found["hits"]:
        assert hit["best"]["id"] in hit["passages"]


def test_a_measure_matches_over_its_passages_together(data: Path) -> None:
    # 署員 stands in fu.1, 旅券 in fu.2: no passage has both, the measure has
    assert answer("search", "署員 旅券", "--json", "--data", data)["total"] == 0
    found = answer("search", "署員 旅券", "--unit", "measure", "--json", "--data", data)
    assert [hit["id"] for hit in found["hits"]] == ["fu.m1"]
    (hit,) = found["hits"]
    assert (hit["title"], hit["label"], hit["passages"]) == (
        "空港での見張りの強化", "①", ["fu.1", "fu.2"],
    )  # fmt: skip
    assert hit["ministries"] == ["法務省", "警察庁"]
    assert hit["ministries_rolled"] == ["法務省", "警察庁", "入国管理局"]
    assert (hit["marks"], hit["statuses"]) == (["◎", "○"], {"done": 1, "pending": 1})
    assert hit["text"].split("\n")[1].startswith("○ 入国管理局では、")
    assert "fu.m1" not in {
        hit["id"]
        for hit in answer(
            "search", "署員 -旅券", "--unit", "measure", "--json", "--data", data
        )["hits"]
    }  # fmt: skip


def test_a_measure_passes_if_one_passage_passes_all_filters(data: Path) -> None:
    def total(*filters: str) -> int:
        command = ("search", "--unit", "measure", "--json", "--data", data, *filters)
        return int(answer(*command)["total"])

    assert total("--ministry", "入管局", "--status", "pending") == 1
    assert total("--ministry", "入管局", "--status", "done") == 0  # each has a passage, none both


def test_the_best_passage_is_one_that_the_filters_admit(data: Path) -> None:
    command = ("search", "見張り", "--unit", "measure", "--json", "--data", data)
    best = {hit["id"]: hit["best"]["id"] for hit in answer(*command)["hits"]}
    assert best["fu.m1"] == "fu.1"
    pending = answer(*command, "--status", "pending")["hits"]
    assert {hit["id"]: hit["best"]["id"] for hit in pending} == {"fu.m1": "fu.2"}


def test_measures_are_shown_with_their_best_passage(data: Path) -> None:
    result = run("search", "旅券", "--unit", "measure", "--data", data)
    assert "空港での見張りの強化" in result.stdout
    assert "○ 入国管理局では、偽造した旅券を" in result.stdout
    assert "… 2 passages" in result.stdout
    assert "2 measures" in result.stderr


# --- counts ------------------------------------------------------------------------------------


def test_the_facets_on_offer_are_those_that_there_are() -> None:
    assert list(OWN_FILTER) == list(FACETS)


def test_one_facet_alone(data: Path) -> None:
    found = answer("facets", "--by", "year", "--json", "--data", data)
    assert list(found["facets"]) == ["year"]
    assert "cross" not in found
    lines = run("facets", "--by", "document", "--data", data).stdout.splitlines()
    title = "「人身取引対策行動計画2009」フォローアップ"
    assert lines[0] == f"document\tjinshin/followup.pdf\t5\t{title}"


def test_a_facet_ignores_its_own_filter_and_heeds_the_others(data: Path) -> None:
    facets = answer("facets", "--ministry", "法務省", "--json", "--data", data)["facets"]
    assert {entry["value"]: entry["count"] for entry in facets["ministry"]}["厚生労働省"] == 2
    assert facets["kind"] == [
        {"value": "follow_up", "count": 2}, {"value": "other", "count": 1},
    ]  # fmt: skip


def table(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def test_a_table_of_two_facets(data: Path) -> None:
    command = ("facets", "--by", "ministry", "--by", "year", "--data", data)
    cross = answer(*command, "--json")["cross"]
    assert cross == answer(*command, "--format", "json")["cross"]
    assert [column["value"] for column in cross["columns"]] == [2011, 2014, 2016]
    rows = {
        row["value"]: counts for row, counts in zip(cross["rows"], cross["counts"], strict=True)
    }
    assert rows["警察庁"] == [3, 1, 0]
    assert rows["文部科学省"] == [0, 0, 1]
    rows_of_csv = table(run(*command, "--format", "csv").stdout, ",")
    assert rows_of_csv == table(run(*command).stdout, "\t")
    assert rows_of_csv[0] == ["ministry", "2011", "2014", "2016"]
    assert {row[0]: [int(n) for n in row[1:]] for row in rows_of_csv[1:]} == rows


def test_counts_as_csv(data: Path) -> None:
    rows = table(run("facets", "--format", "csv", "--data", data).stdout, ",")
    assert rows[0] == ["facet", "value", "count", "title"]
    assert ["ministry", "警察庁", "5", ""] in rows
    assert ["document", "kaisai.html", "3", "連絡会議の開催状況"] in rows


@pytest.mark.parametrize(
    "by", [["year", "year"], ["year", "kind", "plan"], ["colour"]], ids=lambda by: "-".join(by)
)
def test_what_cannot_be_a_table_is_a_usage_error(data: Path, by: list[str]) -> None:
    arguments = [part for name in by for part in ("--by", name)]
    assert run("facets", *arguments, "--data", data).exit_code == 2


def test_on_a_terminal_a_table_is_a_heat_map_that_fits(data: Path) -> None:
    terminal = {"FORCE_COLOR": "1", "COLUMNS": "24", "TERM": "xterm-256color"}
    shown = run("facets", "--by", "ministry", "--by", "year", "--data", data, env=terminal).stdout
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    # too narrow for three years: two blocks, each with its own head
    assert [line for line in lines if line.startswith("ministry ")] == [
        "ministry      2011  2014", "ministry      2016", "ministry × year: ▒ 1–1, ▓ 2–2, █ 3–3",
    ]  # fmt: skip
    assert lines[1] == "警察庁          █3    ▒1"
    assert "文部科学省      ▒1" in lines
    wide = terminal | {"COLUMNS": "200"}
    shown = run("facets", "--by", "year", "--by", "ministry", "--data", data, env=wide).stdout
    assert "2016      ·0" in re.sub(r"\x1b\[[0-9;]*m", "", shown)


# --- exports -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["jsonl", "csv", "bibtex", "csl-json"])
def test_a_header_lies_beside_what_has_no_room_for_it(
    data: Path, tmp_path: Path, form: str
) -> None:
    path = tmp_path / "out"
    beside = tmp_path / "out.header.json"
    beside.write_text("old")
    options = ("--ministry", "NPA", "--exact", "--in", "text", "--format", form, "-o", path)
    result = run("export", "人身取引", *options, "--data", data)
    assert result.exit_code == 0
    assert str(beside) in result.stderr
    header = json.loads(beside.read_text(encoding="utf-8"))
    assert header["file"] == {
        "name": "out",
        "format": form,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    assert header["query"] == "人身取引"
    assert header["filters"] == {"ministry": ["警察庁"]}
    assert header["options"] == {"exact": True, "words": False, "in": "text"}
    assert (header["unit"], header["total"]) == ("passage", 2)
    followup = factories.follow_up()
    assert header["documents"] == [
        {"id": followup.id, "title": followup.title, "sha256": followup.sha256, "hits": 2}
    ]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "out.header.json"]
    again = path.read_bytes(), beside.read_bytes()
    run("export", "人身取引", *options, "--data", data)
    assert (path.read_bytes(), beside.read_bytes()) == again  # no clock


def test_json_states_the_same_in_its_own_header(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    run("export", "人身取引", "-o", path, "--data", data)
    header = json.loads(path.read_text(encoding="utf-8"))["header"]
    run("export", "人身取引", "-o", tmp_path / "out.csv", "--data", data)
    beside = json.loads((tmp_path / "out.csv.header.json").read_text(encoding="utf-8"))
    assert header == {name: value for name, value in beside.items() if name != "file"}
    assert not (tmp_path / "out.json.header.json").exists()


def test_a_failure_leaves_data_and_header_as_they_were(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.csv"
    run("export", "-o", path, "--data", data)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    monkeypatch.setattr("shisaku.index.export.formats.csv_value", lambda _: 1 / 0)
    assert run("export", "人身取引", "-o", path, "--data", data).exit_code == 1
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_no_header_ever_lies_beside_other_data(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, beside = tmp_path / "out.csv", tmp_path / "out.csv.header.json"
    run("export", "-o", path, "--data", data)
    seen: list[tuple[str, bool]] = []
    really = Path.replace

    def watched(part: Path, target: Path) -> Path:
        if target.parent == tmp_path:
            seen.append((target.name, beside.exists()))
        return really(part, target)

    monkeypatch.setattr(Path, "replace", watched)
    run("export", "人身取引", "-o", path, "--data", data)
    assert seen == [("out.csv", False), ("out.csv.header.json", False)]
    assert beside.exists()


def test_csv_has_every_field(data: Path) -> None:
    rows = table(run("export", "--format", "csv", "--cite", "--data", data).stdout, ",")
    assert rows[0] == [*FIELDS, "citation"]
    assert {len(row) for row in rows} == {len(FIELDS) + 1}
    rows = table(run("export", "--format", "csv", "--unit", "measure", "--data", data).stdout, ",")
    assert rows[0] == list(MEASURE_FIELDS)


def test_cells_that_excel_would_calculate_are_guarded_on_demand(tmp_path: Path) -> None:
    texts = ["=1+1", "＝1", "-5 | 3", "@x", "5 - 3", "甲"]
    passages = [factories.passage(f"p{n}", text) for n, text in enumerate(texts)]
    factories.write_parsed(tmp_path, factories.document("a.html", passages))
    build_index(tmp_path)
    command = ("export", "--format", "csv", "--data", tmp_path)
    at = FIELDS.index("text")
    assert [row[at] for row in table(run(*command).stdout, ",")][1:] == texts
    guarded = [row[at] for row in table(run(*command, "--guard").stdout, ",")][1:]
    assert guarded == ["'=1+1", "'＝1", "'-5 | 3", "'@x", "5 - 3", "甲"]


@pytest.mark.parametrize(
    "options",
    [["--guard"], ["--bom", "--format", "jsonl"], ["--cite", "--format", "bibtex"],
     ["--cite", "--format", "csl-json"]],
    ids=" ".join,
)  # fmt: skip
def test_options_that_say_nothing_for_a_format_are_refused(data: Path, options: list[str]) -> None:
    assert run("export", *options, "--data", data).exit_code == 2


def test_a_hit_says_that_it_repeats_another_and_names_a_page_only_of_what_has_pages(
    data: Path,
) -> None:
    folded = run("search", "人身取引の疑い", "--data", data)
    assert folded.stdout.count("… 1 more place\n") == 1
    assert "2 passages, 1 of them say the same; --all shows each" in folded.stderr
    shown = run("search", "人身取引の疑い", "--all", "--data", data).stdout
    assert shown.count("◎ 警察では、人身取引の疑い") == 1
    assert shown.count("◎ （再掲）警察では、人身取引の疑い") == 1
    assert " · p. 2" in shown
    (head,) = [
        line for line in run("search", "大阪", "--data", data).stdout.splitlines() if "1. " in line
    ]
    assert head.endswith("meeting_record · 2014")


def test_a_hit_names_all_its_pages(tmp_path: Path) -> None:
    passages = [
        factories.passage("p.1", "頁をまたぐ文。", page=2, page_end=3),
        factories.passage("p.2", "頁の中の文。", page=4, page_end=4),
    ]
    factories.write_parsed(tmp_path, factories.document("pages.pdf", passages))
    build_index(tmp_path)
    shown = run("search", "--data", tmp_path).stdout
    assert re.findall(r"pp?\. \S+", shown) == ["pp. 2–3", "p. 4"]


# --- how a query was read ----------------------------------------------------------------------


def test_what_stands_inside_other_words_is_marked_or_left_out(data: Path) -> None:
    hits = answer("search", "京都", "--json", "--data", data)["hits"]
    assert [(hit["id"], hit["literal"]) for hit in hits] == [("plan.3", False), ("plan.1", True)]
    shown = run("search", "京都", "--data", data).stdout.splitlines()
    assert [line.endswith("  literal") for line in shown if line[:1].isdigit()] == [False, True]
    words = answer("search", "京都", "--words", "--json", "--data", data)
    assert [hit["id"] for hit in words["hits"]] == ["plan.3"]
    exported = answer("export", "京都", "--words", "--data", data)
    assert [record["id"] for record in exported["passages"]] == ["plan.3"]
    assert exported["header"]["options"]["words"] is True


def test_headings_count_unless_the_text_alone_is_asked_for(data: Path) -> None:
    command = ("search", "見張り", "--json", "--data", data)
    assert answer(*command)["total"] > 0
    assert answer(*command, "--in", "text")["total"] == 0


def test_notices_and_suggestions(data: Path) -> None:
    found = answer("search", "人身取弓", "--json", "--data", data)
    assert (found["total"], found["notices"], found["expanded"]) == (0, [], [])
    assert found["suggestions"] == [{"word": "人身取弓", "instead": ["人身取引"]}]
    assert "instead of 人身取弓 try: 人身取引" in run("search", "人身取弓", "--data", data).stderr
    result = run("facets", "人身取引", "--ministry", "文部科学省", "--data", data)
    assert "without --ministry 文部科学省: 4 passages" in result.stderr


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        ("省庁:警察庁", ["--ministry", "警察庁"]),
        ("ministry:NPA", ["--ministry", "警察庁"]),
        ("省庁:法務省 計画:人身取引対策行動計画",
         ["--ministry", "法務省", "--plan", "人身取引対策行動計画"]),
        ("年:2011..2012", ["--year", "2011..2012"]),
        ("年度:平成28", ["--fiscal-year", "2016"]),
        ("種別:フォローアップ", ["--kind", "follow_up"]),
        ("種別:meeting_record", ["--kind", "meeting_record"]),
        ("状況:○", ["--status", "pending"]),
        ("文書:kaisai.html", ["--document", "kaisai.html"]),
    ],
)  # fmt: skip
def test_a_field_is_what_the_filter_is(data: Path, query: str, filters: list[str]) -> None:
    by_field = answer("export", query, "--data", data)["passages"]
    assert by_field == answer("export", *filters, "--data", data)["passages"]
    assert by_field


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (["--kind", "フォローアップ"], ["--kind", "follow_up"]),
        (["--kind", "白書", "--kind", "law"], ["--kind", "report", "--kind", "law"]),
        (["--status", "○"], ["--status", "pending"]),
        (["--year", "2011～2014"], ["--year", "2011..2014"]),
    ],
)
def test_an_option_takes_what_people_call_it(data: Path, said: list[str], named: list[str]) -> None:
    assert answer("export", *said, "--data", data) == answer("export", *named, "--data", data)
    refused = run("search", "--status", "やまだ", "--data", data)
    assert refused.exit_code == 2
    assert "pending" in refused.stderr


@pytest.mark.parametrize(
    ("query", "place", "says"),
    [
        ("署員 省庁:警察丁", 4, "警察庁"),
        ("計画:第三次こどもの安全対策", 1, "第三次子供の安全対策"),
        ("年:やまだ", 1, "2009..2014"),
        ("種別:plam", 1, "plan"),
        ("状況:doner", 1, "done"),
        ("文書:kaisai.htm", 1, "kaisai.html"),
    ],
)
def test_an_unknown_name_in_a_field_names_the_place_and_what_is_near(
    data: Path, query: str, place: int, says: str
) -> None:
    for command in ("search", "facets", "export"):
        result = run(command, query, "--data", data)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"at character {place} of the query" in result.stderr
        assert says in result.stderr


# --- names that documents define ---------------------------------------------------------------


@pytest.fixture(scope="module")
def defining(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("data")
    texts = ["国際移住機関（IOM）と協力する。", "IOMが帰国を支援した。", "国際移住機関の会議。"]
    passages = [factories.passage(f"p{n}", text) for n, text in enumerate(texts)]
    factories.write_parsed(directory, factories.document("a.html", passages))
    build_index(directory)
    return directory


def test_aliases_are_listed_with_the_passage_that_defines_them(defining: Path) -> None:
    found = answer("aliases", "--json", "--data", defining)
    assert list(found) == ["schema", "aliases"]
    assert found["aliases"] == [
        {
            "short": "IOM", "long": "国際移住機関", "passages": ["p0"], "documents": ["a.html"],
            "holds": "everywhere",
        }
    ]  # fmt: skip
    assert answer("aliases", "ＩＯＭ", "--json", "--data", defining)["aliases"] == found["aliases"]
    assert answer("aliases", "国際移住機関", "--json", "--data", defining)["word"] == "国際移住機関"
    lines = run("aliases", "--data", defining).stdout.splitlines()
    assert lines == ["IOM\t国際移住機関\teverywhere\tp0"]
    none = run("aliases", "無い言葉", "--data", defining)
    assert (none.exit_code, none.stdout) == (0, "")


def test_synonyms_are_listed_for_a_word(defining: Path) -> None:
    assert "厚労省\t厚生労働省\tsynonym\t" in run("aliases", "厚労省", "--data", defining).stdout


def test_what_was_searched_too_is_said_and_can_be_switched_off(defining: Path) -> None:
    found = answer("search", "IOM", "--json", "--data", defining)
    assert found["total"] == 3
    (entry,) = found["expanded"]
    assert entry["word"] == "IOM"
    assert entry["also"][0]["text"] == "国際移住機関"
    exact = answer("search", "IOM", "--exact", "--json", "--data", defining)
    assert (exact["total"], exact["expanded"]) == (2, [])
    header = answer("export", "IOM", "--data", defining)["header"]
    assert header["expanded"] == found["expanded"]
    assert answer("facets", "IOM", "--json", "--data", defining)["expanded"] == found["expanded"]


def test_expansions_are_said_on_a_terminal_only(
    defining: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "also searched" not in run("search", "IOM", "--data", defining).stderr
    monkeypatch.setattr("shisaku.commands.console.render._seen", lambda: True)
    said = run("search", "IOM", "--data", defining).stderr
    assert "also searched: IOM → 国際移住機関 (" in said
