"""The wheel, installed where no checkout is: with the caller's own index.py, cli.py, … beside it.

For the Python that runs the tests the libraries are those of its environment. Other versions need
an interpreter and either the libraries installed for it or, in the folder `$SHISAKU_WHEELS`, wheels
of requirements/run.txt, as this puts them there:

    python3.13 -m pip wheel --require-hashes -r requirements/run.txt -w "$SHISAKU_WHEELS"
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CURRENT = f"{sys.version_info.major}.{sys.version_info.minor}"
VERSIONS = ("3.11", "3.12", "3.13")
LIBRARIES = "charset_normalizer, click, filelock, fugashi, lxml, msgspec, pdfplumber, protego, rich"
DECOYS = ("index", "ingest", "commands", "cli", "bench")
LEFT = {".git", ".venv", "__pycache__", "build", ".hypothesis"}
"""Folders that are no part of the project; of data/ what runs have made is none either."""
BUILD = "from setuptools import build_meta; build_meta.build_{}({!r})"
"""What `pip wheel` and `python -m build` call, in the environment at hand."""


def built(what: str, source: Path, target: Path) -> Path:
    """Build an sdist or a wheel of a source tree; nothing is fetched."""
    target.mkdir()
    command = [sys.executable, "-c", BUILD.format(what, str(target))]
    done = subprocess.run(command, cwd=source, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    (made,) = target.iterdir()
    return made


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the checkout, links as links: a build leaves build/ and *.egg-info in it."""
    place = tmp_path_factory.mktemp("checkout") / "shisaku"

    def left(folder: str, names: list[str]) -> set[str]:
        made = {"index", "parsed", "runs", "versions"} if Path(folder) == ROOT / "data" else set()
        caches = {name for name in names if name.endswith((".egg-info", "_cache"))}
        return LEFT | made | caches

    shutil.copytree(ROOT, place, symlinks=True, ignore=left)
    return place


@pytest.fixture(scope="module")
def sdist(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("sdist", checkout, tmp_path_factory.mktemp("sdist") / "dist")


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the sdist, as an installer without a wheel would."""
    place = tmp_path_factory.mktemp("wheel")
    with tarfile.open(sdist) as archive:
        archive.extractall(place, filter="data")
    (source,) = place.iterdir()
    return built("wheel", source, place / "dist")


def held(*folders: str) -> set[str]:
    """Give the files of the checkout in these folders, from its root on."""
    return {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_packages_their_data_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    assert {name.partition("/")[0] for name in names} == {"shisaku", "shisaku-0.1.0.dist-info"}
    code = {
        name for name in held("ingest", "index", "commands", "third_party") if ".pyc" not in name
    }
    expected = {f"shisaku/{name}" for name in code | {"cli.py"}}
    own = {path.name for path in (ROOT / "shisaku").iterdir() if path.is_file()}
    expected |= {f"shisaku/{name}" for name in own}
    assert {name for name in names if name.startswith("shisaku/")} == expected
    assert sum(name.endswith(".toml") for name in names) > 10 and "shisaku/py.typed" in names


def test_the_sdist_holds_everything(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    code = held("ingest", "index", "commands", "third_party")
    beside = held("docs", "tests", "bench", "requirements") | held("data/raw/sample")
    files = {"README.md", "README.ja.md", "CHANGELOG.md", "LICENSE", "Makefile", "pyproject.toml"}
    missing = {f"shisaku/{name}" for name in code | {"cli.py"}} | beside | files
    assert missing - names == set()


def test_the_checkout_gives_the_same_wheel(wheel: Path, checkout: Path, tmp_path: Path) -> None:
    direct = built("wheel", checkout, tmp_path / "dist")

    def contents(path: Path) -> dict[str, int]:
        with zipfile.ZipFile(path) as archive:
            return {
                entry.filename: entry.CRC
                for entry in archive.infolist()
                if not entry.filename.endswith("RECORD")
            }

    assert contents(direct) == contents(wheel)


# --- installed ---------------------------------------------------------------------------------


def interpreter(version: str) -> str | None:
    """Give a Python of this version, None where none is here."""
    if version == CURRENT:
        return sys.executable
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found = [*pyenv.glob(f"{version}.*/bin/python{version}"), shutil.which(f"python{version}")]
    for one in filter(None, found):
        # A shim of pyenv may lead nowhere.
        asked = [str(one), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        done = subprocess.run(asked, capture_output=True, encoding="utf-8")
        if done.stdout.strip() == version:
            return str(one)
    return None


def site_packages(python: str) -> list[str]:
    """Give the folders of the libraries of an interpreter that has them all."""
    if python == sys.executable:
        return sorted({sysconfig.get_path(name) for name in ("purelib", "platlib")})
    program = (
        f"import {LIBRARIES}, json, sysconfig\n"
        "print(json.dumps([sysconfig.get_path('purelib'), sysconfig.get_path('platlib')]))"
    )
    done = subprocess.run([python, "-c", program], capture_output=True, encoding="utf-8")
    return sorted(set(json.loads(done.stdout))) if done.returncode == 0 else []


def installed(version: str, wheel: Path, place: Path) -> Path:
    """Install the wheel in an environment of its own; give its folder of programs.

    The libraries are reached over a .pth file, which names folders and does not obey the .pth files
    in them: the checkout, installed there for editing, is out of sight.
    """
    python = interpreter(version)
    if python is None:
        pytest.skip(f"no Python {version} here")
    libraries, wheels = site_packages(python), os.environ.get("SHISAKU_WHEELS")
    if not libraries and not wheels:
        pytest.skip(f"no libraries for Python {version} here ($SHISAKU_WHEELS)")
    subprocess.run([python, "-m", "venv", "--without-pip", str(place)], check=True)
    own = next(place.glob("lib/python*/site-packages"))
    pip = [sys.executable, "-m", "pip", "--python", str(place / "bin" / "python"), "install"]
    pip += ["--quiet", "--no-index", "--disable-pip-version-check"]
    if libraries:
        (own / "libraries.pth").write_text("\n".join(libraries) + "\n", encoding="utf-8")
    else:
        # The hashes were compared when the wheels were made; that of one built here is another.
        text = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
        locked = re.findall(r"^[\w.-]+==[\w.]+", text, re.MULTILINE)
        subprocess.run([*pip, "--find-links", str(wheels), "--no-deps", *locked], check=True)
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True)
    return place / "bin"


@pytest.mark.parametrize("version", VERSIONS)
def test_it_works_outside_the_checkout_beside_modules_of_the_same_names(
    version: str, wheel: Path, tmp_path: Path
) -> None:
    programs = installed(version, wheel, tmp_path / "environment")
    caller, path = tmp_path / "caller", tmp_path / "path"
    for folder in (caller, path):
        folder.mkdir()
        for name in DECOYS:
            decoy = f"raise SystemExit('{name} of the caller was imported')\n"
            (folder / f"{name}.py").write_text(decoy, encoding="utf-8")
    raw = caller / "data" / "raw"
    raw.mkdir(parents=True)
    shutil.copy(ROOT / "data" / "raw" / "sample" / "isa-annai-2024.pdf", raw)
    shutil.copy(ROOT / "data" / "raw" / "sample" / "jinshin-torihiki-kaigi-kaisai.html", raw)
    environment = {"PYTHONPATH": str(path), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}

    def run(*command: str) -> str:
        done = subprocess.run(
            command, cwd=caller, env=environment, capture_output=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    shisaku, python = str(programs / "shisaku"), str(programs / "python")
    assert "cite" in run(shisaku, "--help")
    assert "0.1.0" in run(shisaku, "--version")
    assert json.loads(run(shisaku, "ingest", "--json"))["new"] == 2
    assert json.loads(run(shisaku, "index", "--json"))["documents"] == 2
    typed = json.loads(run(shisaku, "search", "在留", "--json"))
    assert typed["total"] > 0
    assert typed == json.loads(run(python, "-m", "shisaku", "search", "在留", "--json"))
    program = (
        "import json, shisaku\n"
        "with shisaku.open_index('data') as index:\n"
        "    print(json.dumps([shisaku.__file__, index.search('在留').to_json()]))\n"
        "shisaku.update('data', jobs=1)\n"
    )
    file, found = json.loads(run(python, "-c", program))
    assert Path(file).is_relative_to(tmp_path / "environment")
    assert found == typed
