"""The state of an item by its words; marks are in tables/test_column_roles.py."""

import pytest

from shisaku.ingest.structure.measures.marks import status_in_words
from tests.support.plans import plan


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("実施済", "done"),
        ("措置済み", "done"),
        ("完了", "done"),
        ("検討中", "pending"),
        ("継続", "pending"),
        ("一部実施", "pending"),
        ("窓口を設けた。【実施済】", "done"),
        ("窓口を設ける。（検討中）", "pending"),
        ("窓口を設けた。（警察庁）", None),
        ("窓口の設置を継続した。", None),  # part of a sentence
        ("完了報告", None),
    ],
)
def test_the_state_in_words(text: str, status: str | None) -> None:
    assert status_in_words(text) == status


def test_a_cell_says_the_state_of_its_row() -> None:
    made = plan(
        """
| 施策名 | 担当府省庁 | 取組状況 | 区分 |
| ① 窓口の整備 | 警察庁 | 窓口を設けた。 | 実施済 |
| ② 研修の充実 | 法務省 | 研修を準備している。 | 検討中 |
"""
    )
    items = [p for p in made.passages if p.type == "status_item"]
    assert [item.status for item in items] == ["done", "pending"]
