"""What servers do wrong: each fault is the failure of one URL, told with its reason; no more."""

import gzip
import socket
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from shisaku.ingest.fetch.failures import FetchFailure
from shisaku.ingest.fetch.http.client import Limits
from shisaku.ingest.fetch.http.network import Guard, Network
from shisaku.ingest.fetch.run import run_fetch
from shisaku.ingest.fetch.sources import SourceList
from tests.support.web import (
    LIMITS,
    FakeClock,
    Handler,
    Reply,
    Site,
    document,
    html,
    in_turn,
    pdf,
    reply,
    send,
    serving,
    tree,
)

QUICK = Limits(connect=1, read=0.3, total=0.6, tries=2, backoff=1, longest_wait=60)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        found.routes["/index.html"] = reply(200, html("bad.pdf", "good.pdf"))
        found.routes["/good.pdf"] = document(pdf("good"))
        yield found


def moved(place: str) -> Reply:
    return reply(302, b"", Location=place)


class Raw:
    """Gives bytes as they are, then closes; `sent` counts the pieces that went out."""

    def __init__(self, pieces: tuple[bytes, ...], pause: float) -> None:
        self.pieces = pieces
        self.pause = pause
        self.sent = 0

    def __call__(self, handler: Handler) -> None:
        self.sent = 0
        handler.close_connection = True
        for piece in self.pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()
            self.sent += 1
            time.sleep(self.pause)


def raw(*pieces: bytes, pause: float = 0.0) -> Raw:
    return Raw(pieces, pause)


def endless(handler: Handler) -> None:
    handler.close_connection = True
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.7\n")
    for _ in range(1000):
        handler.wfile.write(b"x" * 65536)


OK = b"HTTP/1.1 200 OK\r\n"
WHOLE = pdf("a" * 500)
BOMB = gzip.compress(b"%PDF-1.7\n" + bytes(20_000_000) + b"%%EOF")
GZIPPED = gzip.compress(WHOLE)

FAULTS: list[tuple[str, Reply, str, int]] = [
    # what, answer, code, requests
    ("a circle", moved("/bad.pdf"), "redirects", 1),
    ("another host", moved("http://evil.example.com/x.pdf"), "host", 1),
    ("the same host, another port", moved("http://www.example.go.jp:1/x.pdf"), "host", 1),
    ("a user name before the host", moved("http://a@www.example.go.jp/x.pdf"), "address", 1),
    ("a local file", moved("file:///etc/passwd"), "address", 1),
    ("another scheme", moved("ftp://www.example.go.jp/x.pdf"), "address", 1),
    ("nowhere", reply(302), "address", 1),
    ("not there", reply(404), "not_found", 1),
    ("no longer there", reply(410), "not_found", 1),
    ("forbidden", reply(403, html(words="Forbidden")), "status", 1),
    ("nothing to say", reply(204), "status", 1),
    ("not modified, though nobody asked", reply(304), "status", 1),
    ("a part that nobody asked for", reply(206, WHOLE), "status", 1),
    ("too many requests", reply(429, Retry_After="7"), "busy", 3),
    ("come back in no year", reply(503, Retry_After=f"Wed, 25 Nov {9:9<30} 03:00:00 GMT"),
     "busy", 3),
    ("come back in no zone", reply(429, Retry_After=f"Wed, 25 Nov 2026 03:00:00 +{9:9<30}"),
     "busy", 3),
    ("come back at no date", reply(503, Retry_After="soon"), "busy", 3),
    ("an error", reply(500, html(words="Error")), "busy", 3),
    ("cut off", raw(OK + b"Content-Length: 900\r\n\r\n" + WHOLE), "broken", 3),
    ("cut off in a chunk",
     raw(OK + b"Transfer-Encoding: chunked\r\n\r\n200\r\n%PDF-1"), "broken", 3),
    ("cut off between chunks",
     raw(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n%PDF-\r\n"), "broken", 3),
    ("a chunk of less than nothing",
     raw(OK + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n%PDF-"), "broken", 3),
    ("a length too small", raw(OK + b"Content-Length: 100\r\n\r\n" + WHOLE), "broken", 3),
    ("no length, and cut off", raw(OK + b"\r\n" + WHOLE[:300]), "broken", 3),
    ("a negative length", raw(OK + b"Content-Length: -1\r\n\r\n" + WHOLE[:300]), "broken", 3),
    ("no HTTP at all", raw(b"SSH-2.0-OpenSSH\r\n"), "broken", 3),
    ("closed without a word", raw(), "broken", 3),
    ("10 GB, it says", raw(OK + b"Content-Length: 10000000000\r\n\r\n%PDF-1.7"), "too_large", 1),
    ("without an end", endless, "too_large", 1),
    ("a bomb", reply(200, BOMB, Content_Encoding="gzip"), "too_large", 1),
    ("a bomb of the other kind",
     reply(200, zlib.compress(bytes(20_000_000)), Content_Encoding="deflate"), "too_large", 1),
    ("compressed and cut off", reply(200, GZIPPED[:-20], Content_Encoding="gzip"), "broken", 3),
    ("said to be compressed", reply(200, WHOLE, Content_Encoding="gzip"), "broken", 3),
    ("compressed beyond us", reply(200, WHOLE, Content_Encoding="br"), "broken", 1),
    ("a web page", reply(200, html(words="お探しのページは見つかりません")), "not_a_document", 1),
    ("a Word file", reply(200, b"PK\x03\x04" + bytes(range(256))), "not_a_document", 1),
    ("nothing", reply(200, b""), "empty", 3),
    ("blanks", reply(200, b" \n"), "empty", 3),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "code", "tries"), [row[1:] for row in FAULTS],
                         ids=[row[0] for row in FAULTS])  # fmt: skip
def test_a_fault_is_told_and_harms_nothing_else(
    site: Site, tmp_path: Path, answer: Reply, code: str, tries: int
) -> None:
    site.routes["/bad.pdf"] = answer
    report = site.fetch(tmp_path)
    [failure] = report.failed
    assert failure.url == site.url("/bad.pdf")
    assert failure.problem and failure.problem.code == code
    assert failure.problem.reason.endswith(".") and failure.problem.remedy
    assert "{" not in failure.problem.reason
    assert site.asked("/bad.pdf") == tries
    assert report.needs_attention and report.counts["added"] == 1
    names = [name for name in tree(tmp_path / "raw")]
    assert names == ["sho/good.pdf", "sho/good.pdf.source.json"]
    assert not [name for name in tree(tmp_path) if ".tmp-" in name]


ONE_OF_EACH = {code: answer for _, answer, code, _ in FAULTS if code != "not_found"}


@pytest.mark.parametrize("code", ONE_OF_EACH)
def test_a_fault_does_not_touch_what_was_fetched_before(
    site: Site, tmp_path: Path, code: str
) -> None:
    site.routes["/bad.pdf"] = document(pdf("before"))
    assert not site.fetch(tmp_path).needs_attention
    before = tree(tmp_path / "raw")
    site.routes["/bad.pdf"] = ONE_OF_EACH[code]
    report = site.fetch(tmp_path)
    assert [failure.path for failure in report.failed] == [
        f"raw/{name}" for name in before if name.startswith("sho/bad") and name.endswith(".pdf")
    ]
    assert tree(tmp_path / "raw") == before


PAGE = html(words="本文" * 99)


@pytest.mark.parametrize(
    "answer",
    [
        raw(OK + b"Content-Length: 9999\r\n\r\n" + PAGE),
        raw(OK + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(PAGE), PAGE)),
        reply(200, gzip.compress(PAGE)[:-9], Content_Encoding="gzip"),
    ],
)
def test_a_page_that_is_cut_off_is_seen_though_it_has_no_end_mark(
    site: Site, tmp_path: Path, answer: Reply
) -> None:
    site.routes["/index.html"] = reply(200, html("p.html"))
    site.routes["/p.html"] = answer
    report = site.fetch(tmp_path, include=("*/p.html",))
    assert [failure.problem and failure.problem.code for failure in report.failed] == ["broken"]


TRICKLE = [b"x"] * 1200  # with the pause of 0.05 s a minute, unless the other side hangs up
SLOW = [
    ("a trickle", raw(OK + b"Content-Length: 5000\r\n\r\n", *TRICKLE, pause=0.05), "slow"),
    ("a trickle without a length", raw(OK + b"\r\n%PDF-1", *TRICKLE, pause=0.05), "slow"),
    ("a trickle of headers", raw(OK, *[b"X-A: b\r\n"] * len(TRICKLE), pause=0.05), "slow"),
    ("silence", raw(b"", b"", pause=0.5), "timeout"),
    (
        "silence after the headers",
        raw(OK + b"Content-Length: 9\r\n\r\n", b"", pause=0.5),
        "timeout",
    ),
]


@pytest.mark.parametrize(
    ("answer", "code"), [row[1:] for row in SLOW], ids=[row[0] for row in SLOW]
)
def test_what_takes_too_long_is_cut_off(site: Site, tmp_path: Path, answer: Raw, code: str) -> None:
    site.routes["/bad.pdf"] = answer
    report = site.fetch(tmp_path, limits=QUICK)
    assert code == "timeout" or answer.sent < len(answer.pieces)
    assert [failure.problem and failure.problem.code for failure in report.failed] == [code]
    assert report.counts["added"] == 1


def test_a_host_that_is_slow_to_take_the_call_gains_no_time(site: Site, tmp_path: Path) -> None:
    # The time ended while there was no connection to cut; the one made after that must not last.
    answer = site.routes["/bad.pdf"] = raw(OK + b"\r\n%PDF-1", *TRICKLE, pause=0.05)
    swift = site.network

    def late(address: str, port: int, timeout: float) -> socket.socket:
        if site.asked("/index.html"):
            time.sleep(0.7)
        return swift.connect(address, port, timeout)

    site.routes["/index.html"] = reply(200, html("bad.pdf"), Connection="close")
    report = run_fetch(
        tmp_path,
        SourceList((site.source(),)),
        limits=QUICK,
        clock=FakeClock(),
        network=Network(swift.resolve, late),
    )
    assert [failure.problem and failure.problem.code for failure in report.failed] == ["slow"]
    assert answer.sent < len(answer.pieces)


def test_a_host_with_many_dead_addresses_costs_no_more_than_its_time() -> None:
    tried = []

    def dead(address: str, port: int, timeout: float) -> socket.socket:
        tried.append(address)
        time.sleep(0.05)
        raise OSError(111, "Connection refused")

    network = Network(lambda host, port: ["8.8.8.8"] * 100, dead)
    guard = Guard(network, allow_private=False, connect_timeout=1)
    with pytest.raises(FetchFailure), guard.limit(0.2, 1000):
        guard.connect("www.example.go.jp", 80)
    assert 1 < len(tried) < 20


@pytest.mark.parametrize(
    "place", ["/資料.pdf".encode(), "/資料.pdf".encode("cp932")], ids=["UTF-8", "Shift_JIS"]
)
def test_a_redirect_may_hold_bytes_as_they_are(site: Site, tmp_path: Path, place: bytes) -> None:
    site.routes["/bad.pdf"] = raw(
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + place + b"\r\n\r\n"
    )
    site.routes[quote(place)] = document(pdf("moved"))
    assert site.fetch(tmp_path).counts["added"] == 2


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "::1", "fd00::1"])
def test_no_redirect_leads_into_the_office(site: Site, tmp_path: Path, address: str) -> None:
    site.addresses["sub.example.go.jp"] = ["93.184.215.14", address]
    site.routes["/bad.pdf"] = moved(site.url("/good.pdf", "sub.example.go.jp"))
    site.routes["/good.pdf"] = reply(404)
    report = site.fetch(tmp_path, include=("*/bad.pdf",))
    assert [failure.problem and failure.problem.code for failure in report.failed] == ["private"]
    assert address not in site.connected
    assert site.asked("/good.pdf") == 0


def test_a_private_address_is_for_sources_that_say_so(site: Site, tmp_path: Path) -> None:
    site.addresses["www.example.go.jp"] = ["127.0.0.1"]
    report = site.fetch(tmp_path)
    assert [failure.problem and failure.problem.code for failure in report.failed] == ["private"]
    assert not site.log
    site.routes["/bad.pdf"] = document(pdf("b"))
    assert site.fetch(tmp_path, allow_private=True).counts["added"] == 2


def test_a_name_that_changes_its_address_is_checked_at_every_connection(
    site: Site, tmp_path: Path
) -> None:
    # The answer closes the connection, so that the next request must resolve the name again.
    def close(handler: Handler) -> None:
        site.addresses["www.example.go.jp"] = ["127.0.0.1"]
        send(handler, 200, html("good.pdf"), {"Connection": "close"})
        handler.close_connection = True

    site.routes["/index.html"] = close
    report = site.fetch(tmp_path)
    assert [failure.problem and failure.problem.code for failure in report.failed] == ["private"]
    assert "127.0.0.1" not in site.connected
    assert site.asked("/good.pdf") == 0


def test_the_connection_goes_to_the_address_that_was_checked(site: Site, tmp_path: Path) -> None:
    site.addresses["www.example.go.jp"] = ["8.8.4.4"]
    site.fetch(tmp_path)
    assert set(site.connected) == {"8.8.4.4"}


def test_another_try_brings_it(site: Site, tmp_path: Path) -> None:
    site.routes["/bad.pdf"] = in_turn(
        reply(500), raw(OK + b"Content-Length: 900\r\n\r\n" + WHOLE), document(WHOLE)
    )
    clock = FakeClock()
    report = site.fetch(tmp_path, clock=clock)
    assert report.counts["added"] == 2 and not report.needs_attention
    assert clock.sleeps == [1, 2]  # longer each time


def test_retry_after_is_waited_for(site: Site, tmp_path: Path) -> None:
    site.routes["/bad.pdf"] = in_turn(
        reply(429, Retry_After="17"),
        reply(503, Retry_After="Sun, 22 Nov 2026 03:01:00 GMT"),
        document(WHOLE),
    )
    clock = FakeClock()
    assert site.fetch(tmp_path, clock=clock).counts["added"] == 2
    assert clock.sleeps == [17, 43]


def test_a_host_that_is_down_is_left_alone(site: Site, tmp_path: Path) -> None:
    names = [f"d{number}.pdf" for number in range(8)]
    site.routes["/index.html"] = reply(200, html(*names))
    for name in names:
        site.routes[f"/{name}"] = reply(503)
    report = site.fetch(tmp_path)
    codes = [failure.problem.code for failure in report.failed if failure.problem]
    assert codes == ["busy"] * 3 + ["host_down"] * 5
    assert sum(site.asked(f"/{name}") for name in names) == 9


def test_a_redirect_within_the_hosts_is_followed_and_noted(site: Site, tmp_path: Path) -> None:
    site.routes["/bad.pdf"] = moved(site.url("/there%20is.pdf", "sub.example.go.jp"))
    site.routes["/there%20is.pdf"] = document(WHOLE)
    assert not site.fetch(tmp_path).needs_attention
    [sidecar] = [text for name, text in tree(tmp_path / "raw").items() if "bad" in name and
                 name.endswith(".json")]  # fmt: skip
    assert site.url("/there%20is.pdf", "sub.example.go.jp").encode() in sidecar
    assert site.url("/bad.pdf").encode() in sidecar


def test_conditions_are_not_carried_over_to_another_target(site: Site, tmp_path: Path) -> None:
    site.routes["/bad.pdf"] = moved("/2024.pdf")
    site.routes["/2024.pdf"] = document(pdf("2024"), '"same"')
    site.fetch(tmp_path)
    site.routes["/bad.pdf"] = moved("/2025.pdf")
    site.routes["/2025.pdf"] = document(pdf("2025"), '"same"')
    assert site.fetch(tmp_path).counts["changed"] == 1


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (GZIPPED, "gzip"),
        (GZIPPED, "deflate"),
        (zlib.compress(WHOLE), "deflate"),
        (gzip.compress(WHOLE[:99]) + gzip.compress(WHOLE[99:]), "gzip"),
        (GZIPPED + bytes(16), "gzip"),
    ],
    ids=["gzip", "gzip called deflate", "zlib", "two members", "padded"],
)
def test_compressed_answers_are_read_though_not_asked_for(
    site: Site, tmp_path: Path, packed: bytes, encoding: str
) -> None:
    site.routes["/bad.pdf"] = reply(200, packed, Content_Encoding=encoding)
    assert site.fetch(tmp_path).counts["added"] == 2
    assert WHOLE in tree(tmp_path / "raw").values()
    assert {headers["accept-encoding"] for _, headers in site.log} == {"identity"}


def test_the_program_says_who_it_is(site: Site, tmp_path: Path) -> None:
    site.fetch(tmp_path)
    [agent] = {headers["user-agent"] for _, headers in site.log}
    assert agent.startswith("shisaku/") and agent.endswith(" (+web@example.com)")


# --- robots.txt --------------------------------------------------------------------------------

ROBOTS = [
    # robots.txt, whether bad.pdf may be fetched
    ("User-agent: *\nDisallow:", True),
    ("User-agent: *\nDisallow: /bad", False),
    ("User-agent: *\nDisallow: /*.pdf$\nAllow: /good.pdf", False),  # the longer rule wins
    ("User-agent: *\nDisallow: /\nAllow: /index\nAllow: /good\nAllow: /b*.pdf$", True),
    ("User-agent: shisaku\nDisallow: /bad.pdf\n\nUser-agent: *\nDisallow:", False),
    ("User-agent: other\nDisallow: /", True),
    ("\ufeffUser-agent: *\r\nDisallow: /bad.pdf\r\n", False),  # as Notepad saves it
    ("<html><body>ページがありません</body></html>", True),
]


@pytest.mark.parametrize(("rules", "allowed"), ROBOTS)
def test_robots(site: Site, tmp_path: Path, rules: str, allowed: bool) -> None:
    site.routes["/bad.pdf"] = document(WHOLE)
    site.routes["/robots.txt"] = reply(200, rules.encode())
    report = site.fetch(tmp_path)
    codes = [failure.problem and failure.problem.code for failure in report.failed]
    assert codes == ([] if allowed else ["robots"])
    assert site.asked("/bad.pdf") == allowed
    assert site.asked("/robots.txt") == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (reply(500), "robots_unreadable"),
        (reply(302, Location="/robots.txt"), "robots_unreadable"),
        (reply(429), "robots_unreadable"),
        (reply(200, b"#" * 2_000_000), ""),
        (reply(403), ""),
        (reply(410), ""),
    ],
)
def test_where_robots_txt_cannot_be_read_nothing_is_fetched(
    site: Site, tmp_path: Path, answer: Reply, code: str
) -> None:
    site.routes["/robots.txt"] = answer
    site.routes["/bad.pdf"] = document(WHOLE)
    clock = FakeClock()
    report = site.fetch(tmp_path, clock=clock)
    assert [failure.problem and failure.problem.code for failure in report.failed] == (
        [code] if code else []
    )
    assert site.asked("/index.html") == (not code)
    assert sum(clock.sleeps) <= 3  # the tries for robots.txt, and none for what hangs on it


def test_requests_keep_their_distance(site: Site, tmp_path: Path) -> None:
    site.routes["/bad.pdf"] = document(WHOLE)
    clock = FakeClock()
    site.fetch(tmp_path, clock=clock, delay=3.0)
    assert clock.sleeps == [3, 3, 3]  # robots.txt, index, two documents
    site.routes["/robots.txt"] = reply(200, b"User-agent: *\nCrawl-delay: 10")
    clock = FakeClock()
    site.fetch(tmp_path, clock=clock, delay=3.0)
    assert clock.sleeps == [10, 10, 10]


def test_the_limits_of_the_tests_are_those_of_the_program() -> None:
    assert Limits().total is None and Limits().tries > 1
    assert LIMITS.tries > 1
