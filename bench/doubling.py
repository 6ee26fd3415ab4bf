"""Doubles the input of every stage and fails where processor time grows more than 2.6-fold.

`make doubling` prints one table; `ARGS="--only html"` or `--only "html/table rows"` runs some rows,
`--short` those of the tests. Each row is a process of its own (bench/doubling_child.py): it doubles
the input until a run takes 0.2 s of processor time or the input is as large as the stage's bound,
then compares the least of five runs with that of twice the input. A row that fails is tried once
more. docs/resilience.md says what the stages and dimensions are.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.doubling_rows import STAGES

ROOT = Path(__file__).parents[1]
MOST = 2.6
"""Factor by which processor time may grow with twice the input: linear, with effects of caches."""

SHORT = (
    ("structure", "open items of a status"),
    ("html", "line breaks"),
    ("html", "nested named div"),
    ("html", "spans without end"),
    ("first", "half-width kana"),
    ("pdf", "columns of a table"),
    ("dates", "digits"),
    ("labels", "ideographic spaces"),
    ("aliases", "nested definitions"),
    ("words", "no break"),
)
"""The rows of the tests, about a minute of processor time: places that were quadratic once."""

_WALL = 900
"""Seconds on the clock after which a row is given up: a busy machine takes many times as long."""


@dataclass(frozen=True)
class Found:
    """What a row came to: the growth (0 where no input took long enough), sizes, seconds."""

    stage: str
    dimension: str
    growth: float = 0.0
    sizes: tuple[int, ...] = ()
    times: tuple[float, ...] = ()
    fault: str = ""

    @property
    def ok(self) -> bool:
        """Whether time grows with the input."""
        return not self.fault and self.growth <= MOST

    def __str__(self) -> str:
        """Return a line of the table."""
        name = f"{self.stage}/{self.dimension}"
        if self.fault:
            return f"{name:44} {self.fault}"
        size = f"{self.sizes[0]:,} → {self.times[0]:.2f} s"
        grown = f"twice as much: x {self.growth:.2f}" if self.growth else "fast enough"
        return f"{name:44} {size:24} {grown}{'' if self.ok else '  TOO MUCH'}"


def measure(stage: str, dimension: str) -> Found:
    """Run a row, once more where it fails."""
    found = _once(stage, dimension)
    return found if found.ok else _once(stage, dimension)


def _once(stage: str, dimension: str) -> Found:
    command = [sys.executable, "-m", "bench.doubling_child", stage, dimension]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=_WALL
        )
    except subprocess.TimeoutExpired:
        return Found(stage, dimension, fault=f"no end within {_WALL} s")
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        return Found(stage, dimension, fault=last[:200])
    told = json.loads(done.stdout)
    times = tuple(told["times"])
    growth = times[1] / times[0] if len(times) > 1 else 0.0
    return Found(stage, dimension, growth, tuple(told["sizes"]), times)


def rows(only: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return the rows to be run: all, or those of a stage or of "stage/dimension"."""
    return [
        (name, dimension)
        for name, stage in STAGES.items()
        for dimension in stage.inputs
        if not only or name in only or f"{name}/{dimension}" in only
    ]


def main() -> None:
    """Print the table; exit code 1 where a stage does not scale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], help="stages, or stage/dimension")
    parser.add_argument("--short", action="store_true", help="the rows of the tests")
    parser.add_argument("--jobs", type=int, default=1, help="rows at once")
    chosen = parser.parse_args()
    failed = 0
    with ThreadPoolExecutor(chosen.jobs) as pool:
        todo = list(SHORT) if chosen.short else rows(chosen.only)
        for found in pool.map(lambda row: measure(*row), todo):
            print(found, flush=True)
            failed += not found.ok
    print(f"{len(todo)} rows, {failed} grow more than {MOST}-fold or fail")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
