"""Doubles the input of every stage and fails where processor time grows more than 2.6-fold.

`make doubling` prints one table; `ARGS="--only html"` or `--only "html/table rows"` runs some rows,
`--short` those of the tests. A row is measured in a process of its own (bench/doubling_child.py):
the input is doubled until a run takes 0.2 s of processor time or the input is as large as the
stage's bound, then the least of five runs is compared with that of twice the input. A row that
fails is tried once more. More than a thousand rows would take hours, so each is looked at first:
one run of some hundredths of a second against one with four times the input. Only rows that grow
noticeably more than fourfold, take very long or break are measured; `--every` measures all.
docs/resilience.md says what the stages and dimensions are.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.doubling_rows import STAGES

ROOT = Path(__file__).parents[1]
MOST = 2.6
"""Factor by which processor time may grow with twice the input: linear, with effects of caches."""

NOTICED = 4.7
"""Times that it may grow with four times the input in the quick look. A square term that makes up
6 % of the time grows 4.7-fold; with 43 %, after three more doublings, twice would grow 2.6-fold."""

SHORT = (
    ("robots", "agents and rules"),
    ("urls", "folders"),
    ("feeds", "items"),
    ("watched", "attributes with angle brackets"),
    ("digests", "open brackets"),
    ("decode", "meta"),
    ("sniff", "XML comments"),
    ("links", "attributes"),
    ("html", "line breaks"),
    ("html", "nested named div"),
    ("html", "spans without end"),
    ("html", "attributes with quoted ends"),
    ("structure", "open items of a status"),
    ("structure", "raised signs on items"),
    ("first", "half-width kana"),
    ("later", "inline items"),
    ("pdf", "rules"),
    ("pdf", "words at one place"),
    ("print", "rows of a table"),
    ("dates", "digits"),
    ("registry", "ministries in an open bracket"),
    ("titles", "citations"),
    ("labels", "ideographic spaces"),
    ("numerals", "ideographic numerals"),
    ("folding", "combining marks"),
    ("words", "no break"),
    ("morphs", "katakana"),
    ("aliases", "nested definitions"),
    ("query", "groups"),
    ("asked", "words"),
    ("stored", "many words"),
    ("index", "headings with text"),
    ("search", "many definitions"),
)
"""The rows of the tests, half a minute of processor time: of each stage what was, or could well
be, quadratic, as far as the quick look is enough for it: to measure a row takes ten seconds."""

_WALL = 900
"""Seconds on the clock after which a row is given up: a busy machine takes many times as long."""

_ROWS = 60
"""Rows of a process that looks at them: it starts in some seconds, and grows with its caches."""


@dataclass(frozen=True)
class Found:
    """What a row came to: the growth (0 where no input took long enough), sizes, seconds.

    `looked` where the quick look was enough: then the growth is the square root of the fourfold's.
    """

    stage: str
    dimension: str
    growth: float = 0.0
    sizes: tuple[int, ...] = ()
    times: tuple[float, ...] = ()
    fault: str = ""
    looked: bool = False

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
        how = "" if self.looked or not self.growth else ", measured"
        return f"{name:44} {size:24} {grown}{how}{'' if self.ok else '  TOO MUCH'}"


def measure(stage: str, dimension: str) -> Found:
    """Measure a row, once more where it fails."""
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


def look(todo: Sequence[tuple[str, str]]) -> Iterator[Found]:
    """Look at rows quickly, many in one process, and measure those that need it."""
    at = 0
    while at < len(todo):
        for told in _screened(todo[at : at + _ROWS]):
            stage, dimension = todo[at]
            at += 1
            times = tuple(told.get("times", ()))
            fourfold = times[1] / times[0] if len(times) > 1 else 0.0
            if not times or fourfold > NOTICED:
                yield measure(stage, dimension)
            else:
                growth = fourfold**0.5
                yield Found(stage, dimension, growth, tuple(told["sizes"]), times, looked=True)


def _screened(todo: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Yield what a process tells of each row, {} for one that it did not survive, the last then."""
    command = [sys.executable, "-m", "bench.doubling_child", "--screen"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as child:
        assert child.stdin is not None and child.stdout is not None
        child.stdin.write("".join(f"{stage}\t{dimension}\n" for stage, dimension in todo))
        child.stdin.close()
        count = 0
        for line in child.stdout:
            told = json.loads(line)
            if "row" not in told:
                count += 1
                yield told
    if count < len(todo):
        yield {}


def rows(only: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return the rows to be run: all, or those of a stage or of "stage/dimension"."""
    return [
        (name, dimension)
        for name, stage in STAGES.items()
        for dimension in stage.inputs
        if not only or name in only or f"{name}/{dimension}" in only
    ]


def by_dimension(todo: Iterable[tuple[str, str]], parts: int) -> list[list[tuple[str, str]]]:
    """Share rows out; those of one dimension stand together, as what is made serves them all."""
    groups: dict[tuple[bool, str], list[tuple[str, str]]] = {}
    for stage, dimension in todo:
        groups.setdefault((stage in ("first", "later"), dimension), []).append((stage, dimension))
    shared: list[list[tuple[str, str]]] = [[] for _ in range(parts)]
    for at, group in enumerate(groups.values()):
        shared[at % parts] += group
    return shared


def summary(found: Sequence[Found]) -> Iterator[str]:
    """Yield a line for each stage: rows, how many of them were measured, the worst growth."""
    yield f"{'stage':12} {'rows':>5} {'measured':>9} {'worst growth':>13}  where"
    for stage in dict.fromkeys(one.stage for one in found):
        own = [one for one in found if one.stage == stage]
        worst = max(own, key=lambda one: (bool(one.fault), one.growth))
        measured = sum(not one.looked for one in own)
        yield f"{stage:12} {len(own):5} {measured:9} {worst.growth:13.2f}  {worst.dimension}"


def main() -> None:
    """Print the table; exit code 1 where a stage does not scale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], help="stages, or stage/dimension")
    parser.add_argument("--short", action="store_true", help="the rows of the tests")
    parser.add_argument("--every", action="store_true", help="measure each row, hours for all")
    parser.add_argument("--jobs", type=int, default=1, help="rows at once")
    chosen = parser.parse_args()
    todo = list(SHORT) if chosen.short else rows(chosen.only)
    found: list[Found] = []

    def run(part: Sequence[tuple[str, str]]) -> None:
        each = (measure(*row) for row in part) if chosen.every else look(part)
        for one in each:
            print(one, flush=True)
            found.append(one)

    with ThreadPoolExecutor(chosen.jobs) as pool:
        list(pool.map(run, by_dimension(todo, chosen.jobs)))
    found.sort(key=lambda one: list(STAGES).index(one.stage))
    print("\n".join(["", *summary(found), "", *(str(one) for one in found if not one.ok)]))
    failed = sum(not one.ok for one in found)
    print(f"{len(found)} rows, {failed} grow more than {MOST}-fold or fail")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
