"""Who is in charge of each text below a title, by where the document prints its bodies.

Trap: a wrong body is worse than none. A text takes the list that it has itself; the line of bodies
above it; the bodies in the title. Only paragraphs, never items behind bullets, share the list of
the next paragraph below.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from shisaku.ingest.registry.lists import MinistryList
from shisaku.ingest.structure.measures.constructs import constructs
from shisaku.ingest.structure.measures.grammar.shapes import Shape

_Given = Mapping[int, tuple[MinistryList, bool]]
"""The bodies of each text, and whether they stand with it or above it."""


class Span(Protocol):
    """What stands below a title: the positions of its texts and lines of bodies."""

    @property
    def at(self) -> int:
        """Position of the title."""
        ...

    @property
    def texts(self) -> tuple[int, ...]:
        """Positions of its texts."""
        ...

    @property
    def bodies(self) -> tuple[int, ...]:
        """Positions of its lines of bodies."""
        ...


def charges(
    shapes: Sequence[Shape], own: Mapping[int, MinistryList | None], spans: Sequence[Span],
    bodies: Collection[int],
) -> Callable[[Span], _Given]:  # fmt: skip
    """Return the function that gives the bodies of the texts of a span of this document."""
    items = [at for span in spans for at in span.texts if shapes[at].kind == "item"]
    named = sum(own.get(at) is not None for at in items)
    texts = sum(len(span.texts) for span in spans)
    each = (len(items) >= 0.5 * texts and named >= constructs().own_share * len(items)) or bool(
        bodies
    )

    def given(span: Span) -> _Given:
        title = shapes[span.at].listed
        if span.bodies:
            return _below_lines(span, shapes, own, title)
        if title is not None:
            return {at: (own.get(at) or title, True) for at in span.texts}
        return _by_own(span, shapes, own, each=each)

    return given


def _below_lines(
    span: Span, shapes: Sequence[Shape], own: Mapping[int, MinistryList | None],
    title: MinistryList | None,
) -> _Given:  # fmt: skip
    found: dict[int, tuple[MinistryList, bool]] = {}
    lines = iter([*span.bodies, None])
    following = next(lines)
    present = title
    for at in span.texts:
        while following is not None and following < at:
            present, following = shapes[following].listed, next(lines)
        listed = own.get(at) or present
        if listed is not None:
            found[at] = (listed, True)
    return found


def _by_own(
    span: Span, shapes: Sequence[Shape], own: Mapping[int, MinistryList | None], *, each: bool
) -> _Given:
    """Give the texts their own list, else one in brackets on a line of its own.

    Such a line holds for what stands above it, or, where the first thing below the title is one,
    for what stands below it. Paragraphs share the next list below, else the last of all.
    """
    if span.texts and shapes[span.texts[0]].kind == "charge":
        return _below_brackets(span, shapes, own)
    found: dict[int, tuple[MinistryList, bool]] = {}
    lists = {at: own.get(at) or _charge(shapes[at]) for at in span.texts}
    below = None if each else next((lists[at] for at in reversed(span.texts) if lists[at]), None)
    charged = False
    for at in reversed(span.texts):
        listed = lists[at]
        if shapes[at].kind == "charge":
            below, charged = listed, True
        elif listed is not None:
            found[at] = (listed, True)
            below, charged = (None if each else listed), False
        elif below is not None:
            found[at] = (below, charged)
            below = None if each else below
    return found


def _charge(shape: Shape) -> MinistryList | None:
    return shape.listed if shape.kind == "charge" else None


def _below_brackets(
    span: Span, shapes: Sequence[Shape], own: Mapping[int, MinistryList | None]
) -> _Given:
    found: dict[int, tuple[MinistryList, bool]] = {}
    present: MinistryList | None = None
    for at in span.texts:
        if shapes[at].kind == "charge":
            present = shapes[at].listed
        elif (listed := own.get(at) or present) is not None:
            found[at] = (listed, True)
    return found
