"""Rectangles that cannot be seen: filled without an outline, on a ground of their own colour.

Word processors shade a box or a cell once, and each line of its text again. Taken for rules, the
sides of those pieces would cut a paragraph into a table of single lines.
"""

from collections.abc import Iterator, Sequence
from typing import Any

_NEAR = 0.6
"""Points by which a piece may reach beyond its ground."""

_MOST = 2000
"""Filled rectangles beyond which a page is a drawing; each is compared with those before it."""


def visible_rects(rects: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the rectangles (pdfplumber's, in the order of drawing) that show on the page."""
    filled = sum(_is_fill(rect) for rect in rects)
    if filled > _MOST:
        return list(rects)
    return [rect for at, rect in enumerate(rects) if not _is_hidden(rect, rects[:at])]


def _is_fill(rect: dict[str, Any]) -> bool:
    return bool(rect.get("fill")) and not rect.get("stroke")


def _is_hidden(rect: dict[str, Any], before: Sequence[dict[str, Any]]) -> bool:
    if not _is_fill(rect):
        return False
    # What is drawn there last is the ground, if it lies under all of the rectangle.
    ground = next(_under(rect, before), None)
    return (
        ground is not None
        and bool(ground.get("fill"))
        and ground.get("non_stroking_color") is not None
        and ground.get("non_stroking_color") == rect.get("non_stroking_color")
        and _holds(ground, rect)
    )


def _holds(ground: dict[str, Any], rect: dict[str, Any]) -> bool:
    return bool(
        ground["x0"] <= rect["x0"] + _NEAR and ground["x1"] >= rect["x1"] - _NEAR
        and ground["top"] <= rect["top"] + _NEAR and ground["bottom"] >= rect["bottom"] - _NEAR
    )  # fmt: skip


def _under(
    rect: dict[str, Any], before: Sequence[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield what was drawn before where `rect` stands, the last first, its equals left out.

    Pieces of one colour may overlap their neighbours by a hair, or by a line's height.
    """
    for other in reversed(before):
        across = min(rect["x1"], other["x1"]) - max(rect["x0"], other["x0"])
        down = min(rect["bottom"], other["bottom"]) - max(rect["top"], other["top"])
        if across <= _NEAR or down <= _NEAR:
            continue
        partial = (
            other.get("non_stroking_color") == rect.get("non_stroking_color")
            and _is_fill(other)
            and not _holds(other, rect)
        )
        if not partial:
            yield other
