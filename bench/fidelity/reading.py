"""What reading pages costs beside stock pdfplumber, and whether the same comes out.

Each file is read by both in turn, the first place changing from file to file. "Text" is opening,
characters, lines and `extract_text`; tables come on top. It prints every page that differs.
"""

import argparse
import gc
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.speed.processes import spent
from bench.speed.rows import Row

_MOST_PAGES = 20
"""Pages read of a file, spread evenly: two long files would otherwise decide the sums."""

_TIMES = 2
"""How often each reads a file; the cheaper time counts, as neighbours only ever add to it."""

_FIXTURES = ("pdfjs", "pdfminer", "encoding-fixtures")
"""Folders of damaged and made-up files, which are no reports."""

_FAILED = "failed:"

Clock = tuple[float, float]


@dataclass
class Side:
    """What one of the two gave for a file: seconds (processor, wall) by stage, text, cells."""

    spent: dict[str, Clock] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    cells: list[list[str | None]] = field(default_factory=list)
    stated: list[bool] = field(default_factory=list)
    """Of each page, whether /ActualText, which pdfplumber does not read, changed its text."""
    failed: str = ""

    @property
    def total(self) -> float:
        """Processor seconds of all stages."""
        return sum(cpu for cpu, _ in self.spent.values())

    def add(self, stage: str, start: Clock) -> Clock:
        """Add the time since `start` to a stage; return the present time."""
        now = (time.process_time(), time.perf_counter())
        cpu, wall = self.spent.get(stage, (0.0, 0.0))
        self.spent[stage] = (cpu + now[0] - start[0], wall + now[1] - start[1])
        return now


Read = Callable[[Path], Side]


def read_stock(path: Path) -> Side:
    """Read a file by pdfplumber as it comes."""
    import pdfplumber

    return _read(
        lambda: pdfplumber.open(path), lambda _page: None, lambda page: page.extract_tables()
    )


def read_ours(path: Path) -> Side:
    """Read a file by the project's reader, with pdfplumber's text on top."""
    from bench.fidelity.reading_tables import extract_tables
    from shisaku.ingest.pdf.drawing import read_painted
    from shisaku.ingest.pdf.painting import FontShelf, QuickPdf

    fonts = FontShelf()

    def read(page: Any) -> int:
        painted = read_painted(page, fonts)
        page._objects = painted.for_pdfplumber(page)
        return painted.replaced

    return _read(lambda: QuickPdf(path.read_bytes()), read, extract_tables)


def _read(
    opened: Callable[[], Any], read: Callable[[Any], Any],
    tables: Callable[[Any], Sequence[Sequence[Sequence[str | None]]]],
) -> Side:  # fmt: skip
    gc.collect()
    side = Side()
    start = (time.process_time(), time.perf_counter())
    try:
        file = opened()
        pages = file.pages
    except Exception as error:
        side.failed = type(error).__name__
        return side
    start = side.add("text", start)
    step = max(1, -(-len(pages) // _MOST_PAGES))
    with file:
        for page in pages[::step]:
            try:
                stated = bool(read(page))
                _ = page.chars, page.lines
                text = page.extract_text()
            except Exception as error:
                text, stated = f"{_FAILED} {type(error).__name__}", False
                page._objects = {}
            start = side.add("text", start)
            found = [cell for table in tables(page) for row in table for cell in row]
            side.add("tables", start)
            side.texts.append(text)
            side.stated.append(stated)
            side.cells.append(found)
            page.close()
            start = (time.process_time(), time.perf_counter())
    return side


@dataclass
class Compared:
    """The sums over a group of files, and what differs."""

    spent: dict[str, dict[str, Clock]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    different: list[str] = field(default_factory=list)

    def add(self, name: str, stock: Side, ours: Side) -> None:
        """Add a file that both have read."""
        from bench.corpus import key

        if stock.failed or ours.failed:
            self.counts["files that do not open"] += 1
            if stock.failed != ours.failed:
                self.different.append(f"{name}: {stock.failed} / {ours.failed}")
            return
        for who, side in (("stock", stock), ("ours", ours)):
            mine = self.spent.setdefault(who, {})
            for stage, (cpu, wall) in side.spent.items():
                before = mine.get(stage, (0.0, 0.0))
                mine[stage] = (before[0] + cpu, before[1] + wall)
        for number, pages in enumerate(
            zip(stock.texts, ours.texts, stock.cells, ours.cells, ours.stated, strict=True), start=1
        ):
            one_text, other_text, cells, others, stated = pages
            why = "as /ActualText says" if stated else "not explained"
            if one_text.startswith(_FAILED) and not other_text.startswith(_FAILED):
                why = "which pdfplumber cannot read"
            self.counts["pages"] += 1
            if key(one_text) == key(other_text):
                self.counts["same"] += 1
            else:
                self.counts["as /ActualText says"] += stated
                self.different.append(f"{name}, page {number} of those read: text, {why}")
            self.counts["cells"] += max(len(cells), len(others))
            same = sum(
                key(one or "") == key(other or "")
                for one, other in zip(cells, others, strict=False)
            )
            self.counts["same cells"] += same
            if same < max(len(cells), len(others)):
                self.different.append(f"{name}, page {number} of those read: cells, {why}")

    def row(self, name: str, stages: Sequence[str], least: float, same: str, of: str,
            share: float) -> Row:  # fmt: skip
        """Return the row of the table for these stages."""
        cpu, wall = (
            {
                who: sum(mine[stage][which] for stage in stages if stage in mine)
                for who, mine in self.spent.items()
            }
            for which in (0, 1)
        )
        times = cpu["stock"] / cpu["ours"]
        alike = self.counts[same] / self.counts[of] if self.counts[of] else 1.0
        notes = [f"{self.counts['pages']} pages", f"{same} {alike:.2%}"]
        if of == "pages" and (stated := self.counts["as /ActualText says"]):
            alike += stated / self.counts[of]
            notes.append(f"{stated} as /ActualText says")
        return Row(
            f"{name} ({'; '.join(notes)})",
            f"{cpu['ours']:.2f} s CPU, {wall['ours']:.2f} s",
            f"{cpu['stock']:.2f} s CPU, {wall['stock']:.2f} s",
            f"{times:.1f}× faster",
            f"≥ {least:g}×, {same}{' or explained' if of == 'pages' else ''} ≥ {share:.1%}",
            times >= least and alike >= share,
        )  # fmt: skip


def _groups(paths: Sequence[Path]) -> dict[str, Compared]:
    found = {name: Compared() for name in ("all", "mhlw-covid", "reports")}
    for at, path in enumerate(paths):
        sides: list[tuple[str, Read]] = [("stock", read_stock), ("ours", read_ours)]
        turns = [*(sides if at % 2 else reversed(sides))] * _TIMES
        read: dict[str, Side] = {}
        for name, side in turns:
            now = side(path)
            if name not in read or now.total < read[name].total:
                read[name] = now
        folder = path.parent.name
        for group in ("all", "mhlw-covid", "reports"):
            if group == "all" or group == folder or (
                group == "reports" and folder not in (*_FIXTURES, "mhlw-covid")
            ):  # fmt: skip
                found[group].add(path.name, read["stock"], read["ours"])
    return found


def rows(show: Callable[[str], None] | None = None) -> Iterator[Row]:
    """Yield the rows of the table; `show` is told what differs."""
    from bench.corpus import ROOT, files

    if not (ROOT / "real").is_dir():
        yield Row("reading of pages", f"skipped: no corpus in {ROOT.name}/")
        return
    paths = [path for path in files("real") if path.suffix.lower() == ".pdf"]
    # Before anything heavy is imported: a child's peak is never less than its parent's size.
    parse = [sys.executable, "-m", "bench.fidelity.reading", "--parse"]
    peaks = {path: spent([*parse, str(path)]).peak for path in paths}
    most = max(peaks, key=lambda path: peaks[path])
    yield Row(
        f"peak memory of ingest for one document, the worst of {len(paths)} ({most.name})",
        f"{peaks[most]:.0f} MiB", must="≤ 150 MiB", good=peaks[most] <= 150,
    )  # fmt: skip
    found = _groups(paths)
    yield found["all"].row("characters, lines, text / pdfplumber", ["text"], 6, "same", "pages",
                           0.99)  # fmt: skip
    for group, least in (("mhlw-covid", 4.0), ("reports", 6.0)):
        yield found[group].row(
            f"text + tables of {group} / pdfplumber", ["text", "tables"], least, "same cells",
            "cells", 0.995,
        )  # fmt: skip
    for line in found["all"].different if show else ():
        show(line)  # type: ignore[misc]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parse", type=Path, help="only parse this file, for its peak memory")
    arguments = parser.parse_args()
    if arguments.parse:
        from bench.corpus import parse
        from shisaku.ingest.parsed.store import encode

        encode(parse(arguments.parse))
        return
    from bench.table import aligned

    measured = list(rows(lambda line: print(f"differs: {line}")))
    print(aligned([(row.name, row.value, row.beside, row.ratio, row.must) for row in measured]))


if __name__ == "__main__":
    main()
