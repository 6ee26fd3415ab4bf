"""The seam between searching and the engines that hold the index: types and one protocol.

Above the seam stand analysis, planning, names, roll-up, facets and records (`index.search`,
`index.engine.planning`); below it an engine evaluates plans over one generation. Two engines over
the same documents give equal sets, totals, counts and order of documents; scores may differ. The
suite in tests/index/engine/test_conformance.py holds every engine to this.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Literal, NamedTuple, Protocol

import msgspec

from shisaku.index.query.plan import Part, Pattern, Plan, Restriction
from shisaku.index.records.fields import Bodies

# --- reading -------------------------------------------------------------------------------------

UnitName = Literal["passage", "measure", "section", "document"]
"""What is searched and counted. A measure matches through any of its passages; passages without one
are left out. So do a section (passages of a document that follow each other under one heading,
`records.around.begins`) and a document. A plan has `Lifted` around what may stand anywhere in the
unit, whatever the unit is."""

Sort = Literal["relevance", "date"]

SCORE_DIGITS = 4
"""Decimals of a score that are shown, and that decide the order."""

Value = str | int | None
"""A value of a facet: of `ministry` the number of a set of bodies, of the others as in `Frame`;
None for a passage that has none."""

Combinations = dict[frozenset[tuple[Value, ...]], int]
"""How many units have exactly these values among their passages, each as a tuple in the order of
`Facet.by`. A passage has one tuple, so every key of unit `passage` holds one."""


class Facet(NamedTuple):
    """What is counted: units by the fields `by`, with the filters `lifted` not applied.

    Fields and filters go by their names in `Filters` and `Frame`. Only the passages that pass all
    other filters count, and a unit with no such passage does not. Without `by` units are counted as
    such: the key is {()}.
    """

    by: tuple[str, ...] = ()
    lifted: frozenset[str] = frozenset()


class Stored(msgspec.Struct, frozen=True):
    """A passage as an engine gives it back."""

    number: int
    """The engine's own number of the passage, for `Engine.offsets`; valid while it is open."""
    record: bytes
    """The public record as encoded when it was written (`records.fields.FIELDS` less the last)."""
    bodies: int
    """Number of its set of bodies."""
    defines: bytes = b""
    """Pairs [long, short] that it defines, as JSON; only from `Engine.get("defines", …)`."""


class Hit(msgspec.Struct, frozen=True):
    """A unit that matches."""

    score: float
    as_words: bool
    """Whether all that the query asks was found as words, and not only inside other words."""
    passages: Sequence[Stored]
    """The unit's passages in their order, each read when it is looked at; of a unit `passage` the
    one."""
    best: int = 0
    """Place in `passages` of the one that shows best what was found (`Engine.search`)."""
    best_score: float = 0.0
    best_as_words: bool = True
    """Score and kind of match of the best passage by itself."""
    more: int = 0
    """Of a search that folds: how many further passages of the answer are its twins."""


class Page(msgspec.Struct, frozen=True):
    """An answer: how many units match and pass, some of them, and the counts asked for."""

    total: int
    hits: tuple[Hit, ...]
    counts: tuple[Combinations, ...]
    """For each `Facet` asked for, in their order."""


class Engine(Protocol):
    """One generation of an index, open for reading; threads may share it.

    Reading what is damaged raises `BrokenIndexError`, reading after `close` an error.
    """

    @property
    def size(self) -> int:
        """Number of passages that can be found."""

    def keeping(self) -> AbstractContextManager[None]:
        """Return a context in which an engine may keep what a thread asks for again.

        One answer takes several searches with the same words: hits, wider hits, what would find
        something where nothing does.
        """

    def search(
        self,
        plan: Plan,
        restriction: Restriction,
        unit: UnitName,
        *,
        sort: Sort = "relevance",
        limit: int = 10,
        offset: int = 0,
        facets: Sequence[Facet] = (),
        fold: bool = False,
    ) -> Page:
        """Return a page of the units that `plan` finds and `restriction` admits, and counts.

        A unit is admitted if one of its passages passes all filters. `plan` finds units: for
        another unit than passages every path from its root to a leaf has one `Lifted`.

        The order of hits: by relevance those found as words first, then by falling score rounded
        to `SCORE_DIGITS`; by date the newest first, those without a date last. What is equal stands
        in document order, as does everything where the plan has no `Words`: documents by their
        ids in code-point order, passages as they stand in the document, a measure by its first.

        The best passage of a section or document is one that the filters admit before one that they
        do not; then one that more of the parts under a `Lifted` find; then one that is found by the
        rarer of them (the numbers of passages that these parts find are compared one by one, the
        smallest first); then the first. It is the same on every engine. That of a measure goes by
        its score instead of the rarer parts.

        With `fold` only the first in the order of passages with equal `TokenDoc.twin` is a hit, and
        `offset` and `limit` count these; `total` and counts are those of all. Other units than
        passages are never folded.
        """

    def scan(
        self, plan: Plan, restriction: Restriction, unit: UnitName
    ) -> Iterator[Sequence[Stored]]:
        """Yield the passages of each such unit, units in document order, read one by one.

        Of a section or document its best passage alone; see `search`.
        """

    def get(self, field: str, value: str) -> Sequence[Stored]:
        """Return the passages with a value of `id`, `document`, `measure` or `defines` (a key).

        Those of one document stand in their order.
        """

    def numbers(self, field: str, value: str) -> Sequence[int]:
        """Return the numbers of the passages that `get` gives, in the same order, unread."""

    def around(self, number: int, count: int) -> tuple[Sequence[Stored], Sequence[Stored]]:
        """Return the neighbours of a passage in its document, before and after, in their order.

        There are at most `count` on each side; each is read when it is looked at.
        """

    def terms(self, field: str, prefix: str = "") -> Iterator[str]:
        """Yield the values of a field that begin with `prefix`, in code-point order, each once.

        Fields: `text_words` and `head_words` (keys of words), `text_grams` (pairs of characters),
        `defines` (keys of names), `document`, `measure`, `id`; `ministry`, `publisher` and `plan`
        (with series) as printed. A term that stood only in deleted passages may be among them.
        """

    def titles(self, documents: Iterable[str]) -> dict[str, str]:
        """Return the titles of documents that have passages, by id."""

    def body_sets(self) -> Sequence[Bodies]:
        """Return the sets of bodies of passages by number; equal ones once.

        A number stays what it is while the engine is open.
        """

    def body_set(self, number: int) -> Bodies:
        """Return one of these sets, by a number that this engine has given."""

    def offsets(self, number: int, sought: Pattern) -> Iterable[tuple[int, int]] | None:
        """Return where in the text of a passage the words of a pattern stand in sequence.

        [start, end) in code points of the stored text; None where the engine keeps no offsets.
        """

    def holds(self, number: int, sought: Pattern, part: Part) -> bool:
        """Tell whether a part of a passage can hold the words of a pattern; True if not known."""

    def close(self) -> None:
        """Let go of files and connections."""
