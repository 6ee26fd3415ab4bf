"""Columns set off from their table by a gap."""

import pytest

from shisaku.ingest.pdf.glyphs.glyph import Glyph
from shisaku.ingest.pdf.tables.cells import read_tables
from tests.support.setting import HEIGHT, WIDTH, glyphs, grid, rows_of

YS = (100.0, 120.0, 140.0, 160.0, 180.0)
LEFT = [["県", "数", "計"], ["北", "一", "二"], ["東", "三", "四"], ["西", "五", "六"]]
RIGHT = [["確認中"], ["七"], ["八"], ["九"]]


def fill(xs: tuple[float, ...], ys: tuple[float, ...], words: list[list[str]]) -> list[Glyph]:
    return [
        glyph for row, texts in enumerate(words) for column, text in enumerate(texts)
        for glyph in glyphs(text, xs[column] + 3, ys[row] + 4, 10)
    ]  # fmt: skip


def tables(
    xs: tuple[float, ...], right: list[list[str]], ys: tuple[float, ...] = YS
) -> list[list[list[str]]]:
    home = (72.0, 132.0, 192.0, 252.0)
    words = [*fill(home, YS, LEFT), *fill(xs, ys, right)]
    rules = [*grid(home, YS), *grid(xs, ys)]
    return [rows_of(made) for made in read_tables(words, rules, 1, WIDTH, HEIGHT).tables]


@pytest.mark.parametrize(("gap", "joined"), [(8.0, True), (23.0, True), (25.0, False)])
def test_a_column_beside_a_table_is_its_last_one(gap: float, joined: bool) -> None:
    made = tables((252.0 + gap, 322.0), RIGHT)
    wanted = [[*row, *more] for row, more in zip(LEFT, RIGHT, strict=True)]
    assert made == ([wanted] if joined else [LEFT])


def test_other_rows_are_another_table() -> None:
    ys = (100.0, 125.0, 150.0, 165.0, 180.0)
    assert tables((262.0, 322.0), RIGHT, ys) == [LEFT]


def test_a_head_over_two_rows_may_be_one_beside_it() -> None:
    tall = (100.0, 120.0, 140.0, 160.0, 180.0, 200.0, 220.0)
    home, words = (72.0, 132.0, 192.0), [["県", "数"]] * 6
    column = (100.0, 140.0, 160.0, 180.0, 200.0, 220.0)
    made = read_tables(
        [*fill(home, tall, words), *fill((200.0, 250.0), column, [["計"]] * 5)],
        [*grid(home, tall), *grid((200.0, 250.0), column)], 1, WIDTH, HEIGHT,
    ).tables  # fmt: skip
    assert rows_of(made[0])[:3] == [["県", "数", "計"], ["県", "数", "^"], ["県", "数", "計"]]


def test_two_halves_of_a_list_stay_two_tables() -> None:
    home, beside = (72.0, 132.0, 192.0), (202.0, 262.0, 322.0)
    words = [["県", "数"], ["北", "一"], ["東", "二"], ["西", "三"]]
    made = read_tables([*fill(home, YS, words), *fill(beside, YS, words)],
                       [*grid(home, YS), *grid(beside, YS)], 1, WIDTH, HEIGHT).tables  # fmt: skip
    assert [rows_of(each) for each in made] == [words, words]
