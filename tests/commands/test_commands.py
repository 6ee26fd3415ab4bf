"""The commands as programs call them: shapes, exit codes, streams."""

import json
from pathlib import Path
from typing import Any

import click
import pytest
from filelock import FileLock
from msgspec.structs import replace

from shisaku.cli import main
from shisaku.index.generations.build import build_index
from shisaku.index.search.units import counted
from shisaku.ingest.batch.report import IngestReport, Reported
from shisaku.ingest.model import Problem, Source, Withdrawn
from tests.support import factories
from tests.support.typed import answer, run

ROOT = Path(__file__).parents[2]
PASSAGE_ONLY_IN_SEARCH = {"score", "literal", "highlights", "matched"}
FACETS = ["ministry", "plan", "plan_series", "year", "kind", "status", "document"]
ADDED = ["unit", "notices", "expanded", "suggestions"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("data")
    factories.write_parsed(directory, *factories.corpus())
    build_index(directory)
    return directory


# --- each command is documented ----------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(main.commands))
def test_each_command_has_help_with_an_example_and_is_documented(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert f"shisaku {name}" in result.stdout.split("Example:")[1]
    assert "--data DIR" in result.stdout
    assert f"`shisaku {name}" in (ROOT / "docs" / "search.md").read_text(encoding="utf-8")


def test_the_commands_are_those_of_the_contract() -> None:
    assert set(main.commands) == {
        "fetch", "ingest", "index", "update", "search", "facets", "export", "show", "docs",
        "aliases", "runs", "status", "versions",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(main.commands))
def test_each_option_has_help(name: str) -> None:
    for parameter in main.commands[name].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


# --- search, facets, export, show, docs --------------------------------------------------------


def test_search_in_json(data: Path) -> None:
    found = answer("search", "--data", data, "人身取引", "--limit", 2, "--offset", 1, "--json")
    assert list(found) == ["schema", "query", "total", "offset", "limit", "hits", "facets", *ADDED]
    assert (found["query"], found["total"], found["offset"], found["limit"]) == (
        "人身取引", 4, 1, 2,
    )  # fmt: skip
    assert [set(hit) & PASSAGE_ONLY_IN_SEARCH for hit in found["hits"]] == [
        PASSAGE_ONLY_IN_SEARCH
    ] * 2
    assert list(found["facets"]) == FACETS
    assert found["facets"]["year"] == [{"value": 2011, "count": 4}]


def test_search_without_a_query_lists_in_document_order(data: Path) -> None:
    found = answer("search", "--data", data, "--json", "--kind", "plan")
    assert found["query"] is None
    assert [hit["id"] for hit in found["hits"]] == ["plan.1", "plan.2", "plan.3"]


def test_a_count_is_what_the_filter_with_that_value_gives(data: Path) -> None:
    for entry in answer("facets", "--data", data, "--json")["facets"]["ministry"]:
        found = answer("search", "--data", data, "--json", "--ministry", entry["value"])
        assert found["total"] == entry["count"], entry
        assert entry in found["facets"]["ministry"]


def test_a_bureau_counts_for_its_ministry_and_an_agency_does_not(tmp_path: Path) -> None:
    names = ("入国管理局", "刑事局", "法務省刑事局", "出入国在留管理庁", "最高検察庁")
    passages = [
        factories.passage(f"p.{number}", "甲", ministries=(name,))
        for number, name in enumerate(names)
    ]
    factories.write_parsed(tmp_path, factories.document("a.html", passages))
    build_index(tmp_path)
    values = answer("facets", "--data", tmp_path, "--json")["facets"]["ministry"]
    # 刑事局 alone is no ministry's; 最高検察庁 is an organ of 検察庁, and both of 法務省
    assert {value["value"]: value["count"] for value in values} == {
        "法務省": 3, "入国管理局": 1, "刑事局": 1, "法務省刑事局": 1, "出入国在留管理庁": 1,
        "検察庁": 1, "最高検察庁": 1,
    }  # fmt: skip


def test_facets_in_json(data: Path) -> None:
    found = answer("facets", "人身取引", "--data", data, "--json")
    assert list(found) == ["schema", "query", "total", "facets", *ADDED]
    assert found["facets"] == answer("search", "人身取引", "--data", data, "--json")["facets"]


def test_export_in_json_states_what_it_is(data: Path) -> None:
    found = answer(
        "export", "人身取引", "--data", data, "--ministry", "NPA", "--year", "H23",
        "--plan", "人身取引対策行動計画",
    )  # fmt: skip
    assert list(found) == ["header", "passages"]
    assert found["header"]["query"] == "人身取引"
    assert found["header"]["filters"] == {
        "ministry": ["警察庁"],
        "plan": ["人身取引対策行動計画"],
        "year": ["2011"],
    }
    assert found["header"]["total"] == len(found["passages"]) == 3
    assert not PASSAGE_ONLY_IN_SEARCH & set(found["passages"][0])


def test_export_in_lines_is_nothing_but_passages(data: Path) -> None:
    result = run("export", "--data", data, "--format", "jsonl")
    ids = [json.loads(line)["id"] for line in result.stdout.splitlines()]
    assert len(ids) == 11
    assert ids == sorted(ids)  # documents and passages of the factories are named in order


def test_export_to_a_file(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    result = run("export", "--data", data, "-o", path, "--bom")  # the suffix says the format
    assert (result.exit_code, result.stdout) == (0, "")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid,document,title")
    assert run("export", "--data", data, "--bom").exit_code == 2
    assert run("export", "--data", data, "-o", tmp_path).exit_code == 2
    result = run("export", "--data", data, "-o", tmp_path / "none" / "x.json")
    assert (result.exit_code, result.exception and type(result.exception)) == (1, SystemExit)


@pytest.mark.parametrize(
    ("name", "form", "start", "says"),
    [
        ("a.csv", None, "id,document", ""),
        ("a.CSV", None, "id,document", ""),
        ("a.jsonl", None, '{"id"', ""),
        ("a.json", None, '{"header"', ""),
        ("a", None, '{"header"', ""),
        ("a.xlsx", None, '{"header"', "xlsx is no format of ours (json, jsonl, csv, bib)"),
        ("a.json", "csv", "id,document", "holds csv, as --format says"),
        ("a.txt", "csv", "id,document", "holds csv, as --format says"),
    ],
)
def test_the_suffix_says_the_format_and_the_user_is_told(
    data: Path, tmp_path: Path, name: str, form: str | None, start: str, says: str
) -> None:
    path = tmp_path / name
    asked = ["--format", form] if form else []
    result = run("export", "--data", data, "-o", path, *asked)
    assert (result.exit_code, result.stdout) == (0, "")
    assert path.read_text(encoding="utf-8").startswith(start)
    first, *more = result.stderr.splitlines()
    assert first.startswith(f"11 passages written to {path} as ")
    assert len(more) == bool(says)
    assert says in "".join(more)


@pytest.mark.parametrize(
    ("key", "keys"),
    [
        ("fu.2", ["schema", "citation", "passage", "before", "after", "withdrawn"]),
        ("fu.m1", ["schema", "citation", "measure", "passages", "withdrawn"]),
        ("plans/kodomo.pdf", ["schema", "citation", "document"]),
    ],
)
def test_show(data: Path, key: str, keys: list[str]) -> None:
    assert list(answer("show", key, "--data", data, "--json")) == keys
    result = run("show", key, "--data", data)
    assert "『" in result.stdout
    assert result.exit_code == 0


def test_show_gives_the_neighbours_under_the_same_heading(data: Path) -> None:
    found = answer("show", "fu.2", "--data", data, "--json")
    assert [other["id"] for other in found["before"]] == ["fu.1"]
    assert found["after"] == []


def test_show_tells_whose_each_item_is_and_which_was_asked_for(tmp_path: Path) -> None:
    factories.write_parsed(tmp_path, factories.shared_measure())
    build_index(tmp_path)
    assert run("show", "s.m1", "--data", tmp_path).stdout.split("\n\n")[0].splitlines() == [
        "I. 見張り",
        "③ 見張りの強化",
        "警察庁、法務省 等",
        "  警察庁",
        "  ◎ 署を置いた。",
        "  法務省 等 （入国管理局）",
        "  ○ 旅券を見た。",
        "  ◎ 第1行",
        "  第2行",
    ]
    assert run("show", "s.2", "--data", tmp_path).stdout.split("\n\n")[0].splitlines() == [
        "I. 見張り",
        "③ 見張りの強化",
        "  警察庁",
        "  ◎ 署を置いた。",
        "> 法務省 等 （入国管理局）",
        "> ○ 旅券を見た。",
        "  ◎ 第1行",
        "  第2行",
    ]


def test_docs_in_json(data: Path) -> None:
    found = answer("docs", "--data", data, "--json")
    assert [each["id"] for each in found["documents"]][-1] == "scan.pdf"


def test_what_is_withdrawn_is_found_and_says_so(tmp_path: Path) -> None:
    gone = Withdrawn("2026-01-02T03:04:05Z", "gone")
    source = Source("raw/kaisai.html", "https://example.go.jp/k", gone)
    made = replace(factories.meetings(), sources=(source,), listed={"publisher": "内閣官房"})
    factories.write_parsed(tmp_path, made, factories.plan())
    assert run("index", "--data", tmp_path).exit_code == 0
    mark = {"since": gone.since, "why": "gone"}
    line = "withdrawn: its address gives nothing since 2026-01-02"
    [hit] = answer("search", "年次報告", "--json", "--data", tmp_path)["hits"]
    assert hit["url"] == "https://example.go.jp/k"
    for key in ("kai.2", "kaisai.html"):
        shown = answer("show", key, "--json", "--data", tmp_path)
        assert shown.get("document", shown)["withdrawn"] == mark
        assert line in run("show", key, "--data", tmp_path).stdout
    assert "内閣官房 (by the list of sources)" in run("show", made.id, "--data", tmp_path).stdout
    assert answer("show", "plan.m1", "--json", "--data", tmp_path)["withdrawn"] is None
    first, second = answer("docs", "--json", "--data", tmp_path)["documents"]
    assert (first["withdrawn"], first["listed"]) == (mark, ["publisher"])
    assert first["url"] == "https://example.go.jp/k"
    assert (second["withdrawn"], second["listed"]) == (None, [])
    rows = [row.split("\t")[8] for row in run("docs", "--data", tmp_path).stdout.splitlines()]
    assert line in rows[0] and rows[1] == ""


def test_docs_names_what_is_wrong_beside_the_documents(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.pdf").symlink_to("nowhere.pdf")
    assert run("update", "--data", tmp_path).exit_code == 0
    (tmp_path / "parsed" / "b.pdf.json").write_text("[]")
    found = answer("docs", "--data", tmp_path, "--json")
    assert found["documents"] == []
    assert [(entry["source"], entry["code"]) for entry in found["problems"]] == [
        ("raw/a.pdf", "link"), ("parsed/b.pdf.json", "parsed"),
    ]  # fmt: skip
    assert all(entry["reason"] and entry["remedy"] for entry in found["problems"])
    (line,) = run("docs", "--data", tmp_path).stdout.splitlines()
    assert line.split("\t")[0] == "raw/a.pdf"
    assert "The link leads to nothing" in line.split("\t")[8]


def test_the_ledger_says_where_the_characters_went(data: Path) -> None:
    lines = run("docs", "--ledger", "--data", data).stdout.splitlines()
    rows = {line.split("\t")[0]: line.split("\t")[1:] for line in lines}
    assert rows["plans/kodomo.pdf"] == [
        "130", "90", "21", "3", "0", "1", "2/4", "contents 12, page_number 4",
    ]  # fmt: skip
    assert rows["scan.pdf"] == ["0", "0", "0", "0", "0", "0", "", ""]
    found = answer("docs", "--ledger", "--json", "--data", data)
    entries = {entry["id"]: entry for entry in found["documents"]}
    plan = factories.plan()
    assert entries["plans/kodomo.pdf"]["ledger"] == plan.ledger
    assert entries["plans/kodomo.pdf"]["contents"] == plan.contents
    plain = answer("docs", "--json", "--data", data)["documents"]
    assert not any({"ledger", "contents"} & set(entry) for entry in plain)


def test_an_empty_raw_is_an_empty_index(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    result = run("update", "--data", tmp_path)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "0 documents, 0 passages" in result.stderr
    for command in (["search", "甲"], ["facets"], ["export", "--format", "jsonl"], ["docs"]):
        result = run(*command, "--data", tmp_path)
        assert (result.exit_code, result.stdout) == (0, "")
    again = run("update", "--data", tmp_path)
    assert again.exit_code == 0
    assert again.stderr.count("nothing changed") == 2


def test_what_people_read_when_it_is_piped_has_no_tables_and_no_colour(data: Path) -> None:
    for arguments in (("search", "京都", "--facets"), ("facets",), ("docs",), ("show", "fu.1")):
        result = run(*arguments, "--data", data)
        assert result.exit_code == 0
        assert not set(result.stdout) & set("\x1b━│┃")
    assert "ministry\t警察庁\t4" in run("facets", "--data", data).stdout
    assert "passages" in run("facets", "--data", data).stderr  # and not among the data


def test_a_name_with_a_line_feed_breaks_no_line(tmp_path: Path) -> None:
    odd = factories.document("a\nb\tc.html", [factories.passage("a\nb\tc.html#p-1", "甲")])
    factories.write_parsed(tmp_path, odd)
    build_index(tmp_path)
    (line,) = run("docs", "--data", tmp_path).stdout.splitlines()
    assert line.split("\t")[0] == "a\\nb\\tc.html"
    assert run("search", "甲", "--data", tmp_path).stdout.splitlines()[-1].strip() == (
        "a\\nb\\tc.html#p-1"
    )
    for key in ("a\nb\tc.html", "a\nb\tc.html#p-1"):
        assert "a\\nb\\tc.html" in run("show", key, "--data", tmp_path).stdout


def test_no_hits_is_ok(data: Path) -> None:
    result = run("search", "無い言葉", "--data", data)
    assert (result.exit_code, result.stdout) == (0, "")


# --- filters -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "total"),
    [
        (["--ministry", "警察庁"], 4),
        (["--ministry", "National Police Agency"], 4),
        (["--ministry", "法務省"], 2),
        (["--ministry", "法務省", "--ministry", "文科省"], 3),
        (["--ministry", "入管局"], 1),
        (["--ministry", "全関係省庁"], 1),
        (["--plan", "第三次子供の安全対策"], 3),
        (["--plan", "人身取引対策行動計画２００９"], 5),
        (["--year", "2011"], 6),
        (["--year", "平成23"], 6),
        (["--year", "2012..2014", "--year", "2016"], 5),
        (["--fiscal-year", "平成28年度"], 3),
        (["--status", "done", "--ministry", "厚労省"], 2),
        (["--document", "raw/kaisai.html"], 3),
        (["--document", "sub/copy.html"], 3),  # another path of the same bytes
        (["--document", "raw/sub/copy.html", "--document", "kaisai.html"], 3),
        (["--kind", "plan", "--kind", "meeting_record"], 6),
    ],
)
def test_filters(data: Path, arguments: list[str], total: int) -> None:
    assert answer("search", "--data", data, "--json", *arguments)["total"] == total


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--ministry", "警察丁"], "警察庁"),
        (["--plan", "第三次こどもの安全対策"], "第三次子供の安全対策"),
        (["--document", "kaisai.htm"], "kaisai.html"),
        (["--year", "やまだ"], "2009..2014"),
        (["--year", "2014..2009"], "2009..2014"),
        (["--year", "平成23年度"], "--fiscal-year 平成23年度"),
        (["--kind", "leaflet"], "brochure"),
        (["(甲"], "character 1"),
        ([""], "empty"),
        (["--limit", "-1"], "--limit"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_what_nobody_knows_is_a_usage_error_that_helps(
    data: Path, arguments: list[str], says: str
) -> None:
    result = run("search", "--data", data, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


# --- where the data is -------------------------------------------------------------------------


def test_the_data_directory_stands_before_or_after_or_in_the_environment(data: Path) -> None:
    wanted = run("docs", "--data", data).stdout
    assert wanted
    assert run("--data", data, "docs").stdout == wanted
    assert run("docs", env={"SHISAKU_DATA": str(data)}).stdout == wanted
    assert run("--data", "/nowhere", "docs", "--data", data).stdout == wanted  # the later one


def test_without_a_data_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SHISAKU_DATA", raising=False)
    result = run("search", "甲")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no directory data" in result.stderr


@pytest.mark.parametrize("command", ["search", "facets", "export", "docs", "index"])
def test_before_anything_was_taken_in(tmp_path: Path, command: str) -> None:
    result = run(command, "--data", tmp_path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"shisaku update --data {tmp_path}" in result.stderr


def test_show_of_an_unknown_id_suggests(data: Path) -> None:
    result = run("show", "kaisai.htm", "--data", data)
    assert result.exit_code == 1
    assert "did you mean kaisai.html" in result.stderr


# --- taking in ---------------------------------------------------------------------------------


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[Reported]:
    """Replace the parsing by a report with the problems that a test puts in."""
    problems: list[Reported] = []

    def run_ingest(data: Path, **_: Any) -> IngestReport:
        factories.write_parsed(data, *factories.corpus())
        failed = len(problems)
        return IngestReport(
            new=1, unchanged=2, ignored=1, written=1, failed=failed, problems=problems
        )

    monkeypatch.setattr("shisaku.ingest.batch.batch.run_ingest", run_ingest)
    return problems


def test_update_takes_in_and_indexes(taken: list[Reported], tmp_path: Path) -> None:
    result = run("update", "--data", tmp_path, "--json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert list(report) == ["schema", "ingest", "index"]
    assert report["index"]["new"] == 4
    assert "1 new, 0 changed, 2 unchanged, 0 gone, 0 failed, 1 ignored" in result.stderr
    again = run("index", "--data", tmp_path)
    assert "nothing changed" in again.stderr


@pytest.mark.parametrize("command", ["ingest", "update"])
def test_failed_documents_are_named_and_give_3(
    taken: list[Reported], tmp_path: Path, command: str
) -> None:
    problem = Problem("empty", "It is empty.", "Delete it.")
    taken.append(Reported("a.pdf", "raw/a.pdf", problem, stale=True))
    result = run(command, "--data", tmp_path)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "raw/a.pdf: It is empty. (what it held before can still be found) Delete it." in (
        result.stderr
    )


def test_a_damaged_index_is_built_anew_and_the_user_told(tmp_path: Path) -> None:
    factories.write_parsed(tmp_path, *factories.corpus())
    build_index(tmp_path)
    next((tmp_path / "index" / "gen-1").glob("*.seg")).unlink()
    result = run("index", "--data", tmp_path, "--json")
    assert result.exit_code == 0
    assert "is missing; built anew from parsed/" in result.stderr
    assert "is missing" in json.loads(result.stdout)["damage"]
    assert "nothing changed" in run("index", "--data", tmp_path).stderr


def test_an_unreadable_parsed_file_gives_3(tmp_path: Path) -> None:
    (tmp_path / "parsed").mkdir()
    (tmp_path / "parsed" / "a.pdf.json").write_text("[]")
    result = run("index", "--data", tmp_path, "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["failed"] == 1
    assert "shisaku ingest --force" in result.stderr


@pytest.mark.parametrize("command", ["ingest", "update"])
def test_the_removal_guard_names_what_can_be_typed(tmp_path: Path, command: str) -> None:
    data = tmp_path / "my data"
    (data / "raw").mkdir(parents=True)
    factories.write_parsed(data, *factories.corpus())
    result = run(command, "--data", data)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"shisaku {command} --data '{data}' --allow-removal" in result.stderr
    assert len(list((data / "parsed").rglob("*.json"))) == 4
    assert run(command, "--data", data, "--allow-removal").exit_code == 0


def test_a_locked_index_gives_5(data: Path) -> None:
    with FileLock(data / "runs" / "writer.lock"):
        result = run("index", "--data", data)
    assert (result.exit_code, result.stdout) == (5, "")
    assert "is writing to" in result.stderr


@pytest.mark.parametrize(("total", "words"), [(0, "0 measures"), (1, "1 measure")])
def test_one_is_no_plural(total: int, words: str) -> None:
    assert counted(total, "measure") == words
