"""What opens items and headings: bullets, and words of marks.toml that are counted (目標１).

Reading lines and reading labels take the same ones, so that what opens a paragraph has a label.
"""

from shisaku.ingest.text.beside import table
from shisaku.ingest.text.fold import fold

BULLETS = (
    r"○◎●〇◯□■◇◆△▲▽▼☆★▶►▸➢➤➣➔✓✔▪▫❖❑❒❐❏❍⧫⬥☐☑☒·・･•‣◦⚫⚪※＊*≫"
    r"\uf000-\uf0ff"
)
"""Single signs, as a set of a pattern; the last are private ones of symbol fonts. A dash counts
before a space alone, and > only when it is doubled."""

_WORDS = table(__file__, "marks.toml")

_UNITS = "つ年月日人件回点個名番号次期割倍億万兆円時分秒度位歳以及並者例種類章節項条課題目ヶカ箇か"
"""What follows a number that counts things, or is part of another word."""

COUNTED = rf"""(?:{"|".join(_WORDS["counted"])})[\s\u3000]?
    (?P<value>[0-9０-９]{{1,2}}|[一二三四五六七八九十]{{1,2}}|[①-⑳]|[Ⅰ-Ⅻ])
    (?:[.．:：、][\s\u3000]*|[\s\u3000]+|$|(?=[「『（(【＜])
    |(?=[\u4e00-\u9fffァ-ヶ])(?![{_UNITS}]))"""
"""A counted noun that is a label, as a pattern with white space in it (re.VERBOSE)."""

FIRST_OF_COUNTED = frozenset(word[0] for word in _WORDS["counted"])
"""The letters with which those nouns begin."""

BESIDE_CHAPTERS = frozenset(fold(word) for key in ("closing", "opening") for word in _WORDS[key])
"""Folded headings that stand beside the chapters of a text: おわりに, はじめに."""
