"""Who issued a document.

In this order: a signature or the number of an announcement (環境省告示第二十七号); lines of the
head that are a body or its office; the office that answers for it (照会先); the frame of a web
page, the copyright line; a council that a line names; the white paper of the title; the office
to ask at the end; the body with which the title begins (法務省における取組); a name beside the date
of a cover that no list knows; the host of the URL.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from shisaku.ingest.model import Block, RawDocument, TextBlock
from shisaku.ingest.registry import registry
from shisaku.ingest.structure.identity.basis import Found
from shisaku.ingest.structure.identity.dates import signed
from shisaku.ingest.structure.identity.front import Piece
from shisaku.ingest.structure.identity.words import words
from shisaku.ingest.structure.outline.bounds import shortened
from shisaku.ingest.text.dates import find_dates
from shisaku.ingest.text.fold import fold

_LATEST = 12
"""Blocks at the end of a document that may say whom to ask."""

_CONTACT_LINES = 4
"""Lines below 照会先 that may name the office."""

_BODY = 40
"""Characters of the longest name of a body on a cover."""


def publisher(
    pieces: Sequence[Piece],
    title: str,
    own: frozenset[int],
    raw: RawDocument,
    flow: Sequence[Block],
    *,
    is_cover: bool,
) -> Found | None:
    """Give who issued the document; `own` are the positions of the title's blocks."""
    texts = [piece.text for piece in pieces if piece.at not in own or piece.boxed]
    lines = [line.strip() for text in texts for line in text.split("\n")]
    lines = [line for line in lines if line and not words("publisher", "addressee").search(line)]
    named = [piece.text for piece in pieces if piece.at in own and not piece.boxed]
    return (
        _announced(flow, lines)
        or _of_lines([title, *named, *lines], within=False)
        or _labelled(lines)
        or _of_frame(raw)
        or _of_lines([title, *lines], within=True)
        or _of_paper(title)
        or _labelled(_last_lines(flow))
        or _of_title(title)
        or (_named_beside_date(pieces, own) if is_cover else None)
        or _of_host(raw)
    )


def _announced(flow: Sequence[Block], lines: Sequence[str]) -> Found | None:
    for text in lines:
        if name := registry().issuer_of_number(text):
            return Found(name, text, "head")
    for _, office in signed(flow):
        if name := registry().office_holder(office):
            return Found(name, office, "signature")
    return None


def _of_lines(lines: Sequence[str], *, within: bool) -> Found | None:
    """Give the body that the first fitting line names, as `Bodies.publisher_of` reads them."""
    found = registry().publisher_from(lines, within=within)
    return Found(found[0], found[1], "head") if found else None


def _labelled(lines: Sequence[str]) -> Found | None:
    """Give the office behind a label (担当部局：…) or below one that stands alone (【照会先】)."""
    left = 0
    for line in lines:
        key = fold(line)
        label = words("publisher", "label").match(key)
        rest = key[label.end() :] if label else key
        if label and not rest:
            left = _CONTACT_LINES
            continue
        if label or left > 0:
            left -= 1
            if name := registry().office(rest):
                return Found(name, line, "contact")
    return None


def _named_beside_date(pieces: Sequence[Piece], own: frozenset[int]) -> Found | None:
    """Give the name on a cover that ends like a body's and stands next to its date."""
    rest = [piece for piece in pieces if piece.at not in own]
    for at, piece in enumerate(rest):
        text = piece.text.strip()
        if not 3 <= len(text) <= _BODY or any(True for _ in find_dates(text)) or _is_session(text):
            continue
        beside = [each for each in (*rest[max(0, at - 1) : at], *rest[at + 1 : at + 2])]
        dated = any(_is_date(each.text) for each in beside)
        name = words("publisher", "decided").sub("", text)
        if dated and re.fullmatch(f".+{words('publisher', 'body').pattern}", fold(name)):
            return Found(name, text, "head", guessed=True)
    return None


def _is_session(text: str) -> bool:
    """第４回検討会 is where a paper was shown, not who issued it."""
    return bool(re.search(r"第[0-9〇一二三四五六七八九十]+回", fold(text)))


def _is_date(text: str) -> bool:
    return any(date.end - date.start >= len(text.strip()) - 2 for date in find_dates(text))


def _of_frame(raw: RawDocument) -> Found | None:
    """Read title, head and foot of a web page's frame, and the copyright line of any document.

    Only head and foot: in between a frame links to other bodies.
    """
    parts = [
        part.text for page in raw.pages for part in page.furniture if part.kind == "navigation"
    ]
    first = parts[0].split()[:2] if parts else []
    texts = [shortened(raw.title or ""), *first, "".join(first)] if _is_web(raw) else []
    found = registry().publisher_from(texts)
    if found:
        return Found(found[0], found[1], "frame")
    heads = dict.fromkeys(part.text for page in raw.pages[:3] for part in page.furniture)
    for text in heads:
        match = re.search(
            r"(?:©|\(c\)|copyright){1,3}[^a-z\u3040-\u9fff]{0,12}(?:by)?(.{2,60})", fold(text)
        )
        if match and (name := registry().leading_body(match[1])):
            return Found(name, match[0], "copyright")
    return None


def _is_web(raw: RawDocument) -> bool:
    return bool(raw.pages) and raw.pages[0].width == 0


def _of_paper(title: str) -> Found | None:
    name = registry().publisher_of_paper(title)
    return Found(name, title, "title") if name else None


def _last_lines(flow: Sequence[Block]) -> list[str]:
    ends = [block for block in flow[-_LATEST:] if isinstance(block, TextBlock)]
    return [
        line.strip() for block in ends if len(block.text) <= 200 for line in block.text.split("\n")
    ]


def _of_title(title: str) -> Found | None:
    """法務省における取組, 厚生労働省の薬物依存症対策について: a paper about its own work."""
    for line in re.split(r"[\s\u3000～~]", title):
        head = registry().leading_body(fold(line), follow=("の", "における", "からの", "・"))
        if head:
            return Found(head, title, "title", guessed=True)
    return None


def _of_host(raw: RawDocument) -> Found | None:
    host = urlsplit(raw.url).hostname or "" if raw.url else ""
    name = registry().publisher_of_host(host)
    return Found(name, host, "url", guessed=True) if name else None
