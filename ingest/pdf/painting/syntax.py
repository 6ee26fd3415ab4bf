"""The syntax of content streams (ISO 32000-1, 7.2, 7.3, 7.8): bytes → operators and operands.

`OPERATION` takes a whole operation at a time, its numbers with it, because a match per token is
what makes a lexer in Python slow. What it does not take is read by `read_object`, in pdfminer's
way where files break the rules.
"""

import re
from binascii import unhexlify
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from pdfminer.psparser import LIT, PSLiteral, literal_name


class UnknownContentError(Exception):
    """The content stream holds what this reader does not know; pdfplumber may."""


# A number with the white space behind it. What is none must fail at once: else a row of points
# would be looked through from each of them.
_ONE = rb"[-+]?+(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)\s++"
_TWO = _ONE + _ONE
_WORD_SIGNS = rb"[^#/%\[\]()<>{}\s]"
_NAMED = rb"/(" + _WORD_SIGNS + rb"++)\s++"
_ENDS = rb"(?=[\s/\[<(])"

# Operators that change nothing of what is read, with their operands.
_IDLE = rb"(?:ET|W\*?|/" + _WORD_SIGNS + rb"++\s++(?:gs|ri)|" + _ONE + rb"[JjMi])" + _ENDS

_ARRAY = (
    rb"\[([-+.0-9\s]*+(?:(?:<[0-9A-Fa-f\s]*+>|\((?:[^()\\]++|\\[\0-\xff])*+\))[-+.0-9\s]*+)*+)\]"
    rb"\s*+TJ"
)
_STEP = rb"(?:Td|" + _TWO + _TWO + rb"Tm)\s*+<[0-9A-Fa-f\s]*+>\s*+Tj" + _ENDS
_STEPS = _STEP + rb"(?:\s++" + _TWO + _STEP + rb")*+"  # behind the first two numbers

# A line of text as Word and Excel write it: within its own clip and with all it needs set anew, so
# that at its end nothing has changed; often the whole of a marked content. 1 how that begins, 2 the
# clip, 3 font, 4 size, 5 matrix, 6 space between characters, 7 what is shown, 8 the content's end.
_LINE = (
    rb"((?:/[A-Za-z0-9]++\s*+<</MCID\s++\d++\s*+>>\s*+BDC\s++)?+)"
    rb"q\s++((?:"
    + _TWO
    + _TWO
    + rb"re\s++W\*?\s++n\s++)?+)BT\s++"
    + _NAMED
    + rb"("
    + _ONE
    + rb")Tf\s++("
    + _TWO
    + _TWO
    + _TWO
    + rb")Tm\s++"
    rb"(?:" + _ONE + rb"(?:[gG]|" + _TWO + rb"(?:rg|RG))(?:\s++|(?=\[)))*+"
    rb"((?:" + _ONE + rb"Tc(?:\s++|(?=\[)))?+)" + _ARRAY + rb"\s++ET\s++Q((?:\s++EMC)?+)" + _ENDS
)

OPERATION = re.compile(
    # After two numbers: a clip, which pdfminer does not follow, 1 its end; or a filled rectangle, 2
    # how; or one with its colour before it, 3; or steps, each of which shows a string, 4; or a
    # path, 5 what follows its beginning, 6 how it is painted.
    rb"(?:"
    + _TWO
    + rb"(?:"
    + _TWO
    + rb"re\s++(?:W\*?\s++(n)|(f\*?+))"
    + _ENDS
    + rb"|"
    + _ONE
    + rb"rg\s++("
    + _TWO
    + _TWO
    + rb"re\s++f\*?+)"
    + _ENDS
    + rb"|("
    + _STEPS
    + rb")"
    rb"|m\s++((?:(?:h|" + _TWO + rb"(?:[ml]|" + _TWO + rb"(?:[vy]|" + _TWO + rb"c)))\s++)*+)"
    rb"(?:(?:W\*?\s++)?+(S|s|f\*?+|B\*?+|b\*?+|n)" + _ENDS + rb")?+)"
    # 7 a font: 8 the colour before it, 9 beginning of a text, 10 name, 11 size, 12 steps after it
    rb"|(((?:"
    + _TWO
    + _ONE
    + rb"rg\s++)?+)((?:BT\s++)?+)"
    + _NAMED
    + rb"("
    + _ONE
    + rb")Tf"
    + _ENDS
    + rb"((?:\s++"
    + _TWO
    + _STEPS
    + rb")?+))"
    # 13 a line, to 21
    rb"|(" + _LINE + rb")"
    # 22 operator without numbers before it
    rb"|([A-Za-z]" + _WORD_SIGNS + rb"*+)"
    # 23 numbers, 24 operator
    rb"|((?:" + _ONE + rb"){1,8}+)([A-Za-z]" + _WORD_SIGNS + rb"*+)"
    # 25 array of strings and numbers shown by TJ
    rb"|"
    + _ARRAY
    + _ENDS
    +
    # 26 hexadecimal string, 27 string without brackets or backslashes, shown by Tj
    rb"|<([0-9A-Fa-f\s]*+)>\s*+Tj"
    + _ENDS
    + rb"|\(([^()\\]*+)\)\s*+Tj"
    + _ENDS
    +
    # 28 tag, 29 properties of a marked content, unless one of them is a dictionary or an array
    rb"|/([A-Za-z0-9]++)\s*+<<((?:[^<>()\[\]%#\\]++|\([^()\\]*+\))*+)>>\s*+BDC"
    + _ENDS
    +
    # 30 name, 31 operator that takes it
    rb"|"
    + _NAMED
    + rb"(Tf|cs|CS|Do)"
    + _ENDS
    +
    # 32 name
    rb"|/("
    + _WORD_SIGNS
    + rb"*+)(?!\#)"
    # 33 whatever else
    rb"|([^\s\0])"
    rb")[\s\0]*+(?:" + _IDLE + rb"[\s\0]*+)*+"
)
CLIP, FILLED, COLORED, STEPS, PATH, PAINT = range(1, 7)
FONT, FONT_PARTS = 7, range(8, 13)
LINE, LINE_PARTS = 13, range(14, 22)
BARE, NUMBERS, OPERATOR, SHOWN_ARRAY, SHOWN_HEX, SHOWN_TEXT = range(22, 28)
TAG, PROPERTIES, NAMED, NAMED_OPERATOR, NAME, OTHER = range(28, 34)

_EACH_STEP = re.compile(rb"([-+.0-9\s]++)T[dm]\s*+<([^>]*+)>")

_ELEMENT = re.compile(
    rb"<([0-9A-Fa-f\s]*)>|\(((?:[^()\\]++|\\[\0-\xff])*+)\)|([-+\d]\d*(?:\.\d*)?|\.\d*)"
)
_BLANK = re.compile(rb"(?:[\s\0]+|%[^\r\n]*)*")
_NUMBER = re.compile(rb"[-+\d]\d*(\.\d*)?|\.\d*")
_NAME = re.compile(rb"((?:[^#/%\[\]()<>{}\s]|#[0-9A-Fa-f]{0,2})*)(?=[^#])")
_WORD = re.compile(rb"[A-Za-z][^#/%\[\]()<>{}\s]*")
_HEX = re.compile(rb"([0-9A-Fa-f\s]*)>")
_NAME_CODE = re.compile(rb"#([0-9A-Fa-f]{0,2})")
_BRACKET = re.compile(rb"[()\\]")
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|\r\n|([\0-\xff]))")
_ESCAPED = {b"b": b"\b", b"t": b"\t", b"n": b"\n", b"f": b"\f", b"r": b"\r",
            b"(": b"(", b")": b")", b"\\": b"\\"}  # fmt: skip
_BLANKS = b" \t\n\r\f\v"
_DEEPEST = 20


def plain_number(raw: bytes) -> float:
    """Give a number, whole where it has no point; raises ValueError for what is none."""
    return float(raw) if b"." in raw else int(raw)


def hex_string(digits: bytes) -> bytes:
    """Give the bytes of a hexadecimal string; of an odd number the last stands for itself."""
    try:
        return unhexlify(digits)
    except ValueError:
        digits = digits.translate(None, _BLANKS)
        if len(digits) % 2:
            # pdfminer reads <9> as 09, not as 90.
            digits = digits[:-1] + b"0" + digits[-1:]
        return unhexlify(digits)


def plain_string(inner: bytes) -> bytes:
    """Give the bytes of a string from what stands between its brackets."""
    return _ESCAPE.sub(_escaped, inner) if b"\\" in inner else inner


def _escaped(match: re.Match[bytes]) -> bytes:
    octal, char = match.groups()
    if octal is not None:
        code = int(octal, 8)
        if code > 255:
            raise UnknownContentError("octal code")
        return bytes((code,))
    # A backslash before another character hides both, as in pdfminer (and at a line's end by rule).
    return _ESCAPED.get(char, b"") if char else b""


def steps(run: bytes) -> list[tuple[tuple[float, ...], bytes]]:
    """Give each step of a run that `OPERATION` took: the numbers of Td or Tm, the string shown."""
    return [
        (tuple(map(float, place.split())), hex_string(digits))
        for place, digits in _EACH_STEP.findall(run)
    ]


def shown_array(inner: bytes) -> list[float | bytes]:
    """Give the strings and numbers between the brackets of an array that `OPERATION` took."""
    found: list[float | bytes] = []
    if b"(" not in inner:
        # Most are hexadecimal strings with a number between each two; quicker cut than matched.
        try:
            for piece in inner.split(b">"):
                number, _, digits = piece.partition(b"<")
                if number and not number.isspace():
                    found.append(float(number))
                if digits:
                    found.append(unhexlify(digits))
            return found
        except ValueError:
            found = []
    for digits, text, number in _ELEMENT.findall(inner):
        if number:
            try:
                found.append(float(number))
            except ValueError:
                continue
        elif digits:
            found.append(hex_string(digits))
        elif text:
            found.append(plain_string(text))
    return found


def skip_blank(data: bytes, at: int) -> int:
    """Give where the next object begins, behind white space and comments."""
    match = _BLANK.match(data, at)
    return match.end() if match else at


def read_object(data: bytes, at: int, depth: int = 0) -> tuple[Any, int]:
    """Read one object at `at`: a number, string, name, array, dictionary, or a word as `Word`.

    Gives it with the place behind it; None for what stands for nothing. Raises
    `UnknownContentError` for what no well-formed stream holds.
    """
    first = data[at : at + 1]
    if first == b"/":
        return _name(data, at + 1)
    if first == b"(":
        return _string(data, at + 1)
    if first == b"<":
        if data[at + 1 : at + 2] == b"<":
            return _collection(data, at + 2, b">>", _dictionary, depth)
        match = _HEX.match(data, at + 1)
        if match is None:
            raise UnknownContentError("hexadecimal string")
        return hex_string(match[1]), match.end()
    if first == b"[":
        return _collection(data, at + 1, b"]", list, depth)
    if match := _NUMBER.match(data, at):
        try:
            return plain_number(match[0]), match.end()
        except ValueError:
            return None, match.end()
    if match := _WORD.match(data, at):
        return {b"true": True, b"false": False}.get(match[0], Word(match[0])), match.end()
    if first in (b"'", b'"'):
        return Word(first), at + 1
    raise UnknownContentError(f"a stray {first!r}")


class Word(bytes):
    """An operator or other bare word."""

    __slots__ = ()


def _name(data: bytes, at: int) -> tuple[PSLiteral, int]:
    match = _NAME.match(data, at)
    if match is None:
        raise UnknownContentError("name")
    return name(match[1]), match.end()


@lru_cache(maxsize=1024)
def name(raw: bytes) -> PSLiteral:
    """Give a name from its bytes behind the slash."""
    if b"#" in raw:
        raw = _NAME_CODE.sub(lambda code: bytes((int(code[1], 16),)) if code[1] else b"", raw)
    try:
        return LIT(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return LIT(raw)


def _string(data: bytes, at: int) -> tuple[bytes, int]:
    depth, start = 1, at
    while match := _BRACKET.search(data, at):
        at = match.end()
        if match[0] == b"\\":
            at += 1
        elif match[0] == b"(":
            depth += 1
        else:
            depth -= 1
            if not depth:
                return plain_string(data[start : at - 1]), at
    raise UnknownContentError("a string without an end")


def _collection(
    data: bytes, at: int, end: bytes, make: Callable[[list[Any]], Any], depth: int
) -> tuple[Any, int]:
    if depth > _DEEPEST:
        raise UnknownContentError("nested too deep")
    items: list[Any] = []
    while True:
        at = skip_blank(data, at)
        if data.startswith(end, at):
            return make(items), at + len(end)
        item, at = read_object(data, at, depth + 1)
        if isinstance(item, Word):
            raise UnknownContentError("a word in an array")
        if item is not None:
            items.append(item)


def _dictionary(items: list[Any]) -> dict[str, Any]:
    if len(items) % 2:
        raise UnknownContentError("dictionary")
    return {literal_name(key): value for key, value in zip(items[::2], items[1::2], strict=True)}
