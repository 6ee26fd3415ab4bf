"""What docs/operations.md and the files beside it say can be typed and is understood."""

import re
import shlex
import shutil
import subprocess
from importlib.metadata import requires
from pathlib import Path

import click
import pytest
from packaging.requirements import Requirement

from shisaku.cli import main

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "operations"
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
TYPED = re.compile(
    r"(?:/opt/shisaku/bin/|^ {4}|\s)(shisaku (?:[a-z]+)(?: [^\n>|#]*)?)", re.MULTILINE
)
UNITS = sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".service", ".timer"))


def typed() -> list[str]:
    """Give every command of the page and the units, as it is typed."""
    texts = [re.sub(r"`[^`]*`", "", PAGE)]
    texts += [(FOLDER / name).read_text(encoding="utf-8") for name in UNITS]
    lines = [line for text in texts for line in text.splitlines() if not line.startswith("#")]
    found = [
        TYPED.search(line) for line in lines if "/shisaku " in line or line.startswith("    s")
    ]
    return [match[1].strip() for match in found if match]


def test_there_is_something_to_type() -> None:
    assert len(typed()) >= 7


@pytest.mark.parametrize("line", typed())
def test_every_command_and_option_exists(line: str) -> None:
    _, name, *arguments = shlex.split(line)
    assert name in main.commands
    context = click.Context(main.commands[name], info_name=name)
    main.commands[name].make_parser(context).parse_args(arguments)


def test_every_exit_code_is_explained() -> None:
    rows = re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)
    assert rows == ["0", "1", "2", "3", "5", "130", "143", "137"]


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        assert (ROOT / "docs" / target).exists(), target


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for name in UNITS:
        text = (FOLDER / name).read_text(encoding="utf-8")
        # An instance, and a program that is there: the units name where it would be installed.
        place = tmp_path / name.replace("@.", "@x.")
        place.write_text(re.sub(r"/opt/shisaku/bin/shisaku|/usr/bin/logger", "/bin/true", text))
    places = sorted(str(path) for path in tmp_path.iterdir())
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *places], capture_output=True, encoding="utf-8"
    )
    said = [line for line in done.stderr.splitlines() if "shisaku" in line]
    assert (done.returncode, said) == (0, [])


def test_only_the_fetching_unit_has_a_network() -> None:
    fetching = (FOLDER / "shisaku-fetch.service").read_text(encoding="utf-8")
    parsing = (FOLDER / "shisaku-update.service").read_text(encoding="utf-8")
    assert "PrivateNetwork=yes" in parsing and "AF_INET" not in parsing
    assert "--fetch" not in parsing and "PrivateNetwork" not in fetching


def test_a_backup_leaves_out_no_folder_of_raw() -> None:
    # rsync takes `--exclude index/` for a folder of that name at any depth, raw/index/ among them.
    excluded = re.findall(r"--exclude[ =](\S+)", PAGE)
    assert sorted(excluded) == ["/index/", "/runs/"]


def test_the_unit_that_tells_of_failures_is_not_root() -> None:
    text = (FOLDER / "shisaku-failed@.service").read_text(encoding="utf-8")
    assert "DynamicUser=yes" in text and "CapabilityBoundingSet=\n" in text


def pinned(name: str) -> dict[str, str]:
    """Give the lines of a file of requirements by package, hashes and all."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z0-9-]+==)", re.sub(r"^ *#.*\n", "", text, flags=re.M), flags=re.M)
    return {block.partition("==")[0]: block.strip() for block in blocks if "==" in block}


def needed(name: str, found: set[str]) -> set[str]:
    """Add to `found` what a package needs where it runs, and what that needs."""
    for line in requires(name) or []:
        wanted = Requirement(line)
        key = re.sub(r"[-_.]+", "-", wanted.name).lower()
        if key not in found and (not wanted.marker or wanted.marker.evaluate({"extra": ""})):
            found.add(key)
            needed(key, found)
    return found


def test_the_container_holds_what_runs_and_no_tools_of_development() -> None:
    text = (FOLDER / "Containerfile").read_text(encoding="utf-8")
    assert "dev.txt" not in text and "uninstall --yes setuptools" in text
    running, every = pinned("run.txt"), pinned("dev.txt")
    # Where a package of Python itself or of one system only is missing, pip says so.
    assert running.keys() == needed("shisaku", set())
    assert running.items() <= every.items()
    assert pinned("build.txt").items() <= every.items()
    assert {"pytest", "mypy", "ruff", "reportlab", "setuptools"}.isdisjoint(running)


def test_the_container_copies_what_is_installed() -> None:
    text = (FOLDER / "Containerfile").read_text(encoding="utf-8")
    copied = set(re.findall(r"(?m)^COPY (\S+) /src/(?:\1)$", text))
    linked = {path.resolve() for path in (ROOT / "shisaku").iterdir() if path.is_symlink()}
    folders = {path.relative_to(ROOT).as_posix() for path in linked if path.is_dir()}
    assert copied >= {"shisaku", *folders}
    assert all(f" {path.name} " in text for path in linked if path.is_file())
