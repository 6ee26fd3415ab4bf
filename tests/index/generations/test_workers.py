"""Documents are indexed in processes under limits; what fails there is left out with the reason."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from shisaku.index.errors import BuildError
from shisaku.index.generations import quarantine as building
from shisaku.index.generations.build import build_index
from shisaku.index.generations.manifest import current, read_manifest
from shisaku.index.generations.messages import Limits
from shisaku.index.search.searcher import Searcher
from shisaku.ingest.disk.failures import DiskError
from shisaku.ingest.errors import ShisakuError
from shisaku.ingest.model import Document
from tests.support import factories

pytestmark = pytest.mark.workers
FAKE = "tests.support.fake_index_worker:spawn_main"
LIMITS = Limits(seconds=3.0, memory_mb=1024)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(building, "_LEAST", 100)
    factories.write_parsed(tmp_path, *factories.corpus())
    return tmp_path


def asking(name: str, what: str) -> Document:
    """Return a document that asks the fake worker for trouble."""
    return factories.document(name, [factories.passage(f"{name}#p", what)])


def answers(data: Path) -> list[Any]:
    with Searcher(data) as searcher:
        asked = (None, "人身取引", '"取引"', "警察 OR 保護", "施策*")
        found = [searcher.search(query, limit=50) for query in asked]
        measures = searcher.search("人身取引", unit="measure")
    return [(each.total, each.hits, each.facets) for each in (*found, measures)]


# --- several processes -------------------------------------------------------------------------


def test_two_processes_answer_as_one(data: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    alone = tmp_path_factory.mktemp("alone")
    shutil.copytree(data / "parsed", alone / "parsed")
    one = build_index(alone)
    told: list[tuple[int, int]] = []
    two = build_index(data, jobs=2, progress=lambda done, total, _: told.append((done, total)))
    assert two.to_json() == one.to_json()
    assert answers(data) == answers(alone)
    directory = current(data)
    assert directory
    assert len(list(directory.glob("*.seg"))) == 2
    assert not list(directory.glob(".part-*"))
    assert told[-1] == (two.documents, two.documents)
    # The next run goes on from there.
    factories.write_parsed(data, factories.with_text(factories.plan(), "plan.1", "別の話をした。"))
    assert build_index(data, jobs=2).changed == 1
    with Searcher(data) as searcher:
        assert searcher.search("別の話").total == 1


def test_a_document_in_two_files_is_left_to_one_process(data: Path) -> None:
    parsed = data / "parsed"
    original = sorted(parsed.rglob("*.json"))[0]
    copy = parsed / "zz.json"
    shutil.copyfile(original, copy)
    report = build_index(data, jobs=2)
    assert [each.file for each in report.problems] == ["parsed/zz.json"]
    with Searcher(data) as searcher:
        held = [searcher.document(key) for key in searcher.manifest.names()]
    ids = [record["id"] for records in held for record in records]
    assert len(ids) == len(set(ids)) == report.passages


def test_work_is_shared_by_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "_LEAST", 10)
    todo = {}
    for name, size in (("a", 9), ("b", 5), ("c", 4), ("d", 2)):
        todo[name] = tmp_path / name
        todo[name].write_bytes(b"x" * size)
    assert [sorted(share) for share in building.shares(todo, 2)] == [["a", "d"], ["b", "c"]]
    assert building.shares(todo, 1) == []
    assert len(building.shares(todo, 64)) == 2  # no more than it is worth


# --- documents that fail -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "code", "word"),
    [
        ("HANG", "timeout", "3 seconds"),
        ("CRASH", "crash", "SIGSEGV"),
        ("EXIT", "crash", "exit status 7"),
        ("BUG", "internal", "KeyError"),
        ("DEEP", "internal", "RecursionError"),
        ("HUNGRY", "memory", "1024 MB"),
    ],
)
def test_what_fails_is_left_out_and_costs_one_night(
    data: Path, what: str, code: str, word: str
) -> None:
    factories.write_parsed(data, asking("jj.html", what))
    report = build_index(data, limits=LIMITS, worker=FAKE)
    [problem] = report.problems
    assert (problem.file, problem.code) == ("parsed/jj.html.json", code)
    assert word in problem.reason
    assert any("shisaku index --rebuild" in line for line in report.lines())
    assert report.passages == 11
    with Searcher(data) as searcher:
        assert searcher.search("大阪").total == 1
    # The next night has nothing to do, and tells it still.
    again = build_index(data, limits=LIMITS, worker=FAKE)
    assert not again.written
    assert again.problems == report.problems
    # One that works indexes it when it is asked to.
    assert build_index(data, full=True).passages == 12


def test_what_fails_in_an_update_keeps_what_answered(data: Path) -> None:
    factories.write_parsed(data, asking("jj.html", "昨日の言葉"), asking("kk.html", "残る言葉"))
    build_index(data)
    factories.write_parsed(
        data,
        asking("aa.html", "CRASH"),
        asking("jj.html", "EXIT"),
        asking("mm.html", "BUG"),
        asking("zz.html", "今日の言葉"),
    )
    (data / "parsed/kk.html.json").unlink()
    report = build_index(data, limits=LIMITS, worker=FAKE)
    assert [(each.file, each.code) for each in report.problems] == [
        ("parsed/aa.html.json", "crash"),
        ("parsed/jj.html.json", "crash"),
        ("parsed/mm.html.json", "internal"),
    ]
    with Searcher(data) as searcher:
        found = [searcher.search(q).total for q in ("昨日の言葉", "今日の言葉", "残る言葉")]
    assert found == [1, 1, 0]
    directory = current(data)
    assert directory
    assert not list(directory.glob(".part-*"))
    # With other bytes it is tried again.
    factories.write_parsed(data, asking("aa.html", "直った言葉"))
    assert build_index(data, limits=LIMITS, worker=FAKE).new == 1


def test_what_fails_among_several_processes_is_left_out(data: Path) -> None:
    factories.write_parsed(data, *(asking(f"b{n}.html", "EXIT") for n in range(4)))
    report = build_index(data, jobs=2, limits=LIMITS, worker=FAKE)
    assert len(report.problems) == 4
    assert report.passages == 11


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_fails_behind_others_only_is_not_to_blame(data: Path, jobs: int) -> None:
    # It succeeds as the first of a process, so the work is parted until it is.
    factories.write_parsed(data, asking("zz.html", "SECOND"))
    report = build_index(data, jobs=jobs, limits=LIMITS, worker=FAKE)
    assert report.problems == ()
    assert report.passages == 12
    with Searcher(data) as searcher:
        assert searcher.search("SECOND").total == 1


def test_one_that_fails_behind_a_guilty_one_is_not_to_blame(data: Path) -> None:
    factories.write_parsed(data, asking("aa.html", "BUG"), asking("zz.html", "SECOND"))
    report = build_index(data, limits=LIMITS, worker=FAKE)
    assert [each.file for each in report.problems] == ["parsed/aa.html.json"]
    assert report.passages == 12


def test_an_update_that_takes_too_much_together_says_so(data: Path) -> None:
    build_index(data)
    before = current(data)
    factories.write_parsed(data, asking("yy.html", "一つ目"), asking("zz.html", "SECOND"))
    with pytest.raises(BuildError, match="exit status 9") as caught:
        build_index(data, limits=LIMITS, worker=FAKE)
    assert "shisaku index --rebuild" in caught.value.remedy
    assert current(data) == before
    assert build_index(data, full=True, limits=LIMITS, worker=FAKE).passages == 13


def test_where_every_document_fails_no_empty_index_is_put_in_place(data: Path) -> None:
    shutil.rmtree(data / "parsed")
    named = [f"b{n}.html" for n in range(6)]
    factories.write_parsed(data, *(asking(name, "良い") for name in named))
    build_index(data)
    before = current(data)
    factories.write_parsed(data, *(asking(name, "BUG") for name in named))
    with pytest.raises(BuildError, match="no fault of theirs"):
        build_index(data, full=True, limits=LIMITS, worker=FAKE)
    assert current(data) == before


@pytest.mark.parametrize(
    ("worker", "error", "told"),
    [
        ("never_up", ShisakuError, "status 3"),
        ("no_dictionary", ShisakuError, "could be started"),
        ("says_no_space", DiskError, "No space left"),
    ],
)
def test_what_is_no_documents_fault_leaves_the_last_generation(
    data: Path, worker: str, error: type[Exception], told: str
) -> None:
    build_index(data)
    before = current(data)
    with pytest.raises(error, match=told):
        build_index(
            data, full=True, limits=LIMITS, worker=f"tests.support.fake_index_worker:{worker}"
        )
    assert current(data) == before
    assert len(list((data / "index").glob("gen-*"))) == 1


def test_workers_end_with_their_parent(data: Path) -> None:
    factories.write_parsed(data, asking("jj.html", "HANG"))
    code = (
        "import sys; from pathlib import Path;"
        "from shisaku.index.generations.build import build_index;"
        f"build_index(Path(sys.argv[1]), worker={FAKE!r})"
    )
    root = Path(__file__).parents[3]
    env = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'tests'}"}
    parent = subprocess.Popen([sys.executable, "-c", code, str(data)], cwd=root, env=env)
    try:
        children = _until(lambda: _children(parent.pid))
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        assert _until(lambda: not any(map(_lives, children)))
    finally:
        parent.kill()
        parent.wait()


def _until(what: Any) -> Any:
    for _ in range(600):
        if found := what():
            return found
        time.sleep(0.05)
    return what()


def _children(pid: int) -> list[int]:
    return [int(found) for found in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_refused_file_has_its_code_in_the_manifest(data: Path) -> None:
    factories.write_parsed(data, asking("jj.html", "BUG"))
    build_index(data, limits=LIMITS, worker=FAKE)
    directory = current(data)
    assert directory
    assert read_manifest(directory).refused["jj.html"].code == "internal"
