"""Western years and eras: 2010年 and 平成22年, 2010年9月 and 平成22年9月.

Takes a word of a query and gives equivalent words: plans print eras where readers type Western
years, or the reverse. Only a word that is a date as a whole is converted: 2010 alone may be a
number, H2 a gas.
"""

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from shisaku.index.analysis.folding import search_key

if TYPE_CHECKING:
    from shisaku.ingest.text.dates import Era

_DATE = (
    r"(?P<year>(?:明治|大正|昭和|平成|令和)(?:元|[0-9]{1,2})(?:年|$)|[mtshr][0-9]{1,2}年|[0-9]{4}年)"
    r"(?P<rest>度|[0-9]{1,2}月(?:[0-9]{1,2}日)?)?"
)
_NUMBER = re.compile("[0-9元]")
_BEYOND = 10  # years: plans drawn up in 平成 speak of 平成35年度


def other_calendar(text: str) -> tuple[str, ...]:
    """Return other names of the year, month or day that `text` names; () for other words.

    A Western year has a name in each era that includes it (two in a year of change), and for some
    years also in the era before: plans drawn up in 平成 name 平成35年度.
    """
    key = search_key(text)
    # Most words hold no number; the module of dates need not be loaded for them.
    match = re.fullmatch(_DATE, key) if _NUMBER.search(key) else None
    if match is None:
        return ()
    from shisaku.ingest.text.dates import eras, parse_year

    year = parse_year(match["year"])
    if year is None:
        return ()
    known = sorted(set(eras().values()), key=lambda era: era.first)
    ends = [later.first.year for _, later in pairwise(known)]
    names = [f"{year}年"]
    for era, end in zip(known, [*ends, year], strict=True):
        if era.first.year <= year <= end + _BEYOND:
            names.append(_of_era(era, year))
    # 令和1年 and 令和元年 are one word to the index, R1年 is another.
    own = None if re.match("[a-z]", match["year"]) else _reads(match["year"])
    return tuple(f"{name}{match['rest'] or ''}" for name in names if _reads(name) != own)


def _of_era(era: "Era", year: int) -> str:
    number = year - era.first.year + 1
    return f"{era.name}{'元' if number == 1 else number}年"


def _reads(name: str) -> tuple[str, int | None]:
    """Return (calendar, year) of a name; equal for two spellings of one year."""
    from shisaku.ingest.text.dates import eras, parse_year

    mark = re.match(r"[^0-9元]*", name)
    era = eras().get((mark[0] if mark else "").upper())
    return (era.name if era else "", parse_year(name))
