"""What a document is: its title, who issued it and when, read off its first page.

Trap: dates and ministries stand everywhere in these documents; only short lines before the first
paragraph, or a title, say something about the document itself.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from shisaku.ingest.model import Block, RawDocument, TextBlock
from shisaku.ingest.registry import registry
from shisaku.ingest.structure.acts import is_amendment, promulgated
from shisaku.ingest.structure.meetings import is_entry
from shisaku.ingest.structure.outline.bounds import shortened
from shisaku.ingest.structure.outline.headings import is_caption_text
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.text.dates import FoundDate, find_dates
from shisaku.ingest.text.fold import fold
from shisaku.ingest.text.joining import ends_sentence, is_wide, join_text

_COVER = 24
"""Blocks at most that can belong to a cover or head."""

_REMARKS = 2
"""Sentences from which a first page is more than a title page."""

_TITLE_LENGTH = 120
"""Characters beyond which a text is no title."""

_PARTS = {"section", "subsection", "division", "article", "code"}
"""Labels of parts too small to be a document of their own."""

_NUMBER_LINE = re.compile(
    r".{0,14}第?(?:[0-9]{1,5}|[一二三四五六七八九十百千]{1,9})号.{0,6}|no\.?[0-9]+"
)
_ADDRESS = re.compile(r".{1,40}(?:殿|様|御中|各位|あて|宛)$")
_DATED = re.compile(
    r"(?:公表|更新|掲載|最終更新|作成|発行|制定|改定|決定|策定|閣議決定|公布|施行|改正|時点|現在|版"
    r"|法律|政令|省令|府令|規則|告示|訓令|通知|事務連絡|発第?[0-9])"
)
_BARE_YEAR = re.compile(r"((?:19|20)[0-9]{2})(?:年版|年度版)?")
_FILE_NAME = re.compile(
    r"microsoft|^taro|untitled|\.(?:pdf|docx?|xlsx?|pptx?|jtdc?|html?)$|スライド|プレゼンテーション",
    re.IGNORECASE,
)
_EDITION = re.compile(r"[\s\u3000]*(?:度?版|(?:法律|政令|省令|府令|規則|告示)第)")
_EDITION_WORDS = re.compile(r"第.{1,3}[次期版]|(?:20[0-9]{2}|(?:平成|令和).{1,3})年")
_TITLE_END = re.compile(r"(?:について|に関する件)(?:[（(].{1,30}[)）])?$")


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


def identify(flow: Sequence[Block], raw: RawDocument, document_id: str) -> Identity:
    """Give the identity of the document with these blocks; the file's name is the last resort."""
    cover = _cover(flow)
    is_page = bool(raw.pages) and raw.pages[0].width == 0
    metadata = shortened(raw.title or "") or None
    if metadata and not is_page and not _is_plausible(metadata):
        metadata = None
    if is_page:
        title, blocks = _title_of_page(flow, cover, metadata)
    else:
        title, blocks = _title_of_print(flow, cover, metadata, _running_heads(raw))
        paper = _publication(raw, document_id)
        if paper and (not title or parse_label(title) is not None):
            # A chapter of a white paper is cited by the paper's name, and heads its own text.
            title, blocks = paper, []
    if not title:
        title = metadata or PurePosixPath(document_id).stem
    title = shortened(title)
    # The date of a meeting is its own, not the record's.
    own = [at for at in cover if at not in blocks and not is_entry(flow, at)]
    texts = [title, *(flow[at].text for at in own)]
    return Identity(
        title,
        frozenset(blocks),
        promulgated([*(flow[at].text for at in blocks), *texts])
        or _issued([text for text in [*texts, metadata or ""] if not is_amendment(text)]),
        registry().publisher_of([*texts, *_page_head(raw)]) or registry().publisher_of_paper(title),
        _fiscal_year(texts),
        frozenset(cover if _is_cover(flow, cover) else filter(_heads_nothing(flow), cover)),
    )


def _publication(raw: RawDocument, document_id: str) -> str | None:
    """Give the white paper of which a PDF is a part, by its own title, its heads, its name."""
    heads = [part.text for page in raw.pages for part in page.furniture]
    words = [raw.title or "", *dict.fromkeys(heads), PurePosixPath(document_id).stem]
    return next(filter(None, map(registry().find_publication, words)), None)


def _page_head(raw: RawDocument) -> list[str]:
    """Give the words with which a web page says whose it is: title and head of its frame.

    Only the head: further on a frame links to other bodies.
    """
    parts = [part for page in raw.pages for part in page.furniture if part.kind == "navigation"]
    words = parts[0].text.split()[:2] if parts else []
    return [shortened(raw.title or ""), *words, "".join(words)]


def _cover(flow: Sequence[Block]) -> list[int]:
    """Give the positions of the blocks before the first paragraph of the text."""
    places: list[int] = []
    for at, block in enumerate(flow[:_COVER]):
        if not isinstance(block, TextBlock) or block.page > 1:
            break
        if ends_sentence(block.text) and len(block.text) > 60:
            break
        places.append(at)
    return places


def _running_heads(raw: RawDocument) -> str:
    """Give the words of a book's running heads, which name it on every page."""
    parts = [part.text for page in raw.pages for part in page.furniture]
    return "".join(dict.fromkeys(parts))


def _is_plausible(title: str) -> bool:
    """Tell whether a PDF's own title may be one: not a file's name or a program's."""
    return (
        len(title) >= 5
        and any(is_wide(char) for char in title)
        and not _FILE_NAME.search(title)
        and "_" not in title
    )


def _is_cover(flow: Sequence[Block], cover: Sequence[int]) -> bool:
    """Tell whether the first page holds nothing but its head: the text begins on the next."""
    after = flow[len(cover)] if len(cover) < len(flow) else None
    said = sum(ends_sentence(flow[at].text) for at in cover)
    # A remark may stand on a title page; several sentences are a short text, a letter's say.
    return after is not None and _page(after) > 1 and said < _REMARKS


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


def _title_of_print(
    flow: Sequence[Block], cover: Sequence[int], metadata: str | None, heads: str
) -> tuple[str, list[int]]:
    """Give a PDF's title: its largest first lines, or its own title where the page says it too."""
    blocks = [
        (at, block)
        for at in cover
        # The labels of a chart are often set larger than the text.
        if isinstance(block := flow[at], TextBlock) and block.role not in {"caption", "footnote"}
    ]
    run = _largest(blocks)
    shown = fold("".join(block.text for block in flow[:_COVER] if _page(block) == 1) + heads)
    if metadata and not run and _said(metadata, shown) >= 0.8:
        return metadata, [at for at, block in blocks if fold(block.text) in fold(metadata)]
    if metadata and run and _said(metadata, shown) == 1 and run[0][0] > 0:
        own = fold(metadata)
        if fold(run[0][1].text) not in own and fold(blocks[0][1].text) in own:
            return metadata, [at for at, block in blocks if fold(block.text) in own]
    if run:
        return _joined(run), [at for at, _ in run]
    able = [(at, block) for at, block in blocks if _can_be_title(block.text)]
    return _title_of_letter(able) if able else ("", [])


def _page(block: Block) -> int:
    return block.page if isinstance(block, TextBlock) else block.box.page


def _said(title: str, shown: str) -> float:
    """Give the share of a title's character pairs that the page shows."""
    key = fold(title)
    pairs = [key[at : at + 2] for at in range(len(key) - 1)]
    found = sum(pair in shown for pair in pairs)
    # One pair in ten may straddle two lines of the page.
    return min(1.0, (found + 0.1 * len(pairs)) / len(pairs)) if pairs else 0.0


def _largest(blocks: Sequence[tuple[int, TextBlock]]) -> list[tuple[int, TextBlock]]:
    """Give the run of lines set larger than the others, [] where none is."""
    able = [(at, block) for at, block in blocks if _can_be_title(block.text)]
    if not able:
        return []
    largest = max(block.size for _, block in able)
    # The lower median: half of a cover's lines may be its title's.
    usual = sorted(block.size for _, block in blocks)[(len(blocks) - 1) // 2]
    smallest = min(block.size for _, block in blocks)
    few = len(blocks) <= 4 and largest > smallest * 1.15
    if largest <= usual * 1.05 and len(blocks) > 1 and not few:
        return []
    start = next(
        i
        for i, (_, block) in enumerate(blocks)
        if block.size >= largest - 0.5 and _can_be_title(block.text)
    )
    run = [blocks[start]]
    for at, block in blocks[start + 1 :]:
        if block.size < largest - 0.5 or len(run) == 4 or parse_label(block.text):
            break
        run.append((at, block))
    return run


def _joined(run: Sequence[tuple[int, TextBlock]]) -> str:
    text = ""
    for _, block in run:
        piece = " ".join(block.text.split("\n")).strip()
        text = f"{text} {piece}" if text and not text.endswith(("「", "（")) else text + piece
    return text


def _can_be_title(text: str) -> bool:
    key = fold(text)
    if not 4 <= len(key) <= _TITLE_LENGTH or ends_sentence(text):
        return False
    label = parse_label(text.strip())
    if is_caption_text(text) or (label is not None and label.kind in _PARTS):
        return False
    dates = sum(date.end - date.start for date in find_dates(text))
    return (
        len(text) - dates >= 3
        and not _NUMBER_LINE.fullmatch(key)
        and not _ADDRESS.fullmatch(key)
        and any(char.isalpha() for char in key)
    )


def _title_of_letter(able: Sequence[tuple[int, TextBlock]]) -> tuple[str, list[int]]:
    """Give the title of a text set in one size.

    That is a notice's subject (…について), else a centred or bold line, else the first line.
    """
    for at, block in able:
        if _TITLE_END.search(block.text.strip()) and len(block.text) <= 120:
            return block.text.strip(), [at]
    for at, block in able:
        if block.centered or block.bold:
            return block.text.strip(), [at]
    at, block = able[0]
    return (block.text.strip(), [at]) if len(block.text) <= 80 else ("", [])


def _title_of_page(
    flow: Sequence[Block], cover: Sequence[int], metadata: str | None
) -> tuple[str, list[int]]:
    """Give the title of a web page: its first heading, or its <title> where that says more."""
    marked = [
        (at, block)
        for at in cover
        if isinstance(block := flow[at], TextBlock) and block.role in {"title", "heading"}
    ]
    if not marked:
        return metadata or "", []
    at, block = marked[0]
    heading = block.text.split("\n")[0].strip()
    label = parse_label(heading)
    if metadata and block.level is None and label is not None and label.value is not None:
        # 第１　趣旨 in bold heads a part of the page.
        return metadata, []
    short, long = fold(heading), fold(metadata or "")
    rest = long.replace(short, "", 1) if short in long else ""
    if short and rest and (len(short) < 8 or _EDITION_WORDS.search(rest)):
        return metadata or "", [at]
    if len(short) >= 4 or not long:
        joined = heading
        for piece in block.text.split("\n")[1:]:
            if not piece.strip().startswith(("（", "(")):
                joined = join_text(joined, piece.strip())
        return joined, [at]
    return metadata or "", []


def _issued(texts: Sequence[str]) -> str | None:
    # The title comes last: what it dates is more often its subject than itself.
    for text in [*texts[1:], *texts[:1]]:
        for date in find_dates(text):
            if not date.fiscal and _is_about_document(text, date):
                return date.iso
    for text in texts:
        bare = _BARE_YEAR.fullmatch(fold(text))
        if bare:
            return bare[1]
    years = re.findall(r"(?:^|[^0-9])((?:19|20)[0-9]{2})$", fold(texts[0])) if texts else []
    return str(years[-1]) if years else None


def _is_about_document(text: str, date: FoundDate) -> bool:
    share = (date.end - date.start) / max(len(text), 1)
    if len(date.iso) == 4:
        # A bare year stands in every chart; with 版 it is an edition's.
        return bool(_EDITION.match(text, date.end))
    return share >= 0.4 or (len(text) <= 90 and bool(_DATED.search(text[date.end :])))


def _fiscal_year(texts: Sequence[str]) -> int | None:
    for text in texts:
        if len(text) <= 60:
            for date in find_dates(text):
                if date.fiscal:
                    return date.year
    return None
