"""What a source remembers from one run to the next, within bounds, and where the next one goes on.

Without bounds the memory of a site that links on for ever grows with every night. What was not
asked because the time was over keeps its place in the queue: when a page leads to it the next time,
it is asked right after the watched pages, and what was asked this time comes behind it. So each
address has its turn, however little is asked in a night, and none that nothing leads to any more.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from msgspec.structs import replace

from shisaku.ingest.fetch.sources import Source
from shisaku.ingest.fetch.state import Seen

MAX_ADDRESSES = 50_000
"""Addresses that one source asks in a run, and remembers after it."""
MAX_CHARACTERS = 10_000_000
"""Characters of all these together; an address may have 2,000."""
_MAX_LINKS = 200_000
"""Links of all pages of a source that are remembered, of `MAX_CHARACTERS` together."""


def rules_of(source: Source) -> str:
    """Return a mark of what decides which links of a page are picked; it changes with the entry."""
    words = (source.pages, source.include, source.exclude, source.follow, source.depth > 0)
    return hashlib.sha256(repr(words).encode("utf-8", "replace")).hexdigest()[:8]


def taken_up(before: dict[str, Seen]) -> tuple[dict[str, Seen], dict[str, int]]:
    """Part what the last run left: what it saw, and the turns of what it did not ask."""
    turns = {url: seen.turn for url, seen in before.items() if seen.turn}
    nothing = Seen()
    found = {url: replace(seen, turn=0) for url, seen in before.items()}
    return {url: seen for url, seen in found.items() if seen != nothing}, turns


def bounded(after: dict[str, Seen], kept: Iterable[str]) -> dict[str, Seen]:
    """Return what of a source is worth remembering: no more than `MAX_ADDRESSES` addresses.

    What waits for its turn goes first, then what is `kept` under raw/, then what answered last.
    """
    known = frozenset(kept)
    worth = sorted(after.items(), key=lambda item: item[1].checked, reverse=True)
    worth.sort(key=lambda item: (not item[1].turn, item[0] not in known))
    memory = LinkMemory()
    return {url: memory.admit(seen) for url, seen in worth[:MAX_ADDRESSES]}


@dataclass
class LinkMemory:
    """How many links of its pages a source remembers; beyond the bound a page's are forgotten.

    Such a page is asked in full the next time. If it is gone then, nothing is taken as withdrawn,
    as nobody knows what it led to.
    """

    links: int = 0
    characters: int = 0

    def admit(self, seen: Seen) -> Seen:
        """Return what is to be remembered of a page."""
        its_links = (*(seen.links or ()), *seen.next)
        if not its_links:
            return seen
        links = self.links + len(its_links)
        characters = self.characters + sum(map(len, its_links))
        if links > _MAX_LINKS or characters > MAX_CHARACTERS:
            return replace(seen, links=None, next=(), marks=(), lost=True)
        self.links, self.characters = links, characters
        return seen
