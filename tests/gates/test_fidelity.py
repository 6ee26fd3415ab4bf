"""The short form of `make fidelity`: the measuring itself, on the sample, and on some seeds."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from bench.corpus import ROOT, SAMPLE, corpus_hash, key, parse
from bench.fidelity import account, fuzz, gold, order
from bench.fidelity.chars import PrintedPage, lines, printed_pages
from bench.fidelity.linear import pieces
from bench.fidelity.measured import Measured
from bench.fidelity.prints import paper, webpages
from bench.fidelity.prints.markup import Style
from bench.fidelity.run import load_limits, render

CORPUS = pytest.mark.skipif(
    not (ROOT / "seeds").is_dir(),
    reason="the corpus of real documents is not here ($SHISAKU_CORPUS)",
)
SAMPLE_GOLD: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data/sample_gold.json").read_bytes()
)

# What was promised: a floor may be higher, a ceiling lower.
FLOORS = {
    "follow_up": 1.0, "plan": 1.0, "meetings": 1.0, "variants": 0.99, "order": 0.98,
    "contents": 0.97, "contents_each": 0.92, "outline": 0.92, "headings": 1.0, "articles": 1.0,
    "vertical": 0.95, "pages": 0.95, "pages_kind": 0.9, "pages_whole": 0.7, "pages_measure": 0.53,
    "meta": 0.98, "meta_field": 0.97, "cases": 0.98, "plans_text": 0.99, "plans_whole": 0.99,
}  # fmt: skip
CEILINGS = {
    "headings_per_entry": 4.0, "unaccounted": 0.001, "silent_pages": 0.0, "faults": 0.0,
}  # fmt: skip


def test_no_floor_is_below_what_was_promised() -> None:
    pinned, limits = load_limits()
    assert len(pinned) == 64
    assert limits.floors.keys() == FLOORS.keys()
    assert limits.ceilings.keys() == CEILINGS.keys()
    for name, least in FLOORS.items():
        assert least <= limits.floors[name] <= 1, name
    for name, most in CEILINGS.items():
        assert 0 <= limits.ceilings[name] <= most, name


def slow_distances(wanted: str, found: str) -> list[int]:
    """Give what `order.distances` gives, by the table that everyone knows."""
    column = list(range(len(wanted) + 1))
    ends = [column[-1]]
    for at, char in enumerate(found, 1):
        fresh = [at]
        for row, other in enumerate(wanted, 1):
            fresh.append(min(fresh[-1] + 1, column[row] + 1, column[row - 1] + (char != other)))
        column = fresh
        ends.append(column[-1])
    return ends


def test_edit_distances_are_those_of_the_plain_table() -> None:
    chance = random.Random(1)
    for _ in range(300):
        wanted, found = ("".join(chance.choices("施策省", k=chance.randrange(9))) for _ in "ab")
        assert list(order.distances(wanted, found)) == slow_distances(wanted, found)


def test_the_key_folds_no_more_than_the_corpus_says() -> None:
    assert key("⼈⾝ 取引\u3000１") == "人身取引1"
    assert key("A〜B") != key("A～B")


def page(*words: tuple[str, float, float]) -> PrintedPage:
    """Give a page with words (text, x, top) in 10 pt."""
    chars = tuple(
        {
            "text": char, "x0": x + 10 * at, "x1": x + 10 * at + 10, "top": top,
            "bottom": top + 10, "size": 10.0,
        }
        for text, x, top in words
        for at, char in enumerate(text)
    )  # fmt: skip
    return PrintedPage(1, 600, 800, chars)


def test_a_gap_ends_a_printed_line() -> None:
    found = lines(page(("左の列", 50, 100), ("右の列", 300, 100), ("二行目", 50, 120)))
    assert [line.text for line in found] == ["左の列", "右の列", "二行目"]


def test_furniture_is_page_numbers_heads_that_return_and_contents() -> None:
    texts = ("甲である。", "乙である。", "丙である。")
    pages = [
        PrintedPage(
            number, 600, 800,
            page(("白書の題", 50, 30), (text, 50, 400), (f"-{number}-", 280, 780)).chars,
        )
        for number, text in enumerate(texts, 1)
    ]  # fmt: skip
    assert "".join(sorted(account.furniture(pages))) == "".join(sorted("-123白書の題"))
    contents = page(*((f"第{n}章........{n}", 50, 100.0 * n) for n in range(1, 5)))
    assert account.contents_pages([contents]) == set()
    headed = PrintedPage(1, 600, 800, (*page(("目次", 250, 60)).chars, *contents.chars))
    assert account.contents_pages([headed]) == {1}


@pytest.mark.parametrize("path", sorted(SAMPLE.glob("*.pdf")), ids=lambda path: path.stem)
def test_every_character_of_the_sample_is_there_once(path: Path) -> None:
    _, limits = load_limits()
    found = account.settle(parse(path), list(printed_pages(path)))
    assert found.visible > 500
    assert found.share <= limits.ceilings["unaccounted"], found.examples


def test_the_sample_printed_by_another_program_is_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "follow-up.pdf"
    paper.print_table(SAMPLE_GOLD["follow_up"], Style(repeat=True), path)
    score = gold.compare_items(parse(path), SAMPLE_GOLD["follow_up"])
    assert score.wrong == ()
    assert score.least == 1


def test_a_wrong_item_costs_precision_and_recall() -> None:
    score = gold.compare(["甲", "乙", "乙"], ["甲", "乙", "丙"])
    assert (score.found, score.wanted, score.right) == (3, 3, 2)
    assert score.wrong == ("+ 乙", "- 丙")


def test_a_heading_is_met_once_though_each_passage_names_it() -> None:
    document = parse(SAMPLE / "isa-annai-2024.pdf")
    words = [piece.text for piece in pieces(document)]
    section = next(section for section in document.sections if not section.label)
    assert sum(len(p.path) for p in document.passages if section.title in p.path) > 1
    assert words.count(section.title) == 1


def test_damaged_copies_follow_from_their_number_and_take_nothing_with_them() -> None:
    files = fuzz.sample_files()
    assert fuzz.damage(files, 7) == fuzz.damage(files, 7)
    ways = {fuzz.damage(files, number)[0].split("-")[1] for number in range(40)}
    assert ways == {way.__name__ for way in fuzz.WAYS}
    result = fuzz.run([path for path in files if path.stat().st_size < 10_000], 24, jobs=1)
    assert result.copies == 24
    assert result.faults == []


def test_the_table_says_what_is_under_its_floor() -> None:
    shown = render(
        [Measured("施策", "1.00", "1.00", True), Measured("rows", "0.50", "0.90", False)]
    )
    assert [line.split()[-1] for line in shown.splitlines()[2:]] == ["ok", "UNDER"]


# --- on the corpus ---------------------------------------------------------------------------


@CORPUS
def test_the_floors_are_pinned_on_this_corpus() -> None:
    assert load_limits()[0] == corpus_hash()


@CORPUS
def test_every_line_of_the_transcripts_stands_on_its_page() -> None:
    names = []
    for transcript in order.transcripts(""):
        names.append(transcript.name)
        assert len(order.printed(transcript)) > 400
        # An order, not a copy.
        assert all(len(first) <= 6 and len(last) <= 6 for _, first, last in transcript.pointers)
    assert len(names) == 5


@CORPUS
def test_the_sheet_is_read_in_order() -> None:
    _, limits = load_limits()
    for transcript in order.transcripts("sheet-"):
        assert order.score(parse(transcript.path), transcript) >= limits.floors["order"]


@CORPUS
def test_the_articles_of_a_law_are_all_there() -> None:
    path = ROOT / "real/law-egov-sjis/自殺対策基本法.html"
    score = webpages.compare_articles(path, parse(path))
    assert score.wanted > 20
    assert score.wrong == ()
