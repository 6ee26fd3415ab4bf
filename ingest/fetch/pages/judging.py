"""Judges an answer: whether it is what was asked for, its words, and its links.

`Judge.judge` takes a URL and an answer and fills a `Read`, or raises `FetchFailure`. A page is read
for its links here, within limits (listing.py), and for its words in a separate process
(`ingest.words`); both are used to recognise substitute pages (disguise.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

from shisaku.ingest.fetch.failures import FetchFailure, url_problem
from shisaku.ingest.fetch.http.client import Answer
from shisaku.ingest.fetch.kept.keeper import Keeper, Kept, charset
from shisaku.ingest.fetch.pages.addresses import MAX_LINKS, Addresses
from shisaku.ingest.fetch.pages.disguise import Past, disguise
from shisaku.ingest.fetch.pages.listing import (
    MAX_PAGE,
    Listing,
    is_list,
    mark_of,
    read_listing,
    unpacked,
)
from shisaku.ingest.fetch.sources import Source
from shisaku.ingest.fetch.state import READING, Seen
from shisaku.ingest.sniff import sniff
from shisaku.ingest.words.look import Look
from shisaku.ingest.words.reader import Reader

_SAME_LINKS = 0.9
"""Share of the links of a page without documents that must be equal for it to be the same page."""


@dataclass
class Read:
    """The words and links of an answer, filled while it is judged."""

    look: Look | None = None
    listing: Listing | None = None
    reading: int = 0
    """`state.READING` where the page was read in full, else 0."""


@dataclass(frozen=True)
class Judge:
    """Judges the answers for the URLs of one source.

    `known(url)` is what is remembered of a URL. Without `compare` pages are not compared with those
    of before.
    """

    source: Source
    keeper: Keeper
    reader: Reader
    addresses: Addresses
    known: Callable[[str], Seen | None]
    compare: bool

    def judge(
        self, url: str, answer: Answer, kept: Kept | None, read: Read, *, wanted: bool
    ) -> None:
        """Fill `read` with the words and links of an answer.

        Raises:
            FetchFailure: it is not what was asked for.
            Stopped: the time of the source is over.

        """
        if wanted:
            self.keeper.judge(url, answer, kept)
        if url in self.addresses.watched and not is_list(answer.body):
            found = sniff(answer.body)
            word = {"pdf": "a PDF", "empty": "empty"}.get(found, "something else")
            raise FetchFailure(url_problem("no_page", word), again=found == "empty")
        is_page = self.addresses.is_page(url)
        body = unpacked(answer.body) if is_page else answer.body
        html = sniff(body) == "html"
        read.look = None
        if html and len(body) <= MAX_PAGE and (is_page or wanted):
            read.look = self.reader.look(body, charset(answer))
        if is_page:
            encoding = read.look.encoding if read.look else "utf-8"
            read.listing = read_listing(
                answer, lambda link: self.addresses.picks(url, link), MAX_LINKS, encoding
            )
        # A sitemap or feed has no words to read.
        read.reading = READING if read.look or (is_page and not html) else 0
        if read.look and self.compare:
            self._compare(url, kept, read, wanted=wanted)

    def _compare(self, url: str, kept: Kept | None, read: Read, *, wanted: bool) -> None:
        """Raise `FetchFailure` for a substitute page."""
        seen, look, listing = self.known(url), read.look, read.listing
        assert look is not None
        past = None
        if seen and seen.reading == READING:
            past = Past(seen.characters, seen.main, seen.sign)
        elif kept and (body := self.keeper.original(kept)) is not None:
            old = self.reader.look(body, kept.sidecar.charset)
            past = Past(old.characters, old.main, old.sign) if old else Past()
        elif kept or (seen and seen.links is not None):
            past = Past()
        found = disguise(
            look,
            past,
            document=listing is None,
            keeps_links=listing is not None and self._keeps(seen, listing),
            intact=listing is not None and not wanted and self._intact(seen, listing),
        )
        if found:
            raise FetchFailure(url_problem(*found))

    def _intact(self, seen: Seen | None, listing: Listing) -> bool:
        """Return whether a page has all its links of before, but for documents never stored."""
        keeper, wants = self.keeper, self.source.wants
        old = seen.links or () if seen else ()
        led = [link for link in old if not wants(link) or keeper.certain(link)]
        key = keeper.identity.certain
        now = {key(link) for link in listing.links}
        return bool(led) and all(key(link) in now for link in led)

    def _keeps(self, seen: Seen | None, listing: Listing) -> bool:
        """Return whether a page has half of its links to documents, or nearly all links."""
        wants = self.source.wants
        if seen is None or seen.links is None:
            return any(wants(link) for link in listing.links)
        if old := [link for link in seen.links if wants(link)]:
            key = self.keeper.identity.certain
            now = {key(link) for link in listing.links}
            return sum(key(link) in now for link in old) * 2 >= len(old)
        # Menus stay on a maintenance page, so nearly all links together must be there.
        marks = {mark_of(link) for link in seen.links} | set(seen.marks)
        there = listing.all_marks | {mark_of(link) for link in listing.links}
        return len(marks & there) >= max(1, len(marks) * _SAME_LINKS)
