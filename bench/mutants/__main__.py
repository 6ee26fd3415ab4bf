"""Prints which of N drawn mutants the tests notice (docs/testing.md): `make mutants SEED=20 N=60`.

Fails where fewer than 80 % of those that are not equivalent are killed.
"""

import argparse
import sys
from pathlib import Path

from bench.mutants.draw import draw, equivalents
from bench.mutants.run import run
from bench.mutants.trial import Verdict

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("index", "ingest/runs", "ingest/fetch")


def main() -> int:
    """Draw, try, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.mutants", description=__doc__)
    parser.add_argument("packages", nargs="*", default=PACKAGES, help="folders or files")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("-n", "--number", type=int, default=60)
    parser.add_argument("--list", action="store_true", help="print the draw and try nothing")
    options = parser.parse_args()
    drawn = draw(ROOT, options.packages, options.seed, options.number)
    if options.list:
        print(*drawn, sep="\n")
        return 0
    known = equivalents(Path(__file__).with_name("equivalent.toml"))
    found = run(ROOT, drawn, options.packages, ROOT / ".mutants", known, _tell)
    if found.not_asked:
        print("not asked, as they fail without a mutant:", *sorted(found.not_asked), sep="\n  ")
    print("", *found.lines(), sep="\n")
    return 0 if found.enough else 1


def _tell(verdict: Verdict) -> None:
    what = f"killed by {verdict.killer}" if verdict.killer else "SURVIVED"
    print(f"{verdict.seconds:4.0f} s  {verdict.mutant}\n        {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
