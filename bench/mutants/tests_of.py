"""Which tests a mutant meets, and in which order.

The tests mirror the packages: `index/query/parser.py` → `tests/index/query/`. Wider suites stand in
SUITES. Of all these a mutant first meets the tests that call the mutated function (recorded once
for each file of tests, kept under .mutants/), quick and mirrored files first, then the rest of the
mirrored folder. A test that reaches the function only through a cache that an earlier test
filled is not among them: the score may come out too low, never too high.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from bench.mutants.draw import Mutant

_HERE = Path(__file__).resolve().parent
SUITES = {
    "index": ("tests/index", "tests/commands", "tests/gates/test_findability.py"),
    "ingest/fetch": ("tests/ingest/fetch", "tests/commands", "tests/gates/test_resilience.py"),
    "ingest/runs": (
        "tests/ingest/runs",
        "tests/commands",
        "tests/project/test_operations.py",
        "tests/gates/test_resilience.py",
    ),
}
"""A package, then the tests and gates that concern it; for others all tests."""

MOST_SECONDS = 240
"""Of the tests that call the mutated function so many, as recorded, are run at most: a function of
the analysis is called by nearly all tests."""

NEAR = 0.25
"""Tests of the mirrored folder come before others that take more than this part of their time."""


def mirrored(path: str) -> str:
    """Return the folder of tests that mirrors a module: "index/a/b.py" → "tests/index/a"."""
    return "tests/" + path.rpartition("/")[0]


def suites(path: str) -> tuple[str, ...]:
    """Return the tests that concern a module, as folders and files."""
    for package, found in SUITES.items():
        if path.startswith(f"{package}/"):
            return found
    return ("tests",)


@dataclass
class Record:
    """What the tests call and how long they take, by file of tests."""

    calls: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    """(path of the program, qualified name) → tests, or files of tests for what fixtures call."""
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """By test, in the order in which they ran."""
    failed: set[str] = field(default_factory=set)
    """Tests that fail without any mutant: they are never asked."""

    def tests_in(self, place: str) -> list[str]:
        """Return the tests of a folder or file."""
        return [test for test in self.seconds if test.startswith((f"{place}/", f"{place}::"))]

    def chosen(self, mutant: Mutant) -> list[list[str]]:
        """Return the tests that a mutant meets, in two rounds."""
        near = mirrored(mutant.path)
        wide = {test for place in suites(mutant.path) for test in self.tests_in(place)}
        touching = self._touching(mutant) & wide
        cost: dict[str, float] = defaultdict(float)
        for test in touching:
            cost[_file(test)] += self.seconds[test]
        place = {test: at for at, test in enumerate(self.seconds)}

        def order(test: str) -> tuple[float, str, int]:
            nearness = NEAR if test.startswith(near) else 1.0
            return nearness * cost[_file(test)], _file(test), place[test]

        first = sorted(touching - self.failed, key=order)
        rest = [test for test in self.tests_in(near) if test not in touching | self.failed]
        return [self._affordable(first), self._affordable(rest)]

    def _affordable(self, tests: list[str]) -> list[str]:
        """Return as many of the tests, from the first on, as take `MOST_SECONDS`."""
        spent = accumulate(self.seconds[test] for test in tests)
        return [test for test, seconds in zip(tests, spent, strict=True) if seconds <= MOST_SECONDS]

    def _touching(self, mutant: Mutant) -> set[str]:
        found: set[str] = set()
        for (path, name), tests in self.calls.items():
            if path == mutant.path and (
                not mutant.site.scope or name == mutant.site.scope
                or name.startswith(f"{mutant.site.scope}.<locals>")
            ):  # fmt: skip
                for test in tests:
                    found.update([test] if "::" in test else self.tests_in(test))
        return found


def _file(test: str) -> str:
    return test.partition("::")[0]


def record(root: Path, cache: Path, packages: Sequence[str]) -> Record:
    """Return the record for the suites of packages; runs the files of tests that have changed."""
    places = {place for package in packages for place in suites(f"{package}/")}
    files = sorted({path for place in places for path in _test_files(root / place)})
    wanted = {path.relative_to(root).as_posix(): cache / _cache_name(root, path) for path in files}
    stale = [name for name, kept in wanted.items() if not kept.exists()]
    for at, name in enumerate(stale, 1):
        print(f"recording {at} of {len(stale)}: {name}", file=sys.stderr, flush=True)
        _run(root, name, wanted[name])
    found = Record()
    for kept in filter(Path.exists, wanted.values()):
        for line in kept.read_text(encoding="utf-8").splitlines():
            match json.loads(line):
                case ["call", test, path, name]:
                    found.calls[path, name].add(test)
                case ["time", test, seconds, passed]:
                    found.seconds[test] += seconds
                    if not passed:
                        found.failed.add(test)
    return found


def _test_files(place: Path) -> list[Path]:
    return [place] if place.is_file() else sorted(place.rglob("test_*.py"))


def _cache_name(root: Path, path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return f"{re.sub(r'[^a-z_]+', '-', path.relative_to(root).as_posix())}-{digest}.jsonl"


def _run(root: Path, name: str, kept: Path) -> None:
    """Record one file of tests: a process each, as some of them end or limit their own."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    lines = kept.with_suffix(".recording")
    lines.unlink(missing_ok=True)
    environment = {
        **os.environ,
        "SHISAKU_CALLS": str(lines),
        "SHISAKU_CALLS_ROOT": str(root),
        "PYTHONPATH": os.pathsep.join(map(str, (root, _HERE / "child", _HERE.parents[1]))),
    }
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "bench.mutants.plugin",
        "-p", "no:cacheprovider", name,
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    if done.returncode not in (0, 1) or not lines.exists():
        print(f"{name}: pytest gave {done.returncode}", file=sys.stderr, flush=True)
    else:
        lines.rename(kept)
