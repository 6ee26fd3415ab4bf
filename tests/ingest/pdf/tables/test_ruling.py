"""Rules, their meetings and the cells between them against pdfplumber's own functions."""

import io
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfplumber.table import (
    cells_to_tables,
    edges_to_intersections,
    intersections_to_cells,
)
from pdfplumber.table import merge_edges as plumber_merge

from bench.fidelity.reading_tables import extract_tables
from shisaku.ingest.pdf.tables.ruling import cells_of, edges_of, meetings_of, merge_edges, tables_of
from tests.support.pdf_by_hand import pdf

SAMPLE = Path(__file__).parents[4] / "data/raw/sample"
KEYS = ("x0", "x1", "top", "bottom", "orientation")


def bare(edges: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(edge[key] for key in KEYS) for edge in edges]


def level(x0: float, x1: float, top: float) -> dict[str, Any]:
    return {"x0": x0, "x1": x1, "top": top, "bottom": top, "orientation": "h",
            "width": x1 - x0, "height": 0.0}  # fmt: skip


def upright(x: float, top: float, bottom: float) -> dict[str, Any]:
    return {"x0": x, "x1": x, "top": top, "bottom": bottom, "orientation": "v",
            "width": 0.0, "height": bottom - top}  # fmt: skip


# Places that lie together, at the tolerance, and apart; thirds do not add up in binary.
place = st.sampled_from([10 + step / 3 for step in (0, 1, 4, 8, 9, 10, 30, 33, 45, 60, 90, 120)])
edge = st.one_of(
    st.builds(lambda a, b, y: level(min(a, b), max(a, b), y), place, place, place),
    st.builds(lambda x, a, b: upright(x, min(a, b), max(a, b)), place, place, place),
)


@given(st.lists(edge, max_size=40))
@settings(max_examples=200, deadline=None)
def test_cells_and_tables_are_pdfplumbers(edges: list[dict[str, Any]]) -> None:
    expected = plumber_merge(edges, 3, 3, 3, 3)
    merged = merge_edges(edges, 3, 3)
    assert bare(merged) == bare(expected)
    meetings, others = meetings_of(merged, 3), edges_to_intersections(expected, 3, 3)
    assert list(meetings) == list(others)
    cells, found = intersections_to_cells(others), cells_of(meetings)
    assert found == cells
    groups = [[cell for cell in cells if cell in group] for group in cells_to_tables(cells)]
    assert tables_of(found) == groups


def test_a_grid_gives_its_cells() -> None:
    edges = [level(0, 90, y) for y in (0, 30, 60)] + [upright(x, 0, 60) for x in (0, 45, 90)]
    cells = cells_of(meetings_of(merge_edges(edges, 3, 3), 3))
    assert sorted(cells) == [(0, 0, 45, 30), (0, 30, 45, 60), (45, 0, 90, 30), (45, 30, 90, 60)]
    assert [len(group) for group in tables_of([*cells, (200, 0, 240, 10)])] == [4]


@pytest.mark.parametrize(
    "content",
    [
        b"10 10 30 20 re S 10 10 .1 20.3 re f 50 50 m 90 50 l S 50 50 m 60 90 l S",
        b"5 5 m 5 9 l 9 9 l 20 30 l 9 5 l S 1 1 m 2 2 3 3 4 1 c S",
        b"",
    ],
)
def test_edges_are_pdfplumbers(content: bytes) -> None:
    with pdfplumber.open(io.BytesIO(pdf(content))) as file:
        page = file.pages[0]
        assert bare(edges_of(page.objects)) == [
            edge for edge in bare(page.edges) if edge[-1] is not None
        ]


@pytest.mark.parametrize("path", sorted(SAMPLE.glob("*.pdf")), ids=lambda path: path.name)
def test_the_tables_of_the_sample_are_pdfplumbers(path: Path) -> None:
    with pdfplumber.open(path) as file:
        for page in file.pages:
            assert extract_tables(page) == page.extract_tables()
