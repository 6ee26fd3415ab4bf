"""Bodies by one character or a short name (【警】, 〔警察・厚労〕), by what the document says.

Alone, one character names nobody: 文 may be anything. It does where the bodies are named nearby (a
column lists them all) or where the document has a legend (警：警察庁). `short_list` reads such a
bracket; `legend_of` finds a legend.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from shisaku.ingest.model import Block, TableBlock
from shisaku.ingest.registry import registry
from shisaku.ingest.registry.lists import MinistryList
from shisaku.ingest.structure.tables.grid import view
from shisaku.ingest.text.beside import table
from shisaku.ingest.text.fold import fold

_PIECES = re.compile(r"[・、,，/／;；\s\u3000]+")
_LEGEND = 600
"""Characters of a text that may be a legend."""
_CELLS = 80
"""Cells of a table that may be a legend."""
_LONGEST = 5
"""Characters of a short name; 消費者, 個人情報 are among the longest."""
_ENTRY = re.compile(
    r"[【〔\[(（「]?([一-龠々ァ-ヶー]{1,4})[】〕\])）」]?[\s\u3000]*(?:[:：=＝→…]|・{2,})[\s\u3000]*"
    r"([一-龠々ァ-ヶー・]{2,16}?(?:省|庁|府|院|官房|委員会|本部|局))"
)
_SHORT_LEAST, _SHORT_SHARE = 3, 0.6
"""Items with short names, and the share of brackets at ends of items that name bodies, from which
usual short names count."""
_LEAST = 2
"""Entries from which a text is a legend."""
_TRAILING = re.compile(
    r"[【〔\[(（［]([^【】〔〕\[\]()（）［］]{1,60})[】〕\])）］][。．]?[\s\u3000]*$"
)
_LEADING = re.compile(
    r"^(?:[・○◎●◇◆■□▪•\-－―]?[\s\u3000]*)[【〔\[(（［]([^【】〔〕\[\]()（）［］]{1,60})[】〕\])）］]"
)


def legend_of(flow: Sequence[Block]) -> Mapping[str, str]:
    """Return the short names that a text of the document explains, with what they stand for."""
    found: dict[str, str] = {}
    for block in flow:
        if isinstance(block, TableBlock):
            found.update(_legend_table(block))
            continue
        if len(block.text) > _LEGEND:
            continue
        entries = {}
        for short, name in _ENTRY.findall(block.text):
            body = registry().resolve(name)
            if body is not None and short != name:
                entries[fold(short)] = body
        if len(entries) >= _LEAST:
            found.update(entries)
    return found


def ends_with_short_names(texts: Sequence[str], own: Sequence[MinistryList | None]) -> bool:
    """Tell whether items end with short names in brackets throughout: 〔警察・厚労〕.

    `own` are the lists in full that the registry finds in them; both are in brackets that the
    document uses for bodies.
    """
    short = full = other = 0
    for text, listed in zip(texts, own, strict=True):
        found = _TRAILING.search(text)
        if found is None:
            continue
        if listed is not None:
            full += 1
        elif short_list(found[1], known=True) is not None:
            short += 1
        else:
            other += 1
    return short >= _SHORT_LEAST and short + full >= _SHORT_SHARE * (short + full + other)


@cache
def _known() -> dict[str, str]:
    """Return the bodies by their short names, of those that may stand in a list."""
    raw: dict[str, str] = dict(table(__file__, "short_names.toml")["short"])
    for name in registry().names("cabinet", "ministry", "agency"):
        body = registry().body(name)
        if body is not None and name[-1:] in "省庁府" and len(name) > 2:
            raw.setdefault(fold(name[:-1]), name)
        if body is not None and body.letter:
            raw.setdefault(fold(body.letter), name)
    return raw


def _legend_table(table: TableBlock) -> dict[str, str]:
    """Return the short names of a table that has each above or at the left of its body."""
    if table.rows * table.columns > _CELLS:
        return {}
    grid = view(table)
    for down, across in ((1, 0), (0, 1)):
        entries = {}
        others = 0
        for cell in table.cells:
            body = grid.cell(cell.row + down, cell.column + across)
            short, name = fold(cell.text), registry().resolve(body.text) if body else None
            if name is not None and 0 < len(short) < len(fold(name)) and len(short) <= _LONGEST:
                entries[short] = name
            elif name is not None:
                others += 1
        if len(entries) >= _LEAST and others == 0:
            return entries
    return {}


def short_list(
    inner: str, among: Sequence[str] = (), legend: Mapping[str, str] | None = None,
    *, known: bool = False,
) -> MinistryList | None:  # fmt: skip
    """Return the bodies that the content of a bracket names in short, None where it names none.

    `among` are the bodies named in full nearby: a short name is one whose name begins with it, or
    whose character it is. Every piece must be one, and of one body only. With `known`, usual short
    names count too: a document that has them throughout.
    """
    if known:
        legend = {**_known(), **(legend or {})}
    key = inner.strip().removesuffix("等")
    pieces = [fold(piece) for piece in _PIECES.split(key) if piece]
    if len(pieces) == 1 and len(pieces[0]) > 1 and _resolve(pieces[0], among, legend) is None:
        pieces = list(pieces[0])
    names = []
    for piece in pieces:
        if len(piece) > _LONGEST and registry().resolve(piece) is None:
            return None
        name = _resolve(piece, among, legend)
        if name is None:
            return None
        names.append(name)
    others = key != inner.strip()
    return MinistryList(tuple(dict.fromkeys(names)), others) if names else None


def _resolve(piece: str, among: Sequence[str], legend: Mapping[str, str] | None) -> str | None:
    if legend and piece in legend:
        return legend[piece]
    whole = registry().resolve(piece)
    if whole is not None and (whole in among or len(piece) > 1):
        return whole
    fits = [name for name in among if _fits(piece, name)]
    return fits[0] if len(fits) == 1 else None


def _fits(piece: str, name: str) -> bool:
    body = registry().body(name)
    return fold(name).startswith(piece) or bool(body and body.letter == piece)


def short_bodies(
    text: str, among: Sequence[str] = (), legend: Mapping[str, str] | None = None,
    *, known: bool = False,
) -> MinistryList | None:  # fmt: skip
    """Return the bodies that the bracket at the end or at the head of an item names in short."""
    if not among and not legend and not known:
        return None
    for pattern in (_TRAILING, _LEADING):
        found = pattern.search(text)
        if found and (listed := short_list(found[1], among, legend, known=known)) is not None:
            return listed
    return None
