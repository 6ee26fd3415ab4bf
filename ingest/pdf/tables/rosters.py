"""Lists in two columns without rules: a name at the left, what is said of it at the right.

Each short line at the left begins an entry, whose words at the right may run over several lines;
six entries and more are no chance. Traps: numbers before items, contents pages, columns of text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from shisaku.ingest.model import Box, Cell, Line, TableBlock, TextBlock
from shisaku.ingest.pdf.layout.marks import mark_of
from shisaku.ingest.pdf.layout.paragraphs import make_blocks
from shisaku.ingest.text.joining import ends_sentence, is_wide

_ENTRIES = 6
"""Entries of a list at least."""

_NAME = 12.0
"""Em that a name is wide at most."""

_WHITE = 2.0
"""Em of white between the columns of at least one entry; in others a name may be longer."""

_LEVEL = 0.4
"""Em by which the two columns of an entry may differ in height."""

_FLUSH = 0.6
"""Em by which the words at the right may begin off their place: brackets and Latin letters."""

_HANGING = 1.3
"""Em by which a sign (〇 for the chair) may hang out before a name."""

_FIGURE = re.compile(r"[0-9０-９,，.．\-－‐–~～%％()（）円人件年月日頁p]+")


@dataclass
class _Entry:
    name: Line
    words: list[Line] = field(default_factory=list)


def take_rosters(lines: Sequence[Line], page: int) -> tuple[list[Line], list[TableBlock]]:
    """Give the lines that stand in no list of two columns, and these lists as tables."""
    ordered = sorted(lines, key=lambda line: (line.box.top, line.box.x0))
    tables: list[TableBlock] = []
    held: set[int] = set()
    at = 0
    while at < len(ordered):
        entries, end, taken = _read(ordered, at)
        if len(entries) >= _ENTRIES and _is_certain(entries):
            tables.append(_table(entries, page))
            held |= taken
        at = max(end, at + 1)
    return [line for line in lines if id(line) not in held], tables


def _read(lines: Sequence[Line], start: int) -> tuple[list[_Entry], int, set[int]]:
    """Give the entries from the line at `start` on, where they end, and the ids of their lines."""
    first = lines[start]
    em = max(first.size, 1.0)
    beside = lines[start + 1] if start + 1 < len(lines) else None
    if (
        beside is None
        or not _is_level(first, beside, em)
        or beside.box.x0 - first.box.x1 < _WHITE * em
        or first.box.x1 - first.box.x0 > _NAME * em
    ):
        return [], start, set()
    left, right = first.box.x0, beside.box.x0
    entries: list[_Entry] = []
    taken: set[int] = set()
    at = start
    while at < len(lines):
        line = lines[at]
        if abs(line.size - first.size) > 0.12 * em:
            break
        if entries and line.box.top - entries[-1].words[-1].box.bottom > 3 * em:
            break
        if abs(line.box.x0 - right) <= _FLUSH * em and entries:
            entries[-1].words.append(line)
            taken.add(id(line))
            at += 1
            continue
        if not -_HANGING * em <= line.box.x0 - left <= 0.3 * em:
            break
        words = lines[at + 1] if at + 1 < len(lines) else None
        if (
            words is not None and _is_level(line, words, em)
            and abs(words.box.x0 - right) <= _FLUSH * em and line.box.x1 < right - 0.3 * em
        ):  # fmt: skip
            entries.append(_Entry(line, [words]))
            taken |= {id(line), id(words)}
            at += 2
            continue
        parts = _part(line, right, em)
        if parts is None:
            break
        entries.append(_Entry(parts[0], [parts[1]]))
        taken.add(id(line))
        at += 1
    return entries, at, taken


def _is_level(first: Line, second: Line, em: float) -> bool:
    middle = (first.box.top + first.box.bottom - second.box.top - second.box.bottom) / 2
    return abs(middle) <= _LEVEL * em


def _part(line: Line, right: float, em: float) -> tuple[Line, Line] | None:
    """Part a line whose name is so long that nearly no white is left before its words."""
    widths = [1.0 if is_wide(char) or char == "\u3000" else 0.5 for char in line.text]
    scale = (line.box.x1 - line.box.x0) / max(sum(widths), 1.0)
    at = line.box.x0
    for place, (char, width) in enumerate(zip(line.text, widths, strict=True)):
        at += width * scale
        if char == "\u3000" and abs(at - right) <= em and place:
            box = line.box
            return (
                replace(line, text=line.text[:place], box=replace(box, x1=at - em), marks=(),
                        ruby=()),
                replace(line, text=line.text[place + 1 :], box=replace(box, x0=at), marks=(),
                        ruby=()),
            )  # fmt: skip
    return None


def _is_certain(entries: Sequence[_Entry]) -> bool:
    names = [entry.name.text for entry in entries]
    words = [entry.words[0].text for entry in entries]
    if any(
        ends_sentence(name) or name.endswith(("：", ":", "、")) or len(name) < 2 for name in names
    ):
        return False
    # 〇 before a name says who presides; items all have their mark.
    marked = sum(bool(mark_of(f"{name}\u3000")) for name in names)
    figures = sum(bool(_FIGURE.fullmatch("".join(word.split()))) for word in words)
    return 3 * marked <= len(names) and 2 * figures <= len(words)


def _table(entries: Sequence[_Entry], page: int) -> TableBlock:
    lines = [line for entry in entries for line in (entry.name, *entry.words)]
    box = Box(
        page, min(line.box.x0 for line in lines), min(line.box.top for line in lines),
        max(line.box.x1 for line in lines), max(line.box.bottom for line in lines),
    )  # fmt: skip
    right = min(entry.words[0].box.x0 for entry in entries)
    cells = tuple(
        cell
        for row, entry in enumerate(entries)
        for cell in (
            Cell(row, 0, _blocks([entry.name], box.x0, right)),
            Cell(row, 1, _blocks(entry.words, right, box.x1)),
        )
    )
    return TableBlock(cells, len(entries), 2, box)


def _blocks(lines: Sequence[Line], left: float, right: float) -> tuple[TextBlock, ...]:
    return tuple(make_blocks(lines, left, right, cell=True))
