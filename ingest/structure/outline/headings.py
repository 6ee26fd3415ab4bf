"""Which blocks are headings, and how they nest, decided per document.

Three witnesses: what the markup says (HTML), the label (1., (1), ①) and the typography (size,
weight). None is enough alone: lists are numbered too, and ministries nest labels as they like.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from shisaku.ingest.model import Block, TextBlock
from shisaku.ingest.structure.meetings import is_agenda
from shisaku.ingest.structure.outline.heading import STRUCTURAL, Heading, shape_of
from shisaku.ingest.structure.outline.numbered import is_deeper, numbered_headings
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.structure.outline.ranks import Ranks, path_of
from shisaku.ingest.structure.outline.shapes import shaped_headings
from shisaku.ingest.text.fold import fold
from shisaku.ingest.text.joining import ends_sentence, is_wide
from shisaku.ingest.text.marks import before_value

__all__ = ["Heading", "Ranks", "find_headings", "is_caption", "is_caption_text", "path_of"]

_MAX_HEADING = 90
"""Characters beyond which a line is no heading, however it is set."""

_VALUE_GAP = 1.0
"""Em of white space at least before a value at the right edge."""
_RARE, _MAIN = 0.1, 0.6
"""Shares of the text: of a font that marks headings at most, of the font of the text at least."""

_CAPTION = re.compile(
    r"[■◆●▲▼►▶]?[\s\u3000]?"
    r"(?:(?:[（(【\[<＜〈]?(?:図表?|表|写真|資料|コラム図|Figure|Fig\.|Table)[\s\u3000]?"
    r"[0-9０-９A-ZＡ-Ｚ]{1,3}(?:[-－―.．‐][0-9０-９A-Z]{1,3})*)(?![0-9０-９年月])"
    r"|第[0-9０-９]{1,2}(?:[-－―.．‐−–][0-9０-９]{1,3}){1,3}[\s\u3000]?(?:図表?|表))"
)
_NOTE = re.compile(
    r"[（(]?(?:注|※|＊)[\s\u3000]?[0-9０-９]*[)）:：\s\u3000]|[（(](?:出典|資料)[)）]"
)
# Items of a list that say what someone does or what must be: no headings, though no 。 ends them.
_PREDICATE = re.compile(r"(?:[うくすつぬぶむるぐ]|した|ない|ます|です|こと|もの|とき|場合)$")
_SUPPLEMENT = re.compile(r"附[\s\u3000]*則[\s\u3000]*(?:[（(].*[）)])?[\s\u3000]*抄?")
_BREAK = re.compile(r"[\s\u3000]*\n[\s\u3000]*")
_SOURCE = re.compile(r"(?:資料|出典|出所)[\s\u3000]*[：:]")


@dataclass(frozen=True)
class _Style:
    """What is usual in the document: the size of its text, the share of bold text."""

    size: float
    bold_share: float
    marked_up: bool
    faces: Mapping[str, float]
    """The share of the text that is set in each font."""


def find_headings(blocks: Sequence[Block], contents: Collection[str] = ()) -> dict[int, Heading]:
    """Give the headings among `blocks` by their position.

    `contents` holds the folded entries of the contents pages: a line that is one is a heading.
    """
    style = _style(blocks)
    found: dict[int, Heading] = {}
    maybe: dict[int, Heading] = {}
    plain: dict[int, Heading] = {}
    for at, block in enumerate(blocks):
        if not isinstance(block, TextBlock) or block.role in {"footnote", "caption", "list_item"}:
            continue
        text = _heading_text(block)
        if not block.role and (words := _before_value(block)) and parse_label(text) is not None:
            below = blocks[at + 1] if at + 1 < len(blocks) else None
            if (
                isinstance(below, TextBlock)
                and is_deeper(block, below)
                and not shape_of(below.text)
            ):
                found[at] = replace(_heading(block, words), valued=True)
            continue
        if block.role in {"heading", "title"} or (
            contents and len(text) <= 150 and fold(text) in contents
        ):
            found[at] = _heading(block, text)
        elif _may_be(block):
            heading = _heading(block, text)
            if _stands_out(block, style) or _is_structural(heading) or is_agenda(blocks, at):
                found[at] = heading
            elif heading.label and _names_something(heading):
                maybe[at] = heading
            elif not heading.label or heading.kind == "bullet":
                plain[at] = heading
    found.update(numbered_headings(blocks, maybe, found))
    if not style.marked_up:
        found.update(shaped_headings(blocks, plain, style.faces, _RARE))
    return dict(sorted(found.items()))


def _is_structural(heading: Heading) -> bool:
    """Tell whether a line is a part of the text by its words: 第１章, or the 附則 of a law."""
    return heading.kind in STRUCTURAL or bool(_SUPPLEMENT.fullmatch(heading.text))


def _names_something(heading: Heading) -> bool:
    """Tell whether a plain numbered line may be a heading by its words."""
    return (
        heading.kind not in {"bullet", "article"}
        and not _PREDICATE.search(heading.text)
        and heading.text.count("、") < 2
    )


def _style(blocks: Sequence[Block]) -> _Style:
    sizes: Counter[float] = Counter()
    faces: Counter[str] = Counter()
    bold = total = 0
    for block in blocks:
        if isinstance(block, TextBlock):
            sizes[block.size] += len(block.text)
            total += len(block.text)
            bold += len(block.text) * block.bold
            faces[_face(block)] += len(block.text)
    marked_up = any(isinstance(b, TextBlock) and b.role == "heading" for b in blocks)
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    shares = {face: count / max(total, 1) for face, count in faces.items()}
    return _Style(size, bold / max(total, 1), marked_up, shares)


def _face(block: TextBlock) -> str:
    """Return the font of a block's first line, "" in a web page."""
    return block.lines[0].face if block.lines else ""


def _heading_text(block: TextBlock) -> str:
    text = block.text.strip()
    line = block.lines[-1]
    for start, end in line.marks[-1:]:
        # The sign of a footnote is no part of what the heading says.
        if end == len(line.text) and text.endswith(line.text[start:end]):
            text = text[: start - end].rstrip()
    return _BREAK.sub(" ", text) if "\n" in text else text


def _before_value(block: TextBlock) -> str:
    """Give the words of an item before the value at the right edge, "" for other text."""
    line = block.lines[-1]
    if len(block.text) > _MAX_HEADING or len(block.lines) > 1:
        return ""
    return before_value(block.text, line.box.x1 - line.box.x0, line.size, _VALUE_GAP)


def _heading(block: TextBlock, text: str) -> Heading:
    return Heading(block, text, parse_label(text), block.size, block.bold, block.level)


def _may_be(block: TextBlock) -> bool:
    text = block.text.strip()
    if not text or len(text) > _MAX_HEADING or len(block.lines) > 3:
        return False
    if ends_sentence(text) or text[-1] in "、，,;；：:" or _NOTE.match(text):
        return False
    if is_caption_text(text) or sum(map(str.isalnum, text)) < 2 or _is_row(block):
        return False
    label = parse_label(text)
    if label is not None and not any(map(str.isalnum, text[label.end :])):
        return label.kind in STRUCTURAL | {"annex"}
    return not (label is None and not any(map(str.isalpha, text)))


def _is_row(block: TextBlock) -> bool:
    """Tell whether a line is a row of words far apart: the head of a table without rules.

    A heading spaced out to fill its line (目　　次) has single letters apart.
    """
    if len(block.lines) > 1 or len(block.text.split(maxsplit=2)) < 3:
        return False
    label = parse_label(block.text)
    pieces = block.text[label.end if label else 0 :].split()
    line = block.lines[0]
    if len(pieces) < 3 or any(len(piece) < 2 for piece in pieces):
        return False
    solid = sum(1.0 if is_wide(char) else 0.55 for char in block.text) * line.size
    return line.box.x1 - line.box.x0 > 1.3 * solid > 0


def _stands_out(block: TextBlock, style: _Style) -> bool:
    if style.size and block.size >= style.size * 1.07 + 0.2:
        return True
    if _is_in_rare_face(block, style):
        return True
    if not (block.bold and style.bold_share < 0.4) or block.size < style.size * 0.85:
        return False
    label = parse_label(block.text)
    return not style.marked_up or label is not None


def _is_in_rare_face(block: TextBlock, style: _Style) -> bool:
    """Tell whether a numbered line is set in a font that the text seldom has.

    Some files set text and headings in two gothic fonts of one size, neither of them bold.
    """
    face = _face(block)
    return (
        bool(face)
        and len(block.lines) <= 2
        and block.size >= style.size * 0.95
        and style.faces[face] < _RARE < _MAIN <= max(style.faces.values())
        and (label := parse_label(block.text)) is not None
        and label.kind not in {"bullet", "article"}
        and len({line.face for line in block.lines}) == 1
    )


def is_caption_text(text: str) -> bool:
    """Tell whether a short text names a figure or a table, or its source: 図１　…, 資料：…."""
    words = text.strip()
    short = len(text) <= 100 and not ends_sentence(text)
    return short and bool(_CAPTION.match(words) or _SOURCE.match(words))


def is_caption(block: TextBlock) -> bool:
    """Tell whether a block names a figure or a table."""
    return block.role == "caption" or is_caption_text(block.text.strip())
