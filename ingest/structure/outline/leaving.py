"""Where a section ends without a heading: the count of its heading goes on, or the text moves out.

An agenda heads one of its items (２ 議題) and not the next (３ 閉会); a list with headings of its
own is followed by a paragraph at the edge of the text, which belongs to what stands above the list.
"""

from collections.abc import Mapping, Sequence

from shisaku.ingest.model import Block, TextBlock
from shisaku.ingest.structure.outline.heading import Heading
from shisaku.ingest.structure.outline.numbering import Label, parse_label

_OUT = 0.6
"""Em by which a paragraph must stand further out than the heading that it leaves."""
_INSIDE = 0.3
"""Em by which what stands under a heading may begin before it."""
_GAP = 1.0
"""Em of space at least above a paragraph that leaves a section for its place."""


def still_open(
    stack: Sequence[Heading], flow: Sequence[Block], at: int, last: Mapping[str, Label]
) -> int:
    """Give how many of the headings of `stack`, outermost first, stand above the text at `at`.

    `last` are the labels that came last before it, by their kind: a list beneath a heading may
    number its items as the heading is numbered.
    """
    block = flow[at]
    if not stack or not isinstance(block, TextBlock) or block.role == "footnote":
        return len(stack)
    label = parse_label(block.text.strip())
    for place, heading in enumerate(stack):
        if (
            label is not None
            and heading.label is not None
            and heading.depth is None
            and last.get(label.kind) is heading.label
            and label.follows(heading.label)
            and abs(block.indent - heading.block.indent) <= _OUT
        ):
            return place
    if label is None and _moves_out(stack[-1], flow, at):
        left = min(line.box.x0 for line in block.lines)
        # The outermost that is further in as well goes with it.
        return next(
            place
            for place, heading in enumerate(stack)
            if _is_out(left, heading) and heading.block.page == block.page
        )
    return len(stack)


def _is_out(left: float, heading: Heading) -> bool:
    return heading.block.lines[0].box.x0 - left >= _OUT * heading.size > 0


def _moves_out(heading: Heading, flow: Sequence[Block], at: int) -> bool:
    """Tell whether a paragraph stands further out than `heading` and what is below it so far."""
    block = flow[at]
    if not isinstance(block, TextBlock) or block.page != heading.block.page or block.centered:
        return False
    if not _is_out(min(line.box.x0 for line in block.lines), heading):
        return False
    last = flow[at - 1] if at else None
    if not isinstance(last, TextBlock) or last is heading.block or last.page != block.page:
        return False
    gap = block.lines[0].box.top - last.lines[-1].box.bottom
    edge = heading.block.lines[0].box.x0 - _INSIDE * heading.size
    return gap >= _GAP * block.size and min(line.box.x0 for line in last.lines) >= edge
