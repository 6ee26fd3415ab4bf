"""The search key: one sign for all dashes, and a part's key is a part of the whole's key."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.index.analysis.folding import (
    _SEARCH,
    is_hiragana,
    is_ideograph,
    is_katakana,
    literal_variants,
    search_key,
    search_key_map,
)

TEXT = st.text(
    alphabet="サーバｻｰﾊﾞ-－―─━‐−〰人佐々〻木こゝゞヽヾ民主義か\u3099\u0308\u200b\u00ad\ufe00"
    "\U000e0100①㈱½ﬁİßＡb 　\n",
    max_size=30,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("サーバー", "サ−バ−"),  # minus signs typed for the long-vowel mark
        ("サーバー", "ｻｰﾊﾞｰ"),
        ("2020－2024年", "2020ー2024年"),  # and the other way round
        ("新たな取組──推進", "新たな取組――推進"),
        ("葛\U000e0100飾", "葛飾"),  # a variation selector
        ("人\u200b身", "人身"),
        ("サㅡバㅡ", "サーバー"),  # U+3161
        ("⼈⾝取引", "人身取引"),
    ],
)
def test_spellings_of_one_key(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


def test_every_sign_of_the_table_is_folded() -> None:
    for code, folded in _SEARCH.items():
        assert search_key(f"人{chr(code)}身") == f"人{folded or ''}身"


@pytest.mark.parametrize(
    ("one", "other"),
    [("一", "ー"), ("二", "ニ"), ("2020～2024", "2020-2024"), ("國", "国"), ("佐々木", "佐佐木")],
)
def test_other_texts_keep_other_keys(one: str, other: str) -> None:
    assert search_key(one) != search_key(other)


@pytest.mark.parametrize(
    ("key", "variants"),
    [
        ("佐々木", {"佐々木", "佐佐木"}),
        ("佐佐木", {"佐々木", "佐佐木"}),
        ("主人人人", {"主人人人", "主人々人", "主人人々"}),  # 主人々々 is 主人主人
        ("民主々義", {"民主々義", "民主主義"}),
        ("一歩々々", {"一歩々々", "一歩一歩"}),
        ("人々々", {"人々々", "人人々", "人々人", "人人人"}),  # one ideograph only before the two
        ("すゝめ", {"すゝめ", "すすめ"}),
        ("いすず", {"いすゞ", "いすず"}),
        ("がゞ", {"がゞ", "がが"}),
        ("々木", {"々木"}),  # cut out of 佐々木: nothing before it
        ("ー々", {"ー々"}),
        ("取引", {"取引"}),
    ],
)
def test_iteration_marks_and_what_they_repeat(key: str, variants: set[str]) -> None:
    assert set(literal_variants(key)) >= variants
    assert literal_variants(key)[0] == key
    if "人" not in key:
        assert set(literal_variants(key)) == variants


def test_many_iteration_marks_give_few_variants() -> None:
    assert len(literal_variants("佐々" * 40)) <= 4


@given(TEXT)
def test_variants_have_each_other_among_theirs(text: str) -> None:
    key = search_key(text)
    variants = literal_variants(key)
    assert len(set(variants)) == len(variants)
    if "々々" not in key and len(key) < 6:  # of more than four places not all are tried
        assert all(key in literal_variants(other) for other in variants)


@given(TEXT)
def test_offsets_rise_and_point_into_the_text(text: str) -> None:
    key, offsets = search_key_map(text)
    assert len(key) == len(offsets)
    assert list(offsets) == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)
    assert search_key(text) == key


@given(TEXT, st.data())
def test_the_key_of_a_part_is_part_of_the_key(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    def cuts(at: int) -> bool:
        """Tell whether a cut here would part a mark from its base, over what is not seen, too."""
        for char in text[at:]:
            first = unicodedata.normalize("NFKC", char)[:1]
            if search_key(char) or unicodedata.combining(first):
                return unicodedata.combining(first) > 0
        return False

    while start < end and cuts(start):
        start += 1
    while start < end < len(text) and cuts(end):  # an empty part parts nothing
        end += 1
    assert search_key(text[start:end]) in search_key(text)


@given(TEXT)
def test_a_key_is_its_own_key(text: str) -> None:
    key = search_key(text)
    if unicodedata.is_normalized("NFC", key):  # marks moved together by what was dropped compose
        assert search_key(key) == key


@pytest.mark.parametrize(
    ("tells", "inside", "outside"),
    [
        (
            is_ideograph,
            "㐀一鿿豈﫿\U00020000\U0003ffff",
            "\u33ff\ua000\uf8ff\ufb00\U0001ffff々〆あア",
        ),
        (is_hiragana, "ぁあんゖ", "\u3040\u3097ァーゝ一"),
        (is_katakana, "ァアンヺ", "゠・ーヽあ一ｱ"),
    ],
)
def test_which_script_a_character_is_of(
    tells: Callable[[str], bool], inside: str, outside: str
) -> None:
    assert [char for char in inside if not tells(char)] == []
    assert [char for char in outside if tells(char)] == []


@pytest.mark.parametrize(
    ("key", "count"), [("人", 1), ("人" * 2, 2), ("人" * 5, 16), ("人" * 6, 2), ("人" * 7, 2)]
)
def test_so_many_places_for_a_mark_are_tried_one_by_one(key: str, count: int) -> None:
    # Four places give 2**4 spellings; of more only the one without and the one with all marks.
    found = literal_variants(key)
    assert len(found) == count
    assert found[0] == key and (len(key) < 2 or f"人{'々' * (len(key) - 1)}" in found)


@pytest.mark.parametrize("code", [0xAD, 0x180E, 0xFEFF, 0x200B, 0x200F, 0x202A, 0x202E, 0x2060,
                                  0x2064, 0xFE00, 0xFE0F, 0xE0100, 0xE01EF])  # fmt: skip
def test_what_no_reader_sees_is_not_searched(code: int) -> None:
    assert search_key(f"人{chr(code)}身") == "人身"


@pytest.mark.parametrize("code", [0x2027, 0x2030, 0x203B, 0xFE11, 0xFE30, 0xE01F0])
def test_the_signs_beside_them_are_searched(code: int) -> None:
    assert search_key(f"人{chr(code)}身") != "人身"
