"""Rows that no rule parts: by white across all columns, by items in comparisons of wordings."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from shisaku.ingest.model import Box, Cell, TableBlock, TextBlock
from shisaku.ingest.structure.tables.comparison import find_comparison, side_of
from shisaku.ingest.structure.tables.grid import view
from shisaku.ingest.structure.tables.row_splits import split_rows
from tests.support.setting import document, line, of_type, rows_of, table

Column = Sequence[tuple[float, str]]
"""Paragraphs of a cell by their distance from the top; a line feed begins a line, 14 points on."""


def paragraph(x: float, top: float, text: str, page: int = 1) -> TextBlock:
    rows = tuple(
        line(part, x, top + 14 * at, page=page) for at, part in enumerate(text.split("\n"))
    )
    return TextBlock(text.replace("\n", ""), rows)


def tall(*columns: Column, head: Sequence[str] = ()) -> TableBlock:
    """Set a table with one row under `head`, a column every 150 points."""
    edges = tuple(72.0 + 150 * at for at in range(len(columns) + 1))
    cells = [
        Cell(
            0, at, (paragraph(edges[at], 100, name),), box=Box(1, edges[at], 98, edges[at + 1], 116)
        )
        for at, name in enumerate(head)
    ]
    row = len(cells) and 1
    cells += [
        Cell(row, at, tuple(paragraph(edges[at], top, text) for top, text in column),
             box=Box(1, edges[at], 116, edges[at + 1], 700))
        for at, column in enumerate(columns)
    ]  # fmt: skip
    box = Box(1, edges[0], 98, edges[-1], 700)
    return TableBlock(tuple(cells), row + 1, len(columns), box, edges)


HEAD = ("施策名", "担当", "実施状況")


def test_white_across_all_columns_parts_rows() -> None:
    made = split_rows(tall(
        [(120, "①査証の審査"), (150, "②入国の審査"), (194, "③取締り")],
        [(120, "外務省"), (150, "法務省"), (194, "警察庁")],
        [(120, "審査を行った。"), (150, "指紋の認証を\n導入した。"), (194, "取り締まった。")],
        head=HEAD,
    ))  # fmt: skip
    assert rows_of(made) == [
        [*HEAD],
        ["①査証の審査", "外務省", "審査を行った。"],
        ["②入国の審査", "法務省", "指紋の認証を導入した。"],
        ["③取締り", "警察庁", "取り締まった。"],
    ]


@pytest.mark.parametrize(("pitch", "parted"), [(19.5, True), (18.5, False)])
def test_rows_of_one_line_stand_nearly_an_em_apart(pitch: float, parted: bool) -> None:
    columns = [[(120 + pitch * at, f"{name}{at}") for at in range(4)] for name in ("施策", "省")]
    made = split_rows(tall(*columns, head=("施策名", "担当")))
    assert made.rows == (5 if parted else 2)


# What stays one row.
WHOLE: list[tuple[str, TableBlock]] = [
    ("paragraphs at one height by chance", tall(
        [(120, "窓口の設置"), (134, "研修の実施")], [(120, "窓口を設けた。"), (134, "続ける。")],
        head=HEAD[:2],
    )),
    ("one label beside two paragraphs", tall(
        [(120, "窓口の設置")], [(120, "窓口を設けた。"), (160, "研修を行った。")], head=HEAD[:2],
    )),
    ("rules part its rows", table([[*HEAD], *([f"策{at}", "外務省", "済み"] for at in range(4))])),
    ("no place on a page", replace(tall([(1, "一"), (40, "二")], [(1, "三"), (40, "四")]),
                                   box=Box(1, 0, 0, 0, 0))),
]  # fmt: skip


@pytest.mark.parametrize(("what", "made"), WHOLE, ids=[case[0] for case in WHOLE])
def test_what_stays_one_row(what: str, made: TableBlock) -> None:
    assert split_rows(made) == made


NEW: Column = [
    (120, "第１章　開館"),
    (134, "第１条　午後八時まで開く。"),
    (148, "第２条　祝日は休む。"),
]
OLD: Column = [(120, "第１章　開館"), (134, "第１条　午後五時まで開く。"), (148, "（新設）")]


def test_a_comparison_falls_into_its_items() -> None:
    made = split_rows(tall(NEW, OLD, head=("改　正　後", "改　正　前")))
    assert rows_of(made)[1:] == [
        ["第１章　開館", "第１章　開館"],
        ["第１条　午後八時まで開く。", "第１条　午後五時まで開く。"],
        ["第２条　祝日は休む。", "（新設）"],
    ]


def test_an_item_that_goes_on_beside_the_next_is_not_cut() -> None:
    new: Column = [(120, "第１条　午後八時\nまで開く。"), (148, "第２条　休む。")]
    old: Column = [(120, "第１条　五時。"), (134, "第２条　休む。")]
    made = split_rows(tall(new, old, head=("改正案", "現行")))
    assert len(rows_of(made)) == 3
    assert rows_of(made)[1][1] == "第１条　五時。\n第２条　休む。"


def test_names_over_the_items_of_one_tall_row_are_its_head() -> None:
    new: Column = [(100, "改正案"), *NEW]
    old: Column = [(100, "現行"), *OLD]
    made = split_rows(tall(old, new))
    assert rows_of(made)[0] == ["現行", "改正案"]
    assert len(rows_of(made)) == 4


@pytest.mark.parametrize(("shared", "parted"), [(4, True), (3, False)])
def test_columns_that_say_the_same_are_a_comparison_without_its_head(
    shared: int, parted: bool
) -> None:
    new = [(120 + 14.0 * at, f"{at}　開館は午後八時まで") for at in range(shared)]
    old = [(120 + 14.0 * at, f"{at}　開館は午後五時まで") for at in range(shared)]
    assert (split_rows(tall(new, old)).rows > 1) is parted


def test_old_wording_stands_under_its_column_and_in_no_path() -> None:
    new, old = ([(120.0, f"１　{name}"), (134.0, f"イ　{points}"), (148.0, f"ロ　{points}")]
                for name, points in (("入院料", "九百点"), ("旧入院料", "八百点")))  # fmt: skip
    made = document([tall(new, old, head=("改正後", "改正前"))])
    rows = of_type(made, "row")
    assert rows[2].text == "イ　九百点 | イ　八百点"
    assert [(cell.column, cell.text) for cell in rows[2].cells or ()] == [
        ("改正後", "イ　九百点"), ("改正前", "イ　八百点"),
    ]  # fmt: skip
    assert not any("旧" in part for row in rows for part in row.path)


def test_items_of_the_new_wording_head_what_is_set_further_in() -> None:
    inner = replace(tall([], []), cells=tuple(
        Cell(row, column, (paragraph(x + 150 * column, 100 + 14 * row, text),))
        for row, (x, texts) in enumerate([
            (72, ("改正後", "改正前")), (72, ("②特殊型", "②普通型")),
            (92, ("ア　加湿する。", "ア　加温する。")), (72, ("③接続用", "③接続用")),
            (120, ("第２節　検査料", "第２節　検査料")), (72, ("①血液", "①血液")),
        ])
        for column, text in enumerate(texts)
    ), rows=6)  # fmt: skip
    rows = of_type(document([inner]), "row")
    # A section is centred: its rank tells, not its indent.
    assert [row.path for row in rows[1:]] == [
        (), ("②特殊型",), (), (), ("第２節　検査料",),
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "side"), [
    ("改　正　後", "new"), ("（新）", "new"), ("改正案", "new"), ("現　行", "old"), ("旧", "old"),
    ("改正前", "old"), ("新設", ""), ("備考", ""), ("新年度", ""),
])  # fmt: skip
def test_what_the_columns_of_a_comparison_are_called(name: str, side: str) -> None:
    assert side_of(name) == side


def test_a_comparison_has_both_columns() -> None:
    assert find_comparison(view(table([["新", "旧"], ["あ", "い"]]))) is not None
    assert find_comparison(view(table([["新", "備考"], ["あ", "い"]]))) is None
