"""The analysis: spellings meet, spans point into the stored text, both sides are analysed alike."""

import threading
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.index.analysis.analyzer import (
    FIELD_BREAK,
    Word,
    _chunks,
    _spaced_key,
    folded_parts,
    grams,
    span_end,
    words,
)
from shisaku.index.analysis.folding import search_key, search_key_map
from shisaku.index.analysis.lemma import katakana_key, read_feature
from shisaku.index.analysis.mecab import tokens
from shisaku.index.query.parser import Term
from shisaku.index.query.patterns import pattern

JAPANESE = st.text(
    alphabet="人身取引の防止を東京都庁。、（）「」ー〜ｶﾞﾊﾟガパ①㈱１1aAＺ \u3000\n⼈⾝ﾞ\u3099\u0308é|",
    max_size=40,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("取組", "取り組み"),
        ("取組み", "取り組む"),  # a verb meets its noun by the 連用形
        ("受入", "受け入れる"),
        ("受入れ", "受け入れ"),  # UniDic: a verb, a noun
        ("障がい", "障害"),
        ("こども", "子供"),
        ("サーバ", "サーバー"),  # the lemma is サーバー-server
        ("ＩＣＴ", "ict"),
        ("⼈⾝取引", "人身取引"),  # radicals
        ("人身 取引", "人身取引"),  # set with a gap
        ("ｻｰﾋﾞｽ", "サービス"),
        ("№５", "No.5"),  # NFKC gives No, without the stop
    ],
)
def test_spellings_of_one_word_share_a_key(one: str, other: str) -> None:
    pairs = list(zip(words(one), words(other), strict=True))
    assert all(a.position == b.position for a, b in pairs)
    assert all(set(a.terms) & set(b.terms) for a, b in pairs)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("京都", "東京都"),  # no word of the other
        ("policy making", "policymaking"),  # white space parts Latin words
    ],
)
def test_other_words_do_not(one: str, other: str) -> None:
    assert {t for w in words(one) for t in w.terms}.isdisjoint(
        t for w in words(other) for t in w.terms
    )


def test_function_words_and_punctuation_do_not_count() -> None:
    assert words("においては、") == ()
    assert [w.position for w in words("取引の防止")] == [0, 1]
    assert [w.terms[0] for w in words("保護しない")][-1] == "ない"  # but negation does


@pytest.mark.parametrize("query", ["おいて", "において", "については", "をもって", "として"])
def test_particles_made_of_a_verb_are_sought_as_they_stand(query: str) -> None:
    assert pattern(Term(query)).slots == ()


@pytest.mark.parametrize("query", ["置いて", "取って", "取引について", "よる", "おき", "ともだち"])
def test_words_that_only_look_so_count(query: str) -> None:
    assert pattern(Term(query)).slots != ()


@pytest.mark.parametrize("text", ["取引。防止", "取引 | 防止", f"取引{FIELD_BREAK}防止"])
def test_no_phrase_bridges_a_full_stop_a_cell_or_a_heading(text: str) -> None:
    first, second = words(text)
    assert second.position - first.position > 1


def test_proper_nouns_keep_their_surface() -> None:
    """UniDic's lemma of a name is its reading: 京都 and キョウト are not one."""
    assert words("京都")[0].terms == ("京都",)


def test_control_characters_do_not_end_the_analysis() -> None:
    assert [w.terms[0] for w in words("取引\x00防止")] == ["取引", "防止"]


def test_private_use_characters_are_no_words() -> None:
    assert words("\ue000\ue001") == ()


def test_unknown_words_have_no_lemma() -> None:
    assert read_feature("名詞,普通名詞,一般,*,*,*").lemma is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ｶﾞｽ", "ｶﾞ"),
        ("か\u3099す", "か\u3099"),
        ("か゛す", "か゛"),  # the mark as a sign of its own
        ("葛\U000e0100飾", "葛\U000e0100"),  # a variation selector
        ("人 \u200b身", "人"),
        ("㌔と", "㌔"),
    ],
)
def test_a_character_ends_behind_its_marks(text: str, shown: str) -> None:
    assert text[: span_end(text, search_key_map(text)[1], 0)] == shown


@given(JAPANESE)
def test_spans_of_words_are_ordered_and_hold_their_surface(text: str) -> None:
    end = 0
    for word in words(text):
        assert 0 <= word.start < word.end <= len(text)
        assert word.start >= end - 1  # a sign like ㈱ is several characters of the key
        assert word.terms[0] in search_key(text[word.start : word.end])
        end = word.end


@given(st.lists(JAPANESE, min_size=2, max_size=4))
def test_parts_are_read_by_themselves_wherever_they_stand(parts: list[str]) -> None:
    expected, start, position = [], 0, 0
    for part in parts:
        alone = words(f"{part}{FIELD_BREAK}取引")
        *here, last = alone
        expected += [
            Word(word.terms, word.position + position, word.start + start, word.end + start)
            for word in here
        ]
        start, position = start + len(part) + 1, position + last.position
    assert list(words(FIELD_BREAK.join(parts))) == expected


@given(st.text(alphabet="aB1１Ａé取 \u3000\n㈱½ﾞ\u0308²", max_size=20))
def test_white_space_stays_between_latin_words_alone(text: str) -> None:
    key, offsets = search_key_map(text)
    letters: list[str] = []
    places: list[int] = []
    for at, (char, place) in enumerate(zip(key, offsets, strict=True)):
        latin = at > 0 and all(c.isascii() and c.isalnum() for c in key[at - 1 : at + 1])
        if latin and any(map(str.isspace, text[offsets[at - 1] : place])):
            letters.append(" ")
            places.append(offsets[at - 1])
        letters.append(char)
        places.append(place)
    found, stands = _spaced_key(text)
    assert (found, list(stands)) == ("".join(letters), places)


@given(JAPANESE)
def test_each_character_begins_one_pair(text: str) -> None:
    assert "".join(gram[0] for gram in grams(text)) == search_key(text)
    assert sum(map(len, folded_parts(text))) == len(search_key(text))


def test_threads_have_taggers_of_their_own() -> None:
    texts = [f"第{n}回の会議で取り組みを決める。" * 5 for n in range(40)]
    expected = [tokens(text) for text in texts]
    wrong: list[str] = []

    def check(part: Iterator[tuple[str, object]]) -> None:
        wrong.extend(t for t, e in part if tokens(t) != e)

    pairs = list(zip(texts, expected, strict=True))
    threads = [threading.Thread(target=check, args=(iter(pairs),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize(
    ("before", "lengths"),
    [(3999, [4000, 5]), (4000, [4000, 1, 5]), (4001, [4000, 2, 5]), (8001, [4000, 4000, 2, 5])],
)
def test_no_sentence_is_read_that_is_longer_than_4000_characters(
    before: int, lengths: list[int]
) -> None:
    # MeCab's memory grows with the sentence; a full stop ends one sooner.
    text = "あ" * before + "。" + "い" * 5
    found = list(_chunks(text))
    assert [len(chunk) for _, chunk in found] == lengths
    assert "".join(chunk for _, chunk in found) == text
    assert all(text.startswith(chunk, start) for start, chunk in found)


@pytest.mark.parametrize(("digits", "kept"), [(63, 63), (64, 64), (65, 64), (5000, 64)])
def test_no_key_of_a_word_is_longer_than_64_characters(digits: int, kept: int) -> None:
    (word,) = words("9" * digits)
    assert set(word.terms) == {"9" * kept}
    assert (word.start, word.end) == (0, digits)  # the span is that of the whole


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("メモー", "メモ-"),  # three characters of the key: the mark is part of the word
        ("サーバー", "サ-バ"),
        ("サーバ", "サ-バ"),
        ("ヴァイオリン", "バイオリン"),
        ("ウィーン", "ウイ-ン"),
        ("キー", None),  # too short to have two spellings
        ("メール5", None),
        ("かかー", None),
    ],
)
def test_under_which_key_the_spellings_of_a_foreign_word_meet(word: str, key: str | None) -> None:
    assert katakana_key(search_key(word)) == key


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        ("洗出し", "洗い出し", True),  # ideographs alone, then its 連用形
        ("見守り", "見守る", True),
        ("洗い、出し", "洗い出し", False),
        ("洗い 出し", "洗い出し", True),
    ],
)
def test_two_tokens_that_make_a_word_are_one(one: str, other: str, joined: bool) -> None:
    keys = {term for word in words(one) for term in word.terms}
    assert bool(keys & set(words(other)[0].terms)) is joined


@pytest.mark.parametrize(
    ("text", "gap"),
    [("No.5", False), ("Vol.3", False), ("5.", False), ("A. 5", False), ("取引.5", True),
     ("No.A", True), ("取引。5", True)],
)  # fmt: skip
def test_which_stops_end_a_phrase(text: str, gap: bool) -> None:
    found = words(text)
    steps = [b.position - a.position for a, b in pairwise(found)]
    assert any(step > 1 for step in steps) is gap
