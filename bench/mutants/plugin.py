"""A plugin of pytest (`-p bench.mutants.plugin`) that runs chosen tests in order, or records them.

With SHISAKU_CHOSEN, a JSON list of test ids in a file, only these run, in this order. With
SHISAKU_CALLS it records what each test calls (bench/mutants/watch.py) and how each of its phases
ended: `["time", test, seconds, passed]`.
"""

import json
import os
from collections.abc import Generator
from pathlib import Path

import pytest

from bench.mutants import watch


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the chosen tests, in their order."""
    if chosen := os.environ.get("SHISAKU_CHOSEN"):
        order = {name: at for at, name in enumerate(json.loads(Path(chosen).read_bytes()))}
        config.hook.pytest_deselected(items=[each for each in items if each.nodeid not in order])
        items[:] = sorted(
            (each for each in items if each.nodeid in order), key=lambda each: order[each.nodeid]
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Begin anew with each test."""
    if "SHISAKU_CALLS" in os.environ:
        watch.watch()
    try:
        return (yield)
    finally:
        watch.stop()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Record how a phase of a test ended."""
    if "SHISAKU_CALLS" in os.environ:
        watch.write("time", report.nodeid, report.duration, report.outcome != "failed")
