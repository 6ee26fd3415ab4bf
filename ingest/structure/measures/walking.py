"""Adds measures, their parts and their items to a document, as the reading of it decided.

`MeasureWalk` holds the measure and the parts within which the present block stands; the walker of
`ingest.structure.body` calls it in document order.
"""

from collections.abc import Sequence

from shisaku.ingest.model import Block, Budget, Line, TableBlock, TextBlock
from shisaku.ingest.structure.builder import Builder
from shisaku.ingest.structure.measures.budget import ends_restated, money_line, without_budget
from shisaku.ingest.structure.measures.constructs import constructs, says
from shisaku.ingest.structure.measures.marks import MarkedText, status_in_words
from shisaku.ingest.structure.measures.reading import Reading
from shisaku.ingest.structure.measures.short_names import legend_of
from shisaku.ingest.structure.measures.tabular.entries import add_entries
from shisaku.ingest.structure.measures.tabular.measure_columns import Columns
from shisaku.ingest.structure.measures.tabular.measure_tables import add_measure_table
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.terms import PassageType

_ANOTHER = "ministries of another paragraph of the measure"


class MeasureWalk:
    """The state of the walk as to measures."""

    def __init__(self, builder: Builder, flow: Sequence[Block], reading: Reading) -> None:
        self._builder = builder
        self._flow = flow
        self.reading = reading
        self.measure: str | None = None
        self._upper: str = ""
        self._lower: str = ""
        self._taken: set[int] = set()
        self._title = ""
        self._legend = legend_of(flow)

    def close(self) -> None:
        """End the measure and all parts: a heading follows."""
        self.measure = None
        self._upper = self._lower = self._title = ""

    def add_entries(self, table: TableBlock, above: tuple[str, ...]) -> None:
        """Add the entries of a table; their title stands above it, or heads the section."""
        path = self.path(above)
        title = self._title or (path[-1] if path else "")
        add_entries(
            self._builder,
            table,
            path if self._title else path[:-1],
            title,
            counted=True,
            legend=self._legend,
        )

    def has_title(self, path: tuple[str, ...]) -> bool:
        """Tell whether something above the present block can be the title of a measure."""
        return self.measure is not None or bool(self._title or path)

    def add_reports(self, table: TableBlock, columns: Columns, above: tuple[str, ...]) -> None:
        """Add a table of what was done; its title stands above it, or heads the section."""
        path = self.path(above)
        if self.measure is None:
            title, here = (self._title, path) if self._title else (path[-1], path[:-1])
            self.measure = self._builder.add_measure(title, here, table.box.page, counted=False)
        add_measure_table(self._builder, table, columns, path, self.measure)

    def path(self, above: tuple[str, ...]) -> tuple[str, ...]:
        """Return the path of the present block, whose headings are `above`."""
        return (*above, *filter(None, (self._upper, self._lower)))

    def open(self, at: int, above: tuple[str, ...], *, in_outline: bool) -> None:
        """Open the measure whose title stands at `at`, under the headings `above`."""
        title = self.reading.titles[at]
        block = self._flow[at]
        if in_outline:
            self._upper = ""
        self._lower = ""
        if at in self.reading.parts:
            self._upper = _name(block)
        path = self.path(above)
        words = title.words or title.label
        printed = _name(block)
        start = printed.find(words)
        if start < 0:
            # The sign of a footnote stands in it, which is no part of the title.
            start, words = 0, printed
        self._builder.ledger.take("headings", printed[:start] + words)
        self._builder.ledger.take("ministries", printed[start + len(words) :])
        self._title = title.words if title.words else ""
        if title.entries:
            if not in_outline or not title.section:
                page = block.page if isinstance(block, TextBlock) else block.box.page
                self._builder.add_section(words, len(path) + 1, page, path, quoted=True)
            if parse_label(printed) is not None:
                # A section's own heading: it stays in the path of its entries.
                self._upper = printed
            self.measure = None
            return
        self.measure = self._builder.add_measure(
            title.words, path, block.page if isinstance(block, TextBlock) else block.box.page,
            title.listed, label=title.label, counted=False,
        )  # fmt: skip

    def enter_part(self, at: int, above: tuple[str, ...]) -> None:
        """Enter the part named at `at`; one above titles ends the measure."""
        block = self._flow[at]
        name = _name(block)
        if self.reading.parts[at]:
            self.measure = None
            self._title = ""
            self._upper, self._lower = name, ""
        else:
            self._lower = name
        path = self.path(above)
        page = block.page if isinstance(block, TextBlock) else block.box.page
        self._builder.add_section(name, len(path), page, path[:-1])
        if isinstance(block, TextBlock) and self._is_empty(at):
            self._builder.add_passage("heading", name, block.lines, path, measure=self.measure)

    def _is_empty(self, at: int) -> bool:
        reading = self.reading
        after = at + 1
        return (
            after >= len(self._flow)
            or after in reading.headings
            or (after in reading.parts and reading.parts[after] >= reading.parts[at])
        )

    def take_bodies(self, at: int) -> None:
        """Note a line of bodies: it stands in the ministries of the passages below it."""
        self._builder.ledger.take("ministries", self._flow[at].text)

    def is_taken(self, at: int) -> bool:
        """Tell whether the block at `at` was taken with the text before it."""
        return at in self._taken

    def add_text(
        self, at: int, kind: PassageType, path: tuple[str, ...], guessed: Sequence[str]
    ) -> None:
        """Add the text at `at` as a passage of the present measure, with its money."""
        block = self._flow[at]
        assert isinstance(block, TextBlock)
        text, budgets, printed = without_budget(block.text)
        lines: list[Line] = list(block.lines)
        for below, amounts, restated in self._money_below(at):
            budgets += amounts
            text += restated
            printed += below.text.strip().removesuffix(restated)
            lines += below.lines
        if self._quotes():
            self._add_quoted(kind, text, lines, path)
            return
        found = self.reading.given.get(at)
        measure = self.measure
        if at in self.reading.lone:
            measure = self._add_lone(block, text, path)
            guessed = [*guessed, "title"]
        self._builder.add_passage(
            kind, text, lines, path, measure=measure,
            ministries=found.names if found else (), and_others=bool(found and found.and_others),
            guessed=[*guessed, _ANOTHER] if at in self.reading.guessed else guessed,
            marked=_said(text),
            budget=budgets, apart=printed,
        )  # fmt: skip

    def _quotes(self) -> bool:
        """Tell whether the present part of a measure holds the plan's words."""
        return bool(
            self.reading.reports
            and self.measure is not None
            and self._lower
            and says(constructs().quoted, self._lower)
        )

    def _add_quoted(
        self, kind: PassageType, text: str, lines: Sequence[Line], path: tuple[str, ...]
    ) -> None:
        """Add words of the plan: a field of the measure, nobody's deed."""
        assert self.measure is not None
        self._builder.quote(self.measure, text)
        kind = kind if kind in {"footnote", "caption"} else "field"
        self._builder.add_passage(kind, text, lines, path, measure=self.measure)

    def _add_lone(self, block: TextBlock, text: str, path: tuple[str, ...]) -> str:
        """Add the measure that an item of an annual report is, titled by its first clause."""
        label = parse_label(text)
        words = text[label.end :] if label else text
        end = words.find("。")
        longest = constructs().first_clause
        clause = words[: end if 0 <= end <= longest else longest].strip()
        return self._builder.add_measure(
            clause, path, block.page, label=label.text if label else "", counted=False
        )

    def _money_below(self, at: int) -> list[tuple[TextBlock, tuple[Budget, ...], str]]:
        """Return the lines of money that stand below the text at `at`, and take them."""
        found = []
        for place in range(at + 1, len(self._flow)):
            block = self._flow[place]
            if not isinstance(block, TextBlock) or not (money := money_line(block.text)):
                break
            found.append((block, *money))
            self._taken.add(place)
        return found


def _said(text: str) -> MarkedText | None:
    """Return what brackets at the end of an item say of it: that it is restated, its state."""
    status, restated = status_in_words(text), ends_restated(text)
    return MarkedText(text, status=status, restated=restated) if status or restated else None


def _name(block: Block) -> str:
    return " ".join(block.text.split("\n")).strip()
