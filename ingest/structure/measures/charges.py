"""Who is in charge of each text below a title, by where the document prints its bodies.

Trap: a wrong body is worse than none. A text takes the list that it has itself; the line of bodies
above it; the bodies in the title. Only paragraphs, never items behind bullets, share the list of
the next paragraph below.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from shisaku.ingest.registry.lists import MinistryList
from shisaku.ingest.structure.measures.constructs import constructs
from shisaku.ingest.structure.measures.shapes import Shape

_Given = Mapping[int, tuple[MinistryList, bool]]
"""The bodies of each text, and whether they stand with it or above it."""


class Span(Protocol):
    """What stands below a title: the positions of its texts and lines of bodies."""

    @property
    def at(self) -> int: ...
    @property
    def texts(self) -> tuple[int, ...]: ...
    @property
    def bodies(self) -> tuple[int, ...]: ...


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
    """Give the texts their own list, else that of the next one below, else the last of all."""
    found: dict[int, tuple[MinistryList, bool]] = {}
    below: MinistryList | None = None
    charge = False
    if not each:
        below = next((own[at] for at in reversed(span.texts) if own.get(at)), None)
    for at in reversed(span.texts):
        if shapes[at].kind == "charge":
            below, charge = shapes[at].listed, True
            if below is not None:
                found[at] = (below, True)
            continue
        listed = own.get(at)
        if listed is not None:
            found[at] = (listed, True)
            below = None if each else listed
        elif below is not None:
            found[at] = (below, charge)
            below = None if each else below
        charge = False
    return found
