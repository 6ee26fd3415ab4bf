"""Bytes of a web page → text, with a charset that may be declared wrongly or not at all.

Old pages declare Shift_JIS and are cp932 (①, ㈱, 髙), declare EUC-JP and use NEC row 13, declare
nothing, or the wrong charset. So the declared charset is one candidate of several; the decoding
that is most like Japanese is taken, and undecodable bytes are counted and become U+FFFD.
"""

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

from charset_normalizer import from_bytes

from shisaku.ingest.model import Problem
from shisaku.ingest.problems import lost_characters, wrong_charset

LOST = "\ufffd"


@dataclass(frozen=True)
class Decoded:
    """The text of a page, the charset by which it was decoded, and what was lost."""

    text: str
    encoding: str
    declared: str = ""
    lost: int = 0
    problems: tuple[Problem, ...] = ()


_BOMS = ((codecs.BOM_UTF8, "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_LOOK = 1 << 16
"""Bytes at the beginning of a page that are searched for a declaration."""
_LONGEST_TAG = 2048
"""Bytes of one tag that are searched for a declaration; no tag that declares is longer."""
_COMMENT = re.compile(rb"<!--.*?(?:-->|$)", re.S)
_DECLARING = re.compile(rb"<(?:\?xml|(meta)\b)", re.I)
# Possessive, and each searched in one tag alone: as one expression over the page this took a time
# that grew with the square of the number of `<meta` without an end.
_ENCODING = re.compile(rb"""\bencoding\s*+=\s*+["']?+\s*+([\w.:-]{1,40})""", re.I)
_CHARSET = re.compile(rb"""\bcharset\s*+=\s*+["']?+\s*+([\w.:-]{1,40})""", re.I)
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
    """Return the label by which the page declares its charset, in lower case, or ""."""
    head = _COMMENT.sub(b"", data[:_LOOK])
    for start in _DECLARING.finditer(head):
        end = head.find(b">", start.end(), start.end() + _LONGEST_TAG)
        tag = head[start.end() : end if end >= 0 else start.end() + _LONGEST_TAG]
        if said := (_CHARSET if start[1] else _ENCODING).search(tag):
            return said[1].decode("ascii").lower()
    return ""


def decode(data: bytes, header: str = "") -> Decoded:
    """Return the text of a page; `header` is the charset of the HTTP header, "" where it had none.

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
    if neighbour := _neighbour(data, header, declared):
        return neighbour
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
    # No warning where the page is right and its server wrong, or the other way round.
    trusted = name in (said, _LABELS.get(declared, ""))
    return _result(text, name, declared, lost, trusted=trusted)


_NEIGHBOURS = {
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk", "gb_2312-80", "chinese"), "gb18030"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "ksc5601", "windows-949", "cp949"), "cp949"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5"), "big5hkscs"),
}
"""Charsets of Chinese and Korean editions, by label; their bytes are valid EUC-JP or cp932, too."""
_KANA_SHARE, _OWN_SHARE, _LOST_SHARE = 0.15, 0.6, 0.02
"""Shares of the characters beyond ASCII: kana from which a reading is Japanese (prose has a half, a
Chinese or Korean page has none, whatever it is read as), common characters of its own language from
which a text is what its page says, and lost ones from which a reading is wrong."""


def _neighbour(data: bytes, header: str, declared: str) -> Decoded | None:
    """Decode a page that declares a Chinese or Korean charset, if that is true; else None."""
    name = _NEIGHBOURS.get(header) or _NEIGHBOURS.get(declared)
    if name is None or any(_is_japanese(*_read(data, each)) for each in ("utf-8", "cp932", "euc")):
        return None
    text = data.decode(name, "replace")
    marks = [char for char in text if char > "\x7f"]
    own = sum(_is_own(char, name) for char in marks)
    if not marks or own < _OWN_SHARE * len(marks):
        return None
    return _result(text, name, declared, text.count(LOST), trusted=True)


def _is_japanese(text: str, lost: int) -> bool:
    marks = [char for char in text if char > "\x7f"]
    kana = sum("\u3041" <= char <= "\u30fe" for char in marks)
    return lost <= _LOST_SHARE * len(marks) and kana >= _KANA_SHARE * len(marks) > 0


@lru_cache(maxsize=65536)
def _is_own(char: str, name: str) -> bool:
    """Tell whether a character is common in the language of a charset: Hangul, level 1 hanzi."""
    if "\u3000" <= char <= "\u3020" or "\uff01" <= char <= "\uff5e":
        return True
    if name == "cp949":
        return "\uac00" <= char <= "\ud7a3"
    try:
        code = char.encode("gb2312" if name == "gb18030" else "big5")
    except UnicodeEncodeError:
        return False
    # Level 1: rows 16 to 55 of GB 2312, A4 to C6 of Big5.
    first, last = (0xB0, 0xD7) if name == "gb18030" else (0xA4, 0xC6)
    return len(code) == 2 and first <= code[0] <= last


def _result(text: str, name: str, declared: str, lost: int, *, trusted: bool) -> Decoded:
    used = _NAMES.get(name, name)
    problems: list[Problem] = []
    if declared and not trusted:
        problems.append(wrong_charset(declared, used))
    if lost:
        problems.append(lost_characters(used, lost))
    return Decoded(text, name, declared, lost, tuple(problems))


_WESTERN = "cp1252"
_FOREIGN = re.compile(
    r"(?:cp|iso8859-|mac-|gb|big5|koi8-|euc_|shift_jis)\w*|hz|johab|iso2022_kr|tis-620|kz1048|utf-8"
)
"""Codecs that a page may name. Python's others are no charsets of pages (idna, unicode_escape), and
that of punycode takes a time that grows with the square of the text."""
_MULTI_BYTE = frozenset(("gb18030", "gb2312", "gbk", "hz", "big5", "big5hkscs", "euc_kr", "cp949"))


def _foreign(data: bytes, declared: str) -> Decoded | None:
    """Decode a page in no Japanese charset, as an English edition may be; else None."""
    try:
        said = codecs.lookup(_WESTERN if declared in ("iso-8859-1", "latin1") else declared).name
        if not _FOREIGN.fullmatch(said):
            raise LookupError(said)
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


@lru_cache(maxsize=1 << 16)
def _pair(first: int, second: int) -> str | None:
    """Decode two bytes of EUC as Microsoft does, with NEC row 13 and the IBM extensions."""
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
    """Decode ISO-2022-JP with the extensions of cp50221, which Python's codecs refuse."""
    text: list[str] = []
    escape, begin = b"(B", 0
    for found in _ESCAPE.finditer(data):
        if found.start() > begin:
            text.append(_decode_set(data[begin : found.start()], escape))
        escape, begin = found[1], found.end()
    text.append(_decode_set(data[begin:], escape))
    return "".join(text)


def _decode_set(segment: bytes, escape: bytes) -> str:
    """Decode a segment in the character set that an escape sequence selected."""
    if escape.startswith(b"$"):
        return _decode_pairs(segment, escape)
    if escape == b"(I":
        kana = bytes(byte | 0x80 if byte > 0x20 else byte for byte in segment)
        return kana.decode("cp932", "replace")
    return _plain(segment)


def _plain(segment: bytes) -> str:
    return segment.decode("ascii", "replace")


# Begins where a run of line ends begins, so that a run is looked at once.
_LINE_END = re.compile(rb"(?<![\r\n])[\r\n]++(?=<[/!A-Za-z])")


def _decode_pairs(segment: bytes, escape: bytes) -> str:
    # A line end resets the set to ASCII (RFC 1468), and some programs rely on it: what follows
    # then is a tag, which no pair of this set can begin ("<" leads a level 2 kanji, but "</", "<b"
    # and the like after a line end are tags all the same).
    reset = _LINE_END.search(segment)
    rest = b""
    if reset:
        segment, rest = segment[: reset.end()], segment[reset.end() :]
    out = _PAIRS.sub(_three_bytes if escape == b"$(D" else _two_bytes, segment)
    codec = "euc_jp" if escape in (b"$@", b"$B", b"$(D") else "euc_jis_2004"
    return out.decode(codec, "shisaku.euc") + _plain(rest)


_PAIRS = re.compile(rb"(?:[\x21-\xff]{2})++")
_HIGH = bytes(byte | 0x80 for byte in range(256))


def _two_bytes(pairs: re.Match[bytes]) -> bytes:
    return pairs[0].translate(_HIGH)


def _three_bytes(pairs: re.Match[bytes]) -> bytes:
    # EUC-JP begins each pair of JIS X 0212 with 8F.
    high = pairs[0].translate(_HIGH)
    out = bytearray(b"\x8f") * (len(high) // 2 * 3)
    out[1::3], out[2::3] = high[::2], high[1::2]
    return bytes(out)


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
