"""Boxes one above the other are no table: paragraph shading, panels, coloured bars, slides."""

from collections.abc import Sequence
from typing import Any

import pytest

from shisaku.ingest.pdf.glyphs.glyph import Glyph
from shisaku.ingest.pdf.tables.boxes import Fill
from shisaku.ingest.pdf.tables.cells import TakenTables, read_tables
from shisaku.ingest.pdf.tables.ruling import Rect, edges_of, is_fill
from tests.support.setting import HEIGHT, WIDTH, glyphs, grid, printed, rows_of

BLUE, GREY, WHITE = (0.8, 0.9, 1.0), (0.9,), (1.0,)


def take(
    words: Sequence[Glyph],
    fills: Sequence[tuple[Rect, Any]],
    rules: Sequence[dict[str, Any]] = (),
) -> TakenTables:
    rects = [
        {
            "x0": x0, "top": top, "x1": x1, "bottom": bottom, "height": bottom - top,
            "fill": True, "stroke": False, "non_stroking_color": color,
        }
        for (x0, top, x1, bottom), color in fills
    ]  # fmt: skip
    edges = [*edges_of({"rect": rects}), *rules]
    grounds = [
        Fill((rect["x0"], rect["top"], rect["x1"], rect["bottom"]), rect["non_stroking_color"])
        for rect in rects
        if is_fill(rect)
    ]
    return read_tables(words, edges, 1, WIDTH, HEIGHT, grounds)


def boxes(taken: TakenTables) -> list[list[str]]:
    frames = sorted(taken.frames, key=lambda frame: frame.box.top)
    return [printed(frame.lines) for frame in frames]


def shading(tops: Sequence[float], color: Any, left: float = 72.0) -> list[tuple[Rect, Any]]:
    return [((left, top, 520.0, top + 18), color) for top in tops]


THREE = [*glyphs("薬物の検挙は前年より増え、", 76, 104), *glyphs("押収の量も増えた。", 76, 122),
         *glyphs("再犯の割合は六割である。", 76, 140)]  # fmt: skip


def test_lines_shaded_one_by_one_are_one_box() -> None:
    taken = take(THREE, shading((100, 118, 136), BLUE))
    assert not taken.tables
    assert boxes(taken) == [
        ["薬物の検挙は前年より増え、", "押収の量も増えた。", "再犯の割合は六割である。"]
    ]


def test_a_bar_of_another_colour_is_a_box_of_its_own() -> None:
    taken = take(THREE, [*shading((100,), GREY), *shading((118, 136), BLUE)])
    assert boxes(taken) == [
        ["薬物の検挙は前年より増え、"], ["押収の量も増えた。", "再犯の割合は六割である。"]
    ]  # fmt: skip


def test_a_rule_parts_boxes_of_one_colour() -> None:
    rules = grid((72.0, 520.0), (100.0, 118.0, 154.0))
    taken = take(THREE, shading((100, 118, 136), BLUE), rules)
    assert [len(box) for box in boxes(taken)] == [1, 2]


def test_the_white_between_bars_is_no_box() -> None:
    # Sides that are missing are added where level rules end together; here nothing is drawn.
    words = [
        *glyphs("目標１", 76, 104),
        *glyphs("教育と広報", 300, 124),
        *glyphs("目標２", 76, 144),
    ]
    taken = take(words, shading((100, 140), BLUE))
    assert not taken.tables
    assert boxes(taken) == [["目標１"], ["目標２"]]
    assert "".join(glyph.text for glyph in taken.rest) == "教育と広報"


@pytest.mark.parametrize(("beside", "is_table"), [(False, False), (True, True)])
def test_fills_side_by_side_are_a_table(beside: bool, is_table: bool) -> None:
    columns = ((72.0, 200.0), (200.0, 520.0)) if beside else ((72.0, 520.0),)
    fills = [
        ((x0, top, x1, top + 18), GREY if top == 100 else WHITE)
        for top in (100, 118, 136)
        for x0, x1 in columns
    ]
    words = [*THREE, *glyphs("欄", 210, 104), *glyphs("欄", 210, 122), *glyphs("欄", 210, 140)]
    assert bool(take(words, fills).tables) is is_table


def test_a_tab_on_a_wide_box_is_a_heading_and_its_text() -> None:
    words = [*glyphs("本書の目的", 80, 104), *glyphs("取組を続ける。", 80, 126)]
    rules = [*grid((72.0, 200.0), (100.0, 120.0)), *grid((72.0, 520.0), (120.0, 160.0))]
    taken = take(words, [], rules)
    assert not taken.tables
    assert boxes(taken) == [["本書の目的"], ["取組を続ける。"]]


@pytest.mark.parametrize(("thickness", "rule"), [(3.5, True), (4.5, False)])
def test_a_fill_as_thin_as_a_border_is_a_rule(thickness: float, rule: bool) -> None:
    sides = edges_of({"rect": [
        {"x0": 72.0, "x1": 520.0, "top": 100.0, "bottom": 100.0 + thickness, "height": thickness,
         "fill": True, "stroke": False},
    ]})  # fmt: skip
    assert any(side.get("fill") for side in sides) is not rule


def test_a_table_in_a_box_stays_a_table() -> None:
    xs, ys = (84.0, 184.0, 284.0), (140.0, 160.0, 180.0)
    words = [*glyphs("参考", 80, 104), *glyphs("年", 87, 144), *glyphs("件", 187, 144),
             *glyphs("二", 87, 164), *glyphs("三", 187, 164)]  # fmt: skip
    taken = take(words, [((72.0, 100.0, 520.0, 260.0), BLUE)], grid(xs, ys))
    assert rows_of(taken.tables[0]) == [["年", "件"], ["二", "三"]]
