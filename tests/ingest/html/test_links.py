"""Links of hostile pages: the rules of the HTML Standard for tags, and a bounded time."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.html.decode import declared_charset, decode
from shisaku.ingest.html.links import read_links
from shisaku.ingest.html.tags import start_tags
from shisaku.ingest.sniff import sniff, xml_root

WRITTEN = [
    # what stands in the page, the links of it
    ("<a href=a.pdf>x</a><A\nHREF = 'b.pdf'>", ("a.pdf", "b.pdf")),
    ("<a title='>' href=a.pdf>", ("a.pdf",)),  # a bracket in quotes ends no tag
    ('<p title="<a href=no.pdf>">', ()),
    ('<a title=a"b href=a.pdf>', ("a.pdf",)),  # a quote within a bare value is a character
    ('<a "href=no.pdf>', ()),  # and so it is in a name
    ("<a href=a.pdf href=b.pdf>", ("a.pdf",)),  # the first counts
    ("<a/href=a.pdf/>", ("a.pdf/",)),  # the slash belongs to a bare value
    ("<a =x href=a.pdf>", ("a.pdf",)),
    ("<a href=?a=1&copy=2&amp;b=3&lt;&eacute>", ("?a=1&copy=2&b=3<é",)),
    ("<a href=&#x61;&#98&#0;&#9999999999;>", ("ab\ufffd\ufffd",)),
    (f"<a href=a&#{'9' * 6000};>", ("a\ufffd",)),
    ("<!-- <a href=no.pdf> --><a href=a.pdf>", ("a.pdf",)),
    ("<!--><a href=a.pdf>", ("a.pdf",)),
    ("<!--- --!><a href=a.pdf>", ("a.pdf",)),
    ("<!-- never closed <a href=no.pdf>", ()),
    ("<script>'<a href=no.pdf>'</script><a href=a.pdf>", ("a.pdf",)),
    ("<script>if (a</scripts>b) '<a href=no.pdf>'</SCRIPT ><a href=a.pdf>", ("a.pdf",)),
    ("<style><a href=no.pdf></style><title><a href=no.pdf></title>", ()),
    ("<textarea><a href=no.pdf></textarea><a href=a.pdf>", ("a.pdf",)),
    ("<noscript><a href=a.pdf></noscript>", ("a.pdf",)),
    ("<script/><a href=no.pdf>", ()),
    ("<?xml version='1.0'?><html><script/><a href=a.pdf/></html>", ("a.pdf/",)),
    ("<?php echo '<a' ?><a href=a.pdf>", ("a.pdf",)),
    ("a < b <3 <a href=a.pdf>", ("a.pdf",)),
    ("</a href=no.pdf><a href=a.pdf>", ("a.pdf",)),
    ("<a href=a.pdf", ()),  # a tag without an end is none
    # Nothing closes the quote: what can be a tag without it still is one.
    ('<a href=a.pdf><a href="b.pdf><a href=c.pdf>', ("a.pdf", "c.pdf")),
    ("<abbr href=no.pdf><a href=a.pdf>", ("a.pdf",)),
    ("<meta http-equiv=refresh content=\"5;URL = 'a.html'\">", ("a.html",)),
    ("<meta http-equiv=refresh content=5>", ()),
    ("<a href='\0'>", ("\ufffd",)),
    ("<div>" * 5000 + "<a href=a.pdf>", ("a.pdf",)),  # no level is too deep
    ("<a href=" + "x" * 8001 + "><a href=a.pdf>", ("a.pdf",)),
    ("<a href=" + "x" * 8000 + ">", ("x" * 8000,)),
]


@pytest.mark.parametrize(("page", "links"), WRITTEN, ids=range(len(WRITTEN)))
def test_links_as_they_are_written(page: str, links: tuple[str, ...]) -> None:
    assert read_links(page.encode()) == ("", links)


@given(st.text(st.sampled_from(list("<>ab/='\"!-? \n&#;x")), max_size=60))
def test_any_text_has_tags(text: str) -> None:
    for tag in start_tags(text, {"a", "b"}):
        assert tag.name in ("a", "b")
    whole = list(start_tags(text.replace("<", "") + "<a b='1'>", {"a"}))
    assert [(tag.name, tag.attributes) for tag in whole] == [("a", {"b": "1"})]


def jis(what: bytes) -> Callable[[int], bytes]:
    return lambda size: b"<html>\x1b$B7Y" + what * (size // len(what))


def said(charset: bytes, what: bytes) -> Callable[[int], bytes]:
    return lambda size: b"<html><meta charset=" + charset + b">" + what * (size // len(what))


def many(what: bytes, before: bytes = b"<html>", after: bytes = b"") -> Callable[[int], bytes]:
    return lambda size: before + what * (size // len(what)) + after


HOSTILE: dict[str, Callable[[int], bytes]] = {
    "metas without an end": many(b"<meta "),
    "declarations without an end": many(b"<?xml "),
    "processing instructions": many(b"<?a?>", b"<?xml?>"),
    "comments in a prolog": many(b"<!-- ", b"<?xml?>"),
    "document types": many(b"<!doctype "),
    "blanks in a document type": many(b" ", b"<!doctype"),
    "blanks in a charset": many(b" ", b"<meta charset="),
    "charsets without a name": many(b"<meta charset= "),
    "comments": many(b"<!--"),
    "closed comments": many(b"<!---->"),
    "attributes": lambda size: b"<p " + b" ".join(b"a%d=1" % i for i in range(size // 9)) + b">",
    "attributes of a link": lambda size: (
        b"<a " + b" ".join(b"a%d=1" % i for i in range(size // 9)) + b" href=a.pdf>"
    ),
    "attributes without a value": many(b"a ", b"<a "),
    "blanks before a value": many(b"a   = ", b"<a "),
    "equals signs": many(b"=", b"<a "),
    "slashes": many(b"/", b"<a "),
    "quotes without an end": many(b'<a href="'),
    "quotes of both kinds": many(b"<a x='\" "),
    "tags without an end": many(b"</a "),
    "scripts without an end": many(b"<script>"),
    "scripts that nearly end": many(b"</script", b"<script>"),
    "titles that nearly end": many(b"<title></titl"),
    "brackets": many(b"<"),
    "levels": many(b"<div>"),
    "levels of fonts": many(b"<font>a"),
    "ampersands": many(b"&", b"<a href='", b"'>"),
    "references": many(b"&amp", b"<a href='", b"'>"),
    "digits of a reference": many(b"9", b"<a href='&#", b"'>"),
    "refreshes": many(b"url = ", b"<meta http-equiv=refresh content='0;", b"'>"),
    "line ends in ISO-2022-JP": jis(b"\n"),
    "escapes": jis(b"\x1b(B\x1b$B"),
    "damaged ISO-2022-JP": jis(b"\xff \xff"),
    "JIS X 0212": jis(b"\x1b$(D~~"),
    "damaged EUC-JP": said(b"euc-jp", b"\xa4\x20\xff"),
    "rows that EUC-JP has not": said(b"euc-jp", b"\xad\xa1"),
    "no charset at all": said(b"x", b"\x81\x20\xfd\xa0"),
    "punycode": said(b"punycode", b"\x81 \xfd-a"),
    "unicode_escape": said(b"unicode_escape", b"\x81 \xfd\\ud800"),
    "UTF-16 of no characters": many(b"\x00\xd8", b"\xff\xfe"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_page_takes_a_time_out_of_proportion(kind: str) -> None:
    """Quadratic readings took from some seconds to days; the bound is ten times the usual."""
    page = HOSTILE[kind](400_000)
    begun = time.process_time()
    sniff(page)
    xml_root(page)
    declared_charset(page)
    read_links(page)
    assert time.process_time() - begun < 8


def test_a_codec_that_is_no_charset_of_pages_is_not_used() -> None:
    page = b"<meta charset=unicode_escape>" + b"\x81 \xfd\xa0" * 40 + b"\\u0041"
    assert decode(page).text.endswith("\\u0041")
    assert decode(b"<meta charset=koi8-r>" + b"\xff\xc1\x81 " * 40).encoding == "koi8-r"


def test_a_declaration_counts_only_near_the_head_and_within_its_tag() -> None:
    assert declared_charset(b"<meta " + b"x" * 2000 + b" charset=euc-jp>") == "euc-jp"
    assert declared_charset(b"<meta " + b"x" * 2100 + b" charset=euc-jp>") == ""
    assert declared_charset(b"<meta name=x><p>charset=euc-jp</p>") == ""


ROOTS = [
    (b"<?xml version='1.0'?>\n<!-- a --><?x y?><!DOCTYPE x><s:urlset>", "urlset"),
    (b"\xef\xbb\xbf<rss>", "rss"),
    ("<?xml version='1.0' encoding='utf-16'?><feed>".encode("utf-16"), "feed"),
    (b"words <rss>", ""),
    (b"<!-- never closed <rss>", ""),
    (b"", ""),
]


@pytest.mark.parametrize(("data", "root"), ROOTS)
def test_the_root_of_a_document(data: bytes, root: str) -> None:
    assert xml_root(data) == root
