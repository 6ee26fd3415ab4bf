"""Draws mutants, tries each, and counts: `Found` is what one seed came to."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from bench.mutants import trial
from bench.mutants.draw import Equivalent, Mutant
from bench.mutants.tests_of import Record, record
from bench.mutants.trial import Verdict

FLOOR = 0.8
"""The part of the mutants that are not equivalent which must be killed."""
MOST_EQUIVALENT = 0.1
"""The part of the drawn mutants that may be called equivalent."""
QUICK = 0.5
"""Seconds, as recorded, below which a test waits for nothing that a busy machine could hold up."""


@dataclass
class Found:
    """What became of the drawn mutants."""

    verdicts: list[Verdict] = field(default_factory=list)
    equivalent: dict[Mutant, Equivalent] = field(default_factory=dict)
    not_asked: set[str] = field(default_factory=set)
    """Tests that fail without any mutant."""

    @property
    def survived(self) -> list[Mutant]:
        """The mutants that no test noticed."""
        return [verdict.mutant for verdict in self.verdicts if not verdict.killer]

    @property
    def score(self) -> float:
        """The part of the mutants that were tried which were killed."""
        return 1 - len(self.survived) / len(self.verdicts) if self.verdicts else 0.0

    @property
    def enough(self) -> bool:
        """Whether the tests notice enough, and few enough mutants are called equivalent."""
        drawn = len(self.verdicts) + len(self.equivalent)
        return self.score >= FLOOR and len(self.equivalent) <= MOST_EQUIVALENT * drawn

    def lines(self) -> list[str]:
        """Return what is left to look at, and the score."""
        found = [f"equivalent: {one}\n    {each.why}" for one, each in self.equivalent.items()]
        found += [f"survived: {mutant}" for mutant in self.survived]
        tried, drawn = len(self.verdicts), len(self.verdicts) + len(self.equivalent)
        found.append(
            f"{tried - len(self.survived)} of {tried} killed ({self.score:.1%}, at least"
            f" {FLOOR:.0%}), {len(self.equivalent)} of {drawn} equivalent: "
            + ("ok" if self.enough else "TOO FEW")
        )
        return found


def run(
    root: Path,
    drawn: Sequence[Mutant],
    packages: Sequence[str],
    cache: Path,
    known: Sequence[Equivalent] = (),
    tell: Callable[[Verdict], None] = lambda verdict: None,
) -> Found:
    """Try each of the drawn mutants but the equivalent ones; `tell` is called after each.

    `cache` holds what the tests call and which test killed a mutant in an earlier run.
    """
    equivalent = {mutant: each for mutant in drawn for each in known if each.holds(mutant)}
    recorded = record(root, cache, packages)
    found = Found([], equivalent, recorded.failed)
    killers = _Killers(cache / "killers.json", root)
    with trial.copied(root) as tree:
        for mutant in drawn:
            if mutant not in equivalent:
                verdict = _try(tree, mutant, recorded, killers)
                found.verdicts.append(verdict)
                tell(verdict)
    return found


class _Killers:
    """The tests that killed a mutant in an earlier run.

    Where neither the program nor what the test is made of has changed since, it would kill it again
    and is not run; else it is asked first.
    """

    def __init__(self, path: Path, root: Path) -> None:
        self._path = path
        self._root = root
        self._program = digest_of(root, "index", "ingest", "commands", "shisaku", "tests/support")
        self._known = self._read()

    def _read(self) -> dict[str, tuple[str, str]]:
        return json.loads(self._path.read_bytes()) if self._path.exists() else {}

    def _digest(self, test: str) -> str:
        return self._program + digest_of(self._root, test.partition("::")[0])

    def of(self, mutant: Mutant) -> tuple[str, bool]:
        """Return the test ("" for none), and whether it need not be run again."""
        test, digest = self._known.get(mutant.key, ("", ""))
        return test, bool(test) and digest == self._digest(test)

    def add(self, mutant: Mutant, test: str) -> None:
        """Remember it, on disk too."""
        added = {mutant.key: (test, self._digest(test))}
        self._known = self._read() | added  # another run may have added some
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self._known, ensure_ascii=False), encoding="utf-8")


def digest_of(root: Path, *places: str) -> str:
    """Return a hash of the Python and TOML files at these places."""
    found = hashlib.sha256()
    for place in places:
        path = root / place
        for each in [path] if path.is_file() else sorted(path.rglob("*")):
            if each.suffix in (".py", ".toml") and each.is_file():
                found.update(each.relative_to(root).as_posix().encode() + b"\0")
                found.update(each.read_bytes())
    return found.hexdigest()[:16]


def _try(tree: Path, mutant: Mutant, recorded: Record, killers: _Killers) -> Verdict:
    begun = monotonic()
    earlier, surely = killers.of(mutant)
    if surely:
        return Verdict(mutant, earlier, 0.0)
    rounds = recorded.chosen(mutant)
    if earlier in recorded.seconds:
        rounds.insert(0, [earlier])
    killer = ""
    with trial.mutated(tree, mutant):
        for tests in rounds:
            killer = trial.failing(tree, tests, sum(recorded.seconds[test] for test in tests))
            if recorded.seconds.get(killer, 0.0) > QUICK:
                # Once more, with those before it: it may have failed because the machine is busy.
                killer = trial.failing(
                    tree, tests[: tests.index(killer) + 1],
                    sum(recorded.seconds[test] for test in tests),
                )  # fmt: skip
            if killer:
                break
    if killer in recorded.seconds:
        killers.add(mutant, killer)
    return Verdict(mutant, killer, monotonic() - begun)
