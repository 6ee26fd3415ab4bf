"""The writing half of the seam to an engine: passages as tokens, and what takes them.

Whoever writes knows nothing of plans and queries, so this stands apart from `base`, which has the
reading half.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

import msgspec

from shisaku.index.records.fields import Frame


class Tokens(NamedTuple):
    """The tokens of one field of one passage: two sequences of the same length."""

    terms: Sequence[str]
    positions: Sequence[int]
    """The position of each term, ascending, counted from 0; terms may share one (surface, lemma).
    A position that is left out is a gap that no phrase bridges."""


class TokenDoc(msgspec.Struct, frozen=True):
    """A passage as it is indexed: everything has been analysed.

    Passages of one document, and under one heading, share values: where they share one (the tokens
    of a heading) give all of them the same object, which an engine may recognise.
    """

    keys: Mapping[str, Sequence[str]]
    """Whole keys by field: `id`, `document`, `measure`, `defines` (names that it defines)."""
    fields: Mapping[str, Tokens]
    """Tokens by field: `text_words`, `text_grams`, `head_words`, `head_grams`, `title_words`."""
    frame: Frame
    """Values of filters and facets: kind, plan, year, …"""
    ministries: tuple[str, ...]
    """Responsible and acting ministries as printed, each once."""
    record: bytes
    """The public record, JSON in UTF-8."""
    title: str = ""
    """The title of the document."""
    aliases: bytes = b""
    """The pairs of names that the passage defines, JSON (`analysis.defined_names`)."""
    offsets: Sequence[int] = ()
    """Start and end of the word at each position of `text_words`, in code points of the text, one
    after the other; at a position without a word both are the end of the word before."""


class IndexWriter(Protocol):
    """Adds and removes passages; nothing shows in a search before `commit`.

    Exactly one of `commit` and `cancel` ends it. Passages keep the order in which they are added.
    """

    def records(self, document: str) -> Iterator[bytes]:
        """Yield the records of a document that were there before this writer, in their order."""

    def add(self, doc: TokenDoc) -> None:
        """Add a passage. What one writer has added it cannot delete."""

    def delete(self, document: str) -> None:
        """Remove the passages of the document with this id that were there before this writer."""

    def commit(self) -> None:
        """Make the changes permanent; raises OSError where the disk is full."""

    def cancel(self) -> None:
        """Forget all changes."""
