"""Ids of passages and measures: the same text in the same document always has the same id.

An id is the document's id and the first 12 hexadecimal digits of the SHA-256 of the folded text, so
it is equal across runs, machines and parser versions as long as the text is found.

Texts that stand in a document more than once get a number computed from the text around them. The
trap: a number by order would pass on when a page grows at its top, and a citation would silently
point to another passage.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence

from shisaku.ingest.text.fold import fold

_DIGITS = 12
_FIRST, _NUMBERS = 100_000, 900_000
"""Least number and count of numbers: six digits."""


def passage_key(document_id: str, text: str) -> str:
    """Return the id of a passage, before equal ids are told apart (`tell_apart`)."""
    return f"{document_id}#p-{_digest(text)[:_DIGITS]}"


def measure_key(document_id: str, label: str, title: str) -> str:
    """Return the id of a measure, before equal ids are told apart (`tell_apart`)."""
    return f"{document_id}#m-{_digest(label + title)[:_DIGITS]}"


def tell_apart(keys: Sequence[str], contexts: Sequence[Sequence[str]]) -> list[str]:
    """Return the ids for `keys`; where several keys are equal, each gets a number of six digits.

    `contexts` has for each key the texts around it, in the order in which they are tried (its
    heading, all headings, the text before it). The number is a hash of the first that no equal key
    has in common. Where all are in common, the order decides.
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
    """Return a number of six digits for each of the contexts, all different."""
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
