"""What a run does with the time, the bytes and the memory that it has, night after night."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shisaku.ingest.fetch.bounds import LinkMemory, bounded, taken_up
from shisaku.ingest.fetch.deadlines import Budget, RunBudget, Stopped
from shisaku.ingest.fetch.http.network import Network
from shisaku.ingest.fetch.http.robots import PRODUCT, parse_robots
from shisaku.ingest.fetch.report import FetchReport
from shisaku.ingest.fetch.run import run_fetch
from shisaku.ingest.fetch.sources import SourceList
from shisaku.ingest.fetch.state import Seen
from shisaku.ingest.fetch.urls import matches
from tests.support.web import (
    LIMITS,
    FakeClock,
    Site,
    document,
    html,
    in_turn,
    offering,
    pdf,
    reply,
    serving,
    tree,
)

NAMES = [f"d{number:02}.pdf" for number in range(20)]


@pytest.fixture
def site() -> Iterator[Site]:
    with offering({name: name for name in NAMES}) as found:
        yield found


def codes(report: FetchReport) -> list[str]:
    return [problem.code for source in report.sources for problem in source.problems]


def asked(site: Site) -> list[str]:
    """Give the documents that were asked for since the last call."""
    found = [path.strip("/") for path, _ in site.log if path.endswith(".pdf")]
    site.log.clear()
    return found


# --- time ----------------------------------------------------------------------------------------


def test_a_source_stops_at_its_time_and_goes_on_the_next_night(site: Site, tmp_path: Path) -> None:
    # Ten seconds between two requests, 75 in all: robots.txt, the page, six documents.
    found: list[str] = []
    for _ in range(4):
        report = site.fetch(tmp_path, delay=10.0, max_minutes=1.25)
        found += asked(site)
        [problem] = report.sources[0].problems
        assert problem.code == "out_of_time" and problem.failed
        assert "1.25 minutes" in problem.reason and "14 addresses not asked" in problem.reason
        assert not report.counts["withdrawn"] and not report.failed
    assert found == [*NAMES, *NAMES[:4]]  # each in its turn, then from the beginning
    assert len(list((tmp_path / "raw").rglob("*.pdf"))) == 20
    # A night with enough time asks for all, and forgets whose turn it was.
    report = site.fetch(tmp_path)
    assert report.counts["unchanged"] == 20 and codes(report) == []
    assert '"turn"' not in (tmp_path / "runs" / "fetch-state.json").read_text()


def test_pages_on_the_way_have_their_turn_as_well(site: Site, tmp_path: Path) -> None:
    links = [f"p{number}/" for number in range(6)]
    site.routes["/index.html"] = document(html(*links))
    for link in links:
        site.routes[f"/{link}"] = document(html("x.pdf"))
        site.routes[f"/{link}x.pdf"] = document(pdf(link))
    for _ in range(6):
        report = site.fetch(tmp_path, depth=1, delay=10.0, max_minutes=0.75)
        assert codes(report) == ["out_of_time"] and not report.counts["withdrawn"]
    assert len(list((tmp_path / "raw").rglob("*.pdf"))) == 6


def test_what_is_no_longer_linked_loses_its_turn(site: Site, tmp_path: Path) -> None:
    site.fetch(tmp_path, delay=10.0, max_minutes=1.25)
    asked(site)
    site.routes["/index.html"] = document(html(*NAMES[:6]))
    report = site.fetch(tmp_path)
    assert asked(site) == NAMES[:6] and codes(report) == []


def test_what_was_not_asked_is_not_withdrawn_nor_too_few(site: Site, tmp_path: Path) -> None:
    site.fetch(tmp_path)
    before = tree(tmp_path / "raw")
    report = site.fetch(tmp_path, delay=10.0, max_minutes=0.5, min=20)
    assert codes(report) == ["out_of_time"]
    assert tree(tmp_path / "raw") == before
    report = site.fetch(tmp_path, delay=10.0, max_minutes=0.5, min=21)
    assert codes(report) == ["out_of_time", "too_few"]


def test_a_long_pause_is_not_begun_when_the_time_ends_before(site: Site, tmp_path: Path) -> None:
    clock = FakeClock()
    site.routes["/d00.pdf"] = reply(503, Retry_After="50")
    report = site.fetch(tmp_path, clock=clock, max_minutes=0.75)
    assert codes(report) == ["out_of_time"] and clock.passed < 45
    assert report.counts["added"] == 0


def test_each_source_has_its_share_of_the_run(tmp_path: Path) -> None:
    with serving() as first, serving() as second:
        for site in (first, second):
            site.routes["/index.html"] = document(html(*NAMES))
            for name in NAMES:
                site.routes[f"/{name}"] = document(pdf(name))
        entries = (first.source(name="1", delay=10.0), second.source(name="2", delay=10.0))
        for minutes, found in ((5.0, (13, 14)), (10.0, (20, 20))):
            data = tmp_path / str(minutes)
            report = run_fetch(
                data, SourceList(entries), minutes=minutes, limits=LIMITS, clock=FakeClock(),
                network=first.network,
            )  # fmt: skip
            counts = tuple(source.documents for source in report.sources)
            assert counts == found
            if minutes == 5:
                [problem] = report.sources[0].problems
                assert "its share of the run's 5 minutes" in problem.reason


def test_a_share_is_even_and_what_is_left_goes_on() -> None:
    clock = FakeClock()
    run = RunBudget(clock, 3, minutes=30, megabytes=30)
    first = run.share(60, 100)
    assert (first.seconds, first.size) == (600, 10e6)
    clock.passed = 60
    first.spend(1_000_000)
    run.settle(10e6, first)
    second = run.share(60, 100)
    assert (second.seconds, second.size) == (870, 14.5e6)
    clock.passed = 3000  # beyond all
    last = run.share(60, 100)
    assert last.seconds == 0
    with pytest.raises(Stopped):
        last.check()
    assert run.share(1, 1).seconds == 0  # and no division by nothing


def test_a_budget_without_bounds_is_never_over() -> None:
    Budget(FakeClock()).check()


# --- bytes ---------------------------------------------------------------------------------------


def test_a_source_stops_at_its_bytes_and_goes_on_the_next_night(site: Site, tmp_path: Path) -> None:
    for name in NAMES:
        site.routes[f"/{name}"] = document(pdf(name * 20_000))  # 140 kB
    for night in range(4):
        report = site.fetch(tmp_path, max_mb=0.5, max_total_mb=1.0)
        assert codes(report) == (["out_of_bytes"] if night < 2 else []), night
        assert not report.failed and not report.counts["withdrawn"]
    assert len(list((tmp_path / "raw").rglob("*.pdf"))) == 20


# --- asked to wait -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        reply(503, Retry_After="61"),
        reply(429, Retry_After="Sun, 22 Nov 2026 03:01:01 GMT"),
        reply(503, Retry_After="9" * 6000),
    ],
)
def test_a_host_that_asks_for_a_long_pause_is_left_for_the_night(
    site: Site, tmp_path: Path, answer: Any
) -> None:
    site.fetch(tmp_path)
    before = tree(tmp_path / "raw")
    asked(site)
    site.routes["/d02.pdf"] = answer
    clock = FakeClock()
    report = site.fetch(tmp_path, clock=clock)
    assert asked(site) == NAMES[:3] and clock.passed == 0
    [problem] = report.sources[0].problems
    assert problem.code == "asked_to_wait" and "18 addresses not asked" in problem.reason
    assert tree(tmp_path / "raw") == before and not report.failed
    # What follows comes first the next night; what asked for the pause is the last to be asked.
    report = site.fetch(tmp_path)
    assert asked(site) == [*NAMES[3:], "d02.pdf"]


def test_another_host_of_the_source_goes_on(site: Site, tmp_path: Path) -> None:
    other = site.url("/x.pdf", "sub.example.go.jp")
    site.routes["/index.html"] = document(html("d00.pdf", "d01.pdf", other))
    site.routes["/d00.pdf"] = reply(503, Retry_After="100000")
    site.routes["/x.pdf"] = document(pdf("x"))
    report = site.fetch(tmp_path)
    assert report.counts["added"] == 1 and codes(report) == ["asked_to_wait"]


@pytest.mark.parametrize(
    ("pause", "delay", "told"),
    [(60, 0.0, []), (61, 0.0, ["crawl_delay"]), (300, 300.0, []), (999_999, 2.0, ["crawl_delay"])],
)
def test_a_crawl_delay_is_kept_or_the_site_is_left(
    site: Site, tmp_path: Path, pause: int, delay: float, told: list[str]
) -> None:
    site.routes["/robots.txt"] = reply(200, b"User-agent: *\nCrawl-delay: %d" % pause)
    site.routes["/index.html"] = document(html("d00.pdf"))
    clock = FakeClock()
    report = site.fetch(tmp_path, clock=clock, delay=delay)
    assert codes(report) == told
    assert report.counts["added"] == (not told)
    assert clock.sleeps == ([] if told else [pause, pause])


def test_a_name_that_is_never_looked_up_holds_nothing_up(site: Site, tmp_path: Path) -> None:
    ended = threading.Event()

    def resolve(host: str, port: int) -> list[str]:
        ended.wait(5)
        return []

    limits = LIMITS.__class__(connect=0.1, read=1, total=1, tries=1)
    report = run_fetch(
        tmp_path, SourceList((site.source(),)), limits=limits, clock=FakeClock(),
        network=Network(resolve, site.network.connect),
    )  # fmt: skip
    ended.set()
    assert [item.problem.code for item in report.failed if item.problem] == ["dns"]


# --- robots.txt ----------------------------------------------------------------------------------

ROBOTS = [
    # robots.txt, whether /x.pdf may be fetched
    (b"User-agent: shi\nDisallow: /\nUser-agent: shisaku\nAllow: /", True),
    (b"User-agent: *\nUser-agent: other\nDisallow: /", False),
    (b"User-agent: other\nUser-agent: SHISAKU # us\nDisallow: /", False),
    (b"User-agent: other\nDisallow: /\nUser-agent: *\nDisallow:", True),
    (b"User-agent *\nDisallow /", False),
    (b"#" * 511_000 + b"\nUser-agent: *\nDisallow: /\n", False),
    (b"#" * 512_000 + b"\nUser-agent: *\nDisallow: /\n", True),  # beyond what counts
    # The last line is cut at the limit: "/" alone would forbid everything.
    (b"User-agent: *\n" + b"#" * (512_000 - 25) + b"\nDisallow: /private\n", True),
    (b"User-agent: *\n" + b"Disallow: /*a*b*c*d*e$\n" * 20_000, True),
]


@pytest.mark.parametrize(("text", "allowed"), ROBOTS, ids=range(len(ROBOTS)))
def test_which_part_of_robots_txt_counts(text: bytes, allowed: bool) -> None:
    assert parse_robots(text).can_fetch("http://h/x.pdf", PRODUCT) is allowed


# --- memory --------------------------------------------------------------------------------------


def test_only_wanted_or_followed_links_are_remembered(site: Site, tmp_path: Path) -> None:
    unwanted = [f"x{number}.doc" for number in range(500)]
    site.routes["/index.html"] = document(html("d00.pdf", *unwanted, "p/"))
    report = site.fetch(tmp_path)
    assert report.sources[0].skipped == 501
    state = json.loads((tmp_path / "runs" / "fetch-state.json").read_text())
    assert state["sources"]["sho"][site.url("/index.html")]["links"] == [site.url("/d00.pdf")]
    assert site.fetch(tmp_path).sources[0].skipped == 501  # the page answers 304
    # Another pattern wants other links, so the page is asked in full.
    site.routes["/x7.doc"] = document(pdf("7"))
    report = site.fetch(tmp_path, include=("*.pdf", "*/x7.doc"))
    assert report.counts["added"] == 1


def test_more_addresses_than_are_asked_are_told(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.fetch(tmp_path)
    monkeypatch.setattr("shisaku.ingest.fetch.pages.addresses.MAX_ADDRESSES", 5)
    report = site.fetch(tmp_path)
    assert codes(report) == ["too_many_addresses"] and report.counts["unchanged"] == 4
    assert not report.counts["withdrawn"]


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shisaku.ingest.fetch.bounds.MAX_ADDRESSES", 3)
    after = {
        "old": Seen(checked="1"),
        "kept": Seen(checked="0"),
        "new": Seen(checked="2"),
        "waiting": Seen(turn=1),
    }
    assert list(bounded(after, ["kept"])) == ["waiting", "kept", "new"]
    monkeypatch.setattr("shisaku.ingest.fetch.bounds._MAX_LINKS", 3)
    memory = LinkMemory()
    two = Seen(links=("a", "b"))
    assert memory.admit(two) == two
    forgotten = memory.admit(two)
    assert forgotten.links is None and forgotten.lost


def test_whose_turn_it_is_and_what_was_seen_are_parted() -> None:
    before = {"a": Seen(turn=2), "b": Seen(turn=1, etag="x"), "c": Seen(etag="y")}
    assert taken_up(before) == ({"b": Seen(etag="x"), "c": Seen(etag="y")}, {"a": 2, "b": 1})


def test_patterns_take_no_time_out_of_proportion() -> None:
    # With `.*` for each star the parts are tried at every place: years for this one.
    assert not matches("*/a/*" * 8 + "x", "http://h" + "/a/" * 600)
    assert matches("*a*b*", "http://h/ab") and matches("*ab*ab", "http://h/abab")
    assert not matches("*ab*ab", "http://h/ab") and matches("**.pdf", "http://h/a.pdf")


# --- conditions ----------------------------------------------------------------------------------


def test_a_304_without_an_etag_keeps_the_one_that_is_known(site: Site, tmp_path: Path) -> None:
    site.routes["/index.html"] = reply(200, html("d00.pdf"))
    site.routes["/d00.pdf"] = in_turn(reply(200, pdf("a"), ETag='"1"'), reply(304))
    assert site.fetch(tmp_path).counts["added"] == 1
    for _ in range(2):
        assert site.fetch(tmp_path).counts["unchanged"] == 1
    sent = [headers.get("if-none-match") for path, headers in site.log if path == "/d00.pdf"]
    assert sent == [None, '"1"', '"1"']


def test_an_etag_that_cannot_be_sent_back_is_not_kept(site: Site, tmp_path: Path) -> None:
    site.routes["/index.html"] = reply(200, html("d00.pdf"))
    for tag in ('"' + "x" * 5000 + '"', '"a\x01b"'):
        site.routes["/d00.pdf"] = reply(200, pdf("a"), ETag=tag)
        site.fetch(tmp_path)
    assert not [headers for _, headers in site.log if "if-none-match" in headers]
