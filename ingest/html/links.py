"""Where a web page leads: the addresses in its links, frames and redirects, as written there.

Apart from the blocks, which keep the words of a page and drop its addresses.
"""

import re

from ingest.html.decode import decode
from ingest.html.dom import parse, tag_of

_ATTRIBUTES = {"a": "href", "area": "href", "frame": "src", "iframe": "src"}
# Possessive: two kinds of white space side by side would try every way of parting a million blanks.
_REFRESH = re.compile(r"^\s*+([\d.]*+)\s*+[;,]\s*+(?:url\s*=\s*)?[\"']?([^\"']+)", re.I)


def read_links(data: bytes, charset: str = "") -> tuple[str, tuple[str, ...]]:
    """Give the base that the page declares ("" where none) and its links in order, each once.

    `charset` is that of the HTTP header.
    """
    root = parse(decode(data, charset).text)
    base, links = "", dict[str, None]()
    for element in root.iter() if root is not None else ():
        tag = tag_of(element)
        link = ""
        if tag == "base" and not base:
            base = element.get("href", "").strip()
        elif tag == "meta" and element.get("http-equiv", "").strip().lower() == "refresh":
            link = refresh_target(element.get("content", ""))[1]
        elif tag in _ATTRIBUTES:
            link = element.get(_ATTRIBUTES[tag], "")
        link = link.strip()
        if link and not link.startswith("#"):
            links[link] = None
    return base, tuple(links)


def refresh_target(content: str) -> tuple[float, str]:
    """Give the seconds and the address of a meta refresh; no address where it only reloads."""
    found = _REFRESH.match(content)
    if found is None:
        return 0.0, ""
    whole = found[1].partition(".")[0]
    return float(whole[:9] or 0), found[2].strip()
