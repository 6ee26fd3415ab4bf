"""How an index is opened: the one place where the engine gets the registry.

`index/` does not know it: it takes the roll-up of ministries (a bureau counts for its ministry) and
the names of ministries and plans from whoever opens it. The command line and the public API both do
so through `searcher`, so that totals and facet counts are the same in both.

Trap: `index.search.searcher.Searcher(data)` by itself rolls nothing up and resolves only names that
stand in the index.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shisaku.ingest.errors import ShisakuError, to_type

if TYPE_CHECKING:
    from shisaku.index.search.names import Registry
    from shisaku.index.search.searcher import Searcher


class DataDirectoryError(ShisakuError):
    """The data directory is not there, or is no directory."""

    exit_code = 2


def existing_directory(data: str | os.PathLike[str]) -> Path:
    """Return the data directory as a path.

    Raises:
        DataDirectoryError: there is no such directory; the remedy makes one.

    """
    found = Path(data)
    if not found.is_dir():
        from shlex import quote

        raise DataDirectoryError(
            f"there is no directory {found}",
            f"type: mkdir -p {quote(str(found / 'raw'))}; put PDFs and web pages there; "
            f"then: {to_type('update', found)}",
        )
    return found


def searcher(data: Path, *, rolled: bool = True) -> "Searcher":
    """Open the index of a data directory, ministries rolled up by the registry.

    With `rolled` false the records have their ministries as printed under `ministries_rolled`,
    which is faster; filters and counts are rolled up in any case.

    Raises:
        NoIndexError: there is none yet.
        IndexVersionError: it was made by another version of this program.
        BrokenIndexError: it cannot be read.

    """
    from shisaku.index.search.searcher import Searcher

    return Searcher(
        data, _asks("counted_as"), known(), published_as=_asks("published_as"), rolled=rolled
    )


def known() -> "Registry":
    """Return what resolves names of ministries and plans that the index does not hold."""
    from shisaku.index.search.names import Registry

    return Registry(_asks("resolve"), _asks("resolve_plan"), _asks("plan_key"))


def _asks(question: str) -> Callable[[str], Any]:
    """Return a method of the registry, which is loaded at the first call."""

    def ask(word: str) -> Any:
        from shisaku.ingest.registry import registry

        return getattr(registry(), question)(word)

    return ask
