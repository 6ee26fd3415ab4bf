"""Lists of responsible ministries as plans and tables print them.

（内閣府、警察庁、法務省等） at the end of a measure, 【警察庁】 at its head, a cell 警察庁・法務省.
The strict reading gives None unless every word is a ministry: a bracket at the end of a sentence
may hold anything, and a guess would name a ministry that is not responsible. The lenient reading is
for a column headed 省庁名, whose cells name responsible bodies, known or not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shisaku.ingest.registry.ministries import Bodies
from shisaku.ingest.text.fold import fold_map

_SEPARATOR = re.compile(
    r"[、,，・･/;；。．]|並びに|ならびに|及び|および|又は|または|もしくは|若しくは|その他の?|と(?=[^ァ-ヶ])"
)
# 担当:, 【主担当府省庁】, 関係省庁: before a list.
_LABEL = re.compile(
    r"(?:主|副|正)?(?:担当|所管|関係|実施|協力|主管)(?:府省庁|府省|省庁|機関|課室)?等?名?[:：]"
)
_OTHERS = re.compile(r"(?:等|など|ほか|他)")
# 厚生労働省(職業安定局), 厚生労働省労働基準局監督課: an office within is no ministry of its own.
_OFFICE = re.compile(
    r"[一-龠々ァ-ヶー][一-龠々ァ-ヶー・]{0,23}?(?:局|部|課|室|官|本部|センター|機関)"
)
_LAST_OFFICE = re.compile(rf"{_OFFICE.pattern}(?=$|[、,・/()等])")
_OFFICE_IN_BRACKET = re.compile(
    r"\([一-龠々ァ-ヶー・、等]{1,40}(?:局|部|課|室|官|本部|センター|機関)等?\)"
)
_BEFORE_COLON = re.compile(r"[\s\u3000]*([^：:。（(【]{2,60})[：:]")
_FARTHEST = 400
"""Greatest length, in characters, of a list of ministries within a paragraph."""
_WHITE = 8
"""Greatest number of white-space characters beside a bracket."""
_LEAD_MARK = re.compile(r"[◎○●◯〇]")
_OPENING = "（(【〔［[｛{<＜〈《"
_CLOSING = "）)】〕］]｝}>＞〉》"
_CLOSES = re.compile(f"[{re.escape(_CLOSING)}]")
_CLOSED_BY = dict(zip(_OPENING, _CLOSING, strict=True))


@dataclass(frozen=True)
class MinistryList:
    """Canonical names in printed order, each once; whether the print goes on with 等.

    `unknown` are the words that the registry does not know; they stand in `names` too, as printed,
    and are empty in a strict reading.
    """

    names: tuple[str, ...]
    and_others: bool = False
    unknown: tuple[str, ...] = ()


def parse_list(bodies: Bodies, text: str, *, lenient: bool = False) -> MinistryList | None:
    """Return the list of ministries in `text`, a cell or the content of a bracket, else None.

    White space and line breaks are nothing (文部科学 省), except that they part a ministry from an
    agency below it. One-letter abbreviations count where the list has at least two entries.
    """
    # ◎ or ○ before a name marks who leads; it is no part of the name.
    text = _LEAD_MARK.sub("", text)
    key, offsets = fold_map(text)
    if key[:1] in _CLOSED_BY and _CLOSED_BY[key[0]] == key[-1:] and _closes_at_end(key):
        key, offsets = key[1:-1], offsets[1:-1]
    if label := _LABEL.match(key):
        key, offsets = key[label.end() :], offsets[label.end() :]
    if not lenient and (letters := _letters(bodies, key)):
        return letters
    names: list[str] = []
    unknown: list[str] = []
    others = False
    at = 0
    last_end = -1
    while at < len(key):
        if found := bodies.scanner.match(key, at):
            name = bodies.spellings[found[0]]
            printed_apart = at > 0 and offsets[at] != offsets[at - 1] + 1
            below = names and last_end == at and names[-1] in bodies.parents(name)
            # 法務省入国管理局 is the bureau; on two lines, 国土交通省 and 海上保安庁 are two.
            if below and (bodies.by_name[name].kind in ("bureau", "organ") or not printed_apart):
                names.pop()
            names.append(name)
            at = last_end = found.end()
            office = _OFFICE_IN_BRACKET.match(key, at) or _office_after(bodies, key, at)
            at = office.end() if office else at
        elif names and (found := _OTHERS.match(key, at)):
            others = True
            at = found.end()
        elif found := _SEPARATOR.match(key, at):
            at = found.end()
        elif lenient:
            end = _end_of_unknown(bodies, key, at)
            word = key[at:end].removesuffix("等")
            others |= word != key[at:end]
            printed = "".join(text[offsets[at] : offsets[at + len(word) - 1] + 1].split())
            if re.search(r"\w", printed):
                names.append(printed)
                unknown.append(printed)
            at = end
        else:
            return None
    if not names:
        return None
    return MinistryList(tuple(dict.fromkeys(names)), others, tuple(dict.fromkeys(unknown)))


def _closes_at_end(key: str) -> bool:
    depth = 0
    for place, char in enumerate(key):
        depth += (char in _OPENING) - (char in _CLOSING)
        if depth == 0:
            return place == len(key) - 1
    return False


def _office_after(bodies: Bodies, key: str, at: int) -> re.Match[str] | None:
    # Only what reaches to the next separator or the end is an office: 警察庁法務省 is two names.
    if bodies.scanner.match(key, at):
        return None
    return _LAST_OFFICE.match(key, at)


def _end_of_unknown(bodies: Bodies, key: str, at: int) -> int:
    end = at + 1
    while end < len(key) and not (_SEPARATOR.match(key, end) or bodies.scanner.match(key, end)):
        end += 1
    return end


def _letters(bodies: Bodies, key: str) -> MinistryList | None:
    bare = key.removesuffix("等")
    words = re.split(r"[・、,/]", bare)
    if len(words) < 2 or not any(len(word) == 1 for word in words):
        return None
    names = [bodies.letters.get(word) or bodies.spellings.get(word) for word in words]
    if any(name is None or not bodies.by_name[name].responsible for name in names):
        return None
    return MinistryList(tuple(dict.fromkeys(filter(None, names))), bare != key)


def find_trailing_list(bodies: Bodies, text: str) -> tuple[MinistryList, int] | None:
    """Return the list in brackets that ends the paragraph `text`, and the offset where it starts.

    Several brackets in a row are one list. Brackets of any shape, before or after the last 。.
    """
    end = len(text.rstrip().rstrip("。．. \u3000"))
    found: list[MinistryList] = []
    start = len(text)
    while True:
        opening = _opening_of(text, end)
        if opening is None:
            break
        entry = parse_list(bodies, text[opening + 1 : end - 1])
        if entry is None:
            break
        found.append(entry)
        start = end = opening
        while end and text[end - 1].isspace():
            end -= 1
    return (_joined(found[::-1]), start) if found else None


def find_leading_list(bodies: Bodies, text: str) -> tuple[MinistryList, int] | None:
    """Return the list in brackets or before a colon that opens `text`, and where it ends."""
    at = len(text) - len(text.lstrip())
    while at < len(text) and text[at] in "◎○●・◇◆□■※":
        at += 1
    if at >= len(text) or text[at] not in _CLOSED_BY:
        named = _BEFORE_COLON.match(text, at)
        entry = parse_list(bodies, named[1]) if named else None
        return (entry, named.end()) if named and entry else None
    end = text.find(_CLOSED_BY[text[at]], at)
    entry = parse_list(bodies, text[at + 1 : end]) if end > 0 else None
    return (entry, end + 1) if entry else None


def find_lists(bodies: Bodies, text: str) -> Iterator[tuple[MinistryList, int, int]]:
    """Yield every list that ends a sentence of `text`, with its span, in order.

    One inside a sentence (関係省庁（警察庁、法務省等）の施策) explains a word and is none.
    """
    for closing in _CLOSES.finditer(text):
        end = closing.end()
        # Brackets that nothing opens would be looked for over the whole text, each of them.
        start = max(0, end - _FARTHEST)
        opening = _opening_of(text[start:end], end - start)
        if opening is None:
            continue
        opening += start
        before = text[max(0, opening - _WHITE) : opening].rstrip()
        after = text[end : end + _WHITE].lstrip()
        if not (before[-1:] in "。．\n" or not after or after[0] in "。．" or after[0] in _OPENING):
            continue
        if entry := parse_list(bodies, text[opening + 1 : closing.start()]):
            yield entry, opening, end


def _opening_of(text: str, end: int) -> int | None:
    """Return the offset of the bracket that the last character of `text[:end]` closes, or None.

    Half-width and full-width shapes close each other: documents mix （ and ).
    """
    if not end or text[end - 1] not in _CLOSING:
        return None
    depth = 0
    for place in range(end - 1, -1, -1):
        depth += (text[place] in _CLOSING) - (text[place] in _OPENING)
        if depth == 0:
            return place
    return None


def _joined(lists: list[MinistryList]) -> MinistryList:
    return MinistryList(
        tuple(dict.fromkeys(name for entry in lists for name in entry.names)),
        any(entry.and_others for entry in lists),
        tuple(dict.fromkeys(word for entry in lists for word in entry.unknown)),
    )
