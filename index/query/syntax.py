"""The tree of a query: what the parser gives and the matcher takes.

Leaves are what is looked up (`Term`, `Prefix`, `Fuzzy`) and what narrows (`Field`); `And`, `Or` and
`Not` join them. A leaf's `scope` says in which part of a passage it is sought.
"""

from typing import Literal

import msgspec

Scope = Literal["", "text", "heading", "measure", "title"]
"""Where a leaf is sought: "" in text, headings and measure title; `heading` is both of the latter;
`title` is the document's."""

SCOPES: dict[str, Scope] = {
    "本文": "text",
    "text": "text",
    "見出し": "heading",
    "heading": "heading",
    "施策": "measure",
    "measure": "measure",
    "題名": "title",
    "title": "title",
}
FACETS = {
    "省庁": "ministry",
    "ministry": "ministry",
    "計画": "plan",
    "plan": "plan",
    "年": "year",
    "year": "year",
    "年度": "fiscal_year",
    "fiscal_year": "fiscal_year",
    "種別": "kind",
    "kind": "kind",
    "状況": "status",
    "status": "status",
    "文書": "document",
    "document": "document",
}
"""Field names as typed, case folded, and what they restrict."""


class Term(msgspec.Struct, frozen=True):
    """A bare word (found as words, or literally) or a quoted phrase (`literal`)."""

    text: str
    literal: bool = False
    scope: Scope = ""


class Prefix(msgspec.Struct, frozen=True):
    """Words that begin with `text`, and what `Term(text)` finds."""

    text: str
    scope: Scope = ""


class Fuzzy(msgspec.Struct, frozen=True):
    """Words that are nearly `text`, and what `Term(text)` finds."""

    text: str
    scope: Scope = ""


class Field(msgspec.Struct, frozen=True):
    """Passages of a ministry, plan, year, …: `value` as typed, `at` the name's place in the query.

    `name` is one of the values of `FACETS`.
    """

    name: str
    value: str
    at: int


class And(msgspec.Struct, frozen=True):
    """All of `parts`."""

    parts: tuple["Node", ...]


class Or(msgspec.Struct, frozen=True):
    """Any of `parts`."""

    parts: tuple["Node", ...]


class Not(msgspec.Struct, frozen=True):
    """What does not match `part`."""

    part: "Node"


Leaf = Term | Prefix | Fuzzy
Node = Leaf | Field | And | Or | Not


class Parsed(msgspec.Struct, frozen=True):
    """A query's tree, and sentences for the user about how it was read."""

    node: Node
    notices: tuple[str, ...] = ()


def terms(node: Node) -> tuple[Leaf, ...]:
    """Return the leaves that a match may show: those not under a NOT, in order, each once."""
    match node:
        case Term() | Prefix() | Fuzzy():
            return (node,)
        case Not() | Field():
            return ()
        case And(parts) | Or(parts):
            return tuple(dict.fromkeys(term for part in parts for term in terms(part)))


def fields(node: Node) -> tuple[Field, ...]:
    """Return the fields that narrow a query, wherever they stand, in order."""
    match node:
        case Field():
            return (node,)
        case Not(part):
            return fields(part)
        case And(parts) | Or(parts):
            return tuple(field for part in parts for field in fields(part))
    return ()


def joined(kind: type[And] | type[Or], parts: list[Node]) -> Node:
    """Join the parts; what is said twice counts, and costs, once."""
    unique = tuple(dict.fromkeys(parts))
    return unique[0] if len(unique) == 1 else kind(unique)


def restricted(node: Node, name: str, at: int) -> Node:
    """Return `node`, the operand of a field prefix, with the field applied to each of its leaves.

    A leaf that has a field of its own keeps it, as in 見出し:(甲 OR 本文:乙).
    """
    match node:
        case And(parts):
            return And(tuple(restricted(part, name, at) for part in parts))
        case Or(parts):
            return Or(tuple(restricted(part, name, at) for part in parts))
        case Not(part):
            return Not(restricted(part, name, at))
        case Field():
            return node
    if node.scope:
        return node
    if (scope := SCOPES.get(name)) is not None:
        return msgspec.structs.replace(node, scope=scope)
    sign = "*" if isinstance(node, Prefix) else "~" if isinstance(node, Fuzzy) else ""
    return Field(FACETS[name], node.text + sign, at)
