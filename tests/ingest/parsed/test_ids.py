"""Ids: made of words, and where words return, of the words around them."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.model import Document
from shisaku.ingest.parsed.ids import measure_key, passage_key, tell_apart
from tests.support.setting import block, document


def test_spellings_that_fold_alike_share_the_id() -> None:
    assert len({passage_key("a.pdf", text) for text in ("人身取引", "⼈⾝取引", "人身 取引")}) == 1


def test_form_of_the_ids() -> None:
    assert passage_key("省/計画.pdf", "警察庁") == "省/計画.pdf#p-" + _digest("警察庁")
    assert measure_key("a.pdf", "①", "推進") == "a.pdf#m-" + _digest("1推進")


def test_words_that_stand_once_have_no_number() -> None:
    assert tell_apart(["a", "b"], [("x",), ("x",)]) == ["a", "b"]


def test_equal_words_are_told_apart_by_the_nearest_words_that_differ() -> None:
    near = tell_apart(["a", "a"], [("x", "1"), ("y", "1")])
    # What is further off may change.
    assert tell_apart(["a", "a"], [("x", "2"), ("y", "3")]) == near
    assert tell_apart(["a", "a"], [("y", "1"), ("x", "1")]) == near[::-1]
    far = tell_apart(["a", "a"], [("x", "1"), ("x", "2")])
    assert len({*near, *far}) == 4


def test_a_number_has_six_digits() -> None:
    for key in tell_apart(["a"] * 50, [(str(at),) for at in range(50)]):
        assert key[:2] == "a-"
        assert key[2:].isdecimal()
        assert len(key) == 8


@given(st.lists(st.tuples(st.sampled_from("ab"), st.tuples(st.sampled_from("xy"), st.text()))))
def test_no_id_is_given_twice(passages: list[tuple[str, tuple[str, str]]]) -> None:
    ids = tell_apart([key for key, _ in passages], [around for _, around in passages])
    assert len(set(ids)) == len(passages)


def test_many_equal_rows_take_no_time() -> None:
    # 200,000 steps of a search for a free number would be 2 * 10**10.
    assert len(set(tell_apart(["a"] * 200_000, [("x",)] * 200_000))) == 200_000


def entry(number: str, agenda: str) -> list[tuple[str, int]]:
    return [(f"第{number}回会議", 1), ("議題は次のとおりである。", 0), (agenda, 0)]


def page(*entries: list[tuple[str, int]]) -> Document:
    flow = [
        block(text, role="heading", level=2) if is_heading else block(text)
        for each in entries
        for text, is_heading in each
    ]
    return document([block("会議の記録", role="heading", level=1), *flow], name="x.html")


def test_a_page_that_grows_at_its_top_hands_no_id_on() -> None:
    entries = [entry(str(at), f"計画{at}について審議した。") for at in range(1, 5)]
    before, after = page(*entries[2::-1]), page(*entries[::-1])
    old = {passage.id: (passage.path, passage.text) for passage in before.passages}
    new = {passage.id: (passage.path, passage.text) for passage in after.passages}
    assert len(old) == 6
    assert old.items() <= new.items()


def test_a_word_that_becomes_two_leaves_its_id_to_neither() -> None:
    first = entry("1", "報告した。")
    one, two = page(first), page(entry("2", "検討した。"), first)
    (shared,) = (p.id for p in one.passages if p.text.startswith("議題"))
    assert shared not in {passage.id for passage in two.passages}
    assert sum(passage.id.startswith(f"{shared}-") for passage in two.passages) == 2


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:12]
