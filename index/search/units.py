"""What is searched, counted and given back, in words and as records: passages, whole measures."""

from collections.abc import Iterator, Sequence
from typing import Any

from shisaku.index.engine.base import UnitName
from shisaku.index.search.session import Record


def counted(total: int, unit: UnitName) -> str:
    """Return a number of units in words: 1 passage, 2 passages."""
    return f"{total} {unit}" + ("" if total == 1 else "s")


MEASURE_FIELDS = (
    "id", "document", "document_title", "kind", "label", "title", "plan", "plan_series",
    "publisher", "issued", "year", "fiscal_year", "path", "ministries", "actors", "and_others",
    "marks", "statuses", "text", "passages", "page", "page_end", "source", "url", "sha256",
    "page_label", "quoted", "budget", "ministries_rolled",
)  # fmt: skip
"""Names of a measure record's fields in their order (docs/schema/measure.schema.json)."""


def _all(records: Sequence[Record], field: str) -> list[Any]:
    return list(dict.fromkeys(value for record in records for value in record[field]))


def _texts(records: Sequence[Record]) -> Iterator[str]:
    for record in records:
        yield f"{record['mark']} {record['text']}" if record["mark"] else record["text"]


def measure_record(records: Sequence[Record]) -> Record:
    """Return the public record of the measure that these passages, in their order, make."""
    first = records[0]
    foremost = min(records, key=lambda record: int(record["page"]))
    same = {
        name: first[name]
        for name in ("document", "kind", "plan", "plan_series", "publisher", "issued", "year",
                     "fiscal_year", "path", "source", "url", "sha256")
    }  # fmt: skip
    made = (
        same
        | {"quoted": ""}
        | first["measure"]
        | {
            "document_title": first["title"],
            "ministries": _all(records, "ministries"),
            "actors": _all(records, "actors"),
            "and_others": any(record["and_others"] for record in records),
            "marks": list(dict.fromkeys(r["mark"] for r in records if r["mark"])),
            "statuses": {
                name: sum(record["status"] == name for record in records)
                for name in ("done", "pending")
            },
            "text": "\n".join(_texts(records)),
            "passages": [record["id"] for record in records],
            "page": foremost["page"],
            "page_end": max(record["page_end"] for record in records),
            "page_label": foremost["page_label"],
            "budget": [each for record in records for each in record["budget"]],
            "ministries_rolled": _all(records, "ministries_rolled"),
        }
    )
    return {name: made[name] for name in MEASURE_FIELDS}
