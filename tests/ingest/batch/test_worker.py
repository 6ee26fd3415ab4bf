import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shisaku.ingest.batch.pool import parse_all
from shisaku.ingest.batch.worker import Job, Result
from shisaku.ingest.children import NAMES, PREFIXES, WorkerError, environment
from shisaku.ingest.model import Source
from shisaku.ingest.parsed.store import decode

VERSIONS = {"shisaku": "test"}


def _job(path: Path, text: str) -> Job:
    path.write_text(text, encoding="utf-8")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    sources = (Source(f"raw/{path.name}"),)
    return Job(os.fsencode(path), path.name, sources, digest, VERSIONS, path.stat().st_size)


def _run(
    jobs: list[Job],
    workers: int = 1,
    timeout: float = 60.0,
    parse: str = "tests.support.fake_parser:parse",
) -> dict[str, Result]:
    results = parse_all(jobs, parse=parse, workers=workers, timeout=timeout, memory_mb=1500)
    return {job.document_id: result for job, result in results}


def _codes(result: Result) -> list[str]:
    return [problem.code for problem in result.problems]


@pytest.mark.parametrize(
    ("line", "code", "word"),
    [
        ("BROKEN", "truncated", "damaged"),
        ("CRASH", "crash", "SIGSEGV"),
        ("EXIT", "crash", "exit status 7"),
        ("BUG", "internal", "KeyError"),
        ("DEEP", "internal", "RecursionError"),
        ("HUNGRY", "memory", "1500 MB"),
    ],
)
def test_what_happens_at_one_file_is_a_problem_of_that_file(
    tmp_path: Path, line: str, code: str, word: str
) -> None:
    jobs = [_job(tmp_path / "a", "良い"), _job(tmp_path / "b", line), _job(tmp_path / "c", "良い")]
    results = _run(jobs)
    assert _codes(results["b"]) == [code]
    assert word in results["b"].problems[0].reason
    assert results["b"].problems[0].remedy
    assert results["b"].failed
    for name in "ac":
        assert decode(results[name].data).title == "良い"


def test_a_file_that_takes_too_long_ends_alone(tmp_path: Path) -> None:
    jobs = [_job(tmp_path / "hang", "HANG")]
    jobs += [_job(tmp_path / f"{number}", f"文{number}") for number in range(5)]
    results = _run(jobs, workers=2, timeout=2.0)
    assert _codes(results.pop("hang")) == ["timeout"]
    assert len(results) == 5
    assert not any(result.failed for result in results.values())


def test_the_document_is_made_ready_to_be_stored(tmp_path: Path) -> None:
    (result,) = _run([_job(tmp_path / "a", "一\n二")]).values()
    document = decode(result.data)
    assert document.parser == VERSIONS
    assert document.sources == (Source("raw/a"),)
    assert [passage.text for passage in document.passages] == ["一", "二"]


def test_noise_does_not_get_between_the_messages(tmp_path: Path) -> None:
    results = _run([_job(tmp_path / f"{number}", "CHATTER") for number in range(3)])
    assert not any(result.failed for result in results.values())


def test_what_earlier_files_left_behind_is_not_blamed_on_the_next(tmp_path: Path) -> None:
    # The second dies of what the first left in its process; alone it is sound.
    jobs = [_job(tmp_path / "1-leaks", "LEAK" + "\n" * 9), _job(tmp_path / "2-sound", "SPENT")]
    assert not any(result.failed for result in _run(jobs).values())


def test_a_big_document_goes_through(tmp_path: Path) -> None:
    (result,) = _run([_job(tmp_path / "a", "行政の施策\n" * 100_000)]).values()
    assert len(decode(result.data).passages) == 100_001


def test_many_files_need_several_lives(tmp_path: Path) -> None:
    jobs = [_job(tmp_path / f"{number}", f"{number}") for number in range(60)]
    assert len(_run(jobs, workers=2)) == 60


def test_a_file_replaced_meanwhile_is_not_taken_for_the_other(tmp_path: Path) -> None:
    job = _job(tmp_path / "a", "前")
    (tmp_path / "a").write_text("後")
    assert _codes(_run([job])["a"]) == ["changed"]
    (tmp_path / "a").unlink()
    assert _codes(_run([job])["a"]) == ["unreadable"]


def test_when_no_process_comes_up_no_file_is_blamed(tmp_path: Path) -> None:
    with pytest.raises(WorkerError, match="could be started"):
        _run([_job(tmp_path / "a", "x")], parse="tests.support.fake_parser:there_is_none")


def test_a_worker_gets_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SHISAKU_PING_URL", "HTTPS_PROXY", "AWS_SECRET_ACCESS_KEY", "MY_PYTHON_TOKEN"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("LC_TIME", "C.UTF-8")
    document = decode(_run([_job(tmp_path / "a", "ENVIRONMENT")])["a"].data)
    names = {passage.text for passage in document.passages}
    assert "LC_TIME" in names and "PATH" in names
    handed = {name for name in names if name.isupper()}
    assert all(name in NAMES or name.startswith(PREFIXES) for name in handed - {"ENVIRONMENT"})
    assert "secret" not in environment().values()


def _children() -> set[str]:
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if status[1] == str(os.getpid()):
                found.add(entry.name)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_leaving_early_leaves_no_process(tmp_path: Path) -> None:
    before = _children()
    jobs = [_job(tmp_path / "a", "x"), _job(tmp_path / "b", "HANG" + "\n" * 9)]
    results = parse_all(
        jobs, parse="tests.support.fake_parser:parse", workers=2, timeout=60.0, memory_mb=1500
    )
    assert next(results)[0].document_id == "a"
    assert len(_children() - before) == 2
    results.close()
    assert _children() <= before


_PARENT = """
import os, sys
from shisaku.ingest.batch.pool import parse_all
from shisaku.ingest.batch.worker import Job
import hashlib, pathlib
path = pathlib.Path(sys.argv[1])
digest = hashlib.sha256(path.read_bytes()).hexdigest()
job = Job(os.fsencode(path), "hang", (), digest, {})
print("up", flush=True)
parser = "tests.support.fake_parser:parse"
for _ in parse_all([job], parse=parser, workers=1, timeout=600, memory_mb=1500):
    pass
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_processes_die_with_their_parent(tmp_path: Path, number: signal.Signals) -> None:
    path = tmp_path / "hang"
    path.write_text("HANG")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    ) as parent:
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
        deadline = time.monotonic() + 30
        while not (pids := children.read_text().split()) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(pids) == 1
        time.sleep(0.5)
        parent.send_signal(number)
        parent.wait(10)
    while Path(f"/proc/{pids[0]}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    status = Path(f"/proc/{pids[0]}/stat")
    # In a container nobody may reap it: then it is a zombie of init, dead all the same.
    assert not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system says no more")
def test_a_worker_does_not_count_what_its_parent_held(tmp_path: Path) -> None:
    ballast = bytearray(b"x") * (600 << 20)
    try:
        result = _run([_job(tmp_path / "a", "良い")])["a"]
    finally:
        del ballast
    assert 0 < result.rss_mb < 500
