"""A title as printed, parted into its label and its words: 【施策番号7】更生保護施設の受入れ.

Numbers of measures stand before the title or behind it; both are its label.
"""

from shisaku.ingest.model import Line, TextBlock
from shisaku.ingest.structure.measures.constructs import constructs
from shisaku.ingest.structure.outline.numbering import parse_label

_COLONS = ":："
"""What parts a label from the words, and belongs to neither (重点課題２：…)."""


def parted(text: str) -> tuple[str, str]:
    """Return the label of a title and its words; the label is "" where none is printed."""
    words = text.strip()
    tags = constructs().tags
    labels: list[str] = []
    if found := tags.match(words):
        labels.append(found[0].strip())
        words = words[found.end() :]
    elif label := parse_label(words):
        labels.append(label.text.rstrip(_COLONS))
        words = words[label.end :].strip()
    behind = list(tags.finditer(words))
    if behind and behind[-1].end() == len(words) and behind[-1].start() > 0:
        labels.append(behind[-1][0].strip())
        words = words[: behind[-1].start()]
    elif (named := constructs().label.fullmatch(words)) and not any(labels):
        labels.append(named[1])
        words = named[2]
    return "".join(labels), words.strip()


def without_marks(block: TextBlock) -> str:
    """Return the text of a title on one line, without the signs of footnotes in it."""
    text = " ".join(block.text.split("\n")).strip()
    for line in block.lines:
        text = _drop(text, line)
    return text


def _drop(text: str, line: Line) -> str:
    place = text.find(line.text.strip())
    if place < 0 or not line.marks:
        return text
    shift = place - (len(line.text) - len(line.text.lstrip()))
    for start, end in sorted(line.marks, reverse=True):
        text = text[: shift + start] + text[shift + end :]
    return text
