"""Navigation, banners and tables of contents: text of the page that is not part of the document.

Takes elements and blocks, gives their kind. Furniture never becomes a passage, so every rule needs
two signs (a name and links, a position and links), except where the markup names the element. Lists
of links in the middle of a page are kept: pages of meeting materials consist of them.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from shisaku.ingest.html.dom import Element, is_shown, tag_of, text_length, tokens
from shisaku.ingest.model import TableBlock, TextBlock

Kind = Literal["navigation", "running_head", "contents"]
"""Kinds of `ingest.model.Furniture` that a page has; its header and footer are running heads."""

_ROLES = frozenset(("navigation", "search", "menu", "menubar", "toolbar"))
_SECTIONS = frozenset(("article", "main", "section", "blockquote"))
_NAMES = re.compile(
    r"(?:^|[-_])(?:g|l|s|sub|side|global|local|header|head|main|foot|footer)?[-_]?"
    r"(?:nav|navi|navigation|menu|sitemap|breadcrumbs?|topicpath|topic-path|pankuzu|pager|skip"
    r"|pagetop|footer|foot|sns|share|sidebar|banner)(?:$|[-_\d])"
)


_FOOT = re.compile(
    r"(?:(?:g|l|site|global|page|main|common)[-_]?)?(?:footer|foot|copyright|contentinfo)"
    r"(?:[-_]?(?:area|wrap|wrapper|inner|block|box|contents?|container|info|address|bottom))?\d*"
)
_FOOT_SHARE = 0.4
"""Share of a page's characters from which what is named like a footer is not one."""


def opens_section(tag: str) -> bool:
    """Whether a `<header>` or `<footer>` in an element of this name is not the page's own."""
    return tag in _SECTIONS


@dataclass(frozen=True)
class _Weight:
    """Visible characters within an element, those in links, and which elements it holds."""

    length: int
    linked: int
    holds_main: bool
    is_busy: bool
    """Whether it holds `<nav>` or `<form>`."""

    @property
    def link_share(self) -> float:
        return self.linked / self.length if self.length else 0.0


class FurnitureRules:
    """Tells which elements of a page are furniture.

    Elements may be named like menus all the way down, and are asked for from the outermost on: with
    the first, all candidates within it are counted, so that each character is counted once.
    """

    def __init__(self) -> None:
        self._weights: dict[Element, _Weight] = {}
        self._all: int | None = None
        """Visible characters of the page, once they were asked for."""

    def kind(self, element: Element, *, in_section: bool) -> Kind | None:
        """Return the kind of furniture that the element is; None where it is part of the document.

        `in_section` tells whether an element around it opens a section (`opens_section`).
        """
        tag = tag_of(element)
        role = element.get("role", "").lower()
        if tag == "nav" or role in _ROLES:
            return "navigation"
        if tag in ("html", "body", "a"):
            return None
        if not in_section and _is_foot(element, role):
            weight = self._weight(element)
            return None if weight.holds_main or self._is_page(element, weight) else "running_head"
        if tag in ("footer", "header") and not in_section:
            weight = self._weight(element)
            if tag == "footer":
                return None if weight.holds_main else "running_head"
            # <header> may hold nothing but the document's title (pandoc and others write it so).
            return "running_head" if weight.is_busy or weight.link_share >= 0.5 else None
        if tag in _SECTIONS or not _is_named(element):
            return None
        weight = self._weight(element)
        return "navigation" if weight.link_share >= 0.5 and not weight.holds_main else None

    def _is_page(self, element: Element, weight: _Weight) -> bool:
        """Tell whether an element holds most of its page, so that it is no foot of it."""
        if self._all is None:
            self._all = text_length(element.getroottree().getroot())
        return weight.length > _FOOT_SHARE * self._all

    def _weight(self, element: Element) -> _Weight:
        if element not in self._weights:
            self._weigh(element)
        return self._weights[element]

    def _weigh(self, root: Element) -> None:
        """Note the weight of `root` and those of the candidates in it that are in no link of it."""
        counts = Counter[str]()
        hidden = links = 0
        # What was counted when each open element began, None for what is no candidate.
        begun: list[tuple[Counter[str] | None, bool, bool]] = []
        for event, element in etree.iterwalk(root, events=("start", "end", "comment")):
            tag = tag_of(element)
            if event == "start":
                candidate = element is root or tag in ("footer", "header") or _is_candidate(element)
                before = counts.copy() if candidate and not (hidden or links) else None
                hides = hidden > 0 or not is_shown(element)
                link = not hides and tag == "a" and element.get("href") is not None
                begun.append((before, hides, link))
                counts["main"] += tag in ("main", "article")
                counts["busy"] += tag in ("nav", "form")
                hidden, links = hidden + hides, links + link
                text = element.text
            else:
                if event == "end":
                    before, hides, link = begun.pop()
                    hidden, links = hidden - hides, links - link
                    if before is not None:
                        self._weights[element] = _Weight(
                            counts["all"] - before["all"], counts["linked"] - before["linked"],
                            counts["main"] > before["main"], counts["busy"] > before["busy"],
                        )  # fmt: skip
                text = element.tail if element is not root else None
            if text and not hidden:
                length = len("".join(text.split()))
                counts["all"] += length
                counts["linked"] += length if links else 0


def _is_candidate(element: Element) -> bool:
    return _is_named(element) or _is_foot(element, element.get("role", "").lower())


def _is_foot(element: Element, role: str) -> bool:
    """Whether the markup calls an element the foot of the page: by role, class or id."""
    if role == "contentinfo":
        return True
    named = element.get("class") or element.get("id")
    return bool(named) and any(_FOOT.fullmatch(token) for token in tokens(element))


def _is_named(element: Element) -> bool:
    """Whether an element is named like a menu."""
    named = element.get("class") or element.get("id")
    return bool(named) and any(_NAMES.search(token) for token in tokens(element))


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
    for position in _foot(found):
        kinds[position] = "running_head"
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


_COPYRIGHT = re.compile(r"copyright|©|\(c\)\s*(?:19|20)\d\d|all rights reserved|著作権", re.I)
_ADDRESS = re.compile(r"〒\s?[0-9０-９]{3}|法人番号|代表電話|電話番号[（(]?代表")
_FOOT_BLOCKS, _FOOT_LENGTH = 8, 200
"""Blocks at the end of a page that may be its foot, and characters of one of them."""


def _foot(found: list[Found]) -> list[int]:
    """Give the positions of the foot of a page without markup: a copyright line, what is around it.

    Before it stand the address of the body and links; without a copyright line there is none, since
    an address may be that of the office to ask.
    """
    last = range(max(len(found) - _FOOT_BLOCKS, 1), len(found))
    short = {
        at: item.block.text
        for at in last
        if isinstance((item := found[at]).block, TextBlock) and len(item.block.text) <= _FOOT_LENGTH
    }
    rights = [at for at, text in short.items() if _COPYRIGHT.search(text)]
    if not rights:
        return []
    foot = [at for at in last if at >= rights[0]]
    if any(at not in short for at in foot):
        return rights
    at = rights[0] - 1
    while at in short and (found[at].is_link or _ADDRESS.search(short[at])):
        foot.append(at)
        at -= 1
    return foot


def _is_crumbs(item: Found, text: str) -> bool:
    parts = _CRUMBS.split(text)
    return len(parts) > 1 and len(text) <= 200 and item.linked >= 0.4 * item.size
