"""CMaps that pdfminer lacks or reads in part: codes → CIDs, and CIDs of Adobe-Japan1 → characters.

A composite font's /Encoding names a predefined CMap or holds one as a stream (ISO 32000-1, 9.7.5.2
to 9.7.5.4); either may build on another one (`usecmap`, /UseCMap). Adobe's own resources for what
pdfminer lacks lie under third_party/adobe-cmaps. The trap: a code without a CID vanishes silently
in pdfminer; here it selects CID 0 (.notdef), so that it is counted as a glyph without a character.
"""

import gzip
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

from pdfminer.cmapdb import CMap, CMapBase, CMapDB
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.psparser import PSLiteral, literal_name

from shisaku.ingest.pdf.painting.syntax import hex_string
from shisaku.ingest.pdf.painting.tounicode import unicode_map

BUNDLED = frozenset(
    (
        "UniJIS-UCS2-HW-H",
        "UniJIS-UCS2-HW-V",
        "UniJIS-UTF16-H",
        "UniJIS-UTF16-V",
        "UniJIS2004-UTF16-H",
        "UniJIS2004-UTF16-V",
        "UniJISPro-UCS2-HW-V",
        "UniJISPro-UCS2-V",
    )
)
"""Predefined CMaps that are read from third_party/ in place of pdfminer's."""
JAPAN1 = "Adobe-Japan1"
_UNDEFINED = 0
"""The CID of .notdef."""
_FIRST_PRINTING = 0x20
"""The first code that prints something; those below are controls."""
_LONGEST_CODE = 4
"""Bytes of a code (9.7.6.2)."""
_MOST_CODES = 100_000
"""Codes that an embedded CMap may map; the largest predefined one maps 31,000."""
_DEEPEST = 8
"""CMaps that may build on each other in a file."""

_USED = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+usecmap\b")
_WMODE = re.compile(rb"/WMode\s+([01])\b")
_SECTION = re.compile(rb"\bbegin(cidrange|cidchar|codespacerange)\b(.*?)\bend\1\b", re.DOTALL)
_RANGE = re.compile(rb"<([0-9A-Fa-f\s]*)>\s*<([0-9A-Fa-f\s]*)>\s*([0-9]{1,9})")
_CHAR = re.compile(rb"<([0-9A-Fa-f\s]*)>\s*([0-9]{1,9})")
_PAIR = re.compile(rb"<([0-9A-Fa-f\s]*)>\s*<([0-9A-Fa-f\s]*)>")
_SELECTOR = re.compile("[\U000e0100-\U000e01ef]")


Length = Callable[[bytes, int], int]
"""(string, place in it) → the bytes of a code there that is not mapped."""


class CodeMap(CMap):
    """Codes of one to four bytes → CIDs; `code2cid` is a tree by byte, as in pdfminer's CMaps."""

    def __init__(self, *, vertical: bool = False) -> None:
        super().__init__(WMode=int(vertical))
        self.spaces: list[tuple[bytes, bytes]] = []
        """The codespace ranges: first and last code, of equal length."""

    def use_cmap(self, cmap: CMapBase) -> None:
        """Take over what another CMap maps; what this one maps itself is added later."""
        super().use_cmap(cmap)
        self.spaces += getattr(cmap, "spaces", ())

    def add(self, code: bytes, cid: int) -> None:
        """Map one code; a code that begins like a shorter one is left out."""
        tree: Any = self.code2cid
        for byte in code[:-1]:
            tree = tree.setdefault(byte, {})
            if not isinstance(tree, dict):
                return
        tree[code[-1]] = cid

    def decode(self, code: bytes) -> Iterator[int]:
        """Yield the CIDs of a string; a code that is not mapped gives CID 0."""
        return decode_tree(self.code2cid, code, self.length)

    def length(self, data: bytes, at: int) -> int:
        """Return the bytes of the code at `at` by the codespace ranges (9.7.6.2)."""
        for size in range(1, _LONGEST_CODE + 1):
            part = data[at : at + size]
            for low, high in self.spaces:
                # Of a code that is cut off, as many bytes as there are.
                if len(low) == size and all(
                    one <= byte <= other for one, byte, other in zip(low, part, high, strict=False)
                ):
                    return size
        return self._least

    @cached_property
    def _least(self) -> int:
        """The bytes of the shortest code; asked for when all codes are there."""
        if self.spaces:
            return min(len(low) for low, _ in self.spaces)
        return shortest(self.code2cid)


def shortest(tree: Mapping[int, Any]) -> int:
    """Return the bytes of the shortest code of a tree (1 for an empty one)."""
    if not tree or any(not isinstance(below, dict) for below in tree.values()):
        return 1
    return 1 + min(shortest(below) for below in tree.values())


def decode_tree(tree: Mapping[int, Any], data: bytes, length: Length) -> Iterator[int]:
    """Yield the CIDs of the codes in `data`, 0 for one that `tree` does not map."""
    at, end = 0, len(data)
    while at < end:
        below: Any = tree
        here = at
        while here < end and isinstance(below, dict):
            below = below.get(data[here])
            here += 1
        if isinstance(below, int):
            yield below
            at = here
        else:
            size = length(data, at)
            if at + size > end:
                return  # a code that is cut off is none
            # Controls are what `notdefrange` gives a blank for: no glyph is missing there.
            if int.from_bytes(data[at : at + size], "big") >= _FIRST_PRINTING:
                yield _UNDEFINED
            at += size


def encoding_of(spec: Mapping[str, Any]) -> CodeMap | None:
    """Return the CMap of a composite font that pdfminer cannot give; None where it can."""
    encoding = resolve1(spec.get("Encoding"))
    if isinstance(encoding, PDFStream):
        return _read(encoding.get_data(), encoding.attrs)
    if isinstance(encoding, PSLiteral) and encoding.name in BUNDLED:
        return bundled(encoding.name)
    return None


def _read(data: bytes, entries: Mapping[str, Any], depth: int = 0) -> CodeMap:
    """Read a CMap; what it builds on is named in it or among the `entries` of its stream."""
    mode = _WMODE.search(data)
    vertical = resolve1(entries.get("WMode")) == 1 or (mode is not None and mode[1] == b"1")
    found = CodeMap(vertical=vertical)
    base = resolve1(entries.get("UseCMap"))
    if isinstance(base, PDFStream) and depth < _DEEPEST:
        found.use_cmap(_read(base.get_data(), base.attrs, depth + 1))
    elif isinstance(base, PSLiteral):
        _use(found, literal_name(base))
    elif named := _USED.search(data):
        _use(found, named[1].decode("latin-1"))
    _fill(found, data)
    return found


def _use(found: CodeMap, name: str) -> None:
    if name in BUNDLED:
        found.use_cmap(bundled(name))
        return
    if name in ("Identity-H", "Identity-V"):
        for high in range(256):
            found.code2cid[high] = {low: high << 8 | low for low in range(256)}
        found.spaces.append((b"\0\0", b"\xff\xff"))
        return
    try:
        found.use_cmap(CMapDB.get_cmap(name))
    except CMapDB.CMapNotFound:
        return  # its codes are counted as glyphs without a character


@lru_cache(maxsize=len(BUNDLED))
def bundled(name: str) -> CodeMap:
    """Return one of the CMaps under third_party/, with the one that it builds on."""
    return _read(_resource(name), {})


def _resource(name: str) -> bytes:
    folder = files("shisaku.third_party") / "adobe-cmaps"
    return gzip.decompress((folder / f"{name}.gz").read_bytes())


def _fill(found: CodeMap, data: bytes) -> None:
    """Add what the sections of a CMap map, up to a number of codes that no real CMap reaches."""
    count = 0
    for kind, inner in _SECTION.findall(data):
        if kind == b"codespacerange":
            ranges = ((hex_string(low), hex_string(high)) for low, high in _PAIR.findall(inner))
            found.spaces += [
                (low, high) for low, high in ranges if 0 < len(low) == len(high) <= _LONGEST_CODE
            ]
        elif kind == b"cidchar":
            rows = ((code, code, cid) for code, cid in _CHAR.findall(inner))
            count = _add(found, rows, count)
        elif kind == b"cidrange":
            count = _add(found, iter(_RANGE.findall(inner)), count)


def _add(found: CodeMap, rows: Iterator[tuple[bytes, bytes, bytes]], count: int) -> int:
    for first, last, cid in rows:
        low, high = hex_string(first), hex_string(last)
        size = len(low)
        if not 0 < size == len(high) <= _LONGEST_CODE:
            continue
        start, end = int.from_bytes(low, "big"), int.from_bytes(high, "big")
        if end - start >= _MOST_CODES - count:
            return _MOST_CODES
        for code in range(start, end + 1):
            found.add(code.to_bytes(size, "big"), int(cid) + code - start)
        count += max(0, end - start + 1)
    return count


@lru_cache(maxsize=1)
def japan1_characters() -> dict[int, str]:
    """Return the character of each CID of Adobe-Japan1 (Adobe-Japan1-UCS2).

    Without the variation selectors that tell one form of an ideograph from another: no query and no
    other program's text has them.
    """
    found: dict[int, str] = unicode_map(_resource("Adobe-Japan1-UCS2")).cid2unichr
    return {cid: _SELECTOR.sub("", text) for cid, text in found.items()}
