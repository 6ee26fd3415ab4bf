"""Is the outline the document's own? Its contents page is the witness.

Measured twice: as the document stands, and with the contents pages cut out before the outline is
made, so that it must stand on the body alone.
"""

from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from shisaku.ingest.batch.parse import read_raw
from shisaku.ingest.model import Document, Section, Source
from shisaku.ingest.structure import build_document
from shisaku.ingest.structure.outline.toc import take_contents
from shisaku.ingest.structure.outline.toc_check import compare


@dataclass(frozen=True)
class Outline:
    """Contents entries of a document: all, those whose words stand in the body, those found there.

    `headings` counts the sections and measures of the outline; `missing` names entries not found.
    """

    entries: int
    in_body: int
    matched: int
    headings: int
    missing: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Entries found as headings on their page over those that stand in the body."""
        return self.matched / self.in_body if self.in_body else 0.0


def as_it_stands(document: Document) -> Outline:
    """Return the agreement that the parsed document states itself."""
    counts = document.contents
    return Outline(
        counts.get("entries", 0), counts.get("in_body", 0), counts.get("matched", 0),
        len(document.sections) + len(document.measures),
    )  # fmt: skip


def cut_out(path: Path) -> tuple[Outline, tuple[str, ...]]:
    """Return the agreement without the contents pages, and what it misses with them.

    The body keeps its page numbers; what a page holds besides its contents stays.
    """
    raw = read_raw(path)
    pages, contents = take_contents(raw.pages)
    source = (Source(f"raw/{path.name}"),)
    whole = build_document(raw, document_id=path.name, sources=source, sha256="")
    bare = build_document(
        replace(raw, pages=tuple(pages)), document_id=path.name, sources=source, sha256=""
    )
    seen = compare(contents.entries, _headings(whole), pages)
    found = compare(contents.entries, _headings(bare), pages)
    count = len(bare.sections) + len(bare.measures)
    outline = Outline(found.entries, found.in_body, found.matched, count, found.missing)
    return outline, seen.missing


def _headings(document: Document) -> list[Section]:
    measures = [
        Section(measure.label, measure.title, 1, measure.page) for measure in document.measures
    ]
    return [*document.sections, *measures]
