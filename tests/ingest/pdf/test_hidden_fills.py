"""Shading: a piece on a ground of its own colour cannot be seen, so it rules nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.pdf.glyphs import hidden_fills as shading
from shisaku.ingest.pdf.glyphs.hidden_fills import visible_rects

GREEN, WHITE = (0.2, 0.0, 0.3, 0.0), 1.0
BOX = (100.0, 500.0, 100.0, 300.0)


def rect(
    x0: float, x1: float, top: float, bottom: float, color: object = GREEN, *, stroke: bool = False
) -> dict[str, Any]:
    return {
        "x0": x0, "x1": x1, "top": top, "bottom": bottom, "fill": True, "stroke": stroke,
        "non_stroking_color": color,
    }  # fmt: skip


LINES = [rect(110, 490, top, top + 14) for top in (110, 124, 138)]


@pytest.mark.parametrize(
    ("what", "rects", "shown"),
    [
        ("a box and its lines shaded alike", [rect(*BOX), *LINES], 1),
        # Banded rows of a table: no ground beneath them.
        ("lines without a box", LINES, 3),
        ("another colour than the ground's", [rect(*BOX, (0.9,)), *LINES], 4),
        ("white on the paper", [rect(*BOX, WHITE), *LINES], 3),
        ("white on the paper, in RGB", [rect(*BOX, (1.0, 1.0, 0.995)), *LINES], 3),
        ("white on the paper, in CMYK", [rect(*BOX, (0.0, 0.0, 0.0, 0.0)), *LINES], 3),
        ("nearly white", [rect(*BOX, (1.0, 1.0, 0.98)), *LINES], 4),
        ("white with an outline", [rect(*BOX, WHITE, stroke=True), *LINES], 4),
        ("a line that has an outline", [rect(*BOX), rect(110, 490, 110, 124, stroke=True)], 2),
        # White lies between the green ones.
        ("white between", [rect(*BOX), rect(105, 495, 105, 200, WHITE), *LINES], 5),
        ("beyond the box", [rect(*BOX), rect(110, 520, 110, 124)], 2),
        ("drawn before the box", [LINES[0], rect(*BOX)], 2),
        # Lines shaded one over the other by a hair still lie on the box.
        ("lines that overlap", [rect(*BOX), LINES[0], rect(110, 490, 122, 138)], 1),
        ("a colour that is not said", [rect(*BOX, None), rect(110, 490, 110, 124, None)], 2),
        ("nothing", [], 0),
    ],
)
def test_what_shows(what: str, rects: list[dict[str, Any]], shown: int) -> None:
    assert len(visible_rects(rects)) == shown, what


def test_the_ground_stays() -> None:
    assert visible_rects([rect(*BOX), *LINES])[0]["bottom"] == BOX[3]


def plainly_visible(rects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Compare each with all before it."""
    return [
        rect for at, rect in enumerate(rects)
        if shading._is_thin(rect)
        or not (shading._is_fill(rect) and shading._is_hidden(rect, reversed(rects[:at])))
    ]  # fmt: skip


PLACES = st.one_of(
    st.sampled_from([0.0, 0.3, 0.6, 0.7, 1.2, 9.4, 10.0, 10.6, 50.0]), st.floats(-100.0, 900.0)
)
LENGTHS = st.one_of(st.sampled_from([0.0, 0.48, 0.6, 0.61, 5.0, 40.0, 700.0]), st.floats(0.0, 60.0))


@st.composite
def drawn_rects(draw: st.DrawFn) -> dict[str, Any]:
    x0, top, width, height = draw(PLACES), draw(PLACES), draw(LENGTHS), draw(LENGTHS)
    color = draw(st.sampled_from([GREEN, WHITE, None]))
    made = rect(x0, x0 + width, top, top + height, color, stroke=draw(st.booleans()))
    return {**made, "fill": draw(st.booleans()) or draw(st.booleans())}


@given(st.lists(drawn_rects(), max_size=40))
def test_strips_hide_what_a_comparison_of_all_hides(rects: list[dict[str, Any]]) -> None:
    assert visible_rects(rects) == plainly_visible(rects)


@given(st.lists(drawn_rects(), max_size=12), st.sampled_from([float("nan"), float("inf")]))
def test_a_place_that_is_no_number(rects: list[dict[str, Any]], place: float) -> None:
    for side in ("x0", "x1", "top", "bottom"):
        odd = [*rects, {**rect(*BOX), side: place}, *rects]
        assert repr(visible_rects(odd)) == repr(plainly_visible(odd))
