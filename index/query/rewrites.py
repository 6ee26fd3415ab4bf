"""Suggestions for a query that finds nothing: other readings of its words.

Takes the tree and functions that count; gives suggestions (dicts) with query and count. 2011 may
mean the year, MEXT the ministry, the name of a meeting the title of its record, and
男性被害者の保護施策 two words (the text has 男性被害者等の…). Only queries with results are
suggested.
"""

from collections.abc import Callable, Iterator, Mapping
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
"""Words of a word of the query of which parts are made; each beginning and each end is one."""
_TRIED_PARTS = 12
"""Parts of the words of a query that are looked up, the longest first."""

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

    Each with how much that is (`totals`), beside the other parts of the query.
    """
    tried = _TRIED_PARTS
    found: list[dict[str, Any]] = []
    for at, part in enumerate(parts):
        if not is_bare(part):
            continue
        kept = [*parts[:at], *parts[at + 1 :]]
        held: dict[str, int] = {}
        for text in _spans(part.text):
            if len(held) == _MOST or not tried:
                break
            if any(text in longer for longer in held):
                continue
            tried -= 1
            if total := count(_all([*kept, Term(text)])):
                held[text] = total
        if held:
            found.append({"word": part.text, "instead": list(held), "totals": list(held.values())})
    return found[:_MOST]


def _spans(text: str) -> list[str]:
    """Return the runs of words of a text, without the whole, the longest first."""
    found = words(text)[:_LONGEST]
    runs = [
        text[first.start : last.end]
        for at, first in enumerate(found)
        for last in found[at:]
        if last.end - first.start > 1
    ]
    return sorted(dict.fromkeys(run for run in runs if run != text), key=len, reverse=True)


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
