"""The public API that writes a data directory: parse raw/, build the index, both.

Each call is a run like that of the command of its name: it holds the lock of the directory, works
in processes of its own with limits of time and memory for each file, and is in `shisaku runs`
afterwards. Files and documents that fail are in the report; they raise nothing.

Trap: the processes import the program anew and nothing of the caller's, so no
`if __name__ == "__main__"` is needed; but data that another process reads must be on the disk.
"""

import contextlib
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from shisaku.answers import with_schema
from shisaku.index.generations import KEPT
from shisaku.index.generations.build_report import IndexReport
from shisaku.ingest.batch.report import IngestReport
from shisaku.limits import MEMORY_MB, TIMEOUT
from shisaku.opening import existing_directory
from shisaku.runs import Progress, guard_of, indexed, ingested, recorded, updated

if TYPE_CHECKING:
    from shisaku.ingest.runs.record import Run


class UpdateReport(msgspec.Struct, frozen=True):
    """What an update did: the report of its ingest and that of its index."""

    ingest: IngestReport
    index: IndexReport

    def to_json(self) -> dict[str, Any]:
        """Return what `shisaku update --json` prints (docs/schema/update.schema.json)."""
        return with_schema({"ingest": self.ingest.to_json(), "index": self.index.to_json()})


def ingest_documents(
    data: str | os.PathLike[str],
    *,
    jobs: int | None = None,
    force: bool = False,
    max_removed: int | None = None,
    allow_removal: bool = False,
    skip_folder: Collection[str] = (),
    timeout: float = TIMEOUT,
    memory_mb: int = MEMORY_MB,
    wait: float = 0.0,
    progress: Progress | None = None,
) -> IngestReport:
    """Parse what is new or changed under `data`/raw into `data`/parsed, as `shisaku ingest` does.

    Args:
        data: the data directory.
        jobs: processes that parse; None for one per processor.
        force: parse unchanged files again too.
        max_removed: documents that may go; None for half of all, and of more than 20 a tenth.
        allow_removal: any number of documents may go.
        skip_folder: folders under raw/ to leave out; what was read from them stays.
        timeout: seconds for one file.
        memory_mb: MB of memory for one file.
        wait: seconds to wait for another run to end.
        progress: called with files done, files to do, and the document just parsed.

    Returns:
        counts, and `problems`: a document that could not be read, with the reason and a remedy.

    Raises:
        DataDirectoryError: there is no such directory.
        NothingToReadError: there is no raw/ in it.
        UnlistedError: a folder under raw/ cannot be listed; nothing was written.
        RemovalError: too many documents would go; nothing was written.
        LockedError: another run did not end in time.
        DiskError: parsed/ or runs/ cannot be written.

    Example:
        >>> report = shisaku.ingest_documents("data")
        >>> report.new, report.failed
        (5, 0)

    """
    with _run(data, "ingest", wait) as run:
        return ingested(
            run,
            tell=_silent,
            progress=progress,
            jobs=jobs,
            force=force,
            max_removed=max_removed,
            allow_removal=allow_removal,
            skip_folder=skip_folder,
            timeout=timeout,
            memory_mb=memory_mb,
        )


def build_index(
    data: str | os.PathLike[str],
    *,
    rebuild: bool = False,
    jobs: int | None = None,
    max_removed: int | None = None,
    allow_removal: bool = False,
    timeout: float = TIMEOUT,
    memory_mb: int = MEMORY_MB,
    keep: int = KEPT,
    wait: float = 0.0,
    progress: Progress | None = None,
) -> IndexReport:
    """Bring `data`/index in line with `data`/parsed, as `shisaku index` does.

    Only documents that changed are indexed; with `rebuild` all are. The new generation is put in
    place whole: who has the index open goes on reading the one before. `keep` is how many
    generations stay; the other arguments are those of `ingest_documents`.

    Returns:
        counts of documents and passages, the name of the generation, and `problems`.

    Raises:
        DataDirectoryError: there is no such directory.
        NoIndexError: nothing has been parsed yet.
        RemovalError: too many documents would go; the last generation stays.
        LockedError: another run did not end in time.
        BuildError, WorkerError, BrokenIndexError, DiskError: the new generation could not be made;
            the last one stays.

    Example:
        >>> shisaku.build_index("data").passages
        115

    """
    with _run(data, "index --rebuild" if rebuild else "index", wait) as run:
        return indexed(
            run,
            tell=_silent,
            progress=progress,
            full=rebuild,
            guard=guard_of(run, max_removed, any_number=allow_removal),
            jobs=jobs,
            timeout=timeout,
            memory_mb=memory_mb,
            keep=keep,
        )


def update(
    data: str | os.PathLike[str],
    *,
    jobs: int | None = None,
    force: bool = False,
    max_removed: int | None = None,
    allow_removal: bool = False,
    skip_folder: Collection[str] = (),
    timeout: float = TIMEOUT,
    memory_mb: int = MEMORY_MB,
    keep: int = KEPT,
    wait: float = 0.0,
    progress: Progress | None = None,
) -> UpdateReport:
    """Parse, then index, under one lock, as `shisaku update` does.

    See `ingest_documents` and `build_index` for the arguments, what is raised and what is returned.

    Example:
        >>> shisaku.update("data").index.documents
        5

    """

    def following(stage: str) -> "contextlib.AbstractContextManager[Progress | None]":
        return nullcontext(progress)

    with _run(data, "update", wait) as run:
        taken, made = updated(
            run,
            tell=_silent,
            stage_progress=following,
            keep=keep,
            jobs=jobs,
            force=force,
            max_removed=max_removed,
            allow_removal=allow_removal,
            skip_folder=skip_folder,
            timeout=timeout,
            memory_mb=memory_mb,
        )
    return UpdateReport(taken, made)


@contextlib.contextmanager
def _run(data: str | os.PathLike[str], command: str, wait: float) -> "Iterator[Run]":
    """Record a run; an error of the disk is told as one.

    Raises:
        DataDirectoryError, LockedError, DiskError: see `ingest_documents`.

    """
    place: Path = existing_directory(data)
    with recorded(place, command, wait=wait) as run:
        yield run


_silent: Callable[[str], None] = lambda line: None  # noqa: E731 - the reports have what it says
