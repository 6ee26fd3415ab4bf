"""Where a passage stands: of the lines of its paragraph, those that print its own words.

Trap: items of a list that is set inline share one paragraph, which may run over two pages.
"""

from collections.abc import Sequence

from shisaku.ingest.model import Line


def own_lines(text: str, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Give those of `lines` on which `text` is printed, white space apart.

    All of them where that is not certain: the words are not theirs as they are, or stand there
    more than once.
    """
    if len(lines) < 2:
        return tuple(lines)
    printed = ["".join(line.text.split()) for line in lines]
    whole = "".join(printed)
    words = "".join(text.split())
    start = whole.find(words)
    if not words or start < 0 or whole.find(words, start + 1) >= 0:
        return tuple(lines)
    end = start + len(words)
    own: list[Line] = []
    at = 0
    for line, piece in zip(lines, printed, strict=True):
        if at < end and start < at + len(piece):
            own.append(line)
        at += len(piece)
    return tuple(own)
