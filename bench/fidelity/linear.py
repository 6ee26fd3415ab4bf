"""A parsed document as one run of printed words: each heading and label once, where it comes.

What the JSON holds is a list of passages that repeat their headings; a page prints a heading once.
Here the run of passages is turned back into the order in which a reader meets the words.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.corpus import key
from shisaku.ingest.model import Document, Measure, Passage
from shisaku.ingest.structure.outline.numbering import parse_label

_NUMERAL = "[0-9０-９〇一二三四五六七八九十百千]+"
_ARTICLE = re.compile(rf"第{_NUMERAL}条(?:の{_NUMERAL})*")


@dataclass(frozen=True)
class Piece:
    """Some printed words and the pages on which they stand."""

    text: str
    page: int
    page_end: int


def pieces(document: Document, *, repeats: bool = True) -> Iterator[Piece]:
    """Yield the words of a document in its own order, the title first.

    A cell merged over several rows stands in each of them and is printed once. Nothing tells it
    from equal cells below each other, so without `repeats` a cell is left out where the row above
    has the same words in the same column.
    """
    headings = _Headings(document)
    measures = {measure.id: measure for measure in document.measures}
    # What a form is about follows its title there, and is printed as a field.
    fields = {key(passage.text) for passage in document.passages if passage.type == "field"}
    title = [part for part in document.title.split("\u3000") if key(part) not in fields]
    yield Piece("\u3000".join(title), 1, 1)
    above: tuple[str, ...] = ()
    measure: str | None = None
    charged: tuple[str, ...] | None = None
    cells: set[str] = set()
    last: Passage | None = None
    for passage in document.passages:
        path = passage.path
        own = len(path) - 1 if passage.type == "heading" and path else None
        if own is not None:
            headings.take(path[:own], path[own])
        same = _common(path, above)
        for at, part in enumerate(path):
            if at == own:
                continue
            if at < same:
                # Two headings in a row may say the same.
                again = headings.again(path[:at], part, passage.page) if at == same - 1 else None
                if again is not None:
                    yield again
                continue
            met = headings.take(path[:at], part) or Piece(part, passage.page, passage.page)
            if part not in cells and not _is_quoted(part, passage):
                # An empty cell that says "as above" and a row that heads others lend them words
                # that stand in a row of their own.
                yield met
        above = path
        if passage.measure != measure:
            measure, charged = passage.measure, None
            if measure is not None and own is None:
                yield _measure(measures[measure])
        if passage.type == "status_item" and passage.ministries != charged:
            charged = passage.ministries
            yield Piece("".join(charged), passage.page, passage.page)
        words = _words(passage) if repeats else _words_once(passage, last)
        yield Piece(words, passage.page, passage.page_end)
        last = passage
        if passage.type == "row":
            cells.update(
                words
                for cell in passage.cells or ()
                for words in (cell.text, *cell.text.split("\n"))
            )
        else:
            cells.clear()


class _Headings:
    """The sections of a document by their path and words, in order, each to be met once."""

    def __init__(self, document: Document) -> None:
        self._pieces: dict[tuple[tuple[str, ...], str], list[Piece]] = {}
        for section in document.sections:
            printed = f"{section.label} {section.title}".strip()
            # Paths do without the bullet before a heading.
            label = parse_label(printed)
            bare = label is not None and label.kind == "bullet" and section.title
            place = (section.path, key(section.title if bare else printed))
            piece = Piece(printed, section.page, section.page)
            self._pieces.setdefault(place, []).append(piece)
        self._met = _met(document.passages)

    def take(self, path: tuple[str, ...], words: str) -> Piece | None:
        """Return the next heading of these words as printed, None where there is none."""
        left = self._pieces.get((path, key(words)))
        self._met[path, key(words)] -= 1
        return left.pop(0) if left else None

    def again(self, path: tuple[str, ...], words: str, page: int) -> Piece | None:
        """Return a heading of these words up to `page` that no change of path shows."""
        left = self._pieces.get((path, key(words)), [])
        if len(left) > self._met[path, key(words)] and left[0].page <= page:
            return left.pop(0)
        return None


def _met(passages: Sequence[Passage]) -> Counter[tuple[tuple[str, ...], str]]:
    """Count how often the path of the next passage begins to hold a heading."""
    met: Counter[tuple[tuple[str, ...], str]] = Counter()
    above: tuple[str, ...] = ()
    for passage in passages:
        path = passage.path
        own = len(path) - 1 if passage.type == "heading" and path else None
        for at in range(_common(path, above), len(path)):
            if at != own:
                met[path[:at], key(path[at])] += 1
        if own is not None:
            met[path[:own], key(path[own])] += 1
        above = path
    return met


def _words(passage: Passage) -> str:
    if passage.cells is not None:
        return "\n".join(cell.text for cell in passage.cells)
    restated = "(再掲)" if passage.restated else ""
    return f"{passage.mark or ''}{restated}{passage.text}"


def _words_once(passage: Passage, last: Passage | None) -> str:
    """Return the words of a passage without the cells that the row above it holds as well."""
    if passage.cells is None or last is None or last.cells is None:
        return _words(passage)
    above = {(cell.column, at, cell.text) for at, cell in enumerate(last.cells)}
    return "\n".join(
        cell.text
        for at, cell in enumerate(passage.cells)
        if (cell.column, at, cell.text) not in above
    )


def _measure(measure: Measure) -> Piece:
    return Piece(measure.label + measure.title, measure.page, measure.page)


def _is_quoted(part: str, passage: Passage) -> bool:
    """Tell whether a heading is the beginning of the first passage below it: it is printed once."""
    article = _ARTICLE.match(part)
    if article is None:
        # An item with a value (Ａ００１　再診料　72点), a meeting, a heading at the foot of a page.
        return part == passage.path[-1] and key(passage.text).startswith(key(part))
    caption = part[article.end() :]
    text = passage.text.lstrip()
    return text.startswith(article.group()) or bool(caption and key(text) == key(caption))


def _common(path: tuple[str, ...], above: tuple[str, ...]) -> int:
    count = 0
    for one, other in zip(path, above, strict=False):
        if one != other:
            break
        count += 1
    return count
