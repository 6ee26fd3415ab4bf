"""Puts what the demo's commands print into the READMEs, or with --check tells where they differ.

Run `make readme` after a change to what is parsed or shown. The transcript is the indented block
of each README that begins with `$ shisaku`; its commands are those of `make demo`. What goes to
standard error stands before what goes to standard output.
"""

import argparse
import difflib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.ja.md")
_BLOCK = re.compile(r"(?:^    \$ shisaku .*\n(?:^    (?!\$).*\n)*)+", re.MULTILINE)


def demo_commands() -> list[str]:
    """Return the commands of the Makefile's target `demo`."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    target = makefile.partition("\ndemo: ")[2].partition("\n\n")[0]
    return re.findall(r"^\t\$\(BIN\)/(shisaku .*)$", target, re.MULTILINE)


def transcript() -> str:
    """Run the commands on a copy of the sample and give them with what they print, indented."""
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "data" / "raw"
        shutil.copytree(ROOT / "data" / "raw" / "sample", raw / "sample")
        for command in demo_commands():
            done = subprocess.run(
                [
                    sys.executable,
                    "-c",
                    "import shisaku.cli as cli; cli.main()",
                    *command.split()[1:],
                ],
                cwd=folder,
                capture_output=True,
                check=True,
                encoding="utf-8",
                env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            )
            lines += [f"$ {command}", *done.stderr.splitlines(), *done.stdout.splitlines()]
    return "".join(f"    {line}".rstrip() + "\n" for line in lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the READMEs; with --check only tell, 1 where one differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing")
    check = parser.parse_args(arguments).check
    printed = transcript()
    differs = False
    for name in READMES:
        old = (ROOT / name).read_text(encoding="utf-8")
        new = _BLOCK.sub(lambda _: printed, old, count=1)
        if old == new and printed in old:
            continue
        differs = True
        if check:
            sys.stdout.writelines(
                difflib.unified_diff(
                    old.splitlines(keepends=True), new.splitlines(keepends=True), name, "printed"
                )
            )
        else:
            (ROOT / name).write_text(new, encoding="utf-8")
    return int(check and differs)


if __name__ == "__main__":
    sys.exit(main())
