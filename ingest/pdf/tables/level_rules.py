"""Tables with level rules alone: one above the head, one below it, one at the end (booktabs).

Between rules of one width stand columns that white parts from top to bottom. Traps: headings
between two strokes, text under a stroke, underlines.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from shisaku.ingest.model import Box, Cell, Line, TableBlock, TextBlock
from shisaku.ingest.pdf.layout.paragraphs import make_blocks
from shisaku.ingest.text.joining import ends_sentence

_NEAR = 3.0
"""Points by which the ends of the rules of a table may differ."""

_LEAST = 100.0
"""Points that its rules are long at least."""

_RULES = 3
"""Rules of a table at least: over the head, under it, at the end."""

_WHITE = 0.8
"""Em of white between two columns."""

_NAME = 40
"""Characters of the name of a column, at most."""

_MOST = 400
"""Rules of one width beyond which a page is a drawing."""


def take_level(
    lines: Sequence[Line], edges: Sequence[dict[str, Any]], page: int
) -> tuple[list[Line], list[TableBlock]]:
    """Give the lines that stand in no table with level rules alone, and these tables."""
    tables: list[TableBlock] = []
    rest = list(lines)
    for rules in _rules_of_one_width(edges):
        x0, x1 = rules[0]["x0"], rules[0]["x1"]
        heights = _distinct(rule["top"] for rule in rules)
        inside = [line for line in rest if line.box.x0 >= x0 - _NEAR and line.box.x1 <= x1 + _NEAR]
        bands = [
            [line for line in inside if top <= (line.box.top + line.box.bottom) / 2 < bottom]
            for top, bottom in pairwise(heights)
        ]
        for start, end in _filled(bands):
            found = _table(bands[start:end], heights[start : end + 1], (x0, x1), page)
            if found is not None:
                tables.append(found)
                held = {id(line) for band in bands[start:end] for line in band}
                rest = [line for line in rest if id(line) not in held]
    return rest, tables


def _rules_of_one_width(edges: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Yield the level rules that begin and end at one place, from the top."""
    groups: defaultdict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    for edge in edges:
        long = edge["orientation"] == "h" and edge["x1"] - edge["x0"] >= _LEAST
        if long and not edge.get("fill"):
            key = round(edge["x0"] / (2 * _NEAR)), round(edge["x1"] / (2 * _NEAR))
            groups[key].append(edge)
    for rules in groups.values():
        if _RULES <= len(rules) <= _MOST:
            yield sorted(rules, key=lambda rule: float(rule["top"]))


def _distinct(heights: Iterator[float]) -> list[float]:
    found: list[float] = []
    for height in heights:
        if not found or height - found[-1] > _NEAR:
            found.append(height)
    return found


def _filled(bands: Sequence[Sequence[Line]]) -> Iterator[tuple[int, int]]:
    """Yield where runs of two bands and more begin and end in which something stands."""
    start = 0
    for at in range(len(bands) + 1):
        if at == len(bands) or not bands[at]:
            if at - start >= _RULES - 1:
                yield start, at
            start = at + 1


def _table(
    bands: Sequence[Sequence[Line]], heights: Sequence[float], ends: tuple[float, float], page: int
) -> TableBlock | None:
    """Give the table of `bands`, the first of which names the columns; None for no table."""
    lines = [line for band in bands for line in band]
    em = max(max(line.size for line in lines), 1.0)
    spans: list[list[float]] = []
    for line in sorted(lines, key=lambda line: line.box.x0):
        if spans and line.box.x0 - spans[-1][1] < _WHITE * em:
            spans[-1][1] = max(spans[-1][1], line.box.x1)
        else:
            spans.append([line.box.x0, line.box.x1])
    if len(spans) < 2:
        return None
    middles = [(before[1] + after[0]) / 2 for before, after in pairwise(spans)]
    edges = (ends[0], *middles, ends[1])
    rows = [
        [[line for line in band if left <= line.box.x0 < right or left < line.box.x1 <= right]
         for left, right in pairwise(edges)]
        for band in bands
    ]  # fmt: skip
    head = ["".join(line.text for line in cell) for cell in rows[0]]
    named = [bool(name) for name in head]
    if sum(named) < max(2, len(named) - 1) or any(
        len(name) > _NAME or ends_sentence(name) for name in head
    ):
        return None
    cells = tuple(
        Cell(
            row, column, _blocks(rows[row][column], left, right), header=row == 0,
            box=Box(page, round(left, 2), round(heights[row], 2), round(right, 2),
                    round(heights[row + 1], 2)),
        )
        for row in range(len(bands))
        for column, (left, right) in enumerate(pairwise(edges))
    )  # fmt: skip
    box = Box(page, round(ends[0], 2), heights[0], round(ends[1], 2), heights[-1])
    return TableBlock(cells, len(bands), len(spans), box, tuple(round(x, 2) for x in edges))


def _blocks(lines: Sequence[Line], left: float, right: float) -> tuple[TextBlock, ...]:
    if not lines:
        return ()
    start = min(line.box.x0 for line in lines)
    return tuple(make_blocks(lines, max(left, start), right, cell=True))
