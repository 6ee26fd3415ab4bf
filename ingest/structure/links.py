"""Links within a document: (再掲) items to what they repeat, footnotes to their marks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from shisaku.ingest.model import Line, Passage
from shisaku.ingest.text.fold import fold

_NOTE_NUMBER = re.compile(r"(?:注|※|\*)?\(?([0-9]{1,3})\)?")


def link_restated(passages: Sequence[Passage]) -> list[Passage]:
    """Give the passages with `restates` set where another item has the same words."""
    first: dict[str, str] = {}
    for passage in passages:
        if passage.type == "status_item" and not passage.restated:
            first.setdefault(fold(passage.text), passage.id)
    return [
        replace(passage, restates=first.get(fold(passage.text))) if passage.restated else passage
        for passage in passages
    ]


@dataclass
class Notes:
    """The signs of footnotes in the text: which passage carries the sign n on which page."""

    _signs: dict[tuple[int, str], str] = field(default_factory=dict)
    _seen: dict[int, Line] = field(default_factory=dict)
    """Lines with signs by their id: thousands of passages may share one."""

    def see(self, identity: str, lines: Sequence[Line]) -> None:
        """Note the raised signs in the lines of a passage."""
        for line in lines:
            if not line.marks or id(line) in self._seen:
                continue
            self._seen[id(line)] = line
            for start, end in line.marks:
                number = _NOTE_NUMBER.fullmatch(fold(line.text[start:end]))
                if number:
                    self._signs.setdefault((line.box.page, number[1]), identity)

    def link(self, passage: Passage) -> Passage:
        """Give a footnote with `ref` set to the passage that carries its sign."""
        if passage.type != "footnote":
            return passage
        number = _NOTE_NUMBER.match(fold(passage.text[:8]))
        found = self._signs.get((passage.page, number[1])) if number else None
        return replace(passage, ref=found) if found else passage
