"""Rows of `make resilience`: flipped bits, signals around the swap, failing system calls."""

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.resilience.data import page
from bench.resilience.tool import COMMAND, ROOT, environment, run, sentence
from bench.table import Row
from shisaku.index.generations.manifest import current

_SAMPLE = ROOT / "data/raw/sample"
_SHIM = ROOT / "bench/resilience/failing_calls.c"
CALLS = ("fsync", "rename", "open", "read")
_EIO = 5
_MOST = 200  # failing calls of a kind


# --- flipped bits ------------------------------------------------------------------------------

_ASK = """
import json, sys
from click.testing import CliRunner
from shisaku import cli
for line in sys.stdin:
    said = []
    for command in json.loads(line):
        done = CliRunner().invoke(cli.main, command)
        odd = done.exception is not None and not isinstance(done.exception, SystemExit)
        odd = odd or "Traceback" in done.stderr or "internal error" in done.stderr
        said.append([done.exit_code, done.stdout, odd])
    print(json.dumps(said), flush=True)
"""


def flips(folder: Path, count: int, healed: int = 20) -> Row:
    """Flip one bit of a generation `count` times, ask ten commands each time.

    Every so many flips, `healed` in all, the next `index` must build the index anew.
    """
    data = folder / "data"
    shutil.copytree(_SAMPLE, data / "raw/sample")
    failures = [
        fault for fault in [_fault(run([*COMMAND, "--data", str(data), "update"]))] if fault
    ]
    generation = current(data)
    assert generation
    whole = {path.name: path.read_bytes() for path in generation.iterdir() if path.stat().st_size}
    first = json.loads(_said(data, "search", "人身取引", "--json", "--limit", "1"))["hits"][0]["id"]
    commands = [
        ["--data", str(data), *command]
        for command in (
            ["search", "人身取引", "--json", "--limit", "50", "--facets"],
            ["search", "被害者 OR 保護 -警察", "--json", "--limit", "50"],
            ["search", '"関係省庁"', "--json", "--unit", "measure"],
            ["facets", "--json"],
            ["export", "--format", "jsonl"],
            ["search", "--ministry", "警察庁", "--json"],
            ["search", "IOM", "--json"],
            ["show", first, "--json"],
            ["docs", "--json"],
            ["aliases", "--json"],
        )
    ]
    draw = random.Random(count)
    seen: Counter[str] = Counter()
    with _asking() as ask:
        right = ask(commands)
        names = sorted(whole)
        for number in range(count):
            name = (
                draw.choice(names)
                if draw.random() < 0.3
                else max(names, key=lambda n: len(whole[n]))
            )
            at, bit = draw.randrange(len(whole[name])), draw.randrange(8)
            flipped = bytearray(whole[name])
            flipped[at] ^= 1 << bit
            (generation / name).write_bytes(flipped)
            told = False
            for command, was, now in zip(commands, right, ask(commands), strict=True):
                where = f"{name} byte {at} bit {bit}: {' '.join(command[2:4])}"
                if now[2]:
                    failures.append(f"{where}: no sentence")
                elif now[0]:
                    told = True
                elif now[1] != was[1]:
                    failures.append(f"{where}: another answer")
            seen["told" if told else "same"] += 1
            check = ask([["--data", str(data), "status", "--check"]])[0]
            if check[0] == 0:
                failures.append(f"{name} byte {at} bit {bit}: status --check calls it well")
            if number % max(1, count // healed) == 0:
                failures += _not_healed(data, f"{name} byte {at} bit {bit}")
                generation = current(data)
                assert generation
                whole = {p.name: p.read_bytes() for p in generation.iterdir() if p.stat().st_size}
                names = sorted(whole)
            else:
                (generation / name).write_bytes(whole[name])
    return Row(
        f"{count} flipped bits of a generation, ten commands each ({seen['told']} told, "
        f"{seen['same']} with the right answer)",
        f"{len(failures)} wrong answers, without a sentence or not healed",
        "0",
        not failures and sum(seen.values()) == count,
        tuple(failures),
    )


def _not_healed(data: Path, where: str) -> Iterator[str]:
    done = run([*COMMAND, "--data", str(data), "index"])
    if done.returncode or "built anew" not in done.stderr:
        yield f"{where}: not built anew: {done.stderr[-200:]}"
    if run([*COMMAND, "--data", str(data), "status", "--check"]).returncode:
        yield f"{where}: not well after the next run"


class _asking:
    """A process that runs commands over and over, so that each costs no start of Python."""

    def __enter__(self) -> "_asking":
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _ASK], cwd=ROOT, env=environment(), encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        return self

    def __call__(self, commands: Sequence[Sequence[str]]) -> list[list[object]]:
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(commands), file=self._process.stdin, flush=True)
        said: list[list[object]] = json.loads(self._process.stdout.readline())
        return said

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def _said(data: Path, *arguments: str) -> str:
    return run([*COMMAND, "--data", str(data), *arguments]).stdout


# --- signals -----------------------------------------------------------------------------------


def signals(folder: Path, moments: int) -> Row:
    """Send SIGINT and SIGTERM at moments around the swap of an update; search, then update."""
    data = folder / "data"
    _write(data, "x", "第0版")
    _write(data, "y", "ほかの文書")
    failures = [fault for fault in [_fault(_update(data))] if fault]
    began = time.monotonic()
    _write(data, "x", "第0版の次")
    _update(data)
    usual = time.monotonic() - began
    draw = random.Random(moments)
    codes: Counter[int] = Counter()
    old = "第0版の次"
    for number in range(moments):
        new = f"第{number + 1}版"
        _write(data, "x", new)
        process = subprocess.Popen(
            [*COMMAND, "--data", str(data), "update"], cwd=ROOT, env=environment(),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip
        _wait_for_swap(data, process, draw.uniform(0, 0.2 * usual), before=number % 2 == 0)
        process.send_signal((signal.SIGINT, signal.SIGTERM)[number % 4 // 2])
        said = process.communicate(timeout=120)[1]
        codes[process.returncode] += 1
        if "Traceback" in said:
            failures.append(f"signal {number}: {said[-200:]}")
        found = [text for text in (old, new) if _finds(data, text)]
        if len(found) != 1:
            failures.append(f"signal {number}: {found} of {old, new} answers")
        failures += filter(None, [_fault(_update(data))])
        if not _finds(data, new):
            failures.append(f"signal {number}: the next update does not bring {new}")
        old = new
    shown = ", ".join(f"{n} × exit {code}" for code, n in sorted(codes.items()))
    return Row(
        f"SIGINT or SIGTERM at {moments} moments around the swap ({shown})",
        f"{len(failures)} lost, mixed, not healed or without a sentence",
        "0",
        not failures,
        tuple(failures),
    )


def _wait_for_swap(
    data: Path, process: "subprocess.Popen[str]", delay: float, *, before: bool
) -> None:
    """Wait until the pointer moves, or, with `before`, so long after a generation was begun."""
    pointer, known = data / "index/current", set((data / "index").glob("gen-*"))
    inode = pointer.stat().st_ino
    while process.poll() is None:
        if before and set((data / "index").glob("gen-*")) - known:
            time.sleep(delay)
            return
        if pointer.stat().st_ino != inode:
            return


# --- failing calls -----------------------------------------------------------------------------


def calls(folder: Path, kinds: Sequence[str] = CALLS, most: int = _MOST) -> list[Row]:
    """Let each call of a kind fail once, in an update that adds, changes and removes a document."""
    folder.mkdir(parents=True, exist_ok=True)
    shim = folder / "shim.so"
    if not shutil.which("cc"):
        return [Row("failing system calls", "not tested: no C compiler here", "-", True)]
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O1", "-w", "-o", str(shim), str(_SHIM), "-ldl"], check=True
    )
    return [_calls(folder / kind, shim, kind, most) for kind in kinds]


def _calls(folder: Path, shim: Path, kind: str, most: int) -> Row:
    base, data, log = folder / "base", folder / "data", folder / "log"
    for name in ("a", "b", "c", "d"):
        _write(base, name, f"文書{name}の本文")
    _write(base, "x", "古い版")
    failures = [fault for fault in [_fault(_update(base))] if fault]
    codes: Counter[int] = Counter()
    at = failed = 0
    for at in range(1, most + 1):
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(base, data)
        _write(data, "x", "新しい版")
        _write(data, "y", "足された版")
        (data / "raw/d.html").unlink()
        log.unlink(missing_ok=True)
        env = {
            **environment(), "LD_PRELOAD": str(shim), "FAIL_CALL": kind, "FAIL_AT": str(at),
            "FAIL_ERRNO": str(_EIO), "FAIL_ROOT": str(data), "FAIL_LOG": str(log),
        }  # fmt: skip
        done = subprocess.run(
            [*COMMAND, "--data", str(data), "update", "--jobs", "1"], cwd=ROOT, env=env,
            capture_output=True, encoding="utf-8", timeout=300, check=False,
        )  # fmt: skip
        if not log.exists():
            at -= 1
            break
        failed += len(log.read_text().splitlines())
        codes[done.returncode] += 1
        where = f"{kind} {at}"
        if fault := sentence(done):
            failures.append(f"{where}: {fault}")
        if _finds(data, "新しい版") + _finds(data, "古い版") != 1:
            failures.append(f"{where}: neither version of a document answers, or both")
        if not _finds(data, "文書aの本文"):
            failures.append(f"{where}: a document that did not change is gone")
        again = _update(data)
        if again.returncode or not (_finds(data, "新しい版") and _finds(data, "足された版")):
            failures.append(f"{where}: not healed: {again.stderr[-200:]}")
    shown = ", ".join(f"{n} × exit {code}" for code, n in sorted(codes.items()))
    return Row(
        f"each call of {kind} fails once: {failed} in {at} updates ({shown})",
        f"{len(failures)} lost, mixed, not healed or without a sentence",
        "0",
        not failures and at > 0,
        tuple(failures),
    )


# --- small updates -----------------------------------------------------------------------------


def _write(data: Path, name: str, text: str) -> None:
    path = data / "raw" / f"{name}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    beside.write_bytes(page(name, [f"{text}である。", "二つ目の段落である。"]))
    beside.replace(path)


def _update(data: Path) -> "subprocess.CompletedProcess[str]":
    return run([*COMMAND, "--data", str(data), "update", "--jobs", "1"])


def _finds(data: Path, text: str) -> bool:
    done = run([*COMMAND, "--data", str(data), "search", f"「{text}である」", "--json"])
    return done.returncode == 0 and json.loads(done.stdout)["total"] == 1


def _fault(done: "subprocess.CompletedProcess[str]") -> str:
    return f"exit {done.returncode}: {done.stderr[-300:]}" if done.returncode else ""
