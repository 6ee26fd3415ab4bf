"""Plans written as lines of text: the examples of docs/measures.md, and those of tests.

A line is a paragraph, "# " before it a heading in bold, "| a | b |" rows of a table (⏎ parts the
paragraphs of a cell; "<" and "^" as in `setting.table`).
"""

from collections.abc import Iterator, Sequence

from shisaku.ingest.model import Block, Document
from tests.support.setting import block, document, table

TITLE = "人身取引対策行動計画2014"
_LEADING = 18.0
"""Points from one line to the next."""


def blocks(lines: Sequence[str], *, page: int = 1) -> Iterator[Block]:
    """Yield the blocks of lines, one below the other."""
    top = 120.0
    rows: list[list[str]] = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            cells = [cell.strip().replace("⏎", "\n") for cell in line.strip("|").split("|")]
            # Another entry begins where the head of the last one returns.
            if rows and cells == rows[0]:
                yield table(rows, top=top, page=page)
                rows = []
            rows.append(cells)
            continue
        if rows:
            yield table(rows, top=top, page=page)
            top += 20 * len(rows) + _LEADING
            rows = []
        if line:
            heading = line.startswith("# ")
            yield block(line.removeprefix("# "), bold=heading, top=top, page=page)
            top += _LEADING


def plan(text: str, *, title: str = TITLE) -> Document:
    """Return the document that a title and the lines of `text` make."""
    lines = [line for line in text.split("\n") if line.strip()]
    return document([block(title, size=18), *blocks(lines)])


def items(made: Document) -> list[str]:
    """Return the items of a document: title / ministries / words, and its amounts of money."""
    titles = {measure.id: measure.title or measure.label for measure in made.measures}
    found = []
    for passage in made.passages:
        if passage.measure is None or passage.type in {"field", "heading", "footnote"}:
            continue
        words = [titles[passage.measure], "・".join(passage.ministries), passage.text]
        words += [str(each.amount) for each in passage.budget or ()]
        found.append(" / ".join(words))
    return found
