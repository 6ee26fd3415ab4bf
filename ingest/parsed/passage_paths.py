"""The JSON of a parsed document: `Document`, with each heading path stored once.

`encode` takes a `Document` and gives bytes, `decode` the reverse. Each passage below a heading has
its path: a seventh of the file of a usual document, and nearly all of one with long headings. So
`paths` lists the paths in the order of their first use, and sections, measures and passages hold an
index into it, from 0. Decoded, equal paths are one object. Files of parser versions up to 13 hold
the path itself and are decoded too: one may be the last readable version of a document.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from shisaku.ingest.model import Document, Measure, Passage, Section

Path = tuple[str, ...]


def _like(owner: type[Struct], types: dict[str, Any], *more: tuple[str, Any, Any]) -> Any:
    """Return a struct type with the fields of `owner` in order; `types` replaces types by name."""
    named: list[Any] = []
    for each in fields(owner):
        kind = types.get(each.name, each.type)
        if each.default is not NODEFAULT:
            named.append((each.name, kind, each.default))
        elif each.default_factory is not NODEFAULT:
            named.append((each.name, kind, msgspec.field(default_factory=each.default_factory)))
        else:
            named.append((each.name, kind))
    return msgspec.defstruct(f"Stored{owner.__name__}", [*named, *more], frozen=True)


def _many(kind: Any) -> Any:
    """Return the type `tuple[kind, ...]` for a type made at run time."""
    return tuple.__class_getitem__((kind, ...))


class _Part:
    """Converts structs with a `path` to their stored form and back."""

    def __init__(self, owner: Callable[..., Any], stored: Any) -> None:
        self._owner, self._stored = owner, stored
        self._values = attrgetter(*stored.__struct_fields__)
        self._at = stored.__struct_fields__.index("path")

    def number(self, parts: Sequence[Any], numbers: dict[Path, int]) -> tuple[Any, ...]:
        """Return the stored form of `parts`; paths not in `numbers` are added to it."""
        at, values, made = self._at, self._values, self._stored
        found = []
        for part in parts:
            fields = values(part)
            number = numbers.setdefault(fields[at], len(numbers))
            found.append(made(*fields[:at], number, *fields[at + 1 :]))
        return tuple(found)

    def look_up(self, parts: Sequence[Any], paths: Sequence[Path]) -> tuple[Any, ...]:
        """Return the parts of a stored form; `IndexError` for a number without a path."""
        at, values, made = self._at, self._values, self._owner
        found = []
        for part in parts:
            fields = values(part)
            path = fields[at]
            if isinstance(path, int):
                if path < 0:
                    raise IndexError(path)
                path = paths[path]
            found.append(made(*fields[:at], path, *fields[at + 1 :]))
        return tuple(found)


_STORED = {owner: _like(owner, {"path": int | Path}) for owner in (Section, Measure, Passage)}
_PARTS = {
    "sections": _Part(Section, _STORED[Section]),
    "measures": _Part(Measure, _STORED[Measure]),
    "passages": _Part(Passage, _STORED[Passage]),
}
_DOCUMENT = _like(
    Document,
    {
        "sections": _many(_STORED[Section]),
        "measures": _many(_STORED[Measure]),
        "passages": _many(_STORED[Passage]),
    },
    ("paths", tuple[Path, ...], ()),
)
_NAMES = Document.__struct_fields__


def encode(document: Document) -> bytes:
    """Return the JSON of a document: sorted keys, one space of indent, for line-wise diffs."""
    numbers: dict[Path, int] = {}
    values = {name: getattr(document, name) for name in _NAMES}
    for name, part in _PARTS.items():
        values[name] = part.number(values[name], numbers)
    stored = _DOCUMENT(**values, paths=tuple(numbers))
    return msgspec.json.format(msgspec.json.encode(stored, order="sorted"), indent=1) + b"\n"


def decode(data: bytes) -> Document:
    """Return the document of its JSON, of this version or an earlier one.

    Raises:
        msgspec.MsgspecError: it is not the JSON of a document.

    """
    stored = msgspec.json.decode(data, type=_DOCUMENT)
    values = {name: getattr(stored, name) for name in _NAMES}
    try:
        for name, part in _PARTS.items():
            values[name] = part.look_up(values[name], stored.paths)
    except IndexError:
        raise msgspec.ValidationError("a path has a number that `paths` does not hold") from None
    return Document(**values)
