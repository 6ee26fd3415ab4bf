"""The numbers that a browser shows before the items of `<ol>`, which are not in the text.

HTML Standard, 4.4.5 and 4.4.8: `start`, `value`, `reversed` and `type` count; a list whose style
sheet shows no number has none, and one that builds it of a counter (`content: "（" counter(n)`)
the words around it. The trap: most such lists are numbered in their text already, because the
author hid the browser's numbers; then nothing is added.
"""

import re
from dataclasses import dataclass, field

from shisaku.ingest.html.dom import Element, tag_of

_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_MOST = 3999
"""The greatest number; larger ones of a hand-written `start` are shown in digits by browsers."""

_SHEET = 1 << 16
"""Characters of the page's style sheets that are read."""

_RULE = re.compile(r"([^{}]{1,200})\{([^{}]{0,1000})\}")
_HIDES = re.compile(r"list-style(?:-type)?\s*:[^;]{0,60}\bnone\b", re.I)
_COUNTED = re.compile(
    r"content\s*:\s*(?:[\"']([^\"']{0,10})[\"'])?\s*counters?\([^)]*\)\s*(?:[\"']([^\"']{0,10})[\"'])?",
    re.I,
)
_CLASS = re.compile(r"\bol\.([\w-]+)|\.([\w-]+)\s*>?\s*li\b")
_LABELLED = re.compile(
    r"[（(【\[]?(?:[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3}|[a-zA-Zａ-ｚＡ-Ｚ]|[ア-ン])[)）】\]．.、:：]"
    r"|[（(【\[](?:[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3}|[ア-ン])[)）】\]]|[①-⑳⑴-⒇]|第[0-9０-９一二三四五六七八九十]+"
    r"|(?:[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3}|[ア-ン])[\s\u3000]"
)


@dataclass
class _List:
    next: int
    step: int
    kind: str
    before: str = ""
    after: str = ". "
    shown: bool = True


@dataclass
class Numbers:
    """The open lists of a walk; `mark` gives what stands before the item that begins."""

    hidden: frozenset[str] = frozenset()
    """Classes whose style sheet shows no number."""
    counted: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Classes whose number is a counter, with the words before and behind it."""
    _open: list[_List | None] = field(default_factory=list)

    def begin(self, element: Element, tag: str) -> None:
        """Open a list."""
        self._open.append(self._numbered(element) if tag == "ol" else None)

    def end(self) -> None:
        """Close the innermost list."""
        if self._open:
            self._open.pop()

    def mark(self, item: Element) -> str:
        """Give the number of an `<li>` with the sign behind it, "" where none is shown."""
        current = self._open[-1] if self._open else None
        if current is None:
            return ""
        value = _number(item.get("value"))
        number = current.next if value is None else value
        current.next = number + current.step
        if not current.shown:
            return ""
        return current.before + _written(number, current.kind) + current.after

    def _numbered(self, element: Element) -> _List:
        backwards = element.get("reversed") is not None
        start = _number(element.get("start"))
        if start is None:
            start = sum(tag_of(child) == "li" for child in element) if backwards else 1
        kind = element.get("type", "1").strip()
        found = _List(start, -1 if backwards else 1, kind if kind in "aAiI" else "1")
        names = element.get("class", "").split()
        counted = next((self.counted[name] for name in names if name in self.counted), None)
        if counted is not None:
            found.before, found.after = counted
        elif self.hidden.intersection(names) or _HIDES.search(element.get("style", "")):
            found.shown = False
        return found


def numbers_of(root: Element) -> Numbers:
    """Give the numbering of a page's lists by its style sheets."""
    sheet = "".join(style.text or "" for style in root.iter("style"))[:_SHEET]
    hidden: set[str] = set()
    counted: dict[str, tuple[str, str]] = {}
    for selector, body in _RULE.findall(sheet):
        names = {one or other for one, other in _CLASS.findall(selector)}
        if not names:
            continue
        content = _COUNTED.search(body)
        if "before" in selector and content:
            counted |= dict.fromkeys(names, (content[1] or "", content[2] or " "))
        elif _HIDES.search(body):
            hidden |= names
    return Numbers(frozenset(hidden), counted)


def is_labelled(text: str) -> bool:
    """Tell whether an item begins with a number of its own."""
    return bool(_LABELLED.match(text))


def _number(value: str | None) -> int | None:
    found = re.fullmatch(r"\s*([+-]?[0-9]{1,6})\s*", value or "", re.ASCII)
    return int(found[1]) if found else None


def _written(number: int, kind: str) -> str:
    if kind == "1" or not 1 <= number <= _MOST:
        return str(number)
    text = _letters(number) if kind in "aA" else _roman(number)
    return text.upper() if kind in "AI" else text


def _letters(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def _roman(number: int) -> str:
    hundreds = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"))
    text = ""
    for value, sign in (*hundreds, (50, "l"), (40, "xl"), *_ROMAN):
        times, number = divmod(number, value)
        text += sign * times
    return text
