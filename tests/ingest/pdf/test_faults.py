"""Faults that readers of PDF are known for, each in a small file (tests/data/pdf)."""

from pathlib import Path

import pytest

from shisaku.ingest.batch.parse import parse_file
from shisaku.ingest.model import Document
from tests.support.paths import DATA

# File, what must be read whatever its white space, what must not.
TEXTS: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    # CIDs of JIS2004 forms that pdfminer's table lacks.
    ("p61-pr6n-identity-no-tounicode", ("進捗状況", "賭博", "遡及", "葛飾区", "隠蔽"), ()),
    # A predefined CMap that builds on another one: the digits are in the other.
    ("p01b-hw-font-mixed", ("件数は44件（平成30年は36件）",), ()),
    ("p05-usecmap", ("人身取引対策青少年",), ()),
    ("p03-tounicode-holes-japan1", ("あ亜青い",), ()),
    ("rot90-a4-of-larger", ("人身取引対策の推進について", "査証審査を厳格に行った"), ()),
    ("p11-rotate90-offcentre-crop", ("警察庁は、捜査員を対象に",), ()),
    ("p21-rotate90-partial-crop", ("第20条", "第5条"), ()),
    ("p24c-mediabox-reversed", ("人身取引対策の推進", "警察庁は研修を行った"), ()),
    ("p12-ocr-layer-under-text", ("人身取引対策の推進",), ("推推", "進進")),
    # A typed note and a stamp are shown; a hidden note and a comment's window are not.
    ("p13-annotations", ("追記：令和六年四月一日に改正された。", "取扱注意"), ("隠された", "付箋")),
    ("p14-acroform", ("女性の人権ホットライン運営事業", "法務省人権擁護局", "二万三千件"), ()),
    ("p16-ocg-off", ("外務省は、在外公館において",), ("旧案", "旧版")),
    ("p31-wingdings-bullets", ("●相談窓口", "■被害者", "➢研修", "•広報"), ("l相談", "Ø")),
    ("p50-subscript-co2", ("CO2）の排出量", "CH4", "N2O", "m2", "PM2.5"), ()),
    ("p62-subscript-full", ("PM2.5", "N2O", "百m2であり、オゾン（O3）"), ()),
    ("p51-english-hyphen", ("traffickinginpersons", "non-governmental", "well-known"), ()),
    ("p59-tilted", ("政府は関係省庁の連携を強化することとした",), ()),
    ("p55-page1-readable-page2-unmapped", ("警察庁は、捜査員を対象に研修を行った",), ("\ufffd",)),
]


def read(name: str) -> Document:
    return parse_file(DATA / "pdf" / f"{name}.pdf", f"{name}.pdf", (), "")


def said(document: Document) -> str:
    parts = [document.title, *(text for p in document.passages for text in (*p.path, p.text))]
    return "".join("\n".join(parts).split())


@pytest.mark.parametrize(("name", "read_", "unread"), TEXTS, ids=[row[0] for row in TEXTS])
def test_what_a_reader_sees_is_read_once(
    name: str, read_: tuple[str, ...], unread: tuple[str, ...]
) -> None:
    document = read(name)
    text = said(document)
    assert [word for word in read_ if word not in text] == []
    assert [word for word in unread if word in text] == []
    assert document.ledger.get("lost", 0) == document.ledger.get("invented", 0) == 0


def test_a_watermark_is_furniture() -> None:
    document = read("p52-watermark-mitei")
    assert document.ledger["watermark"] == 6  # on two pages
    assert all("稿" not in heading for p in document.passages for heading in p.path)
    assert "稿定未" not in said(document)


@pytest.mark.parametrize(
    ("name", "code", "pages"),
    [
        ("p15-xfa", "xfa_form", ""),
        ("p55-page1-readable-page2-unmapped", "unmapped_pages", "Page 2"),
    ],
)
def test_what_cannot_be_read_is_told(name: str, code: str, pages: str) -> None:
    (problem,) = read(name).problems
    assert (problem.code, problem.failed) == (code, False)
    assert pages in problem.reason


def test_the_files_are_here() -> None:
    named = {row[0] for row in TEXTS} | {"p15-xfa", "p52-watermark-mitei"}
    assert {Path(path).stem for path in (DATA / "pdf").glob("*.pdf")} == named
