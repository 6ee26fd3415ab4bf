"""Joins printed lines to paragraphs: where a space belongs, and where a sentence ends.

Takes pieces of text and gives text. The trap: a paragraph is looked at anew for each of its lines,
so nothing here may scan the whole text (that would take quadratic time).
"""

import re
from collections.abc import Iterable
from functools import cache

from shisaku.ingest.text.beside import table

_SOFT = "\u00ad"
_HYPHENS = ("-", "\u2010", _SOFT)
_LAST_WORD = re.compile(r"(?<![A-Za-z-])([a-z]{2,}|[A-Z][a-z]+)[-\u2010\u00ad]$")
_STOPS = tuple("。．！？!?")
_CLOSING = "」』）)】〕]"
# A remark in brackets after a full stop (…する。（法務省）) ends the paragraph as well.
_REMARK = re.compile(r"。[（(【〔][^（(【〔）)】〕。]*[）)】〕]$")
_URL_END = re.compile(r"(?:https?://|www\.)\S*$")
_WIDE_MARKS = "①②③④⑤⑥⑦⑧⑨⑩○◎●△▲□■◇◆※→…‥、。「」（）"
_WIDE_RUN = re.compile(rf"[\u2e80-\U0010ffff{_WIDE_MARKS}]+")


_REACH = 2000
"""Characters at the end of a text that are looked at; no remark and no URL is longer."""


def is_wide(char: str) -> bool:
    """Return whether `char` is set without spaces between words: U+2E80 and above, or a wide mark.

    That is close to East_Asian_Width W and F (UAX #11); marks of width A are listed.
    """
    return ord(char) >= 0x2E80 or char in _WIDE_MARKS


def count_wide(text: str) -> int:
    """Return the number of wide characters of `text` (`is_wide`)."""
    return len("".join(_WIDE_RUN.findall(text)))


def ends_sentence(text: str) -> bool:
    """Return whether `text` ends with a full stop, perhaps within or before closing brackets."""
    text = text.removesuffix("\n")
    # From the end: a search would scan the whole text.
    bare = text.rstrip(_CLOSING)
    if bare.endswith(_STOPS):
        return True
    return len(bare) < len(text) and bool(_REMARK.search(text, max(0, len(text) - _REACH)))


def join_text(first: str, second: str) -> str:
    """Return two pieces of a paragraph joined, with a space only between Latin words.

    No space stands within a URL, between digits, or after the hyphen of a divided word.
    """
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

    A hyphen that belongs to the word (well-known) stays; so does one before a capital or a digit,
    and one in a URL.
    """
    if not first.endswith(_HYPHENS) or not second[:1].islower() or not second[0].isascii():
        return False
    found = _LAST_WORD.search(first, max(0, len(first) - _REACH))
    if found is None or _URL_END.search(first, max(0, len(first) - _REACH)):
        return False
    return first[-1] == _SOFT or found[1] not in _heads()


@cache
def _heads() -> frozenset[str]:
    return frozenset(table(__file__, "hyphens.toml")["heads"])


def join_texts(pieces: Iterable[str]) -> str:
    """Return the pieces joined as by `join_text`, in linear time."""
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
