"""Prints one table of how well the search finds, and fails under a floor; `make findability`.

What is measured stands in bench/findability/rows.py (answers, beside those of other engines) and
bench/findability/checks.py (counts, hostile input, rebuilt indexes); why and how in
docs/findability.md. `--only` measures single rows, `--parts` shows every failure.
"""

import argparse
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.corpus import HERE, ROOT, is_other_corpus
from bench.findability import checks, rows
from bench.findability.draw import hostile, substrings
from bench.findability.peers import Text, makers
from bench.findability.tool import Tool, indexed, parsed_corpus
from bench.table import Row, aligned, write_between_marks
from shisaku.ingest.errors import ShisakuError

DOCS = HERE.parent / "docs/findability.md"
FLOORS = HERE / "floors.toml"
HELD_OUT = HERE / "findability/heldout"
SUBSTRINGS, QUESTIONS, STRANGE, AGAIN, CHANGES, SAMPLE = 2000, 500, 2000, 200, 50, 50
ROWS = ("literal", "variants", "queries", "facets", "hostile", "rebuilt", "command")
_MISSING = "The corpus of real documents is not here: {}. Set $SHISAKU_CORPUS to its directory."
_SHOWN = 160


def load_floors() -> tuple[str, dict[str, float]]:
    """Return the hash of the corpus on which the floors were pinned, and the floors."""
    raw = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    return raw["corpus"], raw["findability"]


class Peers:
    """Makes the other engines over some texts, each in a folder of its own."""

    def __init__(self, folder: Path, *, wanted: bool) -> None:
        self._folder = folder
        self._wanted = wanted
        self._made = 0

    @property
    def names(self) -> list[str]:
        """The columns."""
        return list(makers()) if self._wanted else []

    def over(self, texts: Sequence[Text]) -> rows.Peers:
        """Return the engines by name, None for one that is not installed."""
        self._made += 1
        return {
            name: make(texts, self._folder / f"{self._made}-{at}") if make else None
            for at, (name, make) in enumerate(makers().items())
        } if self._wanted else {}  # fmt: skip


def measure(
    data: Path, folder: Path, floors: Mapping[str, float], only: Sequence[str], peers: Peers
) -> list[Row]:
    """Measure the rows over an indexed data directory, those in `only` if it names any."""
    tool = Tool(data)
    records = tool.export(None)
    drawn = substrings(records, SUBSTRINGS)
    gold = ROOT.parent / "gold"
    least = {"queries": floors["queries"], "mrr": floors["mrr"]}
    engines: list[rows.Peers] = []

    def others() -> rows.Peers:
        if not engines:
            engines.append(peers.over(rows.texts_for_peers(records)))
        return engines[0]

    def variants(path: Path, what: str, floor: str) -> Row:
        pairs = rows.read_pairs(path)
        name = f"{len(pairs)} pairs of spellings, {what}, both ways"
        return rows.spellings(pairs, name, floors[floor], folder / floor, peers.over)

    def queries(path: Path, what: str) -> Row:
        asked = rows.read_queries(path)
        name = f"{len(asked)} queries, {what}: right hit among three; MRR@10"
        return rows.queries(asked, name, least, tool, others())

    table: dict[str, Callable[[], list[Row]]] = {
        "literal": lambda: rows.literal(tool, records, drawn, others(), floors),
        "variants": lambda: [
            variants(gold / "variants.tsv", "given", "variants"),
            variants(HELD_OUT / "variants.tsv", "held out", "variants_held_out"),
        ],
        "queries": lambda: [
            queries(gold / "queries.tsv", "given"),
            queries(HELD_OUT / "queries.tsv", "held out"),
        ],
        "facets": lambda: [
            checks.facets(tool, records, QUESTIONS, "passage"),
            checks.facets(tool, records, QUESTIONS, "measure"),
        ],
        "hostile": lambda: [checks.attacked(tool, records, STRANGE)],
        "rebuilt": lambda: [
            checks.rebuilt(data, folder / "again", checks.asked_again(records, drawn, AGAIN),
                           CHANGES)
        ],
        "command": lambda: [
            checks.command_line(tool, drawn, list(hostile(records, STRANGE))[200:], SAMPLE)
        ],
    }  # fmt: skip
    found: list[Row] = []
    for name, row in table.items():
        if not only or name in only:
            start = time.process_time()
            print(f"measuring {name} …", file=sys.stderr, end="", flush=True)
            found += row()
            print(f" {time.process_time() - start:.0f} s", file=sys.stderr)
    for engine in engines[0].values() if engines else ():
        if engine:
            engine.close()
    tool.close()
    return found


def lines_of(measured: Sequence[Row], columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the cells of the table, the engines' names as its last columns."""
    lines = [("measure", "measured", "must reach", "", *columns)]
    for row in measured:
        others = row.peers or ("",) * len(columns)
        lines.append((row.name, row.value, row.must, "ok" if row.good else "UNDER", *others))
    return lines


def details(measured: Sequence[Row], *, parts: bool) -> str:
    """Return what failed: classes with their number, then cases; all of them with `parts`."""
    out: list[str] = []
    for row in measured:
        if row.failures:
            out += ["", f"{row.name}:", *(f"  {name}" for name in rows.by_class(row.failures))]
            shown = row.failures if parts else row.failures[:20]
            out += [f"  ! {failure[:_SHOWN]}" for failure in shown]
    return "\n".join(out)


def main() -> None:
    """Measure, print the table, and exit with 1 where something is under its floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="processes that parse")
    parser.add_argument("--only", nargs="+", metavar="ROW", default=[], choices=ROWS)
    parser.add_argument("--parts", action="store_true", help="show every failure")
    parser.add_argument("--alone", action="store_true", help="without the other engines")
    parser.add_argument(
        "--data", type=Path, help="a data directory that holds the corpus, parsed by any version"
    )
    parser.add_argument("--write", action="store_true", help="put the table into the docs")
    arguments = parser.parse_args()
    if not (ROOT / "seeds").is_dir():
        sys.exit(_MISSING.format(ROOT))
    pinned, floors = load_floors()
    print("parsing and indexing, once for this version …", file=sys.stderr)
    try:
        data = indexed(arguments.data or parsed_corpus(arguments.jobs))
    except ShisakuError as error:  # another run of this is at it
        sys.exit(f"{error}; {error.remedy}")
    folder = Path(tempfile.mkdtemp(prefix="shisaku-findability-"))
    try:
        peers = Peers(folder / "peers", wanted=not arguments.alone)
        measured = measure(data, folder, floors, arguments.only, peers)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    lines = lines_of(measured, peers.names)
    print(aligned(lines))
    print(details(measured, parts=arguments.parts))
    if arguments.write and not (arguments.only or arguments.data or arguments.alone):
        write_between_marks(DOCS, lines)
    sys.exit(is_other_corpus(pinned) or not all(row.good for row in measured))


if __name__ == "__main__":
    main()
