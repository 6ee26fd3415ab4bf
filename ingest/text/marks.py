"""What opens items and headings: bullets, and words of marks.toml that are counted (目標１).

Reading lines and reading labels take the same ones, so that what opens a paragraph has a label.
"""

import re

from shisaku.ingest.text.beside import table
from shisaku.ingest.text.fold import fold
from shisaku.ingest.text.joining import is_wide

BULLETS = (
    r"○◎●〇◯□■◇◆△▲▽▼☆★▶►▸➢➤➣➔✓✔▪▫❖❑❒❐❏❍⧫⬥☐☑☒·・･•‣◦⚫⚪※＊*≫"
    r"\uf000-\uf0ff"
)
"""Single signs, as a set of a pattern; the last are private ones of symbol fonts. A dash counts
before a space alone, and > only when it is doubled."""

DASHES = r"\-‐–—−－"
"""Dashes that open an item before a space, as a set of a pattern; U+2212 is what PDF programs write
for the full-width one."""

VALUE = re.compile(
    r"[\s\u3000]+(?P<value>[0-9０-９][0-9０-９,，.．]*"
    r"(?:点|円|千円|百万円|億円|％|%|人|件|名|時間|日|回|単位)?)$"
)
"""A value at the end of a line, behind white space: that of an item whose value is set to the right
edge (…　500点)."""

_WORDS = table(__file__, "marks.toml")

_UNITS = "つ年月日人件回点個名番号次期割倍億万兆円時分秒度位歳以及並者例種類章節項条課題目ヶカ箇か"
"""What follows a number that counts things, or is part of another word."""

COUNTED = rf"""(?:{"|".join(_WORDS["counted"])})[\s\u3000]?
    (?P<within>(?:[0-9０-９]{{1,2}}[-\u2212－―‐–])+)?
    (?P<value>[0-9０-９]{{1,2}}|[一二三四五六七八九十]{{1,2}}|[①-⑳]|[Ⅰ-Ⅻ])
    (?:[.．:：、][\s\u3000]*|[\s\u3000]+|$|(?=[「『（(【＜])
    |(?=[\u4e00-\u9fffァ-ヶ])(?![{_UNITS}]))"""
"""A counted noun that is a label, as a pattern with white space in it (re.VERBOSE).

The value of 施策１－２ is 2: it counts from 1 below each 施策の方向１. U+2212 is what PDF programs
write for the dash of a Japanese font.
"""

FIRST_OF_COUNTED = frozenset(word[0] for word in _WORDS["counted"])
"""The letters with which those nouns begin."""

BESIDE_CHAPTERS = frozenset(fold(word) for key in ("closing", "opening") for word in _WORDS[key])
"""Folded headings that stand beside the chapters of a text: おわりに, はじめに."""


def before_value(text: str, width: float, size: float, gap: float) -> str:
    """Give the words before the value at the end of a line, "" where there is none.

    The line is `width` points wide in letters of `size` points; the white space before the value
    takes `gap` em at least, more than parts words.
    """
    match = VALUE.search(text)
    if match is None or size <= 0:
        return ""
    words = text[: match.start()]
    solid = sum(1.0 if is_wide(char) else 0.55 for char in words + match["value"])
    return words.strip() if width / size - solid >= gap else ""
