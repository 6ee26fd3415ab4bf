"""`<dl>`: terms with what is said of them, as a table of labels and values.

A term and its descriptions belong together (HTML Standard, 4.4.9): 日時 – 令和５年６月７日. A list
whose descriptions hold blocks of their own (headings, lists, tables) stays text in order.
"""

from collections.abc import Callable, Sequence

from shisaku.ingest.html.dom import Element, is_shown, tag_of, text_length
from shisaku.ingest.html.inline import NOWHERE
from shisaku.ingest.model import Cell, TableBlock, TextBlock

_LONGEST_TERM = 120
"""Characters of a term; what is longer is text under which other text stands."""

_OWN_BLOCK_NAMES = "h1 h2 h3 h4 h5 h6 ul ol dl table form nav section article"
_OWN_BLOCKS = frozenset(_OWN_BLOCK_NAMES.split())


def pairs_of(element: Element) -> list[tuple[list[Element], list[Element]]] | None:
    """Give the terms and descriptions of a `<dl>`, None where it is none of labels and values."""
    pairs: list[tuple[list[Element], list[Element]]] = []
    for part in _parts(element):
        tag = tag_of(part)
        if tag not in ("dt", "dd") or any(tag_of(each) in _OWN_BLOCKS for each in part.iter()):
            return None
        if tag == "dt":
            if not pairs or pairs[-1][1]:
                pairs.append(([], []))
            pairs[-1][0].append(part)
        elif not pairs:
            return None
        else:
            pairs[-1][1].append(part)
    terms = [term for names, _ in pairs for term in names]
    if not pairs or any(not said for _, said in pairs):
        return None
    if any(not 0 < text_length(term) <= _LONGEST_TERM for term in terms):
        return None
    return pairs


def _parts(element: Element) -> list[Element]:
    """Give the parts of a list; a `<div>` may group them (HTML Standard, 4.4.9)."""
    parts: list[Element] = []
    for child in filter(is_shown, element):
        parts += filter(is_shown, child) if tag_of(child) == "div" else [child]
    return parts


def read_pairs(
    pairs: Sequence[tuple[list[Element], list[Element]]],
    read_cell: Callable[[Element], tuple[TextBlock, ...]],
) -> TableBlock:
    """Give the pairs as a table of two columns, the terms as heads of their rows."""
    cells: list[Cell] = []
    for row, (terms, said) in enumerate(pairs):
        label = tuple(block for term in terms for block in read_cell(term))
        value = tuple(block for each in said for block in read_cell(each))
        cells += [Cell(row, 0, label, header=True), Cell(row, 1, value)]
    return TableBlock(tuple(cells), len(pairs), 2, NOWHERE)
