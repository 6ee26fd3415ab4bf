"""What a PDF's catalog says of the file as a whole: forms that are run, attached files, layers."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from pdfminer.pdftypes import PDFObjRef, dict_value, list_value, resolve1
from pdfminer.utils import decode_text

_MOST = 100
"""Names of attached files that are told."""
_DEEPEST = 16
"""Levels of a name tree (ISO 32000-1, 7.9.6)."""
_MOST_GROUPS = 10_000
"""Layers that are looked at; a map with a layer for each street has hundreds."""


def form_of(catalog: Mapping[str, Any]) -> str:
    """Return "XFA" where a form description stands for the pages, else ""."""
    return "XFA" if resolve1(dict_value(catalog.get("AcroForm")).get("XFA")) else ""


def attachments_of(catalog: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the files that a portfolio (/Collection) holds; () for other files."""
    if not isinstance(resolve1(catalog.get("Collection")), dict):
        return ()
    tree = dict_value(catalog.get("Names")).get("EmbeddedFiles")
    return tuple(islice(_names(tree, 0), _MOST))


def _names(node: object, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    found = dict_value(node)
    pairs = list_value(found.get("Names"))
    for key, value in zip(pairs[::2], pairs[1::2], strict=False):
        described = dict_value(value)
        shown = resolve1(described.get("UF") or described.get("F") or key)
        if isinstance(shown, bytes):
            yield decode_text(shown)
    for kid in list_value(found.get("Kids")):
        yield from _names(kid, depth + 1)


class Layers:
    """The layers (optional content groups, ISO 32000-1, 8.11) that are off in a file as opened."""

    def __init__(self, catalog: Mapping[str, Any]) -> None:
        properties = dict_value(catalog.get("OCProperties"))
        default = dict_value(properties.get("D"))
        off = _ids(default.get("OFF"))
        base = resolve1(default.get("BaseState"))
        if getattr(base, "name", "") == "OFF":
            off |= _ids(properties.get("OCGs")) - _ids(default.get("ON"))
        self._off = frozenset(off)

    def __bool__(self) -> bool:
        return bool(self._off)

    def hides(self, content: object) -> bool:
        """Tell whether what belongs to a group or a membership dictionary (/OC) is not shown."""
        if not self._off:
            return False
        if isinstance(content, PDFObjRef) and content.objid in self._off:
            return True
        found = dict_value(content)
        groups = found.get("OCGs")
        if groups is None:
            return False
        ids = _ids(groups) or ({groups.objid} if isinstance(groups, PDFObjRef) else set())
        hidden = [one in self._off for one in ids]
        policy = getattr(resolve1(found.get("P")), "name", "AnyOn")
        if not hidden:
            return False
        shown = {
            "AllOn": not any(hidden),
            "AnyOff": any(hidden),
            "AllOff": all(hidden),
        }.get(policy, not all(hidden))
        return not shown


def _ids(value: object) -> set[int]:
    return {one.objid for one in list_value(value)[:_MOST_GROUPS] if isinstance(one, PDFObjRef)}
