"""Characters that rule a table (U+2500 to U+257F) as edges, and those that are dashes."""

import pytest

from shisaku.ingest.pdf.glyphs.glyph import Glyph, make_glyph
from shisaku.ingest.pdf.tables.box_drawing import arms_of, take_rules
from shisaku.ingest.pdf.tables.cells import read_tables

SIZE = 10.0

TABLE = """\
┏━━━━━━━━━━━┓
┃施策の一覧　　　　　　┃
┠────┬──────┨
┃窓口　　│警察庁　　　┃
┃　　　　│法務省　　　┃
┠────┼──────┨
┃研修　　│外務省　　　┃
┗━━━━┷━━━━━━┛"""


def set_out(text: str, pitch: float = 1.0, pace: float = 1.0) -> list[Glyph]:
    """Return the glyphs of lines of full-width characters of 10 points, 10 points apart or so."""
    return [
        make_glyph(char, x := 50 + SIZE * pace * column, y := 50 + SIZE * pitch * row,
                   x + SIZE, y + SIZE, SIZE, "Mincho")
        for row, line in enumerate(text.splitlines())
        for column, char in enumerate(line)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("char", "arms"),
    [
        ("─", "lr"), ("┃", "ud"), ("┏", "rd"), ("┨", "lud"), ("┬", "lrd"), ("┷", "lru"),
        ("╋", "lrud"),
        ("╭", "rd"), ("╬", "lrud"), ("┄", "lr"), ("╸", "l"), ("╱", ""), ("╳", ""),
        ("ー", ""), ("―", ""), ("│x", ""), ("", ""), ("▀", ""),
    ],
)  # fmt: skip
def test_the_arms_of_a_character(char: str, arms: str) -> None:
    assert arms_of(char) == frozenset(arms)


def test_a_table_of_characters_is_edges_between_their_middles() -> None:
    rest, edges = take_rules(set_out(TABLE))
    assert not any(arms_of(glyph.text) for glyph in rest)
    level = sorted((e["top"], e["x0"], e["x1"]) for e in edges if e["orientation"] == "h")
    upright = sorted((e["x0"], e["top"], e["bottom"]) for e in edges if e["orientation"] == "v")
    assert level == [(55, 55, 175), (75, 55, 175), (105, 55, 175), (125, 55, 175)]
    assert upright == [(55, 55, 125), (105, 75, 125), (175, 55, 125)]


@pytest.mark.parametrize(("pitch", "edges"), [(2.5, 3), (2.6, 0)])
def test_rows_up_to_two_and_a_half_lines_apart(pitch: float, edges: int) -> None:
    found = take_rules(set_out(TABLE, pitch))[1]
    assert sum(e["orientation"] == "v" for e in found) == edges


@pytest.mark.parametrize(("pace", "edges"), [(1.6, 4), (1.7, 0)])
def test_characters_up_to_so_far_apart(pace: float, edges: int) -> None:
    found = take_rules(set_out(TABLE, pace=pace))[1]
    assert sum(e["orientation"] == "h" for e in found) == edges


@pytest.mark.parametrize(
    "text",
    [
        "施策──窓口を含む──を進める。\n期間は───次年度までとする。",
        "一覧\n━━━━━━━━━━\n窓口",
        "┌──┐\n│窓口│\n└──",  # three corners: no box
    ],
)
def test_dashes_of_running_text_stay(text: str) -> None:
    glyphs = set_out(text)
    assert take_rules(glyphs) == (glyphs, [])


def test_four_corners_are_a_box_and_dashes_beside_it_stay() -> None:
    rest, edges = take_rules(set_out("┌──┐\n│窓口│\n└──┘\n\n\n\n前─後"))
    assert "".join(glyph.text for glyph in rest) == "窓口前─後"
    assert len(edges) == 4


def test_arms_that_end_at_the_foot_of_a_page_go_to_the_end_of_the_character() -> None:
    cut = "\n".join(TABLE.splitlines()[2:7])
    upright = [e for e in take_rules(set_out(cut))[1] if e["orientation"] == "v"]
    assert {(e["top"], e["bottom"]) for e in upright} == {(50, 100), (55, 100)}


def test_the_cells_are_those_of_the_table() -> None:
    rest, edges = take_rules(set_out(TABLE))
    taken = read_tables(rest, edges, 1, 595, 842, ())
    (table,) = taken.tables
    cells = ["".join(block.text for block in cell.blocks) for cell in table.cells]
    assert cells == ["施策の一覧", "窓口", "警察庁法務省", "研修", "外務省"]
    assert not taken.rest
