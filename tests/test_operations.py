"""What docs/operations.md and the files beside it say can be typed and is understood."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from cli import main

ROOT = Path(__file__).parents[1]
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
    assert rows == ["0", "1", "2", "3", "5", "137"]


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
