"""Text → tokens: one analysis for what is indexed and for what is asked.

Two views of a text stand side by side. *Words* are what MeCab finds, each with its surface and its
normalised lemma at one position, so that spellings meet and ranking works. *Grams* are pairs of
neighbouring characters of the folded text: segmentation depends on context, so only they make
every substring findable. Both point back into the stored text by code-point offsets.
"""

import os
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import fugashi
import unidic_lite
from whoosh.analysis import Token as WhooshToken

from index.lemma import read_feature
from ingest.text.fold import fold_map

FIELD_BREAK = "\x1e"
"""Parts what must not be read together: two headings of one path. Folding drops it from texts."""

_MAX_TERM = 64  # characters; a run of Latin letters can be as long as the file
_MAX_CHUNK = 4000  # characters; MeCab's memory grows with the sentence: 330 MB for 400,000
_local = threading.local()


@dataclass(frozen=True)
class Word:
    """A word: its keys (surface, lemma if it differs), position, span in the stored text."""

    terms: tuple[str, ...]
    position: int
    start: int
    end: int


def _tagger() -> Any:
    """Give this thread's tagger: MeCab's state must not be shared, nor carried over a fork."""
    if getattr(_local, "pid", None) != os.getpid():
        dictionary = Path(unidic_lite.DICDIR)
        # Named outright: a full UniDic in the same environment would otherwise take its place.
        _local.tagger = fugashi.GenericTagger(f'-r "{dictionary / "mecabrc"}" -d "{dictionary}"')
        _local.pid = os.getpid()
    return _local.tagger


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


@lru_cache(maxsize=64)  # headings return with each passage beneath them
def _folded(text: str) -> tuple[str, list[int]]:
    return fold_map(text)


def _spaced_key(text: str) -> tuple[str, list[int]]:
    """Give the folded text with its offsets, white space kept only between Latin words.

    人身 取引 is one word pair set with a gap; "policy making" are two words.
    """
    key, offsets = _folded(text)
    if not any(char.isspace() for char in text):
        return key, offsets
    chars: list[str] = []
    places: list[int] = []
    for index, char in enumerate(key):
        if (
            index
            and _is_latin(char)
            and _is_latin(key[index - 1])
            and any(part.isspace() for part in text[offsets[index - 1] : offsets[index]])
        ):
            chars.append(" ")
            places.append(offsets[index - 1])
        chars.append(char)
        places.append(offsets[index])
    return "".join(chars), places


def span_end(text: str, offsets: list[int], index: int) -> int:
    """Give where in `text` the key's character `index` ends, with the marks composed into it."""
    end = offsets[index] + 1
    following = index + 1
    while following < len(offsets) and offsets[following] < end:
        following += 1
    limit = offsets[following] if following < len(offsets) else len(text)
    for at in range(end, limit):  # a mark composes over white space, too
        if text[at] in "ﾞﾟ\u3099\u309a" or unicodedata.combining(text[at]):
            end = at + 1
    return end


def _chunks(key: str) -> Iterator[tuple[int, str]]:
    """Cut at full stops, so that a word's analysis depends on its own sentence alone."""
    start = 0
    while start < len(key):
        stop = key.find("。", start, start + _MAX_CHUNK)
        end = stop + 1 if stop >= 0 else min(start + _MAX_CHUNK, len(key))
        # NUL would end the text for MeCab; other controls have no business in a word.
        yield start, "".join(" " if char < " " else char for char in key[start:end])
        start = end


@lru_cache(maxsize=16)  # a text is asked for twice, a document's title with every passage
def words(text: str) -> tuple[Word, ...]:
    """Give the words of `text`; function words and punctuation have no place in the count.

    A full stop and the cell rule of a table row (` | `) leave a gap that no phrase bridges.
    """
    found: list[Word] = []
    position = 0
    for part_start, part in _parts(text):
        key, offsets = _spaced_key(part)
        for base, chunk in _chunks(key):
            at = base
            for node in _tagger()(chunk):
                # feature_raw is read at once: MeCab reuses its memory for the next sentence.
                surface, feature = node.surface, node.feature_raw
                start = at + len(node.white_space)
                at = start + len(surface)
                morpheme = read_feature(feature)
                if morpheme.breaks or surface == "|":
                    position += 1
                if not morpheme.counts or all(map(_is_private, surface)):
                    continue
                terms = dict.fromkeys(
                    [surface[:_MAX_TERM], (morpheme.lemma or surface)[:_MAX_TERM]]
                )
                end = span_end(part, offsets, at - 1)
                found.append(
                    Word(tuple(terms), position, part_start + offsets[start], part_start + end)
                )
                position += 1
        position += 1
    return tuple(found)


def readable(text: str) -> str:
    """Give `text`, of the same length, without what the analysis keeps for itself."""
    return text.replace(FIELD_BREAK, " ")


def _is_private(char: str) -> bool:
    """Tell private-use characters (bullets, rules of one font), which are no words."""
    return unicodedata.category(char) == "Co"


def _parts(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for part in text.split(FIELD_BREAK):
        yield start, part
        start += len(part) + 1


def grams(text: str) -> Iterator[str]:
    """Yield the pairs of neighbouring characters of the folded text, in order.

    The last character pairs with an end mark, so that each character begins exactly one pair and
    a single character is found by the pairs that it begins.
    """
    for _, part in _parts(text):
        key = _folded(part)[0]
        for index in range(len(key)):
            yield key[index : index + 2] if index + 1 < len(key) else key[index] + FIELD_BREAK


def count_grams(text: str) -> int:
    """Give how many pairs `grams` yields."""
    return sum(len(_folded(part)[0]) for _, part in _parts(text))


class WordAnalyzer:
    """`words` as Whoosh wants it; pickled into the index by name, so its path must stay."""

    def __call__(self, value: str, **_: Any) -> Iterator[Any]:
        """Yield one token per key."""
        token = WhooshToken(positions=True, boosts=True)
        token.boost = 1.0
        for word in words(value):
            token.pos = word.position
            for term in word.terms:
                token.text = term
                yield token


class GramAnalyzer:
    """`grams` as Whoosh wants it; pickled into the index by name, so its path must stay."""

    def __call__(self, value: str, **_: Any) -> Iterator[Any]:
        """Yield one token per pair."""
        token = WhooshToken(positions=True, boosts=True)
        token.boost = 1.0
        for position, gram in enumerate(grams(value)):
            token.text, token.pos = gram, position
            yield token
