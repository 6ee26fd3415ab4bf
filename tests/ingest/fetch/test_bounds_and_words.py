"""Bounds of time and memory together with words, other addresses and lists that go on."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shisaku.ingest.fetch.bounds import LinkMemory
from shisaku.ingest.fetch.pages.listing import Listing, mark_of
from shisaku.ingest.fetch.report import FetchReport
from shisaku.ingest.fetch.state import Seen
from shisaku.ingest.words.look import Ask, Look
from shisaku.ingest.words.reader import Reader
from tests.support.web import FakeClock, Site, document, html, offering, pdf, reply, tree

NAMES = [f"d{number}.pdf" for number in range(6)]


@pytest.fixture
def site() -> Iterator[Site]:
    with offering({name: name for name in NAMES}) as found:
        yield found


def codes(report: FetchReport) -> list[str]:
    return [problem.code for source in report.sources for problem in source.problems]


def results(report: FetchReport) -> dict[str, int]:
    return {name: count for name, count in report.counts.items() if count}


def remembered(data: Path) -> dict[str, dict[str, Any]]:
    found = json.loads((data / "runs" / "fetch-state.json").read_text())
    return dict(found["sources"]["sho"])


# --- other addresses at the end of the time ------------------------------------------------------


@pytest.mark.parametrize("query", ["PHPSESSID={}", "v={}"])
def test_other_addresses_that_there_is_no_time_for_withdraw_nothing(
    site: Site, tmp_path: Path, query: str
) -> None:
    site.fetch(tmp_path)
    before = tree(tmp_path / "raw")
    links = [f"{name}?{query.format(1)}" for name in NAMES]
    for name, link in zip(NAMES, links, strict=True):
        site.routes[f"/{link}"] = document(pdf(name))
    site.routes["/index.html"] = document(html(*links))
    # robots.txt, the page and three documents, ten seconds apart; then the other three.
    for unchanged, left in ((3, 3), (3, 3)):
        report = site.fetch(tmp_path, delay=10.0, max_minutes=0.75)
        assert codes(report) == ["out_of_time"]
        assert f"{left} addresses not asked" in report.sources[0].problems[0].reason
        assert results(report) == {"unchanged": unchanged}
        assert tree(tmp_path / "raw") == before
    asked = [path.strip("/") for path, _ in site.log if "?" in path]
    assert sorted(asked) == sorted(links)  # each once in the two nights
    assert results(site.fetch(tmp_path)) == {"unchanged": 6}
    assert '"turn"' not in (tmp_path / "runs" / "fetch-state.json").read_text()


def test_a_host_that_asks_for_a_pause_leaves_its_other_addresses(
    site: Site, tmp_path: Path
) -> None:
    site.fetch(tmp_path)
    before = tree(tmp_path / "raw")
    site.routes["/index.html"] = document(html(*NAMES[1:], "d0.pdf?v=1", "d0.pdf?v=2"))
    site.routes["/d0.pdf?v=1"] = site.routes["/d0.pdf?v=2"] = reply(503, Retry_After="9999")
    report = site.fetch(tmp_path)
    assert codes(report) == ["asked_to_wait"] and results(report) == {"unchanged": 5}
    assert "2 addresses not asked" in report.sources[0].problems[0].reason
    assert tree(tmp_path / "raw") == before


def test_an_address_of_a_stored_document_does_not_wait_for_all_others_twice(
    site: Site, tmp_path: Path
) -> None:
    # The six documents take all of the time in each night.
    site.routes["/s.pdf?PHPSESSID=0"] = document(pdf("s"))
    site.routes["/index.html"] = document(html("s.pdf?PHPSESSID=0"))
    site.fetch(tmp_path)
    more = [f"e{number}.pdf" for number in range(30)]
    for name in more:
        site.routes[f"/{name}"] = document(pdf(name))
    asked = []
    for night in range(1, 12):
        token = f"s.pdf?PHPSESSID={night}"
        site.routes[f"/{token}"] = document(pdf("s"))
        site.routes["/index.html"] = document(html(*more, token))
        site.fetch(tmp_path, delay=10.0, max_minutes=1.0)
        asked.append(site.asked(f"/{token}"))
    assert 1 in asked


# --- words in time -------------------------------------------------------------------------------


def test_no_file_is_begun_when_the_time_is_over() -> None:
    class Over(Exception):
        pass

    def over() -> None:
        raise Over

    page = html(words="計画")
    reader = Reader()
    try:
        reader.renew(over)
        with pytest.raises(Over):
            reader.look(page)
        reader.renew()
        assert reader.look(page)
        reader.renew(over)
        assert reader.look(page)  # known: no time is needed
    finally:
        reader.close()


def test_reading_words_counts_in_the_time_of_the_source(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.routes["/index.html"] = reply(200, html(*NAMES))
    site.fetch(tmp_path)
    before = tree(tmp_path / "raw")
    clock = FakeClock()

    def slow(self: Reader, asked: Ask) -> Look:
        clock.passed += 25
        return Look("same", encoding="utf-8")

    monkeypatch.setattr(Reader, "_ask", slow)
    for name in NAMES:
        site.routes[f"/{name}"] = reply(200, pdf(name + " in other bytes"))
    report = site.fetch(tmp_path, clock=clock, max_minutes=1.0)
    # The page, the two versions of a document: 75 seconds, and no fourth file.
    assert clock.passed == 75 and codes(report) == ["out_of_time"]
    assert results(report) == {"unchanged": 1}
    assert tree(tmp_path / "raw") == before


# --- what is remembered --------------------------------------------------------------------------


def test_the_memory_of_an_earlier_version_is_read(site: Site, tmp_path: Path) -> None:
    site.routes["/p/"] = document(html("x.pdf"))
    site.routes["/p/x.pdf"] = document(pdf("x"))
    site.routes["/index.html"] = document(html(*NAMES, "p/", "menu.doc"))
    site.fetch(tmp_path, depth=1)
    place = tmp_path / "runs" / "fetch-state.json"
    state = json.loads(place.read_text())
    old = ("checked", "final_url", "etag", "last_modified", "sha256", "links", "failure", "lost")
    for url, seen in state["sources"]["sho"].items():
        state["sources"]["sho"][url] = {name: seen[name] for name in old if name in seen}
    state["sources"]["sho"][site.url("/index.html")]["links"].append(site.url("/menu.doc"))
    place.write_text(json.dumps(state))
    # What a page led to is known, though it is gone before it is read anew.
    site.routes["/p/"] = reply(404)
    site.log.clear()
    report = site.fetch(tmp_path, depth=1)
    assert results(report) == {"unchanged": 7}
    sent = {path: "if-none-match" in headers for path, headers in site.log}
    assert not sent["/index.html"] and sent["/p/x.pdf"]
    assert remembered(tmp_path)[site.url("/index.html")]["reading"] == 1


def test_a_sitemap_is_asked_for_by_its_etag(site: Site, tmp_path: Path) -> None:
    urls = "".join(f"<url><loc>{site.url('/' + name)}</loc></url>" for name in NAMES)
    site.routes["/map.xml"] = document(f"<urlset>{urls}</urlset>".encode())
    for _ in range(2):
        site.fetch(tmp_path, pages=(site.url("/map.xml"),))
    sent = ["if-none-match" in headers for path, headers in site.log if path == "/map.xml"]
    assert sent == [False, True]


def test_a_sitemap_of_an_index_that_is_no_list_withdraws_nothing(
    site: Site, tmp_path: Path
) -> None:
    place = f"<sitemap><loc>{site.url('/map.xml')}</loc></sitemap>"
    site.routes["/all.xml"] = document(f"<sitemapindex>{place}</sitemapindex>".encode())
    urls = "".join(f"<url><loc>{site.url('/' + name)}</loc></url>" for name in NAMES[:3])
    site.routes["/map.xml"] = document(f"<urlset>{urls}</urlset>".encode())
    pages = (site.url("/all.xml"), site.url("/index.html"))
    assert results(site.fetch(tmp_path, pages=pages)) == {"added": 6}
    site.routes["/index.html"] = document(html(*NAMES[1:]))
    for answer in (reply(200, b"\x89PNG"), reply(404)):
        site.routes["/map.xml"] = answer
        report = site.fetch(tmp_path, pages=pages)
        assert results(report) == {"unchanged": 5, "failed": 1}


def test_links_to_the_next_page_count_in_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shisaku.ingest.fetch.bounds._MAX_LINKS", 3)
    memory = LinkMemory()
    assert memory.admit(Seen(links=("a", "b"), next=("c",))).links
    forgotten = memory.admit(Seen(links=(), next=("d",), marks=(1,)))
    assert (forgotten.links, forgotten.next, forgotten.marks) == (None, (), ())
    assert forgotten.lost


def test_the_marks_of_a_page_are_bounded_and_leave_out_queries() -> None:
    assert mark_of("http://h/a?x=1") == mark_of("http://h/a;s=2") == mark_of("http://h/a")
    assert mark_of("http://h/a") != mark_of("http://h/b")
    assert Listing(all_marks=frozenset(range(1000))).marks == tuple(range(64))


# --- pages ---------------------------------------------------------------------------------------


def test_each_page_of_a_list_has_its_turn(site: Site, tmp_path: Path) -> None:
    for number in range(1, 7):
        links = [f"p{number}.pdf"] + ([f"?page={number + 1}"] if number < 6 else [])
        site.routes["/l" if number == 1 else f"/l?page={number}"] = document(html(*links))
        site.routes[f"/p{number}.pdf"] = document(pdf(str(number)))
    # Beside robots.txt and the first page three addresses a night, of eleven.
    for _ in range(14):
        report = site.fetch(tmp_path, pages=(site.url("/l"),), delay=10.0, max_minutes=0.75)
        assert not report.counts["withdrawn"]
    assert len(list((tmp_path / "raw").rglob("*.pdf"))) == 6


WORDS = "警察庁は、サイバー空間の脅威への対処に係る施策を推進する。" * 30
SHRINKS = [
    # links of the short page, whether the page is taken
    (NAMES, True),
    (NAMES[1:], False),
    ([], False),
]


@pytest.mark.parametrize(("links", "taken"), SHRINKS, ids=["all", "five of six", "none"])
def test_a_list_that_lost_its_words_is_taken_if_it_lost_no_document(
    site: Site, tmp_path: Path, links: list[str], taken: bool
) -> None:
    site.routes["/index.html"] = reply(200, html(*NAMES, "never.pdf", words=WORDS))
    site.fetch(tmp_path)  # never.pdf is not there
    site.routes["/index.html"] = reply(200, html(*links))
    report = site.fetch(tmp_path)
    found = [one.problem.code for one in report.failed if one.problem]
    assert ("shrunk" in found) is not taken
    assert not report.counts["withdrawn"]
