"""The text that MeCab segments: the search key with characters restored that the dictionary knows.

The key has one character for every dash, but the dictionary has サーバー and the minus sign; and
the key has 國, with which names would be unknown words. Characters are replaced one by one, so that
offsets in the text equal offsets in the key.
"""

import re
from collections.abc import Sequence
from functools import cache

from shisaku.index.analysis.folding import DASH, is_hiragana, is_katakana
from shisaku.ingest.text.beside import table

LONG = "ー"
_MARKS = "ーｰ"
# Longer than a long-vowel mark; a single one after katakana is a dash (マネジメント―課題).
_DRAWN_LONG = "\u2014\u2015\u2500\u2501⸺⸻"
# The dictionary has a word for the full-width sign only: ％ is パーセント, % a mere symbol.
_PERCENT = ("%", "％")
# ○ for 〇, in numerals only: 二○○五年. Elsewhere it is a bullet (○一時保護).
_CIRCLE = re.compile(
    r"(?<=[〇一二三四五六七八九])[○◯]+(?=[〇一二三四五六七八九年月日条項号人件万億])"
)
_FIRST_YEAR = re.compile("(?<=明治|大正|昭和|平成|令和)元(?=年)")


@cache
def old_forms() -> dict[int, str]:
    """Return a table for `str.translate`: older form of an ideograph → modern form."""
    sources = table(__file__, "oldforms.toml")
    return {
        ord(old): new for forms in sources.values() for new, olds in forms.items() for old in olds
    }


@cache
def _unlike() -> re.Pattern[str]:
    """Return the regular expression of a character that has to be replaced."""
    return re.compile(f"[{DASH}○◯元{_PERCENT[0]}{''.join(map(chr, old_forms()))}]")


@cache
def _old() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, old_forms()))}]")


def spelled(key: str) -> str:
    """Return a key with long-vowel marks in place of dashes after katakana, for display."""
    return "".join(
        LONG if char == DASH and index and _is_kana(key[index - 1]) else char
        for index, char in enumerate(key)
    )


def as_read(key: str, text: str, offsets: Sequence[int]) -> str:
    """Return `key` in the spelling of the dictionary; the length is unchanged.

    `offsets` are the code-point offsets of the key's characters in `text`, the text as printed.
    """
    if not _unlike().search(key):
        return key
    # Searching a character class is faster than looking up each character.
    read = key.translate(old_forms()) if _old().search(key) else key
    if DASH in read:
        read = _with_long_vowels(read, text, offsets)
    if "○" in read or "◯" in read:
        read = _CIRCLE.sub(lambda found: "〇" * len(found[0]), read)
    if "元年" in read:
        read = _FIRST_YEAR.sub("一", read)
    return read.replace(*_PERCENT)


def _with_long_vowels(key: str, text: str, offsets: Sequence[int]) -> str:
    chars = list(key)
    for found in re.finditer(DASH, key):
        at = found.start()
        if not at or not (_is_kana(chars[at - 1]) or chars[at - 1] == LONG):
            continue
        printed = text[offsets[at]]
        following = key[at + 1 : at + 2]
        if printed in _MARKS:
            chars[at] = LONG
        # Another character typed for it (サ−バ−): within katakana only, and not one of a pair (――).
        elif not is_hiragana(chars[at - 1]) and following != DASH:
            joined = bool(following) and is_katakana(following)
            number = following.isascii() and following.isalnum()
            if joined or not (number or printed in _DRAWN_LONG):
                chars[at] = LONG
    return "".join(chars)


def _is_kana(char: str) -> bool:
    return is_hiragana(char) or is_katakana(char)
