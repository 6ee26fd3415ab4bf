"""Near spellings, from the index's own words, for a query that finds nothing.

A suggestion is only made for a word that stands nowhere, and only where the other spelling finds
something; which filter leaves nothing over is another question.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shisaku.index.analysis.folding import search_key
from shisaku.index.analysis.modern_forms import spelled
from shisaku.index.engine.fuzzy import runs
from shisaku.index.engine.lexicon import Lexicon, allowed_distance
from shisaku.index.query.plan import MatchOptions
from shisaku.index.query.syntax import Leaf, Node, Prefix, Term, terms

_MOST = 3
"""Spellings for a word."""
_TRIED = 300
"""Spellings looked up for a word, the nearest first."""
_MAX_WORDS = 8
"""Words of a query that are looked after; each costs up to 80 ms."""

Count = Callable[[Leaf, MatchOptions], int]
"""(leaf, options) → how many passages it finds."""


@dataclass(frozen=True)
class Suggestion:
    """A word of the query that stands nowhere, and near spellings that do, best first."""

    word: str
    instead: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {"word": self.word, "instead": list(self.instead)}


def suggest(
    node: Node, count: Count, lexicon: Lexicon, options: MatchOptions | None = None
) -> tuple[Suggestion, ...]:
    """Return near spellings for each word of the query that finds nothing by itself."""
    how = options or MatchOptions()
    lost = [leaf for leaf in terms(node)[:_MAX_WORDS] if not count(leaf, how)]
    found = (Suggestion(leaf.text, _instead(leaf, count, lexicon, how)) for leaf in lost)
    return tuple(suggestion for suggestion in found if suggestion.instead)


def _instead(leaf: Leaf, count: Count, lexicon: Lexicon, options: MatchOptions) -> tuple[str, ...]:
    """Return the spellings, nearest first, those of one distance by how much they find."""
    apart: dict[str, int] = {}
    for run in runs(leaf.text):
        # The beginning of a word is no word: its own end is no mistake.
        if isinstance(leaf, Prefix) and not run.after and len(run.key) < 3:
            continue
        # Two characters are too short for ~, which adds unasked; a suggestion can be passed over.
        limit = max(allowed_distance(len(run.key)), int(len(run.key) == 2))
        for key, distance in lexicon.near(run.key, limit).items():
            text = f"{leaf.text[: run.start]}{spelled(key)}{leaf.text[run.end :]}"
            apart[text] = min(distance, apart.get(text, distance))

    def promise(text: str) -> tuple[int, bool, int, str]:
        """Order: a hundred words differ from 人心 by a character; few of them stand before 取引."""
        unheard = not lexicon.has_pairs(search_key(text))
        return apart[text], unheard, _changed(leaf.text, text), text

    nearest = sorted(apart, key=promise)
    counts: dict[str, int] = {}
    for text in nearest[:_TRIED]:
        # Characters inside other words would let through any fragment of a word.
        as_words = MatchOptions(exact=True, words_only=True, text_only=options.text_only)
        if held := count(Term(text, scope=leaf.scope), as_words):
            counts[text] = held
    ranked = sorted(counts, key=lambda text: (apart[text], -counts[text], text))
    return tuple(ranked[:_MOST])


def _changed(one: str, other: str) -> int:
    """Return 1 where the beginning differs: what was misspelt mostly begins rightly."""
    return int(one[:1] != other[:1])
