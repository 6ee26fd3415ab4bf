"""What has been painted on a page so far: characters as strips, paths and images as pdfplumber's.

Stands for pdfminer's device and pdfplumber's `Page.process_object` in one, so that a character is
made once and not three times.
"""

from collections.abc import Sequence
from typing import Any

from pdfminer.layout import LTImage
from pdfminer.pdftypes import PDFStream
from pdfminer.utils import Matrix, apply_matrix_rect, decode_text
from pdfplumber.page import Page
from pdfplumber.utils.pdfinternals import resolve_all

from shisaku.ingest.pdf.glyphs.strips import Strip
from shisaku.ingest.pdf.painting.fonts import FontShelf

Drawn = dict[str, Any]

Place = tuple[Strip, int]
"""A character by its strip and its place in it."""

_OF_IMAGES = {"stream", "srcsize", "imagemask", "bits", "colorspace"}
_LONGEST = 3
"""Glyphs up to which one /ActualText may stand for several; more are a description of a figure."""


_SAYS_NOTHING: tuple[str | None, list[Place]] = (None, [])
"""A marked content without /ActualText; nothing is gathered in it."""


class Sheet:
    """The objects painted on a page, in order, by kind.

    `ctm` is the matrix that paints now. It is the device's, not the graphics state's: after a form
    it stays the form's until the page sets it anew, as in pdfminer.
    """

    def __init__(self, page: Page, fonts: FontShelf) -> None:
        self.page = page
        self.fonts = fonts
        self.left, self.above = page.mediabox[:2]
        self.height = page.height
        self.doctop = page.initial_doctop
        self.strips: list[Strip] = []
        self.paths: dict[str, list[Drawn]] = {"line": [], "rect": [], "curve": []}
        self.images: list[Drawn] = []
        self._pictures: dict[int, Drawn] = {}
        self.ctm: Matrix = (1, 0, 0, 1, 0, 0)
        self.spans: list[tuple[str | None, list[Place]]] = []
        self.gathering: list[Place] | None = None
        """Takes the characters that an /ActualText stands for."""
        self.tags = 0
        """Marked contents that are open."""
        self._hidden: tuple[int, int, dict[str, int], int] | None = None
        """Of the outermost one that is hidden: which it is, and what had been painted before."""
        self._fresh = False
        self.unseen = False
        """Whether characters are set invisibly now."""
        self.outline = 0.0
        """Width in points of the stroke around characters, in the colour that fills them."""
        self.replaced = 0

    def strip_at(
        self,
        y0: float,
        y1: float,
        size: float,
        font: str,
        upright: bool,
        tilt: float = 0.0,
        diagonal: bool = False,
    ) -> Strip:
        """Give the strip for characters between two heights of the device: a new one, or the last.

        The last goes on where it stands at the same height.
        """
        top, bottom = (self.height - y1) + self.above, (self.height - y0) + self.above
        last = self.strips[-1] if self.strips else None
        if (
            last is None or last.top != top or last.font != font or last.bottom != bottom
            or last.size != size or last.upright != upright or last.tilt != tilt
            or last.unseen != self.unseen or last.diagonal != diagonal
            or last.outline != self.outline
            # What an /ActualText stands for is told by strips.
            or self.gathering is not None or self._fresh
        ):  # fmt: skip
            last = Strip(
                [], [], [], top, bottom, size, font, upright, tilt, self.unseen, diagonal,
                self.outline,
            )  # fmt: skip
            self.strips.append(last)
            self._fresh = False
        return last

    def show(self) -> None:
        """Take away what was painted on a layer that is off, and show what follows."""
        if self._hidden is None:
            return
        _, strips, paths, images = self._hidden
        del self.strips[strips:], self.images[images:]
        for kind, count in paths.items():
            del self.paths[kind][count:]
        self._hidden = None

    def begin_tag(self, props: Any = None, *, hidden: bool = False) -> None:
        """Begin marked content (BMC, BDC); `hidden` where it belongs to a layer that is off."""
        self.tags += 1
        if hidden and self._hidden is None:
            # What is painted from here on is taken away again when the tag ends.
            paths = {kind: len(items) for kind, items in self.paths.items()}
            self._hidden = (self.tags, len(self.strips), paths, len(self.images))
            self._fresh = True
        self.gathering = None
        if isinstance(props, dict):
            text = props.get("ActualText")
            if isinstance(text, bytes):
                self.gathering = []
                self.spans.append((decode_text(text), self.gathering))
                return
        self.spans.append(_SAYS_NOTHING)

    def end_tag(self) -> None:
        """End marked content (EMC); a damaged page may end more than it began."""
        if self.spans:
            if self._hidden is not None and self._hidden[0] == self.tags:
                self.show()
            self.tags -= 1
            text, glyphs = self.spans.pop()
            if text is not None:
                self.replaced += _replace(glyphs, text)
        open_ = self.spans[-1] if self.spans else _SAYS_NOTHING
        self.gathering = open_[1] if open_[0] is not None else None

    def image(self, name: str, stream: PDFStream) -> None:
        """Paint an image over the unit square."""
        x0, y0, x1, y1 = apply_matrix_rect(self.ctm, (0, 0, 1, 1))
        left, width = self.left, x1 - x0
        top = (self.height - y1) + self.above
        if left:
            x0, x1 = x0 + left, x1 + left
        self.images.append({
            **self._described(stream), "x0": x0, "y0": y0, "x1": x1, "y1": y1, "width": width,
            "height": y1 - y0, "name": name, "object_type": "image", "top": top,
            "bottom": (self.height - y0) + self.above, "doctop": self.doctop + top,
        })  # fmt: skip

    def _described(self, stream: PDFStream) -> Drawn:
        if id(stream) not in self._pictures:
            item = LTImage("", stream, (0, 0, 1, 1))
            self._pictures[id(stream)] = {
                key: resolve_all(value) for key, value in vars(item).items() if key in _OF_IMAGES
            }
        return self._pictures[id(stream)]

    def objects(self) -> dict[str, list[Drawn]]:
        """Give the paths and images on the page by pdfplumber's names of kinds."""
        found = {**self.paths, "image": self.images}
        return {kind: items for kind, items in found.items() if items}


def _replace(glyphs: Sequence[Place], text: str) -> int:
    """Give the glyphs the characters of `text`; give back how many changed."""
    if len(glyphs) == len(text):
        said = list(text)
    elif 0 < len(glyphs) <= _LONGEST and text:
        said = [text, *[""] * (len(glyphs) - 1)]
    else:
        return 0
    changed = 0
    for (strip, at), new in zip(glyphs, said, strict=True):
        changed += strip.texts[at] != new
        strip.texts[at] = new
    return changed
