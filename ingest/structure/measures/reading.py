"""One reading of a whole document decides what its measures are; then every block is read by it.

`read_measures` takes the flow and its headings and gives a `Reading`: which blocks are titles,
names of parts (現状, 施策の効果), lines of bodies, and who is in charge of each text. It looks at
what returns: which shape of line stands directly above items, which lines of bodies stand above
them, whether items have lists of their own. Names of documents and series decide nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from shisaku.ingest.model import Block, TextBlock
from shisaku.ingest.registry import registry
from shisaku.ingest.registry.lists import MinistryList
from shisaku.ingest.structure.measures.charges import charges
from shisaku.ingest.structure.measures.constructs import constructs, says
from shisaku.ingest.structure.measures.plan_measures import own_ministries
from shisaku.ingest.structure.measures.shapes import Kind as ShapeKind
from shisaku.ingest.structure.measures.shapes import Shape, markers, shape_of
from shisaku.ingest.structure.measures.short_names import (
    ends_with_short_names,
    legend_of,
    short_bodies,
)
from shisaku.ingest.structure.measures.tabular.block_tables import has_entries
from shisaku.ingest.structure.measures.titles import without_marks
from shisaku.ingest.structure.outline.headings import Heading, Ranks, is_caption
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.terms import Kind
from shisaku.ingest.text.fold import fold

_LEAST = 3
"""Measures with ministries from which a document of another kind than a plan is read as one."""
_MOST = 0.6
"""Share of the titles of a class from which all of it are titles."""
_OWN = 0.3
"""Share of the paragraphs below a title that name bodies from which they are its bodies."""

_FIRST = 30
"""Blocks at the beginning of a document that say what it is."""
_NAMED = 0.05
"""Share of the paragraphs with bodies from which the document names bodies at all."""


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


@dataclass(frozen=True)
class _Span:
    """What stands below the line at `at` and before the next one that may head something."""

    at: int
    texts: tuple[int, ...]
    bodies: tuple[int, ...]
    parent: bool
    """Whether the next line stands beneath this one."""
    entries: bool = False
    """Whether tables that are entries of a follow-up stand below it."""


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
    lines = _Lines(flow, shapes, headings)
    spans = list(lines.spans())
    listed = {span.at: lines.is_listed(span, kind) for span in spans}
    chosen = _chosen(spans, lines, listed, kind)
    return lines.reading(spans, chosen)


class _Lines:
    """The lines of one document by what they do there."""

    def __init__(
        self, flow: Sequence[Block], shapes: Sequence[Shape], headings: Mapping[int, Heading]
    ) -> None:
        self.flow = flow
        self.shapes = list(shapes)
        self._decide_short()
        self._decide_headed()
        self.markers = self._markers(headings)
        self.bodies = _lines_of_bodies(self.shapes)
        self.own = self._own_lists()
        own = sum(found is not None for found in self.own.values())
        self.names_bodies = bool(
            self.bodies
            or sum(s.kind == "head" and s.listed is not None for s in self.shapes) > 1
            or any(shape.kind in {"headed", "charge"} for shape in self.shapes)
            or own >= max(1.0, _NAMED * len(self.own))
        )
        self.parts = self._find_parts()
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

    def _following(self, at: int) -> int | None:
        """Return the position of the next block that is no note, budget or bodies."""
        for place in range(at + 1, min(at + 6, len(self.shapes))):
            if self.shapes[place].kind not in {"note", "budget", "bodies", "charge"}:
                return place
        return None

    def _decide_short(self) -> None:
        """Take short lines behind a bullet as heads where text of another shape follows them."""
        classes: dict[str, list[bool]] = defaultdict(list)
        for at, shape in enumerate(self.shapes):
            if shape.kind in {"short", "item"}:
                below = self._following(at)
                classes[shape.key].append(
                    shape.kind == "short"
                    and below is not None
                    and self.shapes[below].kind in {"text", "item", "table"}
                    and self.shapes[below].key != shape.key
                )
        chosen = {
            key
            for key, found in classes.items()
            if key and sum(found) >= _LEAST and sum(found) >= _MOST * len(found)
        }
        for at, shape in enumerate(self.shapes):
            if shape.kind == "short":
                kind: ShapeKind = "head" if shape.key in chosen else "item"
                self.shapes[at] = shape._replace(kind=kind)

    def _decide_headed(self) -> None:
        """Take lines that end with bodies as titles where text without bodies follows them."""
        classes: dict[str, list[bool]] = defaultdict(list)
        for at, shape in enumerate(self.shapes):
            if shape.kind == "headed":
                below = self._following(at)
                classes[shape.key].append(
                    below is not None and self.shapes[below].kind != "headed"
                    and self.shapes[below].listed is None
                )  # fmt: skip
        items = Counter(shape.key for shape in self.shapes if shape.kind == "item" and shape.listed)
        for at, shape in enumerate(self.shapes):
            if shape.kind == "headed":
                found = classes[shape.key]
                titles = sum(found) >= _MOST * (len(found) + items[shape.key])
                if not titles:
                    self.shapes[at] = shape._replace(kind="item")

    def _find_parts(self) -> dict[int, bool]:
        """Return the names of parts; True where the part stands above titles, and ends a measure.

        Words that return under many titles name a part; so do lines that return with a number.
        """
        places: dict[str, list[int]] = defaultdict(list)
        for at, shape in enumerate(self.shapes):
            if shape.kind in {"wrapped", "head"}:
                places[shape.key].append(at)
        found: dict[int, str] = dict.fromkeys(self.markers, "marker")
        for key, group in places.items():
            words = Counter(shape_words(self.shapes[at]) for at in group)
            repeated = sum(count for count in words.values() if count > 1)
            whole = (
                len(group) >= constructs().part_least
                and len(words) <= constructs().part_distinct * len(group)
                and repeated >= 0.5 * len(group)
                and self._stand_above_content(group)
            )
            for at in group:
                again = words[shape_words(self.shapes[at])]
                known = says(constructs().part, self.shapes[at].words)
                if (whole and (again > 1 or known)) or (again >= _LEAST and known):
                    found[at] = key
        return dict(self._ranked_parts(found))

    def _stand_above_content(self, group: Sequence[int]) -> bool:
        """Tell whether lines of one class stand above text; a line in brackets may do otherwise.

        Headings of an outline return as well, above other headings.
        """
        if self.shapes[group[0]].kind == "wrapped":
            return True
        below = [self._following(at) for at in group]
        above = [b is not None and self.shapes[b].kind in {"text", "item", "table"} for b in below]
        return sum(above) >= _MOST * len(group)

    def _ranked_parts(self, parts: Mapping[int, str]) -> Iterator[tuple[int, bool]]:
        """Yield the parts with whether they stand above titles there.

        One document may do both: a part directly below a title is the title's, as are those that
        follow it; one directly above a title is not. Where neither is so, the last of its class
        decides, then the class. A part below a section is no title's.
        """
        above = self._above_titles(parts)
        main = self._main_class(parts)
        modes: dict[str, bool] = {}
        title: int | None = None
        lower = content = False
        for at, shape in enumerate(self.shapes):
            if at in parts:
                key = parts[at]
                below = self._following(at)
                upper = (
                    at in self.markers
                    or title is None
                    or (below is not None and below not in parts and self._is_titled(below))
                    or self._is_section(title, main)
                )
                if upper or (title is not None and not content):
                    modes[key] = upper
                lower = lower or not (upper or content)
                if not upper and not lower:
                    upper = modes.get(key, key in above)
                yield at, upper
                if upper:
                    title, lower = None, False
                content = False
            elif shape.may_head:
                title, lower, content = at, False, False
            elif shape.kind in {"item", "text", "table"}:
                content = True

    def _is_section(self, title: int, main: str) -> bool:
        """Tell whether a line is a section's where titles are set in brackets or with bodies."""
        return (
            self.shapes[title].kind == "head"
            and self.shapes[title].key != main
            and main.partition(" ")[0] in {"wrapped", "headed"}
        )

    def _is_titled(self, at: int) -> bool:
        """Tell whether a line is set like a title: in brackets, or with bodies of its own."""
        return self.shapes[at].kind in {"wrapped", "headed"}

    def _main_class(self, parts: Mapping[int, str]) -> str:
        """Return the kind and class of line that stands most often above items, parts apart."""
        votes: Counter[str] = Counter()
        last = ""
        for at, shape in enumerate(self.shapes):
            if shape.may_head and at not in parts:
                last = f"{shape.kind} {shape.key}"
            elif shape.kind in {"item", "text"} and last:
                votes[last] += 1
                last = ""
        return votes.most_common(1)[0][0] if votes else ""

    def _above_titles(self, parts: Mapping[int, str]) -> frozenset[str]:
        """Return the classes of parts that stand directly above titles more often than below."""
        votes: Counter[tuple[str, bool]] = Counter()
        for at, key in parts.items():
            below = self._following(at)
            if below is not None and below not in parts and self._is_titled(below):
                votes[key, True] += 1
            above = at - 1
            while above >= 0 and self.shapes[above].kind in {"note", "bodies", "charge"}:
                above -= 1
            if above >= 0 and above not in parts and self._is_titled(above):
                votes[key, False] += 1
        return frozenset(key for key in set(parts.values()) if votes[key, True] > votes[key, False])

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
        below = self._following(at)
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
        below = self._following(at)
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
        below = self._following(at)
        return below is not None and self.shapes[below].kind == "item"

    def spans(self) -> Sequence[_Span]:
        """Return what stands below each line that may head something."""
        places = self.heads()
        found: list[_Span] = []
        if not places:
            return found
        for at, following in zip(places, [*places[1:], len(self.flow)], strict=True):
            between = range(at + 1, following)
            texts = tuple(
                place for place in between
                if self.shapes[place].kind in {"item", "text", "charge"}
                and place not in self.parts
            )  # fmt: skip
            bodies = tuple(place for place in between if place in self.bodies)
            parent = following < len(self.flow) and self.is_below(following, at)
            entries = any(has_entries(self.flow[place]) for place in between)
            found.append(_Span(at, texts, bodies, parent, entries))
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

    def is_listed(self, span: _Span, kind: Kind) -> bool:
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

    def reading(self, spans: Sequence[_Span], chosen: Collection[int]) -> Reading:
        """Return the reading by which the spans `chosen` are measures."""
        titles: dict[int, Title] = {}
        given: dict[int, MinistryList] = {}
        lone = self._lone_items(spans)
        chosen = {
            span.at for span in spans
            if span.at in chosen and not (span.texts and lone.issuperset(span.texts))
        }  # fmt: skip
        above = self.above
        guessed: set[int] = set()
        rule = charges(self.shapes, self.own, [s for s in spans if s.at in chosen], self.bodies)
        given.update({at: own for at in lone if (own := self.own[at]) is not None})
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
            at: heading for at, heading in self.headings.items()
            if at in titles or self.shapes[at].kind != "headed" or at in self.outline
        }  # fmt: skip
        charged = {at for span in spans if span.at in titles for at in span.texts
                   if self.shapes[at].kind == "charge"}  # fmt: skip
        if not titles and not lone:
            return Reading(self.outline, names_bodies=self.names_bodies)
        # A line in brackets that heads nothing stays what the outline has it for.
        for at, heading in self.outline.items():
            if at not in self.parts and at not in self.bodies and at not in titles:
                headings.setdefault(at, heading)
        return Reading(
            dict(sorted(headings.items())), titles, self.parts, self.bodies | charged, given,
            lone, frozenset(guessed), self.names_bodies, self._reports(),
        )  # fmt: skip

    def _reports(self) -> bool:
        words = {self.shapes[at].words for at, upper in self.parts.items() if not upper}
        return any(says(constructs().quoted, each) for each in words) and any(
            says(constructs().report, each) for each in words
        )

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

    def _lone_items(self, spans: Sequence[_Span]) -> frozenset[int]:
        """Return the items of an annual report or white paper that end with their own bodies."""
        first = [block.text for block in self.flow[:_FIRST] if isinstance(block, TextBlock)]
        if not any(constructs().annual.search(fold(text)) for text in first):
            return frozenset()
        items = [
            at for span in spans for at in span.texts
            if self.shapes[at].kind == "item" and not span.bodies
        ]  # fmt: skip
        named = [at for at in items if self.own.get(at) is not None]
        if len(named) < constructs().own_share * len(items):
            return frozenset()
        return frozenset(named)

    def _title(self, span: _Span) -> Title:
        shape = self.shapes[span.at]
        block = self.flow[span.at]
        assert isinstance(block, TextBlock)
        if span.at in self.parts:
            return Title("", label=" ".join(block.text.split("\n")).strip())
        text = without_marks(block)
        if shape.kind == "wrapped":
            return Title(shape.words, listed=shape.listed)
        label = parse_label(text)
        if label is not None and label.kind == "bullet":
            text = text[label.end :].strip()
        if shape.kind == "headed" and (listed := registry().find_trailing_list(text)):
            text = text[: listed[1]].rstrip()
        in_outline = span.at in self.headings
        return Title(text, listed=shape.listed, section=in_outline and span.parent)


def shape_words(shape: Shape) -> str:
    """Return the words of a line by which it is known again."""
    return "".join(shape.words.split())


def _lines_of_bodies(shapes: Sequence[Shape]) -> frozenset[int]:
    """Return the lines of bodies alone that stand above their items, where the document does so."""
    found: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for at, shape in enumerate(shapes):
        if shape.kind != "bodies":
            continue
        below = next((s for s in shapes[at + 1 : at + 3] if s.kind != "note"), None)
        above = below is not None and below.kind in {"item", "text", "short"}
        found[shape.kind].append((at, above))
    lines: set[int] = set()
    for group in found.values():
        number = sum(above for _, above in group)
        if number >= constructs().bodies_least and number >= constructs().bodies_share * len(group):
            lines.update(at for at, _ in group)
    return frozenset(lines)


def _chosen(
    spans: Sequence[_Span], lines: _Lines, listed: Mapping[int, bool], kind: Kind
) -> frozenset[int]:
    """Return which lines are titles: a class of lines as a whole where most of it is listed."""
    groups: dict[str, list[int]] = defaultdict(list)
    entries = {span.at for span in spans if span.entries}
    apart: set[int] = set()
    for span in spans:
        if span.entries:
            continue
        if span.parent:
            if listed[span.at] and lines.names_bodies and _all_own(span, lines):
                apart.add(span.at)
        elif span.texts or listed[span.at]:
            groups[lines.key(span.at)].append(span.at)
    total = sum(listed[at] for group in groups.values() for at in group) + len(apart)
    if kind != "plan" and total < _LEAST:
        return frozenset(entries)
    found = entries | apart
    for group in groups.values():
        own = [at for at in group if listed[at]]
        most = len(own) >= _MOST * len(group)
        if not lines.names_bodies and (not most or len(own) < _LEAST):
            continue
        if any(at in lines.parts for at in group):
            found.update(_parts_with_items(group, lines, listed))
        elif most:
            found.update(at for at in group if listed[at] or lines.may_lack_bodies(at))
        else:
            found.update(own)
    return frozenset(found)


def _parts_with_items(
    group: Sequence[int], lines: _Lines, listed: Mapping[int, bool]
) -> Iterator[int]:
    """Yield the parts that head items: those listed, and others of words that mostly are."""
    words = Counter(shape_words(lines.shapes[at]) for at in group)
    own = Counter(shape_words(lines.shapes[at]) for at in group if listed[at])
    for at in group:
        here = shape_words(lines.shapes[at])
        if listed[at] or (own[here] >= _MOST * words[here] and lines.has_items(at)):
            yield at


def _all_own(span: _Span, lines: _Lines) -> bool:
    """Tell whether a section's own items name their bodies: they are not an introduction."""
    if span.bodies or lines.shapes[span.at].listed:
        return bool(span.texts)
    own = [lines.own.get(at) is not None for at in span.texts]
    return sum(own) >= _MOST * len(own) > 0
