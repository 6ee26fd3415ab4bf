"""Boxes that stand side by side, as on slides: each is read with the heading right above it.

Read row by row the headings of all boxes would come first, and their texts after them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shisaku.ingest.model import Line
from shisaku.ingest.pdf.layout.items import Frame, Item

_ABOVE = 1.6
"""Em by which a heading may stand above its box."""

_INTO = 0.6
"""Em by which it may reach into the box, on whose edge it is set."""


@dataclass(frozen=True)
class BoxRow:
    """Boxes from left to right, each with what heads it; and where they begin and end (points)."""

    units: tuple[tuple[Item, ...], ...]
    top: float
    bottom: float


def find_box_rows(items: Sequence[Item]) -> list[BoxRow]:
    """Give the rows of boxes among `items`, from top to bottom.

    There are none where something else stands between boxes at their height.
    """
    frames = sorted(
        (item for item in items if isinstance(item, Frame)), key=lambda frame: frame.box.top
    )
    rows: list[list[Frame]] = []
    for frame in frames:
        if rows and _is_level(rows[-1], frame):
            rows[-1].append(frame)
        else:
            rows.append([frame])
    found = []
    lines = [item for item in items if isinstance(item, Line)]
    for row in rows:
        if len(row) < 2:
            continue
        row.sort(key=lambda frame: frame.box.x0)
        units: tuple[tuple[Item, ...], ...] = tuple(
            (*(line for line in lines if _heads(line, frame)), frame) for frame in row
        )
        top = min(item.box.top for unit in units for item in unit)
        bottom = max(frame.box.bottom for frame in row)
        held = {id(item) for unit in units for item in unit}
        if not any(
            id(item) not in held and item.box.top < bottom and item.box.bottom > top
            and not _is_around(item, row)
            for item in items
        ):  # fmt: skip
            found.append(BoxRow(units, top, bottom))
    return found


def _is_level(row: Sequence[Frame], frame: Frame) -> bool:
    """Tell whether a frame stands beside all frames of a row, at their height."""
    return all(
        (other.box.x1 <= frame.box.x0 + 1 or frame.box.x1 <= other.box.x0 + 1)
        and min(other.box.bottom, frame.box.bottom) - max(other.box.top, frame.box.top)
        > 0.5 * min(other.box.bottom - other.box.top, frame.box.bottom - frame.box.top)
        for other in row
    )


def _heads(line: Line, frame: Frame) -> bool:
    middle = (line.box.x0 + line.box.x1) / 2
    return (
        frame.box.x0 <= middle <= frame.box.x1
        and line.box.x1 - line.box.x0 <= 1.1 * (frame.box.x1 - frame.box.x0)
        and -_ABOVE * line.size <= line.box.bottom - frame.box.top <= _INTO * line.size
    )


def _is_around(item: Item, row: Sequence[Frame]) -> bool:
    """Tell whether an item is a box or table around all of a row."""
    return not isinstance(item, Line) and all(
        item.box.x0 <= frame.box.x0 + 1 and item.box.x1 >= frame.box.x1 - 1
        and item.box.top <= frame.box.top + 1 and item.box.bottom >= frame.box.bottom - 1
        for frame in row
    )  # fmt: skip
