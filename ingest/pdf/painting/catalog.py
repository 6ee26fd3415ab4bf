"""What a PDF's catalog says of the file as a whole: forms that are run, files that are attached."""

from collections.abc import Iterator, Mapping
from typing import Any

from pdfminer.pdftypes import resolve1
from pdfminer.utils import decode_text

_MOST = 100
"""Names of attached files that are told."""
_DEEPEST = 16
"""Levels of a name tree (ISO 32000-1, 7.9.6)."""


def form_of(catalog: Mapping[str, Any]) -> str:
    """Return "XFA" where a form description stands for the pages, else ""."""
    form = resolve1(catalog.get("AcroForm"))
    return "XFA" if isinstance(form, dict) and resolve1(form.get("XFA")) else ""


def attachments_of(catalog: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the files that a portfolio (/Collection) holds; () for other files."""
    if not isinstance(resolve1(catalog.get("Collection")), dict):
        return ()
    names = resolve1(catalog.get("Names"))
    tree = names.get("EmbeddedFiles") if isinstance(names, dict) else None
    found: list[str] = []
    for name in _names(tree, 0):
        found.append(name)
        if len(found) == _MOST:
            break
    return tuple(found)


def _names(node: object, depth: int) -> Iterator[str]:
    found = resolve1(node)
    if not isinstance(found, dict) or depth > _DEEPEST:
        return
    pairs = resolve1(found.get("Names"))
    for key, value in zip(pairs[::2], pairs[1::2], strict=False) if isinstance(pairs, list) else ():
        described = resolve1(value)
        shown = (
            resolve1(described.get("UF") or described.get("F") or key)
            if isinstance(described, dict)
            else resolve1(key)
        )
        if isinstance(shown, bytes):
            yield decode_text(shown)
    kids = resolve1(found.get("Kids"))
    for kid in kids if isinstance(kids, list) else ():
        yield from _names(kid, depth + 1)
