"""Japanese numerals as integers: 二十四, 二〇一一, 二千十一, and digits of any width (NFKC)."""

import re
import unicodedata

KANJI_DIGITS = "〇零一二三四五六七八九壱弐参"
_DIGIT_VALUES = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "壱": 1,
    "弐": 2,
    "参": 3,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_LONGEST = 64  # characters; `int` refuses more than 4,300 digits
_MYRIADS = {"万": 10**4, "億": 10**8, "兆": 10**12}

NUMERAL = rf"(?:[0-9０-９]+|[{KANJI_DIGITS}十百千]+)"
"""Regular expression of one whole number in digits of any width or in kanji."""


def parse_number(text: str) -> int | None:
    """Return the value of a whole number, None where `text` is none.

    Digits with or without grouping commas (１，９３８), positional kanji (二〇一一) and kanji with
    units (二千十一, 一万二千) are numbers. A unit without a digit before it counts once (十 = 10).
    More than `_LONGEST` characters (一一一… drawn as a rule) are no number.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if len(plain) > _LONGEST:
        return None
    if re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+", plain):
        return int(plain.replace(",", ""))
    if not plain:
        return None
    if all(char in _DIGIT_VALUES for char in plain):
        return int("".join(str(_DIGIT_VALUES[char]) for char in plain))
    return _parse_with_units(plain)


def _parse_with_units(text: str) -> int | None:
    total = 0
    section = 0
    digits = ""
    for char in text:
        if char in _DIGIT_VALUES:
            digits += str(_DIGIT_VALUES[char])
        elif char.isascii() and char.isdigit():
            digits += char
        elif char in _UNITS:
            section += (int(digits) if digits else 1) * _UNITS[char]
            digits = ""
        elif char in _MYRIADS:
            section += int(digits) if digits else 0
            total += (section or 1) * _MYRIADS[char]
            section, digits = 0, ""
        else:
            return None
    return total + section + (int(digits) if digits else 0)
