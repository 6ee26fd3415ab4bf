"""The writing half of the seam to an engine: passages as tokens, and what takes them.

Whoever writes knows nothing of plans and queries, so this stands apart from `base`, which has the
reading half.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

import msgspec

from shisaku.index.records.fields import Bodies, Frame


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
    """Whole keys by field: `id`, `document`, `measure`, `defines` (names that it defines), `begins`
    (the larger units that begin with it: `document`, `section`)."""
    fields: Mapping[str, Tokens]
    """Tokens by field: `text_words`, `text_grams`, `head_words`, `head_grams`, `title_words`;
    `label_words`, `label_grams` (labels of columns, captions); `defined_words` (terms that it
    defines); `about_words`, `about_grams` (title and plans of its document), which the first
    passage of a document has for all of them."""
    frame: Frame
    """Values of filters and facets: kind, plan, year, …"""
    bodies: Bodies
    """The bodies that it names and its publisher."""
    record: bytes
    """The public record, JSON in UTF-8."""
    title: str = ""
    """The title of the document."""
    aliases: bytes = b""
    """The pairs of names that the passage defines, JSON (`analysis.defined_names`)."""
    offsets: Sequence[int] = ()
    """Start and end of the word at each position of `text_words`, in code points of the text, one
    after the other; at a position without a word both are the end of the word before."""
    twin: int = 0
    """64 bits that passages of the same words in one family of documents share
    (`records.family.twin_of`)."""


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
