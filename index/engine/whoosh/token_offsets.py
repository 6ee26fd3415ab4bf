"""Encodes where the words of a text start and end, by position, in code points: column `bounds`.

With it a hit is highlighted without being analysed again: analysing the texts of ten hits costs as
much as finding them, and maps 40 MiB of MeCab's dictionary. Kept are differences, a byte each in
nearly every text: from the end of the word before to the start, and from there to the end. A
position without a word has two zeros.
"""

from array import array
from collections.abc import Sequence
from itertools import accumulate, chain
from operator import sub

_CODES = (("b", 1 << 7), ("h", 1 << 15), ("i", 1 << 31))
"""Type codes of arrays, and what a number must stay under. A word can begin before the end of the
last one: 人 in 一人."""


def encode_bounds(bounds: Sequence[int]) -> bytes:
    """Encode the start and end of the word of each position; b"" where there are none.

    `bounds` is what `decode_bounds` returns (`engine.base.TokenDoc.offsets`).
    """
    if not bounds:
        return b""
    steps = list(map(sub, bounds, chain((0,), bounds)))
    most = max(max(steps), -min(steps))
    code = next(code for code, limit in _CODES if most < limit)
    return code.encode() + array(code, steps).tobytes()


def decode_bounds(raw: bytes) -> Sequence[int]:
    """Return the start and the end of the word of each position, one after the other."""
    if not raw:
        return ()
    steps = array(chr(raw[0]))
    steps.frombytes(raw[1:])
    return list(accumulate(steps))
