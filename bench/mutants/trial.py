"""Runs tests against a mutant, in a copy of the tree: the checkout is never changed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.mutants import draw
from bench.mutants.draw import Mutant

ROOT = Path(__file__).resolve().parents[2]
"""Where the plugin of pytest is, if the tree has none."""
COPIED = (
    "index", "ingest", "commands", "shisaku", "cli.py", "bench", "tests", "docs", "data/raw",
    "data/sample.toml", "requirements", "pyproject.toml", "README.md", "README.ja.md", "Makefile",
)  # fmt: skip
"""What of the tree the tests may need; what is not there is left out."""
_LEFT = shutil.ignore_patterns("__pycache__")
LEAST_SECONDS = 60
"""On the clock, for any set of tests: Python and pytest take some of it to start."""
TIMES_SLOWER = 10
"""How much longer than recorded a set of tests may take: the machine may be busy by then."""
MEMORY = 4 << 30
"""Bytes of address space: a mutant may collect without end."""


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant."""

    mutant: Mutant
    killer: str
    """The test that failed, or why no test could pass; empty where the mutant survived."""
    seconds: float


@contextmanager
def copied(root: Path) -> Iterator[Path]:
    """Give a copy of the tree, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = Path(folder).resolve() / "tree"
        tree.mkdir()
        for name in COPIED:
            place = root / name
            if place.is_dir():
                (tree / name).parent.mkdir(exist_ok=True)
                shutil.copytree(place, tree / name, symlinks=True, ignore=_LEFT)
            elif place.exists():
                (tree / name).parent.mkdir(exist_ok=True)
                shutil.copy2(place, tree / name)
        yield tree


@contextmanager
def mutated(tree: Path, mutant: Mutant) -> Iterator[None]:
    """Change a file of the copy, and back.

    Bytecode is taken for that of the source where time (in whole seconds) and size agree, and a
    mutant may have both, so it is removed.
    """
    path = tree / mutant.path
    kept = draw.apply(tree, mutant)
    try:
        _forget(path)
        yield
    finally:
        path.write_text(kept, encoding="utf-8")
        _forget(path)


def _forget(path: Path) -> None:
    for each in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        each.unlink()


def failing(tree: Path, tests: Sequence[str], seconds: float) -> str:
    """Run tests until one fails; return its id, "too long", "no test ran", or "" if all pass."""
    if not tests:
        return ""
    chosen = tree.parent / "chosen.json"
    chosen.write_text(json.dumps(list(tests)), encoding="utf-8")
    report = tree.parent / "report.txt"
    command = [
        sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-rfE", "--tb=no",
        "-p", "bench.mutants.plugin", "--basetemp", str(tree.parent / "temporary"),
        *dict.fromkeys(test.partition("::")[0] for test in tests),
    ]  # fmt: skip
    environment = {key: value for key, value in os.environ.items() if key != "SHISAKU_CALLS"}
    environment |= {"PYTHONPATH": f"{tree}{os.pathsep}{ROOT}", "SHISAKU_CHOSEN": str(chosen)}
    with report.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=tree, env=environment, stdout=out, stderr=out, start_new_session=True,
            preexec_fn=_limit,
        )  # fmt: skip
        try:
            code = process.wait(max(LEAST_SECONDS, TIMES_SLOWER * seconds))
        except subprocess.TimeoutExpired:
            code = None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if code == 0:
        return ""
    if code is None:
        return "too long"
    for line in report.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith(("FAILED ", "ERROR ")):
            return line.split(" ", 1)[1].partition(" - ")[0]
    return f"no test ran (pytest gave {code})"


def _limit() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
