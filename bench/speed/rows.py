"""The rows of `make bench`: each against its peer in the same run, by turns.

A row's goal is a ratio to the peer where there is one, else seconds, milliseconds or MiB. Nothing
here fails a build: on a shared machine other processes are measured as well.
"""

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.speed.data import COMMON, MINISTRY, PHRASE, RARE, WORD
from bench.speed.processes import FailedError, Spent, in_turn, shisaku, spent, task

CORPUS = Path(os.environ.get("SHISAKU_CORPUS") or Path(__file__).parents[3] / "shared/corpus")
_SIZES = {"small": 10_000, "large": 100_000, "huge": 1_000_000}
_LOADING = "import click, fugashi, whoosh.index"
_EACH = 100
"""Passages in a made document; half of the corpus' documents have more."""
_NIGHT = (100_000, 10)
"""Passages and documents of the row of a nightly update."""


@dataclass(frozen=True)
class Row:
    """A measured value with its goal; `good` is None where nothing could be measured."""

    name: str
    value: str
    beside: str = ""
    ratio: str = ""
    must: str = ""
    good: bool | None = None


class Bench:
    """Measures over made data in `folder`; each heavy row `times` times, cold searches `cold`."""

    def __init__(self, folder: Path, times: int = 1, cold: int = 7, *, huge: bool = False) -> None:
        self.folder = folder
        self.times = times
        self.cold = cold
        self.huge = huge
        self._indexed: dict[str, Spent] = {}

    def rows(self) -> dict[str, Callable[[], Iterator[Row]]]:
        """Return the groups of rows by name, in their order."""
        return {
            "reading": _reading,
            "recoll": self.recoll,
            "tokens": self.tokens,
            "index": self.index,
            "search": self.search,
            "night": self.night,
            "growth": self.growth,
        }

    def _data(self, passages: int, each: int = _EACH) -> Path:
        return Path(task("make", self.folder, passages, each).said)

    def _index(self, size: str) -> tuple[Path, Spent]:
        """Index the made passages of a size from scratch, once in a run, by one process."""
        data = self._data(_SIZES[size])
        if size not in self._indexed:
            self._indexed[size] = shisaku(data, "index", "--rebuild", "--jobs", "1")
        return data, self._indexed[size]

    # --- the corpus ----------------------------------------------------------------------------

    def recoll(self) -> Iterator[Row]:
        """Ingest and index the PDFs of the corpus; the peer takes their words alone."""
        if not (CORPUS / "real").is_dir():
            yield Row("ingest + index of the corpus", f"skipped: no corpus in {CORPUS.name}/")
            return
        data = self.folder / "corpus"
        shutil.rmtree(data, ignore_errors=True)
        count = _place_pdfs(data / "raw")

        def ours(jobs: int) -> Spent:
            for name in ("parsed", "index", "runs"):
                shutil.rmtree(data / name, ignore_errors=True)
            took = shisaku(
                data, "update", "--jobs", str(jobs), "--timeout", "900", "--memory", "4096",
                good=(0, 3),  # some have no text, one has a password
            )  # fmt: skip
            if sum(1 for _ in (data / "parsed").rglob("*.json")) < count / 2:
                raise FailedError("most PDFs of the corpus were not taken in")
            return took

        runs: dict[str, Callable[[], Spent]] = {"one": lambda: ours(1), "two": lambda: ours(2)}
        if shutil.which("recollindex"):
            runs["recoll"] = self._recollindex
        found = in_turn(runs, self.times)
        one, two = found["one"], found["two"]
        name = f"ingest + index of {count} PDFs, structure and tables too / recollindex"
        if "recoll" in found:
            peer = found["recoll"]
            yield _against(name, one.cpu, peer.cpu, "s CPU", 4.0)
        else:
            yield Row(name, f"{one.cpu:.1f} s CPU", "skipped: recollindex is not installed")
        speed = one.wall / two.wall
        yield Row(
            "the same by two processes, wall", f"{two.wall:.1f} s", f"{one.wall:.1f} s by one",
            f"{speed:.2f}× faster", "≥ 1.8× (idle machine)", speed >= 1.8,
        )  # fmt: skip
        yield Row("its peak memory, one process", f"{one.peak:.0f} MiB")

    def _recollindex(self) -> Spent:
        config = self.folder / "recoll"
        shutil.rmtree(config, ignore_errors=True)
        config.mkdir(parents=True)
        (config / "recoll.conf").write_text(
            f"topdirs = {self.folder / 'corpus/raw'}\nloglevel = 1\n"
            f"dbdir = {config / 'db'}\nthrQSizes = -1 -1 -1\n"
        )
        return spent(["recollindex", "-c", str(config)], RECOLL_CONFDIR=str(config))

    # --- words ---------------------------------------------------------------------------------

    def tokens(self) -> Iterator[Row]:
        """Analyse made passages."""
        found = in_turn(
            {name: partial(task, name) for name in ("tokens", "stock_tokens", "words")},
            max(3, self.times),
        )
        rate = {name: each.said["rate"] / 1e6 for name, each in found.items()}
        yield _faster(
            "tokens with lemma and part of speech / fugashi's `feature`",
            rate["tokens"], rate["stock_tokens"], 1.1,
        )  # fmt: skip
        yield _faster(
            "words as they are indexed, with their places in the text",
            rate["words"], rate["stock_tokens"], None,
        )  # fmt: skip

    # --- the index -----------------------------------------------------------------------------

    def index(self) -> Iterator[Row]:
        """Index 100,000 passages, every field, by one process and by two."""
        data = self._data(_SIZES["large"])
        runs: dict[str, Callable[[], Spent]] = {
            "one": lambda: shisaku(data, "index", "--rebuild", "--jobs", "1"),
            "stock": lambda: task("stock_index", data),
            "two": lambda: shisaku(data, "index", "--rebuild", "--jobs", "2"),
        }
        found = in_turn(runs, self.times)
        one, two = found["one"], found["two"]
        self._indexed["large"] = two if self.times % 2 else one
        stock = found["stock"].said["cpu"]
        yield _against(
            "index 100,000 passages, all fields / stock Whoosh writer, one field of ready tokens",
            one.cpu, stock, "s CPU", 2.0,
        )  # fmt: skip
        speed = one.wall / two.wall
        yield Row(
            "the same by two processes, wall", f"{two.wall:.1f} s", f"{one.wall:.1f} s by one",
            f"{speed:.2f}× faster", "≥ 1.7× (idle machine)", speed >= 1.7,
        )  # fmt: skip
        yield Row("its peak memory, one process", f"{one.peak:.0f} MiB")

    def search(self) -> Iterator[Row]:
        """Ask 100,000 passages, each question in a process of its own.

        Beside them a process that loads the packages that were given, and does nothing: on a
        machine that others use, too, the same process takes up to twice the time.
        """
        data = self._data(_SIZES["large"])
        shisaku(data, "index", "--jobs", "1")  # nothing to do where it is of this version
        asked: dict[str, tuple[float, tuple[str, ...]]] = {
            "rare term": (130, ("search", RARE)),
            "common term": (200, ("search", COMMON)),
            "phrase of three words": (300, ("search", PHRASE)),
            "the same in quotation marks": (300, ("search", f'"{PHRASE}"')),
            "term and filter": (200, ("search", WORD, "--ministry", MINISTRY)),
            "all facets over 50,000 hits": (250, ("facets", COMMON, "--json")),
            # twice what a rare term may take
            "nothing found, with help": (260, ("search", f"{RARE} 無{WORD}認識")),
        }
        runs: dict[str, Callable[[], Spent]] = {
            name: partial(shisaku, data, *typed) for name, (_, typed) in asked.items()
        }
        runs["loading"] = lambda: spent([sys.executable, "-c", _LOADING])
        found = in_turn(runs, self.cold)
        loading = found.pop("loading").cpu * 1000
        yield Row("loading click, fugashi and Whoosh, nothing done", f"{loading:.0f} ms CPU")
        for name, (most, _) in asked.items():
            took = found[name].cpu * 1000
            yield Row(
                f"cold search: {name}", f"{took:.0f} ms CPU", f"{loading:.0f} ms CPU",
                f"{took / loading:.2f}×", f"≤ {most:g} ms", took <= most,
            )  # fmt: skip
        peak = max(each.peak for each in found.values())
        yield _at_most("peak memory of these searches", peak, "MiB", 60)

    def night(self) -> Iterator[Row]:
        """Change 1 % of 10,000 documents and index what changed."""
        data = self._data(*_NIGHT)
        shutil.rmtree(data / "index", ignore_errors=True)
        whole = shisaku(data, "index", "--rebuild", "--jobs", "1")
        found = []
        for _ in range(3):
            task("change", data, 0.01)
            found.append(shisaku(data, "index", "--jobs", "1"))
        part = sorted(found, key=lambda each: each.cpu)[1]
        shutil.rmtree(data)
        share = part.cpu / whole.cpu * 100
        yield Row(
            "index after a change of 1 % of 10,000 documents / all of them",
            f"{part.cpu:.2f} s CPU", f"{whole.cpu:.1f} s CPU", f"{share:.1f} %", "≤ 3 %",
            share <= 3,
        )  # fmt: skip

    def growth(self) -> Iterator[Row]:
        """Index ten times as many passages, and ask them."""
        sizes = ["small", "large", *(["huge"] if self.huge else [])]
        data, took = zip(*(self._index(size) for size in sizes), strict=True)
        asked = in_turn(
            {size: partial(shisaku, data[at], "search", RARE) for at, size in enumerate(sizes)},
            self.cold,
        )
        first, last = sizes[0], sizes[-1]
        times = _SIZES[last] / _SIZES[first]
        name = f"from {_SIZES[first]:,} to {_SIZES[last]:,} passages"
        for what, values, unit, scale in (
            ("index time", [each.cpu for each in took], "s CPU", 1.0),
            ("index size", [float(_size(each)) for each in data], "MiB", 2.0**20),
        ):
            ratio = values[-1] / values[0]
            yield Row(
                f"{what} {name}", f"{values[-1] / scale:.1f} {unit}",
                f"{values[0] / scale:.1f} {unit}", f"{ratio:.1f}×",
                f"≤ {times:.0f}× (linear)", ratio <= times * 1.05,
            )  # fmt: skip
        ratio = asked[last].cpu / asked[first].cpu
        yield Row(
            f"cold search for a rare term {name}", f"{asked[last].cpu * 1000:.0f} ms CPU",
            f"{asked[first].cpu * 1000:.0f} ms CPU", f"{ratio:.2f}×", "< 2×", ratio < 2,
        )  # fmt: skip


def _reading() -> Iterator[Row]:
    """Return the rows of bench/fidelity/reading.py, which measures how pages are read."""
    if importlib.util.find_spec("bench.fidelity.reading") is None:
        yield Row("reading of pages", "skipped: there is no bench/fidelity/reading.py")
        return
    for name, value, beside, ratio, must, good in task("reading").said:
        yield Row(name, value, beside, ratio, must, good)


def _place_pdfs(raw: Path) -> int:
    """Put each PDF of the corpus below `raw`, which takes no symbolic links for documents."""
    count = 0
    for folder in ("real", "seeds"):
        for path in sorted((CORPUS / folder).rglob("*")):
            if path.suffix.lower() == ".pdf":
                place = raw / path.relative_to(CORPUS)
                place.parent.mkdir(parents=True, exist_ok=True)
                try:
                    place.hardlink_to(path)
                except OSError:  # another file system
                    shutil.copyfile(path, place)
                count += 1
    return count


def _size(data: Path) -> int:
    name = (data / "index/current").read_text().strip()
    return sum(path.stat().st_size for path in (data / "index" / name).iterdir())


def _against(name: str, ours: float, peer: float, unit: str, most: float) -> Row:
    ratio = ours / peer
    return Row(
        name, f"{ours:.1f} {unit}", f"{peer:.1f} {unit}", f"{ratio:.2f}×", f"≤ {most:g}×",
        ratio <= most,
    )  # fmt: skip


def _faster(name: str, ours: float, peer: float, least: float | None) -> Row:
    unit = "M characters per CPU-second"
    return Row(
        name, f"{ours:.2f} {unit}", f"{peer:.2f}", f"{ours / peer:.2f}×",
        f"≥ {least} M" if least else "", ours >= least if least else None,
    )  # fmt: skip


def _at_most(name: str, value: float, unit: str, most: float) -> Row:
    return Row(name, f"{value:.0f} {unit}", must=f"≤ {most:g}", good=value <= most)
