"""Numbered lines that head text, told by the sequence they stand in: (a) …, (b) …, (c) ….

Documents number lists and headings alike. What tells them apart is the whole sequence: if nearly
each of its members is a short line with text of its own below, they are headings; items of a list
follow each other or are sentences. The same kind of label may do either in another sequence.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from shisaku.ingest.model import Block, TextBlock
from shisaku.ingest.structure.outline.numbering import Label, is_first, parse_label

H = TypeVar("H")

_LEAST = 2
"""Members of a sequence that tells anything."""
_MOST_ALIKE = 0.8
"""Part of the members that must be short lines with text below."""
_OPEN = 20
"""Sequences of a kind that may go on, the last ones: outlines are no deeper."""
_INDENT = 0.6
"""Characters by which the indents of members may differ."""
_LEFT_OUT = frozenset(("bullet", "article", "annex", "closed"))
"""Kinds of label that do not count, are headings by rules of their own, or number lists by far more
often than parts (1) 2) 3))."""


@dataclass
class Numbered:
    """A sequence: the positions of blocks whose labels, of one kind, count up by one."""

    label: Label
    """That of its last member so far."""
    indent: float
    places: list[int] = field(default_factory=list)


def find_sequences(blocks: Sequence[Block]) -> list[Numbered]:
    """Return the sequences of numbered blocks, in the order in which they begin.

    A number that does not follow at the same indent begins a new sequence.
    """
    found: list[Numbered] = []
    open_: dict[str, list[Numbered]] = {}
    for at, block in enumerate(blocks):
        if not isinstance(block, TextBlock) or block.role in {"footnote", "caption"}:
            continue
        label = parse_label(block.text.strip())
        if label is None or label.value is None or label.kind in _LEFT_OUT:
            continue
        before = next(
            (
                one
                for one in reversed(open_.get(label.kind, [])[-_OPEN:])
                if label.follows(one.label) and abs(one.indent - block.indent) <= _INDENT
            ),
            None,
        )
        if before is None:
            before = Numbered(label, block.indent)
            found.append(before)
            if is_first(label):
                open_[label.kind] = []
            open_.setdefault(label.kind, []).append(before)
        before.label = label
        before.places.append(at)
    return found


def heading_sequences(
    blocks: Sequence[Block],
    maybe: Mapping[int, H],
    listed: Collection[int],
    has_text_below: Callable[[int, H], bool],
) -> dict[int, H]:
    """Return those of `maybe` (short numbered lines by position) whose sequence heads text.

    `listed` are positions of items within a sentence, which never do.
    """
    chosen: dict[int, H] = {}
    for sequence in find_sequences(blocks):
        places = sequence.places
        if len(places) < _LEAST or any(at in listed for at in places):
            continue
        heads = [at for at in places if at in maybe and has_text_below(at, maybe[at])]
        if len(heads) >= _MOST_ALIKE * len(places):
            chosen.update({at: maybe[at] for at in places if at in maybe})
    return chosen
