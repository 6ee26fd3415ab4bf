"""Bodies by one character or a short name: by those named nearby, a legend, or throughout."""

import pytest

from shisaku.ingest.structure.measures.short_names import (
    ends_with_short_names,
    legend_of,
    short_bodies,
    short_list,
)
from tests.support.setting import block

AMONG = ("警察庁", "厚生労働省", "文部科学省", "海上保安庁")


@pytest.mark.parametrize(
    ("inner", "names"),
    [
        ("警", ("警察庁",)),
        ("厚・文", ("厚生労働省", "文部科学省")),
        ("警厚", ("警察庁", "厚生労働省")),
        ("海", ("海上保安庁",)),
        ("警察庁、文", ("警察庁", "文部科学省")),
        ("財", None),  # not among those named nearby
        ("注", None),
        ("警察の協力", None),
    ],
)
def test_short_names_of_bodies_named_nearby(inner: str, names: tuple[str, ...] | None) -> None:
    found = short_list(inner, AMONG)
    assert (found.names if found else None) == names


def test_one_character_is_nobody_without_bodies_nearby_or_a_legend() -> None:
    assert short_bodies("研修を行った。【警】") is None
    found = short_bodies("研修を行った。【警】", AMONG)
    assert found is not None
    assert found.names == ("警察庁",)
    assert short_bodies("【文】研修を行った。", AMONG) is not None


def test_a_legend_says_what_characters_stand_for() -> None:
    legend = legend_of([block("（凡例）【総】：総務省、【消】：消費者庁")])
    assert legend == {"総": "総務省", "消": "消費者庁"}
    assert legend_of([block("警：警察庁")]) == {}  # one entry may be anything
    found = short_bodies("研修を行った。【消】", legend=legend)
    assert found is not None
    assert found.names == ("消費者庁",)


def test_usual_short_names_count_where_the_document_has_them_throughout() -> None:
    items = ["甲を行った。〔警察・厚労〕", "乙を行った。〔海保〕", "丙を行った。〔外務〕"]
    assert ends_with_short_names(items, [None] * 3)
    assert not ends_with_short_names(items[:2], [None] * 2)
    others = ["丁を行った。〔東京〕", "戊を行った。〔大阪〕", "己を行った。〔京都〕"]
    assert not ends_with_short_names(items + others, [None] * 6)
    found = short_bodies(items[0], known=True)
    assert found is not None
    assert found.names == ("警察庁", "厚生労働省")
