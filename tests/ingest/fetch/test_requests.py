"""Which requests a night makes: over how many connections, in which order, and written down how."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from shisaku.ingest.fetch.pages.identity import Identity
from shisaku.ingest.fetch.pages.pagination import Lists
from tests.support.web import FakeClock, Site, document, html, in_turn, pdf, reply, serving, tree


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


def paths(site: Site) -> list[str]:
    """Return what was asked for since the last call, robots.txt left out."""
    found = [path for path, _ in site.log if path != "/robots.txt"]
    site.log.clear()
    return found


def test_one_connection_serves_all_requests_to_a_host(site: Site, tmp_path: Path) -> None:
    names = [f"{number}.pdf" for number in range(5)]
    site.routes["/index.html"] = document(html(*names))
    for name in names:
        site.routes[f"/{name}"] = document(pdf(name))
    site.fetch(tmp_path)
    assert len(paths(site)) == 6
    assert len(site.connected) == 2  # of robots.txt there may be more than is read


def test_a_failure_ends_the_connection(site: Site, tmp_path: Path) -> None:
    # What is left of a wrong answer must not begin the next one.
    site.routes["/index.html"] = document(html("a.pdf"))
    site.routes["/a.pdf"] = in_turn(reply(503), document(pdf("a")))
    site.fetch(tmp_path)
    assert len(site.connected) == 3


def test_what_an_index_of_sitemaps_names_is_asked_before_what_waits(
    site: Site, tmp_path: Path
) -> None:
    site.routes["/list.html"] = document(html(*(f"{number}.pdf" for number in range(4))))
    place = f"<sitemap><loc>{site.url('/map.xml')}</loc></sitemap>"
    site.routes["/all.xml"] = document(f"<sitemapindex>{place}</sitemapindex>".encode())
    urls = f"<url><loc>{site.url('/m.pdf')}</loc></url>"
    site.routes["/map.xml"] = document(f"<urlset>{urls}</urlset>".encode())
    for name in ("0", "1", "2", "3", "m"):
        site.routes[f"/{name}.pdf"] = document(pdf(name))
    pages = (site.url("/list.html"), site.url("/all.xml"))
    # Ten seconds between two requests: robots.txt, the three pages, one document.
    site.fetch(tmp_path, pages=pages, delay=10.0, max_minutes=0.75, clock=FakeClock())
    assert paths(site) == ["/list.html", "/all.xml", "/map.xml", "/0.pdf"]
    site.fetch(tmp_path, pages=pages, clock=FakeClock())
    assert paths(site) == ["/list.html", "/all.xml", "/map.xml", "/1.pdf", "/2.pdf", "/3.pdf",
                           "/m.pdf", "/0.pdf"]  # fmt: skip


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_so_many_pages_are_looked_at(site: Site, tmp_path: Path, depth: int) -> None:
    # Each page leads to the next one and to a document; the first is watched.
    for here, there in pairwise("abcde"):
        site.routes[f"/{here}/"] = document(html(f"/{here}/x.pdf", f"/{there}/"))
        site.routes[f"/{here}/x.pdf"] = document(pdf(here))
    for most in (1, 2, 3, 9):
        folder = tmp_path / str(most)
        pages = (site.url("/a/"),)
        report = site.fetch(folder, pages=pages, follow=("*/",), depth=depth, max_pages=most)
        looked = min(depth + 1, most)
        assert report.sources[0].pages == report.counts["added"] == looked
        codes = [problem.code for problem in report.sources[0].problems]
        assert codes == (["too_many_pages"] if most < depth + 1 else [])


def test_that_something_else_stands_there_is_written_down_once(site: Site, tmp_path: Path) -> None:
    words = "警察庁は、サイバー空間の脅威への対処に係る施策を推進する。" * 30
    site.routes["/index.html"] = document(html("a.html"))
    site.routes["/a.html"] = reply(200, html(words=words))
    clock = FakeClock()
    site.fetch(tmp_path, include=("*.html",), clock=clock)
    site.routes["/a.html"] = reply(200, html(words="ただいまメンテナンス中です。"))
    kept = []
    for _ in range(2):
        clock.passed += 86_400
        site.fetch(tmp_path, include=("*.html",), clock=clock)
        kept.append(tree(tmp_path / "raw"))
    assert kept[0] == kept[1]
    assert b'"stale"' in b"".join(kept[0].values())
    # For another reason it is written down anew.
    clock.passed += 86_400
    site.routes["/a.html"] = reply(200, html(words="短い。"))
    site.fetch(tmp_path, include=("*.html",), clock=clock)
    assert tree(tmp_path / "raw") != kept[0]


LISTS = [
    # the pages that a list goes on to, how many are read, what is told of the rest
    (["list?page=2", "list?page=3"], 3, []),
    (["list?page=2", "list?page=3"], 2, ["3 of 3"]),
    (["list?page=2", "list?page=3", "list?page=9"], 2, ["3 of 9"]),
    (["list?page=2", "list?page=9"], 3, ["9 of 9"]),
    (["list?offset=20", "list?offset=40"], 2, ["3"]),  # a number of entries is none of pages
    (["more.html", "most.html"], 2, ["3"]),
    (["more.html"], 2, []),
    (["list?page=2"], 1, ["2 of 2"]),
]


@pytest.mark.parametrize(("links", "most", "told"), LISTS)
def test_what_is_told_of_a_list_that_goes_on(links: list[str], most: int, told: list[str]) -> None:
    root = "http://h/list"
    lists = Lists(Identity().certain, most)
    page = root
    for link in links:
        following = f"http://h/{link}"
        assert lists.leads_on(page, following, said=True)
        if lists.admit(page, following):
            page = following
    assert lists.unread(lambda url: False) == [(words, root) for words in told]


def test_a_page_that_is_not_followed_for_another_reason_is_told(tmp_path: Path) -> None:
    root = "http://h/list"
    lists = Lists(Identity().certain, 9)
    assert lists.admit(root, f"{root}?page=2")
    lists.refuse(root, f"{root}?page=2")
    assert lists.unread(lambda url: False) == [("2 of 2", root)]
    assert lists.unread(lambda url: True) == []


def test_other_bytes_of_the_same_words_are_asked_for_by_their_own_etag(
    site: Site, tmp_path: Path
) -> None:
    words = "警察庁は、サイバー空間の脅威への対処に係る施策を推進する。" * 9

    def night(number: int, status: int = 200) -> dict[str, int]:
        page = html(words=f"{words}<!-- made in the night {number} -->")
        site.routes["/a.html"] = reply(status, page if status == 200 else b"", ETag=f'"{number}"')
        site.log.clear()
        counts = site.fetch(tmp_path, include=("*/a.html",)).counts
        return {name: count for name, count in counts.items() if count}

    site.routes["/index.html"] = document(html("a.html"))
    assert night(1) == {"added": 1}
    kept = tree(tmp_path / "raw")
    assert night(2) == {"unchanged": 1}
    assert night(2, status=304) == {"unchanged": 1}
    [sent] = [headers.get("if-none-match") for path, headers in site.log if path == "/a.html"]
    assert sent == '"2"'
    assert tree(tmp_path / "raw") == kept  # the file and its sidecar are those of the first night
