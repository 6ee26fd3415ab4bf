"""Numerals and dates: tables of cases as they stand in official documents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.text.dates import eras, find_dates, parse_date, parse_year, parse_years
from shisaku.ingest.text.numerals import parse_number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("24", 24),
        ("１，９３８", 1938),  # full-width with a grouping comma
        ("二十四", 24),
        ("十", 10),  # a unit without a digit counts once
        ("二〇一一", 2011),  # positional
        ("二千十一", 2011),
        ("一万二千", 12000),
        ("百", 100),
        ("1,93", None),  # not a grouping
        ("第三", None),
        ("", None),
    ],
)
def test_numbers(written: str, number: int | None) -> None:
    assert parse_number(written) == number


@pytest.mark.parametrize(
    ("printed", "iso", "fiscal"),
    [
        ("平成23年11月", "2011-11", False),
        ("平 成 28 年 7 月", "2016-07", False),  # letter-spaced
        ("平成１６年４月５日(月)", "2004-04-05", False),
        ("令和元年5月1日", "2019-05-01", False),
        ("平成二十三年三月", "2011-03", False),
        ("平成30年度", "2018", True),
        ("2018年10月", "2018-10", False),
        ("昭和63年", "1988", False),
        ("平成35年度", "2023", True),  # written before the era ended
        ("H23.11.30", "2011-11-30", False),
        ("2011/11/30", "2011-11-30", False),
    ],
)
def test_dates(printed: str, iso: str, fiscal: bool) -> None:
    (found,) = find_dates(printed)
    assert (found.iso, found.fiscal) == (iso, fiscal)


@pytest.mark.parametrize(
    "printed",
    [
        "平成23年2月30日",  # no such day
        "平成23年13月1日",
        "平成23年0月",
        "23年",  # an age, a span, a year of some era
        "3年間",
        "V1.2.3",  # a version
    ],
)
def test_what_is_no_date_stays_as_printed(printed: str) -> None:
    assert list(find_dates(printed)) == []


def test_spans_point_into_the_text_as_printed() -> None:
    text = "開催日： 平成 16 年 4 月 5 日（月）"
    (found,) = find_dates(text)
    assert text[found.start : found.end] == "平成 16 年 4 月 5 日"


def test_a_date_counts_only_at_the_head() -> None:
    assert parse_date(" 平成23年11月") == "2011-11"
    assert parse_date("平成23年度") is None
    assert parse_date("改正 平成23年11月") is None


@pytest.mark.parametrize(
    ("written", "year"),
    [("2011", 2011), ("平成23", 2011), ("H23", 2011), ("h23", 2011), ("令和5", 2023),
     ("令和元年度", 2019), ("２０１１年", 2011), ("Ｒ５", 2023), ("23", None), ("X5", None),
     ("平成", None), ("9999", None)],
)  # fmt: skip
def test_years(written: str, year: int | None) -> None:
    assert parse_year(written) == year


@pytest.mark.parametrize(
    ("written", "years"),
    [("2011", (2011, 2011)), ("2009..2014", (2009, 2014)), ("平成21..平成26", (2009, 2014)),
     ("2009～2014", (2009, 2014)), ("2009〜2014年", (2009, 2014)), ("2009-2014", (2009, 2014)),
     ("平成21年－平成26年", (2009, 2014)), ("2009–2014", (2009, 2014)), ("2009-", None),
     ("平成21年から平成26年", (2009, 2014)), ("2009-2011-2014", None), ("2011-11", None),
     ("2009ー2014", (2009, 2014)), ("平成21～26", (2009, 2014)), ("H21～26年度", (2009, 2014)),
     ("平成21～", None), ("平成26～21", None),
     ("2014..2009", None), ("..", None), ("2009..", None)],
)  # fmt: skip
def test_year_ranges(written: str, years: tuple[int, int] | None) -> None:
    assert parse_years(written) == years


def test_eras_follow_each_other() -> None:
    firsts = [era.first for era in dict.fromkeys(eras().values())]
    assert firsts == sorted(firsts)


@given(st.text(alphabet="平成令和昭元0123456789年月日度 ./-HR一二三十"))
def test_no_text_is_an_error(text: str) -> None:
    for found in find_dates(text):
        assert 0 <= found.start < found.end <= len(text)


def test_a_month_of_ten_digits_is_no_date() -> None:
    assert list(find_dates("平成23年9999999999月1日")) == []


@pytest.mark.parametrize("digit", ["1", "１", "一", "〇"])
def test_a_rule_of_digits_is_no_number_and_no_year(digit: str) -> None:
    # Python raises ValueError for more than 4,300 digits.
    assert parse_number(digit * 5000) is None
    assert parse_year(digit * 5000) is None
    assert list(find_dates(digit * 5000 + "年")) == []


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("1" * 9000 + "、2011年11月30日", ["2011-11-30"]),
        ("十" * 9000 + "2011年", ["2011"]),
        ("平成" * 3000 + "23年", ["2011"]),
        ("一2011年", ["2011"]),
        ("12二〇一一年", ["2011"]),
    ],
)
def test_a_date_behind_a_row_of_digits_is_found(printed: str, iso: list[str]) -> None:
    assert [date.iso for date in find_dates(printed)] == iso
