"""One night after the other: what is new, what changed, what went away, and what must not move."""

import errno
import hashlib
import json
import shlex
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shisaku.cli import main
from shisaku.ingest.batch.discover import discover
from shisaku.ingest.disk.failures import DiskError
from shisaku.ingest.fetch.http.network import Network
from shisaku.ingest.fetch.report import FetchReport, Outcome
from shisaku.ingest.fetch.run import FetchError, run_fetch
from shisaku.ingest.fetch.sources import Source, SourceList
from shisaku.ingest.html.links import read_links
from shisaku.ingest.parsed.sidecar import Sidecar, read_sidecar
from shisaku.ingest.parsed.store import write_atomically
from tests.ingest.fetch.test_tls import certificate
from tests.support.web import (
    LIMITS,
    PUBLIC,
    FakeClock,
    Site,
    document,
    html,
    in_turn,
    offering,
    pdf,
    reply,
    serving,
    stamps,
    tree,
)


@pytest.fixture
def site() -> Iterator[Site]:
    with offering({"a.pdf": "a", "b.pdf": "b"}) as found:
        yield found


def results(report: FetchReport) -> dict[str, int]:
    return {name: count for name, count in report.counts.items() if count}


def outcome(report: FetchReport, end: str) -> Outcome:
    [found] = [outcome for outcome in report.outcomes if outcome.url.endswith(end)]
    return found


def file(data: Path, name: str) -> Path:
    [found] = [
        path
        for path in (data / "raw").rglob(f"{name}*")
        if path.suffix in (".pdf", ".html") and path.stem.partition("-")[0] == name
    ]
    return found


def sidecar(data: Path, name: str) -> Sidecar:
    found = read_sidecar(file(data, name))
    assert found
    return found


def relink(site: Site, *links: str, **words: str) -> None:
    site.routes["/index.html"] = document(html(*links, **words))


def codes(report: FetchReport) -> list[str]:
    return [problem.code for source in report.sources for problem in source.problems]


# --- the first night, and one without changes ----------------------------------------------------


def test_a_file_comes_with_where_it_came_from(site: Site, tmp_path: Path) -> None:
    site.routes["/a.pdf"] = reply(
        200,
        pdf("a"),
        ETag='"x"',
        Last_Modified="Sun, 01 Nov 2026 00:00:00 GMT",
        Content_Type="application/pdf; charset=Shift_JIS",
    )
    report = site.fetch(tmp_path, plan="人身取引対策行動計画")
    assert results(report) == {"added": 2} and not report.needs_attention
    assert file(tmp_path, "a").read_bytes() == pdf("a")
    assert sidecar(tmp_path, "a") == Sidecar(
        url=site.url("/a.pdf"),
        final_url=site.url("/a.pdf"),
        source="sho",
        publisher="警察庁",
        plan="人身取引対策行動計画",
        retrieved="2026-11-22T03:00:00Z",
        sha256=hashlib.sha256(pdf("a")).hexdigest(),
        size=len(pdf("a")),
        media_type="application/pdf; charset=Shift_JIS",
        etag='"x"',
        last_modified="Sun, 01 Nov 2026 00:00:00 GMT",
    )
    assert outcome(report, "/a.pdf").path == file(tmp_path, "a").relative_to(tmp_path).as_posix()


def test_an_unchanged_night_costs_304s_and_writes_nothing(site: Site, tmp_path: Path) -> None:
    site.fetch(tmp_path)
    before = stamps(tmp_path / "raw")
    site.log.clear()
    clock = FakeClock()
    clock.passed = 86_400
    report = site.fetch(tmp_path, clock=clock)
    assert results(report) == {"unchanged": 2}
    assert stamps(tmp_path / "raw") == before
    asked = {path: headers for path, headers in site.log if path != "/robots.txt"}
    assert all("if-none-match" in headers for headers in asked.values()) and len(asked) == 3


def test_a_server_that_knows_no_conditions_leaves_raw_alone_too(site: Site, tmp_path: Path) -> None:
    tags = iter(range(100))
    site.routes["/a.pdf"] = lambda handler: reply(200, pdf("a"), ETag=f'"{next(tags)}"')(handler)
    site.fetch(tmp_path)
    before = stamps(tmp_path / "raw")
    assert results(site.fetch(tmp_path)) == {"unchanged": 2}
    assert stamps(tmp_path / "raw") == before
    # The newest tag is the one that is sent back, though the sidecar keeps the first, and a night
    # on which the index page fails forgets nothing.
    index, site.routes["/index.html"] = site.routes["/index.html"], reply(403)
    assert site.fetch(tmp_path).needs_attention
    site.routes["/index.html"] = index
    site.fetch(tmp_path)
    sent = [h.get("if-none-match") for path, h in site.log if path == "/a.pdf"]
    assert sent == [None, '"0"', '"1"']


def test_two_runs_report_equally(site: Site, tmp_path: Path) -> None:
    first, second = (site.fetch(tmp_path / name) for name in ("1", "2"))
    assert first.to_json() == second.to_json()
    assert tree(tmp_path / "1" / "raw") == tree(tmp_path / "2" / "raw")
    json.dumps(first.to_json())


@pytest.mark.parametrize("damage", ["", "[]", '{"version": 99, "sources": {}}', "\0\0"])
def test_without_its_memory_a_run_goes_by_the_sidecars(
    site: Site, tmp_path: Path, damage: str
) -> None:
    site.fetch(tmp_path)
    before = stamps(tmp_path / "raw")
    (tmp_path / "runs" / "fetch-state.json").write_text(damage)
    site.log.clear()
    assert results(site.fetch(tmp_path)) == {"unchanged": 2}
    assert stamps(tmp_path / "raw") == before
    asked = {path: "if-none-match" in headers for path, headers in site.log}
    assert asked == {"/robots.txt": False, "/index.html": False, "/a.pdf": True, "/b.pdf": True}


def test_sidecars_are_no_strangers_under_raw(site: Site, tmp_path: Path) -> None:
    site.fetch(tmp_path)
    found = discover(tmp_path / "raw", tmp_path / "runs")
    assert len(found.documents) == 2
    assert found.ignored == 0 and not found.problems


# --- changes -------------------------------------------------------------------------------------


def test_a_replaced_file_keeps_its_name_and_its_earlier_version(site: Site, tmp_path: Path) -> None:
    site.fetch(tmp_path)
    place, old = file(tmp_path, "a"), sidecar(tmp_path, "a")
    for words in ("a2", "a3"):
        site.routes["/a.pdf"] = document(pdf(words))
        clock = FakeClock()
        clock.passed = 86_400
        report = site.fetch(tmp_path, clock=clock)
        assert results(report) == {"changed": 1, "unchanged": 1}
    assert file(tmp_path, "a") == place
    assert place.read_bytes() == pdf("a3")
    new = sidecar(tmp_path, "a")
    assert new.retrieved == "2026-11-23T03:00:00Z"
    assert [version.sha256 for version in new.earlier] == [
        hashlib.sha256(pdf(words)).hexdigest() for words in ("a2", "a")
    ]
    assert new.earlier[1].retrieved == old.retrieved
    versions = tmp_path / "versions"
    assert (versions / f"{old.sha256}.pdf").read_bytes() == pdf("a")
    assert len(list(versions.iterdir())) == 2


def test_an_error_page_never_replaces_a_page(site: Site, tmp_path: Path) -> None:
    relink(site, "p.html")
    site.routes["/p.html"] = document(html(words="本文"))
    site.fetch(tmp_path, include=("*.html",))
    site.routes["/p.html"] = document(pdf("p"))
    report = site.fetch(tmp_path, include=("*.html",))
    problem = outcome(report, "/p.html").problem
    assert problem and problem.code == "not_a_document"
    assert file(tmp_path, "p").read_bytes() == html(words="本文")


def test_a_page_without_a_suffix_is_told_by_its_bytes(site: Site, tmp_path: Path) -> None:
    relink(site, "get?id=1", "get?id=2", "get?id=3")
    site.routes["/get?id=1"] = document(pdf("1"))
    site.routes["/get?id=2"] = document(html(words="本文"))
    site.routes["/get?id=3"] = document(b"PK\x03\x04" + bytes(range(256)))
    report = site.fetch(tmp_path, include=("*/get?id=*",))
    assert results(report) == {"added": 2, "failed": 1}
    assert outcome(report, "=1").path.endswith(".pdf")
    assert outcome(report, "=2").path.endswith(".html")


def test_what_someone_put_in_its_place_stays_until_the_original_changes(
    site: Site, tmp_path: Path
) -> None:
    site.fetch(tmp_path)
    file(tmp_path, "a").write_bytes(pdf("a with OCR"))
    before = stamps(tmp_path / "raw")
    assert results(site.fetch(tmp_path)) == {"unchanged": 2}
    assert stamps(tmp_path / "raw") == before
    site.routes["/a.pdf"] = document(pdf("new"))
    assert results(site.fetch(tmp_path)) == {"changed": 1, "unchanged": 1}
    assert file(tmp_path, "a").read_bytes() == pdf("new")
    kept = {path.read_bytes() for path in (tmp_path / "versions").iterdir()}
    assert kept == {pdf("a with OCR")}


def test_a_deleted_file_is_not_fetched_again(site: Site, tmp_path: Path) -> None:
    site.fetch(tmp_path)
    place = file(tmp_path, "a")
    place.unlink()
    before = site.asked("/a.pdf")
    report = site.fetch(tmp_path)
    assert results(report) == {"removed": 1, "unchanged": 1} and not report.needs_attention
    assert site.asked("/a.pdf") == before and not place.exists()
    place.with_name(place.name + ".source.json").unlink()
    assert results(site.fetch(tmp_path)) == {"added": 1, "unchanged": 1}


def test_a_new_name_of_the_publisher_is_written_down(site: Site, tmp_path: Path) -> None:
    site.fetch(tmp_path)
    assert results(site.fetch(tmp_path, publisher="外務省")) == {"unchanged": 2}
    assert sidecar(tmp_path, "a").publisher == "外務省"


# --- withdrawal ----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410])
def test_a_vanished_file_stays_and_is_marked_once(site: Site, tmp_path: Path, status: int) -> None:
    site.fetch(tmp_path)
    site.routes["/a.pdf"] = reply(status)
    report = site.fetch(tmp_path)
    assert results(report) == {"withdrawn": 1, "unchanged": 1} and not report.needs_attention
    assert outcome(report, "/a.pdf").new
    assert any("/a.pdf: no longer offered" in line for line in report.lines())
    assert file(tmp_path, "a").read_bytes() == pdf("a")
    mark = sidecar(tmp_path, "a").withdrawn
    assert mark and (mark.why, mark.since) == ("gone", "2026-11-22T03:00:00Z")
    before = stamps(tmp_path / "raw")
    clock = FakeClock()
    clock.passed = 86_400
    report = site.fetch(tmp_path, clock=clock)
    assert not outcome(report, "/a.pdf").new
    assert stamps(tmp_path / "raw") == before


@pytest.mark.parametrize("back", [pdf("a"), pdf("other")])
def test_what_comes_back_loses_the_mark(site: Site, tmp_path: Path, back: bytes) -> None:
    site.fetch(tmp_path)
    site.routes["/a.pdf"] = reply(404)
    site.fetch(tmp_path)
    site.routes["/a.pdf"] = document(back)
    report = site.fetch(tmp_path)
    assert outcome(report, "/a.pdf").result == ("returned" if back == pdf("a") else "changed")
    assert sidecar(tmp_path, "a").withdrawn is None


def test_what_is_no_longer_linked_is_marked_and_comes_back(site: Site, tmp_path: Path) -> None:
    site.fetch(tmp_path)
    relink(site, "b.pdf")
    report = site.fetch(tmp_path)
    assert results(report) == {"withdrawn": 1, "unchanged": 1}
    mark = sidecar(tmp_path, "a").withdrawn
    assert mark and mark.why == "unlinked"
    before = stamps(tmp_path / "raw")
    assert not outcome(site.fetch(tmp_path), "/a.pdf").new
    assert stamps(tmp_path / "raw") == before
    relink(site, "a.pdf", "b.pdf")
    assert results(site.fetch(tmp_path)) == {"returned": 1, "unchanged": 1}


@pytest.mark.parametrize(
    "answer",
    [reply(500), reply(404), reply(403), reply(200, pdf("x")), reply(302, Location="ftp://x/")],
)
def test_an_index_page_that_fails_withdraws_nothing(
    site: Site, tmp_path: Path, answer: Any
) -> None:
    site.fetch(tmp_path)
    before = stamps(tmp_path / "raw")
    site.routes["/index.html"] = answer
    report = site.fetch(tmp_path)
    assert results(report) == {"failed": 1}
    assert stamps(tmp_path / "raw") == before
    site.routes["/index.html"] = document(html("a.pdf", "b.pdf"))
    assert results(site.fetch(tmp_path)) == {"unchanged": 2}


def test_a_list_that_is_empty_does_not_withdraw_everything(site: Site, tmp_path: Path) -> None:
    names = [f"d{number}.pdf" for number in range(6)]
    for name in names:
        site.routes[f"/{name}"] = document(pdf(name))
    relink(site, *names)
    site.fetch(tmp_path)
    before = stamps(tmp_path / "raw")
    relink(site, words="該当する文書はありません")
    report = site.fetch(tmp_path)
    assert codes(report) == ["mass_withdrawal"] and report.needs_attention
    assert stamps(tmp_path / "raw") == before
    # What is to be typed can be, whichever command it was.
    [problem] = report.sources[0].problems
    _, _, line = problem.remedy.partition(" type: ")
    name, *arguments = shlex.split(line)
    assert (name, arguments.pop(0), arguments[-1]) == ("shisaku", "fetch", "--allow-withdrawal")
    assert str(tmp_path) in arguments
    parsed = main.commands["fetch"].make_context("fetch", arguments)
    assert parsed.params["names"] == ("sho",)
    report = site.fetch(tmp_path, allow_withdrawal=True)
    assert results(report) == {"withdrawn": 6} and not report.needs_attention


def test_what_the_patterns_no_longer_cover_is_left_alone(site: Site, tmp_path: Path) -> None:
    site.fetch(tmp_path)
    before = stamps(tmp_path / "raw")
    assert results(site.fetch(tmp_path, exclude=("*/a.pdf",))) == {"unchanged": 1}
    assert stamps(tmp_path / "raw") == before


def test_too_few_fail_and_too_many_warn(site: Site, tmp_path: Path) -> None:
    site.fetch(tmp_path)
    relink(site, "b.pdf")
    report = site.fetch(tmp_path, min=2)
    assert codes(report) == ["too_few"] and report.needs_attention
    assert sidecar(tmp_path, "a").withdrawn is None
    report = site.fetch(tmp_path, min=1, max=0)
    assert codes(report) == ["too_many"] and not report.needs_attention


def test_a_failure_is_new_once(site: Site, tmp_path: Path) -> None:
    site.routes["/a.pdf"] = reply(403)
    assert [outcome(site.fetch(tmp_path), "/a.pdf").new for _ in range(2)] == [True, False]
    site.routes["/a.pdf"] = reply(200, html(words="error"))
    assert outcome(site.fetch(tmp_path), "/a.pdf").new


# --- which pages, which links --------------------------------------------------------------------


def test_links_are_followed_as_deep_as_asked(site: Site, tmp_path: Path) -> None:
    site.routes["/index.html"] = document(html("one/", "/up.html"))
    site.routes["/one/"] = document(html("two/", "../index.html"))
    site.routes["/one/two/"] = document(html("three/", "deep.pdf"))
    site.routes["/one/two/deep.pdf"] = document(pdf("deep"))
    assert results(site.fetch(tmp_path, depth=1)) == {}
    assert results(site.fetch(tmp_path, depth=2)) == {"added": 1}
    only: dict[str, Any] = {"follow": ("*/one/",), "allow_withdrawal": True}
    assert results(site.fetch(tmp_path, depth=2, **only)) == {"withdrawn": 1}
    assert site.asked("/one/two/three/") == 0
    report = site.fetch(tmp_path, depth=2, max_pages=2)
    assert codes(report) == ["too_many_pages"]


def test_a_followed_page_may_be_a_document_too(site: Site, tmp_path: Path) -> None:
    site.routes["/index.html"] = document(html("p.html"))
    site.routes["/p.html"] = document(html("a.pdf", words="本文"))
    wanted: dict[str, Any] = {"include": ("*.pdf", "*.html"), "depth": 1}
    assert results(site.fetch(tmp_path, **wanted)) == {"added": 3}
    before = stamps(tmp_path / "raw")
    assert results(site.fetch(tmp_path, **wanted)) == {"unchanged": 3}
    assert site.asked("/p.html") == 2
    (tmp_path / "runs" / "fetch-state.json").unlink()
    assert results(site.fetch(tmp_path, **wanted)) == {"unchanged": 3}
    assert stamps(tmp_path / "raw") == before


def test_a_document_that_is_to_be_followed_too_is_read_for_its_links(
    site: Site, tmp_path: Path
) -> None:
    site.routes["/index.html"] = document(html("p.html"))
    site.routes["/p.html"] = document(html("a.pdf", words="本文"))
    wanted: dict[str, Any] = {"include": ("*.pdf", "*/p.html")}
    assert results(site.fetch(tmp_path, **wanted)) == {"added": 1}
    assert results(site.fetch(tmp_path, **wanted, depth=1)) == {"added": 1, "unchanged": 1}


def test_dead_pages_on_the_way_are_told_but_do_not_ring(site: Site, tmp_path: Path) -> None:
    site.routes["/index.html"] = document(html("a.pdf", "dead/"))
    report = site.fetch(tmp_path, depth=1)
    assert codes(report) == ["dead_links"] and not report.needs_attention


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.parametrize("include", [("*.pdf",), ("*.pdf", "*/one/")])
def test_a_followed_page_that_is_gone_for_a_night_withdraws_nothing_else(
    site: Site, tmp_path: Path, status: int, include: tuple[str, ...]
) -> None:
    deep: dict[str, Any] = {"depth": 2, "min": 2, "include": include}
    pages = len(include) - 1  # documents that are such pages too
    relink(site, "one/", "b.pdf")
    site.routes["/one/"] = document(html("two/", words="本文"))
    site.routes["/one/two/"] = document(html("/a.pdf"))
    assert results(site.fetch(tmp_path, **deep)) == {"added": 2 + pages}
    there, site.routes["/one/"] = site.routes["/one/"], reply(status)
    for _ in range(2):  # what it led to is known the second night too
        report = site.fetch(tmp_path, **deep)
        assert codes(report) == ([] if pages else ["dead_links"]) and not report.needs_attention
        assert results(report) == {"unchanged": 2} | ({"withdrawn": 1} if pages else {})
        assert sidecar(tmp_path, "a").withdrawn is None
    site.routes["/one/"] = there
    assert results(site.fetch(tmp_path, **deep)) == (
        {"unchanged": 2} | ({"returned": 1} if pages else {})
    )
    # Once no page leads to it, what is only found through it is unlinked.
    site.routes["/one/"] = reply(status)
    relink(site, "b.pdf")
    report = site.fetch(tmp_path, **(deep | {"min": 1}), allow_withdrawal=bool(pages))
    assert results(report) == {"unchanged": 1, "withdrawn": 1 + pages}
    mark = sidecar(tmp_path, "a").withdrawn
    assert mark and mark.why == "unlinked"


def test_what_a_page_that_is_gone_led_to_goes_by_its_own_answer(site: Site, tmp_path: Path) -> None:
    relink(site, "one/", "b.pdf")
    site.routes["/one/"] = document(html("/a.pdf"))
    site.fetch(tmp_path, depth=1)
    site.routes["/one/"] = site.routes["/a.pdf"] = reply(404)
    assert results(site.fetch(tmp_path, depth=1)) == {"withdrawn": 1, "unchanged": 1}
    mark = sidecar(tmp_path, "a").withdrawn
    assert mark and mark.why == "gone"


@pytest.mark.parametrize("between", [None, "/index.html", "/one/"])
def test_a_page_that_is_gone_and_forgotten_withdraws_nothing(
    site: Site, tmp_path: Path, between: str | None
) -> None:
    relink(site, "one/", "b.pdf")
    site.routes["/one/"] = document(html("/a.pdf"))
    site.fetch(tmp_path, depth=1)
    (tmp_path / "runs" / "fetch-state.json").unlink()
    if between:  # the first night after the loss sees even less
        there, site.routes[between] = site.routes[between], reply(403)
        assert site.fetch(tmp_path, depth=1).needs_attention
        site.routes[between] = there
    there, site.routes["/one/"] = site.routes["/one/"], reply(404)
    for _ in range(2):
        assert results(site.fetch(tmp_path, depth=1)) == {"unchanged": 1}
    site.routes["/one/"] = there
    assert results(site.fetch(tmp_path, depth=1)) == {"unchanged": 2}
    site.routes["/one/"] = document(html(), etag="empty")
    assert results(site.fetch(tmp_path, depth=1)) == {"unchanged": 1, "withdrawn": 1}


def test_a_page_that_never_was_there_hinders_no_withdrawal(site: Site, tmp_path: Path) -> None:
    for links in (("a.pdf", "b.pdf", "dead/"), ("b.pdf", "dead/", "dead/too/")):
        relink(site, *links)
        report = site.fetch(tmp_path, depth=1)
    assert results(report) == {"unchanged": 1, "withdrawn": 1}


def test_wanted_links_to_other_hosts_are_told(site: Site, tmp_path: Path) -> None:
    relink(site, "a.pdf", "https://other.example.com/x.pdf", "https://other.example.com/y.html")
    report = site.fetch(tmp_path)
    assert codes(report) == ["other_hosts"] and not report.needs_attention
    assert "other.example.com" in report.sources[0].problems[0].reason
    assert report.sources[0].skipped == 1


@pytest.mark.parametrize("first", ["http", "https"])
def test_a_site_that_moves_between_http_and_https_keeps_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    public, context = certificate(tmp_path, "www.example.go.jp")
    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    with serving() as plain, serving(context) as secret:
        for site in (plain, secret):
            site.routes["/a.pdf"] = document(pdf("a"), '"a"')
        # Both at their usual ports, as far as the program can see.
        network = Network(
            lambda host, port: [PUBLIC],
            lambda address, port, timeout: socket.create_connection(
                ("127.0.0.1", plain.port if port == 80 else secret.port), timeout
            ),
        )
        for scheme in (first, {"http": "https", "https": "http"}[first]):
            page = html("/a.pdf", "http://www.example.go.jp/a.pdf")
            plain.routes["/index.html"] = secret.routes["/index.html"] = document(page, scheme)
            source = Source(
                name="sho",
                publisher="警察庁",
                pages=(f"{scheme}://www.example.go.jp/index.html",),
                hosts=("www.example.go.jp",),
                delay=0,
            )
            report = run_fetch(
                tmp_path, SourceList((source,)), network=network, limits=LIMITS, clock=FakeClock()
            )
            assert not report.needs_attention, report.lines()
            assert results(report) == {"added" if scheme == first else "unchanged": 1}
            assert sidecar(tmp_path, "a").url == f"{scheme}://www.example.go.jp/a.pdf"


@pytest.mark.parametrize("base", ["http://[", "//", "\x00", "javascript:x"])
def test_a_base_that_is_nonsense_counts_for_nothing(site: Site, tmp_path: Path, base: str) -> None:
    page = html("a.pdf", "http://[", head=f'<base href="{base}">')
    site.routes["/index.html"] = document(page)
    assert results(site.fetch(tmp_path)) == {"added": 1}


def test_a_page_that_the_parser_cannot_bear_stops_nothing(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.routes["/index.html"] = document(html("a.pdf", "deep/"))
    site.routes["/deep/"] = document(html(words="深"))

    def read(body: bytes, charset: str) -> tuple[str, tuple[str, ...]]:
        if "深".encode() in body:
            raise RecursionError
        return read_links(body, charset)

    monkeypatch.setattr("shisaku.ingest.fetch.pages.listing.read_links", read)
    report = site.fetch(tmp_path, depth=1)
    assert results(report) == {"added": 1, "failed": 1}


def test_links_that_are_too_many_withdraw_nothing(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("addresses", "judging"):
        monkeypatch.setattr(f"shisaku.ingest.fetch.pages.{module}.MAX_LINKS", 2)
    assert codes(site.fetch(tmp_path)) == []
    site.routes["/index.html"] = document(html("x.pdf", "y.pdf", "a.pdf", "b.pdf"))
    for _ in range(2):  # the second night the page answers 304
        report = site.fetch(tmp_path)
        assert codes(report) == ["too_many_links"]
        assert "withdrawn" not in results(report)


def test_a_page_too_large_to_be_read_for_links(site: Site, tmp_path: Path) -> None:
    site.routes["/index.html"] = document(html("a.pdf", words="あ" * 4_000_000))
    report = site.fetch(tmp_path, max_mb=20.0)
    assert [one.problem.code for one in report.failed if one.problem] == ["too_large_page"]


def stored(data: Path) -> list[str]:
    return sorted(path.name for path in (data / "raw" / "sho").iterdir() if path.suffix == ".pdf")


def test_a_file_beside_the_first_page_has_its_own_name(site: Site, tmp_path: Path) -> None:
    relink(site, "a.pdf", "b.pdf?x=1")
    site.routes["/b.pdf?x=1"] = document(pdf("b"))
    site.fetch(tmp_path)
    assert stored(tmp_path) == ["a.pdf", "b-" + digest_of(site.url("/b.pdf?x=1")) + ".pdf"]


def digest_of(url: str) -> str:
    return hashlib.sha256(url.partition("://")[2].encode()).hexdigest()[:12]


def test_what_was_fetched_keeps_its_name(site: Site, tmp_path: Path) -> None:
    site.fetch(tmp_path)
    folder = tmp_path / "raw" / "sho"
    old = f"a-{digest_of(site.url('/a.pdf'))}.pdf"  # as an earlier version named it
    for suffix in ("", ".source.json"):
        (folder / f"a.pdf{suffix}").rename(folder / f"{old}{suffix}")
    before = stamps(tmp_path / "raw")
    assert results(site.fetch(tmp_path)) == {"unchanged": 2}
    assert stamps(tmp_path / "raw") == before
    site.routes["/a.pdf"] = document(pdf("new"))
    assert results(site.fetch(tmp_path)) == {"changed": 1, "unchanged": 1}
    (folder / f"{old}.source.json").write_text("{")  # damaged: it is written anew at its place
    site.fetch(tmp_path)
    assert stored(tmp_path) == [old, "b.pdf"]
    # Another first page: neither gets another name.
    site.routes["/y/"] = document(html("../a.pdf", "../b.pdf"))
    assert results(site.fetch(tmp_path, pages=(site.url("/y/"),))) == {"unchanged": 2}
    assert stored(tmp_path) == [old, "b.pdf"]


@pytest.mark.parametrize("taken", ["by hand", "by another address"])
def test_a_plain_name_that_is_taken_is_left(site: Site, tmp_path: Path, taken: str) -> None:
    relink(site, "b.pdf")
    if taken == "by hand":
        place = tmp_path / "raw" / "sho" / "a.pdf"
        place.parent.mkdir(parents=True)
        place.write_bytes(pdf("by hand"))
    else:
        site.routes["/y/"] = document(html("a.pdf"))
        site.routes["/y/a.pdf"] = document(pdf("by hand"))
        site.fetch(tmp_path, pages=(site.url("/y/"),))
    relink(site, "a.pdf", "b.pdf", "y/a.pdf")
    site.fetch(tmp_path)
    hashed = f"a-{digest_of(site.url('/a.pdf'))}.pdf"
    assert stored(tmp_path)[:2] == [hashed, "a.pdf"]
    assert (tmp_path / "raw" / "sho" / "a.pdf").read_bytes() == pdf("by hand")
    assert (tmp_path / "raw" / "sho" / hashed).read_bytes() == pdf("a")


def test_a_run_that_was_killed_before_the_sidecar_is_taken_up(site: Site, tmp_path: Path) -> None:
    site.fetch(tmp_path)
    (tmp_path / "raw" / "sho" / "a.pdf.source.json").unlink()
    assert results(site.fetch(tmp_path)) == {"added": 1, "unchanged": 1}
    assert stored(tmp_path) == ["a.pdf", "b.pdf"] and sidecar(tmp_path, "a")


def test_two_links_of_one_name_are_two_files(site: Site, tmp_path: Path) -> None:
    links = ["1/s.pdf", "2/s.pdf", "2/S.PDF", "2/s.pdf?v=1", "2/%8E%91%97%BF.pdf", "2/資料.pdf"]
    relink(site, *links, "1/s.pdf#page=3", "./1/../1/s.pdf")
    paths = ["/1/s.pdf", "/2/s.pdf", "/2/S.PDF", "/2/s.pdf?v=1", "/2/%8E%91%97%BF.pdf"]
    paths.append("/2/%E8%B3%87%E6%96%99.pdf")
    for path in paths:
        site.routes[path] = document(pdf(path))
    assert results(site.fetch(tmp_path)) == {"added": 6}
    names = [path.name.lower() for path in (tmp_path / "raw").rglob("*.pdf")]
    assert len(set(names)) == 6
    assert sum(name.startswith("資料-") for name in names) == 2


def test_links_of_an_old_page_in_shift_jis(site: Site, tmp_path: Path) -> None:
    body = html("資料.pdf", head='<meta charset="Shift_JIS"><base href="/sub/">')
    site.routes["/index.html"] = reply(200, body.decode().encode("cp932"))
    site.routes["/sub/%E8%B3%87%E6%96%99.pdf"] = document(pdf("x"))
    assert results(site.fetch(tmp_path)) == {"added": 1}


EVIL = [
    'attachment; filename="../../../../etc/cron.d/x"',
    "attachment; filename=..%2f..%2fx.pdf",
    "attachment; filename*=UTF-8''%2e%2e%2fx.pdf",
    'attachment; filename="CON.pdf"',
]


@pytest.mark.parametrize("header", EVIL)
def test_no_header_names_a_file(site: Site, tmp_path: Path, header: str) -> None:
    site.routes["/a.pdf"] = reply(200, pdf("a"), Content_Disposition=header)
    data = tmp_path / "data"
    data.mkdir()
    site.fetch(data)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    assert file(data, "a").parent == data / "raw" / "sho"


# --- killed --------------------------------------------------------------------------------------


class KilledError(BaseException):
    pass


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(6))
def test_killed_at_any_write_and_taken_up_again(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, when: str
) -> None:
    """The second night replaces a.pdf and brings c.pdf: version, file, sidecar, file, sidecar."""
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    for data in (whole, cut):
        site.fetch(data)
    site.routes["/index.html"] = document(html("a.pdf", "b.pdf", "c.pdf"))
    site.routes["/a.pdf"] = document(pdf("a2"))
    site.routes["/c.pdf"] = document(pdf("c"))
    site.fetch(whole)
    done = 0

    def killed(path: Path, content: bytes) -> None:
        nonlocal done
        if done == number and when == "before":
            raise KilledError
        write_atomically(path, content)
        if done == number:
            raise KilledError
        done += 1

    monkeypatch.setattr("shisaku.ingest.fetch.kept.keeper.write_atomically", killed)
    if number < 5:
        with pytest.raises(KilledError):
            site.fetch(cut)
    monkeypatch.undo()
    (cut / "raw" / "sho" / ".tmp-1-dead").write_bytes(b"half")
    assert not site.fetch(cut).needs_attention
    for room in ("raw", "versions"):
        assert tree(cut / room) == tree(whole / room)


def test_a_damaged_sidecar_is_told_and_written_anew(site: Site, tmp_path: Path) -> None:
    site.fetch(tmp_path)
    before = tree(tmp_path / "raw")
    place = file(tmp_path, "a")
    place.with_name(place.name + ".source.json").write_text("{")
    report = site.fetch(tmp_path)
    assert codes(report) == ["sidecar"] and not report.needs_attention
    assert tree(tmp_path / "raw") == before


def test_a_disk_that_cannot_be_written_is_a_sentence(site: Site, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "sho").write_text("in the way")
    with pytest.raises(DiskError) as error:
        site.fetch(tmp_path)
    assert error.value.remedy


@pytest.mark.parametrize("number", range(4))
def test_a_full_disk_is_a_sentence_and_the_next_run_goes_on(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    done = 0

    def full(path: Path, content: bytes) -> None:
        nonlocal done
        done += 1
        if done > number:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write_atomically(path, content)

    monkeypatch.setattr("shisaku.ingest.fetch.kept.keeper.write_atomically", full)
    with pytest.raises(DiskError, match="No space left") as error:
        site.fetch(tmp_path)
    assert error.value.exit_code == 1 and "space" in error.value.remedy
    monkeypatch.undo()
    assert not site.fetch(tmp_path).needs_attention
    site.fetch(tmp_path / "other")
    assert tree(tmp_path / "raw") == tree(tmp_path / "other" / "raw")


def test_raw_on_a_disk_that_is_not_mounted_is_not_begun_anew(site: Site, tmp_path: Path) -> None:
    (tmp_path / "parsed").mkdir()
    (tmp_path / "parsed" / "x.pdf.json").write_text("{}")
    with pytest.raises(FetchError, match="missing"):
        site.fetch(tmp_path)
    assert not (tmp_path / "raw").exists() and not site.log


def test_an_index_page_that_is_slow_to_come_up(site: Site, tmp_path: Path) -> None:
    site.routes["/index.html"] = in_turn(reply(503), document(html("a.pdf")))
    assert results(site.fetch(tmp_path)) == {"added": 1}
