"""The queue of URLs of one source in one run, with their depth.

Takes the links of pages and gives the next URL. The queue is a heap by turn (bounds.py): watched
pages first, then URLs for which the last run had no time, then others as they are met. So a link is
met at its smallest depth, unless a page is asked for early by its turn; such a run is not complete.
"""

import heapq
import sys
from collections.abc import Callable, Sequence

from shisaku.ingest.fetch.bounds import MAX_ADDRESSES, MAX_CHARACTERS
from shisaku.ingest.fetch.kept.keeper import Keeper
from shisaku.ingest.fetch.pages.listing import Listing
from shisaku.ingest.fetch.pages.pagination import Lists
from shisaku.ingest.fetch.report import SourceReport
from shisaku.ingest.fetch.sources import Source
from shisaku.ingest.fetch.state import Seen
from shisaku.ingest.fetch.urls import directory_of, host_of, identity, matches, suffix_of

MAX_LINKS = 20_000
"""Links of one page that are wanted or followed."""
_MAX_ELSEWHERE = 10_000
# Suffixes of files that are not read for links.
_NO_PAGE_NAMES = (
    "pdf doc docx xls xlsx ppt pptx csv zip lzh jpg jpeg png gif svg mp3 mp4 wmv txt xml rss rdf"
    " css js ico epub jtd odt ods"
)
_NO_PAGE = frozenset(f".{name}" for name in _NO_PAGE_NAMES.split())

Warn = Callable[..., None]
"""Called with the code of a problem of the source and its details; `failed` is a keyword."""


class Addresses:
    """The URLs of a run; `complete` is False where links may have been missed."""

    def __init__(
        self,
        source: Source,
        keeper: Keeper,
        report: SourceReport,
        warn: Warn,
        before: dict[str, Seen],
        turns: dict[str, int],
    ) -> None:
        self.complete = True
        self.watched = set(source.pages)
        """URLs of pages that must exist: those of the source and the sitemaps of an index."""
        self.met_keys: set[str] = set()
        """Certain keys (identity.py) of all URLs in the queue or done."""
        self._source = source
        self._keeper = keeper
        self._key = keeper.identity.certain
        self._report = report
        self._warn = warn
        self._before = before
        self._turns = {self._key(url): turn for url, turn in turns.items()}
        self._queue: list[tuple[int, int, str]] = []
        """A heap of (turn, order in which it was met, URL)."""
        self._met: set[str] = set()
        """`urls.identity` of all URLs in the queue or done."""
        self._level: dict[str, int | None] = {}
        """Depth of pages that are read for links; None for documents."""
        self._unread: list[str] = []
        """Pages just met, whose remembered links are still to be searched for turns."""
        self._lists = Lists(self._key, source.list_pages)
        self._elsewhere: dict[str, None] = {}
        self._characters = 0
        self._pages = 0

    def __len__(self) -> int:
        """Return the number of URLs met."""
        return len(self._level)

    # --- queue -------------------------------------------------------------------------------

    def begin(self) -> None:
        """Put the watched pages into the queue."""
        for page in self._source.pages:
            self._add(page, 0)

    @property
    def waiting(self) -> int:
        """Number of URLs in the queue."""
        return len(self._queue)

    def next(self) -> str:
        """Remove the next URL from the queue and return it."""
        return heapq.heappop(self._queue)[-1]

    def clear(self) -> list[str]:
        """Empty the queue and return its URLs in order."""
        found = [url for *_, url in sorted(self._queue)]
        self._queue.clear()
        return found

    def is_page(self, url: str) -> bool:
        """Return whether a URL is read for links."""
        return self._level[url] is not None

    def has_turn(self, url: str) -> bool:
        """Return whether a URL waits since the last run."""
        return self._key(url) in self._turns

    def is_met(self, link: str) -> bool:
        """Return whether a URL, or another one of its document, was met.

        A URL under which a file is stored is asked for in any case.
        """
        if identity(link) in self._met:
            return True
        return self._key(link) in self.met_keys and not self._keeper.get(link)

    # --- links -------------------------------------------------------------------------------

    def follow(self, url: str, listing: Listing, following: Sequence[str]) -> None:
        """Add the links of a page; `following` are those to the next page of its list."""
        if listing.more or len(listing.links) > MAX_LINKS:
            self.complete = False  # what is beyond has not been seen, but may be there
            self._warn("too_many_links", MAX_LINKS, url)
        self._report.skipped += listing.left
        level = self._level[url] or 0
        links = listing.links[:MAX_LINKS]
        if listing.index and url in self.watched:
            for link in links:
                self._watch(link, level)
        else:
            said = frozenset(following)
            shown = frozenset(links)
            # Also <link rel=next>, which is no link that a reader sees.
            for link in dict.fromkeys((*links, *following)):
                if self._source.admits(link) and self._leads_on(url, link, said=link in said):
                    self._go_on(url, link)
                elif link in shown:
                    self._meet(link, level)
        self._look_through()

    def picks(self, url: str, link: str) -> bool:
        """Return whether a link of a page is remembered: wanted, followed, or the next page."""
        if self._source.wants(link) or self._leads_on(url, link, said=False):
            return True
        return self._source.depth > 0 and self._is_followed(link)

    def _watch(self, link: str, level: int) -> None:
        """Add a sitemap of an index, as if it were in `pages`."""
        if not self._source.admits(link):
            self._meet(link, level)
        elif not self.is_met(link):
            self.watched.add(link)
            self._add(link, 0)

    def _leads_on(self, url: str, link: str, *, said: bool) -> bool:
        """Return whether a link leads to another page of the list to which a page belongs.

        `said` is true where the page names it as the next one.
        """
        if not self._lists.leads_on(url, link, said) or suffix_of(link) in _NO_PAGE:
            return False
        return not any(matches(item, link) for item in self._source.exclude)

    def _go_on(self, url: str, link: str) -> None:
        """Add another page of a list, at the depth of the first."""
        if not self._lists.admit(url, link) or self.is_met(link):
            return
        if self._pages >= self._source.max_pages:
            self._lists.refuse(url, link)
        else:
            self._add(link, self._level[url] or 0)

    def _meet(self, link: str, level: int) -> None:
        wanted = self._source.wants(link)
        follow = level < self._source.depth and self._is_followed(link)
        if self.is_met(link):
            return
        if not self._source.admits(link):
            if not wanted:
                self._report.skipped += 1
            elif len(self._elsewhere) < _MAX_ELSEWHERE:
                self._elsewhere[link] = None
        elif wanted or follow:
            self._add(link, level + 1 if follow else None)
        else:
            self._report.skipped += 1

    def _is_followed(self, link: str) -> bool:
        source = self._source
        if suffix_of(link) in _NO_PAGE or any(matches(item, link) for item in source.exclude):
            return False
        if source.follow:
            return any(matches(pattern, link) for pattern in source.follow)
        return any(link.startswith(directory_of(page)) for page in source.pages)

    def _add(self, url: str, level: int | None) -> None:
        if self.is_met(url):
            return
        self._characters += len(url)
        if len(self._met) >= MAX_ADDRESSES or self._characters > MAX_CHARACTERS:
            self.complete = False
            self._warn_once("too_many_addresses", f"{MAX_ADDRESSES:,}")
            return
        if level is not None:
            if self._pages >= self._source.max_pages:
                self.complete = False
                self._warn_once("too_many_pages", self._source.max_pages)
                level = None
                if not self._source.wants(url):
                    return
            else:
                self._pages += 1
        key = self._key(url)
        watched = url in self.watched
        turn = 0 if watched else self._turns.get(key, sys.maxsize)
        # A page asked for early may not have been met by the shortest path, so that links beyond
        # the depth may be within it: such a run cannot tell what is no longer linked.
        self.complete &= level is None or watched or turn == sys.maxsize
        heapq.heappush(self._queue, (turn, len(self._met), url))
        self._met.add(identity(url))
        self.met_keys.add(key)
        self._level[url] = level
        if level is not None and not watched and self._turns:
            self._unread.append(url)

    def _look_through(self) -> None:
        """Add remembered links of pages just met where the links wait since the last run.

        They must not wait until there is time for the page as well. (Watched pages come first in
        any case.) The link may be on a later page of a list, so the pages of the list are added.
        """
        while self._unread:
            url = self._unread.pop()
            level, seen = self._level[url] or 0, self._before.get(url)
            said = frozenset(seen.next if seen else ())
            for link in dict.fromkeys((*(seen.links or ()), *seen.next)) if seen else ():
                if self._source.admits(link) and self._leads_on(url, link, said=link in said):
                    self._go_on(url, link)
                elif self.has_turn(link):
                    self._meet(link, level)

    # --- after -------------------------------------------------------------------------------

    def tell_elsewhere(self) -> None:
        """Warn of wanted links to hosts that are not the source's."""
        if self._elsewhere:
            hosts = ", ".join(sorted({host_of(link) for link in self._elsewhere})[:5])
            self._warn("other_hosts", len(self._elsewhere), hosts)

    def tell_unread(self) -> None:
        """Warn of lists that go on unread."""
        for pages, root in self._lists.unread(self.is_met):
            self.complete = False  # what the rest of the list leads to has not been seen
            self._warn("list_goes_on", pages, root, failed=True)

    def _warn_once(self, code: str, *details: object) -> None:
        if not any(problem.code == code for problem in self._report.problems):
            self._warn(code, *details)
