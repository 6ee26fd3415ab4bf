"""Rows of `make resilience`: kills, concurrent readers, concurrent starts, 10,000 documents."""

import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from bench.resilience.data import change, make
from bench.resilience.tool import (
    COMMAND,
    ROOT,
    Place,
    Site,
    answers,
    environment,
    run,
    sentence,
    stamps,
    versions,
)
from bench.table import Row
from shisaku.index.generations.build import build_index
from shisaku.index.generations.manifest import current

STAGES = ("start", "fetch", "parse", "index", "swap")

# --- killed ------------------------------------------------------------------------------------


def killed(folder: Path, moments: int, lanes: int = 2) -> Row:
    """Kill `moments` updates, search after each, and let the next one end."""
    failures: list[str] = []
    where: Counter[str] = Counter()
    searches: list[int] = []

    def lane(number: int) -> None:
        try:
            with Site() as site:
                place = Place(folder / f"lane{number}", site, number)
                count = moments // lanes + (number < moments % lanes)
                _kill_often(place, count, failures, where, searches)
        except Exception as error:
            failures.append(f"lane {number}: {type(error).__name__}: {error}")

    threads = [threading.Thread(target=lane, args=(number,)) for number in range(lanes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    hit = ", ".join(f"{where[stage]} {stage}" for stage in STAGES if where[stage])
    done = sum(where.values())
    return Row(
        f"update killed at {done} moments ({hit}), each with a search and an update after it",
        f"{len(failures)} lost or mixed, {len(searches)} searches whole",
        "0; all whole",
        not failures and len(searches) == 2 * moments and done == moments,
        tuple(failures),
    )


def _kill_often(
    place: Place,
    count: int,
    failures: list[str],
    where: Counter[str],
    searches: list[int],
) -> None:
    _must(run(place.update()), failures)
    place.next_turn()
    began = time.monotonic()
    _must(run(place.update()), failures)
    usual = time.monotonic() - began
    number = 0
    while number < count:
        before = place.wanted
        place.next_turn()
        began = time.monotonic()
        stage = _kill(place, usual, by_event=number % 2 == 1)
        if stage == "end":
            # It came to its end first: no kill, so this one is drawn again, and earlier.
            usual = min(usual, time.monotonic() - began)
            continue
        where[stage] += 1
        number += 1
        for allowed in ((before, place.wanted), (place.wanted,)):
            try:
                found = versions(place.data)
            except Exception as error:
                failures.append(f"kill {number}: {type(error).__name__}: {error}")
            else:
                searches.append(number)
                if found not in allowed:
                    failures.append(f"kill {number}: {found} instead of {allowed}")
            if allowed != (place.wanted,):
                _must(run(place.update()), failures)
    # An undisturbed run over the same files and pages, in a directory of its own.
    fresh = place.data.with_suffix(".fresh")
    shutil.copytree(place.data / "raw/hand", fresh / "raw/hand")
    shutil.copy(place.data / "sources.toml", fresh)
    _must(run(place.command("update", "--jobs", "1", "--fetch", data=fresh)), failures)
    if answers(fresh) != answers(place.data):
        failures.append("the final answers differ from those of an undisturbed run")


def _kill(place: Place, usual: float, *, by_event: bool) -> str:
    """Kill an update at a random moment, or just after it began to write a generation."""
    process = subprocess.Popen(
        place.update("--log-format", "json"),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment(),
        encoding="utf-8",
    )
    last = current(place.data)
    if by_event:
        # The swap takes milliseconds of a second, and a moment drawn blindly would seldom meet it.
        until = time.monotonic() + 10 * usual + 10
        index = place.data / "index"
        while time.monotonic() < until and process.poll() is None:
            if any(_number(path) > _number(last) for path in index.glob("gen-*")):
                break
            time.sleep(0.001)
        time.sleep(place.draw.uniform(0, 0.15 * usual))
    else:
        time.sleep(place.draw.uniform(0, usual))
    process.send_signal(signal.SIGKILL)
    _, said = process.communicate()
    if process.returncode == 0:
        return "end"
    if "index:" in said or current(place.data) != last:
        return "swap"
    if "ingest:" in said:
        return "index"
    if "fetch:" in said:
        return "parse"
    return "fetch" if (place.data / "runs/writer.json").exists() else "start"


def _number(path: Path | None) -> int:
    return int(path.name.removeprefix("gen-")) if path else 0


def _must(done: "subprocess.CompletedProcess[str]", failures: list[str]) -> None:
    if done.returncode:
        failures.append(f"exit {done.returncode}: {done.stderr[-400:]}")


# --- read meanwhile ----------------------------------------------------------------------------

_READER = """
import sys
from pathlib import Path
from bench.resilience.tool import versions
count = last = 0
while not Path(sys.argv[2]).exists():
    found = versions(Path(sys.argv[1]))
    turns = {version for key, version in found.items() if key < 3}
    assert len(turns) == 1, f"a mixed generation: {found}"
    (turn,) = turns
    assert (100 + turn) in found, f"what came with turn {turn} is missing: {found}"
    assert (99 + turn) not in found, f"what went with turn {turn} is there: {found}"
    assert turn >= last, f"turn {turn} answers after {last}"
    last, count = turn, count + 1
    if count == 1:
        print("searching", flush=True)
print(count)
"""


def read_meanwhile(folder: Path, updates: int, readers: int = 4) -> Row:
    """Let `readers` search in a loop while documents are changed, added and removed."""
    data, stop = folder / "data", folder / "stop"

    def write(turn: int) -> None:
        raw = {key: turn for key in range(3)} | {100 + turn: turn}
        _parsed(data, raw, gone=[99 + turn] if turn else [])
        build_index(data)

    write(0)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _READER, str(data), str(stop)],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for _ in range(readers)
    ]
    for process in processes:
        assert process.stdout
        process.stdout.readline()
    failures = []
    try:
        for turn in range(1, updates + 1):
            write(turn)
    finally:
        stop.touch()
        searches = 0
        for process in processes:
            out, said = process.communicate(timeout=120)
            if process.returncode:
                failures.append(said.strip().splitlines()[-1])
            else:
                searches += int(out.split()[0])
    return Row(
        f"{readers} readers in a loop during {updates} updates: {searches:,} searches",
        f"{len(failures)} errors or mixed generations",
        "0",
        not failures and searches > 0,
        tuple(failures),
    )


def _parsed(data: Path, wanted: Mapping[int, int], gone: list[int]) -> None:
    """Write documents under parsed/ as an ingest would, so that the index alone takes the time."""
    from shisaku.ingest.model import Document, Passage
    from shisaku.ingest.parsed.ids import passage_key
    from shisaku.ingest.parsed.store import Store, encode

    store = Store(data / "parsed")
    for key, version in wanted.items():
        name, text = f"{key}.html", f"文書{key}は第{version}版です。"
        passage = Passage(id=passage_key(name, text), type="paragraph", text=text)
        document = Document(
            id=name, sha256=str(version), sources=(), title=name, passages=(passage,)
        )
        store.write(name, encode(document))
    for key in gone:
        store.delete(store.path(f"{key}.html"))


# --- started twice -----------------------------------------------------------------------------


def at_once(folder: Path, counts: tuple[int, ...] = (2, 5)) -> list[Row]:
    """Start some updates at once, those that wait and those that do not."""
    rows = []
    for count in counts:
        for wait in (0, 300):
            with Site() as site:
                place = Place(folder / f"{count}-{wait}", site, count)
                rows.append(_at_once(place, count, wait))
    return rows


def _at_once(place: Place, count: int, wait: int) -> Row:
    processes = [
        subprocess.Popen(
            place.update("--wait", str(wait)),
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for _ in range(count)
    ]
    failures, codes = [], []
    for process in processes:
        said = process.communicate(timeout=600)[1]
        codes.append(process.returncode)
        done = subprocess.CompletedProcess(COMMAND, process.returncode, "", said)
        if fault := sentence(done):
            failures.append(fault)
        if process.returncode == 5 and "process " not in said:
            failures.append(f"who holds the lock is not told: {said}")
    if versions(place.data) != place.wanted:
        failures.append("the result is not that of one update")
    generations = len(list((place.data / "index").glob("gen-*")))
    if generations != 1:
        failures.append(f"{generations} generations of one change")
    good = codes.count(0) >= 1 and set(codes) <= ({0} if wait else {0, 5})
    shown = ", ".join(f"{n} × exit {code}" for code, n in sorted(Counter(codes).items()))
    return Row(
        f"{count} updates at once, {'that wait' if wait else 'that do not wait'}",
        f"{shown}; {'one result' if not failures else 'faults'}",
        "all 0" if wait else "0, others 5",
        good and not failures,
        tuple(failures),
    )


# --- ten thousand documents --------------------------------------------------------------------


def nights(
    folder: Path, documents: int, floors: Mapping[str, float], tries: tuple[int, int] = (5, 3)
) -> list[Row]:
    """Measure an update without changes, and one with one changed document."""
    data = folder / "data"
    make(data, documents, 3)
    build_index(data)
    time.sleep(2.1)  # what was written just now is not remembered yet
    update = [*COMMAND, "update", "--jobs", "1", "--data", str(data)]
    failures: list[str] = []
    _must(run(update), failures)

    before = stamps(data)
    unchanged = _timed(update, tries[0], failures)
    if stamps(data) != before:
        failures.append("an unchanged night wrote under raw/, parsed/ or index/")

    def one_changed() -> None:
        change(data, random.Random(1).randrange(documents), int(time.time()), 3)

    changed = _timed(update, tries[1], failures, one_changed)
    return [
        Row(
            f"unchanged night over {documents:,} documents, nothing written; best of {tries[0]}",
            f"{unchanged:.2f} s",
            f"≤ {floors['unchanged_seconds']:g} s",
            unchanged <= floors["unchanged_seconds"] and not failures,
            tuple(failures),
        ),
        Row(
            f"one changed document of {documents:,}; best of {tries[1]}",
            f"{changed:.2f} s",
            f"≤ {floors['changed_seconds']:g} s",
            changed <= floors["changed_seconds"] and not failures,
        ),
    ]


def _timed(
    command: list[str], times: int, failures: list[str], first: Callable[[], None] | None = None
) -> float:
    """Return the shortest wall-clock time of some runs, start of the process included."""
    best = float("inf")
    for _ in range(times):
        if first:
            first()
        began = time.monotonic()
        _must(run(command), failures)
        best = min(best, time.monotonic() - began)
    return best


def many_nights(folder: Path, count: int) -> Row:
    """Run `count` updates with one changed document each; count the segments of the index."""
    data = folder / "data"
    _parsed(data, dict.fromkeys(range(50), 0), [])
    build_index(data)
    most = 0
    for turn in range(1, count + 1):
        _parsed(data, {turn % 50: turn}, [])
        build_index(data)
        now = current(data)
        assert now
        most = max(most, len(list(now.glob("*.seg"))))
    wanted = {key: max(t for t in range(count + 1) if t % 50 == key or t == 0) for key in range(50)}
    good = most <= 8 and versions(data) == wanted
    return Row(f"{count} nights with one change each: segments at most", str(most), "≤ 8", good)
