"""DIR/runs/fetch-state.json: what the last run saw of each URL (`Seen`).

It is a cache: without it every page is asked for in full once more. It holds what changes in every
run (when a URL was last asked for) and so does not belong under raw/, and the links of pages that
answer "not modified".
"""

import contextlib
from pathlib import Path

import msgspec

from shisaku.ingest.parsed.store import write_atomically

_VERSION = 2
"""Version of the file; raised when links are read differently, which discards older files."""
READING = 1
"""Version of what is read of a page besides its links (`Seen.next` and the fields after it). A page
read by an earlier version is asked for in full once more; its links stay remembered."""


class Seen(msgspec.Struct, frozen=True, omit_defaults=True):
    """A URL as last seen; `checked` is when it last answered (ISO 8601, UTC)."""

    checked: str = ""
    final_url: str = ""
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    links: tuple[str, ...] | None = None
    """Links that are wanted or followed, as canonical URLs; None where links were not read."""
    rules: str = ""
    """`bounds.rules_of` when the links were picked; "" where all links of the page are here."""
    left: int = 0
    """Number of the page's other links."""
    more: bool = False
    """Whether the page has more links than are read."""
    index: bool = False
    """Whether the links are to be watched as well (an index of sitemaps)."""
    marks: tuple[int, ...] = ()
    """A sample of the page's other links (`listing.Listing.marks`)."""
    turn: int = 0
    """Place, from 1, in the queue of URLs for which the last run had no time; 0: not in it."""
    failure: str = ""
    """Code of the problem in the last run; "" for none."""
    lost: bool = False
    """Whether it may link to kept files and was not read since the memory was lost."""
    gives: str = ""
    """`sha256` of the sidecar of the file with the same words, where the bytes differ; else ""."""
    reading: int = 0
    next: tuple[str, ...] = ()
    """Canonical URLs of the next page, where this is a page of a list."""
    characters: int = 0
    """Visible characters of the page, and (`main`) those outside of menus; 0: not counted."""
    main: int = 0
    sign: str = ""
    """`Look.sign` of the page when it was accepted."""

    @property
    def version(self) -> str:
        """SHA-256 of the kept version with the same words."""
        return self.gives or self.sha256


class _File(msgspec.Struct):
    version: int = _VERSION
    sources: dict[str, dict[str, Seen]] = {}


class State:
    """The states of all sources."""

    def __init__(self, data: Path) -> None:
        self._path = data / "runs" / "fetch-state.json"
        self._file = _File()
        with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
            found = msgspec.json.decode(self._path.read_bytes(), type=_File)
            if found.version == _VERSION:
                self._file = found

    def of(self, source: str) -> dict[str, Seen]:
        """Return the state of a source, by URL."""
        return self._file.sources.get(source, {})

    def put(self, source: str, seen: dict[str, Seen]) -> None:
        """Replace the state of a source, and write the file.

        Raises:
            OSError: it cannot be written.

        """
        self._file.sources[source] = seen
        write_atomically(self._path, msgspec.json.encode(self._file, order="sorted"))
