"""Hits as records: what a hit shows beside the fields of its passage or measure.

Takes hits of an engine, gives records with `score`, `literal`, `highlights` and `matched`; `width`
(where the words stand together), `ministry_role` (what a ministry that was asked for is to the hit)
and `collapsed` (how many further places say the same).
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from shisaku.index.engine.base import SCORE_DIGITS, Hit, Stored, UnitName
from shisaku.index.engine.planning import Planner, is_bare, joined_by_and
from shisaku.index.query.highlight import finds, locate
from shisaku.index.query.plan import MatchOptions, Pattern
from shisaku.index.query.syntax import Node, Not
from shisaku.index.records.filters import Role
from shisaku.index.search.rollup import ROLES
from shisaku.index.search.selection import Selection
from shisaku.index.search.session import Record


class Sought(NamedTuple):
    """What is marked in hits: all patterns, and those of each bare word joined by AND."""

    patterns: Sequence[Pattern] = ()
    bare: Sequence[Sequence[Pattern]] = ()

    @classmethod
    def of(cls, planner: Planner, node: Node | None, options: MatchOptions) -> "Sought":
        """Return what a query looks for."""
        if node is None:
            return cls()
        wanted = [part for part in joined_by_and(node) if not isinstance(part, Not)]
        bare = [part for part in wanted if is_bare(part)] if len(wanted) > 1 else []
        each = [planner.patterns(leaf, options) for leaf in bare]
        return cls(planner.patterns(node, options), each)


def shown(found: Selection, hit: Hit, sought: Sought, unit: UnitName) -> Record:
    """Return the record of a hit: of a measure with its best passage, else of the best passage."""
    best = hit.passages[hit.best]
    record = found.opened.record(best)
    located = _located(found, best, record, sought)
    merit = _merit(hit.score, as_words=hit.as_words)
    more = {
        "width": unit,
        "ministry_role": _role(found, hit.passages if unit == "measure" else [best]),
        "collapsed": hit.more,
    }
    if unit != "measure":
        return record | merit | located | more
    shown = record | _merit(hit.best_score, as_words=hit.best_as_words) | located
    matched = {"matched": located["matched"]}
    return found.record(hit.passages) | merit | matched | more | {"best": shown}


def _merit(score: float, *, as_words: bool) -> Record:
    return {"score": round(score, SCORE_DIGITS), "literal": not as_words}


def _role(found: Selection, passages: Sequence[Stored]) -> Role | None:
    """Return what the ministries asked for are to a hit, the closest that holds; None unasked."""
    filters = found.restriction.filters
    if not filters.ministry:
        return None
    rollup = found.opened.rollup
    held = {rollup.role(each.bodies, filters.ministry, filters.role) for each in passages}
    return next((role for role in ROLES if role in held), None)


def _located(found: Selection, stored: Stored, record: Record, sought: Sought) -> Record:
    """Return where in a passage the query was found: `highlights`, `matched`."""
    engine = found.opened.engine
    worded, offsets = partial(engine.holds, stored.number), partial(engine.offsets, stored.number)
    highlights, matched = locate(sought.patterns, record, worded, offsets)
    for patterns in sought.bare:
        if not locate(patterns, record, worded, offsets)[1]:
            matched += [part for part in _around(record, patterns) if part not in matched]
    return {"highlights": highlights, "matched": matched}


def _around(record: Record, patterns: Sequence[Pattern]) -> Iterator[str]:
    """Yield what around a passage holds a word that it does not hold itself."""
    columns = [cell["column"] for cell in record["cells"] or () if cell["text"]]
    plans = [record["plan"], record["plan_series"]]
    for part, texts in (("title", [record["title"]]), ("plan", plans), ("column", columns)):
        if any(any(finds(sought, text)) for text in texts if text for sought in patterns):
            yield part
            return
