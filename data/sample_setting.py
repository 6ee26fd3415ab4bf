"""How the sample documents are set: lines, pages, the table of measures. No words of their own."""

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont as FontFile
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
NEVER_FIRST = "、。，．・）」』】〕)]ー々っゃゅょぁぃぅぇぉァィゥェォッャュョ％"
KANGXI = {unicodedata.normalize("NFKC", chr(point)): chr(point) for point in range(0x2F00, 0x2FD6)}
"""Ideograph → the radical that some programs write in its place (人 → ⼈)."""

Toml = dict[str, Any]


def radicals(text: str) -> str:
    """Return `text` with ideographs replaced by their Kangxi radicals, which look the same."""
    return "".join(KANGXI.get(char, char) for char in text)


def register_fonts(fonts: dict[str, Path], text: str) -> None:
    """Make the fonts known by their names, each cut down to the characters of `text`.

    Without the cut every file would carry the hinting program of the whole font, 50 kB each.
    """
    options = Options(
        hinting=False, recalc_timestamp=False, layout_features=[], notdef_outline=True
    )
    for name, path in fonts.items():
        font = FontFile(path, recalcTimestamp=False)
        subsetter = Subsetter(options)
        subsetter.populate(text=text + radicals(text))
        subsetter.subset(font)
        small = io.BytesIO()
        font.save(small, reorderTables=None)
        small.seek(0)
        pdfmetrics.registerFont(TTFont(name, small))
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))


@dataclass(frozen=True)
class Style:
    """How a paragraph is set; lengths in points, indents in characters."""

    font: str = "mincho"
    size: float = 10.5
    leading: float = 18
    first: float = 0
    rest: float = 0
    before: float = 0


def words(text: str) -> Iterator[str]:
    """Yield the pieces between which a line may break: Latin words and numbers stay whole."""
    piece = ""
    for char in text:
        if char.isascii() and not char.isspace():
            piece += char
            continue
        if piece:
            yield piece
            piece = ""
        yield char
    if piece:
        yield piece


def wrap(text: str, style: Style, width: float) -> list[tuple[float, str]]:
    """Return the lines of `text` as (indent in points, words); a 、 takes its neighbour along."""
    lines: list[tuple[float, str]] = []
    line, indent = "", style.first * style.size
    for piece in words(text):
        fits = pdfmetrics.stringWidth(line + piece, style.font, style.size) <= width - indent
        if line and not fits:
            cut = len(line)
            while cut > 1 and (line + piece)[cut] in NEVER_FIRST:
                cut -= 1
            lines.append((indent, line[:cut]))
            line, indent = line[cut:], style.rest * style.size
        line += piece
    return [*lines, (indent, line)]


class Paper:
    """A PDF in the making: pages with a printed number, text at a place, rules."""

    def __init__(self, title: str, *, as_radicals: bool = False, numbered: bool = True) -> None:
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=A4, invariant=1, pageCompression=1)
        self.canvas.setTitle(title)
        self.as_radicals = as_radicals
        self.numbered = numbered
        self.page = 1

    def text(self, x: float, y: float, text: str, style: Style) -> None:
        """Print `text` with its base line at `y`."""
        self.canvas.setFont(style.font, style.size)
        self.canvas.drawString(x, y, radicals(text) if self.as_radicals else text)

    def middle(self, y: float, text: str, style: Style) -> None:
        """Print `text` in the middle of the page."""
        x = (WIDTH - pdfmetrics.stringWidth(text, style.font, style.size)) / 2
        self.text(x, y, text, style)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a straight rule."""
        self.canvas.setLineWidth(0.5)
        self.canvas.line(x0, y0, x1, y1)

    def turn(self) -> None:
        """Finish the page and begin another."""
        if self.numbered:
            self.middle(30, f"- {self.page} -", Style("mincho", 9))
        self.canvas.showPage()
        self.page += 1

    def bytes(self) -> bytes:
        """Finish the last page and give the file."""
        self.turn()
        self.canvas.save()
        return self.buffer.getvalue()


# --- the table of measures ---------------------------------------------------------------------


class MeasureTable:
    """Sets 施策名 / 省庁名 / 実施状況; rows break over pages, by turns with and without a rule."""

    edges = (40.0, 170.0, 256.0, 555.0)
    style = Style("mincho", 10.5, 17)
    top, bottom, pad = HEIGHT - 50, 112.0, 4.0

    def __init__(self, paper: Paper, y: float) -> None:
        self.paper = paper
        self.y = y
        self.breaks = 0
        self.rule_across(0)

    def wrapped(self, column: int, text: str) -> list[str]:
        """Return the lines of `text` in a column."""
        width = self.edges[column + 1] - self.edges[column] - 2 * self.pad
        return [line for _, line in wrap(text, self.style, width)]

    def rule_across(self, column: int) -> None:
        """Draw a rule from the left edge of `column` to the right."""
        self.paper.rule(self.edges[column], self.y, self.edges[-1], self.y)

    def room(self) -> int:
        """Return the number of lines that still fit into a row on this page."""
        return int((self.y - self.bottom - 2 * self.pad) // self.style.leading)

    def turn(self, *, closed: bool) -> None:
        """Go on to the next page; an open break has no rule below nor above it."""
        if closed:
            self.rule_across(0)
        self.paper.turn()
        self.y = self.top
        if closed:
            self.rule_across(0)

    def stretch(self, columns: Sequence[Sequence[str]], *, merged: bool = False) -> None:
        """Set one row, or a part of it, and its upright rules."""
        height = max(map(len, columns)) * self.style.leading + 2 * self.pad
        for left, lines in zip(self.edges, columns, strict=False):
            for number, line in enumerate(lines):
                down = self.pad + number * self.style.leading + self.style.size
                self.paper.text(left + self.pad, self.y - down, line, self.style)
        for edge in (self.edges[0], self.edges[-1]) if merged else self.edges:
            self.paper.rule(edge, self.y, edge, self.y - height)
        self.y -= height

    def heading(self, text: str) -> None:
        """Set a row that runs across all columns."""
        if self.room() < 5:
            self.turn(closed=True)
        self.stretch([[text]], merged=True)
        self.rule_across(0)

    def measure(self, title: str, rows: Sequence[Toml]) -> None:
        """Set a measure: its title beside one row for each list of ministries."""
        name = self.wrapped(0, title)
        if self.room() < len(name) + 1:
            self.turn(closed=True)
        for number, row in enumerate(rows):
            last = number == len(rows) - 1
            who = list(row["ministries"])
            what = [line for item in row["items"] for line in self.wrapped(2, item)]
            head = name if number == 0 else []
            if self.room() < max(len(who), 2):
                self.turn(closed=True)
            while len(what) > self.room():
                part, what = what[: self.room()], what[self.room() :]
                self.stretch([head, who, part])
                self.turn(closed=self.breaks % 2 == 0)
                self.breaks += 1
                head, who = [], []
            self.stretch([head, who, what])
            self.rule_across(0 if last else 1)


def set_small_table(paper: Paper, rows: Sequence[Sequence[str]], x: float, y: float) -> float:
    """Set a ruled table of one-line cells; return the y position of its end."""
    edges = [x, x + 106, x + 158, x + 242]
    height = 20
    paper.rule(edges[0], y, edges[-1], y)
    for row in rows:
        for left, cell in zip(edges, row, strict=False):
            paper.text(left + 3, y - 14, cell, Style("mincho", 9))
        for edge in edges:
            paper.rule(edge, y, edge, y - height)
        y -= height
        paper.rule(edges[0], y, edges[-1], y)
    return y


def set_contents(
    paper: Paper, entries: Sequence[tuple[int, str, int]], left: float, right: float
) -> None:
    """Set the page of contents, with leaders."""
    paper.middle(HEIGHT - 80, "目　次", Style("gothic", 14))
    style = Style(size=10)
    y = HEIGHT - 115
    for level, text, page in entries:
        x = left + (level - 1) * 14
        space = right - x - pdfmetrics.stringWidth(f"{text}{page} ", style.font, style.size)
        dots = "." * int(space // pdfmetrics.stringWidth(".", style.font, style.size))
        paper.text(x, y, f"{text}{dots} {page}", style)
        y -= 18
    paper.turn()
