"""Prefix and near words → sequences of words that the index holds.

What was typed is cut into words as it stands, but a misspelt or unfinished word is cut wrongly
(児童ポルの → 児童, ポル, の). So every run of neighbouring words is also taken as one, and what the
lexicon has for the run stands in its place.
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from shisaku.index.analysis.analyzer import words
from shisaku.index.analysis.folding import search_key
from shisaku.index.engine.lexicon import Lexicon, allowed_distance
from shisaku.index.query.patterns import pattern
from shisaku.index.query.plan import Pattern, Phrase, Slot
from shisaku.index.query.syntax import Fuzzy, Prefix

_NEAR_WEIGHT = 0.4
_MAX_WORDS = 6  # of one term; the runs grow with the square


class Run(NamedTuple):
    """Neighbouring words taken as one: the slots before and after, and its own place and key."""

    before: Phrase
    key: str
    place: int
    after: Phrase
    start: int
    end: int
    """Offsets of the run in the leaf's text."""


def runs(text: str) -> Iterator[Run]:
    """Yield each run of neighbouring words of `text`, function words between them included."""
    found = words(text)
    if not found:
        if key := search_key(text):
            yield Run((), key, 0, (), 0, len(text))
        return
    if len(found) > _MAX_WORDS:
        return
    first = found[0].position
    slots: list[Slot] = [(word.terms, word.position - first) for word in found]
    for begin in range(len(found)):
        start = found[begin].start if begin else 0
        for last in range(begin, len(found)):
            end = found[last + 1].start if last + 1 < len(found) else len(text)
            place = slots[begin][1]
            behind = slots[last + 1 :]
            shift = behind[0][1] - place - 1 if behind else 0
            after = tuple((terms, at - shift) for terms, at in behind)
            key = search_key(text[start:end])
            yield Run(tuple(slots[:begin]), key, place, after, start, end)


def prefix_pattern(leaf: Prefix, lexicon: Lexicon) -> Pattern:
    """Give what `leaf.text` finds itself, and the words that its last word or words begin."""
    near = []
    for run in runs(leaf.text):
        if not run.after and (keys := lexicon.beginning(run.key)):
            near.append((*run.before, (keys, run.place)))
    return msgspec.structs.replace(pattern(leaf), near=tuple(near))


def fuzzy_pattern(leaf: Fuzzy, lexicon: Lexicon) -> Pattern:
    """Give what `leaf.text` finds itself, and that with one word, or a run of them, nearly so.

    Allowed are one edit for three to five characters and two for more, of the whole and of the run;
    a run of two characters may differ in one where other words stand beside it.
    """
    near = []
    whole = allowed_distance(len(search_key(leaf.text)))
    for run in runs(leaf.text):
        limit = min(whole, max(allowed_distance(len(run.key)), int(len(run.key) == 2)))
        if keys := tuple(sorted(lexicon.near(run.key, limit))):
            near.append((*run.before, (keys, run.place), *run.after))
    return msgspec.structs.replace(pattern(leaf), near=tuple(near), near_weight=_NEAR_WEIGHT)
