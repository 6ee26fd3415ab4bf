"""What is asked at random: substrings, queries with filters, hostile strings; all by a fixed seed.

`contains` folds on its own, without the program's folding, so that what is wrong there shows.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from shisaku.ingest.text.radicals import repair_radicals

Record = dict[str, Any]

SHORTEST, LONGEST = 2, 12
"""Characters of a drawn substring."""

_DASHES = re.compile("[-‐‑‒–—―−─ー]")
_WAVES = re.compile("[〜～∼]")
_ITERATED = re.compile("(.)[々ゝヽ]")
_VOICED = re.compile("(.)[ゞヾ]")
# The signs that begin and end a literal phrase; a full-width mark ends what a plain one began.
_PAIRS = (('"', '"', '"＂'), ("「", "」", "「」"), ("『", "』", "『』"), ("“", "”", "“”"))


def folded(text: str) -> str:
    """Fold a text: radicals, NFKC, case, dashes with ー and waves as one sign, no white space."""
    plain = unicodedata.normalize("NFKC", repair_radicals(_WAVES.sub("~", text))).casefold()
    return _DASHES.sub("-", "".join(unicodedata.normalize("NFKC", plain).split())).replace(
        "\u2027", "・"
    )


def doubled(key: str) -> str:
    """Write iteration marks out: 人々 → 人人, いすゞ → いすず."""
    key = _ITERATED.sub(r"\1\1", key)
    voiced = _VOICED.sub("\\1\\1\u3099", key)
    return unicodedata.normalize("NFC", voiced)


def contains(text: str, phrase: str) -> bool:
    """Return whether a text holds a phrase, folded, iteration marks as printed or written out."""
    key, sought = folded(text), folded(phrase)
    return sought in key or doubled(sought) in doubled(key)


def quoted(text: str) -> str | None:
    """Put a text in the first marks that it does not hold itself; None where it holds them all."""
    for opening, closing, signs in _PAIRS:
        if not any(sign in text for sign in signs):
            return f"{opening}{text}{closing}"
    return None


@dataclass(frozen=True)
class Drawn:
    """A substring of a passage."""

    id: str
    text: str
    phrase: str
    """In quotation marks."""


def substrings(records: Sequence[Record], count: int, seed: int = 4) -> list[Drawn]:
    """Draw substrings of passages' texts, each passage and each length as likely as any other.

    What folds to nothing, and what holds a mark of each pair of quotation marks, is drawn again.
    """
    chance = Random(seed)
    long_enough = [record for record in records if len(record["text"]) >= SHORTEST]
    found: list[Drawn] = []
    while len(found) < count:
        record = chance.choice(long_enough)
        text = record["text"]
        length = min(chance.randint(SHORTEST, LONGEST), len(text))
        start = chance.randint(0, len(text) - length)
        part = text[start : start + length]
        phrase = quoted(part)
        if phrase is not None and folded(part):
            found.append(Drawn(record["id"], part, phrase))
    return found


def words(records: Sequence[Record], count: int, seed: int) -> list[str]:
    """Draw short runs of one script (人身取引, データ), as an analyst would type them."""
    chance = Random(seed)
    run = re.compile("[一-龠]{2,6}|[ァ-ヶー]{3,10}")
    found: list[str] = []
    while len(found) < count:
        runs = run.findall(chance.choice(records)["text"])
        if runs:
            found.append(chance.choice(runs))
    return found


# --- hostile strings ---------------------------------------------------------------------------

_SIGNS = (
    *"\"＂“”「」『』()（）*＊~～〜-－−:：‥/\\^[]{}?？|!+<>='`%#;@,、。", "..", "&&", "||", "$(",
)  # fmt: skip
_WORDS = (
    "OR", "AND", "NOT", "ＯＲ", "ＡＮＤ", "ＮＯＴ", "TO", "人身取引", "警察庁", "京都", "の",
    "において", "IOM", "2009", "2009..2014", "第3次", "一", "ー", "々", "ﾃﾞｰﾀ", "Ⅱ",
    "省庁:", "年:", "計画:", "title:", "measure:", "本文:", "text:", "ministry:",
    "year:9999999999..0", "省庁:警察庁", "年:平成23",
)  # fmt: skip
_ODD = (
    "\0", "\t", "\n", "\r", "\x1b[31m", "\x1e", "\x7f", "\u0085", "\u200b", "\u200f",
    "\u2028", "\u3000", "\ufeff", "\u3099", "\u309a", "\u0301", "\ufe0f", "\U000e0100",
    "\ue000", "\U0001f600", "\udc80", "\ud800", "\uffff", "\U0010ffff", "ß", "İ", "ŉ", "㍿",
    "ﷺ", "𠮷", "é",
)  # fmt: skip
_REPEATED = (
    "a", "の", "人身", "(", "（", '"', "-", "*", "あ* ", "~", "NOT ", "a OR ", "(a ", "省庁:",
    "々", "ー", "一", "\u3099", "か\u3099", " ", "a-", "京都~ ", "１", "年:1..", "一二三億",
)  # fmt: skip
_SMALL = (
    "", " ", "\u3000", "OR", "NOT", "-", "*", "~", ":", '""', "「」", "()", "（）", "a OR", "OR a",
)  # fmt: skip
_LONG = 10_000


def hostile(records: Sequence[Record], count: int, seed: int = 7) -> Iterator[str]:
    """Yield strings that no analyst types: operators, brackets, controls, 10,000 characters."""
    chance = Random(seed)
    made = [unit * (_LONG // len(unit)) for unit in _REPEATED]
    made += [pair[0] * 5000 + "人" + pair[1] * 5000 for pair in ("()", "（）", "「」", '""')]
    made += [chance.choice(records)["text"][:_LONG] for _ in range(20)]
    made += ["".join(record["text"] for record in chance.choices(records, k=200))[:_LONG], *_SMALL]
    yield from made[:count]
    for _ in range(count - len(made)):
        kind = chance.random()
        if kind < 0.5:
            parts = [
                chance.choice(chance.choice((_SIGNS, _SIGNS, _WORDS, _ODD)))
                for _ in range(chance.randint(1, 14))
            ]
            yield chance.choice(("", "", " ")).join(parts)
        elif kind < 0.75:
            yield "".join(_any_character(chance) for _ in range(chance.randint(1, 40)))
        else:
            text = chance.choice(records)["text"]
            start = chance.randrange(max(1, len(text)))
            pieces = list(text[start : start + chance.randint(1, 60)])
            for _ in range(chance.randint(1, 3)):
                pieces.insert(chance.randint(0, len(pieces)), chance.choice(_SIGNS + _ODD))
            yield "".join(pieces)


def _any_character(chance: Random) -> str:
    low, high = chance.choice(((1, 0x7F), (0x80, 0x2FF), (0x2000, 0x30FF), (0x4E00, 0x9FFF),
                               (0xF900, 0xFFFF), (0x1F000, 0x2FFFF)))  # fmt: skip
    return chr(chance.randint(low, high))
