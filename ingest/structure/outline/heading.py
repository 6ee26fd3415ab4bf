"""A heading of a document, as finding, nesting and walking exchange it."""

from dataclasses import dataclass

from shisaku.ingest.model import TextBlock
from shisaku.ingest.structure.outline.numbering import Label

STRUCTURAL = frozenset(("part", "volume", "chapter", "section", "subsection", "division"))
"""Kinds of label that are parts of a text by their words alone."""


_BRACKETS = {
    "【": "【】", "〖": "【〗", "［": "［］", "[": "［]", "〔": "［〕", "＜": "＜＞", "<": "＜>",
    "〈": "＜〉", "《": "＜》", "≪": "＜≫", "～": "＜～", "〜": "＜〜", "（": "（）", "(": "（)",
}  # fmt: skip
"""Opening brackets, the shape that they are and what closes them."""
_ORNAMENTS = frozenset("■□◆◇●◎▼▽▲▶►★☆❖⧫⬥")
"""Bullets that stand before headings as well as before items."""


def shape_of(text: str) -> str:
    """Give the shape of a line without a label: the kind of bracket around it, "■", or ""."""
    words = text.strip()
    shape = _BRACKETS.get(words[:1])
    if shape is not None and len(words) > 2 and words[-1] in (shape[1], *_ALIKE.get(shape[1], ())):
        inner = words[1:-1]
        return shape[0] if words[0] not in inner and words[-1] not in inner else ""
    return "■" if words[:1] in _ORNAMENTS and words[1:] else ""


_ALIKE = {"）": ")", ")": "）", "］": "]", "]": "］", "＞": ">", ">": "＞"}


@dataclass(frozen=True)
class Heading:
    """A heading: its block, label and place among the document's headings.

    `text` is the heading as printed with its label; `depth` orders headings that markup ranks.
    """

    block: TextBlock
    text: str
    label: Label | None
    size: float
    bold: bool
    depth: int | None = None
    valued: bool = False
    """Whether its line ends with a value at the right edge, which is no part of `text`: the line is
    an item as well."""

    @property
    def kind(self) -> str:
        """The kind of its label, "" without one."""
        return self.label.kind if self.label else ""

    @property
    def title(self) -> str:
        """The heading without its label."""
        return self.text[self.label.end :].strip() if self.label else self.text

    @property
    def shape(self) -> str:
        """The sign that sets it off where it has no label, of `ranks.SHAPES`."""
        return shape_of(self.text) if self.label is None or self.kind == "bullet" else ""

    @property
    def name(self) -> str:
        """The heading as it is cited: a bullet (■, ≫) before it is an ornament."""
        return self.title if self.kind == "bullet" and self.title else self.text
