"""What the list of sources adds to a parsed document: publisher and plan, where it states neither.

What a document prints about itself always wins. The list's word for a field is kept in `listed`, so
that a reader sees whose word it is, and a change of the list is brought in without parsing.
"""

from typing import Any

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from shisaku.ingest.model import Document, Origin
from shisaku.ingest.parsed.store import Header

_FIELDS = ("plan", "publisher")


def wanted(document: Document | Header, origin: Origin | None) -> dict[str, str] | UnsetType:
    """Give what `listed` of a document has to be for the origin of its file; cheap, asks nobody."""
    if origin is None:
        return UNSET
    told = document.listed or {}
    return {
        name: text
        for name in _FIELDS
        if (text := getattr(origin, name)) and (name in told or getattr(document, name) is None)
    }


def with_origin(document: Document, origin: Origin | None) -> Document:
    """Give a document with what its list of sources says now, and nothing of what it said before.

    Ministries and plans get their canonical names, names that the registry does not know stay.
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
