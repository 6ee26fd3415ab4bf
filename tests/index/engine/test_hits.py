"""What matches, and how well: held against dictionaries of scores, made number by number."""

from collections.abc import Sequence
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.index.engine.whoosh.hits import (
    NO_MERIT,
    Alike,
    AllOf,
    AnyOf,
    Match,
    Matches,
    Merits,
    merits_of,
    numbers_of,
    without,
)
from shisaku.index.engine.whoosh.scoring import Finding, How, Lengths, Scored

Plain = dict[int, Match]
# Sums of quarters are exact in whatever order they are added.
MERITS = st.builds(Match, st.integers(1, 9).map(lambda n: n / 4), st.booleans())
PLAIN = st.dictionaries(st.integers(0, 40), MERITS, max_size=30)


class Given(Matches):
    """What a dictionary holds; says what it was asked for."""

    def __init__(self, held: Plain) -> None:
        super().__init__(numbers_of(sorted(held)))
        self.held = held
        self.asked: list[int] = []

    def merits(self, numbers: Sequence[int]) -> Merits:
        """Look the numbers up."""
        self.asked += numbers
        return merits_of(numbers, self.held.__getitem__)


def told(found: Matches) -> Plain:
    """Give the merits of all at once, which are those of each alone."""
    kinds, which = found.merits(found.numbers)
    at_once = {number: kinds[kind] for number, kind in zip(found.numbers, which, strict=True)}
    assert list(at_once) == sorted(at_once) == list(found)
    assert dict(found) == at_once
    assert all((number in found) == (number in at_once) for number in range(42))
    return at_once


@given(st.lists(PLAIN, min_size=1, max_size=4))
def test_all_adds_and_asks_each(parts: list[Plain]) -> None:
    assert told(AllOf(list(map(Given, parts)))) == {
        number: Match(
            sum(part[number].score for part in parts), all(part[number].as_words for part in parts)
        )
        for number in set(parts[0]).intersection(*parts)
    }


@given(st.lists(PLAIN, min_size=1, max_size=4))
def test_any_adds_and_asks_one(parts: list[Plain]) -> None:
    assert told(AnyOf(list(map(Given, parts)))) == {
        number: Match(
            sum(part[number].score for part in parts if number in part),
            any(part[number].as_words for part in parts if number in part),
        )
        for number in set().union(*parts)
    }


@given(PLAIN, PLAIN)
def test_what_is_hidden_is_gone_and_the_rest_as_it_was(found: Plain, hidden: Plain) -> None:
    left = {number: merit for number, merit in found.items() if number not in hidden}
    assert told(without(Given(found), Given(hidden))) == left


class Codes:
    """Lengths of forty passages: the number of each, by its own code."""

    table = tuple(range(0, 200, 5))

    def codes(self, field: str) -> bytes:
        """Give the codes of a field."""
        return bytes(range(40) if field == "text_words" else reversed(range(40)))


HOWS: list[tuple[How, str]] = [
    ("words", "text_words"), ("words", ""), ("characters", "text_grams"), ("ranking", "head_words"),
]  # fmt: skip


@given(
    st.lists(
        st.tuples(
            st.sampled_from(HOWS),
            st.dictionaries(st.integers(0, 39), st.integers(1, 3), min_size=1, max_size=6),
        ),
        max_size=4,
    ),
    st.booleans(),
    st.booleans(),
)
def test_what_a_word_finds_is_scored_alike_alone_and_with_all(
    drawn: list[tuple[tuple[How, str], dict[int, int]]], only_literal: bool, words_only: bool
) -> None:
    lengths = Lengths(cast(Any, Codes()), {"text_words": 4000, "text_grams": 3000}, 40)
    found = {
        how: {number for (other, _), counts in drawn if other == how for number in counts}
        for how in ("words", "characters")
    }
    findings = [
        Finding(how, field, 0.5, {n: counts[n] for n in sorted(counts) if how != "ranking" or n in
                                  found["words"] | found["characters"]})
        for (how, field), counts in drawn
    ]  # fmt: skip
    merits = told(Scored(findings, lengths, only_literal=only_literal, words_only=words_only))
    shown = found["words"] if words_only and not only_literal else set().union(*found.values())
    assert merits.keys() == shown
    for number, merit in merits.items():
        assert merit.as_words == (only_literal or number in found["words"])
        assert merit.score > 0


def test_what_no_word_found_has_no_merit() -> None:
    assert told(Alike(numbers_of([2, 5]))) == {2: NO_MERIT, 5: NO_MERIT}


def test_nothing_is_scored_that_nobody_asks_for() -> None:
    one, other = (Given(dict.fromkeys(range(start, 40), NO_MERIT)) for start in (0, 30))
    found = without(AllOf([one, AnyOf([other, other])]), Given({31: NO_MERIT}))
    assert len(found) == 9
    assert one.asked == other.asked == []
    assert found[35] == NO_MERIT
    assert (one.asked, other.asked) == ([35], [35, 35])
    with pytest.raises(KeyError):
        found[31]
