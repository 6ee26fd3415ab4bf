"""Which lines are titles: a class of lines as a whole, where most of it names bodies below."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from shisaku.ingest.structure.measures.grammar.decisions import LEAST, MOST
from shisaku.ingest.structure.measures.grammar.lines import Lines, Span
from shisaku.ingest.structure.measures.grammar.shapes import shape_words
from shisaku.ingest.terms import Kind


def chosen_titles(
    spans: Sequence[Span], lines: Lines, listed: Mapping[int, bool], kind: Kind
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
    if kind != "plan" and total < LEAST:
        return frozenset(entries)
    found = entries | apart
    for group in groups.values():
        own = [at for at in group if listed[at]]
        most = len(own) >= MOST * len(group)
        if not lines.names_bodies and (not most or len(own) < LEAST):
            continue
        if any(at in lines.parts for at in group):
            found.update(_parts_with_items(group, lines, listed))
        elif most:
            found.update(at for at in group if listed[at] or lines.may_lack_bodies(at))
        else:
            found.update(own)
    return frozenset(found)


def _parts_with_items(
    group: Sequence[int], lines: Lines, listed: Mapping[int, bool]
) -> Iterator[int]:
    """Yield the parts that head items: those listed, and others of words that mostly are."""
    words = Counter(shape_words(lines.shapes[at]) for at in group)
    own = Counter(shape_words(lines.shapes[at]) for at in group if listed[at])
    for at in group:
        here = shape_words(lines.shapes[at])
        if listed[at] or (own[here] >= MOST * words[here] and lines.has_items(at)):
            yield at


def _all_own(span: Span, lines: Lines) -> bool:
    """Tell whether a section's own items name their bodies: they are not an introduction."""
    if span.bodies or lines.shapes[span.at].listed:
        return bool(span.texts)
    own = [lines.own.get(at) is not None for at in span.texts]
    return sum(own) >= MOST * len(own) > 0
