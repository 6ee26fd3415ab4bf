"""Rows of addresses → passages that hold a sequence of words or characters, and how often.

A phrase is where all rows meet once each is moved back by its place in it: sets do the work, and
no position is looked at one by one. The rarest part comes first, so that what is kept stays small.
"""

from collections import Counter
from collections.abc import Collection
from itertools import repeat
from operator import rshift, sub

from index.addresses import SHIFT, Rows
from index.pattern import Phrase

Frequencies = dict[int, float]
"""How often something stands in a passage, by Whoosh's number."""


def phrase_in(rows: Rows, field: str, slots: Phrase) -> Frequencies:
    """Give how often the slots follow each other, by passage of the segment."""
    if len(slots) == 1:
        counts: Frequencies = {}
        for term in slots[0][0]:
            found = _counted(rows.row(field, term))
            if not counts:
                counts = found
                continue
            # Surface and lemma share their positions: the more frequent has them all.
            for number, weight in found.items():
                if weight > counts.get(number, 0.0):
                    counts[number] = weight
        return counts
    return _counted(_starts_in(rows, field, slots))


def _counted(addresses: Collection[int]) -> Frequencies:
    return dict(Counter(map(rshift, addresses, repeat(SHIFT))))


def _starts_in(rows: Rows, field: str, slots: Phrase) -> set[int]:
    """Give the addresses at which the slots follow each other."""
    # A pasted page repeats its words.
    weight = {
        terms: sum(rows.weight(field, term) for term in terms)
        for terms in dict.fromkeys(terms for terms, _ in slots)
    }
    if not all(weight.values()):
        return set()
    read = {terms: [rows.row(field, term) for term in terms] for terms in weight}
    starts: set[int] | None = None
    for terms, place in sorted(slots, key=lambda slot: weight[slot[0]]):
        moved = [map(sub, row, repeat(place)) if place else row for row in read[terms]]
        if starts is None:
            starts = set().union(*moved)
        else:
            starts = set().union(*(starts.intersection(row) for row in moved))
        if not starts:
            break
    return starts or set()


def literal_in(rows: Rows, field: str, key: str) -> Frequencies:
    """Give how often the folded characters stand, by passage of the segment."""
    if len(key) == 1:
        found: Counter[int] = Counter()
        for pair in rows.beginning(field, key):
            found.update(map(rshift, rows.row(field, pair), repeat(SHIFT)))
        return dict(found)
    # Every second pair covers all characters. But headings stand one after the other: what begins
    # one pair and ends another must be a pair, too, or a break between them would be bridged.
    step = 1 if field == "head_grams" else 2
    places = dict.fromkeys([*range(0, len(key) - 1, step), len(key) - 2])
    return phrase_in(rows, field, tuple(((key[at : at + 2],), at) for at in places))
