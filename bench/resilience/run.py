"""Prints the table of behaviour under faults, and fails on any loss; `make resilience`.

What is done to an update stands in bench/resilience/rows.py (killed, read meanwhile, started twice,
ten thousand documents), bench/resilience/disk.py (full disks, places that are not as they should
be) and bench/resilience/faults.py (flipped bits, signals, failing system calls); why and how in
docs/resilience.md. `--only` runs single rows, `--moments` fewer kills.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.resilience import disk, faults, resident, rows
from bench.resilience.tool import ROOT
from bench.table import Row, aligned, write_between_marks

DOCS = ROOT / "docs/resilience.md"
FLOORS = ROOT / "bench/floors.toml"
MISBEHAVIOURS = (
    "tests/ingest/fetch/test_server.py",
    "tests/ingest/fetch/test_tls.py",
    "tests/ingest/fetch/test_misbehaviour.py",
    "tests/ingest/fetch/test_disguises.py",
)
_SHOWN = 400


def load_floors() -> dict[str, float]:
    """Return what must be reached."""
    floors: dict[str, float] = tomllib.loads(FLOORS.read_text(encoding="utf-8"))["resilience"]
    return floors


def misbehaviours() -> Row:
    """Run the tests in which the server on loopback misbehaves."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *MISBEHAVIOURS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    lines = done.stdout.splitlines()
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    count = sum(line.partition("[")[0].count(".") for line in lines if line.endswith("%]"))
    return Row(
        f"misbehaviours of a server on loopback: {count} tests",
        f"{len(failed)} fail",
        "0",
        done.returncode == 0,
        tuple(failed),
    )


def table(
    folder: Path, floors: Mapping[str, float], moments: int
) -> dict[str, Callable[[], list[Row]]]:
    """Return the rows by name, each to be run in a folder of its own."""
    updates, nights = int(floors["updates"]), int(floors["nights"])
    return {
        "killed": lambda: [rows.killed(folder / "killed", moments)],
        "read": lambda: [rows.read_meanwhile(folder / "read", updates)],
        "full": lambda: disk.full(folder / "full"),
        "together": lambda: rows.at_once(folder / "together"),
        "places": lambda: [disk.places(folder / "places")],
        "flips": lambda: [faults.flips(folder / "flips", int(floors["flips"]))],
        "signals": lambda: [faults.signals(folder / "signals", int(floors["signals"]))],
        "calls": lambda: faults.calls(folder / "calls"),
        "nights": lambda: rows.nights(folder / "nights", int(floors["documents"]), floors),
        "resident": lambda: [
            resident.over_policy(
                folder / "resident", int(floors["requests"]), floors["resident_megabytes"]
            )
        ],
        "segments": lambda: [rows.many_nights(folder / "segments", nights)],
        "server": lambda: [misbehaviours()],
    }


def lines_of(measured: Sequence[Row]) -> list[tuple[str, ...]]:
    """Return the cells of the table."""
    cells = [(row.name, row.value, row.must, "ok" if row.good else "LOST") for row in measured]
    return [("what is done", "measured", "must hold", ""), *cells]


def main() -> None:
    """Measure, print the table, and exit with 1 where something was lost."""
    floors = load_floors()
    parser = argparse.ArgumentParser(description=__doc__)
    names = list(table(Path(), floors, 0))
    parser.add_argument("--only", nargs="+", metavar="ROW", default=[], choices=names)
    parser.add_argument("--moments", type=int, default=int(floors["moments"]), help="kills")
    parser.add_argument("--write", action="store_true", help="put the table into the docs")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="shisaku-resilience-"))
    measured: list[Row] = []
    try:
        for name, row in table(folder, floors, arguments.moments).items():
            if not arguments.only or name in arguments.only:
                print(f"measuring {name} …", file=sys.stderr, end="", flush=True)
                began = time.monotonic()
                measured += row()
                print(f" {time.monotonic() - began:.0f} s", file=sys.stderr)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    lines = lines_of(measured)
    print(aligned(lines))
    for row_ in measured:
        for failure in row_.failures[:20]:
            print(f"  ! {row_.name}: {failure[:_SHOWN]}")
    whole = not arguments.only and arguments.moments == int(floors["moments"])
    if arguments.write and whole:
        write_between_marks(DOCS, lines)
    sys.exit(not all(row.good for row in measured))


if __name__ == "__main__":
    main()
