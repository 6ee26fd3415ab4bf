"""The folding function: which spellings count as the same when texts are compared.

Stored text is never folded (NFKC would turn 1½ into 11⁄2); only keys are. `fold` gives the key,
`fold_map` also says for every character of the key where in the stored text it came from, so that
a match in the key can be highlighted in the text as printed.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from shisaku.ingest.text.radicals import RADICALS

# Hyphens, dashes and minus signs that NFKC leaves apart (Unicode: General_Category Pd, and U+2212).
_HYPHENS = dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63, 0xFF0D, 0x2500], "-")
# 〜 U+301C and ～ U+FF5E are one sign in practice: which one appears depends on the encoder.
_WAVES = {0x301C: "~", 0xFF5E: "~", 0x223C: "~"}
# ‧ U+2027: fonts share its glyph with ・, so PDFs give the one for the other.
_DOTS = {0x2027: "・"}
_OVERRIDES: dict[int, str] = {**_HYPHENS, **_WAVES, **_DOTS, **RADICALS}


_UNLIKE = "\ufffe"  # a noncharacter: no text has it


class _Apart(dict[int, str]):
    """The folded form of each character that folds the same whatever stands beside it.

    That is none for white space, several characters for ㈱; marks that join what stands before them
    have no form of their own here.
    """

    def __missing__(self, code: int) -> str:
        folded = _fold_char(chr(code))
        joins = any(part in "\u3099\u309a" or unicodedata.combining(part) for part in folded)
        self[code] = _UNLIKE if joins else folded
        return self[code]


class _Alike(dict[int, str]):
    """Those of `_Apart` that are one character, so that offsets stay as they are."""

    def __missing__(self, code: int) -> str:
        folded = _APART[code]
        self[code] = folded if len(folded) == 1 else _UNLIKE
        return self[code]


_APART = _Apart()
_ALIKE = _Alike()
# All but what folds to itself, in which most Japanese text is written: small letters, figures and
# marks of ASCII, kana, ideographs and the marks that go with them. A table is asked for each
# character anew; a set is quick to look through.
_FOLDING = re.compile(r"[^\0!-@\[-~、。々〈-】〔〕ぁ-ゖァ-ヾ一-鿿]+")


@lru_cache(maxsize=65536)
def _fold_char(char: str) -> str:
    mapped = _OVERRIDES.get(ord(char))
    if mapped is None:
        mapped = unicodedata.normalize("NFKC", char)
    return "".join(part for part in mapped.casefold() if not part.isspace())


def fold_map(text: str) -> tuple[str, Sequence[int]]:
    """Give the key of `text` and, per character of the key, its code-point offset in `text`.

    Compatibility forms are folded (NFKC, with radicals and dashes mapped first), case is folded and
    all white space dropped. A half-width kana and its voicing mark (ｶﾞ) become one character, which
    takes the offset of the kana; so does a base with a combining mark.
    """
    # Of nearly all texts each character gives one: then nothing need be looked at one by one.
    alike = _fold_by(_ALIKE, text)
    if _UNLIKE not in alike:
        return alike, range(len(text))
    apart = _fold_by(_APART, text)
    if _UNLIKE not in apart:
        return apart, _places(text)
    return _map_each(text)


def _fold_by(table: _Apart | _Alike, text: str) -> str:
    return _FOLDING.sub(lambda run: run[0].translate(table), text)


def _places(text: str) -> list[int]:
    """Give the offset of the character from which each one of `text`, folded apart, comes."""
    places: list[int] = []
    done = 0
    for run in _FOLDING.finditer(text):
        start, end = run.span()
        places.extend(range(done, start))
        places += [at for at in range(start, end) for _ in _APART[ord(text[at])]]
        done = end
    places.extend(range(done, len(text)))
    return places


def _map_each(text: str) -> tuple[str, list[int]]:
    """Do the same one character after the other, looking at what stands before it."""
    key: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        for part in _fold_char(char):
            if key and (part in "\u3099\u309a" or unicodedata.combining(part)):
                composed = unicodedata.normalize("NFC", key[-1] + part)
                if len(composed) == 1:
                    key[-1] = composed
                    continue
            key.append(part)
            offsets.append(offset)
    return "".join(key), offsets


def fold(text: str) -> str:
    """Give the key of `text`; see `fold_map`."""
    # White space is what folds most often, to nothing.
    apart = _fold_by(_APART, "".join(text.split()))
    return apart if _UNLIKE not in apart else _map_each(text)[0]
