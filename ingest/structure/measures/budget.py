"""Brackets with money: 〔平成26年度予算71,527千円：文部科学省、7,537千円：厚生労働省〕.

`read_budget` takes such a bracket and gives a `Budget` for each amount; `without_budget` parts an
item from the brackets at its end.
"""

import re
from functools import cache

from shisaku.ingest.model import Budget
from shisaku.ingest.registry import registry
from shisaku.ingest.structure.measures.constructs import constructs
from shisaku.ingest.text.dates import find_dates
from shisaku.ingest.text.fold import fold

_UNITS = {"兆": 10**12, "億": 10**8, "百万": 10**6, "千万": 10**7, "万": 10**4, "千": 10**3, "": 1}
_PART = r"[0-9][0-9,]*(?:\.[0-9]+)?(?:兆|億|百万|千万|万|千)?"
_AMOUNT = re.compile(rf"((?:{_PART})+)円")
_PIECE = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)(兆|億|百万|千万|万|千)?")
_PLAIN = r"[^〔〕\[\]［］（）()【】]"
_BRACKET = re.compile(
    rf"[〔\[［（(【〈＜]((?:{_PLAIN}|[（(]{_PLAIN}{{1,40}}[)）]){{4,200}})[〕\]］）)】〉＞]"
)
_BEHIND = re.compile(r"[:(]([^、,;:()]+)(?:[、,;)]|$)")
_ATTACHED = re.compile(r"の?(?:一部)?の?内数")
_YEAR = re.compile(r"(?:平成|令和|昭和|[hrs]|20)[0-9元]{1,2}年?度?")
_RESTATED = re.compile(r"[\s\u3000]*[（(【〔\[]再掲[）)】〕\]][\s\u3000。]*$")
_SEPARATORS = ":、,・;/ 　及び"


def read_budget(text: str) -> tuple[Budget, ...]:
    """Return the amounts of the bracket that is the whole of `text`, () where it is none."""
    found = _BRACKET.fullmatch(text.strip())
    return _amounts(found[1], text.strip()) if found else ()


def money_line(text: str) -> tuple[tuple[Budget, ...], str] | None:
    """Return the amounts of a line of money, and the （再掲） behind them; None for other lines."""
    words = text.strip()
    restated = _RESTATED.search(words)
    rest = restated[0].strip() if restated else ""
    found = read_budget(words[: restated.start()] if restated else words)
    return (found, rest) if found else None


def ends_restated(text: str) -> bool:
    """Tell whether an item ends with （再掲） or 【再掲】."""
    return _RESTATED.search(text) is not None


def without_budget(text: str) -> tuple[str, tuple[Budget, ...], str]:
    """Return `text` without its brackets of money, what they say, and the brackets as printed."""
    if "円" not in text:
        return text, (), ""
    budgets: list[Budget] = []
    printed: list[str] = []

    def take(found: re.Match[str]) -> str:
        amounts = _amounts(found[1], found[0])
        if not amounts or not _ends(text, found.end()):
            return found[0]
        budgets.extend(amounts)
        printed.append(found[0])
        return ""

    rest = _BRACKET.sub(take, text)
    return (rest.strip() if printed else text), tuple(budgets), "".join(printed)


def _ends(text: str, at: int) -> bool:
    """Tell whether nothing but brackets, a full stop or a line's end follows `at`."""
    rest = text[at:].lstrip(" \u3000。．")
    return not rest or rest[0] in "〔[［（(【〈＜\n"


def _amounts(inner: str, printed: str) -> tuple[Budget, ...]:
    key = fold(inner)
    if not constructs().budget.search(key):
        return ()
    year = _fiscal_year(inner)
    found = list(_AMOUNT.finditer(key))
    budgets = []
    for number, amount in enumerate(found):
        before = key[found[number - 1].end() if number else 0 : amount.start()]
        end = found[number + 1].start() if number + 1 < len(found) else len(key)
        after = key[amount.end() : end]
        partial = _ATTACHED.match(after)
        rest = after[partial.end() :] if partial else after
        budgets.append(
            Budget(
                amount=_yen(amount[1]),
                fiscal_year=year,
                partial=partial is not None,
                ministry=_charged(before, rest, number, last=number + 1 == len(found)),
                text=printed,
            )
        )
    return tuple(budgets)


def _charged(before: str, after: str, number: int, *, last: bool) -> str | None:
    """Return the body of an amount: behind it (…円：文部科学省) or before it (法務省…円).

    Trap: in 法務省…円：厚生労働省…円 the second name is that of the second amount.
    """
    behind = _BEHIND.match(after)
    if behind and (last or behind.end() < len(after) or after.endswith(tuple("、,;)"))):
        name = _body(behind[1])
        if name is not None:
            return name
    pieces = re.split(r"[、,;:]", before.rstrip(_SEPARATORS))
    if number:
        return _body(pieces[-1])
    for words in reversed(pieces):
        name = _YEAR.sub("", constructs().budget.sub("", words)).strip(_SEPARATORS)
        if name:
            return _body(name)
    return None


def _body(words: str) -> str | None:
    name = words.strip(_SEPARATORS)
    if len(name) == 1:
        return _letters().get(name)
    return registry().resolve(name) if name else None


@cache
def _letters() -> dict[str, str]:
    """Return the bodies by the one character that stands for them: [厚：予算1,000千円]."""
    names = registry().names("cabinet", "ministry", "agency")
    bodies = [body for name in names if (body := registry().body(name)) is not None]
    return {fold(body.letter): body.name for body in bodies if body.letter}


def _fiscal_year(inner: str) -> int | None:
    return next((date.year for date in find_dates(inner) if date.fiscal), None)


def _yen(words: str) -> int:
    """Return an amount in yen: 2億300万, 15,805千."""
    return round(
        sum(
            float(piece[1].replace(",", "")) * _UNITS[piece[2] or ""]
            for piece in _PIECE.finditer(words)
        )
    )
