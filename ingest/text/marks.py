"""The signs that open an item of a list: bullets, as a set of a regular expression.

Reading lines and reading labels take the same ones, so that what opens a paragraph has a label.
"""

BULLETS = (
    r"○◎●〇◯□■◇◆△▲▽▼☆★▶►▸➢➤➣➔✓✔▪▫❖❑❒❐❏❍⧫⬥☐☑☒·・･•‣◦⚫⚪※＊*≫"
    r"\uf000-\uf0ff"
)
"""Single signs; the last are private ones of symbol fonts. A dash counts only before a space, and >
only when it is doubled."""
