"""What may reach a terminal: text of a document must never be obeyed by it."""

import re
from typing import Any

# Controls of both sets (tab and line feed apart), DEL, and the signs that turn the direction of
# writing (marks, embeddings, overrides, isolates), with which a document could show other words
# than it holds.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROLS = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_BIDI}]")


def clean(text: str) -> str:
    """Give `text`, of the same length, with what a terminal would obey made visible."""
    return _CONTROLS.sub("\ufffd", text)


# Beside the controls all that ends a line, and halves of pairs, which no output can hold.
_BREAKS = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{_BIDI}]")
_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def one_line(text: str) -> str:
    """Give `text` on one line, controls escaped as in a string literal.

    For what stands in a line or a column of its own: a file name may hold a line feed.
    """
    return _BREAKS.sub(lambda match: _SHORT.get(match[0]) or _escaped(match[0]), text)


def _escaped(char: str) -> str:
    return f"\\x{ord(char):02x}" if ord(char) < 0x100 else f"\\u{ord(char):04x}"


# What a terminal would obey, and all that some readers take for the end of a line: with both
# escaped a record of JSON lines is one line to `str.splitlines`, too.
_ESCAPED = re.compile(f"{_CONTROLS.pattern}|[\u2028\u2029]")


def escape(json_text: str) -> str:
    """Give JSON without controls and line separators as they are; it stays equal as JSON.

    Those below U+0020 are escaped already: JSON does not allow them as they are.
    """
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json_text)


def dumps(value: Any, indent: int | None = None) -> str:
    """Give JSON in UTF-8 without escapes, except of what a terminal would obey."""
    import json  # most answers are text

    return escape(json.dumps(value, ensure_ascii=False, indent=indent))
