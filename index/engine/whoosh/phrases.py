"""Rows of addresses → passages that hold a sequence of words or characters, and how often.

A phrase is the intersection of its words' rows, each moved back by the word's place in it. The
rarest word comes first, so that the set that is kept stays small; the row of a common word is
streamed and never held whole.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from operator import add, rshift

from shisaku.index.engine.whoosh.codec.postings import Rows
from shisaku.index.engine.whoosh.codec.row_format import SHIFT
from shisaku.index.engine.whoosh.hits import Frequencies
from shisaku.index.query.plan import Phrase


def ascending(counts: Frequencies) -> Frequencies:
    """Return the same in ascending order of the passages' numbers."""
    return {number: counts[number] for number in sorted(counts)}


def phrase_in(rows: Rows, field: str, slots: Phrase) -> Frequencies:
    """Return how often the slots follow each other, by passage of the segment."""
    if len(slots) > 1:
        return _counted(sorted(_starts_in(rows, field, slots)))
    counts: Frequencies = {}
    for term in slots[0][0]:
        found = _counted(rows.addresses(field, term))
        if not counts:
            counts = found
        elif found:
            # Surface and lemma share their positions: the more frequent has them all.
            for number, weight in found.items():
                if weight > counts.get(number, 0):
                    counts[number] = weight
            counts = ascending(counts)
    return counts


def _counted(addresses: Iterable[int]) -> Frequencies:
    return dict(Counter(map(rshift, addresses, repeat(SHIFT))))


def _starts_in(rows: Rows, field: str, slots: Phrase) -> Iterable[int]:
    """Return the addresses at which the slots follow each other."""
    # A pasted page repeats its words.
    weight = {
        terms: sum(rows.weight(field, term) for term in terms)
        for terms in dict.fromkeys(terms for terms, _ in slots)
    }
    if not all(weight.values()):
        return ()

    def read(terms: Sequence[str]) -> Iterator[int]:
        return chain.from_iterable(rows.addresses(field, term) for term in terms)

    (terms, at), *others = sorted(slots, key=lambda slot: weight[slot[0]])
    found: Iterable[int] = read(terms)
    # The set found so far is moved, as it is smaller than the next row.
    for terms, place in others:
        found = set(map(add, found, repeat(place - at))).intersection(read(terms))
        at = place
        if not found:
            break
    return map(add, found, repeat(-at))


_SEVERAL = ("head_grams", "label_grams", "about_grams")
"""Fields of several texts."""


def literal_in(rows: Rows, field: str, key: str) -> Frequencies:
    """Return how often the folded characters stand, by passage of the segment."""
    if len(key) == 1:
        each = (rows.addresses(field, pair) for pair in rows.beginning(field, key))
        return _counted(sorted(chain.from_iterable(each)))
    pairs = list(map(add, key, key[1:]))
    weight = {pair: rows.weight(field, pair) for pair in dict.fromkeys(pairs)}
    if not pairs or not all(weight.values()):
        return {}
    # Such texts stand one after the other: what begins one pair and ends another must be a pair,
    # too, or a break between them would be bridged.
    whole = field in _SEVERAL
    places = range(len(pairs)) if whole else _cover([weight[pair] for pair in pairs])
    return phrase_in(rows, field, tuple(((pairs[at],), at) for at in places))


def _cover(weights: Sequence[int]) -> list[int]:
    """Return the places of pairs that together cover all characters, and cost least to read.

    The first and the last are among them, and of two neighbours at least one.
    """
    costs: list[int] = []
    before: list[int] = []
    for at, weight in enumerate(weights):
        last = min(range(max(at - 2, 0), at), key=costs.__getitem__, default=-1)
        costs.append(weight + (costs[last] if at else 0))
        before.append(last)
    chosen = [len(weights) - 1]
    while (last := before[chosen[-1]]) >= 0:
        chosen.append(last)
    return chosen[::-1]
