"""How headings nest in one document, by what the document itself does.

Labels have a usual order (第１章 above 1 above (1)), which a document may change: what begins to
count anew beneath another stands below it. Headings without a label are ranked by size, weight and
shape (【…】, ＜…＞), and never above a count that goes on behind them.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from shisaku.ingest.structure.outline.heading import STRUCTURAL, Heading
from shisaku.ingest.structure.outline.numbering import KINDS, is_first
from shisaku.ingest.text.fold import fold
from shisaku.ingest.text.marks import BESIDE_CHAPTERS

_LEAST_VOTES = 2
"""Places of a document that must agree on an order that is not the usual one."""
_DEEPER = 0.7
"""Em by which a heading must stand further in than the one above for one place to be enough."""

_CHAPTERS = STRUCTURAL | {"point", "roman"}
"""Kinds of label whose count is no other than that of chapters; measures may be numbered through a
document, over its unnumbered parts."""

SHAPES = ("■", "【", "［", "＜", "", "（")
"""Shapes of headings without a label, as they usually nest; "" is a line without a sign."""


def ends_chapters(heading: Heading) -> bool:
    """Tell whether a heading stands beside the chapters by its words: おわりに, はじめに."""
    return heading.label is None and fold(heading.text) in BESIDE_CHAPTERS


class Ranks:
    """The order of a document's headings; `headings` are all of them, in their order."""

    def __init__(self, headings: Sequence[Heading]) -> None:
        self._order = {kind: float(at) for at, kind in enumerate(KINDS)}
        _reorder(self._order, _votes(headings))
        self._shapes = {shape: float(at) for at, shape in enumerate(SHAPES)}
        _reorder(self._shapes, _votes_of_shapes(headings))
        self._above = _above_counts(headings)
        self._places = {id(heading): at for at, heading in enumerate(headings)}
        self._next = _next_of_count(headings)
        self._last = {after: before for before, after in self._next.items()}

    def is_below(self, heading: Heading, above: Heading) -> bool:
        """Tell whether `heading` stands beneath `above` in the outline."""
        if heading.depth is not None and above.depth is not None:
            if heading.depth != above.depth:
                return heading.depth > above.depth
            if not (heading.label and above.label):
                return False
        elif above.depth is not None:
            # A heading without a level of its own stands beneath those that have one.
            return True
        elif heading.depth is not None:
            return False
        if heading.kind == "annex":
            return False
        if above.kind == "annex" and (heading.label or not above.title):
            # 別添１ alone on its line: what it is called stands below it.
            return heading.kind not in STRUCTURAL
        if heading.label and above.label:
            return self._order[heading.kind] > self._order[above.kind]
        if above.kind in _CHAPTERS and self._is_within(heading, above):
            return True
        if heading.kind in _CHAPTERS and self._goes_past(heading, above):
            return False
        if ends_chapters(heading) and (above.label or ends_chapters(above)):
            return False
        if ends_chapters(above):
            return bool(heading.kind not in STRUCTURAL and heading.size < above.size - 0.4)
        return self._is_set_below(heading, above)

    def _is_set_below(self, heading: Heading, above: Heading) -> bool:
        """Compare by type and shape, where one of the two has no label."""
        if abs(heading.size - above.size) > 0.4:
            return heading.size < above.size
        if heading.bold != above.bold:
            return above.bold
        if heading.label is None and above.label is None:
            return self._shapes[heading.shape] > self._shapes[above.shape]
        if heading.label is None:
            return (heading.shape, above.kind) not in self._above
        return (above.shape, heading.kind) in self._above

    def _is_within(self, heading: Heading, above: Heading) -> bool:
        """Tell whether the count to which `above` belongs goes on behind `heading`."""
        at, place = self._places.get(id(heading)), self._places.get(id(above))
        if at is None or place is None:
            return False
        return place < at < self._next.get(place, -1)

    def _goes_past(self, heading: Heading, above: Heading) -> bool:
        """Tell whether `heading` counts on from one before `above`, which has no label."""
        at, place = self._places.get(id(heading)), self._places.get(id(above))
        before = self._last.get(at, -1) if at is not None else -1
        return place is not None and 0 <= before < place


def _reorder(order: dict[str, float], votes: Counter[tuple[str, str]]) -> None:
    """Change an order where the votes for (outer, inner) say so, the most votes first."""
    for (outer, inner), count in sorted(votes.items(), key=lambda vote: -vote[1]):
        swapped = order[outer] > order[inner]
        if swapped and count > votes.get((inner, outer), 0) and count >= _LEAST_VOTES:
            order[outer] = order[inner] - 0.5


def _votes(headings: Sequence[Heading]) -> Counter[tuple[str, str]]:
    """Count for each pair of kinds how often the second begins to count under the first.

    A place where the second stands further in as well has two votes.
    """
    votes: Counter[tuple[str, str]] = Counter()
    last: Heading | None = None
    for heading in headings:
        if not heading.label:
            continue
        if (
            last is not None
            and last.label
            and last.kind != heading.kind
            and is_first(heading.label)
        ):
            votes[last.kind, heading.kind] += 1 + _stands_in(heading, last)
        last = heading
    return votes


def _stands_in(heading: Heading, above: Heading) -> bool:
    shift = heading.block.indent - above.block.indent
    return shift >= _DEEPER and heading.block.page == above.block.page


def _votes_of_shapes(headings: Sequence[Heading]) -> Counter[tuple[str, str]]:
    """Count how often a heading of one shape stands right above one of another, nothing between."""
    return Counter(
        (first.shape, second.shape)
        for first, second in pairwise(headings)
        if first.label is None is second.label
        and first.shape != second.shape
        and first.block.page == second.block.page
        and 0 <= second.block.lines[0].box.top - first.block.lines[-1].box.bottom <= first.size
    )


def _above_counts(headings: Sequence[Heading]) -> frozenset[tuple[str, str]]:
    """Give the pairs of a shape and a kind of label whose count begins anew below each such shape.

    【効果】 ① … ② … 【課題】 ① …: the signs stand above. 1 … 【効果】 … 2 … 【効果】: below.
    """
    votes: Counter[tuple[str, str]] = Counter()
    last: Heading | None = None
    counted: set[str] = set()
    for heading in headings:
        if heading.label is None:
            # Lines without a sign are of many kinds: titles of forms, topics, remarks.
            last, counted = heading if heading.shape else None, set()
        elif last is not None and heading.kind not in counted and heading.kind not in STRUCTURAL:
            counted.add(heading.kind)
            first = is_first(heading.label) or heading.label.value is None
            weight = 1 + (first and _stands_in(heading, last))
            votes[last.shape, heading.kind] += weight if first else -1
    return frozenset(pair for pair, count in votes.items() if count >= _LEAST_VOTES)


def _next_of_count(headings: Sequence[Heading]) -> dict[int, int]:
    """Give for each heading whose count goes on the position of the next one in it."""
    found: dict[int, int] = {}
    last: dict[str, int] = {}
    for at, heading in enumerate(headings):
        if heading.label is None:
            continue
        before = last.get(heading.kind)
        label = headings[before].label if before is not None else None
        if before is not None and label is not None and heading.label.follows(label):
            found[before] = at
        last[heading.kind] = at
    return found


def path_of(stack: Sequence[Heading]) -> tuple[str, ...]:
    """Give the names of the headings of a stack, outermost first."""
    return tuple(heading.name for heading in stack)
