"""From glyphs to printed lines: where words part, what is ruby, what is a mark."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shisaku.ingest.pdf.glyphs.glyph import Glyph
from shisaku.ingest.pdf.layout.lines import make_lines
from tests.support.setting import glyphs, printed, spaced, span


def text_of(set_: list[Glyph], *, split: bool = False) -> str:
    (line,) = make_lines(set_, 1, split=split)
    return line.text


# Words, the gap between them in points at size 10, the space drawn in it, what a reader reads.
SPACING = [
    (["平", "成", "28", "年"], 8.0, " ", "平成28年"),  # letter-spaced, and the file draws spaces
    (["平", "成", "28", "年"], 8.0, "", "平成28年"),  # the same without them
    (["保", "医", "発", "07", "2", "9"], 5.0, " ", "保医発0729"),
    (["目", "次"], 20.0, "", "目次"),  # a heading of two letters
    (["目", "次"], 20.0, "\u3000", "目次"),
    (["警", "察", "庁", "長", "官"], 5.0, "", "警察庁長官"),
    (["警察庁", "法務省"], 10.0, "", "警察庁\u3000法務省"),  # a full-width space parts words
    (["警察庁", "法務省"], 10.0, "\u3000", "警察庁\u3000法務省"),
    (["人身取引", "対策"], 1.0, "", "人身取引対策"),  # justified: the gap says nothing
    (["人身取引", "対策"], 0.0, " ", "人身取引対策"),  # a drawn space without room is none
    (["policy", "making"], 3.0, "", "policy making"),
    (["policy", "making"], 3.0, " ", "policy making"),
    (["pol", "icy"], 0.5, "", "policy"),  # kerning
    (["1", "2", "3", "4"], 4.0, "", "1 2 3 4"),  # figures of a chart, not one number
    (["ICT", "教材"], 2.5, "", "ICT教材"),  # a quarter em between Latin and kanji is setting
    (["第", "１", "章"], 2.0, "", "第１章"),
    (["ア", "職業の把握"], 2.5, " ", "ア 職業の把握"),  # a label, parted by a narrow space
    (["ア", "職業の把握"], 2.5, "", "ア職業の把握"),
    (["ア", "ジ", "ア"], 2.5, " ", "アジア"),
]


@pytest.mark.parametrize(("words", "gap", "drawn", "wanted"), SPACING)
def test_gaps_decide_about_spaces(words: list[str], gap: float, drawn: str, wanted: str) -> None:
    assert text_of(spaced(words, gap, drawn=drawn)) == wanted


def test_letter_spacing_ends_where_words_begin() -> None:
    date = spaced(["平", "成", "28", "年"], 8)
    rest = glyphs("制定された大綱", date[-1].x1 + 14)
    assert text_of([*date, *rest]) == "平成28年\u3000制定された大綱"


def test_a_wide_gap_may_part_columns_but_not_a_cell() -> None:
    row = spaced(["左の段の文", "右の段の文"], 30)
    assert printed(make_lines(row, 1)) == ["左の段の文", "右の段の文"]
    assert printed(make_lines(row, 1, split=False)) == ["左の段の文\u3000右の段の文"]


@pytest.mark.parametrize(
    ("what", "end", "begins", "parted"),
    [
        ("a mark hangs into the gutter", "）", 306.0, True),
        ("no other row begins there", "）", 304.0, False),
        ("a letter does not hang", "あ", 306.0, False),
        ("too little is left of the gutter", "）", 299.0, False),
    ],
)
def test_a_mark_that_hangs_into_the_gutter_parts_the_columns(
    what: str, end: str, begins: float, parted: bool
) -> None:
    rows = [
        glyph
        for row in range(3)
        for glyph in [*glyphs("あ" * 21, 75, 72 + row * 16),
                      *glyphs("右の段", 306 if begins > 300 else begins, 72 + row * 16)]
    ]  # fmt: skip
    last = [*glyphs("あ" * 21 + end, 75, 120), *glyphs("右の段", begins, 120)]
    assert len(make_lines([*rows, *last], 1)) == 6 + 1 + parted, what


def test_a_full_width_space_does_not_part_a_line() -> None:
    row = spaced(["第１章", "総則"], 10)
    assert printed(make_lines(row, 1)) == ["第１章\u3000総則"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["付録", "資格一覧表"], "付録 資格一覧表"),
        (["別紙１", "様式の例"], "別紙１ 様式の例"),
        (["担当課室名", "安全対策室"], "担当課室名 安全対策室"),
        (["資格", "一覧表"], "資格一覧表"),  # a drawn space parts no words
    ],
)
def test_a_space_after_the_label_of_an_annex_or_a_field_stays(words: list[str], text: str) -> None:
    assert printed(make_lines(spaced(words, 2.3, drawn=" "), 1)) == [text]


@pytest.mark.parametrize(
    ("words", "gap", "text"),
    [
        (["団体とP", "T", "Aの会"], 2.7, "団体とPTAの会"),
        (["P", "T", "Aの会"], 2.7, "PTAの会"),
        (["団体とP", "T", "A"], 2.7, "団体とPTA"),
        (["評価は", "A", "B", "C", "とする"], 2.7, "評価は A B C とする"),
        (["区分A", "B型"], 2.7, "区分A B型"),  # two are names
        (["この平成", "25", "年", "5", "月の会議"], 2.7, "この平成 25 年 5 月の会議"),  # all as set
        (["平成22年7", "月の会議"], 2.7, "平成22年7月の会議"),
        (["本年度は", "10", "人である"], 2.7, "本年度は 10 人である"),
        (["3", "月別の推移"], 2.7, "3 月別の推移"),  # a heading's number
    ],
)
def test_the_spaces_within_capitals_and_dates_go(words: list[str], gap: float, text: str) -> None:
    assert printed(make_lines(spaced(words, gap, drawn=" "), 1)) == [text]


def test_a_line_may_dance() -> None:
    # Latin letters and brackets come from other fonts and stand a little higher or lower.
    row = [*glyphs("平成", 72, 72), *glyphs("28", 92, 73.5), *glyphs("年（度）", 102, 70.8)]
    assert text_of(row) == "平成28年（度）"


def test_lines_come_from_the_top_and_the_order_of_drawing_says_nothing() -> None:
    drawn = [*glyphs("三", top=110), *glyphs("一", top=72), *glyphs("二", top=90)]
    assert printed(make_lines(drawn, 1)) == ["一", "二", "三"]


def test_no_glyphs_no_lines() -> None:
    assert make_lines([], 1) == []
    assert make_lines(glyphs("  \u3000"), 1) == []


def test_ruby_is_noted_on_its_base_and_left_out_of_the_text() -> None:
    base = glyphs("国の琉球王国の歴史", 72, 80)
    ruby = glyphs("りゅうきゅう", 92, 74.5, 3.4)
    (line,) = make_lines([*ruby, *base], 1)
    assert line.text == "国の琉球王国の歴史"
    assert line.ruby == ((2, 4, "りゅうきゅう"),)


def test_ruby_on_two_words_of_a_line() -> None:
    base = glyphs("罹災した方と家族の絆", 72, 80)
    ruby = [*glyphs("り", 74, 74.5, 5), *glyphs("きずな", 160, 74.5, 4)]
    (line,) = make_lines([*base, *ruby], 1)
    assert line.text == "罹災した方と家族の絆"
    assert {text for _, _, text in line.ruby} == {"り", "きずな"}


def test_small_kana_on_their_own_are_a_line() -> None:
    page = [*glyphs("おことわり", 72, 40, 5), *glyphs("本文は次のとおりである", 72, 80)]
    assert printed(make_lines(page, 1)) == ["おことわり", "本文は次のとおりである"]


def test_small_ideographs_above_a_line_are_a_line() -> None:
    page = [*glyphs("図中の数字は件数", 72, 74, 5), *glyphs("本文は次のとおりである", 72, 80)]
    assert len(make_lines(page, 1)) == 2


def test_a_raised_small_figure_is_a_mark_in_its_place() -> None:
    row = [*glyphs("条約", 72, 72), *glyphs("12", 92, 71, 5), *glyphs("を締結", 97, 72)]
    (line,) = make_lines(row, 1)
    assert line.text == "条約12を締結"
    assert line.marks == ((2, 4),)


def test_a_lowered_figure_is_no_mark() -> None:
    row = [*glyphs("ＣＯ", 72, 72), *glyphs("2", 92, 77, 5), *glyphs("の排出", 95, 72)]
    (line,) = make_lines(row, 1)
    assert line.text == "ＣＯ2の排出"
    assert line.marks == ()


def test_a_space_after_a_mark_does_not_part_the_line() -> None:
    row = [*glyphs("条約", 72, 72), *glyphs("1", 92, 71, 5), *glyphs("次の文", 104, 72)]
    assert printed(make_lines(row, 1)) == ["条約1\u3000次の文"]


@pytest.mark.parametrize(
    ("font", "bold"),
    [
        ("ABCDEF+HiraKakuPro-W6", True),
        ("MS-Gothic,Bold", True),
        ("HeiseiMin-W3", False),
        ("MS-Mincho", False),
    ],
)
def test_bold_by_the_name_of_the_font(font: str, bold: bool) -> None:
    (line,) = make_lines(glyphs("見出し", font=font), 1)
    assert line.bold is bold
    assert line.font == font


def test_bold_by_a_second_stroke_of_the_whole_line() -> None:
    row = glyphs("見出し")
    for glyph in row:
        glyph.doubled = True
    assert make_lines(row, 1)[0].bold
    row[0].doubled = False
    assert not make_lines(row, 1)[0].bold


def test_a_line_knows_its_box_and_size() -> None:
    (line,) = make_lines(glyphs("本文", 72, 100, 10.5), 4)
    assert (line.box.page, line.box.x0, line.box.top, line.box.x1) == (4, 72, 100, 93)
    assert line.size == 10.5


ALPHABET = "人身取引対策のがー、。（）①◎・AZaz09-%½ｶ一"
PLACES = st.lists(
    st.tuples(
        st.integers(0, 24),
        st.integers(0, 12),
        st.sampled_from(ALPHABET),
        st.sampled_from([4.0, 5.5, 9.0, 10.5, 12.0]),
        st.floats(0, 3),
        st.booleans(),
    ),
    max_size=60,
    unique_by=lambda place: place[:2],
)


@settings(max_examples=120, deadline=None)
@given(PLACES, st.booleans())
def test_every_visible_glyph_comes_out_exactly_once(
    places: list[tuple[int, int, str, float, float, bool]], split: bool
) -> None:
    # Cells of 16 x 16 points hold a glyph each, so that none covers another.
    drawn = [
        glyph
        for column, row, char, size, shift, space in places
        for glyph in glyphs(
            char + (" " if space else ""), 40 + column * 16 + shift, 40 + row * 16 + shift, size
        )
    ]
    found = make_lines(drawn, 1, split=split)
    words = "".join(line.text + "".join(text for *_, text in line.ruby) for line in found)
    assert Counter("".join(words.split())) == Counter(char for _, _, char, *_ in places)
    for line in found:
        assert line.text == line.text.strip()
        for start, end in [*line.marks, *((a, b) for a, b, _ in line.ruby)]:
            assert 0 <= start < end <= len(line.text)


@pytest.mark.parametrize(
    ("sign", "size", "raise_", "taken"),
    [
        ("１", 6.0, 2.0, True),
        ("２３", 6.0, 2.0, True),
        ("１", 6.0, -2.5, True),  # below the line: a subscript
        ("甲", 6.0, 2.0, False),  # no sign
    ],
)
def test_a_raised_sign_among_much_small_print(
    sign: str, size: float, raise_: float, taken: bool
) -> None:
    # Half of the page is notes, so the sign is not small beside most of its glyphs.
    row = glyphs("未婚割合", 72, 100, 11)
    raised = glyphs(sign, 116.5, 100 - raise_ + (11 - size) * (raise_ < 0), size)
    rest = glyphs("をみると", 116.5 + span(sign, size) + 0.5, 100, 11)
    notes = [glyph for at in range(9) for glyph in glyphs("注の文である。", 72, 300 + 12 * at, 8)]
    made = printed(make_lines([*row, *raised, *rest, *notes], 1))
    assert (f"未婚割合{sign}をみると" in made) is taken


TYPE = st.tuples(st.sampled_from([9.0, 10.0, 10.04, 12.0]), st.sampled_from(["A", "B", "A-Bold"]))


@given(st.lists(TYPE, min_size=1, max_size=8))
def test_a_line_is_set_as_most_of_its_glyphs_are(types: list[tuple[float, str]]) -> None:
    set_: list[Glyph] = []
    for at, (size, font) in enumerate(types):
        set_ += glyphs("字", 72 + 12 * at, 72 - size / 2, size, font=font)
    (made,) = make_lines(set_, 1, split=False)
    sizes = Counter(round(size, 1) for size, _ in types)
    fonts = Counter(font for _, font in types)
    assert made.size == max(sizes, key=lambda size: (sizes[size], size))
    assert made.font == max(fonts, key=lambda font: (fonts[font], font))
    assert made.bold == (fonts["A-Bold"] * 10 >= len(types) * 9)
    ends = [12 * at + size for at, (size, _) in enumerate(types)]
    assert made.box.x0 == 72
    assert made.box.x1 == pytest.approx(72 + max(ends))
