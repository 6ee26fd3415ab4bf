"""Rows broken by a page: put together again where they go on, left apart where they do not."""

import pytest

from shisaku.ingest.model import TableBlock
from shisaku.ingest.structure.tables.page_tables import LongTable, continues_table, join_tables
from tests.support.setting import rows_of, table

EDGES = (72.0, 172.0, 272.0, 472.0)
HEAD = ["施策名", "省庁名", "実施状況"]


def top(*rows: list[str], open_: bool = False, columns: list[int] | None = None) -> TableBlock:
    return table([HEAD, *rows], edges=EDGES, open_bottom=open_, open_columns=columns)


def part(*rows: list[str], open_: bool = False, columns: list[int] | None = None) -> TableBlock:
    return table(rows, page=2, edges=EDGES, open_top=open_, open_columns=columns)


def joined(first: TableBlock, second: TableBlock) -> list[list[str]]:
    """Give the rows below the head."""
    assert continues_table(first, second)
    whole = join_tables(first, second)
    assert whole.rows == len(rows_of(whole))
    return rows_of(whole)[1:]


def test_an_open_row_goes_on() -> None:
    assert joined(
        top(["窓口", "警察庁", "◎警察では、被害者を早く見つけるため、窓"], open_=True),
        part(["", "", "口を設けた。"], open_=True),
    ) == [["窓口", "警察庁", "◎警察では、被害者を早く見つけるため、窓口を設けた。"]]


def test_an_open_row_goes_on_in_several_cells() -> None:
    assert joined(
        top(["被害者の", "文部科学", "◎警察では、窓口を設けた。"], open_=True),
        part(["保護", "省", "◎研修を行った。"], open_=True),
    ) == [["被害者の保護", "文部科学省", "◎警察では、窓口を設けた。\n◎研修を行った。"]]


def test_an_open_row_keeps_what_begins_on_the_next_page() -> None:
    rows = joined(top(["窓口", "警察庁", ""], open_=True), part(["", "", "◎設けた。"], open_=True))
    assert rows[0] == ["窓口", "警察庁", "◎設けた。"]


def test_a_row_whose_rules_are_drawn_goes_on_in_mid_sentence() -> None:
    # Some programs close both sides of a break; the empty label and the sentence tell.
    assert joined(
        top(["窓口", "警察庁", "◎警察では、被害者を早く見つけるため、窓"]),
        part(["", "", "口を設けた。"]),
    ) == [["窓口", "警察庁", "◎警察では、被害者を早く見つけるため、窓口を設けた。"]]


def test_a_closed_row_after_a_full_sentence_is_a_row_of_its_own() -> None:
    rows = joined(
        top(["窓口", "警察庁", "◎窓口を設けた。"]), part(["研修", "法務省", "◎研修を行った。"])
    )
    assert rows == [["窓口", "警察庁", "◎窓口を設けた。"], ["研修", "法務省", "◎研修を行った。"]]


def test_rows_after_the_broken_one_follow_in_order() -> None:
    rows = joined(
        top(["窓口", "警察庁", "◎設け"], open_=True),
        part(["", "", "た。"], ["研修", "法務省", "◎済。"], ["広報", "外務省", "済。"], open_=True),
    )
    assert [row[0] for row in rows] == ["窓口", "研修", "広報"]
    assert rows[0][2] == "◎設けた。"


def test_a_label_over_several_rows_runs_on() -> None:
    # It is printed once, at its top; on the next page its column is empty.
    assert joined(
        top(["窓口", "警察庁", "◎設けた。"]),
        part(["", "法務省", "○検討する。"], ["研修", "外務省", "◎行った。"]),
    ) == [
        ["窓口", "警察庁", "◎設けた。"],
        ["^", "法務省", "○検討する。"],
        ["研修", "外務省", "◎行った。"],
    ]


def test_a_label_may_itself_be_broken() -> None:
    # The label is open, the rows beside it are closed.
    assert joined(
        top(["被害者の", "警察庁", "◎設けた。"], open_=True, columns=[0]),
        part(["保護", "法務省", "○検討する。"], open_=True, columns=[0]),
    ) == [["被害者の保護", "警察庁", "◎設けた。"], ["^", "法務省", "○検討する。"]]


def test_a_spanning_label_that_goes_on_keeps_its_rows() -> None:
    rows = joined(
        top(["窓口", "警察庁", "◎済。"], ["^", "法務省", "◎被害者のため、職"], open_=True),
        part(["", "", "員を置く。"], ["^", "外務省", "○"], ["研修", "総務省", "◎"], open_=True),
    )
    assert rows == [
        ["窓口", "警察庁", "◎済。"],
        ["^", "法務省", "◎被害者のため、職員を置く。"],
        ["^", "外務省", "○"],
        ["研修", "総務省", "◎"],
    ]


def test_an_empty_cell_in_the_middle_is_no_label() -> None:
    rows = joined(top(["窓口", "警察庁", "◎設けた。"]), part(["研修", "", "◎行った。"]))
    assert rows == [["窓口", "警察庁", "◎設けた。"], ["研修", "", "◎行った。"]]


def test_a_header_that_returns_is_left_out() -> None:
    rows = joined(top(["窓口", "警察庁", "◎設けた。"]), part(HEAD, ["研修", "法務省", "◎行った。"]))
    assert [row[0] for row in rows] == ["窓口", "研修"]


def test_a_header_that_returns_letter_spaced_is_left_out() -> None:
    rows = joined(
        top(["窓口", "警察庁", "◎設けた。"]),
        part(["施 策 名", "省庁名", "実施\u3000状況"], ["研修", "法務省", "◎行った。"]),
    )
    assert [row[0] for row in rows] == ["窓口", "研修"]


def test_a_page_with_the_header_alone_adds_nothing() -> None:
    assert joined(top(["窓口", "警察庁", "◎設けた。"]), part(HEAD)) == [
        ["窓口", "警察庁", "◎設けた。"]
    ]


def test_an_open_row_goes_on_below_a_header_that_returns() -> None:
    rows = joined(
        top(["窓口", "警察庁", "◎警察では、被害者を早く見つけるため、窓"], open_=True),
        part(HEAD, ["", "", "口を設けた。"]),
    )
    assert rows == [["窓口", "警察庁", "◎警察では、被害者を早く見つけるため、窓口を設けた。"]]


def test_a_header_of_two_rows_that_returns_is_left_out() -> None:
    head = [["施策名", "実施状況", "<"], ["^", "22年度", "23年度"]]
    first = table([*head, ["窓口", "設けた。", "続けた。"]], edges=EDGES)
    second = table([*head, ["研修", "行った。", "続けた。"]], page=2, edges=EDGES)
    assert rows_of(join_tables(first, second)) == [
        *head, ["窓口", "設けた。", "続けた。"], ["研修", "行った。", "続けた。"],
    ]  # fmt: skip


def test_a_header_below_a_title_row_that_returns_is_left_out() -> None:
    first = table([["１　保護", "<", "<"], HEAD, ["窓口", "警察庁", "◎設けた。"]], edges=EDGES)
    second = part(HEAD, ["研修", "法務省", "◎行った。"])
    assert [row[0] for row in rows_of(join_tables(first, second))] == [
        "１　保護", "施策名", "窓口", "研修",
    ]  # fmt: skip


@pytest.mark.parametrize("shift", [-3.0, 0.0, 3.0])
def test_rules_may_shift_a_little_from_page_to_page(shift: float) -> None:
    first = top(["窓口", "警察庁", "◎設けた。"])
    second = table(
        [["研修", "法務省", "◎行った。"]], page=2, edges=tuple(edge + shift for edge in EDGES)
    )
    assert joined(first, second)[1] == ["研修", "法務省", "◎行った。"]


def test_a_part_in_which_no_row_uses_all_columns() -> None:
    # A page with the last lines of a row: the rules of the other columns stand where they stood.
    edges = (72.0, 172.0, 272.0, 372.0, 472.0)
    first = table([["施策", "省庁", "予算", "状況"], ["窓口", "警察庁", "10", "◎設"]], edges=edges,
                  open_bottom=True)  # fmt: skip
    second = table([["", "", "けた。"]], page=2, edges=(72.0, 172.0, 272.0, 472.0), open_top=True)
    assert continues_table(first, second)


def test_nothing_is_lost_when_columns_differ() -> None:
    edges = (72.0, 172.0, 272.0, 372.0, 472.0)
    first = table([["施策", "省庁", "予算", "状況"], ["窓口", "警察庁", "10", "◎済"]], edges=edges)
    second = table([["研修", "法務省", "◎行った。"]], page=2, edges=(72.0, 172.0, 272.0, 472.0))
    whole = join_tables(first, second)
    assert rows_of(whole)[-1] == ["研修", "法務省", "◎行った。", "<"]


def test_a_table_grows_from_page_to_page() -> None:
    long = LongTable(top(["窓口", "警察庁", "◎第0回を"], open_=True))
    for page in range(2, 40):
        following = table(
            [HEAD, ["", "", "開いた。"], ["窓口", "警察庁", f"◎第{page}回を"]],
            page=page, edges=EDGES, open_top=True, open_bottom=True,
        )  # fmt: skip
        assert long.continues(following)
        long.join(following)
        assert long.last_page == page
    whole = long.block()
    rows = rows_of(whole)
    assert whole.rows == len(rows) == 40
    assert rows[1][2] == "◎第0回を開いた。"
    assert [row[2] for row in rows[2:]] == [
        *(f"◎第{page}回を開いた。" for page in range(2, 39)), "◎第39回を",
    ]  # fmt: skip
    assert whole.returned == tuple(HEAD) * 38
