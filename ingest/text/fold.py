"""Folding: the key under which different spellings of a text compare as equal.

`fold` gives the key of a text: NFKC (Unicode Standard Annex #15) with radicals, dashes and waves
mapped first, case folded, white space (Unicode: White_Space) removed. `fold_map` also gives, for
every character of the key, its code-point offset in the text, so that a match in the key can be
highlighted in the text as printed. The trap: stored text is never folded (NFKC turns 1½ into 11⁄2).
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from shisaku.ingest.text.radicals import RADICALS

# Hyphens and dashes that NFKC keeps apart: of General_Category Pd (U+2010..2015, FE58, FE63, FF0D),
# the minus sign U+2212, and the box-drawing line U+2500, which is set as a dash.
_HYPHENS = dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63, 0xFF0D, 0x2500], "-")
# JIS X 0208 1-33 (波ダッシュ) is decoded as 〜 U+301C, or, by Windows (CP932), as ～ U+FF5E.
_WAVES = {0x301C: "~", 0xFF5E: "~", 0x223C: "~"}
# ‧ U+2027: fonts share its glyph with ・ U+30FB, so PDFs give either.
_DOTS = {0x2027: "・"}
_OVERRIDES: dict[int, str] = {**_HYPHENS, **_WAVES, **_DOTS, **RADICALS}


_UNLIKE = "\ufffe"  # a noncharacter (Unicode: Noncharacter_Code_Point): stands in no text


class _Apart(dict[int, str]):
    """A table for `str.translate`: code point → folded form, where the context does not matter.

    The form is "" for white space and several characters for ㈱. Marks that combine with the
    character before them (Canonical_Combining_Class > 0, U+3099, U+309A) give `_UNLIKE`.
    """

    def __missing__(self, code: int) -> str:
        folded = _fold_char(chr(code))
        joins = any(part in "\u3099\u309a" or unicodedata.combining(part) for part in folded)
        self[code] = _UNLIKE if joins else folded
        return self[code]


class _Alike(dict[int, str]):
    """The entries of `_Apart` of exactly one character, which leave offsets unchanged."""

    def __missing__(self, code: int) -> str:
        folded = _APART[code]
        self[code] = folded if len(folded) == 1 else _UNLIKE
        return self[code]


_APART = _Apart()
_ALIKE = _Alike()
# Runs of characters that may fold to something else. Most Japanese text is of characters that fold
# to themselves (ASCII small letters, digits and marks, kana, ideographs, 、。): the regular
# expression skips these faster than a lookup in the table for each.
_FOLDING = re.compile(r"[^\0!-@\[-~、。々〈-】〔〕ぁ-ゖァ-ヾ一-鿿]+")


@lru_cache(maxsize=65536)
def _fold_char(char: str) -> str:
    mapped = _OVERRIDES.get(ord(char))
    if mapped is None:
        mapped = unicodedata.normalize("NFKC", char)
    return "".join(part for part in mapped.casefold() if not part.isspace())


def fold_map(text: str) -> tuple[str, Sequence[int]]:
    """Return the key of `text` and, for each character of the key, its code-point offset in `text`.

    A half-width kana and its voicing mark (ｶﾞ) become one character, which has the offset of the
    kana; so does a base character with a combining mark.
    """
    # In nearly all texts each character gives one, and offsets are 0, 1, 2, …
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
    """Return for each character of the key by `_APART` its offset in `text`."""
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
    """Return key and offsets as `fold_map`, for a text with combining marks; the slow way."""
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
    """Return the key of `text`; see `fold_map`."""
    # `split` removes white space, the most frequent change, faster than the table.
    apart = _fold_by(_APART, "".join(text.split()))
    return apart if _UNLIKE not in apart else _map_each(text)[0]
