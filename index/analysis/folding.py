"""The search key: which spellings of a text are one for every search, quoted or not.

`ingest.text.fold.fold` stays what ids hang on; here is only what search needs on top. Each
character is folded by itself, so the key of a part of a text is a part of the text's key: that is
what makes a search by pairs of characters complete. Iteration marks say what they mean by what
stands before them; so they stay in the key, and a query asks for `literal_variants`.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence

from shisaku.ingest.text.fold import fold_map

DASH = "-"
"""The one sign for every dash, hyphen, minus sign and the long-vowel mark."""

# The long-vowel mark, and what is typed for it or drawn alike: ━ U+2501, ⸺ and ⸻, ˗ U+02D7,
# ⁃ U+2043, ㅡ U+3161 (a Korean vowel; folded to U+1173 by then). Japanese text of OCR and old word
# processors has them all.
_DASHES = "ー━⸺⸻˗⁃\u1173〰"
# What no reader sees: soft hyphen, zero-width signs, direction marks, variation selectors (葛 with
# U+E0100 is 葛).
_SELECTORS = range(0xE0100, 0xE01F0)
_UNSEEN = (
    *(0xAD, 0x180E, 0xFEFF),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2065),
    *range(0xFE00, 0xFE10),
    *_SELECTORS,
)
_SEARCH: dict[int, str | None] = {
    **{ord(char): DASH for char in _DASHES},
    **dict.fromkeys(_UNSEEN),
    0x303B: "々",  # 〻, its form in vertical text
}
# Apart: with a character from beyond U+FFFF in it, a set is looked through from end to end for each
# character of a text, and takes fifty times as long.
_SPECIAL = re.compile(f"[{re.escape(''.join(chr(code) for code in _SEARCH if code <= 0xFFFF))}]")
_SELECTED = re.compile(f"[{chr(_SELECTORS.start)}-{chr(_SELECTORS.stop - 1)}]")
_VOICED = "\u3099"
_MAX_CHOICES = 4


def search_key_map(text: str) -> tuple[str, Sequence[int]]:
    """Return the search key of `text` and, per character of it, its code-point offset in `text`."""
    key, offsets = fold_map(text)
    if not (_SPECIAL.search(key) or _SELECTED.search(key)):
        return key, offsets
    mapped = key.translate(_SEARCH)
    if len(mapped) != len(key):
        offsets = [
            offset
            for char, offset in zip(key, offsets, strict=True)
            if _SEARCH.get(ord(char), char) is not None
        ]
    return mapped, offsets


def search_key(text: str) -> str:
    """Return the search key of `text`; see `search_key_map`."""
    return search_key_map(text)[0]


def literal_variants(key: str) -> tuple[str, ...]:
    """Return the search keys that write the same with and without iteration marks, `key` first.

    々 repeats the ideograph before it (佐々木, 民主々義), 々々 the two before it (一歩々々), ゝ and
    ヽ the kana, ゞ and ヾ the kana with its voicing mark. A key with more than four such places
    gives itself, the one without any mark and the one with all.
    """
    written = _without_marks(key)
    places = [at for at in range(1, len(written)) if _mark_for(written[at - 1], written[at])]
    if len(places) > _MAX_CHOICES:
        chosen: Iterator[tuple[int, ...]] = iter([(), tuple(places)])
    else:
        sizes = range(len(places) + 1)
        chosen = (some for size in sizes for some in itertools.combinations(places, size))
    variants = dict.fromkeys([key])
    for some in chosen:
        chars = list(written)
        for at in some:
            chars[at] = _mark_for(written[at - 1], written[at])
        variant = "".join(chars)
        if _without_marks(variant) == written:  # 主人々々 is 主人主人, and not 主人人人
            variants[variant] = None
    return tuple(variants)


def _without_marks(key: str) -> str:
    """Write out the iteration marks; one that has nothing before it that it could repeat stays."""
    chars: list[str] = []
    at = 0
    while at < len(key):
        char = key[at]
        before = chars[-1] if chars else ""
        if key.startswith("々々", at) and all(map(is_ideograph, chars[-2:])) and len(chars) > 1:
            chars += chars[-2:]
            at += 2
            continue
        chars.append(_repeated(before, char) or char)
        at += 1
    return "".join(chars)


def _repeated(before: str, mark: str) -> str:
    """Return what `mark` stands for after `before`, "" where it repeats nothing."""
    if mark == "々":
        return before if is_ideograph(before) else ""
    if (mark in "ゝゞ" and is_hiragana(before)) or (mark in "ヽヾ" and is_katakana(before)):
        plain = unicodedata.normalize("NFD", before)[0]
        return plain if mark in "ゝヽ" else unicodedata.normalize("NFC", plain + _VOICED)
    return ""


def _mark_for(before: str, char: str) -> str:
    """Return the mark that can stand for `char` after `before`, "" where none can."""
    marks = "々" if is_ideograph(before) else "ゝゞ" if is_hiragana(before) else "ヽヾ"
    return next((mark for mark in marks if _repeated(before, mark) == char), "")


def is_ideograph(char: str) -> bool:
    """Tell an ideograph (々 and 〆 are none)."""
    return (
        "\u3400" <= char <= "\u9fff"
        or "\uf900" <= char <= "\ufaff"
        or ("\U00020000" <= char <= "\U0003ffff")
    )


def is_hiragana(char: str) -> bool:
    """Tell a hiragana letter."""
    return "ぁ" <= char <= "ゖ"


def is_katakana(char: str) -> bool:
    """Tell a katakana letter (the long-vowel mark is none)."""
    return "ァ" <= char <= "ヺ"
