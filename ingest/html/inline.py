"""Runs of text inside one block → lines as a browser would set them.

White space collapses; a line end of the source between two wide characters is no space (CSS Text
Module Level 3, 4.1.3), so that a phrase broken between 対象 and となる stays one. Ruby readings and
superscripts are kept as spans beside the text.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from shisaku.ingest.model import Box, Line
from shisaku.ingest.text.radicals import repair_radicals

NOWHERE = Box(page=1, x0=0.0, top=0.0, x1=0.0, bottom=0.0)
"""A web page has no measures: it is one page, and every box is empty."""

BASE_SIZE = 12.0
"""Font size in points of text that the page does not set otherwise (16 px)."""

_SPACE = re.compile(r"([ \t\n\r\f]+)")
_BREAK = "\v"
# Invisible, and poison for search: zero-width space, soft hyphen, byte order mark.
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u00ad\ufeff\u2060\v"))


class Style(Struct, frozen=True):
    """How a run of text is set, inherited from its elements."""

    bold: bool = False
    size: float = BASE_SIZE
    raised: bool = False
    link: str = ""
    """"page" inside a link to a place in the same page, "out" inside any other link."""
    pre: bool = False
    centered: bool = False
    heading: int = 0
    depth: int = 0
    """Number of lists around it."""
    role: str = ""


@dataclass(frozen=True)
class SetLine:
    """A line with what only the block builder needs: its indent and its share of links."""

    line: Line
    indent: float = 0.0
    linked: int = 0
    in_page: int = 0
    """Characters in links, and in links to the same page."""


Run = tuple[str, Style]


@dataclass
class Inline:
    """Collects the runs of one block; `take` gives its lines and starts anew."""

    _runs: list[Run] = field(default_factory=list)
    _ruby: list[tuple[int, int, str]] = field(default_factory=list)
    """First run, run after the last, reading."""
    _base: int = 0

    def add(self, text: str, style: Style) -> None:
        """Add a run of text."""
        text = text.translate(_INVISIBLE)
        first, *others = text.split("\n") if style.pre else [text]
        self._runs.append((first, style))
        for other in others:
            self.line_break(style)
            self._runs.append((other, style))

    def line_break(self, style: Style) -> None:
        """End the line (`<br>`)."""
        self._runs.append((_BREAK, style))

    def open_ruby(self) -> None:
        """Begin the base text of a ruby annotation."""
        self._base = len(self._runs)

    def annotate(self, reading: str) -> None:
        """Attach `reading` to the base text since the last annotation."""
        reading = "".join(reading.split())
        if reading and len(self._runs) > self._base:
            self._ruby.append((self._base, len(self._runs), repair_radicals(reading)))
        self._base = len(self._runs)

    def take(self) -> list[SetLine]:
        """Return the lines, empty ones included, without empty ones at either end."""
        runs, ruby = self._runs, self._ruby
        self._runs, self._ruby, self._base = [], [], 0
        ends = [at for at, (text, _) in enumerate(runs) if text == _BREAK]
        lines = [
            _set_line(runs, start, end, ruby)
            for start, end in zip([0, *(at + 1 for at in ends)], [*ends, len(runs)], strict=True)
        ]
        filled = [at for at, line in enumerate(lines) if line.line.text]
        return lines[filled[0] : filled[-1] + 1] if filled else []


@lru_cache(maxsize=65536)
def is_wide(char: str) -> bool:
    """Whether `char` is set in a full square, so that no space belongs beside it."""
    return unicodedata.east_asian_width(char) in "WFH" and not "\uac00" <= char <= "\ud7a3"


def _no_space(before: str, after: str, newline: bool) -> bool:
    # Beside an ideographic space another one is never meant.
    return newline and ("\u3000" in (before, after) or (is_wide(before) and is_wide(after)))


def _set_line(runs: list[Run], start: int, end: int, ruby: list[tuple[int, int, str]]) -> SetLine:
    parts: list[str] = []
    spans: list[tuple[int, int, Style]] = []
    places: dict[int, tuple[int, int]] = {}  # run → its span in the text
    length = 0
    space = newline = False
    for number in range(start, end):
        text, style = runs[number]
        for piece in [text] if style.pre else _SPACE.split(text):
            if not piece:
                continue
            if not style.pre and _SPACE.match(piece):
                space, newline = True, newline or "\n" in piece or "\r" in piece
                continue
            if space and parts and not _no_space(parts[-1][-1], piece[0], newline):
                parts.append(" ")
                length += 1
            space = newline = False
            parts.append(piece)
            spans.append((length, length + len(piece), style))
            places[number] = (places.get(number, (length, 0))[0], length + len(piece))
            length += len(piece)
    whole = "".join(parts)
    text = whole.strip()
    lead = len(whole) - len(whole.lstrip())
    shown = [
        (max(begin - lead, 0), min(stop - lead, len(text)), style)
        for begin, stop, style in spans
        if whole[begin:stop].strip()
    ]
    line = Line(
        text=repair_radicals(text),
        box=NOWHERE,
        size=shown[0][2].size if shown else 0.0,
        bold=bool(shown) and all(style.bold for _, _, style in shown),
        ruby=tuple(_ruby_spans(_within(ruby, start, end), places, lead, len(text))),
        marks=tuple(_raised(shown)),
    )
    return SetLine(
        line=line,
        indent=sum(1.0 if is_wide(char) else 0.5 for char in whole[:lead]),
        linked=sum(_letters(text[at:to]) for at, to, style in shown if style.link),
        in_page=sum(_letters(text[at:to]) for at, to, style in shown if style.link == "page"),
    )


def _letters(text: str) -> int:
    return sum(map(len, text.split()))


def _within(ruby: list[tuple[int, int, str]], start: int, end: int) -> list[tuple[int, int, str]]:
    """Return the annotations of the runs from `start` to `end`; all are in the order of runs."""
    first = bisect_right(ruby, start, key=lambda each: each[1])
    return ruby[first : bisect_left(ruby, end, key=lambda each: each[0])]


def _ruby_spans(
    ruby: list[tuple[int, int, str]], places: dict[int, tuple[int, int]], lead: int, length: int
) -> Iterator[tuple[int, int, str]]:
    for first, after, reading in ruby:
        bases = [places[number] for number in range(first, after) if number in places]
        if bases and lead <= bases[0][0] and bases[-1][1] - lead <= length:
            yield bases[0][0] - lead, bases[-1][1] - lead, reading


def _raised(spans: list[tuple[int, int, Style]]) -> list[tuple[int, int]]:
    raised: list[tuple[int, int]] = []
    for begin, end, style in spans:
        if not style.raised:
            continue
        if raised and raised[-1][1] == begin:
            raised[-1] = (raised[-1][0], end)
        else:
            raised.append((begin, end))
    return raised


# What begins a paragraph or item of its own after a mere line break.
_BULLET = r"[・○◎●◯◇◆□■△▲▽▼※★☆＊]"
_NUMBERED = re.compile(
    r"[①-⑳⑴-⒇㉑-㉟]"
    r"|[（(](?:[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3}|[ア-ンａ-ｚa-z])[）)]"
    r"|[0-9０-９]{1,3}(?:[．.、)）](?![0-9０-９])|[ \u3000])|[一二三四五六七八九十]{1,3}[、\u3000]"
    r"|第[0-9０-９一二三四五六七八九十百]+[部章節款条]?(?:の[一二三四五六七八九十]+)*"
    r"(?:[ \u3000]|$)"
)
# The heading of an annex of a law, alone on its line: 別表第二　（第三条関係）.
_ANNEX = re.compile(
    r"(?:別表|別記|様式)(?:第[0-9０-９一二三四五六七八九十]+)?(?:の[0-9０-９一二三四五六七八九十]+)*"
    r"[\s\u3000]*(?:[（(][^（()）]{1,30}関係[）)])?"
)
_STARTS = re.compile(f"{_BULLET}|{_NUMBERED.pattern}")
# A line that ends so has not ended its sentence: pages that were broken by hand at the margin.
_UNFINISHED = tuple("、，をがはのにとでへも")


def starts_block(line: SetLine) -> bool:
    """Whether a line after `<br>` is a paragraph of its own: indented, or with a mark or label."""
    text = line.line.text
    return line.indent >= 1.0 or bool(_STARTS.match(text) or _ANNEX.fullmatch(text.strip()))


def is_numbered(line: SetLine) -> bool:
    """Whether a line begins with the label of a part or an item, not with a bullet."""
    return bool(_NUMBERED.match(line.line.text))


def join_lines(lines: tuple[Line, ...]) -> str:
    """Return the text of a block: line feeds between its lines, except inside a sentence."""
    parts = [lines[0].text]
    for above, line in pairwise(lines):
        parts.append(line.text if above.text.endswith(_UNFINISHED) else f"\n{line.text}")
    return "".join(parts)
