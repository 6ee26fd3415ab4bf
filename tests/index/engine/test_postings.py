"""Rows of addresses: what is gathered is found again, in whatever runs and segments it comes."""

from array import array
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.util.numeric import length_to_byte

from shisaku.index.analysis.analyzer import Word, grams
from shisaku.index.engine.tokens import Tokens
from shisaku.index.engine.whoosh.codec import postings_writer as gather
from shisaku.index.engine.whoosh.codec.postings import Rows
from shisaku.index.engine.whoosh.codec.postings_writer import Gatherer
from shisaku.index.engine.whoosh.codec.row_format import SHIFT, pack, read
from shisaku.index.engine.whoosh.phrases import _cover, literal_in, phrase_in
from shisaku.index.generations.indexing import pair_tokens, word_tokens

TERMS = st.sampled_from(["人身", "取引", "保護", "\U00020bb7", "ａ", ""])
PASSAGES = st.lists(st.lists(st.tuples(TERMS, TERMS), max_size=6), max_size=12)
TEXTS = st.lists(st.text(alphabet="人身取\x1e", max_size=7), max_size=8)


def analysed(passage: Sequence[tuple[str, str]]) -> Tokens:
    return word_tokens(
        [Word(tuple(dict.fromkeys(terms)), at, at, at + 1) for at, terms in enumerate(passage)]
    )


def pairs(passage: Sequence[tuple[str, str]]) -> Tokens:
    return pair_tokens(["".join(map("".join, passage)), "人身取引"])


def written(gathered: Gatherer, count: int, deleted: Sequence[int] = ()) -> Rows:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows"
        with path.open("wb") as file:
            gathered.write(file, count)
        return Rows(memoryview(path.read_bytes()), frozenset(deleted), path.parent)


def over(passages: Sequence[Sequence[tuple[str, str]]], folder: str) -> Gatherer:
    gathered = Gatherer(Path(folder))
    for number, passage in enumerate(passages):
        gathered.add_tokens("text_words", number, analysed(passage))
        gathered.settle()
    return gathered


def naive(
    passages: Sequence[Sequence[tuple[str, str]]], deleted: Sequence[int] = ()
) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    living = [p for number, p in enumerate(passages) if number not in deleted]
    for number, passage in enumerate(living):
        for at, terms in enumerate(passage):
            for term in dict.fromkeys(terms):
                found[term].append((number, at))
    return found


def held(rows: Rows, renumbered: Sequence[int] | None = None) -> dict[str, list[tuple[int, int]]]:
    return {
        term: [
            (renumbered[at >> SHIFT] if renumbered else at >> SHIFT, at & (1 << SHIFT) - 1)
            for at in row
        ]
        for term, row in rows.rows("text_words")
    }


@settings(deadline=None)
@given(PASSAGES, st.sampled_from([1, 3, 1000]))
def test_what_is_gathered_is_found_in_any_number_of_runs(
    passages: list[list[tuple[str, str]]], most: int
) -> None:
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr(gather, "_RUN", most)
        rows = written(over(passages, folder), len(passages))
    expected = naive(passages)
    assert held(rows) == expected
    assert list(rows.terms("text_words")) == sorted(expected)
    for term in ("人身", "人", "", "取引x", "\udc00"):
        assert rows.numbers("text_words", term) == sorted({n for n, _ in expected.get(term, [])})
        begin = sorted(other for other in expected if other.startswith(term))
        assert list(rows.beginning("text_words", term)) == begin


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.lists(st.tuples(TERMS, TERMS), max_size=6), st.integers(1, 4))),
    st.sampled_from([3, 1000]),
)
def test_what_passages_share_is_found_in_each(
    runs: list[tuple[list[tuple[str, str]], int]], most: int
) -> None:
    passages = [passage for passage, times in runs for _ in range(times)]
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr(gather, "_RUN", most)
        shared, first = Gatherer(Path(folder)), 0
        for passage, times in runs:
            words, grams = analysed(passage), pairs(passage)
            for number in range(first, first + times):
                shared.add_tokens("text_words", number, words)
                shared.add_tokens("text_grams", number, grams)
                shared.settle()
            first += times
        each = over(passages, folder)
        for number, passage in enumerate(passages):
            each.add_tokens("text_grams", number, pairs(passage))
        together, apart = (written(gathered, len(passages)) for gathered in (shared, each))
    for field in ("text_words", "text_grams"):
        assert list(together.rows(field)) == list(apart.rows(field))
        assert bytes(together.lengths(field)) == bytes(apart.lengths(field))


@settings(deadline=None)
@given(PASSAGES, PASSAGES, st.sets(st.integers(0, 11)))
def test_a_segment_is_taken_in_without_what_was_deleted(
    passages: list[list[tuple[str, str]]], new: list[list[tuple[str, str]]], gone: set[int]
) -> None:
    with TemporaryDirectory() as folder:
        old = written(over(passages, folder), len(passages), sorted(gone))
        gathered = over(new, folder)
        gathered.add_segment(old, len(new))
        living = [p for number, p in enumerate(passages) if number not in gone]
        rows = written(gathered, len(new) + len(living))
    assert held(rows) == naive([*new, *living])
    each = dict(old.rows("text_words"))
    row, ends = old.joined("text_words")
    joined = [row[start:end] for start, end in pairwise([0, *ends])]
    assert [one for one in joined if one] == [*each.values()]
    for term in each:
        assert [*old.addresses("text_words", term)] == [*old.row("text_words", term)]
    sizes = [len(analysed(p).terms) for p in [*new, *living]]
    assert list(rows.lengths("text_words")) == list(map(length_to_byte, sizes))
    assert rows.count == len(sizes)


@settings(deadline=None)
@given(st.lists(st.integers(0, 2**50), unique=True).map(sorted))
def test_rows_are_packed_and_unpacked(row: list[int]) -> None:
    for repeated in (row, sorted({at + step for at in row for step in range(60)})):
        if repeated:
            assert list(read(memoryview(pack(array("Q", repeated))))) == repeated


def test_a_row_that_does_not_ascend_is_an_error() -> None:
    with pytest.raises(OverflowError):
        pack(array("Q", [*range(0, 400, 2), 5, *range(400, 800, 2)]))


@settings(deadline=None)
@given(
    TEXTS,
    st.text(alphabet="人身取", min_size=1, max_size=7),
    st.sampled_from(["head_grams", "text_grams"]),
)
def test_literals_are_found_and_counted(texts: list[str], sought: str, field: str) -> None:
    if field == "text_grams":  # a text is one part
        texts = [text.replace("\x1e", "") for text in texts]
    with TemporaryDirectory() as folder:
        gathered = Gatherer(Path(folder))
        for number, text in enumerate(texts):
            tokens = pair_tokens(text.split("\x1e"))
            assert tokens.terms == list(grams(text))
            gathered.add_tokens(field, number, tokens)
        rows = written(gathered, len(texts))
    expected = {
        number: sum(text.startswith(sought, at) for at in range(len(text)))
        for number, text in enumerate(texts)
        if sought in text
    }
    found = literal_in(rows, field, sought)
    assert found == expected
    assert list(found) == sorted(found)


@given(st.lists(st.integers(1, 99), min_size=1, max_size=9))
def test_the_cheapest_pairs_cover_all_characters(weights: list[int]) -> None:
    def covers(places: Sequence[int]) -> bool:
        return {at + step for at in places for step in (0, 1)} == set(range(len(weights) + 1))

    def cost(places: Sequence[int]) -> int:
        return sum(weights[at] for at in places)

    chosen = _cover(weights)
    assert covers(chosen)
    everything = range(len(weights))
    some = (each for size in everything for each in combinations(everything, size + 1))
    assert cost(chosen) == min(cost(each) for each in some if covers(each))


@settings(deadline=None)
@given(PASSAGES, st.lists(st.tuples(TERMS, TERMS), min_size=1, max_size=3))
def test_phrases_are_found_and_counted(
    passages: list[list[tuple[str, str]]], sought: list[tuple[str, str]]
) -> None:
    with TemporaryDirectory() as folder:
        rows = written(over(passages, folder), len(passages))
    slots = tuple((tuple(dict.fromkeys(terms)), at) for at, terms in enumerate(sought))
    expected = {}
    for number, passage in enumerate(passages):
        places = [
            at
            for at in range(len(passage) - len(sought) + 1)
            if all(set(passage[at + n]) & set(terms) for n, terms in enumerate(sought))
        ]
        if len(sought) == 1:  # surface and lemma share their positions: the more frequent counts
            each = [sum(term in terms for terms in passage) for term in slots[0][0]]
            if max(each):
                expected[number] = max(each)
        elif places:
            expected[number] = len(places)
    found = phrase_in(rows, "text_words", slots)
    assert found == expected
    assert list(found) == sorted(found)
