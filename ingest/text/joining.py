"""How lines become sentences: which characters are set without spaces, where a sentence ends."""

import re
from collections.abc import Iterable
from functools import cache

from shisaku.ingest.text.beside import table

_SOFT = "\u00ad"
_HYPHENS = ("-", "\u2010", _SOFT)
_LAST_WORD = re.compile(r"(?<![A-Za-z-])([a-z]{2,}|[A-Z][a-z]+)[-\u2010\u00ad]$")
_STOPS = tuple("。．！？!?")
_CLOSING = "」』）)】〕]"
# What stands in brackets after a full stop (…する。（法務省）) closes the paragraph, too.
_REMARK = re.compile(r"。[（(【〔][^（(【〔）)】〕。]*[）)】〕]$")
_URL_END = re.compile(r"(?:https?://|www\.)\S*$")
_WIDE_MARKS = "①②③④⑤⑥⑦⑧⑨⑩○◎●△▲□■◇◆※→…‥、。「」（）"
_WIDE_RUN = re.compile(rf"[\u2e80-\U0010ffff{_WIDE_MARKS}]+")


_REACH = 2000
"""Characters before the end of a text that can tell how it ends: no remark, no address is longer.

A paragraph is asked for each of its lines, and looked through whole it would take the square."""


def is_wide(char: str) -> bool:
    """Tell whether `char` is set like Japanese, without spaces between words (UAX #11 wide)."""
    return ord(char) >= 0x2E80 or char in _WIDE_MARKS


def count_wide(text: str) -> int:
    """Count the characters of `text` that are wide."""
    return len("".join(_WIDE_RUN.findall(text)))


def ends_sentence(text: str) -> bool:
    """Tell whether `text` ends a sentence."""
    text = text.removesuffix("\n")
    # Looked at from its end: a search would go through all of it.
    bare = text.rstrip(_CLOSING)
    if bare.endswith(_STOPS):
        return True
    return len(bare) < len(text) and bool(_REMARK.search(text, max(0, len(text) - _REACH)))


def join_text(first: str, second: str) -> str:
    """Join two pieces of a paragraph as a reader would: a space only between Latin words."""
    if not first or not second:
        return first + second
    if is_divided(first, second):
        return first[:-1] + second
    last, head = first[-1], second[0]
    if is_wide(last) or is_wide(head) or _URL_END.search(first, max(0, len(first) - _REACH)):
        return first + second
    if last.isdigit() and head.isdigit():
        return first + second
    if last == "-" and len(first) > 1 and first[-2].isalpha():
        return first + second
    return f"{first} {second}"


def is_divided(first: str, second: str) -> bool:
    """Tell whether a hyphen at the end of `first` divides an English word that `second` goes on.

    A hyphen that belongs to the word (well-known) stays; so does one before a capital or a digit.
    """
    if not first.endswith(_HYPHENS) or not second[:1].islower() or not second[0].isascii():
        return False
    found = _LAST_WORD.search(first, max(0, len(first) - _REACH))
    return found is not None and (first[-1] == _SOFT or found[1] not in _heads())


@cache
def _heads() -> frozenset[str]:
    return frozenset(table(__file__, "hyphens.toml")["heads"])


def join_texts(pieces: Iterable[str]) -> str:
    """Join any number of pieces as `join_text` would, one after the other."""
    parts: list[str] = []
    end = ""
    for piece in pieces:
        joined = join_text(end, piece)
        if end and is_divided(end, piece):
            parts[-1] = parts[-1][:-1]
            end = end[:-1]
        parts.append(joined[len(end) :])
        end = joined[-_REACH:]
    return "".join(parts)
