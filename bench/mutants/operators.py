"""The small changes: a module's source goes in, the places where it can be changed come out.

A change replaces one span of the source, so that lines keep their numbers. Left alone are
docstrings, annotations, decorators, imports, `__all__`, asserts, `if TYPE_CHECKING`, and texts that
are only shown (messages, log lines, f-strings): a string is changed where it is compared.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Site:
    """A span of a module that can be changed, and what may stand there instead."""

    operator: str
    line: int
    """From 1."""
    start: int
    end: int
    """Bytes of the source in UTF-8."""
    before: str
    variants: tuple[str, ...]
    scope: str
    """The qualified name of the function around it; empty for a module or the body of a class."""
    code: str
    """The line of the source where the span begins, stripped."""


COMPARISONS = {
    ast.Lt: ("<", "<=", ">="),
    ast.LtE: ("<=", "<", ">"),
    ast.Gt: (">", ">=", "<="),
    ast.GtE: (">=", ">", "<"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
}
"""An operator as written, then what may stand there instead: its boundary, its opposite."""

CALLS = {"any": "all", "all": "any", "min": "max", "max": "min"}
_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_EMPTY = {"str": '""', "list": "[]", "dict": "{}", "tuple": "()", "set": "set()", "int": "0"}
"""What an unfinished function of that annotation might return."""


def sites(source: str) -> list[Site]:
    """Return the places of a module that can be changed, in the order of the source."""
    found = list(_Finder(source).module())
    return sorted(found, key=lambda site: (site.start, site.end, site.operator))


def changed(source: str, site: Site, variant: str) -> str:
    """Return the module with one span replaced."""
    data = source.encode()
    return (data[: site.start] + variant.encode() + data[site.end :]).decode()


class _Finder:
    """Walks a module with the names of the functions around each node."""

    def __init__(self, source: str) -> None:
        self.data = source.encode()
        self.tree = ast.parse(source)
        self.returns = ""

    @cached_property
    def lines(self) -> list[int]:
        """The byte at which each line begins."""
        begins = [0]
        for line in self.data.splitlines(keepends=True):
            begins.append(begins[-1] + len(line))
        return begins

    def module(self) -> Iterator[Site]:
        yield from self.body(self.tree.body, "", "")

    # --- statements ----------------------------------------------------------------------------

    def body(self, statements: list[ast.stmt], name: str, scope: str) -> Iterator[Site]:
        """`name` is the qualified name so far, `scope` that of the innermost function."""
        for statement in statements:
            yield from self.statement(statement, name, scope)

    def statement(self, node: ast.stmt, name: str, scope: str) -> Iterator[Site]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            own = f"{name}.{node.name}".lstrip(".")
            arguments = node.args
            for default in [*arguments.defaults, *arguments.kw_defaults]:
                if default is not None:
                    yield from self.default(default, own)
            returns, self.returns = self.returns, ast.unparse(node.returns) if node.returns else ""
            yield from self.body(node.body, f"{own}.<locals>", own)
            self.returns = returns
            return
        if isinstance(node, ast.ClassDef):
            yield from self.body(node.body, f"{name}.{node.name}".lstrip("."), scope)
            return
        if _is_left_alone(node):
            return
        yield from self.whole(node, scope)
        for child in ast.iter_child_nodes(node):
            if isinstance(node, ast.AnnAssign) and child is node.annotation:
                continue
            if isinstance(child, ast.stmt):
                yield from self.statement(child, name, scope)
            elif isinstance(child, ast.ExceptHandler | ast.match_case):
                if isinstance(child, ast.match_case) and child.guard is not None:
                    yield from self.expression(child.guard, scope)
                yield from self.body(child.body, name, scope)
            else:
                yield from self.expression(child, scope)

    def whole(self, node: ast.stmt, scope: str) -> Iterator[Site]:
        """Yield the changes of a statement as a whole."""
        match node:
            case ast.Break():
                yield self.site("leave", node, scope, "continue")
            case ast.Continue():
                yield self.site("leave", node, scope, "break")
            case ast.Raise() | ast.Delete() | ast.AugAssign():
                yield self.site("remove", node, scope, "pass")
                if isinstance(node, ast.AugAssign):
                    yield from self.augmented(node, scope)
            case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()):
                yield self.site("remove", node, scope, "pass")
            case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
                yield self.site("remove", node, scope, "pass")
            case ast.If(orelse=[]):
                guard = isinstance(node.body[-1], _LEAVES)
                yield self.site("guard", node.test, scope, "False" if guard else "True")
            case ast.Return(value=ast.expr() as value):
                variant = self.returned(value)
                if variant:
                    yield self.site("return", value, scope, variant)

    def returned(self, value: ast.expr) -> str:
        """Return what to return instead; empty where there is nothing that differs."""
        text = self.text(value)
        if isinstance(value, ast.Constant) and isinstance(value.value, bool):
            return ""  # changed as a constant
        if self.returns == "bool":
            return f"not ({text})"
        head = re.split(r"[\[ ]", self.returns)[0]
        variant = "None" if "None" in self.returns else _EMPTY.get(head, "None")
        return "" if text == variant else variant

    def augmented(self, node: ast.AugAssign, scope: str) -> Iterator[Site]:
        swapped = {ast.Add: ("+=", "-="), ast.Sub: ("-=", "+=")}.get(type(node.op))
        if swapped and not _is_text(node.value):
            yield self.between(node.target, node.value, "arithmetic", scope, *swapped)

    def default(self, node: ast.expr, scope: str) -> Iterator[Site]:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield self.site("default", node, scope, '"XX"')
        else:
            yield from self.expression(node, scope)

    # --- expressions ---------------------------------------------------------------------------

    def expression(self, node: ast.AST, scope: str) -> Iterator[Site]:
        match node:
            case ast.JoinedStr():
                return  # shown text; Python 3.11 gives no places inside
            case ast.Constant():
                yield from self.constant(node, scope)
            case ast.Compare():
                yield from self.compared(node, scope)
            case ast.BoolOp():
                before, after = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
                for left, right in zip(node.values, node.values[1:], strict=False):
                    yield self.between(left, right, "boolean", scope, before, after)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield self.site("not", node, scope, f"({self.text(operand)})")
            case ast.BinOp(op=ast.Add() | ast.Sub(), left=left, right=right):
                if not _is_text(left) and not _is_text(right):
                    signs = ("+", "-") if isinstance(node.op, ast.Add) else ("-", "+")
                    yield self.between(left, right, "arithmetic", scope, *signs)
            case ast.Call(func=ast.Name(id=called)) if called in CALLS:
                yield self.site("call", node.func, scope, CALLS[called])
            case ast.comprehension(ifs=conditions):
                for condition in conditions:
                    yield self.site("guard", condition, scope, "True")
        for child in ast.iter_child_nodes(node):
            yield from self.expression(child, scope)

    def constant(self, node: ast.Constant, scope: str) -> Iterator[Site]:
        value = node.value
        if isinstance(value, bool):
            yield self.site("constant", node, scope, str(not value))
        elif isinstance(value, int):
            others = {value + 1, value - 1, value * 2} - {value}
            yield self.site("constant", node, scope, *map(str, sorted(others)))
        elif isinstance(value, float):
            floats = (value * 2, value / 10) if value else (0.5,)
            yield self.site("constant", node, scope, *map(repr, floats))

    def compared(self, node: ast.Compare, scope: str) -> Iterator[Site]:
        operands = [node.left, *node.comparators]
        for left, operator, right in zip(operands, node.ops, operands[1:], strict=False):
            yield self.between(left, right, "compare", scope, *COMPARISONS[type(operator)])
        for operand in operands:
            for each in operand.elts if isinstance(operand, ast.Tuple | ast.Set) else [operand]:
                if isinstance(each, ast.Constant) and isinstance(each.value, str | bytes):
                    mark = "XX" if isinstance(each.value, str) else b"XX"
                    yield self.site("text", each, scope, repr(each.value + mark))  # type: ignore[operator]

    # --- spans ---------------------------------------------------------------------------------

    def text(self, node: ast.expr) -> str:
        return self.data[slice(*self.span(node))].decode()

    def span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None and node.end_col_offset is not None
        return (
            self.lines[node.lineno - 1] + node.col_offset,
            self.lines[node.end_lineno - 1] + node.end_col_offset,
        )

    def site(self, operator: str, node: ast.stmt | ast.expr, scope: str, *variants: str) -> Site:
        return self.at(operator, *self.span(node), scope, variants)

    def between(
        self, left: ast.expr, right: ast.expr, operator: str, scope: str, sign: str, *others: str
    ) -> Site:
        """Return the sign between two operands; brackets, comments, line feeds may be around it."""
        begin, end = self.span(left)[1], self.span(right)[0]
        gap = re.sub(rb"#[^\n]*", lambda found: b" " * len(found[0]), self.data[begin:end])
        pattern = rb"\s+".join(re.escape(part.encode()) for part in sign.split())
        found = re.search(pattern, gap)
        assert found, (sign, gap)
        return self.at(operator, begin + found.start(), begin + found.end(), scope, others)

    def at(
        self, operator: str, start: int, end: int, scope: str, variants: tuple[str, ...]
    ) -> Site:
        line = self.data.count(b"\n", 0, start) + 1
        code = self.data[self.lines[line - 1] : self.lines[line]].decode().strip()
        before = self.data[start:end].decode()
        return Site(operator, line, start, end, before, variants, scope, code)


def _is_left_alone(node: ast.stmt) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Assert() | ast.Pass():
            return True
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__" | "__slots__" | "__match_args__")]):
            return True
        case ast.If(test=test):
            return ast.unparse(test) in ("TYPE_CHECKING", "__name__ == '__main__'")
    return False


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    )
