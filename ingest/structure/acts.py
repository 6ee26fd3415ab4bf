"""When an act (法律, 政令, 省令, …) was promulgated, as the line under its title says.

Trap: 最終改正：平成二五年…法律第八四号 stands right below and is younger; the act is not.
"""

import re
from collections.abc import Sequence

from shisaku.ingest.model import TextBlock
from shisaku.ingest.text.dates import find_dates

_ACT = r"(?:法律|政令|勅令|[^（()）第]{0,14}(?:府令|省令|規則)|条例|条約|告示)第.{1,12}号"
_DATE = r"(?P<date>(?:明治|大正|昭和|平成|令和|[12１２]).{2,14}[年日])[\s\u3000]*"
_LINE = re.compile(rf"(?:[（(]{_DATE}{_ACT}[）)]|{_DATE.replace('date', 'bare')}{_ACT})")
_AMENDED = re.compile(rf"(?:最終|一部)?改正[\s\u3000]*[：:]?[\s\u3000]*{_DATE}{_ACT}")


def act_lines(block: TextBlock) -> list[str]:
    """Give the lines below a title that say when and with what number it was promulgated."""
    lines = (line.strip() for line in block.text.split("\n")[1:])
    return [line for line in lines if _LINE.fullmatch(line)]


def promulgated(texts: Sequence[str]) -> str | None:
    """Give the date in the first of the lines of `texts` that says it; ISO 8601."""
    for line in (line.strip() for text in texts for line in text.split("\n")):
        match = _LINE.fullmatch(line)
        words = (match["date"] or match["bare"]) if match else ""
        dates = [date for date in find_dates(words) if not date.fiscal]
        if len(dates) == 1:
            return dates[0].iso
    return None


def is_amendment(text: str) -> bool:
    """Tell whether a text says when an act was amended last, which dates the act no better."""
    return bool(_AMENDED.match(text.strip()))
