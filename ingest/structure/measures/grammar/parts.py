"""Names of parts: lines that return under many titles (現状, 課題), or above them (施策の内容).

`Parts` takes the shapes of all blocks and the lines that number sheets, and gives the positions of
parts, with whether they stand above titles there.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from shisaku.ingest.structure.measures.constructs import constructs, says
from shisaku.ingest.structure.measures.grammar.decisions import LEAST, MOST
from shisaku.ingest.structure.measures.grammar.shapes import Shape, following, shape_words


class Parts:
    """The parts of one document."""

    def __init__(self, shapes: Sequence[Shape], markers: Collection[int]) -> None:
        self.shapes = shapes
        self.markers = markers

    def find(self) -> dict[int, bool]:
        """Return the names of parts; True where the part stands above titles, and ends a measure.

        Words that return under many titles name a part; so do lines that return with a number.
        """
        places: dict[str, list[int]] = defaultdict(list)
        for at, shape in enumerate(self.shapes):
            if shape.kind in {"wrapped", "head"}:
                places[shape.key].append(at)
        found: dict[int, str] = dict.fromkeys(self.markers, "marker")
        for key, group in places.items():
            words = Counter(shape_words(self.shapes[at]) for at in group)
            repeated = sum(count for count in words.values() if count > 1)
            whole = (
                len(group) >= constructs().part_least
                and len(words) <= constructs().part_distinct * len(group)
                and repeated >= 0.5 * len(group)
                and self._stand_above_content(group)
            )
            for at in group:
                again = words[shape_words(self.shapes[at])]
                known = says(constructs().part, self.shapes[at].words)
                if (whole and (again > 1 or known)) or (again >= LEAST and known):
                    found[at] = key
        return dict(self._ranked_parts(found))

    def _stand_above_content(self, group: Sequence[int]) -> bool:
        """Tell whether lines of one class stand above text; a line in brackets may do otherwise.

        Headings of an outline return as well, above other headings.
        """
        if self.shapes[group[0]].kind == "wrapped":
            return True
        below = [following(self.shapes, at) for at in group]
        above = [b is not None and self.shapes[b].kind in {"text", "item", "table"} for b in below]
        return sum(above) >= MOST * len(group)

    def _ranked_parts(self, parts: Mapping[int, str]) -> Iterator[tuple[int, bool]]:
        """Yield the parts with whether they stand above titles there.

        One document may do both: a part directly below a title is the title's, as are those that
        follow it; one directly above a title is not. Where neither is so, the last of its class
        decides, then the class. A part below a section is no title's.
        """
        above = self._above_titles(parts)
        main = self._main_class(parts)
        modes: dict[str, bool] = {}
        title: int | None = None
        lower = content = False
        for at, shape in enumerate(self.shapes):
            if at in parts:
                key = parts[at]
                below = following(self.shapes, at)
                upper = (
                    at in self.markers
                    or title is None
                    or (below is not None and below not in parts and self._is_titled(below))
                    or self._is_section(title, main)
                )
                if upper or (title is not None and not content):
                    modes[key] = upper
                lower = lower or not (upper or content)
                if not upper and not lower:
                    upper = modes.get(key, key in above)
                yield at, upper
                if upper:
                    title, lower = None, False
                content = False
            elif shape.may_head:
                title, lower, content = at, False, False
            elif shape.kind in {"item", "text", "table"}:
                content = True

    def _is_section(self, title: int, main: str) -> bool:
        """Tell whether a line is a section's where titles are set in brackets or with bodies."""
        return (
            self.shapes[title].kind == "head"
            and self.shapes[title].key != main
            and main.partition(" ")[0] in {"wrapped", "headed"}
        )

    def _is_titled(self, at: int) -> bool:
        """Tell whether a line is set like a title: in brackets, or with bodies of its own."""
        return self.shapes[at].kind in {"wrapped", "headed"}

    def _main_class(self, parts: Mapping[int, str]) -> str:
        """Return the kind and class of line that stands most often above items, parts apart."""
        votes: Counter[str] = Counter()
        last = ""
        for at, shape in enumerate(self.shapes):
            if shape.may_head and at not in parts:
                last = f"{shape.kind} {shape.key}"
            elif shape.kind in {"item", "text"} and last:
                votes[last] += 1
                last = ""
        return votes.most_common(1)[0][0] if votes else ""

    def _above_titles(self, parts: Mapping[int, str]) -> frozenset[str]:
        """Return the classes of parts that stand directly above titles more often than below."""
        votes: Counter[tuple[str, bool]] = Counter()
        for at, key in parts.items():
            below = following(self.shapes, at)
            if below is not None and below not in parts and self._is_titled(below):
                votes[key, True] += 1
            above = at - 1
            while above >= 0 and self.shapes[above].kind in {"note", "bodies", "charge"}:
                above -= 1
            if above >= 0 and above not in parts and self._is_titled(above):
                votes[key, False] += 1
        return frozenset(key for key in set(parts.values()) if votes[key, True] > votes[key, False])
