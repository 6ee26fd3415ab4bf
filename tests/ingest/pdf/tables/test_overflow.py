"""Text wider than its cell: the run stays whole, and goes to one cell."""

from itertools import pairwise

import pytest

from shisaku.ingest.pdf.glyphs.glyph import Glyph, make_glyph
from shisaku.ingest.pdf.tables.cells import read_tables
from shisaku.ingest.pdf.tables.overflow import overflowing
from shisaku.ingest.pdf.tables.ruling import Edge

SIZE = 10.0
COLUMNS = [50.0, 90.0, 190.0, 260.0]
TOP, BOTTOM = 100.0, 120.0


def run(text: str, x0: float, pace: float = SIZE) -> list[Glyph]:
    """Return glyphs of 10 points that begin `pace` points apart."""
    return [
        make_glyph(char, x0 + pace * at, 105, x0 + pace * at + SIZE, 115, SIZE, "Mincho")
        for at, char in enumerate(text)
    ]


def centred(text: str, column: int) -> list[Glyph]:
    middle = (COLUMNS[column] + COLUMNS[column + 1]) / 2
    return run(text, middle - SIZE * len(text) / 2)


def rules(columns: list[float]) -> list[Edge]:
    level = [
        {"x0": columns[0], "x1": columns[-1], "top": y, "bottom": y, "orientation": "h"}
        for y in (TOP, BOTTOM)
    ]
    upright = [
        {"x0": x, "x1": x, "top": TOP, "bottom": BOTTOM, "orientation": "v"} for x in columns
    ]
    return level + upright


def cells(glyphs: list[Glyph], columns: list[float] = COLUMNS) -> list[str]:
    (table,) = read_tables(glyphs, rules(columns), 1, 595, 842).tables
    return ["".join(block.text for block in cell.blocks) for cell in table.cells]


NAME = "社会福祉法人相談支援センター"


@pytest.mark.parametrize(
    ("what", "glyphs", "expected"),
    [
        ("centred", [*centred("17", 0), *centred(NAME, 1), *run("札幌市", 224)],
         ["17", NAME, "札幌市"]),
        ("painted first", [*centred(NAME, 1), *centred("17", 0), *run("札幌市", 224)],
         ["17", NAME, "札幌市"]),
        ("from the left, over an empty cell", [*centred("17", 0), *run(NAME, 92)],
         ["17", NAME, ""]),
        ("up to the right", [*run("相談の窓口の一覧", 258 - 80), *centred("17", 0)],
         ["17", "", "相談の窓口の一覧"]),
        ("flush with a cell that has a text of its own",
         [*run("17", 55), *run("社会福祉法人相談支援センター", 52)],
         ["17", NAME, ""]),
        ("within its cell", [*centred("17", 0), *centred("相談支援", 1)], ["17", "相談支援", ""]),
        ("parted by a space", run("窓口　の一覧", 60), ["窓口", "の一覧", ""]),
    ],
)  # fmt: skip
def test_the_cell_of_a_run(what: str, glyphs: list[Glyph], expected: list[str]) -> None:
    assert cells(glyphs) == expected


RECTS = [(x0, TOP, x1, BOTTOM) for x0, x1 in pairwise(COLUMNS)]


def homes(glyphs: list[Glyph], rects: list[tuple[float, float, float, float]]) -> set[int]:
    """Return the cells of the glyphs that belong to runs over a rule."""

    def place(glyph: Glyph) -> int | None:
        places = enumerate(rects)
        return next((at for at, rect in places if rect[0] <= glyph.centre < rect[2]), None)

    return set(overflowing(glyphs, [place(glyph) for glyph in glyphs], rects).values())


@pytest.mark.parametrize(("gap", "found"), [(2.5, {1}), (2.6, set())])
def test_glyphs_of_a_run_stand_close(gap: float, found: set[int]) -> None:
    assert homes(run("相談支援センターの一覧", 75, SIZE + gap), RECTS) == found


@pytest.mark.parametrize(("width", "found"), [(30.0, {0}), (29.0, set())])
def test_boxes_for_single_signs_keep_them(width: float, found: set[int]) -> None:
    rects = [(50 + width * at, TOP, 50 + width * (at + 1), BOTTOM) for at in range(6)]
    assert homes(run("二千二十六年十一月", 52), rects) == found


@pytest.mark.parametrize(("away", "home"), [(5.0, 0), (5.1, 1)])
def test_a_run_begins_at_the_side_of_its_cell(away: float, home: int) -> None:
    assert homes(run("相談支援センター", 50 + away), RECTS) == {home}
