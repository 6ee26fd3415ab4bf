"""What is searched, counted and given back: passages as they are, or whole measures.

A measure matches where the query matches over its passages together: what the matcher finds for
each word is *lifted* from passages to measures before AND, OR and NOT join it. Units have numbers
that rise in the order of Whoosh's numbers of their (first) passages, so that both kinds are put
into document order in one way.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain, compress, groupby
from operator import itemgetter
from typing import Any, Literal, Protocol

from shisaku.index.engine.whoosh.arrays import picked
from shisaku.index.engine.whoosh.hits import Match, Matches, Merits, merits_of, numbers_of
from shisaku.index.search.facets import Groups
from shisaku.index.search.session import OpenIndex, Record

UnitName = Literal["passage", "measure"]


def counted(total: int, unit: UnitName) -> str:
    """Give a number of units in words: 1 passage, 2 passages."""
    return f"{total} {unit}" + ("" if total == 1 else "s")


MEASURE_FIELDS = (
    "id", "document", "document_title", "kind", "label", "title", "plan", "plan_series",
    "publisher", "issued", "year", "fiscal_year", "path", "ministries", "actors", "and_others",
    "marks", "statuses", "text", "passages", "page", "page_end", "source", "url", "sha256",
    "page_label", "ministries_rolled",
)  # fmt: skip
"""Names of a measure record's fields in their order (docs/schema/measure.schema.json)."""


class Unit(Protocol):
    """Passages or measures of one open index, each by its number."""

    name: UnitName

    def everything(self) -> Iterable[int]:
        """Give all numbers, ascending."""

    def first(self, number: int) -> int:
        """Give the number of its first passage."""

    def groups(self, numbers: Sequence[int]) -> Groups:
        """Give for each the numbers of the places in which its passages stand."""

    def record(self, number: int) -> Record:
        """Give the public record."""


class Passages:
    """Each passage is a unit of its own."""

    name: UnitName = "passage"

    def __init__(self, opened: OpenIndex) -> None:
        self._opened = opened
        self.everything = opened.everything
        self.record = opened.record

    def first(self, number: int) -> int:
        """Give the number itself."""
        return number

    def groups(self, numbers: Sequence[int]) -> Groups:
        """Give the number of each one's place."""
        return Groups(self._opened.places.numbers(numbers))


NONE = (1 << 32) - 1
"""No measure's number."""


class Measures:
    """Each measure is a unit; passages without a measure are left out."""

    name: UnitName = "measure"

    def __init__(self, opened: OpenIndex) -> None:
        self._opened = opened
        self._members = array("I")
        self._starts = array("I", [0])
        self._of = array("I", [NONE]) * opened.size
        # An id names the document, whose passages were added in one go: no measure is torn.
        for at, numbers in enumerate(sorted(opened.measures(), key=itemgetter(0))):
            self._members.extend(numbers)
            self._starts.append(len(self._members))
            for number in numbers:
                self._of[number] = at

    def everything(self) -> Iterable[int]:
        """Give the numbers of all measures."""
        return range(len(self._starts) - 1)

    def members(self, number: int) -> "array[int]":
        """Give the numbers of its passages in their order."""
        return self._members[self._starts[number] : self._starts[number + 1]]

    def first(self, number: int) -> int:
        """Give the number of its first passage."""
        return self._members[self._starts[number]]

    def groups(self, numbers: Sequence[int]) -> Groups:
        """Give the numbers of the places of each one's passages."""
        members = list(map(self.members, numbers))
        passages = sorted(chain.from_iterable(members))
        place = dict(zip(passages, self._opened.places.numbers(passages), strict=True))
        places = list(map(place.__getitem__, chain.from_iterable(members)))
        return Groups(places, list(accumulate(map(len, members))))

    def of(self, passages: Sequence[int]) -> Sequence[int]:
        """Give the number of each passage's measure, `NONE` for one without."""
        return picked(self._of, passages)

    def record(self, number: int) -> Record:
        """Give the measure with the words of all its passages."""
        return measure_record([self._opened.record(n) for n in self.members(number)])


class LiftedMatches(Matches):
    """The measures of the passages that match, each as good as its best passage."""

    def __init__(self, measures: Measures, passages: Matches) -> None:
        numbers = set(measures.of(passages.numbers))
        numbers.discard(NONE)
        super().__init__(numbers_of(sorted(numbers)))
        self._measures = measures
        self._passages = passages

    def merits(self, numbers: Sequence[int]) -> Merits:
        """Join the merits of each one's passages."""
        passages: Sequence[int] = self._passages.numbers
        if len(numbers) < len(self):
            members = chain.from_iterable(map(self._measures.members, numbers))
            passages = self._passages.among(sorted(members))
        of = self._measures.of(passages)
        kinds, which = self._passages.merits(passages)
        worst_first = sorted(range(len(kinds)), key=lambda kind: kinds[kind].score)
        ranks = [0] * len(kinds)
        for rank, kind in enumerate(worst_first):
            ranks[kind] = rank
        best: dict[int, int] = {}
        for number, rank in zip(of, picked(ranks, which), strict=True):
            if rank > best.get(number, -1):
                best[number] = rank
        as_words = [kind.as_words for kind in kinds]
        worded = set(of if all(as_words) else compress(of, picked(as_words, which)))
        return merits_of(
            ((best[number], number in worded) for number in numbers),
            lambda key: Match(kinds[worst_first[key[0]]].score, key[1]),
        )


class Lifted:
    """Lifts what is found to measures, and remembers which passages it was found in."""

    def __init__(self, measures: Measures) -> None:
        self._measures = measures
        self._leaves: list[Matches] = []

    def __call__(self, matches: Matches) -> Matches:
        """Give the measures; the matcher calls this for each word of the query."""
        self._leaves.append(matches)
        return LiftedMatches(self._measures, matches)

    @property
    def hiding(self) -> "Lifted":
        """The same, apart: what a measure must not have cannot be what shows it best."""
        return Lifted(self._measures)

    def best(self, number: int, admits: Callable[[int], bool]) -> int:
        """Give the passage of a measure that shows best what was found, the first of equals.

        One that the filters admit goes before one that they do not.
        """

        def merit(passage: int) -> tuple[bool, int, float]:
            return admits(passage), len(self._found(passage)), self.match(passage).score

        return max(self._measures.members(number), key=merit)

    def _found(self, passage: int) -> list[Match]:
        return [leaf[passage] for leaf in self._leaves if passage in leaf]

    def match(self, passage: int) -> Match:
        """Give how well a passage by itself matches those words of the query that it holds."""
        found = self._found(passage)
        return Match(sum(match.score for match in found), all(match.as_words for match in found))


def runs(unit: Unit, numbers: Sequence[int], opened: OpenIndex) -> list[tuple[int, int]]:
    """Give [start, end) of the pieces of `numbers` (ascending) that put it into document order.

    A document's passages are added in one go, so Whoosh numbers them as they stand in it: only the
    documents need sorting, and a million numbers are never copied.
    """
    places = opened.places.numbers([unit.first(number) for number in numbers])
    frames, _ = opened.places.parts(places)
    documents = [frame.document for frame in opened.places.frames]
    found: list[tuple[str, int, int]] = []
    start = 0
    for document, group in groupby(map(documents.__getitem__, frames)):
        end = start + sum(1 for _ in group)
        found.append((document, start, end))
        start = end
    return [(start, end) for _, start, end in sorted(found)]


def _all(records: Sequence[Record], field: str) -> list[Any]:
    return list(dict.fromkeys(value for record in records for value in record[field]))


def _texts(records: Sequence[Record]) -> Iterator[str]:
    for record in records:
        yield f"{record['mark']} {record['text']}" if record["mark"] else record["text"]


def measure_record(records: Sequence[Record]) -> Record:
    """Give the public record of the measure that these passages make, in their order."""
    first = records[0]
    foremost = min(records, key=lambda record: int(record["page"]))
    same = {
        name: first[name]
        for name in ("document", "kind", "plan", "plan_series", "publisher", "issued", "year",
                     "fiscal_year", "path", "source", "url", "sha256")
    }  # fmt: skip
    made = (
        same
        | first["measure"]
        | {
            "document_title": first["title"],
            "ministries": _all(records, "ministries"),
            "actors": _all(records, "actors"),
            "and_others": any(record["and_others"] for record in records),
            "marks": list(dict.fromkeys(r["mark"] for r in records if r["mark"])),
            "statuses": {
                name: sum(record["status"] == name for record in records)
                for name in ("done", "pending")
            },
            "text": "\n".join(_texts(records)),
            "passages": [record["id"] for record in records],
            "page": foremost["page"],
            "page_end": max(record["page_end"] for record in records),
            "page_label": foremost["page_label"],
            "ministries_rolled": _all(records, "ministries_rolled"),
        }
    )
    return {name: made[name] for name in MEASURE_FIELDS}
