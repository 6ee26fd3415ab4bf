"""The environment of the other parsers, `.peers/`: made on demand, with locked packages.

It is made anew when requirements/peers.txt changes. What cannot be had (no network, no Java) is a
reason in words, which the table shows.
"""

import hashlib
import shutil
import subprocess
import venv
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parents[3]
FOLDER = HERE / ".peers"
LOCKED = HERE / "requirements/peers.txt"

_SECONDS = 1200
"""Time of one command; opendataloader-pdf takes some minutes for a hundred files."""

_TOLD = 300
"""Characters of what a command says of its failure."""

_MARKDOWN = """
import sys, pathlib, html_to_markdown
for name in sys.argv[2:]:
    source = pathlib.Path(name)
    text = html_to_markdown.convert(source.read_text(encoding="utf-8", errors="replace")).content
    pathlib.Path(sys.argv[1], source.stem + ".md").write_text(text or "", encoding="utf-8")
"""


class PeerError(Exception):
    """Why other parsers cannot be shown."""


def prepare() -> Path:
    """Make the environment where it is missing or outdated, and give its folder of programs.

    Raises:
        PeerError: Java is missing, or a package cannot be had.

    """
    if shutil.which("java") is None:
        raise PeerError("no java on PATH (Debian: default-jre-headless)")
    stamp = hashlib.sha256(LOCKED.read_bytes()).hexdigest()
    ready = FOLDER / "ready"
    programs = FOLDER / "bin"
    if ready.exists() and ready.read_text() == stamp:
        return programs
    shutil.rmtree(FOLDER, ignore_errors=True)
    venv.create(FOLDER, with_pip=True)
    command = [programs / "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*command, "--no-deps", "--require-hashes", "-r", LOCKED])
    ready.write_text(stamp)
    return programs


def read_pdfs(programs: Path, paths: Sequence[Path], out: Path) -> None:
    """Let opendataloader-pdf write its JSON of each PDF into `out`, named as the file.

    Raises:
        PeerError: it fails.

    """
    _run([programs / "opendataloader-pdf", *paths, "-o", out, "-f", "json", "-q"])


def read_pages(programs: Path, paths: Sequence[Path], out: Path) -> None:
    """Let html-to-markdown write its Markdown of each web page in UTF-8 into `out`.

    Raises:
        PeerError: it fails.

    """
    _run([programs / "python", "-c", _MARKDOWN, out, *paths])


def _run(command: Sequence[object]) -> None:
    words = [str(part) for part in command]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerError(f"{Path(words[0]).name}: {error}"[:_TOLD]) from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-_TOLD:]
        raise PeerError(f"{Path(words[0]).name}: {said}")
