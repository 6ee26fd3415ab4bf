"""What is looked up by place, beside a comparison with everything: they give the same."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.model import Box, Line
from shisaku.ingest.pdf import assembly
from shisaku.ingest.pdf.glyphs.glyph import Glyph, make_glyph
from shisaku.ingest.pdf.layout import columns, edges
from shisaku.ingest.pdf.tables import cells
from shisaku.ingest.pdf.tables import grids as tables
from shisaku.ingest.pdf.tables.grids import Grid, GridCell
from shisaku.ingest.text.joining import is_wide

# Few places, so that many lines begin, end and stand together, some just within reach.
PLACES = st.sampled_from([0.0, 2.6, 3.0, 10.0, 12.0, 40.0, 40.4, 41.0, 70.5, 71.0, 71.5, 100.0])
LENGTHS = st.sampled_from([5.0, 29.0, 30.0, 31.0, 59.6, 60.0, 61.0, 95.0, 130.0])


@st.composite
def some_lines(draw: st.DrawFn) -> list[Line]:
    drawn = draw(st.lists(st.tuples(PLACES, PLACES, LENGTHS), min_size=6, max_size=16))
    return [
        Line("・漢字", Box(1, x0, top, x0 + width, top + 10.0), 10.0) for x0, top, width in drawn
    ]


@given(some_lines())
def test_the_best_gutter_of_all_places(lines: list[Line]) -> None:
    best: columns._Gutter | None = None
    for end in sorted({round(line.box.x1, 1) for line in lines}):
        x = end + 0.1
        before = [line.box.x1 for line in lines if line.box.x1 <= x]
        after = [line.box.x0 for line in lines if line.box.x0 >= x]
        wide = (
            len(before) >= 3
            and len(after) >= 3
            and (min(after) - max(before) >= columns._LEAST_GUTTER * 10.0)
        )
        gutter = columns._try_gutter(lines, x, 10.0) if wide else None
        if gutter is not None and (best is None or gutter.score > best.score):
            best = gutter
    assert columns._find_gutter(lines) == best


# Lines of a column that end nearly flush, and tabs that begin about there.
ENDS = st.sampled_from([(0.0, 70.0), (0.0, 70.4), (5.0, 71.0), (70.2, 90.0), (70.9, 92.0)])


@given(st.lists(ENDS, min_size=4, max_size=12))
def test_the_edge_beyond_which_only_tabs_stand(drawn: list[tuple[float, float]]) -> None:
    lines = [Line("漢字", Box(1, x0, 0.0, x1, 10.0), 10.0) for x0, x1 in drawn]
    ends = sorted((line.box.x1 for line in lines), reverse=True)
    wanted = ends[0]
    for at, end in enumerate(ends):
        beyond = [line for line in lines if line.box.x1 > end + 0.5]
        if at > 0.25 * len(lines):
            break
        if beyond and all(line.box.x0 > end for line in beyond):
            wanted = end
            break
    assert assembly._text_edge(lines, 90.0) == wanted


HEIGHTS = st.sampled_from([0.0, 0.4, 2.9, 3.0, 3.3, 5.9, 6.0, 9.1])


@given(
    st.lists(st.tuples(PLACES, HEIGHTS, LENGTHS), max_size=4), st.tuples(PLACES, HEIGHTS, LENGTHS)
)
def test_the_rules_at_a_height(
    drawn: list[tuple[float, float, float]], asked: tuple[float, float, float]
) -> None:
    edges = [{"x0": x0, "x1": x0 + width, "top": top} for x0, top, width in drawn]
    x0, y, width = asked
    x1 = x0 + width
    assert tables._Levels(edges).has(y, x0, x1) == any(
        abs(edge["top"] - y) <= 3 and edge["x0"] < x1 - 3 and edge["x1"] > x0 + 3 for edge in edges
    )


@given(
    st.lists(st.floats(0.0, 100.0), min_size=2, max_size=6, unique=True),
    st.lists(st.tuples(st.floats(-5.0, 105.0), st.floats(-5.0, 105.0)), max_size=20),
    st.data(),
)
def test_the_cell_of_a_glyph(
    places: list[float], centres: list[tuple[float, float]], data: st.DataObject
) -> None:
    places = sorted(places)
    made = tuple(
        GridCell(row, column, 1, 1, (x0, y0, x1, y1))
        for row, (y0, y1) in enumerate(pairwise(places))
        for column, (x0, x1) in enumerate(pairwise(places))
    )
    made = tuple(cell for cell in made if data.draw(st.booleans()) or cell is made[0])
    grid = Grid(made, tuple(places), tuple(places))
    corners = [(x, y) for x in places for y in places]
    drawn = [make_glyph("字", x, y, x, y, 10.0, "M") for x, y in [*centres, *corners]]
    wanted: dict[int, list[Glyph]] = {}
    left = []
    for glyph in drawn:
        x, y = glyph.centre, glyph.middle
        row = next((at for at in range(len(places) - 1) if y <= places[at + 1]), 0)
        home = next(
            (
                at
                for at, cell in enumerate(made)
                if cell.row == row
                and cell.rect[0] - 1 <= x <= cell.rect[2] + 1
                and cell.rect[1] - 1 <= y <= cell.rect[3] + 1
            ),
            None,
        )
        on_grid = places[0] <= x <= places[-1] and places[0] <= y <= places[-1]
        if home is None or not on_grid:
            left.append(glyph)
        else:
            wanted.setdefault(home, []).append(glyph)
    assert cells._divide(drawn, grid) == (wanted, left)


@given(
    st.text("漢字a。", min_size=7, max_size=10),
    st.floats(60.0, 180.0),
    st.floats(-5.0, 60.0),
    st.text("「漢a1。", max_size=4),
)
def test_a_full_line_whatever_its_spacing(text: str, width: float, left: float, head: str) -> None:
    line, right = Line(text, Box(1, 0.0, 0.0, width, 10.0), 10.0), width + left
    match = edges._UNBREAKABLE.match(head)
    piece = match.group() if match else "「あ。"
    wide = sum(1.0 if is_wide(char) else 0.55 for char in piece[:30])
    room = (max(wide, 1.0) + 0.35) * line.size * edges._spacing(line)
    assert edges.is_full(line, right, head) == (right - width <= room)
