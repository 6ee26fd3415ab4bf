"""Sitemaps and feeds → the addresses they list (sitemaps.org 0.9, RSS 0.9 to 2.0, Atom).

Parsed incrementally with libxml2, without keeping the tree. Entities are not replaced, and no DTD
is loaded. XML that is not well-formed or nests too deeply is an error: with half a list the rest
would look withdrawn.
"""

from dataclasses import dataclass
from typing import Any

from lxml import etree

from shisaku.ingest.sniff import xml_root

_PIECE = 1 << 16
ROOTS = frozenset(("urlset", "sitemapindex", "rss", "rdf", "feed"))
"""Names of the first elements: a sitemap, an index of sitemaps, RSS 2.0, RSS 1.0, Atom."""
_LOCATION = "loc"
_ATOM_LINKS = frozenset(("", "alternate", "enclosure", "related", "via"))
"""Relations of an Atom link that lead to what is published; `self`, `next` and others do not."""
_ENTRIES = frozenset(("item", "entry"))


class FeedError(Exception):
    """A sitemap or feed that is not XML; the message is the parser's."""


@dataclass(frozen=True)
class Feed:
    """The addresses in order, each once, as written; `index` where they are sitemaps themselves."""

    links: tuple[str, ...]
    index: bool = False


def is_feed(data: bytes) -> bool:
    """Return whether the root element of a document is that of a sitemap or feed."""
    return xml_root(data) in ROOTS


def read_feed(data: bytes) -> Feed:
    """Return the addresses of a sitemap or feed.

    Raises:
        FeedError: it is no XML, or nests too deeply.

    """
    root = xml_root(data)
    parser = etree.XMLPullParser(
        events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False,
        dtd_validation=False, huge_tree=False, recover=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    found: dict[str, None] = {}
    inside = 0  # entries that are open: the link of a feed as a whole is its home page
    try:
        for start in range(0, len(data), _PIECE):
            parser.feed(data[start : start + _PIECE])
            for event, element in parser.read_events():
                name = _name(element)
                if event == "start":
                    inside += name in _ENTRIES
                    continue
                if inside or root in ("urlset", "sitemapindex"):
                    found.update(dict.fromkeys(_links(name, element)))
                inside -= name in _ENTRIES
                _forget(element)
        parser.close()
    except (etree.LxmlError, LookupError) as error:
        raise FeedError(str(error)[:120]) from error
    found.pop("", None)
    return Feed(tuple(found), root == "sitemapindex")


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _links(name: str, element: Any) -> list[str]:
    text = (element.text or "").strip()
    if name == _LOCATION:
        return [text]
    if name == "link":
        href = element.get("href")
        if href is None:
            return [text]
        return [href.strip()] if element.get("rel", "") in _ATOM_LINKS else []
    if name == "enclosure":
        return [element.get("url", "").strip()]
    if name == "guid" and element.get("isPermaLink", "true").lower() != "false":
        return [text] if text.startswith(("http://", "https://")) else []
    if name == "content" and element.get("src"):
        return [element.get("src").strip()]
    return []


def _forget(element: Any) -> None:
    # Its text stays until its parent is forgotten; what came before it goes now.
    element.clear(keep_tail=False)
    while element.getprevious() is not None:
        del element.getparent()[0]
