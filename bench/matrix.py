"""Runs the test suite under each supported version of Python that is found on this machine.

Each version gets an environment of its own under `.matrix/`, with the locked packages of
requirements/dev.txt, which is made anew only when those or pyproject.toml change. A version is
skipped, with the reason, where there is no interpreter or where a package cannot be installed. Exit
code 0 where every version that ran passed and at least one ran, else 1.

    make test-matrix                               # all of VERSIONS
    make test-matrix ARGS="--only 3.12"            # one of them
    make test-matrix ARGS="-- -k dates"            # what follows -- goes to pytest
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
VERSIONS = ("3.11", "3.12", "3.13")  # what pyproject.toml promises, and what a release is tried on
FOLDER = ROOT / ".matrix"
WORKERS = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile")

_ASKED = "import sys; print('%d.%d' % sys.version_info[:2])"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one version; `state` is `passed`, `failed` or `skipped`."""

    version: str
    state: str
    said: str


def candidates(version: str) -> Iterator[Path]:
    """Yield the places at which an interpreter may lie: on PATH, then among those of pyenv."""
    found = shutil.which(f"python{version}")
    if found:
        yield Path(found)
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(root.glob(f"versions/{version}.*/bin/python"), reverse=True)
    if version == f"{sys.version_info[0]}.{sys.version_info[1]}":
        yield Path(sys.executable)


def interpreter(version: str) -> Path | None:
    """Give an interpreter that starts and is of this version, or None.

    A file named python3.12 need not be one: the shims that pyenv puts on PATH fail for a version
    that is not switched on.
    """
    for path in candidates(version):
        try:
            done = subprocess.run([path, "-c", _ASKED], capture_output=True, text=True, timeout=60)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0 and done.stdout.strip() == version:
            return path
    return None


def prepare(version: str, python: Path) -> str:
    """Make the environment of a version where it is missing or outdated; give what went wrong."""
    place = FOLDER / version
    locked = [ROOT / "requirements/dev.txt", ROOT / "pyproject.toml"]
    stamp = hashlib.sha256(b"\0".join(path.read_bytes() for path in locked)).hexdigest()
    ready = place / "ready"
    if ready.exists() and ready.read_text() == stamp:
        return ""
    pip: list[str | Path] = [place / "bin/pip", "install", "--quiet", "--disable-pip-version-check"]
    editable: list[str | Path] = [
        "--no-build-isolation",
        "--config-settings",
        "editable_mode=compat",
        "-e",
        ROOT,
    ]
    steps: list[list[str | Path]] = [
        [python, "-m", "venv", "--clear", place],
        [*pip, "--require-hashes", "-r", locked[0]],
        [*pip, "--no-deps", *editable],
    ]
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True)
        if done.returncode:
            lines = (done.stderr or done.stdout).strip().splitlines()
            return lines[-1] if lines else f"exit code {done.returncode}"
    ready.write_text(stamp)
    return ""


def tried(version: str, arguments: Sequence[str] = ()) -> Outcome:
    """Run the suite under one version."""
    python = interpreter(version)
    if python is None:
        return Outcome(version, "skipped", "no interpreter on PATH or in pyenv")
    if wrong := prepare(version, python):
        return Outcome(version, "skipped", f"its packages cannot be installed: {wrong}")
    command: list[str | Path] = [
        FOLDER / version / "bin/python",
        "-m",
        "pytest",
        *WORKERS,
        *arguments,
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        last = ""
        for line in process.stdout:
            print(line, end="", flush=True)
            last = line.strip() or last
    return Outcome(version, "passed" if process.returncode == 0 else "failed", last)


def lines(outcomes: Sequence[Outcome]) -> list[str]:
    """Give a line for each version."""
    return [f"{each.version}  {each.state}: {each.said}" for each in outcomes]


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the versions, print what became of each, and give the exit code."""
    parser = argparse.ArgumentParser(prog="make test-matrix", description=__doc__.split("\n")[0])
    parser.add_argument("--only", action="append", choices=VERSIONS, metavar="VERSION")
    parser.add_argument("pytest", nargs="*", help="arguments of pytest, after --")
    options = parser.parse_args(arguments)
    outcomes = [tried(version, options.pytest) for version in options.only or VERSIONS]
    print(*lines(outcomes), sep="\n")
    states = {each.state for each in outcomes}
    return 0 if "passed" in states and "failed" not in states else 1


if __name__ == "__main__":
    sys.exit(main())
