"""What is printed on the pages of a PDF, read with pdfplumber alone and none of the parser's code.

The witness against which the parser is held: its characters, and the lines that they make.
"""

import logging
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pdfplumber

from bench.corpus import key
from shisaku.ingest.pdf.painting.symbols import printed, symbols_of


@dataclass(frozen=True)
class PrintedPage:
    """The characters of a page, each once, in points from the corner of what is shown of it."""

    number: int
    width: float
    height: float
    chars: tuple[dict[str, Any], ...]
    unknown: int = 0
    """Glyphs for which the file names a control character; what they show cannot be told here."""

    def words(self) -> str:
        """Return the folded characters of the page, in the order in which the file draws them."""
        return key("".join(char["text"] for char in self.chars))


def printed_pages(path: Path, only: Sequence[int] = ()) -> Iterator[PrintedPage]:
    """Yield the pages of a PDF, or those of the numbers `only` (from 1)."""
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    with pdfplumber.open(path) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            if only and number not in only:
                continue
            left, top, right, bottom = (float(edge) for edge in page.cropbox)
            shown = (_shift(_sign(char), left, top) for char in page.chars)
            chars = tuple(_once(shown, right - left, bottom - top))
            unknown = sum(char["text"] == "\0" for char in page.chars)
            yield PrintedPage(number, right - left, bottom - top, chars, unknown)
            page.close()


def _sign(char: dict[str, Any]) -> dict[str, Any]:
    """Return a character of a symbol font as the sign that it prints (symbols.toml)."""
    signs = symbols_of(char["fontname"])
    return {**char, "text": printed(signs, char["text"], -1, stated=True)} if signs else char


def _shift(char: dict[str, Any], left: float, top: float) -> dict[str, Any]:
    places = {"x0": left, "x1": left, "top": top, "bottom": top}
    return {**char, **{edge: char[edge] - origin for edge, origin in places.items()}}


def _once(chars: Iterable[dict[str, Any]], width: float, height: float) -> Iterator[dict[str, Any]]:
    """Yield what stands on the page; a glyph struck twice within an eighth of its size is one."""
    struck: dict[str, list[tuple[float, float]]] = {}
    for char in chars:
        if char["x1"] < 0 or char["x0"] > width or char["bottom"] < 0 or char["top"] > height:
            continue
        text = char["text"]
        if all(unicodedata.category(part) in {"Cc", "Cf", "Cs"} for part in text):
            continue
        if text.startswith("(cid:"):
            char = {**char, "text": "\ufffd"}
        if text.strip():
            places = struck.setdefault(text, [])
            limit = max(char["size"], 1.0) / 8
            here = (char["x0"], char["top"])
            if any(abs(x - here[0]) <= limit and abs(top - here[1]) <= limit for x, top in places):
                continue
            places.append(here)
        yield char


@dataclass(frozen=True)
class PrintedLine:
    """A run of characters along one line, parted from its neighbours by white space."""

    text: str
    x0: float
    top: float


def lines(page: PrintedPage, *, vertical: bool = False) -> list[PrintedLine]:
    """Return the lines of a page, top down (right to left in vertical writing).

    Two characters are of one line where the gap between them is below 0.8 of their size (2.2 in
    vertical writing, whose spaces are often not drawn); spaces that are drawn close a gap.
    """
    along, across = ("top", "x0") if vertical else ("x0", "top")
    far, limit = ("bottom", 2.2) if vertical else ("x1", 0.8)
    rows: list[list[dict[str, Any]]] = []
    for char in sorted(page.chars, key=lambda char: (_middle(char, across), char[along])):
        if rows and abs(_middle(rows[-1][-1], across) - _middle(char, across)) < 0.3 * char["size"]:
            rows[-1].append(char)
        else:
            rows.append([char])
    found: list[PrintedLine] = []
    for row in rows:
        row.sort(key=lambda char: char[along])
        run: list[dict[str, Any]] = []
        for char in row:
            if run and char[along] - run[-1][far] > limit * max(char["size"], 1.0):
                found.append(_line(run))
                run = []
            run.append(char)
        found.append(_line(run))
    found = [line for line in found if line.text]
    if vertical:
        return sorted(found, key=lambda line: (-line.x0, line.top))
    return sorted(found, key=lambda line: (line.top, line.x0))


def _middle(char: dict[str, Any], across: str) -> float:
    low, high = ("x0", "x1") if across == "x0" else ("top", "bottom")
    return float(char[low] + char[high]) / 2


def _line(run: Sequence[dict[str, Any]]) -> PrintedLine:
    text = key("".join(char["text"] for char in run))
    return PrintedLine(text, run[0]["x0"], run[0]["top"])
