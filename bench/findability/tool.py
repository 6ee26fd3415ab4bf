"""The search as the measuring sees it: the corpus parsed and indexed once, then asked.

All that the rows need of the program passes through here: the parsed corpus in a folder outside the
project, an index over it, answers of the library for the thousands of queries, and the real command
line for the sample that shows that both agree. Nothing is copied from the corpus: raw/ is a link.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bench.corpus import HERE, ROOT, corpus_hash
from shisaku.index.generations.build import build_index
from shisaku.index.records.filters import Filters
from shisaku.index.search.searcher import Searcher
from shisaku.ingest.batch.batch import run_ingest
from shisaku.ingest.registry import registry

Record = dict[str, Any]
Counts = dict[str, dict[Any, int]]
"""Facet → value → count."""
Unit = Literal["passage", "measure"]

_PROJECT = HERE.parent
_PARSE_SECONDS = 900.0  # for one file: other programs may share the processors
_MARK = "findability.txt"


def sources_hash(*folders: str) -> str:
    """Return a hash over the code and the domain data of parts of the project."""
    digest = hashlib.sha256()
    for path in sorted(path for folder in folders for path in (_PROJECT / folder).rglob("*")):
        if path.suffix in {".py", ".toml"} and path.is_file():
            digest.update(f"{path.relative_to(_PROJECT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def parsed_corpus(jobs: int) -> Path:
    """Return a data directory that holds the parsed corpus; parsed anew when the parser changed."""
    key = hashlib.sha256(f"{corpus_hash()}{sources_hash('ingest')}".encode()).hexdigest()[:16]
    data = Path(tempfile.gettempdir()) / "shisaku-findability" / key
    data.mkdir(parents=True, exist_ok=True)
    raw = data / "raw"
    if not raw.is_symlink():
        raw.symlink_to(ROOT.resolve(), target_is_directory=True)
    run_ingest(data, jobs=jobs, timeout=_PARSE_SECONDS)
    return data


def indexed(data: Path) -> Path:
    """Bring the index of a data directory up to date, all anew when the indexing changed.

    Where nothing changed it takes no lock, so that two measurements can share an index.
    """
    mark, code = data / "runs" / _MARK, sources_hash("index")
    now = f"{code} {_state(data / 'parsed')}"
    last = mark.read_text(encoding="utf-8") if mark.is_file() else ""
    if last != now or not (data / "index/current").is_file():
        build_index(data, full=not last.startswith(code))
        mark.parent.mkdir(exist_ok=True)
        mark.write_text(now, encoding="utf-8")
    return data


def _state(parsed: Path) -> str:
    """Return a hash over names, sizes and times of the parsed files."""
    seen = sorted(
        f"{path.relative_to(parsed)} {path.stat().st_size} {path.stat().st_mtime_ns}"
        for path in parsed.rglob("*.json")
    )
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()


class Tool:
    """The library over one data directory."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.searcher = Searcher(data, registry().counted_as, published_as=registry().published_as)

    def close(self) -> None:
        """Let go of the index."""
        self.searcher.close()

    def export(self, query: str | None, filters: Filters | None = None) -> list[Record]:
        """Return every matching passage, in document order."""
        return list(self.searcher.export(query, filters)[1])

    def ids(self, query: str | None, filters: Filters | None = None) -> list[str]:
        """Return the ids of every matching passage, in document order."""
        return [record["id"] for record in self.searcher.export(query, filters)[1]]

    def hits(
        self, query: str, filters: Filters | None = None, *, limit: int = 10, offset: int = 0
    ) -> tuple[int, list[Record]]:
        """Return the number of matches and a page of them, the best first."""
        found = self.searcher.search(query, filters, limit=limit, offset=offset)
        return found.total, found.hits

    def ranking(self, query: str, limit: int = 50) -> tuple[int, list[tuple[str, float]]]:
        """Return the number of matches, and ids and scores in order."""
        total, hits = self.hits(query, limit=limit)
        return total, [(hit["id"], hit["score"]) for hit in hits]

    def facets(
        self, query: str | None, filters: Filters | None = None, unit: Unit = "passage"
    ) -> tuple[int, Counts]:
        """Return the number of matches and the counts of each facet."""
        total, facets = self.searcher.facets(query, filters, unit=unit)
        return total, _counts(facets)


def _counts(facets: dict[str, list[dict[str, Any]]]) -> Counts:
    return {
        name: {entry["value"]: entry["count"] for entry in entries}
        for name, entries in facets.items()
    }


# --- the command line --------------------------------------------------------------------------


@dataclass(frozen=True)
class Ran:
    """What a command gave back."""

    code: int
    out: str
    errors: str

    def json(self) -> Any:
        """Read its standard output."""
        return json.loads(self.out)


def run(data: Path, arguments: Sequence[str], seconds: float = 60.0) -> Ran:
    """Run the real command line in a process of its own.

    Raises:
        subprocess.TimeoutExpired: it takes longer than `seconds`.

    """
    command = [sys.executable, "-c", "from shisaku.cli import main; main()", "--data", str(data)]
    done = subprocess.run(
        [*command, *arguments], cwd=_PROJECT, capture_output=True, timeout=seconds, check=False
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode("utf-8", "replace"))


def invoke(data: Path, arguments: Sequence[str]) -> Ran:
    """Run a command in this process, with the same arguments and the same output."""
    from click.testing import CliRunner

    from shisaku.cli import main

    done = CliRunner().invoke(main, ["--data", str(data), *arguments])
    return Ran(done.exit_code, done.stdout, done.stderr)


def texts_of(record: Record, matched: Iterable[str]) -> Iterator[str]:
    """Yield the texts of a passage that `matched` names."""
    measure = record["measure"]
    for part in matched:
        if part == "path":
            yield from record["path"]
        elif part == "measure":
            yield f"{measure['label']} {measure['title']}".strip() if measure else ""
        else:
            yield record[part]
