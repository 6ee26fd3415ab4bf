"""Lists in two columns without rules, and what only looks like one."""

import pytest

from shisaku.ingest.model import Line
from shisaku.ingest.pdf.tables.rosters import take_rosters
from tests.support.setting import document, line, of_type, rows_of

NAMES = ("内山　幸樹", "浦川　伸一", "太田　祐一", "黒坂　達也", "白坂　成功", "武田　晴夫")
OFFICES = ("株式会社甲　代表取締役", "乙大学大学院", "株式会社丙", "丁研究所", "戊大学", "己財団")


def roster(
    names: tuple[str, ...] = NAMES, words: tuple[str, ...] = OFFICES, wrapped: int = 1
) -> list[Line]:
    made: list[Line] = []
    top = 100.0
    for at, (name, office) in enumerate(zip(names, words, strict=True)):
        made += [line(name, 85, top), line(office, 220, top)]
        if at == wrapped:
            top += 12
            made.append(line("教授", 220, top))
        top += 24
    return made


def test_each_name_begins_a_row_whose_words_may_wrap() -> None:
    title, note = (
        line("委員名簿", 250, 60, 14),
        line("オブザーバー：内閣官房の関係する課室の者", 85, 300),
    )
    rest, tables = take_rosters([title, *roster(), note], 1)
    assert rest == [title, note]
    assert rows_of(tables[0])[:3] == [
        [NAMES[0], OFFICES[0]], [NAMES[1], f"{OFFICES[1]}\n教授"], [NAMES[2], OFFICES[2]],
    ]  # fmt: skip


def test_a_list_of_names_is_rows_and_no_form() -> None:
    _, tables = take_rosters(
        roster(words=tuple(f"{office}の{'長い' * 12}部" for office in OFFICES)), 1
    )
    made = document([tables[0]])
    assert [passage.text.split(" | ")[0] for passage in of_type(made, "row")] == [*NAMES]


def test_a_sign_may_hang_out_before_a_name() -> None:
    made = roster()
    made[5] = line("〇太田　祐一", 75, made[5].box.top)
    _, tables = take_rosters(made, 1)
    assert rows_of(tables[0])[2] == ["〇太田　祐一", OFFICES[2]]


def test_a_name_so_long_that_no_white_is_left_is_parted() -> None:
    made = roster()
    top = made[-1].box.top
    whole = line("安田　クリスチーナ姫子　己財団", 85, top, right=250)
    _, tables = take_rosters([*made[:-2], whole], 1)
    assert rows_of(tables[0])[-1] == ["安田　クリスチーナ姫子", "己財団"]


# What only looks like a list of names.
NONE: list[tuple[str, list[Line]]] = [
    ("five entries", roster(NAMES[:5], OFFICES[:5])),
    ("numbers before items", roster(tuple("123456"), OFFICES)),
    ("a contents page", roster(NAMES, ("1", "3", "12", "15", "20", "31"), wrapped=9)),
    ("headings before text", roster(tuple(f"（{at}）{name}" for at, name in enumerate(NAMES)))),
    ("sentences", roster(tuple(f"{name}である。" for name in NAMES))),
    ("labels with a colon", roster(tuple(f"{name}：" for name in NAMES))),
    ("columns of text", [
        line("あ" * 14, x, 100 + 16 * at) for at in range(8) for x in (72, 312)
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("what", "items"), NONE, ids=[case[0] for case in NONE])
def test_what_is_no_list_of_names(what: str, items: list[Line]) -> None:
    rest, tables = take_rosters(items, 1)
    assert not tables
    assert rest == items
