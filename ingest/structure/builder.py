"""Collects sections, measures and passages of one document and gives them their ids."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from msgspec import UNSET
from msgspec.structs import replace

from shisaku.ingest.model import (
    Box,
    Budget,
    Cell,
    ColumnText,
    Line,
    Measure,
    Passage,
    Section,
    TableBlock,
)
from shisaku.ingest.parsed.ids import measure_key, passage_key, tell_apart
from shisaku.ingest.registry import registry
from shisaku.ingest.registry.lists import MinistryList
from shisaku.ingest.structure.ledger import Ledger, missing, visible
from shisaku.ingest.structure.links import Notes, link_restated
from shisaku.ingest.structure.measures.marks import MarkedText
from shisaku.ingest.structure.measures.titles import parted
from shisaku.ingest.structure.outline.bounds import (
    MAX_COLUMN,
    MAX_NAMES,
    bounded_path,
    cut,
    shortened,
)
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.structure.passage_lines import own_lines
from shisaku.ingest.structure.tables.grid import label_text
from shisaku.ingest.terms import PassageType

_T = TypeVar("_T")

_MOST_READINGS = 500
"""Readings of a line up to which those of a part of it are told by the words beneath them: items of
a list that is set inline share their line, and each looks at all readings."""


class Builder:
    """Takes what the shapes of a document find, in document order.

    Ids are of use within the builder until `finish` has given the final ones.
    """

    def __init__(self, document_id: str, labels: Mapping[int, str] | None = None) -> None:
        self._document_id = document_id
        self._labels = labels or {}
        self._notes = Notes()
        self.sections: list[Section] = []
        self.measures: list[Measure] = []
        self.passages: list[Passage] = []
        self.ledger = Ledger()
        self._used: set[int] = set()
        self._labels_due: dict[str, dict[int, Cell]] = {}
        self._charged: dict[str, list[MinistryList]] = {}
        self._places: set[tuple[str, tuple[Box, ...]]] = set()

    def add_section(
        self, text: str, level: int, page: int, path: tuple[str, ...], *, quoted: bool = False
    ) -> None:
        """Add the heading `text` under `path` to the outline; `level` counts from 1.

        A `quoted` heading is part of a passage as well (the number of an article).
        """
        if not quoted:
            self.ledger.take("headings", text)
        label = parse_label(text)
        title = text[label.end :].strip() if label else text
        self.sections.append(
            Section(label.text if label else "", title, level, page, bounded_path(path))
        )

    def add_measure(
        self, text: str, path: tuple[str, ...], page: int, listed: MinistryList | None = None,
        lines: tuple[Line, ...] = (), *, label: str = "", quoted: str = "",
        counted: bool = True,
    ) -> str:  # fmt: skip
        """Add the measure headed `text` and give its id; `listed` stand in the heading itself.

        What is more than a title is long stands in a passage of the measure, at `lines`. A measure
        without a title of its own has a `label` alone; `quoted` are the words of the plan that
        stand above what was done. A title that is not `counted` was taken into the ledger before.
        """
        if not text:
            return self._add_labelled(label, path, page, counted=counted)
        at = cut(text)
        text, rest = text[:at], text[at:]
        path = bounded_path(path)
        if counted:
            self.ledger.take("headings", text)
        printed, title = (label, text.strip()) if label else parted(text)
        identity = f"m{len(self.measures)}"
        names = listed.names if listed else ()
        others = bool(listed and listed.and_others)
        self.measures.append(
            Measure(
                identity, printed, title, path, names, others, page=page, page_end=page,
                quoted=quoted or UNSET,
            )
        )  # fmt: skip
        if rest.strip():
            self.add_passage("field", rest, lines, path, measure=identity, ministries=names)
        return identity

    def _add_labelled(self, label: str, path: tuple[str, ...], page: int, *, counted: bool) -> str:
        """Add a measure that has a label and no title: effects of several (【施策の効果】)."""
        if counted:
            self.ledger.take("headings", label)
        identity = f"m{len(self.measures)}"
        self.measures.append(
            Measure(identity, label, "", bounded_path(path), page=page, page_end=page)
        )
        return identity

    def quote(self, measure: str, text: str) -> None:
        """Add words of the plan to those that the last measure quotes."""
        last = self.measures[-1]
        assert last.id == measure
        self.measures[-1] = replace(last, quoted=(last.quoted or "") + text)

    def charge(self, measure: str, listed: MinistryList) -> None:
        """Put the ministries of a measure's row in charge of it, and no others than such.

        A passage may name more: a status over several measures is that of all their ministries.
        """
        self._charged.setdefault(measure, []).append(listed)

    def add_passage(
        self,
        kind: PassageType,
        text: str,
        lines: Iterable[Line],
        path: tuple[str, ...],
        *,
        measure: str | None = None,
        ministries: Sequence[str] = (),
        and_others: bool = False,
        marked: MarkedText | None = None,
        date: str | None = None,
        cells: tuple[ColumnText, ...] | None = None,
        guessed: Sequence[str] = (),
        printed: Sequence[tuple[int, str]] | None = None,
        budget: tuple[Budget, ...] = (),
        apart: str = "",
    ) -> None:
        """Add a passage that stands at `lines`; nothing is added where `text` is blank.

        Of the lines of a paragraph that holds several passages each has its own. `printed` gives
        what the passage holds with what it is from: a cell over several rows counts once. `apart`
        is what is printed there and not part of the text: the brackets of the `budget`.
        """
        text = text.strip()
        lines = own_lines(text, tuple(lines))
        if not text:
            return
        path = bounded_path(path)
        if len(ministries) > MAX_NAMES:
            ministries, and_others = ministries[:MAX_NAMES], True
        if cells is not None and any(len(cell.column) > MAX_COLUMN for cell in cells):
            cells = tuple(
                ColumnText(shortened(cell.column, MAX_COLUMN), cell.text) for cell in cells
            )
        self._confirm(path)
        if apart:
            self.ledger.take("budgets", apart)
        if kind != "heading":
            self._account(text, marked, cells, printed)
        boxes = _hull([line.box for line in lines])
        place = (text, boxes)
        if boxes and boxes[0].x1 > 0 and place in self._places:
            self.ledger.repeated += len(visible(text))
        self._places.add(place)
        pages = [box.page for box in boxes] or [1]
        identity = f"p{len(self.passages)}"
        if kind != "footnote":
            self._notes.see(identity, lines)
        self.passages.append(
            Passage(
                id=identity,
                type=kind,
                text=text,
                path=path,
                measure=measure,
                ministries=tuple(ministries),
                actors=registry().actors(text),
                and_others=and_others,
                mark=marked.mark if marked else None,
                status=marked.status if marked else None,
                restated=marked.restated if marked else False,
                date=date,
                cells=cells,
                page=min(pages),
                page_end=max(pages),
                boxes=tuple(box for box in boxes if box.x1 > 0),
                page_label=self._labels.get(min(pages)),
                guessed=tuple(guessed),
                ruby=_ruby(text, lines),
                budget=budget or UNSET,
            )
        )

    def _account(
        self, text: str, marked: MarkedText | None, cells: tuple[ColumnText, ...] | None,
        printed: Sequence[tuple[int, str]] | None,
    ) -> None:  # fmt: skip
        if printed is not None:
            for source, part in printed:
                self.ledger.take("passages", part, source)
            return
        if cells is not None:
            text = "".join(cell.text for cell in cells)
        elif marked is not None:
            text = (marked.mark or "") + marked.note + text
        self.ledger.take("passages", text)

    def add_label(self, cell: Cell) -> None:
        """Note a label cell, which the paths of the next passages hold.

        It counts as taken when one of them does: a label of empty rows would be lost.
        """
        if id(cell) not in self._used:
            self._labels_due.setdefault(label_text(cell), {})[id(cell)] = cell

    def _confirm(self, path: tuple[str, ...]) -> None:
        for name in path if self._labels_due else ():
            for cell in self._labels_due.pop(name, {}).values():
                self.use(cell)
                self.ledger.take("headings", cell.text, id(cell))

    def add_ministries(self, cell: Cell) -> None:
        """Note a cell of ministries: it stands in the ministries of passages."""
        self.use(cell)
        self.ledger.take("ministries", cell.text, id(cell))

    def use(self, *cells: Cell) -> None:
        """Note that what these cells hold is in the document."""
        self._used.update(id(cell) for cell in cells)

    def open_table(self) -> None:
        """Begin with a table: what is taken from now on is its own."""
        self._used.clear()
        self._labels_due.clear()
        self.ledger.recent.clear()

    def add_rest(self, table: TableBlock, path: tuple[str, ...]) -> None:
        """Add what of `table` its shape had no place for, so that nothing is lost.

        That a cell was used is not enough: what it says must have been taken.
        """
        rest = [c for c in table.cells if id(c) not in self._used]
        used = [c for c in table.cells if id(c) in self._used]
        blocks = [block for cell in used for block in cell.blocks]
        absent = missing([block.text for block in blocks], self.ledger.recent)
        unused = [block for cell in rest for block in cell.blocks]
        for block in [*unused, *(blocks[at] for at in absent)]:
            self.add_passage("field", block.text, block.lines, path)
        self._used.clear()

    def finish(self) -> None:
        """Link what belongs together; give each measure what its passages say of it."""
        self.passages = link_restated([self._notes.link(passage) for passage in self.passages])
        by_measure: dict[str, list[Passage]] = {}
        for passage in self.passages:
            if passage.measure is not None:
                by_measure.setdefault(passage.measure, []).append(passage)
        self.measures = [
            _complete(m, by_measure.get(m.id, []), self._charged.get(m.id)) for m in self.measures
        ]
        self._give_ids()

    def _give_ids(self) -> None:
        """Give all their ids: which words stand in the document twice is known only at its end."""
        printed = {measure.id: measure.label + measure.title for measure in self.measures}
        keys = [measure_key(self._document_id, m.label, m.title) for m in self.measures]
        around = [
            (*([m.quoted] if m.quoted else []), *_around(m.path, "", before))
            for m, before in _with_last(self.measures, _words)
        ]
        named = [measure.id for measure in self.measures]
        final = dict(zip(named, tell_apart(keys, around), strict=True))
        keys = [passage_key(self._document_id, passage.text) for passage in self.passages]
        around = [
            _around(passage.path, printed.get(passage.measure or "", ""), before)
            for passage, before in _with_last(self.passages, lambda passage: passage.text)
        ]
        named = [passage.id for passage in self.passages]
        final.update(zip(named, tell_apart(keys, around), strict=True))
        self.measures = [replace(measure, id=final[measure.id]) for measure in self.measures]
        self.passages = [
            replace(
                passage,
                id=final[passage.id],
                measure=final[passage.measure] if passage.measure else None,
                restates=final[passage.restates] if passage.restates else None,
                ref=final[passage.ref] if passage.ref else None,
            )
            for passage in self.passages
        ]


def _words(measure: Measure) -> str:
    return measure.label + measure.title


def _with_last(items: Sequence[_T], words: Callable[[_T], str]) -> Iterator[tuple[_T, str]]:
    """Yield each item with the words of the one before it."""
    return zip(items, ["", *map(words, items)], strict=False)


def _around(path: tuple[str, ...], measure: str, before: str) -> tuple[str, ...]:
    """Give the words around a passage or measure, the nearest first, as `tell_apart` asks."""
    near = f"{path[-1] if path else ''}\0{measure}"
    above = "\0".join((*path, measure))
    return near, above, f"{above}\0{before}"


def _ruby(text: str, lines: Sequence[Line]) -> tuple[tuple[int, int, str], ...]:
    """Give the readings above `lines` with their spans in `text`, which the lines make up."""
    if not any([line.ruby for line in lines]):
        return ()
    found = []
    at = 0
    for line in lines:
        place = text.find(line.text, at)
        if place < 0 and len(line.ruby) > _MOST_READINGS:
            continue
        for start, end, reading in line.ruby:
            base = place + start if place >= 0 else max(0, text.find(line.text[start:end]))
            found.append((base, min(base + end - start, len(text)), reading))
        at = max(at, place)
    return tuple(found)


def _complete(
    measure: Measure, passages: Sequence[Passage], charged: Sequence[MinistryList] | None
) -> Measure:
    lists = [(passage.ministries, passage.and_others) for passage in passages]
    if charged is not None:
        lists = [(listed.names, listed.and_others) for listed in charged]
    return replace(
        measure,
        ministries=tuple(dict.fromkeys((*measure.ministries, *(n for ns, _ in lists for n in ns)))),
        and_others=measure.and_others or any(more for _, more in lists),
        page_end=max([measure.page, *(passage.page_end for passage in passages)]),
    )


def _hull(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Give one box a page around all `boxes`."""
    if len(boxes) == 1:
        return (boxes[0],)
    pages: dict[int, list[Box]] = {}
    for box in boxes:
        pages.setdefault(box.page, []).append(box)
    return tuple(
        Box(
            page,
            min([box.x0 for box in on_page]),
            min([box.top for box in on_page]),
            max([box.x1 for box in on_page]),
            max([box.bottom for box in on_page]),
        )
        for page, on_page in sorted(pages.items())
    )
