"""Fills in publisher and plan of a parsed document from sources.toml, where it states neither.

Where the list names no publisher either, the host of the URL does (`basis` says so).

Takes a `Document` and the `Origin` of its file, gives a `Document`. What a document prints about
itself always wins. The value of sources.toml is kept in `listed`, which shows where it comes from,
and so a change of the list needs no parsing.
"""

from typing import Any
from urllib.parse import urlsplit

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from shisaku.ingest.model import Basis, Document, Origin
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
        if (text := _of_origin(origin, name)) and (name in told or getattr(document, name) is None)
    }


def _of_origin(origin: Origin, name: str) -> str:
    """Return what the list of sources says, else what the host says; "" for nothing."""
    text: str = getattr(origin, name)
    if text or name != "publisher" or not origin.url:
        return text
    from shisaku.ingest.registry import registry

    return registry().publisher_of_host(_host(origin)) or ""


def _host(origin: Origin) -> str:
    try:
        return urlsplit(origin.url).hostname or ""
    except ValueError:  # of an address that a file edited by hand may hold: http://[
        return ""


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
    basis = {name: each for name, each in document.basis.items() if name not in fields}
    if origin and not origin.publisher and "publisher" in (listed or {}):
        basis["publisher"] = Basis(_host(origin), "url", guessed=True)
    return replace(document, listed=listed, basis=basis, **fields)


def _told(name: str, text: str) -> dict[str, str | None]:
    from shisaku.ingest.registry import registry

    if not text:
        return {"plan": None, "plan_series": None} if name == "plan" else {name: None}
    if name == "publisher":
        return {name: registry().resolve(text) or text}
    ref = registry().plan_of_title(text)
    return {name: ref.plan if ref else text, "plan_series": ref.series if ref else text}
