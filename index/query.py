"""The query language: words, literal phrases, OR, NOT and parentheses, as a small tree.

Whoosh's own parser never raises (`((((` silently finds nothing), so this one is the project's own:
what it cannot read is a `QueryError` that names the place. Full-width forms of all signs count as
the signs themselves.
"""

import re
import unicodedata
from dataclasses import dataclass

from ingest.model import ShisakuError
from ingest.text.fold import fold

MAX_WORDS = 200
MAX_DEPTH = 40

_QUOTES = {'"': '"', "＂": '"＂', "“": '”"', "「": "」", "『": "』"}
_CLOSING_QUOTES = "”」』"
_OPEN = "(（"
_CLOSE = ")）"
# 国際移住機関（IOM） pasted from a document is one word, not a word and a group.
_GLUED = re.compile(r"[(（][^\s()（）\"＂“”「」『』]*[)）]")


class QueryError(ShisakuError):
    """A query that cannot be read; the message names the place."""

    exit_code = 2
    remedy = '「"…"」で囲むと文字どおりに検索します / put it in "…" to search it literally'


@dataclass(frozen=True)
class Term:
    """A bare word (found as words, or literally) or a quoted phrase (`literal`)."""

    text: str
    literal: bool = False


@dataclass(frozen=True)
class And:
    """All of `parts`."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Or:
    """Any of `parts`."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Not:
    """What does not match `part`."""

    part: "Node"


Node = Term | And | Or | Not


def parse_query(query: str) -> Node:
    """Read a query.

    Raises:
        QueryError: it is empty, unbalanced, an operator lacks its operand, or it is too large.

    """
    # Bytes that are no UTF-8 arrive from the command line as lone surrogates.
    return _Parser(query.encode("utf-8", "replace").decode("utf-8")).parse()


def terms(node: Node) -> tuple[Term, ...]:
    """Give the terms that a match may show: those not under a NOT, in order, each once."""
    match node:
        case Term():
            return (node,)
        case Not():
            return ()
        case And(parts) | Or(parts):
            return tuple(dict.fromkeys(term for part in parts for term in terms(part)))


def _joined(kind: type[And] | type[Or], parts: list[Node]) -> Node:
    """Join the parts; what is said twice counts, and costs, once."""
    unique = tuple(dict.fromkeys(parts))
    return unique[0] if len(unique) == 1 else kind(unique)


class _Parser:
    def __init__(self, query: str) -> None:
        self.query = query
        self.at = 0
        self.depth = 0
        self.words = 0

    def parse(self) -> Node:
        self._skip()
        if self.at == len(self.query):
            raise QueryError(
                "the query is empty",
                "検索語を入力してください / type a word, or leave the query out to list passages",
            )
        node = self._either()
        if self.at < len(self.query):
            raise self._error(f"{self.query[self.at]} closes nothing", self.at)
        return node

    def _error(self, what: str, at: int) -> QueryError:
        shown = self.query if len(self.query) <= 60 else f"{self.query[max(0, at - 20) : at + 40]}…"
        return QueryError(f"{what}, at character {at + 1} of the query: {shown}")

    def _skip(self) -> None:
        while self.at < len(self.query) and self.query[self.at].isspace():
            self.at += 1

    def _operator(self) -> str | None:
        """Give the operator that stands here as a word of its own."""
        match = re.match(r"[^\s()（）]+", self.query[self.at : self.at + 4])
        word = unicodedata.normalize("NFKC", match[0]) if match else ""
        return word if word in ("OR", "AND", "NOT") else None

    def _take_operator(self) -> None:
        match = re.compile(r"[^\s()（）]+").match(self.query, self.at)
        self.at = match.end() if match else self.at

    def _either(self) -> Node:
        parts = [self._all()]
        while self._operator() == "OR":
            self._take_operator()
            self._skip()
            parts.append(self._all())
        return _joined(Or, parts)

    def _all(self) -> Node:
        parts: list[Node] = []
        while True:
            self._skip()
            start = self.at
            end = self.at == len(self.query) or self.query[self.at] in _CLOSE
            operator = None if end else self._operator()
            if end or operator == "OR":
                if not parts:
                    what = "a word is missing"
                    raise self._error(f"{what} before {operator}" if operator else what, start)
                return _joined(And, parts)
            if operator == "AND":
                if not parts:
                    raise self._error("a word is missing before AND", start)
                self._take_operator()
                self._skip()
                if self.at == len(self.query) or self.query[self.at] in _CLOSE:
                    raise self._error("a word is missing after AND", start)
                continue
            parts.append(self._one())

    def _one(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self._error(f"more than {MAX_DEPTH} levels of parentheses", self.at)
        try:
            return self._unary()
        finally:
            self.depth -= 1

    def _unary(self) -> Node:
        start = self.at
        char = self.query[start]
        if self._operator() == "NOT":
            self._take_operator()
            self._skip()
            if self.at == len(self.query) or self.query[self.at] in _CLOSE:
                raise self._error("a word is missing after NOT", start)
            return Not(self._one())
        if char in "-－−" and self.query[start + 1 : start + 2].strip().strip(_CLOSE):
            self.at += 1
            return Not(self._one())
        if char in _OPEN:
            self.at += 1
            self._skip()
            if self.at == len(self.query):
                raise self._error(f"{char} is not closed", start)
            node = self._either()
            if self.at == len(self.query):
                raise self._error(f"{char} is not closed", start)
            self.at += 1
            return node
        if char in _QUOTES:
            return self._quoted(_QUOTES[char])
        if char in _CLOSING_QUOTES:
            raise self._error(f"{char} closes nothing", start)
        return self._word()

    def _quoted(self, closing: str) -> Term:
        start = self.at
        ends = [end for mark in closing if (end := self.query.find(mark, start + 1)) >= 0]
        if not ends:
            raise self._error(f"{self.query[start]} is not closed", start)
        self.at = min(ends) + 1
        return self._term(self.query[start + 1 : min(ends)], start, literal=True)

    def _word(self) -> Term:
        start = self.at
        while self.at < len(self.query):
            char = self.query[self.at]
            if char.isspace() or char in _CLOSE or char in _QUOTES or char in _CLOSING_QUOTES:
                break
            if char in _OPEN:
                glued = _GLUED.match(self.query, self.at)
                if not glued:
                    break
                self.at = glued.end()
                continue
            self.at += 1
        return self._term(self.query[start : self.at], start, literal=False)

    def _term(self, text: str, start: int, *, literal: bool) -> Term:
        self.words += 1
        if self.words > MAX_WORDS:
            raise self._error(f"more than {MAX_WORDS} words", start)
        if not fold(text):
            raise self._error("there is nothing to search for", start)
        return Term(text, literal)
