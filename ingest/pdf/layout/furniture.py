"""Page furniture: page numbers and running heads, found because they return by position.

Nothing is dropped for what it says alone: a number is a page number where it counts along with the
pages, a line is a running head where the same words stand at the same height on most pages.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from shisaku.ingest.model import Line
from shisaku.ingest.pdf.layout.thumb_index import find_tabs
from shisaku.ingest.text.fold import fold

_EDGE = 0.13
"""Share of the page height at top and bottom where furniture may stand."""

_APART = 1.0
"""Em of white between the row of a page number and the text."""

_PAGES_WITH_HEADS = 2
"""Pages from which on a line beside a page number may be a running head."""
_IN_ROW = 4
"""Lines in the row of a page number that may be its running heads."""

_TITLE = 60
"""Characters of a running head beside a page number, at most."""

_NUMBER = re.compile(
    r"[-‐–—―ー~〜・()\[\]|/p.]*"
    r"(?:第|page)?(?P<prefix>[a-z0-9ⅰ-ⅻ一二三四五六七八九十]{1,4}[-–—・.])?"
    r"(?P<value>[0-9]{1,4}|[ivxl]{1,7})"
    r"(?:/[0-9]{1,4}|頁|ページ)?[-‐–—―ー~〜・()\[\]|/]*"
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}


@dataclass(frozen=True)
class PageLines:
    """The free lines of a page (those outside tables) with the page's size in points."""

    page: int
    width: float
    height: float
    lines: tuple[Line, ...]


@dataclass
class Found:
    """Lines of furniture by page with their kind, and the printed label of each page."""

    kinds: dict[tuple[int, Line], str] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)

    def kind(self, line: Line) -> str | None:
        """Give "page_number", "running_head", or None for a line of the text."""
        return self.kinds.get((line.box.page, line))


def find_furniture(pages: Sequence[PageLines]) -> Found:
    """Give the page numbers and running heads of a document's `pages`."""
    found = Found()
    edge = {page.page: _edge_lines(page) for page in pages}
    _find_numbers(edge, len(pages), found)
    _find_beside(edge, found)
    _find_heads(edge, len(pages), _usual_size(pages), found)
    widths = {page.page: page.width for page in pages}
    for entry in find_tabs({page.page: page.lines for page in pages}, widths):
        found.kinds.setdefault(entry, "running_head")
    return found


def _edge_lines(page: PageLines) -> list[Line]:
    upright = [line for line in page.lines if _is_upright(line)]
    return [
        line
        for line in page.lines
        if (line.box.bottom < page.height * _EDGE or line.box.top > page.height * (1 - _EDGE))
        and not any(_goes_down_into(line, other) for other in upright)
    ]


_LABEL_GAP = 3.0
"""Em between a label and its text in a line that runs from top to bottom (五　…)."""


def _is_upright(line: Line) -> bool:
    return line.box.bottom - line.box.top > 3 * (line.box.x1 - line.box.x0)


def _goes_down_into(line: Line, other: Line) -> bool:
    """Tell whether `line` is the label at the head of a line that runs from top to bottom."""
    gap = other.box.top - line.box.bottom
    return (
        0 <= gap <= _LABEL_GAP * other.size
        and abs(_middle(line) - _middle(other)) <= 0.3 * other.size
    )


def number_value(text: str) -> int | None:
    """Give the number that a line such as - 3 -, 3/17, iii or 2-15 counts, None for other lines."""
    match = _NUMBER.fullmatch(fold(text))
    if not match:
        return None
    value = match["value"]
    if value.isdigit():
        return int(value)
    total = 0
    for sign, after in zip(value, [*value[1:], ""], strict=True):
        number = _ROMAN[sign]
        total += -number if after and _ROMAN[after] > number else number
    return total


def _find_numbers(edge: Mapping[int, Sequence[Line]], pages: int, found: Found) -> None:
    candidates = [
        (page, line, value)
        for page, lines in edge.items()
        for line in lines
        if (value := number_value(line.text)) is not None
    ]
    # Pages of a part count on from an offset; the offset that most pages share is the numbering,
    # and there may be several (roman front matter, appendices).
    offsets = Counter(value - page for page, _, value in candidates)
    for page, line, value in sorted(candidates, key=lambda entry: -offsets[entry[2] - entry[0]]):
        votes = offsets[value - page]
        dashed = not fold(line.text)[0].isalnum()
        # A lone roman numeral before the count begins stands where the other numbers stand.
        alike = page not in found.labels and any(
            abs(line.box.top - other.box.top) < 2 and abs(_middle(line) - _middle(other)) < 6
            for _, other in found.kinds
        )
        if votes >= 2 or alike or (pages <= 2 and (dashed or value == page)):
            if page in found.labels and votes < 3:
                continue
            found.kinds[page, line] = "page_number"
            found.labels.setdefault(page, line.text.strip())


def _find_beside(edge: Mapping[int, Sequence[Line]], found: Found) -> None:
    """Mark what stands in the row of a page number as a running head: the title of a book.

    White parts the row from the text, so that a number in a line of the text says nothing. On a
    page alone it is text: nothing shows that a head would return.
    """
    if len(edge) < _PAGES_WITH_HEADS:
        return
    numbers: dict[int, Line] = {}
    for page, line in found.kinds:
        numbers.setdefault(page, line)
    for page, number in numbers.items():
        row = [line for line in edge[page] if line is not number and _is_level(line, number)]
        others = [line for line in edge[page] if not _is_level(line, number)]
        for line in row[:_IN_ROW]:
            apart = all(
                other.box.top - line.box.bottom > _APART * line.size
                or line.box.top - other.box.bottom > _APART * line.size
                for other in others
            )
            if apart and len(line.text) <= _TITLE and any(map(str.isalpha, line.text)):
                found.kinds.setdefault((page, line), "running_head")


def _is_level(line: Line, other: Line) -> bool:
    middle = (line.box.top + line.box.bottom - other.box.top - other.box.bottom) / 2
    return abs(middle) <= 0.5 * max(line.size, other.size)


def _middle(line: Line) -> float:
    return (line.box.x0 + line.box.x1) / 2


def _find_heads(edge: Mapping[int, Sequence[Line]], count: int, usual: float, found: Found) -> None:
    """Mark the lines at heights where most pages have one and where the same words return.

    A book's heads name the chapter, so that the words change along the way.
    """
    places: dict[tuple[int, float], list[tuple[int, Line]]] = defaultdict(list)
    for page, lines in edge.items():
        for line in lines:
            if (page, line) not in found.kinds:
                places[round(line.box.top / 4), line.size].append((page, line))
    for (height, size), entries in list(places.items()):
        group = entries + places.get((height + 1, size), [])
        pages = {page for page, _ in group}
        least = max(2 if _alternate(pages) and size < 0.95 * usual else 3, 0.4 * count)
        if len(pages) < least:
            continue
        if size > 1.15 * usual:
            # Set larger than the text it is a heading, however often it returns.
            continue
        words = Counter(key for entry in set(group) for key in _words(*entry))
        returning = [entry for entry in group if _most(words, entry) >= 2]
        if len({page for page, _ in returning}) < least:
            continue
        for page, line in group:
            if _most(words, (page, line)) >= 2 or _is_repeated(line, edge[page]):
                found.kinds[page, line] = "running_head"


def _is_repeated(line: Line, edge: Sequence[Line]) -> bool:
    """Tell whether another line at a page's edge holds the words of `line`, which is a head then.

    It need not return on other pages.
    """
    own = fold(line.text)
    return any(own in fold(other.text) for other in edge if other is not line)


def _alternate(pages: Collection[int]) -> bool:
    """Tell whether pages are all left or all right ones: in a few, two of them bear one head."""
    return len({page % 2 for page in pages}) == 1


def _words(page: int, line: Line) -> set[str]:
    """Give the words of a line as printed, and with the page's own number taken out.

    Both count: a head may hold the number of the page, or a date that happens to hold it.
    """
    words = fold(line.text)
    if str(page) not in words:
        return {words}
    return {words, re.sub(rf"(?<![0-9]){page}(?![0-9])", "#", words)}


def _most(words: Counter[str], entry: tuple[int, Line]) -> int:
    return max(words[key] for key in _words(*entry))


def _usual_size(pages: Sequence[PageLines]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0
