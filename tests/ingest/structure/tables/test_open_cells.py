"""Which cells go on past the break of a page."""

import pytest

from shisaku.ingest.structure.tables.page_tables import _is_open
from tests.support.setting import table

CELLS = [
    # the cell above the break, the one below, the rules at the break, whether it goes on
    ("あ" * 21, "続き", (False, True), True),
    ("あ" * 20, "続き", (False, True), False),  # too short to have been broken off
    ("あ" * 21 + "。", "続き", (False, True), False),  # its sentence is over
    ("あ" * 21, "(1) 続き", (False, True), False),  # an item of its own
    ("あ" * 21, "続き", (False, False), False),  # a rule on both sides
    ("あ。", "(1) 続き", (True, False), True),  # no rule at the page's foot
]


@pytest.mark.parametrize(("above", "below", "without_rule", "goes_on"), CELLS)
def test_which_cells_go_on(
    above: str, below: str, without_rule: tuple[bool, bool], goes_on: bool
) -> None:
    one = table([[above]], open_bottom=without_rule[0]).cells[0]
    other = table([[below]], open_top=without_rule[1]).cells[0]
    assert bool(_is_open(one, other)) is goes_on
