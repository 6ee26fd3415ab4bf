"""The command as a process: streams that close, interrupts, directories that refuse, imports."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import factories
import pytest

from index.build import build_index

ROOT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-c", "import cli; cli.main(prog_name='shisaku')"]


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
        "import cli, index.search, os, signal\n"
        "index.search.Searcher.select = lambda *_: os.kill(os.getpid(), signal.SIGINT)\n"
        f"cli.main(['export', '--data', {str(data)!r}])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 1
    assert b"interrupted" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_fault_of_the_program_is_one_sentence(data: Path) -> None:
    program = (
        "import cli, index.search\n"
        "index.search.Searcher.select = None\n"
        f"cli.main(['export', '--data', {str(data)!r}])"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"internal error in export.py" in done.stderr
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
    command = f'"{sys.executable}" -c "import cli; cli.main()" update --data "{tmp_path}" {log}'
    done = subprocess.run(command, cwd=ROOT, shell=True, check=False)
    assert done.returncode == 0
    assert (tmp_path / "index/current").exists()


def test_a_list_on_a_full_disk_is_one_sentence(data: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    command = f'"{sys.executable}" -c "import cli; cli.main()" status --data "{data}" >/dev/full'
    # Buffered, as a pipe or a file is: the fault comes once more with every flush.
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        command, cwd=ROOT, shell=True, stderr=subprocess.PIPE, check=False, env=plain
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr and b"No space left" in done.stderr


def test_a_closed_output_is_no_traceback(data: Path) -> None:
    command = f'"{sys.executable}" -c "import cli; cli.main()" search 京都 --data "{data}" >&-'
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


READERS = {"pdfplumber", "pdfminer", "numpy", "PIL", "lxml", "ingest.batch", "ingest.model"}
WRITERS = {"commands.writing", "index.build", "ingest.night", "ingest.fetch", "filelock", "urllib3"}
# What a search does without that prints text, names no ministry and no date.
UNUSED = {
    "rich", "json", "dataclasses", "hashlib", "shutil", "tempfile", "difflib",
    "importlib.resources", "importlib.metadata",
    "ingest.registry", "ingest.text.dates", "index.export", "index.documents", "commands.facets",
}  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "idle"),
    [
        (["search", "京都", "--ministry", "NPA", "--json"], READERS | WRITERS),
        (["facets", "京都", "--by", "year", "--json"], READERS | WRITERS),
        (["search", "京都"], READERS | WRITERS | UNUSED),
        (["--help"], READERS | WRITERS - {"commands.writing", "ingest.night", "ingest.fetch"}),
    ],
)
def test_what_is_not_used_is_not_loaded(data: Path, arguments: list[str], idle: set[str]) -> None:
    program = (
        "import sys, cli\n"
        "try: cli.main(sys.argv[1:])\n"
        "except SystemExit as end: assert not end.code\n"
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "--data", data, *arguments],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    loaded = set(done.stderr.decode().split())
    assert "commands" in loaded
    assert not idle & loaded
