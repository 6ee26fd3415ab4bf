"""How lines become sentences: which characters are set without spaces, where a sentence ends."""

import re

_STOPS = tuple("。．！？!?")
_CLOSING = "」』）)】〕]"
# What stands in brackets after a full stop (…する。（法務省）) closes the paragraph, too.
_REMARK = re.compile(r"。[（(【〔][^（(【〔）)】〕。]*[）)】〕]$")
_URL_END = re.compile(r"(?:https?://|www\.)\S*$")
_WIDE_MARKS = "①②③④⑤⑥⑦⑧⑨⑩○◎●△▲□■◇◆※→…‥、。「」（）"
_WIDE_RUN = re.compile(rf"[\u2e80-\U0010ffff{_WIDE_MARKS}]+")


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
    return bare.endswith(_STOPS) or (len(bare) < len(text) and bool(_REMARK.search(text)))


def join_text(first: str, second: str) -> str:
    """Join two pieces of a paragraph as a reader would: a space only between Latin words."""
    if not first or not second:
        return first + second
    last, head = first[-1], second[0]
    if is_wide(last) or is_wide(head) or _URL_END.search(first):
        return first + second
    if last.isdigit() and head.isdigit():
        return first + second
    if last == "-" and len(first) > 1 and first[-2].isalpha():
        return first + second
    return f"{first} {second}"
