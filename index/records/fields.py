"""The fields of a public record, and the values that filters, facets and sorting use.

Fields and order are those of docs/schema/passage.schema.json. `Place` has the values that are
needed for every hit, apart from the record, so that counting decodes no text.
"""

from collections.abc import Mapping
from typing import Any

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


class Place(Frame, frozen=True, array_like=True):
    """The values of `Frame` and the ministries."""

    ministries: tuple[str, ...]
    """Responsible and acting ministries together, each once."""

    @classmethod
    def of(cls, frame: Frame, ministries: tuple[str, ...]) -> "Place":
        """Return the place of a frame and its ministries."""
        return cls(
            frame.document, frame.date, frame.kind, frame.plan, frame.plan_series, frame.year,
            frame.fiscal_year, frame.status, ministries,
        )  # fmt: skip


def measure_heading(record: Mapping[str, Any]) -> str:
    """Return label and title of the measure of a record as printed, "" for none."""
    measure = record["measure"]
    return f"{measure['label']} {measure['title']}".strip() if measure else ""
