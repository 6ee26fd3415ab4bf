"""Limits of files, pages and addresses, with a case on either side."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shisaku.ingest.fetch.kept.keeper import Kept, printable
from shisaku.ingest.fetch.kept.withdrawal import Leaving, held_back
from shisaku.ingest.fetch.pages.disguise import Past, disguise
from shisaku.ingest.fetch.urls import canonical, file_name, host_of
from shisaku.ingest.parsed.sidecar import Sidecar
from shisaku.ingest.words.look import Look
from tests.support.web import Site, document, html, pdf, reply, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        found.routes["/index.html"] = reply(200, html("x.pdf"))
        found.routes["/x.pdf"] = document(pdf("x"))
        yield found


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("behind", "whole"),
    [(b"", True), (b"x" * 1019, True), (b"x" * 1020, False), (b"\0 \t\r\n" * 9000, True),
     (b"x" * 1019 + bytes(9000), True)],
    ids=["nothing", "1,019 bytes", "1,020 bytes", "padding", "bytes and padding"],
)  # fmt: skip
def test_the_end_of_a_pdf_is_looked_for_in_its_last_kilobyte(
    site: Site, tmp_path: Path, behind: bytes, whole: bool
) -> None:
    site.routes["/x.pdf"] = document(b"%PDF-1.7\n" + b"a" * 2000 + b"%%EOF" + behind)
    assert [one.problem and one.problem.code for one in site.fetch(tmp_path).failed] == (
        [] if whole else ["broken"]
    )


@pytest.mark.parametrize(
    ("header", "kept"),
    [("x" * 500, True), ("x" * 501, False), (' "~', True), ("a\x7f", False), ("a\x1f", False),
     ("é", False)],
    ids=["500", "501", "ASCII", "delete", "a control", "no ASCII"],
)  # fmt: skip
def test_which_headers_are_kept(header: str, kept: bool) -> None:
    assert printable(header) == (header if kept else "")


@pytest.mark.parametrize(("count", "more"), [(10, False), (11, True)])
def test_ten_of_the_documents_that_would_go_are_named(count: int, more: bool) -> None:
    sidecar = Sidecar(
        url="", final_url="", source="s", publisher="p", retrieved="", sha256="", size=0
    )
    found = [Leaving(f"u{at}", Kept(Path("x"), sidecar), "gone") for at in range(count)]
    many = held_back(found, count)
    assert many and many.details[:2] == (count, count)
    named = many.details[2]
    assert named.startswith(", ".join(f"u{at}" for at in range(10)))
    assert named.endswith(" …") is more and "u10" not in named


LOST = [
    # characters before and now, those of the page itself before and now, a document?, shrunk?
    (200, 20, 0, 0, False, True),
    (199, 0, 0, 0, False, False),  # a list that said too little to have shrunk
    (200, 21, 0, 0, False, False),  # more than a tenth is left
    (600, 60, 0, 0, True, True),
    (599, 0, 0, 0, True, False),
    (600, 61, 0, 0, True, False),
    # The words of the page itself are gone, and half of all that is seen with its menus.
    (400, 200, 200, 20, False, True),
    (400, 201, 200, 20, False, False),
    (400, 200, 199, 0, False, False),
    (400, 200, 200, 21, False, False),
    (1200, 600, 600, 60, True, True),
    (1200, 600, 599, 0, True, False),
]


@pytest.mark.parametrize(("before", "now", "main", "left", "document", "shrunk"), LOST)
def test_how_much_a_page_may_lose(
    before: int, now: int, main: int, left: int, document: bool, shrunk: bool
) -> None:
    look, past = Look(characters=now, main=left), Past(before, main)
    found = disguise(look, past, document=document, keeps_links=False)
    assert (found and found[0]) == ("shrunk" if shrunk else None)
    # A list that still leads to all that it led to has lost nothing; nor has a new page.
    assert disguise(look, past, document=document, keeps_links=False, intact=True) is None
    assert disguise(look, None, document=document, keeps_links=False) is None


# --- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("length", "good"), [(2000, True), (2001, False)])
def test_an_address_may_have_so_many_characters(length: int, good: bool) -> None:
    url = "http://h/".ljust(length, "x")
    assert canonical(url) == (url if good else None)


@pytest.mark.parametrize(
    ("url", "host"),
    [("http://h:80/", "h"), ("https://h:443/", "h"), ("http://h:443/", "h:443"),
     ("https://h:80/", "h:80"), ("http://h:81/", "h:81")],
)  # fmt: skip
def test_only_the_ports_of_the_scheme_are_left_out(url: str, host: str) -> None:
    assert host_of(canonical(url) or "") == host


@pytest.mark.parametrize(
    ("name", "stem"),
    [("a" * 120, "a" * 120), ("a" * 121, "a" * 120), ("施" * 40, "施" * 40),
     ("施" * 41, "施" * 40), ("a" + "施" * 40, "a" + "施" * 39)],
    ids=["120 letters", "121 letters", "40 kanji", "41 kanji", "a kanji across the end"],
)  # fmt: skip
def test_a_file_name_is_cut_between_characters(name: str, stem: str) -> None:
    found = file_name(canonical(f"http://h/{name}.pdf") or "", ".pdf")
    assert found[: -len("-123456789abc.pdf")] == stem


@pytest.mark.parametrize(
    ("links", "told"), [(20_000, ["other_hosts"]), (20_001, ["too_many_links", "other_hosts"])]
)
def test_so_many_links_of_a_page_are_looked_at(
    site: Site, tmp_path: Path, links: int, told: list[str]
) -> None:
    # Of other hosts, so that nothing is asked for; of those 10,000 are counted and 5 are named.
    addresses = (f"http://h{number % 7}.jp/{number}.pdf" for number in range(links))
    anchors = "".join(f"<a href={address}></a>" for address in addresses)
    site.routes["/index.html"] = reply(200, html(words=f"一覧{anchors}"))
    report = site.fetch(tmp_path)
    problems = report.sources[0].problems
    assert [problem.code for problem in problems] == told
    assert "10000" in problems[-1].reason.replace(",", "")
    assert [f"h{number}.jp" in problems[-1].reason for number in range(7)] == [True] * 5 + [
        False
    ] * 2
