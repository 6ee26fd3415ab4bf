"""When documents are left out, when the run is to blame, and how many processes are worth it."""

import os
from pathlib import Path
from typing import Any

import pytest

from shisaku.index.errors import BuildError
from shisaku.index.generations.messages import Close, Failed, Limits, Order, Write, Written
from shisaku.index.generations.quarantine import Building, shares
from shisaku.index.generations.workers import Unfinished


class Failing:
    """Workers to whom the first `bad` documents of an order do harm, one at a time."""

    def __init__(self, bad: int, kind: str = "crash", what: str = "SIGSEGV") -> None:
        self.bad = bad
        self.said = Failed(kind, what)

    def work(self, orders: list[Order], begun: Any = None, *, fresh: bool = False) -> list[Any]:
        found: list[Any] = []
        for order in orders:
            assert not isinstance(order, Close)
            names = [name for name in order.todo if int(name) < self.bad]
            found.append(Unfinished(names[0], self.said) if names else written())
        return found


def written() -> Written:
    return Written({}, {}, {}, (), 0, 0, 0)


class Small:
    """Workers to whom more than `most` documents together are too much, and none by itself."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.done: list[list[str]] = []

    def work(self, orders: list[Order], begun: Any = None, *, fresh: bool = False) -> list[Any]:
        found: list[Any] = []
        for order in orders:
            assert isinstance(order, Write)
            if len(order.todo) > self.most:
                found.append(Unfinished("", Failed("memory", "")))
            else:
                self.done.append(list(order.todo))
                found.append(written())
        return found


def build(folder: Path, count: int, bad: int, **said: str) -> Building:
    """Index `count` documents for the first time, of which the first `bad` fail."""
    files = {f"{number:04}": folder / f"{number}.json" for number in range(count)}
    building = Building(
        folder, folder / "gen-1", Failing(bad, **said), Limits(120.0, 1024),  # type: ignore[arg-type]
        lambda name: f"sha of {name}",
    )  # fmt: skip
    building.write(files)
    return building


FAILING = [
    # documents, how many of them fail, whether the run is to blame
    (100, 1, False),
    (4, 4, False),
    (5, 5, True),  # all of several
    (6, 5, False),
]


@pytest.mark.parametrize(("count", "bad", "to_blame"), FAILING)
def test_how_many_documents_may_fail(tmp_path: Path, count: int, bad: int, to_blame: bool) -> None:
    if to_blame:
        with pytest.raises(BuildError, match=f"{bad} of {count} documents cannot be indexed"):
            build(tmp_path, count, bad)
    else:
        assert len(build(tmp_path, count, bad).quarantined) == bad


@pytest.mark.parametrize(
    ("guilty", "tried", "to_blame"),
    [(20, 20, False), (21, 21, True), (21, 209, True), (21, 210, False), (30, 299, True),
     (30, 300, False)],
)  # fmt: skip
def test_more_than_twenty_and_a_tenth_are_no_fault_of_theirs(
    tmp_path: Path, guilty: int, tried: int, to_blame: bool
) -> None:
    building = build(tmp_path, 1, 0)
    stopped = Unfinished("0000", Failed("crash", "SIGSEGV"))
    if to_blame:
        with pytest.raises(BuildError):
            building._judge(guilty, tried, stopped)
    else:
        building._judge(guilty, tried, stopped)


@pytest.mark.parametrize(
    ("kind", "what", "says", "digest"),
    [
        ("timeout", "", "longer than 120 seconds", "sha of 0000"),
        ("memory", "", "more than 1024 MB", "sha of 0000"),
        ("crash", "SIGSEGV", "died (SIGSEGV", "sha of 0000"),
        ("crash", "SIGKILL", "died (SIGKILL", "again sha of 0000"),  # another night it may do
        ("internal", "KeyError", "unforeseen (KeyError", "sha of 0000"),
    ],
)
def test_why_a_document_is_left_out(
    tmp_path: Path, kind: str, what: str, says: str, digest: str
) -> None:
    refused = build(tmp_path, 9, 1, kind=kind, what=what).quarantined["0000"]
    assert (refused.code, refused.sha256) == (kind, digest) and says in refused.reason


def sized(folder: Path, *megabytes: float) -> dict[str, Path]:
    """Return files of these sizes; they are empty on the disk."""
    files = {}
    for number, size in enumerate(megabytes):
        files[str(number)] = folder / str(number)
        files[str(number)].touch()
        os.truncate(files[str(number)], int(size * 1e6))
    return files


@pytest.mark.parametrize(
    ("megabytes", "jobs", "shared"),
    [
        ((4, 4), 2, [["0"], ["1"]]),
        ((4, 3.999999), 2, []),  # half a second of a process is worth 4 MB
        ((4, 4), 1, []),
        ((4, 4), 9, [["0"], ["1"]]),
        ((4, 4, 4), 3, [["0"], ["1"], ["2"]]),
        ((9, 2, 3, 4), 2, [["0"], ["1", "2", "3"]]),  # of about as many bytes
    ],
)
def test_how_many_processes_files_are_worth(
    tmp_path: Path, megabytes: tuple[float, ...], jobs: int, shared: list[list[str]]
) -> None:
    assert [sorted(share) for share in shares(sized(tmp_path, *megabytes), jobs)] == shared


@pytest.mark.parametrize(
    ("count", "most", "parts"),
    [(4, 4, [4]), (4, 3, [2, 2]), (8, 3, [2, 2, 2, 2]), (5, 3, [2, 3]), (2, 1, [1, 1])],
)
def test_what_is_too_much_together_is_written_in_halves(
    tmp_path: Path, count: int, most: int, parts: list[int]
) -> None:
    workers = Small(most)
    building = Building(tmp_path, tmp_path / "gen-1", workers, Limits(), str)  # type: ignore[arg-type]
    building.write({str(number): tmp_path / str(number) for number in range(count)})
    assert sorted(map(len, workers.done)) == parts
    assert sorted(name for names in workers.done for name in names) == list(map(str, range(count)))
    assert len(building.folders) == (len(parts) if len(parts) > 1 else 0)
    assert not building.quarantined


def test_one_document_that_is_too_much_for_a_process_ends_the_run(tmp_path: Path) -> None:
    building = Building(tmp_path, tmp_path / "gen-1", Small(0), Limits(), str)  # type: ignore[arg-type]
    with pytest.raises(BuildError, match="needs more than 1024 MB") as error:
        building.write({"0": tmp_path / "0"})
    assert error.value.remedy.endswith("--memory 2048")
