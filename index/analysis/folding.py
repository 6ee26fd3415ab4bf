"""The search key: the folding under which spellings are equal in every search, quoted or not.

It is `ingest.text.fold.fold`, on which ids depend and which therefore does not change, and the
folding that only search needs. Each character is folded by itself, so the key of a substring is a
substring of the key; the search by pairs of characters depends on that. The trap: iteration marks
(々, ゝ) depend on the characters before them, so they stay in the key, and a query is expanded by
`literal_variants`.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence

from shisaku.ingest.text.fold import fold_map

DASH = "-"
"""The key of every dash, hyphen, minus sign and the long-vowel mark ー."""

# The long-vowel mark, and characters typed for it or of the same shape: ━ U+2501, ⸺ and ⸻, ˗
# U+02D7, ⁃ U+2043, ㅡ U+3161 (a Hangul vowel; NFKC gives U+1173). OCR and old word processors give
# them.
_DASHES = "ー━⸺⸻˗⁃\u1173〰"
# Invisible characters: soft hyphen, zero-width characters, bidirectional controls, variation
# selectors (葛 with U+E0100 is 葛).
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
# Apart: a character class of `re` with a character beyond U+FFFF is searched linearly for each
# character of a text, and takes fifty times as long.
_SPECIAL = re.compile(f"[{re.escape(''.join(chr(code) for code in _SEARCH if code <= 0xFFFF))}]")
_SELECTED = re.compile(f"[{chr(_SELECTORS.start)}-{chr(_SELECTORS.stop - 1)}]")
_VOICED = "\u3099"
_MAX_CHOICES = 4


def search_key_map(text: str) -> tuple[str, Sequence[int]]:
    """Return the search key of `text`, and for each of its characters the offset in `text`."""
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
    """Return the spellings of a search key with and without iteration marks, `key` first.

    々 repeats the ideograph before it (佐々木, 民主々義), 々々 the two before it (一歩々々), ゝ and
    ヽ the kana, ゞ and ヾ the kana with its voicing mark (くりかへし符号の使ひ方, Ministry of
    Education 1946). A key with more than four such places gives itself, the one without marks and
    the one with all.
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
        if _without_marks(variant) == written:  # 主人々々 is 主人主人, not 主人人人
            variants[variant] = None
    return tuple(variants)


def _without_marks(key: str) -> str:
    """Return `key` with iteration marks replaced by what they repeat; others stay."""
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
    """Return the characters that `mark` repeats after `before`, "" for none."""
    if mark == "々":
        return before if is_ideograph(before) else ""
    if (mark in "ゝゞ" and is_hiragana(before)) or (mark in "ヽヾ" and is_katakana(before)):
        plain = unicodedata.normalize("NFD", before)[0]
        return plain if mark in "ゝヽ" else unicodedata.normalize("NFC", plain + _VOICED)
    return ""


def _mark_for(before: str, char: str) -> str:
    """Return the iteration mark for `char` after `before`, "" for none."""
    marks = "々" if is_ideograph(before) else "ゝゞ" if is_hiragana(before) else "ヽヾ"
    return next((mark for mark in marks if _repeated(before, mark) == char), "")


def is_ideograph(char: str) -> bool:
    """Return whether `char` is an ideograph; 々 and 〆 are none."""
    return (
        "\u3400" <= char <= "\u9fff"
        or "\uf900" <= char <= "\ufaff"
        or ("\U00020000" <= char <= "\U0003ffff")
    )


def is_hiragana(char: str) -> bool:
    """Return whether `char` is a hiragana letter."""
    return "ぁ" <= char <= "ゖ"


def is_katakana(char: str) -> bool:
    """Return whether `char` is a katakana letter; the long-vowel mark is none."""
    return "ァ" <= char <= "ヺ"
