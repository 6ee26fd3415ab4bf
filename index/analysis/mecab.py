"""The tokens of MeCab (fugashi, unidic-lite), each with its `Entry` for the index.

Takes a text and gives `Token`s. MeCab's result is parsed as one text, and entries are cached by
token, because fetching features node by node takes twice as long.
"""

import os
import re
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import fugashi
import msgspec
import unidic_lite

from shisaku.index.analysis.folding import search_key
from shisaku.index.analysis.lemma import katakana_key, read_feature
from shisaku.index.analysis.numerals import NUMERIC, numerals

MAX_TERM = 64
"""Greatest length of a term in characters; a run of Latin letters can be as long as the file."""

_KE = "(?<=[\u4e00-\u9fff])[ヶケがガ](?=[\u4e00-\u9fff])"
_KE_SIGNS = frozenset("ヶケがガ")
_COUNTED = re.compile("([一二三四五六七八九十]+)([人日])")
_KNOWN = 100_000
"""Number of tokens in the cache of entries."""
_local = threading.local()


def _tagger() -> Any:
    """Return this thread's tagger: MeCab is not thread-safe, nor usable after a fork."""
    if getattr(_local, "pid", None) != os.getpid():
        dictionary = Path(unidic_lite.DICDIR)
        # Named explicitly: fugashi would prefer a full UniDic in the same environment.
        # Parsing the whole result as one text costs half of reading surface and features by node.
        form = r'-O "" -F "=%M\t%H\n" -U "=%M\t%H\n" -E ""'
        _local.tagger = fugashi.GenericTagger(
            f'-r "{dictionary / "mecabrc"}" -d "{dictionary}" {form}'
        )
        _local.pid = os.getpid()
    return _local.tagger


class Entry(msgspec.Struct, frozen=True):
    """The terms and properties of a token, which do not depend on its context."""

    terms: tuple[str, ...] = ()
    breaks: bool = False
    number: bool = False
    """Whether it is a numeral or a part of one, in digits or ideographs."""
    counted: str = ""
    """The counter in a dictionary word that includes a number: 人 of 一人 and ひとり."""
    leads: str = ""
    """Its lemma where it can be the first part of a compound verb."""
    follows: str = ""
    """Its lemma where it can be the second part."""
    plain: bool = False
    """Whether it has at most terms, and none of the other properties."""


class Token(msgspec.Struct):
    """A token of MeCab: white space before it, surface, line of features, and properties."""

    space: int
    letters: str
    size: int
    feature: str
    pos: str
    lemma: str | None
    """The normalised lemma; None for numerals, names, Latin and unknown words."""
    known: Entry | None = None
    """The cached `entry`."""

    @property
    def entry(self) -> Entry:
        """Its entry, where the key has the same letters as the text that MeCab read."""
        if self.known is None:
            self.known = entry_of(self.letters, self.letters, self.feature)
        return self.known


class _Tokens(dict[str, Token]):
    """A cache of tokens by MeCab's line of output."""

    def __missing__(self, line: str) -> Token:
        letters, _, feature = line.removeprefix("=").partition("\t")
        bare = letters.lstrip(" ")
        token = Token(
            len(letters) - len(bare), bare, len(bare), feature,
            feature.partition(",")[0], read_feature(feature).lemma,
        )  # fmt: skip
        if len(self) >= _KNOWN:
            self.clear()
        self[line] = token
        return token


_tokens = _Tokens()


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text, with features; best called with one sentence.

    The text must not have control characters: NUL ends it for MeCab.
    """
    lines: str = _tagger().parse(text)
    return list(map(_tokens.__getitem__, lines.split("\n"))) if lines else []


@lru_cache(maxsize=65536)
def entry_of(surface: str, read: str, feature: str) -> Entry:
    """Return the entry of a token: `surface` is that of the key, `read` that which MeCab read."""
    morpheme = read_feature(feature)
    breaks = morpheme.breaks or surface == "|"
    # Unknown symbols and private-use characters (bullets of one font) are no words.
    if not morpheme.counts or not (morpheme.lemma or any(map(str.isalnum, surface))):
        return Entry(breaks=breaks, plain=not breaks)
    if morpheme.number and NUMERIC.issuperset(read.removeprefix("数")):
        return Entry((surface,), number=True)
    lemma = morpheme.lemma or surface
    terms = [surface, search_key(read), lemma]
    if not _KE_SIGNS.isdisjoint(surface):  # 霞が関, 霞ヶ関, 茅ケ崎, 鳩ヶ谷
        terms.append(re.sub(_KE, "ヶ", surface))
    counted = _COUNTED.fullmatch(lemma)
    if counted or morpheme.number:  # 一人, ひとり; ひと in ひとつ
        terms += [value for _, _, value in numerals(counted[1] if counted else lemma)]
    if sound := katakana_key(surface):
        terms.append(sound)
    unique = tuple(dict.fromkeys(term[:MAX_TERM] for term in terms))
    number = counted[2] if counted else ""
    leads = lemma if morpheme.leads else ""
    follows = lemma if morpheme.follows else ""
    return Entry(
        unique, counted=number, leads=leads, follows=follows,
        plain=not (number or leads or follows),
    )  # fmt: skip
