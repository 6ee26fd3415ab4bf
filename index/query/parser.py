"""The query language: words, phrases, prefixes, near words, fields, OR, NOT and parentheses.

`parse_query` takes a query as typed and gives a `Parsed`: tree and notices. Whoosh's parser never
raises (`((((` silently finds nothing), so this one is the project's own: a syntax error is a
`QueryError` with the offset. Full-width operators and brackets equal their ASCII forms. The trap:
text copied from a document (`」という。`, `（平成23`) is no syntax error; it is searched literally,
with a notice (`query.pasted`).
"""

import re
import unicodedata
from collections.abc import Callable

from shisaku.index.analysis.folding import search_key
from shisaku.index.errors import QueryError
from shisaku.index.query.pasted import LITERALLY, literally, looks_copied, short, unmarked
from shisaku.index.query.syntax import (
    FACETS,
    SCOPES,
    And,
    Field,
    Fuzzy,
    Leaf,
    Node,
    Not,
    Or,
    Parsed,
    Prefix,
    Scope,
    Term,
    joined,
    restricted,
    terms,
)

__all__ = [
    "And", "Field", "Fuzzy", "Leaf", "Node", "Not", "Or", "Parsed", "Prefix", "QueryError",
    "Scope", "Term", "parse_query", "terms",
]  # fmt: skip

MAX_WORDS = 200
MAX_DEPTH = 40

Known = Callable[[Field], bool]
"""field → whether its value is known (a ministry, a year, …)."""

_QUOTES = {'"': '"', "＂": '"＂', "“": '”"', "「": "」", "『": "』"}
_CLOSING_QUOTES = "”」』"
_OPEN = "(（"
_CLOSE = ")）"
_MINUS = "-－−"
_STARS = "*＊"
_TILDES = "~～〜"
# 国際移住機関（IOM） pasted from a document is one word, not a word and a group.
_GLUED = re.compile(r"[(（][^\s()（）\"＂“”「」『』]*[)）]")
_FIELD = re.compile(r"([^\W\d]+)([:：])")
_WORD = re.compile(r"[^\s()（）]+")


def parse_query(query: str, known: Known | None = None) -> Parsed:
    """Return the tree of a query.

    `known` decides whether a word with a full-width colon (計画：人身) is a field or was copied
    from a text: where it returns False, the word is searched literally. Without `known` it is a
    field.

    Raises:
        QueryError: it is empty, unbalanced or too large, or an operator has no operand.

    """
    # Bytes that are no UTF-8 arrive from the command line as lone surrogates.
    query, unasked = unmarked(re.sub("[\ud800-\udfff]", "\ufffd", query))
    parser = _Parser(query, known)
    try:
        return Parsed(parser.parse(), tuple(dict.fromkeys((*unasked, *parser.notices))))
    except QueryError as error:
        found = _by_words(query, known)
        if found is None:
            raise error from None
        return found


def _by_words(query: str, known: Known | None) -> Parsed | None:
    """Parse a query with syntax errors word by word, where it was copied from a text.

    A word with an error is searched literally. None where the query has an operator, or a character
    that was probably typed: an ASCII one at an edge of its word, as in (人身.
    """
    words = list(re.finditer(r"\S+", query))
    if len(words) > MAX_WORDS or any(_operator_at(query, m.start()) for m in _WORD.finditer(query)):
        return None
    nodes: list[Node] = []
    notices: list[str] = []
    for word in words:
        parser = _Parser(query[: word.end()], known, word.start())
        try:
            nodes.append(parser.parse())
            notices += parser.notices
        except QueryError as error:
            if not looks_copied(query, word.start(), word.end(), error.at):
                return None
            term, notice = literally(word[0], error.what)
            nodes.append(term)
            notices.append(notice)
    return Parsed(joined(And, nodes), tuple(dict.fromkeys(notices))) if nodes else None


def _operator_at(query: str, at: int) -> str | None:
    """Return the operator that is a whole word at `at`, else None."""
    match = _WORD.match(query[at : at + 4])
    word = unicodedata.normalize("NFKC", match[0]) if match else ""
    return word if word in ("OR", "AND", "NOT") else None


class _Parser:
    """A recursive-descent parser of `query`; `at` is the offset of the next character."""

    def __init__(self, query: str, known: Known | None, at: int = 0) -> None:
        self.query = query
        self.known = known
        self.start = self.at = at
        self.depth = 0
        self.words = 0
        self.notices: list[str] = []

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
        message = f"{what}, at character {at + 1} of the query: {shown}"
        return QueryError(message, at=at, what=what)

    def _skip(self) -> None:
        while self.at < len(self.query) and self.query[self.at].isspace():
            self.at += 1

    def _ends(self, at: int) -> bool:
        """Return whether a word ends at `at`."""
        return at >= len(self.query) or self.query[at].isspace() or self.query[at] in _CLOSE

    def _begins(self) -> bool:
        """Return whether a word begins here, not the continuation of one after a quotation."""
        before = self.query[self.at - 1] if self.at > self.start else " "
        return before.isspace() or before in _OPEN or before in _MINUS

    def _operator(self) -> str | None:
        return _operator_at(self.query, self.at)

    def _take_operator(self) -> None:
        match = _WORD.match(self.query, self.at)
        self.at = match.end() if match else self.at

    def _need_operand(self, operator: str, start: int) -> None:
        """Skip to the operand of AND or NOT; raise where an operator follows (甲 AND OR 乙)."""
        self._skip()
        if self._ends(self.at) or self._operator() in ("OR", "AND"):
            raise self._error(f"a word is missing after {operator}", start)

    def _either(self) -> Node:
        parts = [self._all()]
        while self._operator() == "OR":
            self._take_operator()
            self._skip()
            parts.append(self._all())
        return joined(Or, parts)

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
                return joined(And, parts)
            if operator == "AND":
                if not parts:
                    raise self._error("a word is missing before AND", start)
                self._take_operator()
                self._need_operand("AND", start)
                continue
            parts.append(self._one())

    def _one(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self._too_large(f"more than {MAX_DEPTH} levels of parentheses", self.at)
        try:
            return self._unary()
        finally:
            self.depth -= 1

    def _unary(self) -> Node:
        start = self.at
        char = self.query[start]
        if self._operator() == "NOT":
            self._take_operator()
            self._need_operand("NOT", start)
            return Not(self._one())
        if char in _MINUS and self._copied_hyphen():
            text = self._characters()
            term, notice = literally(text, f"{char} with nothing before it is no NOT here")
            self.notices.append(notice)
            return term
        if char in _MINUS and self._negates():
            self.at += 1
            return Not(self._one())
        if char in _OPEN:
            return self._group()
        if char in _QUOTES:
            return self._quoted(_QUOTES[char])
        if char in _CLOSING_QUOTES:
            raise self._error(f"{char} closes nothing", start)
        return self._field() or self._word()

    def _copied_hyphen(self) -> bool:
        """Return whether a hyphen is a minus sign (－15件, −5.2%), or wide before a single word."""
        following = self.query[self.at + 1 : self.at + 2]
        if self.query[: self.at].strip() or self._ends(self.at + 1):
            return False
        alone = not any(char.isspace() for char in self.query[self.at :].strip())
        return following.isdigit() or (alone and self.query[self.at] != "-")

    def _negates(self) -> bool:
        """Return whether a hyphen means NOT; not in 「甲」－乙, （－15件）, --."""
        following = self.query[self.at + 1 : self.at + 2]
        before = self.query[self.at - 1] if self.at > self.start else " "
        if self._ends(self.at + 1) or following in _MINUS:
            return False
        return before.isspace() or (before in _OPEN and not following.isdigit())

    def _group(self) -> Node:
        start = self.at
        char = self.query[start]
        self.at += 1
        self._skip()
        if self.at == len(self.query):
            raise self._error(f"{char} is not closed", start)
        node = self._either()
        if self.at == len(self.query):
            raise self._error(f"{char} is not closed", start)
        self.at += 1
        return node

    def _quoted(self, closing: str) -> Node:
        start = self.at
        ends = [end for mark in closing if (end := self.query.find(mark, start + 1)) >= 0]
        if not ends:
            raise self._error(f"{self.query[start]} is not closed", start)
        self.at = min(ends) + 1
        text = self.query[start + 1 : min(ends)]
        term = self._term(text, start, literal=True)
        if self._ends(self.at + 1) and not self._ends(self.at):
            sign = self.query[self.at]
            if sign in _STARS + _TILDES:
                self.at += 1
            # A text with a word that begins with these characters contains them, so * adds nothing.
            return Fuzzy(text) if sign in _TILDES else term
        return term

    def _field(self) -> Node | None:
        """Parse a field's name, colon and operand; None where there is none here."""
        start = self.at
        match = _FIELD.match(self.query, start) if self._begins() else None
        name = unicodedata.normalize("NFKC", match[1]).casefold() if match else ""
        if match is None or (name not in FACETS and name not in SCOPES):
            return None
        self.at = match.end()
        colon = self.at - 1
        if self._ends(self.at):
            raise self._error(f"a value is missing after {match[0]}", colon)
        char = self.query[self.at]
        if char in _OPEN:
            return restricted(self._group(), name, start)
        if char in _QUOTES:
            return restricted(self._quoted(_QUOTES[char]), name, start)
        if name in FACETS:
            begin = self.at
            self._count(start)
            node: Node = Field(FACETS[name], self._characters(), start)
            if not self.query[begin : self.at]:
                raise self._error(f"a value is missing after {match[0]}", colon)
        else:
            node = restricted(self._word(), name, start)
        if match[2] == "：":
            return self._copied_field(node, start, match[0])
        return node

    def _copied_field(self, node: Node, start: int, name: str) -> Node:
        """Return 計画：人身 as copied words where the field has no such value.

        Fields of parts of a passage have no list of values: the operand is searched in the part, or
        the whole word literally.
        """
        text = self.query[start : self.at]
        if isinstance(node, Field) and (self.known is None or self.known(node)):
            return node
        if isinstance(node, Field):
            term, notice = literally(text, f"no {name[:-1]} is called {short(node.value)}")
            self.notices.append(notice)
            return term
        self.notices.append(
            f"{name} is read as a field, and {short(text)} is searched literally too"
            " / 文字どおりにも検索します"
        )
        return Or((node, Term(text, literal=True)))

    def _characters(self) -> str:
        """Consume the characters of a bare word and return them."""
        start = self.at
        while not self._ends(self.at):
            char = self.query[self.at]
            if char in _QUOTES or char in _CLOSING_QUOTES:
                break
            if char in _OPEN:
                glued = _GLUED.match(self.query, self.at)
                if not glued:
                    break
                self.at = glued.end()
                continue
            self.at += 1
        return self.query[start : self.at]

    def _word(self) -> Node:
        start = self.at
        text = self._characters()
        if not text:  # a closing quotation mark after a field's name
            raise self._error(f"{self.query[start]} closes nothing", start)
        for signs, kind in ((_STARS, Prefix), (_TILDES, Fuzzy)):
            bare = text.rstrip(signs)
            if bare != text and search_key(bare):
                self._term(bare, start, literal=False)
                self._note_stars(bare)
                return kind(bare)
        self._note_stars(text.strip(_STARS) and text)
        return self._term(text, start, literal=False)

    def _note_stars(self, text: str) -> None:
        """Add a notice on an asterisk without effect; a wide one is the mark of a footnote."""
        if "*" in text:
            self.notices.append(
                f"* means a beginning only at the end of a word: {text} {LITERALLY}"
            )

    def _count(self, start: int) -> None:
        self.words += 1
        if self.words > MAX_WORDS:
            raise self._too_large(f"more than {MAX_WORDS} words", start)

    def _too_large(self, what: str, at: int) -> QueryError:
        error = self._error(what, at)
        error.at = None  # whatever stands there, it is no sign that belongs to a text
        return error

    def _term(self, text: str, start: int, *, literal: bool) -> Term:
        self._count(start)
        if not search_key(text):
            raise self._error("there is nothing to search for", start)
        return Term(text, literal)
