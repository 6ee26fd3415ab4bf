"""Ids of passages and measures: the same words in the same document keep their id for ever.

An id is made of the document's id and the first 12 hexadecimal digits of the SHA-256 of the folded
words, so it holds across runs, machines and parser versions as long as the words are found again.
Words that stand in a document more than once are told apart by their order: -2, -3, …
"""

import hashlib
from collections.abc import MutableMapping

from ingest.text.fold import fold

_DIGITS = 12


def passage_id(document_id: str, text: str, seen: MutableMapping[str, int]) -> str:
    """Give the id of the passage that reads `text`; `seen` counts ids so far and is updated."""
    return _numbered(f"{document_id}#p-{_digest(text)}", seen)


def measure_id(document_id: str, label: str, title: str, seen: MutableMapping[str, int]) -> str:
    """Give the id of the measure printed as `label` and `title`; `seen` as in `passage_id`."""
    return _numbered(f"{document_id}#m-{_digest(label + title)}", seen)


def _digest(text: str) -> str:
    return hashlib.sha256(fold(text).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def _numbered(base: str, seen: MutableMapping[str, int]) -> str:
    count = seen[base] = seen.get(base, 0) + 1
    return base if count == 1 else f"{base}-{count}"
