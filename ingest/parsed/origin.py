"""Fills in publisher and plan of a parsed document from sources.toml, where it states neither.

Takes a `Document` and the `Origin` of its file, gives a `Document`. What a document prints about
itself always wins. The value of sources.toml is kept in `listed`, which shows where it comes from,
and so a change of the list needs no parsing.
"""

from typing import Any

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from shisaku.ingest.model import Document, Origin
from shisaku.ingest.parsed.store import Header

_FIELDS = ("plan", "publisher")


def wanted(document: Document | Header, origin: Origin | None) -> dict[str, str] | UnsetType:
    """Return what `listed` of a document must be for the origin of its file; reads no file."""
    if origin is None:
        return UNSET
    told = document.listed or {}
    return {
        name: text
        for name in _FIELDS
        if (text := getattr(origin, name)) and (name in told or getattr(document, name) is None)
    }


def with_origin(document: Document, origin: Origin | None) -> Document:
    """Return a document with the values of its origin in place of those of an earlier origin.

    Ministries and plans get their canonical names; names unknown to the registry stay as written.
    """
    listed = wanted(document, origin)
    if listed == document.listed:
        return document
    fields: dict[str, Any] = {}
    for name in document.listed or {}:
        fields |= _told(name, "")
    for name, text in (listed or {}).items():
        fields |= _told(name, text)
    return replace(document, listed=listed, **fields)


def _told(name: str, text: str) -> dict[str, str | None]:
    from shisaku.ingest.registry import registry

    if not text:
        return {"plan": None, "plan_series": None} if name == "plan" else {name: None}
    if name == "publisher":
        return {name: registry().resolve(text) or text}
    ref = registry().plan_of_title(text)
    return {name: ref.plan if ref else text, "plan_series": ref.series if ref else text}
