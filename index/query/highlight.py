"""The spans of a text that match a query, and the parts of a passage that matched.

Takes `Pattern`s and a record; gives [start, end) in code points of the stored text. Positions of
words in the text of a passage come from the index (`offsets_lookup`). Headings and titles, which
are joined there, are analysed again by the functions that indexed them, so that highlights agree
with the search.
"""

import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from shisaku.index.analysis.analyzer import readable, span_end, words
from shisaku.index.analysis.folding import search_key_map
from shisaku.index.query.patterns import Pattern
from shisaku.index.records.fields import measure_heading

Span = tuple[int, int]
Part = Literal["text", "head", "title"]
Worded = Callable[[Pattern, Part], bool]
"""(pattern, part) → False where the part of the passage cannot hold the words of the pattern."""
Spoken = Callable[[Pattern], Iterable[Span]]
"""pattern → spans of its words in the text of the passage."""


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
    """Return the spans sorted, with adjoining and overlapping ones joined."""
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
    worded: Worded = lambda sought, part: True,
    spoken: Spoken | None = None,
) -> tuple[list[list[int]], list[str]]:
    """Return the highlights in the text of the record, and the names of the parts that matched.

    The parts are `text`, `path` and `measure`; also `title`, that of the document, for patterns
    with that scope. A pattern limited to some documents is not searched in others. Words are not
    searched in a part for which `worded` is false. Without `spoken` the text is analysed.
    """
    text = record["text"]
    words_in_text = spoken or (lambda sought: _word_spans(sought, text))
    here = [p for p in patterns if p.documents is None or record["document"] in p.documents]

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
    """Return the span of about `width` characters of `text` with the first highlights."""
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
