"""Runs a content stream: operators (ISO 32000-1, annex A) change the state or paint on a sheet.

Operands are taken as pdfminer takes them, left-over ones included, so that a stream that breaks the
rules reads the same. What pdfminer would read in a way of its own raises `UnknownContentError`.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from pdfminer.pdftypes import PDFStream, dict_value, list_value, resolve1, stream_value
from pdfminer.psparser import LIT, PSLiteral, literal_name
from pdfminer.utils import MATRIX_IDENTITY, Matrix, mult_matrix

from shisaku.ingest.pdf.painting import syntax
from shisaku.ingest.pdf.painting.setting import show_steps, show_strings
from shisaku.ingest.pdf.painting.sheet import Sheet
from shisaku.ingest.pdf.painting.state import State, number
from shisaku.ingest.pdf.painting.syntax import (
    BARE,
    CLIP,
    COLORED,
    FILLED,
    FONT,
    FONT_PARTS,
    LINE,
    LINE_PARTS,
    NAME,
    NAMED,
    NAMED_OPERATOR,
    NUMBERS,
    OPERATION,
    OPERATOR,
    OTHER,
    PAINT,
    PATH,
    PROPERTIES,
    SHOWN_ARRAY,
    SHOWN_HEX,
    SHOWN_TEXT,
    STEPS,
    TAG,
    UnknownContentError,
)

_NO_LETTERS = b"+-.0123456789 \t\n\r\f\v"
_FORM, _IMAGE, _LAYER = LIT("Form"), LIT("Image"), LIT("OC")


class Interpreter(State):
    """One content stream, a page's or a form's, while it runs."""

    def __init__(self, sheet: Sheet, resources: object, ctm: Matrix, above: frozenset[int]) -> None:
        """`above` are the streams within which this one runs; none may run again inside."""
        super().__init__(sheet, resources, ctm)
        self.above = above

    def run(self, streams: Sequence[object]) -> None:
        """Run streams one after the other, as if they were one."""
        valid: dict[int, None] = {}
        pieces: list[bytes] = []
        for item in streams:
            stream = stream_value(item)
            if stream.objid is None or stream.objid in self.above:
                continue
            valid[stream.objid] = None
            pieces.append(stream.get_data())
        self.above |= frozenset(valid)
        if pieces:
            data = b"\n".join(pieces) + b"\n"
            at: int | None = 0
            while at is not None:
                at = self._run(data, at)

    def _run(self, data: bytes, start: int) -> int | None:
        """Run from `start` to the end (None), or to what the pattern cannot take."""
        operators, operands, sheet, text = _OPERATORS, self.operands, self.sheet, self.text
        for match in OPERATION.finditer(data, start):
            kind = match.lastindex
            if kind == BARE:
                word = match[BARE]
                found = operators.get(word)
                if found is not None:
                    self._operate(*found)
                elif word == b"BI":
                    return self._inline_image(data, match.end(BARE))
                elif word in (b"true", b"false"):
                    operands.append(word == b"true")
            elif kind == LINE:
                self._line(match)
            elif kind == FONT:
                color, begins, name, size, steps = match.group(*FONT_PARTS)
                if color:
                    self.fill_with("DeviceRGB", tuple(map(float, color.split()[:3])))
                if begins:
                    self.begin_text()
                self.set_named_font(name, size)
                if steps:
                    show_steps(sheet, text, syntax.steps(steps))
            elif kind == OPERATOR:
                numbers, word = match.group(NUMBERS, OPERATOR)
                values = numbers.split()
                found = operators.get(word)
                if found is None:
                    if word == b"BI":
                        return self._inline_image(data, match.end(OPERATOR))
                    operands += map(syntax.plain_number, values)
                    if word in (b"true", b"false"):
                        operands.append(word == b"true")
                elif len(values) == found[0]:
                    found[1](self, *map(float, values))
                else:
                    operands += map(syntax.plain_number, values)
                    self._operate(*found)
            elif kind in (FILLED, COLORED):
                places = match[0].split(None, 8)
                if kind == COLORED:
                    self.fill_with("DeviceRGB", tuple(map(float, places[:3])))
                    del places[:4]
                self.fill_rectangle(*map(float, places[:4]))
            elif kind == STEPS:
                show_steps(sheet, text, syntax.steps(match[0]))
            elif kind in (PAINT, PATH):
                word = match[PAINT]
                if word != b"n":
                    path = data[match.start() : match.end(PATH)]
                    self.signs.append(path.translate(None, _NO_LETTERS).decode("ascii"))
                    self.points += map(float, path.translate(None, b"mlcvyh").split())
                if word is not None:
                    operators[word][1](self)
            elif kind == NAMED_OPERATOR:
                name, word = match.group(NAMED, NAMED_OPERATOR)
                operands.append(syntax.name(name))
                self._operate(*operators[word])
            elif kind == SHOWN_HEX:
                parts: list[Any] = [syntax.hex_string(match[kind])]
                show_strings(sheet, text, parts)
            elif kind == SHOWN_TEXT:
                show_strings(sheet, text, [match[kind]])
            elif kind == SHOWN_ARRAY:
                parts = syntax.shown_array(match[kind])
                show_strings(sheet, text, parts)
            elif kind == CLIP:
                self.end_path()
            elif kind == NAME:
                operands.append(syntax.name(match[kind]))
            elif kind == PROPERTIES:
                if operands or b"ActualText" in match[kind]:
                    return self._properties(data, match)
                sheet.begin_tag()
            else:
                return self._other(data, match.start(OTHER))
        return None

    def _line(self, match: re.Match[bytes]) -> None:
        """Show a line of text that leaves the state as it was before, its colour too."""
        tag, clip, name, size, matrix, space, shown, end = match.group(*LINE_PARTS)
        sheet, text = self.sheet, self.text
        if tag:
            sheet.begin_tag()
        if clip:
            self.end_path()
        before = (text.font, text.size, text.charspace, text.matrix, text.x, text.y)
        self.set_named_font(name, size)
        text.matrix = tuple(map(float, matrix.split()))  # type: ignore[assignment]
        text.x = text.y = 0
        if space:
            text.charspace = float(space.split()[0])
        show_strings(sheet, text, syntax.shown_array(shown))
        text.font, text.size, text.charspace, text.matrix, text.x, text.y = before
        sheet.ctm = self.ctm
        if end:
            sheet.end_tag()

    def _properties(self, data: bytes, match: re.Match[bytes]) -> int:
        """Take the operands of BDC one by one."""
        self.operands.append(syntax.name(match[TAG]))
        properties, at = syntax.read_object(data, match.start(PROPERTIES) - 2)
        self.operands.append(properties)
        return at

    def _other(self, data: bytes, at: int) -> int | None:
        if data[at : at + 1] == b"%":
            return syntax.skip_blank(data, at)
        value, at = syntax.read_object(data, at)
        if isinstance(value, syntax.Word):
            found = _OPERATORS.get(bytes(value))
            if found is not None:
                self._operate(*found)
        elif value is not None:
            self.operands.append(value)
        return at

    def _operate(self, count: int, operate: Callable[..., None]) -> None:
        """Call an operator with the last `count` operands; with too few it does nothing."""
        if not count:
            operate(self)
            return
        values = self.operands[-count:]
        del self.operands[-count:]
        if len(values) == count:
            if operate not in _TAKES_ANY:
                values = list(map(number, values))
            operate(self, *values)

    def set_mode(self, mode: float) -> None:
        """Operator Tr."""
        self.text.mode = int(mode)
        self.see_mode()

    # --- marked content, forms, images

    def begin_tag(self, tag: object, props: object = None) -> None:
        """Operators BMC and BDC."""
        if isinstance(tag, PSLiteral):
            hidden = tag is _LAYER and self._is_off(props)
            self.sheet.begin_tag(props, hidden=hidden)

    def _is_off(self, props: object) -> bool:
        """Tell whether marked content belongs to a layer that is off."""
        if not self.sheet.fonts.layers or not isinstance(props, PSLiteral):
            return False
        named = dict_value(self.resources.get("Properties"))
        return self.sheet.fonts.layers.hides(named.get(literal_name(props)))

    def invoke(self, name: object) -> None:
        """Operator Do."""
        objects = dict_value(self.resources.get("XObject"))
        key = literal_name(name)
        if key not in objects:
            return
        item = stream_value(objects[key])
        subtype = item.get("Subtype")
        sheet = self.sheet
        if sheet.fonts.layers.hides(item.get("OC")):
            return
        if subtype is _FORM and "BBox" in item:
            if len(list_value(item["BBox"])) != 4:
                raise UnknownContentError("a form's box")
            matrix = tuple(list_value(item.get("Matrix", MATRIX_IDENTITY)))
            if len(matrix) != 6 or any(value.__class__ not in (int, float) for value in matrix):
                raise UnknownContentError("a form's matrix")
            own = item.get("Resources")
            inner = Interpreter(
                sheet, dict_value(own) if own else self.resources,
                mult_matrix(matrix, self.ctm), self.above,
            )  # fmt: skip
            inner.run([item])
            self.see_mode()
        elif subtype is _IMAGE and "Width" in item and "Height" in item:
            sheet.image(key, item)

    def _inline_image(self, data: bytes, at: int) -> int | None:
        """Read an image within the stream (BI … ID … EI) as pdfminer finds its end."""
        items: list[Any] = []
        while True:
            at = syntax.skip_blank(data, at)
            if data.startswith(b"ID", at):
                break
            value, at = syntax.read_object(data, at)
            if isinstance(value, syntax.Word):
                raise UnknownContentError("inline image")
            items.append(value)
        if len(items) % 2:
            raise UnknownContentError("inline image")
        described = {
            literal_name(key): resolve1(value)
            for key, value in zip(items[::2], items[1::2], strict=True)
        }
        filters = described.get("F") or described.get("Filter")
        if filters is not None and b"85" in repr(filters).encode():
            raise UnknownContentError("inline image in text form")
        begin = at + 3
        end = _end_of_image(data, begin)
        if end is None:
            return None
        if "W" in described and "H" in described:
            stream = PDFStream(described, data[begin : end - 3])
            self.sheet.image(str(id(stream)), stream)
        return end


def _end_of_image(data: bytes, at: int) -> int | None:
    """Give where an inline image ends: behind EI and the white space after it."""
    while (at := data.find(b"E", at)) >= 0:
        if data[at + 1 : at + 2] != b"I":
            at += 2
        elif not data[at + 2 : at + 3].isspace():
            at += 3
        else:
            return at + 3
    return None


def _ignore(self: Interpreter, *_: Any) -> None:
    """Do nothing: the operator changes nothing that is read here."""


def _set(name: str, sign: int = 1) -> Callable[[Interpreter, float], None]:
    def operate(self: Interpreter, value: float) -> None:
        setattr(self.text, name, sign * value)

    return operate


def _add(sign: str) -> Callable[..., None]:
    def operate(self: Interpreter, *numbers: float) -> None:
        self.signs.append(sign)
        self.points += numbers

    return operate


def _painting(stroke: bool, fill: bool, close: bool = False) -> Callable[[Interpreter], None]:
    def operate(self: Interpreter) -> None:
        if close:
            self.signs.append("h")
        self.paint(stroke, fill)

    return operate


def _end_tag(self: Interpreter) -> None:
    self.sheet.end_tag()


def _coloring(stroke: bool, space: str) -> Callable[..., None]:
    def one(self: Interpreter, gray: float) -> None:
        (self.stroke_with if stroke else self.fill_with)(space, gray)

    def several(self: Interpreter, *values: float) -> None:
        (self.stroke_with if stroke else self.fill_with)(space, values)

    return one if space == "DeviceGray" else several


_OPERATORS: dict[bytes, tuple[int, Callable[..., None]]] = {
    b"q": (0, Interpreter.save),
    b"Q": (0, Interpreter.restore),
    b"cm": (6, Interpreter.transform),
    b"w": (1, Interpreter.set_width),
    b"CS": (1, Interpreter.set_stroking_space),
    b"cs": (1, Interpreter.set_filling_space),
    b"G": (1, _coloring(True, "DeviceGray")),
    b"g": (1, _coloring(False, "DeviceGray")),
    b"RG": (3, _coloring(True, "DeviceRGB")),
    b"rg": (3, _coloring(False, "DeviceRGB")),
    b"K": (4, _coloring(True, "DeviceCMYK")),
    b"k": (4, _coloring(False, "DeviceCMYK")),
    b"SC": (0, Interpreter.set_stroking),
    b"SCN": (0, Interpreter.set_stroking),
    b"sc": (0, Interpreter.set_filling),
    b"scn": (0, Interpreter.set_filling),
    b"m": (2, _add("m")),
    b"l": (2, _add("l")),
    b"c": (6, _add("c")),
    b"v": (4, _add("v")),
    b"y": (4, _add("y")),
    b"h": (0, _add("h")),
    b"re": (4, Interpreter.rectangle),
    b"S": (0, _painting(True, False)),
    b"s": (0, _painting(True, False, close=True)),
    b"f": (0, _painting(False, True)),
    b"f*": (0, _painting(False, True)),
    b"B": (0, _painting(True, True)),
    b"B*": (0, _painting(True, True)),
    b"b": (0, _painting(True, True, close=True)),
    b"b*": (0, _painting(True, True, close=True)),
    b"n": (0, Interpreter.end_path),
    b"BT": (0, Interpreter.begin_text),
    b"Tc": (1, _set("charspace")),
    b"Tw": (1, _set("wordspace")),
    b"Tz": (1, _set("scaling")),
    b"TL": (1, _set("leading", -1)),
    b"Ts": (1, _set("rise")),
    b"Tr": (1, Interpreter.set_mode),
    b"Tf": (2, Interpreter.set_font),
    b"Td": (2, Interpreter.move),
    b"TD": (2, Interpreter.move_and_lead),
    b"Tm": (6, Interpreter.set_matrix),
    b"T*": (0, Interpreter.next_line),
    b"Tj": (1, Interpreter.show_one),
    b"TJ": (1, Interpreter.show_several),
    b"'": (1, Interpreter.show_on_next_line),
    b'"': (3, Interpreter.show_spaced),
    b"BMC": (1, Interpreter.begin_tag),
    b"BDC": (2, Interpreter.begin_tag),
    b"EMC": (0, _end_tag),
    b"Do": (1, Interpreter.invoke),
    # What follows changes nothing that is read; pdfminer takes "F" for nothing as well.
    **{
        word: (count, _ignore)
        for count, words in enumerate((b"F W W* ET BX EX ID", b"J j M ri i gs sh MP", b"d DP"))
        for word in words.split()
    },
}
_TAKES_ANY = {
    _ignore, Interpreter.set_stroking_space, Interpreter.set_filling_space,
    Interpreter.set_font, Interpreter.show_one, Interpreter.show_several,
    Interpreter.show_on_next_line, Interpreter.show_spaced, Interpreter.begin_tag,
    Interpreter.invoke,
}  # fmt: skip
