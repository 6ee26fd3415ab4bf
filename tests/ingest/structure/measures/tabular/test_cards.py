"""Cards: a table for each measure with all heads at the left of their values."""

from collections.abc import Sequence

import pytest

from shisaku.ingest.model import Block
from shisaku.ingest.structure.measures.tabular.block_tables import has_entries, is_card
from tests.support.plans import TITLE, items
from tests.support.setting import block, document, table

NAME, BODIES = ["施策名", "窓口の整備"], ["担当府省庁", "警察庁、法務省"]
DONE, PLANNED = ["取組の内容", "・窓口を設けた。\n・窓口を知らせた。"], ["今後の予定", "続ける。"]
EXPECTED = [
    "窓口の整備 / 警察庁・法務省 / ・窓口を設けた。",
    "窓口の整備 / 警察庁・法務省 / ・窓口を知らせた。",
]

TABLES: list[tuple[str, Sequence[Sequence[str]], bool]] = [
    ("in one column", [NAME, BODIES, DONE, PLANNED], True),
    ("bodies first", [BODIES, NAME, DONE], True),
    ("two heads in a row", [[*NAME, *BODIES], [*DONE, *PLANNED]], True),
    ("nobody named by a head", [NAME, DONE, PLANNED], False),
    ("nothing done", [NAME, BODIES, PLANNED], False),
    (
        "heads of columns",
        [["施策名", "担当府省庁", "取組の内容"], ["窓口", "警察庁", "設けた。"]],
        False,
    ),
    ("a head above its value", [["施策名", "担当府省庁"], ["窓口", "警察庁"], DONE], False),
    ("a head without a value", [["施策名", ""], BODIES, DONE], False),
]


@pytest.mark.parametrize(("what", "rows", "wanted"), TABLES, ids=[case[0] for case in TABLES])
def test_what_a_card_is(what: str, rows: Sequence[Sequence[str]], wanted: bool) -> None:
    assert is_card(table(rows)) == has_entries(table(rows)) == wanted


def made(*parts: Block) -> list[str]:
    return items(document([block(TITLE, size=18), *parts]))


@pytest.mark.parametrize("rows", [case[1] for case in TABLES[:3]], ids=[c[0] for c in TABLES[:3]])
def test_a_card_gives_its_items_and_a_field(rows: Sequence[Sequence[str]]) -> None:
    assert made(table(rows, top=150)) == EXPECTED


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_card_goes_on_on_the_next_page(cut: int) -> None:
    rows = [NAME, BODIES, DONE, PLANNED]
    assert made(table(rows[:cut], top=700), table(rows[cut:], top=80, page=2)) == EXPECTED


def test_the_card_of_another_measure_is_not_the_rest_of_the_last() -> None:
    second = [
        ["施策名", "研修の充実"],
        ["担当府省庁", "外務省"],
        ["取組の内容", "・研修を行った。"],
    ]
    found = made(table([NAME, BODIES, DONE], top=700), table(second, top=80, page=2))
    assert found == [*EXPECTED, "研修の充実 / 外務省 / ・研修を行った。"]


def test_a_card_with_the_words_of_the_plan_and_a_number() -> None:
    rows = [
        ["番号", "１"], ["取組事項", "窓口の整備"], ["担当府省", "警察庁"],
        ["計画の記載内容", "窓口を全国に設ける。"], ["実施状況", "・窓口を設けた。"],
    ]  # fmt: skip
    assert made(table(rows, top=150)) == ["窓口の整備 / 警察庁 / ・窓口を設けた。"]
