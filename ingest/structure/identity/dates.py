"""When a document was issued.

In this order: the line of an act; the dates of the head that are the document's own, the newest
amendment before the first edition; the date above a signature; the title; what the frame of a web
page says; as of when a list is right. Dates in charts, surveys and metadata that the page does not
show say nothing about the document.
"""

import re
from collections.abc import Iterator, Sequence

from shisaku.ingest.model import Block, RawDocument, TextBlock
from shisaku.ingest.structure.acts import is_amendment, promulgated
from shisaku.ingest.structure.identity.basis import Found
from shisaku.ingest.structure.identity.front import page_of
from shisaku.ingest.structure.identity.words import words
from shisaku.ingest.text.dates import FoundDate, find_dates
from shisaku.ingest.text.fold import fold

_BARE_YEAR = re.compile(r"((?:19|20)[0-9]{2})(?:年版|年度版)?")
_EDITION = re.compile(r"[\s\u3000]*(?:度?版|(?:法律|政令|省令|府令|規則|告示)第)")
_YEAR_AT_END = re.compile(r"(?:^|[^0-9])((?:19|20)[0-9]{2})$")

SHARE = 0.4
"""Share of a line from which its date is the document's own."""

_LINE = 90
"""Characters up to which a line may say with words that its date is the document's."""

_SIGNED = 60
"""Blocks from the beginning among which a signature is looked for; it ends a notice's first part,
before the text that it amends."""

_FRAME = 4000
"""Characters of a web page's frame that are read."""


def issued(title: str, texts: Sequence[str], lines: Sequence[str]) -> Found | None:
    """Give when a document was issued, by its title, the `texts` of its head and act `lines`.

    `lines` are the paragraphs of the title, whose second line may be that of an act.
    """
    if act := promulgated([*lines, title, *texts]):
        return Found(act, " ".join([*lines, title, *texts]), "act")
    if found := _of_head([text for text in texts if not is_amendment(text)]):
        return found
    # What a title dates is more often its subject than itself.
    return _of_title(title, texts)


def _of_head(texts: Sequence[str]) -> Found | None:
    first: Found | None = None
    newest: Found | None = None
    for text in texts:
        for date in find_dates(text):
            if date.fiscal or not is_own(text, date):
                continue
            found = Found(date.iso, text, "head")
            if words("dates", "amended").match(fold(text[date.end :])):
                newest = max(newest or found, found, key=lambda each: each.value)
            else:
                first = first or found
    return newest if newest and (not first or newest.value > first.value) else first


def is_own(text: str, date: FoundDate) -> bool:
    """Tell whether a date of a short text of the head is when the document was issued."""
    share = (date.end - date.start) / max(len(text), 1)
    behind = text[date.end :]
    if len(date.iso) == 4:
        # A bare year stands in every chart; with 版 it is an edition's.
        return bool(_EDITION.match(text, date.end))
    before = fold(text[: date.start])
    of_others = words("dates", "of_others")
    if of_others.search(before) or of_others.search(fold(behind)):
        return False
    if share >= SHARE or words("dates", "label").fullmatch(before):
        return True
    return len(text) <= _LINE and bool(words("dates", "own").search(fold(behind)))


def _of_title(title: str, texts: Sequence[str]) -> Found | None:
    for date in find_dates(title):
        if not date.fiscal and is_own(title, date):
            return Found(date.iso, title, "title")
    for text in (title, *texts):
        bare = _BARE_YEAR.fullmatch(fold(text))
        if bare:
            return Found(bare[1], text, "head")
    years = _YEAR_AT_END.findall(fold(title))
    return Found(years[-1], title, "title", guessed=True) if years else None


def fiscal_year(texts: Sequence[str]) -> Found | None:
    """Give the fiscal year that a short text of the head names."""
    for text in texts:
        if len(text) <= SHORT:
            for date in find_dates(text):
                if date.fiscal:
                    return Found(str(date.year), text, "head")
    return None


SHORT = 60
"""Characters of a line that may name the fiscal year of a document."""


def signed(flow: Sequence[Block]) -> Iterator[tuple[str, str]]:
    """Yield the (date, office) of signatures: a line that is a date, the next names an office.

    令和元年八月十九日 / 厚生労働大臣　根本　匠. Both may stand in one paragraph.
    """
    before = ""
    for block in flow[:_SIGNED]:
        if not isinstance(block, TextBlock) or page_of(block) > _SIGNED_PAGES:
            break
        for line in block.text.split("\n"):
            text = line.strip()
            if before and 0 < len(text) <= SHORT:
                yield before, text
            dates = list(find_dates(text)) if 0 < len(text) <= SHORT else []
            alone = len(dates) == 1 and not dates[0].fiscal
            whole = alone and dates[0].end - dates[0].start >= len(text) - 1
            before = text if whole else ""


_SIGNED_PAGES = 3
"""Pages among which a signature is looked for."""


def of_frame(raw: RawDocument, flow: Sequence[Block]) -> Found | None:
    """Give the date that the frame of a web page, or a line of it, calls its own: 更新日：…."""
    frame = [part.text[:_FRAME] for page in raw.pages for part in page.furniture]
    ends = [block for block in (*flow[:10], *flow[-10:]) if isinstance(block, TextBlock)]
    for text in [*(block.text for block in ends if len(block.text) <= SHORT), *frame]:
        for date in find_dates(text):
            before = fold(text[max(0, date.start - 12) : date.start])
            if not date.fiscal and len(date.iso) > 4:
                label = re.search(f"(?:{words('dates', 'page').pattern})$", before)
                if label:
                    return Found(date.iso, text[max(0, date.start - 12) : date.end], "frame")
    return None


def as_of(flow: Sequence[Block]) -> Found | None:
    """Give as of when what the first page lists is right: （令和３年５月１日時点）."""
    for block in flow[:40]:
        if not isinstance(block, TextBlock) or block.page > 1:
            break
        text = block.text.strip()
        if len(text) > SHORT or block.role in {"caption", "footnote"}:
            continue
        for date in find_dates(text):
            share = (date.end - date.start) / len(text)
            behind = fold(text[date.end :])
            if len(date.iso) > 4 and share >= SHARE and words("dates", "as_of").match(behind):
                return Found(date.iso, text, "text", guessed=True)
    return None
