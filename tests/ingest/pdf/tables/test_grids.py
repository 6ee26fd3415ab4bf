"""Ruled tables: which rules make a grid, which cell a glyph stands in, what is no table."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shisaku.ingest.model import TableBlock
from shisaku.ingest.pdf.glyphs.glyph import Glyph
from shisaku.ingest.pdf.tables.cells import TakenTables, read_tables
from shisaku.ingest.pdf.tables.grids import MAX_EDGES, TooManyRulesError, find_grids
from tests.support.setting import HEIGHT, WIDTH, glyphs, grid, printed, rows_of, rule

Rules = list[dict[str, Any]]


def take(words: Sequence[Glyph], rules: Rules) -> TakenTables:
    return read_tables(words, rules, 1, WIDTH, HEIGHT)


def fill(xs: Sequence[float], ys: Sequence[float], texts: Sequence[Sequence[str]]) -> list[Glyph]:
    """Set a text into each cell."""
    return [
        glyph
        for row, words in enumerate(texts)
        for column, text in enumerate(words)
        for glyph in glyphs(text, xs[column] + 3, ys[row] + 4, 10)
    ]


def outside(taken: TakenTables) -> str:
    """Give the words outside the tables."""
    return "".join(glyph.text for glyph in taken.rest) + "".join(
        line.text for frame in taken.frames for line in frame.lines
    )


XS, YS = (72.0, 172.0, 272.0, 472.0), (100.0, 120.0, 140.0, 160.0)
WORDS = [
    ["施策名", "省庁名", "実施状況"],
    ["窓口", "警察庁", "設けた"],
    ["研修", "法務省", "行った"],
]


def only(taken: TakenTables) -> TableBlock:
    (table,) = taken.tables
    assert not taken.rest
    assert not taken.frames
    return table


def test_a_full_grid() -> None:
    table = only(take(fill(XS, YS, WORDS), grid(XS, YS)))
    assert rows_of(table) == WORDS
    assert table.edges == XS
    assert not (table.open_top or table.open_bottom)


def test_rules_drawn_as_thin_rectangles_or_in_pieces_are_one_rule() -> None:
    rules = []
    for each in grid(XS, YS):
        for shift in (0.0, 1.5):  # the two sides of a border 1.5 pt thick
            if each["orientation"] == "h":
                half = (each["x0"] + each["x1"]) / 2
                rules += [
                    rule(each["x0"], each["top"] + shift, half, each["top"] + shift),
                    rule(half, each["top"] + shift, each["x1"], each["top"] + shift),
                ]
            else:
                rules.append(
                    rule(each["x0"] + shift, each["top"], each["x0"] + shift, each["bottom"])
                )
    assert rows_of(only(take(fill(XS, YS, WORDS), rules))) == WORDS


def without(rules: Rules, *missing: tuple[str, float]) -> Rules:
    """Leave out the rules of an orientation at a place."""
    return [
        each
        for each in rules
        if (each["orientation"], each["top" if each["orientation"] == "h" else "x0"]) not in missing
    ]


# Outer rules that are not drawn, which sides of the table are then open.
OPEN: list[tuple[list[tuple[str, float]], tuple[bool, bool]]] = [
    ([("h", YS[-1])], (False, True)),  # the table goes on on the next page
    ([("h", YS[0])], (True, False)),  # … and comes from the one before
    ([("h", YS[0]), ("h", YS[-1])], (True, True)),
    ([("v", XS[0]), ("v", XS[-1])], (False, False)),  # set without rules at the sides
    ([("v", XS[0])], (False, False)),
]


@pytest.mark.parametrize(("missing", "opened"), OPEN)
def test_open_sides_are_closed_and_remembered(
    missing: list[tuple[str, float]], opened: tuple[bool, bool]
) -> None:
    table = only(take(fill(XS, YS, WORDS), without(grid(XS, YS), *missing)))
    assert rows_of(table) == WORDS
    assert (table.open_top, table.open_bottom) == opened
    last = [cell for cell in table.cells if cell.row == 2]
    assert all(cell.open_bottom == opened[1] for cell in last)
    first = [cell for cell in table.cells if cell.row == 0]
    assert all(cell.open_top == opened[0] for cell in first)


@pytest.mark.parametrize("columns", [2, 3])
def test_a_table_without_sides_breaks_over_a_page(columns: int) -> None:
    xs, words = XS[: columns + 1], [row[:columns] for row in WORDS]
    rules = without(grid(xs, YS), ("v", xs[0]), ("v", xs[-1]), ("h", YS[-1]))
    assert rows_of(only(take(fill(xs, YS, words), rules))) == words


def test_only_the_cell_without_its_rule_is_open() -> None:
    # A label over several rows breaks at the page's foot; the row beside it ends there.
    rules = [*without(grid(XS, YS), ("h", YS[-1])), rule(XS[1], YS[-1], XS[-1], YS[-1])]
    table = only(take(fill(XS, YS, WORDS), rules))
    assert table.open_bottom
    assert [cell.open_bottom for cell in table.cells if cell.row == 2] == [True, False, False]


def spanning() -> Rules:
    """A label over two rows, and a row across all columns."""
    return [
        rule(XS[0], YS[0], XS[3], YS[0]), rule(XS[0], YS[1], XS[3], YS[1]),
        rule(XS[1], YS[2], XS[3], YS[2]), rule(XS[0], YS[3], XS[3], YS[3]),
        rule(XS[0], YS[0], XS[0], YS[3]), rule(XS[3], YS[0], XS[3], YS[3]),
        rule(XS[1], YS[1], XS[1], YS[3]), rule(XS[2], YS[1], XS[2], YS[3]),
    ]  # fmt: skip


def test_spans() -> None:
    words = [["１　保護", "", ""], ["窓口", "警察庁", "設けた"], ["", "法務省", "行った"]]
    assert rows_of(only(take(fill(XS, YS, words), spanning()))) == [
        ["１\u3000保護", "<", "<"],
        ["窓口", "警察庁", "設けた"],
        ["^", "法務省", "行った"],
    ]


def test_a_spanning_cell_is_not_cut_by_rules_that_end_beside_it() -> None:
    # Columns 1 and 3 part their second row; the cell between them spans both rows.
    xs, ys = (72.0, 122.0, 172.0, 272.0, 322.0, 372.0), (100.0, 130.0, 160.0)
    rules = [
        rule(xs[0], ys[0], xs[5], ys[0]), rule(xs[0], ys[2], xs[5], ys[2]),
        rule(xs[0], ys[1], xs[2], ys[1]), rule(xs[3], ys[1], xs[5], ys[1]),
        *(rule(x, ys[0], x, ys[2]) for x in (xs[0], xs[2], xs[3], xs[5])),
        rule(xs[1], ys[1], xs[1], ys[2]), rule(xs[4], ys[1], xs[4], ys[2]),
    ]  # fmt: skip
    words = [["取組", "", "実績", "担当", ""], ["一", "二", "", "三", "四"]]
    assert rows_of(only(take(fill(xs, ys, words), rules))) == [
        ["取組", "<", "実績", "担当", "<"],
        ["一", "二", "^", "三", "四"],
    ]


def test_a_paragraph_in_a_cell_is_joined_and_paragraphs_are_kept_apart() -> None:
    xs, ys = (72.0, 172.0, 302.0), (100.0, 200.0, 220.0)
    words = [
        *glyphs("窓口", 75, 104),
        *glyphs("◎警察では、窓口を設け", 175, 104), *glyphs("た。", 175, 118),
        *glyphs("○研修を行う。", 175, 132),
        *glyphs("研修", 75, 204), *glyphs("済み", 175, 204),
    ]  # fmt: skip
    table = only(take(words, grid(xs, ys)))
    assert [block.text for block in table.cells[1].blocks] == [
        "◎警察では、窓口を設けた。",
        "○研修を行う。",
    ]


@pytest.mark.parametrize(("start", "found"), [(320.0, True), (272.0, False)])
def test_words_underlined_where_the_lowest_rule_is_missing(start: float, found: bool) -> None:
    # From rule to rule it is no underline but the cell's own end: only the others are open.
    xs, ys = (72.0, 172.0, 272.0, 472.0), (100.0, 200.0)
    rules = [*(rule(x, ys[0], x, ys[1]) for x in xs), rule(start, 198.5, xs[3], 198.5)]
    table = only(take(fill(xs, ys, [["窓口", "警察庁", "設けた"]]), rules))
    assert rows_of(table) == [["窓口", "警察庁", "設けた"]]
    assert [cell.open_bottom for cell in table.cells] == [True, True, found]


def test_a_letter_that_leans_over_its_rule_stays_in_its_cell() -> None:
    words = [*fill(XS, YS, WORDS[:2]), *glyphs("研修", XS[0] + 3, YS[2] - 1, 10),
             *glyphs("法務省", XS[1] - 2, YS[2] + 4, 10),
             *glyphs("行った", XS[2] + 3, YS[2] + 4, 10)]  # fmt: skip
    assert rows_of(only(take(words, grid(XS, YS)))) == WORDS


def test_one_cell_is_a_frame_and_keeps_its_place_as_text() -> None:
    taken = take(glyphs("囲みの文。", 80, 104), grid((72.0, 400.0), (100.0, 160.0)))
    assert not taken.tables
    (frame,) = taken.frames
    assert printed(frame.lines) == ["囲みの文。"]
    assert (frame.box.x0, frame.box.bottom) == (72.0, 160.0)


def test_a_frame_with_a_head_is_two_boxes() -> None:
    words = [*glyphs("コラム", 80, 104), *glyphs("窓口の話。", 80, 124)]
    taken = take(words, grid((72.0, 400.0), (100.0, 120.0, 160.0)))
    assert not taken.tables
    assert [printed(frame.lines) for frame in taken.frames] == [["コラム"], ["窓口の話。"]]


def test_a_border_around_the_page_is_nothing() -> None:
    border = grid((20.0, 575.0), (20.0, 820.0))
    taken = take([*fill(XS, YS, WORDS), *glyphs("本文", 72, 300)], [*border, *grid(XS, YS)])
    assert rows_of(taken.tables[0]) == WORDS
    assert not taken.frames
    assert "".join(glyph.text for glyph in taken.rest) == "本文"


def test_a_frame_keeps_the_words_of_a_figure_together() -> None:
    # The bars of a chart are ruled, too, but hold nothing.
    around = grid((60.0, 520.0), (100.0, 300.0))
    bars = grid((100.0, 200.0, 300.0), (160.0, 200.0, 240.0))
    taken = take([*glyphs("図の題", 72, 110), *glyphs("資料", 72, 280)], [*around, *bars])
    assert [printed(frame.lines) for frame in taken.frames] == [["図の題", "資料"]]


def test_a_table_inside_a_frame_keeps_its_words() -> None:
    xs, ys, inner = (84.0, 184.0, 284.0), (140.0, 160.0, 180.0), [["年", "件"], ["二", "三"]]
    words = [*glyphs("参考", 80, 104), *fill(xs, ys, inner)]
    rules = [*grid((72.0, 400.0), (100.0, 260.0)), *grid(xs, ys)]
    taken = take(words, rules)
    assert rows_of(taken.tables[0]) == inner
    assert outside(taken) == "参考"


# What is ruled, but is no table; the words must stay in the text.
NO_TABLES: list[tuple[str, Rules]] = [
    ("an underline", [rule(72, 115, 200, 115)]),
    ("the axes of a chart", [rule(72, 100, 72, 200), rule(72, 200, 300, 200)]),
    ("two strokes of one height", [rule(72, 100, 72, 200), rule(272, 100, 272, 200)]),
    ("hatching", [rule(72 + at, 100, 72 + at, 102) for at in range(0, 60, 2)]),
    ("an empty grid beside", grid((400, 450, 500), (300, 320, 340))),
]


@pytest.mark.parametrize(("what", "rules"), NO_TABLES)
def test_what_is_no_table(what: str, rules: Rules) -> None:
    taken = take(glyphs("本文の語", 80, 102), rules)
    assert not taken.tables, what
    assert outside(taken) == "本文の語"


def test_a_label_may_run_on_below_an_open_cell() -> None:
    # At the page's foot a narrow label goes on under the last row, where no rule stops it.
    rules = without(grid(XS, YS), ("h", YS[-1]))
    low = glyphs("の強化", XS[0] + 3, YS[-1] + 2)
    taken = take([*fill(XS, YS, WORDS), *low], rules)
    assert rows_of(only(taken))[2][0].replace("\n", "") == "研修の強化"


def test_a_drawing_is_given_up_and_its_words_are_kept() -> None:
    rules = [rule(at / 50, 100, at / 50, 110) for at in range(MAX_EDGES * 4 + 1)]
    with pytest.raises(TooManyRulesError):
        find_grids(rules, WIDTH, HEIGHT)
    taken = take(glyphs("地図"), rules)
    assert taken.too_dense
    assert len(taken.rest) == 2


@st.composite
def ruled(draw: st.DrawFn) -> tuple[list[float], list[float], list[list[str]]]:
    """A grid of 2 x 2 to 5 x 6 cells with a text of its own in each cell, or none."""
    columns, rows = draw(st.integers(2, 5)), draw(st.integers(2, 6))
    xs, ys = [40.0], [60.0]
    for _ in range(columns):
        xs.append(xs[-1] + draw(st.integers(45, 100)))
    for _ in range(rows):
        ys.append(ys[-1] + draw(st.integers(15, 40)))
    words = [
        [
            f"{'甲乙丙丁戊己'[row]}{'子丑寅卯辰'[column]}" if draw(st.booleans()) else ""
            for column in range(columns)
        ]
        for row in range(rows)
    ]
    words[0][0], words[-1][-1] = "初め", "終り"
    return xs, ys, words


@settings(max_examples=50, deadline=None)
@given(ruled(), st.sampled_from([(), ("top",), ("bottom",), ("top", "bottom"), ("sides",)]))
def test_every_text_lands_in_its_own_cell(
    drawn: tuple[list[float], list[float], list[list[str]]], missing: tuple[str, ...]
) -> None:
    xs, ys, words = drawn
    rules = grid(xs, ys)
    if "top" in missing:
        rules = without(rules, ("h", ys[0]))
    if "bottom" in missing:
        rules = without(rules, ("h", ys[-1]))
    if "sides" in missing:
        rules = without(rules, ("v", xs[0]), ("v", xs[-1]))
    taken = take(fill(xs, ys, words), rules)
    if not taken.tables:  # too sparse: then its words are text
        assert len(taken.rest) == sum(len(text) for row in words for text in row)
        return
    assert rows_of(only(taken)) == words


Rect = tuple[int, int, int, int]


@st.composite
def parted(draw: st.DrawFn) -> list[Rect]:
    """A rectangle of 4 x 5 places cut into cells that span one or several of them."""
    done: list[Rect] = []
    todo: list[Rect] = [(0, 0, 4, 5)]
    while todo:
        x0, y0, x1, y1 = todo.pop()
        cuts = [("x", at) for at in range(x0 + 1, x1)] + [("y", at) for at in range(y0 + 1, y1)]
        cut = (
            draw(st.sampled_from([*cuts, None]))
            if len(done) + len(todo) > 1 and cuts
            else (cuts[draw(st.integers(0, len(cuts) - 1))] if cuts else None)
        )
        if cut is None:
            done.append((x0, y0, x1, y1))
        elif cut[0] == "x":
            todo += [(x0, y0, cut[1], y1), (cut[1], y0, x1, y1)]
        else:
            todo += [(x0, y0, x1, cut[1]), (x0, cut[1], x1, y1)]
    return done


@settings(max_examples=60, deadline=None)
@given(parted())
def test_merged_cells_keep_each_text_whole_and_once(rects: list[Rect]) -> None:
    rules, words = [], []
    for at, (x0, y0, x1, y1) in enumerate(rects):
        left, top, right, bottom = 50 + x0 * 90, 60 + y0 * 24, 50 + x1 * 90, 60 + y1 * 24
        rules += grid((left, right), (top, bottom))
        words += glyphs(f"語{at:02}", left + 4, top + 6)
    taken = take(words, rules)
    found = [cell.text for table in taken.tables for cell in table.cells if cell.text]
    found += [line.text for frame in taken.frames for line in frame.lines]
    assert sorted(found) == [f"語{at:02}" for at in range(len(rects))]
    assert not taken.rest


@pytest.mark.parametrize(
    ("above", "tables"), [((72, 172.9, 272), 1), ((72, 174, 272), 0), ((72, 272), 0), ((), 0)]
)
def test_one_filled_cell_goes_on_with_a_table_of_the_page_before(
    above: tuple[float, ...], tables: int
) -> None:
    xs, ys = (72.0, 172.0, 272.0), (100.0, 300.0)
    words, rules = fill(xs, ys, [["続きの本文"]]), grid(xs, ys)
    taken = read_tables(words, rules, 2, WIDTH, HEIGHT, above=above)
    assert len(taken.tables) == tables
