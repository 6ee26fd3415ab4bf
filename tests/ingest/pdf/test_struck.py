"""Text that is struck out, and rules that run through letters and strike nothing out."""

from typing import Any

import pytest

from shisaku.ingest.model import TextBlock
from shisaku.ingest.pdf.glyphs.struck import part_struck
from shisaku.ingest.pdf.layout.lines import make_lines
from shisaku.ingest.pdf.layout.struck_gaps import join_over_gaps
from tests.support.setting import glyphs, rule

ROW = glyphs("大麻事犯は前年より増えた。", 72, 100, 10)
"""Thirteen letters from 72 to 202; their middle is at 105."""


def left(*rules: dict[str, Any]) -> str:
    return "".join(made.text for made in make_lines(part_struck(ROW, rules)[0], 1))


def test_a_rule_from_letter_to_letter_strikes_them_out() -> None:
    kept, struck = part_struck(ROW, [rule(122, 105, 162, 105)])
    (made,) = make_lines(kept, 1)
    assert made.text == "大麻事犯は増えた。"
    # It is as long as it is printed, so that what follows goes on with it.
    assert made.box.x1 == 202
    assert "".join(glyph.text for glyph in struck) == "前年より"


def test_a_whole_line_may_be_struck_out() -> None:
    assert left(rule(72, 105, 202, 105)) == ""


# Rules that strike nothing out.
RULES: list[tuple[str, dict[str, Any]]] = [
    ("an underline", rule(122, 110, 162, 110)),
    ("a line above", rule(122, 100, 162, 100)),
    ("a rule of a table", rule(60, 105, 300, 105)),
    ("it begins within a letter", rule(126, 105, 162, 105)),
    ("it ends within a letter", rule(122, 105, 158, 105)),
    ("an upright rule", rule(122, 90, 122, 120)),
]


@pytest.mark.parametrize(("what", "drawn"), RULES, ids=[case[0] for case in RULES])
def test_other_rules(what: str, drawn: dict[str, Any]) -> None:
    assert left(drawn) == "大麻事犯は前年より増えた。"


@pytest.mark.parametrize(("off", "struck"), [(1.7, True), (1.9, False)])
def test_a_rule_through_the_middle(off: float, struck: bool) -> None:
    assert (left(rule(122, 105 + off, 162, 105 + off)) == "大麻事犯は増えた。") is struck


def test_a_rule_over_white_joins_nothing() -> None:
    apart = [*glyphs("前年", 72, 100, 10), *glyphs("より", 152, 100, 10)]
    assert not part_struck(apart, [rule(72, 105, 172, 105)])[1]


def paragraph(texts: list[str], tops: list[float], x: float = 72.0) -> TextBlock:
    rows = [row for text, top in zip(texts, tops, strict=True)
            for row in make_lines(glyphs(text, x, top, 10), 1)]  # fmt: skip
    return TextBlock("".join(texts), tuple(rows), open_end=True)


ABOVE = paragraph(["誤った情報が広がり、", "大麻事犯については、"], [100, 116])


@pytest.mark.parametrize(
    ("words", "top", "x", "joined"),
    [
        ("前述のとおり増えた。", 164, 72, True),
        ("前述のとおり増えた。", 136.1, 72, True),  # ten points below the line above
        ("前述のとおり増えた。", 135, 72, False),  # no line was struck out between them
        ("前述のとおり増えた。", 164, 77.1, False),  # a paragraph of its own is indented
        ("（１）現状", 164, 72, False),
        ("・現状", 164, 72, False),
    ],
)
def test_a_sentence_goes_on_below_lines_that_are_struck_out(
    words: str, top: float, x: float, joined: bool
) -> None:
    below = paragraph([words], [top], x)
    made = join_over_gaps([ABOVE, below])
    texts = [block.text for block in made if isinstance(block, TextBlock)]
    assert texts == ([ABOVE.text + words] if joined else [ABOVE.text, words])


def test_a_sentence_that_has_ended_does_not_go_on() -> None:
    ended = paragraph(["誤った情報が広がり、", "対策を強めている。"], [100, 116])
    assert len(join_over_gaps([ended, paragraph(["前述のとおり増えた。"], [164])])) == 2
