"""Reading order: columns one after the other, what crosses them where it stands."""

from collections import Counter
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shisaku.ingest.model import Box, Line, TableBlock
from shisaku.ingest.pdf.layout import columns as columns_of
from shisaku.ingest.pdf.layout.columns import read_columns
from shisaku.ingest.pdf.layout.items import Frame, Item
from tests.support.setting import line, lines, table

LEFT, RIGHT = 72.0, 312.0


def words(items: list[Item] | tuple[Item, ...]) -> str:
    return "".join(
        item.text if isinstance(item, Line) else ("表" if isinstance(item, TableBlock) else "枠")
        for item in items
    )


def read(items: list[Item]) -> list[str]:
    """Give the columns as the first characters of their lines."""
    return [
        "".join(item.text[0] if isinstance(item, Line) else words([item]) for item in column.items)
        for column in read_columns(items)
    ]


def column(signs: str, x: float, top: float = 100, chars: int = 20) -> list[Item]:
    """Set a line of running text for each sign, which begins it."""
    return list(lines([sign + "あ" * (chars - 1) for sign in signs], x, top))


def test_two_columns_are_read_one_after_the_other() -> None:
    assert read([*column("一二三四五六", LEFT), *column("七八九十百千", RIGHT)]) == [
        "一二三四五六",
        "七八九十百千",
    ]


def test_the_order_of_drawing_says_nothing() -> None:
    drawn = [*column("七八九十百千", RIGHT), *column("一二三四五六", LEFT)]
    assert "".join(read(drawn[::2] + drawn[1::2])) == "一二三四五六七八九十百千"


def test_a_heading_across_stands_before_what_is_beneath_it() -> None:
    head: list[Item] = [line("章" + "の" * 40, LEFT, 76)]
    middle: list[Item] = [line("節" + "の" * 40, LEFT, 220)]
    page = [
        *column("一二三四五六", LEFT), *column("七八九十百千", RIGHT), *head, *middle,
        *column("甲乙丙丁", LEFT, 240), *column("子丑寅卯", RIGHT, 240),
    ]  # fmt: skip
    assert "".join(read(page)) == "章一二三四五六七八九十百千節甲乙丙丁子丑寅卯"


def test_a_table_across_parts_the_page_into_bands() -> None:
    across = table([["a", "b"]], edges=(72.0, 300.0, 512.0), top=220)
    page = [
        *column("一二三四五六", LEFT), *column("七八九十百千", RIGHT), across,
        *column("甲乙丙丁", LEFT, 260), *column("子丑寅卯", RIGHT, 260),
    ]  # fmt: skip
    assert "".join(read(page)) == "一二三四五六七八九十百千表甲乙丙丁子丑寅卯"


def test_a_frame_stands_in_its_column() -> None:
    frame = Frame((line("枠", RIGHT + 5, 205),), Box(1, RIGHT, 200, RIGHT + 200, 230))
    page = [*column("一二三四五六七八", LEFT), *column("甲乙丙丁戊己", RIGHT), frame]
    assert read(page) == ["一二三四五六七八", "甲乙丙丁戊己枠"]


def test_a_column_may_end_early() -> None:
    page = [*column("一二三四五六七八九十", LEFT), *column("甲乙丙丁戊", RIGHT)]
    assert "".join(read(page)) == "一二三四五六七八九十甲乙丙丁戊"


def test_labels_beside_values_are_no_columns() -> None:
    # Read as columns, all labels would come first and no value would stand with its own.
    page: list[Item] = [
        *lines(["日時", "場所", "議題", "出席者", "資料", "その他"], LEFT),
        *lines(["あ" * 24] * 6, 150),
    ]
    assert len(read_columns(page)) == 1


def test_running_text_with_a_figure_beside_it_is_read_through() -> None:
    page = [*column("一二三四五六", LEFT, chars=40), *lines(["図", "凡例"], 520, 110)]
    assert "".join(read(page)).replace("図", "").replace("凡", "") == "一二三四五六"


def short(mark: str, words: str, x: float) -> list[Item]:
    """Set short lines, as slides have them, each with a mark."""
    return list(lines([f"{mark}{word}を進める" for word in words], x, 100))


def test_lists_side_by_side_are_columns_however_short() -> None:
    pair = [*short("・", "甲乙丙丁", LEFT), *short("○", "戊己庚辛", RIGHT)]
    assert [[item.text[:2] for item in column.items if isinstance(item, Line)]
            for column in read_columns(pair)] == [
        ["・甲", "・乙", "・丙", "・丁"], ["○戊", "○己", "○庚", "○辛"],
    ]  # fmt: skip


@pytest.mark.parametrize("marks", ["□□", "・①", "・－"])
def test_boxes_to_tick_and_values_beside_a_list_are_no_columns(marks: str) -> None:
    pair = [*short(marks[0], "甲乙丙丁", LEFT), *short(marks[1], "戊己庚辛", RIGHT)]
    assert len(read_columns(pair)) == 1


def test_three_columns() -> None:
    page = [
        *column("一二三四五", 40, chars=15),
        *column("六七八九十", 220, chars=15),
        *column("甲乙丙丁戊", 400, chars=15),
    ]
    assert read(page) == ["一二三四五", "六七八九十", "甲乙丙丁戊"]


def test_one_column_is_one_column() -> None:
    assert read(column("一二三四五六七", LEFT, chars=40)) == ["一二三四五六七"]
    assert read_columns([]) == []


def test_a_column_knows_its_edges() -> None:
    first, second = read_columns([*column("一二三四五六", LEFT), *column("七八九十百千", RIGHT)])
    assert (first.left, first.right) == (LEFT, LEFT + 200)
    assert (second.left, second.right) == (RIGHT, RIGHT + 200)


LINES = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 30), st.integers(1, 30)), max_size=50)


@settings(max_examples=80, deadline=None)
@given(LINES)
def test_every_line_stands_in_exactly_one_column(places: list[tuple[int, int, int]]) -> None:
    page: list[Item] = [
        line(f"{at}" + "あ" * long, 40 + x * 40, 60 + row * 20)
        for at, (x, row, long) in enumerate(places)
    ]
    read_ = [item for each in read_columns(page) for item in each.items]
    assert Counter(map(id, read_)) == Counter(map(id, page))


PARAGRAPH = [
    line("私たちは出入国在留管理が皆様に少し", 82, 100),
    line("でも理解されることを願う。", LEFT, 116),
]


@pytest.mark.parametrize(
    ("what", "left", "expected"),
    [
        ("a paragraph in mid-sentence at the gutter", PARAGRAPH, "私で出窓"),
        # Its first line ends a sentence: the lines may be rows.
        ("a sentence that ends there",
         [line("私たちは出入国在留管理を身近にする。", 82, 100), PARAGRAPH[1]], "私出窓で"),
        ("labels without an indent",
         [line("出入国在留管理庁総務課企画調整室", LEFT, 100), line("電話番号", LEFT, 116)],
         "出出窓電"),
        ("a line far below",
         [PARAGRAPH[0], line("でも理解されることを願う。", LEFT, 150)], "私出窓で"),
        ("a first line that is short of the gutter",
         [line("私たちは出入国在留管理", 82, 100),
          line("でも理解されることを願うものである", LEFT, 116)], "私出窓で"),
    ],
)  # fmt: skip
def test_two_short_columns_need_a_certain_sign(what: str, left: list[Line], expected: str) -> None:
    beside = [line("出入国の手続の問い合わせ先", RIGHT, 100), line("窓口の名", RIGHT, 112)]
    assert "".join(read([*left, *beside])) == expected, what


ACROSS = line("図" + "の" * 43, LEFT, 226)  # to the right edge, in mid-sentence


@pytest.mark.parametrize(
    ("what", "head", "last", "expected"),
    [
        ("the end of a paragraph across", ACROSS, line("末である。", LEFT, 242), "図末"),
        ("after a full stop another begins",
         line("図" + "の" * 42 + "。", LEFT, 226), line("末である", LEFT, 242), "図末"),
        ("an item", ACROSS, line("①末である", LEFT, 242), "図①"),
        ("a line further below", ACROSS, line("末である", LEFT, 256), "図末"),
        ("a heading in larger type", ACROSS, line("末", LEFT, 242, 12), "図末"),
    ],
)  # fmt: skip
def test_the_short_end_of_a_paragraph_across_belongs_to_it(
    what: str, head: Line, last: Line, expected: str
) -> None:
    page = [
        *column("一二三四五六", LEFT), *column("七八九十百千", RIGHT), head, last,
        *column("甲乙丙丁", LEFT, 276), *column("子丑寅卯", RIGHT, 276),
    ]  # fmt: skip
    found = read_columns(page)
    assert "".join(read(page)) == f"一二三四五六七八九十百千{expected}甲乙丙丁子丑寅卯", what
    together = any(head in each.items and last in each.items for each in found)
    assert together == (what == "the end of a paragraph across"), what


def test_a_label_apart_from_its_title_stands_across_with_it() -> None:
    # 第１節 ends before the gutter, its title crosses it.
    head: list[Item] = [
        line("第１節", LEFT, 76, 13), line("節" + "の" * 20, LEFT + 64, 76, 13),
    ]  # fmt: skip
    page = [*head, *column("一二三四五六", LEFT), *column("七八九十百千", RIGHT)]
    found = read_columns(page)
    assert read(page) == ["第節", "一二三四五六", "七八九十百千"]
    assert (found[0].left, found[0].right) == (LEFT, RIGHT + 200)


@pytest.mark.parametrize(
    ("label", "x", "size", "opened"),
    [
        ("第１節", LEFT, 13, True),
        ("１", LEFT + 26, 13, True),
        ("注意", LEFT, 13, False),  # no label
        ("第１節", LEFT, 9, False),  # in other type
        ("第１節", LEFT - 60, 13, False),  # far from it
    ],
)
def test_a_label_in_a_badge_belongs_to_the_title_beside_it(
    label: str, x: float, size: float, opened: bool
) -> None:
    head = line(label, x, 76 + (13 - size) / 2, size)
    badge = Frame((head,), Box(1, x - 3, 74, head.box.x1 + 3, 92))
    page: list[Item] = [badge, line("取組の状況", LEFT + 55, 76, 13), *column("一二三", LEFT)]
    items = [item for column in read_columns(page) for item in column.items]
    assert (head in items) is opened
    assert (badge in items) is not opened


def test_words_in_the_row_of_a_line_across_stay_in_their_column() -> None:
    across: list[Item] = [line("関係者は", LEFT, 76), line("図" + "の" * 20, LEFT + 64, 76)]
    page = [*across, *column("一二三四五六", LEFT), *column("七八九十百千", RIGHT)]
    assert read(page) == ["関", "図", "一二三四五六", "七八九十百千"]


# Four lines at the left, then a heading: (what is odd, last line at the left, lines at the right
# above its height, their last one, where the right column goes on, whether it heads both columns).
HEADS = [
    ("in the middle of a sentence", "あ", 3, "。", 216, True),
    ("at the end of a sentence, columns balanced", "。", 4, "。", 216, True),
    ("at the end of a sentence, columns not balanced", "。", 3, "。", 216, False),
    ("the right one does not end", "あ", 3, "あ", 216, False),
    ("the right one begins elsewhere", "あ", 3, "。", 232, False),
    ("the right one goes on beside it", "あ", 6, "。", 216, False),
    ("the right one ends far above", "あ", 1, "。", 216, False),
]


@pytest.mark.parametrize(("what", "end", "count", "end_right", "top", "heads_both"), HEADS)
def test_a_heading_of_both_columns_that_is_short(
    what: str, end: str, count: int, end_right: str, top: float, heads_both: bool
) -> None:
    def upper(signs: str, x: float, last: str) -> list[Item]:
        texts = [sign + "あ" * 19 for sign in signs]
        return list(lines([*texts[:-1], texts[-1][:-1] + last], x, 100))

    page = [
        *upper("一二三四", LEFT, end), line("節の名", LEFT, 184, 15),
        *column("五六七八", LEFT, 216),
        *upper("甲乙丙丁戊己"[:count], RIGHT, end_right), *column("子丑寅卯", RIGHT, top),
    ]  # fmt: skip
    order = "".join(read(page))
    assert (order.index("甲") < order.index("節") < order.index("五")) is heads_both, what
    assert (order.index("五") < order.index("甲")) is not heads_both, what


def plainly_found(items: list[Item]) -> object:
    """Try every place where an item ends, whatever stands beside it."""
    em = median(item.size for item in items if isinstance(item, Line))
    found = None
    for x in sorted({round(item.box.x1, 1) + 0.1 for item in items}):
        before = [item for item in items if item.box.x1 <= x]
        after = [item for item in items if item.box.x0 >= x]
        if (
            min(len(before), len(after)) < 3
            or min(item.box.x0 for item in after) - max(item.box.x1 for item in before)
            < columns_of._LEAST_GUTTER * em
        ):
            continue
        gutter = columns_of._try_gutter(items, x, em)
        if gutter is not None and (found is None or gutter.score > found.score):
            found = gutter
    return found


@given(
    st.lists(
        st.tuples(
            st.sampled_from("あ・"), st.integers(3, 40), st.integers(0, 30), st.integers(0, 12)
        ),
        min_size=6, max_size=30,
    ),
    st.booleans(),
)  # fmt: skip
@settings(max_examples=300)
def test_a_gutter_is_found_wherever_one_can_be(
    set_: list[tuple[str, int, int, int]], with_table: bool
) -> None:
    items: list[Item] = [
        line(sign + "あ" * (chars - 1), 72 + 12 * (x // 15 * 20), 100 + 15 * row)
        for sign, chars, x, row in set_
    ]
    if with_table:
        items.append(table([["a", "b"]], edges=(72.0, 100.0, 150.0), top=100))
    assert columns_of._find_gutter(items) == plainly_found(items)
