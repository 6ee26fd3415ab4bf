"""Where a passage stands: of the lines of its paragraph, those that print its own words.

Trap: items of a list that is set inline share one paragraph, which may run over two pages.
"""

from collections.abc import Sequence
from itertools import accumulate

from shisaku.ingest.model import Line

_FEW = 64
"""Parts of a paragraph that are sought in all of its lines. More have theirs by their length: to
seek each of thousands in thousands of lines takes the square."""


def lines_of_parts(parts: Sequence[str], lines: Sequence[Line]) -> list[tuple[Line, ...]]:
    """Give each of the `parts` that a paragraph falls into the lines among which it stands.

    All of them where the parts are few: `own_lines` then says which are its own.
    """
    if len(parts) <= _FEW or len(lines) < 2:
        return [tuple(lines)] * len(parts)
    ends = [*accumulate(len("".join(line.text.split())) for line in lines)]
    found: list[tuple[Line, ...]] = []
    at = first = 0
    for part in parts:
        end = at + len("".join(part.split()))
        while first < len(lines) - 1 and ends[first] <= at:
            first += 1
        last = first
        while last < len(lines) - 1 and ends[last] < end:
            last += 1
        found.append(tuple(lines[first : last + 1]))
        at = end
    return found


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
