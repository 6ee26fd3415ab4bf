"""The rules of robots.txt (RFC 9309), read once for each run and host.

Where it does not exist everything is allowed (2.3.1.3); where it cannot be read (5xx, no answer)
nothing is: the publisher may have forbidden everything (2.3.1.4).
"""

import re
from urllib.parse import urlunsplit

from protego import Protego

from shisaku.ingest.fetch.failures import FetchFailure, url_problem
from shisaku.ingest.fetch.http.client import Client
from shisaku.ingest.fetch.sources import Source
from shisaku.ingest.fetch.urls import host_of, origin_of
from shisaku.ingest.model import Problem

PRODUCT = "shisaku"
"""The product token of this program in robots.txt (RFC 9309, 2.2.1)."""
_LARGEST = 500 * 1024
"""Bytes that are parsed; the rest is ignored (RFC 9309, 2.5)."""
_AGENT = re.compile(r"\s*+user[-\s]?+agent(?:\s*+:|\s)\s*+([^#]*+)", re.I)
_NOBODY = "User-agent: -"

_OF_THE_HOST = frozenset(("dns", "connect", "tls", "timeout", "slow", "private", "host_down"))
"""Codes of failures of the host, which are reported as they are and not as robots.txt's."""


class Robots:
    """The rules of every host asked so far."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._rules: dict[tuple[str, str, int], Protego | Problem] = {}

    def admit(self, url: str, source: Source) -> None:
        """Raise `FetchFailure` where the rules forbid a URL, or cannot be read."""
        rules = self._of(url, source)
        if isinstance(rules, Problem):
            raise FetchFailure(rules, unreachable=True)  # not again: that has been tried
        if not rules.can_fetch(url, PRODUCT):
            raise FetchFailure(url_problem("robots"))

    def delay(self, url: str, source: Source) -> float:
        """Return the seconds between two requests: those of the source, or a longer Crawl-delay.

        Raises:
            Stopped: the Crawl-delay is longer than the longest wait.

        """
        rules = self._rules.get(origin_of(url))
        asked = rules.crawl_delay(PRODUCT) if isinstance(rules, Protego) else None
        if asked and asked > max(source.delay, self._client.limits.longest_wait):
            # Faster is not allowed, and at this pace a site takes weeks.
            raise self._client.leave(host_of(url), "crawl_delay", f"{asked:,.0f}")
        return max(source.delay, asked or 0.0)

    def _of(self, url: str, source: Source) -> Protego | Problem:
        origin = origin_of(url)
        if origin not in self._rules:
            place = urlunsplit((origin[0], host_of(url), "/robots.txt", "", ""))
            self._rules[origin] = self._read(place, source)
        return self._rules[origin]

    def _read(self, place: str, source: Source) -> Protego | Problem:
        try:
            answer = self._client.get(place, source, head=_LARGEST + 1)
        except FetchFailure as failure:
            if 400 <= failure.status < 500 and failure.status != 429:
                return Protego.parse("")  # section 2.3.1.3
            if failure.problem.code in _OF_THE_HOST:
                return failure.problem
            return url_problem("robots_unreadable", failure.problem.reason)
        return parse_robots(answer.body) if answer.status == 200 else Protego.parse("")


def parse_robots(data: bytes) -> Protego:
    """Return the rules of a robots.txt, from its first 500 KiB.

    Protego adds each rule to each agent of its group, so 20,000 agents with 20,000 rules would make
    400 million. So it is given the one group that applies only: that of the longest name with which
    `PRODUCT` begins, else that of "*".
    """
    if len(data) > _LARGEST:
        data = data[:_LARGEST]
        # A line that is cut may forbid more than the whole line: "/" of "/private".
        data = data[: max(data.rfind(b"\n"), data.rfind(b"\r")) + 1]
    lines = data.decode("utf-8-sig", "replace").splitlines()
    agents = {number: _agent(line) for number, line in enumerate(lines)}
    named = [agent for agent in agents.values() if agent and PRODUCT.startswith(agent)]
    ours = max(named, key=len, default="*")
    for number, agent in agents.items():
        if agent is not None:
            lines[number] = f"User-agent: {ours}" if agent == ours else _NOBODY
    return Protego.parse("\n".join(lines))


def _agent(line: str) -> str | None:
    """Return the name of a User-agent line in lower case; None for any other line."""
    found = _AGENT.match(line)
    if found is None:
        return None
    name = found[1].strip().lower()
    return name if name == "*" else name.replace("*", "")
