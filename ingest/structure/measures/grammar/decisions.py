"""What lines of one shape are in a document: heads or items, titles or items, lines of bodies.

Each function takes the shapes of all blocks and looks at what follows the lines of a class.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

from shisaku.ingest.structure.measures.constructs import constructs
from shisaku.ingest.structure.measures.grammar.shapes import Kind, Shape, following

LEAST = 3
"""Lines of a class, or measures, from which they say something."""
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
        below = next((s for s in shapes[at + 1 : at + 3] if s.kind != "note"), None)
        above = below is not None and below.kind in {"item", "text", "short"}
        found[shape.kind].append((at, above))
    lines: set[int] = set()
    for group in found.values():
        number = sum(above for _, above in group)
        if number >= constructs().bodies_least and number >= constructs().bodies_share * len(group):
            lines.update(at for at, _ in group)
    return frozenset(lines)
