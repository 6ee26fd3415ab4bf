"""A title parted into its label and its words, and numbers of measures before or behind it."""

import pytest

from shisaku.ingest.structure.measures.titles import parted


@pytest.mark.parametrize(
    ("text", "label", "title"),
    [
        ("① 窓口の整備", "①", "窓口の整備"),
        ("窓口の整備", "", "窓口の整備"),
        ("【施策番号7】【施策番号8】窓口の整備", "【施策番号7】【施策番号8】", "窓口の整備"),
        ("【1-1-(3)】窓口の整備", "【1-1-(3)】", "窓口の整備"),
        ("【施策番号12】", "【施策番号12】", ""),
        ("① 窓口の整備【施策番号1】", "①【施策番号1】", "窓口の整備"),
        ("目標４　窓口の整備", "目標４", "窓口の整備"),
        ("重点課題２：窓口の整備", "重点課題２", "窓口の整備"),
        ("目標を４つ掲げる施策", "", "目標を４つ掲げる施策"),
        ("【重点】窓口の整備", "", "【重点】窓口の整備"),  # no number: a word of the title
    ],
)
def test_label_and_words(text: str, label: str, title: str) -> None:
    assert parted(text) == (label, title)
