"""What was written is asked as a search would, before it may answer."""

from array import array
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from shisaku.index.analysis.analyzer import readable, words
from shisaku.index.engine.whoosh.codec.segment_map import Held
from shisaku.index.engine.whoosh.codec.segment_reader import Segments

_TRIED = 8
"""Passages that must be found before a generation may answer."""
_TRIED_WORDS = 3


def try_out(
    generation: Path, segments: Iterable[Held], passages: int, counts: Mapping[str, int]
) -> str:
    """Ask what was written as a search would, and return what is wrong, "" where nothing is.

    There must be so many `passages`, and of some documents as many as `counts` says by their ids;
    some passages, spread evenly over all and so the same in every run, must be found by their ids
    and by their own words.
    """
    rows = Segments(generation, segments, compare=False)
    try:
        return _fault(rows, passages, counts)
    finally:
        rows.close()


def _fault(rows: Segments, passages: int, counts: Mapping[str, int]) -> str:
    living = array("I", rows.everything())
    if len(living) != passages:
        return f"it holds {len(living)} passages instead of {passages}"
    for key, count in counts.items():
        held = len(rows.numbers("document", key))
        if held != count:
            return f"it holds {held} passages of {key} instead of {count}"
    drawn = {len(living) * step // _TRIED for step in range(_TRIED)} if living else set()
    found = (_missed(rows, living[at]) for at in sorted(drawn))
    return next(filter(None, found), "")


def _missed(rows: Segments, number: int) -> str:
    """Return what does not lead to a passage, of its id and its rarest words."""
    record = msgspec.json.decode(rows.record(number))
    if rows.numbers("id", record["id"]) != [number]:
        return f"the passage {record['id']} is not found by its id"
    terms = {term for word in words(readable(record["text"])) for term in word.terms}
    rarest = sorted(terms, key=lambda term: (rows.weight("text_words", term), term))
    for term in rarest[:_TRIED_WORDS]:
        if number not in rows.numbers("text_words", term):
            return f"the passage {record['id']} is not found by {term}"
    return ""
