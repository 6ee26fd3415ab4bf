"""Fonts as pdfminer reads them, made ready for setting: codes → characters and advances.

pdfminer inflates and parses every embedded font program and reads ToUnicode with its general
parser; here a font program is opened only where no other map gives characters, and ToUnicode is
read by pattern where it is written plainly.
"""

import struct
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any

from pdfminer.cmapdb import IdentityCMap, PyCMap
from pdfminer.encodingdb import name2unicode
from pdfminer.pdffont import (
    PDFCIDFont,
    PDFFont,
    PDFSimpleFont,
    PDFUnicodeNotDefined,
    TrueTypeFont,
)
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import PDFStream, dict_value, list_value, resolve1
from pdfminer.psparser import LIT, PSLiteral, literal_name
from pdfplumber.page import fix_fontname_bytes
from pdfplumber.utils.pdfinternals import resolve_all

from shisaku.ingest.pdf.painting.catalog import Layers
from shisaku.ingest.pdf.painting.cmaps import (
    JAPAN1,
    decode_tree,
    encoding_of,
    japan1_characters,
    shortest,
)
from shisaku.ingest.pdf.painting.symbols import printed, symbols_of
from shisaku.ingest.pdf.painting.syntax import UnknownContentError
from shisaku.ingest.pdf.painting.tounicode import unicode_map

Char = tuple[str, float, bool]
"""What a code stands for, how far it advances in thousandths of the size (scaled), and whether it
is 32, to which word spacing is added."""

_NOTHING = frozenset(("", "\0", "\ufffd"))
"""What a ToUnicode map gives for a glyph that its writer had no character for."""
_SHORT = 2
"""Bytes of a string that is kept with its characters: one code, or two of a byte."""


class Font:
    """A font: pdfminer's, with its characters looked up once."""

    __slots__ = (
        "_of_program", "_program", "_signs", "base", "chars", "decode", "descent", "multibyte",
        "name", "short", "vertical",
    )  # fmt: skip

    def __init__(self, font: PDFFont, program: PDFStream | None = None) -> None:
        name = resolve_all(font.fontname)
        self.base = font
        self.name = fix_fontname_bytes(name) if isinstance(name, bytes) else name
        self.vertical = font.is_vertical()
        self.multibyte = font.is_multibyte()
        self.descent = font.get_descent()
        self.decode = _decoder(font)
        self._program = program
        """An embedded TrueType program whose glyphs are the font's CIDs."""
        self._of_program: dict[int, str] | None = None
        self._signs = symbols_of(self.name if isinstance(self.name, str) else "")
        self.chars: dict[int, Char] = {}
        self.short: dict[bytes, list[Char]] = {}
        """Short strings that were set before; many files set each character alone."""

    def char(self, code: int) -> Char:
        """Look the character(s) and the width of a code up; `chars` has those looked up before."""
        try:
            text = self.base.to_unichr(code)
        except PDFUnicodeNotDefined:
            text = None
        if text is None or text in _NOTHING:
            text = self._elsewhere(code) or f"(cid:{code})"
        if not isinstance(text, str):
            raise UnknownContentError("a character that is no text")
        if self._signs:
            stated = getattr(self.base, "unicode_map", None) is not None
            text = printed(self._signs, text, code, stated=stated)
        char = self.chars[code] = (text, self.base.char_width(code), code == 32)
        return char

    def _elsewhere(self, code: int) -> str | None:
        """Return the character of a code that ToUnicode or pdfminer's table leaves out."""
        if not isinstance(self.base, PDFCIDFont):
            return None
        if self.base.cidcoding == JAPAN1:
            return japan1_characters().get(code)
        if self._program is not None:
            if self._of_program is None:
                self._of_program = _characters_of(self._program)
            return self._of_program.get(code)
        return None

    def look_up(self, string: bytes) -> list[Char]:
        """Give the characters of a string; `short` has those of the short ones set before."""
        known = self.chars.get
        found = [known(code) or self.char(code) for code in self.decode(string)]
        if len(string) <= _SHORT:
            self.short[string] = found
        return found

    def displacement(self, code: int) -> Any:
        """Give where a vertical font's origin lies for a code: x (None: the middle) and y."""
        return self.base.char_disp(code)


def _decoder(font: PDFFont) -> Callable[[bytes], Iterable[int]]:
    cmap = getattr(font, "cmap", None)
    if type(cmap) is IdentityCMap:
        return _pairs
    if type(cmap) is PyCMap:
        tree = cmap.code2cid
        least = shortest(tree)

        def with_holes(data: bytes) -> list[int]:
            return list(decode_tree(tree, data, lambda data, at: least))

        def decode(data: bytes) -> list[int]:
            codes = []
            at: Any = tree
            for byte in data:
                at = at.get(byte)
                if at.__class__ is int:
                    codes.append(at)
                    at = tree
                elif at is None:
                    return with_holes(data)
            return codes if at is tree else with_holes(data)

        return decode
    # A byte is a code.
    return font.decode if font.is_multibyte() else bytes


def _pairs(data: bytes) -> tuple[int, ...]:
    if len(data) == 2:
        return (data[0] << 8 | data[1],)
    count = len(data) // 2
    return struct.unpack(f">{count}H", data[: count * 2])


class FontShelf:
    """The fonts of a document, each loaded once, and which of its layers are off."""

    def __init__(self, layers: Layers | None = None) -> None:
        self.layers = layers or Layers({})
        self._manager = PDFResourceManager(caching=False)
        self._by_object: dict[int, Font] = {}
        self._direct: dict[int, tuple[object, Font]] = {}

    def font(self, objid: int | None, spec: object) -> Font:
        """Give the font of a resource."""
        if objid and objid in self._by_object:
            return self._by_object[objid]
        if id(spec) in self._direct:
            return self._direct[id(spec)][1]
        font = Font(*self._load(dict_value(spec)))
        if objid:
            self._by_object[objid] = font
        else:
            # Kept with its definition, so that no other object can come by the same id.
            self._direct[id(spec)] = (spec, font)
        return font

    def _load(self, spec: Mapping[str, Any]) -> tuple[PDFFont, PDFStream | None]:
        subtype = spec.get("Subtype")
        if subtype is not None and literal_name(subtype) == "Type0":
            descendants = list_value(spec["DescendantFonts"])
            below = dict_value(descendants[0]).copy()
            for key in ("Encoding", "ToUnicode"):
                if key in spec:
                    below[key] = resolve1(spec[key])
            spec = below
        plain = dict(spec)
        composite = literal_name(spec.get("Subtype")) in ("CIDFontType0", "CIDFontType2")
        cmap = encoding_of(spec) if composite else None
        if cmap is not None:
            plain["Encoding"] = LIT("Identity-V" if cmap.is_vertical() else "Identity-H")
        program = None
        stream = resolve1(spec.get("ToUnicode"))
        if isinstance(stream, PDFStream):
            plain["ToUnicode"] = PDFStream({}, b"")
            if composite and "FontDescriptor" in spec:
                # ToUnicode gives the characters, so the font program need not.
                descriptor = dict(dict_value(spec["FontDescriptor"]))
                program = resolve1(descriptor.pop("FontFile2", None))
                if not _glyphs_are_cids(spec):
                    program = None
                plain["FontDescriptor"] = descriptor
        encoding = None if composite else resolve1(spec.get("Encoding"))
        if isinstance(encoding, dict):
            plain["Encoding"] = {k: v for k, v in encoding.items() if k != "Differences"}
        font = self._manager.get_font(None, plain)
        if isinstance(stream, PDFStream) and isinstance(font, PDFCIDFont | PDFSimpleFont):
            font.unicode_map = unicode_map(stream.get_data())
        if isinstance(encoding, dict) and isinstance(font, PDFSimpleFont):
            differences = list_value(encoding.get("Differences", []))
            font.cid2unicode = {**font.cid2unicode, **_different(differences)}
        if cmap is not None and isinstance(font, PDFCIDFont):
            font.cmap = cmap
        return font, program if isinstance(program, PDFStream) else None


def _glyphs_are_cids(spec: Mapping[str, Any]) -> bool:
    """Tell whether CIDs number the glyphs of the embedded program (/CIDToGIDMap, 9.7.4.2)."""
    between = resolve1(spec.get("CIDToGIDMap"))
    return between is None or (isinstance(between, PSLiteral) and between.name == "Identity")


def _characters_of(program: PDFStream) -> dict[int, str]:
    """Return the character of each glyph of a TrueType program, by its `cmap` table."""
    try:
        found = TrueTypeFont("", BytesIO(program.get_data())).create_unicode_map()
    except (TrueTypeFont.CMapNotFound, struct.error, ValueError, KeyError, IndexError):
        return {}
    return dict(found.cid2unichr)


def _different(differences: Iterable[object]) -> dict[int, str]:
    """Give the characters that the names of glyphs stand for (ISO 32000-1, 9.6.6)."""
    found = {}
    code = 0
    for item in differences:
        if isinstance(item, int):
            code = item
        elif isinstance(item, PSLiteral):
            text = _named(item.name)
            if text is not None:
                found[code] = text
            code += 1
    return found


@lru_cache(maxsize=4096)
def _named(name: str) -> str | None:
    try:
        return name2unicode(name)
    except (KeyError, ValueError):
        return None
