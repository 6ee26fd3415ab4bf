"""Sets strings: from the text state (ISO 32000-1, 9.3 and 9.4) to characters with their boxes.

The arithmetic follows pdfminer term by term, since tables and columns are told apart by hundredths
of points; only what is the same for a whole string is worked out once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pdfminer.utils import MATRIX_IDENTITY, Matrix, apply_matrix_rect, mult_matrix

from ingest.pdf.painting.fonts import Font
from ingest.pdf.painting.sheet import Sheet


@dataclass(slots=True)
class TextState:
    """The text state; `x` and `y` are where the next character stands in the line's own space."""

    font: Font | None = None
    size: float = 0
    charspace: float = 0
    wordspace: float = 0
    scaling: float = 100
    leading: float = 0
    rise: float = 0
    matrix: Matrix = MATRIX_IDENTITY
    x: float = 0
    y: float = 0

    def move(self, x: float, y: float) -> None:
        """Begin a line, x and y from where this one began."""
        a, b, c, d, e, f = self.matrix
        self.matrix = (a, b, c, d, x * a + y * c + e, x * b + y * d + f)
        self.x = self.y = 0

    def saved(self) -> tuple[Any, ...]:
        """Give the state as `restore` takes it."""
        return (
            self.font, self.size, self.charspace, self.wordspace, self.scaling, self.leading,
            self.rise, self.matrix, self.x, self.y,
        )  # fmt: skip

    def restore(self, saved: tuple[Any, ...]) -> None:
        """Take a saved state back."""
        (
            self.font, self.size, self.charspace, self.wordspace, self.scaling, self.leading,
            self.rise, self.matrix, self.x, self.y,
        ) = saved  # fmt: skip


Spacing = tuple[float, float, float, float]
"""Scaling, space after characters and words, and the unit of adjustments."""


def show_strings(sheet: Sheet, state: TextState, parts: Sequence[Any]) -> None:
    """Show strings, `parts`, with the numbers between them as adjustments (TJ)."""
    begin = len(sheet.chars)
    _set(sheet, state, parts)
    _gather(sheet, begin)


def show_steps(
    sheet: Sheet, state: TextState, steps: Sequence[tuple[Sequence[float], bytes]]
) -> None:
    """Show strings, each from a place of its own: x and y from the last (Td) or a matrix (Tm)."""
    begin = len(sheet.chars)
    font = state.font
    a0, b0, c0, _, e0, _ = sheet.ctm
    spacing = _spacing(state)
    level = None
    for place, string in steps:
        if len(place) == 2:
            state.move(*place)
        else:
            state.matrix = place  # type: ignore[assignment]
            state.x = state.y = 0
        a, b, c, d, e, f = state.matrix
        if font is not None and level == (a, b, c, d, f):
            # Only x differs from the string before.
            _advance(sheet, state, (string,), a0 * a, a0 * e + e0, spacing)
            continue
        _set(sheet, state, (string,))
        along = font is not None and not font.vertical and b0 == 0 == c0 and b == 0 == c
        level = (a, b, c, d, f) if along else None
    _gather(sheet, begin)


def _gather(sheet: Sheet, begin: int) -> None:
    """Keep the characters from number `begin` on for the /ActualText that stands for them."""
    if sheet.gathering is not None:
        sheet.gathering += sheet.chars[begin:]


def _spacing(state: TextState) -> Spacing:
    scaling = state.scaling * 0.01
    # Word spacing is for codes of one byte (9.3.3).
    wordspace = 0 if state.font is None or state.font.multibyte else state.wordspace * scaling
    return (scaling, state.charspace * scaling, wordspace, 0.001 * state.size * scaling)


def _set(sheet: Sheet, state: TextState, parts: Sequence[Any]) -> None:
    font = state.font
    if font is None:
        return
    spacing = _spacing(state)
    scaling = spacing[0]
    a, b, c, d, e, f = state.matrix
    a0, b0, c0, d0, e0, f0 = sheet.ctm
    model = sheet.model
    model["fontname"] = font.name
    if b == 0 == c and b0 == 0 == c0 and not font.vertical:
        # Terms that are zero add nothing.
        a, d = a0 * a, d0 * d
        model["upright"] = a * d * scaling > 0
        _level(sheet, state, d, d0 * f + f0)
        _advance(sheet, state, parts, a, a0 * e + e0, spacing)
    else:
        matrix = mult_matrix(state.matrix, sheet.ctm)
        model["upright"] = matrix[0] * matrix[3] * scaling > 0 and matrix[1] * matrix[2] <= 0
        _turned(sheet, state, parts, matrix, spacing)


def _level(sheet: Sheet, state: TextState, d: float, f: float) -> None:
    """Have `model` stand at the height of a line that is neither turned nor slanted.

    `d` and `f` are of its matrix.
    """
    font, size = state.font, state.size
    assert font is not None
    f1 = state.y * d + f
    low = font.descent * size + state.rise
    y0, y1 = d * low + f1, d * (low + size) + f1
    if y1 < y0:
        y0, y1 = y1, y0
    model, height, above = sheet.model, sheet.height, sheet.above
    model["size"] = y1 - y0
    model["top"] = top = (height - y1) + above
    model["bottom"] = (height - y0) + above
    model["doctop"] = sheet.doctop + top


def _advance(
    sheet: Sheet, state: TextState, parts: Sequence[Any], a: float, e: float, spacing: Spacing
) -> None:
    """Set a line that is neither turned nor slanted: all is as in `model`, only x advances.

    `a` and `e` are of its matrix.
    """
    font, size, x, left = state.font, state.size, state.x, sheet.left
    assert font is not None
    scaling, charspace, wordspace, unit = spacing
    known, look_up = font.short.get, font.look_up
    add, copy = sheet.chars.append, sheet.model.copy
    spaced = False
    for part in parts:
        if part.__class__ is not bytes:
            x -= part * unit
            spaced = True
            continue
        for text, width, blank in known(part) or look_up(part):
            if spaced:
                x += charspace
            adv = width * size * scaling
            x0 = x * a + e
            x1 = a * adv + x0
            if x1 < x0:
                x0, x1 = x1, x0
            glyph = copy()
            glyph["text"] = text
            glyph["x0"] = x0 + left
            glyph["x1"] = x1 + left
            add(glyph)
            x += adv
            if blank and wordspace:
                x += wordspace
            spaced = True
    state.x = x


def _turned(
    sheet: Sheet, state: TextState, parts: Sequence[Any], matrix: Matrix, spacing: Spacing
) -> None:
    """Set a line that is turned or slanted, or one of a vertical font, which runs down."""
    font, size = state.font, state.size
    assert font is not None
    scaling, charspace, wordspace, unit = spacing
    down = font.vertical
    at = state.y if down else state.x
    low = font.descent * size + state.rise
    spaced = False
    for part in parts:
        if part.__class__ is not bytes:
            at -= part * unit
            spaced = True
            continue
        for code in font.decode(part):
            if spaced:
                at += charspace
            text, width, blank = font.chars.get(code) or font.char(code)
            adv = width * size * scaling
            if down:
                vx, vy = font.displacement(code)
                vx = size * 0.5 if vx is None else vx * size * 0.001
                vy = (1000 - vy) * size * 0.001
                box = (-vx, vy + state.rise + adv, -vx + size, vy + state.rise)
                _place(sheet, down, matrix, (state.x, at), box, text)
            else:
                box = (0, low, adv, low + size)
                _place(sheet, down, matrix, (at, state.y), box, text)
            at += adv
            if blank and wordspace:
                at += wordspace
            spaced = True
    if down:
        state.y = at
    else:
        state.x = at


def _place(
    sheet: Sheet, vertical: bool, matrix: Matrix, at: tuple[float, float],
    box: tuple[float, float, float, float], text: str,
) -> None:  # fmt: skip
    a, b, c, d, e, f = matrix
    x, y = at
    matrix = (a, b, c, d, x * a + y * c + e, x * b + y * d + f)
    x0, y0, x1, y1 = apply_matrix_rect(matrix, box)
    top = (sheet.height - y1) + sheet.above
    sheet.chars.append({
        **sheet.model, "text": text, "x0": x0 + sheet.left, "x1": x1 + sheet.left, "top": top,
        "bottom": (sheet.height - y0) + sheet.above, "doctop": sheet.doctop + top,
        "size": x1 - x0 if vertical else y1 - y0,
    })  # fmt: skip
