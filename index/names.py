"""What was typed → canonical names, or an error that says what is near.

The registry of ministries and plans is no part of `index/`: whoever calls hands its functions over
as a `Registry`, so that a name which the index knows from print alone still resolves.
"""

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from index.filters import Filters
from index.search import Searcher
from ingest.model import ShisakuError
from ingest.text.fold import fold


class FilterError(ShisakuError):
    """A filter names what nobody knows."""

    exit_code = 2


@dataclass(frozen=True)
class Registry:
    """What the domain data know: a name for a spelling, None where they know none."""

    ministry: Callable[[str], str | None]
    plan: Callable[[str], str | None]
    plan_key: Callable[[str], str]
    """What the spellings of one plan have in common."""


def resolve_filters(
    searcher: Searcher,
    registry: Registry,
    *,
    ministry: Sequence[str] = (),
    plan: Sequence[str] = (),
    document: Sequence[str] = (),
    **others: Any,
) -> Filters:
    """Give the filters with canonical names for what was typed; `others` need none.

    Raises:
        FilterError: neither the registry nor the index knows a name.

    """
    return Filters(
        ministry=_unique(_ministry(searcher, registry, text) for text in ministry),
        plan=_unique(_plan(searcher, registry, text) for text in plan),
        document=_unique(_document(searcher, text) for text in document),
        **others,
    )


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _unknown(what: str, text: str, known: Iterable[str]) -> FilterError:
    near = difflib.get_close_matches(text, list(known), n=3, cutoff=0.4)
    remedy = f"did you mean {' / '.join(near)}?" if near else "type: shisaku facets"
    return FilterError(f"there is no {what} {text}", remedy)


def _ministry(searcher: Searcher, registry: Registry, text: str) -> str:
    if found := registry.ministry(text):
        return found
    known = {fold(name): name for name in searcher.ministries()}
    if fold(text) not in known:
        raise _unknown("ministry", text, known.values())
    return known[fold(text)]


def _plan(searcher: Searcher, registry: Registry, text: str) -> str:
    known = {registry.plan_key(name): name for name in searcher.plans()}
    found = known.get(registry.plan_key(text)) or registry.plan(text)
    if found is None:
        raise _unknown("plan", text, known.values())
    return found


def _document(searcher: Searcher, text: str) -> str:
    found = searcher.manifest.document_id(text)
    if found is None:
        raise _unknown("document", text, searcher.manifest.names())
    return found
