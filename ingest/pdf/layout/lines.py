"""From rows of glyphs to printed lines: the spaces between words, letter spacing, ruby.

Spaces in a text layer cannot be trusted: some files draw them between all characters (平 成 28 年),
some never. So spaces are decided by the gaps between glyphs, in units of the font size (em).
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from msgspec.structs import replace

from shisaku.ingest.model import Box, Line
from shisaku.ingest.pdf.glyphs.glyph import Glyph
from shisaku.ingest.pdf.glyphs.glyph_rows import Row, make_rows
from shisaku.ingest.pdf.layout.edges import CLOSING
from shisaku.ingest.text.joining import is_wide

_SPLIT_GAP = 1.2
"""Gap in em from which a row falls into segments, which may be columns; those of one column are
put together again (see `paragraphs`)."""

_BOLD = re.compile(r"bold|heavy|black|[-_]b$|[-_]?w[6-9]\b|demi|-eb\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"第?[0-9０-９一二三四五六七八九十]+(?:[.．\-－][0-9０-９]+)*[.．]?[章節条款]?|[①-⑳]|[Ⅰ-Ⅻ][.．]?"
    r"|[（(][^（()）]{1,3}[)）]|[0-9０-９a-zア-ン][)）]"
    r"|(?:[付附]録|別[紙添表記]|様式|参考資料)[0-9０-９]{0,2}"
    r"|[^、。\s]{0,6}(?:課室?|部局|機関|府?省庁|組織|団体|事業|施策|案件|会議)名"
)
_KANA_LABEL = re.compile(r"[ア-ン]")
_SINGLE_END = re.compile(r"(?:^|[^\x00-\x7f])[A-ZＡ-Ｚ]$")
_SINGLE_START = re.compile(r"[A-ZＡ-Ｚ](?:$|[^\x00-\x7f])")
_SOLID_DATE = re.compile(r"(?:平成|令和|昭和|大正|明治|年|月)[0-9０-９]{1,2}$")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー・ｦ-ﾟ]+")
_top_of, _bottom_of, _end_of = attrgetter("top"), attrgetter("bottom"), attrgetter("x1")
_is_doubled = attrgetter("doubled")


def make_lines(glyphs: Sequence[Glyph], page: int, *, split: bool = True) -> list[Line]:
    """Give the lines of `glyphs` on `page`, from top to bottom and left to right.

    With `split`, a row falls into segments at wide gaps, because they may be columns; without it
    (in a table cell) a row is one line. Small kana above a line become its ruby.
    """
    rows = [_tokens(row) for row in make_rows(glyphs)]
    lines: list[Line] = []
    for segments in _part_rows(rows) if split else [[tokens] for tokens in rows]:
        for segment in segments:
            line = _line(segment, page)
            if line is not None:
                lines.append(line)
    lines.sort(key=lambda line: (line.box.top, line.box.x0))
    return _attach_ruby(lines)


@dataclass(slots=True)
class _Token:
    """Glyphs that touch with their text, and the gap before them in em with the spaces in it.

    `distance` is the same gap in points: beside a small sign of a note an em is small.
    """

    glyphs: list[Glyph]
    text: str
    gap: float = 0.0
    drawn: str = ""
    distance: float = 0.0


def _tokens(row: Row) -> list[_Token]:
    tokens: list[_Token] = []
    run: list[Glyph] = []
    before = (0.0, "", 0.0)
    drawn = ""
    for glyph in row.glyphs:
        if glyph.blank:
            drawn += glyph.text
            continue
        distance = glyph.x0 - run[-1].x1 if run else 0.0
        # An em is a point at least, so that no gap as narrow as this one is wide.
        if distance > 0.1:
            last = run[-1]
            em = glyph.size if glyph.size < last.size else last.size
            gap = distance / (em if em > 1.0 else 1.0)
            if gap > 0.1 and (drawn or gap > _word_gap(last, glyph)):
                tokens.append(_Token(run, _text(run), *before))
                run, before = [], (gap, drawn, distance)
        run.append(glyph)
        drawn = ""
    if run:
        tokens.append(_Token(run, _text(run), *before))
    return _join_capitals(_join_letter_spacing(tokens))


def _text(glyphs: Sequence[Glyph]) -> str:
    return "".join([glyph.text for glyph in glyphs])


def _joined(run: Sequence[_Token]) -> _Token:
    """Give tokens as one, with the gap before the first."""
    first = run[0]
    glyphs = [glyph for token in run for glyph in token.glyphs]
    return _Token(glyphs, _text(glyphs), first.gap, first.drawn, first.distance)


def _word_gap(last: Glyph, glyph: Glyph) -> float:
    """Give the gap in em from which two glyphs stand apart."""
    return 0.25 if is_wide(last.text[-1]) and is_wide(glyph.text[0]) else 0.18


def _join_letter_spacing(tokens: list[_Token]) -> list[_Token]:
    """Join runs such as 平 成 28 年: three or more short tokens at nearly equal distances.

    A line of just two single ideographs (目　次) is letter-spaced as well.
    """
    if len(tokens) == 2 and all(
        len(token.text) == 1 and is_wide(token.text) and token.text.isalpha() for token in tokens
    ):
        return [_joined(tokens)] if tokens[1].gap <= 4 else tokens
    if len(tokens) < 3:
        return tokens
    joined: list[_Token] = []
    start = 0
    while start < len(tokens):
        run = tokens[start : _end_of_spacing(tokens, start)]
        wide = sum(is_wide(token.text[0]) for token in run)
        if len(run) >= 3 and wide >= 2 and wide * 3 >= len(run):
            joined.append(_joined(run))
            start += len(run)
        else:
            joined.append(tokens[start])
            start += 1
    return joined


def _join_capitals(tokens: list[_Token]) -> list[_Token]:
    """Join P T A: three or more single capitals at word spaces, set solid with Japanese beside.

    That tells them from a list of letters (A B C), which has a space before and after it as well.
    """
    if len(tokens) < 3:
        return tokens
    joined: list[_Token] = []
    at = 0
    while at < len(tokens):
        end = at + 1
        while (
            end < len(tokens)
            and _SINGLE_END.search(tokens[end - 1].text)
            and (_SINGLE_START.match(tokens[end].text) and 0 < tokens[end].gap <= 0.5)
        ):
            end += 1
        run = tokens[at:end]
        solid = len(run) >= 3 and (len(run[0].text) > 1 or len(run[-1].text) > 1)
        if solid:
            joined.append(_joined(run))
        at = end if solid else at + 1
        joined += [] if solid else run[:1]
    return joined


def _end_of_spacing(tokens: Sequence[_Token], start: int) -> int:
    """Give where the short tokens end that follow `start` at nearly equal distances."""
    end = start + 1
    if len(tokens[start].text) > 2:
        return end
    least, most = math.inf, -math.inf
    while end < len(tokens):
        token = tokens[end]
        if not 0.1 < token.gap <= 2.5 or len(token.text) > 2:
            break
        if len(token.text) == 2 and is_wide(token.text[0]):
            break
        least, most = min(least, token.gap), max(most, token.gap)
        if most - least >= 0.45:
            break
        end += 1
    return end


def _part_rows(rows: Sequence[Sequence[_Token]]) -> list[list[list[_Token]]]:
    """Give the segments of each row, parted also where a closing mark narrows the gutter.

    A mark that hangs over its line's end (ぶら下げ, JIS X 4051) leaves less white than a gutter
    has; that other rows begin a segment at the very place tells it from a space.
    """
    parted = [_segments(tokens) for tokens in rows]
    begins = sorted(segment[0].glyphs[0].x0 for row in parted for segment in row[1:])
    return [_segments(tokens, begins) for tokens in rows] if begins else parted


def _segments(tokens: Sequence[_Token], begins: Sequence[float] = ()) -> list[list[_Token]]:
    segments: list[list[_Token]] = []
    for token in tokens:
        last = segments[-1][-1] if segments else None
        if (
            last is None
            or token.distance > _SPLIT_GAP * _em(last, token)
            or _hangs_before(last, token, begins)
        ):
            segments.append([])
        segments[-1].append(token)
    return segments


def _hangs_before(last: _Token, token: _Token, begins: Sequence[float]) -> bool:
    """Tell whether `last` ends in a mark that hangs into the gutter before `token`."""
    if last.text[-1] not in CLOSING or token.distance < 0.5 * _em(last, token):
        return False
    at = token.glyphs[0].x0
    return bisect_right(begins, at + 0.5) - bisect_left(begins, at - 0.5) >= 3


def _em(before: _Token, token: _Token) -> float:
    """Give the em that a gap is measured in: the smaller type's, unless it is a note's sign."""
    one, other = before.glyphs[0].size, token.glyphs[0].size
    small, large, sign = (other, one, token) if other < one else (one, other, before)
    return large if small < 0.7 * large and len(sign.text) <= 3 else small


def _space(last: str, token: _Token) -> str:
    """Give the space to print between `last` and the token: none, one, or a full-width one."""
    first = token.text[0]
    if is_wide(last) and is_wide(first):
        if "\u3000" in token.drawn or token.gap >= 0.75:
            return "\u3000"
        return ""
    if is_wide(last) or is_wide(first):
        if "\u3000" in token.drawn or token.gap >= 0.9:
            return "\u3000"
        return " " if token.drawn and token.gap > 0.2 else ""
    return " "


def _is_date(before: str, after: str) -> bool:
    """Tell whether a thin space lies within a date that is set solid before it: 平成22年7 月."""
    return bool(_SOLID_DATE.search(before)) and after.startswith(("年", "月", "日"))


def _line(tokens: Sequence[_Token], page: int) -> Line | None:
    text = ""
    marks: list[tuple[int, int]] = []
    glyphs = tokens[0].glyphs if len(tokens) == 1 else [g for t in tokens for g in t.glyphs]
    if not glyphs:
        return None
    sizes = [glyph.size for glyph in glyphs]
    size, smallest = _size(sizes), min(sizes)
    # Small glyphs, indices and signs of notes, do not count for the line's own height.
    tall = glyphs if smallest >= size * 0.7 else [g for g in glyphs if g.size >= size * 0.7]
    bottom = max(map(_bottom_of, tall))
    for token in tokens:
        if text:
            # A number or label and the words after it are set at a tab, however narrow.
            tab = token.gap > 0.15 and (
                _NUMBER.fullmatch(text)
                # ア alone may be the first letter of a word that is letter-spaced.
                or (_KANA_LABEL.fullmatch(text) and token.drawn and len(token.text) > 1)
            )
            within_date = token.gap < 0.75 and _is_date(text, token.text)
            text += "" if within_date else _space(text[-1], token) or (" " if tab else "")
        if smallest >= size * 0.75:
            text += token.text
            continue
        for glyph in token.glyphs:
            raised = glyph.size < size * 0.75 and glyph.bottom < bottom - size * 0.15
            if raised:
                marks.append((len(text), len(text) + len(glyph.text)))
            text += glyph.text
    box = Box(
        page,
        round(glyphs[0].x0, 2),
        round(min(map(_top_of, tall)), 2),
        round(max(map(_end_of, glyphs)), 2),
        round(bottom, 2),
    )
    fonts = [glyph.font for glyph in glyphs]
    font, bold = fonts[0], len(glyphs)
    if fonts.count(font) < len(fonts):
        font = max(set(fonts), key=lambda font: (fonts.count(font), font))
        bold = len([glyph for glyph in glyphs if glyph.doubled or _is_bold(glyph.font)])
    elif not _is_bold(font):
        bold = sum(map(_is_doubled, glyphs))
    return Line(
        text, box, round(size, 1), bold * 10 >= len(glyphs) * 9, marks=_merge_spans(marks),
        font=font,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _is_bold(font: str) -> bool:
    return bool(_BOLD.search(font))


def _size(sizes: Sequence[float]) -> float:
    """Give the most frequent of the sizes, to a tenth of a point."""
    if sizes.count(sizes[0]) == len(sizes):
        return round(sizes[0], 1)
    rounded = [round(size, 1) for size in sizes]
    return max(set(rounded), key=lambda size: (rounded.count(size), size))


def _merge_spans(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return tuple(merged)


def _attach_ruby(lines: list[Line]) -> list[Line]:
    """Take small kana right above a line out of the text and note them on their base."""
    kept: list[Line] = []
    above: list[Line] = []
    for line in lines:
        (above if _KANA.fullmatch(line.text.replace("\u3000", "")) else kept).append(line)
    if not above:
        return lines
    for small in above:
        base = next((line for line in kept if _is_base(line, small)), None)
        if base is None:
            kept.append(small)
            continue
        at = kept.index(base)
        kept[at] = replace(base, ruby=(*base.ruby, (*_base_span(base, small), small.text)))
    kept.sort(key=lambda line: (line.box.top, line.box.x0))
    return kept


def _is_base(line: Line, small: Line) -> bool:
    gap = line.box.top - small.box.bottom
    return (
        small.size <= line.size * 0.6
        and -0.6 * small.size <= gap <= 0.7 * small.size
        and small.box.x0 >= line.box.x0 - line.size
        and small.box.x1 <= line.box.x1 + line.size
    )


def _base_span(line: Line, small: Line) -> tuple[int, int]:
    """Estimate which characters of `line` stand under `small`, by even advance."""
    width = (line.box.x1 - line.box.x0) / max(len(line.text), 1)
    start = max(0, round((small.box.x0 - line.box.x0) / width))
    end = min(len(line.text), max(start + 1, round((small.box.x1 - line.box.x0) / width)))
    return min(start, len(line.text) - 1), end
