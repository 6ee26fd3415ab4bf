"""The spans of a text that match a query, and the parts of a passage that matched.

Words in the text of a passage are read off the index where the engine keeps offsets. Headings and
titles, which are indexed joined, are analysed once more by the functions that indexed them. Spans
are [start, end) code points of the text as stored.
"""

import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from shisaku.index.analysis.analyzer import readable, span_end, words
from shisaku.index.analysis.folding import search_key_map
from shisaku.index.query.plan import Part, Pattern
from shisaku.index.records.fields import measure_heading

Span = tuple[int, int]
Holds = Callable[[Pattern, Part], bool]
"""(pattern, part) → whether the part of the passage can hold the words of the pattern."""
Offsets = Callable[[Pattern], Iterable[Span] | None]
"""Pattern → where in the text of the passage its words stand; None where that is not known."""


def find_spans(sought: Pattern, text: str, *, words: bool = True) -> Iterator[Span]:
    """Yield the spans of `text` that match, by words and literally; they may overlap.

    With `words` false only literally, without the cost of the analysis.
    """
    yield from _literal_spans(sought, text)
    if words:
        yield from _word_spans(sought, text)


def finds(sought: Pattern, text: str) -> tuple[bool, bool]:
    """Return (whether `text` matches by words, whether it matches literally)."""
    return any(True for _ in _word_spans(sought, text)), any(
        True for _ in _literal_spans(sought, text)
    )


def _literal_spans(sought: Pattern, text: str) -> Iterator[Span]:
    text = readable(text)
    key, offsets = search_key_map(text)
    for literal in sought.literals:
        at = key.find(literal)
        while at >= 0:
            yield offsets[at], span_end(text, offsets, at + len(literal) - 1)
            at = key.find(literal, at + 1)


def _word_spans(sought: Pattern, text: str) -> Iterator[Span]:
    if not sought.phrases:
        return
    found = words(readable(text))
    by_position = {word.position: word for word in found}
    for phrase in sought.phrases:
        if len(phrase) > len(found):
            continue  # each of its words has a position of its own
        slots = [(frozenset(keys), place) for keys, place in phrase]
        for word in found:
            spanned = [by_position.get(word.position + place) for _, place in slots]
            if all(
                other is not None and not keys.isdisjoint(other.terms)
                for other, (keys, _) in zip(spanned, slots, strict=True)
            ):
                yield word.start, by_position[word.position + slots[-1][1]].end


def merge(spans: list[Span]) -> list[list[int]]:
    """Return the spans in order, those that touch or overlap as one."""
    merged: list[list[int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return merged


def locate(
    patterns: Sequence[Pattern],
    record: Mapping[str, Any],
    worded: Holds = lambda sought, part: True,
    offsets: Offsets = lambda sought: None,
) -> tuple[list[list[int]], list[str]]:
    """Return the highlights in the record's text, and which of its parts matched.

    The parts are `text`, `path` and `measure`; `title`, the document's, only where a query asks for
    it by name. A pattern that holds in some documents only is not looked for in others. Where
    `worded` tells that a part does not hold its words, they are not looked for. Where `offsets`
    gives None the record's text is analysed.
    """
    text = record["text"]
    here = [p for p in patterns if p.documents is None or record["document"] in p.documents]

    def words_in_text(sought: Pattern) -> Iterable[Span]:
        known = offsets(sought)
        return _word_spans(sought, text) if known is None else known

    def holds(part: Part, scopes: tuple[str, ...], texts: Sequence[str]) -> bool:
        return any(
            next(find_spans(sought, text, words=worded(sought, part)), None) is not None
            for sought in here
            if sought.scope in scopes
            for text in texts
        )

    spans = [
        span
        for sought in here
        if sought.scope in ("", "text")
        for span in (*_literal_spans(sought, text), *words_in_text(sought))
    ]
    matched = ["text"] if spans else []
    if holds("head", ("", "heading"), record["path"]):
        matched.append("path")
    scopes = ("", "heading", "measure")
    if record["measure"] and holds("head", scopes, [measure_heading(record)]):
        matched.append("measure")
    if holds("title", ("title",), [record["title"]]):
        matched.append("title")
    return merge(spans), matched


def excerpt(text: str, highlights: list[list[int]], width: int) -> tuple[int, int]:
    """Return the span of about `width` characters of `text` that shows the first highlights."""
    if len(text) <= width:
        return 0, len(text)
    first = highlights[0][0] if highlights else 0
    start = max(0, min(first - width // 4, len(text) - width))
    # Begin at the beginning of a sentence where there is one nearby.
    stops = [index + 1 for index, char in enumerate(text[:first]) if char == "。"]
    near = bisect.bisect_left(stops, start)
    if near < len(stops) and stops[near] - start < width // 4:
        start = stops[near]
    return start, min(len(text), start + width)
