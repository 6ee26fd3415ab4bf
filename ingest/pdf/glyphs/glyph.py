"""A glyph: a character as it stands on a page."""

import msgspec


class Glyph(msgspec.Struct, gc=False):
    """A visible glyph or a space: its character(s), box in points, size, font name.

    `middle` is its vertical centre, `centre` the horizontal one, `blank` whether it prints nothing;
    all are asked for often. Its place and text never change. There are many: `make_glyph` works out
    what follows from the rest, `read_glyphs` does so for a strip at a time.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    font: str
    upright: bool
    doubled: bool
    middle: float
    centre: float
    blank: bool

    def at(
        self, x0: float, top: float, x1: float, bottom: float, text: str | None = None
    ) -> "Glyph":
        """Give the same glyph in another place, or with another text."""
        return make_glyph(
            self.text if text is None else text, x0, top, x1, bottom, self.size, self.font,
            self.upright, self.doubled,
        )  # fmt: skip


def make_glyph(
    text: str, x0: float, top: float, x1: float, bottom: float, size: float, font: str,
    upright: bool = True, doubled: bool = False,
) -> Glyph:  # fmt: skip
    """Give a glyph."""
    return Glyph(
        text, x0, top, x1, bottom, size, font, upright, doubled,
        (top + bottom) / 2, (x0 + x1) / 2, not text or text.isspace(),
    )  # fmt: skip
