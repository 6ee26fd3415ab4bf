"""Where in a text a query was found: for highlights, and to tell which part of a passage matched.

It analyses the text once more, with the same functions that indexed it, so that what is marked is
what was found; spans are [start, end] code points of the text as stored.
"""

import bisect
from collections.abc import Iterator, Mapping
from typing import Any

from index.analyzer import readable, span_end, words
from index.match import Pattern, pattern
from index.query import Term
from index.records import measure_heading
from ingest.text.fold import fold_map

Span = tuple[int, int]


def find_spans(sought: Pattern, text: str) -> Iterator[Span]:
    """Yield the spans of `text` that match, by words and literally; they may overlap."""
    text = readable(text)
    key, offsets = fold_map(text)
    at = key.find(sought.literal)
    while at >= 0:
        last = at + len(sought.literal) - 1
        yield offsets[at], span_end(text, offsets, last)
        at = key.find(sought.literal, at + 1)
    if not sought.slots:
        return
    found = words(text)
    by_position = {word.position: word for word in found}
    for word in found:
        spanned = [by_position.get(word.position + place) for _, place in sought.slots]
        if all(
            other is not None and not set(keys).isdisjoint(other.terms)
            for other, (keys, _) in zip(spanned, sought.slots, strict=True)
        ):
            end = by_position[word.position + sought.slots[-1][1]].end
            yield word.start, end


def merge(spans: list[Span]) -> list[list[int]]:
    """Give the spans in order, those that touch or overlap as one."""
    merged: list[list[int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return merged


def locate(terms: tuple[Term, ...], record: Mapping[str, Any]) -> tuple[list[list[int]], list[str]]:
    """Give the highlights in the record's text, and which of text, path and measure matched."""
    patterns = [pattern(term) for term in terms]
    spans = [span for sought in patterns for span in find_spans(sought, record["text"])]

    def found_in(texts: list[str]) -> bool:
        return any(
            next(find_spans(sought, text), None) is not None
            for sought in patterns
            for text in texts
        )

    matched = ["text"] if spans else []
    if found_in(record["path"]):
        matched.append("path")
    if record["measure"] and found_in([measure_heading(record)]):
        matched.append("measure")
    return merge(spans), matched


def excerpt(text: str, highlights: list[list[int]], width: int) -> tuple[int, int]:
    """Give the span of about `width` characters of `text` that shows the first highlights."""
    if len(text) <= width:
        return 0, len(text)
    first = highlights[0][0] if highlights else 0
    start = max(0, min(first - width // 4, len(text) - width))
    # Begin with a sentence where one begins nearby.
    stops = [index + 1 for index, char in enumerate(text[:first]) if char == "。"]
    near = bisect.bisect_left(stops, start)
    if near < len(stops) and stops[near] - start < width // 4:
        start = stops[near]
    return start, min(len(text), start + width)
