"""Items of lists that are headings: `<li>１　状況<p>…。</p><p>…。</p></li>`.

Some pages number their parts with `<ol>`: each item has a few words of its own, then paragraphs of
sentences, or a list whose first item is of that kind. A plain list has its sentences in the item.
"""

from itertools import islice

from shisaku.ingest.html import dom
from shisaku.ingest.html.dom import Element, tag_of
from shisaku.ingest.html.styles import BLOCKS, LISTS
from shisaku.ingest.text.joining import ends_sentence

_LONGEST = 60
"""Characters of such an item's own words at most."""

_DEEPEST = 3
"""Lists within lists that are looked into."""

_SENTENCE = 40
"""Characters of a paragraph below it at least: shorter ones are remarks on an item."""


_MOST_PARTS = 100
"""Elements up to which the text of one is read: items may nest by the thousand."""


def heads_text(item: Element) -> bool:
    """Tell whether an `<li>` is the heading of the paragraphs, or of the list, that it holds."""
    for _ in range(_DEEPEST):
        words = (item.text or "").strip()
        below = next(iter(item), None)
        while below is not None and tag_of(below) not in BLOCKS:
            words += _text(below) + (below.tail or "")
            below = below.getnext()
        words = words.strip()
        if below is None or not words or len(words) > _LONGEST or words[-1] in "。、，：:":
            return False
        if tag_of(below) == "p":
            text = _text(below).strip()
            return len(text) >= _SENTENCE and ends_sentence(text)
        first = next(iter(below), None) if tag_of(below) in LISTS else None
        if first is None or tag_of(first) != "li":
            return False
        item = first
    return False


def _text(element: Element) -> str:
    """Give the text shown in `element`, "" where it has more than `_MOST_PARTS` elements."""
    if sum(1 for _ in islice(element.iter(), _MOST_PARTS + 1)) > _MOST_PARTS:
        return ""
    return "".join(dom.shown_texts(element))
