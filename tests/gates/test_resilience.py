"""`make resilience` in short: killed, read meanwhile, twice at once, full disks, few documents."""

import math
import subprocess
from pathlib import Path

import pytest

from bench.resilience import disk as resilience_disk
from bench.resilience import faults as resilience_faults
from bench.resilience import resident as resilience_resident
from bench.resilience import rows as resilience_rows
from bench.resilience import tool as resilience_tool
from bench.resilience.run import load_floors
from bench.resilience.tool import Place, Site, content
from bench.table import Row
from shisaku.index.generations.build import build_index
from tests.index.search.test_facets import made
from tests.support import factories


def _hold(*rows: Row) -> None:
    for row in rows:
        assert row.good, (row.name, row.value, row.failures)


def test_the_promises_do_not_sink() -> None:
    floors = load_floors()
    assert floors["moments"] >= 200 and floors["updates"] >= 100 and floors["nights"] >= 200
    assert floors["documents"] >= 10_000
    assert floors["flips"] >= 400 and floors["signals"] >= 60
    assert floors["requests"] >= 20_000 and floors["resident_megabytes"] <= 20
    assert floors["unchanged_seconds"] <= 1.5 and floors["changed_seconds"] <= 5


def test_killed_at_a_moment(tmp_path: Path) -> None:
    _hold(resilience_rows.killed(tmp_path, 1, lanes=1))


def test_read_meanwhile(tmp_path: Path) -> None:
    _hold(resilience_rows.read_meanwhile(tmp_path, 8, readers=2))


def test_two_at_once(tmp_path: Path) -> None:
    _hold(resilience_rows.at_once(tmp_path, (2,))[0])


def test_a_limit_on_files(tmp_path: Path) -> None:
    sizes = (2_000,)
    row = resilience_disk._full(tmp_path / "data", sizes, "", resilience_disk._by_limit)
    assert row.failures == ()


def test_flipped_bits(tmp_path: Path) -> None:
    _hold(resilience_faults.flips(tmp_path, 12, healed=2))


def test_signals_around_the_swap(tmp_path: Path) -> None:
    _hold(resilience_faults.signals(tmp_path, 3))


def test_a_failing_call(tmp_path: Path) -> None:
    _hold(*resilience_faults.calls(tmp_path, ("fsync",), most=4))


def test_a_resident_searcher(tmp_path: Path) -> None:
    factories.write_parsed(tmp_path, *map(made, range(40)))
    build_index(tmp_path)
    _hold(resilience_resident.resident(tmp_path, 400, most=20))


def test_a_growing_searcher_would_show(tmp_path: Path) -> None:
    """The measuring itself: nothing may grow by less than nothing."""
    factories.write_parsed(tmp_path, *map(made, range(4)))
    build_index(tmp_path)
    row = resilience_resident.resident(tmp_path, 20, most=-100)
    assert not row.good
    assert row.value.endswith("0 differ")


def test_nights_over_some_documents(tmp_path: Path) -> None:
    # What is promised in seconds is for an idle machine: here the rest of the row counts.
    floors = {"unchanged_seconds": math.inf, "changed_seconds": math.inf}
    _hold(*resilience_rows.nights(tmp_path, 50, floors, (1, 1)))


def test_a_mixed_generation_would_show(tmp_path: Path) -> None:
    """The measuring itself: two versions of a document, and an answer of another night."""
    with Site() as site:
        place = Place(tmp_path, site, 1)
        assert resilience_tool.run(place.update(fetch=False)).returncode == 0
        assert resilience_tool.versions(tmp_path) == place.hand != place.wanted
        (tmp_path / "raw/twice.html").write_bytes(content(100, 7))
        assert resilience_tool.run(place.update(fetch=False)).returncode == 0
        with pytest.raises(AssertionError, match="two versions of document 100"):
            resilience_tool.versions(tmp_path)


def test_a_traceback_and_a_missing_remedy_would_show() -> None:
    done = subprocess.CompletedProcess[str]
    for code, said in ((1, "Traceback"), (1, "shisaku: broken"), (2, ""), (-9, "")):
        assert resilience_tool.sentence(done([], code, "", said))
    assert not resilience_tool.sentence(done([], 1, "", "shisaku: broken\n  type: shisaku index"))
