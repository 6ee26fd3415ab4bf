"""Navigation, banners and contents lists: text of the page that is none of the document's.

What is left aside here never becomes a passage, so every rule wants two signs (a name and links, a
place and links) except where the markup itself says what the element is. Lists of links in the
middle of a page are kept: they are what a page of meeting materials consists of.
"""

import re
from dataclasses import dataclass
from typing import Literal

from ingest.html.dom import Element, tag_of, text_length, tokens
from ingest.model import TableBlock, TextBlock

Kind = Literal["navigation", "running_head", "contents"]
"""Kinds of `ingest.model.Furniture` that a page has; its header and footer are running heads."""

_ROLES = frozenset(("navigation", "search", "menu", "menubar", "toolbar"))
_SECTIONS = frozenset(("article", "main", "section", "blockquote"))
_NAMES = re.compile(
    r"(?:^|[-_])(?:g|l|s|sub|side|global|local|header|head|main|foot|footer)?[-_]?"
    r"(?:nav|navi|navigation|menu|sitemap|breadcrumbs?|topicpath|topic-path|pankuzu|pager|skip"
    r"|pagetop|footer|foot|sns|share|sidebar|banner)(?:$|[-_\d])"
)


def furniture_kind(element: Element, page_length: int) -> Kind | None:
    """Give the kind of furniture that the element is; None where it is part of the document."""
    tag = tag_of(element)
    if tag == "nav" or element.get("role", "").lower() in _ROLES:
        return "navigation"
    if tag in ("footer", "header") and not _inside_section(element):
        if tag == "footer":
            return None if _holds_main(element) else "running_head"
        # <header> may hold nothing but the document's title (pandoc and others write it so).
        busy = next(element.iter("nav", "form"), None) is not None
        return "running_head" if busy or _link_share(element) >= 0.5 else None
    if tag in ("html", "body", "a") or tag in _SECTIONS:
        return None
    named = element.get("class") or element.get("id")
    if named and any(_NAMES.search(token) for token in tokens(element)):
        share = _link_share(element)
        if share >= 0.5 and not _is_main(element, page_length):
            return "navigation"
    return None


def _inside_section(element: Element) -> bool:
    return any(tag_of(parent) in _SECTIONS for parent in element.iterancestors())


def _link_share(element: Element) -> float:
    whole = text_length(element)
    return text_length(element, link_only=True) / whole if whole else 0.0


def _holds_main(element: Element) -> bool:
    return next(element.iter("main", "article"), None) is not None


def _is_main(element: Element, page_length: int) -> bool:
    if _holds_main(element):
        return True
    return text_length(element) * 2 > page_length and _link_share(element) < 0.5


@dataclass(frozen=True)
class Found:
    """A block with its share of links: all characters, linked ones, linked to the same page."""

    block: TextBlock | TableBlock
    size: int = 0
    linked: int = 0
    in_page: int = 0
    separators: int = 0

    @property
    def is_link(self) -> bool:
        """Whether it is nothing but links and the signs between them."""
        return self.linked > 0 and self.linked + self.separators >= 0.95 * self.size

    @property
    def is_entry(self) -> bool:
        """Whether it is nothing but links to places of the same page."""
        return self.is_link and self.in_page >= 0.95 * self.linked


_TO_TOP = re.compile(r"トップ|先頭|上へ|▲|top|本文|戻る|もどる|スキップ|skip", re.I)
_CRUMBS = re.compile(r"[>＞»›≫]")
SEPARATORS = frozenset("|｜・>＞»›≫/／[]［］【】()（）●■▲▼○◆,、")


def split_furniture(found: list[Found]) -> tuple[list[Found], list[tuple[Kind, Found]]]:
    """Part the blocks of a page from menus at its beginning, contents lists and jumps to the top.

    A contents list is three or more entries in a row that link to places of the same page: its
    words all stand again where they lead.
    """
    kinds: list[Kind | None] = [_kind(item) for item in found]
    first = next((at for at, item in enumerate(found) if not item.is_link), len(found))
    if first >= 3 and first < len(found):
        kinds[:first] = ["navigation"] * first
    run: list[int] = []
    for position, item in enumerate([*found, None]):
        if item is not None and item.is_entry:
            run.append(position)
            continue
        if len(run) >= 3:
            for entry in run:
                kinds[entry] = "contents"
        run = []
    for position, item in enumerate(found[:12]):
        if isinstance(item.block, TextBlock) and _is_crumbs(item, item.block.text):
            kinds[position] = "navigation"
    kept = [item for item, kind in zip(found, kinds, strict=True) if kind is None]
    aside = [(kind, item) for item, kind in zip(found, kinds, strict=True) if kind is not None]
    return kept, aside


def _kind(item: Found) -> Kind | None:
    if not isinstance(item.block, TextBlock) or not item.is_entry:
        return None
    text = item.block.text
    return "navigation" if len(text) <= 20 and _TO_TOP.search(text) else None


def _is_crumbs(item: Found, text: str) -> bool:
    parts = _CRUMBS.split(text)
    return len(parts) > 1 and len(text) <= 200 and item.linked >= 0.4 * item.size
