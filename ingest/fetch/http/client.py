"""One URL → one answer: hop by hop, checked at each, within limits of time and size, tried again.

urllib3 does HTTP and TLS. What it would do by itself but without asking - redirects, retries,
decompression - is done here, as each hop must be admitted, each broken body asked for again, and
no answer may grow beyond its limit.
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
"""URLs of one host that fail in a row because of the host; the rest would cost hours."""
_FOR_GOOD = frozenset({301, 308})
_DIGITS = re.compile(r"[0-9]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
"""What no header's value may hold (RFC 9110, 5.5)."""


class Clock(Protocol):
    """Where time comes from; tests put their own in place."""

    def now(self) -> datetime:
        """Return the time of day, with its zone."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the time of day in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


@dataclass(frozen=True)
class Limits:
    """Seconds, except `tries`: how often a URL is asked for before it has failed."""

    connect: float = 15.0
    read: float = 30.0
    """Between two pieces of an answer."""
    total: float | None = None
    """For one answer from the first byte sent to the last received; None: what the source says."""
    tries: int = 4
    backoff: float = 2.0
    """Wait before the second try; it doubles with each."""
    longest_wait: float = 120.0
    """Beyond it neither Retry-After nor Crawl-delay is waited for: the host is left for the run."""


@dataclass(frozen=True)
class Answer:
    """What a server said last, after all redirects; `body` is decompressed."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Validators:
    """What tells a server which version is known, and of which URL after redirects."""

    url: str = ""
    etag: str = ""
    last_modified: str = ""

    def headers(self, url: str) -> dict[str, str]:
        """Return the conditions for a request.

        None for another URL than theirs: where `latest.pdf` redirects to an older file today, that
        file is not modified "since" either, and the change would never be seen.
        """
        found = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in found.items() if value} if url == self.url else {}


class Policy(Protocol):
    """What a host asks of programs."""

    def admit(self, url: str, source: Source) -> None:
        """Raise `FetchFailure` for a URL that is kept from programs."""

    def delay(self, url: str, source: Source) -> float:
        """Return the seconds between two requests."""


Judge = Callable[[Answer], None]
"""Raises `FetchFailure` for a body that cannot be what was asked for."""


class Client:
    """Asks one thing at a time; remembers per host when it was asked last and whether it is up."""

    def __init__(self, agent: str, limits: Limits, clock: Clock, network: Network) -> None:
        self.limits = limits
        self._agent = agent
        self._clock = clock
        self._network = network
        self._asked: dict[str, float] = {}
        self._faults: dict[str, int] = {}
        self._left: dict[str, Stopped] = {}
        """Hosts that asked to be left alone for longer than is waited."""
        self.budget = Budget(clock)
        """What the source at hand may still take."""
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
        """Return the answer for a URL: one of 200, 304, 404, 410, or `FetchFailure`.

        Of a body longer than `head` bytes, where that is given, the rest is not read.

        Raises:
            FetchFailure: this address cannot be had.
            Stopped: the source's time or bytes are used up, or the host is to be left alone.

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
            # urllib3 gives each byte of a header as a character. Who sends 資料.pdf as it is means
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
        """Ask no more of a host in this run; give what is to be raised."""
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
    """Turn what urllib3 raises into failures; a connection cut by the guard was too slow."""
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
