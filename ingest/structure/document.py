"""Puts a parsed document together: contents aside, one flow of blocks, identity, body."""

from collections import Counter
from collections.abc import Sequence

from msgspec import UNSET

from shisaku.ingest.model import (
    Basis,
    Block,
    Document,
    Page,
    RawDocument,
    Source,
    TableBlock,
    TextBlock,
)
from shisaku.ingest.registry import registry
from shisaku.ingest.structure.acts import act_lines
from shisaku.ingest.structure.body import Walker
from shisaku.ingest.structure.builder import Builder
from shisaku.ingest.structure.flow import read_flow
from shisaku.ingest.structure.identity import Identity, identify
from shisaku.ingest.structure.identity.basis import Found
from shisaku.ingest.structure.identity.plan import plan as plan_named
from shisaku.ingest.structure.ledger import lost_characters
from shisaku.ingest.structure.line_numbers import without_line_numbers
from shisaku.ingest.structure.measures.checks import count_items, unread_items
from shisaku.ingest.structure.measures.kinds import kind_by_measures
from shisaku.ingest.structure.measures.regroup import regroup
from shisaku.ingest.structure.measures.schedules import without_schedules
from shisaku.ingest.structure.measures.tabular.measure_columns import has_measures
from shisaku.ingest.structure.meetings import has_meetings
from shisaku.ingest.structure.outline.bounds import with_short_headings
from shisaku.ingest.structure.outline.slides import find_slides
from shisaku.ingest.structure.outline.toc import Contents, take_contents
from shisaku.ingest.structure.outline.toc_check import compare
from shisaku.ingest.structure.tables.forms import is_form, name_of_form
from shisaku.ingest.structure.tables.meeting_tables import has_sessions
from shisaku.ingest.terms import Kind
from shisaku.ingest.text.fold import fold


def build_document(
    raw: RawDocument, *, document_id: str, sources: tuple[Source, ...], sha256: str
) -> Document:
    """Give the document that `raw` holds: sections, measures and passages with stable ids."""
    whole = without_schedules(without_line_numbers(with_short_headings(raw.pages)))
    pages, contents = take_contents(whole)
    flow = regroup(read_flow(pages))
    identity = identify(flow, raw, document_id)
    tables = [block for block in flow if isinstance(block, TableBlock)]
    basis = dict(identity.basis)
    kind = _kind(
        flow, tables, identity, basis, is_web_page=any(not page.width for page in raw.pages)
    )
    labels = {page.number: page.label for page in raw.pages if page.label}
    builder = Builder(document_id, labels)
    head = _head(builder, flow, identity)
    for text in contents.texts:
        builder.ledger.take("contents", text)
    _walk(Walker(builder, flow, kind, _entries(contents), head), raw, flow, identity)
    if not builder.passages:
        # Nothing beneath the title: then the title is what there is to find.
        for block in _blocks_of(flow, identity):
            builder.add_passage("heading", block.text, block.lines, ())
    builder.finish()
    by_measures = kind_by_measures(kind, builder.measures, builder.passages)
    if by_measures != kind:
        kind = by_measures
        basis["kind"] = Found(kind, "", "shape", guessed=True).basis
    named = plan_named(kind, identity.title, identity.issued, flow)
    plan = named[0] if named else None
    if named:
        basis["plan"] = named[1].basis
    year_of = basis.get("issued") or basis.get("fiscal_year")
    if year_of:
        inferred = identity.issued is None or year_of.guessed
        basis["year"] = Basis(year_of.words, year_of.where, inferred)
    ledger = builder.ledger.close(whole, Counter(raw.counts))
    found = raw.problems
    if ledger["lost"] > 0.001 * ledger["visible"]:
        found = (*found, lost_characters(ledger["lost"], ledger["visible"]))
    items = count_items(kind, builder.passages)
    if (unread := unread_items(items)) is not None:
        found = (*found, unread)
    return Document(
        id=document_id,
        sha256=sha256,
        sources=sources,
        title=name_of_form(identity.title, tables)
        if kind == "evaluation_sheet"
        else identity.title,
        kind=kind,
        plan=plan.plan if plan else None,
        plan_series=plan.series if plan else None,
        publisher=identity.publisher,
        issued=identity.issued,
        year=int(identity.issued[:4]) if identity.issued else identity.fiscal_year,
        fiscal_year=identity.fiscal_year,
        pages=len(raw.pages),
        sections=tuple(builder.sections),
        measures=tuple(builder.measures),
        passages=tuple(builder.passages),
        problems=found,
        counts=_counts(raw, whole, contents),
        ledger=ledger,
        basis=basis,
        items=items or UNSET,
        contents=_agreement(contents, builder, pages),
    )


def _kind(
    flow: Sequence[Block],
    tables: Sequence[TableBlock],
    identity: Identity,
    basis: dict[str, Basis],
    *,
    is_web_page: bool,
) -> Kind:
    """Return the kind of the document; from which words is noted in `basis`."""
    told = registry().kind_found(
        identity.title,
        [block.text[:200] for block in flow[:30]],
        has_table_of_measures=has_measures(tables),
        has_form=any(is_form(table) for table in tables),
        is_web_page=is_web_page,
    )
    kind: Kind = told.kind
    if told.where:
        basis["kind"] = Found(kind, told.words, told.where, told.where != "title").basis
    if kind == "other" and (has_meetings(flow) or has_sessions(flow)):
        kind = "meeting_record"
        basis["kind"] = Found(kind, "", "shape", guessed=True).basis
    return kind


def _blocks_of(flow: Sequence[Block], identity: Identity) -> list[TextBlock]:
    """Give the blocks of the document's title, in order."""
    blocks = [flow[at] for at in sorted(identity.blocks)]
    return [block for block in blocks if isinstance(block, TextBlock)]


def _head(builder: Builder, flow: Sequence[Block], identity: Identity) -> dict[int, str]:
    """Take the blocks of the title; give those that open a section (h1 to h6), by their page."""
    opening: dict[int, str] = {}
    for at in sorted(identity.blocks):
        head = flow[at]
        if not isinstance(head, TextBlock):
            continue
        acts = act_lines(head)
        lines = [line for line in head.text.split("\n") if line.strip() not in acts]
        is_heading = head.role == "heading"
        beside = [] if is_heading else [each for each in lines if not _is_said(each, identity)]
        name = "\n".join(line for line in lines if line not in beside)
        builder.ledger.take("headings", name)
        if is_heading:
            builder.add_section(name, head.level or 1, head.page, (), quoted=True)
            if head.level is not None:
                opening[at] = name
        elif beside:
            # What stands in the block of a title and is none, a stamp or the name of a series.
            builder.add_passage("paragraph", "\n".join(beside), head.lines, ())
        for text in acts:
            # Found by its words, the number of an act must be a passage.
            builder.add_passage("paragraph", text, head.lines, ())
    return opening


def _is_said(line: str, identity: Identity) -> bool:
    """Tell whether a line is part of the document's title."""
    words = fold(line)
    return not words or words in fold(identity.title) or fold(identity.title) in words


def _entries(contents: Contents) -> frozenset[str]:
    return frozenset(fold(entry.title) for entry in contents.entries if len(entry.title) > 1)


def _walk(walker: Walker, raw: RawDocument, flow: Sequence[Block], identity: Identity) -> None:
    slides = find_slides(raw.pages, flow, identity.blocks)
    if slides is not None:
        walker.walk_slides(identity.blocks, slides)
    else:
        walker.walk(identity.blocks, identity.cover)


def _counts(raw: RawDocument, pages: Sequence[Page], contents: Contents) -> dict[str, int]:
    """Give the numbers of things that were repaired or left out, by kind."""
    furniture = Counter(part.kind for page in pages for part in page.furniture)
    furniture["contents"] += len(contents.texts)
    return {
        **{kind: count for kind, count in sorted(raw.counts.items()) if count},
        **{kind: count for kind, count in sorted(furniture.items()) if count},
    }


def _agreement(contents: Contents, builder: Builder, pages: Sequence[Page]) -> dict[str, int]:
    """Give how well the headings agree with the contents page; empty without one."""
    found = compare(contents.entries, [*builder.sections, *builder.measures], pages)
    if not found.entries:
        return {}
    return {"entries": found.entries, "in_body": found.in_body, "matched": found.matched}
