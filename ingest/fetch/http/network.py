"""Connections of urllib3 that go to checked public addresses only.

A link on a page may name any host, this machine and the local network included, and a name can
change its address between check and connection (DNS rebinding). So every connection resolves the
name once, checks all addresses, and connects to one of them; urllib3's only hook for that is the
method that makes the socket.
"""

import contextlib
import functools
import io
import ipaddress
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from shisaku.ingest.fetch.failures import FetchFailure, url_problem

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last four bytes are an IPv4 address


_HEAD = 128 * 1024
"""Bytes of status line and headers, interim responses included; common servers send less than
8 kB, and http.client alone would read 6 MB."""
_INTERIM = 20
"""Interim responses (1xx) before the final one; a client must accept some (RFC 9110, 15.2)."""
_OVERHEAD = 1 << 20
"""Bytes that an answer may have beyond twice its body: headers, chunk sizes, trailers."""


def is_public(address: str) -> bool:
    """Return whether an IP address is globally reachable, and embeds no address that is not."""
    try:
        found: Address = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            found = inner
        elif found.is_site_local:
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _connect(address: str, port: int, timeout: float) -> socket.socket:
    return socket.create_connection((address, port), timeout)


@dataclass(frozen=True)
class Network:
    """Name resolution and sockets; tests replace both."""

    resolve: Callable[[str, int], list[str]] = _resolve
    """Host and port → addresses; raises OSError."""
    connect: Callable[[str, int, float], socket.socket] = _connect
    """Address, port, seconds → a connected socket; raises OSError."""


class Guard:
    """Limits the connections to one origin: addresses, seconds, bytes."""

    def __init__(self, network: Network, *, allow_private: bool, connect_timeout: float) -> None:
        self._network = network
        self._allow_private = allow_private
        self._timeout = connect_timeout
        self._handle: socket.socket | None = None
        self.expired = False
        self.received = 0
        """Bytes received since the present limit was set."""
        self.flooded = False
        """Whether more bytes were received than the limit."""
        self._bytes = 0

    def connect(self, host: str, port: int) -> socket.socket:
        """Return a connection to a checked address of the host, or raise `FetchFailure`."""
        host = host.strip("[]")
        try:
            addresses = self._resolved(host, port)
        except (OSError, UnicodeError) as error:
            raise self._unreachable("dns", host, error) from error
        if not self._allow_private:
            for address in addresses:
                # One private address among public ones is a sign of DNS rebinding.
                if not is_public(address):
                    raise FetchFailure(url_problem("private", f"{host} is {address}"))
        fault: OSError = OSError(0, "no address")
        for address in addresses:
            if self.expired:
                raise self._unreachable("connect", host, fault)
            try:
                made = self._network.connect(address, port, self._timeout)
            except OSError as error:
                fault = error
                continue
            self.release()
            # The TLS layer detaches the socket; a duplicate handle can still shut it down.
            self._handle = made.dup()
            if self.expired:  # while it was made, so that there was nothing to cut
                self._cut()
            return made
        raise self._unreachable("connect", host, fault) from fault

    def _resolved(self, host: str, port: int) -> list[str]:
        # The system's resolver takes no time limit; a thread that it holds is left behind.
        found: list[list[str] | Exception] = []

        def look_up() -> None:
            try:
                found.append(self._network.resolve(host, port))
            except Exception as error:
                found.append(error)

        thread = threading.Thread(target=look_up, daemon=True)
        thread.start()
        thread.join(self._timeout)
        answer = found[0] if found else TimeoutError("no answer about the name")
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _unreachable(self, code: str, host: str, error: Exception) -> FetchFailure:
        detail = getattr(error, "strerror", None) or str(error) or type(error).__name__
        problem = url_problem(code, f"{host}: {detail}")
        return FetchFailure(problem, again=True, unreachable=True)

    @contextlib.contextmanager
    def limit(self, seconds: float, size: int) -> Any:
        """End the connection `seconds` from now; `expired` tells afterwards whether it was.

        The time limit of a socket begins anew with every byte, so it does not end a slow trickle.
        `size` is the limit of the body in bytes; an answer of far more (headers, chunk sizes and
        trailers included) is ended, and `flooded` is set.
        """
        self.expired = self.flooded = False
        self.received, self._bytes = 0, 2 * size + _OVERHEAD
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    @contextlib.contextmanager
    def within(self, size: int) -> Any:
        """Limit received bytes to `size` within the context."""
        whole, self._bytes = self._bytes, self.received + size
        yield
        self._bytes = whole

    def count(self, size: int) -> None:
        """Count received bytes; raise `HTTPException` where they exceed the limit."""
        self.received += size
        if self.received > self._bytes:
            self.flooded = True
            raise HTTPException("more bytes came than the answer may have")

    def _cut(self) -> None:
        self.expired = True
        handle = self._handle
        if handle is not None:
            with contextlib.suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)

    def release(self) -> None:
        """Close the second handle, which would keep the connection open.

        Not when urllib3 closes the connection: it does so while the answer is still being read.
        """
        handle, self._handle = self._handle, None
        if handle is not None:
            handle.close()


class _Counted(io.RawIOBase):
    """A raw stream that counts the bytes read from a connection."""

    def __init__(self, raw: io.RawIOBase, guard: Guard) -> None:
        self._raw = raw
        self._guard = guard

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        size: int | None = self._raw.readinto(buffer)
        self._guard.count(size or 0)
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(HTTPResponse):
    """A response whose head is limited in bytes, and whose interim responses (1xx) are skipped.

    http.client skips status 100 only, and any number of them.
    """

    def __init__(self, sock: socket.socket, *args: Any, guard: Guard, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        raw: Any = self.fp.detach()
        self.fp = io.BufferedReader(_Counted(raw, guard))
        self._guard = guard
        self._interim = 0

    def begin(self) -> None:
        with self._guard.within(_HEAD):
            super().begin()

    def _read_status(self) -> tuple[str, int, str]:
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc]
            # 101 is final, and answers an upgrade that was not requested.
            if not 100 <= status < 200 or status == 101:
                return version, status, reason
            self._interim += 1
            if self._interim > _INTERIM:
                raise HTTPException("interim answers without an end")
            while len(line := self.fp.readline(_HEAD)) > 2:
                if not line.endswith(b"\n"):
                    raise HTTPException("a header without an end")
            if not line:
                raise HTTPException("the answer ends before it begins")


class _Http(HTTPConnection):
    def __init__(self, *args: Any, guard: Guard, **options: Any) -> None:
        super().__init__(*args, **options)
        self._guard = guard
        made: Any = functools.partial(_Response, guard=guard)
        self.response_class = made

    def _new_conn(self) -> socket.socket:
        return self._guard.connect(self.host, self.port)


class _Https(_Http, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


def open_pool(scheme: str, host: str, port: int, guard: Guard) -> HTTPConnectionPool:
    """Return a urllib3 pool of one connection to an origin, made by the guard."""
    kind = _HttpsPool if scheme == "https" else _HttpPool
    return kind(host, port, maxsize=1, block=False, retries=False, guard=guard)
