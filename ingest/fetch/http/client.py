"""One URL → one answer (`Client.get`), after redirects and retries, within limits.

urllib3 does HTTP and TLS. Redirects, retries and decompression are done here: each hop must be
allowed (host, robots.txt, public address), a broken body is asked for again, and no answer may
exceed its limit of time (seconds) or size (bytes).
"""

import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Protocol

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, Timeout
from urllib3.exceptions import (
    HTTPError,
    InvalidHeader,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)

from shisaku.ingest.fetch.deadlines import Budget, Stopped
from shisaku.ingest.fetch.failures import FetchFailure, moved_problem, url_problem
from shisaku.ingest.fetch.http.body import read_body
from shisaku.ingest.fetch.http.network import Guard, Network, open_pool
from shisaku.ingest.fetch.sources import Source
from shisaku.ingest.fetch.urls import canonical, host_of, origin_of, target_of

REDIRECTS = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({404, 410})
_TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_MAX_HOPS = 5
_DOWN_AFTER = 3
"""URLs of one host in a row that fail because of the host, before it is given up for the run."""
_FOR_GOOD = frozenset({301, 308})
_DIGITS = re.compile(r"[0-9]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
"""Characters that a header's value must not have (RFC 9110, 5.5)."""


class Clock(Protocol):
    """The clock; tests use their own."""

    def now(self) -> datetime:
        """Return date and time, with a time zone."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return date and time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


@dataclass(frozen=True)
class Limits:
    """Limits of a request, in seconds; `tries` is how often a URL is asked for."""

    connect: float = 15.0
    read: float = 30.0
    """Between two reads of an answer."""
    total: float | None = None
    """For one answer from first byte sent to last received; None: that of the source."""
    tries: int = 4
    backoff: float = 2.0
    """Wait before the second try; doubled for each further try."""
    longest_wait: float = 120.0
    """Longest wait for Retry-After or Crawl-delay; a host that asks for more is stopped."""


@dataclass(frozen=True)
class Answer:
    """The last response, after all redirects; `body` is decompressed."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Validators:
    """The validators (RFC 9110, 8.8) of the known version of a URL, and its URL after redirects."""

    url: str = ""
    etag: str = ""
    last_modified: str = ""

    def headers(self, url: str) -> dict[str, str]:
        """Return the headers of a conditional request; none for another URL than theirs.

        Where `latest.pdf` redirects to an older file today, that file is not modified "since"
        either, and the change would never be noticed.
        """
        found = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in found.items() if value} if url == self.url else {}


class Policy(Protocol):
    """The rules of a host for programs (robots.txt)."""

    def admit(self, url: str, source: Source) -> None:
        """Raise `FetchFailure` for a URL that programs must not fetch."""

    def delay(self, url: str, source: Source) -> float:
        """Return the seconds between two requests."""


Judge = Callable[[Answer], None]
"""Raises `FetchFailure` for a body that is not what was asked for."""


class Client:
    """Sends one request at a time; keeps the last time and the failures of each host."""

    def __init__(self, agent: str, limits: Limits, clock: Clock, network: Network) -> None:
        self.limits = limits
        self._agent = agent
        self._clock = clock
        self._network = network
        self._asked: dict[str, float] = {}
        self._faults: dict[str, int] = {}
        self._left: dict[str, Stopped] = {}
        """Hosts that are stopped for this run, with the exception for the next URL."""
        self.budget = Budget(clock)
        """What the present source may still use."""
        self._pools: dict[tuple[str, str, int, bool], tuple[HTTPConnectionPool, Guard]] = {}

    def close(self) -> None:
        """Close every connection."""
        for pool, guard in self._pools.values():
            pool.close()
            guard.release()
        self._pools.clear()

    def get(
        self,
        url: str,
        source: Source,
        *,
        validators: Validators | None = None,
        policy: Policy | None = None,
        judge: Judge | None = None,
        head: int | None = None,
    ) -> Answer:
        """Return the answer for a URL; its status is 200, 304, 404 or 410.

        `validators` make the request conditional; `judge` raises for a body that is not accepted,
        which is then asked for again. Of a body longer than `head` bytes the rest is not read.

        Raises:
            FetchFailure: the URL cannot be fetched.
            Stopped: the limits of the source are used up, or its host is stopped.

        """
        host = host_of(url)
        if self._faults.get(host, 0) >= _DOWN_AFTER:
            raise FetchFailure(url_problem("host_down", host), unreachable=True)
        wait = self.limits.backoff
        for left in reversed(range(self.limits.tries)):
            try:
                answer = self._follow(url, source, validators or Validators(), policy, head)
                if judge and answer.status == 200:
                    judge(answer)
            except FetchFailure as failure:
                self.close()  # the rest of a wrong answer must not begin the next one
                asked_for = failure.wait or 0.0
                if left and failure.again:
                    self._sleep(max(wait, asked_for), begun=True)
                    wait = min(wait * 2, self.limits.longest_wait)
                    continue
                self._faults[host] = self._faults.get(host, 0) + 1 if failure.unreachable else 0
                raise
            self._faults[host] = 0
            return answer
        raise AssertionError("unreachable: the last try returns or raises")

    def _follow(
        self,
        url: str,
        source: Source,
        validators: Validators,
        policy: Policy | None,
        head: int | None,
    ) -> Answer:
        seen = set()
        for _ in range(_MAX_HOPS + 1):
            seen.add(url)
            if not source.admits(url):
                raise FetchFailure(url_problem("host", host_of(url)))
            if policy:
                policy.admit(url, source)  # asks for robots.txt first, hence before the delay
            delay = policy.delay(url, source) if policy else source.delay
            answer = self._ask(url, source, validators.headers(url), delay, head)
            if answer.status not in REDIRECTS:
                return answer
            # urllib3 decodes headers as Latin-1. A server that sends 資料.pdf unescaped means
            # those bytes, in whatever encoding.
            given = answer.headers.get("location", "")
            place = re.sub(r"[\x80-\xff]", lambda byte: f"%{ord(byte[0]):02X}", given)
            usable = place and not _CONTROLS.search(place)
            following = canonical(place, url) if usable else None
            if following is None:
                where = repr(place[:200]) if place else "an address that it does not give"
                raise FetchFailure(url_problem("address", f"it redirects to {where}"))
            if following in seen:
                break
            if answer.status in _FOR_GOOD and not source.admits(following):
                raise FetchFailure(moved_problem(answer.status, host_of(following), source.hosts))
            url = following
        raise FetchFailure(url_problem("redirects", _MAX_HOPS))

    def _ask(
        self,
        url: str,
        source: Source,
        conditions: dict[str, str],
        delay: float,
        head: int | None,
    ) -> Answer:
        if host_of(url) in self._left:
            raise self._left[host_of(url)]
        budget = self.budget
        pool, guard = self._pool(url, source)
        headers = {
            "User-Agent": self._agent,
            "Accept": "application/pdf,text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
            "Accept-Language": "ja,en;q=0.5",
            # Apache gives a compressed answer another ETag and then does not know it again, so
            # that every night would be a full download. Compressed answers are still read.
            "Accept-Encoding": "identity",
            **conditions,
        }
        self._keep_distance(host_of(url), delay)
        limits = self.limits
        budget.check()
        seconds = min(limits.total or source.max_seconds, left := budget.seconds)
        size = min(head or source.max_bytes, int(budget.size) if budget.size < 1e15 else 1 << 50)
        try:
            with guard.limit(seconds, size), _translated(guard, seconds):
                response = pool.urlopen(
                    "GET",
                    target_of(url),
                    headers=headers,
                    redirect=False,
                    retries=False,
                    preload_content=False,
                    decode_content=False,
                    timeout=Timeout(connect=limits.connect, read=limits.read),
                )
                try:
                    return self._read(url, response, size, conditions, head_only=bool(head))
                except BaseException:
                    response.close()  # what is left of the answer must not begin the next one
                    raise
                finally:
                    response.release_conn()
        except FetchFailure as failure:
            code = failure.problem.code
            if code == "slow" and seconds == left:
                raise budget.over(begun=True) from failure
            if code == "too_large" and size < source.max_bytes and not head:
                raise budget.full(begun=True) from failure
            raise
        finally:
            budget.spend(guard.received)
            self._asked[host_of(url)] = self._clock.monotonic()

    def _read(
        self,
        url: str,
        response: BaseHTTPResponse,
        limit: int,
        conditions: dict[str, str],
        *,
        head_only: bool,
    ) -> Answer:
        status = response.status
        headers = {name.lower(): value for name, value in response.headers.items()}
        if status == 200:
            body = read_body(response, headers, limit, head_only=head_only)
            if head_only:
                response.close()  # there may be more of it
            return Answer(status, url, headers, body)
        if status != 304:  # which has no body
            response.close()  # what an error page says is of no use, however long it is
        if status in REDIRECTS or status in GONE or (status == 304 and conditions):
            return Answer(status, url, headers)
        if status in _TRY_AGAIN:
            wait = self._retry_after(headers.get("retry-after", ""))
            if wait and wait > self.limits.longest_wait:
                raise self.leave(host_of(url), "asked_to_wait", f"{wait:,.0f}", begun=True)
            problem = url_problem("busy", f"status {status}")
            raise FetchFailure(problem, again=True, wait=wait, unreachable=True, status=status)
        raise FetchFailure(url_problem("status", status), status=status)

    def _retry_after(self, value: str) -> float | None:
        if _DIGITS.fullmatch(value.strip()):
            return float(value.strip()[:18])  # more digits than that are no shorter wait
        try:
            moment = parsedate_to_datetime(value)
        except (TypeError, ValueError, OverflowError):  # a year or a zone beyond all numbers
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - self._clock.now()).total_seconds())

    def _keep_distance(self, host: str, delay: float) -> None:
        if host in self._asked:
            left = self._asked[host] + delay - self._clock.monotonic()
            if left > 0:
                self._sleep(left)

    def _sleep(self, seconds: float, *, begun: bool = False) -> None:
        if self.budget.seconds <= seconds:
            raise self.budget.over(begun=begun)
        self._clock.sleep(seconds)

    def leave(self, host: str, code: str, detail: str, *, begun: bool = False) -> Stopped:
        """Stop a host for this run; return the exception to raise."""
        self._left[host] = Stopped(code, host, detail, host=host)
        return Stopped(code, host, detail, host=host, begun=begun)

    def _pool(self, url: str, source: Source) -> tuple[HTTPConnectionPool, Guard]:
        key = (*origin_of(url), source.allow_private)
        if key not in self._pools:
            guard = Guard(
                self._network,
                allow_private=source.allow_private,
                connect_timeout=self.limits.connect,
            )
            self._pools[key] = open_pool(*origin_of(url), guard), guard
        return self._pools[key]


@contextmanager
def _translated(guard: Guard, seconds: float) -> Iterator[None]:
    """Turn exceptions of urllib3 into `FetchFailure`; one cut by the guard was too slow."""
    try:
        yield
    except (FetchFailure, HTTPError, HTTPException, OSError, ValueError) as error:
        # ValueError: http.client takes a chunk of -5 bytes at its word and asks for as many.
        if guard.flooded:
            raise FetchFailure(url_problem("flood")) from error
        if not guard.expired:
            raise _failure(error) from error
    if guard.expired:
        # Also where nothing was raised: without a length, the end of the connection looks like the
        # end of the body.
        raise FetchFailure(url_problem("slow", f"{seconds:g}"), unreachable=True)


def _failure(error: Exception) -> FetchFailure:
    if isinstance(error, FetchFailure):
        return error
    cause = error.args[0] if error.args else None
    if isinstance(cause, ssl.SSLCertVerificationError):
        problem = url_problem("tls", cause.verify_message or _words(error))
        return FetchFailure(problem, unreachable=True)
    if isinstance(error, SSLError):
        return FetchFailure(url_problem("connect", _words(error)), again=True, unreachable=True)
    if isinstance(error, ReadTimeoutError | TimeoutError):
        return FetchFailure(url_problem("timeout"), again=True, unreachable=True)
    broken = isinstance(error, ProtocolError | HTTPException | InvalidHeader | ValueError)
    code = "broken" if broken else "connect"
    return FetchFailure(url_problem(code, _words(error)), again=True)


def _words(error: Exception) -> str:
    # Cut first: it may hold what a server sent, 64 kB of it, and `<.*?>` tries each `<` of that.
    text = str(error.args[0])[:500] if error.args else ""
    if "IncompleteRead" in text:
        return "it ended too early"
    return re.sub(r"<.*?>|\s+", " ", text)[:120].strip() or type(error).__name__
