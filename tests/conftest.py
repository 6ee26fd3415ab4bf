"""Fixtures that every test has."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from shisaku.index.generations import build, worker
from shisaku.index.generations.messages import Failed, Order, Said
from shisaku.index.generations.workers import Unfinished

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a data directory with the sample documents and one that cannot be read; not to write."""
    from tests.support.typed import run

    data = tmp_path_factory.mktemp("sample") / "data"
    shutil.copytree(ROOT / "data" / "raw", data / "raw")
    (data / "raw" / "broken.pdf").write_text("no PDF", encoding="utf-8")
    result = run("update", "--data", data)
    assert result.exit_code == 3, result.stderr
    return data


class InThisProcess:
    """Stands in for `generations.workers.Workers`.

    A process for each of a thousand small indexes would take longer than all the rest, and what a
    test puts in place of a function would not reach it.
    """

    def __init__(self, *_: Any) -> None:
        pass

    def __enter__(self) -> "InThisProcess":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def work(
        self,
        orders: Sequence[Order],
        begun: Callable[[str], None] = lambda name: None,
        *,
        fresh: bool = False,
    ) -> list[Any]:
        """Carry the orders out one after the other."""
        found = []
        for order in orders:
            last = ""

            def tell(name: str) -> None:
                nonlocal last
                last = name
                begun(name)

            told = msgspec.msgpack.decode(msgspec.msgpack.encode(order), type=Order)
            said = worker.obey(told, tell)
            said = msgspec.msgpack.decode(msgspec.msgpack.encode(said), type=Said)
            found.append(Unfinished(last, said) if isinstance(said, Failed) else said)
        return found


@pytest.fixture(autouse=True)
def _index_in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.node.get_closest_marker("workers"):
        monkeypatch.setattr(build, "Workers", InThisProcess)
