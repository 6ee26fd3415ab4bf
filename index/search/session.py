"""One generation of the index, open for reading: its engine, its manifest, records by their ids.

`open_current` reads the pointer once; what it gives keeps to that generation until it is closed,
whatever is swapped in meanwhile.
"""

import os
import weakref
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, Protocol, Self

import msgspec

from shisaku.index.engine.base import Engine, Stored
from shisaku.index.errors import BrokenIndexError, NoIndexError, rebuild
from shisaku.index.generations.manifest import MANIFEST, Manifest, current, decode_manifest
from shisaku.index.query.plan import Restriction
from shisaku.index.records.filters import Filters
from shisaku.index.search.rollup import CountedAs, RollUp, itself
from shisaku.ingest.errors import to_type

Record = dict[str, Any]
"""A public record (docs/schema/passage.schema.json, measure.schema.json)."""

OpenEngine = Callable[[Path, Path], Engine]
"""(data directory, folder of a generation) → its engine.

Raises `FileNotFoundError` where a file of the generation is gone, and the errors of
`open_current`."""

_ATTEMPTS = 5
"""How often the pointer is read again when the generation that it named was cleared meanwhile."""


class HasSession(Protocol):
    """An open generation, or a searcher that has one."""

    @property
    def session(self) -> "OpenIndex":
        """The generation that is open now."""


class Closing:
    """What is closed when its `with` block ends."""

    def close(self) -> None:
        """Let go of what is open."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class OpenIndex(Closing):
    """One generation in `folder`, of the data directory `data`; threads may share it.

    Its files are closed by `close`, or else when nothing refers to it any more. `counted_as` gives,
    for a ministry's name, all names under which its passages are counted and found: the name itself
    and, of a bureau, the ministry; `published_as` does so for the name of a publisher. Without
    `rolled` records have their ministries as printed in the place of the rolled-up list, for
    callers that do not show it.
    """

    def __init__(
        self,
        data: Path,
        folder: Path,
        engine: Engine,
        counted_as: CountedAs = itself,
        published_as: CountedAs = itself,
        *,
        rolled: bool = True,
    ) -> None:
        self.data = data
        self.folder = folder
        self.engine = engine
        self.rollup = RollUp(engine, counted_as, published_as)
        self._rolled = rolled
        # Open while its generation is there for sure; few requests go on to read it.
        self._manifest = (folder / MANIFEST).open("rb")
        self._finalizer = weakref.finalize(self, _close, engine, self._manifest)

    @property
    def session(self) -> "OpenIndex":
        """Itself, as a `HasSession`."""
        return self

    @cached_property
    def manifest(self) -> Manifest:
        """What the generation holds of each document."""
        # Not by the position of the file: two threads may look at once.
        file = self._manifest.fileno()
        raw = os.pread(file, os.fstat(file).st_size, 0)
        return decode_manifest(raw, Path(self._manifest.name))

    def close(self) -> None:
        """Let go of the generation's files."""
        self._finalizer()

    def restriction(self, filters: Filters) -> Restriction:
        """Return filters as the engine applies them: bodies as the sets that have them."""
        return restricted_to(filters, self.rollup)

    # --- records -------------------------------------------------------------------------------

    def record(self, stored: Stored) -> Record:
        """Return the public record of a passage."""
        record: Record = msgspec.json.decode(stored.record)
        names = self.rollup.names if self._rolled else self.rollup.printed
        return record | {"ministries_rolled": list(names(stored.bodies))}

    def passage(self, key: str) -> Record | None:
        """Return the passage with this id, None where there is none."""
        found = self.engine.get("id", key)
        return self.record(found[0]) if found else None

    def measure(self, key: str) -> list[Record]:
        """Return the passages of the measure with this id, in document order."""
        return list(map(self.record, self.engine.get("measure", key)))

    def document(self, key: str) -> list[Record]:
        """Return the passages of the document with this id, in their order."""
        return list(map(self.record, self.engine.get("document", key)))

    def title(self, key: str) -> str:
        """Return the title of a document that has passages."""
        return self.engine.titles([key])[key]

    def around(self, record: Record, count: int) -> tuple[list[Record], list[Record]]:
        """Return up to `count` passages before and after, under the same heading and measure."""
        before, after = self.engine.around(self.engine.get("id", record["id"])[0].number, count)

        def same(neighbours: Iterator[Stored]) -> Iterator[Record]:
            for stored in neighbours:
                other = self.record(stored)
                if other["path"] != record["path"] or other["measure"] != record["measure"]:
                    return
                yield other

        return list(same(reversed(before)))[::-1], list(same(iter(after)))

    def ids(self, document: str) -> list[str]:
        """Return the ids of a document's passages and measures, for suggestions."""
        records = self.document(document)
        measures = [record["measure"]["id"] for record in records if record["measure"]]
        return [*(record["id"] for record in records), *dict.fromkeys(measures)]

    # --- names ---------------------------------------------------------------------------------

    def ministries(self) -> list[str]:
        """Return every name of a ministry in the index, as printed, in order."""
        return list(self.engine.terms("ministry"))

    def plans(self) -> list[str]:
        """Return every plan and series of the index, in order."""
        return list(self.engine.terms("plan"))

    def publishers(self) -> list[str]:
        """Return every publisher of the index, as printed, in order."""
        return list(self.engine.terms("publisher"))

    def document_id(self, text: str) -> str | None:
        """Return the id of the document that `text` names (`Manifest.document_id`)."""
        return self.manifest.document_id(text)

    def documents(self) -> list[str]:
        """Return the ids of the documents of the index."""
        return list(self.manifest.names())


def restricted_to(filters: Filters, rollup: RollUp) -> Restriction:
    """Return filters as an engine applies them: bodies as what it holds of them."""
    ministry, published = filters.ministry, "publisher" in filters.role
    return Restriction(
        filters,
        rollup.admitting(ministry, filters.role) if ministry else frozenset(),
        rollup.publishers(ministry) if ministry and published else frozenset(),
        rollup.publishers(filters.publisher) if filters.publisher else frozenset(),
    )


def _close(engine: Engine, manifest: BinaryIO) -> None:
    engine.close()
    manifest.close()


def open_current(
    data: Path,
    open_engine: OpenEngine,
    counted_as: CountedAs = itself,
    published_as: CountedAs = itself,
    *,
    rolled: bool = True,
) -> OpenIndex:
    """Open the generation of `data` that answers now; see `OpenIndex`.

    Raises:
        NoIndexError: there is none yet.
        IndexVersionError: it is another version's.
        BrokenIndexError: it cannot be read.

    """
    for attempt in range(_ATTEMPTS):
        folder = current(data)
        if folder is None:
            raise NoIndexError(
                f"there is no index in {data} yet", f"type: {to_type('update', data)}"
            )
        engine = None
        try:
            engine = open_engine(data, folder)
            return OpenIndex(data, folder, engine, counted_as, published_as, rolled=rolled)
        except FileNotFoundError as error:
            if engine is not None:
                engine.close()
            # Swapped out and cleared between reading the pointer and opening what it names.
            if current(data) == folder or attempt == _ATTEMPTS - 1:
                raise BrokenIndexError(
                    f"{folder} is not whole: {error.filename or error} is missing", rebuild(data)
                ) from error
    raise AssertionError("unreachable")
