"""The command as a process: streams that close, interrupts, directories that refuse, imports."""

import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shisaku.index.generations.build import build_index
from tests.support import factories

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "shisaku"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("data")
    many = [factories.passage(f"m.{n}", f"第{n}の人身取引。" * 20) for n in range(800)]
    factories.write_parsed(directory, *factories.corpus(), factories.document("m.html", many))
    build_index(directory)
    return directory


def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[bytes]:
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_a_reader_may_stop_reading(data: Path, form: str) -> None:
    command = [*COMMAND, "export", "--data", str(data), "--format", form]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stderr
        process.stdout.read(10)
        process.stdout.close()
        assert process.wait(30) == 0
        assert process.stderr.read() == b""


@pytest.mark.parametrize(
    "command",
    [
        "{} -o /dev/stdout | cat",
        "{} -o /dev/stdout >> {}",  # what stands there already is no business of ours
        "{} -o /dev/fd/3 3>&1 | cat",
        "mkfifo {}.pipe; cat {}.pipe & {} -o {}.pipe; wait",
        "{} -o - | cat",
    ],
)
def test_what_is_no_file_is_written_to_directly(data: Path, tmp_path: Path, command: str) -> None:
    export = " ".join(
        shlex.quote(part) for part in [*COMMAND, "export", "--data", str(data), "--format", "jsonl"]
    )
    out = tmp_path / "out"
    out.write_text("before\n")
    line = command.replace("{} -o", f"{export} -o").replace("{}", shlex.quote(str(out)))
    done = subprocess.run(line, cwd=ROOT, shell=True, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr
    assert done.returncode == 0
    text = (done.stdout or out.read_bytes()).decode().removeprefix("before\n")
    assert text.count("\n") == 811
    assert text.startswith('{"id"')
    assert out.read_text(encoding="utf-8").startswith("before\n")


def test_an_interrupt_is_no_traceback(data: Path) -> None:
    program = (
        "import shisaku.cli as cli, shisaku.index.search.searcher, os, signal\n"
        "searcher = shisaku.index.search.searcher.Searcher\n"
        "searcher.select = lambda *_: os.kill(os.getpid(), signal.SIGINT)\n"
        f"cli.main(['export', '--data', {str(data)!r}])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (130, b"shisaku: interrupted\n")


START = "import sys; from shisaku.__main__ import main; main(prog_name='shisaku')"


def _stopped(program: str, *arguments: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False)


@pytest.mark.parametrize(
    ("number", "code", "word"), [("SIGINT", 130, "interrupted"), ("SIGTERM", 143, "terminated")]
)
@pytest.mark.parametrize(
    "moment",
    [
        "import click",  # before a line of the command line itself has run
        "import shisaku.commands.search",
        "import shisaku.index.search.searcher",  # in the body of the command
        "shisaku.index.search.searcher.Searcher.select",
        "shisaku.commands.console.display.Display.hits",
        "atexit",
        "weakref",  # Python drops what is raised in a callback, and prints it
    ],
)
def test_a_signal_at_any_moment_is_one_line(
    data: Path, number: str, code: int, word: str, moment: str
) -> None:
    kill = f"os.kill(os.getpid(), signal.{number})"
    if moment.startswith("import "):
        name = moment.split()[1]
        harm = (
            "class Finder:\n"
            "    def find_spec(self, name, *_):\n"
            f"        if name == {name!r}: {kill}; time.sleep(0.01)\n"
            "sys.meta_path.insert(0, Finder())\n"
        )
    elif moment == "atexit":
        harm = f"import atexit; atexit.register(lambda: {kill})\n"
    elif moment == "weakref":
        harm = (
            "import shisaku.index.search.searcher, weakref\n"
            "class Thing: pass\n"
            "def select(*_):\n"
            f"    thing = Thing(); held = weakref.ref(thing, lambda _: {kill})\n"
            "    del thing\n    time.sleep(0.01)\n"
            "shisaku.index.search.searcher.Searcher.select = select\n"
        )
    else:
        module, owner, name = moment.rsplit(".", 2)
        harm = f"import {module}\n{module}.{owner}.{name} = lambda *_, **__: {kill}\n"
    done = _stopped(
        f"import os, signal, sys, time\n{harm}{START}", "search", "京都", "--data", data
    )
    assert b"Traceback" not in done.stderr
    said = done.stderr.decode().removeprefix("2 passages\n")  # the work may be done by then
    assert (done.returncode, said) == (code, f"shisaku: {word}\n")


def test_a_signal_that_the_caller_ignores_is_ignored(data: Path) -> None:
    harm = (
        "import os, signal, sys, shisaku.index.search.searcher\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "searcher = shisaku.index.search.searcher.Searcher\n"
        "searcher.__enter__ = (lambda real: lambda self: "
        "os.kill(os.getpid(), signal.SIGINT) or real(self))(searcher.__enter__)\n"
    )
    done = _stopped(harm + START, "search", "京都", "--data", data)
    assert (done.returncode, done.stderr) == (0, b"2 passages\n")


def test_a_second_signal_does_not_wait_for_the_first(data: Path) -> None:
    harm = (
        "import os, signal, sys, time, shisaku.index.search.searcher\n"
        "def select(*_):\n"
        "    try: os.kill(os.getpid(), signal.SIGINT); time.sleep(0.01)\n"
        "    finally: os.kill(os.getpid(), signal.SIGTERM); time.sleep(60)\n"
        "shisaku.index.search.searcher.Searcher.select = select\n"
    )
    done = _stopped(harm + START, "search", "京都", "--data", data)
    assert (done.returncode, done.stderr) == (143, b"shisaku: terminated\n")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_update_that_is_stopped_leaves_nothing_behind(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    (tmp_path / "raw").mkdir()
    for name in "abc":
        page = f"<html><body><h1>題{name}</h1><p>京都の{name}。</p></body></html>"
        (tmp_path / f"raw/{name}.html").write_text(page, encoding="utf-8")
    harm = (
        "import shisaku.ingest.batch.placement\n"
        "def take(self, *_):\n"
        "    import time; print('working', flush=True); [time.sleep(0.05) for _ in range(999)]\n"
        "shisaku.ingest.batch.placement.Placement.take = take\n"
    )
    command = [sys.executable, "-c", harm + START, "update", "--data", str(tmp_path)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stderr
        assert process.stdout.readline() == b"working\n"
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        process.send_signal(number)
        assert process.wait(30) == code
        assert process.stderr.read().count(b"\n") == 1
    assert children and not any(Path(f"/proc/{child}/cmdline").exists() for child in children)
    (record,) = (tmp_path / "runs").glob("2*.json")
    assert json.loads(record.read_bytes())["exit_code"] == code
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith(".tmp-")]
    assert run("update", "--data", tmp_path).returncode == 0


def test_a_fault_of_the_program_is_one_sentence(data: Path) -> None:
    program = (
        "import shisaku.cli as cli, shisaku.index.search.searcher\n"
        "shisaku.index.search.searcher.Searcher.select = None\n"
        f"cli.main(['export', '--data', {str(data)!r}])"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"internal error in library.py" in done.stderr
    assert b"Traceback" not in done.stderr
    shown = subprocess.run(
        command, cwd=ROOT, capture_output=True, check=False, env=os.environ | {"SHISAKU_DEBUG": "1"}
    )
    assert b"Traceback" in shown.stderr


@pytest.mark.parametrize("locale", ["C", "POSIX", "ja_JP.eucJP"])
def test_output_is_utf8_whatever_the_locale(data: Path, locale: str) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
    done = run("search", "京都", "--data", data, env=env | {"LC_ALL": locale, "LANG": locale})
    assert done.returncode == 0
    assert "京都で会議を開き" in done.stdout.decode("utf-8")


def test_bytes_that_are_no_text_are_no_traceback(data: Path) -> None:
    done = run("search", b"\xff\xfe".decode("utf-8", "surrogateescape"), "--data", data)
    assert done.returncode == 0
    done = run("search", "--data", data, "--ministry", os.fsdecode(b"\xe3\x81"))
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_a_full_disk_is_one_sentence(data: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("wb") as full:
        command = [*COMMAND, "export", "--data", str(data)]
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert b"No space left" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("closed", [False, True], ids=["full", "closed"])
def test_a_log_that_cannot_be_written_stops_no_run(tmp_path: Path, closed: bool) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/a.html").write_text("<html><body><h1>題</h1><p>京都の人。</p></body></html>")
    log = "2>&-" if closed else "2>/dev/full"
    command = f'"{sys.executable}" -m shisaku update --data "{tmp_path}" {log}'
    done = subprocess.run(command, cwd=ROOT, shell=True, check=False)
    assert done.returncode == 0
    assert (tmp_path / "index/current").exists()


def test_a_list_on_a_full_disk_is_one_sentence(data: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    command = f'"{sys.executable}" -m shisaku status --data "{data}" >/dev/full'
    # Buffered, as a pipe or a file is: the fault comes once more with every flush.
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        command, cwd=ROOT, shell=True, stderr=subprocess.PIPE, check=False, env=plain
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr and b"No space left" in done.stderr


def test_a_closed_output_is_no_traceback(data: Path) -> None:
    command = f'"{sys.executable}" -m shisaku search 京都 --data "{data}" >&-'
    done = subprocess.run(command, cwd=ROOT, shell=True, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("command", [["search", "甲"], ["index"], ["docs"], ["update"]])
def test_a_directory_that_is_a_file_is_one_sentence(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "parsed").mkdir()
    for name in ("index", "runs", "raw"):
        (tmp_path / name).write_text("")
    done = run(*command, "--data", tmp_path)
    assert done.returncode in (0, 1)
    assert b"Traceback" not in done.stderr
    assert b"internal error" not in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_directory_that_may_not_be_written_is_one_sentence(tmp_path: Path) -> None:
    factories.write_parsed(tmp_path, *factories.corpus())
    tmp_path.chmod(0o555)
    try:
        done = run("index", "--data", tmp_path)
    finally:
        tmp_path.chmod(0o755)
    assert done.returncode == 1
    assert b"Permission denied" in done.stderr
    assert b"Traceback" not in done.stderr


READERS = {
    "pdfplumber",
    "pdfminer",
    "numpy",
    "PIL",
    "lxml",
    "shisaku.ingest.batch.batch",
    "shisaku.ingest.model",
}
WRITERS = {
    "shisaku.commands.console.run_options",
    "shisaku.index.generations.build",
    "shisaku.commands.console.night",
    "shisaku.ingest.fetch",
    "filelock",
    "urllib3",
}
# What a search does without that prints text, names no ministry and no date.
UNUSED = {
    "rich", "json", "dataclasses", "hashlib", "shutil", "tempfile", "difflib",
    "importlib.resources", "importlib.metadata",
    "shisaku.ingest.registry", "shisaku.ingest.text.dates", "shisaku.index.export.formats",
    "shisaku.index.search.documents", "shisaku.commands.facets",
}  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "idle"),
    [
        (["search", "京都", "--ministry", "NPA", "--json"], READERS | WRITERS),
        (["facets", "京都", "--by", "year", "--json"], READERS | WRITERS),
        (["search", "京都"], READERS | WRITERS | UNUSED),
        (
            ["--help"],
            READERS
            | WRITERS
            - {
                "shisaku.commands.console.run_options",
                "shisaku.commands.console.night",
                "shisaku.ingest.fetch",
            },
        ),
    ],
)
def test_what_is_not_used_is_not_loaded(data: Path, arguments: list[str], idle: set[str]) -> None:
    program = (
        "import sys, shisaku.cli as cli\n"
        "try: cli.main(sys.argv[1:])\n"
        "except SystemExit as end: assert not end.code\n"
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "--data", data, *arguments],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    loaded = set(done.stderr.decode().split())
    assert "shisaku.commands" in loaded
    assert not idle & loaded
