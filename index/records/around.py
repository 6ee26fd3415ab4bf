"""What stands around a passage and counts as its words when several words are sought together.

Takes the public records of a document in their order and gives: texts (title and plans, once for a
document; labels of columns and captions, for each passage) and where larger units begin. These
words find a passage beside others that it holds itself; they never count as its text.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

Larger = Literal["section", "document"]
"""Units made of passages that follow each other: those under one heading, all of a document."""

_CAPTION = 240
"""Characters of a caption that count; a heading has no more (`outline.bounds`)."""
_COLUMNS = 300
"""Characters of the labels of columns of one row that count, the first ones."""

Records = Sequence[Mapping[str, Any]]
Parts = tuple[str, ...]
"""Texts that no phrase may bridge, each once."""


def about(record: Mapping[str, Any]) -> Parts:
    """Return what the document of a record is about: its title, plan and series, each once."""
    names = (record["title"], record["plan"], record["plan_series"])
    return tuple(dict.fromkeys(name for name in names if name))


def begins(records: Records) -> Iterator[tuple[Larger, ...]]:
    """Yield for each record of a document the larger units that begin with it.

    A section is a heading with its passages: as long as the path stays the same.
    """
    path: object = None
    for at, record in enumerate(records):
        if at == 0:
            yield "document", "section"
        elif record["path"] != path:
            yield ("section",)
        else:
            yield ()
        path = record["path"]


def labels(records: Records) -> list[Parts]:
    """Return for each record the labels that belong to it.

    Labels of the columns in which it has a cell; the captions nearest to it in its section, before
    and behind. A caption is none of its own labels.
    """
    before = _nearest(records)
    behind = _nearest(records[::-1])[::-1]
    return [
        tuple(dict.fromkeys(filter(None, (*_columns(record), one, other))))
        for record, one, other in zip(records, before, behind, strict=True)
    ]


def _nearest(records: Records) -> list[str]:
    """Return the last caption before each record, in the same section."""
    found: list[str] = []
    path: object = None
    caption = ""
    for record in records:
        if record["path"] != path:
            path, caption = record["path"], ""
        found.append(caption)
        if record["type"] == "caption":
            caption = record["text"][:_CAPTION]
    return found


def _columns(record: Mapping[str, Any]) -> Iterator[str]:
    left = _COLUMNS
    for cell in record["cells"] or ():
        if cell["text"] and (label := cell["column"][:left]):
            left -= len(label)
            yield label
