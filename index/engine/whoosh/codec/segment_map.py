"""`contents.json` of a generation: what a reader needs for any question, and no more.

It says where in the files of the segments each part lies and which passages are deleted, so that a
reader maps the files and loads nothing of Whoosh. The manifest, which grows with the number of
documents, is not read for a search. It is written after the segments and before the manifest.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from shisaku.ingest.disk.sealed import seal, unseal

if TYPE_CHECKING:
    from shisaku.index.records.entries import Entry

CONTENTS = "contents.json"
Part = tuple[int, int]
"""Where something begins and ends, in bytes or in numbers of passages."""


class Held(msgspec.Struct, frozen=True):
    """A segment: its file, and where in it each part lies."""

    file: str
    count: int
    """Number of passages, the deleted among them."""
    parts: dict[str, Part]
    """Rows and columns by name."""
    deleted: tuple[Part, ...] = ()
    """Stretches of numbers of deleted passages; a document's stand side by side."""
    sums: bytes = b""
    """Checksums of the file's blocks (`block_checksums`)."""

    def gone(self) -> frozenset[int]:
        """Return the numbers of the deleted passages."""
        return frozenset(number for part in self.deleted for number in range(*part))

    @property
    def living(self) -> int:
        """Number of passages that are not deleted."""
        return self.count - sum(end - start for start, end in self.deleted)


def check(held: Held, size: int) -> None:
    """Compare what is said of a segment with itself and with the size of its file, in bytes.

    Raises:
        ValueError: it cannot be so.

    """
    if any(not 0 <= start <= end <= size for start, end in held.parts.values()):
        raise ValueError(f"{held.file} has {size} bytes, which are not enough")
    if any(not 0 <= start < end <= held.count for start, end in held.deleted):
        raise ValueError(f"of {held.file} passages are deleted that it does not hold")


class Contents(msgspec.Struct, frozen=True):
    """What a generation holds, for those who ask it."""

    version: str
    passages: int
    lengths: dict[str, int]
    """Tokens by field, over all living passages."""
    ministries: tuple[str, ...]
    """Every name that a passage gives as responsible or acting, in order."""
    plans: tuple[str, ...]
    """Every plan and series, in order."""
    publishers: tuple[str, ...]
    """Every name that the publisher facet can show, in order."""
    segments: tuple[Held, ...]
    """In the order of their passages' numbers."""


def contents_of(version: str, entries: Mapping[str, "Entry"], segments: Iterable[Held]) -> Contents:
    """Put together what the entries of the manifest say for all documents."""
    lengths: Counter[str] = Counter()
    for entry in entries.values():
        lengths.update(entry.lengths)
    return Contents(
        version,
        sum(entry.passages for entry in entries.values()),
        dict(sorted(lengths.items())),
        tuple(sorted({name for entry in entries.values() for name in entry.ministries})),
        tuple(sorted({name for entry in entries.values() for name in entry.plans})),
        tuple(sorted({entry.publisher for entry in entries.values() if entry.publisher})),
        tuple(segments),
    )


def stretches(numbers: Iterable[int]) -> tuple[Part, ...]:
    """Return the stretches of neighbours among numbers, as first and one past the last."""
    found: list[Part] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number:
            found[-1] = (found[-1][0], number + 1)
        else:
            found.append((number, number + 1))
    return tuple(found)


def write_contents(generation: Path, contents: Contents) -> None:
    """Write the contents of `generation`."""
    (generation / CONTENTS).write_bytes(seal(msgspec.json.encode(contents)))


def read_contents(generation: Path) -> Contents:
    """Read the contents of `generation`.

    Raises:
        FileNotFoundError: it has none.
        ValueError: they are damaged, or a version of the program wrote them that sealed nothing.

    """
    return msgspec.json.decode(unseal((generation / CONTENTS).read_bytes()), type=Contents)
