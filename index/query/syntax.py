"""The syntax tree of a query, from the parser to the matcher.

Leaves are searched (`Term`, `Prefix`, `Fuzzy`) or restrict the results (`Field`); `And`, `Or` and
`Not` join them. The `scope` of a leaf is the part of a passage in which it is searched.
"""

from typing import Literal, TypeGuard

import msgspec

Scope = Literal["", "text", "heading", "measure", "title", "around", "defined"]
"""Part of a passage: "" is text, headings and title of the measure; "heading" the latter two;
"title" the title of the document. Nobody types the last two: "around" is what counts as words of a
passage beside others (title and plans of its document, labels of its columns, captions), "defined"
the terms that it defines."""

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
    "発行者": "publisher",
    "publisher": "publisher",
    "再掲": "restated",
    "restated": "restated",
}
"""Names of fields as typed (case folded) → names of filters."""


class Term(msgspec.Struct, frozen=True):
    """A bare word (found as words, or literally) or a quoted phrase (`literal`)."""

    text: str
    literal: bool = False
    scope: Scope = ""


class Prefix(msgspec.Struct, frozen=True):
    """Words with the prefix `text`, and the matches of `Term(text)`."""

    text: str
    scope: Scope = ""


class Fuzzy(msgspec.Struct, frozen=True):
    """Words similar to `text`, and the matches of `Term(text)`."""

    text: str
    scope: Scope = ""


class Field(msgspec.Struct, frozen=True):
    """Passages of a ministry, plan, year, …: `value` as typed, `at` the offset of the name.

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
    """Passages that do not match `part`."""

    part: "Node"


Leaf = Term | Prefix | Fuzzy
Node = Leaf | Field | And | Or | Not


class Parsed(msgspec.Struct, frozen=True):
    """The tree of a query, and notices for the user on how it was understood."""

    node: Node
    notices: tuple[str, ...] = ()


def terms(node: Node) -> tuple[Leaf, ...]:
    """Return the leaves that are not under a NOT, in order, each once."""
    match node:
        case Term() | Prefix() | Fuzzy():
            return (node,)
        case Not() | Field():
            return ()
        case And(parts) | Or(parts):
            return tuple(dict.fromkeys(term for part in parts for term in terms(part)))


def fields(node: Node) -> tuple[Field, ...]:
    """Return all fields of a query, in order."""
    match node:
        case Field():
            return (node,)
        case Not(part):
            return fields(part)
        case And(parts) | Or(parts):
            return tuple(field for part in parts for field in fields(part))
    return ()


def joined(kind: type[And] | type[Or], parts: list[Node]) -> Node:
    """Return the parts joined, each once."""
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


def is_bare(part: Node) -> TypeGuard[Leaf]:
    """Tell whether a part of a query is a word as typed, without quotation marks or a field."""
    literal = isinstance(part, Term) and part.literal
    return isinstance(part, Term | Prefix | Fuzzy) and not literal and not part.scope


def joined_by_and(node: Node | None) -> list[Node]:
    """Return the parts that a query joins by AND, those of an AND within it among them."""
    if isinstance(node, And):
        return [each for part in node.parts for each in joined_by_and(part)]
    return [] if node is None else [node]
