"""A data folder of version 0.1 is taken over: said beforehand, resumed, ids kept, nothing removed.

data_folder_0_1.tar.xz is what 0.1 made of data/raw/sample (parsed/, index/ and runs/).
"""

import gzip
import hashlib
import json
import shutil
import tarfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from shisaku.cli import main
from shisaku.ingest.batch.batch import run_ingest
from shisaku.ingest.batch.parse import parse_file
from shisaku.ingest.batch.renewal import BYTES_PER_SECOND, Renewal, spoken
from shisaku.ingest.batch.report import IngestReport
from shisaku.ingest.disk import remembered
from shisaku.ingest.model import Source
from shisaku.ingest.parsed.ids import passage_key
from shisaku.ingest.parsed.store import Store
from shisaku.ingest.runs.record import Run, Work
from tests.support.corpus import ROOT as CORPUS
from tests.support.intake import Data

ROOT = Path(__file__).parents[3]
OLD = ROOT / "tests/data/data_folder_0_1.tar.xz"
KNOWN: dict[str, dict[str, str]] = json.loads(
    gzip.decompress((ROOT / "tests/data/ids_0_1.json.gz").read_bytes())
)
"""Of documents of the corpus (seeds/): what an id has behind "#" in 0.1, by a hash of the words.
Words that stand in a document more than once are left out."""


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(remembered, "RACY_NS", 0)
    with tarfile.open(OLD) as archive:
        archive.extractall(tmp_path, filter="data")
    shutil.copytree(ROOT / "data/raw/sample", tmp_path / "raw/sample")
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)], prog_name="shisaku")


def passages(data: Path) -> dict[str, list[tuple[str, str]]]:
    """Give id and text of each passage by document."""
    found = {}
    for path in sorted((data / "parsed").rglob("*.json")):
        document: dict[str, Any] = json.loads(path.read_bytes())
        found[document["id"]] = [(p["id"], p["text"]) for p in document["passages"]]
    return found


def test_a_folder_of_0_1_is_taken_over(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = passages(old)
    assert sum(map(len, before.values())) == 115
    # Even where this version reads documents as 0.1 did.
    monkeypatch.setattr("shisaku.ingest.batch.parse.PARSER_VERSION", "another")
    done = run("update", "--jobs", 1, "--data", old)
    assert done.exit_code == 0, done.stderr
    said = done.stderr.splitlines()
    assert said[0].startswith(
        "update: this version reads documents differently: "
        "5 of 5 documents will be parsed again, about "
    )
    after = passages(old)
    assert after.keys() == before.keys()
    again = run("update", "--jobs", 1, "--data", old)
    assert "parsed again" not in again.stderr and "no changes" in again.stderr


def test_words_that_are_the_same_keep_their_ids(old: Path) -> None:
    """Compare with the ids that 0.1 gave; words that this version reads otherwise do not count."""
    before = passages(old)
    shutil.rmtree(old / "parsed")
    assert run("ingest", "--jobs", 1, "--data", old).exit_code == 0
    compared = 0
    for name, now in passages(old).items():
        ids, texts = dict(before[name]), Counter(text for _, text in now)
        known = {text: key for key, text in before[name]}
        repeated = {text for text, n in Counter(ids.values()).items() if n > 1}
        for key, text in now:
            if text in known and texts[text] == 1 and text not in repeated:
                assert key == known[text]
                assert key == passage_key(name, text) or "-" in key.rpartition("#p-")[2]
                compared += 1
    assert compared > 80


@pytest.mark.skipif(not (CORPUS / "seeds").is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize("name", sorted(KNOWN))
def test_words_of_real_documents_that_are_the_same_keep_their_ids(name: str) -> None:
    known: dict[str, str] = KNOWN[name]
    path = CORPUS / "seeds" / name
    document = parse_file(path, name, (Source(f"raw/{name}"),), "0" * 64)
    texts = Counter(passage.text for passage in document.passages)
    pairs = [
        (passage.id.rpartition("#")[2], known[key])
        for passage in document.passages
        if texts[passage.text] == 1 and (key := _short(passage.text)) in known
    ]
    # Words that are found no more, or more often, are the parser's progress and not this test's.
    assert len(pairs) > len(known) / 2
    assert [pair for pair in pairs if pair[0] != pair[1]] == []


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


# --- with a parser of the tests ----------------------------------------------------------------


def _run(data: Data, version: str, said: list[str], **options: Any) -> IngestReport:
    return run_ingest(
        data.root, jobs=1, parse="tests.support.fake_parser:parse", versions={"shisaku": version},
        tell=said.append, command="update", **options,
    )  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Data:
    data = Data(tmp_path)
    for number in range(30):
        data.put(f"{number:02}.pdf", f"第{number}の文\n二つ目")
    assert data.run(version="1").new == 30
    return data


def test_what_is_read_again_is_said_beforehand_and_is_no_removal(data: Data) -> None:
    said: list[str] = []
    events: list[str] = []
    data.put("new.pdf", "新しい")
    data.put("00.pdf", "変わった")
    report = _run(data, "2", events, progress=lambda done, total, name: events.append(name))
    # neither what is new nor what has changed is read again for the version's sake
    assert events[0] == (
        "update: this version reads documents differently: 29 of 30 documents will be parsed "
        "again, about 10 seconds"
    )
    assert (len(events), report.changed, report.new, report.gone) == (32, 30, 1, 0)
    _run(data, "2", said)
    assert said == []


def test_a_takeover_that_was_interrupted_goes_on_where_it_was(data: Data) -> None:
    def interrupt(done: int, total: int, name: str) -> None:
        if done == 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _run(data, "2", [], progress=interrupt)
    said: list[str] = []
    again: list[str] = []
    _run(data, "2", said, progress=lambda done, total, name: again.append(name))
    assert "18 of 30 documents will be parsed again" in said[0]
    assert len(again) == 18


def test_what_the_new_version_cannot_read_answers_as_it_was(data: Data) -> None:
    # The bytes are the same: it is the program that no longer reads them.
    report = run_ingest(
        data.root,
        jobs=1,
        parse="tests.support.fake_parser:refuse",
        versions={"shisaku": "2"},
        command="update",
    )
    assert (report.failed, report.gone) == (30, 0)
    document = Store(data.root / "parsed").read("07.pdf")
    assert document and document.stale and len(document.passages) == 2


@pytest.mark.parametrize(
    ("work", "seconds"),
    [
        (Work(100, 1_000_000, 2, 10.0), 20.0),  # 2 MB at 50 kB/s and process, 2 processes
        (Work(100, 1_000_000, 1, 10.0), 10.0),
        (Work(5, 1_000_000, 1, 10.0), 2e6 / BYTES_PER_SECOND / 2),  # too few files to tell
        (Work(100, 1_000_000, 1, 0.5), 2e6 / BYTES_PER_SECOND / 2),  # too short
        (None, 200.0),  # by documents, as 0.1 wrote it down: 1 s each
    ],
)
def test_the_time_is_estimated_from_the_last_run_that_tells(
    tmp_path: Path, work: Work | None, seconds: float
) -> None:
    record = Run(tmp_path, "update")
    with record.stage("ingest") as stage:
        pass
    if work:
        stage.work = work
    else:
        stage.seconds = 40.0
        record.record.documents["added"] = 40
    record.end(0)
    assert Renewal(200, 200, 2_000_000).seconds(tmp_path, 2) == pytest.approx(seconds)
    assert Renewal(0, 200, 0).line(tmp_path, "update", 2) == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "10 seconds"), (44, "40 seconds"), (89, "90 seconds"), (90, "2 minutes"),
        (355, "6 minutes"), (5399, "90 minutes"), (5400, "1.5 hours"),
    ],
)  # fmt: skip
def test_a_time_is_said_in_round_numbers(seconds: float, words: str) -> None:
    assert spoken(seconds) == words
