"""Twice the input takes no more than 2.6 times the processor time: a short form of `make doubling`.

Processor time is measured in child processes, so a busy machine makes the test slow and not red:
what looks wrong in a quick look is decided by the least of five runs, tried once more.
"""

from collections.abc import Sequence

import pytest

from bench import doubling
from bench.doubling import MOST, NOTICED, SHORT, Found, by_dimension, look, measure, rows, summary
from bench.doubling_rows import STAGES


@pytest.fixture(scope="module")
def looked() -> dict[tuple[str, str], Found]:
    """Give what each row of the short form came to; they share a process."""
    return {(found.stage, found.dimension): found for found in look(SHORT)}


@pytest.mark.parametrize("row", SHORT, ids=lambda row: "/".join(row).replace(" ", "_"))
def test_time_grows_with_the_input(
    looked: dict[tuple[str, str], Found], row: tuple[str, str]
) -> None:
    assert looked[row].ok, looked[row]


def test_the_short_form_has_rows_of_each_stage() -> None:
    assert set(SHORT) <= set(rows())
    assert {stage for stage, _ in SHORT} == set(STAGES)


@pytest.mark.parametrize(("growth", "ok"), [(0.0, True), (MOST, True), (MOST + 0.01, False)])
def test_what_grows_faster_is_told(growth: float, ok: bool) -> None:
    assert Found("a", "b", growth, (1, 2), (0.2, 0.2 * growth)).ok is ok


def test_a_row_that_cannot_be_run_is_no_success() -> None:
    assert not measure("no such stage", "digits").ok
    assert [found.ok for found in look([("no such stage", "digits")])] == [False]


@pytest.mark.parametrize(
    ("told", "measured"),
    [
        ({"sizes": [1], "times": [0.01]}, False),  # too short to be compared
        ({"sizes": [1, 4], "times": [0.1, 0.1 * NOTICED]}, False),
        ({"sizes": [1, 4], "times": [0.1, 0.1 * NOTICED + 0.01]}, True),
        ({"fault": "MemoryError"}, True),
        ({}, True),  # it did not survive
    ],
)
def test_what_a_quick_look_does_not_settle_is_measured(
    monkeypatch: pytest.MonkeyPatch, told: dict[str, object], measured: bool
) -> None:
    asked: list[tuple[str, str]] = []

    def measure(stage: str, dimension: str) -> Found:
        asked.append((stage, dimension))
        return Found(stage, dimension, 3.0, (1, 2), (1.0, 3.0))

    monkeypatch.setattr(doubling, "_screened", lambda todo: iter([told]))
    monkeypatch.setattr(doubling, "measure", measure)
    (found,) = look([("a", "b")])
    assert bool(asked) is measured
    assert found.ok is not measured


def test_after_a_row_that_ends_its_process_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def screened(todo: Sequence[tuple[str, str]]) -> list[dict[str, list[float]]]:
        first = {"sizes": [1.0], "times": [0.0]}
        return [{}] if todo[0] == ("a", "bad") else [first, *([{}] if len(todo) > 1 else [])]

    monkeypatch.setattr(doubling, "_screened", screened)
    monkeypatch.setattr(
        doubling, "measure", lambda stage, dimension: Found(stage, dimension, fault="slow")
    )
    todo = [("a", "good"), ("a", "bad"), ("b", "good")]
    assert [(found.dimension, found.ok) for found in look(todo)] == [
        ("good", True),
        ("bad", False),
        ("good", True),
    ]


def test_rows_of_one_dimension_are_run_together() -> None:
    todo = [("html", "x"), ("html", "y"), ("first", "x"), ("structure", "x"), ("later", "x")]
    first, second = by_dimension(todo, 2)
    assert first == [("html", "x"), ("structure", "x"), ("first", "x"), ("later", "x")]
    assert second == [("html", "y")]


def test_the_table_by_stage_has_the_worst_growth_of_each() -> None:
    found = [
        Found("a", "x", 2.0, (1, 4), (1.0, 4.0), looked=True),
        Found("a", "y", 2.4, (1, 2), (1.0, 2.4)),
        Found("b", "x", fault="broken"),
    ]
    lines = [line.split() for line in summary(found)]
    assert lines[1:] == [["a", "2", "1", "2.40", "y"], ["b", "1", "1", "0.00", "x"]]
