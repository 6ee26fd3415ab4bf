"""A searcher that lives for days: what its memory grows by, and whether its answers stay the same.

`python -m bench.resilience.resident DIR REQUESTS` asks random requests over the index of DIR in
one process and prints the growth of its anonymous memory (RssAnon of /proc/self/status, in MB)
after the first `WARM` of them, and how many of some answers differ from those given at first.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from bench.resilience.tool import COMMAND, ROOT, environment
from bench.table import Row
from shisaku.index.engine.base import UnitName
from shisaku.index.query.plan import MatchOptions
from shisaku.index.records.filters import Filters
from shisaku.index.search.searcher import Searcher
from shisaku.index.search.selection import Request
from shisaku.ingest.errors import ShisakuError

WARM = 1_000
"""Requests after which caches are taken to be full."""
_TEXTS = 2_000
"""Passages from which queries are drawn."""
_COMPARED = 60
"""Requests that are asked once more at the end."""
_EXPORTED = 20
"""Records that are read of an export, which is then dropped."""
_WORD = re.compile("[\u4e00-\u9fff]{2,}|[\u30a1-\u30ff]{3,}|[A-Za-z]{2,}|[0-9]{4}年")
_FORMS = (
    *("{0}", "{0}", "{0} {1}", "{0} {1}", "{0} OR {1}", "{0} -{1}", '"{0}"', "{0}*", "{0}~"),
    *("見出し:{0}", "題名:{0}", "施策:{0} {1}", "本文:{0}", "({0} OR {1}) {2}", "{0} 年:2011"),
)


class Requests:
    """Draws requests from the words of an index."""

    def __init__(self, searcher: Searcher, seed: int) -> None:
        self.chance = Random(seed)
        texts = [record["text"] for record in searcher.export()[1]]
        drawn = self.chance.sample(texts, min(_TEXTS, len(texts)))
        self._words = [word for text in drawn for word in _WORD.findall(text)]
        self._names = searcher.ministries() or ["警察庁"]

    def query(self) -> str:
        """Draw a query."""
        three = [self.chance.choice(self._words)[: self.chance.randint(2, 8)] for _ in range(3)]
        if self.chance.random() < 0.05:
            three[0] += "ゑ"  # stands nowhere: near spellings are looked for
        return self.chance.choice(_FORMS).format(*three)

    def request(self) -> Request:
        """Draw a request."""
        chance = self.chance
        year = chance.randint(2004, 2022)
        filters = Filters(
            ministry=(chance.choice(self._names),) if chance.random() < 0.2 else (),
            year=((year, year + 4),) if chance.random() < 0.2 else (),
        )
        options = MatchOptions(exact=chance.random() < 0.1, words_only=chance.random() < 0.1)
        unit: UnitName = "measure" if chance.random() < 0.25 else "passage"
        return Request(self.query(), filters, unit, options)


def answer(searcher: Searcher, request: Request, *, sort: Any = "relevance") -> Any:
    """Return an answer in plain types, or the error."""
    try:
        return msgspec.to_builtins(searcher.answer(request, sort=sort))
    except ShisakuError as error:
        return str(error)


def anonymous() -> int:
    """Return the anonymous memory of this process in kB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"RssAnon:\s+(\d+) kB", status)
    assert found, "only Linux says so"
    return int(found[1])


def ask(data: Path, count: int, seed: int = 5) -> dict[str, float]:
    """Ask `count` requests in this process; return growth in MB and how many answers differ."""
    with Searcher(data) as searcher:
        draw = Requests(searcher, seed)
        compared = [draw.request() for _ in range(_COMPARED)]
        before = [answer(searcher, request) for request in compared]
        warm = 0
        for number in range(count):
            if number == min(WARM, count // 2):
                warm = anonymous()
            request = draw.request()
            if draw.chance.random() < 0.05:
                records = searcher.select(request).records()
                for _, _ in zip(range(_EXPORTED), records, strict=False):
                    pass
            answer(searcher, request, sort=draw.chance.choice(["relevance", "date"]))
        grown = anonymous() - warm
        after = [answer(searcher, request) for request in compared]
    unlike = sum(one != other for one, other in zip(before, after, strict=True))
    return {"grown": grown / 1000, "warm": warm / 1000, "unlike": unlike}


def resident(data: Path, count: int, most: float) -> Row:
    """Ask `count` requests over the index of `data` in a process of its own."""
    command = [sys.executable, "-m", "bench.resilience.resident", str(data), str(count)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, encoding="utf-8", check=False
    )
    failures: Sequence[str] = () if done.returncode == 0 else (done.stderr[-400:],)
    found = json.loads(done.stdout) if done.returncode == 0 else {"grown": 0, "unlike": 0}
    return Row(
        f"{count} requests in one process: memory after the first {min(WARM, count // 2)}; answers",
        f"+{found['grown']:.1f} MB; {found['unlike']:.0f} differ",
        f"≤ {most:.0f} MB; 0",
        not failures and found["grown"] <= most and not found["unlike"],
        tuple(failures),
    )


def over_policy(folder: Path, count: int, most: float) -> Row:
    """Do so over the plans of the corpus ($SHISAKU_CORPUS), else over the sample."""
    corpus = Path(os.environ.get("SHISAKU_CORPUS") or ROOT.parent / "shared/corpus")
    raw = corpus / "policy" if (corpus / "policy").is_dir() else ROOT / "data/raw/sample"
    shutil.copytree(raw, folder / "raw")
    done = subprocess.run(
        [*COMMAND, "update", "--data", str(folder)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode not in (0, 3):
        return Row("requests in one process", "no index", "", False, (done.stderr[-400:],))
    return resident(folder, count, most)


if __name__ == "__main__":
    print(json.dumps(ask(Path(sys.argv[1]), int(sys.argv[2]))))
