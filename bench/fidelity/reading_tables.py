"""Tables of a page in pdfplumber's form by the project's own search, for comparison with it.

The parser makes more of the same grids (open sides, spans, paragraphs); here stands as little as
pdfplumber's `extract_tables` gives with its default settings, so that cell answers to cell.
"""

from bisect import bisect_left
from typing import Any

from pdfplumber.utils.text import extract_text

from shisaku.ingest.pdf.tables.ruling import (
    Rect,
    cells_of,
    edges_of,
    meetings_of,
    merge_edges,
    tables_of,
)

_TOLERANCE = 3
_SHORTEST_DRAWN, _SHORTEST = 1, 3

Table = list[list[str | None]]


def extract_tables(page: Any) -> list[Table]:
    """Return the tables of a page as rows of cells; None where a cell to the left reaches over."""
    edges = [edge for edge in edges_of(page.objects) if _length(edge) >= _SHORTEST_DRAWN]
    merged = merge_edges(edges, _TOLERANCE, _TOLERANCE)
    rules = [edge for edge in merged if _length(edge) >= _SHORTEST]
    found = tables_of(cells_of(meetings_of(rules, _TOLERANCE)))
    if not found:
        return []
    chars = page.chars
    middles = [(char["top"] + char["bottom"]) / 2 for char in chars]
    places = sorted(zip(middles, range(len(chars)), strict=True))
    return [_table(cells, chars, places) for cells in found]


def _length(edge: dict[str, Any]) -> float:
    if edge["orientation"] == "v":
        return float(edge["bottom"] - edge["top"])
    return float(edge["x1"] - edge["x0"])


def _table(
    cells: list[Rect], chars: list[dict[str, Any]], places: list[tuple[float, int]]
) -> Table:
    columns = {x: at for at, x in enumerate(sorted({cell[0] for cell in cells}))}
    rows: dict[float, list[str | None]] = {
        top: [None] * len(columns) for top in sorted({cell[1] for cell in cells})
    }
    for x0, top, x1, bottom in cells:
        band = places[bisect_left(places, (top, -1)) : bisect_left(places, (bottom, -1))]
        inside = [
            chars[at]
            for at in sorted(at for _, at in band)
            if x0 <= (chars[at]["x0"] + chars[at]["x1"]) / 2 < x1
        ]
        rows[top][columns[x0]] = extract_text(inside) if inside else ""
    return list(rows.values())
