"""The grammar of numbering in Japanese official documents: 第1章, I., 1, 1.1, (1), ①, ア, (ア), a.

A label says its kind and its value; which kinds stand above which is decided per document (see
`ingest.structure.outline.headings`), because every ministry nests them in its own way.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from shisaku.ingest.text.marks import BULLETS, COUNTED, DASHES, FIRST_OF_COUNTED
from shisaku.ingest.text.numerals import KANJI_DIGITS, NUMERAL, parse_number

KINDS = (
    "part", "volume", "chapter", "section", "subsection", "division", "article", "annex",
    "code", "tagged", "point",
    "roman", "roman2", "roman3", "counted", "counted2", "kanji", "number", "decimal2", "decimal3",
    "decimal4", "paren", "closed", "circled", "kana", "paren_kana", "latin", "paren_latin",
    "bullet",
)  # fmt: skip
"""Kinds of label from the outermost to the innermost, as most documents nest them."""

_ORDINALS = {
    "編": "volume", "部": "part", "章": "chapter", "節": "section", "款": "subsection",
    "目": "division", "条": "article",
}  # fmt: skip
_KANA = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
)
_ROMAN = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"
_SMALL_ROMAN = "ⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹⅺⅻ"
_SP = r"[\s\u3000]"
_END = rf"(?:[.．、]{_SP}*|{_SP}+)"
_DASH = r"[-－―‐−–]"
_PART = r"(?:[0-9０-９]{1,2}|[（(][0-9０-９]{1,2}[)）]|[①-⑳⑴-⒇])"
_PATTERNS = tuple(
    (name, re.compile(pattern, re.VERBOSE))
    for name, pattern in (
        # 【施策番号7】【施策番号8】 stand together before what both number; 【1-1-(3)】.
        (
            "tagged",
            rf"""(?:【[^】0-9０-９]{{0,8}}
            (?P<value>[0-9０-９]{{1,3}}(?:{_DASH}[（(]?[0-9０-９①-⑳]{{1,2}}[)）]?){{0,3}})】{_SP}*)+""",
        ),
        # 第４部会, 第２条例, 第１目的 begin with no label: the unit is part of a word.
        (
            "ordinal",
            rf"""第{_SP}?(?P<value>{NUMERAL})
            (?:(?P<unit>[編部章節款目条])
                (?!会|長|局|門|分|品|例|件|約|文|的|標|程|成|集)(?:の{NUMERAL})*(?![0-9０-９])
            |{_SP}(?P<unit2>[編部章節款目条])(?:の{NUMERAL})*(?=$|{_SP}))""",
        ),
        (
            "point",
            rf"第(?P<value>{NUMERAL}(?:の{NUMERAL}|{_DASH}[0-9０-９]{{1,2}}){{0,2}})(?:[.．、]{_SP}*|{_SP}+)",
        ),
        (
            "annex",
            rf"""(?:別{_SP}?[紙添表記](?:様式)?|附{_SP}?[則録]|付録|参考資料|資料
                |参{_SP}?考|様式)
            {_SP}?(?:第?(?P<value>{NUMERAL})(?:の{NUMERAL})*(?:{_DASH}{NUMERAL}){{0,2}})?
            (?={_SP}|$|[（(【：:])""",
        ),
        # Ⅰ－１, Ⅱ-2-(1), 1-(2). After Latin capitals a space must follow: V-22 is an aircraft.
        (
            "compound",
            rf"""(?:(?P<value>[Ⅰ-Ⅻ](?:{_DASH}{_PART}){{1,3}})
                (?:[.．、]?(?:{_SP}+|$)|(?=[^\x00-\x7f０-９～〜年月日）]))
            |(?P<value2>(?=[IVX])X{{0,3}}(?:IX|IV|V?I{{0,3}})(?:{_DASH}(?:1?[0-9]|\(1?[0-9]\))){{1,3}})
                (?:[.．、]?{_SP}+|$)
            |(?P<value3>[0-9０-９]{{1,2}}(?:{_DASH}{_PART}){{0,2}}
                {_DASH}(?:[（(][0-9０-９]{{1,2}}[)）]|[①-⑳⑴-⒇]))
                (?:{_SP}+|$|(?=[^\x00-\x7f０-９～〜年月日）])))""",
        ),
        # Capitals are a numeral only where they can be one and something parts them from the words.
        # A105　専門病院入院基本料: the numbers of a tariff or a form.
        ("code", rf"[A-ZＡ-Ｚ](?P<value>[0-9０-９]{{3,4}})(?:[-－‐][0-9０-９]{{1,2}})*{_SP}+"),
        (
            "roman",
            rf"""(?P<value>[Ⅰ-Ⅻ])(?:[.．、]{_SP}?|{_SP}+
                |(?=[^\x00-\x7f.．～〜])(?!{_DASH}[0-9０-９（(①-⑳]))
            |(?P<value2>(?=[IVX])X{{0,3}}(?:IX|IV|V?I{{0,3}}))(?:[.．、]{_SP}?|{_SP}+)(?![a-z])""",
        ),
        (
            "kanji",
            rf"(?P<value>[一二三四五六七八九十]{{1,3}}(?:の[一二三四五六七八九十]{{1,3}}){{0,2}})"
            rf"(?:[.．、]{_SP}*|\u3000+)",
        ),
        # 目標１　…, 議題２：…; where no space parts it, no unit follows (目標１つ, 課題２件).
        (
            "counted",
            rf"(?:[■□◆◇●○▶▼★☆]{_SP}*)?{COUNTED}",
        ),
        (
            "decimal",
            rf"""(?P<value>[0-9０-９]{{1,3}}(?:[.．\-－―‐][0-9０-９]{{1,3}}){{1,4}})
            [.．、]?(?:{_SP}+|(?=[A-Z][a-z])|(?=[^\x00-\x7f０-９.．%％年月日時度倍点億万兆人件回個歳円]))""",
        ),
        (
            "number",
            rf"""(?P<value>[0-9０-９]{{1,3}}){_END}
            (?![0-9０-９]|年(?:間|度|以|目|前|後)|[かヶカ]月|月(?:間|以)|人(?:以|の)|件(?:の|を)|回(?:目|の))""",
        ),
        (
            "paren",
            rf"""[（(]{_SP}?(?P<value>[0-9０-９]{{1,3}}|[一二三四五六七八九十]{{1,3}})
            {_SP}?[)）]{_SP}*|(?P<value2>[⑴-⒇]){_SP}*""",
        ),
        ("closed", rf"(?P<value>[0-9０-９]{{1,2}})[)）]{_SP}*"),
        ("circled", rf"(?P<value>[①-⑳㉑-㊿❶-❿]){_SP}*"),
        ("paren_kana", rf"[（(](?P<value>[{_KANA}])[)）]{_SP}*"),
        ("kana", rf"(?P<value>[{_KANA}]){_END}"),
        ("paren_latin", rf"[（(](?P<value>[a-zａ-ｚA-ZＡ-Ｚⅰ-ⅻ])[)）]{_SP}*"),
        ("latin", rf"(?P<value>[a-zａ-ｚA-ZＡ-Ｚ])(?:[.．)）]{_SP}*|\u3000+)(?![a-z])"),
        (
            "bullet",
            rf"""[{BULLETS}》]{_SP}*
            |(?:>>+|＞＞+|[{DASHES}]{_SP}){_SP}*""",
        ),
    )
)


_IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシ"
_BY_IROHA = frozenset(("kana", "paren_kana"))
"""Kinds that laws count in the order of the iroha, and others in that of the syllabary."""


def _next_of_iroha(before: str, after: str) -> bool:
    first, second = (_IROHA.find(text.strip("（()）.．、")[:1]) for text in (before, after))
    return 0 <= first == second - 1


@dataclass(frozen=True)
class Label:
    """A printed label: its kind (of `KINDS`), its number where it has one, and where it ends.

    `text` is the label as printed without the white space around it. `branch` is the last number of
    one that was put in later (五の二: value 5, branch 2), 0 of any other.
    """

    kind: str
    value: int | None
    text: str
    end: int
    branch: int = 0

    def follows(self, before: "Label") -> bool:
        """Tell whether the label is the next one after `before` in a count of its kind.

        五の二 comes after 五 or 五の一, 六 after any of them; ア counts to イ, and イ to ロ.
        """
        if self.kind != before.kind or self.value is None or before.value is None:
            return False
        if self.kind in _BY_IROHA and _next_of_iroha(before.text, self.text):
            return True
        if self.value == before.value and self.branch:
            return self.branch == before.branch + 1 or (self.branch == 2 and not before.branch)
        return self.value == before.value + 1 and self.branch <= 1


_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# What a label can begin with; most paragraphs begin with something else.
_BEGINS = re.compile(
    rf"[【第別附付参資様Ⅰ-ⅿA-Za-zＡ-Ｚａ-ｚ0-9０-９{KANJI_DIGITS}十（(①-⑳⑴-⒇㉑-㊿❶-❿{_KANA}"
    rf"{BULLETS}》>＞‐–—−－{''.join(sorted(FIRST_OF_COUNTED - set(_LATIN)))}-]"
)
_LONGEST = 1000
"""Characters of a text that are looked at: no label takes more, and those of a paragraph of
megabytes would all be kept."""


def parse_label(text: str) -> Label | None:
    """Give the label with which `text` begins, or None."""
    return _parse_label(text[:_LONGEST]) if _BEGINS.match(text) else None


@lru_cache(maxsize=65536)  # Each paragraph is asked for half a dozen times in a document.
def _parse_label(text: str) -> Label | None:
    for name, pattern in _PATTERNS:
        match = pattern.match(text)
        if match is None or not match.group():
            continue
        groups = match.groupdict()
        raw = next(filter(None, map(groups.get, ("value", "value2", "value3"))), "")
        kind = _kind(name, groups, raw)
        if kind in _BRANCHED and (parts := re.split(rf"の|{_DASH}", raw))[1:]:
            value, branch = _value(kind, parts[0]), _value(kind, parts[-1]) or 0
            return Label(kind, value, match.group().strip(), match.end(), branch)
        return Label(kind, _value(kind, raw), match.group().strip(), match.end())
    return None


_BRANCHED = {"point", "kanji"}


def _kind(name: str, groups: dict[str, str | None], raw: str) -> str:
    if name == "ordinal":
        return _ORDINALS[groups["unit"] or groups["unit2"] or "条"]
    if name == "compound":
        parts = 1 + len(re.findall(_DASH, raw))
        return f"decimal{min(4, parts)}" if raw[0].isdigit() else f"roman{min(3, parts)}"
    if name == "counted":
        return "counted2" if groups.get("within") else name
    if name == "decimal":
        return f"decimal{min(4, 1 + len(re.findall(r'[.．－―‐-]', raw)))}"
    return name


def _value(kind: str, raw: str) -> int | None:
    if not raw or kind == "bullet":
        return None
    plain = unicodedata.normalize("NFKC", raw).strip("()")
    if kind in {"kana", "paren_kana"}:
        return _KANA.index(raw) + 1
    if kind in {"latin", "paren_latin"} and raw in _SMALL_ROMAN:
        return _SMALL_ROMAN.index(raw) + 1
    if kind in {"latin", "paren_latin"}:
        return ord(plain[0].lower()) - ord("a") + 1
    if kind == "roman" or (kind.startswith("counted") and raw in _ROMAN):
        return _roman(plain)
    if kind == "tagged":
        return parse_number(re.split(_DASH, plain)[-1].strip("()"))
    if kind.startswith("roman"):
        return parse_number(re.split(_DASH, plain)[-1].strip("()"))
    if kind.startswith("decimal"):
        return parse_number(re.split(rf"\.|{_DASH}", plain)[-1].strip("()"))
    return parse_number(plain)


def _roman(text: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10}[char] for char in text.upper()]
    return sum(
        -value if value < max(values[at + 1 :], default=0) else value
        for at, value in enumerate(values)
    )


def is_first(label: Label) -> bool:
    """Tell whether the label opens a count (ア, or イ in the order of the iroha)."""
    return label.value == 1 or (label.kind == "kana" and label.text[0] == "イ")
