"""What other parsers write → passages in the form of our export, which check.py reads.

A heading stands in the path of what follows it, until one of its rank or above; a row of a table is
a passage with its cells under the heads of their columns, its words with " | " between them; each
paragraph and list item is a passage. So much is in these outputs; what is not (kinds of documents,
fields, measures) is left out of the comparison.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_RULE = re.compile(r"\|?(?:\s*:?-{3,}:?\s*\|)+\s*:?-*:?\s*")
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_ITEM = re.compile(r"\s*(?:[-*+]|[0-9]{1,3}[.)])\s+(.*)")
_MARKS = re.compile(r"\*\*|__|(?<!\\)[*_`]|\\(?=[\\`*_{}\[\]()#+.!|-])|!?\[([^\]]*)\]\([^)]*\)")


@dataclass
class _Passages:
    document: str
    found: list[dict[str, Any]] = field(default_factory=list)
    above: list[tuple[int, str]] = field(default_factory=list)

    def head(self, text: str, rank: int) -> None:
        """Open a section."""
        while self.above and self.above[-1][0] >= rank:
            self.above.pop()
        self.above.append((rank, text))

    def add(
        self, kind: str, text: str, page: int, cells: Sequence[Mapping[str, str]] | None = None
    ) -> None:
        """Add a passage under the open sections."""
        if text.strip():
            path = [heading for _, heading in self.above]
            self.found.append(
                {"document": self.document, "type": kind, "text": text, "path": path,
                 "page": page, "page_end": page, "cells": cells}
            )  # fmt: skip

    def row(self, texts: Sequence[str], heads: Sequence[str], page: int) -> None:
        """Add a row; of a cell over several columns the text stands once."""
        cells = [
            {"column": heads[at] if at < len(heads) else "", "text": text}
            for at, text in enumerate(texts)
        ]
        self.add("row", " | ".join(filter(None, texts)), page, cells)


def of_json(document: str, output: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the passages of a file of opendataloader-pdf."""
    made = _Passages(document)
    waiting: list[Mapping[str, Any]] = list(reversed(output.get("kids", ())))
    while waiting:
        node = waiting.pop()
        kind, text = node.get("type", ""), node.get("content") or ""
        page = node.get("page number", 1)
        if kind == "heading":
            made.head(text, int(node.get("heading level") or 1))
        elif kind == "table":
            _add_table(made, node, page)
            continue
        elif kind in ("paragraph", "caption"):
            made.add("caption" if kind == "caption" else "paragraph", text, page)
        elif kind == "list item":
            made.add("list_item", text, page)
        waiting += reversed([*node.get("kids", ()), *node.get("list items", ())])
    return made.found


def _add_table(made: _Passages, table: Mapping[str, Any], page: int) -> None:
    heads: list[str] = []
    for row in table.get("rows", ()):
        texts: list[str] = []
        for cell in row.get("cells", ()):
            text = "\n".join(_words(cell))
            texts += [text] + [""] * (int(cell.get("column span", 1)) - 1)
        if not heads and all(cell.get("is_header") for cell in row.get("cells", ())):
            heads = texts
            continue
        made.row(texts, heads, int(row.get("page number", page)))


def _words(node: Mapping[str, Any]) -> Iterator[str]:
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if part.get("content"):
            yield part["content"]
        waiting += reversed([*part.get("kids", ()), *part.get("list items", ())])


def of_markdown(document: str, text: str) -> list[dict[str, Any]]:
    """Give the passages of a web page as Markdown."""
    made = _Passages(document)
    paragraph: list[str] = []
    heads: list[str] | None = None

    def end() -> None:
        made.add("paragraph", "\n".join(paragraph), 1)
        paragraph.clear()

    lines = text.split("\n")
    for at, line in enumerate(lines):
        if line.lstrip().startswith("|"):
            end()
            cells = [_plain(cell) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
            if heads is None and at + 1 < len(lines) and _RULE.fullmatch(lines[at + 1].strip()):
                heads = cells
            elif not _RULE.fullmatch(line.strip()):
                made.row(cells, heads or [], 1)
            continue
        heads = None
        if found := _HEADING.fullmatch(line):
            end()
            made.head(_plain(found[2]), len(found[1]))
        elif found := _ITEM.fullmatch(line):
            end()
            made.add("list_item", _plain(found[1]), 1)
        elif line.strip():
            paragraph.append(_plain(line))
        else:
            end()
    end()
    return made.found


def _plain(text: str) -> str:
    """Take the marks of Markdown out of a line."""
    return _MARKS.sub(lambda found: found[1] or "", text).strip()
