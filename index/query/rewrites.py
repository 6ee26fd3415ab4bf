"""Suggestions for a query that finds nothing: other readings of its words.

Takes the tree and functions that count; gives suggestions (dicts) with query and count. 2011 may
mean the year, MEXT the ministry, the name of a meeting the title of its record, and
男性被害者の保護施策 two words (the text has 男性被害者等の…). Only queries with results are
suggested.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from shisaku.index.analysis.analyzer import words
from shisaku.index.errors import QueryError
from shisaku.index.query.parser import parse_query
from shisaku.index.query.syntax import (
    FACETS,
    SCOPES,
    And,
    Field,
    Fuzzy,
    Node,
    Not,
    Or,
    Prefix,
    Term,
    is_bare,
    joined,
)

_MAX_PARTS = 8  # words of a query; each costs a search for each of its readings
_MOST = 3  # of each kind
_MOST_OF_ALL = 5
_LONGEST = 20
"""Words of a word of the query between which it is cut."""
_TRIED_CUTS = 8
"""Cuts of the words of a query that are looked up; each costs two searches."""

Count = Callable[[Node], int]
Knows = Callable[[Field], bool]


def rewrites(node: Node, count: Count, knows: Knows) -> list[dict[str, Any]]:
    """Return suggestions: another reading of a word, else a part of it, else fewer words, else any.

    `count(node)` is the number of results of a query, `knows(name, value)` whether a field has a
    value.
    """
    parts = node.parts if isinstance(node, And) else (node,)
    if len(parts) > _MAX_PARTS:
        return []
    found: list[dict[str, Any]] = []
    for at, part in enumerate(parts):
        if not isinstance(part, Term) or part.literal or part.scope:
            continue
        kept = [*parts[:at], *parts[at + 1 :]]
        instead = [text for text, read in _readings(part.text, knows) if count(_all([*kept, read]))]
        if instead:
            found.append({"word": part.text, "instead": instead[:_MOST]})
    return found[:_MOST] or [*_in_parts(parts, count), *_without(parts, count)][:_MOST_OF_ALL]


def _in_parts(parts: tuple[Node, ...], count: Count) -> list[dict[str, Any]]:
    """Return for words that find nothing what of them does: 自殺対策 of 自殺対策基本計画.

    Each with how much that is (`totals`), beside the other parts of the query. A word is cut in two
    where both halves find something, the rarer one most; else its longest half that finds is given.
    """
    tried = _TRIED_CUTS
    found: list[dict[str, Any]] = []
    for at, part in enumerate(parts):
        if not is_bare(part):
            continue
        kept = [*parts[:at], *parts[at + 1 :]]
        cuts: list[dict[str, int]] = []
        for halves in _halves(part.text)[:tried]:
            totals = {half: count(_all([*kept, Term(half)])) for half in halves}
            cuts.append({half: total for half, total in totals.items() if total})
            tried -= 1
        best = max(cuts, key=_worth, default={})
        if best:
            found.append({"word": part.text, "instead": list(best), "totals": list(best.values())})
    return found[:_MOST]


def _worth(held: Mapping[str, int]) -> tuple[int, int]:
    """Order cuts: those of which both halves find something, then by the rarer half."""
    both = len(held) == 2
    return len(held), min(held.values()) if both else max(map(len, held), default=0)


def _halves(text: str) -> list[tuple[str, str]]:
    """Return the ways to cut a text in two between words, those near the middle first.

    A single character is no half: it stands in too many words.
    """
    found = words(text)[:_LONGEST]
    cuts = [
        (text[: one.end].strip(), text[other.start :].strip())
        for one, other in pairwise(found)
        if one.end > found[0].start + 1 and len(text) > other.start + 1
    ]
    return sorted(cuts, key=lambda halves: abs(len(halves[0]) - len(halves[1])))


def _without(parts: tuple[Node, ...], count: Count) -> list[dict[str, Any]]:
    wanted = [part for part in parts if not isinstance(part, Not)]
    if len(wanted) < 2:
        return []
    found: list[dict[str, Any]] = []
    for part in wanted:
        text = _typed(part)
        if text and (total := count(_all([other for other in parts if other is not part]))):
            found.append({"without": text, "total": total})
    if found:
        return found[:_MOST]
    # A field restricts: 旅券 OR 年:1950 would give all passages of that year.
    texts = ["" if isinstance(part, Field) else _typed(part) for part in parts]
    if all(texts) and count(Or(parts)):
        return [{"word": " ".join(texts), "instead": [" OR ".join(texts)]}]
    return []


def _all(parts: list[Node]) -> Node:
    return joined(And, parts)


def _typed(part: Node) -> str:
    """Return a word or field as typed, "" for other nodes."""
    match part:
        case Field(name, value):
            return f"{_called(FACETS, name)}:" + (value if _is_word(value) else f'"{value}"')
        case Term(text, literal, scope):
            typed = f'"{text}"' if literal else text
        case Prefix(text, scope):
            typed = f"{text}*"
        case Fuzzy(text, scope):
            typed = f"{text}~"
        case _:
            return ""
    return f"{_called(SCOPES, scope)}:{typed}" if scope else typed


def _called(names: Mapping[str, str], meant: str) -> str:
    """Return the first typed name of a field."""
    return next(name for name, value in names.items() if value == meant)


def _is_word(value: str) -> bool:
    return not any(char.isspace() or char in "()（）" for char in value)


def _readings(text: str, knows: Knows) -> Iterator[tuple[str, Node]]:
    """Yield (query as typed, its tree) of other readings of `text`, the most likely first."""
    for name, facet in (("年", "year"), ("省庁", "ministry")):
        if knows(Field(facet, text, 0)):
            yield from _read(f"{name}:{text}", knows)
    yield from _read(f"題名:{text}", knows)
    seen = {text}
    for spaced in _cut(text):
        if spaced not in seen:
            seen.add(spaced)
            yield from _read(spaced, knows)


def _read(text: str, knows: Knows) -> Iterator[tuple[str, Node]]:
    try:
        yield text, parse_query(text, knows).node
    except QueryError:  # a bracket of the word reads otherwise here
        return


def _cut(text: str) -> Iterator[str]:
    """Yield `text` with spaces: at function words and punctuation, then at every word.

    A single character stays with the word before it: 被害者, not 被害 者.
    """
    found = words(text)
    for every in (False, True):
        pieces: list[str] = []
        end = -1
        for word in found:
            piece = text[word.start : word.end].strip()
            if pieces and (word.start != end or (len(piece) != 1 and every)):
                pieces.append(" ")
            pieces.append(piece)
            end = word.end
        yield "".join(pieces)
