"""Twice the input takes no more than 2.6 times the processor time: a short form of `make doubling`.

Processor time is measured in child processes, so a busy machine makes the test slow and not red.
"""

import pytest

from bench.doubling import MOST, SHORT, Found, measure, rows


@pytest.mark.parametrize(("stage", "dimension"), SHORT, ids=lambda name: name.replace(" ", "_"))
def test_time_grows_with_the_input(stage: str, dimension: str) -> None:
    found = measure(stage, dimension)
    assert found.ok, found


def test_every_row_of_the_short_form_is_a_row_of_the_table() -> None:
    assert set(SHORT) <= set(rows())


@pytest.mark.parametrize(("growth", "ok"), [(0.0, True), (MOST, True), (MOST + 0.01, False)])
def test_what_grows_faster_is_told(growth: float, ok: bool) -> None:
    assert Found("a", "b", growth, (1, 2), (0.2, 0.2 * growth)).ok is ok


def test_a_row_that_cannot_be_run_is_no_success() -> None:
    assert not measure("no such stage", "digits").ok
