"""`shisaku.ingest_documents`, `build_index` and `update` do what the commands do."""

from pathlib import Path

import pytest

import shisaku
from shisaku.ingest.disk.lock import locked
from tests.support.typed import answer

PAGE = "<html><title>題{0}</title><p>本文{0}です。</p></html>"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    raw = tmp_path / "raw"
    raw.mkdir()
    for number in range(3):
        (raw / f"{number}.html").write_text(PAGE.format(number), encoding="utf-8")
    (raw / "broken.pdf").write_text("no PDF", encoding="utf-8")
    return tmp_path


def test_parse_then_index_then_search(data: Path) -> None:
    told: list[tuple[int, int, str]] = []
    taken = shisaku.ingest_documents(data, jobs=1, progress=lambda *each: told.append(each))
    assert (taken.new, taken.failed) == (3, 1)
    assert [item.document for item in taken.problems] == ["broken.pdf"]
    assert told and told[-1][0] == told[-1][1]
    built = shisaku.build_index(str(data), jobs=1)
    assert (built.documents, built.passages, built.generation) == (4, 3, "gen-1")
    with shisaku.open_index(data) as index:
        assert index.search("本文").total == 3
    assert not shisaku.build_index(data, jobs=1).written
    assert shisaku.build_index(data, rebuild=True, jobs=1).generation == "gen-2"
    listed = answer("runs", "--json", "--data", data)
    assert [run["command"] for run in listed] == ["index --rebuild", "index", "index", "ingest"]
    assert [run["exit_code"] for run in listed] == [0, 0, 0, 3]
    assert answer("docs", "--json", "--data", data)["documents"][3]["problems"]


def test_update_is_both_in_one_run(data: Path) -> None:
    report = shisaku.update(data, jobs=1)
    assert (report.ingest.new, report.index.passages) == (3, 3)
    assert list(report.to_json()) == ["schema", "ingest", "index"]
    (run,) = answer("runs", "--json", "--data", data)
    assert (run["command"], run["exit_code"], run["generation"]) == ("update", 3, "gen-1")
    assert (run["documents"]["added"], run["passages"]["added"]) == (3, 3)
    assert sorted(run["stages"]) == ["index", "ingest"]


def test_who_reads_keeps_the_generation_that_was_opened(data: Path) -> None:
    shisaku.update(data, jobs=1)
    with shisaku.open_index(data) as index:
        (data / "raw" / "3.html").write_text(PAGE.format(3), encoding="utf-8")
        assert shisaku.update(data, jobs=1).index.passages == 4
        assert index.search("本文").total == 3
    with shisaku.open_index(data) as index:
        assert index.search("本文").total == 4


def test_errors_are_raised_and_in_the_record(data: Path, tmp_path: Path) -> None:
    shisaku.update(data, jobs=1)
    for path in (data / "raw").glob("*.html"):
        path.unlink()
    with pytest.raises(shisaku.RemovalError) as refused:
        shisaku.update(data, jobs=1)
    assert "nothing was changed" in str(refused.value)
    assert answer("runs", "--json", "--data", data)[0]["error"] == str(refused.value)
    assert shisaku.update(data, jobs=1, allow_removal=True).ingest.gone == 3
    with pytest.raises(shisaku.DataDirectoryError):
        shisaku.update(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(shisaku.NothingToReadError):
        shisaku.ingest_documents(tmp_path / "empty")
    with pytest.raises(shisaku.NoIndexError):
        shisaku.build_index(tmp_path / "empty")


def test_one_writer_at_a_time(data: Path) -> None:
    import threading

    refused: list[BaseException] = []

    def second() -> None:
        try:
            shisaku.update(data, jobs=1)
        except shisaku.LockedError as error:
            refused.append(error)

    with locked(data, command="update"):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(60)
    assert len(refused) == 1
