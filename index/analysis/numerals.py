"""Numerals in search keys → one canonical key for each value: 二十四, 24, 1,938, 一九三八, 1万5千.

Takes a key and gives (start, end, canonical form). Words are not known here: the caller must leave
out 一般 and 三重県. What the grammar of numerals does not allow (二三十: two or three tens) is
taken as several numerals.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from shisaku.ingest.text.numerals import KANJI_DIGITS, parse_number

if TYPE_CHECKING:
    from decimal import Decimal

_MAX_DIGITS = 18
_PRECISION = 64
"""Digits with which values are calculated: twice `_MAX_DIGITS`, times 兆, and then some."""
_KANJI = f"[{KANJI_DIGITS}]"
# Commas, and 、 in vertical writing, are grouping marks only before three digits each.
_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3}(?![0-9]))+|[0-9]+)(?:\.[0-9]+)?"
_ROW = rf"(?:{_KANJI}{{1,3}}(?:[、,]{_KANJI}{{3}}(?!{_KANJI}))+|{_KANJI}+)"
_ONE = rf"(?:{_DIGITS}|{_KANJI})"
_UNITS = rf"(?:{_ONE}?千)?(?:{_ONE}?百)?(?:{_ONE}?十)?(?:[0-9]+|{_KANJI}(?!{_KANJI}))?"
_SECTION = rf"(?:(?={_ONE}?[千百十]){_UNITS}|{_DIGITS}|{_ROW})"
_MYRIADS = {"兆": 10**12, "億": 10**8, "万": 10**4}
_PART = rf"({_SECTION})?([兆億万])?"
_UNIT = rf"({_ONE})?([千百十])|([0-9]+|{_KANJI})"
# The long patterns take milliseconds to compile, so they are compiled on first use.
_compiled = cache(re.compile)
_UNIT_VALUES = {"千": 1000, "百": 100, "十": 10}
# 1.2.3 is a row of numbers; so is a date 2011.12.27.
# Not within a run of digits: it would be tried once for each of them.
_DOTTED = re.compile(r"(?<![0-9])[0-9]++(?:\.[0-9]++){2,}")

NUMERIC = frozenset(f"0123456789{KANJI_DIGITS}十百千万億兆")
"""The characters of numerals."""


@lru_cache(maxsize=4096)  # years and small numbers recur
def numerals(key: str) -> tuple[tuple[int, int, str], ...]:
    """Return (start, end, canonical form) of each numeral of `key`, in order.

    The canonical form is the value in digits without grouping, with a decimal fraction as printed
    unless a unit multiplies it; the text itself where it has no value (too many digits, 万億).
    """
    return tuple(_numerals(key))


def _numerals(key: str) -> Iterator[tuple[int, int, str]]:
    key = _DOTTED.sub(lambda found: found[0].replace(".", " "), key)
    if _is_row(key):
        yield 0, len(key), _canonical(key)
        return
    start = end = 0
    goes_on = False
    for part in _compiled(_PART).finditer(key):
        if not part[0]:
            continue
        if not goes_on or part.start() > end:  # 1万5千 is one numeral of two parts, 万億 of none
            if end:
                yield start, end, _canonical(key[start:end])
            start = part.start()
        end, goes_on = part.end(), bool(part[2])
    if end:
        yield start, end, _canonical(key[start:end])


def bridges(key: str, at: int) -> bool:
    """Return whether the mark at `at` of `key` is part of a numeral: 1,938, 1.5, 一、九三八."""
    before, sign, after = key[max(at - 1, 0) : at], key[at : at + 1], key[at + 1 : at + 5]
    if not before or not after or sign not in ",.、":
        return False
    if sign != "、" and _is_digit(before):
        return _is_digit(after[0]) and (sign == "." or _cuts_three(after, "0123456789"))
    return sign != "." and before in KANJI_DIGITS and _cuts_three(after, KANJI_DIGITS)


def _is_row(key: str) -> bool:
    """Return whether `key` is digits of one kind only (ASCII or kanji), which is one numeral."""
    return bool(key) and (_is_digit(key) or not key.strip(KANJI_DIGITS))


def _is_digit(char: str) -> bool:
    return char.isascii() and char.isdigit()


def _cuts_three(after: str, digits: str) -> bool:
    return [char in digits for char in f"{after} "[:4]] == [True, True, True, False]


@lru_cache(maxsize=4096)
def _canonical(text: str) -> str:
    """Return the canonical form of a matched numeral."""
    if len(text) > _MAX_DIGITS * 2 or (len(text) > 1 and not text.strip("〇")):
        return text  # 〇〇省: some ministry
    if len(text) <= _MAX_DIGITS and not text.strip(KANJI_DIGITS):
        return str(parse_number(text))
    if re.fullmatch(_DIGITS, text):
        whole, point, fraction = text.replace(",", "").partition(".")
        return f"{int(whole)}{point}{fraction}" if len(whole) <= _MAX_DIGITS else text
    from decimal import Decimal, localcontext  # most numerals are plain digits

    total, last = Decimal(0), 10**16
    # The usual 28 digits are fewer than a row of ideographs may have: it would be rounded.
    with localcontext(prec=_PRECISION):
        for section, myriad in _compiled(_PART).findall(text):
            if not section and not myriad:
                continue
            factor = _MYRIADS[myriad] if myriad else 1
            if factor >= last:
                return text
            total, last = total + (_section(section) if section else 1) * factor, factor
        return f"{total.normalize():f}"


def _section(text: str) -> "Decimal":
    """Return the value of the part before 万, 億 or 兆, or of a numeral without these."""
    if re.fullmatch(_DIGITS, text) or re.fullmatch(_ROW, text):
        return _value(text)
    from decimal import Decimal

    return sum(
        (
            _value(number or ones or "一") * _UNIT_VALUES.get(unit, 1)
            for number, unit, ones in _compiled(_UNIT).findall(text)
        ),
        start=Decimal(0),
    )


def _value(digits: str) -> "Decimal":
    """Return the value of digits of either kind."""
    from decimal import Decimal

    plain = re.sub("[、,]", "", digits)
    return Decimal(plain if plain[0].isascii() else parse_number(plain) or 0)
