"""Postings → passages that hold a sequence of words or characters, and how often.

Positions are what costs (they are decoded posting by posting), so passages are first narrowed to
those that hold all parts, and only in these is the order looked at.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from whoosh.reading import TermNotFound

from index.pattern import Phrase

Frequencies = dict[int, float]
"""How often something stands in a passage, by Whoosh's number."""


def weights(segment: Any, field: str, term: Any) -> Iterator[tuple[int, float]]:
    """Yield the passages with a term, and how often they have it."""
    try:
        postings = segment.postings(field, term)
    except TermNotFound:
        return
    while postings.is_active():
        yield postings.id(), postings.weight()
        postings.next()


def phrase_in(
    segment: Any, field: str, slots: Phrase, within: Collection[int] | None
) -> Frequencies:
    """Give how often the slots follow each other, by passage of the segment."""
    if len(slots) == 1:
        counts: Frequencies = {}
        for term in slots[0][0]:
            for number, weight in weights(segment, field, term):
                if within is None or number in within:
                    # Surface and lemma share their positions: the more frequent has them all.
                    counts[number] = max(counts.get(number, 0.0), weight)
        return counts

    return {
        n: float(len(begins)) for n, begins in _starts_in(segment, field, slots, within).items()
    }


def _starts_in(
    segment: Any, field: str, slots: Phrase, within: Collection[int] | None
) -> dict[int, set[int]]:
    """Give the positions at which the slots follow each other, by passage of the segment."""
    # A pasted page repeats its words.
    frequency = {
        terms: sum(segment.doc_frequency(field, term) for term in terms)
        for terms in dict.fromkeys(terms for terms, _ in slots)
    }
    rarest_first = sorted(slots, key=lambda slot: frequency[slot[0]])
    if not frequency[rarest_first[0][0]]:
        return {}
    starts: dict[int, set[int]] = {}
    for index, (alternatives, place) in enumerate(rarest_first):
        only = starts if index else within
        here: dict[int, set[int]] = {}
        for term in alternatives:
            for number, positions in _positions(segment, field, term, only):
                begins = {position - place for position in positions}
                if index:
                    begins &= starts[number]
                if begins:
                    here[number] = here[number] | begins if number in here else begins
        if not here:
            return {}
        starts = here
    return starts


def literal_in(segment: Any, field: str, key: str) -> Frequencies:
    """Give how often the folded characters stand, by passage of the segment."""
    if len(key) == 1:
        found: Frequencies = {}
        for gram in list(segment.expand_prefix(field, key)):
            for number, weight in weights(segment, field, gram):
                found[number] = found.get(number, 0.0) + weight
        return found
    # Every second pair covers all characters. But headings stand one after the other: what begins
    # one pair and ends another must be a pair, too, or a break between them would be bridged.
    step = 1 if field == "head_grams" else 2
    places = dict.fromkeys([*range(0, len(key) - 1, step), len(key) - 2])
    return phrase_in(segment, field, tuple(((key[at : at + 2],), at) for at in places), None)


def _positions(
    segment: Any, field: str, term: str, only: Iterable[int] | None
) -> Iterator[tuple[int, list[int]]]:
    """Yield the positions of a term by passage, decoded for those in `only` alone."""
    try:
        postings = segment.postings(field, term)
    except TermNotFound:
        return
    # Asked for once: `value_as` looks it up with every posting, which costs as much as decoding.
    decode = segment.schema[field].format.decoder("positions")
    if only is not None:
        candidates = only if isinstance(only, (set, dict)) else set(only)
        if len(candidates) * 64 < segment.doc_frequency(field, term):
            for number in sorted(candidates):
                if not postings.is_active():
                    return
                postings.skip_to(number)
                if postings.is_active() and postings.id() == number:
                    yield number, decode(postings.value())
            return
    while postings.is_active():
        number = postings.id()
        if only is None or number in candidates:
            yield number, decode(postings.value())
        postings.next()
