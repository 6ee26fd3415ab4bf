"""Runs commands one at a time and gives processor seconds, wall time (s) and peak memory (MiB).

The processor seconds are those of a process with all its children, user and system, from the kernel
(wait4). The peak memory that it gives is that of the largest process among them, and never less
than what the measuring process itself holds: so nothing heavy is imported there.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
_LIBRARIES = ("pdfplumber", "pdfminer.six", "fugashi", "unidic-lite", "whoosh", "msgspec")

# Without bytecode each start compiles what it loads: that is not what is measured here.
_ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}


class FailedError(Exception):
    """A measured command failed; what it measured would mean nothing."""


@dataclass(frozen=True)
class Spent:
    """The cost of a command."""

    cpu: float
    """Seconds of user and system time, its children's too."""
    wall: float
    """Seconds."""
    peak: float
    """MiB of the largest of its processes."""
    said: Any = None
    """The value of its last line, where that is JSON."""


def spent(command: Sequence[str], good: Collection[int] = (0,), **environment: str) -> Spent:
    """Run a command to its end in the project's directory.

    Raises:
        FailedError: it ended with a code that is not among the `good`.

    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=PROJECT, stdout=out, stderr=errors, env=_ENVIRONMENT | environment
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        if process.returncode not in good:
            said = errors.read().decode("utf-8", "replace")
            raise FailedError(f"{' '.join(command)}: {process.returncode}\n{said[-2000:]}")
        last = out.read().splitlines()[-1:]
    cpu, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    return Spent(cpu, wall, peak, _json(last[0] if last else b""))


def _json(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None


def middle(found: Sequence[Spent]) -> Spent:
    """Return the medians of times, the greatest peak, and the last `said`."""
    return Spent(
        statistics.median(each.cpu for each in found),
        statistics.median(each.wall for each in found),
        max(each.peak for each in found),
        found[-1].said,
    )


def in_turn(runs: Mapping[str, Callable[[], Spent]], times: int) -> dict[str, Spent]:
    """Run each so many times, by turns, so that what slows the machine slows all of them."""
    found: dict[str, list[Spent]] = {name: [] for name in runs}
    for turn in range(times):
        names = list(runs)
        for name in names if turn % 2 == 0 else reversed(names):
            found[name].append(runs[name]())
    return {name: middle(each) for name, each in found.items()}


def task(name: str, *arguments: object) -> Spent:
    """Run a task of bench/speed/tasks.py in a process of its own."""
    return spent([sys.executable, "-m", "bench.speed.tasks", name, *map(str, arguments)])


def shisaku(data: Path, *arguments: str, good: Collection[int] = (0,)) -> Spent:
    """Run the command line over a data directory; `good` are the exit codes of success."""
    run = "from shisaku.cli import main; main()"
    return spent([sys.executable, "-c", run, "--data", str(data), *arguments], good)


def machine() -> list[tuple[str, str]]:
    """Return what the numbers depend on: processor, memory, system, libraries."""
    cpu = _first("/proc/cpuinfo", "model name") or platform.machine()
    memory = _first("/proc/meminfo", "MemTotal").split()
    size = f"{int(memory[0]) / 2**20:.0f} GiB" if memory else "?"
    load = os.getloadavg()[0]
    return [
        ("processor", f"{cpu}, {os.cpu_count()} cores"),
        ("memory", size),
        ("system", f"{platform.system()} {platform.release()}"),
        ("Python", platform.python_version()),
        ("libraries", ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES)),
        ("other work meanwhile", f"load average {load:.1f} at the end" if load > 1.5 else "none"),
    ]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "?"


def _first(path: str, field: str) -> str:
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(field)), "")
