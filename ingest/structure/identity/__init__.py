"""What a document is: its title, who issued it and when, read off its first page.

`identify` gives an `Identity`; each of its values has the words it was read from (`Basis`). Trap:
dates and ministries stand everywhere in these documents; only short lines before the first
paragraph, or a title, a signature, an office to ask, say something about the document itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from shisaku.ingest.model import Basis, Block, RawDocument, TextBlock
from shisaku.ingest.registry import registry
from shisaku.ingest.structure.identity import dates, publisher
from shisaku.ingest.structure.identity.basis import Found
from shisaku.ingest.structure.identity.front import Piece, cover_of, head_pieces, page_of
from shisaku.ingest.structure.identity.title import (
    Title,
    is_part,
    lone_label,
    plausible,
    title_of_page,
    title_of_print,
)
from shisaku.ingest.structure.meetings import is_entry
from shisaku.ingest.structure.outline.bounds import shortened
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.text.dates import find_dates
from shisaku.ingest.text.joining import ends_sentence

_REMARKS = 2
"""Sentences from which a first page is more than a title page."""


@dataclass(frozen=True)
class Identity:
    """A document's title with the positions of its blocks, issue date, publisher, fiscal year."""

    title: str
    blocks: frozenset[int] = frozenset()
    issued: str | None = None
    publisher: str | None = None
    fiscal_year: int | None = None
    cover: frozenset[int] = frozenset()
    """Blocks of a title page: names, dates and offices, no headings."""
    basis: Mapping[str, Basis] = field(default_factory=dict)
    """From which words title, issued, publisher and fiscal_year were read."""


def identify(flow: Sequence[Block], raw: RawDocument, document_id: str) -> Identity:
    """Give the identity of the document with these blocks; the file's name is the last resort."""
    pieces = head_pieces(flow, raw.pages[0].width if raw.pages else 0)
    cover = cover_of(flow)
    is_page = bool(raw.pages) and raw.pages[0].width == 0
    title = _title(flow, raw, document_id, pieces, is_page=is_page)
    own = frozenset(title.blocks)
    is_cover = _is_cover(flow, cover)
    # The date of a meeting is its own, not the record's.
    meetings = {at for at in cover if at not in own and is_entry(flow, at)}
    # Neither is that of an item in a list of news its page's.
    apart = meetings | {p.at for p in pieces if is_page and p.block.role == "list_item"}
    texts = [p.text for p in pieces if (p.at not in own or p.boxed) and p.at not in apart]
    lines = [flow[at].text for at in title.blocks]
    found = {
        "title": Found(title.text, title.text, title.where, title.guessed),  # type: ignore[arg-type]
        "issued": _issued(title, lines, texts, raw, flow, is_page=is_page),
        "publisher": publisher.publisher(pieces, title.text, own, raw, flow, is_cover=is_cover),
        "fiscal_year": dates.fiscal_year([title.text, *texts]),
    }
    fiscal = found["fiscal_year"]
    return Identity(
        title.text,
        own,
        found["issued"].value if found["issued"] else None,
        found["publisher"].value if found["publisher"] else None,
        int(fiscal.value) if fiscal else None,
        frozenset(cover if is_cover else filter(_heads_nothing(flow), cover)),
        {name: each.basis for name, each in found.items() if each},
    )


def _title(
    flow: Sequence[Block], raw: RawDocument, document_id: str, pieces: Sequence[Piece], *,
    is_page: bool,
) -> Title:  # fmt: skip
    metadata = shortened(raw.title or "") or None
    if is_page:
        found = title_of_page(flow, pieces, metadata)
    else:
        if metadata and not plausible(metadata):
            metadata = None
        found = title_of_print(pieces, flow, metadata, _running_heads(raw))
        paper = _publication(raw, document_id)
        if paper and (found is None or is_part(found.text) or lone_label(pieces, found.blocks)):
            # A chapter of a white paper is cited by the paper's name, and heads its own text.
            found = Title(paper, where="running_head")
    if found is None and metadata:
        found = Title(metadata, where="metadata", guessed=True)
    if found is None:
        found = Title(PurePosixPath(document_id).stem, where="file_name", guessed=True)
    return Title(shortened(found.text), found.blocks, found.where, found.guessed, found.cut)


def _issued(
    title: Title, lines: Sequence[str], texts: Sequence[str], raw: RawDocument,
    flow: Sequence[Block], *, is_page: bool,
) -> Found | None:  # fmt: skip
    extra = [raw.title] if is_page and raw.title else []
    head = [*([title.cut] if title.cut else []), *texts, *extra]
    if found := dates.issued(title.text, head, lines):
        return found
    for date, office in dates.signed(flow):
        if registry().office_holder(office):
            iso = next(each.iso for each in find_dates(date))
            return Found(iso, f"{date} {office}", "signature")
    return (dates.of_frame(raw, flow) if is_page else None) or dates.as_of(flow)


def _publication(raw: RawDocument, document_id: str) -> str | None:
    """Give the white paper of which a PDF is a part, by its own title, its heads, its name."""
    heads = [part.text for page in raw.pages for part in page.furniture]
    words = [raw.title or "", *dict.fromkeys(heads), PurePosixPath(document_id).stem]
    return next(filter(None, map(registry().find_publication, words)), None)


def _running_heads(raw: RawDocument) -> list[str]:
    """Give the running heads of a book, which name it on every page, each once."""
    furniture = [part for page in raw.pages for part in page.furniture]
    parts = [part.text for part in furniture if part.kind != "page_number"]
    return list(dict.fromkeys(parts))


def _is_cover(flow: Sequence[Block], cover: Sequence[int]) -> bool:
    """Tell whether the first page holds nothing but its head: the text begins on the next."""
    after = flow[len(cover)] if len(cover) < len(flow) else None
    said = sum(ends_sentence(flow[at].text) for at in cover)
    # A remark may stand on a title page; several sentences are a short text, a letter's say.
    return after is not None and page_of(after) > 1 and said < _REMARKS


def _heads_nothing(flow: Sequence[Block]) -> Callable[[int], bool]:
    """Tell of a block above the text whether it says when or by whom, which heads nothing."""

    def says(at: int) -> bool:
        block = flow[at]
        if isinstance(block, TextBlock) and block.role == "heading":
            return False
        text = block.text
        dated = sum(date.end - date.start for date in find_dates(text))
        return (
            dated >= 0.6 * len(text.strip())
            or registry().publisher_of([text]) is not None
            or (text.count("、") >= 2 and parse_label(text) is None)
        )

    return says
