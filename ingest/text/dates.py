"""Japanese dates: eras, 元年, fiscal years, digits of any width, kanji numerals.

Takes a text and gives ISO dates as precise as printed: "2011", "2011-11" or "2011-11-30". What
cannot be a date (平成23年2月30日) gives nothing and so stays as printed. The trap: 23年 alone may
be an age or a span, and 23.11 any number, so neither is a date.
"""

import datetime
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from shisaku.ingest.text.beside import table
from shisaku.ingest.text.fold import fold, fold_map
from shisaku.ingest.text.numerals import KANJI_DIGITS, parse_number


class Era(NamedTuple):
    """An era (元号): its name, the letter that stands for it on forms (H23), its first day."""

    name: str
    letter: str
    first: datetime.date

    def to_western(self, year: int) -> int:
        """Return the western year of the era's `year` (元年 is 1)."""
        return self.first.year + year - 1


class FoundDate(NamedTuple):
    """A date or fiscal year (年度) in a text: code-point span, ISO date as precise as printed."""

    start: int
    end: int
    iso: str
    fiscal: bool = False

    @property
    def year(self) -> int:
        """Western year."""
        return int(self.iso[:4])


@cache
def eras() -> dict[str, Era]:
    """Return the eras by name and by upper-case letter."""
    known = [Era(**entry) for entry in table(__file__, "eras.toml")["era"]]
    return {era.name: era for era in known} | {era.letter: era for era in known}


_KANJI = f"[{KANJI_DIGITS}十]"
_N = rf"(?:[0-9]++|{_KANJI}++)"
# Only at the beginning of a run of digits: else n digits without 年 would be scanned n times, once
# from each digit.
_FIRST_N = rf"(?:(?<![0-9])[0-9]++|(?<!{_KANJI}){_KANJI}++)"
# On folded text (no white space, lower case): 平成23年11月30日, 2011年度, 平成二十三年, 元年.
_SPOKEN = re.compile(
    rf"(?P<era>明治|大正|昭和|平成|令和)?(?P<year>元|{_FIRST_N})年"
    rf"(?:(?P<fiscal>度)|(?P<month>{_N})月(?:(?P<day>{_N})日)?)?"
)
# Forms print H23.11.30 and 2011/11/30; a bare 23.11 may be anything and is not a date.
_DOTTED = re.compile(
    r"(?<![0-9a-z.])(?:(?P<era>[mtshr])(?P<year>[0-9]{1,2})|(?P<western>[12][0-9]{3}))"
    r"(?P<mark>[./-])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})(?![0-9])"
)
_ERA = re.compile("明治|大正|昭和|平成|令和|[mtshr]")
_PLAUSIBLE = range(1868, 2200)
_UNTIL = re.compile("[~〜‐‑‒–—―−ー-]|から")  # 2009～2014, 2009-2014, 平成21年から26年


def _iso(year: int, month: int | None, day: int | None) -> str | None:
    if year not in _PLAUSIBLE:
        return None
    try:
        datetime.date(year, month or 1, day or 1)
    except (ValueError, OverflowError):
        # `datetime.date` takes no month of ten digits.
        return None
    return "-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part)])


def _western_year(era: str | None, year: str) -> int | None:
    number = 1 if year == "元" else parse_number(year)
    if number is None or number == 0:
        return None
    if era:
        return eras()[era.upper()].to_western(number)
    # Without an era only four digits are a year: 23年 may be an age or a span.
    return number if number >= 1000 and year != "元" else None


def find_dates(text: str) -> Iterator[FoundDate]:
    """Yield the dates of `text` in order; spans are code-point offsets in `text` as printed."""
    key, offsets = fold_map(text)
    found: list[tuple[int, int, str, bool]] = []
    for match in _SPOKEN.finditer(key):
        western = _western_year(match["era"], match["year"])
        if western is None:
            continue
        month = parse_number(match["month"]) if match["month"] else None
        day = parse_number(match["day"]) if match["day"] else None
        if (iso := _iso(western, month, day)) and month != 0 and day != 0:
            found.append((match.start(), match.end(), iso, bool(match["fiscal"])))
    for match in _DOTTED.finditer(key):
        if match["western"]:
            western = int(match["western"])
        else:
            western = eras()[match["era"].upper()].to_western(int(match["year"]))
        month, day = int(match["month"]), int(match["day"])
        if month and day and (iso := _iso(western, month, day)):
            found.append((match.start(), match.end(), iso, False))
    for start, end, iso, fiscal in sorted(found):
        yield FoundDate(offsets[start], offsets[end - 1] + 1, iso, fiscal)


def parse_date(text: str) -> str | None:
    """Return the ISO date at the beginning of `text`, or None; a fiscal year is no date."""
    for date in find_dates(text):
        return None if date.fiscal or text[: date.start].strip() else date.iso
    return None


def parse_year(text: str) -> int | None:
    """Return the western year of a text such as 2011, 平成23, H23 or 令和元年度, else None."""
    match = re.fullmatch(
        rf"(?P<era>明治|大正|昭和|平成|令和|[mtshr])?(?P<year>元|{_N})(?:年度?)?", fold(text)
    )
    year = _western_year(match["era"], match["year"]) if match else None
    return year if year in _PLAUSIBLE else None


def parse_years(text: str) -> tuple[int, int] | None:
    """Return the first and last western year of a text such as 2011 or 2009..2014, else None.

    平成21～平成26 and 平成21～26 are understood as well; in the second the era holds for both.
    """
    first, dots, last = _UNTIL.sub("..", fold(text), count=1).partition("..")
    begin = parse_year(first)
    end = parse_year(last) if dots else begin
    if end is None and (era := _ERA.match(first)):
        end = parse_year(era[0] + last)
    if begin is None or end is None or end < begin:
        return None
    return begin, end
