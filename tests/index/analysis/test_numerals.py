"""Numerals: one value, one key, whatever digits write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.index.analysis.analyzer import words
from shisaku.index.analysis.numerals import bridges, numerals


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("二十四", ["24"]),
        ("1,938", ["1938"]),
        ("一九三八", ["1938"]),
        ("千九百三十八", ["1938"]),
        ("一、九三八", ["1938"]),  # vertical writing
        ("二〇一一", ["2011"]),
        ("1万5千", ["15000"]),
        ("一億二千万", ["120000000"]),
        ("1,938千", ["1938000"]),
        ("3千5百", ["3500"]),
        ("1.5", ["1.5"]),
        ("1.50", ["1.50"]),
        ("1.5億", ["150000000"]),
        ("数十万", ["100000"]),
        ("十数", ["10"]),
        ("03-5253-4111", ["3", "5253", "4111"]),
        ("1.2.3", ["1", "2", "3"]),  # a section, not a fraction
        ("2011.12.27", ["2011", "12", "27"]),
        ("二、三", ["2", "3"]),  # two or three
        ("1,2,3", ["1", "2", "3"]),
        ("100,20", ["100", "20"]),
        ("1,938,2", ["1938", "2"]),
        ("2,000,3,000", ["2000", "3000"]),
        ("二三十", ["23", "10"]),  # no numeral of this grammar: two
        ("億", ["100000000"]),
        ("〇", ["0"]),
        ("〇〇", ["〇〇"]),  # a blank to fill in
        ("万億", ["万億"]),  # units out of order have no value
        ("9" * 50, ["9" * 50]),  # nor have more digits than any number in print
        ("〇" + "九" * 17, ["9" * 17]),
        ("0" + "9" * 17, ["9" * 17]),
        ("0" + "9" * 18, ["0" + "9" * 18]),
        ("九" * 36, ["9" * 36]),  # and none is rounded
        ("九" * 37, ["九" * 37]),
        ("9" * 31 + "万5千", ["9" * 31 + "5000"]),
        ("千兆", ["1" + "0" * 15]),
        ("一兆一億一万一千百十一", ["1000100011111"]),
        ("万一", ["10001"]),
        ("億万", ["100010000"]),
        ("万万", ["万万"]),
        ("千2百3", ["1203"]),
        ("1.5.", ["1.5"]),
        ("3.千", ["3", "1000"]),
        ("取引", []),
    ],
)
def test_values(key: str, values: list[str]) -> None:
    assert [value for _, _, value in numerals(key)] == values


@pytest.mark.parametrize(
    ("key", "at", "holds"),
    [
        ("1,938", 1, True),
        ("1,93", 1, False),
        ("1,9389", 1, False),
        ("1.5", 1, True),
        ("1.", 1, False),
        ("一、九三八", 1, True),
        ("二、三", 1, False),
        ("1、938", 1, False),  # a list
        (",938", 0, False),
        ("1,938人", 1, True),
        ("1,9", 1, False),
        ("一,九三八", 1, True),
        ("一.五", 1, False),
        ("一,938", 1, False),
        ("1,九三八", 1, False),
        ("人.5", 1, False),
        ("1.人", 1, False),
        ("1-938", 1, False),
        ("21,938", 2, True),  # the sign is looked at, not the beginning
        ("一、九三", 1, False),
        ("一、九三八四", 1, False),
        ("1,938", 5, False),
    ],
)
def test_signs_within_a_numeral(key: str, at: int, holds: bool) -> None:
    assert bridges(key, at) == holds


@given(st.integers(0, 9_999_999))
def test_all_ways_of_writing_a_number_give_its_digits(number: int) -> None:
    plain = str(number)
    row = plain.translate(str.maketrans("0123456789", "〇一二三四五六七八九"))
    for spelling in (plain, f"{number:,}", row, in_ideographs(number)):
        assert [value for _, _, value in numerals(spelling)] == [plain]


def in_ideographs(number: int) -> str:
    """Write a number below 10**8 with units, as 千九百三十八."""
    if number == 0:
        return "〇"
    above, below = divmod(number, 10000)
    digits = zip("千百十 ", f"{below:04}", strict=True)
    units = [
        ("" if digit == "1" and unit != " " else "〇一二三四五六七八九"[int(digit)]) + unit.strip()
        for unit, digit in digits
        if digit != "0"
    ]
    return (f"{in_ideographs(above)}万" if above else "") + "".join(units)


@given(st.text(alphabet="0123456789〇一二三十百千万億兆,.、数人", max_size=30))
def test_numerals_stand_in_order_and_apart(key: str) -> None:
    end = 0
    for start, stop, value in numerals(key):
        assert end <= start < stop <= len(key)
        assert value
        end = stop


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("第三次計画", "第3次計画"),
        ("１，９３８件", "1938件"),
        ("一九三八件", "1,938件"),
        ("第二十四条の二", "第24条の2"),
        ("平成十六年四月一日", "平成16年4月1日"),  # 一日 is one word of the dictionary
        ("一人親方", "1人親方"),
        ("ひとつ", "1つ"),
        ("1万人", "一〇、〇〇〇人"),
        ("二○○五年", "2005年"),  # circles for 〇
        ("令和元年度", "令和1年度"),
        ("数十人", "数10人"),
        ("三か月", "3ヶ月"),
        ("二〇％", "20パーセント"),
    ],
)
def test_numerals_in_words(one: str, other: str) -> None:
    pairs = zip(words(one), words(other), strict=True)
    assert all(set(a.terms) & set(b.terms) for a, b in pairs)


@pytest.mark.parametrize("word", ["一時保護", "一般", "三重県", "四国", "一部", "千葉", "八百屋"])
def test_words_that_hold_a_numeral_are_none(word: str) -> None:
    assert not any(term.isascii() for found in words(word) for term in found.terms)


def test_a_numeral_is_one_word_with_its_span() -> None:
    first, number, last = words("約１，９３８件")
    assert (number.terms, number.start, number.end) == (("1,938", "1938"), 1, 6)
    assert [first.position, number.position, last.position] == [0, 1, 2]
    assert [w.position for w in words("1. 二. 3")] != [0, 1, 2]  # a full stop is no decimal point


def test_a_column_of_digits_costs_one_word() -> None:
    assert len(words("9" * 5000)) <= 2
