"""Is the text in reading order? Pages transcribed by eye against what the parser makes of them.

A transcript (bench/fidelity/transcripts) is an order, not a text: for each printed line its page,
its first characters and its last ones, in the order in which a reader reads them. The words
themselves come out of the page when it is measured, so nothing of the corpus is copied.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.corpus import HERE, ROOT, key
from bench.fidelity.chars import PrintedLine, lines, printed_pages
from bench.fidelity.linear import pieces
from shisaku.ingest.model import Document

TRANSCRIPTS = HERE / "fidelity/transcripts"
# One glyph of many fonts; which of the two a text layer names is chance.
_SAME = str.maketrans({"‧": "・"})


class TranscriptError(Exception):
    """A line of a transcript does not stand on its page."""


@dataclass(frozen=True)
class Transcript:
    """The order of the lines of some pages; `beginning` where it holds only the first of them."""

    name: str
    file: str
    pages: tuple[int, ...]
    pointers: tuple[tuple[int, str, str], ...]
    vertical: bool = False
    beginning: bool = False

    @property
    def path(self) -> Path:
        """The file in the corpus."""
        return ROOT / self.file


def transcripts(prefix: str) -> Iterator[Transcript]:
    """Yield the transcripts whose names begin with `prefix`."""
    for path in sorted(TRANSCRIPTS.glob(f"{prefix}*.toml")):
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        pointers = tuple((page, first, last) for page, first, last in raw["lines"])
        yield Transcript(
            path.stem, raw["file"], tuple(raw["pages"]), pointers,
            raw.get("vertical", False), raw.get("beginning", False),
        )  # fmt: skip


def printed(transcript: Transcript) -> str:
    """Return the words of the transcribed lines in their order, taken from the file.

    Raises `TranscriptError` where a line is not found.
    """
    numbers = sorted({page for page, _, _ in transcript.pointers})
    left = {
        page.number: lines(page, vertical=transcript.vertical)
        for page in printed_pages(transcript.path, numbers)
    }
    return "".join(_take(transcript, left[page], first, last)
                   for page, first, last in transcript.pointers)  # fmt: skip


def _take(transcript: Transcript, left: list[PrintedLine], first: str, last: str) -> str:
    """Take the first line that a pointer fits; two tiers may stand on one line of a page."""
    for at, line in enumerate(left):
        whole = line.text == first if not last else line.text.endswith(last)
        if whole and line.text.startswith(first):
            del left[at]
            return line.text
    for line in left:
        start = line.text.find(first)
        end = line.text.find(last, start + len(first)) if start >= 0 else -1
        if last and end >= 0:
            return line.text[start : end + len(last)]
    raise TranscriptError(f"{transcript.name}: no line {first}…{last}")


def read(document: Document, transcript: Transcript) -> str:
    """Return what the parser read on the transcribed pages, in its order."""
    numbers = set(transcript.pages)
    return "".join(
        key(piece.text)
        for piece in pieces(document, repeats=False)
        if not numbers.isdisjoint(range(piece.page, piece.page_end + 1))
    )


def score(document: Document, transcript: Transcript) -> float:
    """Return 1 − the edit distance between print and parse over the length of the longer one.

    Where only the beginning is transcribed, the parse may end anywhere. A title that the print
    holds in one piece is left out of both: the parsed document keeps it apart from the text.
    """
    wanted, found = (
        text.translate(_SAME) for text in (printed(transcript), read(document, transcript))
    )
    title = key(document.title).translate(_SAME)
    if title in wanted and found.startswith(title):
        wanted, found = wanted.replace(title, "", 1), found[len(title) :]
    ends = distances(wanted, found)
    if transcript.beginning:
        return 1 - min(min(ends) / max(len(wanted), 1), 1.0)
    return 1 - ends[-1] / max(len(wanted), len(found), 1)


def distances(wanted: str, found: str) -> Sequence[int]:
    """Return the edit distance of `wanted` to each beginning of `found`, the empty one first.

    Myers' bit vectors: a column of the table of distances is two integers (Hyyrö 2003).
    """
    size = len(wanted)
    if not size:
        return range(len(found) + 1)
    masks: dict[str, int] = {}
    for at, char in enumerate(wanted):
        masks[char] = masks.get(char, 0) | 1 << at
    full, top = (1 << size) - 1, 1 << (size - 1)
    up, down = full, 0
    distance = size
    ends = [distance]
    for char in found:
        equal = masks.get(char, 0)
        level = ((((equal & up) + up) ^ up) | equal | down) & full
        grows = down | ~(level | up) & full
        falls = up & level
        distance += bool(grows & top) - bool(falls & top)
        grows, falls = (grows << 1 | 1) & full, falls << 1 & full
        up = falls | ~(level | grows) & full
        down = grows & level
        ends.append(distance)
    return ends
