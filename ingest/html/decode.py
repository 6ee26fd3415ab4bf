"""Bytes of a web page → text, whatever the page says about its charset.

Old pages say Shift_JIS and hold cp932 (①, ㈱, 髙), say EUC-JP and hold row 13 of NEC, say nothing,
or say it wrongly. So what is declared is only one reading among several; the one that reads most
like Japanese wins, and characters that no reading gives are counted and stand as U+FFFD.
"""

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

from charset_normalizer import from_bytes

from ingest.model import Problem
from ingest.problems import lost_characters, wrong_charset

LOST = "\ufffd"


@dataclass(frozen=True)
class Decoded:
    """The text of a page, the charset that gave it, and what was lost on the way."""

    text: str
    encoding: str
    declared: str = ""
    lost: int = 0
    problems: tuple[Problem, ...] = ()


_BOMS = ((codecs.BOM_UTF8, "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_LOOK = 1 << 16
_COMMENT = re.compile(rb"<!--.*?(?:-->|$)", re.S)
_DECLARED = re.compile(
    rb"""<\?xml[^>]*?\bencoding\s*=\s*["']?\s*([\w.:-]+)"""
    rb"""|<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)""",
    re.I,
)
# Labels by the Encoding Standard (https://encoding.spec.whatwg.org/#names-and-labels) and older.
_LABELS = {
    **dict.fromkeys(
        ("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "windows-31j", "cp932", "ms932"),
        "cp932",
    ),
    **dict.fromkeys(("euc-jp", "eucjp", "x-euc-jp", "x-euc", "ujis", "cp51932", "euc_jp"), "euc"),
    **dict.fromkeys(
        ("iso-2022-jp", "csiso2022jp", "jis", "cp50220", "cp50221", "iso2022jp"), "jis"
    ),
    # The bytes of a declaration in ASCII cannot be UTF-16: the standard reads UTF-8 instead.
    **dict.fromkeys(("utf-8", "utf8", "unicode", "utf-16", "utf-16le", "utf-16be"), "utf-8"),
}
_NAMES = {"cp932": "Shift_JIS (cp932)", "euc": "EUC-JP", "jis": "ISO-2022-JP", "utf-8": "UTF-8"}


def declared_charset(data: bytes) -> str:
    """Give the label by which the page declares its charset, in lower case, or ""."""
    match = _DECLARED.search(_COMMENT.sub(b"", data[:_LOOK]))
    return (match[1] or match[2]).decode("ascii").lower() if match else ""


def decode(data: bytes, header: str = "") -> Decoded:
    """Give the text of a page; `header` is the charset of the HTTP header, "" where it had none.

    A byte order mark decides, then the header, then the page itself (HTML Standard, 13.2.3.2), as
    long as the bytes do not speak against it: servers name one charset for all that they send.

    A charset that is declared wrongly makes a warning, and so do characters that were lost; that
    none is declared is no problem as long as the bytes tell.
    """
    declared = declared_charset(data)
    header = header.strip().strip("\"'").lower()
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            text, lost = _read(data[len(bom) :], encoding)
            return _result(text, encoding, declared, lost, trusted=True)
    # A label that is none of Japan's (ISO-8859-1, as servers are delivered) tells nothing.
    said = _LABELS.get(header) or _LABELS.get(declared, "")
    if data.isascii() and b"\x1b$" not in data and b"\x1b(I" not in data:
        return Decoded(data.decode("ascii"), said or "ascii", declared)
    if b"\x1b$" in data or b"\x1b(I" in data:
        names = ["jis"] if data.isascii() else ["jis", "utf-8", "cp932", "euc"]
    else:
        names = ["utf-8", "cp932", "euc"]
    readings = [(name, *_read(data, name)) for name in names]
    name, text, lost = max(
        readings, key=lambda reading: _plausibility(*reading[1:]) + 0.15 * (reading[0] == said)
    )
    if _plausibility(text, lost) < 0.1 and (other := _foreign(data, declared or header)):
        return other
    # Nobody has to look at a page that is right where its server is wrong, or the other way round.
    trusted = name in (said, _LABELS.get(declared, ""))
    return _result(text, name, declared, lost, trusted=trusted)


def _result(text: str, name: str, declared: str, lost: int, *, trusted: bool) -> Decoded:
    used = _NAMES.get(name, name)
    problems: list[Problem] = []
    if declared and not trusted:
        problems.append(wrong_charset(declared, used))
    if lost:
        problems.append(lost_characters(used, lost))
    return Decoded(text, name, declared, lost, tuple(problems))


_WESTERN = "cp1252"
_MULTI_BYTE = frozenset(("gb18030", "gb2312", "gbk", "hz", "big5", "big5hkscs", "euc_kr", "cp949"))


def _foreign(data: bytes, declared: str) -> Decoded | None:
    """Read what is in no Japanese charset at all, as an English edition may be."""
    try:
        said = codecs.lookup(_WESTERN if declared in ("iso-8859-1", "latin1") else declared).name
        return _result(data.decode(said), said, declared, 0, trusted=True)
    except (LookupError, UnicodeError):
        pass
    guess = from_bytes(data[: 1 << 18]).best()
    # Between the single-byte charsets of Europe a guess is worth less than the usual one.
    name = guess.encoding if guess and guess.encoding in _MULTI_BYTE else _WESTERN
    try:
        return _result(data.decode(name), name, declared, 0, trusted=False)
    except UnicodeError:
        return None


def _read(data: bytes, name: str) -> tuple[str, int]:
    if name == "jis":
        text = _decode_jis(data)
    elif name == "euc":
        text = data.decode("euc_jp", "shisaku.euc")
    else:
        text = data.decode(name, "replace")
    # U+FFFD that the page itself holds was lost before us, and is no less lost.
    return text, text.count(LOST)


def _pair(first: int, second: int) -> str | None:
    """Read a pair of EUC bytes as Microsoft does: NEC row 13 and the IBM extensions included."""
    if not (0xA1 <= first <= 0xFE and 0xA1 <= second <= 0xFE):
        return None
    row, cell = first - 0xA1, second - 0xA1
    lead = row // 2 + (0x81 if row < 62 else 0xC1)
    trail = cell + (0x9F if row % 2 else 0x40 if cell < 63 else 0x41)
    try:
        return bytes((lead, trail)).decode("cp932")
    except UnicodeDecodeError:
        return None


def _euc_error(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    data, start = error.object, error.start
    pair = data[start : start + 2]
    char = _pair(*pair) if len(pair) == 2 else None
    if char is not None:
        return char, start + 2
    # Never swallow the "<" of a tag together with a stray lead byte before it.
    return LOST, start + 1


codecs.register_error("shisaku.euc", _euc_error)

_ESCAPE = re.compile(rb"\x1b(\$[@B]|\$\([DOPQ]|\([BJI])")


def _decode_jis(data: bytes) -> str:
    """Read ISO-2022-JP with the extensions of cp50221, which Python's codecs refuse."""
    parts = _ESCAPE.split(data)
    text = [_plain(parts[0])]
    for escape, segment in zip(parts[1::2], parts[2::2], strict=True):
        if escape.startswith(b"$"):
            text.append(_decode_pairs(segment, escape))
        elif escape == b"(I":
            kana = bytes(byte | 0x80 if byte > 0x20 else byte for byte in segment)
            text.append(kana.decode("cp932", "replace"))
        else:
            text.append(_plain(segment))
    return "".join(text)


def _plain(segment: bytes) -> str:
    return segment.decode("ascii", "replace")


def _decode_pairs(segment: bytes, escape: bytes) -> str:
    # A line end resets the set to ASCII (RFC 1468), and some programs rely on it: what follows
    # then is a tag, which no pair of this set can begin ("<" leads a level 2 kanji, but "</", "<b"
    # and the like after a line end are tags all the same).
    reset = re.search(rb"[\r\n]+(?=<[/!A-Za-z])", segment)
    rest = b""
    if reset:
        segment, rest = segment[: reset.end()], segment[reset.end() :]
    out = bytearray()
    position = 0
    while position < len(segment):
        pair = segment[position : position + 2]
        if len(pair) == 2 and min(pair) > 0x20:
            out += (b"\x8f" if escape == b"$(D" else b"") + bytes(byte | 0x80 for byte in pair)
            position += 2
        else:
            out.append(pair[0])
            position += 1
    codec = "euc_jp" if escape in (b"$@", b"$B", b"$(D") else "euc_jis_2004"
    return out.decode(codec, "shisaku.euc") + _plain(rest)


# --- how much a text reads like Japanese -----------------------------------------------------


@lru_cache(maxsize=65536)
def _weight(char: str) -> float:
    point = ord(char)
    if char == LOST:
        return -3.0
    if 0x3041 <= point <= 0x30FE or 0x3000 <= point <= 0x301F or 0xFF01 <= point <= 0xFF5E:
        return 1.0
    if 0x4E00 <= point <= 0x9FFF:
        try:
            # Level 1 of JIS X 0208 (rows 16 to 47) holds what is really used.
            return 0.8 if char.encode("euc_jp")[0] < 0xD0 else 0.1
        except UnicodeEncodeError:
            return -0.2
    if 0xFF61 <= point <= 0xFF9F:
        return -0.2  # EUC-JP that is read as cp932 becomes half-width kana
    if 0x80 <= point < 0xA0 or 0xE000 <= point < 0xF900:
        return -1.0
    if 0x2000 <= point < 0x2800:
        return 0.5
    return -0.1


def _plausibility(text: str, lost: int) -> float:
    sample = [char for char in text[:400_000] if char > "\x7f"]
    if not sample:
        return 0.0
    # What is lost beyond the sample still counts.
    return sum(map(_weight, sample)) / len(sample) - min(1.0, lost / len(sample))
