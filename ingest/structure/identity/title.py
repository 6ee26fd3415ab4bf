"""The title of a document: the words its first page sets apart, all lines of them.

A PDF's title is its largest first lines, else the subject of a letter (…について), else a centred
or bold line; a web page's its first heading. What the file itself calls its title counts where the
page shows it too. The trap: the largest words of a page may be a stamp (Press Release), the name of
a meeting whose paper (議事次第) is named below, or the head of a chart.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shisaku.ingest.model import Block, TextBlock
from shisaku.ingest.registry import registry
from shisaku.ingest.structure.identity.front import MOST_PIECES, Piece, page_of
from shisaku.ingest.structure.identity.words import words
from shisaku.ingest.structure.outline.headings import is_caption_text
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.text.dates import find_dates
from shisaku.ingest.text.fold import fold
from shisaku.ingest.text.joining import ends_sentence, is_wide, join_text

_TITLE_LENGTH = 120
"""Characters beyond which a text is no title."""

_FIRST_LINE = 80
"""Characters up to which the first line of a page that sets nothing apart is its title."""

_MOST_LINES = 4
"""Lines at most of a title."""

_LARGER = 1.05
"""A title's size in those of the usual line of its page."""

_LOGO = 0.75
"""A title's size in those of an office's name that is set larger, as a logo is; a brochure on the
office itself has its name alone in that size."""

_PARTS = {"section", "subsection", "division", "article", "code"}
"""Labels of parts too small to be a document of their own."""

_HEAD = 8
"""Characters from which a running head may be the title of a page that shows no other."""

_SAID = 0.8
"""Share of the file's own title that a page without larger lines must show."""

_NUMBER_LINE = re.compile(
    r".{0,14}第?(?:[0-9]{1,5}|[一二三四五六七八九十百千]{1,9})号.{0,6}|no\.?[0-9]+"
)
_ADDRESS = re.compile(r".{1,40}(?:殿|様|御中|各位|あて|宛)$")
_FILE_NAME = re.compile(
    r"microsoft|^taro|untitled|\.(?:pdf|docx?|xlsx?|pptx?|jtdc?|html?)$|スライド|プレゼンテーション",
    re.IGNORECASE,
)
_EDITION_WORDS = re.compile(r"第.{1,3}[次期版]|(?:20[0-9]{2}|(?:平成|令和).{1,3})年")
_OPENING = "「『（(【〔"
_GOES_ON = re.compile(r"^(?:等|及び|並びに|の(?!み)|を|に(?!わ)|と(?![りくも])|」|』)")


@dataclass(frozen=True)
class Title:
    """A title, the positions of its blocks in the flow, and where it was read.

    `cut` is what stood before or behind it on its line: the date of a meeting.
    """

    text: str
    blocks: tuple[int, ...] = ()
    where: str = "head"
    guessed: bool = False
    cut: str = ""


def plausible(title: str) -> bool:
    """Tell whether a PDF's own title may be one: not a file's name, a program's, or mojibake."""
    return (
        len(title) >= 5
        and any(is_wide(char) for char in title)
        and not _FILE_NAME.search(title)
        and "_" not in title
        and not any(char < " " or "\x7f" <= char < "\xa0" or char == "\ufffd" for char in title)
    )


def title_of_print(
    pieces: Sequence[Piece], flow: Sequence[Block], metadata: str | None, heads: Sequence[str]
) -> Title | None:
    """Give a PDF's title; None where its first page has none. `heads` are its running heads."""
    # The labels of a chart are often set larger than the text.
    pieces = [piece for piece in pieces if piece.block.role not in {"caption", "footnote"}]
    shown = fold(
        "".join(block.text for block in flow[:MOST_PIECES] if page_of(block) == 1) + "".join(heads)
    )
    run = _largest(pieces)
    said = _said(metadata, shown) if metadata else 0.0
    if metadata and run and said == 1 and run[0].at > 0:
        own = fold(metadata)
        if fold(run[0].text) not in own and fold(pieces[0].text) in own:
            return _of_metadata(metadata, pieces)
    if not run:
        able = [piece for piece in pieces if _can_be_title(piece.text)]
        run = _of_letter(able, pieces)
        if metadata and said >= _SAID and _wins(metadata, run, said):
            return _of_metadata(metadata, pieces)
        if not run:
            # A title that is printed again on each page is taken for a running head.
            again = [head for head in heads if len(fold(head)) >= _HEAD and _can_be_title(head)]
            if again and not _is_office(again[0]):
                return Title(again[0], where="running_head")
    if not run:
        return None
    text = _joined(run)
    run, text = _with_lines_below(run, text, pieces)
    text, cut = _without_date(text)
    blocks = tuple(dict.fromkeys(piece.at for piece in run if not piece.boxed))
    return Title(_with_paper(text, run, pieces), blocks, cut=cut)


def _wins(metadata: str, run: Sequence[Piece], said: float) -> bool:
    """Tell whether the file's own title is better than these lines of a page set in one size.

    It is where they are not set apart, or where it holds them and shows no more than the page:
    280729検査料の点数… has a number before the title that no reader sees.
    """
    if not run or not _is_set_apart(run[0]):
        return True
    return said == 1 and fold(_joined(run)) in fold(metadata)


def _of_metadata(metadata: str, pieces: Sequence[Piece]) -> Title:
    own = fold(metadata)
    blocks = [each.at for each in pieces if not each.boxed and fold(each.text) in own]
    return Title(metadata, tuple(dict.fromkeys(blocks)), "metadata")


def _said(title: str, shown: str) -> float:
    """Give the share of a title's character pairs that the page shows."""
    key = fold(title)
    pairs = [key[at : at + 2] for at in range(len(key) - 1)]
    found = sum(pair in shown for pair in pairs)
    # One pair in ten may straddle two lines of the page.
    return min(1.0, (found + 0.1 * len(pairs)) / len(pairs)) if pairs else 0.0


def _largest(pieces: Sequence[Piece]) -> list[Piece]:
    """Give the run of lines set larger than the others, [] where none is."""
    able = [piece for piece in pieces if _can_be_title(piece.text)]
    # What is set at the right edge is a letterhead, unless the page has nothing else.
    able = [piece for piece in able if not piece.at_right] or able
    if not able:
        return []
    able = _without_logos(able)
    largest = max(piece.size for piece in able)
    # The lower median: half of a cover's lines may be its title's.
    usual = sorted(piece.size for piece in pieces)[(len(pieces) - 1) // 2]
    smallest = min(piece.size for piece in pieces)
    few = len(pieces) <= 4 and largest > smallest * 1.15
    if largest <= usual * _LARGER and len(pieces) > 1 and not few:
        return []
    start = next(
        i for i, piece in enumerate(pieces) if piece.size >= largest - 0.5 and piece in able
    )
    run = [pieces[start]]
    for piece in pieces[start + 1 :]:
        if piece.size < largest - 0.5 or len(run) == _MOST_LINES or not _goes_on(piece, run[-1]):
            break
        run.append(piece)
    return run


def _without_logos(able: list[Piece]) -> list[Piece]:
    """Leave out names of offices, a logo's, where another line is set nearly as large."""
    named = [piece for piece in able if not _is_office(piece.text)]
    largest = max((piece.size for piece in named), default=0.0)
    return named if largest >= _LOGO * max(piece.size for piece in able) > 0 else able


def _goes_on(piece: Piece, last: Piece) -> bool:
    """Tell whether a line of the same size below a title's line is part of it: no date, no office.

    An office is no part of a title, unless the title is a meeting's.
    """
    text = piece.text
    if parse_label(text) or _is_paper(text):
        return False
    dates = sum(date.end - date.start for date in find_dates(text))
    if dates and dates >= len(text.strip()) - 2:
        return False
    return registry().publisher_of([text]) is None or last.text.endswith(("の", "・", "、"))


def _joined(run: Sequence[Piece]) -> str:
    text = ""
    for piece in run:
        line = " ".join(piece.text.split("\n")).strip()
        tight = text.endswith(tuple(_OPENING)) or _GOES_ON.match(line)
        text = f"{text} {line}" if text and not tight else text + line
    return text


def _can_be_title(text: str) -> bool:
    key = fold(text)
    if not 4 <= len(key) <= _TITLE_LENGTH or ends_sentence(text):
        return False
    label = parse_label(text.strip())
    if is_caption_text(text) or (label is not None and label.kind in _PARTS):
        return False
    if words("title", "never").fullmatch(key) or _is_paper(text):
        return False
    dates = sum(date.end - date.start for date in find_dates(text))
    return (
        len(text) - dates >= 3
        and not _NUMBER_LINE.fullmatch(key)
        and not _ADDRESS.fullmatch(key)
        and any(char.isalpha() for char in key)
    )


def _of_letter(able: Sequence[Piece], pieces: Sequence[Piece]) -> list[Piece]:
    """Give the title of a text set in one size.

    That is a notice's subject (…について), else a centred or bold line, else the first line.
    """
    # A box is read where nothing else can be a title: tables have heads that look like one.
    able = [piece for piece in able if not piece.boxed] or able
    for piece in able:
        if _is_subject(piece.text):
            return _with_neighbours(piece, pieces)
    for piece in able:
        if (piece.centered or piece.block.bold) and not _is_office(piece.text):
            return _with_neighbours(piece, pieces)
    rest = [piece for piece in able if not _is_office(piece.text)]
    return rest[:1] if rest and len(rest[0].text) <= _FIRST_LINE else []


def _is_set_apart(piece: Piece) -> bool:
    return _is_subject(piece.text) or piece.centered or piece.block.bold


def _is_subject(text: str) -> bool:
    return bool(re.search(f"{words('title', 'subject_end').pattern}$", text.strip()))


def _is_office(text: str) -> bool:
    return registry().publisher_of([text]) is not None


def _with_neighbours(piece: Piece, pieces: Sequence[Piece]) -> list[Piece]:
    """Give the lines of a centred title of which `piece` is one, from the first to the last."""
    at = next(i for i, each in enumerate(pieces) if each is piece)
    run = [piece]
    for above in reversed(pieces[:at]):
        if len(run) == _MOST_LINES or not _belongs(above, run[0]):
            break
        run.insert(0, above)
    for below in pieces[at + 1 :]:
        if len(run) == _MOST_LINES or _is_subject(run[-1].text) or not _belongs(run[-1], below):
            break
        run.append(below)
    return run


def _belongs(upper: Piece, lower: Piece) -> bool:
    """Tell whether two lines are of one title: one size, one axis, one line apart.

    Lines that begin at one edge belong together where a bracket is open or the lower goes on.
    """
    a, b = upper.block.lines[-1].box, lower.box
    if upper.boxed != lower.boxed or abs(upper.size - lower.size) > 0.6 or not upper.size:
        return False
    if not -0.5 * upper.size <= b.top - a.bottom <= 1.2 * upper.size:
        return False
    if any(not _is_line_of_title(each.text) for each in (upper, lower)):
        return False
    centred = abs((a.x0 + a.x1) - (b.x0 + b.x1)) <= 2 * upper.size and (
        abs(a.x0 - b.x0) > 1 or (upper.centered and lower.centered)
    )
    return centred or _is_open(upper.text) or bool(_GOES_ON.match(lower.text.strip()))


def _is_line_of_title(text: str) -> bool:
    key = fold(text)
    return len(key) <= _TITLE_LENGTH and (
        not words("title", "never").fullmatch(key)
        and not _is_paper(text)
        and not _NUMBER_LINE.fullmatch(key)
        and not _ADDRESS.fullmatch(key)
        and not any(date.end - date.start >= len(text.strip()) - 2 for date in find_dates(text))
        and parse_label(text.strip()) is None
        and not _is_office(text)
    )


def _is_open(text: str) -> bool:
    return any(text.count(a) > text.count(b) for a, b in ("「」", "『』", "（）", "()"))


def _with_lines_below(
    run: Sequence[Piece], text: str, pieces: Sequence[Piece]
) -> tuple[list[Piece], str]:
    """Add what stands right below a title and belongs to it: ～a second line～, （案）, Ver1.0.

    What says of which series of papers it is ((ディスカッションペーパー)) is taken off.
    """
    run = list(run)
    if len(run) > 1 and words("title", "series").fullmatch(fold(run[-1].text)):
        text = _joined(run[:-1])
        return run, text
    at = max(i for i, each in enumerate(pieces) if each is run[-1])
    for piece in pieces[at + 1 : at + 3]:
        key = fold(piece.text)
        if words("title", "series").fullmatch(key):
            break
        near = piece.box.top - run[-1].block.lines[-1].box.bottom <= 4 * max(run[0].size, 1)
        added = not _is_paper(piece.text) and any(
            words("title", name).fullmatch(key) for name in ("subtitle", "addition", "version")
        )
        if not near or not added:
            break
        text = _joined_text(text, piece.text)
        run.append(piece)
    return run, text


def _joined_text(text: str, more: str) -> str:
    return f"{text} {' '.join(more.split())}"


def _with_paper(text: str, run: Sequence[Piece], pieces: Sequence[Piece]) -> str:
    """Add to the name of a meeting which of its papers this is: 議事次第, 委員名簿."""
    if not re.search(f"{words('title', 'meeting').pattern}$", fold(text)):
        return text
    for piece in pieces:
        found = words("title", "paper_of_meeting").fullmatch(fold(piece.text))
        if found and piece not in run:
            return f"{text} {found[1]}"
    return text


def _is_paper(text: str) -> bool:
    return bool(words("title", "paper_of_meeting").fullmatch(fold(text)))


def _without_date(text: str) -> tuple[str, str]:
    """Take off the date that a space parts from the title: 令和３年５月14日　第６回…議事録."""
    first, space, rest = text.partition("\u3000")
    if not space:
        first, space, rest = text.partition(" ")
    dates = [date for date in find_dates(first) if not date.fiscal and len(date.iso) > 7]
    if dates and dates[0].end - dates[0].start == len(first) and len(fold(rest)) >= 4:
        return rest.strip(), first
    return text, ""


def title_of_page(
    flow: Sequence[Block], pieces: Sequence[Piece], metadata: str | None
) -> Title | None:
    """Give the title of a web page: its first heading, or its <title> where that says more."""
    marked = [
        (piece.at, piece.block)
        for piece in pieces
        if not piece.boxed and piece.block.role in {"title", "heading"}
    ]
    whole = Title(_without_site(metadata), where="metadata") if metadata else None
    if not marked:
        return whole
    at, block = marked[0]
    heading = block.text.split("\n")[0].strip()
    label = parse_label(heading)
    if metadata and block.level is None and label is not None and label.value is not None:
        # 第１　趣旨 in bold heads a part of the page.
        return whole
    short, long = fold(heading), fold(metadata or "")
    rest = long.replace(short, "", 1) if short in long else ""
    if metadata and short and rest and (len(short) < 8 or _EDITION_WORDS.search(rest)):
        return Title(_without_site(metadata), (at,), "metadata")
    if metadata and words("title", "generic").fullmatch(short):
        # トピックス heads the first part of a home page, whose <title> has its name.
        return whole
    if len(short) >= 4 or not long:
        return Title(_with_second_lines(block.text), (at,))
    return whole


def _with_second_lines(text: str) -> str:
    """Give the words of a heading of several lines, without the number or date of an act."""
    first, *others = text.split("\n")
    joined = first.strip()
    for line in map(str.strip, others):
        in_brackets = line.startswith(("（", "("))
        if in_brackets and ("号" in line or any(True for _ in find_dates(line))):
            continue
        joined = joined + line if in_brackets else join_text(joined, line)
    return joined


def _without_site(title: str) -> str:
    """Take off the name of the site behind a page's title: 新着情報 | 渋谷区公式サイト."""
    first, mark, rest = title.partition(" | ")
    if not mark:
        first, mark, rest = title.partition("｜")
    return first.strip() if mark and rest.strip() and len(fold(first)) >= 4 else title


def lone_label(pieces: Sequence[Piece], blocks: Sequence[int]) -> bool:
    """Tell whether nothing but a label (第４章) stands right above the blocks of a title."""
    above = [piece for piece in pieces if blocks and piece.at == min(blocks) - 1]
    if not above:
        return False
    text = above[-1].text.strip()
    label = parse_label(text)
    return label is not None and label.end >= len(text)


def is_part(title: TextBlock | str) -> bool:
    """Tell whether a title begins with the label of a part of a document."""
    return parse_label(title if isinstance(title, str) else title.text) is not None
