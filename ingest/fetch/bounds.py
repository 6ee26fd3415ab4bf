"""Limits on what a source remembers from one run to the next, and the queue of what was not asked.

Takes and gives `Seen` by URL (fetch/state.py). Without limits the memory of a site with endless
links would grow with every run. A URL that was not asked for because the time was over keeps its
place in the queue: when a page links to it in the next run, it is asked for right after the watched
pages, before those asked for this time. So each URL is asked for in the end, however few are asked
for in one run, and none to which no page links any more.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from msgspec.structs import replace

from shisaku.ingest.fetch.sources import Source
from shisaku.ingest.fetch.state import Seen

MAX_ADDRESSES = 50_000
"""URLs of one source that are asked for in a run, and remembered after it."""
MAX_CHARACTERS = 10_000_000
"""Characters of all these URLs together; one may have 2,000."""
_MAX_LINKS = 200_000
"""Remembered links of all pages of a source; their characters are within `MAX_CHARACTERS`."""


def rules_of(source: Source) -> str:
    """Return 8 hex digits that change with the fields of a source that pick links."""
    words = (source.pages, source.include, source.exclude, source.follow, source.depth > 0)
    return hashlib.sha256(repr(words).encode("utf-8", "replace")).hexdigest()[:8]


def taken_up(before: dict[str, Seen]) -> tuple[dict[str, Seen], dict[str, int]]:
    """Return what the last run saw, by URL, and the turns of the URLs that it did not ask for."""
    turns = {url: seen.turn for url, seen in before.items() if seen.turn}
    nothing = Seen()
    found = {url: replace(seen, turn=0) for url, seen in before.items()}
    return {url: seen for url, seen in found.items() if seen != nothing}, turns


def bounded(after: dict[str, Seen], kept: Iterable[str]) -> dict[str, Seen]:
    """Return the `MAX_ADDRESSES` entries of `after` that are most worth remembering.

    Those that wait for their turn come first, then those of `kept` (URLs of files under raw/), then
    those that answered last.
    """
    known = frozenset(kept)
    worth = sorted(after.items(), key=lambda item: item[1].checked, reverse=True)
    worth.sort(key=lambda item: (not item[1].turn, item[0] not in known))
    memory = LinkMemory()
    return {url: memory.admit(seen) for url, seen in worth[:MAX_ADDRESSES]}


@dataclass
class LinkMemory:
    """Counts the remembered links of a source; over the limit the links of a page are dropped.

    Such a page is asked for in full (unconditionally) the next time. If it is gone then, no
    document counts as withdrawn, because it is not known to which ones it linked.
    """

    links: int = 0
    characters: int = 0

    def admit(self, seen: Seen) -> Seen:
        """Return `seen`, without its links where they are over the limit."""
        its_links = (*(seen.links or ()), *seen.next)
        if not its_links:
            return seen
        links = self.links + len(its_links)
        characters = self.characters + sum(map(len, its_links))
        if links > _MAX_LINKS or characters > MAX_CHARACTERS:
            return replace(seen, links=None, next=(), marks=(), lost=True)
        self.links, self.characters = links, characters
        return seen
