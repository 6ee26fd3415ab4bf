"""Which lines stand out by their typeface: gothic (ゴシック体) in a text set in mincho (明朝体).

Japanese setting marks headings so where Latin setting uses bold; the font's name is all that a PDF
tells about it.
"""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from shisaku.ingest.model import Line
from shisaku.ingest.text.joining import count_wide

_MINCHO = re.compile(r"mincho|明朝|ming|song|(?<!sans)serif|ryumin|heiseimin|times", re.IGNORECASE)
_GOTHIC = re.compile(
    r"goth|ゴシック|sans|meiryo|メイリオ|kaku|gothicbbb|shingo|midashi|kozgo|rodin|yugo"
    r"|arial|helvetica",
    re.IGNORECASE,
)


def mark_gothic(pages: Sequence[Sequence[Line]]) -> list[tuple[Line, ...]]:
    """Give the lines of `pages` with gothic lines marked bold where most of the text is mincho."""
    total = mincho = 0
    for lines in pages:
        for line in lines:
            # Latin letters come in faces of their own (Century, Times) in either kind of text.
            wide = count_wide(line.text)
            total += wide
            mincho += wide * bool(_MINCHO.search(line.font))
    if mincho < 0.6 * total:
        return [tuple(lines) for lines in pages]
    return [
        tuple(replace(line, bold=True) if _GOTHIC.search(line.font) else line for line in lines)
        for lines in pages
    ]
