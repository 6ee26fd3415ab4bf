"""Schedules (工程表): boxes over the columns of years, with the bodies in brackets at their end.

`without_schedules` takes the pages of a document and gives them with each schedule as blocks that
the grammar reads: its name as a heading, each box that ends with bodies as a paragraph, the rest
(names of years, marks of events, boxes without bodies) as captions. The trap: lines of a schedule
stand side by side, and the name of its row is set vertically at the left.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from shisaku.ingest.model import Block, Box, Line, Page, TableBlock, TextBlock
from shisaku.ingest.registry import registry
from shisaku.ingest.text.fold import fold
from shisaku.ingest.text.joining import join_text

_YEARS = re.compile(r"(?<![0-9])((?:20)?[0-9]{1,2})年度")
_LEAST_YEARS = 5
"""Years that follow each other in a row from which a drawing is a schedule."""
_LEAST_BOXES = 2
"""Boxes with bodies below the years from which it is one; a chart has none."""
_ROW = 3.0
"""Heights of a line by which the parts of the row of years may stand apart."""
_BRACKET = re.compile(r"[\[［〔][^\[\]［］〔〕]{1,120}[\]］〕]")
_OPENING = tuple("[［〔")
_ROW_NUMBER = re.compile(r"^[0-9０-９]{1,2}[\s\u3000.．]*")
_MOST = 200
"""Characters of the bodies of a box at most."""
_SAME_EDGE, _SAME_SIZE = 6.0, 0.6
"""Points by which the lines of one box may differ at the left, and in size."""
_STACKED = 4
"""Lines of one or two characters from which a cell is a name set vertically."""
_LEVEL, _TOUCH, _APART = 0.4, 0.5, 2.5
"""How far the runs of a line may stand apart, in sizes of it: up and down, sideways, and sideways
before the bodies of a box."""
_LEADING = 0.8
"""Sizes of a line from one line of a box to the next, at most."""


@dataclass(frozen=True)
class _Piece:
    """A line of a page, or a part of one that stands apart in it."""

    text: str
    line: Line

    @property
    def top(self) -> float:
        return self.line.box.top


@dataclass(frozen=True)
class _Region:
    """A schedule on a page: from the top of its years to its end, in points."""

    top: float
    bottom: float


def without_schedules(pages: Sequence[Page]) -> list[Page]:
    """Return the pages with their schedules as blocks that the grammar reads."""
    return [_read(page) for page in pages]


def _read(page: Page) -> Page:
    if not any("年度" in block.text for block in page.blocks):
        return page
    regions = _regions(page)
    if not regions:
        return page
    rest: list[Block] = []
    inside: dict[_Region, list[Line]] = {region: [] for region in regions}
    for block in page.blocks:
        region = next((r for r in regions if _within(block, r)), None)
        if region is None:
            rest.append(block)
        else:
            inside[region] += _lines(block)
    blocks: list[tuple[float, list[Block]]] = [(_top(block), [block]) for block in rest]
    for region, lines in inside.items():
        blocks.append((region.top, _schedule(_whole_lines(lines))))
    blocks.sort(key=lambda each: each[0])
    return replace(page, blocks=tuple(block for _, group in blocks for block in group))


def _lines(block: Block) -> list[Line]:
    if isinstance(block, TextBlock):
        return list(block.lines)
    found: list[Line] = []
    for cell in block.cells:
        lines = [line for part in cell.blocks for line in part.lines]
        stacked = len(lines) >= _STACKED and all(len(line.text.strip()) <= 2 for line in lines)
        found += [_joined(lines, "")] if stacked else lines
    return found


def _joined(lines: Sequence[Line], between: str) -> Line:
    """Return lines as one: characters set one below the other, or the runs of a line."""
    first = lines[0]
    boxes = [line.box for line in lines]
    box = Box(
        first.box.page,
        min(box.x0 for box in boxes),
        min(box.top for box in boxes),
        max(box.x1 for box in boxes),
        max(box.bottom for box in boxes),
    )
    return replace(first, text=between.join(line.text for line in lines), box=box, marks=())


def _whole_lines(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with runs put together that the rules of a table cut: they touch."""
    found: list[Line] = []
    for line in sorted(lines, key=lambda each: each.box.x0):
        for at, last in enumerate(found):
            gap = line.box.x0 - last.box.x1
            level = abs(line.box.bottom - last.box.bottom) <= _LEVEL * max(line.size, last.size)
            most = _APART if line.text[:1] in _OPENING else _TOUCH
            if level and -_TOUCH * line.size <= gap <= most * line.size:
                found[at] = _joined([last, line], "")
                break
        else:
            found.append(line)
    return found


def _top(block: Block) -> float:
    return block.lines[0].box.top if isinstance(block, TextBlock) else block.box.top


def _box(block: Block) -> Box:
    if isinstance(block, TableBlock):
        return block.box
    return Box(
        block.page,
        min(line.box.x0 for line in block.lines),
        min(line.box.top for line in block.lines),
        max(line.box.x1 for line in block.lines),
        max(line.box.bottom for line in block.lines),
    )


def _within(block: Block, region: _Region) -> bool:
    if isinstance(block, TextBlock) and block.role == "footnote":
        return False
    box = _box(block)
    return region.top <= (box.top + box.bottom) / 2 < region.bottom


def _regions(page: Page) -> list[_Region]:
    """Return the schedules of a page: rows of years, with boxes that name bodies below them."""
    lines = [line for block in page.blocks for line in _lines(block)]
    rows = _rows_of_years(lines)
    found: list[_Region] = []
    for at, (top, height) in enumerate(rows):
        end = rows[at + 1][0] if at + 1 < len(rows) else page.height + 1
        below = [line for line in lines if top < line.box.top < end]
        boxes = sum(_names_bodies(line.text) for line in below)
        if boxes < _LEAST_BOXES:
            continue
        if at + 1 < len(rows):
            # What heads the next schedule stands above its years.
            heads = [line.box.top for line in below if line.box.top > end - 3 * height]
            end = min([end, *heads])
        found.append(_Region(top - 2.0 * height, end))
    return found


def _rows_of_years(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """Return the tops of the rows of years, with the height of their lines."""
    years = sorted(
        (line.box.top, int(found[1]) % 100, line.size)
        for line in lines
        for found in _YEARS.finditer(fold(line.text))
    )
    rows: list[tuple[float, float]] = []
    at = 0
    while at < len(years):
        top, _, size = years[at]
        row = [each for each in years[at:] if each[0] <= top + _ROW * max(size, 4.0)]
        values = {value for _, value, _ in row}
        run = max((_run(values, value) for value in values), default=0)
        if run >= _LEAST_YEARS:
            rows.append((top, max(size, 4.0)))
        at += len(row)
    return rows


def _run(values: set[int], first: int) -> int:
    length = 0
    while first + length in values:
        length += 1
    return length


def _names_bodies(text: str) -> bool:
    return any(registry().parse_list(found[0]) is not None for found in _BRACKET.finditer(text))


def _schedule(lines: Sequence[Line]) -> list[Block]:
    """Return the blocks of a schedule: its name, its boxes with bodies, what else it says."""
    name = [line for line in lines if _is_vertical(line)]
    flat = sorted(
        (_Piece(text, line) for line in lines if not _is_vertical(line) for text in _split(line)),
        key=lambda piece: (piece.top, piece.line.box.x0),
    )
    blocks: list[Block] = []
    if name:
        words = _ROW_NUMBER.sub("", "".join(line.text for line in name))
        blocks.append(TextBlock(words, tuple(name), role="heading"))
    taken: set[int] = set()
    for at in range(len(flat)):
        members = _box_at(flat, at, taken) if at not in taken else []
        if members:
            taken.update(members)
            text = ""
            for member in members:
                text = join_text(text, flat[member].text)
            own = tuple(flat[member].line for member in members)
            blocks.append(TextBlock(text, own, role="list_item"))
    blocks += [
        TextBlock(piece.text, (piece.line,), role="caption")
        for at, piece in enumerate(flat)
        if at not in taken
    ]
    return blocks


def _is_vertical(line: Line) -> bool:
    box = line.box
    return len(line.text.strip()) > 2 and box.bottom - box.top > 2.0 * (box.x1 - box.x0)


def _split(line: Line) -> list[str]:
    """Return the parts of a line that stand apart: 「…への参画[文部科学省]　運用」.

    The bodies of a box may stand apart from its words; they are no part of their own.
    """
    parts: list[str] = []
    for part in line.text.split("\u3000"):
        if parts and part[:1] in _OPENING:
            parts[-1] += part
        elif part.strip():
            parts.append(part.strip())
    return parts


def _box_at(flat: Sequence[_Piece], at: int, taken: Collection[int]) -> list[int]:
    """Return the lines of the box whose bodies begin on the line `at`, [] where none do."""
    opening = max(flat[at].text.rfind(mark) for mark in _OPENING)
    if opening < 0:
        return []
    bracket = flat[at].text[opening:]
    below = _lines_below(flat, at, taken) if not _BRACKET.search(bracket) else []
    ends = [at]
    while not _BRACKET.search(bracket) and below and len(bracket) < _MOST:
        ends.append(below.pop(0))
        bracket += flat[ends[-1]].text
    found = _BRACKET.search(bracket)
    if found is None or registry().parse_list(found[0]) is None:
        return []
    return [*_lines_above(flat, at, taken, bare=opening == 0), *ends]


def _lines_below(flat: Sequence[_Piece], at: int, taken: Collection[int]) -> list[int]:
    last = flat[at].line
    found = []
    for place in range(at + 1, len(flat)):
        line = flat[place].line
        if line.box.top - last.box.bottom > _LEADING * last.size:
            break
        if place not in taken and line is not last and _one_below(last, line):
            found.append(place)
            last = line
    return found


def _lines_above(
    flat: Sequence[_Piece], at: int, taken: Collection[int], *, bare: bool
) -> list[int]:
    """Return the lines of a box above the one with its bodies.

    Where they stand alone on theirs (`bare`), the words above may be set in another size.
    """
    found: list[int] = []
    last = flat[at].line
    for place in range(at - 1, -1, -1):
        line = flat[place].line
        if last.box.top - line.box.bottom > _LEADING * max(last.size, line.size):
            break
        if place in taken or line is last or not _one_below(line, last):
            continue
        if abs(line.size - last.size) > _SAME_SIZE and not (bare and not found):
            break
        if flat[place].text[:1] == "【" and flat[place].text[-1:] == "】":
            break
        found.insert(0, place)
        last = line
    return found


def _one_below(above: Line, below: Line) -> bool:
    """Tell whether a line stands below another within one box: at the same edge, no overlap."""
    return (
        abs(above.box.x0 - below.box.x0) <= _SAME_EDGE
        and below.box.top >= above.box.top + 0.5 * above.size
    )
