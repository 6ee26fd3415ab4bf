"""What the columns of a table hold, by the words that head them (columns.toml)."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from shisaku.ingest.text.beside import table
from shisaku.ingest.text.fold import fold

_REMARK = re.compile(r"[(\[【〔][^()]*[)\]】〕]$")
_GOVERNMENT = re.compile(r"府省|省庁|省名|庁名")


@dataclass(frozen=True)
class Role:
    """What a column holds; `weak` where its header names other things, too."""

    name: str
    weak: bool = False


@cache
def _roles() -> tuple[tuple[Role, re.Pattern[str]], ...]:
    raw = table(__file__, "columns.toml")
    return tuple(
        (Role(entry["name"], weak), re.compile(pattern))
        for weak, key in ((False, "patterns"), (True, "weak"))
        for entry in raw["role"]
        for pattern in entry.get(key, ())
    )


@lru_cache(maxsize=1024)  # The same few words head the columns of most tables of a document.
def role_of(header: str) -> Role | None:
    """Give the role of a column headed so: "measure", "ministry", "status", or None."""
    key = fold(header)
    # 進捗（令和4年度）, 担当府省庁（主）: what a bracket adds to the name of a column.
    for name in dict.fromkeys((key, _REMARK.sub("", key))):
        if not name or len(name) > 40:
            continue
        for role, pattern in _roles():
            if pattern.fullmatch(name):
                return role
    return None


def names_government(header: str) -> bool:
    """Tell whether a column's header asks for a ministry by name, not for an office within."""
    return bool(_GOVERNMENT.search(fold(header)))
