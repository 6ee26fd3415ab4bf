"""Records of runs: what counts as known, which of them stay, what an older one says."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from shisaku.ingest.runs import record as records
from shisaku.ingest.runs.record import Fault, Record, Run, known_faults, newest_first


def put(data: Path, number: int, **fields: Any) -> None:
    """Write a record by hand: `number` is the minute in which the run began."""
    place = data / "runs" / f"20260101T00{number:02}00.000000Z.json"
    place.parent.mkdir(exist_ok=True)
    started = f"2026-01-01T00:{number:02}:00Z"
    place.write_text(json.dumps({"command": "ingest", "started": started, "pid": 1} | fields))


def ended(exit_code: int | None, *places: str, stage: str = "ingest", **more: Any) -> Any:
    faults = [{"place": place, "code": "empty"} for place in places]
    return {"exit_code": exit_code, "stages": {stage: {"problems": faults, **more}}}


@pytest.mark.parametrize(
    ("exit_code", "counts"),
    [(0, True), (3, True), (None, False), (1, False), (2, False), (5, False), (130, False)],
)
def test_only_a_run_that_came_to_its_end_makes_failures_known(
    tmp_path: Path, exit_code: int | None, counts: bool
) -> None:
    put(tmp_path, 1, **ended(3, "old"))
    put(tmp_path, 2, **ended(exit_code, "new"))
    known = [fault.place for fault in known_faults(tmp_path, "ingest")]
    assert known == (["new"] if counts else ["old"])


def test_the_last_run_of_the_stage_counts(tmp_path: Path) -> None:
    assert known_faults(tmp_path, "ingest") == []
    put(tmp_path, 1, **ended(3, "older"))
    put(tmp_path, 2, **ended(3, "of the stage"))
    put(tmp_path, 3, **ended(3, "of another", stage="index"))
    assert [fault.place for fault in known_faults(tmp_path, "ingest")] == ["of the stage"]
    put(tmp_path, 4, **ended(0))
    assert known_faults(tmp_path, "ingest") == []  # all was well, so nothing is known


ASKED = [
    # source → what is known of it, after runs over all, over b alone and over c alone
    ("a", ["a of all"]),
    ("b", ["b alone"]),
    ("c", []),
]


@pytest.mark.parametrize(("source", "known"), ASKED)
def test_of_a_source_the_last_run_that_asked_it_counts(
    tmp_path: Path, source: str, known: list[str]
) -> None:
    def fault(source: str, place: str) -> dict[str, str]:
        return {"place": place, "code": "slow", "source": source}

    for number, (only, faults) in enumerate(
        (
            (None, [fault("a", "a of all"), fault("b", "b of all"), fault("c", "c of all")]),
            (["b"], [fault("b", "b alone")]),
            (["c"], []),
        )
    ):
        stage = {"problems": faults} | ({"only": only} if only else {})
        put(tmp_path, number, exit_code=3, stages={"fetch": stage})
    assert [one.place for one in known_faults(tmp_path, "fetch", source)] == known


SAME = [
    # one fault, another → whether they are one
    (("a", "empty", "x"), ("a", "empty", "x"), True),
    (("a", "empty", "x"), ("b", "empty", "x"), False),
    (("a", "empty", "x"), ("a", "crash", "x"), False),
    (("a", "empty", "x"), ("a", "empty", "y"), False),
    (("a", "empty", "x"), ("a", "empty", None), True),  # it was not written down
    (("a", "empty", None), ("a", "empty", None), True),
    (("a", "timeout", "120 s"), ("a", "timeout", "60 s"), True),  # another limit, no other cause
    (("a", "memory", "1 GB"), ("a", "memory", "2 GB"), True),
    (("a", "timeout", "x"), ("b", "timeout", "x"), False),
]


@pytest.mark.parametrize(("one", "other", "same"), SAME)
def test_which_faults_are_one(one: Any, other: Any, same: bool) -> None:
    def fault(place: str, code: str, reason: str | None) -> Fault:
        return Fault(place, code) if reason is None else Fault(place, code, reason=reason)

    assert fault(*one).same_as(fault(*other)) is same
    assert fault(*other).same_as(fault(*one)) is same


def names(data: Path) -> list[str]:
    return sorted(path.name for path in (data / "runs").glob("*.json"))


@pytest.mark.parametrize(
    ("kept", "there", "stay"), [(100, 99, 100), (100, 100, 100), (2, 1, 2), (2, 5, 2), (1, 5, 1),
                                (0, 5, 1), (-3, 5, 1)],
)  # fmt: skip
def test_so_many_records_stay(tmp_path: Path, kept: int, there: int, stay: int) -> None:
    for number in range(there):
        put(tmp_path, number % 60, exit_code=0)
        old = tmp_path / "runs" / f"20260101T00{number % 60:02}00.000000Z.json"
        old.rename(old.with_name(f"20250101T000000.{number:06}Z.json"))
    run = Run(tmp_path, "ingest") if kept == 100 else Run(tmp_path, "ingest", kept)
    run.end(0)
    found = names(tmp_path)
    assert len(found) == stay and run.path and found[-1] == run.path.name
    oldest = there + 1 - stay
    assert found[:-1] == [f"20250101T000000.{n:06}Z.json" for n in range(oldest, there)]


def test_runs_of_one_moment_have_names_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_stem", lambda moment: "20260101T000000.000000Z")
    runs = [Run(tmp_path, "ingest") for _ in range(3)]
    stems = [run.path.stem if run.path else "" for run in runs]
    assert stems == ["20260101T000000.000000Z" + more for more in ("", "-1", "-2")]
    assert len(list(newest_first(tmp_path))) == 3


def test_what_an_older_record_does_not_say_is_nothing(tmp_path: Path) -> None:
    put(tmp_path, 0, stages={"ingest": {"work": {}, "problems": [{"place": "a", "code": "b"}]}})
    (found,) = newest_first(tmp_path)
    assert (found.exit_code, found.ended, found.seconds, found.generation) == (None, "", 0, "")
    assert (found.problems, found.new_problems) == (1, 0)
    work = found.stages["ingest"].work
    assert isinstance(work, records.Work)
    assert (work.files, work.bytes, work.processes, work.seconds) == (0, 0, 0, 0)


LINES = [
    # documents, passages, faults new or not → the run in a line
    ({}, {}, (), "no changes, no problems"),
    ({"added": 0, "failed": 0}, {"added": 0}, (), "no changes, no problems"),
    ({"failed": 2, "added": 1}, {}, (), "documents 1 added, 2 failed"),
    ({}, {"removed": 3}, (), "passages 3 removed"),
    ({"changed": 1}, {"changed": 4}, (True, False, False),
     "documents 1 changed; passages 4 changed; 3 problems, 1 of them new"),
    ({}, {}, (False,), "1 problems, 0 of them new"),
]  # fmt: skip


@pytest.mark.parametrize(("documents", "passages", "faults", "line"), LINES)
def test_a_run_in_a_line(
    documents: dict[str, int], passages: dict[str, int], faults: Iterable[bool], line: str
) -> None:
    found = Record("update", "2026-01-01T00:00:00Z", 1, documents=documents, passages=passages)
    found.stages["ingest"] = records.Stage(problems=[Fault("a", "b", new) for new in faults])
    assert found.line() == f"update: {line}"
    assert found.row() == f"2026-01-01T00:00:00Z  update  exit -  0 s  {line}"
    found.exit_code, found.seconds, found.error = 1, 2.5, "the disk is full"
    assert found.row() == "2026-01-01T00:00:00Z  update  exit 1  2.5 s  the disk is full"


def test_the_time_of_a_stage_and_of_a_run_are_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter((100.0, 107.0, 112.1236, 130.00049))  # run, stage begins, ends, run ends
    monkeypatch.setattr("shisaku.ingest.runs.record.time.monotonic", lambda: next(ticks))
    run = Run(tmp_path, "ingest")
    with run.stage("ingest"):
        pass
    run.end(0)
    assert run.record.stages["ingest"].seconds == 5.124
    assert run.record.seconds == 30.0
