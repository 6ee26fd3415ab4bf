"""The URLs in links, frames and redirects of a web page, as written there.

Takes bytes, gives strings. Apart from `blocks`, which drops URLs, and without an element tree: this
runs in the process of `fetch`, where a page must not break the parser (see tags.py).
"""

import re

from shisaku.ingest.html.decode import decode
from shisaku.ingest.html.tags import start_tags

_ATTRIBUTES = {"a": "href", "area": "href", "frame": "src", "iframe": "src"}
_WANTED = frozenset((*_ATTRIBUTES, "base", "meta"))
# Possessive: two kinds of white space side by side would try every way of parting a million blanks.
_REFRESH = re.compile(r"^\s*+([\d.]*+)\s*+[;,]\s*+(?:url\s*+=\s*+)?[\"']?+([^\"']++)", re.I)
_LONGEST = 8000
"""Characters of a URL as written; longer ones are not fetched."""


def read_links(data: bytes, charset: str = "") -> tuple[str, tuple[str, ...]]:
    """Return the base that the page declares ("" where none) and its links in order, each once.

    `charset` is that of the HTTP header. Takes a time in proportion to `data`, whatever it holds.
    """
    text = decode(data, charset).text.replace("\0", "\ufffd")
    xhtml = text[:1000].lstrip()[:5] == "<?xml" or "//DTD XHTML" in text[:2000]
    base, links = "", dict[str, None]()
    for tag in start_tags(text, _WANTED, xhtml=xhtml):
        link = ""
        if tag.name == "base":
            base = base or _place(tag.attributes.get("href", ""))
        elif tag.name == "meta":
            if tag.attributes.get("http-equiv", "").strip().lower() == "refresh":
                link = _place(refresh_target(tag.attributes.get("content", ""))[1])
        else:
            link = _place(tag.attributes.get(_ATTRIBUTES[tag.name], ""))
        if link and not link.startswith("#"):
            links[link] = None
    return base, tuple(links)


def _place(written: str) -> str:
    place = written.strip()
    return place if len(place) <= _LONGEST else ""


def refresh_target(content: str) -> tuple[float, str]:
    """Return the seconds and the address of a meta refresh; no address where it only reloads."""
    found = _REFRESH.match(content)
    if found is None:
        return 0.0, ""
    whole = found[1].partition(".")[0]
    return float(whole[:9] or 0), found[2].strip()
