"""What the codes of Wingdings and Symbol print (symbols.toml): bullets, arrows, check boxes.

Such a font is simple and states no characters, so that pdfminer reads its bullets as letters (l, n,
Ø). Word writes the same codes as private characters, U+F000 and more.
"""

from collections.abc import Mapping
from functools import cache

from shisaku.ingest.text.beside import table

_PRIVATE = 0xF000
"""Where Word and Windows put the codes of a symbol font."""


def symbols_of(font: str) -> Mapping[int, str]:
    """Return what the codes of a symbol font print; nothing for other fonts."""
    name = font.rpartition("+")[2].lower().replace(" ", "")
    kind = "wingdings" if name == "wingdings" or name.startswith("wingdings-") else ""
    return _signs(kind or ("symbol" if name.startswith("symbol") else ""))


@cache
def _signs(kind: str) -> dict[int, str]:
    signs = table(__file__, "symbols.toml").get(kind, {})
    return {int(code, 16): sign for code, sign in signs.items()}


def printed(signs: Mapping[int, str], text: str, code: int, *, stated: bool) -> str:
    """Return what a character of a symbol font prints.

    `text` is what the file or pdfminer reads; `stated` tells whether the file has a ToUnicode map,
    which is believed unless it gives a private character.
    """
    if len(text) == 1 and ord(text) >> 8 == _PRIVATE >> 8:
        return signs.get(ord(text) & 0xFF, text)
    return text if stated else signs.get(code, text)
