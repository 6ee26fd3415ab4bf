"""One generation of the index, open for reading: its passages, their places, their records.

An `OpenIndex` reads the pointer once and keeps to that generation until it is closed, whatever is
swapped in meanwhile. Passages go by Whoosh's numbers, which rise within a document as its passages
stand in it.
"""

import os
from array import array
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise, repeat
from operator import rshift
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from shisaku.index.engine.whoosh.codec.postings import SHIFT
from shisaku.index.engine.whoosh.codec.segment_map import CONTENTS, Contents, read_contents
from shisaku.index.engine.whoosh.codec.segment_reader import Segments
from shisaku.index.engine.whoosh.facet_columns import CountedAs, Places
from shisaku.index.errors import BrokenIndexError, NoIndexError, damaged, rebuild
from shisaku.index.generations.manifest import (
    MANIFEST,
    Manifest,
    check_version,
    current,
    decode_manifest,
    read_manifest,
)
from shisaku.index.records.fields import Place
from shisaku.ingest.errors import to_type

Record = dict[str, Any]

_ATTEMPTS = 5


class OpenIndex:
    """Reads one generation of the index of the data directory `data`.

    `counted_as` gives, for a ministry's name, all names under which its passages are counted and
    found: the name itself and, of a bureau, the ministry. Filters and facets take one and the same
    rolled-up list, so that a count is what the filter of that value gives. Without `rolled` records
    have their ministries as printed in its place, for who does not show it.

    Raises:
        NoIndexError: there is none yet.
        IndexVersionError: it is another version's.
        BrokenIndexError: it cannot be read.

    """

    def __init__(
        self, data: Path, counted_as: CountedAs = lambda name: (name,), *, rolled: bool = True
    ) -> None:
        self.data = data
        self._rolled = rolled
        for attempt in range(_ATTEMPTS):
            generation = current(data)
            if generation is None:
                raise NoIndexError(
                    f"there is no index in {data} yet", f"type: {to_type('update', data)}"
                )
            try:
                self._open(generation)
                break
            except FileNotFoundError as error:
                # Swapped out and cleared between reading the pointer and opening what it names.
                if current(data) == generation or attempt == _ATTEMPTS - 1:
                    raise BrokenIndexError(
                        f"{generation} is not whole: {error.filename or error} is missing",
                        rebuild(data),
                    ) from error
        self.size = self._rows.size
        """One more than the highest number of a passage."""
        self.places = Places(self._rows.each, counted_as)

    def _open(self, generation: Path) -> None:
        self.contents = self._read_contents(generation)
        check_version(self.data, self.contents.version)
        self._rows = Segments(generation, self.contents.segments)
        # Open while its generation is there for sure; few questions go on to read it.
        self._manifest = (generation / MANIFEST).open("rb")
        held = sum(segment.living for segment in self.contents.segments)
        if held != self.contents.passages:
            self.close()
            raise BrokenIndexError(
                f"{generation} holds {held} passages instead of {self.contents.passages}",
                rebuild(self.data),
            )

    def _read_contents(self, generation: Path) -> Contents:
        try:
            return read_contents(generation)
        except FileNotFoundError:
            # Another version's generation has other files.
            check_version(self.data, read_manifest(generation).version)
            raise
        except (ValueError, RecursionError) as error:
            # That of another version is not sealed.
            check_version(self.data, read_manifest(generation).version)
            raise damaged(generation / CONTENTS, str(error)) from error

    @cached_property
    def manifest(self) -> Manifest:
        """What the generation holds of each document."""
        # Not by the position of the file: two threads may look at once.
        file = self._manifest.fileno()
        raw = os.pread(file, os.fstat(file).st_size, 0)
        return decode_manifest(raw, Path(self._manifest.name))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the generation's files."""
        self._rows.close()
        self._manifest.close()

    # --- passages by their numbers -------------------------------------------------------------

    def everything(self) -> Iterator[int]:
        """Give the numbers of all passages, ascending."""
        return self._rows.everything()

    def measures(self) -> "Iterator[array[int]]":
        """Yield the numbers of each measure's passages, ascending."""
        for rows, base in self._rows.each:
            row, ends = rows.joined("measure")
            numbers = array("I", map(rshift, row, repeat(SHIFT)))
            if base:
                numbers = array("I", map(base.__add__, numbers))
            for start, end in pairwise([0, *ends]):
                if start < end:
                    yield numbers[start:end]

    def place_number(self, number: int) -> int:
        """Give the number, in `places`, of where a passage stands."""
        return self.places.numbers([number])[0]

    def place(self, number: int) -> Place:
        """Give where a passage stands, its ministries rolled up."""
        found: Place = self.places[self.place_number(number)]
        return found

    def stands(self, number: int) -> Place:
        """Give where a passage stands, its ministries as printed: for document and date."""
        return self.places.plain(self.place_number(number))

    def record(self, number: int) -> Record:
        """Give the public record of a passage."""
        record: Record = msgspec.json.decode(self._rows.record(number))
        found = self.place(number) if self._rolled else self.stands(number)
        return record | {"ministries_rolled": list(found.ministries)}

    # --- by their ids --------------------------------------------------------------------------

    def numbers(self, field: str, value: str) -> list[int]:
        """Give the passages with this `id`, `measure` or `document`, ascending."""
        return self._rows.numbers(field, value) if value else []

    def passage(self, key: str) -> Record | None:
        """Give the passage with this id."""
        numbers = self.numbers("id", key)
        return self.record(numbers[0]) if numbers else None

    def measure(self, key: str) -> list[Record]:
        """Give the passages of the measure with this id, in document order."""
        return [self.record(number) for number in self.numbers("measure", key)]

    def document(self, key: str) -> list[Record]:
        """Give the passages of the document with this id, in their order."""
        return [self.record(number) for number in self.numbers("document", key)]

    def title(self, key: str) -> str:
        """Give the title of a document that has passages."""
        return self._rows.title(key)

    def around(self, record: Record, count: int) -> tuple[list[Record], list[Record]]:
        """Give up to `count` passages before and after, under the same heading and measure."""
        numbers = self.numbers("document", record["document"])
        at = numbers.index(self.numbers("id", record["id"])[0])

        def same(neighbours: list[int]) -> Iterator[Record]:
            for number in neighbours[:count]:
                other = self.record(number)
                if other["path"] != record["path"] or other["measure"] != record["measure"]:
                    return
                yield other

        before = list(same(numbers[:at][::-1]))[::-1]
        return before, list(same(numbers[at + 1 :]))

    def ids(self, document: str) -> list[str]:
        """Give the ids of a document's passages and measures, for suggestions."""
        records = self.document(document)
        measures = [record["measure"]["id"] for record in records if record["measure"]]
        return [*(record["id"] for record in records), *dict.fromkeys(measures)]

    def ministries(self) -> list[str]:
        """Give every name that the ministry facet can show."""
        return list(self.contents.ministries)

    def plans(self) -> list[str]:
        """Give every plan and series of the index."""
        return list(self.contents.plans)
