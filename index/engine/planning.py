"""Tree of a query → plan for an engine: which keys are sought, what is added, where AND holds.

Expansion (synonyms, aliases), prefixes and near spellings are resolved here into the terms that the
index holds, fields into filters; the engine gets keys alone.
"""

from collections.abc import Callable

import msgspec

from shisaku.index.analysis.folding import search_key
from shisaku.index.engine.base import Engine, UnitName
from shisaku.index.engine.cache import Cache
from shisaku.index.engine.expansion import Expander, Expansion
from shisaku.index.engine.fuzzy import fuzzy_pattern, prefix_pattern
from shisaku.index.engine.lexicon import Lexicon
from shisaku.index.errors import QueryError
from shisaku.index.query.patterns import pattern
from shisaku.index.query.plan import (
    EVERYTHING,
    Admitted,
    Either,
    Every,
    Except,
    Lifted,
    MatchOptions,
    Pattern,
    Plan,
    Restriction,
    Words,
    size_of_pattern,
)
from shisaku.index.query.syntax import (
    And,
    Field,
    Fuzzy,
    Leaf,
    Node,
    Not,
    Or,
    Prefix,
    Scope,
    Term,
    terms,
)

_EXPANSION_WEIGHT = 0.5
_KEPT = 1 << 20
"""Bytes of planned leaves that are kept (`size_of_pattern`)."""
PLAIN = MatchOptions()

Admit = Callable[[Field], Restriction]
"""Field of a query → the filter that it stands for; raises `FilterError` for an unknown value."""


class Planner:
    """Plans queries over one open engine; threads may share it.

    Without `expander` nothing is added to what was typed; without `admit` fields are refused.
    """

    def __init__(
        self, engine: Engine, *, expander: Expander | None = None, admit: Admit | None = None
    ) -> None:
        self._expander = expander
        self._admit = admit
        self.lexicon = Lexicon(engine.terms)
        self._leaves: Cache[tuple[Leaf, MatchOptions], tuple[Pattern, ...]] = Cache(_KEPT)

    def plan(
        self, node: Node | None, options: MatchOptions = PLAIN, unit: UnitName = "passage"
    ) -> Plan:
        """Return the plan of a query; of None, no query, that of everything.

        For another unit than passages each leaf is lifted before it is joined with others, so that
        AND and NOT hold over the whole unit.

        Raises:
            QueryError: fields cannot be looked up here.
            FilterError: a field names what nobody knows.

        """
        return self._plan(node, options, lift=unit != "passage")

    def _plan(self, node: Node | None, options: MatchOptions, *, lift: bool) -> Plan:
        match node:
            case And(parts):
                wanted = [part for part in parts if not isinstance(part, Not)]
                found = [self._plan(part, options, lift=lift) for part in wanted]
                made = Every(tuple(found)) if found else self._plan(None, options, lift=lift)
                for part in parts:
                    if isinstance(part, Not):
                        made = Except(made, self._hidden(part.part, options, lift=lift))
                return made
            case Or(parts):
                return Either(tuple(self._plan(part, options, lift=lift) for part in parts))
            case Not(part):
                whole = self._plan(None, options, lift=lift)
                return Except(whole, self._hidden(part, options, lift=lift))
            case Field():
                leaf: Plan = Admitted(self._admitted(node))
            case None:
                leaf = EVERYTHING
            case _:
                leaf = self.words(node, options)
        return Lifted(leaf) if lift else leaf

    def _hidden(self, part: Node, options: MatchOptions, *, lift: bool) -> Plan:
        """Plan what a NOT hides: what was typed alone, or 人身取引 -人身売買 would find nothing."""
        typed = msgspec.structs.replace(options, exact=True)
        return self._plan(part, typed, lift=lift)

    def _admitted(self, field: Field) -> Restriction:
        if self._admit is None:
            message = f"{field.name} cannot be searched here, at character {field.at + 1}"
            raise QueryError(message, at=field.at)
        return self._admit(field)

    def words(self, leaf: Leaf, options: MatchOptions = PLAIN) -> Words:
        """Plan one leaf."""
        return Words(self._sought(leaf, options), options.words_only)

    # --- what a leaf looks for -----------------------------------------------------------------

    def patterns(self, node: Node, options: MatchOptions = PLAIN) -> tuple[Pattern, ...]:
        """Return all patterns that can show in a match of `node`, for highlighting."""
        found = [sought for leaf in terms(node) for sought in self._sought(leaf, options)]
        return tuple(dict.fromkeys(found))

    def expanded(
        self, node: Node, options: MatchOptions = PLAIN
    ) -> list[tuple[str, tuple[Expansion, ...]]]:
        """Return what was added to the words of the query, by word, in their order."""
        pairs = ((leaf.text, self._expansions(leaf, options)) for leaf in terms(node))
        return [(text, added) for text, added in dict(pairs).items() if added]

    def _expansions(self, leaf: Leaf, options: MatchOptions) -> tuple[Expansion, ...]:
        typed = isinstance(leaf, Term) and not leaf.literal
        if self._expander is None or options.exact or not typed:
            return ()
        return self._expander.expansions(leaf.text)

    def _sought(self, leaf: Leaf, options: MatchOptions) -> tuple[Pattern, ...]:
        """Return the pattern as typed, then those that were added."""
        key = (leaf, options)
        found = self._leaves.get(key)
        if found is None:
            found = self._analysed(leaf, options)
            self._leaves.put(key, found, sum(map(size_of_pattern, found)))
        return found

    def _analysed(self, leaf: Leaf, options: MatchOptions) -> tuple[Pattern, ...]:
        scope: Scope = leaf.scope or ("text" if options.text_only else "")
        match leaf:
            case Prefix():
                typed = prefix_pattern(leaf, self.lexicon)
            case Fuzzy():
                typed = fuzzy_pattern(leaf, self.lexicon)
            case _:
                typed = pattern(leaf)
        typed = msgspec.structs.replace(typed, scope=scope)
        added = (
            msgspec.structs.replace(
                _added(expansion.text),
                scope=scope,
                documents=expansion.documents,
                weight=_EXPANSION_WEIGHT,
            )
            for expansion in self._expansions(leaf, options)
        )
        return typed, *added


def _added(text: str) -> Pattern:
    """Analyse what was added to a word: Latin letters only as a word of their own.

    人工知能 is found as AI, and not in every "email": nobody typed those letters.
    """
    sought = pattern(Term(text))
    if sought.slots and search_key(text).isascii():
        return msgspec.structs.replace(sought, literals=())
    return sought
