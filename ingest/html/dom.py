"""Text of a page → element tree, and what the page says about itself outside its body.

Traps of libxml2: it stops at 2,048 levels (an old page reaches them by never closing `<FONT>`),
puts what follows `</html>` under a second root, takes NUL for the end of the file, and keeps
`<script/>` of an XHTML page open to the end. Each would lose text silently.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import etree

from shisaku.ingest.html.tags import with_few_attributes

Element = etree._Element

_DROPPED_NAMES = (
    "script style noscript template iframe object embed applet svg canvas audio video noframes"
    " input select textarea button datalist optgroup option title meta link base"
)
DROPPED = frozenset(_DROPPED_NAMES.split())
"""Elements that show no text of the page's own (`<title>` is read apart)."""

_SELF_CLOSED = re.compile(r"<(script|style|title|iframe|textarea)\b([^<>]*)/>", re.I)
_HIDDEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
# Style sheets are not read; these are the names by which the common ones hide a thing from sight.
_HIDDEN_CLASSES = frozenset(
    ("sr-only", "visually-hidden", "visuallyhidden", "element-invisible", "screen-reader-text")
)
_LONGEST_URL = 2000
"""Characters of a URL that is taken; it is shown with each hit."""
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->", re.I)


# Browsers go on in the same body, too, where a page holds another page behind its end.
_ENDS = re.compile(r"</(?:body|html)\s*>", re.I)
# A row that only ends: libxml2 drops the end tag, and with it every sign that there was a row.
_ROW_WITHOUT_START = re.compile(r"(</tr\s*>\s*)(?=<t[dh][\s>])", re.I)
_INLINE_TAG = re.compile(
    r"</?(?:font|b|i|u|s|em|strong|span|small|big|a|tt|code|sub|sup|nobr|strike)(?:\s[^<>]*)?>",
    re.I,
)
_BLOCK_TAG = re.compile(
    r"</?(?:div|center|blockquote|table|tbody|thead|tfoot|tr|td|th|ul|ol|li|dl|dt|dd|section|article"
    r"|form|fieldset|pre|main|aside|figure)(?:\s[^<>]*)?>",
    re.I,
)


# libxml2 compares each attribute with all before it in its tag: 100,000 take ten seconds.
_MOST_ATTRIBUTES = 500
# A tag with more attributes has 1,000 characters without an angle bracket, or an angle bracket that
# does not end it (a "<" within the tag, a ">" in quotes). Few pages have one.
_LONG_TAG = re.compile(r"<[a-z][^<>]*+<|<[a-z][^<>]{1000,}+|=\s*+(?:\"[^\"<>]*+>|'[^'<>]*+>)", re.I)


def parse(text: str) -> Element | None:
    """Return the root element of the page, None where there is none."""
    clean = text.replace("\0", "\ufffd")
    if clean.lstrip()[:5] == "<?xml" or "//DTD XHTML" in clean[:2000]:
        clean = _SELF_CLOSED.sub(r"<\1\2></\1>", clean)
    if _LONG_TAG.search(clean):
        clean = with_few_attributes(clean, _MOST_ATTRIBUTES)
    clean = _ROW_WITHOUT_START.sub(r"\1<tr>", _ENDS.sub("", clean))
    root, complete = _parse(clean)
    if complete:
        return root
    # Deeper than libxml2 goes: better all the words without their structure than half of them.
    root, complete = _parse(_INLINE_TAG.sub("", clean))
    return root if complete else _parse(_BLOCK_TAG.sub("<p>", _INLINE_TAG.sub("", clean)))[0]


def _parse(text: str) -> tuple[Element | None, bool]:
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_pis=True, no_network=True, recover=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    limited = any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)
    return (root if isinstance(root, Element) else None), not limited


def tag_of(element: Element) -> str:
    """Return the element's name in lower case, "" for a comment."""
    return element.tag.lower() if isinstance(element.tag, str) else ""


def tokens(element: Element) -> set[str]:
    """Return the words of the element's class and id, in lower case."""
    return set(f"{element.get('class', '')} {element.get('id', '')}".lower().split())


def is_shown(element: Element) -> bool:
    """Whether a reader of the page sees the element's own text."""
    tag = tag_of(element)
    if not tag or tag in DROPPED:
        return False
    if element.get("hidden") is not None or _HIDDEN_STYLE.search(element.get("style", "")):
        return False
    return not (element.get("class") and _HIDDEN_CLASSES & tokens(element))


def shown_texts(root: Element, link_only: bool = False) -> Iterator[str]:
    """Yield the visible pieces of text under `root`; without recursion, however deep it is."""
    stack: list[tuple[Element, bool]] = [(root, False)]
    while stack:
        element, in_link = stack.pop()
        if is_shown(element):
            inside = in_link or (tag_of(element) == "a" and element.get("href") is not None)
            if element.text and (inside or not link_only):
                yield element.text
            stack.extend((child, inside) for child in reversed(element))
        # The tail belongs to the parent, whether or not the element itself is shown.
        if element is not root and element.tail and (in_link or not link_only):
            yield element.tail


def text_length(root: Element, link_only: bool = False) -> int:
    """Count the visible characters under `root` without white space."""
    return sum(len("".join(text.split())) for text in shown_texts(root, link_only))


def page_title(root: Element) -> str | None:
    """Return the text of the first `<title>` that is not empty."""
    for element in root.iter("title"):
        title = " ".join((element.text or "").split())
        if title:
            return title
    return None


def page_url(root: Element, text: str) -> str | None:
    """Return the URL that the page states for itself, else None.

    That is `<link rel="canonical">`, or the comment "saved from url" of a browser.
    """
    candidates = [match[1] for match in [_SAVED_FROM.search(text[:4000])] if match]
    for link in root.iter("link"):
        if link.get("rel", "").lower() == "canonical":
            candidates.append(link.get("href", "").strip())
    for url in candidates:
        try:
            parts = urlsplit(url)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.netloc and len(url) <= _LONGEST_URL:
            return url
    return None


def frame_names(root: Element) -> tuple[str, ...] | None:
    """Return the files that a frameset shows; None where the page is no frameset."""
    if next(root.iter("frameset"), None) is None:
        return None
    return tuple(frame.get("src", "").strip() for frame in root.iter("frame") if frame.get("src"))
