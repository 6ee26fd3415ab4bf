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
from shisaku.ingest.text.fold import fold

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
            lead = _with_those_beside(title, span, shapes)
            return {at: (own.get(at) or lead, True) for at in span.texts}
        return _by_own(span, shapes, own, each=each)

    return given


def _below_lines(
    span: Span, shapes: Sequence[Shape], own: Mapping[int, MinistryList | None],
    title: MinistryList | None,
) -> _Given:  # fmt: skip
    found: dict[int, tuple[MinistryList, bool]] = {}
    lines = iter([*span.bodies, None])
    following = next(lines)
    lead = present = title
    before = span.at
    for at in span.texts:
        while following is not None and following < at:
            if _acts_beside(shapes[following]):
                present = _together(present if following == before + 1 else lead,
                                    shapes[following].listed)  # fmt: skip
            else:
                lead = present = shapes[following].listed
            before, following = following, next(lines)
        listed = own.get(at) or present
        if listed is not None:
            found[at] = (listed, True)
    return found


def _acts_beside(shape: Shape) -> bool:
    """Tell whether a line names bodies beside those in charge: 関係府省庁：警察庁、法務省."""
    words = shape.words.lstrip("".join(constructs().pairs))
    return constructs().beside.match(fold(words)) is not None


def _with_those_beside(title: MinistryList, span: Span, shapes: Sequence[Shape]) -> MinistryList:
    """Return the bodies of a title with those that lines in brackets directly below it add."""
    for at in span.texts:
        if shapes[at].kind != "charge" or not _acts_beside(shapes[at]):
            break
        title = _together(title, shapes[at].listed) or title
    return title


def _together(lead: MinistryList | None, others: MinistryList | None) -> MinistryList | None:
    """Return the bodies of two lists, each once, in printed order."""
    if lead is None or others is None:
        return lead or others
    names = tuple(dict.fromkeys((*lead.names, *others.names)))
    return MinistryList(names, lead.and_others or others.and_others)


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
    before = span.at
    for at in span.texts:
        if shapes[at].kind == "charge":
            beside = before == at - 1 and _acts_beside(shapes[at])
            present = _together(present if beside else None, shapes[at].listed)
            before = at
        elif (listed := own.get(at) or present) is not None:
            found[at] = (listed, True)
    return found
