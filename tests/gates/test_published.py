"""Rows over gold that lies beside the corpus, the reading by pdfium, and other parsers' outputs."""

import json
from pathlib import Path

import pytest

from bench.corpus import SAMPLE
from bench.fidelity import drawn
from bench.fidelity.drawn import LEAST, DrawnPage
from bench.fidelity.measured import Limits, Measured
from bench.fidelity.published import comparison
from bench.fidelity.published import gold_rows as published
from bench.fidelity.published.gold_rows import Checked, Published
from bench.fidelity.published.outputs import of_json, of_markdown
from shisaku.ingest.model import Furniture, Page, RawDocument
from tests.support.setting import HEIGHT, WIDTH, block

LIMITS = Limits(
    {"pages": 0.5, "pages_kind": 0.5, "pages_whole": 0.5, "pages_measure": 0.5, "meta": 0.5,
     "meta_field": 0.5, "cases": 0.5, "plans_text": 0.5, "plans_whole": 0.5},
    {"silent_pages": 0},
)  # fmt: skip


def checks(*held: tuple[str, bool], entry: int = 0, about: str = "") -> list[Checked]:
    return [Checked(entry, kind, about, ok, f"a.pdf p.1: {kind}") for kind, ok in held]


def made(place: Path, one: list[Checked], other: list[Checked]) -> dict[str, Measured]:
    """Give the rows over two groups of checks, by their names."""
    program = place / "check.py"
    program.touch()
    found = Published(place, dict(zip(published.GROUPS, (one, other), strict=True)))
    return {row.name: row for row in published.page_rows(LIMITS, found)}


@pytest.fixture(autouse=True)
def gold_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "PAGES", tmp_path)
    monkeypatch.setattr(published, "CASES", tmp_path / "cases")
    monkeypatch.setattr(comparison, "PAGES", tmp_path)


def test_a_group_of_pages_fails_under_its_floor(tmp_path: Path) -> None:
    good = checks(("whole", True), ("row", True))
    half = checks(("whole", True), ("row", False))
    bad = checks(("whole", True), ("row", False), ("row", False))
    rows = made(tmp_path, good, half)
    row = rows["real pages: checks"]
    assert (row.good, row.value) == (True, "gold-1, gold-2 2 of 2 = 1.000; gold-5 1 of 2 = 0.500")
    assert made(tmp_path, good, bad)["real pages: checks"].good is False
    assert "row: 1 of 2 = 0.500" in row.parts


def test_checks_that_a_measure_was_found_are_measured_apart(tmp_path: Path) -> None:
    rows = made(tmp_path, checks(("whole", True)), checks(("whole", True), ("measure", False)))
    assert rows["real pages: checks"].value.endswith("gold-5 1 of 1 = 1.000")
    assert rows["real pages: entries on which all hold"].good
    assert rows["real pages: measures"].value == "gold-5 0 of 1 = 0.000"
    assert not rows["real pages: measures"].good


@pytest.mark.parametrize(("size", "good"), [(9, True), (10, False)])
def test_a_kind_counts_from_ten_checks_on(tmp_path: Path, size: int, good: bool) -> None:
    many = checks(*[("whole", True)] * 10)
    rows = made(tmp_path, [*many, *checks(*[("cell", False)] * size)], many)
    assert rows["real pages: the least kind"].good is good


def test_fields_of_a_document_have_a_floor_each(tmp_path: Path) -> None:
    titles = checks(*[("meta", True)] * 10, about="title")
    dates = checks(*[("meta", False)] * 10, about="issued")
    rows = made(tmp_path, [*titles, *dates], titles)
    assert rows["the same, the least field"].value == "issued 0 of 10 = 0.000"
    assert not rows["the same, the least field"].good


def test_an_entry_holds_where_every_check_does(tmp_path: Path) -> None:
    mixed = [*checks(("row", True), entry=0), *checks(("row", True), ("row", False), entry=1)]
    rows = made(tmp_path, mixed, mixed)
    assert rows["real pages: entries on which all hold"].value.startswith(
        "gold-1, gold-2 1 of 2 = 0.500"
    )


def test_without_the_gold_the_rows_say_so_and_fail_nothing(tmp_path: Path) -> None:
    found = Published(tmp_path)
    rows = [*published.page_rows(LIMITS, found), published.case_row(LIMITS, found)]
    assert all(row.good and row.value.startswith("skipped: no ") for row in rows)
    (_, line) = comparison.compare(found)
    assert line[0].startswith("skipped: no ")


def test_answers_of_the_program_beside_the_gold_belong_to_their_entries(tmp_path: Path) -> None:
    gold = tmp_path / "gold.json"
    gold.write_text(json.dumps([
        {"document": "a.pdf", "page": 1, "checks": [{"kind": "row"}, {"kind": "meta"}]},
        {"document": "a.pdf", "page": 1, "checks": [{"kind": "row"}]},
    ]))  # fmt: skip
    (tmp_path / "check.py").write_text(
        "import json, sys\n"
        "entries = json.load(open(sys.argv[1]))\n"
        "out = [{'document': e['document'], 'page': e['page'], 'ok': c['kind'] == 'row',\n"
        "        'field': 'title', **c} for e in entries for c in e['checks']]\n"
        "json.dump(out, open(sys.argv[sys.argv.index('--json') + 1], 'w'))\n"
    )
    found = published.held_against([gold], tmp_path, tmp_path)
    assert [(each.entry, each.kind, each.about, each.ok) for each in found] == [
        (0, "row", "", True), (0, "meta", "title", False), (1, "row", "", True),
    ]  # fmt: skip


def test_a_program_that_fails_is_no_measurement(tmp_path: Path) -> None:
    (tmp_path / "check.py").write_text("raise SystemExit('broken')")
    with pytest.raises(RuntimeError, match="broken"):
        published.held_against([], tmp_path, tmp_path)


# --- what pdfium draws ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "silent"),
    [
        (DrawnPage("a", 1, LEAST, 0, told=False), True),
        (DrawnPage("a", 1, LEAST, 1, told=False), False),
        (DrawnPage("a", 1, LEAST, 0, told=True), False),  # a problem says so
        (DrawnPage("a", 1, LEAST - 1, 0, told=False), False),  # a page with next to no text
    ],
)
def test_silent_pages(page: DrawnPage, silent: bool) -> None:
    assert page.silent is silent
    good = DrawnPage("b", 1, 500, 500, told=False)
    assert drawn.row(LIMITS, [page, good]).good is not silent


def test_nothing_read_is_nothing_measured() -> None:
    assert not drawn.row(LIMITS, []).good


@pytest.mark.parametrize("path", sorted(SAMPLE.glob("*.pdf")), ids=lambda path: path.stem)
def test_what_is_drawn_on_the_sample_comes_out(path: Path) -> None:
    pages = drawn.read(path)
    assert pages
    assert min(page.share for page in pages) > 0.95


def test_a_page_that_the_reader_does_not_see_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    path = min(SAMPLE.glob("*.pdf"))
    raw = RawDocument((
        Page(1, WIDTH, HEIGHT, (), furniture=(Furniture("running_head", "計画の題"),)),
        Page(2, WIDTH, HEIGHT, (block("別の頁である。", page=2),)),
    ))  # fmt: skip
    monkeypatch.setattr(drawn, "read_raw", lambda path: raw)
    pages = {page.number: page for page in drawn.read(path)}
    unseen = [page for number, page in pages.items() if number > 2]
    assert unseen
    assert all(page.silent for page in unseen)


# --- other parsers ----------------------------------------------------------------------------


def test_without_java_the_comparison_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    (tmp_path / "check.py").touch()
    groups = {group: checks(("row", True)) for group in published.GROUPS}
    (_, line) = comparison.compare(Published(tmp_path, groups))
    assert line[0].startswith("skipped: no java")


def test_json_of_opendataloader() -> None:
    def text(kind: str, content: str, **more: object) -> dict[str, object]:
        return {"type": kind, "content": content, "page number": 2, **more}

    def cell(content: str, **more: object) -> dict[str, object]:
        return {"type": "table cell", "kids": [text("paragraph", content)], **more}

    head = [cell("施策", is_header=True), cell("省庁", is_header=True)]
    rows = [{"cells": head}, {"cells": [cell("研修"), cell("警察庁")]}]
    found = of_json("a.pdf", {"kids": [
        text("heading", "計画", **{"heading level": 1}),
        text("heading", "保護", **{"heading level": 2}),
        text("paragraph", "本文。"),
        text("heading", "検挙", **{"heading level": 2}),
        {"type": "list", "list items": [text("list item", "一", kids=[text("paragraph", "子")])]},
        {"type": "table", "page number": 3, "rows": rows},
    ]})  # fmt: skip
    said = [(p["type"], p["text"], p["path"], p["page"]) for p in found]
    assert said == [
        ("paragraph", "本文。", ["計画", "保護"], 2),
        ("list_item", "一", ["計画", "検挙"], 2),
        ("paragraph", "子", ["計画", "検挙"], 2),
        ("row", "研修 | 警察庁", ["計画", "検挙"], 3),
    ]
    assert found[-1]["cells"] == [
        {"column": "施策", "text": "研修"}, {"column": "省庁", "text": "警察庁"},
    ]  # fmt: skip


def test_markdown_of_html_to_markdown() -> None:
    page = "# 計画\n\n本文の\n**続き**。\n\n1. 一\n2. [二](x)\n\n## 保護\n\n"
    table = "| 施策 | 省庁 |\n| --- | --- |\n| 研修 | 警察庁 |\n"
    found = of_markdown("a.html", page + table)
    assert [(p["type"], p["text"], p["path"]) for p in found] == [
        ("paragraph", "本文の\n続き。", ["計画"]),
        ("list_item", "一", ["計画"]),
        ("list_item", "二", ["計画"]),
        ("row", "研修 | 警察庁", ["計画", "保護"]),
    ]
    assert found[-1]["cells"][1] == {"column": "省庁", "text": "警察庁"}
