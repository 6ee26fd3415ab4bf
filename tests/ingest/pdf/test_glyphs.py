"""What is visible on a page, once, with radicals repaired."""

import math
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shisaku.ingest.pdf.glyphs import overstrikes
from shisaku.ingest.pdf.glyphs.direction import Turn, is_vertical
from shisaku.ingest.pdf.glyphs.glyph import Glyph, make_glyph
from shisaku.ingest.pdf.glyphs.strips import chars_of, strips_of
from shisaku.ingest.pdf.glyphs.visible import PageGlyphs, read_glyphs
from shisaku.ingest.pdf.layout.lines import make_lines
from tests.support.setting import HEIGHT, WIDTH, chars, glyphs


def read(*drawn: list[dict[str, object]]) -> PageGlyphs:
    return read_glyphs(strips_of(char for each in drawn for char in each), WIDTH, HEIGHT)


def shown(page: PageGlyphs) -> str:
    return "".join(glyph.text for glyph in page.glyphs)


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [
        ("⼈⾝取引", "人身取引"),  # Chrome prints radicals in place of ideographs
        ("⺠⻑⻄", "民長西"),  # the supplement, which NFKC leaves alone
        ("⼾⿈", "戸黄"),  # where NFKC gives forms that Japanese does not use
    ],
)
def test_radicals_become_ideographs(printed: str, wanted: str) -> None:
    page = read(chars(printed))
    assert shown(page) == wanted
    assert page.counts["radicals"] > 0


@pytest.mark.parametrize("text", ["﨑隆", "①½㈱", "2020～2024年度", "ｶﾞｲﾄﾞ", "ﾃﾞｰﾀ"])
def test_other_compatibility_characters_stay_as_printed(text: str) -> None:
    page = read(chars(text))
    assert shown(page) == text
    assert not page.counts


@pytest.mark.parametrize(
    "text",
    [
        "\uf0b7項目",  # Wingdings' bullet, by which lists are told
        "\ue000",  # an ideograph of the ministry's own (外字)
    ],
)
def test_private_characters_are_kept(text: str) -> None:
    assert shown(read(chars(text))) == text


def test_a_shift_for_bold_is_one_glyph_and_bold() -> None:
    page = read(chars("総則", 72, 72, 12), chars("総則", 72.4, 72, 12))
    assert shown(page) == "総則"
    assert all(glyph.doubled for glyph in page.glyphs)
    assert page.counts["drawn_twice"] == 2


@pytest.mark.parametrize("text", ["ll", "々々", "......", "ー", "iii", "口口"])
def test_equal_neighbours_are_no_second_stroke(text: str) -> None:
    page = read(chars(text, size=10))
    assert shown(page) == text
    assert not any(glyph.doubled for glyph in page.glyphs)


def test_the_same_character_in_another_size_is_another_glyph() -> None:
    assert shown(read(chars("注", size=10), chars("注", size=6))) == "注注"


def test_spaces_drawn_twice_do_no_harm() -> None:
    assert shown(read(chars("a b"), chars("a b"))).strip().replace(" ", "") == "ab"


def test_a_glyph_without_character_is_counted_and_keeps_its_place() -> None:
    unmapped = chars("口")[0] | {"text": "(cid:13880)"}
    page = read([unmapped], chars("座", 82))
    assert shown(page) == "\ufffd座"
    assert page.counts["unmapped_glyphs"] == 1


@pytest.mark.parametrize(
    ("x", "top", "kept"),
    [
        (72.0, 72.0, True),
        (-4.0, 72.0, True),  # cut by the edge, but seen
        (-40.0, 72.0, False),
        (WIDTH + 1, 72.0, False),
        (72.0, -30.0, False),
        (72.0, HEIGHT + 1, False),  # crop marks and colour bars
    ],
)
def test_what_stands_outside_the_page_is_not_on_it(x: float, top: float, kept: bool) -> None:
    page = read(chars("外", x, top))
    assert shown(page) == ("外" if kept else "")
    assert page.counts["outside_page"] == (not kept)


def test_control_characters_print_nothing() -> None:
    page = read(chars("a\x02b\x7f"))
    assert shown(page) == "ab"
    assert page.counts["control_characters"] == 2


def test_a_dash_that_shares_its_glyph_with_a_combining_stroke() -> None:
    # Some fonts map both to one glyph, and the file then says U+0336 for 文部科学省―.
    page = read(chars("省"), [chars("―", 82)[0] | {"text": "\u0336"}])
    assert shown(page) == "省―"


def columns(*texts: str, size: float = 10) -> list[Glyph]:
    """Set columns of vertical writing from right to left."""
    return [
        glyph
        for at, text in enumerate(texts)
        for down, char in enumerate(text)
        for glyph in glyphs(char, 500 - at * 18, 72 + down * size, size)
    ]


def test_vertical_writing_is_told_by_the_order_of_drawing() -> None:
    assert is_vertical(columns("この法律は公布の日から施行する", "附則第一条の規定は別に定める"))
    assert not is_vertical(glyphs("この法律は公布の日から施行する附則第一条の規定は別に定める"))


def test_a_few_labels_set_upright_do_not_turn_a_page() -> None:
    text = "警察では被害者の保護に努めている"
    body = [glyph for at in range(6) for glyph in glyphs(text, 72, 300 + at * 16)]
    assert not is_vertical([*columns("施策", "省庁", "実施状況"), *body])


def test_a_turned_page_reads_its_columns_from_the_right() -> None:
    page = columns("第一条この法律", "第二条国は")
    turn = Turn("down", WIDTH, 842)
    assert [line.text for line in make_lines([turn.glyph(g) for g in page], 1)] == [
        "第一条この法律",
        "第二条国は",
    ]


def plainly_kept(drawn: list[Glyph]) -> list[Glyph]:
    """Compare each glyph with all that stand in the nine squares of 4 pt around it."""
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    kept: list[Glyph] = []
    for glyph in drawn:
        column, row = int(glyph.x0 // 4), int(glyph.top // 4)
        twin = next(
            (
                other
                for i in (column - 1, column, column + 1)
                for j in (row - 1, row, row + 1)
                for other in seen.get((glyph.text, i, j), ())
                if abs(other.x0 - glyph.x0) <= glyph.size / 8
                and abs(other.top - glyph.top) <= glyph.size / 8
                and abs(other.size - glyph.size) < 0.5
            ),
            None,
        )
        if glyph.blank:
            kept.append(glyph)
        elif twin is None:
            seen.setdefault((glyph.text, column, row), []).append(glyph)
            kept.append(glyph)
        else:
            twin.doubled = True
    return kept


# Crowded, around borders of what is looked up together, in sizes whose eighth reaches beyond.
_SPOTS = st.one_of(st.floats(20.0, 52.0), st.sampled_from([22.0, 23.99, 24.0, 25.25, 28.0, 31.9]))
_SIZES = st.sampled_from([5.0, 10.0, 10.4, 32.0, 48.0, 96.0])
_STRIPS = st.tuples(
    _SPOTS, _SIZES, st.lists(st.tuples(st.sampled_from("一二 "), _SPOTS), min_size=1, max_size=8)
)


# Strips of up to three characters: a longer one may repeat another as a text layer does.
_SHORT_STRIPS = st.tuples(
    _SPOTS, _SIZES, st.lists(st.tuples(st.sampled_from("一二 "), _SPOTS), min_size=1, max_size=3)
)


# What may be looked at: enough, too little after some strips, nothing from the first strip on.
@pytest.mark.parametrize("spare", [20_000, -1_000, -1_000_000])
@given(drawn=st.lists(_SHORT_STRIPS, max_size=20))
@example(drawn=[(30.0, 10.0, [("一", 23.5)]), (30.0, 10.0, [("一", 24.5)])])
@example(drawn=[(47.5, 10.0, [("一", 30.0)]), (48.5, 10.0, [("一", 30.0)])])
# A second stroke within a strip, also one of what was drawn before the last.
@example(drawn=[(30.0, 10.0, [("一", 30.0), ("二", 31.0), ("一", 30.5)])])
# A third between two of large type: the left one is bold, though it was drawn later.
@example(
    drawn=[(30.0, 48.0, [("一", 36.0)]), (30.0, 48.0, [("一", 28.0)]), (30.0, 48.0, [("一", 32.0)])]
)
def test_the_second_strokes_are_those_that_a_comparison_of_all_finds(
    spare: int, drawn: list[tuple[float, float, list[tuple[str, float]]]]
) -> None:
    made = [
        make_glyph(text, x, top, x + 5, top + 5, size, "M")
        for top, size, strip in drawn
        for text, x in strip
    ]
    with patch.object(overstrikes, "_SPARE", spare):
        page = read_glyphs(strips_of(chars_like(made)), WIDTH, HEIGHT)
    assert list(page.glyphs) == plainly_kept(made)
    assert page.counts["drawn_twice"] == len(made) - len(page.glyphs)


def chars_like(made: list[Glyph]) -> list[dict[str, object]]:
    return [
        {"text": g.text, "x0": g.x0, "top": g.top, "x1": g.x1, "bottom": g.bottom, "size": g.size,
         "fontname": g.font, "upright": g.upright}
        for g in made
    ]  # fmt: skip


@given(st.lists(_STRIPS, max_size=6))
def test_strips_hold_all_of_the_characters(
    drawn: list[tuple[float, float, list[tuple[str, float]]]],
) -> None:
    made = [
        make_glyph(text, x, top, x + 5, top + 5, size, "M", size > 9)
        for top, size, strip in drawn
        for text, x in strip
    ]
    given_ = chars_like(made)
    whole = [char | {"doctop": 842.0 + float(str(char["top"]))} for char in given_]
    assert chars_of(strips_of(given_), 842.0) == whole
    moved = [strip.moved(3, 4) for strip in strips_of(given_)]
    corner = [g.at(g.x0 - 3, g.top - 4, g.x1 - 3, g.bottom - 4) for g in made]
    assert moved == strips_of(chars_like(corner))


@pytest.mark.parametrize("key", ["x0", "x1", "top", "bottom"])
@pytest.mark.parametrize("place", [math.nan, math.inf, -math.inf])
def test_what_stands_at_no_place_is_not_on_the_page(key: str, place: float) -> None:
    odd = chars("外", 92)[0] | {key: place}
    for each in ([odd], [*chars("内"), odd], [odd, *chars("内"), odd]):
        assert shown(read(each)) == "内" * (len(each) > 1)
