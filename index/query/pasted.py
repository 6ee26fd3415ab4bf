"""Tells queries that were copied from a text from queries with a syntax error.

An unmatched bracket is an error in (甲 OR 乙, but in 平成23年）に it only shows where the copy
began. What looks copied becomes a literal term with a notice; what looks typed stays an error.
"""

import re
import unicodedata

from shisaku.index.analysis.folding import search_key
from shisaku.index.query.syntax import Term

LITERALLY = "is searched literally / 文字どおりに検索します"
_SIGNS = frozenset('()"*~:-')
_SHOWN = 40  # characters
# ◎(再掲) before the words of a status item; ○○ stands for a name, and （再掲） alone for itself.
_RESTATED = "[（(【〔\\[]再掲[）)】〕\\]]"
_MARKS = (
    rf"(?<![^\s\"“「『])(?:[◎○](?![◎○])\s*(?:{_RESTATED})?|{_RESTATED}\s*[◎○]?)\s*"
    '(?=[^\\s◎○()（）"＂“”」』])(?!(?:OR|AND|NOT|ＯＲ|ＡＮＤ|ＮＯＴ)(?:\\s|$))'
)


def short(text: str) -> str:
    """Return at most the first characters of a text, for a message."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def unmarked(query: str) -> tuple[str, tuple[str, ...]]:
    """Return `query` without the marks that tables print before a text, and notices.

    ◎ and （再掲） are fields of a passage and not in its text, so a query with them would find
    nothing. They are replaced by spaces, so that offsets stay the same.
    """
    if not any(mark in query for mark in ("◎", "○", "再掲")):
        return query, ()
    plain = re.sub(_MARKS, lambda match: " " * len(match[0]), query)
    if plain == query or "再掲" not in query:
        return plain, ()
    return plain, ("（再掲） stands beside a text, not in it, and is not searched / 検索しません",)


def literally(text: str, what: str) -> tuple[Term, str]:
    """Return `text` as a literal term, and a notice with the reason `what`."""
    return Term(text, literal=True), f"{what}: {short(text)} {LITERALLY}"


def looks_copied(query: str, start: int, end: int, at: int | None) -> bool:
    """Return whether the mark at `at`, in the word from `start` to `end`, was copied from a text.

    Wide marks are, because typed queries have ASCII ones. So are `)` beside a word, `(` after one
    or before text with a digit or punctuation, and any mark within Japanese words. At the beginning
    `(甲` and `"甲` look typed.
    """
    if at is None or at >= end or not search_key(query[start:end]):
        return False
    sign = query[at]
    if not sign.isascii():
        return True
    before, after = query[at - 1 : at] if at > start else "", query[at + 1 : min(at + 2, end)]
    beside = [char for char in (before, after) if char and char not in _SIGNS]
    later = bool(query[:start].strip())
    if sign == ")":
        return bool(beside) or bool((query[:start] + query[end:]).strip())
    if sign == "(":
        return later or (bool(beside) and (bool(before) or any(map(_is_of_a_text, query[at:end]))))
    return len(beside) == 2 and not all(char.isascii() for char in beside)


def _is_of_a_text(char: str) -> bool:
    """Return whether `char` is a digit or 、 ・, which are rare in a typed first word."""
    return char.isdigit() or (char not in _SIGNS and unicodedata.category(char).startswith("P"))
