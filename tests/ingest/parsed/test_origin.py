"""What a sidecar says of a fetched file, on its way into parsed/ and to who asks."""

import json
import os
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace

from shisaku.index.search.documents import list_documents
from shisaku.ingest.batch.pool import parse_all
from shisaku.ingest.disk import remembered
from shisaku.ingest.model import IndexState, Origin, Source, Withdrawn
from shisaku.ingest.parsed.origin import with_origin
from shisaku.ingest.parsed.sidecar import Sidecar, encode_sidecar, read_origin, sidecar_path
from shisaku.ingest.parsed.store import decode, encode
from shisaku.ingest.runs.status import survey
from tests.support import web
from tests.support.factories import document
from tests.support.intake import Data

URL = "https://www.example.go.jp/a.pdf"
GONE = Withdrawn("2026-01-02T03:04:05Z", "gone")
LATER = Withdrawn("2026-02-02T03:04:05Z", "unlinked")


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return Data(tmp_path)


def tell(data: Data, name: str, **fields: Any) -> Path:
    """Put a sidecar beside a file."""
    known: dict[str, Any] = {"url": URL, "publisher": "警察庁"} | fields
    sidecar = Sidecar(
        final_url=URL, source="npa", retrieved="2026-01-01T00:00:00Z", sha256="0" * 64, size=1,
        **known,
    )  # fmt: skip
    path = sidecar_path(data.raw / name)
    path.write_bytes(encode_sidecar(sidecar))
    return path


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the documents that were parsed, as they are."""
    found: list[str] = []

    def counting(jobs: Any, **options: Any) -> Any:
        found.extend(job.document_id for job in jobs)
        return parse_all(jobs, **options)

    monkeypatch.setattr("shisaku.ingest.batch.batch.parse_all", counting)
    return found


def test_without_a_sidecar_nothing_of_it_stands_in_the_record(data: Data) -> None:
    data.put("a.pdf", "一")
    data.run()
    raw = json.loads((data.root / "parsed" / "a.pdf.json").read_bytes())
    assert raw["sources"] == [{"path": "raw/a.pdf", "url": None}]
    assert "listed" not in raw and raw["parser"] == {"shisaku": "1"}


def test_a_fetched_document_has_its_url_and_what_the_list_says(data: Data) -> None:
    data.put("a.pdf", "一")
    tell(data, "a.pdf", plan="人身取引対策行動計画")
    data.run()
    found = data.read("a.pdf")
    assert found.sources == (Source("raw/a.pdf", URL),)
    assert (found.publisher, found.plan) == ("警察庁", "人身取引対策行動計画")
    assert found.plan_series == "人身取引対策行動計画"
    assert found.listed == {"publisher": "警察庁", "plan": "人身取引対策行動計画"}
    assert found.withdrawn is None


@pytest.mark.parametrize(
    ("stated", "listed", "publisher"),
    [
        (None, "警察庁", "警察庁"),
        (None, "NPA", "警察庁"),  # by its canonical name
        (None, "架空の協会", "架空の協会"),  # unknown to the registry, and still its name
        (None, "", None),
        ("法務省", "警察庁", "法務省"),  # what is printed wins
    ],
)
def test_the_publisher(stated: str | None, listed: str, publisher: str | None) -> None:
    made = with_origin(document("a.pdf", publisher=stated), Origin(publisher=listed))
    assert made.publisher == publisher
    assert made.listed == ({"publisher": listed} if listed and not stated else {})


@pytest.mark.parametrize(
    ("listed", "plan", "series"),
    [
        ("人身取引対策行動計画2009", "人身取引対策行動計画2009", "人身取引対策行動計画"),
        ("第3次みかん振興計画", "第3次みかん振興計画", "みかん振興計画"),
        ("みかんの振興", "みかんの振興", "みかんの振興"),  # no plan's name, but the list's word
    ],
)
def test_the_plan(listed: str, plan: str, series: str) -> None:
    made = with_origin(document("a.pdf"), Origin(plan=listed))
    assert (made.plan, made.plan_series) == (plan, series)
    own = document("a.pdf", plan="別の計画", plan_series="別")
    assert with_origin(own, Origin(plan=listed)) == replace(own, listed={})


def test_the_host_of_the_url_is_the_publisher_where_nothing_else_says() -> None:
    origin = Origin("https://www.mhlw.go.jp/a.pdf")
    made = with_origin(document("a.pdf"), origin)
    assert (made.publisher, made.basis["publisher"].where) == ("厚生労働省", "url")
    assert made.basis["publisher"].guessed
    # What is printed and what the list says win, and nothing of the host is left.
    assert with_origin(document("a.pdf", publisher="法務省"), origin).publisher == "法務省"
    listed = with_origin(made, replace(origin, publisher="警察庁"))
    assert (listed.publisher, dict(listed.basis)) == ("警察庁", {})
    for url in ("https://example.jp/a.pdf", "http://[", ""):
        assert with_origin(document("a.pdf"), Origin(url)).publisher is None


ORIGINS = st.builds(
    Origin,
    url=st.sampled_from(["", "https://www.mhlw.go.jp/", "https://example.jp/"]),
    publisher=st.sampled_from(["", "警察庁", "法務省", "だれか"]),
    plan=st.sampled_from(["", "人身取引対策行動計画", "何か"]),
) | st.none()  # fmt: skip


@given(ORIGINS, ORIGINS, st.none() | st.just("外務省"), st.none() | st.just("ある計画"))
def test_a_list_that_changes_leaves_no_trace_of_what_it_said(
    first: Origin | None, second: Origin | None, publisher: str | None, plan: str | None
) -> None:
    bare = document("a.pdf", publisher=publisher, plan=plan, plan_series=plan)
    assert with_origin(with_origin(bare, first), second) == with_origin(bare, second)
    assert with_origin(with_origin(bare, first), None) == bare


def test_a_sidecar_that_changes_has_its_document_told_and_not_parsed(
    data: Data, parsed: list[str]
) -> None:
    """After each step the record is that of a first run over the same raw/."""
    data.put("a.pdf", "一")
    data.put("b.pdf", "BY 法務省")
    data.run()
    assert parsed == ["a.pdf", "b.pdf"]
    steps: list[tuple[dict[str, Any], Any]] = [
        ({}, lambda d: d.sources[0].url == URL and d.publisher == "警察庁"),
        ({"withdrawn": GONE}, lambda d: d.withdrawn == GONE),
        ({"withdrawn": None}, lambda d: d.withdrawn is None and d.sources[0].withdrawn is UNSET),
        ({"url": URL + "2"}, lambda d: d.sources[0].url == URL + "2"),
        ({"publisher": "外務省"}, lambda d: d.publisher == "外務省"),
        ({"plan": "何か"}, lambda d: d.plan == d.plan_series == "何か"),
        ({}, lambda d: d.plan is None and d.plan_series is None),
    ]
    for fields, holds in steps:
        tell(data, "a.pdf", **fields)
        report = data.run()
        assert (report.changed, report.unchanged, report.written) == (1, 1, 1), fields
        found = data.read("a.pdf")
        assert holds(found), fields
        assert data.read("b.pdf").publisher == "法務省"
        before = data.stamps()
        assert data.run().written == 0
        assert data.stamps() == before
        assert parsed == ["a.pdf", "b.pdf"]
        data.run(force=True)
        assert data.read("a.pdf") == found
        del parsed[2:]


def test_a_sidecar_that_goes_takes_its_word_with_it(data: Data, parsed: list[str]) -> None:
    data.put("a.pdf", "URL https://own.example.go.jp/")
    data.run()
    first = data.read("a.pdf")
    assert first.sources[0].url == "https://own.example.go.jp/"
    place = tell(data, "a.pdf", withdrawn=GONE)
    data.run()
    assert data.read("a.pdf").sources[0] == Source("raw/a.pdf", URL, GONE)
    place.unlink()
    data.run()
    assert data.read("a.pdf") == first
    assert data.run().written == 0
    assert parsed == ["a.pdf", "a.pdf"]  # the URL that the file states had to be read again


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"url": 1}', b"\xff", b"[" * 100_000])
def test_a_damaged_sidecar_is_as_none(data: Data, content: bytes) -> None:
    data.put("a.pdf", "一")
    data.run()
    first = data.read("a.pdf")
    place = sidecar_path(data.raw / "a.pdf")
    place.write_bytes(content)
    assert read_origin(str(place)) is None
    report = data.run()
    assert (report.written, report.failed, report.ignored) == (0, 0, 0)
    assert data.read("a.pdf") == first
    place.unlink()
    place.mkdir()
    assert data.run().written == 0


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("npa/a.pdf", ["fetch", "--source", "npa"]),
        ("odd name/a b.pdf", ["fetch", "--source", "odd name"]),
        ("a.pdf", None),  # in the folder of no source
    ],
)
def test_a_damaged_sidecar_is_told_every_night(
    data: Data, name: str, command: list[str] | None
) -> None:
    data.put(name, "一")
    place = tell(data, name)
    data.run()
    whole = place.read_bytes()
    place.write_bytes(whole[:40])
    for _ in range(2):
        report = data.run()
        [found] = report.problems
        assert found.source == f"raw/{name}.source.json"
        assert found.problem.code == "sidecar" and "damaged" in found.problem.reason
        assert not report.needs_attention and not report.failed
        assert any(found.source in line for line in report.lines())
        [told] = list_documents(data.root).places
        assert (told.source, told.problem) == (found.source, found.problem)
    typed = [shlex.split(words) for words in re.findall("`(.*?)`", found.problem.remedy)]
    assert typed[-1] == ["rm", "--", found.source] and Path(data.root, typed[-1][-1]) == place
    assert [words[1:] for words in typed[:-1]] == ([command, ["ingest"]] if command else [])
    place.write_bytes(whole)
    assert data.run().problems == [] and list_documents(data.root).places == ()
    assert data.read(name).publisher == "警察庁"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (PermissionError(13, "Permission denied"), ["Permission denied"]),
        (FileNotFoundError(2, "No such file"), []),  # deleted since the directory was read
    ],
)
def test_a_sidecar_that_cannot_be_opened_is_told(
    data: Data, monkeypatch: pytest.MonkeyPatch, error: OSError, told: list[str]
) -> None:
    def closed(_: str) -> Origin:
        raise error

    data.put("npa/a.pdf", "一")
    tell(data, "npa/a.pdf")
    monkeypatch.setattr("shisaku.ingest.batch.discover.read_origin", closed)
    report = data.run()
    reasons = [found.problem.reason for found in report.problems]
    assert all(word in reason for word, reason in zip(told, reasons, strict=True))
    assert not report.needs_attention


def test_a_file_that_cannot_be_read_has_an_origin_too(data: Data) -> None:
    data.put("a.pdf", "一")
    data.put("scan.pdf", "BROKEN")
    for name in ("a.pdf", "scan.pdf"):
        tell(data, name)
    data.run()
    scan = data.read("scan.pdf")
    assert scan.failed and (scan.publisher, scan.sources[0].url) == ("警察庁", URL)
    data.put("a.pdf", "BROKEN")
    tell(data, "a.pdf", withdrawn=LATER)
    data.run()
    stale = data.read("a.pdf")
    assert stale.stale and stale.withdrawn == LATER and len(stale.passages) == 1
    assert data.run().written == 0


@pytest.mark.parametrize(
    ("marks", "whole"),
    [
        ((GONE,), GONE),
        ((GONE, LATER), LATER),  # since the last of them went
        ((GONE, UNSET), None),  # another address, or a copy put there by hand, still offers it
        ((UNSET,), None),
        ((), None),
    ],
)
def test_a_document_is_withdrawn_when_all_its_files_are(marks: Any, whole: Any) -> None:
    sources = tuple(Source(f"raw/{at}.pdf", withdrawn=mark) for at, mark in enumerate(marks))
    assert document("a.pdf", sources=sources).withdrawn == whole


def test_copies_have_origins_of_their_own(data: Data) -> None:
    data.put("b.pdf", "同じ")
    data.put("a.pdf", "同じ")
    tell(data, "b.pdf", withdrawn=GONE)
    data.run()
    found = data.read("a.pdf")
    assert found.sources == (Source("raw/a.pdf"), Source("raw/b.pdf", URL, GONE))
    assert found.withdrawn is None
    assert found.publisher == "警察庁"  # of the same bytes, whoever's address
    tell(data, "a.pdf", url=URL + "a", publisher="外務省", withdrawn=LATER)
    data.run()
    assert (data.read("a.pdf").publisher, data.read("a.pdf").withdrawn) == ("外務省", LATER)


def test_sidecars_that_did_not_change_are_not_read_again(
    data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "RACY_NS", 0)
    data.put("a.pdf", "一")
    place = tell(data, "a.pdf")
    read: list[str] = []

    def counting(path: str) -> Origin | None:
        read.append(path)
        return read_origin(path)

    monkeypatch.setattr("shisaku.ingest.batch.discover.read_origin", counting)
    data.run()
    data.run()
    assert read == [os.fspath(place)]
    tell(data, "a.pdf", url=URL + "2")
    data.run()
    assert len(read) == 2
    assert data.read("a.pdf").sources[0].url == URL + "2"


def test_the_status_counts_what_is_withdrawn(data: Data) -> None:
    data.put("a.pdf", "一")
    data.put("b.pdf", "二")
    tell(data, "a.pdf", withdrawn=GONE)
    data.run()
    status = survey(data.root, IndexState("gen-1"))
    assert status.withdrawn == status.to_json()["withdrawn"] == 1
    assert "1 withdrawn" in "\n".join(status.lines())
    assert not [fault for fault in status.faults if "withdrawn" in fault]


def test_what_a_document_says_of_its_origin_is_read_back(data: Data) -> None:
    made = with_origin(
        document("a.pdf", sources=(Source("raw/a.pdf", URL, GONE),)), Origin(publisher="警察庁")
    )
    raw = encode(made)
    assert json.loads(raw)["sources"][0]["withdrawn"] == {"since": GONE.since, "why": "gone"}
    again = decode(raw)
    assert again == made and encode(again) == raw


def test_from_the_site_to_the_record(tmp_path: Path) -> None:
    data = Data(tmp_path)
    with web.serving() as site:
        site.routes["/index.html"] = web.document(web.html("a.html"))
        site.routes["/a.html"] = web.document(web.html(words="施策"))
        for status in (200, 404):
            if status == 404:
                site.routes["/a.html"] = web.reply(404)
            site.fetch(tmp_path, include=("*/a.html",), allow_withdrawal=True)
            data.run()
            [key] = data.ids()
            found = data.read(key)
            assert (found.sources[0].url, found.publisher) == (site.url("/a.html"), "警察庁")
            assert (found.withdrawn is not None) == (status == 404)
