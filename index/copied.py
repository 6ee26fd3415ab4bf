"""Tells a query that was copied out of a text from one that was typed wrongly.

A bracket without its partner is a slip in (甲 OR 乙, but in 平成23年）に it only shows where the
copy began. What looks copied is searched as it stands, and a notice says so; what looks typed is an
error.
"""

from index.folding import search_key
from index.syntax import Term

LITERALLY = "is searched literally / 文字どおりに検索します"
_SIGNS = frozenset('()"*~:-')
_SHOWN = 40  # characters


def short(text: str) -> str:
    """Give the beginning of a long text, for a message."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def literally(text: str, what: str) -> tuple[Term, str]:
    """Give `text` as a literal term, and the notice that says so; `what` is why."""
    return Term(text, literal=True), f"{what}: {short(text)} {LITERALLY}"


def looks_copied(query: str, start: int, at: int | None) -> bool:
    """Tell a sign that belongs to a text by itself or by what it touches, from `start` on.

    A wide sign does; a typed query has ASCII ones. So does `)` beside a word, `(` behind one, or
    before a digit, and any sign within Japanese words. `(甲` and `"甲` at the beginning look typed.
    """
    if at is None or at >= len(query) or not search_key(query[start:]):
        return False
    sign = query[at]
    if not sign.isascii():
        return True
    before, after = query[at - 1 : at] if at > start else "", query[at + 1 : at + 2]
    beside = [char for char in (before, after) if char and char not in _SIGNS]
    later = bool(query[:start].strip())
    if sign == ")":
        return bool(beside) or later
    if sign == "(":
        return later or (bool(beside) and (bool(before) or after.isdigit()))
    return len(beside) == 2 and not all(char.isascii() for char in beside)
