"""A web server on loopback that behaves, or misbehaves, as a test tells it; and a clock to match.

Names of hosts lead to public addresses that are connected to loopback, so that the checks of
addresses are at work in every test.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest.mock import patch

from shisaku.ingest.fetch.http.client import Limits
from shisaku.ingest.fetch.http.network import Network
from shisaku.ingest.fetch.report import FetchReport
from shisaku.ingest.fetch.run import run_fetch
from shisaku.ingest.fetch.sources import Source, SourceList

Handler = BaseHTTPRequestHandler
Reply = Callable[[Handler], None]
PUBLIC = "93.184.215.14"
LIMITS = Limits(connect=2, read=2, total=5, tries=3, backoff=1, longest_wait=60)


def pdf(words: str) -> bytes:
    return b"%PDF-1.7\n" + words.encode() + b"\n%%EOF\n"


def html(*links: str, words: str = "一覧", head: str = "") -> bytes:
    items = "".join(f'<li><a href="{link}">{link}</a></li>' for link in links)
    page = f"<head>{head}</head><body>{words}<ul>{items}</ul></body>"
    return f"<!DOCTYPE html><html>{page}</html>".encode()


def send(
    handler: Handler, status: int, body: bytes = b"", headers: dict[str, str] | None = None
) -> None:
    """Answer, with a Content-Length unless `headers` has one (None: without)."""
    handler.send_response(status)
    for name, value in ({"Content-Length": str(len(body))} | (headers or {})).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def reply(status: int = 200, body: bytes = b"", **headers: str) -> Reply:
    """Give an answer that never changes; `Retry_After` is the header Retry-After."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: send(handler, status, body, fields)


def document(body: bytes, etag: str = "") -> Reply:
    """Give a document that answers 304 to its own ETag."""
    tag = etag or f'"{len(body)}-{hash(body) & 0xFFFFFFFF}"'

    def answer(handler: Handler) -> None:
        if handler.headers.get("If-None-Match") == tag:
            send(handler, 304, b"", {"ETag": tag})
        else:
            send(handler, 200, body, {"ETag": tag, "Content-Type": "application/octet-stream"})

    return answer


def in_turn(*replies: Reply) -> Reply:
    """Give one answer after the other; the last one stays."""
    left = list(replies)

    def answer(handler: Handler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return answer


class Site:
    """A server; `routes` are by path with query, `log` has every request's path and headers."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.scheme = "https" if tls else "http"
        self.routes: dict[str, Reply] = {"/robots.txt": reply(404)}
        self.log: list[tuple[str, dict[str, str]]] = []
        site = self

        class Requests(Handler):
            protocol_version = "HTTP/1.1"
            timeout = 5
            # Head and body are two writes; the second would wait 40 ms for the client's word.
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                site.log.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                try:
                    site.routes.get(self.path, reply(404))(self)
                except OSError:
                    self.close_connection = True

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *_: Any) -> None:
                pass

        self.server = Server(("127.0.0.1", 0), Requests)
        if tls:
            # The handshake belongs to the thread of the request, not to the one that accepts.
            self.server.socket = tls.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self.server.server_address[1]
        self.resolved: list[str] = []
        self.connected: list[str] = []
        self.addresses: dict[str, list[str]] = {}

    def url(self, path: str, host: str = "www.example.go.jp") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def asked(self, path: str) -> int:
        """Number of requests for a path."""
        return sum(one == path for one, _ in self.log)

    @property
    def network(self) -> Network:
        def resolve(host: str, port: int) -> list[str]:
            self.resolved.append(host)
            return self.addresses.get(host, [PUBLIC])

        def connect(address: str, port: int, timeout: float) -> socket.socket:
            self.connected.append(address)
            return socket.create_connection(("127.0.0.1", port), timeout)

        return Network(resolve, connect)

    def source(self, **changes: Any) -> Source:
        hosts = ("www.example.go.jp", "sub.example.go.jp")
        standard: dict[str, Any] = {
            "name": "sho",
            "publisher": "警察庁",
            "pages": (self.url("/index.html"),),
            "hosts": tuple(f"{host}:{self.port}" for host in hosts),
            "delay": 0.0,
            "max_mb": 1.0,
        }
        return Source(**(standard | changes))

    def fetch(
        self,
        data: Path,
        *,
        clock: "FakeClock | None" = None,
        limits: Limits = LIMITS,
        allow_withdrawal: bool = False,
        **changes: Any,
    ) -> FetchReport:
        """Run one source."""
        return run_fetch(
            data,
            SourceList((self.source(**changes),), "web@example.com"),
            limits=limits,
            clock=clock or FakeClock(),
            network=self.network,
            allow_withdrawal=allow_withdrawal,
        )


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    site = Site(tls)
    thread = threading.Thread(target=site.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        # Half of a test's time would go into the disk; what a power cut does, no test can see.
        with patch("os.fsync"):
            yield site
    finally:
        site.server.shutdown()
        site.server.server_close()
        thread.join()


@contextmanager
def offering(documents: Mapping[str, str]) -> Iterator[Site]:
    """Serve a watched page that links to PDFs; `documents` gives their words by name."""
    with serving() as site:
        site.routes["/index.html"] = document(html(*documents))
        for name, words in documents.items():
            site.routes[f"/{name}"] = document(pdf(words))
        yield site


class FakeClock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.sleeps: list[float] = []

    def now(self) -> datetime:
        return datetime(2026, 11, 22, 3, tzinfo=UTC) + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.passed += seconds


def tree(root: Path) -> dict[str, bytes]:
    """Give every file below a folder, hidden ones too."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def stamps(root: Path) -> dict[str, tuple[int, int]]:
    """Give inode and time of every file and folder below a folder."""
    found = {}
    for path in sorted(root.rglob("*")):
        status = path.stat()
        found[path.relative_to(root).as_posix()] = (status.st_ino, status.st_mtime_ns)
    return found
