"""Boxes side by side are read one by one, each with the line above it."""

import pytest

from shisaku.ingest.model import Box, Line
from shisaku.ingest.pdf.layout.box_rows import find_box_rows
from shisaku.ingest.pdf.layout.columns import read_columns
from shisaku.ingest.pdf.layout.items import Frame, Item
from tests.support.setting import line, lines


def frame(text: str, x0: float, top: float = 120, bottom: float = 160, width: float = 150) -> Frame:
    return Frame((line(text, x0 + 4, top + 4),), Box(1, x0, top, x0 + width, bottom))


def read(items: list[Item]) -> list[str]:
    found = []
    for column in read_columns(items):
        for item in sorted(column.items, key=lambda item: (item.box.top, item.box.x0)):
            found += [item.text] if isinstance(item, Line) else [
                part.text for part in getattr(item, "lines", ())
            ]  # fmt: skip
    return found


HEADS: list[Item] = [
    line("＜教育＞", 110, 104),
    line("＜広報＞", 290, 105),
    line("＜研究＞", 470, 104),
]
BOXES: list[Item] = [frame("教室の充実", 72), frame("海外への広報", 252), frame("効果の検証", 432)]


def test_each_box_follows_the_line_above_it() -> None:
    band = [line("目標１　未然防止", 72, 80)]
    below = [line("目標２　再乱用防止", 72, 180)]
    assert read([*HEADS, *BOXES, *band, *below]) == [
        "目標１　未然防止", "＜教育＞", "教室の充実", "＜広報＞", "海外への広報", "＜研究＞",
        "効果の検証", "目標２　再乱用防止",
    ]  # fmt: skip


@pytest.mark.parametrize(("above", "heads"), [(15.0, True), (17.0, False)])
def test_a_heading_stands_right_above_its_box(above: float, heads: bool) -> None:
    head = line("＜教育＞", 110, 120 - above - 10)
    (row,) = find_box_rows([head, *BOXES])
    assert (head in row.units[0]) is heads


@pytest.mark.parametrize(("shift", "rows"), [(19.0, 1), (21.0, 0)])
def test_boxes_of_a_row_share_half_of_their_height(shift: float, rows: int) -> None:
    items: list[Item] = [frame("教室", 72), frame("広報", 252, 120 + shift, 160 + shift)]
    assert len(find_box_rows(items)) == rows


def test_boxes_between_which_words_stand_are_left_as_they_are() -> None:
    assert not find_box_rows([*BOXES[:1], *BOXES[2:], line("それから", 300, 135)])


def test_boxes_in_columns_of_text_stay_in_their_columns() -> None:
    left, right = (lines(["あ" * 20] * 6, x, 180) for x in (72, 312))
    items: list[Item] = [
        *left,
        *right,
        frame("左の箱", 72, width=200),
        frame("右の箱", 312, width=200),
    ]
    assert read(items) == ["左の箱", *["あ" * 20] * 6, "右の箱", *["あ" * 20] * 6]
