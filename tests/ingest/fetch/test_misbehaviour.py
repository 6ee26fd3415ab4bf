"""A site that misbehaves for one night, in forty ways, beside one that behaves.

Before that night both brought two documents. In it the first site does what a row of the table says
and the second has a new document. Whatever happens: what the row says is told, and nothing else;
no file of the first site changes or counts as withdrawn; the second site's new document comes; the
night after, without the fault, all is well again.
"""

import gzip
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shisaku.ingest.fetch.http.client import Limits
from shisaku.ingest.fetch.report import FetchReport
from shisaku.ingest.fetch.run import run_fetch
from shisaku.ingest.fetch.sources import SourceList
from tests.support.web import FakeClock, Handler, Reply, Site, html, pdf, reply, serving, tree

LIMITS = Limits(connect=1, read=0.2, tries=2, backoff=1, longest_wait=60)
SECONDS = 0.5
"""For one answer of the first site."""
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def raw(*pieces: bytes, pause: float = 0.0, times: int = 1) -> Reply:
    """Give the pieces as they are, the last one so many times, then close."""

    def answer(handler: Handler) -> None:
        handler.close_connection = True
        for piece in (*pieces[:-1], *[pieces[-1]] * times):
            handler.wfile.write(piece)
            time.sleep(pause)

    return answer


def moved(place: str, status: int = 302) -> Reply:
    return reply(status, b"", Location=place)


def further(handler: Handler) -> None:
    moved(handler.path + "x")(handler)


def calendar(handler: Handler) -> None:
    """Give a page that leads to its next day, for ever."""
    day = int(handler.path.rpartition("=")[2] or 0) if "=" in handler.path else 0
    reply(200, html("a.pdf", "b.pdf", f"?d={day + 1}", f"?d={day + 2}"))(handler)


class Anything(dict[str, Reply]):
    """Routes that answer every path that they do not know by the same reply."""

    def __init__(self, known: dict[str, Reply], other: Reply) -> None:
        super().__init__(known)
        self._other = other

    def get(self, path: str, default: Any = None) -> Any:
        return super().get(path) or (default if path.endswith("robots.txt") else self._other)


def bad(answer: Reply) -> Callable[[Site], None]:
    """Misbehave for a document."""
    return lambda site: site.routes.update({"/a.pdf": answer})


def page(answer: Reply | bytes) -> Callable[[Site], None]:
    """Misbehave for the watched page."""
    given = reply(200, answer) if isinstance(answer, bytes) else answer
    return lambda site: site.routes.update({"/index.html": given})


def robots(answer: Reply | bytes) -> Callable[[Site], None]:
    given = reply(200, answer) if isinstance(answer, bytes) else answer
    return lambda site: site.routes.update({"/robots.txt": given})


def everywhere(start: Reply, other: Reply) -> Callable[[Site], None]:
    def change(site: Site) -> None:
        site.routes = Anything(site.routes | {"/index.html": start}, other)

    return change


LINKS = html("a.pdf", "b.pdf")
EMPTY_MEMBERS = gzip.compress(b"") * 20_000
BILLION = (
    b"<?xml version='1.0'?><!DOCTYPE urlset [<!ENTITY a0 'aaaaaaaaaa'>"
    + b"".join(b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]><urlset><url><loc>&a11;</loc></url></urlset>"
)
ROBOTS_BIG = b"User-agent: *\n" + b"Disallow: /*1*2*3*4$\n" * 60_000 + b"Disallow: /\n"
ROBOTS_AGENTS = (
    b"".join(b"User-agent: a%d\n" % n for n in range(12_000)) + b"Disallow: /\n" * 12_000
)

ROWS: list[tuple[str, Callable[[Site], None], list[str]]] = [
    # what the site does, what is told of the source's addresses and of the source
    ("hangs before the headers", bad(raw(b"", pause=0.4)), ["timeout"]),
    ("hangs after the headers", bad(raw(OK + b"Content-Length: 9\r\n\r\n", pause=0.4)),
     ["timeout"]),
    ("trickles headers", bad(raw(OK, b"X-A: b\r\n", pause=0.05, times=20)), ["slow"]),
    ("trickles the body", bad(raw(OK + b"\r\n", b"x", pause=0.05, times=20)), ["slow"]),
    ("trickles the watched page", page(raw(OK + b"\r\n", b"<", pause=0.05, times=20)), ["slow"]),
    ("sends without an end", bad(raw(OK + b"\r\n", b"x" * 65536, times=100)), ["too_large"]),
    ("claims 10 GB", bad(raw(OK + b"Content-Length: 10000000000\r\n\r\n%PDF")), ["too_large"]),
    ("sends huge headers", bad(raw(OK, b"X-A: " + b"b" * 60_000 + b"\r\n", times=90)), ["flood"]),
    ("sends one header without an end", bad(raw(OK + b"X: ", b"b" * 65536, times=30)),
     ["broken"]),
    ("floods with cookies",
     bad(raw(OK, b"Set-Cookie: a=" + b"b" * 4000 + b"\r\n", times=1000)), ["flood"]),
    ("sends a thousand short headers", bad(raw(OK, b"X-A: b\r\n", times=1000)), ["broken"]),
    ("says 100 Continue for ever",
     bad(raw(b"HTTP/1.1 100 Continue\r\n\r\n", times=10_000)), ["broken"]),
    ("gives early hints first",
     bad(raw(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", OK + b"Content-Length: "
             + b"%d\r\n\r\n" % len(pdf("a")) + pdf("a"))), []),
    ("changes the protocol", bad(raw(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")), ["status"]),
    ("speaks HTTP/0.9", bad(raw(b"<html>no status line</html>")), ["broken"]),
    ("redirects in a circle", bad(moved("/a.pdf")), ["redirects"]),
    ("redirects to ever new places", everywhere(reply(200, html("a.pdf", "b.pdf", "c/c.pdf")),
                                                further), ["redirects"]),
    ("redirects with a user name", bad(moved("http://a:b@www.example.go.jp/x.pdf")), ["address"]),
    ("redirects with control characters",
     bad(raw(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /b\x01\x1b.pdf\r\n\r\n")),
     ["address"]),
    ("redirects to a local file", bad(moved("file:///etc/passwd")), ["address"]),
    ("moved to another host for good", bad(moved("https://www.new.go.jp/a.pdf", 308)), ["moved"]),
    ("sends a bomb", bad(reply(200, gzip.compress(bytes(5_000_000)), Content_Encoding="gzip")),
     ["too_large"]),
    ("sends a page that is a bomb",
     page(reply(200, gzip.compress(bytes(5_000_000)), Content_Encoding="gzip")), ["too_large"]),
    ("sends empty gzip members", bad(reply(200, EMPTY_MEMBERS, Content_Encoding="gzip")),
     ["broken"]),
    ("compresses with br", bad(reply(200, pdf("a"), Content_Encoding="br")), ["broken"]),
    ("cuts off by its length", bad(raw(OK + b"Content-Length: 900\r\n\r\n" + pdf("b"))),
     ["broken"]),
    ("gives two lengths",
     bad(raw(OK + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\n%PDF-")), ["broken"]),
    ("cuts off in a chunk", bad(raw(CHUNKED + b"200\r\n%PDF-1")), ["broken"]),
    ("sends a chunk size without an end", bad(raw(CHUNKED, b"0" * 65536, times=10)), ["broken"]),
    ("sends trailers without an end", bad(raw(CHUNKED + b"0\r\n", b"X-A: b\r\n" * 9000, times=80)),
     ["flood"]),
    ("says 304 to who did not ask", bad(reply(304)), ["status"]),
    ("is out of order", bad(reply(500)), ["busy"]),
    ("is out of order for weeks", bad(reply(503, Retry_After="1000000")), ["asked_to_wait"]),
    ("is busy until a day", bad(reply(429, Retry_After="Wed, 25 Nov 2026 03:00:00 GMT")),
     ["asked_to_wait"]),
    ("wants nobody before next week", robots(reply(429, Retry_After="600000")),
     ["asked_to_wait"]),
    ("has a huge robots.txt", robots(ROBOTS_BIG), []),
    ("has a robots.txt of many agents", robots(ROBOTS_AGENTS), []),
    ("has no robots.txt but an error", robots(reply(500)), ["robots_unreadable"]),
    ("has a page in place of robots.txt", robots(html(words="お探しのページは")), []),
    ("asks for a pause of days", robots(b"User-agent: *\nCrawl-delay: 999999"), ["crawl_delay"]),
    ("has a tag of 50,000 attributes",
     page(b"<p " + b" ".join(b"a%d=1" % n for n in range(50_000)) + b">" + LINKS), []),
    ("never closes a tag", page(b"<div>" * 50_000 + LINKS), []),
    ("has 30,000 links to nothing wanted", page(LINKS + b"".join(
        b"<a href=/%d.doc>x</a>" % n for n in range(30_000))), []),
    ("has 30,000 links to documents", everywhere(
        reply(200, LINKS + b"".join(b"<a href=/d%d.pdf>x</a>" % n for n in range(30_000))),
        reply(404)), ["not_found", "out_of_time", "too_many_links"]),
    ("leads through a calendar for ever", everywhere(calendar, calendar),
     ["too_many_pages"]),
    ("declares a charset that is none", page(b"<meta charset=punycode>\x81 \xfd" + LINKS), []),
    ("is damaged EUC-JP", page(b"<meta charset=euc-jp>" + b"\xa4 \xff" * 50_000 + LINKS), []),
    ("has instructions without an end", page(b"<?xml version='1.0'?>" + b"<?a?>" * 5000),
     ["no_page"]),
    ("has a sitemap of a billion laughs", page(BILLION), ["no_page"]),
    ("has an empty page", page(b""), ["no_page"]),
    ("gives a page for a PDF", bad(reply(200, html(words="エラー"))), ["not_a_document"]),
    ("gives a PDF for a page", page(pdf("x")), ["no_page"]),
]  # fmt: skip


@pytest.fixture
def sites() -> Iterator[tuple[Site, Site]]:
    with serving() as first, serving() as second:
        for site in (first, second):
            site.routes["/index.html"] = reply(200, LINKS)
            for name in "ab":
                # Neither ETag nor date: a 304 is never asked for.
                site.routes[f"/{name}.pdf"] = reply(200, pdf(name))
        yield first, second


def fetch(data: Path, sites: tuple[Site, Site], **more: Any) -> FetchReport:
    first, second = sites
    entries = (
        first.source(
            name="first", depth=5, follow=("*?d=*",), delay=1.0, max_seconds=SECONDS,
            max_minutes=1.0, max_pages=8, **more,
        ),
        second.source(name="second"),
    )  # fmt: skip
    return run_fetch(
        data, SourceList(entries), limits=LIMITS, clock=FakeClock(), network=first.network
    )


def told(report: FetchReport, source: str) -> list[str]:
    """Give every code that is told of a source, once."""
    found = {item.problem.code for item in report.failed if item.problem and item.source == source}
    found |= {
        problem.code for one in report.sources if one.name == source for problem in one.problems
    }
    return sorted(found)


@pytest.mark.parametrize(("change", "codes"), [row[1:] for row in ROWS], ids=[r[0] for r in ROWS])
def test_one_night_with_a_site_that_misbehaves(
    sites: tuple[Site, Site],
    tmp_path: Path,
    change: Callable[[Site], None],
    codes: list[str],
) -> None:
    first, second = sites
    assert not fetch(tmp_path, sites).needs_attention
    before = tree(tmp_path / "raw" / "first")
    well = dict(first.routes)
    change(first)
    second.routes["/index.html"] = reply(200, html("a.pdf", "b.pdf", "new.pdf"))
    second.routes["/new.pdf"] = reply(200, pdf("new"))

    report = fetch(tmp_path, sites)
    assert told(report, "first") == codes
    assert told(report, "second") == []
    assert tree(tmp_path / "raw" / "first") == before
    assert not report.counts["withdrawn"] and not report.counts["changed"]
    assert pdf("new") in tree(tmp_path / "raw" / "second").values()
    assert all("{" not in line and line.isprintable() for line in report.lines())

    first.routes = well
    second.routes.pop("/new.pdf")
    second.routes["/index.html"] = reply(200, LINKS)
    report = fetch(tmp_path, sites)
    assert told(report, "first") == []
    assert tree(tmp_path / "raw" / "first") == before


def test_a_host_that_moved_is_told_with_the_line_to_write(
    sites: tuple[Site, Site], tmp_path: Path
) -> None:
    bad(moved("https://www.new.go.jp/a.pdf", 301))(sites[0])
    [failure] = fetch(tmp_path, sites).failed
    assert failure.problem and "www.new.go.jp (status 301)" in failure.problem.reason
    assert '"www.new.go.jp"]' in failure.problem.remedy and "hosts = [" in failure.problem.remedy
    bad(moved("https://www.new.go.jp/a.pdf", 302))(sites[0])  # for the time being only
    [failure] = fetch(tmp_path, sites).failed
    assert failure.problem and failure.problem.code == "host"
