"""Adds the entries of a follow-up's tables to a document: a measure each, what was done its items.

The title stands in the flow above the tables, or in the entry itself; the plan's words are the
measure's `quoted`, and a field of their own, so that they are found.
"""

from collections.abc import Mapping

from shisaku.ingest.model import Cell, TableBlock
from shisaku.ingest.registry.lists import MinistryList
from shisaku.ingest.structure.builder import Builder
from shisaku.ingest.structure.measures.marks import read_mark
from shisaku.ingest.structure.measures.plan_measures import own_ministries
from shisaku.ingest.structure.measures.short_names import short_bodies
from shisaku.ingest.structure.measures.tabular.block_tables import (
    Entry,
    bodies_of,
    find_entries,
    items_of,
)
from shisaku.ingest.structure.measures.tabular.item_blocks import read_item
from shisaku.ingest.structure.outline.bounds import MAX_NAMES
from shisaku.ingest.structure.tables.grid import cell_lines, label_text


def add_entries(
    builder: Builder, table: TableBlock, path: tuple[str, ...], title: str, *, counted: bool,
    legend: Mapping[str, str],
) -> None:  # fmt: skip
    """Add the entries of `table` under `path` as measures titled `title`.

    `counted` tells that the title was taken into the ledger already. A title in an entry goes
    before.
    """
    for entry in find_entries(table):
        _add_entry(builder, entry, path, title, counted=counted, legend=legend)


def _add_entry(
    builder: Builder, entry: Entry, path: tuple[str, ...], title: str, *, counted: bool,
    legend: Mapping[str, str],
) -> None:  # fmt: skip
    for cell in entry.heads:
        builder.use(cell)
        builder.ledger.take("table_heads", cell.text)
    listed = bodies_of(entry.ministries)
    names = listed.names if listed else ()
    for cell in entry.ministries:
        if listed is not None and len(names) <= MAX_NAMES:
            builder.add_ministries(cell)
    own = "".join(label_text(cell) for cell in entry.titles)
    builder.use(*entry.titles, *entry.quoted, *entry.report)
    cells = [*entry.titles, *entry.quoted, *entry.report, *(cell for _, cell in entry.others)]
    page = _page(cells)
    quoted = "".join(label_text(cell) for cell in entry.quoted)
    measure = builder.add_measure(
        own or title or quoted, path, page, quoted=quoted, counted=bool(own) or not counted
    )
    if listed is not None:
        builder.charge(measure, listed)
    head = next((label_text(cell) for cell in entry.heads), "")
    for cell in entry.quoted:
        builder.add_passage("field", cell.text, cell_lines([cell]), (*path, head), measure=measure)
    for cell_head, cell in entry.others:
        builder.use(cell)
        builder.add_passage(
            "field", cell.text, cell_lines([cell]), (*path, *filter(None, [cell_head])),
            measure=measure,
        )  # fmt: skip
    _add_items(builder, entry, path, measure, listed, legend)


def _add_items(
    builder: Builder, entry: Entry, path: tuple[str, ...], measure: str,
    listed: MinistryList | None, legend: Mapping[str, str],
) -> None:  # fmt: skip
    for item in items_of(entry.report):
        text, budgets, printed, lines = read_item(item)
        marked = read_mark(text)
        found = (
            own_ministries(text)
            or short_bodies(text, listed.names if listed else (), legend)
            or listed
        )
        builder.add_passage(
            "status_item", marked.text, lines, path, measure=measure,
            ministries=found.names if found else (), and_others=bool(found and found.and_others),
            marked=marked, budget=budgets, apart=printed,
        )  # fmt: skip


def _page(cells: list[Cell]) -> int:
    return min(
        (line.box.page for cell in cells for block in cell.blocks for line in block.lines),
        default=1,
    )
