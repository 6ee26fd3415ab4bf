"""A first run shared by processes answers as one that is not."""

import os
import shutil
from pathlib import Path
from typing import Any

import factories
import pytest

from index import parallel, segments
from index.build import build_index
from index.generation import current
from index.search import Searcher
from ingest.errors import ShisakuError


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(parallel, "_LEAST", 100)
    factories.write_parsed(tmp_path, *factories.corpus())
    return tmp_path


def answers(data: Path) -> list[Any]:
    with Searcher(data) as searcher:
        asked = (None, "人身取引", '"取引"', "警察 OR 保護", "施策*")
        found = [searcher.search(query, limit=50) for query in asked]
        measures = searcher.search("人身取引", unit="measure")
    return [(each.total, each.hits, each.facets) for each in (*found, measures)]


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
    assert [file for file, _ in report.problems] == ["parsed/zz.json"]
    with Searcher(data) as searcher:
        held = [searcher.document(key) for key in searcher.manifest.names()]
    ids = [record["id"] for records in held for record in records]
    assert len(ids) == len(set(ids)) == report.passages


def test_work_is_shared_by_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_LEAST", 10)
    todo = {}
    for name, size in (("a", 9), ("b", 5), ("c", 4), ("d", 2)):
        todo[name] = tmp_path / name
        todo[name].write_bytes(b"x" * size)
    assert [sorted(share) for share in parallel.shares(todo, 2)] == [["a", "d"], ["b", "c"]]
    assert parallel.shares(todo, 1) == []
    assert len(parallel.shares(todo, 64)) == 2  # no more than it is worth


def _dies(folder: Path, todo: Any, progress: Any) -> Any:
    os._exit(1)


def _cannot_write(folder: Path, todo: Any, progress: Any) -> Any:
    raise OSError(28, "No space left on device", str(folder))


@pytest.mark.parametrize(("index", "told"), [(_dies, "has died"), (_cannot_write, "No space left")])
def test_what_happens_to_a_process_is_told(
    data: Path, monkeypatch: pytest.MonkeyPatch, index: Any, told: str
) -> None:
    build_index(data)
    before = current(data)
    monkeypatch.setattr(segments, "_first", index)
    with pytest.raises(ShisakuError, match=told):
        build_index(data, full=True, jobs=2)
    assert current(data) == before
    assert len(list((data / "index").glob("gen-*"))) == 1
