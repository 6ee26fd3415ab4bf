"""The transcripts in the READMEs are what the program prints, and every command is named."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from shisaku import cli

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.ja.md")


def test_the_transcripts_are_true() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "data/make_transcript.py"), "--check"],
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, f"run `make readme`:\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("name", READMES)
def test_every_command_is_named(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for command in cli.main.commands:
        if command not in ("ingest", "index"):  # `update` is both
            assert re.search(rf"shisaku .*\b{command}\b", text), command


@pytest.mark.parametrize("name", READMES)
def test_it_opens_with_one_sentence_and_two_commands(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.findall(r"^    make (\w+)", text, re.MULTILINE)[:2] == ["demo", "test"]


@pytest.mark.parametrize("name", READMES)
def test_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", (ROOT / name).read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), target
