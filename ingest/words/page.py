"""A web page → `Look`: a digest of its words without what changes by itself, and its kind.

The words are those of the parser's blocks, of menus and of the title, with the structure of the
blocks: two pages with the same digest give the same document. Scripts, comments, hidden fields and
attributes (tokens, nonces) are left out.
"""

import hashlib
import re
import unicodedata
from functools import lru_cache
from typing import Any

from shisaku.ingest.html import dom
from shisaku.ingest.html.blocks import read_html
from shisaku.ingest.html.decode import decode
from shisaku.ingest.html.dom import Element, shown_texts, tag_of
from shisaku.ingest.html.links import refresh_target
from shisaku.ingest.model import RawDocument, TableBlock, TextBlock
from shisaku.ingest.problems import UnreadableError
from shisaku.ingest.text.beside import table
from shisaku.ingest.words.look import Look, Sign

_VERSION = "html1"
_REFRESH_SECONDS = 30.0
"""Longest delay of a meta refresh that makes a page a redirect; a longer one is read before."""
_REFRESH_CHARACTERS = 300
"""Visible characters of a redirect page at most."""
_MAX_NEXT = 20
"""Links to the next page that are kept; a page has one or two (above and below the list)."""
_LONGEST_WORDS = 40
"""Characters of a link text that is compared with the known words."""
_NUMBER = r"[0-9][0-9,，.]*"
_TIME = (
    r"(?:[0-9年月日時分秒:/.,\-T()]|午前|午後|令和|平成|昭和|[月火水木金土日]曜?"
    r"|am|pm|jst|gmt|utc)+"
)
# The URL Standard: a query is encoded as its page is; UTF-16 counts as UTF-8.
_QUERY_CODECS = {"cp932": "cp932", "euc": "euc_jp", "jis": "iso2022_jp"}


def look_at_page(data: bytes, charset: str = "") -> Look:
    """Return the look of a web page; `charset` is that of the HTTP header."""
    decoded = decode(data, charset)
    root = dom.parse(decoded.text)
    encoding = _QUERY_CODECS.get(decoded.encoding, "utf-8")
    if root is None:
        return Look(encoding=encoding)
    try:
        raw = read_html(data, charset=charset)
    except UnreadableError:
        raw = None
    shown = _squeezed("".join(shown_texts(root)))
    main = _main(raw) if raw else shown
    sign, detail = _sign(root, shown, main)
    return Look(
        digest=_digest(raw) if raw else "",
        characters=len(shown),
        main=len(main) if raw else 0,
        sign=sign,
        detail=detail,
        encoding=encoding,
        next=_next(root),
    )


# --- words -----------------------------------------------------------------------------------


def _digest(raw: RawDocument) -> str:
    digest = hashlib.sha256()
    for part in _parts(raw):
        digest.update(part.encode("utf-8", "replace") + b"\0")
    return f"{_VERSION}:{digest.hexdigest()}"


def _parts(raw: RawDocument) -> list[str]:
    found = ["title", " ".join((raw.title or "").split())]
    for page in raw.pages:
        for block in page.blocks:
            if isinstance(block, TextBlock):
                if text := lasting(_lines(block)):
                    found += [f"{block.role}{block.level or ''}", text]
            elif isinstance(block, TableBlock):
                found += [f"table {block.rows} {block.columns}", block.caption]
                for cell in block.cells:
                    found += [f"{cell.row} {cell.column}", " ".join(cell.text.split())]
        for piece in page.furniture:
            if text := lasting(piece.text):
                found += [piece.kind, text]
    return found


def _lines(block: TextBlock) -> str:
    return "\n".join(line.text for line in block.lines)


def _main(raw: RawDocument) -> str:
    return "".join(
        _squeezed(block.text)
        for page in raw.pages
        for block in page.blocks
        if isinstance(block, TextBlock | TableBlock)
    )


def lasting(text: str) -> str:
    """Return a text without lines that change by themselves, white space collapsed."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line and not _changes(line))


def _changes(line: str) -> bool:
    # The longest pattern matches about 60 characters.
    return len(line) <= 100 and bool(_changing().fullmatch(_squeezed(line)))


@lru_cache(maxsize=1)
def _changing() -> re.Pattern[str]:
    data = table(__file__, "changing.toml")
    patterns = [*data["counters"], *data["times"]]
    filled = (one.replace("{number}", _NUMBER).replace("{time}", _TIME) for one in patterns)
    return re.compile("|".join(f"(?:{one})" for one in filled), re.I)


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


# --- what kind of page -----------------------------------------------------------------------


@lru_cache(maxsize=1)
def _signs() -> dict[str, Any]:
    return table(__file__, "signs.toml")


@lru_cache(maxsize=8)
def _pattern(sign: str, place: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in _signs()[sign][place]), re.I)


def _sign(root: Element, shown: str, main: str) -> tuple[Sign, str]:
    """Return (sign, detail); `shown` is all visible text, `main` that outside of menus."""
    if target := _refresh(root, shown):
        return "refresh", target
    heads = [_squeezed(dom.page_title(root) or "")]
    heads += [_squeezed("".join(shown_texts(head))) for head in root.iter("h1")]
    known: tuple[Sign, ...] = ("maintenance", "not_found")
    if any(_is_password(field) for field in root.iter("input")):
        known = (*known, "login")
    for sign in known:
        # Many pages have a login form among their menus, beside a short text.
        text = shown if sign == "login" else main
        if len(text) <= _signs()["title_characters"]:
            for head in heads:
                if found := _pattern(sign, "title").search(head):
                    return sign, found[0]
        short = len(text) <= _signs()["text_characters"]
        if short and (found := _pattern(sign, "text").search(text)):
            return sign, found[0][:80] if sign != "login" else "a field for a password"
    return "", ""


def _is_password(element: Element) -> bool:
    return element.get("type", "").strip().lower() == "password"


def _refresh(root: Element, shown: str) -> str:
    """Return the target of a redirect page (meta refresh); "" for other pages."""
    if len(shown) > _REFRESH_CHARACTERS:
        return ""
    for element in root.iter("meta"):
        if element.get("http-equiv", "").strip().lower() == "refresh":
            seconds, target = refresh_target(element.get("content", ""))
            if target and seconds <= _REFRESH_SECONDS:
                return target[:200]
    return ""


# --- lists -----------------------------------------------------------------------------------


def _next(root: Element) -> tuple[str, ...]:
    found = dict[str, None]()
    for element in root.iter("a", "link"):
        address = element.get("href", "").strip()
        if address and not address.startswith("#") and _leads_on(element):
            found[address] = None
            if len(found) >= _MAX_NEXT:
                break
    return tuple(found)


def _leads_on(element: Element) -> bool:
    if "next" in element.get("rel", "").lower().split():
        return True
    if tag_of(element) != "a":
        return False
    words = "".join(shown_texts(element))
    if len(words) > 10 * _LONGEST_WORDS:
        return False
    words = _squeezed(words + "".join(image.get("alt", "") for image in element.iter("img")))
    return is_next(words) or is_next(_squeezed(element.get("aria-label", "")[:200]))


def is_next(words: str) -> bool:
    """Return whether a link text, without white space, names the next page of a list."""
    if not words or len(words) > _LONGEST_WORDS:
        return False
    arrows = unicodedata.normalize("NFKC", _signs()["next"]["arrows"])
    bare = words.strip(arrows + "[]()「」【】")
    if not bare:
        # ">" alone; ">>" is the last page on some sites, and one page further on others.
        return any(char in arrows for char in words)
    return re.sub(r"\d+", "0", bare).lower() in _next_words()


@lru_cache(maxsize=1)
def _next_words() -> frozenset[str]:
    found = set[str]()
    for word in _signs()["next"]["words"]:
        found |= {word.replace("の?", "の"), word.replace("の?", "")}
    found |= {word.replace("を?", "を") for word in found} | {
        word.replace("を?", "") for word in found
    }
    return frozenset(word for word in found if "?" not in word)
