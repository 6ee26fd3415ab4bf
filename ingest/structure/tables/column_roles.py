"""What a table's columns and marks mean, by the words that head them (columns.toml, marks.toml)."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import cast

from shisaku.ingest.terms import Status
from shisaku.ingest.text.beside import table
from shisaku.ingest.text.fold import fold

_RESTATED = re.compile(r"^[\s\u3000]*[（(【〔\[]再掲[）)】〕\]][\s\u3000]*")

_REMARK = re.compile(r"[(\[【〔][^()]*[)\]】〕]$")
_GOVERNMENT = re.compile(r"府省|省庁|省名|庁名")


@dataclass(frozen=True)
class MarkedText:
    """A paragraph of a status column without its mark and (再掲)."""

    text: str
    mark: str | None = None
    status: Status | None = None
    restated: bool = False
    note: str = ""
    """The (再掲) as printed."""


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


@cache
def _marks() -> dict[str, Status | None]:
    raw = table(__file__, "marks.toml")
    return {mark: cast("Status | None", status or None) for mark, status in raw["mark"].items()}


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


def read_mark(text: str) -> MarkedText:
    """Part a status paragraph into its mark, (再掲) and its words."""
    words = text.strip()
    mark: str | None = None
    restated: re.Match[str] | None = None
    # （再掲）◎ is printed as well as ◎（再掲）.
    for _ in range(2):
        if mark is None and words[:1] in _marks():
            mark, words = words[:1], words[1:].lstrip()
        if restated is None and (restated := _RESTATED.match(words)):
            words = words[restated.end() :]
    return MarkedText(
        words,
        mark,
        _marks()[mark] if mark is not None else None,
        restated is not None,
        restated.group().strip() if restated else "",
    )
