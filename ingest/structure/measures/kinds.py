"""The kind of a document by its measures, where neither title nor first page says it.

An annex that is published apart from its plan (Ⅲ．具体的施策) has a plan's measures and says so
nowhere; a follow-up tells what was done.
"""

import re
from collections.abc import Sequence

from shisaku.ingest.model import Measure, Passage
from shisaku.ingest.terms import Kind

_LEAST = 10
"""Measures with a title of their own and ministries from which they say what the document is."""
_DONE = 0.6
"""Share of the items that tell what was done from which it is a follow-up."""
_PAST = re.compile(r"(?:[っいしきんけれ]た|ている|ていた|されている)[。．]?(?:[（(【〔].*)?$")


def kind_by_measures(kind: Kind, measures: Sequence[Measure], passages: Sequence[Passage]) -> Kind:
    """Return "plan" or "follow_up" for a document of kind "other" whose measures say it is one."""
    named = [measure for measure in measures if measure.title and measure.ministries]
    if kind != "other" or len(named) < _LEAST:
        return kind
    items = [each.text for each in passages if each.measure is not None and each.ministries]
    done = sum(_PAST.search(text[-120:]) is not None for text in items)
    return "follow_up" if done >= _DONE * len(items) else "plan"
