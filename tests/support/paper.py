"""Pages as ministries print them, drawn with reportlab: paragraphs, tables with merged cells."""

import io
from collections.abc import Collection, Sequence

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

TEXT, BOLD = "HeiseiMin-W3", "HeiseiKakuGo-W5"
_NOT_FIRST = "、。）」】〕］・"
"""What begins no line."""
_PAD = 4.0
"""Points between the rules of a cell and its text."""


def _wrapped(text: str, width: int) -> list[str]:
    """Part text into lines of `width` characters at most."""
    lines = []
    for part in text.split("\n"):
        while len(part) > width:
            end = width
            while part[end] in _NOT_FIRST:
                end -= 1
            lines.append(part[:end])
            part = part[end:]
        lines.append(part)
    return lines


class Paper:
    """A document that is drawn from the top; `size` of letters and `lead` of lines in points."""

    def __init__(
        self, shape: tuple[float, float] = (595.0, 842.0), *, size: float = 10.5,
        lead: float = 17.0, margin: float = 60.0,
    ) -> None:  # fmt: skip
        for font in (TEXT, BOLD):
            pdfmetrics.registerFont(UnicodeCIDFont(font))
        self._data = io.BytesIO()
        self._canvas = Canvas(self._data, pagesize=shape, invariant=1)
        self._width, self._height = shape
        self._size, self._lead, self._margin = size, lead, margin
        self._number = 1
        self._y = self._height - margin

    def turn(self) -> None:
        """End the page, with its number at the foot."""
        self._canvas.setFont(TEXT, 9)
        self._canvas.drawCentredString(self._width / 2, 28, str(self._number))
        self._canvas.showPage()
        self._number += 1
        self._y = self._height - self._margin

    def space(self, lines: float) -> None:
        """Leave lines empty."""
        self._y -= lines * self._lead

    def centre(self, text: str, size: float = 12.0) -> None:
        """Set a line of a cover."""
        self._y -= self._lead * 1.5
        self._canvas.setFont(BOLD if size > 12 else TEXT, size)
        self._canvas.drawCentredString(self._width / 2, self._y, text)

    def line(self, text: str, indent: float = 0.0, *, bold: bool = False, size: float = 0) -> None:
        """Set a line, `indent` characters from the margin."""
        if self._y - self._lead < self._margin:
            self.turn()
        self._y -= self._lead
        self._canvas.setFont(BOLD if bold else TEXT, size or self._size)
        self._canvas.drawString(self._margin + indent * self._size, self._y, text)

    def paragraph(self, text: str, indent: float = 0.0, first: float = 1.0) -> None:
        """Set a paragraph whose first line stands `first` characters from the others."""
        width = int((self._width - 2 * self._margin) / self._size - indent)
        opening = _wrapped(text, int(width - first))[0]
        self.line(opening, indent + first)
        for line in _wrapped(text[len(opening) :], width) if len(opening) < len(text) else ():
            self.line(line, indent)

    def table(
        self, widths: Sequence[float], rows: Sequence[Sequence[str | None]], *,
        head: Sequence[str] = (), merged: Collection[int] = (),
    ) -> None:  # fmt: skip
        """Set a table that goes on on the next page, its head repeated.

        None in a column of `merged` belongs to the cell above.
        """
        edges = [self._margin]
        for width in widths:
            edges.append(edges[-1] + width)
        if head:
            self._row(edges, head, range(len(widths)))
        for row in rows:
            ruled = [at for at, text in enumerate(row) if at not in merged or text is not None]
            if self._y - self._tall(edges, row) < self._margin:
                self._rule(edges[0], edges[-1])
                self.turn()
                if head:
                    self._row(edges, head, range(len(widths)))
                ruled = list(range(len(widths)))
            self._row(edges, row, ruled)
        self._rule(edges[0], edges[-1])

    def _cells(self, edges: Sequence[float], row: Sequence[str | None]) -> list[list[str]]:
        return [
            _wrapped(text, int((edges[at + 1] - edges[at] - 2 * _PAD) // self._size))
            if text else [] for at, text in enumerate(row)
        ]  # fmt: skip

    def _tall(self, edges: Sequence[float], row: Sequence[str | None]) -> float:
        return max(map(len, self._cells(edges, row))) * self._size * 1.4 + 2 * _PAD

    def _row(
        self, edges: Sequence[float], row: Sequence[str | None], ruled: Collection[int]
    ) -> None:
        height = self._tall(edges, row)
        for at, lines in enumerate(self._cells(edges, row)):
            self._canvas.setFont(TEXT, self._size)
            for number, line in enumerate(lines):
                baseline = self._y - _PAD - self._size * (1 + 1.4 * number) + 1
                self._canvas.drawString(edges[at] + _PAD, baseline, line)
        for edge in edges:
            self._canvas.line(edge, self._y, edge, self._y - height)
        for at in ruled:
            self._rule(edges[at], edges[at + 1])
        self._y -= height

    def _rule(self, start: float, end: float) -> None:
        self._canvas.line(start, self._y, end, self._y)

    def data(self) -> bytes:
        """End the document and give its bytes."""
        self.turn()
        self._canvas.save()
        return self._data.getvalue()
