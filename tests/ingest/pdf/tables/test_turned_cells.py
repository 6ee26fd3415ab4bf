"""Words of a table that run in another direction than the page."""

import pytest

from shisaku.ingest.model import Line
from shisaku.ingest.pdf.tables.turned_cells import fill_turned
from tests.support.setting import line, rows_of, table

EDGES = (72.0, 172.0, 272.0)
ROWS = [["", ""], ["第１条", "第１条"]]


def letters(text: str, x: float, top: float, *, down: bool = False) -> list[Line]:
    """Set letters one by one, given in an order that is not that of reading."""
    step = (0.0, 6.0) if down else (12.0, 0.0)
    placed = [line(char, x + step[0] * at, top + step[1] * at, 6) for at, char in enumerate(text)]
    return placed[::-1]


def test_letters_turned_on_their_side_name_the_columns() -> None:
    aside = [*letters("改正後", 80, 106), *letters("改正前", 180, 106)]
    tables, rest = fill_turned([table(ROWS, edges=EDGES)], aside)
    assert rows_of(tables[0])[0] == ["改正後", "改正前"]
    assert not rest


def test_a_label_set_down_the_side_of_its_rows_is_their_cell() -> None:
    made = table([["", "窓口"], ["^", "研修"]], edges=EDGES)
    tables, rest = fill_turned([made], letters("警察庁", 80, 106, down=True))
    assert rows_of(tables[0]) == [["警察庁", "窓口"], ["^", "研修"]]
    assert not rest


def test_lines_that_run_down_follow_from_right_to_left() -> None:
    aside = [line("実施", 80, 104, 6), line("取組の", 120, 104, 6)]
    tables, _ = fill_turned([table(ROWS, edges=EDGES)], aside)
    assert rows_of(tables[0])[0][0] == "取組の実施"


@pytest.mark.parametrize(("own", "shown"), [("（　）", "（傍線部）"), ("あり", "あり")])
def test_only_brackets_stand_around_turned_words(own: str, shown: str) -> None:
    tables, rest = fill_turned([table([[own, ""], ["あ", "い"]], edges=EDGES)],
                               letters("傍線部", 80, 106))  # fmt: skip
    assert rows_of(tables[0])[0][0] == shown
    assert bool(rest) is (shown == own)


def test_what_stands_outside_stays_aside() -> None:
    aside = letters("別添", 500, 106)
    tables, rest = fill_turned([table(ROWS, edges=EDGES)], aside)
    assert rest == aside
    assert rows_of(tables[0]) == ROWS
