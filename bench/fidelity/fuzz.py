"""Damages copies of small files and takes them in: no crash, no hang, no traceback, each reported.

The copies go through `run_ingest`, so that the worker processes and their limits are what is
tested. Every copy follows from the seed and its number:
`python -m bench.fidelity.fuzz --keep DIR --only N` writes one of them down.
"""

import argparse
import hashlib
import itertools
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.corpus import ROOT, SAMPLE
from shisaku.ingest.batch.batch import run_ingest
from shisaku.ingest.parsed.store import Store

SEED = 20160701
SECONDS = 60.0
"""Limit for one copy; small files take less than one."""
_BATCH = 250
_FAULTS = {"internal", "crash", "timeout"}
"""Problems that say the parser failed, not the file."""

FROM_CORPUS = (
    "real/mhlw-tensuhyo/SY1.pdf", "real/mhlw-tensuhyo/000906588.pdf",
    "real/mhlw-tensuhyo/保医発0729第4号.pdf", "real/mhlw-covid/20211005.pdf",
    "real/pdfminer/kampo.pdf", "real/pdfminer/jo.pdf", "real/pdfjs/noembed-sjis.pdf",
    "real/gsi-legend/lc_legend.html", "real/law-egov-sjis/自殺対策基本法.html",
    "seeds/jinshin-torihiki-kaisai.html",
)  # fmt: skip


@dataclass
class Result:
    """How many damaged copies were taken in, what became of them, and where the parser failed."""

    copies: int = 0
    read: int = 0
    """Copies that could be read all the same."""
    reported: Counter[str] = field(default_factory=Counter)
    """Copies that could not, by the code of their problem."""
    faults: list[str] = field(default_factory=list)
    """What must not happen: number of the copy, file, and what happened."""


def corpus_files() -> list[Path]:
    """Return the ten small files of the corpus."""
    return [ROOT / name for name in FROM_CORPUS]


def sample_files() -> list[Path]:
    """Return the files of the project's own sample."""
    return sorted(path for path in SAMPLE.iterdir() if path.is_file())


def truncate(data: bytes, chance: random.Random) -> bytes:
    """Cut the file short, anywhere."""
    return data[: chance.randrange(len(data))]


def flip(data: bytes, chance: random.Random) -> bytes:
    """Change 1 to 200 bytes."""
    damaged = bytearray(data)
    for _ in range(int(200 ** chance.random())):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def remove_objects(data: bytes, chance: random.Random) -> bytes:
    """Take out one to five of a PDF's objects or of a page's elements."""
    pattern = rb"\d+ \d+ obj\b.*?endobj" if data[:1024].count(b"%PDF") else rb"<[^<>]{1,200}>"
    for _ in range(chance.randint(1, 5)):
        found = list(re.finditer(pattern, data, re.DOTALL))
        if not found:
            break
        start, end = chance.choice(found).span()
        data = data[:start] + data[end:]
    return data


def change_numbers(data: bytes, chance: random.Random) -> bytes:
    """Put other numbers in the place of one to ten: lengths, offsets, counts, references."""
    for _ in range(chance.randint(1, 10)):
        found = list(re.finditer(rb"(?<![\w.])\d{1,10}(?![\w.])", data))
        if not found:
            break
        start, end = chance.choice(found).span()
        number = chance.choice((0, 1, -1, 7, 65536, 2**31, chance.randrange(10**6)))
        data = data[:start] + str(number).encode() + data[end:]
    return data


WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    truncate, flip, remove_objects, change_numbers,
)  # fmt: skip


def damage(files: Sequence[Path], number: int) -> tuple[str, bytes]:
    """Return copy `number`: a name that says what was done to which file, and its bytes."""
    chance = random.Random(f"{SEED}/{number}")
    source = files[number % len(files)]
    way = WAYS[number // len(files) % len(WAYS)]
    damaged = way(source.read_bytes(), chance)
    return f"{number:05d}-{way.__name__}-{source.name}", damaged


def run(files: Sequence[Path], copies: int, *, jobs: int = 2, progress: bool = False) -> Result:
    """Take in `copies` damaged copies of `files`, in batches."""
    result = Result()
    damaged = _distinct(files)
    while result.copies < copies:
        batch = dict(itertools.islice(damaged, min(_BATCH, copies - result.copies)))
        with TemporaryDirectory() as folder:
            _run_batch(Path(folder), batch, result, jobs)
        if progress:
            print(f"{result.copies} copies, {len(result.faults)} faults", file=sys.stderr)
    return result


def _distinct(files: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield copies without end, but none twice: equal bytes are one document to the batch."""
    seen: set[bytes] = set()
    for number in itertools.count():
        name, data = damage(files, number)
        digest = hashlib.sha256(data).digest()
        if digest not in seen:
            seen.add(digest)
            yield name, data


def _run_batch(folder: Path, copies: dict[str, bytes], result: Result, jobs: int) -> None:
    raw = folder / "raw"
    raw.mkdir()
    for name, data in copies.items():
        (raw / name).write_bytes(data)
    report = run_ingest(folder, jobs=jobs, timeout=SECONDS)
    told = Counter(item.document for item in report.problems)
    store = Store(folder / "parsed")
    result.copies += len(copies)
    for name in copies:
        document = store.read(name)
        if document is None:
            result.faults.append(f"{name}: not in parsed/")
        elif not document.failed:
            result.read += 1
        else:
            codes = [problem.code for problem in document.problems if problem.failed]
            result.reported.update(codes)
            if not told[name]:
                result.faults.append(f"{name}: {codes} not in the report")
            result.faults += [
                f"{name}: {problem.code}: {problem.reason}"
                for problem in document.problems
                if problem.code in _FAULTS
            ]
    log = (folder / "runs" / "ingest.log").read_text(encoding="utf-8", errors="replace")
    tracebacks = log.count("Traceback (most recent call last)")
    if tracebacks:
        last = log.rstrip().rpartition("\n")[2][:200]
        result.faults.append(f"{tracebacks} tracebacks in the log, the last: {last}")


def main() -> None:
    """Run the long form, or write one copy down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=5000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", type=int, help="write this copy to --keep, and end")
    parser.add_argument("--keep", type=Path, default=Path())
    arguments = parser.parse_args()
    files = corpus_files()
    if not all(path.exists() for path in files):
        print("The corpus is not here ($SHISAKU_CORPUS): the sample is damaged.", file=sys.stderr)
        files = sample_files()
    if arguments.only is not None:
        name, data = damage(files, arguments.only)
        (arguments.keep / name).write_bytes(data)
        print(arguments.keep / name)
        return
    result = run(files, arguments.copies, jobs=arguments.jobs, progress=True)
    told = ", ".join(f"{code} {count}" for code, count in sorted(result.reported.items()))
    print(f"{result.copies} damaged copies: {result.read} read all the same; reported: {told}")
    print("\n".join(result.faults) or "no crash, no hang, no traceback")
    sys.exit(bool(result.faults))


if __name__ == "__main__":
    main()
