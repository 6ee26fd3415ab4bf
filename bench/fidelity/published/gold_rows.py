"""Published pages, made cases and plans, held against gold by the programs that lie beside it.

The gold of pages and cases lies beside the corpus (../shared/pagegold, ../shared/cases), that of
plans within it. The documents are copied into a temporary folder and taken in by the commands that
a user types; `check.py` and `score.py` then hold the export against the gold. Nothing of either is
in this repository. Where a folder is missing, its rows say so and fail nothing.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.corpus import HERE, ROOT
from bench.fidelity.measured import Limits, Measured

PAGES = ROOT.parent / "pagegold"
CASES = ROOT.parent / "cases"
GROUPS = {"gold-1, gold-2": ("gold-1.json", "gold-2.json"), "gold-5": ("gold-5.json",)}
"""The groups of pages that are measured apart; gold-5 are plans, minutes and council papers."""

_APART = "measure"
"""Kind of check that is measured apart: whether a measure was found as one."""

_KIND_SIZE = 10
"""Checks of a kind from which its share says something."""

_SECONDS = 1800
"""Time of one command; the whole takes about a minute."""

_SHOWN = 150
"""Characters of a check that failed."""


@dataclass(frozen=True)
class Checked:
    """A check of the gold: its kind, where it stands, and whether it holds."""

    entry: int
    kind: str
    about: str
    ok: bool
    what: str
    """The document, its page and the check, for a person."""


@dataclass
class Share:
    """How many of some checks hold."""

    held: int = 0
    of: int = 0

    def add(self, ok: bool) -> None:
        """Count a check."""
        self.held += ok
        self.of += 1

    @property
    def value(self) -> float:
        """The share, 0 of nothing."""
        return self.held / self.of if self.of else 0.0

    def __str__(self) -> str:
        """Give "359 of 442 = 0.812"."""
        return f"{self.held} of {self.of} = {self.value:.3f}"


@dataclass
class Published:
    """What the commands give for the documents of the gold; made once, when it is asked for."""

    place: Path
    checked: dict[str, list[Checked]] = field(default_factory=dict)

    def pages(self, group: str) -> list[Checked]:
        """Give the checks of a group of GROUPS."""
        if group not in self.checked:
            export = self._export("pages", {"": PAGES / "raw", "policy": ROOT / "policy"})
            gold = [PAGES / name for name in GROUPS[group]]
            self.checked[group] = held_against(gold, export, self.place)
        return self.checked[group]

    def cases(self) -> list[Checked]:
        """Give the checks of the made cases."""
        export = self._export("cases", {"": CASES / "files"})
        return held_against([CASES / "cases.json"], export, self.place)

    def scores(self, folder: str, gold: Sequence[Path], under: str) -> str:
        """Give what the `score.py` of a folder of gold prints; its documents lie under `under`."""
        export = self._export("plans", {name: ROOT / name for name in ("policy", "series")})
        program = ROOT / folder / "score.py"
        return _run([program, *gold, "--export", export / "all.jsonl", "--prefix", under])

    def _export(self, name: str, folders: Mapping[str, Path]) -> Path:
        """Take in some folders under raw/ and give the folder with the export of all passages."""
        data = self.place / name
        if (data / "docs.json").exists():
            return data
        for under, folder in folders.items():
            shutil.copytree(folder, data / "raw" / under, dirs_exist_ok=True)
        program = [sys.executable, "-m", "shisaku", "--data", data]
        _run([*program, "update"], python=False, codes=(0, 3))
        exported = _run([*program, "export", "--format", "jsonl"], python=False)
        (data / "all.jsonl").write_text(exported, encoding="utf-8")
        told = _run([*program, "docs", "--json"], python=False)
        (data / "docs.json").write_text(told, encoding="utf-8")
        return data


@contextmanager
def published() -> Iterator[Published]:
    """Give a `Published` in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        yield Published(Path(folder))


def _run(command: Sequence[object], *, python: bool = True, codes: Sequence[int] = (0,)) -> str:
    """Run a program of the gold, or one of our commands, and give what it prints."""
    words = [str(part) for part in ([sys.executable, *command] if python else command)]
    done = subprocess.run(
        words, capture_output=True, text=True, encoding="utf-8", timeout=_SECONDS,
        cwd=HERE.parent, check=False,
    )  # fmt: skip
    if done.returncode not in codes:
        raise RuntimeError(f"{' '.join(words[:4])}: {done.stderr[-400:]}")
    return done.stdout


def held_against(gold: Sequence[Path], export: Path, place: Path) -> list[Checked]:
    """Give the checks of gold files, held against the export of a folder by their check.py."""
    out = place / "checked.json"
    _run([PAGES / "check.py", *gold, "--export", export / "all.jsonl",
          "--docs", export / "docs.json", "--json", out])  # fmt: skip
    answers = iter(json.loads(out.read_bytes()))
    entries = [entry for file in gold for entry in json.loads(file.read_bytes())]
    return [
        _checked(number, next(answers))
        for number, entry in enumerate(entries)
        for _ in entry["checks"]
    ]


def _checked(entry: int, answer: dict[str, Any]) -> Checked:
    said = {key: answer[key] for key in answer if key not in ("document", "page", "ok", "kind")}
    what = json.dumps(said, ensure_ascii=False)
    where = f"{answer['document']} p.{answer['page']}"
    about = answer.get("field", "") if answer["kind"] == "meta" else ""
    return Checked(entry, answer["kind"], about, answer["ok"], f"{where}: {answer['kind']} {what}")


# --- rows --------------------------------------------------------------------------------------


def page_rows(limits: Limits, found: Published) -> list[Measured]:
    """Measure the checks of real pages: by group, by kind, whole entries, what documents are."""
    if not (PAGES / "check.py").exists():
        return [_skipped("real pages: checks", PAGES)]
    by_group = {group: found.pages(group) for group in GROUPS}
    plain = {
        group: [each for each in checks if each.kind != _APART]
        for group, checks in by_group.items()
    }
    everything = [each for checks in plain.values() for each in checks]
    return [
        _by_group("real pages: checks", plain, limits.floors["pages"]),
        _least_kind("real pages: the least kind", everything, limits.floors["pages_kind"]),
        _whole("real pages: entries on which all hold", plain, limits.floors["pages_whole"]),
        _by_group(
            "what a document is (title, kind, date, publisher)",
            {group: [e for e in checks if e.kind == "meta"] for group, checks in plain.items()},
            limits.floors["meta"],
        ),
        _least_kind(
            "the same, the least field", [e for e in everything if e.kind == "meta"],
            limits.floors["meta_field"], of=lambda each: each.about,
        ),
        _by_group(
            "real pages: measures",
            {"gold-5": [e for checks in by_group.values() for e in checks if e.kind == _APART]},
            limits.floors["pages_measure"],
        ),
    ]  # fmt: skip


def case_row(limits: Limits, found: Published) -> Measured:
    """Measure the made cases, each of which shows one fault."""
    if not (CASES / "cases.json").exists() or not (PAGES / "check.py").exists():
        return _skipped("made cases: checks", CASES)
    return _by_group("made cases: checks", {"cases": found.cases()}, limits.floors["cases"])


_SCORE = re.compile(
    r"(?P<name>\S+): (?P<items>\d+) items; text (?P<text>[\d.]+).*?, ministries"
    r" (?P<ministries>[\d.]+), title (?P<title>[\d.]+), measure with all (?P<all>[\d.]+)"
)


def plan_row(limits: Limits, found: Published) -> Measured:
    """Measure the items of real plans and follow-ups: their words, and their measures whole."""
    name = "real plans: items found; with measure, title and ministries"
    folders = {
        "policy-gold": ("plan-4", "plan-5", "followup-2015", "followup-2019"),
        "series-gold": ("kodoku-a", "seichou", "uchuu-b"),
    }
    if not all((ROOT / folder / "score.py").exists() for folder in folders):
        return _skipped(name, ROOT / "policy-gold")
    lines = []
    for folder, golds in folders.items():
        paths = [ROOT / folder / f"{gold}.json" for gold in golds]
        under = folder.replace("-gold", "/")
        lines += found.scores(folder, paths, under).strip().splitlines()
    scores = [match for line in lines if (match := _SCORE.match(line))]
    items = sum(int(score["items"]) for score in scores)
    shares = [
        sum(int(score["items"]) * float(score[part]) for score in scores) / max(items, 1)
        for part in ("text", "all")
    ]
    must = limits.floors["plans_text"], limits.floors["plans_whole"]
    return Measured(
        name, f"{shares[0]:.3f}; {shares[1]:.3f} of {items}", f"{must[0]:.2f}; {must[1]:.2f}",
        len(scores) == len(lines) and all(s >= m for s, m in zip(shares, must, strict=True)),
        tuple(lines), tuple(line for line in lines if not _SCORE.match(line)),
    )  # fmt: skip


def _skipped(name: str, missing: Path) -> Measured:
    """Give the row of a gold that is not here; it is no failure."""
    return Measured(name, f"skipped: no {missing.name}/ beside the corpus", "-", True)


def _by_group(name: str, groups: Mapping[str, Sequence[Checked]], must: float) -> Measured:
    shares = {group: _share(checks) for group, checks in groups.items()}
    good = all(share.value >= must for share in shares.values())
    return Measured(
        name, "; ".join(f"{group} {share}" for group, share in shares.items()), f"{must:.2f}",
        good, tuple(_kinds(each for checks in groups.values() for each in checks)),
        tuple(each.what[:_SHOWN] for checks in groups.values() for each in checks if not each.ok),
    )  # fmt: skip


def _share(checks: Iterable[Checked]) -> Share:
    share = Share()
    for each in checks:
        share.add(each.ok)
    return share


def _kinds(
    checks: Iterable[Checked], of: Callable[[Checked], str] = lambda each: each.kind
) -> list[str]:
    return [f"{kind}: {share}" for kind, share in sorted(_shares(checks, of).items())]


def _shares(checks: Iterable[Checked], of: Callable[[Checked], str]) -> dict[str, Share]:
    shares: dict[str, Share] = {}
    for each in checks:
        shares.setdefault(of(each), Share()).add(each.ok)
    return shares


def _least_kind(
    name: str, checks: Sequence[Checked], must: float,
    of: Callable[[Checked], str] = lambda each: each.kind,
) -> Measured:  # fmt: skip
    shares = {kind: s for kind, s in _shares(checks, of).items() if s.of >= _KIND_SIZE}
    kind, least = min(shares.items(), key=lambda item: item[1].value, default=("-", Share()))
    under = [f"{name}: {share}" for name, share in shares.items() if share.value < must]
    return Measured(
        name, f"{kind} {least}", f"{must:.2f}", not under, tuple(_kinds(checks, of)), tuple(under)
    )


def _whole(name: str, groups: Mapping[str, Sequence[Checked]], must: float) -> Measured:
    values, good, parts = [], True, []
    for group, checks in groups.items():
        failed = Counter[int]()
        for each in checks:
            failed[each.entry] += not each.ok
        share = Share(sum(not count for count in failed.values()), len(failed))
        values.append(f"{group} {share}")
        good = good and share.value >= must
        parts.append(f"{group}: {dict(sorted(Counter(failed.values()).items()))} checks failed")
    return Measured(name, "; ".join(values), f"{must:.2f}", good, tuple(parts))
