"""The pace of the garbage collector while a document is read, and after it."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from shisaku.ingest import problems
from shisaku.ingest.batch import worker
from shisaku.ingest.garbage import seldom_collected
from shisaku.ingest.pdf import read_pdf
from shisaku.ingest.problems import UnreadableError


@pytest.fixture(autouse=True)
def pace() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.mark.parametrize(
    ("before", "within"),
    [
        ((700, 10, 10), (50_000, 10, 10)),
        # Off stays off, and slower still stays as slow.
        ((0, 10, 10), (0, 10, 10)),
        ((90_000, 5, 5), (90_000, 5, 5)),
    ],
)
def test_the_pace_is_slower_within_and_the_same_after(
    before: tuple[int, int, int], within: tuple[int, int, int]
) -> None:
    gc.set_threshold(*before)
    with pytest.raises(KeyError), seldom_collected():
        assert gc.get_threshold() == within
        raise KeyError
    assert gc.get_threshold() == before


def test_the_pace_is_slow_while_a_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    gc.set_threshold(700, 10, 10)
    paces = []

    def read(*_: object) -> None:
        paces.append(gc.get_threshold()[0])
        raise UnreadableError(problems.empty_file())

    monkeypatch.setattr("shisaku.ingest.pdf.reader._read_contents", read)
    with pytest.raises(UnreadableError):
        read_pdf(b"")
    path = Path(__file__)
    job = worker.Job(bytes(path), path.name, (), worker._sha256(path), {})
    assert worker.handle(job, read, 0).failed  # type: ignore[arg-type]
    assert paces == [50_000, 50_000]
    assert gc.get_threshold()[0] == 700
