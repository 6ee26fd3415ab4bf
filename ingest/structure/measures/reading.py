"""One reading of a whole document decides what its measures are; then every block is read by it.

`read_measures` takes the flow and its headings and gives a `Reading`: which blocks are titles,
names of parts (現状, 施策の効果), lines of bodies, and who is in charge of each text. It looks at
what returns: which shape of line stands directly above items, which lines of bodies stand above
them, whether items have lists of their own. Names of documents and series decide nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shisaku.ingest.model import Block, TextBlock
from shisaku.ingest.registry import registry
from shisaku.ingest.registry.lists import MinistryList
from shisaku.ingest.structure.measures.constructs import constructs, says
from shisaku.ingest.structure.measures.grammar.charges import charges
from shisaku.ingest.structure.measures.grammar.choosing import chosen_titles
from shisaku.ingest.structure.measures.grammar.lines import Lines, Span
from shisaku.ingest.structure.measures.grammar.shapes import Shape, shape_of
from shisaku.ingest.structure.measures.titles import without_marks
from shisaku.ingest.structure.outline.headings import Heading
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.terms import Kind
from shisaku.ingest.text.fold import fold

_FIRST = 30
"""Blocks at the beginning of a document that say what it is."""


@dataclass(frozen=True)
class Title:
    """The title of a measure: its words as printed with the label, the bodies in its own line.

    `words` is "" for a part that reports on several titles at once (施策の効果); `label` is its
    name then. `section` is true where headings stand below it, so that it opens a section too.
    """

    words: str
    label: str = ""
    listed: MinistryList | None = None
    section: bool = False
    guessed: bool = False
    entries: bool = False
    """Whether tables of entries below it are its measures, and it is none of its own."""


@dataclass(frozen=True)
class Reading:
    """What the blocks of a flow are for its measures, by position."""

    headings: Mapping[int, Heading]
    """The headings of the outline, without what the grammar has another use for."""
    titles: Mapping[int, Title] = field(default_factory=dict)
    parts: Mapping[int, bool] = field(default_factory=dict)
    """Names of parts; True where the part stands above titles, and so ends a measure."""
    bodies: frozenset[int] = frozenset()
    """Lines of bodies that hold for the items below them."""
    given: Mapping[int, MinistryList] = field(default_factory=dict)
    lone: frozenset[int] = frozenset()
    """Items that are measures of their own, their titles guessed: those of an annual report."""
    guessed: frozenset[int] = frozenset()
    """Texts whose bodies stand with another paragraph."""
    names_bodies: bool = False
    reports: bool = False
    """Whether parts of a follow-up hold the plan's words, and others what was done."""


def read_measures(
    flow: Sequence[Block], headings: Mapping[int, Heading], kind: Kind,
    apart: Collection[int] = (), cover: Collection[int] = (),
) -> Reading:  # fmt: skip
    """Return the reading of `flow`.

    The blocks `apart` (the title) take no part in it; those of the `cover` head nothing.
    """
    shapes: list[Shape] = []
    # From the end: on a cover a line heads something only where items or bodies follow it.
    for at in range(len(flow) - 1, -1, -1):
        shape = shape_of(flow[at], heading=at in headings)
        if at in apart:
            shape = Shape("note")
        elif at in cover and (shape.may_head or shape.kind == "bodies"):
            below = shapes[-1].kind if shapes else ""
            if below not in {"item", "short", "table", "bodies"}:
                shape = Shape("text", words=shape.words)
        shapes.append(shape)
    shapes.reverse()
    lines = Lines(flow, shapes, headings)
    spans = list(lines.spans())
    listed = {span.at: lines.is_listed(span, kind) for span in spans}
    chosen = chosen_titles(spans, lines, listed, kind)
    return _Reader(lines).reading(spans, chosen)


class _Reader:
    """Reads a document by the lines that are titles in it."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines

    def reading(self, spans: Sequence[Span], chosen: Collection[int]) -> Reading:
        """Return the reading by which the spans `chosen` are measures."""
        lines = self.lines
        titles: dict[int, Title] = {}
        given: dict[int, MinistryList] = {}
        lone = self._lone_items(spans)
        chosen = {
            span.at for span in spans
            if span.at in chosen and not (span.texts and lone.issuperset(span.texts))
        }  # fmt: skip
        above = self.lines.above
        guessed: set[int] = set()
        rule = charges(
            self.lines.shapes,
            self.lines.own,
            [s for s in spans if s.at in chosen],
            self.lines.bodies,
        )
        given.update({at: own for at in lone if (own := self.lines.own[at]) is not None})
        for span in spans:
            if span.at not in chosen:
                continue
            title = self._title(span)
            titles[span.at] = replace(title, entries=span.entries and not span.texts)
            found = rule(span)
            if span.at in above and not found:
                found = {at: (above[span.at], True) for at in span.texts}
            for at, (listed, by_own) in found.items():
                given[at] = listed
                if not by_own:
                    guessed.add(at)
        headings = {
            at: heading for at, heading in self.lines.headings.items()
            if at in titles or self.lines.shapes[at].kind != "headed" or at in self.lines.outline
        }  # fmt: skip
        charged = {at for span in spans if span.at in titles for at in span.texts
                   if self.lines.shapes[at].kind == "charge"}  # fmt: skip
        if not titles and not lone:
            return Reading(self.lines.outline, names_bodies=self.lines.names_bodies)
        # A line in brackets that heads nothing stays what the outline has it for.
        for at, heading in self.lines.outline.items():
            if at not in self.lines.parts and at not in self.lines.bodies and at not in titles:
                headings.setdefault(at, heading)
        return Reading(
            dict(sorted(headings.items())), titles, lines.parts, lines.bodies | charged, given,
            lone, frozenset(guessed), lines.names_bodies, self._reports(),
        )  # fmt: skip

    def _reports(self) -> bool:
        words = {self.lines.shapes[at].words for at, upper in self.lines.parts.items() if not upper}
        return any(says(constructs().quoted, each) for each in words) and any(
            says(constructs().report, each) for each in words
        )

    def _lone_items(self, spans: Sequence[Span]) -> frozenset[int]:
        """Return the items of an annual report or white paper that end with their own bodies."""
        first = [block.text for block in self.lines.flow[:_FIRST] if isinstance(block, TextBlock)]
        if not any(constructs().annual.search(fold(text)) for text in first):
            return frozenset()
        items = [
            at for span in spans for at in span.texts
            if self.lines.shapes[at].kind == "item" and not span.bodies
        ]  # fmt: skip
        named = [at for at in items if self.lines.own.get(at) is not None]
        if len(named) < constructs().own_share * len(items):
            return frozenset()
        return frozenset(named)

    def _title(self, span: Span) -> Title:
        shape = self.lines.shapes[span.at]
        block = self.lines.flow[span.at]
        assert isinstance(block, TextBlock)
        if span.at in self.lines.parts:
            return Title("", label=" ".join(block.text.split("\n")).strip())
        text = without_marks(block)
        if shape.kind == "wrapped":
            return Title(shape.words, listed=shape.listed)
        label = parse_label(text)
        if label is not None and label.kind == "bullet":
            text = text[label.end :].strip()
        if shape.kind == "headed" and (listed := registry().find_trailing_list(text)):
            text = text[: listed[1]].rstrip()
        in_outline = span.at in self.lines.headings
        return Title(text, listed=shape.listed, section=in_outline and span.parent)
