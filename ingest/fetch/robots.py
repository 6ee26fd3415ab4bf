"""What robots.txt lets a program fetch, by RFC 9309.

Read once a run and host. Where it does not exist all is allowed; where it cannot be read (5xx, no
answer) nothing is: the publisher may have forbidden everything (section 2.3.1.4).
"""

from urllib.parse import urlunsplit

from protego import Protego

from ingest.fetch.client import Client
from ingest.fetch.failures import FetchFailure, url_problem
from ingest.fetch.sources import Source
from ingest.fetch.urls import host_of, origin_of
from ingest.model import Problem

PRODUCT = "shisaku"
"""The name by which a robots.txt can speak of this program."""

_OF_THE_HOST = frozenset(("dns", "connect", "tls", "timeout", "slow", "private", "host_down"))
"""Failures that would meet every URL alike, and whose reason says more than robots.txt."""


class Robots:
    """The rules of every host asked so far."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._rules: dict[tuple[str, str, int], Protego | Problem] = {}

    def admit(self, url: str, source: Source) -> None:
        """Raise `FetchFailure` where the rules keep programs from a URL, or cannot be read."""
        rules = self._of(url, source)
        if isinstance(rules, Problem):
            raise FetchFailure(rules, unreachable=True)  # not again: that has been tried
        if not rules.can_fetch(url, PRODUCT):
            raise FetchFailure(url_problem("robots"))

    def delay(self, url: str, source: Source) -> float:
        """Give the seconds between two requests: the source's, or more where the rules ask it."""
        rules = self._rules.get(origin_of(url))
        asked = rules.crawl_delay(PRODUCT) if isinstance(rules, Protego) else None
        return max(source.delay, min(asked or 0.0, self._client.limits.longest_wait))

    def _of(self, url: str, source: Source) -> Protego | Problem:
        origin = origin_of(url)
        if origin not in self._rules:
            place = urlunsplit((origin[0], host_of(url), "/robots.txt", "", ""))
            self._rules[origin] = self._read(place, source)
        return self._rules[origin]

    def _read(self, place: str, source: Source) -> Protego | Problem:
        try:
            answer = self._client.get(place, source)
        except FetchFailure as failure:
            if 400 <= failure.status < 500 and failure.status != 429:
                return Protego.parse("")  # section 2.3.1.3
            if failure.problem.code in _OF_THE_HOST:
                return failure.problem
            return url_problem("robots_unreadable", failure.problem.reason)
        text = answer.body.decode("utf-8-sig", "replace") if answer.status == 200 else ""
        return Protego.parse(text)
