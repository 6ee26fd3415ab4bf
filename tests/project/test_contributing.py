"""The recipes of CONTRIBUTING.md are carried out on a copy of the code; what they promise holds."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COPIED = ("shisaku", "ingest", "index", "commands", "docs/schema")
RECIPES = ("Add a ministry", "Add a kind of document", "Add the shape of a table")


def recipe(title: str) -> str:
    """Give a section of CONTRIBUTING.md."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def blocks(text: str, language: str) -> list[str]:
    """Give the fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def apply(diff: str, root: Path) -> None:
    """Change a file as a block says; the lines around the change must stand in it once."""
    head, *lines = diff.splitlines()
    assert head.startswith("--- "), head
    path = root / head.removeprefix("--- ")
    text = path.read_text(encoding="utf-8")
    before = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
    after = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
    assert text.count(before) == 1, (head, before)
    path.write_text(text.replace(before, after), encoding="utf-8")


def copy(root: Path) -> None:
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, root / name, symlinks=True, ignore=ignored)
    shutil.copy(ROOT / "cli.py", root)


def check(code: str, root: Path) -> "subprocess.CompletedProcess[str]":
    """Run what must hold, on the copy."""
    place = f"import shisaku; assert shisaku.__file__.startswith({str(root)!r})\n"
    return subprocess.run(
        [sys.executable, "-c", place + code],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_does_what_it_says(title: str, tmp_path: Path) -> None:
    text = recipe(title)
    copy(tmp_path)
    (code,) = blocks(text, "python")
    without = check(code, tmp_path)
    assert without.returncode == 1, without.stderr
    changes = blocks(text, "diff")
    for change in changes:
        apply(change, tmp_path)
    done = check(code, tmp_path)
    assert done.returncode == 0, done.stderr
    # Every file that a step names is there.
    named = re.findall(r"`((?:ingest|index|tests|docs)/[^`]+)`", text)
    assert changes and len(named) >= 2
    assert all((ROOT / name).exists() for name in named)


def test_there_are_no_other_recipes() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == RECIPES
    links = re.findall(r"\]\(([^)#]+)", text)
    assert links and all((ROOT / link).exists() for link in links)


def test_a_step_replaces_lines_where_it_fits_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one\ntwo\none\n")
    apply("--- a.txt\n two\n-one\n+three\n", tmp_path)
    assert (tmp_path / "a.txt").read_text() == "one\ntwo\nthree\n"


@pytest.mark.parametrize("line", [" three", " one"])  # one is missing, one stands twice
def test_a_step_that_no_longer_fits_is_told(line: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one\ntwo\none\n")
    with pytest.raises(AssertionError):
        apply(f"--- a.txt\n{line}\n+x\n", tmp_path)
