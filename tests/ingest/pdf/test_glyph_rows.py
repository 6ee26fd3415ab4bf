"""Rows are found by their height: the look-up gives what a comparison with every row gives."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.pdf.glyphs import glyph_rows as rows_of
from shisaku.ingest.pdf.glyphs.glyph import Glyph, make_glyph
from shisaku.ingest.pdf.glyphs.glyph_rows import Row

# Heights that are equal, evenly apart (a blank in between has two nearest rows), or odd.
MIDDLES = st.one_of(st.sampled_from([10.0, 12.0, 14.0, 20.0, 30.0]), st.floats(0.0, 60.0))
SIZES = st.sampled_from([0.0, 4.0, 6.0, 10.0, 14.0, 72.0])


def glyph(x0: float, middle: float, size: float = 10.0, text: str = "字") -> Glyph:
    return make_glyph(text, x0, middle - size / 2, x0 + size, middle + size / 2, size, "M")


def plainly_blanked(rows: list[Row], blanks: list[Glyph]) -> None:
    ordered = sorted(rows, key=lambda row: row.middle)
    for blank in blanks:
        best = min(ordered, key=lambda row: abs(row.middle - blank.middle))
        if abs(best.middle - blank.middle) <= 0.4 * best.size:
            best.glyphs.append(blank)


@given(st.lists(st.tuples(MIDDLES, SIZES), min_size=1), st.lists(MIDDLES))
def test_a_blank_goes_to_the_row_nearest_to_it(
    heights: list[tuple[float, float]], places: list[float]
) -> None:
    quick = [Row([], middle, size) for middle, size in heights]
    plain = [Row([], middle, size) for middle, size in heights]
    blanks = [glyph(at, middle, text=" ") for at, middle in enumerate(places)]
    rows_of._add_blanks(quick, blanks)
    plainly_blanked(plain, blanks)
    assert quick == plain


@given(
    st.lists(st.tuples(st.floats(0.0, 60.0), MIDDLES, SIZES), max_size=20),
    st.lists(st.tuples(st.floats(0.0, 60.0), MIDDLES, st.sampled_from([4.0, 6.0])), max_size=20),
)
def test_a_small_glyph_goes_to_the_first_row_that_it_stands_beside(
    large: list[tuple[float, float, float]], small: list[tuple[float, float, float]]
) -> None:
    drawn = sorted((glyph(*each) for each in large), key=lambda each: each.middle)
    quick = [Row([each], each.middle, each.size) for each in drawn]
    plain = [Row([each], each.middle, each.size) for each in drawn]
    signs = [glyph(*each) for each in small]
    loose = rows_of._take_small(quick, signs)
    left: list[Glyph] = []
    for sign in signs:
        home = rows_of._row_beside(plain, sign)
        (left if home is None else home.glyphs).append(sign)
    assert quick == plain
    assert [id(each) for each in loose] == [id(each) for each in left]


@given(st.lists(st.tuples(st.floats(0.0, 60.0), MIDDLES, SIZES), min_size=1, max_size=30))
def test_each_glyph_is_in_one_row_near_its_height(
    drawn: list[tuple[float, float, float]],
) -> None:
    glyphs = [glyph(*each) for each in drawn]
    ordered = sorted(glyphs, key=lambda each: (each.middle, each.x0))
    levels = rows_of._levels(glyphs)
    assert [id(each) for level in levels for each in level] == [id(each) for each in ordered]
    rows: list[Row] = []
    for level in levels:
        rows_of._add(rows, level)
    assert Counter(id(each) for row in rows for each in row.glyphs) == Counter(map(id, glyphs))
    for row in rows:
        # What joins is within 0.4 of the size of a row that may then move by as much again.
        reach = 0.8 * max(each.size for each in row.glyphs)
        assert all(abs(each.middle - row.middle) <= reach + 1e-9 for each in row.glyphs)


def test_a_raised_sign_that_comes_first_sets_no_height() -> None:
    raised = glyph(60.0, 100.0, 10.0)
    level = [glyph(10.0 * at, 103.5, 10.0) for at in range(6)]
    lowered = glyph(70.0, 106.5, 10.0)
    rows: list[Row] = []
    for part in rows_of._levels([raised, *level, lowered]):
        rows_of._add(rows, part)
    assert len(rows) == 1
