"""Makes text of documents safe to print: no control character reaches a terminal.

A document may hold escape sequences, and bidirectional controls (Unicode Standard Annex #9), with
which the text shown differs from the text held. All of them are replaced or escaped.
"""

import re
from typing import Any

# C0 controls but for tab and line feed, DEL, C1 controls (ISO/IEC 6429), and the bidirectional
# controls (Unicode property Bidi_Control).
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROLS = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_BIDI}]")


def clean(text: str) -> str:
    """Return `text` with each control character replaced by U+FFFD; the length is unchanged."""
    return _CONTROLS.sub("\ufffd", text)


# The controls, line and paragraph separators, and surrogates, which UTF-8 cannot encode.
_BREAKS = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{_BIDI}]")
_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def one_line(text: str) -> str:
    """Return `text` without line breaks, controls escaped as in a Python string literal.

    For a value in a line or column of its own: a file name may hold a line feed.
    """
    return _BREAKS.sub(lambda match: _SHORT.get(match[0]) or _escaped(match[0]), text)


def _escaped(char: str) -> str:
    return f"\\x{ord(char):02x}" if ord(char) < 0x100 else f"\\u{ord(char):04x}"


# Controls, and U+2028 and U+2029, at which `str.splitlines` would part a record of JSON lines.
_ESCAPED = re.compile(f"{_CONTROLS.pattern}|[\u2028\u2029]")


def escape(json_text: str) -> str:
    """Return JSON text with controls and line separators escaped; its value is unchanged.

    Controls below U+0020 are escaped already (RFC 8259, section 7).
    """
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json_text)


def dumps(value: Any, indent: int | None = None) -> str:
    """Return `value` as JSON text, non-ASCII as it is, controls escaped (`escape`)."""
    import json  # not needed by most commands

    return escape(json.dumps(value, ensure_ascii=False, indent=indent))
