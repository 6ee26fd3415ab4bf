"""A year in the other calendar: what counts as one, and that it is found."""

from pathlib import Path

import pytest

from shisaku.index.analysis.calendars import other_calendar
from shisaku.index.generations.build import build_index
from shisaku.index.query.plan import MatchOptions
from shisaku.index.search.searcher import Searcher
from tests.support import factories


@pytest.mark.parametrize(
    ("written", "others"),
    [
        ("2010年", ["平成22年"]),
        ("平成22年", ["2010年"]),
        ("平成22", ["2010年"]),
        ("２０１０年９月", ["平成22年9月"]),
        ("平成22年9月1日", ["2010年9月1日"]),
        ("H22年度", ["2010年度", "平成22年度"]),
        ("2019年", ["平成31年", "令和元年"]),  # the year of a change has both
        ("令和1年", ["2019年", "平成31年"]),
        ("令和元年度", ["2019年度", "平成31年度"]),
        ("2023年度", ["平成35年度", "令和5年度"]),  # as plans of 平成 print it
        ("平成35年度", ["2023年度", "令和5年度"]),
        # plans of 昭和 reach ten years beyond its end, and so do those of the others
        ("1999年", ["昭和74年", "平成11年"]),
        ("2000年", ["平成12年"]),
        ("2029年", ["平成41年", "令和11年"]),
        ("2030年", ["令和12年"]),
        ("1936年", ["大正25年", "昭和11年"]),
        ("1937年", ["昭和12年"]),
        ("1868年", ["明治元年"]),
        ("1867年", []),  # before all eras
        ("2010", []),
        ("22年", []),
        ("H2", []),
        ("m2", []),
        ("平成22年の", []),
        ("平成22年13", []),
        ("1234年", []),
        ("人身取引", []),
    ],
)
def test_the_other_calendar(written: str, others: list[str]) -> None:
    assert list(other_calendar(written)) == others


def test_a_year_is_found_in_the_other_calendar_and_said_to_be(tmp_path: Path) -> None:
    texts = ["平成22年9月に周知した。", "2010年の会議。", "令和2010年代。", "平成22年度の予算。"]
    passages = [factories.passage(f"y.{n}", text) for n, text in enumerate(texts)]
    factories.write_parsed(tmp_path, factories.document("years.pdf", passages))
    build_index(tmp_path)
    with Searcher(tmp_path) as searcher:
        found = searcher.search("2010年")
        assert [hit["id"] for hit in found.hits][:1] == ["y.1"]  # as typed comes first
        assert {hit["id"] for hit in found.hits} >= {"y.0", "y.1"}
        assert [also["text"] for also in found.expanded[0]["also"]] == ["平成22年"]
        exact = searcher.search("2010年9月", options=MatchOptions(exact=True))
        assert (exact.total, searcher.search("2010年9月").total) == (0, 1)
