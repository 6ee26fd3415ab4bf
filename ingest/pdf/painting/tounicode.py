"""CMaps that give characters: codes or CIDs → text (ToUnicode, Adobe-Japan1-UCS2).

pdfminer reads them with its general parser; here one of plain hexadecimal strings, as nearly all
are, is read by pattern.
"""

import re
import struct
from io import BytesIO

from pdfminer.cmapdb import CMapParser, FileUnicodeMap

from shisaku.ingest.pdf.painting.syntax import hex_string

_SECTION = re.compile(rb"\bbegin(bfchar|bfrange)\b(.*?)\bend\1\b", re.DOTALL)
_PAIR = re.compile(rb"\s*<([0-9A-Fa-f\s]*)>\s*<([0-9A-Fa-f\s]*)>")
_RANGE = re.compile(
    rb"\s*<([0-9A-Fa-f\s]*)>\s*<([0-9A-Fa-f\s]*)>\s*(?:<([0-9A-Fa-f\s]*)>|\[([0-9A-Fa-f\s<>]*)\])"
)
_HEX = re.compile(rb"<([^>]*)>")
_NOT_PLAIN = (b"cidrange", b"cidchar", b"%", b"(", b"{")


def unicode_map(data: bytes) -> FileUnicodeMap:
    """Return the characters of a ToUnicode CMap (ISO 32000-1, 9.10.3) by code."""
    found = FileUnicodeMap()
    if not _read_plain(found, data):
        found = FileUnicodeMap()
        CMapParser(found, BytesIO(data)).run()
    return found


def _read_plain(found: FileUnicodeMap, data: bytes) -> bool:
    """Fill `found` from a map of hexadecimal strings; tell whether it is no more than that."""
    begin = data.find(b"begincmap")
    ends = data.find(b"endcmap")
    body = data[max(begin, 0) : ends if ends >= 0 else len(data)]
    sections = _SECTION.findall(body)
    if len(sections) != body.count(b"beginbf") or len(sections) != body.count(b"endbf"):
        return False
    if any(sign in inner for _, inner in sections for sign in _NOT_PLAIN):
        return False
    if b"cidrange" in body or b"cidchar" in body or data.count(b"begincmap") > 1:
        return False
    for kind, inner in sections:
        pattern = _PAIR if kind == b"bfchar" else _RANGE
        if pattern.sub(b"", inner).strip():
            return False
        if kind == b"bfchar":
            for code, text in _PAIR.findall(inner):
                found.add_cid2unichr(_number(code), hex_string(text))
        else:
            for row in _RANGE.findall(inner):
                _add_range(found, *row)
    return True


def _number(digits: bytes) -> int:
    return int.from_bytes(hex_string(digits), "big")


def _add_range(found: FileUnicodeMap, first: bytes, last: bytes, text: bytes, texts: bytes) -> None:
    start, end = hex_string(first), hex_string(last)
    if len(start) != len(end):
        return
    low, high = int.from_bytes(start, "big"), int.from_bytes(end, "big")
    if texts or not text:
        for code, one in zip(range(low, high + 1), _HEX.findall(texts), strict=False):
            found.add_cid2unichr(code, hex_string(one))
        return
    base = hex_string(text)
    head, tail = base[:-4], base[-4:]
    value = int.from_bytes(tail, "big")
    for at in range(high - low + 1):
        packed = struct.pack(">L", value + at)[-len(tail) :]
        found.add_cid2unichr(low + at, head + packed)
