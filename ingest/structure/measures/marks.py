"""What a paragraph says of the state of its measure: its mark (◎) and (再掲); see marks.toml.

`read_mark` takes the text of a paragraph and gives a `MarkedText`.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import cast

from shisaku.ingest.terms import Status
from shisaku.ingest.text.beside import table
from shisaku.ingest.text.fold import fold

_RESTATED = re.compile(r"^[\s\u3000]*[（(【〔\[]再掲[）)】〕\]][\s\u3000]*")

_AT_END = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]{1,12})[)\]】〕]。?$")
_LONGEST = 12
"""Characters of the words that say a state."""


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


@cache
def _words() -> dict[Status, re.Pattern[str]]:
    raw = table(__file__, "marks.toml")["words"]
    return {cast("Status", name): re.compile("|".join(words)) for name, words in raw.items()}


def status_in_words(text: str) -> Status | None:
    """Return the state that all of `text` says (実施済) or a bracket at its end (【継続】)."""
    key = fold(text)
    found = _AT_END.search(key)
    for words in (key.strip("()[]【】〔〕"), found[1] if found else ""):
        if words and len(words) <= _LONGEST:
            for status, pattern in _words().items():
                if pattern.fullmatch(words):
                    return status
    return None


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
