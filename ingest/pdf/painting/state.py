"""The state that a content stream changes: graphics, colour, path and text, by operators.

Colours follow pdfminer: a colour that cannot be read leaves the one before, and a colour space
alone changes no colour.
"""

from collections.abc import Mapping, Sequence
from math import hypot
from typing import Any

from pdfminer.pdfcolor import PREDEFINED_COLORSPACE, PDFColorSpace
from pdfminer.pdftypes import PDFObjRef, dict_value, list_value, resolve1, stream_value
from pdfminer.psparser import PSLiteral, literal_name
from pdfminer.utils import MATRIX_IDENTITY, Matrix, mult_matrix

from shisaku.ingest.pdf.painting import syntax
from shisaku.ingest.pdf.painting.fonts import Font
from shisaku.ingest.pdf.painting.paths import paint_path, paint_rectangle
from shisaku.ingest.pdf.painting.setting import (
    FILLED_AND_STROKED,
    INVISIBLE,
    TextState,
    show_strings,
)
from shisaku.ingest.pdf.painting.sheet import Sheet
from shisaku.ingest.pdf.painting.syntax import UnknownContentError

_NUMBERS = {int, float}
_GRAY = PREDEFINED_COLORSPACE["DeviceGray"]


class State:
    """The state of one content stream, a page's or a form's, with its resources."""

    def __init__(self, sheet: Sheet, resources: object, ctm: Matrix) -> None:
        self.sheet = sheet
        self.resources: Mapping[Any, Any] = dict_value(resources) if resources else {}
        self.fonts: dict[object, Font] = {}
        self.spaces: dict[str, PDFColorSpace | None] = {}
        self.ctm = ctm
        sheet.ctm = ctm
        self.text = TextState()
        self.filling: Any = 0
        self.stroking: Any = 0
        self.width = 1.0
        self.stroking_space = self.filling_space = _GRAY
        self.saved: list[tuple[Any, ...]] = []
        self.signs: list[str] = []
        """The operators of the path so far; `points` are its numbers."""
        self.points: list[float] = []
        self.operands: list[Any] = []

    # --- graphics state

    def save(self) -> None:
        """Operator q."""
        self.saved.append((
            self.ctm, self.text.saved(), self.filling, self.stroking_space, self.filling_space,
            self.stroking, self.width,
        ))  # fmt: skip

    def restore(self) -> None:
        """Operator Q."""
        if self.saved:
            (
                self.ctm, text, self.filling, self.stroking_space, self.filling_space,
                self.stroking, self.width,
            ) = self.saved.pop()  # fmt: skip
            self.text.restore(text)
            self.see_mode()
            self.sheet.ctm = self.ctm

    def transform(self, *matrix: float) -> None:
        """Operator cm."""
        self.ctm = self.sheet.ctm = mult_matrix(matrix, self.ctm)  # type: ignore[arg-type]

    def set_width(self, width: float) -> None:
        """Operator w."""
        self.width = width
        self._see_outline()

    def see_mode(self) -> None:
        """Tell the sheet how characters are painted from now on (Tr)."""
        self.sheet.unseen = self.text.mode == INVISIBLE
        self.sheet.outline = 0.0
        self._see_outline()

    def _see_outline(self) -> None:
        """Tell the sheet the outline of characters; one in another colour is an ornament."""
        if self.text.mode in FILLED_AND_STROKED:
            alike = _shade(self.stroking) == _shade(self.filling)
            a, b = self.ctm[:2]
            self.sheet.outline = abs(self.width) * hypot(a, b) if alike else 0.0

    # --- colour

    def _space(self, name: str) -> PDFColorSpace | None:
        try:
            return self.spaces[name]
        except KeyError:
            spec = resolve1(dict_value(self.resources.get("ColorSpace")).get(name))
            found = self.spaces[name] = _color_space(spec) or PREDEFINED_COLORSPACE.get(name)
            return found

    def set_stroking_space(self, name: object) -> None:
        """Operator CS."""
        self.stroking_space = self._space(literal_name(name)) or self.stroking_space

    def set_filling_space(self, name: object) -> None:
        """Operator cs."""
        self.filling_space = self._space(literal_name(name)) or self.filling_space

    def stroke_with(self, space: str, color: Any) -> None:
        """Operators G, RG and K."""
        self.stroking = color
        self.stroking_space = self._space(space) or self.stroking_space
        self._see_outline()

    def fill_with(self, space: str, color: Any) -> None:
        """Operators g, rg and k."""
        self.filling = color
        self.filling_space = self._space(space) or self.filling_space
        self._see_outline()

    def set_stroking(self) -> None:
        """Operators SC and SCN."""
        self.stroking = self._components(self.stroking_space, self.stroking)
        self._see_outline()

    def set_filling(self) -> None:
        """Operators sc and scn."""
        self.filling = self._components(self.filling_space, self.filling)
        self._see_outline()

    def _components(self, space: PDFColorSpace, before: Any) -> Any:
        """Take a colour of `space` off the operands; what is none leaves the one before."""
        count = space.ncomponents
        if not isinstance(count, int) or count < 1:
            raise UnknownContentError("colour space")
        values = self.operands[-count:]
        del self.operands[-count:]
        if len(values) != count:
            return before
        if space.name == "Pattern":
            last = values[-1]
            return literal_name(last) if isinstance(last, PSLiteral) else before
        color = _color([number(value) for value in values])
        return color if count in (1, 3, 4) else before

    # --- paths

    def rectangle(self, x: float, y: float, width: float, height: float) -> None:
        """Operator re."""
        right, high = x + width, y + height
        self.signs.append("mlllh")
        self.points += (x, y, right, y, right, high, x, high)

    def end_path(self) -> None:
        """Operator n."""
        self.signs = []
        self.points = []

    def paint(self, stroke: bool, fill: bool) -> None:
        """Paint the path and begin a new one."""
        if self.signs:
            shape = "".join(self.signs)
            paint_path(self.sheet, shape, self.points, stroke, fill, self.filling)
            self.end_path()

    def fill_rectangle(self, x: float, y: float, width: float, height: float) -> None:
        """Operators re and f."""
        if self.signs:
            self.rectangle(x, y, width, height)
            self.paint(False, True)
        else:
            paint_rectangle(self.sheet, x, y, width, height, self.filling)

    # --- text

    def set_font(self, name: object, size: Any) -> None:
        """Operator Tf."""
        font = self.fonts.get(name)
        if font is None:
            spec = dict_value(self.resources.get("Font")).get(literal_name(name))
            objid = spec.objid if isinstance(spec, PDFObjRef) else None
            font = self.fonts[name] = self.sheet.fonts.font(objid, spec)
        self.text.font = font
        self.text.size = number(size)

    def set_named_font(self, raw: bytes, size: bytes) -> None:
        """Operator Tf, its name and its number as they are written."""
        text, font = self.text, self.fonts.get(raw)
        if font is None:
            self.set_font(syntax.name(raw), 0)
            font = self.fonts[raw] = self.fonts[syntax.name(raw)]
        text.font, text.size = font, float(size)

    def move(self, x: float, y: float) -> None:
        """Operator Td."""
        self.text.move(x, y)

    def move_and_lead(self, x: float, y: float) -> None:
        """Operator TD."""
        self.move(x, y)
        self.text.leading = y

    def set_matrix(self, *matrix: float) -> None:
        """Operator Tm."""
        self.text.matrix = matrix  # type: ignore[assignment]
        self.text.x = self.text.y = 0

    def next_line(self) -> None:
        """Operator T*."""
        self.move(0, self.text.leading)

    def begin_text(self) -> None:
        """Operator BT."""
        self.text.matrix = MATRIX_IDENTITY
        self.text.x = self.text.y = 0

    def show(self, parts: Sequence[Any]) -> None:
        """Show strings with adjustments between them."""
        show_strings(self.sheet, self.text, parts)

    def show_one(self, text: object) -> None:
        """Operator Tj."""
        self.show_several([text])

    def show_several(self, parts: object) -> None:
        """Operator TJ."""
        if not isinstance(parts, list) or any(
            part.__class__ is not bytes and part.__class__ not in _NUMBERS for part in parts
        ):
            raise UnknownContentError("what to show")
        self.show(parts)

    def show_on_next_line(self, text: object) -> None:
        """Operator '."""
        self.next_line()
        self.show_one(text)

    def show_spaced(self, word: Any, char: Any, text: object) -> None:
        """Operator double quote."""
        self.text.wordspace, self.text.charspace = number(word), number(char)
        self.show_one(text)


def number(value: Any) -> float:
    """Give an operand that must be a number; raises `UnknownContentError` where it is none."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise UnknownContentError("an operand that is no number")
    return float(value)


def _shade(color: Any) -> tuple[float, ...] | str | None:
    """Give a colour such that equal ones in gray, RGB and CMYK are equal, to a hundredth."""
    values = color if isinstance(color, tuple) else (color,)
    if not all(isinstance(value, int | float) for value in values):
        return color if isinstance(color, str) else None
    if len(values) == 4:
        values = tuple((1 - value) * (1 - values[3]) for value in values[:3])
    shade = tuple(round(float(value), 2) for value in values)
    return shade * 3 if len(shade) == 1 else shade


def _color(values: Sequence[float]) -> Any:
    return float(values[0]) if len(values) == 1 else tuple(map(float, values))


def _color_space(spec: Any) -> PDFColorSpace | None:
    if spec is None:
        return None
    name = literal_name(spec[0] if isinstance(spec, list) else spec)
    if name == "ICCBased" and isinstance(spec, list) and len(spec) >= 2:
        return PDFColorSpace(name, stream_value(spec[1])["N"])
    if name == "DeviceN" and isinstance(spec, list) and len(spec) >= 2:
        return PDFColorSpace(name, len(list_value(spec[1])))
    return PREDEFINED_COLORSPACE.get(name)
