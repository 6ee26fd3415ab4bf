"""What the program answers, as JSON: the fields of docs/schema, for the commands and for the API.

Every answer carries `"schema": 2` (`SCHEMA`). From 2 on new fields may come at any time and are no
new number; fields of 0.1, which had no number, keep their name, type and meaning.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import asdict as to_dict

from shisaku.index.search.facets import Cross
from shisaku.index.search.searcher import Searcher
from shisaku.index.search.selection import Facets, Request, Results, Selection, Wider
from shisaku.index.search.session import Record

SCHEMA = 2
"""Number of the JSON's form, in `schema` of every answer; a number of its own, not the version."""


def with_schema(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with `schema` as its first field."""
    return {"schema": SCHEMA} | answer


class Found(msgspec.Struct, frozen=True):
    """A page of hits, the best first, and what the user should know about them.

    `total` is the number of all matches, `hits` are records of docs/schema/passage.schema.json or
    measure.schema.json, `facets` the counts over all matches by facet: `{"value", "count"}`, of
    documents with `title`. `notices` say how the query was read, `expanded` what each word was
    searched as besides itself, `suggestions` what would find something where nothing was found.
    """

    request: Request
    total: int
    hits: list[Record]
    facets: Facets
    offset: int
    limit: int
    notices: tuple[str, ...] = ()
    expanded: list[dict[str, Any]] = []
    suggestions: list[dict[str, Any]] = []
    wider: dict[str, Wider] | None = None
    """Where few passages match: the further sections and documents in which the words stand, by
    width; None where that is not asked."""

    @classmethod
    def of(cls, request: Request, results: Results, offset: int, limit: int) -> "Found":
        """Put a request and its results together."""
        return cls(
            request, results.total, results.hits, results.facets, offset, limit,
            results.notices, results.expanded, results.suggestions, results.wider,
        )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """Return what `shisaku search --json` prints (docs/schema/search.schema.json)."""
        return with_schema(
            {
                "query": self.request.query,
                "total": self.total,
                "offset": self.offset,
                "limit": self.limit,
                "hits": self.hits,
                "facets": self.facets,
                "unit": self.request.unit,
                "notices": list(self.notices),
                "expanded": self.expanded,
                "suggestions": self.suggestions,
                "width": self.request.within,
                "wider": self.wider and {name: to_dict(each) for name, each in self.wider.items()},
            }
        )


class Counted(msgspec.Struct, frozen=True):
    """The number of matches and their counts by facet; see `Found` for what both have.

    `cross` is the table of two facets where two were asked for, else None.
    """

    request: Request
    total: int
    facets: Facets
    cross: Cross | None = None
    notices: tuple[str, ...] = ()
    expanded: list[dict[str, Any]] = []
    suggestions: list[dict[str, Any]] = []

    def to_json(self) -> dict[str, Any]:
        """Return what `shisaku facets --json` prints (docs/schema/facets.schema.json)."""
        counts = {
            "query": self.request.query,
            "total": self.total,
            "facets": self.facets,
            "unit": self.request.unit,
            "notices": list(self.notices),
            "expanded": self.expanded,
            "suggestions": self.suggestions,
            "width": self.request.within,
        }
        return with_schema(counts | ({} if self.cross is None else {"cross": self.cross.to_json()}))


class Exported:
    """All matches of a request in document order, each record read when it is asked for.

    Iterating yields the records anew each time. The index must stay open meanwhile.
    """

    def __init__(
        self, request: Request, selection: Selection, header: dict[str, Any], *, cite: bool
    ) -> None:
        self.request = request
        self.total = selection.total
        """Number of records."""
        self.header = header
        """What makes the export reproducible (docs/schema/header.schema.json)."""
        self.notices = selection.notices
        self._selection = selection
        self._cite = cite

    def __len__(self) -> int:
        return self.total

    def __iter__(self) -> Iterator[Record]:
        records: Iterable[Record] = self._selection.records()
        if self._cite:
            from shisaku.index.export.formats import with_citations

            records = with_citations(records)
        return iter(records)

    def write(
        self,
        output: str | os.PathLike[str] | None,
        form: str = "json",
        *,
        bom: bool = False,
        guard: bool = False,
    ) -> Path | None:
        """Write the records to a file, which appears whole or not at all (None: standard output).

        Args:
            output: the file; a pipe or device is written to directly.
            form: json, jsonl, csv, bibtex or csl-json; the last two cite the documents.
            bom: begin CSV with a byte order mark, as Excel wants it.
            guard: put ' before CSV cells that a spreadsheet would calculate.

        Returns:
            the file of the header where it lies beside `output` (`<name>.header.json`: of a
            regular file in a format without room for it), else None.

        Raises:
            ValueError: there is no such format.
            OSError: the file cannot be written; what was there before stays.

        """
        from shisaku.index.export.formats import FORMATS, layout_of, write

        if form not in FORMATS:
            raise ValueError(f"form is one of {', '.join(FORMATS)}, not {form!r}")
        layout = layout_of(self.request.unit, cite=self._cite, bom=bom, guard=guard)
        path = None if output is None else Path(output)
        return write(path, form, self, self.header, layout)


def export_header(opened: Searcher, request: Request, found: Selection) -> dict[str, Any]:
    """Return what makes an export reproducible: what was asked, of which index, which documents."""
    from importlib.metadata import version

    return with_schema(
        {
            "tool": "shisaku",
            **request.to_json(),
            "expanded": opened.expanded(found, request.options),
            "notices": list(found.notices),
            "total": found.total,
            "index": {
                "documents": len(opened.manifest.documents),
                "passages": opened.manifest.passages,
                "content": opened.manifest.content(),
                "version": opened.manifest.version,
            },
            "documents": found.documents(),
            "version": version("shisaku"),
        }
    )
