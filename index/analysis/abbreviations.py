"""Definitions of short names in text: 国際移住機関（IOM）, 労働基準法（以下「労基法」という。）.

Takes a text and gives `Definition`s (two names as printed). Precision comes before recall: what
does not state plainly that two names are one is no definition. The trap is how far the long name
extends to the left of the bracket: it is the compound noun that ends there, and crosses の and
に関する only where the letters of the short name require it.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from shisaku.index.analysis.analyzer import Morph, morphs
from shisaku.index.analysis.folding import is_ideograph, is_katakana, search_key
from shisaku.ingest.text.beside import table

_REACH = 90  # characters: no name of a law or a body is longer
_MAX_SHORT = 20
_LONGEST = 500
"""Greatest length, in characters, of the content of a bracket; the longest of the corpus has 42.

Brackets nested n deep contain each other: without a limit they cost n times the text.
"""
_OPEN, _CLOSE = "(（", ")）"
_SAYS = re.compile(
    r"(?:以下|略称|通称)[^「『」』（）()。]{0,12}[「『](?P<quoted>[^「『」』]+)[」』]"
    r"(?:と(?:総称|略称|略|いい|い[うい]|す|する|呼)[^「『]{0,8})?。?\s*$"
    r"|^(?:略称|通称|以下)[、:：\s]*(?P<plain>[^「『」』、。:：\s]+)$"
)
_SEVERAL = re.compile("[」』]\\s*(?:、|又は|若しくは|及び|と)?\\s*[「『]")
_LAW = re.compile(
    "(?:法律|政令|条約|省令|府令|勅令|告示|規則)(?:等)?第?[0-9〇一二三四五六七八九十百]+号?"
)
_VERSION = re.compile("(?:改正|廃止)(?:後|前)の")
_LAWS = ("法律", "法", "条約", "議定書", "令", "規則", "条例", "告示", "指針", "要綱")
_LATIN = re.compile(r"[A-Z][A-Za-z0-9Α-ω&/.\-]{1,11}")
_ENGLISH = re.compile(r"[A-Za-z][A-Za-z'&,.\-/ ]+[A-Za-z]")
_ACRONYM = re.compile(r"(?<![A-Za-zＡ-Ｚａ-ｚ0-9０-９.\-－/ ])[A-Za-zＡ-Ｚａ-ｚ0-9０-９&＆\-－/]+$")
_ROMAN = re.compile("[IVX]+")
_PARTING = re.compile("[:：、,，;；]")
_BRACKET = re.compile(f"[{_OPEN}{_CLOSE}]")
_SIGN = re.compile(f"[{_OPEN}{_CLOSE}。|\n]")
_LABEL = re.compile(r"(?:英|略|略称|通称|以下|英語名?|英文名?)[、:：\s]*")
_JOINING = frozenset(
    {
        "の",
        "に",
        "と",
        "を",
        "へ",
        "及び",
        "並びに",
        "又は",
        "等",
        "関する",
        "係る",
        "対する",
        "関し",
        "おける",
        "よる",
        "ため",
        "た",
    }
)
_NARROWING = frozenset({"動詞", "形容詞", "連体詞", "形状詞", "助動詞"})
_QUALIFYING = _NARROWING - {"動詞"}
_LISTING = frozenset(
    {"、", ",", "，", "及び", "又は", "若しくは", "並びに", "や", "と", "その他", "・"}
)


@dataclass(frozen=True)
class Definition:
    """Two names of one thing, as printed, the longer first."""

    long: str
    short: str


@cache
def _table() -> dict[str, tuple[str, ...]]:
    raw = table(__file__, "aliases.toml")
    return {name: tuple(values) for name, values in raw.items()}


def definitions(text: str) -> Iterator[Definition]:
    """Yield the definitions of `text` in order; a pair may occur more than once."""
    for start, end in _brackets(text):
        if end - start > _LONGEST:
            continue
        inside = text[start + 1 : end].strip()
        before = _before(text, start)
        if not inside or not before:
            continue
        yield from _said(before, inside)
        if len(inside) <= _REACH:
            # 情報通信技術（IT）総合戦略室: the bracket is inside a longer name, whose parts are
            # unclear.
            inner = end + 1 < len(text) and _is_name_char(text[end + 1])
            yield from _abbreviated(before, inside, inner=inner)


def _brackets(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the contents of matching round brackets, inner ones first."""
    opened: list[int] = []
    for sign in _BRACKET.finditer(text):
        if sign[0] in _OPEN:
            opened.append(sign.start())
        elif opened:
            yield opened.pop(), sign.start()


def _before(text: str, start: int) -> str:
    """Return the part of the sentence before a bracket, without other brackets in it."""
    before = text[max(0, start - 2 * _REACH) : start].rstrip()
    depth, begin, end = 0, 0, len(before)
    kept: list[str] = []
    for sign in reversed([*_SIGN.finditer(before)]):
        at = sign.start()
        if sign[0] in _CLOSE:
            if depth == 0:
                kept.append(before[at + 1 : end])
            depth += 1
        elif depth == 0:
            begin = at + 1
            break
        elif sign[0] in _OPEN:
            depth -= 1
            end = at
    if depth == 0:
        kept.append(before[begin:end])
    return "".join(reversed(kept))[-_REACH:]


# --- 「…」という ------------------------------------------------------------------------------


def _said(before: str, inside: str) -> Iterator[Definition]:
    """Yield the definition by 以下「…」という or 略称 …, where `inside` has that form."""
    found = _SAYS.search(inside)
    if not found or _SEVERAL.search(inside):
        return
    short = (found["quoted"] or found["plain"]).strip()
    if not 1 < len(short) <= _MAX_SHORT:
        return
    long = _quoted(before) or _named(before, short, law=_LAW.search(_plain(inside)) is not None)
    if long and search_key(long) != search_key(short):
        yield Definition(long, short)


def _quoted(before: str) -> str:
    """Return the quotation at the end of `before`, "" for none."""
    if not before.endswith(("」", "』")):
        return ""
    start = max(before.rfind("「"), before.rfind("『"))
    name = before[start + 1 : -1].strip()
    return name if start >= 0 and len(name) > 3 and not re.search("[。、「」『』]", name) else ""


def _named(before: str, short: str, *, law: bool) -> str:
    """Return the name at the end of `before` of which `short` is the short form, "" for none."""
    tokens = morphs(before)
    first = _compound(tokens, before)
    if first is None:
        return ""
    run = before[tokens[first].start :]
    preceding = tokens[first - 1] if first else None
    if _LATIN.fullmatch(_plain(short)):
        return run if _is_name(tokens[first:], preceding) else ""
    shortens = _shortens(short, run) or (short[0] == "本" and short[1:] in run)
    # One of several listed names, or one kind of what the noun denotes.
    part = preceding is not None and (
        _lists(tokens, first - 1) or preceding.pos in _NARROWING or preceding.text == "の"
    )
    if law and run.endswith(_LAWS) and (part or not shortens):
        return _whole_title(tokens, before)
    if shortens:
        return run if not part and _is_name(tokens[first:], None) else ""
    # 児童権利条約 needs more than 条約: 児童の権利に関する条約.
    for at in range(first - 1, -1, -1):
        token = tokens[at]
        if not (_joins(token) or _is_noun(token)):
            return ""
        name = before[token.start :]
        if _is_noun(token) and short[0] in token.text and _shortens(short, name):
            outside = tokens[at - 1] if at else None
            if outside and (_lists(tokens, at - 1) or _joins(outside) or _is_noun(outside)):
                return ""
            return name
    return ""


def _whole_title(tokens: list[Morph], before: str) -> str:
    """Return the title of a law: from the beginning of the sentence, quotation or topic."""
    for at in range(len(tokens) - 1, -1, -1):
        token = tokens[at]
        previous = tokens[at - 1] if at else None
        topic = token.pos == "助詞" and token.text in ("は", "が", "も")
        topic = topic and not (previous and previous.text in ("又", "若しく", "或い"))
        comma = token.text == "、" and not (previous and _is_noun(previous))
        if topic or comma or token.text in "「『：:；○◎・" or _gap(tokens, at, before):
            after = at if _gap(tokens, at, before) and not topic else at + 1
            break
    else:
        after = 0
    while after < len(tokens) and not _is_noun(tokens[after]):
        after += 1
    name = before[tokens[after].start :] if after < len(tokens) else ""
    return name if 4 < len(name) < _REACH - 10 and not _VERSION.search(name) else ""


# --- 国際移住機関（IOM）, IOM（国際移住機関） ---------------------------------------------------


def _abbreviated(before: str, inside: str, *, inner: bool) -> Iterator[Definition]:
    """Yield the definition by a bracket that holds a short name only, told by its letters."""
    inside = _LABEL.sub("", inside, count=1)
    parts = [part.strip() for part in _PARTING.split(inside) if part.strip()]
    shorts = [part for part in parts if _is_acronym(part)]
    english = [part for part in parts if _ENGLISH.fullmatch(_plain(part))]
    shorts = [_without_note(short) for short in shorts]
    if len(shorts) == 1 and len(parts) in (1, 2) and (len(parts) == 1 or len(english) >= 1):
        short = shorts[0]
        for long in english:
            if long != short and _has_initials(long, short):
                yield Definition(long, short)
        if not inner and (long := _japanese_name(before, short)):
            yield Definition(long, short)
    acronym = _ACRONYM.search(before)
    if not acronym or not _is_acronym(acronym[0]):
        return
    short = acronym[0]
    whole_english = _plain(inside)
    spelled = _ENGLISH.fullmatch(whole_english) and _has_initials(whole_english, short)
    if spelled or _is_whole_name(inside):
        yield Definition(inside, short)


def _is_acronym(text: str) -> bool:
    plain = _plain(text)
    return (
        not _ROMAN.fullmatch(plain)
        and _LATIN.fullmatch(plain) is not None
        and sum(char.isupper() for char in plain) > 1
        and plain.upper() not in _table()["formats"]
    )


def _without_note(short: str) -> str:
    """Return `short` without the number of a note: a narrow digit after wide letters (ＲＡＧ4)."""
    return short[:-1] if re.fullmatch("[Ａ-Ｚａ-ｚ]+[0-9]", short) else short


def _has_initials(long: str, short: str) -> bool:
    """Return whether `short` is the initials of `long`, small words (of, the) left out."""
    letters = [char.lower() for char in _plain(short) if char.isalpha()]
    words = re.findall("[A-Za-z]+", _plain(long))
    main = [word[0].lower() for word in words if word.lower() not in _SMALL]
    return len(words) > 1 and letters in ([word[0].lower() for word in words], main)


_SMALL = frozenset({"of", "the", "and", "for", "in", "on", "to", "a", "an", "with", "by", "as"})


def _japanese_name(before: str, short: str) -> str:
    tokens = morphs(before)
    first = _compound(tokens, before)
    if first is None:
        return ""
    name = before[tokens[first].start :]
    preceding = tokens[first - 1] if first else None
    if search_key(short) in search_key(name) or name.endswith(_table()["roles"]):
        return ""
    return name if _is_name(tokens[first:], preceding) else ""


def _is_whole_name(text: str) -> bool:
    """Return whether `text` is a compound noun as a whole, and its last noun that of a name."""
    tokens = morphs(text)
    first = _compound(tokens, text)
    return first == 0 and text.endswith(_table()["heads"]) and _is_name(tokens, None)


# --- nouns -------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _is_name_char(char: str) -> bool:
    return is_ideograph(char) or is_katakana(char) or (char.isalpha() and char.isascii())


def _is_noun(token: Morph) -> bool:
    if token.pos in ("名詞", "接頭辞", "接尾辞", "形状詞"):
        return token.detail != "助動詞語幹"
    return token.text in "・－-‐ー々=＝" or (token.pos == "記号" and token.detail == "文字")


def _lists(tokens: list[Morph], at: int) -> bool:
    """Return whether the token at `at` joins nouns in a list (、, ・, や, 及び)."""
    if tokens[at].text in "、,，":
        return at > 0 and _is_noun(tokens[at - 1])
    return tokens[at].text in _LISTING


def _joins(token: Morph) -> bool:
    return token.text in _JOINING


def _gap(tokens: list[Morph], at: int, text: str) -> bool:
    """Return whether white space that separates words stands before the token at `at`.

    A space beside a Latin letter or digit is mere setting (第 15 回会議); an ideographic space
    separates.
    """
    between = text[tokens[at - 1].end : tokens[at].start] if at else ""
    sides = text[tokens[at - 1].end - 1] + text[tokens[at].start] if at else ""
    return bool(between) and ("\u3000" in between or not any(map(str.isascii, sides)))


def _compound(tokens: list[Morph], text: str) -> int | None:
    """Return the index of the first token of the compound noun at the end of `text`, else None."""
    first = len(tokens)
    while first and _is_noun(tokens[first - 1]):
        first -= 1
        if _gap(tokens, first, text):
            break
    while first < len(tokens) and not any(map(str.isalnum, tokens[first].text)):
        first += 1
    if first == len(tokens):
        return None
    if tokens[first].text.isascii() and tokens[first].detail == "数詞":
        # A label before it (13 成長ホルモン), or a number of unknown meaning.
        first += 1
        if first == len(tokens) or tokens[first - 1].end == tokens[first].start:
            return None
    return None if tokens[first].pos == "接尾辞" else first


def _is_name(tokens: list[Morph], preceding: Morph | None) -> bool:
    """Return whether a compound can be a name: not a single plain word, not a person.

    A modifier before it (生物多様性に関する戦略的アプローチ) may be part of the name; then only a
    long compound counts by itself.
    """
    text = "".join(token.text for token in tokens)
    letters = sum(map(_is_name_char, text))
    if any(token.more == "人名" for token in tokens) or letters < 4:
        return False
    if preceding is not None:
        if preceding.text in ("関する", "係る", "対する") or preceding.pos in _QUALIFYING:
            return False
        if preceding.text == "の" and len(tokens) < 4:
            return False
        if len(tokens) == 1 and preceding.pos not in ("補助記号", "接続詞"):
            return False
    if len(tokens) == 1 and not is_katakana(text[0]):
        return False
    return any(is_ideograph(char) or is_katakana(char) for char in text)


def _shortens(short: str, long: str) -> bool:
    """Return whether the letters of `short` occur in `long` in the same order."""
    key, whole = search_key(short), search_key(long)
    rest = iter(whole)
    return len(key) < len(whole) and all(char in rest for char in key)
