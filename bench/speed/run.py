"""Prints what the work costs, each row beside its peer, measured in the same run; `make bench`.

Processor seconds are what the goals are set in; nothing fails for being slow. `--only` measures
single rows, `--huge` a million passages too, `--write` puts the table into docs/benchmarks.md.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bench.speed.processes import PROJECT, machine
from bench.speed.rows import Bench, Row
from bench.table import aligned, write_between_marks

DOCS = PROJECT / "docs/benchmarks.md"
_VERDICTS = {True: "ok", False: "UNDER", None: ""}


def lines_of(measured: list[Row]) -> list[tuple[str, ...]]:
    """Return the cells of the table."""
    head = ("work", "measured", "beside it", "ratio", "must reach", "")
    return [
        head,
        *(
            (row.name, row.value, row.beside, row.ratio, row.must, _VERDICTS[row.good])
            for row in measured
        ),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = list(Bench(Path()).rows())
    parser.add_argument("--only", nargs="+", metavar="ROW", default=[], choices=names)
    parser.add_argument("--times", type=int, default=1, help="how often heavy work is done")
    parser.add_argument("--cold", type=int, default=7, help="how often each question is asked")
    parser.add_argument("--huge", action="store_true", help="a million passages too: takes long")
    parser.add_argument("--folder", type=Path, help="where made data are kept for the next run")
    parser.add_argument("--write", action="store_true", help="put the table into the docs")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shisaku-bench-") as made:
        folder = arguments.folder or Path(made)
        bench = Bench(folder.resolve(), arguments.times, arguments.cold, huge=arguments.huge)
        measured: list[Row] = []
        for name, rows in bench.rows().items():
            if not arguments.only or name in arguments.only:
                start = time.perf_counter()
                print(f"measuring {name} …", file=sys.stderr, end="", flush=True)
                measured += rows()
                print(f" {time.perf_counter() - start:.0f} s", file=sys.stderr)
    lines = lines_of(measured)
    print(aligned(lines))
    for what, value in machine():
        print(f"{what}: {value}")
    if arguments.write and not arguments.only:
        where = [(f"({what})", value, "", "", "", "") for what, value in machine()]
        write_between_marks(DOCS, [*lines, *where])


if __name__ == "__main__":
    main()
