"""The fields of a public record, and the values that filters, facets and sorting use.

Fields and order are those of docs/schema/passage.schema.json. `Frame` and `Bodies` have the values
that are needed for every hit, apart from the record, so that counting decodes no text.
"""

import re
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

FIELDS = (
    "id", "document", "title", "kind", "type", "plan", "plan_series", "publisher", "issued",
    "date", "year", "fiscal_year", "path", "measure", "ministries", "actors", "and_others",
    "mark", "status", "restated", "text", "cells", "page", "page_end", "source", "url", "sha256",
    "page_label", "restates", "ref", "guessed", "ruby", "budget", "ministries_rolled",
)  # fmt: skip
"""Names of the fields of a record in order. The last is not stored but computed when a record is
read; `search` adds score, highlights and matched."""


class Frame(msgspec.Struct, frozen=True, array_like=True):
    """The values of a passage for filters and sorting: document, dates, plan, status."""

    document: str
    date: str
    """ISO date for sorting, of the passage or else of the document; "" for none."""
    kind: str
    plan: str | None
    plan_series: str | None
    year: int | None
    fiscal_year: int | None
    status: str | None
    restated: Literal["yes", "no"] = "no"
    """Whether the passage is marked (再掲)."""
    publisher: str | None = None
    """Who published the document, as printed (`published_by`)."""


class Bodies(msgspec.Struct, frozen=True, array_like=True):
    """The bodies for which a passage counts, as printed."""

    ministries: tuple[str, ...] = ()
    """Responsible ministries."""
    actors: tuple[str, ...] = ()
    """Bodies that its words say act."""
    publisher: str | None = None
    """The publisher of its document where it names nobody and belongs to no measure, else None."""

    @property
    def named(self) -> tuple[str, ...]:
        """Responsible and acting bodies together, each once."""
        return tuple(dict.fromkeys((*self.ministries, *self.actors)))


_ORGANISATION = re.compile(r"([^\s（）()]{1,20}?[省庁府院房会])(?:本府|本省)?組織(?:令|規則|規程)")
"""Title of an order that sets the organisation of a body: 法務省組織令, 内閣府本府組織令."""


def published_by(record: Mapping[str, Any]) -> str | None:
    """Return who published the document of a record: who it says did, else whose order it is.

    An 組織令 (Cabinet Order on the organisation of a ministry) counts for that ministry.
    """
    if record["publisher"]:
        return str(record["publisher"])
    found = _ORGANISATION.search(record["title"])
    return found[1] if found else None


def measure_heading(record: Mapping[str, Any]) -> str:
    """Return label and title of the measure of a record as printed, "" for none."""
    measure = record["measure"]
    return f"{measure['label']} {measure['title']}".strip() if measure else ""
