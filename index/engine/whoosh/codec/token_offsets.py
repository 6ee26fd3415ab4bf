"""Where the words of a text begin and end, by position: so that a hit need not be analysed again.

Analysing the texts of ten hits costs as much as finding them, and maps 40 MiB of MeCab's
dictionary. Kept are differences, a byte each in nearly every text: to the beginning of a word from
the end of the one before, and to its own end. A position without a word has two zeros.
"""

from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Protocol

_CODES = (("b", 1 << 7), ("h", 1 << 15), ("i", 1 << 31))
"""Type codes of arrays, and what a number must stay under. A word can begin before the end of the
last one: 人 in 一人."""


class Placed(Protocol):
    """A word with its position, and its span in the stored text."""

    @property
    def position(self) -> int: ...  # noqa: D102
    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102


def encode_bounds(words: Iterable[Placed]) -> bytes:
    """Give the beginnings and ends of words, b"" where there are none."""
    steps: list[int] = []
    at = count = 0
    for word in words:
        start, end = word.start, word.end
        if word.position != count:
            steps.extend((0, 0) * (word.position - count))
        steps += (start - at, end - start)
        at, count = end, word.position + 1
    if not steps:
        return b""
    most = max(max(steps), -min(steps))
    code = next(code for code, limit in _CODES if most < limit)
    return code.encode() + array(code, steps).tobytes()


def decode_bounds(raw: bytes) -> Sequence[int]:
    """Give the beginning and the end of the word of each position, one after the other."""
    if not raw:
        return ()
    steps = array(chr(raw[0]))
    steps.frombytes(raw[1:])
    return list(accumulate(steps))
