"""Paragraphs out of which whole lines are struck: the gap they leave ends nothing.

In a marked-up draft lines of a sentence are struck out in its middle. What stands above the gap
runs to the edge and has not ended; what stands below begins at the edge, without indent or label.
"""

from collections.abc import Sequence

from shisaku.ingest.model import Block, TextBlock
from shisaku.ingest.text.blocks import join_blocks
from shisaku.ingest.text.joining import ends_sentence

_AT_EDGE = 0.5
"""Em by which a line may stand in that goes on with a sentence."""


def join_over_gaps(blocks: Sequence[Block]) -> list[Block]:
    """Give the blocks of a page with struck text, paragraphs joined over the gaps it leaves."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if isinstance(last, TextBlock) and isinstance(block, TextBlock) and _goes_on(last, block):
            joined[-1] = join_blocks((last, block))
        else:
            joined.append(block)
    return joined


def _goes_on(last: TextBlock, block: TextBlock) -> bool:
    above, below = last.lines[-1], block.lines[0]
    left = min(line.box.x0 for line in last.lines)
    return (
        not (last.role or block.role or last.centered or block.centered)
        and last.open_end
        and not ends_sentence(last.text)
        and len(last.lines) > 1
        and above.bold == below.bold
        and abs(above.size - below.size) <= 0.5
        # Lines were struck out between them: there is room for one at least.
        and below.box.top - above.box.bottom >= above.size
        and abs(below.box.x0 - left) <= _AT_EDGE * below.size
        and below.text[:1].isalpha()
    )
