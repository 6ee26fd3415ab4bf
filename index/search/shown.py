"""Hits as records: what a hit shows beside the fields of its passage or measure.

Takes hits of an engine, gives records with `score`, `literal`, `highlights` and `matched`; `around`
(what around the passage holds words that it does not hold itself), `width` (where the words stand
together), `ministry_role` (what a ministry that was asked for is to the hit)
and `collapsed` (how many further places say the same).
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from shisaku.index.engine.base import SCORE_DIGITS, Hit, Stored, UnitName
from shisaku.index.query.highlight import finds, locate
from shisaku.index.query.plan import Pattern
from shisaku.index.query.syntax import Node, Not, is_bare, joined_by_and
from shisaku.index.records.fields import published_by
from shisaku.index.records.filters import Filters, Role
from shisaku.index.search.rollup import ROLES
from shisaku.index.search.session import OpenIndex, Record
from shisaku.index.search.units import measure_record

_TOLD = 20
"""Words of which it is told where around a passage they stand: a pasted page has hundreds."""


class Sought(NamedTuple):
    """What is marked in hits: all patterns, and those of each bare word joined by AND."""

    patterns: Sequence[Pattern] = ()
    bare: Sequence[Sequence[Pattern]] = ()

    @classmethod
    def of(cls, node: Node | None, patterns: Callable[[Node], Sequence[Pattern]]) -> "Sought":
        """Return what a query looks for; `patterns` gives those of a part of it."""
        if node is None:
            return cls()
        wanted = [part for part in joined_by_and(node) if not isinstance(part, Not)]
        bare = [part for part in wanted if is_bare(part)] if len(wanted) > 1 else []
        return cls(patterns(node), list(map(patterns, bare[:_TOLD])))


def shown(opened: OpenIndex, hit: Hit, sought: Sought, unit: UnitName, filters: Filters) -> Record:
    """Return the record of a hit: of a measure with its best passage, else of the best passage."""
    best = hit.passages[hit.best]
    record = opened.record(best)
    located = _located(opened, best, record, sought)
    merit = _merit(hit.score, as_words=hit.as_words)
    members = hit.passages if unit == "measure" else [best]
    more = {
        "width": unit,
        "ministry_role": _role(opened, record, members, filters),
        "collapsed": hit.more,
    }
    if unit != "measure":
        return record | merit | located | more
    shown = record | _merit(hit.best_score, as_words=hit.best_as_words) | located
    matched = {"matched": located["matched"], "around": located["around"]}
    return (
        measure_record(list(map(opened.record, hit.passages)))
        | merit
        | matched
        | more
        | {"best": shown}
    )


def _merit(score: float, *, as_words: bool) -> Record:
    return {"score": round(score, SCORE_DIGITS), "literal": not as_words}


def _role(
    opened: OpenIndex, record: Record, passages: Sequence[Stored], filters: Filters
) -> Role | None:
    """Return what the ministries asked for are to a hit, the closest that holds; None unasked."""
    if not filters.ministry:
        return None
    rollup = opened.rollup
    publisher = published_by(record)
    held = {
        rollup.role(each.bodies, publisher, filters.ministry, filters.role) for each in passages
    }
    return next((role for role in ROLES if role in held), None)


def _located(opened: OpenIndex, stored: Stored, record: Record, sought: Sought) -> Record:
    """Return where in and around a passage the query was found."""
    engine = opened.engine
    worded, offsets = partial(engine.holds, stored.number), partial(engine.offsets, stored.number)
    highlights, matched = locate(sought.patterns, record, worded, offsets)
    lacking = (
        patterns for patterns in sought.bare if not locate(patterns, record, worded, offsets)[1]
    )
    around = [part for patterns in lacking for part in _around(record, patterns)]
    return {
        "highlights": highlights,
        "matched": matched,
        "around": list(dict.fromkeys(around)),
    }


def _around(record: Record, patterns: Sequence[Pattern]) -> Iterator[str]:
    """Yield what around a passage holds a word that it does not hold itself."""
    columns = [cell["column"] for cell in record["cells"] or () if cell["text"]]
    plans = [record["plan"], record["plan_series"]]
    for part, texts in (("title", [record["title"]]), ("plan", plans), ("column", columns)):
        if any(any(finds(sought, text)) for text in texts if text for sought in patterns):
            yield part
            return
