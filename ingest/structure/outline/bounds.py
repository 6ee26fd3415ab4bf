"""Bounds of what is copied into every passage beneath it: headings, paths, names of columns.

A heading stands in the path of each passage below it, so its length counts once for each of them:
30,000 characters over 20,000 paragraphs took the index past 6 GB. Beyond the bound the words are
text: they stand in a paragraph of their own, and nothing is lost. Each bound is well above what the
longest true one takes, measured over 122 documents of ministries.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from shisaku.ingest.model import Block, Line, Page, TableBlock, TextBlock

MAX_HEADING = 240
"""Characters of a heading, a label, the title of a measure or document; the longest true heading
has 117."""

MAX_DEPTH = 16
"""Headings in a path; eight is the most that a document has, 14 a table that was misread."""

MAX_COLUMN = 120
"""Characters of the name of a column, borne by each cell below it; the longest true one has 59."""

MAX_NAMES = 100
"""Names of ministries on a passage; a true list has up to 30, and unknown ones count as well."""

_MARKS = "。．.、，,；;：: \u3000\n"
"""Where a heading that is too long is cut, if one of them stands in its second half."""


def cut(text: str, most: int = MAX_HEADING) -> int:
    """Give where to cut `text` so that its beginning has `most` characters or less."""
    if len(text) <= most:
        return len(text)
    at = max(text.rfind(mark, most // 2, most) for mark in _MARKS)
    return at + 1 if at >= 0 else most


def shortened(text: str, most: int = MAX_HEADING) -> str:
    """Give the beginning of `text`, up to `most` characters; for what stands elsewhere in full."""
    return text if len(text) <= most else text[: cut(text, most)].rstrip()


def bounded_path(path: tuple[str, ...]) -> tuple[str, ...]:
    """Give `path` with no more headings than `MAX_DEPTH`, none longer than `MAX_HEADING`.

    The outermost are kept: they tell most about where a passage stands.
    """
    if len(path) <= MAX_DEPTH and all(len(name) <= MAX_HEADING for name in path):
        return path
    return tuple(map(shortened, path[:MAX_DEPTH]))


def with_short_headings(pages: Iterable[Page]) -> tuple[Page, ...]:
    """Give the pages with the rest of each heading that is too long in a paragraph beneath it."""
    return tuple(
        replace(page, blocks=tuple(part for block in page.blocks for part in _parts(block)))
        if any(map(_is_long, page.blocks))
        else page
        for page in pages
    )


def _is_long(block: Block) -> bool:
    return (
        not isinstance(block, TableBlock)
        and block.role in {"heading", "title"}
        and len(block.text) > MAX_HEADING
    )


def _parts(block: Block) -> Sequence[Block]:
    if isinstance(block, TableBlock) or not _is_long(block):
        return (block,)
    at = cut(block.text)
    head, rest = block.text[:at].rstrip(), block.text[at:].lstrip()
    above, below = _cut_lines(block.lines, head)
    first = replace(block, text=head, lines=above)
    return (first, TextBlock(rest, below)) if rest else (first,)


def _cut_lines(lines: Sequence[Line], head: str) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Part the lines of a heading by its beginning `head`: those that print it, and the rest.

    A line that holds the end of the one and the beginning of the other is cut in two.
    """
    left = len("".join(head.split()))
    for number, line in enumerate(lines):
        size = len("".join(line.text.split()))
        if size <= left:
            left -= size
            continue
        at = 0
        while left:
            left -= not line.text[at].isspace()
            at += 1
        before, after = _beginning(line, at), _rest(line, at)
        return (
            (*lines[:number], before) if at else tuple(lines[:number]) or (before,),
            (after, *lines[number + 1 :]),
        )
    return tuple(lines), tuple(lines[-1:])


def _beginning(line: Line, at: int) -> Line:
    return replace(
        line,
        text=line.text[:at],
        ruby=tuple(each for each in line.ruby if each[1] <= at),
        marks=tuple(each for each in line.marks if each[1] <= at),
    )


def _rest(line: Line, at: int) -> Line:
    shift = at + len(line.text[at:]) - len(line.text[at:].lstrip())
    return replace(
        line,
        text=line.text[shift:],
        ruby=tuple((a - shift, b - shift, kana) for a, b, kana in line.ruby if a >= shift),
        marks=tuple((a - shift, b - shift) for a, b in line.marks if a >= shift),
    )
