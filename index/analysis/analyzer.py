"""Text → tokens; the same analysis for documents and queries.

Two kinds of tokens are indexed. *Words* are those of MeCab, each with its surface and its
normalised lemma at one position, so that spellings of a word match and ranking works. *Grams* are
pairs of neighbouring characters of the folded text: MeCab's segmentation depends on the context, so
only grams make every substring findable. Both have code-point offsets into the stored text.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from shisaku.index.analysis.folding import search_key_map
from shisaku.index.analysis.mecab import MAX_TERM, entry_of, tokens
from shisaku.index.analysis.modern_forms import as_read
from shisaku.index.analysis.numerals import bridges, numerals

FIELD_BREAK = "\x1e"
"""Separator of texts that are analysed apart: the headings of a path. Folding removes it."""

_MAX_CHUNK = 4000  # characters; MeCab's memory grows with the sentence: 330 MB for 400,000
_SPACE = re.compile(r"\s")
_LATIN = re.compile("[0-9A-Za-z]{2,}")
_CONTROL = re.compile("[\0-\x1f]")


class Word(msgspec.Struct, frozen=True, gc=False):
    """A word: its keys, position, and span [start, end) in the stored text.

    The keys are search keys: the surface, then others by which it is found (lemma, value of a
    numeral, modern form of older ideographs).
    """

    terms: tuple[str, ...]
    position: int
    start: int
    end: int


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


@lru_cache(maxsize=64)  # headings return with each passage beneath them
def _folded(text: str) -> tuple[str, Sequence[int]]:
    return search_key_map(text)


def _spaced_key(text: str) -> tuple[str, Sequence[int]]:
    """Return the folded text and its offsets, with white space kept between Latin words only.

    人身 取引 is set with a gap and has no word boundary there; "policy making" has.
    """
    key, offsets = _folded(text)
    if not _SPACE.search(text):
        return key, offsets
    chars: list[str] = []
    places: list[int] = []
    done = 0
    for run in _LATIN.finditer(key):
        for at in range(run.start() + 1, run.end()):
            before, after = offsets[at - 1], offsets[at]
            if after - before > 1 and _SPACE.search(text, before, after):
                chars += (key[done:at], " ")
                places += (*offsets[done:at], before)
                done = at
    if not done:
        return key, offsets
    return "".join((*chars, key[done:])), [*places, *offsets[done:]]


def span_end(text: str, offsets: Sequence[int], index: int) -> int:
    """Return the end in `text` of the key's character `index`, with marks composed into it."""
    end = offsets[index] + 1
    following = index + 1
    while following < len(offsets) and offsets[following] < end:
        following += 1
    limit = offsets[following] if following < len(offsets) else len(text)
    for at in range(end, limit):  # a mark composes across white space as well
        # ﾞ and ゛ are marks by what they are folded to; a variation selector is one, too.
        if unicodedata.category(unicodedata.normalize("NFKC", text[at])[-1]) == "Mn":
            end = at + 1
    return end


def _chunks(key: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, sentence), cut at full stops: MeCab's result depends on the sentence."""
    # NUL ends the text for MeCab; other controls are no part of a word.
    key = _CONTROL.sub(" ", key)
    start = 0
    while start < len(key):
        stop = key.find("。", start, start + _MAX_CHUNK)
        end = stop + 1 if stop >= 0 else min(start + _MAX_CHUNK, len(key))
        yield start, key[start:end]
        start = end


Piece = tuple[int, int, tuple[str, ...]]
"""Start and end in the key, and terms; without terms it is a gap that no phrase crosses."""


@lru_cache(maxsize=16384)
def _compound(first: str, second: str) -> str | None:
    """Return the lemma of the dictionary word that two lemmas form together, else None.

    MeCab takes 見守り as one word or two depending on the context, and does not know 洗出し: 洗い
    and 出し form 洗い出し.
    """
    found = tokens(first + second)
    return (found[0].lemma or None) if len(found) == 1 else None


def _pieces(key: str, read: str) -> list[Piece]:
    """Return the words of `key`, segmented by MeCab in `read`, with numerals as numbers.

    `read` has the same length as `key` (`modern_forms.as_read`). Two tokens that form a dictionary
    word together are one.
    """
    found: list[Piece] = []
    row_start = row_end = -1
    respelled = key != read
    for base, chunk in _chunks(read):
        end = base
        leads = ""
        for token in tokens(chunk):
            before, start = end, end + token.space
            end = start + token.size
            entry = token.known or token.entry
            if respelled and not key.startswith(token.letters, start):
                entry = entry_of(key[start:end], token.letters, token.feature)
            if entry.plain and row_end < 0:
                leads = ""
                if entry.terms:
                    found.append((start, end, entry.terms))
                continue
            if row_end >= 0:
                bridge = end - start == 1 and bridges(read, start)
                if row_end == start and (entry.number or bridge):
                    row_end = end
                    continue
                found += _numerals(key, read, row_start, row_end)
                row_end = -1
            if leads and entry.follows and before == start:
                joined = _compound(leads, entry.follows)
                if joined:
                    first = found.pop()[0]
                    terms = dict.fromkeys((key[first:end][:MAX_TERM], joined[:MAX_TERM]))
                    found.append((first, end, tuple(terms)))
                    leads = ""
                    continue
            leads = entry.leads
            if entry.number:
                row_start, row_end = start, end
                continue
            if entry.breaks and not _abbreviates(read, start, end):
                found.append((start, end, ()))
            if entry.terms:
                found.append((start, end, entry.terms))
            if entry.counted:
                found.append((end - 1, end, (entry.counted,)))
    if row_end >= 0:
        found += _numerals(key, read, row_start, row_end)
    return found


def _abbreviates(read: str, start: int, end: int) -> bool:
    """Return whether a full stop is that of an abbreviation (No.5, Vol.3), not of a sentence."""
    before, after = read[start - 1 : start], read[end : end + 1]
    return read[start:end] == "." and _is_latin(before) and before.isalpha() and after.isdigit()


def _numerals(key: str, read: str, start: int, end: int) -> Iterator[Piece]:
    """Yield the numerals in a run of numeric tokens, and the text between them (数 in 十数人)."""
    done = start
    for first, last, value in numerals(read[start:end]):
        if start + first > done:
            yield from _letters(key, read, done, start + first)
        done = start + last
        surface = key[start + first : done][:MAX_TERM]
        terms = (surface,) if surface == value else (surface, value[:MAX_TERM])
        yield start + first, done, terms
    if done < end:
        yield from _letters(key, read, done, end)


def _letters(key: str, read: str, start: int, end: int) -> Iterator[Piece]:
    return ((at, at + 1, (key[at],)) for at in range(start, end) if read[at].isalnum())


@lru_cache(maxsize=16)  # a text is asked for twice
def words(text: str) -> tuple[Word, ...]:
    """Return the words of `text`; function words and punctuation have no position.

    A full stop and the separator of table cells (` | `) leave a gap that no phrase crosses.
    """
    found: list[Word] = []
    position = 0
    parts = list(_parts(text))
    printed = _printed if len(parts) == 1 else _printed_heading
    for base, part in parts:
        pieces = printed(part)
        found += [
            Word(terms, at, base + start, base + end)
            for at, (start, end, terms) in enumerate(pieces, position)
            if terms
        ]
        position += len(pieces) + 1
    return tuple(found)


def _printed(part: str) -> list[Piece]:
    """Return the words of a part of a text, with spans in the part as printed."""
    key, offsets = _spaced_key(part)
    pieces = _pieces(key, as_read(key, part, offsets))
    if isinstance(offsets, range):  # each character of the key is one of the text
        return pieces
    found: list[Piece] = []
    for start, end, terms in pieces:
        if terms:
            stop = offsets[end - 1] + 1
            # Only where something lies between this and the next character can it be a mark.
            if end == len(offsets) or offsets[end] != stop:
                stop = span_end(part, offsets, end - 1)
            start, end = offsets[start], stop
        found.append((start, end, terms))
    return found


_printed_heading = lru_cache(maxsize=64)(_printed)
"""`_printed` with a cache for headings, which recur with each heading below them."""


class Morph(NamedTuple):
    """A token of MeCab: surface as printed, span in the text, and parts of speech (UniDic)."""

    text: str
    start: int
    end: int
    pos: str
    detail: str
    more: str
    """Third level of the part of speech: 人名, 地名, …"""


def morphs(text: str) -> list[Morph]:
    """Return all tokens of `text`, particles and symbols included."""
    key, offsets = _spaced_key(text)
    found: list[Morph] = []
    for base, chunk in _chunks(as_read(key, text, offsets)):
        end = base
        for token in tokens(chunk):
            start = end + token.space
            end = start + token.size
            first, last = offsets[start], span_end(text, offsets, end - 1)
            pos, detail, more = token.feature.split(",", 3)[:3]
            found.append(Morph(text[first:last], first, last, pos, detail, more))
    return found


def readable(text: str) -> str:
    """Return `text` with each `FIELD_BREAK` replaced by a space; the length is unchanged."""
    return text.replace(FIELD_BREAK, " ")


def _parts(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for part in text.split(FIELD_BREAK):
        yield start, part
        start += len(part) + 1


def grams(text: str) -> Iterator[str]:
    """Yield the pairs of neighbouring characters of the folded text, in order.

    The last character is paired with an end mark, so that each character begins exactly one pair,
    and a single character is found as a prefix of pairs.
    """
    for _, part in _parts(text):
        key = _folded(part)[0]
        for index in range(len(key)):
            yield key[index : index + 2] if index + 1 < len(key) else key[index] + FIELD_BREAK


def folded_parts(text: str) -> list[str]:
    """Return the folded parts of a text, between which `grams` makes no pairs."""
    return [_folded(part)[0] for _, part in _parts(text)]
