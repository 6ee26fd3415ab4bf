"""Joins blocks of text that are pieces of one paragraph, as lines are joined in `joining`."""

from collections.abc import Sequence

from msgspec.structs import replace

from shisaku.ingest.model import TextBlock
from shisaku.ingest.text.joining import join_texts


def join_blocks(pieces: Sequence[TextBlock]) -> TextBlock:
    """Return one block of the words and lines of all `pieces`: in all else it is as the first.

    Whether it ends in mid-sentence (`open_end`) is told by the last.
    """
    return replace(
        pieces[0],
        text=join_texts(block.text for block in pieces),
        lines=tuple(line for block in pieces for line in block.lines),
        open_end=pieces[-1].open_end,
    )
