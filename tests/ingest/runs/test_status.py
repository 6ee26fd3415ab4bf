"""The status of a data directory: which runs count, when the disk is full, how sizes are told."""

import os
import shutil
from collections import namedtuple
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import msgspec
import pytest

from shisaku.ingest.model import IndexState
from shisaku.ingest.runs.record import Fault, Record, Stage
from shisaku.ingest.runs.status import Status, survey

WELL = IndexState("gen-1", 1, 1)
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


class StoppedClock(datetime):
    """A moment that stays: a busy machine must not make a run older."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "StoppedClock":
        return cls(2026, 11, 22, 3, tzinfo=tz)


@pytest.fixture(autouse=True)
def _stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shisaku.ingest.runs.status.datetime", StoppedClock)
    monkeypatch.setattr("shisaku.ingest.runs.record.datetime", StoppedClock)


def put(data: Path, hours: float, command: str = "update", exit_code: int | None = 0,
        *faults: Fault, only: list[str] | None = None, error: str = "") -> None:  # fmt: skip
    """Write the record of a run that began so many hours ago."""
    began = NOW - timedelta(hours=hours)
    stages = {"fetch": Stage(problems=list(faults))}
    if only:
        stages["fetch"].only = only
    found = Record(command, began.strftime("%Y-%m-%dT%H:%M:%SZ"), 1, exit_code=exit_code,
                   stages=stages, error=error)  # fmt: skip
    path = data / "runs" / began.strftime("%Y%m%dT%H%M%S.%fZ.json")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(msgspec.json.encode(found))


def faults(data: Path, **options: Any) -> list[str]:
    return [fault.partition(";")[0] for fault in survey(data, WELL, **options).faults]


@pytest.mark.parametrize(
    ("command", "exit_code", "counts"),
    [("update", 0, True), ("update", 3, True), ("ingest", 0, True), ("index", 0, True),
     ("index --rebuild", 0, True), ("fetch", 0, False), ("rollback", 0, False),
     ("update", 1, False), ("update", 2, False), ("update", 5, False), ("update", 130, False),
     ("update", None, False)],
)  # fmt: skip
def test_which_run_is_the_last_good_one(
    tmp_path: Path, command: str, exit_code: int | None, counts: bool
) -> None:
    put(tmp_path, 2)
    put(tmp_path, 1, command, exit_code)
    assert survey(tmp_path, WELL).age_hours == (1 if counts else 2)


RUNS = [
    # exit codes of `update`, the oldest first → what is told of them
    ((0,), []),
    ((), ["no run has come to its end yet"]),
    ((1,), ["failed", "no run has come to its end yet"]),
    ((0, 1), ["failed"]),
    ((0, 1, 1), ["failed"]),  # the newest is enough
    ((1, 0), []),
    ((0, 5), []),  # another run was at it
    ((0, 1, 5), ["failed"]),
    ((0, None), ["failed"]),  # killed
]


@pytest.mark.parametrize(("exit_codes", "told"), RUNS)
def test_the_newest_run_that_failed_is_told(
    tmp_path: Path, exit_codes: tuple[int | None, ...], told: list[str]
) -> None:
    for hours, code in enumerate(reversed(exit_codes)):
        put(tmp_path, hours + 1, "update", code)
    found = faults(tmp_path)
    assert len(found) == len(told)
    assert all(words in fault for words, fault in zip(told, found, strict=True))


@pytest.mark.parametrize(
    ("hours", "most", "told"),
    [(2, None, []), (2, 2, []), (2, 1.99, ["the last good run is 2 hours old"]), (2, 3, []),
     (0, 0, []), (-0.5, 1, ["the last good run is dated in the future"])],
)  # fmt: skip
def test_how_old_the_last_run_may_be(
    tmp_path: Path, hours: float, most: float | None, told: list[str]
) -> None:
    put(tmp_path, hours)
    assert faults(tmp_path, max_age=most) == told


def new(place: str, source: str = "s") -> Fault:
    return Fault(place, "slow", True, source)


FETCHES: list[tuple[str, list[tuple[Any, ...]], list[str]]] = [
    # what; the fetches, the newest first: exit code, sources asked by name, sources with a new
    # fault; what is told
    ("a new fault", [(3, [], ["a"])], ["1 problems of the last fetch are new"]),
    ("asked again since", [(0, [], []), (3, [], ["a"])], []),
    ("another asked since", [(0, ["b"], []), (3, [], ["a", "b"])],
     ["1 problems of the last fetch are new"]),
    ("each asked by itself", [(3, ["b"], ["b"]), (3, ["a"], ["a"]), (3, [], ["a", "b"])],
     ["2 problems of the last fetch are new"]),
    ("asked twice by name", [(0, ["a"], []), (3, ["a"], ["a"]), (0, [], [])], []),
    ("it failed", [(1, [], [])], ["the fetch of "]),
    ("it found the lock taken", [(5, [], []), (0, [], [])], []),
    ("the lock taken, one before failed", [(5, [], []), (1, [], [])], ["the fetch of "]),
    ("a source failed as a whole, another went well", [(0, ["b"], []), (1, ["a"], [])],
     ["the fetch of "]),
]  # fmt: skip


@pytest.mark.parametrize(("runs", "told"), [row[1:] for row in FETCHES],
                         ids=[row[0] for row in FETCHES])  # fmt: skip
def test_which_fetches_count(
    tmp_path: Path, runs: list[tuple[int, list[str], list[str]]], told: list[str]
) -> None:
    put(tmp_path, 1)
    for hours, (code, only, sources) in enumerate(runs):
        put(tmp_path, hours + 2, "fetch", code, *(new(s, s) for s in sources), only=only)
    found = faults(tmp_path)
    assert len(found) == len(told)
    assert all(fault.startswith(words) for words, fault in zip(told, found, strict=True))


@pytest.mark.parametrize(("free", "told"), [(50, []), (49, ["the disk is nearly full: 49 B free"])])
def test_when_the_disk_is_nearly_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, told: list[str]
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1000, 1000 - free, free))
    put(tmp_path, 1)
    assert faults(tmp_path) == told


SIZES = [
    (0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1234, "1.23 kB"), (999_400, "999 kB"),
    (1_000_000, "1 MB"), (20_000_000, "20 MB"), (3 * 10**9, "3 GB"), (4 * 10**12, "4 TB"),
    (5 * 10**15, "5000 TB"),  # there is no larger unit
]  # fmt: skip


@pytest.mark.parametrize(("held", "words"), SIZES)
def test_sizes_have_decimal_units(held: int, words: str) -> None:
    assert f"; {words} free" in "\n".join(Status(WELL, free=held).lines())


def test_what_a_directory_takes_on_the_disk(tmp_path: Path) -> None:
    put(tmp_path, 1)
    (tmp_path / "raw").mkdir()
    one = tmp_path / "raw" / "a"
    one.write_bytes(bytes(10_000))
    os.link(one, tmp_path / "raw" / "b")  # one file, counted once
    used = survey(tmp_path, WELL).used
    assert used["raw"] == one.stat().st_blocks * 512 >= 10_000
    assert set(used) == {"raw", "runs"}


@pytest.mark.parametrize(
    ("state", "told"),
    [(IndexState("gen-1"), []), (IndexState("gen-1", behind=1), ["the index does not hold"]),
     (IndexState("gen-1", fault="it is damaged"), ["it is damaged"]),
     (IndexState("gen-1", fault="it is damaged", behind=1), ["it is damaged"])],
)  # fmt: skip
def test_what_is_wrong_with_the_index(tmp_path: Path, state: IndexState, told: list[str]) -> None:
    put(tmp_path, 1)
    found = survey(tmp_path, state).faults
    assert len(found) == len(told)
    assert all(fault.startswith(words) for words, fault in zip(told, found, strict=True))


def test_an_index_that_is_behind_while_a_run_works_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shisaku.ingest.runs.status.is_held", lambda data: True)
    put(tmp_path, 1)
    put(tmp_path, 0.5, "update", None)  # the one that works
    put(tmp_path, 0.5, "fetch", None)
    found = survey(tmp_path, IndexState("gen-1", behind=1))
    assert found.faults == [] and found.working and found.age_hours == 1
