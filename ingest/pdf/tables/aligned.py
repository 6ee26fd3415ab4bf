"""Tables without rules, told by alignment alone: columns of short cells under their names.

Only what is certain is taken: rows one below the other with the same number of cells, white from
top to bottom between all columns, and a first row that differs in kind (words over figures, bold
over regular). Traps: columns of running text, contents pages, letter-spaced lines, forms.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from msgspec.structs import replace

from shisaku.ingest.model import Box, Cell, Line, TableBlock, TextBlock
from shisaku.ingest.pdf.layout.marks import mark_of
from shisaku.ingest.pdf.layout.paragraphs import make_blocks
from shisaku.ingest.text.joining import ends_sentence

_COLUMNS = 3
_BODY = 3
"""Rows below the one that names the columns."""
_WIDEST = 16.0
"""Characters (em) from which a cell may be a line of running text."""

_FIGURE = re.compile(
    r"[-−△▲+＋±約]?[0-9０-９][0-9０-９,，.．]*(?:\s*[%％‰]|[^\W\d_]{1,3})?|[-−‐–—―－…]|[-－]"
)
_LEADER = re.compile(r"[.・．·･]{3,}|[…‥]{2,}")
_YEAR = re.compile(
    r"(?:19|20|１９|２０)[0-9０-９]{2}(?:年度?)?|[0-9０-９]{1,4}年度?|[0-9０-９]{1,2}月期?"
)
_PAGE = re.compile(r"頁|ページ|掲載頁|掲載ページ|[Pp]age|[Pp]\.?")

Row = list[Line]


def take_aligned(lines: Sequence[Line], page: int) -> tuple[tuple[Line, ...], list[TableBlock]]:
    """Give the lines that stand in no table without rules, and these tables."""
    tables: list[TableBlock] = []
    taken: set[int] = set()
    rows = _filled(_rows(lines))
    for start, end in _runs(rows):
        run = rows[start:end]
        head, body = run[0], run[1:]
        if start and len(rows[start - 1]) == len(run[0]) - 1 and _is_close(rows[start - 1], run[0]):
            # The labels at the left often have no name.
            head, body = rows[start - 1], run
        if _is_certain(head, body):
            tables.append(_table(head, body, page))
            taken.update(id(line) for row in (head, *body) for line in row)
    return tuple(line for line in lines if id(line) not in taken), tables


def _rows(lines: Sequence[Line]) -> list[Row]:
    rows: list[Row] = []
    for line in sorted(lines, key=lambda line: (_middle(line), line.box.x0)):
        last = rows[-1][0] if rows else None
        if last is not None and _middle(line) - _middle(last) <= 0.4 * min(line.size, last.size):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.box.x0) for row in rows]


def _filled(rows: Sequence[Row]) -> list[Row]:
    """Give the rows with an empty line for each figure that is missing in one.

    Such a row has a label and figures that stand in columns of the rows around it, and no others.
    """
    return [_with_gaps(row, rows[max(0, at - 3) : at + 4]) for at, row in enumerate(rows)]


def _with_gaps(row: Row, around: Sequence[Row]) -> Row:
    count = max(map(len, around))
    if not 2 <= len(row) < count or count < _COLUMNS:
        return row
    if not all(_FIGURE.fullmatch(line.text) for line in row[1:]):
        return row
    models = [
        other
        for other in around
        if len(other) == count and abs(other[0].size - row[0].size) <= 0.12 * row[0].size
        and abs(_middle(other[0]) - _middle(row[0])) < 10 * row[0].size
        and all(_FIGURE.fullmatch(line.text) for line in other[1:])
    ]  # fmt: skip
    if len(models) < 2 or not _is_open(models):
        return row
    columns = list(zip(*models, strict=True))
    places = [
        [at for at, column in enumerate(columns) if _stands_over(line, column)] for line in row
    ]
    found = [each[0] for each in places if len(each) == 1]
    if len(found) < len(row) or found[0] != 0 or len(set(found)) < len(found):
        return row
    held = dict(zip(found, row, strict=True))
    return [held.get(at) or _empty(model, row[0]) for at, model in enumerate(models[0])]


def _empty(model: Line, beside: Line) -> Line:
    """Give an empty line below or above `model`, at the height of the line `beside` it."""
    box = replace(model.box, top=beside.box.top, bottom=beside.box.bottom)
    return Line("", box, beside.size, beside.bold, font=model.font)


def _runs(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Give where the longest runs of rows that could be one table's begin and end."""
    runs: list[tuple[int, int]] = []
    start = 0
    for at in range(1, len(rows) + 1):
        # The rows of a run are as long as each other: of text there need not be one.
        if len(rows[start]) >= _COLUMNS:
            run = rows[start:at]
            if at < len(rows) and _follows(run, rows[at]) and _is_open([*run, rows[at]]):
                continue
            if len(run) >= _BODY:
                runs.append((start, at))
        start = at
    return runs


def _follows(run: Sequence[Row], row: Row) -> bool:
    last = run[-1]
    em = max(last[0].size, 1.0)
    if len(row) != len(last) or abs(row[0].size - last[0].size) > 0.12 * em:
        return False
    if len(run) == 1:
        return _is_close(last, row)
    before = median(_middle(b[0]) - _middle(a[0]) for a, b in pairwise(run))
    return _middle(row[0]) - _middle(last[0]) < 1.35 * before


def _is_close(above: Row, row: Row) -> bool:
    return 0 < _middle(row[0]) - _middle(above[0]) < 3.5 * max(row[0].size, 1.0)


def _is_open(rows: Sequence[Row]) -> bool:
    """Tell whether white runs from top to bottom between all columns, a character wide."""
    em = max(rows[0][0].size, 1.0)
    columns = list(zip(*rows, strict=True))
    return all(
        min(line.box.x0 for line in after) - max(line.box.x1 for line in before) >= em
        for before, after in pairwise(columns)
    )


def _is_certain(head: Row, body: Sequence[Row]) -> bool:
    """Tell whether rows are a table beyond doubt, and what its columns are called."""
    em = max(head[0].size, 1.0)
    cells = [line for row in (head, *body) for line in row]
    if len(body) < _BODY or any(_is_text(line, em) for line in cells):
        return False
    if sum(len(line.text) == 1 for line in cells) > 0.5 * len(cells):
        # Letter-spaced lines, calendars.
        return False
    columns = list(zip(*body, strict=True))
    if not all(_is_aligned(column, em) for column in columns) or _is_running(columns, em):
        return False
    named = columns[len(columns) - len(head) :]
    if any(_PAGE.fullmatch(name.text) for name in head) or any(
        _FIGURE.fullmatch(name.text) and not _YEAR.fullmatch(name.text) for name in head
    ):
        return False
    if not all(_stands_over(name, column) for name, column in zip(head, named, strict=True)):
        return False
    figures = [
        all(not line.text or _FIGURE.fullmatch(line.text) for line in column) for column in columns
    ]
    if sum(figures) == len(columns) - 1 and not figures[0]:
        return True
    fonts = {line.font for row in body for line in row}
    own_type = all(name.bold for name in head) and not any(
        line.bold for row in body for line in row
    )
    own_font = "" not in fonts and not fonts & {name.font for name in head}
    return len(head) == len(columns) and (own_type or own_font)


def _is_text(line: Line, em: float) -> bool:
    return not _FIGURE.fullmatch(line.text) and (
        line.box.x1 - line.box.x0 > _WIDEST * em
        or ends_sentence(line.text)
        or bool(_LEADER.search(line.text))
        or bool(mark_of(line.text))
    )


def _stands_over(name: Line, column: Sequence[Line]) -> bool:
    """Tell whether the name of a column shares some of its width."""
    return name.box.x0 < max(line.box.x1 for line in column) and name.box.x1 > min(
        line.box.x0 for line in column
    )


def _is_aligned(column: Sequence[Line], em: float) -> bool:
    ends = ([line.box.x0 for line in column], [line.box.x1 for line in column],
            [(line.box.x0 + line.box.x1) / 2 for line in column])  # fmt: skip
    return any(max(places) - min(places) <= 0.5 * em for places in ends)


def _is_running(columns: Sequence[Sequence[Line]], em: float) -> bool:
    """Tell whether a column is set flush on both sides and wide: lines of running text."""
    return any(
        max(line.box.x0 for line in column) - min(line.box.x0 for line in column) < 0.3 * em
        and max(line.box.x1 for line in column) - min(line.box.x1 for line in column) < 0.3 * em
        and column[0].box.x1 - column[0].box.x0 > 7 * em
        for column in columns
    )


def _table(head: Row, body: Sequence[Row], page: int) -> TableBlock:
    columns = len(body[0])
    unnamed: list[Line | None] = [None] * (columns - len(head))
    rows = [[*unnamed, *head], *(list[Line | None](row) for row in body)]
    members = [[line for line in column if line] for column in zip(*rows, strict=True)]
    starts = [min(line.box.x0 for line in column) for column in members]
    stops = [max(line.box.x1 for line in column) for column in members]
    middles = [(a + b) / 2 for a, b in zip(stops, starts[1:], strict=False)]
    edges = tuple(round(x, 2) for x in (starts[0], *middles, stops[-1]))
    cells = tuple(
        Cell(
            at,
            column,
            _blocks(line),
            header=at == 0,
            box=line.box if line and line.text else None,
        )
        for at, row in enumerate(rows)
        for column, line in enumerate(row)
    )
    top, bottom = head[0].box.top, max(line.box.bottom for line in body[-1])
    return TableBlock(cells, len(rows), columns, Box(page, edges[0], top, edges[-1], bottom), edges)


def _blocks(line: Line | None) -> tuple[TextBlock, ...]:
    if line is None or not line.text:
        return ()
    return tuple(make_blocks([line], line.box.x0, line.box.x1, cell=True))


def _middle(line: Line) -> float:
    return (line.box.top + line.box.bottom) / 2
