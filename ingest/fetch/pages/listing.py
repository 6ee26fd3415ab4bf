"""The links of a watched or followed page: a web page, a sitemap or a feed.

`read_listing` takes an answer and gives a `Listing` of canonical URLs. Only links that are picked
are kept: a page may have a hundred thousand others, which would be stored for every page with the
same menu. Of these a sample of 32-bit hashes ("marks") is kept, by which a page is recognised.
"""

import heapq
import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice

from shisaku.ingest.fetch.failures import FetchFailure, url_problem
from shisaku.ingest.fetch.http.body import inflated
from shisaku.ingest.fetch.http.client import Answer
from shisaku.ingest.fetch.kept.keeper import charset
from shisaku.ingest.fetch.urls import canonical
from shisaku.ingest.html.feeds import FeedError, is_feed, read_feed
from shisaku.ingest.html.links import read_links
from shisaku.ingest.sniff import sniff

MAX_PAGE = 10_000_000
"""Bytes of a page that is read for links, in this process and so without a limit of memory."""
_PIECE = 1 << 16
_MAX_WRITTEN = 100_000
"""Different links of a page that are looked at: three seconds of work."""
_MARKS = 64
"""Marks of a page that are kept: enough to tell 90 % of its links from 50 %."""


@dataclass(frozen=True)
class Listing:
    """The picked links of a page as canonical URLs, each once."""

    links: tuple[str, ...] = ()
    left: int = 0
    """Number of other links on the page."""
    more: bool = False
    """Whether the page has more links than the limits allow."""
    index: bool = False
    """Whether the links are to be watched themselves (an index of sitemaps)."""
    all_marks: frozenset[int] = frozenset()
    """`mark_of` of the other links."""

    @property
    def marks(self) -> tuple[int, ...]:
        """Return the sample of `all_marks` to keep: the smallest."""
        return tuple(heapq.nsmallest(_MARKS, self.all_marks))


def mark_of(link: str) -> int:
    """Return a 32-bit hash of a URL without its query and parameters."""
    return zlib.crc32(re.split("[?;]", link, maxsplit=1)[0].encode())


def unpacked(body: bytes) -> bytes:
    """Return a gzipped sitemap (.xml.gz) decompressed, other bytes unchanged.

    Raises:
        FetchFailure: it is damaged, or too large.

    """
    if not body.startswith(b"\x1f\x8b"):
        return body
    found = bytearray()
    try:
        pieces = (body[start : start + _PIECE] for start in range(0, len(body), _PIECE))
        for piece in inflated(pieces, MAX_PAGE):
            found += piece
            if len(found) > MAX_PAGE:
                raise _too_large()
    except (EOFError, zlib.error) as error:
        raise FetchFailure(url_problem("broken", "compression"), again=True) from error
    return bytes(found)


def is_list(body: bytes) -> bool:
    """Return whether bytes are a web page, a sitemap or a feed."""
    return is_feed(page := unpacked(body)) or sniff(page) == "html"


def read_listing(
    answer: Answer, picks: Callable[[str], bool], most: int, encoding: str = "utf-8"
) -> Listing:
    """Return the links of a page for which `picks(url)` is true, at most `most`.

    `encoding` is the codec in which the queries of its links are sent (`urls.canonical`).

    Raises:
        FetchFailure: the page is too large or cannot be read.

    """
    page = unpacked(answer.body)
    feed = is_feed(page)
    if not feed and sniff(page) != "html":
        return Listing()
    if len(page) > MAX_PAGE:
        raise _too_large()
    base, index = "", False
    written: tuple[str, ...] = ()
    try:
        if feed:
            found = read_feed(page)
            written, index = found.links, found.index
        else:
            base, written = read_links(page, charset(answer))
    except FeedError as error:
        raise FetchFailure(url_problem("unreadable", str(error))) from error
    except Exception as error:  # a page that breaks the parser must not stop the others
        raise FetchFailure(url_problem("unreadable", type(error).__name__)) from error
    if feed:
        encoding = "utf-8"  # URLs in XML are UTF-8
    start = canonical(base, answer.url, encoding) or answer.url
    places = dict.fromkeys(link.partition("#")[0] for link in written)
    urls = (canonical(place, start, encoding) for place in islice(places, _MAX_WRITTEN))
    listing = _picked(urls, (lambda link: True) if index else picks, most, index)
    return replace(listing, more=True) if len(places) > _MAX_WRITTEN else listing


def resolved(links: Iterable[str], start: str, encoding: str) -> tuple[str, ...]:
    """Return links as canonical URLs, each once, without those that cannot be fetched."""
    found = (canonical(link, start, encoding) for link in links)
    return tuple(dict.fromkeys(url for url in found if url))


def _picked(
    links: Iterable[str | None], picks: Callable[[str], bool], most: int, index: bool
) -> Listing:
    found: dict[str, None] = {}
    left: set[int] = set()
    marks: set[int] = set()
    for link in links:
        if link is None or link in found:
            continue
        if not picks(link):
            left.add(hash(link))
            marks.add(mark_of(link))
        elif len(found) == most:
            return Listing(tuple(found), len(left), True, index, frozenset(marks))
        else:
            found[link] = None
    return Listing(tuple(found), len(left), False, index, frozenset(marks))


def _too_large() -> FetchFailure:
    return FetchFailure(url_problem("too_large_page", f"{MAX_PAGE / 1_000_000:g}"))
