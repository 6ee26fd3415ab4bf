"""Sets strings: from the text state (ISO 32000-1, 9.3 and 9.4) to strips of characters.

The arithmetic follows pdfminer term by term, since tables and columns are told apart by hundredths
of points; only what is the same for a whole string is worked out once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pdfminer.utils import MATRIX_IDENTITY, Matrix, apply_matrix_rect, mult_matrix

from shisaku.ingest.pdf.glyphs.tilt import LEAST, MOST, is_diagonal
from shisaku.ingest.pdf.painting.fonts import Font
from shisaku.ingest.pdf.painting.sheet import Sheet

FILLED_AND_STROKED = (2, 6)
"""The rendering modes of characters that are filled and whose outline is stroked (9.3.6)."""
INVISIBLE = 3
"""The rendering mode of characters that are neither filled nor stroked (9.3.6)."""


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
    mode: int = 0
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
            self.rise, self.matrix, self.x, self.y, self.mode,
        )  # fmt: skip

    def restore(self, saved: tuple[Any, ...]) -> None:
        """Take a saved state back."""
        (
            self.font, self.size, self.charspace, self.wordspace, self.scaling, self.leading,
            self.rise, self.matrix, self.x, self.y, self.mode,
        ) = saved  # fmt: skip


_SHEAR = 0.05
"""Part of a length by which a level character may lean or climb and still be level."""

Spacing = tuple[float, float, float, float]
"""Scaling, space after characters and words, and the unit of adjustments."""


def show_strings(sheet: Sheet, state: TextState, parts: Sequence[Any]) -> None:
    """Show strings, `parts`, with the numbers between them as adjustments (TJ)."""
    begin = len(sheet.strips)
    _set(sheet, state, parts)
    _gather(sheet, begin)


Step = tuple[Sequence[float], bytes]
"""Where a string is shown, x and y from the last (Td) or a matrix (Tm), and the string."""


def show_steps(sheet: Sheet, state: TextState, steps: Sequence[Step]) -> None:
    """Show strings, each from a place of its own."""
    begin = len(sheet.strips)
    at = 0
    while at < len(steps):
        place, string = steps[at]
        if len(place) == 2:
            state.move(*place)
        else:
            state.matrix = place  # type: ignore[assignment]
            state.x = state.y = 0
        _set(sheet, state, (string,))
        at = _show_level(sheet, state, steps, at + 1)
    _gather(sheet, begin)


def _show_level(sheet: Sheet, state: TextState, steps: Sequence[Step], at: int) -> int:
    """Show the strings from number `at` on that differ in x alone; give where others begin."""
    a, b, c, d, e, f = state.matrix
    a0, b0, c0, _, e0, _ = sheet.ctm
    if state.font is None or state.font.vertical or not b0 == 0 == c0 or not b == 0 == c:
        return at
    parts: list[Any] = []
    while at < len(steps):
        place, string = steps[at]
        if len(place) == 2 and place[1] == 0:
            e = place[0] * a + e
        elif place[:4] == (a, b, c, d) and place[5] == f:
            e = place[4]
        else:
            break
        parts += ((a0 * e + e0,), string)
        at += 1
    if parts:
        _advance(sheet, state, parts, a0 * a, 0, _spacing(state))
        state.matrix = (a, b, c, d, e, f)
    return at


def _gather(sheet: Sheet, begin: int) -> None:
    """Keep the characters of strip `begin` and after for the /ActualText that stands for them."""
    if sheet.gathering is not None:
        for strip in sheet.strips[begin:]:
            sheet.gathering += [(strip, at) for at in range(len(strip.texts))]


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
    if b == 0 == c and b0 == 0 == c0 and not font.vertical:
        # Terms that are zero add nothing.
        a, d = a0 * a, d0 * d
        _level(sheet, state, d, d0 * f + f0, a * d * scaling > 0)
        _advance(sheet, state, parts, a, a0 * e + e0, spacing)
    else:
        matrix = mult_matrix(state.matrix, sheet.ctm)
        climb = 0.0 if font.vertical or not matrix[0] else matrix[1] / matrix[0]
        upright = matrix[0] * matrix[3] * scaling > 0 and (
            matrix[1] * matrix[2] <= 0 or _is_level(matrix)
        )
        tilt = climb if upright and LEAST <= abs(climb) <= MOST else 0.0
        _turned(sheet, state, parts, matrix, spacing, upright, tilt, is_diagonal(*matrix[:2]))


def _level(sheet: Sheet, state: TextState, d: float, f: float, upright: bool) -> None:
    """Begin a strip at the height of a line that is neither turned nor slanted.

    `d` and `f` are of its matrix.
    """
    font, size = state.font, state.size
    assert font is not None
    f1 = state.y * d + f
    low = font.descent * size + state.rise
    y0, y1 = d * low + f1, d * (low + size) + f1
    if y1 < y0:
        y0, y1 = y1, y0
    sheet.strip_at(y0, y1, y1 - y0, font.name, upright)


def _advance(
    sheet: Sheet, state: TextState, parts: Sequence[Any], a: float, e: float, spacing: Spacing
) -> None:
    """Set a line that is neither turned nor slanted: the last strip grows, only x advances.

    `a` and `e` are of its matrix; a tuple among the `parts` holds another `e`, from which to begin.
    """
    font, size, x, left = state.font, state.size, state.x, sheet.left
    assert font is not None
    scaling, charspace, wordspace, unit = spacing
    known, look_up = font.short.get, font.look_up
    strip = sheet.strips[-1]
    add_text, add_x0, add_x1 = strip.texts.append, strip.x0.append, strip.x1.append
    spaced = False
    for part in parts:
        if part.__class__ is bytes:
            for text, width, blank in known(part) or look_up(part):
                if spaced:
                    x += charspace
                adv = width * size * scaling
                x0 = x * a + e
                x1 = a * adv + x0
                if x1 < x0:
                    x0, x1 = x1, x0
                add_text(text)
                add_x0(x0 + left)
                add_x1(x1 + left)
                x += adv
                if blank and wordspace:
                    x += wordspace
                spaced = True
        elif part.__class__ is tuple:
            (e,) = part
            x, spaced = 0, False
        else:
            x -= part * unit
            spaced = True
    state.x = x


def _turned(
    sheet: Sheet, state: TextState, parts: Sequence[Any], matrix: Matrix, spacing: Spacing,
    upright: bool, tilt: float, diagonal: bool,
) -> None:  # fmt: skip
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
                x0, y0, x1, y1 = _placed(matrix, (state.x, at), box)
            else:
                box = (0, low, adv, low + size)
                x0, y0, x1, y1 = _placed(matrix, (at, state.y), box)
            strip = sheet.strip_at(
                y0, y1, x1 - x0 if down else y1 - y0, font.name, upright, tilt, diagonal
            )
            strip.texts.append(text)
            strip.x0.append(x0 + sheet.left)
            strip.x1.append(x1 + sheet.left)
            at += adv
            if blank and wordspace:
                at += wordspace
            spaced = True
    if down:
        state.y = at
    else:
        state.x = at


def _is_level(matrix: Matrix) -> bool:
    """Tell whether a line is level but for a tiny shear, as Word and EMF files have it.

    Pure rotations have `b` and `c` of opposite signs, and so pdfminer takes two of one sign for
    writing that does not run from left to right.
    """
    a, b, c, d, _, _ = matrix
    return abs(b) <= _SHEAR * abs(a) and abs(c) <= _SHEAR * abs(d)


def _placed(
    matrix: Matrix, at: tuple[float, float], box: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    """Give where a character's box comes to lie that is set at `at`."""
    a, b, c, d, e, f = matrix
    x, y = at
    return apply_matrix_rect((a, b, c, d, x * a + y * c + e, x * b + y * d + f), box)
