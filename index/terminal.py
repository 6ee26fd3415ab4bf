"""What may reach a terminal: text of a document must never be obeyed by it."""

import re

# Controls of both sets (tab and line feed apart), DEL, and the signs that turn the direction of
# writing, with which a document could show other words than it holds.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Give `text`, of the same length, with what a terminal would obey made visible."""
    return _CONTROLS.sub("\ufffd", text)


def escape(json_text: str) -> str:
    """Give JSON with the same characters as escapes; it stays equal as JSON.

    Those below U+0020 are escaped already: JSON does not allow them as they are.
    """
    return _CONTROLS.sub(lambda match: f"\\u{ord(match[0]):04x}", json_text)
