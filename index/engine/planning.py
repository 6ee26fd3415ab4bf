"""Tree of a query → plan for an engine: which keys are sought, what is added, where AND holds.

Expansion (synonyms, aliases), prefixes and near spellings are resolved here into the terms that the
index holds, fields into filters; the engine gets keys alone.
"""

from collections.abc import Callable, Sequence

import msgspec

from shisaku.index.analysis.folding import search_key
from shisaku.index.engine.base import Engine, UnitName
from shisaku.index.engine.cache import Cache
from shisaku.index.engine.expansion import Expander, Expansion
from shisaku.index.engine.fuzzy import fuzzy_pattern, prefix_pattern
from shisaku.index.engine.lexicon import Lexicon
from shisaku.index.errors import QueryError
from shisaku.index.query.definitions import ASKING, asked_term
from shisaku.index.query.patterns import pattern
from shisaku.index.query.plan import (
    EVERYTHING,
    Admitted,
    Either,
    Every,
    Except,
    Lifted,
    MatchOptions,
    Only,
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
    is_bare,
    joined_by_and,
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

        A bare word joined by AND is found around a passage as well (title and plans of its
        document, labels of its columns, captions) where another part of the query is found in the
        passage itself. Over measures each leaf is lifted before it is joined with others, so that
        AND and NOT hold over the whole measure. Over sections and documents bare words and NOT hold
        over the whole unit; quotations, fields and OR must hold in one of its passages.

        Raises:
            QueryError: fields cannot be looked up here.
            FilterError: a field names what nobody knows.

        """
        return self._plan(node, options, unit)

    def further(
        self, node: Node | None, options: MatchOptions, unit: UnitName, restriction: Restriction
    ) -> Plan | None:
        """Return the plan of the sections or documents in which no passage is a hit by itself.

        A passage is one that matches and that `restriction` admits. None for a query without bare
        words joined by AND: it finds nothing more there.
        """
        wanted = [part for part in joined_by_and(node) if not isinstance(part, Not | Field)]
        if len(wanted) < 2 or not any(map(is_bare, wanted)):
            return None
        own = self._plan(node, options, "passage")
        hits = own if restriction == Restriction() else Every((own, Admitted(restriction)))
        return Except(self._plan(node, options, unit), Lifted(hits))

    def _plan(self, node: Node | None, options: MatchOptions, unit: UnitName) -> Plan:
        match node:
            case And():
                return self._all(node, options, unit)
            case Not(part):
                whole = self._plan(None, options, unit)
                return Except(whole, self._hidden(part, options, unit))
            case Or(parts) if unit in _LIFTED_BY_LEAF:
                return Either(tuple(self._plan(part, options, unit) for part in parts))
            case Or():
                return _lifted(self._plan(node, options, "passage"), unit)
            case Field():
                return _lifted(Admitted(self._admitted(node)), unit)
            case None:
                return _lifted(EVERYTHING, unit)
            case _:
                return _lifted(self._leaf(node, options), unit)

    def _all(self, node: And, options: MatchOptions, unit: UnitName) -> Plan:
        """Plan an AND: bare words may stand around a passage, further parts must stand in it."""
        parts = joined_by_and(node)
        wanted = [part for part in parts if not isinstance(part, Not)]
        bare: list[Leaf] = [part for part in wanted if is_bare(part)]
        strict = [part for part in wanted if not is_bare(part)]
        held = [self._leaf(leaf, options, bare) for leaf in bare]
        firm = any(map(_stands_in_text, strict))
        around = not options.text_only and len(bare) + firm > 1
        every = [
            _lifted(Either((own, self._around(leaf, options))) if around else own, unit)
            for leaf, own in zip(bare, held, strict=True)
        ]
        if unit in _LIFTED_BY_LEAF:
            every += [self._plan(part, options, unit) for part in strict]
        elif strict:
            inner = [self._plan(part, options, "passage") for part in strict]
            every.append(_lifted(_every(inner), unit))
        made = _every(every) if every else self._plan(None, options, unit)
        if around and not firm:
            made = Only(made, Either(tuple(_lifted(own, unit) for own in held)))
        for part in parts:
            if isinstance(part, Not):
                made = Except(made, self._hidden(part.part, options, unit))
        return made

    def _hidden(self, part: Node, options: MatchOptions, unit: UnitName) -> Plan:
        """Plan what a NOT hides: what was typed alone, or 人身取引 -人身売買 would find nothing."""
        typed = msgspec.structs.replace(options, exact=True)
        return self._plan(part, typed, unit)

    def _leaf(self, leaf: Leaf, options: MatchOptions, beside: Sequence[Leaf] = ()) -> Plan:
        """Plan one leaf; one that asks for a definition finds what defines the term as well.

        人身取引とは names the term itself; 定義 alone asks for those of the words beside it.
        """
        own = self.words(leaf, options)
        if options.exact or not is_bare(leaf):
            return own
        asked: list[Leaf | None] = [_term(leaf)]
        if leaf.text in ASKING:
            asked += [other for other in beside if other is not leaf]
        defined = (
            tuple(
                msgspec.structs.replace(sought, scope="defined", literals=())
                for sought in self._sought(other, options)
            )
            for other in asked
            if other is not None
        )
        added = [Words(patterns) for patterns in defined]
        return Either((own, *added)) if added else own

    def _around(self, leaf: Leaf, options: MatchOptions) -> Words:
        """Plan what stands around passages of a leaf."""
        patterns = (
            msgspec.structs.replace(sought, scope="around")
            for sought in self._sought(leaf, options)
        )
        return Words(tuple(patterns), options.words_only)

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
        leaves = [each for leaf in terms(node) for each in (leaf, _term(leaf)) if each is not None]
        found = [sought for leaf in leaves for sought in self._sought(leaf, options)]
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


_LIFTED_BY_LEAF: tuple[UnitName, ...] = ("passage", "measure")
"""Units over which each leaf is looked for by itself."""


def _stands_in_text(part: Node) -> bool:
    """Tell whether what a part of a query finds stands in the passage itself for sure."""
    match part:
        case Term() | Prefix() | Fuzzy():
            return part.scope != "title"
        case Or(parts):
            return all(map(_stands_in_text, parts))
        case And(parts):
            return any(map(_stands_in_text, parts))
    return False


def _term(leaf: Leaf) -> Term | None:
    """Return the term whose definition a leaf asks for."""
    if not isinstance(leaf, Term) or not is_bare(leaf):
        return None
    asked = asked_term(leaf.text)
    return Term(asked) if asked and search_key(asked) else None


def _lifted(plan: Plan, unit: UnitName) -> Plan:
    return plan if unit == "passage" else Lifted(plan)


def _every(plans: list[Plan]) -> Plan:
    return plans[0] if len(plans) == 1 else Every(tuple(plans))


def _added(text: str) -> Pattern:
    """Analyse what was added to a word: Latin letters only as a word of their own.

    人工知能 is found as AI, and not in every "email": nobody typed those letters.
    """
    sought = pattern(Term(text))
    if sought.slots and search_key(text).isascii():
        return msgspec.structs.replace(sought, literals=())
    return sought
