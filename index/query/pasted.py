"""Tells a query that was copied out of a text from one that was typed wrongly.

A bracket without its partner is a slip in (甲 OR 乙, but in 平成23年）に it only shows where the
copy began. What looks copied is searched as it stands, and a notice says so; what looks typed is an
error.
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
    """Return the beginning of a long text, for a message."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def unmarked(query: str) -> tuple[str, tuple[str, ...]]:
    """Return `query` without the marks that a table prints before a text, and a notice of it.

    A passage has ◎ and （再掲） beside its words, so that pasted with them it would not be found.
    Spaces take their place: what follows stays at its offset.
    """
    if not any(mark in query for mark in ("◎", "○", "再掲")):
        return query, ()
    plain = re.sub(_MARKS, lambda match: " " * len(match[0]), query)
    if plain == query or "再掲" not in query:
        return plain, ()
    return plain, ("（再掲） stands beside a text, not in it, and is not searched / 検索しません",)


def literally(text: str, what: str) -> tuple[Term, str]:
    """Return `text` as a literal term, and the notice that says so; `what` is why."""
    return Term(text, literal=True), f"{what}: {short(text)} {LITERALLY}"


def looks_copied(query: str, start: int, end: int, at: int | None) -> bool:
    """Tell a sign in the word from `start` to `end` that belongs to a text.

    A wide sign does; a typed query has ASCII ones. So does `)` beside a word, `(` behind one or
    before what has a digit or punctuation in it, and any sign within Japanese words. At the
    beginning `(甲` and `"甲` look typed.
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
    """Tell a digit or punctuation (、 ・), which hardly stand in the first word of a query."""
    return char.isdigit() or (char not in _SIGNS and unicodedata.category(char).startswith("P"))
