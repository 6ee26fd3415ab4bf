"""DIR/runs/fetch-state.json: what the last run saw of each URL.

Nothing but a memory: without it every page is asked for in full once more. It keeps from raw/ what
changes every night (when a URL was last asked), and the links of pages that answer "not modified".
"""

import contextlib
from pathlib import Path

import msgspec

from ingest.store import write_atomically

_VERSION = 2
"""Goes up when links are read otherwise, so that no old reading is taken for the page's."""


class Seen(msgspec.Struct, frozen=True, omit_defaults=True):
    """A URL as it was last seen; `checked` is when it last answered (ISO 8601, UTC)."""

    checked: str = ""
    final_url: str = ""
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    links: tuple[str, ...] | None = None
    """Canonical URLs that are wanted or followed; None where nobody looked for links."""
    rules: str = ""
    """By which the links were picked (`bounds.rules_of`); "" where all of the page are here."""
    left: int = 0
    """Number of the page's other links."""
    more: bool = False
    """Whether the page has more links than are read."""
    index: bool = False
    """Whether the links are pages to watch themselves (an index of sitemaps)."""
    turn: int = 0
    """Place in the queue of what the last run had no time for, from 1; 0: not in it."""
    failure: str = ""
    """Code of the problem of the last run; "" where it went well."""
    lost: bool = False
    """Whether it may have led to files that are kept, but was not read since the memory went."""


class _File(msgspec.Struct):
    version: int = _VERSION
    sources: dict[str, dict[str, Seen]] = {}


class State:
    """The memory of all sources."""

    def __init__(self, data: Path) -> None:
        self._path = data / "runs" / "fetch-state.json"
        self._file = _File()
        with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
            found = msgspec.json.decode(self._path.read_bytes(), type=_File)
            if found.version == _VERSION:
                self._file = found

    def of(self, source: str) -> dict[str, Seen]:
        """Give what is remembered of a source, by URL."""
        return self._file.sources.get(source, {})

    def put(self, source: str, seen: dict[str, Seen]) -> None:
        """Remember a source, on disk too."""
        self._file.sources[source] = seen
        write_atomically(self._path, msgspec.json.encode(self._file, order="sorted"))
