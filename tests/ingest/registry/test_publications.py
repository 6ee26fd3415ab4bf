"""White papers: known by their names, issued by whoever issued the edition."""

import itertools
import tomllib
from importlib.resources import files

import pytest

from shisaku.ingest.registry import registry
from shisaku.ingest.registry.publications import find_publication, publisher_of_paper

# (line or file name, the paper that it names)
NAMES = [
    ("外交青書2025", "外交青書2025"),
    ("令和4年版　少子化社会対策白書　全体版（PDF版）", "令和4年版　少子化社会対策白書"),
    ("文科省_令和6年版_科学技術・イノベーション白書_2章", "令和6年版 科学技術・イノベーション白書"),
    ("平成20年版食料・農業・農村白書", "平成20年版食料・農業・農村白書"),
    ("架空調査白書", "架空調査白書"),
    ("第2章　現状と課題", None),
    ("この点は「防災白書」に述べた。", None),
    ("白書", None),
]

# (title, who issued it)
PUBLISHERS = [
    ("外交青書2025", "外務省"),
    ("令和６年版 科学技術・イノベーション白書", "文部科学省"),
    ("令和4年版　少子化社会対策白書", "内閣府"),
    ("少子化社会対策白書", None),  # which edition?
    ("平成27年版自殺対策白書", "内閣府"),
    ("平成28年版自殺対策白書", "厚生労働省"),
    ("平成11年版防災白書", None),  # before the reorganisation
    ("架空調査白書", None),
    ("外交について", None),
]


@pytest.mark.parametrize(("text", "paper"), NAMES)
def test_the_paper_that_a_line_names(text: str, paper: str | None) -> None:
    assert find_publication(text) == paper


@pytest.mark.parametrize(("title", "publisher"), PUBLISHERS)
def test_who_issues_it(title: str, publisher: str | None) -> None:
    assert publisher_of_paper(title) == publisher


def test_the_publishers_are_known_and_no_year_has_two() -> None:
    raw = tomllib.loads(
        files("shisaku.ingest.registry").joinpath("publications.toml").read_text("utf-8")
    )
    spans: dict[str, list[tuple[int, int]]] = {}
    for paper in raw["paper"]:
        assert registry().body(paper["publisher"]) is not None
        for name in paper["names"]:
            spans.setdefault(name, []).append((paper.get("since", 2001), paper.get("until", 9999)))
    for each in spans.values():
        ordered = sorted(each)
        assert all(a[1] < b[0] for a, b in itertools.pairwise(ordered))
