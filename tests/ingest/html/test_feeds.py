"""Sitemaps and feeds as they are found, and as an enemy would write them."""

import gzip
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shisaku.ingest.fetch.report import FetchReport
from shisaku.ingest.html.feeds import FeedError, is_feed, read_feed
from tests.support.web import Site, document, html, pdf, reply, serving

XML = "<?xml version='1.0' encoding='UTF-8'?>\n"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(*links: str, root: str = "urlset", item: str = "url") -> bytes:
    items = "".join(f"<{item}><loc>\n {link} </loc></{item}>" for link in links)
    return f'{XML}<{root} xmlns="{SITEMAP}">{items}</{root}>'.encode()


FEEDS: list[tuple[str, tuple[str, ...]]] = [
    (
        "<rss version='2.0'><channel><link>http://h/</link><item><title>a &amp; b</title>"
        "<link> http://h/a.html </link><enclosure url='http://h/a.pdf' type='application/pdf'/>"
        "<guid>http://h/a.html</guid></item><item><link><![CDATA[http://h/?a=1&b=2]]></link>"
        "<guid isPermaLink='false'>http://h/no</guid></item></channel></rss>",
        ("http://h/a.html", "http://h/a.pdf", "http://h/?a=1&b=2"),
    ),
    (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
        " xmlns='http://purl.org/rss/1.0/'><channel><link>http://h/</link></channel>"
        "<item rdf:about='x'><link>http://h/a.pdf</link></item></rdf:RDF>",
        ("http://h/a.pdf",),
    ),
    (
        "<feed xmlns='http://www.w3.org/2005/Atom'><link href='http://h/'/><entry>"
        "<link rel='self' href='http://h/no'/><link href='/a.html'/>"
        "<link rel='enclosure' href='a.pdf'/><content src='b.html'/></entry></feed>",
        ("/a.html", "a.pdf", "b.html"),
    ),
    ("<urlset><url><loc>a</loc></url><url><loc>a</loc></url><url><loc/></url></urlset>", ("a",)),
    ("<rss/>", ()),
]


@pytest.mark.parametrize(("text", "links"), FEEDS, ids=range(len(FEEDS)))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_addresses_of_a_feed(text: str, links: tuple[str, ...], encoding: str) -> None:
    data = (XML.replace("UTF-8", encoding) + text).encode(encoding)
    assert is_feed(data)
    assert read_feed(data).links == links


def test_an_index_says_that_it_is_one() -> None:
    found = read_feed(sitemap("s1.xml", "s2.xml", root="sitemapindex", item="sitemap"))
    assert found.index and found.links == ("s1.xml", "s2.xml")


ENTITIES = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
BROKEN = {
    "laughs": f"<!DOCTYPE urlset [<!ENTITY a0 'aaaaaaaaaa'>{ENTITIES}]>"
    "<urlset><url><loc>&a11;</loc></url></urlset>",
    "cut off": "<urlset><url><loc>a</loc></url>",
    "no entity": "<urlset><url><loc>a&b</loc></url></urlset>",
    "too deep": "<rss>" + "<item>" * 1000,
    "a charset that is none": "<?xml version='1.0' encoding='punycode'?><rss/>",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_half_a_list_is_none(kind: str) -> None:
    with pytest.raises(FeedError):
        read_feed(BROKEN[kind].encode())


def test_no_file_is_read_through_an_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("http://h/secret")
    text = f"<!DOCTYPE rss [<!ENTITY x SYSTEM '{secret.as_uri()}'>]><urlset><loc>&x;</loc></urlset>"
    assert read_feed(text.encode()).links == ()


HOSTILE: dict[str, Callable[[int], bytes]] = {
    "attributes": lambda n: b"<rss><item %s/></rss>" % b" ".join(
        b"a%d='1'" % i for i in range(n // 11)),
    "elements": lambda n: b"<urlset>" + b"<loc>a</loc>" * (n // 12) + b"</urlset>",
    "names": lambda n: b"<urlset>" + b"".join(b"<e%d/>" % i for i in range(n // 9)) + b"</urlset>",
    "references": lambda n: b"<urlset><loc>" + b"&#97;" * (n // 5) + b"</loc></urlset>",
    "text": lambda n: b"<urlset><loc>" + b"a" * n + b"</loc></urlset>",
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_feed_takes_a_time_out_of_proportion(kind: str) -> None:
    begun = time.process_time()
    read_feed(HOSTILE[kind](1_000_000))
    assert time.process_time() - begun < 8


# --- as pages to watch ---------------------------------------------------------------------------


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        for name in "abc":
            found.routes[f"/{name}.pdf"] = document(pdf(name))
        yield found


def codes(report: FetchReport) -> list[str]:
    return [item.problem.code for item in report.failed if item.problem]


@pytest.mark.parametrize("packed", [False, True])
def test_a_sitemap_leads_to_documents_and_pages(site: Site, tmp_path: Path, packed: bool) -> None:
    page = sitemap(site.url("/a.pdf"), site.url("/p.html"))
    site.routes["/index.html"] = document(gzip.compress(page, mtime=0) if packed else page)
    site.routes["/p.html"] = document(html("b.pdf"))
    assert site.fetch(tmp_path, depth=1).counts["added"] == 2
    assert site.fetch(tmp_path, depth=1).counts["unchanged"] == 2
    page = sitemap(site.url("/p.html"))
    site.routes["/index.html"] = document(page)
    assert site.fetch(tmp_path, depth=1).counts["withdrawn"] == 1


def test_an_index_leads_to_sitemaps_that_are_watched_like_pages(site: Site, tmp_path: Path) -> None:
    index = sitemap("/s1.xml", "/s2.xml.gz", "/index.html", root="sitemapindex", item="sitemap")
    site.routes["/index.html"] = document(index)
    site.routes["/s1.xml"] = document(sitemap("/a.pdf"))
    site.routes["/s2.xml.gz"] = document(gzip.compress(sitemap("/b.pdf", "/c.pdf"), mtime=0))
    assert site.fetch(tmp_path).counts["added"] == 3
    assert site.fetch(tmp_path).counts["unchanged"] == 3  # all lists answer 304
    there, site.routes["/s2.xml.gz"] = site.routes["/s2.xml.gz"], reply(404)
    report = site.fetch(tmp_path)
    assert codes(report) == ["not_found"] and not report.counts["withdrawn"]
    site.routes["/s2.xml.gz"] = there
    assert site.fetch(tmp_path).counts["unchanged"] == 3


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (gzip.compress(bytes(11_000_000)), "too_large_page"),
        (gzip.compress(sitemap("/a.pdf"))[:-12], "broken"),
        (sitemap("/a.pdf")[:-9], "unreadable"),
        (b"\x1f\x8b" + b"x" * 50, "broken"),
    ],
)
def test_a_list_that_cannot_be_read_withdraws_nothing(
    site: Site, tmp_path: Path, body: bytes, code: str
) -> None:
    site.routes["/index.html"] = document(sitemap("/a.pdf", "/b.pdf"))
    site.fetch(tmp_path)
    site.routes["/index.html"] = document(body)
    report = site.fetch(tmp_path)
    assert codes(report) == [code] and not report.counts["withdrawn"]


def test_a_feed_of_releases(site: Site, tmp_path: Path) -> None:
    text = FEEDS[0][0].replace("http://h", site.url("")).encode()
    site.routes["/index.html"] = reply(200, text)
    assert site.fetch(tmp_path).counts["added"] == 1
