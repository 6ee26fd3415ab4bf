"""Gathers what is written on a chart, so that it is cited as one thing and not as dozens of words.

Left among the text the numbers of an axis would become paragraphs, headings, footnotes, and gutters
would be found between them. A chart is taken only where `axes` is certain of it; its title (図1-1)
and its source (資料：…) stay outside, as does everything that reads like a sentence.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shisaku.ingest.model import Box, Line, TableBlock, TextBlock
from shisaku.ingest.pdf.figures.axes import Axis, Rect, find_axes
from shisaku.ingest.pdf.layout.items import Figure, Frame
from shisaku.ingest.pdf.layout.marks import mark_of
from shisaku.ingest.pdf.layout.stacks import join_stacks, part_letters

_OUTSIDE = re.compile(
    r"[■◆●○▼]?\s*[（(【〔＜<［\[]?\s*(?:"
    r"第?[0-9０-９ⅠⅡⅢ一二三四五\-－‐−‑–.．・]+[図表]|[図表]\s*[0-9０-９ⅠⅡⅢ一二三四五（(]|"
    r"図表|資料|出典|出所|[（(]?注|備考|※|[＊*])"
)
_MOST = 24
"""Letters from which a line outside the plot is no label; the years of an axis may be many."""

_HEADINGS = frozenset(("ordinal", "number", "paren", "label", "roman"))
_NUMBERED = 6
"""Letters beyond which a line with a number before it is a heading; labels say 1. 北海道."""


@dataclass(frozen=True)
class Gathered:
    """A page's content without what belongs to charts, and the charts."""

    lines: tuple[Line, ...]
    tables: tuple[TableBlock, ...]
    frames: tuple[Frame, ...]
    figures: tuple[Figure, ...]


def gather_figures(
    lines: Sequence[Line],
    tables: Sequence[TableBlock],
    frames: Sequence[Frame],
    shapes: Sequence[Rect],
) -> Gathered:
    """Take the charts out of a page's lines, tables and frames; nothing else changes.

    Grids that the rules of a plot form by chance, and frames around its labels, dissolve in it; a
    frame around the whole chart is parted above and below it.
    """
    # A title, a chart and its source may stand in panels one above the other.
    panels = {at: _panels(table) for at, table in enumerate(tables) if table.columns == 1}
    framed = [*frames, *(frame for parts in panels.values() for frame in parts)]
    inner = [line for frame in framed for line in frame.lines]
    axes = find_axes([*lines, *inner], shapes)
    if axes:
        lines = part_letters(lines)
        axes = find_axes([*lines, *inner], shapes)
    labels = {id(line) for axis in axes for line in axis.labels}
    opened = {
        at
        for at, parts in panels.items()
        if any(id(line) in labels for frame in parts for line in frame.lines)
    }
    found = Gathered(
        tuple(lines),
        tuple(table for at, table in enumerate(tables) if at not in opened),
        (*frames, *(frame for at in sorted(opened) for frame in panels[at])),
        (),
    )
    for group in _by_plot(axes):
        found = _take(found, group)
    return found


def figure_block(figure: Figure) -> TextBlock:
    """Give the words of a chart as one block, label after label."""
    return TextBlock("\u3000".join(line.text for line in figure.lines), figure.lines, "caption")


def _panels(table: TableBlock) -> list[Frame]:
    """Give the cells of a table of one column as frames."""
    return [
        Frame(tuple(line for block in cell.blocks for line in block.lines), cell.box or table.box)
        for cell in table.cells
        if cell.blocks
    ]


def _by_plot(axes: Sequence[Axis]) -> list[list[Axis]]:
    """Put the axes of one plot together."""
    groups: list[list[Axis]] = []
    for axis in axes:
        home = next(
            (group for group in groups if any(_meet(axis.plot, other.plot) for other in group)),
            None,
        )
        if home is None:
            groups.append([axis])
        else:
            home.append(axis)
    return groups


def _take(content: Gathered, axes: Sequence[Axis]) -> Gathered:
    # What one chart has taken is no axis of another.
    there = {id(line) for line in content.lines}
    there |= {id(line) for frame in content.frames for line in frame.lines}
    axes = [axis for axis in axes if all(id(line) in there for line in axis.labels)]
    if not axes:
        return content
    labels = [line for axis in axes for line in axis.labels]
    em = max(line.size for line in labels)
    core = _hull([*(axis.plot for axis in axes), *(_rect(line.box) for line in labels)])
    tables = [table for table in content.tables if _holds(core, _rect(table.box), em)]
    frames = [frame for frame in content.frames if _holds(core, _rect(frame.box), em)]
    inner = [line for table in tables for line in _table_lines(table)]
    inner += [line for frame in frames for line in frame.lines]
    named = {id(line) for line in labels}
    around = [
        frame
        for frame in content.frames
        if frame not in frames and any(id(line) in named for line in frame.lines)
    ]
    free = [*content.lines, *(line for frame in around for line in frame.lines)]
    inner += [line for line in free if _is_inside(line, core) and not _is_heading(line)]
    if any(line.box.x1 - line.box.x0 > 0.6 * (core[2] - core[0]) for line in inner):
        # Running text within the box: what was taken for a chart is something else.
        return content
    held = {id(line) for line in inner}
    members = [*inner, *(line for line in labels if id(line) not in held)]
    members += _outer_labels(free, members, core, em)
    chosen = {id(line) for line in members}
    x0, top, x1, bottom = _hull([core, *(_rect(line.box) for line in members)])
    # A frame around the page makes the plot reach far above what is written on the chart.
    top = max(top, min(line.box.top for line in members) - 2 * em)
    box = (x0, top, x1, bottom)
    page = labels[0].box.page
    figure = Figure(tuple(_in_order(members, axes)), Box(page, *(round(value, 2) for value in box)))
    kept = [frame for frame in content.frames if frame not in [*frames, *around]]
    return Gathered(
        tuple(line for line in content.lines if id(line) not in chosen),
        tuple(table for table in content.tables if table not in tables),
        (*kept, *(part for frame in around for part in _parted(frame, chosen, figure.box))),
        (*content.figures, figure),
    )


def _outer_labels(
    lines: Sequence[Line], members: Sequence[Line], core: Rect, em: float
) -> list[Line]:
    """Give the labels around a plot: units, years, legends; each near the last one found."""
    taken: list[Line] = []
    held = {id(line) for line in members}
    rest = [line for line in lines if id(line) not in held and _is_label(line, lines, em)]
    area = core
    far = 5 * em
    while True:
        near = [
            line
            for line in rest
            if _is_near(_rect(line.box), area, 1.5 * em) and _is_near(_rect(line.box), core, far)
        ]
        if not near:
            return taken
        taken += near
        found = {id(line) for line in near}
        rest = [line for line in rest if id(line) not in found]
        area = _hull([area, *(_rect(line.box) for line in near)])


def _is_heading(line: Line) -> bool:
    """Tell whether a line is a numbered heading, also where a frame makes the plot reach to it."""
    words = sum(char.isalpha() for char in line.text)
    return mark_of(line.text) in _HEADINGS and words > _NUMBERED


def _is_label(line: Line, lines: Sequence[Line], em: float) -> bool:
    """Tell whether a line outside a plot may be its label, not text, title or source."""
    words = sum(char.isalpha() for char in line.text)
    if line.size > 1.45 * em or words > _MOST or "。" in line.text:
        return False
    if _OUTSIDE.match(line.text) or _is_heading(line):
        return False
    # The last line of a paragraph is short as well.
    return not any(
        len(other.text) > _MOST
        and abs(other.size - line.size) < 0.3
        and 0 < line.box.top - other.box.top < 2.2 * line.size
        and other.box.x0 < line.box.x1 and line.box.x0 < other.box.x1
        for other in lines
    )  # fmt: skip


def _in_order(members: Sequence[Line], axes: Sequence[Axis]) -> list[Line]:
    """Give the labels in reading order: an axis in one go, everything else row by row."""
    placed: list[tuple[float, float, list[Line]]] = []
    held = {id(line) for axis in axes for line in axis.labels}
    for axis in axes:
        box = axis.labels[0].box
        placed.append((box.top, box.x0, list(axis.labels)))
    for line in join_stacks([line for line in members if id(line) not in held]):
        placed.append((line.box.top, line.box.x0, [line]))
    rows: list[list[tuple[float, float, list[Line]]]] = []
    for part in sorted(placed, key=lambda part: part[:2]):
        if rows and part[0] - rows[-1][0][0] <= 0.5 * part[2][0].size:
            rows[-1].append(part)
        else:
            rows.append([part])
    return [
        line for row in rows for part in sorted(row, key=lambda part: part[1]) for line in part[2]
    ]


def _parted(frame: Frame, chosen: set[int], figure: Box) -> list[Frame]:
    """Give what a frame holds above a figure and below it."""
    rest = [line for line in frame.lines if id(line) not in chosen]
    middle = (figure.top + figure.bottom) / 2
    above = [line for line in rest if line.box.top < middle]
    below = [line for line in rest if line.box.top >= middle]
    page = frame.box.page
    return [
        # As wide as its lines are, not as the frame, so that they show where they are full.
        Frame(tuple(part), Box(page, *_hull([_rect(line.box) for line in part])))
        for part in (above, below)
        if part
    ]


def _table_lines(table: TableBlock) -> list[Line]:
    return [line for cell in table.cells for block in cell.blocks for line in block.lines]


def _rect(box: Box) -> Rect:
    return (box.x0, box.top, box.x1, box.bottom)


def _hull(rects: Sequence[Rect]) -> Rect:
    return (
        min(rect[0] for rect in rects),
        min(rect[1] for rect in rects),
        max(rect[2] for rect in rects),
        max(rect[3] for rect in rects),
    )


def _meet(first: Rect, second: Rect) -> bool:
    return (
        first[0] < second[2] and second[0] < first[2]
        and first[1] < second[3] and second[1] < first[3]
    )  # fmt: skip


def _holds(outer: Rect, inner: Rect, slack: float) -> bool:
    return (
        inner[0] >= outer[0] - slack and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack and inner[3] <= outer[3] + slack
    )  # fmt: skip


def _is_inside(line: Line, rect: Rect) -> bool:
    x, y = (line.box.x0 + line.box.x1) / 2, (line.box.top + line.box.bottom) / 2
    return rect[0] <= x <= rect[2] and rect[1] <= y <= rect[3]


def _is_near(first: Rect, second: Rect, reach: float) -> bool:
    return (
        first[0] <= second[2] + reach and second[0] <= first[2] + reach
        and first[1] <= second[3] + reach and second[1] <= first[3] + reach
    )  # fmt: skip
