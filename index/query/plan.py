"""What crosses the seam to an engine: a query, planned.

A plan is a tree of frozen structs. Its leaves say what is looked up in the index (`Words`), which
passages a filter admits (`Admitted`) or that all are meant (`Everything`); they are sets of
passages. `Lifted` turns the passages below it into the larger units of the request that hold them
(measures, sections, documents); `Every`, `Either`, `Except` and `Only` join sets of one kind. So
the planner alone decides where AND and NOT hold over a passage and where over a whole unit. Nothing
here needs text analysis: all keys are folded and analysed already (`index.query.patterns`,
`index.engine.planning`).
"""

from collections.abc import Callable
from typing import Literal

import msgspec

from shisaku.index.query.syntax import Scope
from shisaku.index.records.fields import Frame
from shisaku.index.records.filters import Filters

Slot = tuple[tuple[str, ...], int]
"""Alternative keys, and their place in the phrase, counted from its first word."""
Phrase = tuple[Slot, ...]


Part = Literal["text", "head", "title"]
"""A part of a passage: its text; its headings with the measure's title; its document's title."""


class Pattern(msgspec.Struct, frozen=True):
    """Words in sequence, or characters; found where either is."""

    slots: Phrase
    """The words as typed; none where only the characters count."""
    literals: tuple[str, ...]
    """Search keys that are one: with and without iteration marks."""
    near: tuple[Phrase, ...] = ()
    """Further sequences: what begins with the last word, or is nearly one of the words."""
    scope: Scope = ""
    documents: frozenset[str] | None = None
    """Where it holds, by document id; None: everywhere."""
    weight: float = 1.0
    near_weight: float = 1.0
    ranking: Phrase = ()
    """Words of a quotation: they find nothing, but 京都 itself answers it better than 東京都."""

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """The sequences of words, as typed first."""
        return (self.slots, *self.near) if self.slots else self.near

    @property
    def only_literal(self) -> bool:
        """Whether no words are sought, so that characters are all that can match."""
        return not self.slots and not self.near


Finds = Callable[[Pattern, str], tuple[bool, bool]]
"""(pattern, text) → whether the text holds the pattern's words, whether it holds its characters.

Handed to an engine that keeps a text and not its words (`index.query.highlight.finds`)."""


class Restriction(msgspec.Struct, frozen=True):
    """Filters as an engine applies them, passage by passage.

    The filters of bodies have been resolved. A passage passes `filters.ministry` if the number of
    its set of bodies (`Engine.body_sets`) is in `sets` or the publisher in its frame is in
    `published`; it passes `filters.publisher` if that is in `publishers`. An engine looks only at
    whether the two filters are empty, which lets every passage through; what `filters.role` says is
    in `sets` and `published` already.
    """

    filters: Filters = Filters()
    sets: frozenset[int] = frozenset()
    published: frozenset[str] = frozenset()
    publishers: frozenset[str] = frozenset()

    def barred_by(self, frame: Frame) -> tuple[str, ...]:
        """Return which filters reject a frame; that of ministries is left to `admits`."""
        barred = self.filters.barred_by(frame)
        if self.filters.publisher and frame.publisher not in self.publishers:
            return (*barred, "publisher")
        return barred

    def admits(self, frame: Frame, bodies: int) -> bool:
        """Tell whether the filter of ministries admits passages of a frame and a set of bodies."""
        named = not self.filters.ministry or bodies in self.sets
        return named or frame.publisher in self.published


class Words(msgspec.Struct, frozen=True):
    """The passages that one of `patterns` finds: the one typed first, then those that were added.

    A passage is found *as words* if the words of a pattern stand in it in sequence, or if the first
    pattern has no words; else *literally*. With `words_only` what is found only literally is left
    out.
    """

    patterns: tuple[Pattern, ...]
    words_only: bool = False


class Admitted(msgspec.Struct, frozen=True):
    """The passages that pass filters: a field of the query (省庁:警察庁)."""

    restriction: Restriction


class Everything(msgspec.Struct, frozen=True):
    """All passages."""


class Lifted(msgspec.Struct, frozen=True):
    """The units that hold at least one passage that `part` finds; a unit as good as its best."""

    part: "Plan"


class Every(msgspec.Struct, frozen=True):
    """What is in all of `parts`, of which there is at least one."""

    parts: tuple["Plan", ...]


class Either(msgspec.Struct, frozen=True):
    """What is in any of `parts`."""

    parts: tuple["Plan", ...]


class Except(msgspec.Struct, frozen=True):
    """What is in `part` and not in `hidden`; what is hidden has no part in scores."""

    part: "Plan"
    hidden: "Plan"


class Only(msgspec.Struct, frozen=True):
    """What is in `part` and in `among` as well; `among` has no part in scores."""

    part: "Plan"
    among: "Plan"


Plan = Words | Admitted | Everything | Lifted | Every | Either | Except | Only
EVERYTHING = Everything()


_NODE = 500
"""Bytes of a node or pattern without its keys."""
_KEY = 100
"""Bytes of a key."""


def size_of(plan: Plan) -> int:
    """Return about how many bytes a plan takes: a prefix of one letter has thousands of keys."""
    match plan:
        case Words(patterns):
            return _NODE + sum(map(size_of_pattern, patterns))
        case Every(parts) | Either(parts):
            return _NODE + sum(map(size_of, parts))
        case Except(part, hidden):
            return _NODE + size_of(part) + size_of(hidden)
        case Only(part, among):
            return _NODE + size_of(part) + size_of(among)
        case Lifted(part):
            return _NODE + size_of(part)
        case Admitted(restriction):
            return _NODE + _KEY * (len(restriction.sets) + len(restriction.published))
        case Everything():
            return _NODE


def size_of_pattern(sought: Pattern) -> int:
    """Return about how many bytes a pattern takes."""
    keys = sum(len(keys) for phrase in sought.phrases for keys, _ in phrase)
    return _NODE + _KEY * (keys + len(sought.documents or ()))


class MatchOptions(msgspec.Struct, frozen=True):
    """How a query is matched beyond what it says itself."""

    exact: bool = False
    """Nothing is added to what was typed: no synonym, no alias."""
    words_only: bool = False
    """What stands only inside other words is left out."""
    text_only: bool = False
    """Headings and measure titles do not count, except where a field prefix asks for them."""
