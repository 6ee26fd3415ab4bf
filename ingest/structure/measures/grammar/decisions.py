"""What lines of one shape are in a document: heads or items, titles or items, lines of bodies.

Each function takes the shapes of all blocks and looks at what follows the lines of a class.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

from shisaku.ingest.structure.measures.constructs import constructs
from shisaku.ingest.structure.measures.grammar.shapes import Kind, Shape, following
from shisaku.ingest.structure.outline.numbering import parse_label
from shisaku.ingest.text.joining import ends_sentence

LEAST = 3
"""Lines of a class, or measures, from which they say something."""
_NEAR = 4
"""Blocks within which an item stands below a line of bodies, further such lines between them."""
MOST = 0.6
"""Share of a class of lines from which all of it are the same."""


def decide_short(shapes: list[Shape]) -> None:
    """Take short lines behind a bullet as heads where text of another shape follows them."""
    classes: dict[str, list[bool]] = defaultdict(list)
    for at, shape in enumerate(shapes):
        if shape.kind in {"short", "item"}:
            below = following(shapes, at)
            classes[shape.key].append(
                shape.kind == "short"
                and below is not None
                and shapes[below].kind in {"text", "item", "table"}
                and shapes[below].key != shape.key
            )
    chosen = {
        key
        for key, found in classes.items()
        if key and sum(found) >= LEAST and sum(found) >= MOST * len(found)
    }
    for at, shape in enumerate(shapes):
        if shape.kind == "short":
            kind: Kind = "head" if shape.key in chosen else "item"
            shapes[at] = shape._replace(kind=kind)


def decide_leading(shapes: list[Shape]) -> None:
    """Take items with bodies that end no sentence as titles where a list without any follows them.

    Of a list of two levels only the upper one names bodies then, and they hold for the lower one.
    """
    classes: dict[str, list[int]] = defaultdict(list)
    followed: Counter[str] = Counter()
    total = Counter(shape.key for shape in shapes if shape.kind in {"item", "short"})
    for at, shape in enumerate(shapes):
        if shape.kind != "item" or shape.listed is None or ends_sentence(shape.words):
            continue
        classes[shape.key].append(at)
        below = following(shapes, at)
        followed[shape.key] += (
            below is not None
            and shapes[below].kind in {"item", "short"}
            and shapes[below].listed is None
            and shapes[below].key not in {"", shape.key}
        )
    for key, places in classes.items():
        if key and followed[key] >= LEAST and followed[key] >= MOST * total[key]:
            for at in places:
                label = parse_label(shapes[at].words)
                words = shapes[at].words[label.end :].strip() if label else shapes[at].words
                shapes[at] = shapes[at]._replace(kind="headed", words=words)


def decide_headed(shapes: list[Shape]) -> None:
    """Take lines that end with bodies as titles where text without bodies follows them."""
    classes: dict[str, list[bool]] = defaultdict(list)
    for at, shape in enumerate(shapes):
        if shape.kind == "headed":
            below = following(shapes, at)
            classes[shape.key].append(
                below is not None and shapes[below].kind != "headed"
                and shapes[below].listed is None
            )  # fmt: skip
    items = Counter(shape.key for shape in shapes if shape.kind == "item" and shape.listed)
    for at, shape in enumerate(shapes):
        if shape.kind == "headed":
            found = classes[shape.key]
            titles = sum(found) >= MOST * (len(found) + items[shape.key])
            if not titles:
                shapes[at] = shape._replace(kind="item")


def lines_of_bodies(shapes: Sequence[Shape]) -> frozenset[int]:
    """Return the lines of bodies alone that stand above their items, where the document does so."""
    found: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for at, shape in enumerate(shapes):
        if shape.kind != "bodies":
            continue
        # Who is in charge and who acts beside may stand on lines one below the other.
        below = next(
            (s for s in shapes[at + 1 : at + _NEAR] if s.kind not in {"note", "bodies"}), None
        )
        above = below is not None and below.kind in {"item", "text", "short"}
        found[shape.kind].append((at, above))
    lines: set[int] = set()
    for group in found.values():
        number = sum(above for _, above in group)
        if number >= constructs().bodies_least and number >= constructs().bodies_share * len(group):
            lines.update(at for at, _ in group)
    return frozenset(lines)
