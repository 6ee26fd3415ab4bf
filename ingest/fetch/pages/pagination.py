"""Lists of several pages: which links lead to the next page, and which pages were not read.

A link leads to the next page where the page says so (rel=next, 次へ: ingest/words/page.py) and it
stays at the list's URL, or where it differs from the page in a number only (`?page=2`, `/page/2`,
`?offset=20`). Such a link does not count for the depth. Pages that are not followed are reported,
because a list that is cut silently would seem to be whole.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from shisaku.ingest.fetch.urls import directory_of

_PAGE_NAMES = frozenset(
    ("page", "p", "pg", "paged", "pageno", "page_no", "pagenum", "page_num", "pagenumber", "pn")
)
_OFFSET_NAMES = frozenset(("offset", "start", "startindex", "from", "skip", "first"))
_PATH = re.compile(r"(?<=/)(?:page|p)[/-]?([0-9]{1,6})(?:\.html?|/)?(?=\?|\Z)", re.I)
_DIGITS = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Place:
    """A page of a list: the URL of the list without the number, and the number.

    `page` is false for a number of entries to skip (offset).
    """

    base: str
    number: int
    page: bool = True


def numbered(url: str) -> Place | None:
    """Return the page of a list in a URL; None where it has no page number."""
    place, _, query = url.partition("?")
    parts = query.split("&") if query else []
    for position, part in enumerate(parts):
        name, _, value = part.partition("=")
        known = name.lower()
        if known in _PAGE_NAMES | _OFFSET_NAMES and _DIGITS.fullmatch(value):
            rest = "&".join(parts[:position] + parts[position + 1 :])
            return Place(_joined(place, rest), int(value), known in _PAGE_NAMES)
    if found := _PATH.search(place + "?"):
        return Place(_joined(place[: found.start()], query), int(found[1]))
    return None


def _joined(place: str, query: str) -> str:
    return place + ("?" + query if query else "")


@dataclass
class _List:
    root: str
    pages: int = 1
    highest: int = 0
    """The highest page number to which a page of the list links."""
    left: dict[str, int] = field(default_factory=dict)
    """URLs that were not followed, with their page numbers."""


class Lists:
    """The lists of a source in one run; `key(url)` is equal for URLs of one document."""

    def __init__(self, key: Callable[[str], str], longest: int) -> None:
        self._key = key
        self._longest = longest
        self._all: list[_List] = []
        self._lists: dict[str, _List] = {}
        """By the key of each of their pages, and by the URL without a number."""

    def leads_on(self, page: str, link: str, said: bool) -> bool:
        """Return whether a link of a page leads to another page of its list.

        `said`: the page names it as the next one.
        """
        if self._key(page) == self._key(link):
            return False
        here, there = numbered(page), numbered(link)
        if there and self._key(there.base) == self._key(here.base if here else page):
            return True
        return said and (
            link.partition("?")[0] == page.partition("?")[0]
            or directory_of(link) == directory_of(page)
            or directory_of(link).startswith(directory_of(page) + "page/")
            or (here is not None and directory_of(here.base) == directory_of(link))
        )

    def admit(self, page: str, link: str) -> bool:
        """Add a page to the list of another; return False beyond the limit of the list."""
        found = self._of(page)
        there = numbered(link)
        number = there.number if there and there.page else found.pages + 1
        if there and there.page:
            found.highest = max(found.highest, there.number)
        if self._key(link) in self._lists:
            return True
        if number > self._longest or found.pages >= self._longest:
            found.left.setdefault(link, number)
            return False
        found.pages += 1
        self._lists[self._key(link)] = found
        return True

    def refuse(self, page: str, link: str) -> None:
        """Note that a page of a list is not followed because of another limit."""
        found = self._of(page)
        there = numbered(link)
        found.left.setdefault(link, there.number if there and there.page else found.pages)

    def unread(self, met: Callable[[str], bool]) -> list[tuple[str, str]]:
        """Return ("6 of 41", URL) of each list with unread pages; `met(url)`: it was read."""
        told = []
        for one in self._all:
            left = {link: number for link, number in one.left.items() if not met(link)}
            if left:
                number = min(left.values())
                most = max(one.highest, number)
                told.append((f"{number} of {most}" if one.highest else f"{number}", one.root))
        return told

    def _of(self, page: str) -> _List:
        key = self._key(page)
        if key not in self._lists:
            here = numbered(page)
            base = self._key(here.base) if here else key
            found = self._lists.get(base)
            if found is None:
                found = _List(page)
                self._all.append(found)
            self._lists[key] = self._lists[base] = found
        return self._lists[key]
