"""What a public record has: the names of its fields, and the little of it that is counted.

The fields and their order are those of docs/schema/passage.schema.json. `Place` is what filters,
facets and sorting need for every hit, kept apart so that counting never decodes a text.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

FIELDS = (
    "id", "document", "title", "kind", "type", "plan", "plan_series", "publisher", "issued",
    "date", "year", "fiscal_year", "path", "measure", "ministries", "actors", "and_others",
    "mark", "status", "restated", "text", "cells", "page", "page_end", "source", "url", "sha256",
    "page_label", "restates", "ref", "guessed", "ruby", "ministries_rolled",
)  # fmt: skip
"""Names of a record's fields in their order. The last is not stored but made when a record is read
(`OpenIndex.record`); `search` adds score, highlights and matched."""


class Frame(msgspec.Struct, frozen=True, array_like=True):
    """Where a passage stands among the filters: document, dates, plan, status."""

    document: str
    date: str
    """ISO date to sort by, of the entry or else of the document; "" where none is known."""
    kind: str
    plan: str | None
    plan_series: str | None
    year: int | None
    fiscal_year: int | None
    status: str | None


class Place(Frame, frozen=True, array_like=True):
    """The same with the ministries."""

    ministries: tuple[str, ...]
    """Responsible and acting ministries together, each once."""

    @classmethod
    def of(cls, frame: Frame, ministries: tuple[str, ...]) -> "Place":
        """Put the two together."""
        return cls(
            frame.document, frame.date, frame.kind, frame.plan, frame.plan_series, frame.year,
            frame.fiscal_year, frame.status, ministries,
        )  # fmt: skip


def measure_heading(record: Mapping[str, Any]) -> str:
    """Return the label and title of the record's measure as printed, "" where it has none."""
    measure = record["measure"]
    return f"{measure['label']} {measure['title']}".strip() if measure else ""
