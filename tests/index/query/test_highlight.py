"""Where a text is cut for an excerpt, and which spans become one."""

import pytest

from shisaku.index.query.highlight import excerpt, find_spans, finds, merge
from shisaku.index.query.parser import Term
from shisaku.index.query.patterns import pattern

TEXT = "０１２３４５６７８９" * 10  # 100 characters without a full stop


def stopped(*places: int) -> str:
    """Give the text with full stops at these places."""
    chars = list(TEXT)
    for place in places:
        chars[place] = "。"
    return "".join(chars)


EXCERPTS = [
    # the text, where the first highlight begins, width → the span
    (TEXT, 50, 100, (0, 100)),  # all of it
    (TEXT, 50, 99, (1, 100)),  # the last 99 characters
    (TEXT, None, 40, (0, 40)),
    (TEXT, 0, 40, (0, 40)),
    (TEXT, 9, 40, (0, 40)),
    (TEXT, 10, 40, (0, 40)),  # a quarter of the width stands before the highlight
    (TEXT, 11, 40, (1, 41)),
    (TEXT, 50, 40, (40, 80)),
    (TEXT, 70, 40, (60, 100)),
    (TEXT, 90, 40, (60, 100)),  # the end is shown in full
    # A sentence that begins within a quarter of the width begins the excerpt.
    (stopped(39), 50, 40, (40, 80)),
    (stopped(38), 50, 40, (40, 80)),  # it begins before: there is nothing to move
    (stopped(40), 50, 40, (41, 81)),
    (stopped(48), 50, 40, (49, 89)),
    (stopped(49), 50, 40, (40, 80)),  # ten characters on: a quarter, which is too far
    (stopped(41, 45), 50, 40, (42, 82)),  # the first of several
    (stopped(55), 50, 40, (40, 80)),  # behind the highlight
    (stopped(65), 90, 40, (66, 100)),
]


@pytest.mark.parametrize(("text", "first", "width", "span"), EXCERPTS)
def test_where_an_excerpt_begins(
    text: str, first: int | None, width: int, span: tuple[int, int]
) -> None:
    highlights = [] if first is None else [[first, first + 2], [first + 5, first + 7]]
    assert excerpt(text, highlights, width) == span


@pytest.mark.parametrize(
    ("spans", "merged"),
    [
        ([], []),
        ([(0, 2), (3, 4)], [[0, 2], [3, 4]]),
        ([(0, 2), (2, 4)], [[0, 4]]),  # they touch
        ([(0, 3), (2, 4)], [[0, 4]]),
        ([(0, 9), (2, 4)], [[0, 9]]),
        ([(5, 6), (0, 2)], [[0, 2], [5, 6]]),
        ([(0, 2), (0, 2)], [[0, 2]]),
    ],
)
def test_which_spans_are_one(spans: list[tuple[int, int]], merged: list[list[int]]) -> None:
    assert merge(spans) == merged


@pytest.mark.parametrize(
    ("query", "text", "spans", "found"),
    [
        # as words and as characters, as either of both, as neither
        ("取引", "人身取引の取引", [(2, 4), (5, 7)], (True, True)),
        ("取り組み", "取組の推進", [(0, 2)], (True, False)),
        ("京都", "東京都", [(1, 3)], (False, True)),
        ("大阪", "東京都", [], (False, False)),
        ("人身取引", "人身", [], (False, False)),
        ("取引取引", "取引取引取引", [(0, 4), (2, 6)], (True, True)),
        ("において", "東京において", [(2, 6)], (False, True)),  # function words have no place
    ],
)
def test_what_is_marked(
    query: str, text: str, spans: list[tuple[int, int]], found: tuple[bool, bool]
) -> None:
    sought = pattern(Term(query))
    assert sorted(set(find_spans(sought, text))) == spans
    assert finds(sought, text) == found
    literal = sorted(set(find_spans(sought, text, words=False)))
    assert literal == (spans if found[1] else [])
