"""How the measurements print what they found, and where it goes in the docs."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_BEGIN = "<!-- {} -->\n"
_END = "<!-- end of {} -->"


@dataclass(frozen=True)
class Row:
    """A measured value against its floor, with what is wrong, and what the peers reach."""

    name: str
    value: str
    must: str
    good: bool
    failures: tuple[str, ...] = ()
    peers: tuple[str, ...] = ()
    """In the order of the columns; empty where there is nothing to compare."""


def width(text: str) -> int:
    """Return the columns that a text takes on a terminal: wide characters count 2."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def aligned(lines: Sequence[Sequence[str]]) -> str:
    """Return lines of cells in columns, a rule under the first."""
    widths = [max(width(line[at]) for line in lines) for at in range(len(lines[0]))]
    out = [
        "  ".join(
            cell + " " * (most - width(cell)) for cell, most in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    ]
    return "\n".join([out[0], "-" * (sum(widths) + 2 * len(widths) - 2), *out[1:]])


def write_between_marks(page: Path, lines: Sequence[Sequence[str]], name: str = "table") -> None:
    """Put lines of cells into a Markdown page, as the table between the two marks of its name."""
    rows = [f"| {' | '.join(line)} |" for line in lines]
    rows.insert(1, "|" + "---|" * len(lines[0]))
    before, mark, rest = page.read_text(encoding="utf-8").partition(_BEGIN.format(name))
    after = rest[rest.index(_END.format(name)) :]
    page.write_text("\n".join([before + mark + rows[0], *rows[1:], after]), encoding="utf-8")
