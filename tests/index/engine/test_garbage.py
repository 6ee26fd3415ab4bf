"""The garbage collector is out where nothing is to be found, in where documents come and go."""

import gc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shisaku.index.garbage import uncollected
from tests.support.typed import run

ROOT = Path(__file__).parents[3]


@pytest.fixture(params=[True, False])
def before(request: pytest.FixtureRequest) -> Iterator[bool]:
    was = gc.isenabled()
    (gc.enable if request.param else gc.disable)()
    yield request.param
    (gc.enable if was else gc.disable)()


def test_it_is_afterwards_as_it_was(before: bool) -> None:
    with pytest.raises(ZeroDivisionError), uncollected():
        assert not gc.isenabled()
        assert 1 / 0
    assert gc.isenabled() is before


@pytest.mark.parametrize(
    ("command", "done_by", "works"),
    [
        ("docs", "shisaku.index.search.documents.list_documents", False),
        ("ingest", "shisaku.ingest.batch.batch.run_ingest", True),
    ],
)
def test_which_commands_collect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, done_by: str, works: bool
) -> None:
    seen: list[bool] = []

    def look(*_: Any, **__: Any) -> None:
        seen.append(gc.isenabled())
        raise KeyboardInterrupt

    monkeypatch.setattr(done_by, look)
    run(command, "--data", tmp_path)
    assert seen == [works]
    assert gc.isenabled()


def test_what_is_imported_is_out_of_sight_and_so_is_all_at_the_end() -> None:
    program = (
        "import atexit, gc\n"
        "atexit.register(lambda: print(len(gc.get_objects())))\n"
        "import shisaku.cli as cli\n"
        "assert gc.isenabled() and gc.get_freeze_count() > 1000\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert int(done.stdout) < 100
