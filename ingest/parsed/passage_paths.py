"""The JSON of a parsed document: as `Document`, but with each heading path in it once.

Every passage beneath a heading repeats its path: that is a seventh of the file of a usual document,
and nearly all of one whose headings are long. So `paths` has the paths that occur, in the order in
which they do, and a section, measure or passage has the number of its own there, from 0. Read
again, equal paths are one object. What versions up to 13 of the parser wrote has the path itself in
that place and is read as well: it may be all that is left of a file that cannot be read any more.
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
    """Give a struct with the fields of `owner` in their order, of other `types` where named."""
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
    """Give the type of a tuple of any number of a kind that is made at run time."""
    return tuple.__class_getitem__((kind, ...))


class _Part:
    """Turns what has a path into its stored form and back."""

    def __init__(self, owner: Callable[..., Any], stored: Any) -> None:
        self._owner, self._stored = owner, stored
        self._values = attrgetter(*stored.__struct_fields__)
        self._at = stored.__struct_fields__.index("path")

    def number(self, parts: Sequence[Any], numbers: dict[Path, int]) -> tuple[Any, ...]:
        """Give the parts with numbers in place of paths; new paths get the next ones."""
        at, values, made = self._at, self._values, self._stored
        found = []
        for part in parts:
            fields = values(part)
            number = numbers.setdefault(fields[at], len(numbers))
            found.append(made(*fields[:at], number, *fields[at + 1 :]))
        return tuple(found)

    def look_up(self, parts: Sequence[Any], paths: Sequence[Path]) -> tuple[Any, ...]:
        """Give the parts with their paths again; raises `IndexError` where there is none."""
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
    """Give the JSON of a document: sorted keys, one space of indent, so that versions compare."""
    numbers: dict[Path, int] = {}
    values = {name: getattr(document, name) for name in _NAMES}
    for name, part in _PARTS.items():
        values[name] = part.number(values[name], numbers)
    stored = _DOCUMENT(**values, paths=tuple(numbers))
    return msgspec.json.format(msgspec.json.encode(stored, order="sorted"), indent=1) + b"\n"


def decode(data: bytes) -> Document:
    """Give the document of its JSON.

    Raises:
        msgspec.MsgspecError: it is none.

    """
    stored = msgspec.json.decode(data, type=_DOCUMENT)
    values = {name: getattr(stored, name) for name in _NAMES}
    try:
        for name, part in _PARTS.items():
            values[name] = part.look_up(values[name], stored.paths)
    except IndexError:
        raise msgspec.ValidationError("a path has a number that `paths` does not hold") from None
    return Document(**values)
