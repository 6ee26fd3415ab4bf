"""What was typed → canonical names, or an error that says what is near.

The registry of ministries and plans is no part of `index/`: the caller passes its functions as a
`Registry`. A name that only the index knows, as printed, resolves as well.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple, Protocol, get_args

from shisaku.index.errors import FilterError
from shisaku.index.records.filters import RESTATED, Filters, Role
from shisaku.ingest.terms import Kind, Status
from shisaku.ingest.text.beside import table
from shisaku.ingest.text.fold import fold


class Registry(NamedTuple):
    """Lookups in the domain data: spelling → canonical name, None for an unknown one."""

    ministry: Callable[[str], str | None]
    plan: Callable[[str], str | None]
    plan_key: Callable[[str], str]
    """Spelling of a plan → a key that all spellings of the plan share."""


class Names(Protocol):
    """The names that an open index holds: an `OpenIndex` or a `Searcher`."""

    def ministries(self) -> list[str]:
        """Return the ministries as printed."""

    def plans(self) -> list[str]:
        """Return the plans and series."""

    def publishers(self) -> list[str]:
        """Return the publishers as printed."""

    def document_id(self, text: str) -> str | None:
        """Return the id of the document that `text` names, None for no such."""

    def documents(self) -> list[str]:
        """Return the ids of the documents."""


NOBODY = Registry(lambda _: None, lambda _: None, fold)
"""Knows no name: those of the index alone resolve."""


def resolve_filters(
    opened: Names,
    registry: Registry,
    *,
    ministry: Sequence[str] = (),
    plan: Sequence[str] = (),
    document: Sequence[str] = (),
    publisher: Sequence[str] = (),
    **others: Any,
) -> Filters:
    """Return the filters with canonical names for what was typed; `others` need none.

    Raises:
        FilterError: neither the registry nor the index knows a name.

    """
    return Filters(
        ministry=_unique(_body(opened, registry, "ministry", text) for text in ministry),
        plan=_unique(_plan(opened, registry, text) for text in plan),
        document=_unique(_document(opened, text) for text in document),
        publisher=_unique(_body(opened, registry, "publisher", text) for text in publisher),
        **others,
    )


def resolve_field(opened: Names, registry: Registry, name: str, value: str) -> Filters:
    """Return the filter that a field of a query (省庁:警察庁) stands for; `name` is the filter's.

    Raises:
        FilterError: neither the registry nor the index knows the value.

    """
    if name in ("ministry", "plan", "document", "publisher"):
        return resolve_filters(opened, registry, **{name: [value]})
    if name in ("year", "fiscal_year"):
        from shisaku.ingest.text.dates import parse_years

        span = parse_years(value)
        if span is None:
            raise FilterError(f"{value} is no year", "try 2011, 2009..2014, 平成23, H23")
        return Filters(year=(span,)) if name == "year" else Filters(fiscal_year=(span,))
    one = named(name, value)
    if one is None:
        raise _unknown(name.replace("_", " "), value, _labels()[name])
    filters: dict[str, Any] = {name: (one,)}
    return Filters(**filters)


def named(what: str, text: str) -> str | None:
    """Return the kind, status, … (`what`) that people call so, None for no such."""
    return _labels()[what].get(fold(text))


@cache
def _labels() -> dict[str, dict[str, str]]:
    """Return the names of kinds, states, … by what they are called, folded."""
    called = table(__file__, "labels.toml")
    names = {
        "kind": get_args(Kind),
        "status": get_args(Status),
        "role": get_args(Role),
        "restated": RESTATED,
    }
    return {
        what: {fold(label): name for name in names[what] for label in (name, *called[what][name])}
        for what in names
    }


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _unknown(what: str, text: str, known: Iterable[str]) -> FilterError:
    import difflib

    near = difflib.get_close_matches(text, list(known), n=3, cutoff=0.4)
    remedy = f"did you mean {' / '.join(near)}?" if near else "type: shisaku facets"
    return FilterError(f"there is no {what} {text}", remedy)


def _body(opened: Names, registry: Registry, what: str, text: str) -> str:
    """Return the canonical name of a ministry or publisher (`what`): each can be the other."""
    if found := registry.ministry(text):
        return found
    known = {fold(name): name for name in (*opened.publishers(), *opened.ministries())}
    if fold(text) not in known:
        raise _unknown(what, text, known.values())
    return known[fold(text)]


def _plan(opened: Names, registry: Registry, text: str) -> str:
    known = {registry.plan_key(name): name for name in opened.plans()}
    found = known.get(registry.plan_key(text)) or registry.plan(text)
    if found is None:
        raise _unknown("plan", text, known.values())
    return found


def _document(opened: Names, text: str) -> str:
    found = opened.document_id(text)
    if found is None:
        raise _unknown("document", text, opened.documents())
    return found
