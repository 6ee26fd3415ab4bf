"""Ids of passages and measures: the same words in the same document keep their id for ever.

An id is made of the document's id and the first 12 hexadecimal digits of the SHA-256 of the folded
words, so it holds across runs, machines and parser versions as long as the words are found again.

Words that stand in a document more than once are told apart by a number made of the words around
them, not by their order: on a page that grows at its top, an order would hand the id of one passage
on to another, and a citation would silently point to other words.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence

from shisaku.ingest.text.fold import fold

_DIGITS = 12
_FIRST, _NUMBERS = 100_000, 900_000
"""Six digits tell equal words apart."""


def passage_key(document_id: str, text: str) -> str:
    """Give the id of the passage that reads `text` in a document where nothing else reads so."""
    return f"{document_id}#p-{_digest(text)[:_DIGITS]}"


def measure_key(document_id: str, label: str, title: str) -> str:
    """Give the id of the measure printed as `label` and `title`, likewise."""
    return f"{document_id}#m-{_digest(label + title)[:_DIGITS]}"


def tell_apart(keys: Sequence[str], contexts: Sequence[Sequence[str]]) -> list[str]:
    """Give each key as an id; where several are equal, all of them get a number of six digits.

    `contexts` has the words around each, the nearest first (its heading, all headings, what stands
    before it). The number is made of the first of them that no equal key shares. Where all are
    shared, the order decides after all.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for at, key in enumerate(keys):
        places[key].append(at)
    ids = list(keys)
    for key, group in places.items():
        if len(group) > 1:
            numbers = _numbers([contexts[at] for at in group])
            for at, number in zip(group, numbers, strict=True):
                ids[at] = f"{key}-{number}"
    return ids


def _numbers(contexts: Sequence[Sequence[str]]) -> list[int]:
    """Give a number for each context, no two of them equal."""
    # What stands above is the same for most of them.
    keys = {words: fold(words) for words in {words for each in contexts for words in each}}
    folded = [tuple(keys[words] for words in each) for each in contexts]
    shared = Counter((level, words) for each in folded for level, words in enumerate(each))
    numbers: dict[int, None] = {}
    following: dict[int, int] = {}
    for each in folded:
        level = next(
            (level for level, words in enumerate(each) if shared[level, words] == 1), len(each) - 1
        )
        words = each[level] if each else ""
        first = _FIRST + int(_digest(f"{level}\0{words}"), 16) % _NUMBERS
        number = following.get(first, first)
        while number in numbers:
            number += 1
        following[first] = number + 1
        numbers[number] = None
    return list(numbers)


def _digest(text: str) -> str:
    return hashlib.sha256(fold(text).encode("utf-8", "surrogatepass")).hexdigest()
