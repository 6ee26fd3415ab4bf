"""What a viewer shows over a page besides its content: filled-in forms, typed notes, stamps.

An annotation is painted by its appearance stream, fitted into its rectangle (ISO 32000-1, 12.5.5).
A form field without one has its value written into the rectangle, as viewers do. Comments that a
viewer shows in a window of their own (Text, Popup) and marks upon the text are not read.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pdfminer.pdftypes import PDFStream, dict_value, list_value, resolve1
from pdfminer.psparser import PSLiteral
from pdfminer.utils import MATRIX_IDENTITY, Matrix, apply_matrix_rect, decode_text, mult_matrix

from shisaku.ingest.pdf.painting.interpreter import Interpreter
from shisaku.ingest.pdf.painting.sheet import Sheet
from shisaku.ingest.text.joining import is_wide

_SHOWN = frozenset(("FreeText", "Stamp", "Widget"))
_HIDDEN, _NO_VIEW = 1 << 1, 1 << 5
"""Flags of an annotation (table 165)."""
_PASSWORD = 1 << 13
"""Flag of a field whose value a viewer shows as dots."""
_PARENTS = 16
"""Fields above a field that may hold what it inherits."""
_MOST = 20_000
"""Annotations of a page that are looked at."""
_SIZE, _LEAST_SIZE = 12.0, 4.0
"""Points: the largest and the smallest type in which a value without an appearance is set."""
_FONT = "(field)"
Box = tuple[float, float, float, float]


def paint_annotations(sheet: Sheet, annotations: object, upright: Matrix) -> None:
    """Paint the annotations of a page that a viewer shows; `upright` turns the page."""
    for item in list_value(annotations)[:_MOST]:
        annotation = dict_value(item)
        if _is_shown(annotation, sheet):
            _paint(sheet, annotation, upright)


def _is_shown(annotation: Mapping[str, Any], sheet: Sheet) -> bool:
    kind = resolve1(annotation.get("Subtype"))
    flags = resolve1(annotation.get("F"))
    hidden = isinstance(flags, int) and flags & (_HIDDEN | _NO_VIEW)
    return (
        isinstance(kind, PSLiteral)
        and kind.name in _SHOWN
        and not hidden
        and not sheet.fonts.layers.hides(annotation.get("OC"))
    )


def _paint(sheet: Sheet, annotation: Mapping[str, Any], upright: Matrix) -> None:
    box = _box(annotation.get("Rect"))
    if box is None:
        return
    appearance = _appearance(annotation)
    if appearance is not None:
        bounds = _box(appearance.get("BBox"))
        if bounds is not None:
            matrix = _fitted(appearance, bounds, box)
            inner = Interpreter(
                sheet, appearance.get("Resources"), mult_matrix(matrix, upright), frozenset()
            )
            inner.run([appearance])
        return
    text = _value(annotation)
    if text:
        _write(sheet, text, apply_matrix_rect(upright, box))


def _appearance(annotation: Mapping[str, Any]) -> PDFStream | None:
    """Return the normal appearance, that of the present state where there are several."""
    normal = resolve1(dict_value(annotation.get("AP")).get("N"))
    if isinstance(normal, dict):
        state = resolve1(annotation.get("AS"))
        normal = resolve1(normal.get(state.name)) if isinstance(state, PSLiteral) else None
    return normal if isinstance(normal, PDFStream) else None


def _fitted(appearance: PDFStream, bounds: Box, box: Box) -> Matrix:
    """Return the matrix that brings the form's box into the rectangle (algorithm 12.5.5)."""
    own = list_value(appearance.get("Matrix"))
    matrix: Matrix = MATRIX_IDENTITY
    if len(own) == 6:
        matrix = tuple(float(resolve1(value)) for value in own)  # type: ignore[assignment]
    x0, y0, x1, y1 = apply_matrix_rect(matrix, bounds)
    if x0 == x1 or y0 == y1:
        return matrix
    across, up = (box[2] - box[0]) / (x1 - x0), (box[3] - box[1]) / (y1 - y0)
    return mult_matrix(matrix, (across, 0, 0, up, box[0] - x0 * across, box[1] - y0 * up))


def _value(annotation: Mapping[str, Any]) -> str:
    """Return what a field without an appearance holds, or the words of a typed note."""
    kind = resolve1(annotation.get("Subtype"))
    if kind.name == "FreeText":
        return _text(annotation.get("Contents"))
    if kind.name != "Widget" or _inherited(annotation, "FT") not in ("Tx", "Ch"):
        return ""
    flags = _inherited(annotation, "Ff")
    if isinstance(flags, int) and flags & _PASSWORD:
        return ""
    value = _inherited(annotation, "V")
    values = value if isinstance(value, list) else [value]
    return "、".join(filter(None, map(_text, values)))


def _inherited(field: Mapping[str, Any], name: str) -> Any:
    """Return the entry of a field, or of the nearest field above it; names as text."""
    at: Any = field
    for _ in range(_PARENTS):
        if not isinstance(at, dict):
            return None
        if name in at:
            found = resolve1(at[name])
            return found.name if isinstance(found, PSLiteral) else found
        at = resolve1(at.get("Parent"))
    return None


def _text(value: object) -> str:
    found = resolve1(value)
    return decode_text(found).strip() if isinstance(found, bytes) else ""


def _box(value: object) -> Box | None:
    corners = [resolve1(one) for one in list_value(value)]
    if len(corners) != 4:
        return None
    x0, y0, x1, y1 = corners
    if not all(isinstance(one, int | float) for one in (x0, y0, x1, y1)):
        return None
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _write(sheet: Sheet, text: str, box: Box) -> None:
    """Write a text into a rectangle of the device, line by line from its upper left corner."""
    x0, y0, x1, y1 = box
    lines = list(_lines(text, x1 - x0, min(_SIZE, max(_LEAST_SIZE, 0.8 * (y1 - y0)))))
    size = min(_SIZE, max(_LEAST_SIZE, 0.8 * (y1 - y0) / max(1, len(lines))))
    for number, line in enumerate(lines):
        high = y1 - number * size * 1.2 if len(lines) > 1 else (y0 + y1 + size) / 2
        strip = sheet.strip_at(high - size, high, size, _FONT, True)
        x = x0 + sheet.left
        for char in line:
            width = _width(char, size)
            strip.texts.append(char)
            strip.x0.append(x)
            strip.x1.append(x + width)
            x += width


def _width(char: str, size: float) -> float:
    return size if is_wide(char) else size / 2


def _lines(text: str, width: float, size: float) -> Iterator[str]:
    """Yield the lines of a value: its own, broken where one is wider than the rectangle."""
    for line in text.splitlines():
        begin, x = 0, 0.0
        for at, char in enumerate(line):
            if x + _width(char, size) > max(width, 2 * size) and at > begin:
                yield line[begin:at]
                begin, x = at, 0.0
            x += _width(char, size)
        yield line[begin:]
