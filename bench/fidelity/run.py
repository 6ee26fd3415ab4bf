"""Prints one table of how faithful the parser is, and fails under a floor; `make fidelity`.

What is measured stands in rows.py, why and how in docs/fidelity.md. It takes about five minutes on
two processors; `--only` measures single rows, `--parts` shows every file.
"""

import argparse
import sys
import tomllib
from collections.abc import Callable, Sequence
from functools import partial

from bench.corpus import HERE, ROOT, is_other_corpus
from bench.fidelity import rows
from bench.fidelity.measured import Limits, Measured
from bench.fidelity.published import gold_rows
from bench.fidelity.published.comparison import compare
from bench.table import aligned, write_between_marks

DOCS = HERE.parent / "docs/fidelity.md"
FLOORS = HERE / "floors.toml"
COPIES = 300
_MISSING = "The corpus of real documents is not here: {}. Set $SHISAKU_CORPUS to its directory."
_SHOWN = 160

Row = Callable[[], Measured | list[Measured]]


def load_limits() -> tuple[str, Limits]:
    """Return the hash of the corpus on which the floors were pinned, and the floors."""
    raw = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    return raw["corpus"], Limits(raw["floors"], raw["ceilings"])


def table_rows(limits: Limits, jobs: int, found: gold_rows.Published) -> dict[str, Row]:
    """Return the rows by the names that `--only` takes, in the order of the table."""
    reads: list[list[rows.Read]] = []

    def once() -> list[rows.Read]:
        if not reads:
            reads.append(rows.read_all(jobs))
        return reads[0]

    return {
        "items": partial(rows.items, limits, jobs),
        "plan": partial(rows.plan_and_meetings, limits, jobs),
        "variants": partial(rows.prints, limits, jobs),
        "order": partial(rows.reading_order, limits, jobs),
        "contents": lambda: rows.with_contents(limits, once()),
        "outline": lambda: rows.without_contents(limits, once()),
        "web": partial(rows.web, limits, jobs),
        "characters": lambda: rows.characters(limits, once()),
        "vertical": partial(rows.vertical, limits, jobs),
        "drawn": partial(rows.drawn_pages, limits, jobs),
        "pages": partial(gold_rows.page_rows, limits, found),
        "cases": partial(gold_rows.case_row, limits, found),
        "plans": partial(gold_rows.plan_row, limits, found),
        "damage": partial(rows.damaged, limits, jobs, COPIES),
    }


def render(measured: Sequence[Measured]) -> str:
    """Return the table: what was measured on, the value, what it must reach, whether it does."""
    return aligned(
        [("on", "measured", "must reach", "")]
        + [(row.name, row.value, row.must, "ok" if row.good else "UNDER") for row in measured]
    )


def details(measured: Sequence[Measured], *, parts: bool) -> str:
    """Return what is behind the rows: the failures of those under their floor, or all parts."""
    out: list[str] = []
    for row in measured:
        shown = row.parts if parts else ()
        wrong = row.failures if parts or not row.good else ()
        if shown or wrong:
            out += ["", f"{row.name}:", *(f"  {part}" for part in shown)]
            out += [f"  ! {failure[:_SHOWN]}" for failure in wrong[:40]]
    return "\n".join(out)


def write_table(measured: Sequence[Measured]) -> None:
    """Put the table into docs/fidelity.md, between its two marks."""
    lines = [("on", "measured", "must reach")]
    lines += [
        (row.name, row.value + ("" if row.good else " (under)"), row.must) for row in measured
    ]
    write_between_marks(DOCS, lines)


def main() -> None:
    """Measure, print the table, and exit with 1 where something is under its floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", nargs="+", metavar="ROW", default=[])
    parser.add_argument("--parts", action="store_true", help="show every file, not only failures")
    parser.add_argument(
        "--peers", action="store_true", help="show other parsers on the same gold, without floors"
    )
    parser.add_argument("--write", action="store_true", help="put the table into the docs")
    arguments = parser.parse_args()
    if not (ROOT / "seeds").is_dir():
        sys.exit(_MISSING.format(ROOT))
    pinned, limits = load_limits()
    with gold_rows.published() as found:
        table = table_rows(limits, arguments.jobs, found)
        if unknown := set(arguments.only) - set(table):
            sys.exit(f"No such row: {', '.join(sorted(unknown))}. There are: {', '.join(table)}")
        measured: list[Measured] = []
        for name, row in table.items():
            if not arguments.only or name in arguments.only:
                print(f"measuring {name} …", file=sys.stderr)
                got = row()
                measured += got if isinstance(got, list) else [got]
        compared = compare(found) if arguments.peers else []
    print(render(measured))
    print(details(measured, parts=arguments.parts))
    if compared:
        print("", aligned(compared), sep="\n")
    if arguments.write and not arguments.only:
        write_table(measured)
        if compared:
            write_between_marks(DOCS, compared, name="peers")
    sys.exit(is_other_corpus(pinned) or not all(row.good for row in measured))


if __name__ == "__main__":
    main()
