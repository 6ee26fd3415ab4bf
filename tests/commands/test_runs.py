"""Records of runs, known failures, status, rollback and pings, through the command line."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock

from bench.resilience.tool import stamps
from shisaku.cli import main
from shisaku.ingest.disk import remembered
from shisaku.ingest.fetch import ping as pinging
from shisaku.ingest.fetch.ping import ping
from shisaku.ingest.runs.record import Run, known_faults, newest_first

ROOT = Path(__file__).parents[2]
PAGE = "<html><head><meta charset=utf-8><title>{0}</title></head><body><h1>{0}</h1><p>{1}</p>"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)], prog_name="shisaku")


def put(data: Path, name: str, text: str) -> None:
    path = data / "raw" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PAGE.format(name, text), encoding="utf-8")


def update(data: Path, *options: str) -> Result:
    return run("update", "--jobs", 1, "--data", data, *options)


def records(data: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("runs", "--json", "--data", data).stdout)
    return found


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "RACY_NS", 0)
    monkeypatch.delenv("SHISAKU_PING_URL", raising=False)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    put(tmp_path, "a.html", "警察庁は人身取引の被害者を保護する。")
    put(tmp_path, "b.html", "法務省は研修を行う。")
    assert update(tmp_path).exit_code == 0
    return tmp_path


def test_a_run_counts_documents_and_passages(data: Path) -> None:
    put(data, "a.html", "警察庁は取締りを強化した。")
    put(data, "c.html", "外務省は会議を開く。")
    (data / "raw/b.html").unlink()
    (data / "raw/scan.pdf").write_bytes(b"no PDF")
    done = update(data)
    assert done.exit_code == 3
    assert "update: documents 1 added, 1 changed, 1 removed, 1 failed; passages " in done.stderr
    newest, first = records(data)
    assert newest["exit_code"] == 3 and first["exit_code"] == 0
    assert newest["documents"] == {
        "added": 1, "changed": 1, "removed": 1, "failed": 1, "withdrawn": 0,
    }  # fmt: skip
    assert newest["passages"]["added"] > 0 and newest["passages"]["removed"] > 0
    assert set(newest["stages"]) == {"ingest", "index"}
    (fault,) = newest["stages"]["ingest"]["problems"]
    assert (fault["place"], fault["code"], fault["new"]) == ("raw/scan.pdf", "not_a_document", True)
    assert fault["reason"].startswith("By its name the file is a PDF")
    work = newest["stages"]["ingest"]["work"]
    assert (work["files"], work["processes"]) == (3, 1)
    assert work["bytes"] == sum(
        (data / "raw" / name).stat().st_size for name in ("a.html", "c.html", "scan.pdf")
    )
    assert newest["generation"] == "gen-2"
    assert newest["started"] <= newest["ended"]


def test_names_of_records_are_unique_and_sort_by_time(tmp_path: Path) -> None:
    paths = [Run(tmp_path, "update").path for _ in range(5)]
    assert None not in paths
    assert len(set(paths)) == 5
    assert paths == sorted(paths, key=str)


def test_an_unchanged_night_writes_under_runs_alone(data: Path) -> None:
    before = stamps(data)
    done = update(data)
    assert done.exit_code == 0
    assert "update: no changes, no problems" in done.stderr
    assert stamps(data) == before


def test_what_was_wrong_before_can_be_left_out(data: Path) -> None:
    (data / "raw/scan.pdf").write_bytes(b"no PDF")
    assert update(data, "--known-ok").exit_code == 3  # new
    assert update(data, "--known-ok").exit_code == 0
    assert update(data).exit_code == 3
    (data / "raw/other.pdf").write_bytes(b"")
    assert update(data, "--known-ok").exit_code == 3
    assert [fault["new"] for fault in records(data)[0]["stages"]["ingest"]["problems"]] == [
        True, False,
    ]  # fmt: skip
    # a run in between that failed as a whole knows nothing
    with FileLock(data / "runs/writer.lock"):
        assert update(data, "--known-ok").exit_code == 5
    assert update(data, "--known-ok").exit_code == 0
    # read in the meantime, broken again: that is news
    (data / "raw/scan.pdf").unlink()
    assert update(data, "--known-ok").exit_code == 0
    (data / "raw/scan.pdf").write_bytes(b"no PDF")
    assert update(data, "--known-ok").exit_code == 3


def _noted(data: Path, *faults: tuple[str, ...]) -> list[bool]:
    """Record an ingest that found these; give which of them are new, in their order."""
    record = Run(data, "ingest")
    with record.stage("ingest"):
        pass
    record.note("ingest", faults)
    record.end(3 if faults else 0)
    return [fault.new for fault in record.record.stages["ingest"].problems]


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        (("raw/a", "timeout", "", "120 s"), ("raw/a", "timeout", "", "120 s"), False),
        # it has another cause
        (("raw/a", "timeout", "", "120 s"), ("raw/a", "crash", "", "SIGSEGV"), True),
        (("raw/a", "crash", "", "SIGSEGV"), ("raw/a", "crash", "", "exit status 7"), True),
        (("raw/a", "unreadable", "", "denied"), ("raw/a", "unreadable", "", "I/O"), True),
        # it is another document
        (("raw/a", "crash", "", "SIGSEGV"), ("raw/b", "crash", "", "SIGSEGV"), True),
        # only the limit that was typed is another
        (("raw/a", "timeout", "", "120 s"), ("raw/a", "timeout", "", "60 s"), False),
        (("raw/a", "memory", "", "1024 MB"), ("raw/a", "memory", "", "2048 MB"), False),
        # the record is older than the writing down of reasons
        (("raw/a", "crash"), ("raw/a", "crash", "", "SIGSEGV"), False),
        (("raw/a", "crash"), ("raw/a", "timeout", "", "120 s"), True),
    ],
)
def test_a_known_fault_hides_no_other(
    tmp_path: Path, before: tuple[str, ...], after: tuple[str, ...], new: bool
) -> None:
    _noted(tmp_path, before)
    assert _noted(tmp_path, after) == [new]


def test_two_faults_of_one_document_are_told_apart(tmp_path: Path) -> None:
    crash, slow = ("raw/a", "crash", "", "SIGSEGV"), ("raw/a", "timeout", "", "120 s")
    assert _noted(tmp_path, crash) == [True]
    assert _noted(tmp_path, crash, slow) == [False, True]
    assert _noted(tmp_path, crash, slow) == [False, False]


def test_a_failure_is_never_known(data: Path) -> None:
    shutil.rmtree(data / "raw")
    for _ in range(2):
        assert update(data, "--known-ok").exit_code == 1
    assert [record["exit_code"] for record in records(data)][:2] == [1, 1]


def test_passages_of_what_can_no_longer_be_read_are_counted(data: Path) -> None:
    (data / "raw/a.html").write_bytes(b"%PDF-1.4")
    assert update(data).exit_code == 3
    assert records(data)[0]["passages"]["failed"] > 0
    assert json.loads(run("status", "--json", "--data", data).stdout)["stale"] == 1


def test_old_records_go(data: Path) -> None:
    for _ in range(3):
        assert update(data, "--keep-runs", "2").exit_code == 0
    assert len(records(data)) == 2
    assert len(run("runs", "--limit", 1, "--data", data).stdout.splitlines()) == 1


def test_damaged_and_foreign_records_are_passed_over(data: Path) -> None:
    (data / "runs/20260101T000000.000000Z.json").write_bytes(b"{")
    (data / "runs/notes.json").write_text("{}")
    assert len(records(data)) == 1
    assert run("runs", "--data", data / "raw").stdout == ""


DEEP = '{"zzz":' + "[" * 100_000 + "]" * 100_000 + "}"


def _record(data: Path, **more: object) -> Path:
    (path,) = (data / "runs").glob("2*.json")
    path.write_text(json.dumps(json.loads(path.read_bytes()) | more))
    return path


def _text(data: Path, text: str) -> Path:
    path = data / "runs/20990101T000000.000000Z.json"
    path.write_text(text)
    return path


def _made(data: Path, make: Any) -> Path:
    path = data / "runs/20990101T000000.000000Z.json"
    make(path)
    return path


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda data: _text(data, DEEP), True),
        (lambda data: _text(data, '{"pid": 9' + "9" * 6000 + "}"), True),
        (lambda data: _text(data, '{"command": "\\ud800"}'), True),
        (lambda data: _text(data, ""), False),  # a power cut leaves such
        (lambda data: _made(data, os.mkfifo), True),  # opening it must not wait
        (lambda data: _made(data, Path.mkdir), True),
        (lambda data: _record(data, started="xx"), True),
        (lambda data: _record(data, started="2026-13-01T00:00:00Z"), True),
        (lambda data: _record(data, started="2026-01-01T00:00:00"), True),
        (lambda data: _record(data, pid=2**70, exit_code=None), False),
        (lambda data: _record(data, pid=-5, exit_code=None), False),
        (lambda data: _record(data, exit_code=-(2**70)), False),
        (lambda data: _record(data, seconds=1e308), False),
    ],
)
def test_records_edited_by_hand_stop_nothing(data: Path, harm: Any, told: bool) -> None:
    path = harm(data)
    listed = run("runs", "--data", data)
    assert (listed.exit_code, f"rm -r {path}" in listed.stderr) == (0, told)
    for command in (["runs", "--json"], ["status"], ["docs"], ["update", "--known-ok"]):
        done = run(*command, "--data", data)
        assert done.exit_code in (0, 1) and "internal error" not in done.stderr, command
    assert run("search", "警察庁", "--data", data).exit_code == 0


MEMORIES = (
    "problems.json", "writer.json", "parsed-headers.json", "stat-cache.json", "sidecars.json",
    "parsed-digests.json", "ingest.log",
)  # fmt: skip


@pytest.mark.parametrize("kind", ["pipe", "directory", "deep"])
@pytest.mark.parametrize("name", MEMORIES)
def test_what_stands_in_the_place_of_a_file_of_runs_stops_nothing(
    data: Path, name: str, kind: str
) -> None:
    path = data / "runs" / name
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "directory":
        (path / "full").mkdir(parents=True)
    else:
        path.write_text(DEEP)
    put(data, "new.html", "外務省は会議を開く。")
    for command in (["status"], ["docs"], ["runs"]):
        done = run(*command, "--data", data)
        assert done.exit_code in (0, 1) and "internal error" not in done.stderr, command
    assert update(data).exit_code == 0
    assert json.loads(run("search", "外務省", "--json", "--data", data).stdout)["total"] > 0
    # a link left alone is written into problems.json, where that can be
    (data / "raw/link.html").symlink_to("nowhere.html")
    assert update(data).exit_code == (1 if (name, kind) == ("problems.json", "directory") else 0)


def _piped(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _swap(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.write_text(DEEP),
        _piped,
        lambda path: _swap(path, '"issued": null', '"issued": "xx"'),
        lambda path: _swap(path, '"pages": ', '"pages": 9' + "9" * 6000),
    ],
)
def test_docs_and_status_name_a_parsed_file_that_is_none(data: Path, harm: Any) -> None:
    path = data / "parsed/a.html.json"
    text = path.read_text(encoding="utf-8")
    if '"issued"' not in text:
        path.write_text(text.replace('"id":', '"issued": null,\n "id":', 1), encoding="utf-8")
    harm(path)
    done = run("docs", "--data", data)
    assert done.exit_code == 0 and "b.html" in done.stdout
    assert "parsed/a.html.json: " in done.stderr and "type: " in done.stderr
    found = json.loads(run("docs", "--json", "--data", data).stdout)
    assert [entry["source"] for entry in found["problems"]] == ["parsed/a.html.json"]
    assert run("status", "--data", data).exit_code in (0, 1)


def test_a_killed_run_is_seen(data: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from shisaku.ingest.runs.record import Run\n"
        "import os, signal; Run(Path(sys.argv[1]), 'update'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", program, str(data)], cwd=ROOT, check=False)
    newest = next(newest_first(data))
    assert (newest.exit_code, newest.command) == (None, "update")
    assert "killed?" in newest.error
    done = run("status", "--data", data)
    assert done.exit_code == 1
    assert "failed: ended without a word (killed?)" in done.stdout


def test_a_record_that_cannot_be_written_stops_no_run(data: Path) -> None:
    record = Run(data / "raw/a.html", "update")
    with record.stage("ingest"):
        pass
    record.end(0)
    assert record.path is None
    assert known_faults(data / "raw/a.html", "ingest") == []


def test_a_reader_that_has_seen_enough_fails_no_run(data: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "import shisaku.cli as cli; cli.main()",
        "update",
        "--json",
        "--data",
    ]
    with subprocess.Popen(
        [*command, str(data)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout
        process.stdout.close()
        assert process.wait(60) == 0
    newest = next(newest_first(data))
    assert (newest.exit_code, newest.error) == (0, "")


# --- status ------------------------------------------------------------------------------------


def test_all_is_well(data: Path) -> None:
    done = run("status", "--max-age", 1, "--data", data)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == "all is well"
    found = json.loads(run("status", "--json", "--check", "--data", data).stdout)
    assert (found["well"], found["documents"], found["index"]["generation"]) == (True, 2, "gen-1")
    assert found["disk"]["used"]["index"] > 0


def _old(data: Path) -> None:
    (path,) = (data / "runs").glob("2*.json")
    text = path.read_text().replace('"started": "2', '"started": "1')
    path.write_text(text)


def _behind(data: Path) -> None:
    (data / "parsed/b.html.json").unlink()


def _swapped(data: Path) -> None:
    """As many bytes as before, but others."""
    path = next((data / "index/gen-1").glob("*.seg"))
    raw = path.read_bytes()
    path.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))


def _cut(data: Path) -> None:
    path = next((data / "index/gen-1").glob("*.seg"))
    os.truncate(path, 10)


def _nowhere(data: Path) -> None:
    (data / "index/current").write_text("gen-7\n")


def _failed(data: Path) -> None:
    Run(data, "update").end(1, "the disk is full")


def _fetch_failed(data: Path) -> None:
    Run(data, "fetch").end(1, "sources.toml is gone")
    Run(data, "fetch").end(5, "locked")


def _fetch_found(data: Path) -> None:
    record = Run(data, "fetch")
    with record.stage("fetch"):
        pass
    record.note("fetch", [("https://www.npa.go.jp/a.pdf", "status")])
    record.end(3)


def _hidden(data: Path) -> None:
    # A clock that was ahead for one night must not hide every failure until 2099.
    ahead = Run(data, "update")
    assert ahead.path
    ahead.end(0)
    record = json.loads(ahead.path.read_bytes()) | {"started": "2099-01-01T00:00:00Z"}
    ahead.path.write_text(json.dumps(record))
    ahead.path.rename(data / "runs/20990101T000000.000000Z.json")
    _failed(data)


def _ahead(data: Path) -> None:
    _hidden(data)
    for path in (data / "runs").glob("202*.json"):
        path.unlink()


def _new_failure(data: Path) -> None:
    (data / "raw/scan.pdf").write_bytes(b"no PDF")
    update(data)


def _no_runs(data: Path) -> None:
    for path in (data / "runs").glob("2*.json"):
        path.unlink()


def _damaged(data: Path) -> None:
    (data / "parsed/a.html.json").write_text("{")


def _foreign(data: Path) -> None:
    (data / "parsed" / os.fsdecode(b"\xff.json")).write_text("{}")


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (_old, "hours old"),
        (_behind, "does not hold what is parsed; type: shisaku index --data"),
        (_swapped, "other content than was written"),
        (_cut, "bytes instead of"),
        (_nowhere, "manifest.json"),
        (_failed, "failed: the disk is full"),
        (_hidden, "failed: the disk is full"),
        (_ahead, "dated in the future"),
        (_foreign, r"parsed/\udcff.json is damaged"),
        (_new_failure, "problems are new"),
        (_fetch_failed, "failed: sources.toml is gone"),
        (_fetch_found, "1 problems of the last fetch are new"),
        (_no_runs, "no run has come to its end yet"),
        (_damaged, "parsed/a.html.json is damaged"),
    ],
)
def test_what_is_not_well_is_told(data: Path, harm: Any, says: str) -> None:
    harm(data)
    done = run("status", "--max-age", 24, "--check", "--data", data)
    assert done.exit_code == 1
    assert says in done.stdout


def _fetched(data: Path, faults: list[tuple[str, str]], *only: str, code: int = 3) -> list[bool]:
    """Record a fetch that found something; give what of it was new, in the order of places."""
    record = Run(data, "fetch")
    with record.stage("fetch", only):
        pass
    record.note("fetch", [(place, "status", source) for place, source in faults])
    record.end(code, "the disk is full" if code == 1 else "")
    return [fault.new for fault in record.record.stages["fetch"].problems]


def test_a_fetch_of_one_source_says_nothing_of_the_others(data: Path) -> None:
    said = "problems of the last fetch are new"
    both = [("https://a/", "a"), ("https://b/", "b")]
    assert _fetched(data, both) == [True, True]
    assert _fetched(data, both[1:], "b") == [False]
    # That of b is known by now, that of a is as new as it was.
    done = run("status", "--data", data)
    assert f"1 {said}" in done.stdout and done.exit_code == 1
    assert records(data)[0]["stages"]["fetch"]["only"] == ["b"]
    assert "only" not in records(data)[1]["stages"]["fetch"]
    assert _fetched(data, both) == [False, False]
    assert run("status", "--data", data).exit_code == 0
    # What b no longer found is new there when it comes back, and only there.
    assert _fetched(data, [], "b", code=0) == []
    assert _fetched(data, both) == [False, True]
    assert f"1 {said}" in run("status", "--data", data).stdout


def test_one_address_can_fail_for_two_sources(data: Path) -> None:
    assert _fetched(data, [("https://a/", "a")]) == [True]
    assert _fetched(data, [("https://a/", "a"), ("https://a/", "b")]) == [False, True]


def test_a_fetch_of_one_source_hides_no_fetch_that_failed(data: Path) -> None:
    _fetched(data, [], code=1)
    _fetched(data, [], "b", code=0)
    done = run("status", "--data", data)
    assert "failed: the disk is full" in done.stdout and done.exit_code == 1
    _fetched(data, [], code=0)
    _fetched(data, [], "b", code=1)
    assert "failed: the disk is full" in run("status", "--data", data).stdout
    _fetched(data, [], "b", "c", code=0)  # b was asked again, and well
    assert run("status", "--data", data).exit_code == 0


def test_an_older_record_knows_no_sources(data: Path) -> None:
    _fetch_found(data)
    assert _fetched(data, [("https://www.npa.go.jp/a.pdf", "npa")], "npa") == [False]
    assert run("status", "--data", data).exit_code == 1  # of others it may have found more


def test_the_sources_asked_by_name_are_written_down(tmp_path: Path) -> None:
    listed = tmp_path / "sources.toml"
    entry = '[[source]]\nname="{0}"\npublisher="x"\npages=["http://127.0.0.1:9/"]\nhosts=["127.0.0.1:9"]\n'
    listed.write_text(entry.format("a") + entry.format("b"))
    for names in (["a"], []):
        options = [word for name in names for word in ("--source", name)]
        assert run("fetch", "--data", tmp_path, "--known-ok", *options).exit_code == 3
    full, part = (record["stages"]["fetch"] for record in records(tmp_path))
    assert part["only"] == ["a"] and "only" not in full
    assert {fault["source"]: fault["new"] for fault in full["problems"]} == {"a": False, "b": True}
    assert run("fetch", "--data", tmp_path, "--known-ok").exit_code == 0


def test_a_clock_that_was_ahead_hides_no_known_failure(data: Path) -> None:
    _hidden(data)
    put(data, "bad.pdf", "")
    assert update(data, "--known-ok").exit_code == 3
    assert update(data, "--known-ok").exit_code == 0
    assert update(data, "--keep-runs", "2").exit_code == 3
    assert not (data / "runs/20990101T000000.000000Z.json").exists()


def test_a_foreign_file_whose_name_is_no_text_stops_nothing(data: Path) -> None:
    _foreign(data)
    assert json.loads(run("status", "--json", "--data", data).stdout)["well"] is False
    done = run("index", "--data", data)
    assert (done.exit_code, done.exception) == (0, None), done.stderr
    done = update(data)
    assert (done.exit_code, done.exception) == (0, None), done.stderr
    assert run("status", "--data", data).exit_code == 0


def test_a_directory_whose_name_is_no_text_can_be_told_of(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"\xff")
    odd.mkdir()
    done = run("ingest", "--data", odd)
    assert done.exit_code == 1
    assert "There is no directory" in done.stderr
    assert "There is no directory" in records(odd)[0]["error"]


def test_what_killed_runs_left_under_runs_goes(data: Path) -> None:
    dead, living = (data / "runs" / f".tmp-{name}" for name in ("1-dead", "2-living"))
    for path in (dead, living):
        path.write_text("half")
    os.utime(dead, (1, 1))
    update(data)
    assert (dead.exists(), living.exists()) == (False, True)


def test_a_known_failure_is_well(data: Path) -> None:
    _new_failure(data)
    update(data)
    done = run("status", "--data", data)
    assert done.exit_code == 0, done.stdout
    assert "1 cannot be read, 1 not_a_document" in done.stdout


def test_status_on_nothing_is_one_screen(tmp_path: Path) -> None:
    done = run("status", "--data", tmp_path)
    assert done.exit_code == 1
    assert "there is no index yet" in done.stdout


# --- rollback ----------------------------------------------------------------------------------


def hits(data: Path, word: str) -> int:
    found: int = json.loads(run("search", word, "--json", "--data", data).stdout)["total"]
    return found


def test_one_can_go_back_and_the_next_run_goes_forward(data: Path) -> None:
    put(data, "a.html", "内閣官房は調査を公表する。")
    assert update(data).exit_code == 0
    assert hits(data, "内閣官房") > 0
    done = run("index", "--rollback", "--data", data)
    assert done.exit_code == 0
    assert "gen-1 answers in the place of gen-2; 2 documents, " in done.stderr
    assert hits(data, "内閣官房") == 0 and hits(data, "人身取引") > 0
    again = run("index", "--rollback", "--data", data)
    assert again.exit_code == 1
    assert "no earlier generation" in again.stderr and "shisaku index --rebuild" in again.stderr
    assert update(data).exit_code == 0
    assert hits(data, "内閣官房") > 0 and hits(data, "人身取引") == 0
    names = sorted(path.name for path in (data / "index").iterdir())
    assert names == ["current", "gen-1", "gen-3"]


@pytest.mark.parametrize("option", ["--rollback", "--rebuild"])
def test_who_waits_for_another_run_is_told_to_type_the_same(data: Path, option: str) -> None:
    with FileLock(data / "runs/writer.lock"):
        done = run("index", option, "--data", data)
    assert done.exit_code == 5
    assert f"shisaku index {option} --data {data} --wait" in done.stderr


def test_a_rollback_is_no_good_run_and_a_rebuild_is(data: Path) -> None:
    put(data, "a.html", "警察庁は相談に応じる。")
    assert update(data).exit_code == 0
    last = json.loads(run("status", "--json", "--data", data).stdout)["last_run"]["command"]
    assert run("index", "--rollback", "--data", data).exit_code == 0
    assert json.loads(run("status", "--json", "--data", data).stdout)["last_run"]["command"] == last
    assert run("index", "--rebuild", "--data", data).exit_code == 0
    found = json.loads(run("status", "--json", "--data", data).stdout)
    assert found["last_run"]["command"] == "index --rebuild" and found["well"]


def test_more_generations_can_be_kept_and_broken_ones_are_passed_over(data: Path) -> None:
    for turn in range(3):
        put(data, "a.html", f"第{turn}版")
        assert update(data, "--keep", "3").exit_code == 0
    assert len(list((data / "index").glob("gen-*"))) == 3
    os.truncate(next((data / "index/gen-3").glob("*.toc")), 3)
    done = run("index", "--rollback", "--json", "--data", data)
    assert json.loads(done.stdout) == {"schema": 2, "answers": "gen-2", "before": "gen-4"}
    assert run("index", "--rollback", "--rebuild", "--data", data).exit_code == 2


def test_a_pointer_to_nowhere_can_be_rolled_back(data: Path) -> None:
    _nowhere(data)
    done = run("index", "--rollback", "--data", data)
    assert done.exit_code == 0, done.stderr
    assert hits(data, "人身取引") > 0


# --- logs, waiting and pings -------------------------------------------------------------------


def test_logs_can_be_json(data: Path) -> None:
    (data / "raw/scan.pdf").write_bytes(b"no PDF")
    lines = [json.loads(line) for line in update(data, "--log-format", "json").stderr.splitlines()]
    assert {frozenset(line) for line in lines} == {frozenset({"time", "level", "message"})}
    with FileLock(data / "runs/writer.lock"):
        (line,) = update(data, "--log-format", "json").stderr.splitlines()
    assert json.loads(line)["level"] == "error"


def test_one_can_wait_for_another_run(data: Path) -> None:
    lock = FileLock(data / "runs/writer.lock", thread_local=False)
    lock.acquire()
    timer = threading.Timer(0.7, lock.release)
    timer.start()
    began = time.monotonic()
    assert update(data, "--wait", "30").exit_code == 0
    assert time.monotonic() - began > 0.6
    timer.join()


class Taker:
    """A server on loopback that notes what it is told; with `hold` it answers on `release`."""

    def __init__(self, status: int = 200, hold: bool = False) -> None:
        told = self.told = list[tuple[str, str]]()
        release = self.release = threading.Event()
        if not hold:
            release.set()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                told.append((self.path, text))
                release.wait(60)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/secret"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def __enter__(self) -> "Taker":
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def test_success_and_failure_are_told(data: Path) -> None:
    with Taker() as taker:
        assert update(data, "--ping", taker.url).exit_code == 0
        (data / "raw/scan.pdf").write_bytes(b"no PDF")
        assert update(data, "--ping", taker.url).exit_code == 3
        with FileLock(data / "runs/writer.lock"):
            assert update(data, "--ping", taker.url).exit_code == 5
        (data / "raw").rename(data / "away")
        assert update(data, "--ping", taker.url).exit_code == 1
    paths = [path for path, _ in taker.told]
    assert paths == ["/secret", "/secret/fail", "/secret/fail"]
    assert taker.told[0][1] == "exit 0; update: no changes, no problems"
    assert "is missing" in taker.told[2][1]


def test_a_ping_that_fails_fails_nothing_and_keeps_its_secret(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pinging, "SECONDS", 0.3)
    with Taker(500) as taker:
        done = update(data, "--ping", taker.url)
    assert (done.exit_code, "status 500" in done.stderr) == (0, True)
    assert "secret" not in done.stderr
    assert "secret" not in "".join(p.read_text() for p in (data / "runs").glob("2*.json"))
    with Taker(hold=True) as taker:
        assert ping(taker.url, True, "") != ""  # and does not wait for the answer
        taker.release.set()
    assert ping(taker.url, True, "") != ""  # nobody listens
    assert "http" in ping("file:///etc/passwd", True, "")
    assert ping("http://[", True, "") != ""


def test_cron_gives_no_environment(data: Path) -> None:
    put(data, "東京.html", "東京都は相談窓口を設けた。")
    command = f"{sys.executable} -P -c 'import sys; sys.path.insert(0, sys.argv.pop(1)); " \
        f"from shisaku.cli import main; main()' {ROOT}"  # fmt: skip
    done = subprocess.run(
        ["env", "-i", "/bin/sh", "-c", f"cd /; {command} update --jobs 1 --data '{data}'"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "1 added" in done.stderr.decode()
    assert hits(data, "東京都") > 0
