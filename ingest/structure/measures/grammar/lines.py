"""The lines of a document that may head something, and what stands below each of them.

`Lines` decides for one document what its shapes are; `spans` gives each line that may be a title
with the texts, lines of bodies and tables below it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from shisaku.ingest.model import Block, TableBlock, TextBlock
from shisaku.ingest.registry.lists import MinistryList
from shisaku.ingest.structure.measures.constructs import constructs
from shisaku.ingest.structure.measures.grammar.decisions import (
    LEAST,
    MOST,
    decide_headed,
    decide_leading,
    decide_short,
    lines_of_bodies,
)
from shisaku.ingest.structure.measures.grammar.parts import Parts
from shisaku.ingest.structure.measures.grammar.shapes import Shape, following, markers
from shisaku.ingest.structure.measures.plan_measures import own_ministries
from shisaku.ingest.structure.measures.short_names import (
    ends_with_short_names,
    legend_of,
    short_bodies,
)
from shisaku.ingest.structure.measures.tabular.block_tables import has_entries
from shisaku.ingest.structure.measures.tabular.measure_columns import find_columns, find_reports
from shisaku.ingest.structure.outline.headings import Heading, Ranks, is_caption
from shisaku.ingest.terms import Kind

_OWN = 0.3
"""Share of the paragraphs below a title that name bodies from which they are its bodies."""
_NAMED = 0.05
"""Share of the paragraphs with bodies from which the document names bodies at all."""


@dataclass(frozen=True)
class Span:
    """What stands below the line at `at` and before the next one that may head something."""

    at: int
    texts: tuple[int, ...]
    bodies: tuple[int, ...]
    parent: bool
    """Whether the next line stands beneath this one."""
    entries: bool = False
    """Whether tables that are entries of a follow-up stand below it."""


def _reports(block: Block) -> bool:
    """Tell whether a table holds what was done for the measure whose title stands above it."""
    return isinstance(block, TableBlock) and (
        has_entries(block) or (find_columns(block) is None and find_reports(block) is not None)
    )


class Lines:
    """The lines of one document by what they do there."""

    def __init__(
        self, flow: Sequence[Block], shapes: Sequence[Shape], headings: Mapping[int, Heading]
    ) -> None:
        self.flow = flow
        self.shapes = list(shapes)
        decide_leading(self.shapes)
        decide_short(self.shapes)
        decide_headed(self.shapes)
        self.markers = self._markers(headings)
        self.bodies = lines_of_bodies(self.shapes)
        self.own = self._own_lists()
        own = sum(found is not None for found in self.own.values())
        self.names_bodies = bool(
            self.bodies
            or sum(s.kind == "head" and s.listed is not None for s in self.shapes) > 1
            or any(shape.kind in {"headed", "charge"} for shape in self.shapes)
            or own >= max(1.0, _NAMED * len(self.own))
        )
        self.parts = Parts(self.shapes, self.markers).find()
        self.parts.update(dict.fromkeys(self._sections(headings), True))
        self.headings = {
            at: heading
            for at, heading in headings.items()
            if at not in self.parts and at not in self.bodies
            and self.shapes[at].kind not in {"wrapped", "budget"}
        }  # fmt: skip
        self.ranks = Ranks(list(self.headings.values()))
        self.outline = headings
        self.above = self._bodies_above()

    def _own_lists(self) -> dict[int, MinistryList | None]:
        """Return the bodies that each text has itself; in short where the document does so."""
        texts = {
            at: block.text
            for at, (block, shape) in enumerate(zip(self.flow, self.shapes, strict=True))
            if isinstance(block, TextBlock) and shape.kind in {"item", "text", "headed"}
        }
        own = {at: self.shapes[at].listed or own_ministries(text) for at, text in texts.items()}
        legend = legend_of(self.flow)
        known = ends_with_short_names(list(texts.values()), list(own.values()))
        if known or legend:
            for at, text in texts.items():
                own[at] = own[at] or short_bodies(text, legend=legend, known=known)
        return own

    def _markers(self, headings: Mapping[int, Heading]) -> frozenset[int]:
        """Return the lines that number what follows (施策No.23, 目標２)."""
        found = set()
        for at in markers(self.flow, constructs().part_least):
            block = self.flow[at]
            if (
                at not in headings
                and self.shapes[at].kind == "text"
                and isinstance(block, TextBlock)
                and not is_caption(block)
            ):
                found.add(at)
        return frozenset(found)

    def _sections(self, headings: Mapping[int, Heading]) -> list[int]:
        """Return the numbered lines that head titles or entries and are no heading of the outline.

        They end the measure above them and stand in the path of those below.
        """
        found: dict[str, list[int]] = defaultdict(list)
        total: Counter[str] = Counter()
        for at, shape in enumerate(self.shapes):
            if shape.kind != "head" or at in headings or at in self.parts:
                continue
            total[shape.key] += 1
            below = following(self.shapes, at)
            if below is not None and (
                self.shapes[below].kind in {"wrapped", "headed"} or has_entries(self.flow[below])
            ):
                found[shape.key].append(at)
        return [
            at for key, group in found.items() for at in group
            if len(group) >= LEAST and len(group) >= MOST * total[key]
        ]  # fmt: skip

    def heads(self) -> list[int]:
        """Return the positions of the lines that may head something, in order."""
        return [
            at
            for at, shape in enumerate(self.shapes)
            if self.parts.get(at, False)
            or at in self.headings
            or (shape.may_head and at not in self.parts and self._counts_as_head(at))
        ]

    def _counts_as_head(self, at: int) -> bool:
        shape = self.shapes[at]
        return shape.kind in {"wrapped", "headed"} or at in self.outline or shape.key not in {
            "number", "paren", "closed", "kanji",
        } or self._heads_items(at)  # fmt: skip

    def _heads_items(self, at: int) -> bool:
        below = following(self.shapes, at)
        return below is not None and (
            self.shapes[below].kind in {"text", "item"} or below in self.parts
        )

    def may_lack_bodies(self, at: int) -> bool:
        """Tell whether a line of a class of titles is one though nobody is named below it.

        A line in brackets is none where no item stands below it as below the others: （件、人）
        over a table of figures.
        """
        if self.shapes[at].kind != "wrapped" or not self.names_bodies:
            return True
        below = following(self.shapes, at)
        return below is not None and self.shapes[below].key == self._main_item

    @cached_property
    def _main_item(self) -> str:
        """The class of item that most often names its bodies or stands below lines of them."""
        votes = Counter(
            shape.key
            for at, shape in enumerate(self.shapes)
            if shape.kind == "item" and (self.own.get(at) or at - 1 in self.bodies)
        )
        return votes.most_common(1)[0][0] if votes else ""

    def has_items(self, at: int) -> bool:
        """Tell whether items behind bullets stand directly below a line."""
        below = following(self.shapes, at)
        return below is not None and self.shapes[below].kind == "item"

    def spans(self) -> Sequence[Span]:
        """Return what stands below each line that may head something."""
        places = self.heads()
        found: list[Span] = []
        if not places:
            return found
        for at, end in zip(places, [*places[1:], len(self.flow)], strict=True):
            between = range(at + 1, end)
            texts = tuple(
                place for place in between
                if self.shapes[place].kind in {"item", "text", "charge"}
                and place not in self.parts
            )  # fmt: skip
            bodies = tuple(place for place in between if place in self.bodies)
            parent = end < len(self.flow) and self.is_below(end, at)
            entries = any(_reports(self.flow[place]) for place in between)
            found.append(Span(at, texts, bodies, parent, entries))
        return found

    def is_below(self, at: int, above: int) -> bool:
        """Tell whether the line `at` stands beneath the line `above`."""
        first, second = self.headings.get(at), self.headings.get(above)
        if first is not None and second is not None:
            return self.ranks.is_below(first, second)
        if self.parts.get(at, False):
            return False
        # Lines that the outline does not have are the innermost.
        return first is None and (second is not None or self.parts.get(above, False))

    def is_listed(self, span: Span, kind: Kind) -> bool:
        """Tell whether what stands below a line names bodies in charge of it."""
        shape = self.shapes[span.at]
        if span.entries or (span.at in self.above and span.texts):
            return True
        if shape.listed is not None or span.bodies:
            return bool(span.texts) or shape.listed is not None
        own = [self.own.get(at) is not None or self.shapes[at].kind == "charge"
               for at in span.texts]  # fmt: skip
        if self.names_bodies:
            return any(own[-1:]) or (any(own) and sum(own) >= _OWN * len(own))
        items = [self.shapes[at].kind == "item" for at in span.texts]
        return kind in {"plan", "follow_up"} and any(items) and sum(items) >= 0.5 * len(items)

    def key(self, at: int) -> str:
        """Return the class of a line: that of its shape."""
        heading = self.headings.get(at)
        if heading is not None and heading.label:
            return heading.kind
        return f"{self.shapes[at].kind} {self.shapes[at].key}"

    def _bodies_above(self) -> dict[int, MinistryList]:
        """Return the bodies of a heading (警察庁の取組), by the heads below it."""
        found: dict[int, MinistryList] = {}
        stack: list[int] = []
        for at in self.heads():
            while stack and not self.is_below(at, stack[-1]):
                stack.pop()
            listed = next(
                (self.shapes[above].listed for above in reversed(stack)
                 if self.shapes[above].kind == "head" and self.shapes[above].listed),
                None,
            )  # fmt: skip
            if listed is not None:
                found[at] = listed
            stack.append(at)
        return found
