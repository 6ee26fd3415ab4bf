"""Puts a parsed document together: contents aside, one flow of blocks, identity, body."""

from collections import Counter

from msgspec import UNSET

from shisaku.ingest.model import Document, RawDocument, Source, TableBlock, TextBlock
from shisaku.ingest.registry import registry
from shisaku.ingest.registry.plans import PlanRef
from shisaku.ingest.structure.acts import act_lines
from shisaku.ingest.structure.body import Walker
from shisaku.ingest.structure.builder import Builder
from shisaku.ingest.structure.flow import read_flow
from shisaku.ingest.structure.identity import Identity, identify
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
from shisaku.ingest.structure.outline.toc import take_contents
from shisaku.ingest.structure.outline.toc_check import compare
from shisaku.ingest.structure.tables.forms import is_form, name_of_form
from shisaku.ingest.structure.tables.meeting_tables import has_sessions
from shisaku.ingest.terms import Kind
from shisaku.ingest.text.fold import fold


def build_document(
    raw: RawDocument, *, document_id: str, sources: tuple[Source, ...], sha256: str
) -> Document:
    """Give the document that `raw` holds: sections, measures and passages with stable ids."""
    pages, contents = take_contents(
        without_schedules(without_line_numbers(with_short_headings(raw.pages)))
    )
    flow = regroup(read_flow(pages))
    identity = identify(flow, raw, document_id)
    tables = [block for block in flow if isinstance(block, TableBlock)]
    measured = has_measures(tables)
    kind: Kind = registry().kind_of(
        identity.title,
        [block.text[:200] for block in flow[:30]],
        has_table_of_measures=measured,
        has_form=any(is_form(table) for table in tables),
    )
    if kind == "other" and (has_meetings(flow) or has_sessions(flow)):
        kind = "meeting_record"
    labels = {page.number: page.label for page in raw.pages if page.label}
    builder = Builder(document_id, labels)
    entries = frozenset(fold(entry.title) for entry in contents.entries if len(entry.title) > 1)
    for at in sorted(identity.blocks):
        head = flow[at]
        if not isinstance(head, TextBlock):
            continue
        acts = act_lines(head)
        name = "\n".join(line for line in head.text.split("\n") if line.strip() not in acts)
        builder.ledger.take("headings", name)
        if head.role == "heading":
            builder.add_section(name, head.level or 1, head.page, (), quoted=True)
        for text in acts:
            # Found by its words, the number of an act must be a passage.
            builder.add_passage("paragraph", text, head.lines, ())
    for text in contents.texts:
        builder.ledger.take("contents", text)
    walker = Walker(builder, flow, kind, entries)
    slides = find_slides(raw.pages, flow, identity.blocks)
    if slides is not None:
        walker.walk_slides(identity.blocks, slides)
    else:
        walker.walk(identity.blocks, identity.cover)
    if not builder.passages:
        # Nothing beneath the title: then the title is what there is to find.
        for at in sorted(identity.blocks):
            block = flow[at]
            if isinstance(block, TextBlock):
                builder.add_passage("heading", block.text, block.lines, ())
    builder.finish()
    kind = kind_by_measures(kind, builder.measures, builder.passages)
    plan = _plan(kind, identity)
    furniture = Counter(part.kind for page in pages for part in page.furniture)
    furniture["contents"] += len(contents.texts)
    ledger = builder.ledger.close(pages, Counter(raw.counts))
    found = raw.problems
    if ledger["lost"] > 0.001 * ledger["visible"]:
        found = (*found, lost_characters(ledger["lost"], ledger["visible"]))
    items = count_items(kind, builder.passages)
    if (unread := unread_items(items)) is not None:
        found = (*found, unread)
    agreement = compare(contents.entries, [*builder.sections, *builder.measures], pages)
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
        counts={
            **{kind: count for kind, count in sorted(raw.counts.items()) if count},
            **{kind: count for kind, count in sorted(furniture.items()) if count},
        },
        ledger=ledger,
        items=items or UNSET,
        contents={
            "entries": agreement.entries,
            "in_body": agreement.in_body,
            "matched": agreement.matched,
        }
        if agreement.entries
        else {},
    )


def _plan(kind: Kind, identity: Identity) -> PlanRef | None:
    if kind == "plan":
        return registry().plan_of_title(identity.title, identity.issued)
    if kind == "follow_up":
        return registry().followed_plan(identity.title)
    return None
