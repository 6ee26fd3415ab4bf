"""Page numbers and running heads: told by their return, never by their words alone."""

from typing import Any

import pytest

from shisaku.ingest.model import Box, Line
from shisaku.ingest.pdf.layout.footnotes import (
    find_rule,
    is_note_box,
    note_rules,
    split_footnotes,
)
from shisaku.ingest.pdf.layout.furniture import Found, PageLines, find_furniture, number_value
from shisaku.ingest.pdf.layout.items import Frame
from tests.support.setting import HEIGHT, WIDTH, line, rule, table

FOOT, HEAD, MIDDLE = 800.0, 30.0, 400.0


def find(*pages: list[Line]) -> Found:
    return find_furniture(
        [PageLines(at, WIDTH, HEIGHT, tuple(lines)) for at, lines in enumerate(pages, start=1)]
    )


def at(page: int, text: str, top: float = FOOT) -> Line:
    return line(text, 280, top, page=page)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3), ("- 3 -", 3), ("－３－", 3), ("― 12 ―", 12), ("3/17", 3), ("iii", 3),
        ("xiv", 14), ("Ⅳ", 4), ("2-15", 15), ("P.3", 3), ("第３頁", 3), ("3ページ", 3),
        ("(3)", 3), ("資-3", None), ("3月", None), ("警察庁", None), ("", None), ("12345", None),
        ("3件", None), ("平成28年", None),
    ],
)  # fmt: skip
def test_what_counts_pages(text: str, value: int | None) -> None:
    assert number_value(text) == value


# How the pages are numbered, page by page.
NUMBERS = [
    [f"- {n} -" for n in range(1, 6)],
    ["1/3", "2/3", "3/3"],
    ["57", "58", "59", "60"],  # a chapter printed apart counts on
    ["i", "ii", "iii", "1", "2", "3"],  # front matter counts for itself
    ["Ⅰ-1", "Ⅰ-2", "Ⅰ-3", "Ⅱ-1", "Ⅱ-2", "Ⅱ-3"],  # parts count for themselves
]


@pytest.mark.parametrize("numbers", NUMBERS)
def test_numbers_that_count_along_are_page_numbers(numbers: list[str]) -> None:
    pages = [[at(n, text), at(n, "本文", MIDDLE)] for n, text in enumerate(numbers, start=1)]
    found = find(*pages)
    assert [found.kind(lines[0]) for lines in pages] == ["page_number"] * len(pages)
    assert [found.labels[n] for n in range(1, len(pages) + 1)] == numbers
    assert not any(found.kind(lines[1]) for lines in pages)


def test_the_first_page_may_bear_no_number() -> None:
    pages = [[at(1, "表紙", MIDDLE)], *([at(n, str(n - 1))] for n in range(2, 6))]
    found = find(*pages)
    assert found.labels == {2: "1", 3: "2", 4: "3", 5: "4"}


def test_a_figure_that_does_not_count_along_is_text() -> None:
    figure = at(3, "84")
    found = find([at(1, "- 1 -")], [at(2, "- 2 -")], [at(3, "- 3 -"), figure], [at(4, "- 4 -")])
    assert found.kind(figure) is None


def test_a_number_in_the_middle_of_a_page_is_text() -> None:
    pages = [[at(n, str(n), MIDDLE)] for n in range(1, 6)]
    found = find(*pages)
    assert not found.kinds
    assert not found.labels


@pytest.mark.parametrize(
    ("text", "is_number"), [("- 1 -", True), ("1", True), ("－７－", True), ("84", False)]
)
def test_a_single_page(text: str, is_number: bool) -> None:
    # Nothing can return here: only what is set like a page number, or says 1, is one.
    only = at(1, text)
    assert (find([only]).kind(only) == "page_number") is is_number


def test_what_returns_at_its_place_is_a_running_head() -> None:
    pages = [[at(n, "人身取引対策行動計画", HEAD), at(n, "本文", 100)] for n in range(1, 6)]
    found = find(*pages)
    assert all(found.kind(lines[0]) == "running_head" for lines in pages)
    assert not any(found.kind(lines[1]) for lines in pages)


def test_a_running_head_with_a_number_that_counts() -> None:
    pages = [[at(n, f"年次報告 第{n}頁", HEAD)] for n in range(1, 6)]
    found = find(*pages)
    assert all(found.kind(lines[0]) for lines in pages)


def test_heads_of_left_and_right_pages() -> None:
    pages = [[at(n, "第２章" if n % 2 else "人身取引白書", HEAD)] for n in range(1, 9)]
    assert all(find(*pages).kind(lines[0]) == "running_head" for lines in pages)


def test_a_running_head_may_stand_a_little_higher_on_some_pages() -> None:
    pages = [[at(n, "年次報告", HEAD + (n % 2) * 2.5)] for n in range(1, 7)]
    assert all(find(*pages).kind(lines[0]) == "running_head" for lines in pages)


# What looks like furniture once, and is text.
TEXT = [
    [["人身取引対策行動計画"], ["本文"], ["本文の続き"]],  # the title, once
    [["まとめ"], ["まとめ"], ["別の語"], ["四"], ["五"], ["六"]],  # twice in six pages
]


@pytest.mark.parametrize("heads", TEXT)
def test_what_does_not_return_is_text(heads: list[list[str]]) -> None:
    pages = [[at(n, text, HEAD) for text in texts] for n, texts in enumerate(heads, start=1)]
    found = find(*pages)
    assert not found.kinds


def test_the_same_words_at_another_height_are_text() -> None:
    pages = [[at(n, "（１）相談窓口", HEAD + 14 * (n - 1))] for n in range(1, 6)]
    assert not find(*pages).kinds


def test_each_chapter_has_a_running_head_of_its_own() -> None:
    names = ["総論", "現状", "保護", "検挙", "国際協力"]
    pages = [[at(n, names[(n - 1) // 6], HEAD)] for n in range(1, 31)]
    assert all(find(*pages).kind(lines[0]) == "running_head" for lines in pages)


# --- footnotes -----------------------------------------------------------------------------------

BODY = [line("本文の行がここにある", 72, 100 + 16 * at) for at in range(20)]
NOTES = [line("1 件数は暦年による。", 72, 700, 8), line("2 令和元年の値。", 72, 712, 8)]
RULE = rule(72, 690, 220, 690)


def rule_above(body: list[Line], below: list[Line], rules: list[dict[str, Any]]) -> float | None:
    return find_rule(note_rules(rules, [], WIDTH, HEIGHT), [*body, *below])


def test_small_lines_under_a_short_rule_are_footnotes() -> None:
    top = rule_above(BODY, NOTES, [RULE])
    assert top == 690
    body, notes = split_footnotes([*BODY, *NOTES], top)
    assert (body, notes) == (BODY, NOTES)


@pytest.mark.parametrize(
    ("what", "rules", "below"),
    [
        (
            "a rule across the page",
            [rule(72, 690, 523, 690)],
            [line("件数は暦年による。", 72, 700, 8)],
        ),
        ("a rule in the upper part", [rule(72, 90, 220, 90)], NOTES),
        ("text of the usual size below", [RULE], [line("続きの文", 72, 700, 10)]),
        ("nothing below", [RULE], []),
        ("an upright rule", [rule(72, 600, 72, 690)], NOTES),
        ("no rule", [], NOTES),
    ],
)
def test_what_is_no_rule_of_footnotes(
    what: str, rules: list[dict[str, Any]], below: list[Line]
) -> None:
    assert rule_above(BODY, below, rules) is None, what


@pytest.mark.parametrize("sign", ["1 ", "＊4 ", "※", "（注）", "注２　", "[3] "])
def test_a_rule_across_the_page_stands_above_what_begins_with_a_sign(sign: str) -> None:
    below = [line(f"{sign}件数は暦年による。", 72, 700, 8)]
    assert rule_above(BODY, below, [rule(72, 690, 523, 690)]) == 690


def test_text_in_a_box_is_text_above_a_rule_as_well() -> None:
    rules = note_rules([RULE], [], WIDTH, HEIGHT)
    assert find_rule(rules, NOTES) is None
    assert find_rule(rules, NOTES, BODY) == 690


@pytest.mark.parametrize(("text", "size", "top", "wanted"), [
    ("＊4　件数は暦年による。", 8, 700, True), ("件数は暦年による。", 8, 700, False),
    ("＊4　件数は暦年による。", 10, 700, False), ("＊4　件数は暦年による。", 8, 60, False),
])  # fmt: skip
def test_the_last_box_of_a_page_may_hold_its_footnotes(
    text: str, size: float, top: float, wanted: bool
) -> None:
    box = Frame((line(text, 76, top, size),), Box(1, 72, top - 4, 523, top + 20))
    assert is_note_box(box, BODY) is wanted


def test_the_rules_of_a_table_part_no_footnotes() -> None:
    beside = table([["a"], ["b"]], edges=(72.0, 220.0), top=660)
    assert note_rules([RULE], [beside.box], WIDTH, HEIGHT) == ()


def test_headings_that_count_are_no_running_heads() -> None:
    # One meeting a page: the words return, but each number is the meeting's own.
    pages = [[at(n, f"第{n + 3}回会合（令和5年{n}月）", HEAD)] for n in range(1, 6)]
    found = find(*pages)
    assert all(found.kind(line) is None for page in pages for line in page)


def test_what_is_set_larger_than_the_text_is_no_running_head() -> None:
    body = "被害者の保護のため関係機関と連携して必要な支援を行う。"
    pages = [
        [line("施策の概要", 60, HEAD, 20, page=n), line(body, 60, MIDDLE, page=n)]
        for n in range(1, 6)
    ]
    found = find(*pages)
    assert all(found.kind(line) is None for page in pages for line in page)


# --- tabs in the outer margin --------------------------------------------------------------------


def sheet(page: int, *tabs: Line) -> list[Line]:
    """Give the lines of a page: text from 72 to 522, and `tabs`."""
    return [*(line("本文の行がここにある" * 4, 72, 150 + 30 * at, page=page, right=522)
              for at in range(8)), *tabs]  # fmt: skip


def tab(page: int, text: str, x: float = 570, top: float = 200, size: float = 9) -> Line:
    """Set a tab that runs down the margin from `top`."""
    return Line(text, Box(page, x, top, x + size, top + len(text) * size), size)


MIRRORED = WIDTH - 570 - 9


# Pages by their tabs: (what is odd about them, tabs of each page, whether they are tabs).
TABS = [
    ("on right pages", [[], ["第２章"], [], ["第２章"]], 570, True),
    ("on all pages", [["第２章 保護"], ["第２章 保護"]], 570, True),
    ("one of a page's many", [["第１章", "第２章", "参考"]] * 2, 570, True),
    ("a chapter of one page beside others", [["第１章"], ["第１章"], ["第２章"]], 570, True),
    ("parts count their chapters anew", [["第１章"]] * 2 + [[]] * 20 + [["第１章"]] * 2, 570, True),
    ("on one page", [["第２章"], []], 570, False),
    ("other words on each page", [["児童の保護"], ["被害の防止"]], 570, False),
    ("far apart", [["第２章"], *([] for _ in range(8)), ["第２章"]], 570, False),
    ("in the text", [["第２章"]] * 3, 480, False),
    ("numbers of lines", [["5"], ["5"], ["5"]], 570, False),
]  # fmt: skip


@pytest.mark.parametrize(("what", "tabs", "x", "are_tabs"), TABS)
def test_what_returns_in_the_outer_margin_is_a_tab(
    what: str, tabs: list[list[str]], x: float, are_tabs: bool
) -> None:
    pages = [
        sheet(n, *(tab(n, text, x, 200 + 80 * at) for at, text in enumerate(texts)))
        for n, texts in enumerate(tabs, start=1)
    ]
    found = find(*pages)
    assert all(
        (found.kind(each) == "running_head") is are_tabs for page in pages for each in page[8:]
    ), what
    assert not any(found.kind(each) for page in pages for each in page[:8])


def test_tabs_are_mirrored_on_left_pages() -> None:
    # Each of them returns two pages on.
    pages = [sheet(n, tab(n, "第３章", 570 if n % 2 else MIRRORED)) for n in range(1, 5)]
    found = find(*pages)
    assert all(found.kind(page[-1]) == "running_head" for page in pages)


def test_a_note_in_the_strip_of_tabs_is_text() -> None:
    note = line("二年に一度", 568, 500, 9, page=1, right=590)
    found = find(sheet(1, tab(1, "第１章"), note), sheet(2, tab(2, "第１章")))
    assert found.kind(note) is None


# Two heads in four pages: (size, pages that bear it, whether it is one).
SMALL = [(8.0, {1, 3}, True), (8.0, {2, 4}, True), (10.0, {1, 3}, False), (8.0, {1, 2}, False)]


@pytest.mark.parametrize(("size", "bearing", "is_head"), SMALL)
def test_a_small_head_of_every_other_page(size: float, bearing: set[int], is_head: bool) -> None:
    pages = [
        sheet(n, *([line("第１章　現状と課題", 72, HEAD, size, page=n)] if n in bearing else []))
        for n in range(1, 5)
    ]
    found = find(*pages)
    heads = [each for page in pages for each in page[8:]]
    assert [found.kind(each) == "running_head" for each in heads] == [is_head] * 2


# What stands at the foot of a page with its number, and whether it is a running head.
IN_ROW: list[tuple[str, list[Line], bool]] = [
    ("the title of the book", [line("2023 White Paper", 100, 800)], True),
    ("a number", [line("84", 100, 800)], False),
    ("in another row", [line("2023 White Paper", 100, 780)], False),
    ("text above it", [line("2023 White Paper", 100, 800), line("本文である。", 100, 788)], False),
]


@pytest.mark.parametrize(("what", "rows", "wanted"), IN_ROW, ids=[case[0] for case in IN_ROW])
def test_what_stands_in_the_row_of_a_page_number(what: str, rows: list[Line], wanted: bool) -> None:
    # On one page alone, so that its words do not return.
    pages = [[line(f"- {number} -", 280, 800, page=number)] for number in (1, 2)]
    found = find([*pages[0], *rows], pages[1])
    assert (found.kind(rows[0]) == "running_head") is wanted
