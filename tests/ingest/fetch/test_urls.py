import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.fetch.http.network import is_public
from shisaku.ingest.fetch.urls import canonical, file_name, matches, plain_name, suffix_of
from shisaku.ingest.html.links import read_links

BASE = "https://www.npa.go.jp/policies/index.html"


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("a.pdf", "https://www.npa.go.jp/policies/a.pdf"),
        (" a.pdf\n", "https://www.npa.go.jp/policies/a.pdf"),
        ("a\n.pdf", "https://www.npa.go.jp/policies/a.pdf"),  # as browsers read it
        ("../a.pdf#page=2", "https://www.npa.go.jp/a.pdf"),
        ("/../../a.pdf", "https://www.npa.go.jp/a.pdf"),
        ("//WWW.NPA.GO.JP:443/a.pdf", "https://www.npa.go.jp/a.pdf"),
        ("HTTP://www.npa.go.jp:80", "http://www.npa.go.jp/"),
        ("http://www.npa.go.jp:443/", "http://www.npa.go.jp:443/"),
        ("資料.pdf", "https://www.npa.go.jp/policies/%E8%B3%87%E6%96%99.pdf"),
        ("%8e%91.pdf", "https://www.npa.go.jp/policies/%8E%91.pdf"),  # bytes stay as they are
        ("a b.pdf?x=１", "https://www.npa.go.jp/policies/a%20b.pdf?x=%EF%BC%91"),
        ("", BASE),
        ("javascript:void(0)", None),
        ("mailto:a@npa.go.jp", None),
        ("file:///etc/passwd", None),
        ("ftp://www.npa.go.jp/", None),
        ("https://user:word@www.npa.go.jp/", None),
        ("https://[::1", None),
        ("https://www.npa.go.jp:99999/", None),
        ("x" * 3000, None),
    ],
)
def test_each_address_has_one_spelling(link: str, url: str | None) -> None:
    assert canonical(link, BASE) == url


@given(st.text(max_size=60))
def test_any_link_gives_a_spelling_that_stays_or_none(link: str) -> None:
    url = canonical(link, BASE)
    assert url is None or canonical(url) == url
    if url:
        assert url.isascii() and not re.search(r"[\s\x00-\x1f]", url)


@pytest.mark.parametrize(
    ("pattern", "url", "covered"),
    [
        ("*.pdf", "https://a.jp/x.PDF", True),
        ("*.pdf", "https://a.jp/x.pdf?v=2", True),
        ("*.pdf", "https://a.jp/x.pdf.html", False),
        ("*/jinsin/*", "https://a.jp/seisaku/jinsin/x.html", True),
        ("*/get?id=*", "https://a.jp/get?id=1", True),  # ? is no wildcard
        ("*/get?id=*", "https://a.jp/getXid=1", False),
        ("*資料*", "https://a.jp/%E8%B3%87%E6%96%99.pdf", True),
        ("*[1].pdf", "https://a.jp/a1.pdf", False),
    ],
)
def test_patterns(pattern: str, url: str, covered: bool) -> None:
    assert matches(pattern, url) is covered


@pytest.mark.parametrize(
    ("path", "start"),
    [
        ("/a/keikaku.pdf", "keikaku-"),
        ("/a/%E8%A8%88%E7%94%BB.pdf", "計画-"),
        ("/a/%8Cv%89%E6.pdf", "計画-"),  # cp932
        ("/a/%FF%FE.pdf", "FFFE-"),
        ("/", "index-"),
        ("/a/b/", "b-"),
        ("/..%2f..%2fetc%2fpasswd.pdf", "etc_passwd-"),
        ("/%2e%2e.pdf", "index-"),
        ("/.htaccess", "index-"),
        ("/a%00b%0a.pdf", "a_b-"),
        ("/%E2%80%AEfdp.exe.pdf", "fdp_exe-"),  # turns the direction of writing
        ("/CON.pdf", "_CON-"),
        ("/aux", "_aux-"),
        ("/a....pdf", "a-"),
        ("/a%5Cb%3A%2A%3F%22%3C%3E%7C.pdf", "a_b-"),
        ("/~$x.pdf", "x-"),
        ("/" + "%E9%95%B7" * 80 + ".pdf", "長" * 40 + "-"),
        ("/%E3%81%8B%E3%82%99.pdf", "が-"),  # NFD, as macOS writes it
    ],
)
def test_file_names(path: str, start: str) -> None:
    name = file_name("https://a.jp" + path, ".pdf")
    assert re.fullmatch(re.escape(start) + r"[0-9a-f]{12}\.pdf", name), name


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_any_url_gives_a_safe_name_of_its_own(one: bytes, other: bytes) -> None:
    def url(data: bytes) -> str:
        return "https://a.jp/" + "".join(f"%{byte:02X}" for byte in data)

    name = file_name(url(one), ".pdf")
    assert len(name.encode()) <= 200 and unicodedata.is_normalized("NFC", name)
    assert not re.search(r'[\x00-\x1f\x7f/\\:*?"<>|%#\s]', name)
    assert not name.startswith((".", "-", "~")) and name == file_name(url(one), ".pdf")
    assert (name.lower() == file_name(url(other), ".pdf").lower()) == (one == other)


PAGE = "https://a.jp/x/index.html"


@pytest.mark.parametrize(
    ("url", "page", "plain"),
    [
        ("https://a.jp/x/good.pdf", PAGE, True),
        ("https://a.jp/x/good.pdf", "https://a.jp/x/", True),
        ("https://a.jp/x/good.pdf", "https://a.jp/x/?list=a/b", True),
        ("https://a.jp/good.pdf", "https://a.jp/", True),
        ("https://a.jp/x/r5_hyouka-2.pdf", PAGE, True),
        # another folder, host, port, scheme
        ("https://a.jp/x/y/good.pdf", PAGE, False),
        ("https://a.jp/good.pdf", PAGE, False),
        ("https://b.jp/x/good.pdf", PAGE, False),
        ("https://a.jp:8080/x/good.pdf", PAGE, False),
        ("http://a.jp/x/good.pdf", PAGE, False),
        ("https://a.jp/X/good.pdf", PAGE, False),
        # a query, parameters
        ("https://a.jp/x/good.pdf?", PAGE, False),
        ("https://a.jp/x/good.pdf?v=2", PAGE, False),
        ("https://a.jp/x/good.pdf?/x/good.pdf", PAGE, False),
        ("https://a.jp/x/good.pdf;jsessionid=1", PAGE, False),
        ("https://a.jp/x;a/good.pdf", "https://a.jp/x;a/", False),
        # a name that is not safe as it is
        ("https://a.jp/x/GOOD.pdf", PAGE, False),
        ("https://a.jp/x/good.PDF", PAGE, False),
        ("https://a.jp/x/good", PAGE, False),
        ("https://a.jp/x/good.html", PAGE, False),
        ("https://a.jp/x/go.od.pdf", PAGE, False),
        ("https://a.jp/x/go%6Fd.pdf", PAGE, False),
        ("https://a.jp/x/%E8%B3%87.pdf", PAGE, False),
        ("https://a.jp/x/a%2Fgood.pdf", PAGE, False),
        ("https://a.jp/x/-good.pdf", PAGE, False),
        ("https://a.jp/x/_good.pdf", PAGE, False),
        ("https://a.jp/x/.pdf", PAGE, False),
        ("https://a.jp/x/", PAGE, False),
        ("https://a.jp/x/con.pdf", PAGE, False),
        ("https://a.jp/x/good.pdf.source.json", PAGE, False),
        ("https://a.jp/x/" + "a" * 120 + ".pdf", PAGE, True),
        ("https://a.jp/x/" + "a" * 121 + ".pdf", PAGE, False),
        # what looks like a name with a hash
        ("https://a.jp/x/good-0123456789ab.pdf", PAGE, False),
        ("https://a.jp/x/good-0123456789a.pdf", PAGE, True),
        ("https://a.jp/x/good-0123456789abc.pdf", PAGE, True),
        ("https://a.jp/x/good-0123456789ag.pdf", PAGE, True),
        ("https://a.jp/x/good_0123456789ab.pdf", PAGE, True),
    ],
)
def test_which_addresses_give_their_own_name(url: str, page: str, plain: bool) -> None:
    assert plain_name(url, page, ".pdf") == (url.rpartition("/")[2] if plain else None)


def test_suffixes() -> None:
    assert suffix_of("https://a.jp/a.PDF?x=b.html") == ".pdf"
    assert suffix_of("https://a.jp/a.b/c") == ""


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),  # where clouds keep credentials
        ("100.64.0.1", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("2001:db8::1", False),
        ("::ffff:127.0.0.1", False),  # IPv4 in disguise, four times
        ("2002:7f00:1::", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::5db8:d70e", True),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
        ("nonsense", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_links_of_a_page_in_order_each_once() -> None:
    page = """<html><head><base href=" /b/ "><base href="/c/">
    <meta http-equiv="Refresh" content="0; URL='next.html'"></head><body>
    <!-- <a href="hidden.pdf"> --><a href=" a.pdf ">A</a><A HREF="a.pdf">again</A><a name="x">
    <map><area href="m.pdf"></map><iframe src="f.html"></iframe><a href="#top">top</a>
    <img src="i.png"><link href="s.css"></body></html>"""
    assert read_links(page.encode()) == ("/b/", ("next.html", "a.pdf", "m.pdf", "f.html"))


@pytest.mark.parametrize("blanks", [" " * 1_000_000, "0" + " " * 1_000_000, "0" * 1_000_000])
def test_no_redirect_of_a_page_holds_up_the_night(blanks: str) -> None:
    page = f'<html><meta http-equiv="refresh" content="{blanks}x"><a href="a.pdf">a</a></html>'
    begun = time.process_time()
    assert read_links(page.encode()) == ("", ("a.pdf",))
    assert time.process_time() - begun < 2


def test_links_of_a_frameset_and_of_nothing() -> None:
    page = b"<html><frameset cols=2><frame src=menu.html><frame src=main.html></frameset></html>"
    assert read_links(page) == ("", ("menu.html", "main.html"))
    assert read_links(b"") == ("", ())
