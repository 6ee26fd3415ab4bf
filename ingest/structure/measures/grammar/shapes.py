"""What a paragraph of a plan is by its own shape: a title in brackets, bodies alone, an item, ….

`shape_of` takes a block and gives a `Shape`. A shape alone decides nothing: whether lines of it
are titles in this document, `ingest.structure.measures.reading` tells by what returns.
"""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from shisaku.ingest.model import Block, TextBlock
from shisaku.ingest.registry import registry
from shisaku.ingest.registry.lists import MinistryList
from shisaku.ingest.structure.measures.budget import money_line, read_budget, without_budget
from shisaku.ingest.structure.measures.constructs import constructs
from shisaku.ingest.structure.outline.numbering import Label, parse_label
from shisaku.ingest.text.fold import fold
from shisaku.ingest.text.joining import ends_sentence

Kind = Literal[
    "note", "table", "budget", "bodies", "charge", "wrapped", "headed", "item", "short", "head",
    "text",
]  # fmt: skip

_SMALL_ROMAN = re.compile(r"[（(]?[ⅰ-ⅻ][)）.．][\s\u3000]*")
_PREDICATE = re.compile(r"(?:[うくすつぬぶむるぐ]|した|ない|ます|です)$")
_MAY_NAME = re.compile("[省庁府院局部官会裁察隊]|^.{1,40}[・、/].{1,20}$")
"""What a line of bodies holds: the end of a name, or characters in a list (警・法・厚)."""
_MOST_BODIES = 200
"""Characters of a line of bodies; 20 names have about 120."""
_DIGITS = re.compile(r"[0-9]+")
_MARKER = 24
"""Characters of a line that numbers a sheet: 施策No.23."""
_FAR = 6
"""Blocks within which what follows a line is looked for."""
_LONG_HEAD = 90
"""Characters of a numbered line that may head something."""


class Shape(NamedTuple):
    """A block's kind, the class of its line, its words without label and brackets, its bodies.

    `key` is equal for lines that are set and opened alike; "" where the kind has no classes.
    """

    kind: Kind
    key: str = ""
    words: str = ""
    listed: MinistryList | None = None

    @property
    def may_head(self) -> bool:
        """Whether it may be the title of what stands below it."""
        return self.kind in {"wrapped", "headed", "head"}


def shape_of(block: Block, *, heading: bool) -> Shape:
    """Return the shape of `block`; `heading` tells that the outline has it as a heading."""
    if not isinstance(block, TextBlock):
        return Shape("table")
    if block.role in {"footnote", "caption"}:
        return Shape("note")
    text = " ".join(block.text.split("\n")).strip()
    if not text:
        return Shape("note")
    if money_line(text):
        return Shape("budget")
    text = without_budget(text)[0]
    label = parse_label(text)
    rest = text[label.end :].strip() if label else text
    bullet = text[: label.end].strip() if label and label.kind == "bullet" else ""
    if (found := _bodies(text, rest, bullet, label)) is not None:
        return found
    if not label or bullet:
        inner = _wrapped(rest if bullet else text)
        if inner:
            return Shape("wrapped", f"{bullet}{fold(rest[:1])}", inner)
    if small := _SMALL_ROMAN.match(text):
        if _is_line(text):
            return Shape("head", "small roman", text[small.end() :])
        return Shape("item", "small roman", text[small.end() :])
    listed = registry().find_trailing_list(text)
    if listed is not None and block.role == "list_item":
        key = bullet or (label.kind if label else "")
        return Shape("item", key, text[: listed[1]].rstrip(), listed[0])
    if listed is not None and listed[1] > 0:
        return _with_bodies(text, listed, label, bullet, heading=heading)
    if heading:
        return Shape("head", _head_key(block, label), rest)
    if label is not None:
        return _labelled(text, rest, label, bullet)
    return Shape("text", words=text)


def _bodies(text: str, rest: str, bullet: str, label: Label | None) -> Shape | None:
    """Return the shape of a line that is nothing but bodies, None for others."""
    if len(text) > _MOST_BODIES or not _MAY_NAME.search(text) or ends_sentence(text):
        return None
    words = rest if bullet else text
    listed = registry().parse_list(words) or _named_lists(words)
    if listed is not None and not listed.unknown:
        opened = words[:1] in constructs().pairs
        if opened and not bullet:
            return Shape("charge", "charge", words, listed)
        return Shape("bodies", f"bodies{bullet}", words, listed)
    key = fold(rest)
    for found in constructs().suffix.finditer(key):
        if found.end() == len(key) and found.start() > 0:
            listed = registry().parse_list(key[: found.start()])
            if listed is not None:
                return Shape("head", label.kind if label else "bodies' deeds", rest, listed)
    return None


def _named_lists(words: str) -> MinistryList | None:
    """Return the bodies of several lists on one line: 主担当：文部科学省　関係省庁：警察庁."""
    parts = words.split()
    if len(parts) < 2 or not all(":" in fold(part) for part in parts):
        return None
    lists = [listed for part in parts if (listed := registry().parse_list(part)) is not None]
    if len(lists) < len(parts):
        return None
    names = dict.fromkeys(name for listed in lists for name in listed.names)
    return MinistryList(tuple(names), any(listed.and_others for listed in lists))


def _wrapped(text: str) -> str:
    """Return what the brackets around the whole of `text` hold, "" where there are none."""
    closing = constructs().pairs.get(text[:1])
    if closing is None or not text.endswith(closing) or len(text) > constructs().longest_title:
        return ""
    opening, depth = text[0], 0
    for place, char in enumerate(text):
        depth += (char == opening) - (char == closing)
        if depth == 0 and place < len(text) - 1:
            return ""
    inner = text[1:-1].strip()
    if ends_sentence(inner) or sum(map(str.isalnum, inner)) < 2 or fold(inner) in {"再掲", "続き"}:
        return ""
    return inner


def _with_bodies(
    text: str, listed: tuple[MinistryList, int], label: Label | None, bullet: str, *, heading: bool
) -> Shape:
    """Return the shape of a line that ends with its bodies: a title or an item."""
    words = text[: listed[1]].rstrip()
    rest = words[label.end :].strip() if label else words
    key = bullet or (label.kind if label else "plain")
    if _is_line(words) and (heading or len(words) <= constructs().longest_title):
        return Shape("headed", key, rest, listed[0])
    return Shape("item" if label else "text", key if label else "", rest, listed[0])


def _labelled(text: str, rest: str, label: Label, bullet: str) -> Shape:
    key = bullet or label.kind
    if not _is_line(text) or len(text) > _LONG_HEAD:
        return Shape("item", key, rest)
    if not bullet:
        return Shape("head", key, rest) if len(rest) >= 2 else Shape("text", words=text)
    return Shape("short", key, rest)


def _is_line(words: str) -> bool:
    """Tell whether words are no sentence: they end neither with 。 nor with a predicate."""
    return not ends_sentence(words) and words[-1:] not in "、，" and not _PREDICATE.search(words)


def _head_key(block: TextBlock, label: Label | None) -> str:
    if label is not None and label.kind != "bullet":
        return label.kind
    return f"{label.text if label else ''}{'bold' if block.bold else 'plain'}{round(block.size)}"


def _may_mark(block: TextBlock) -> bool:
    return (
        len(block.text) <= _MARKER
        and not block.role
        and parse_label(block.text) is None
        and not read_budget(block.text)
        and not ends_sentence(block.text)
    )


def markers(flow: Sequence[Block], least: int) -> frozenset[int]:
    """Return the positions of short lines that return with another number: 施策No.23.

    `least` is how often such a line must return.
    """
    places: dict[str, list[int]] = {}
    for at, block in enumerate(flow):
        if isinstance(block, TextBlock) and _may_mark(block):
            key = fold(block.text)
            bare = _DIGITS.sub("#", key)
            if bare != key and any(map(str.isalpha, bare)) and parse_label(block.text) is None:
                places.setdefault(bare, []).append(at)
    found = set()
    for group in places.values():
        numbers = {fold(flow[at].text) for at in group}
        if len(group) >= least and len(numbers) >= 0.8 * len(group):
            found.update(group)
    return frozenset(found)


def following(shapes: Sequence[Shape], at: int) -> int | None:
    """Return the position of the next block that is no note, money or bodies, None far below."""
    for place in range(at + 1, min(at + _FAR, len(shapes))):
        if shapes[place].kind not in {"note", "budget", "bodies", "charge"}:
            return place
    return None


def shape_words(shape: Shape) -> str:
    """Return the words of a line by which it is known again."""
    return "".join(shape.words.split())
