"""Tables with level rules alone, and strokes that rule none."""

import pytest

from shisaku.ingest.model import Line
from shisaku.ingest.pdf.tables.level_rules import take_level
from tests.support.setting import line, rows_of, rule

X0, X1 = 72.0, 520.0
HEAD = [line("番号", 76, 104), line("施策", 140, 104), line("担当", 300, 104)]
BODY = [
    line("１", 76, 128), line("窓口", 140, 128), line("警察庁", 300, 128),
    line("２", 76, 148), line("研修", 140, 148), line("法務省", 300, 148),
]  # fmt: skip


def rules(*tops: float, x1: float = X1) -> list[dict[str, object]]:
    return [rule(X0, top, x1, top) for top in tops]


def test_three_rules_of_one_width_are_a_table() -> None:
    outside = line("施策の一覧", 72, 80)
    rest, tables = take_level([outside, *HEAD, *BODY], rules(100, 120, 170), 1)
    assert rest == [outside]
    assert rows_of(tables[0])[0] == ["番号", "施策", "担当"]
    assert all(cell.header is (cell.row == 0) for cell in tables[0].cells)


def test_each_band_between_rules_is_a_row() -> None:
    _, tables = take_level([*HEAD, *BODY], rules(100, 120, 142, 170), 1)
    assert rows_of(tables[0]) == [
        ["番号", "施策", "担当"], ["１", "窓口", "警察庁"], ["２", "研修", "法務省"],
    ]  # fmt: skip


# What stands between rules and is no table.
NO_TABLES: list[tuple[str, list[Line], list[dict[str, object]]]] = [
    ("two rules", [*HEAD, *BODY], rules(100, 170)),
    ("rules of several widths", [*HEAD, *BODY], [*rules(100, 120), *rules(170, x1=X1 - 20)]),
    ("headings between strokes", [line("目標１", 76, 104), line("取組を進めた。", 76, 128)],
     rules(100, 120, 170)),
    ("columns of text", [line("警察は窓口を設けた。", 76, 104), line("法務省も設けた。", 300, 104),
                         *BODY], rules(100, 120, 170)),
    ("an empty band under the head", [*HEAD], rules(100, 120, 170)),
    ("two names for three columns and more", [HEAD[0], *BODY], rules(100, 120, 170)),
]  # fmt: skip


@pytest.mark.parametrize(("what", "items", "drawn"), NO_TABLES, ids=[case[0] for case in NO_TABLES])
def test_what_is_no_table(what: str, items: list[Line], drawn: list[dict[str, object]]) -> None:
    rest, tables = take_level(items, drawn, 1)
    assert not tables
    assert rest == items


@pytest.mark.parametrize(("white", "columns"), [(7.0, 2), (9.0, 3)])
def test_white_between_columns_is_nearly_an_em(white: float, columns: int) -> None:
    texts = (("番号", "施策", "担当"), ("一二", "窓口", "省庁"))
    items = [
        line(text, x, 104 + 24 * row)
        for row, cells in enumerate(texts)
        for text, x in zip(cells, (76, 96 + white, 300), strict=True)
    ]
    _, tables = take_level(items, rules(100, 120, 170), 1)
    assert tables[0].columns == columns
