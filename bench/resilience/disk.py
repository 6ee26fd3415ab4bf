"""Full disks, read-only and foreign places, damaged indexes: rows of `make resilience`.

A superuser may write wherever permissions forbid it, so for those cases the command runs without
its capabilities (`setpriv`, of util-linux); a small disk is a tmpfs, where mounting is allowed.
"""

import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.resilience.tool import Place, Site, run, sentence, versions
from bench.table import Row
from shisaku.index.generations.manifest import current

LIMITS = (0, 500, 1_000, 2_000, 3_000, 5_000, 8_000, 12_000, 20_000, 30_000, 60_000, 90_000)
"""Bytes that a file may have: from none to enough; each meets another stage."""
SPACES = (0, 4, 8, 16, 32, 64, 96, 128, 160, 192, 256, 384, 512)
"""kB that are left on the disk."""
_DISK_KB = 16_000
UNPRIVILEGED = ("setpriv", "--inh-caps=-all", "--bounding-set=-all")


def can_mount() -> bool:
    """Return whether a tmpfs can be mounted here."""
    return os.geteuid() == 0 and bool(shutil.which("mount"))


@contextmanager
def small_disk(place: Path) -> Iterator[bool]:
    """Mount a small disk at `place`; return False where that is not allowed."""
    place.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={_DISK_KB}k", "tmpfs", str(place)]
    mounted = can_mount() and subprocess.run(command, capture_output=True).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(place)], check=True)


def full(folder: Path) -> list[Row]:
    """Run updates that meet the end of the disk, or of a file, at each stage."""
    rows = [_full(folder / "limit", LIMITS, "files limited to 0 … 90 kB", _by_limit)]
    with small_disk(folder / "disk") as mounted:
        if mounted:
            rows.append(_full(folder / "disk/data", SPACES, "0 … 512 kB left on a disk", _by_disk))
        else:
            rows.append(Row("a full disk of its own", "not tested: no mount here", "-", True))
    return rows


Squeezed = Callable[[Place, int], "subprocess.CompletedProcess[str]"]


def _by_limit(place: Place, size: int) -> "subprocess.CompletedProcess[str]":
    return run(place.update("--log-format", "json"), limit=size)


def _by_disk(place: Place, size: int) -> "subprocess.CompletedProcess[str]":
    filler = place.data.parent / "filler"
    free = os.statvfs(place.data)
    filler.write_bytes(b"\0" * max(0, free.f_bavail * free.f_frsize - size * 1024))
    try:
        return run(place.update("--log-format", "json"))
    finally:
        filler.unlink()


def _full(folder: Path, sizes: tuple[int, ...], what: str, squeezed: Squeezed) -> Row:
    failures: list[str] = []
    where: Counter[str] = Counter()
    with Site() as site:
        place = Place(folder, site, 7)
        failures += _faults(run(place.update()), "first")
        for size in sizes:
            before, files = place.wanted, _whole(place.data)
            place.next_turn()
            done = squeezed(place, size)
            where[_stage(done)] += 1
            if fault := sentence(done):
                failures.append(f"{size}: {fault}")
            failures += [f"{size}: {name} is cut" for name in files if not _is_whole(name)]
            found = versions(place.data)
            if found not in (before, place.wanted):
                failures.append(f"{size}: {found} answers instead of {before}")
            failures += _faults(run(place.update()), f"{size}, with space again")
            if versions(place.data) != place.wanted:
                failures.append(f"{size}: not all came after there was space again")
    hit = ", ".join(f"{number} {stage}" for stage, number in where.items())
    return Row(
        f"{what} ({hit})",
        f"{len(failures)} losses or bad messages",
        "0; goes on when there is space",
        not failures and len(where) > 2,
        tuple(failures),
    )


def _stage(done: "subprocess.CompletedProcess[str]") -> str:
    if done.returncode in (0, 3):
        return "passed"
    said = done.stderr
    stages = (("ingest:", "in index"), ("fetch:", "in ingest"))
    return next((stage for word, stage in stages if f'"{word}' in said), "in fetch")


def _faults(done: "subprocess.CompletedProcess[str]", what: str) -> list[str]:
    return [f"{what}: exit {done.returncode}: {done.stderr[-300:]}"] if done.returncode else []


def _whole(data: Path) -> list[Path]:
    return sorted((data / "parsed").rglob("*.json"))


def _is_whole(path: Path) -> bool:
    try:
        json.loads(path.read_bytes())
    except FileNotFoundError:
        return True  # its document went
    except ValueError:
        return False
    return True


# --- places that are not as they should be ------------------------------------------------------


def _closed(path: str) -> Callable[[Path], None]:
    return lambda data: (data / path).chmod(0o555)


def _missing(data: Path) -> None:
    shutil.rmtree(data / "index")


def _a_file(data: Path) -> None:
    shutil.rmtree(data / "index")
    (data / "index").write_text("")


def _foreign(data: Path) -> None:
    (data / "index/gen-99x").mkdir()
    (data / "index/notes.txt").write_text("mine")
    (data / "index/gen-5000").write_text("no directory")


def _cut(data: Path) -> None:
    generation = current(data)
    assert generation
    path = max(generation.glob("*.seg"), key=lambda path: path.stat().st_size)
    content = path.read_bytes()
    path.unlink()  # it is linked from other generations, too
    path.write_bytes(content[: len(content) // 2])


def _nowhere(data: Path) -> None:
    (data / "index/current").write_text("gen-4711\n")


def _unreadable(data: Path) -> None:
    generation = current(data)
    assert generation
    for path in generation.iterdir():
        path.chmod(0)


CASES: tuple[tuple[str, Callable[[Path], None], bool], ...] = (
    ("index/ read-only", _closed("index"), True),
    ("parsed/ read-only", _closed("parsed/hand"), True),
    ("runs/ read-only", _closed("runs"), True),
    ("raw/ read-only for fetch", _closed("raw/sho"), True),
    ("index/ unreadable", _unreadable, True),
    ("index/ missing", _missing, False),
    ("a file called index", _a_file, False),
    ("foreign files in index/", _foreign, False),
    ("a truncated segment", _cut, False),
    ("a pointer to nowhere", _nowhere, False),
)
"""Name, what is done, and whether it takes a user whom permissions bind."""


def places(folder: Path) -> Row:
    """Update and search where places are missing, closed, foreign or damaged; then rebuild."""
    failures: list[str] = []
    bound = UNPRIVILEGED if os.geteuid() == 0 else ()
    skipped = []
    for at, (name, harm, needs_bounds) in enumerate(CASES):
        if needs_bounds and bound and not shutil.which(bound[0]):
            skipped.append(name)
            continue
        with Site() as site:
            place = Place(folder / str(at), site, at)
            failures += _faults(run(place.update()), name)
            place.next_turn()
            harm(place.data)
            failures += [f"{name}: {fault}" for fault in _one_place(place, name, bound)]
    return Row(
        f"{len(CASES) - len(skipped)} places read-only, missing, foreign or damaged"
        + (f" (not tested: {', '.join(skipped)})" if skipped else ""),
        f"{len(failures)} losses or bad messages",
        "0; rebuilt from parsed/",
        not failures,
        tuple(failures),
    )


def _one_place(place: Place, name: str, bound: tuple[str, ...]) -> Iterator[str]:
    before = _content(place.data / "parsed")
    for command in (place.command("search", "文書"), place.command("status")):
        if fault := sentence(run(command, wrapped=bound)):
            yield f"{command[4]}: {fault}"
    done = run(place.command("index"), wrapped=bound)
    if fault := sentence(done):
        yield f"index: {fault}"
    if _content(place.data / "parsed") != before:
        yield "index touched parsed/"
    done = run(place.update(), wrapped=bound)
    if fault := sentence(done):
        yield f"update: {fault}"
    for path in [place.data, *place.data.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o700 if path.is_dir() else 0o600))
    if name == "a file called index":
        (place.data / "index").unlink(missing_ok=True)
    for again in (place.update(), place.command("index", "--rebuild")):
        done = run(again, wrapped=bound)
        if done.returncode:
            yield f"afterwards: exit {done.returncode}: {done.stderr[-300:]}"
    if versions(place.data) != place.wanted:
        yield "not all answers after a rebuild"
    if name.startswith("foreign"):
        for kept in ("gen-99x", "notes.txt", "gen-5000"):
            if not (place.data / "index" / kept).exists():
                yield f"{kept} was taken away"


def _content(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
