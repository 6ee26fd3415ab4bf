"""Tiny builders: glyphs, lines, blocks and tables at a place, and PDFs drawn in memory.

Lengths are points from the top left corner. A wide character is as wide as the font size, any other
half of it, so that a line's width can be read off its words.
"""

import io
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from shisaku.ingest.model import (
    Block,
    Box,
    Cell,
    Document,
    Line,
    Page,
    Passage,
    RawDocument,
    Source,
    TableBlock,
    TextBlock,
)
from shisaku.ingest.pdf.glyphs.glyph import Glyph, make_glyph
from shisaku.ingest.structure import build_document
from shisaku.ingest.text.joining import ends_sentence, is_wide

WIDTH, HEIGHT = 595.0, 842.0
"""A4, upright."""

Role = Literal["", "title", "heading", "list_item", "caption", "footnote"]


def advance(char: str, size: float) -> float:
    """Give the width of a character."""
    return size if is_wide(char) or char == "\u3000" else size / 2


def span(text: str, size: float) -> float:
    """Give the width of a line."""
    return sum(advance(char, size) for char in text)


# --- glyphs ------------------------------------------------------------------------------------


def glyphs(
    text: str, x: float = 72, top: float = 72, size: float = 10, *, pitch: float = 0,
    font: str = "Mincho",
) -> list[Glyph]:  # fmt: skip
    """Set `text` at a place, `pitch` points between its characters; spaces are drawn."""
    set_: list[Glyph] = []
    for char in text:
        width = advance(char, size)
        set_.append(make_glyph(char, x, top, x + width, top + size, size, font))
        x += width + pitch
    return set_


def spaced(words: Sequence[str], gap: float, x: float = 72, top: float = 72, size: float = 10,
           *, drawn: str = "") -> list[Glyph]:  # fmt: skip
    """Set `words` with `gap` points between them; `drawn` is the space that the file draws there.

    Glyphs within a word touch.
    """
    set_: list[Glyph] = []
    for word in words:
        if set_ and drawn:
            last = set_[-1].x1
            set_.append(make_glyph(drawn, last, top, last + gap, top + size, size, "Mincho"))
        set_ += glyphs(word, x, top, size)
        x += span(word, size) + gap
    return set_


def chars(
    text: str, x: float = 72, top: float = 72, size: float = 10, font: str = "Mincho"
) -> list[dict[str, Any]]:
    """Set `text` as pdfplumber gives it."""
    return [
        {"text": g.text, "x0": g.x0, "top": g.top, "x1": g.x1, "bottom": g.bottom,
         "size": g.size, "fontname": g.font, "upright": True}
        for g in glyphs(text, x, top, size, font=font)
    ]  # fmt: skip


def printed(lines: Iterable[Line]) -> list[str]:
    """Give the words of `lines`."""
    return [line.text for line in lines]


# --- lines and blocks --------------------------------------------------------------------------


def line(
    text: str, x: float = 72, top: float = 72, size: float = 10, *, bold: bool = False,
    page: int = 1, font: str = "", right: float | None = None,
) -> Line:  # fmt: skip
    """Set a line; `right` says where it ends, if not where its width says."""
    end = x + span(text, size) if right is None else right
    return Line(text, Box(page, x, top, end, top + size), size, bold, font=font)


def lines(
    texts: Sequence[str], x: float = 72, top: float = 72, size: float = 10, leading: float = 16,
    **more: Any,
) -> list[Line]:  # fmt: skip
    """Set lines one under the other."""
    return [line(text, x, top + at * leading, size, **more) for at, text in enumerate(texts)]


def block(
    text: str, *, page: int = 1, x: float = 72, top: float = 100, size: float = 10.5,
    bold: bool = False, role: Role = "", level: int | None = None, indent: float = 0,
    open_end: bool = False, centered: bool = False,
) -> TextBlock:  # fmt: skip
    """Set a paragraph in lines of forty characters."""
    pieces = [text[at : at + 40] for at in range(0, len(text), 40)] or [""]
    rows = lines(pieces, x, top, size, size * 1.6, page=page, bold=bold)
    return TextBlock(text, tuple(rows), role, level, indent, open_end, centered)


def table(
    rows: Sequence[Sequence[str]], *, page: int = 1, edges: Sequence[float] = (),
    open_top: bool = False, open_bottom: bool = False, open_columns: Sequence[int] | None = None,
    header: int = 0, top: float = 100, size: float = 10.5,
) -> TableBlock:  # fmt: skip
    """Set a table: "<" belongs to the cell at its left, "^" to the one above, a line feed parts.

    What does not end its sentence fills its line. With `open_top` or `open_bottom` the rule is
    missing there, in all columns or in `open_columns`. The first `header` rows are marked as heads.
    """
    width = len(rows[0])
    places = tuple(edges) or tuple(72.0 + 100 * at for at in range(width + 1))
    cells = []
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            if text in {"<", "^"}:
                continue
            down = across = 1
            while column + across < width and rows[row][column + across] == "<":
                across += 1
            while row + down < len(rows) and rows[row + down][column] == "^":
                down += 1
            box = Box(page, places[column], top + 20 * row, places[column + across],
                      top + 20 * (row + down))  # fmt: skip
            blocks = tuple(
                block(part, page=page, x=box.x0 + 2, top=box.top + 2, size=size,
                      open_end=not ends_sentence(part))
                for part in text.split("\n")
                if part
            )  # fmt: skip
            free = open_columns is None or column in open_columns
            cells.append(
                Cell(row, column, blocks, down, across, row < header, box,
                     open_top and free and row == 0,
                     open_bottom and free and row + down == len(rows))
            )  # fmt: skip
    box = Box(page, places[0], top, places[-1], top + 20 * len(rows))
    return TableBlock(
        tuple(cells), len(rows), width, box, places, open_top=open_top, open_bottom=open_bottom
    )


def rows_of(block: Block) -> list[list[str]]:
    """Give the texts of a table row by row, as `table` takes them."""
    assert isinstance(block, TableBlock)
    shown = [["" for _ in range(block.columns)] for _ in range(block.rows)]
    for cell in block.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            for column in range(cell.column, cell.column + cell.colspan):
                assert not shown[row][column], "two cells at one place"
                shown[row][column] = "<" if column > cell.column else "^"
        shown[cell.row][cell.column] = cell.text
    return shown


def texts(blocks: Iterable[Block]) -> list[str]:
    """Give the words of the paragraphs among `blocks`."""
    return [each.text for each in blocks if isinstance(each, TextBlock)]


# --- documents ---------------------------------------------------------------------------------


def pages(*blocks: Sequence[Block]) -> list[Page]:
    """Give pages with these blocks."""
    return [Page(at, WIDTH, HEIGHT, tuple(each)) for at, each in enumerate(blocks, start=1)]


def document(*blocks: Sequence[Block], title: str | None = None, name: str = "x.pdf") -> Document:
    """Give the document that pages with these blocks make."""
    raw = RawDocument(tuple(pages(*blocks)), title=title)
    return build_document(raw, document_id=name, sources=(Source(f"raw/{name}"),), sha256="0" * 64)


def of_type(document: Document, kind: str) -> list[Passage]:
    """Give the passages of one type."""
    return [passage for passage in document.passages if passage.type == kind]


# --- rules and PDFs ----------------------------------------------------------------------------


def rule(x0: float, top: float, x1: float, bottom: float) -> dict[str, Any]:
    """Give a straight rule as pdfplumber gives it."""
    return {
        "x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0,
        "height": bottom - top, "orientation": "h" if top == bottom else "v",
        "object_type": "line",
    }  # fmt: skip


def grid(xs: Sequence[float], ys: Sequence[float]) -> list[dict[str, Any]]:
    """Give the rules of a full grid."""
    return [rule(xs[0], y, xs[-1], y) for y in ys] + [rule(x, ys[0], x, ys[-1]) for x in xs]


class Sheets:
    """A PDF in the making, set in an unembedded CID font."""

    def __init__(self, *, title: str = "", password: str = "") -> None:
        if "HeiseiMin-W3" not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
        self._buffer = io.BytesIO()
        self._canvas = Canvas(
            self._buffer, pagesize=(WIDTH, HEIGHT), invariant=1, encrypt=password or None
        )
        if title:
            self._canvas.setTitle(title)

    def text(self, x: float, top: float, words: str, size: float = 10.5) -> None:
        """Print `words` with their top left corner at a place."""
        self._canvas.setFont("HeiseiMin-W3", size)
        self._canvas.drawString(x, HEIGHT - top - size * 0.86, words)

    def upright(self, x: float, top: float, words: str, size: float = 10.5) -> None:
        """Print `words` from top to bottom, glyph by glyph."""
        for at, char in enumerate(words):
            self.text(x, top + at * size * 1.1, char, size)

    def turned(self, x: float, bottom: float, words: str, size: float = 10.5) -> None:
        """Print `words` turned to the left, so that they run from the bottom to the top."""
        self._canvas.saveState()
        self._canvas.translate(x, HEIGHT - bottom)
        self._canvas.rotate(90)
        self._canvas.setFont("HeiseiMin-W3", size)
        self._canvas.drawString(0, 0, words)
        self._canvas.restoreState()

    def rule(self, x0: float, top: float, x1: float, bottom: float) -> None:
        """Draw a straight rule."""
        self._canvas.setLineWidth(0.5)
        self._canvas.line(x0, HEIGHT - top, x1, HEIGHT - bottom)

    def grid(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        """Draw the rules of a full grid."""
        for each in grid(xs, ys):
            self.rule(each["x0"], each["top"], each["x1"], each["bottom"])

    def picture(self) -> None:
        """Put a picture on the page."""
        from reportlab.lib.utils import ImageReader

        pixel = io.BytesIO(b"P6 1 1 255 \x10\x10\x10")
        self._canvas.drawImage(ImageReader(pixel), 0, 0, WIDTH, HEIGHT)

    def turn(self) -> None:
        """Begin another page."""
        self._canvas.showPage()

    def bytes(self) -> bytes:
        """Give the file."""
        self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue()
