"""A handful of real files of every sort: each is read, or named with its reason; nothing else."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from shisaku.ingest.batch.parse import parse_file
from shisaku.ingest.model import Document, Source
from shisaku.ingest.text.radicals import count_radicals
from tests.support.corpus import ROOT

REAL = ROOT / "real"

pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason="the corpus of real documents is not here ($SHISAKU_CORPUS)"
)

# A file, the problem that keeps it from being read ("" where it is read), the least of passages.
FILES = [
    ("mhlw-covid/tokyo_iryo_20210515.pdf", "not_a_document", 0),  # an error page of the site
    ("pdfminer/aes-256-r6.pdf", "password", 0),
    ("pdfjs/empty_protected.pdf", "needs_ocr", 0),  # an owner's password does not lock; empty
    ("pdfjs/noembed-sjis.pdf", "", 1),  # no font embedded
    ("pdfminer/jo.pdf", "", 1),
    ("pdfminer/kampo.pdf", "", 3),  # 官報, vertical writing
    ("pdfminer/issue-449-vertical.pdf", "", 1),
    ("pdfjs/poppler-395-0-fuzzed.pdf", None, 0),
    ("pdfminer/zen_of_python_corrupted.pdf", None, 0),
    ("pdfjs/issue16538.pdf", None, 0),
    ("pmda-notices/000203155.pdf", "", 5),
    ("mhlw-tensuhyo/000906588.pdf", "", 3),  # vertical writing
    ("mhlw-tensuhyo/保医発0729第4号.pdf", "", 10),
    ("mhlw-tensuhyo/別添７.pdf", "", 10),  # a form with 519 rectangles
    ("mhlw-covid/20211005.pdf", "", 10),  # a dense table
    ("gsi-legend/geje-ort.pdf", None, 0),
    ("law-egov-sjis/自殺対策基本法.html", "", 20),
    ("gsi-legend/lc_legend.html", "", 1),
    ("gov-html/realworld-mlit-jtsb.html", "", 5),
    ("cio-html/2807.html", "", 4),
]


@cache
def parsed(name: str) -> Document:
    path = REAL / name
    if not path.exists():
        pytest.skip(f"not in this corpus: real/{name}")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return parse_file(path, name, (Source(f"raw/{name}"),), digest)


@pytest.mark.parametrize(("name", "code", "least"), FILES, ids=[Path(f[0]).name for f in FILES])
def test_a_file_is_read_or_named_with_its_reason(name: str, code: str | None, least: int) -> None:
    document = parsed(name)
    failures = [problem for problem in document.problems if problem.failed]
    assert bool(failures) == document.failed
    assert document.failed != bool(document.passages)
    for problem in document.problems:
        assert problem.code != "internal"
        assert problem.reason
        assert problem.remedy
    if code is not None:
        assert [problem.code for problem in failures] == ([code] if code else [])
    assert len(document.passages) >= least


def sound() -> Iterator[Document]:
    for name, code, _ in FILES:
        if not code and not (document := parsed(name)).failed:
            yield document


def test_what_was_read_is_whole_and_can_be_cited() -> None:
    for document in sound():
        assert document.title
        ids = [passage.id for passage in document.passages]
        assert len(ids) == len(set(ids))
        measures = {measure.id for measure in document.measures}
        for passage in document.passages:
            assert passage.text == passage.text.strip()
            assert passage.text
            assert not count_radicals(passage.text)
            assert 1 <= passage.page <= passage.page_end <= max(document.pages, 1)
            assert passage.measure is None or passage.measure in measures
            for box in passage.boxes:
                assert box.x0 < box.x1
                assert box.top < box.bottom


def test_the_articles_of_a_law_are_in_its_outline() -> None:
    document = parsed("law-egov-sjis/自殺対策基本法.html")
    labels = [section.label for section in document.sections]
    assert document.kind == "law"
    assert labels.count("第一条") >= 1
    assert "第二十条" in labels
