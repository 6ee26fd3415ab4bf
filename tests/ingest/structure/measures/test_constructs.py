"""The constructs of docs/measures.md: each example gives what it says; how one is added."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from shisaku.ingest.structure.measures import constructs as data
from tests.support.paths import ROOT
from tests.support.plans import items, plan

EXAMPLES = re.findall(
    r"```measures\n(.*?)\n=>\n(.*?)\n```",
    (ROOT / "docs" / "measures.md").read_text(encoding="utf-8"),
    re.DOTALL,
)


@pytest.mark.parametrize(("text", "expected"), EXAMPLES)
def test_an_example_gives_what_it_says(text: str, expected: str) -> None:
    made = plan(text)
    assert items(made) == expected.split("\n")
    assert made.ledger["lost"] == 0
    assert made.ledger["invented"] == 0


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 10


NEW = """
（窓口の整備）
| 計画の記載内容 | 担当府省庁 |
| 窓口を全国に設ける。 | 警察庁 |
| 講じた措置の要点 | ^ |
| ・　窓口を設けた。 | ^ |
（研修の充実）
| 計画の記載内容 | 担当府省庁 |
| 研修を行う。 | 外務省 |
| 講じた措置の要点 | ^ |
| ・　研修を行った。 | ^ |
"""


@pytest.fixture
def _with_new_words(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    known = data.constructs()
    report = re.compile(f"{known.report.pattern}|講じた措置の要点")
    monkeypatch.setattr(data, "constructs", lambda: replace(known, report=report))
    monkeypatch.setattr(
        "shisaku.ingest.structure.measures.tabular.block_tables.constructs", data.constructs
    )
    yield


def test_without_the_words_a_new_table_has_no_entries() -> None:
    assert all(not each.startswith("窓口の整備 / 警察庁") for each in items(plan(NEW)))


@pytest.mark.usefixtures("_with_new_words")
def test_words_added_to_the_data_make_a_new_construct() -> None:
    made = plan(NEW)
    assert items(made) == [
        "窓口の整備 / 警察庁 / ・　窓口を設けた。",
        "研修の充実 / 外務省 / ・　研修を行った。",
    ]
    assert [measure.quoted for measure in made.measures] == ["窓口を全国に設ける。", "研修を行う。"]
