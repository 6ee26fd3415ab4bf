"""Tabs in the margin: single characters set upright one below the other, beside the text.

Each character is a line of its own to a reader of lines; left among the others it would stand in
the middle of a sentence.
"""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from shisaku.ingest.model import Box, Line

_LEAST = 3
"""Characters from which a stack is one."""


def part_stacks(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Give the lines without stacks in the margins, and each stack as one line."""
    long = [line for line in lines if len(line.text) >= 8]
    short = [line for line in lines if len(line.text) <= 2 and not line.ruby]
    if len(long) < 4 or len(short) < _LEAST:
        return list(lines), []
    # A heading or a table may reach further out than the text; nine lines in ten do not.
    ends = sorted(line.box.x1 for line in long)
    starts = sorted(line.box.x0 for line in long)
    right, left = ends[int(0.9 * (len(ends) - 1))], starts[int(0.1 * (len(starts) - 1))]
    outside = [line for line in short if line.box.x0 >= right - 1 or line.box.x1 <= left + 1]
    stacks = [stack for stack in _stacks(outside) if len(stack) >= _LEAST]
    taken = {id(line) for stack in stacks for line in stack}
    rest = [line for line in lines if id(line) not in taken]
    return rest, [_as_line(stack) for stack in stacks]


_NUMBER_AND_LETTER = re.compile(r"([-−△▲0-9０-９.,，．%％]+)\s(\D)")


def part_letters(lines: Sequence[Line]) -> list[Line]:
    """Give `lines` with the letter of a stack apart from the number that stands in its row.

    The name of an axis runs down so close to its numbers that one of them takes a letter along.
    """
    letters = [line for line in lines if len(line.text) == 1 and not line.text.isdigit()]
    parted: list[Line] = []
    for line in lines:
        match = _NUMBER_AND_LETTER.fullmatch(line.text)
        at = line.box.x1 - line.size / 2
        stack = [
            each for each in letters if abs((each.box.x0 + each.box.x1) / 2 - at) < 0.4 * line.size
        ]
        if match is None or line.ruby or line.marks or len(stack) < _LEAST - 1:
            parted.append(line)
            continue
        start = line.box.x1 - line.size
        width = 0.6 * line.size * len(match[1])
        number = replace(line.box, x1=min(start, round(line.box.x0 + width, 2)))
        parted.append(replace(line, text=match[1], box=number))
        parted.append(replace(line, text=match[2], box=replace(line.box, x0=start)))
    return parted


def join_stacks(lines: Sequence[Line]) -> list[Line]:
    """Give `lines` with each stack of single letters as one line: the name of a chart's axis."""
    letters = [
        line for line in lines if len(line.text) == 1 and not line.text.isdigit() and not line.ruby
    ]
    stacks = [stack for stack in _stacks(letters) if len(stack) >= 2]
    taken = {id(line) for stack in stacks for line in stack}
    rest = [line for line in lines if id(line) not in taken]
    return [*rest, *(_as_line(stack) for stack in stacks)]


def _stacks(lines: Sequence[Line]) -> list[list[Line]]:
    stacks: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.box.top):
        home = next((stack for stack in stacks if _is_below(line, stack[-1])), None)
        if home is None:
            stacks.append([line])
        else:
            home.append(line)
    return stacks


def _is_below(line: Line, last: Line) -> bool:
    middle = (line.box.x0 + line.box.x1 - last.box.x0 - last.box.x1) / 2
    size = max(line.size, last.size)
    return abs(middle) <= 0.4 * size and 0 < line.box.top - last.box.top <= 3 * size


def _as_line(stack: Sequence[Line]) -> Line:
    box = Box(
        stack[0].box.page,
        min(line.box.x0 for line in stack),
        stack[0].box.top,
        max(line.box.x1 for line in stack),
        stack[-1].box.bottom,
    )
    text = "".join(line.text for line in stack)
    return Line(text, box, stack[0].size, all(line.bold for line in stack), font=stack[0].font)
