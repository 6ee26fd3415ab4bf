"""What a paragraph says of the state of its measure: its mark (◎) and (再掲); see marks.toml.

`read_mark` takes the text of a paragraph and gives a `MarkedText`.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import cast

from shisaku.ingest.terms import Status
from shisaku.ingest.text.beside import table

_RESTATED = re.compile(r"^[\s\u3000]*[（(【〔\[]再掲[）)】〕\]][\s\u3000]*")


@dataclass(frozen=True)
class MarkedText:
    """A paragraph of a status column without its mark and (再掲)."""

    text: str
    mark: str | None = None
    status: Status | None = None
    restated: bool = False
    note: str = ""
    """The (再掲) as printed."""


@cache
def _marks() -> dict[str, Status | None]:
    raw = table(__file__, "marks.toml")
    return {mark: cast("Status | None", status or None) for mark, status in raw["mark"].items()}


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
