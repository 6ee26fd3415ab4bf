"""Layers (optional content, ISO 32000-1, 8.11): which are off when the file is opened."""

from collections.abc import Mapping
from typing import Any

from pdfminer.pdftypes import PDFObjRef, resolve1

_MOST = 10_000
"""Groups that are looked at; a map with a layer for each street has hundreds."""


class Layers:
    """The optional content groups of a file that are not shown, by object id."""

    def __init__(self, catalog: Mapping[str, Any]) -> None:
        properties = _dict(catalog.get("OCProperties"))
        default = _dict(properties.get("D"))
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
        found = _dict(content)
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


def _dict(value: object) -> Mapping[str, Any]:
    found = resolve1(value)
    return found if isinstance(found, dict) else {}


def _ids(value: object) -> set[int]:
    found = resolve1(value)
    if not isinstance(found, list):
        return set()
    return {one.objid for one in found[:_MOST] if isinstance(one, PDFObjRef)}
