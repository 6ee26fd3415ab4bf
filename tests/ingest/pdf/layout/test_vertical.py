"""Pages set vertically: tiers, running heads across, frames that a line leads into."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.model import Block, Box, Line, TableBlock
from shisaku.ingest.pdf import read_pdf
from shisaku.ingest.pdf.glyphs.direction import _is_across, is_vertical, part_directions
from shisaku.ingest.pdf.glyphs.glyph import Glyph, make_glyph
from shisaku.ingest.pdf.layout.lines import make_lines
from shisaku.ingest.pdf.layout.tiers import Tiers, find_rules, read_tiers
from shisaku.ingest.pdf.layout.wrapped import read_wrapped
from tests.support.setting import WIDTH, Sheets, glyphs, line, rows_of, rule, texts

TOP, FOOT = 60.0, 320.0
SIZE = 10.0


def column(sheet: Sheets, x: float, words: str, top: float = TOP) -> None:
    sheet.upright(x, top, words, SIZE)


def read(sheet: Sheets) -> tuple[Block, ...]:
    return read_pdf(sheet.bytes()).pages[0].blocks


LONG = "この法律において対策とは次に掲げるものをいう"


def test_a_rule_parts_tiers_that_stand_close() -> None:
    sheet = Sheets()
    for at in range(6):
        x = 500 - 18 * at
        column(sheet, x, f"{LONG}{'上'}")
        column(sheet, x, f"下{LONG}", TOP + 24.3 * SIZE * 1.1)
    sheet.rule(380, TOP + 23.9 * SIZE * 1.1, 530, TOP + 23.9 * SIZE * 1.1)
    shown = "".join(texts(read(sheet)))
    assert shown == (LONG + "上") * 6 + ("下" + LONG) * 6


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ([rule(200, 50, 200, 400)], (200.0,)),
        # A double rule is one.
        ([rule(200, 50, 200, 400), rule(202, 50, 202, 400)], (200.0,)),
        # Beside some lines only: the rule of a frame.
        ([rule(200, 50, 200, 200)], ()),
        # Through the glyphs.
        ([rule(125, 50, 125, 400)], ()),
        # At the edge of the text: the rule under a running head.
        ([rule(40, 50, 40, 400)], ()),
        ([rule(60, 200, 300, 200)], ()),
    ],
)
def test_what_parts_tiers(rules: Sequence[dict[str, float]], found: tuple[float, ...]) -> None:
    text = [
        glyph
        for at in range(20)
        for x in (60, 220)
        for glyph in glyphs("対策とは何をいうか", x, 60 + 17 * at)
    ]
    assert find_rules(text, rules) == found


def head(words: str, x: float, top: float = 30) -> list[Glyph]:
    return glyphs(words, x, top)


def test_single_signs_of_a_running_head_are_no_columns() -> None:
    body = [
        make_glyph(char, x, 60 + 11 * at, x + 10, 70 + 11 * at, 10, "Mincho")
        for x in (500, 480, 460)
        for at, char in enumerate(LONG)
    ]
    drawn = [*body, *head("平成二十年四月", 100), *head("官", 250), *head("報", 300),
             *head("4", 500)]  # fmt: skip
    parts = part_directions(drawn, WIDTH, 842)
    across = next(part for part in parts if part.turn is None)
    assert "".join(glyph.text for glyph in across.glyphs) == "平成二十年四月官報4"


def test_a_sign_above_its_column_stays_with_it() -> None:
    # 一 stands at the height of the page's number, but in the line that goes on below it.
    body = [
        make_glyph(char, x, 30 + 11 * at, x + 10, 40 + 11 * at, 10, "Mincho")
        for x in (500, 480, 460)
        for at, char in enumerate(LONG)
    ]
    parts = part_directions([*body, *head("平成二十年四月", 100)], WIDTH, 842)
    down = next(part for part in parts if part.turn is not None)
    assert down.visible == 3 * len(LONG)


def wrapped(*, second: Sequence[float] = (0, 30, 60)) -> Sheets:
    """Set a line that leads into a frame, which goes on at the head of the next line."""
    sheet = Sheets()
    for x in (520, 500, 480):
        column(sheet, x, LONG)
    column(sheet, 429, "同表中", TOP)
    column(sheet, 455, "「", TOP + 3.3 * SIZE)
    first = TOP + 4.6 * SIZE
    for x in (465, 435, 405):
        sheet.rule(x, first, x, FOOT)
    sheet.rule(405, first, 465, first)
    column(sheet, 452, "歩行者は道路の横断を始めてはならずま", first + 4)
    column(sheet, 439, "横断を終わるか又は横断をやめて引き返", first + 4)
    column(sheet, 415, "歩行者等は道路を横断してはならないこ", first + 4)
    end = TOP + 106
    for shift in second:
        sheet.rule(385 - shift, TOP, 385 - shift, end)
    sheet.rule(385 - second[-1], end, 385 - second[0], end)
    column(sheet, 372, "た横断している者は", TOP + 2)
    column(sheet, 359, "さなければならない", TOP + 2)
    column(sheet, 335, "と", TOP + 2)
    column(sheet, 325, "」", end + 1)
    column(sheet, 350, "に改める", end + 12)
    for x in (300, 280):
        column(sheet, x, LONG)
    return sheet


def test_a_frame_that_breaks_with_its_line_is_read_line_by_line() -> None:
    blocks = read(wrapped())
    at = next(at for at, block in enumerate(blocks) if "歩行者" in block.text)
    assert rows_of(blocks[at]) == [
        ["歩行者は道路の横断を始めてはならずまた横断している者は横断を終わるか又は横断をやめて"
         "引き返さなければならない"],
        ["歩行者等は道路を横断してはならないこと"],
    ]  # fmt: skip
    assert "".join(texts(blocks[:at])) == LONG * 3 + "同表中「"
    assert "".join(texts(blocks[at + 1 :])) == "」に改める" + LONG * 2


def test_each_piece_of_a_broken_line_keeps_its_place_on_the_page() -> None:
    table = next(block for block in read(wrapped()) if isinstance(block, TableBlock))
    places = [(round(each.box.x0), each.text) for each in table.cells[1].blocks[0].lines]
    assert places == [(415, "歩行者等は道路を横断してはならないこ"), (335, "と")]


def test_frames_cut_otherwise_do_not_belong_together() -> None:
    found = [block for block in read(wrapped(second=(0, 20, 60))) if "歩行者" in block.text]
    assert all("まさなければ" not in block.text for block in found)
    assert not any("また横断している者は横断を" in block.text for block in found)


def test_a_bracket_of_two_rules_is_no_frame() -> None:
    edges = [rule(100, 100, 300, 100), rule(100, 140, 300, 140), rule(100, 100, 100, 140)]
    found = read_wrapped(glyphs("対策", 120, 110), edges, 1)
    assert (found.tables, len(found.rest), len(found.edges)) == ((), 2, 3)


def test_what_stands_beside_a_frame_is_read_along_the_line() -> None:
    frame = Box(1, 200, 100, 400, 160)
    before = [line("対策" * 10, 60, 100 - 16 * at) for at in range(4, 0, -1)]
    beside = [line("中「", 180, 100), line("同表の", 60, 125), line("」に", 410, 150)]
    after = [line("施策" * 10, 60, 170)]
    columns = read_tiers([*after, *beside, *before], Tiers((), (frame,)))
    shown = [item.text for each in columns for item in each.items if isinstance(item, Line)]
    assert "".join(shown) == "対策" * 40 + "同表の中「」に" + "施策" * 10


def stands_below(last: Glyph, glyph: Glyph) -> bool:
    step, em = glyph.middle - last.middle, max(last.size, glyph.size, 1.0)
    return abs(last.centre - glyph.centre) < em * 0.3 and 0 < step < em * 3


@given(
    st.lists(
        st.tuples(st.sampled_from("字字字 "), st.sampled_from([True, True, True, False])),
        min_size=20, max_size=60,
    )
)  # fmt: skip
def test_vertical_is_what_steps_down_more_often_than_across(
    drawn: list[tuple[str, bool]],
) -> None:
    x = top = 100.0
    set_: list[Glyph] = []
    for char, down in drawn:
        x, top = (x, top + 10) if down else (x + 10, top)
        set_.append(make_glyph(char, x, top, x + 10, top + 10, 10, "M"))
    pairs = list(pairwise(glyph for glyph in set_ if not glyph.blank))
    count = sum(stands_below(*pair) for pair in pairs)
    across = sum(_is_across(*pair) for pair in pairs)
    assert is_vertical(set_) == (count > 20 and count > across)


def stacked(words: str, x: float, top: float) -> list[Glyph]:
    """Set letters one under the other, as vertical writing does."""
    return [
        make_glyph(char, x, top + SIZE * at, x + SIZE, top + SIZE * (at + 1), SIZE, "Mincho")
        for at, char in enumerate(words)
    ]


def lying(words: str, x: float, top: float) -> list[Glyph]:
    """Set letters on their side: each is half an em high, and its size is told as that."""
    return [
        make_glyph(char, x, top + 5 * at, x + SIZE, top + 5 * (at + 1), 5, "Latin", False)
        for at, char in enumerate(words)
    ]


def test_figures_and_latin_on_their_side_stay_in_their_column() -> None:
    drawn = [
        *stacked("政府はこの行動計画", 500, 60), *lying("2022", 500, 150),
        *stacked("を定め国際移住機関", 500, 170), *stacked("である", 480, 60),
        *lying("IOM", 480, 90), *stacked("と連携する", 480, 105),
    ]  # fmt: skip
    (part,) = part_directions(drawn, WIDTH, 842)
    assert part.turn is not None
    made = make_lines([part.turn.glyph(glyph) for glyph in part.glyphs], 1)
    assert [each.text for each in made] == [
        "政府はこの行動計画2022を定め国際移住機関", "であるIOMと連携する",
    ]  # fmt: skip
    assert {each.size for each in made} == {SIZE}
