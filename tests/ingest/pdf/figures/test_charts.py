"""Charts: their labels are one passage; what only looks like a chart stays as it is."""

from collections import Counter
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from shisaku.ingest.model import Line, TextBlock
from shisaku.ingest.pdf import read_pdf
from shisaku.ingest.pdf.figures.axes import Rect, find_axes
from shisaku.ingest.pdf.figures.charts import Gathered, figure_block, gather_figures
from shisaku.ingest.pdf.layout.items import Figure, Frame
from tests.support.setting import Sheets, line, lines, table, texts

LEFT, TOP, STEP = 100.0, 200.0, 25.0
PLOT: Rect = (116.0, 203.0, 400.0, 303.0)
"""The box of a plot beside the numbers 40 30 20 10 0, in type of 6 points."""


def axis(words: Sequence[str], x: float = LEFT, top: float = TOP, step: float = STEP) -> list[Line]:
    """Set numbers flush right, one below the other."""
    widest = max(len(word) for word in words)
    return [
        line(word, x + 3.0 * (widest - len(word)), top + at * step, 6)
        for at, word in enumerate(words)
    ]


FALL = axis(["40", "30", "20", "10", "0"])
YEARS = [line(str(year), 120 + 50 * at, 308, 6) for at, year in enumerate(range(2015, 2020))]
NAME = lines(list("婚姻件数"), 84, 230, 6, 8)
PROSE = lines(["この図のとおり、婚姻の件数は毎年減っており、対策を急ぐ必要がある。"] * 4, 72, 100)


def gather(
    items: Sequence[Line], shapes: Sequence[Rect] = (PLOT,), frames: Sequence[Frame] = ()
) -> Gathered:
    return gather_figures(items, (), frames, shapes)


def words(figures: Sequence[Figure]) -> list[str]:
    return [figure_block(figure).text.replace("\u3000", " ") for figure in figures]


def test_what_is_written_on_a_chart_is_one_passage() -> None:
    unit, value = line("（万組）", 90, 190, 6), line("31", 250, 215, 6)
    legend = line("■件数", 330, 204, 6)
    found = gather([*FALL, *YEARS, unit, value, legend, *NAME, *PROSE])
    assert words(found.figures) == [
        "（万組） 40 30 20 10 0 ■件数 31 婚姻件数 2015 2016 2017 2018 2019"
    ]
    assert found.lines == tuple(PROSE)
    block = figure_block(found.figures[0])
    assert block.role == "caption"
    # The way back: each label where it stands.
    assert {row.box.top for row in block.lines} >= {190, 215, 308}


OUTSIDE = [
    ("its title", line("図1-1　婚姻件数", 110, 186, 6)),
    ("its numbered title", line("第１-２-１図　婚姻件数", 110, 186, 6)),
    ("its source", line("資料：厚生労働省", 100, 312, 6)),
    ("its note", line("（注）速報値", 100, 312, 6)),
    ("a sentence", line("毎年減っている。", 100, 312, 6)),
    ("a heading in larger type", line("対策", 100, 312, 10)),
    ("a word two lines off", line("婚姻", 100, 318, 6)),
    ("a long line", line("婚姻の件数と婚姻の率が最も高い年から最も低い年まで", 100, 312, 6)),
]


@pytest.mark.parametrize(("what", "beside"), OUTSIDE, ids=[row[0] for row in OUTSIDE])
def test_what_belongs_to_a_chart_but_is_no_label_stays_outside(what: str, beside: Line) -> None:
    found = gather([*FALL, beside])
    assert words(found.figures) == ["40 30 20 10 0"], what
    assert found.lines == (beside,)


def test_the_end_of_a_paragraph_below_is_no_label() -> None:
    words = ["婚姻の件数と婚姻の率が最も高い年から最も低い年まで減り", "続けた"]
    text = lines(words, 100, 304, 6, 7)
    assert gather([*FALL, *text]).lines == tuple(text)


NO_AXIS: list[tuple[str, list[Line], list[Rect]]] = [
    ("numbers of items rise", axis(["1", "2", "3", "4", "5"]), [PLOT]),
    ("three are chance", axis(["20", "10", "0"], step=50), [PLOT]),
    ("values of a column are not even", axis(["40", "31", "20", "12", "0"]), [PLOT]),
    ("lines are not as even as the values", [*FALL[:3], *axis(["10", "0"], top=283)], [PLOT]),
    ("nothing is drawn", FALL, []),
    ("a rule above and below is a table's", FALL,
     [(90, 195, 400, 195.5), (90, 320, 400, 320.5)]),
    ("the plot is far off", FALL, [(180, 203, 400, 303)]),
    ("a rule alone is no plot", FALL, [(116, 203, 116.5, 303)]),
    ("words fall", axis(["四十", "三十", "二十", "十", "零"]), [PLOT]),
]  # fmt: skip


@pytest.mark.parametrize(("why", "items", "shapes"), NO_AXIS, ids=[row[0] for row in NO_AXIS])
def test_what_is_no_axis(why: str, items: list[Line], shapes: list[Rect]) -> None:
    assert find_axes(items, shapes) == [], why
    assert gather(items, shapes).lines == tuple(items)


AXES = [
    ("fractions", axis(["4.5", "4.0", "3.5", "3.0"])),
    ("thousands", axis(["1,500", "1,000", "500", "0"])),
    ("per cent, full-width", axis(["３０％", "２０％", "１０％", "０％"], x=90)),
    ("below nought", axis(["10", "0", "-10", "▲20"])),
    ("one is missing", [*FALL[:2], *FALL[3:]]),
]


@pytest.mark.parametrize(("what", "items"), AXES, ids=[row[0] for row in AXES])
def test_what_is_an_axis(what: str, items: list[Line]) -> None:
    (found,) = find_axes(items, [(124, 203, 400, items[-1].box.top + 3)])
    assert list(found.labels) == items, what


@pytest.mark.parametrize(("first", "second", "chart"), [
    ("H{}", 26, True), ("平成{}年", 26, True), ("令和{}年度", 2, True), ("第{}回", 26, False),
])  # fmt: skip
def test_years_by_their_era_are_an_axis_below_bars(first: str, second: int, chart: bool) -> None:
    names = [line(first.format(second + at), 100 + 60 * at, 300, 8) for at in range(5)]
    bars = [(100.0 + 60 * at, 200.0, 120.0 + 60 * at, 296.0) for at in range(5)]
    made = gather_figures(names, [], [], [*bars, (90.0, 296.0, 380.0, 296.0)])
    assert bool(made.figures) is chart


def test_a_numbered_heading_over_a_chart_stays_a_heading() -> None:
    names = [line(f"H{26 + at}", 100 + 60 * at, 300, 8) for at in range(5)]
    head = line("１．検挙人員の推移と内訳", 100, 186, 8)
    bars = [(100.0 + 60 * at, 200.0, 120.0 + 60 * at, 296.0) for at in range(5)]
    # The border of the page is drawn as well, so that the plot reaches up to it.
    shapes = [*bars, (90.0, 296.0, 380.0, 296.0), (90.0, 100.0, 90.0, 296.0)]
    made = gather_figures([*names, head], [], [], shapes)
    assert made.lines == (head,)
    assert made.figures[0].box.top > head.box.top


def test_an_axis_may_be_told_by_its_ticks() -> None:
    ticks: list[Rect] = [(115, 203 + 25.0 * at, 118, 203 + 25.0 * at) for at in range(5)]
    bars: list[Rect] = [(130 + 30.0 * at, 230, 150 + 30.0 * at, 303) for at in range(5)]
    assert len(find_axes(FALL, [*ticks, *bars])) == 1
    assert not find_axes(FALL, [*ticks[:2], *bars])


BARS: list[Rect] = [(115.0 + 50 * at, 230.0 + 9 * at, 140.0 + 50 * at, 303.0) for at in range(5)]
GROUND: Rect = (105, 303, 370, 303)
COUNT = [line(str(at + 1), 125 + 50 * at, 308, 6) for at in range(5)]
RULES: list[Rect] = [(105, top, 370, top) for top in (250.0, 276.0, 303.0)]

BELOW = [
    ("years below bars", YEARS, [GROUND, *BARS], True),
    ("a scale", [line(str(20 * at), 120 + 50 * at, 308, 6) for at in range(5)],
     [GROUND, *BARS], True),
    ("numbers that only count", COUNT, [GROUND, *BARS], False),
    ("rules above the names of columns", YEARS, RULES, False),
    ("no ground under the bars", YEARS, [BARS[0], *BARS[2:4]], False),
    ("bars below the years", YEARS, [(a, b + 90, c, d + 90) for a, b, c, d in BARS], False),
    ("years that fall", [*reversed([line(row.text, 320 - 50 * at, 308, 6)
                                    for at, row in enumerate(YEARS)])], [GROUND, *BARS], False),
]  # fmt: skip


@pytest.mark.parametrize(("what", "row", "shapes", "is_axis"), BELOW, ids=[r[0] for r in BELOW])
def test_numbers_below_a_plot(
    what: str, row: list[Line], shapes: list[Rect], is_axis: bool
) -> None:
    found = gather([*row, *PROSE], shapes)
    shown = [" ".join(each.text for each in row)] if is_axis else []
    assert words(found.figures) == shown, what


def test_numbers_of_two_lengths_are_one_axis() -> None:
    right = [line(word, 403, TOP + at * 25, 6) for at, word in enumerate(
        ["1,300", "1,200", "1,100", "1,000", "900", "800", "700", "600"]
    )]  # fmt: skip
    lines_of: list[Rect] = [(116, row.box.top + 3, 400, row.box.top + 3) for row in right]
    (found,) = find_axes(right, lines_of)
    assert list(found.labels) == right


def test_axes_on_both_sides_are_of_one_chart() -> None:
    right = [line(word, 403, TOP + at * 50, 6) for at, word in enumerate(["8.0", "4.0", "0.0"])]
    right.insert(1, line("6.0", 403, TOP + 25, 6))
    assert words(gather([*FALL, *right]).figures) == ["40 30 20 10 0 8.0 6.0 4.0 0.0"]


def test_charts_one_below_the_other_are_one_each() -> None:
    tops = (100, 200, 300)
    below = [row for top in tops for row in axis(["40", "30", "20", "10"], top=top, step=20)]
    found = gather(below, [(116, top + 3, 400, top + 63) for top in tops])
    assert words(found.figures) == ["40 30 20 10"] * 3


def test_labels_do_not_lead_away_from_their_chart() -> None:
    chain = lines(["件数", "婚姻", "出産", "人口"], 100, 310, 6, 11)
    assert gather([*FALL, *chain]).lines == tuple(chain[3:])


def test_a_frame_within_the_plot_is_a_label() -> None:
    note = Frame((line("最高は1972年", 202, 222, 6),), line("", 200, 220, 12, right=260).box)
    found = gather(FALL, frames=[note])
    assert (found.frames, words(found.figures)) == ((), ["40 30 20 10 0 最高は1972年"])


def test_a_letter_that_stands_in_the_row_of_a_number_belongs_to_its_stack() -> None:
    # As a row is read: the gap between "20" and 件 was no wider than a space.
    both = line("20 件", 403, 250, 6, right=424)
    right = [line(word, 403, top, 6) for word, top in (("40", 200), ("30", 225), ("10", 275),
                                                       ("0", 300))]  # fmt: skip
    stack = [line(letter, 418, top, 6) for letter, top in (("婚", 232), ("姻", 241), ("数", 259))]
    assert words(gather([*right, both, *stack]).figures) == ["40 30 20 10 0 婚姻件数"]
    assert gather([both, *stack]).lines == (both, *stack)


def test_running_text_in_the_box_means_it_is_no_chart() -> None:
    text = lines(["婚姻の件数は毎年減っており、対策を急ぐ必要がある"], 120, 240, 10)
    assert gather([*FALL, *text]).figures == ()


def test_a_grid_of_lines_behind_the_plot_is_no_table() -> None:
    plot = table([["72.9"], ["65.1"]], edges=(116.0, 400.0), top=220, size=6)
    found = gather_figures(FALL, [plot], (), [PLOT])
    assert (found.tables, words(found.figures)) == ((), ["40 30 20 10 0 72.9 65.1"])


def test_a_table_beside_a_chart_stays() -> None:
    beside = table([["年", "件数"], ["2020", "525"]], edges=(116.0, 300.0, 400.0), top=400)
    assert gather_figures(FALL, [beside], (), [PLOT]).tables == (beside,)


def test_a_frame_around_a_chart_is_parted_above_and_below_it() -> None:
    title, source = line("図1　婚姻件数", 100, 170, 10), line("資料：厚生労働省", 100, 330, 8)
    around = Frame((title, *FALL, source), line("", 80, 160, 200, right=420).box)
    found = gather([], frames=[around])
    assert [[row.text for row in frame.lines] for frame in found.frames] == [
        ["図1　婚姻件数"], ["資料：厚生労働省"],
    ]  # fmt: skip
    assert words(found.figures) == ["40 30 20 10 0"]


def test_panels_one_above_the_other_are_no_table() -> None:
    panels = table([["図1　婚姻件数"], ["40\n30\n20\n10\n0"], ["資料：厚生労働省"]], top=100)
    rows = [each for cell in panels.cells for block in cell.blocks for each in block.lines]
    shift = {row.text: at for row, at in zip(rows[1:6], FALL, strict=True)}
    cells = tuple(
        cell if cell.row != 1 else type(cell)(
            1, 0, tuple(TextBlock(word, (at,)) for word, at in shift.items()), box=cell.box
        )
        for cell in panels.cells
    )  # fmt: skip
    moved = type(panels)(cells, 3, 1, panels.box)
    found = gather_figures((), [moved], (), [PLOT])
    assert (found.tables, words(found.figures)) == ((), ["40 30 20 10 0"])
    assert len(found.frames) == 2


def test_an_axis_that_stands_in_two_frames_stands_once() -> None:
    frames = [
        Frame(tuple(FALL[:2]), line("", 90, 195, 40, right=112).box),
        Frame((*FALL[2:], line("資料：厚生労働省", 100, 330, 8)), line("", 90, 245, 95).box),
    ]
    found = gather([], frames=frames)
    assert words(found.figures) == ["40 30 20 10 0"]
    assert [[row.text for row in frame.lines] for frame in found.frames] == [["資料：厚生労働省"]]


def test_a_letter_under_ruby_stays_with_its_number() -> None:
    read = replace(line("20 件", 403, 250, 6, right=424), ruby=((3, 4, "けん"),))
    stack = [line(letter, 418, top, 6) for letter, top in (("婚", 232), ("姻", 241), ("数", 259))]
    shown = [row for each in gather([*FALL, read, *stack]).figures for row in each.lines]
    assert [row.text for row in shown if row.ruby] == ["20 件"]


def test_nothing_is_lost_or_doubled() -> None:
    everything = [*FALL, *YEARS, *NAME, *PROSE, *(row for _, row in OUTSIDE)]
    found = gather(everything)
    shown = [row.text for row in found.lines] + words(found.figures)
    assert Counter("".join("".join(shown).split())) == Counter(
        "".join("".join(row.text for row in everything).split())
    )


def test_the_rules_of_a_chart_part_no_footnotes() -> None:
    sheet = Sheets()
    for at in range(12):
        sheet.text(72, 72 + at * 18, "婚姻の件数は毎年減っており、対策を急ぐ必要がある。" * 2, 9.5)
    for at in range(5):
        sheet.text(110, 497 + at * 25, str(40 - 10 * at).rjust(2), 6)
        sheet.rule(120, 500 + at * 25, 320, 500 + at * 25)
    sheet.rule(120, 500, 120, 600)
    sheet.text(72, 640, "資料：厚生労働省「人口動態統計」", 8)
    (page,) = read_pdf(sheet.bytes()).pages
    roles = {block.text: block.role for block in page.blocks if isinstance(block, TextBlock)}
    assert roles["資料：厚生労働省「人口動態統計」"] == ""
    labels = "\u3000".join(["40", "30", "20", "10", "0"])
    assert [text for text, role in roles.items() if role == "caption"] == [labels]
    assert len(texts(page.blocks)) == len(page.blocks)


def test_a_ruled_table_with_falling_numbers_stays_a_table() -> None:
    sheet = Sheets()
    xs, ys = [100, 160, 260, 400], [200 + 25 * at for at in range(6)]
    sheet.grid(xs, ys)
    for at in range(5):
        sheet.text(120, 206 + 25 * at, str(40 - 10 * at))
        sheet.text(170, 206 + 25 * at, "実施した件数")
    (page,) = read_pdf(sheet.bytes()).pages
    assert [type(block).__name__ for block in page.blocks] == ["TableBlock"]
