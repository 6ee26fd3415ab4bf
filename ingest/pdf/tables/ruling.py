"""Rules and where they meet: what pdfplumber's table functions give, without their long searches.

An edge is a dict of x0, x1, top, bottom (points) and orientation ("h", "v").
pdfplumber compares each rule with every other and each corner with all that follow; here they are
looked up by place. Sums and orders are the same, so that the same cells come out.
"""

import itertools
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

Edge = dict[str, Any]
Point = tuple[float, float]
Rect = tuple[float, float, float, float]
_Span = tuple[float, float, float, Edge]
"""Where an edge begins and ends, its other side across, and the edge."""

_RULE = 4.0
"""Points up to which a filled rectangle is a rule: borders are drawn so, up to 3 points thick."""

Meetings = dict[Point, dict[str, list[Edge]]]
"""The edges that meet at a point (x, top), upright ones under "v", level ones under "h"."""


def edges_of(objects: Mapping[str, Sequence[dict[str, Any]]]) -> list[Edge]:
    """Give the edges of pdfplumber's lines, rectangles and curves, in its order.

    Left out are slanted pieces of curves, which rule no table. The sides of a rectangle that is
    filled without an outline say so (`fill`), unless it is as thin as a rule.
    """
    edges = [
        _edge(line["x0"], line["x1"], line["top"], line["bottom"],
              "h" if line["top"] == line["bottom"] else "v")
        for line in objects.get("line", ())
    ]  # fmt: skip
    for rect in objects.get("rect", ()):
        x0, x1, top, bottom = rect["x0"], rect["x1"], rect["top"], rect["bottom"]
        sides = [
            _edge(x0, x1, top, top, "h"),
            _edge(x0, x1, top + rect["height"], bottom, "h"),
            _edge(x0, x0, top, bottom, "v"),
            _edge(x1, x1, top, bottom, "v"),
        ]
        if is_fill(rect):
            for side in sides:
                side["fill"] = True
        edges += sides
    for curve in objects.get("curve", ()):
        for (x, y), (x1, y1) in itertools.pairwise(curve["pts"]):
            if x == x1:
                edges.append(_edge(x, x1, min(y, y1), max(y, y1), "v"))
            elif y == y1:
                edges.append(_edge(min(x, x1), max(x, x1), y, y1, "h"))
    return edges


def is_fill(rect: Mapping[str, Any]) -> bool:
    """Tell whether a rectangle is a filled ground without an outline, and no rule drawn as one."""
    return bool(
        rect.get("fill")
        and not rect.get("stroke")
        and min(rect["x1"] - rect["x0"], rect["bottom"] - rect["top"]) > _RULE
    )


def _edge(x0: float, x1: float, top: float, bottom: float, orientation: str) -> Edge:
    return {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "orientation": orientation}


def merge_edges(edges: Iterable[Edge], snap: float, join: float) -> list[Edge]:
    """Bring edges nearer than `snap` to their mean and join those whose ends are within `join`."""
    edges = list(edges)
    merged = []
    for orientation, at, begin, end, far in (
        ("h", "top", "x0", "x1", "bottom"), ("v", "x0", "top", "bottom", "x1")
    ):  # fmt: skip
        along = [edge for edge in edges if edge["orientation"] == orientation]
        lines: dict[float, list[_Span]] = defaultdict(list)
        for group in _clusters(along, at, snap):
            mean = sum([edge[at] for edge in group]) / len(group)
            for edge in group:
                # Added as a difference, as pdfplumber does: the last bit tells lines apart.
                shift = mean - edge[at]
                lines[edge[at] + shift].append((edge[begin], edge[end], edge[far] + shift, edge))
        for place in sorted(lines):
            merged += [
                {**edge, at: place, end: last, far: other}
                for _, last, other, edge in _joined(lines[place], join)
            ]
    return merged


def _clusters(edges: Sequence[Edge], at: str, tolerance: float) -> list[list[Edge]]:
    """Give groups of edges whose places follow each other within `tolerance`."""
    groups: list[list[Edge]] = []
    home: dict[float, list[Edge]] = {}
    last = float("-inf")
    for place in sorted({edge[at] for edge in edges}):
        if place > last + tolerance:
            groups.append([])
        home[place] = groups[-1]
        last = place
    for edge in edges:
        home[edge[at]].append(edge)
    return groups


def _joined(spans: list[_Span], tolerance: float) -> list[_Span]:
    """Give the spans of one line with those joined whose ends are within `tolerance`."""
    ordered = sorted(spans, key=itemgetter(0))
    joined = ordered[:1]
    for span in ordered[1:]:
        begin, end, far, edge = joined[-1]
        if span[0] > end + tolerance:
            joined.append(span)
        elif span[1] > end:
            joined[-1] = (begin, span[1], far, edge)
    return joined


def meetings_of(edges: Iterable[Edge], tolerance: float) -> Meetings:
    """Give the points at which upright and level edges meet within `tolerance`."""
    edges = list(edges)
    upright = sorted((e for e in edges if e["orientation"] == "v"), key=itemgetter("x0", "top"))
    level = sorted((e for e in edges if e["orientation"] == "h"), key=itemgetter("top", "x0"))
    tops = [edge["top"] for edge in level]
    found: Meetings = {}
    for one in upright:
        x, top, bottom = one["x0"], one["top"], one["bottom"]
        # A point more, so that only the comparisons below decide.
        for at in range(bisect_left(tops, top - tolerance - 1), len(level)):
            other = level[at]
            place = tops[at]
            if bottom < place - tolerance:
                break
            if (
                top <= place + tolerance
                and x >= other["x0"] - tolerance
                and x <= other["x1"] + tolerance
            ):
                meeting = found.get((x, place))
                if meeting is None:
                    meeting = found[(x, place)] = {"v": [], "h": []}
                meeting["v"].append(one)
                meeting["h"].append(other)
    return found


def cells_of(meetings: Meetings) -> list[Rect]:
    """Give the smallest rectangle to the right of and below each point whose sides are edges."""
    points = sorted(meetings)
    numbers: dict[Rect, int] = {}
    upright, level = (
        {
            point: {
                numbers.setdefault((e["x0"], e["top"], e["x1"], e["bottom"]), len(numbers))
                for e in meetings[point][orientation]
            }
            for point in points
        }
        for orientation in "vh"
    )
    columns: dict[float, list[Point]] = defaultdict(list)
    rows: dict[float, list[Point]] = defaultdict(list)
    for point in points:
        columns[point[0]].append(point)
        rows[point[1]].append(point)
    cells = []
    for x, top in points:
        column, row = columns[x], rows[top]
        right = [
            other
            for other in row[bisect_left(row, (x, top)) + 1 :]
            if not level[other].isdisjoint(level[(x, top)])
        ]
        if not right:
            continue
        for below in column[bisect_left(column, (x, top)) + 1 :]:
            if upright[below].isdisjoint(upright[(x, top)]):
                continue
            corner = next(
                (
                    (other[0], below[1])
                    for other in right
                    if (other[0], below[1]) in meetings
                    and not upright[(other[0], below[1])].isdisjoint(upright[other])
                    and not level[(other[0], below[1])].isdisjoint(level[below])
                ),
                None,
            )
            if corner is not None:
                cells.append((x, top, *corner))
                break
    return cells


def tables_of(cells: Sequence[Rect]) -> list[list[Rect]]:
    """Give cells that hang together by their corners, groups of two and more, from top to bottom.

    Within a group they keep their order.
    """
    at_corner: dict[Point, list[int]] = defaultdict(list)
    for number, (x0, top, x1, bottom) in enumerate(cells):
        for corner in ((x0, top), (x0, bottom), (x1, top), (x1, bottom)):
            at_corner[corner].append(number)
    seen: set[int] = set()
    groups = []
    for first in range(len(cells)):
        if first in seen:
            continue
        seen.add(first)
        group, open_ = [], [first]
        while open_:
            number = open_.pop()
            group.append(number)
            x0, top, x1, bottom = cells[number]
            for corner in ((x0, top), (x0, bottom), (x1, top), (x1, bottom)):
                # Who has been here has found all that meet here.
                for other in at_corner.pop(corner, ()):
                    if other not in seen:
                        seen.add(other)
                        open_.append(other)
        if len(group) > 1:
            groups.append([cells[number] for number in sorted(group)])
    return sorted(groups, key=lambda group: min((rect[1], rect[0]) for rect in group))
