"""Filters of a search: OR within one filter, AND between filters."""

import re
import shlex
from typing import Any, Literal

import msgspec

from shisaku.index.records.fields import Frame

YearRange = tuple[int, int]
Role = Literal["responsible", "acting", "publisher"]
"""What a body is to a passage: named as responsible, named as acting, publisher of the document."""


RESTATED = ("yes", "no")
"""Whether a passage is marked (再掲)."""


class Filters(msgspec.Struct, frozen=True):
    """Filters with canonical names; years are ranges (first, last). An empty filter admits all.

    A ministry admits the passages that its facet counts, those of its bureaus included: the names
    of `Bodies` are rolled up, as are publishers. `role` says what the ministry is to the passage;
    without it one that is responsible, one that acts, or the publisher where the passage names
    nobody and belongs to no measure. The name of a plan admits plan and series.
    """

    ministry: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()
    year: tuple[YearRange, ...] = ()
    fiscal_year: tuple[YearRange, ...] = ()
    kind: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    document: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    role: tuple[Role, ...] = ()
    """How `ministry` is meant; by itself it admits everything."""
    restated: tuple[str, ...] = ()
    """"yes", "no": passages marked (再掲), the others."""

    def barred_by(self, frame: Frame) -> tuple[str, ...]:
        """Return the names of the filters, without those of bodies, that reject a frame."""
        verdicts = {
            "plan": not self.plan or frame.plan in self.plan or frame.plan_series in self.plan,
            "year": _within(frame.year, self.year),
            "fiscal_year": _within(frame.fiscal_year, self.fiscal_year),
            "kind": not self.kind or frame.kind in self.kind,
            "status": not self.status or frame.status in self.status,
            "document": not self.document or frame.document in self.document,
            "restated": not self.restated or frame.restated in self.restated,
        }
        return tuple(name for name, passed in verdicts.items() if not passed)

    def to_json(self) -> dict[str, Any]:
        """Return the filters that are not empty, by the name of their option."""
        asked: dict[str, Any] = {
            "ministry": list(self.ministry),
            "plan": list(self.plan),
            "year": [_range(span) for span in self.year],
            "fiscal_year": [_range(span) for span in self.fiscal_year],
            "kind": list(self.kind),
            "status": list(self.status),
            "document": list(self.document),
            "publisher": list(self.publisher),
            "role": list(self.role),
            "restated": list(self.restated),
        }
        return {name: values for name, values in asked.items() if values}

    def as_typed(self, name: str) -> str:
        """Return a filter as options for a shell: --ministry 警察庁 --ministry 法務省."""
        option = f"--{name.replace('_', '-')}"
        return " ".join(f"{option} {_quoted(value)}" for value in self.to_json().get(name, []))


def _quoted(value: str) -> str:
    # `shlex.quote` quotes all that is not ASCII.
    return value if re.fullmatch(r"[\w@%+=:,./-]+", value) else shlex.quote(value)


def _within(year: int | None, ranges: tuple[YearRange, ...]) -> bool:
    if not ranges:
        return True
    return year is not None and any(first <= year <= last for first, last in ranges)


def _range(span: YearRange) -> str:
    first, last = span
    return str(first) if first == last else f"{first}..{last}"
