"""Text that is struck out, and rules that run through letters and strike nothing out."""

from typing import Any

import pytest

from shisaku.ingest.pdf.glyphs.struck import part_struck
from shisaku.ingest.pdf.layout.lines import make_lines
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
