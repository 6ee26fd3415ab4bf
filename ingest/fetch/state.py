"""DIR/runs/fetch-state.json: what the last run saw of each URL.

Nothing but a memory: without it every page is asked for in full once more. It keeps from raw/ what
changes every night (when a URL was last asked), and the links of pages that answer "not modified".
"""

import contextlib
from pathlib import Path

import msgspec

from shisaku.ingest.parsed.store import write_atomically

_VERSION = 2
"""Goes up when links are read otherwise, so that no old reading is taken for the page's."""
READING = 1
"""What pages are asked besides their links (`Seen.next` and all below it). A page that was read
before that is asked for in full once more; its links are remembered all the same."""


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
    marks: tuple[int, ...] = ()
    """A sample of the page's other links (`listing.Listing.marks`)."""
    turn: int = 0
    """Place in the queue of what the last run had no time for, from 1; 0: not in it."""
    failure: str = ""
    """Code of the problem of the last run; "" where it went well."""
    lost: bool = False
    """Whether it may have led to files that are kept, but was not read since the memory went."""
    gives: str = ""
    """`sha256` of the sidecar whose words this address gave, where its own bytes were others."""
    reading: int = 0
    next: tuple[str, ...] = ()
    """Canonical URLs of the next page of the list of which this is a page."""
    characters: int = 0
    """Visible characters of the page, and those outside of menus; 0 where nobody counted."""
    main: int = 0
    sign: str = ""
    """What the page was taken for and accepted as (`Look.sign`)."""

    @property
    def version(self) -> str:
        """SHA-256 of the kept version whose words it gave."""
        return self.gives or self.sha256


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
        """Return what is remembered of a source, by URL."""
        return self._file.sources.get(source, {})

    def put(self, source: str, seen: dict[str, Seen]) -> None:
        """Remember a source, on disk too."""
        self._file.sources[source] = seen
        write_atomically(self._path, msgspec.json.encode(self._file, order="sorted"))
