"""One stream out of pages: what goes on past a column or a page, what does not."""

import pytest
from msgspec.structs import replace

from shisaku.ingest.model import Block, TableBlock, TextBlock
from shisaku.ingest.structure.flow import read_flow, split_items
from tests.support.setting import block, line, pages, rows_of, table, texts

OPEN = "警察は、被害者を早く見つけるため、各地の窓口に相談員を置くとともに、通訳を手配し、職員の研"
REST = "修を行った。"


def flow(*parts: list[Block]) -> list[Block]:
    return read_flow(pages(*parts))


def opened(text: str = OPEN, **more: object) -> TextBlock:
    return replace(block(text, open_end=True, top=700), **more)


def test_a_sentence_goes_on_over_the_page() -> None:
    (whole,) = flow([opened()], [block(REST, page=2, top=60)])
    assert isinstance(whole, TextBlock)
    assert whole.text == OPEN + REST
    assert [line.box.page for line in whole.lines] == [1, 1, 2]
    assert (whole.page, whole.lines[-1].box.page) == (1, 2)


def test_a_sentence_goes_on_in_the_next_column() -> None:
    assert texts(flow([opened(), block(REST, x=310, top=60)])) == [OPEN + REST]


def test_who_is_in_charge_belongs_to_the_paragraph_above() -> None:
    ended = block("窓口を設けた。" * 7, top=700)
    charge = block("（内閣府、警察庁、法務省等）", page=2, top=60)
    assert texts(flow([ended], [charge])) == [ended.text + charge.text]
    # Elsewhere than at the edge, after another list, or below on the same page, it does not.
    assert len(flow([ended], [replace(charge, indent=12)])) == 2
    assert len(flow([charge], [replace(charge, lines=block("", page=2, top=60).lines)])) == 2
    assert len(flow([ended, block(charge.text, top=740)])) == 2
    assert len(flow([ended], [block("（平成23年11月）", page=2, top=60)])) == 2


def test_over_three_pages() -> None:
    middle = block(OPEN, page=2, top=60, open_end=True)
    assert texts(flow([opened()], [middle], [block(REST, page=3, top=60)])) == [OPEN * 2 + REST]


def test_footnotes_do_not_stop_a_sentence_and_follow_it() -> None:
    note = block("1 件数は暦年による。", role="footnote", size=8, top=780)
    found = flow([opened(), note], [block(REST, page=2, top=60), block("次の段落。", page=2)])
    assert texts(found)[0] == OPEN + REST
    assert sorted(texts(found)[1:]) == ["1 件数は暦年による。", "次の段落。"]


NEXT: list[tuple[str, TextBlock, TextBlock]] = [
    ("the sentence had ended", opened("窓口を設けた。" * 5), block("次の文。", page=2, top=60)),
    ("it did not reach the edge", block(OPEN, top=700), block("次の文。", page=2, top=60)),
    ("another size", opened(), block("見出し", page=2, top=60, size=14)),
    ("another weight", opened(), block("見出し", page=2, top=60, bold=True)),
    ("an indent", opened(), block("次の文。", page=2, top=60, indent=1)),
    (
        "its ministries end it",
        opened("窓口を設けた。" * 6 + "（内閣府、警察庁、法務省等）"),
        block("３　窓口の新設", page=2, top=60),
    ),
    (
        "the indent of a first line",
        opened("・" + OPEN, indent=1),
        replace(
            block(OPEN, page=2, top=60, indent=1),
            lines=(line(OPEN[:39], 82.5, 60, 10.5, page=2), line(OPEN[39:], 72, 77, 10.5, page=2)),
        ),
    ),
    ("a heading in the middle", opened(), block("見出し", page=2, top=60, centered=True)),
    ("an item of a list", opened(), block("（１）窓口", page=2, top=60, indent=1)),
    ("two pages on", opened(), block("次の文。", page=3, top=60)),
    ("markup says where paragraphs end", opened(role="list_item"), block("次", page=2, top=60)),
    ("a label near the edge", opened("警察庁"), block("法務省", page=2, top=60)),
    ("below on the same page", opened(), block("次の文。", top=740)),
]


@pytest.mark.parametrize(("what", "first", "second"), NEXT, ids=[case[0] for case in NEXT])
def test_what_begins_anew(what: str, first: TextBlock, second: TextBlock) -> None:
    between: list[list[Block]] = [[]] if second.page == 3 else []
    parts: list[list[Block]] = [[first], *between, [second]]
    if first.page == second.page:
        parts = [[first, second]]
    assert texts(flow(*parts)) == [first.text, second.text]


# An inline list, its items.
ITEMS = [
    ("・窓口を設けた。・研修を行った。", ["・窓口を設けた。", "・研修を行った。"]),
    ("・窓口を設けた。 ・研修", ["・窓口を設けた。", "・研修"]),
    ("警察庁・法務省の窓口。・研修", ["警察庁・法務省の窓口。・研修"]),  # does not begin as a list
    ("・警察庁・法務省の窓口", ["・警察庁・法務省の窓口"]),  # a dot between names
    ("窓口を設けた。", ["窓口を設けた。"]),
]


@pytest.mark.parametrize(("text", "items"), ITEMS)
def test_lists_set_inline_fall_into_items(text: str, items: list[str]) -> None:
    assert texts(split_items(block(text))) == items


def test_a_dot_between_names_with_brackets_is_no_item() -> None:
    text = "・外務省（本省）・在外公館において研修を行う。"
    assert texts(split_items(block(text))) == [text]


def test_inline_lists_in_cells_as_well() -> None:
    (made,) = flow([table([["施策", "・窓口を設けた。・研修を行った。"]])])
    assert rows_of(made) == [["施策", "・窓口を設けた。\n・研修を行った。"]]


# --- tables over pages ---------------------------------------------------------------------------

EDGES = (72.0, 172.0, 272.0, 472.0)


def parts_of(first: TableBlock, second: TableBlock, before: tuple[Block, ...] = ()) -> list[Block]:
    return flow([first], [*before, second])


def test_a_table_goes_on_on_the_next_page() -> None:
    (whole,) = parts_of(
        table([["施策名", "省庁名", "状況"], ["窓口", "警察庁", "設けた。"]], edges=EDGES),
        table([["研修", "法務省", "行った。"]], page=2, edges=EDGES),
    )
    assert rows_of(whole)[1:] == [["窓口", "警察庁", "設けた。"], ["研修", "法務省", "行った。"]]


def test_text_between_tables_keeps_them_apart() -> None:
    first, second = table([["a", "b", "c"]], edges=EDGES), table([["d", "e", "f"]], edges=EDGES)
    assert len(parts_of(first, second, (block("次の表は別の表である。", page=2),))) == 3


def test_tables_with_other_columns_are_other_tables() -> None:
    first = table([["a", "b", "c"]], edges=EDGES)
    fewer = table([["d", "e"]], page=2, edges=(72.0, 300.0, 472.0))
    aside = table([["d", "e", "f"]], page=2, edges=tuple(edge + 18 for edge in EDGES))
    assert parts_of(first, fewer) == [first, fewer]
    assert parts_of(first, aside) == [first, aside]


def test_two_tables_on_one_page_are_two() -> None:
    first, second = table([["a", "b", "c"]], edges=EDGES), table([["d", "e", "f"]], edges=EDGES)
    assert len(flow([first, second])) == 2


def test_tables_of_web_pages_are_never_joined() -> None:
    first, second = (replace(table([["a", "b"]]), edges=()) for _ in range(2))
    assert len(parts_of(first, second)) == 2


def test_lines_that_an_open_cell_leaves_on_the_next_page() -> None:
    # Without rules there, the last lines of a label stand alone above the text.
    first = table([["施策名", "省庁名", "状況"], ["職員の研", "警察庁", "行った。"]], edges=EDGES,
                  open_bottom=True)  # fmt: skip
    (whole,) = flow([first], [block("修の強化", page=2, x=76, top=60)])
    assert rows_of(whole)[1][0] == "職員の研修の強化"


@pytest.mark.parametrize(
    "below",
    [
        block("警察では、施策を次のとおり進めることとし、窓口を置く。", page=2, top=60),  # wide
        block("修の強化", page=2, x=76, top=60, size=14),  # a heading
        block("修の強化", page=2, x=500, top=60),  # beside the table
    ],
)
def test_what_is_no_overflow(below: TextBlock) -> None:
    first = table([["施策名", "省庁名", "状況"], ["職員の研", "警察庁", "行った。"]], edges=EDGES,
                  open_bottom=True)  # fmt: skip
    assert flow([first], [below]) == [first, below]


def test_a_closed_table_takes_no_overflow() -> None:
    first = table([["職員の研", "警察庁", "行った。"]], edges=EDGES)
    assert len(flow([first], [block("修の強化", page=2, x=76, top=60)])) == 2


@pytest.mark.parametrize(
    ("rows", "heading"),
    [
        ([["第１章", "国際情勢の認識"]], "第１章\u3000国際情勢の認識"),
        ([["第１章　国際情勢の認識", ""]], "第１章　国際情勢の認識"),
        ([["第１章", ""]], None),  # a number alone
        ([["第１章", "国際情勢を認識した。"]], None),
        ([["窓口", "国際情勢の認識"]], None),
        ([["第１章", "国際情勢の認識"], ["第２章", "展望"]], None),  # a table of chapters
    ],
)
def test_a_heading_in_a_coloured_band_is_no_table(
    rows: list[list[str]], heading: str | None
) -> None:
    found = flow([table(rows)])
    assert texts(found) == ([heading] if heading else [])
    assert len(found) == 1


@pytest.mark.parametrize(
    ("label", "size", "is_heading"),
    [("４", 14, True), ("（１）", 14, True), ("４", 10.5, False), ("窓口", 14, False)],
)
def test_a_number_in_a_band_heads_what_is_set_larger_than_the_text(
    label: str, size: float, is_heading: bool
) -> None:
    found = flow([block(OPEN), table([[label, "結婚をめぐる意識"]], size=size)])
    assert texts(found)[1:] == ([f"{label}\u3000結婚をめぐる意識"] if is_heading else [])
