"""What MeCab is given: long vowels and old forms put right, place by place."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.index.analysis.analyzer import words
from shisaku.index.analysis.folding import search_key_map
from shisaku.index.analysis.modern_forms import as_read, old_forms, spelled
from shisaku.ingest.text.fold import fold


def read(text: str) -> str:
    key, offsets = search_key_map(text)
    return as_read(key, text, offsets)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("サーバーの", "サーバーの"),
        ("サ−バ−の", "サーバーの"),  # minus signs
        ("ｻｰﾊﾞｰ", "サーバー"),
        ("サ―バ―の", "サーバ-の"),  # one drawn long counts between katakana alone
        ("らーめん", "らーめん"),
        ("新たに―取組", "新たに-取組"),  # a dash after hiragana
        ("マネジメント―課題", "マネジメント-課題"),
        ("マネジメント――課題", "マネジメント--課題"),
        ("コード-1", "コード-1"),
        ("2020ー2024", "2020-2024"),  # the long-vowel mark for a dash
        ("二○○五年", "二〇〇五年"),
        ("○一時保護", "○一時保護"),  # a mark
        ("令和元年", "令和一年"),
        ("元年", "元年"),
        ("國際會議", "国際会議"),
    ],
)
def test_what_is_read(text: str, expected: str) -> None:
    assert read(text) == expected


@given(st.text(alphabet="サーバ-－―─ｰｶﾞ元年令和二○◯〇五国國髙a1 　らに%", max_size=20))
def test_places_stay(text: str) -> None:
    key, offsets = search_key_map(text)
    assert len(as_read(key, text, offsets)) == len(key)


def test_keys_are_shown_with_their_long_vowels() -> None:
    assert spelled("サ-バ-") == "サーバー"
    assert spelled("2020-2024") == "2020-2024"
    assert spelled("-") == "-"


def test_the_table_of_old_forms_leads_to_present_ones() -> None:
    table = old_forms()
    assert len(table) > 300
    for old, new in table.items():
        assert len(new) == 1
        assert ord(new) not in table, f"{chr(old)} → {new} → …"
        assert unicodedata.category(chr(old)) == "Lo"
        assert fold(chr(old)) == chr(old), f"{chr(old)} never reaches the table"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("髙橋", "高橋"),
        ("渡邊", "渡辺"),
        ("澤田", "沢田"),
        ("國際", "国際"),
        ("補塡", "補填"),
        ("霞が関", "霞ヶ関"),
        ("茅ケ崎市", "茅ヶ崎市"),
        ("プロバイダ", "プロバイダー"),
        ("ウイルス", "ウィルス"),
        ("ヴェトナム", "ベトナム"),
        ("サイバーレジリエンシー", "サイバーレジリエンシ"),  # not in the dictionary
        ("応じる", "応ずる"),
        ("サ−バ−", "サーバ"),
    ],
)
def test_spellings_of_one_word_share_a_key(one: str, other: str) -> None:
    pairs = zip(words(one), words(other), strict=True)
    assert all(set(a.terms) & set(b.terms) for a, b in pairs)


@pytest.mark.parametrize(
    ("text", "compound"),
    [
        ("地域の見守りを進めた", "見守り"),  # 見 and 守り, here
        ("課題の洗出し", "洗い出し"),  # 洗 and 出し
        ("学びなおし", "学び直し"),
    ],
)
def test_two_tokens_that_make_one_word_are_one(text: str, compound: str) -> None:
    (word,) = [word for word in words(text) if compound in word.terms]
    assert text[word.start : word.end] == word.terms[0]
    assert set(words(compound)[0].terms) & set(word.terms)


def test_two_words_that_make_none_stay_two() -> None:
    assert [word.terms[0] for word in words("取り組み始める")] == ["取り組み", "始める"]


def test_signs_are_no_words() -> None:
    assert [word.terms[0] for word in words("A-1, 2 / ※")] == ["a", "1", "2"]
