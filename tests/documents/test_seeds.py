"""The five documents that the project is about, parsed and compared with their gold."""

import hashlib
import json
from functools import cache
from typing import Any

import pytest

from shisaku.ingest.batch.parse import parse_file
from shisaku.ingest.model import Document, Passage, Source
from shisaku.ingest.text.fold import fold
from tests.support.corpus import ROOT

SEEDS = ROOT / "seeds"
FOLLOW_UP = "jinshin-torihiki-followup-2011-11.pdf"
PLAN = "jidou-porno-taisaku-3-2016-07.pdf"
FORM = "iom-kyoshutsukin-sheet-2018.pdf"
BROCHURE = "isa-brochure-2023.pdf"
MEETINGS = "jinshin-torihiki-kaisai.html"

pytestmark = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the corpus of real documents is not here ($SHISAKU_CORPUS)"
)


@cache
def parsed(name: str) -> Document:
    path = SEEDS / name
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return parse_file(path, name, (Source(f"raw/{name}"),), digest)


def gold(name: str) -> dict[str, Any]:
    path = (SEEDS / "gold" / name).with_suffix(".json")
    loaded: dict[str, Any] = json.loads(path.read_bytes())
    return loaded


def of_measure(document: Document, measure: str) -> list[Passage]:
    return [passage for passage in document.passages if passage.measure == measure]


@pytest.mark.parametrize("name", [FOLLOW_UP, PLAN, MEETINGS])
def test_what_the_document_is(name: str) -> None:
    document, wanted = parsed(name), gold(name)
    assert fold(document.title) == fold(wanted["title"])
    for field in ("kind", "issued", "plan", "year"):
        if field in wanted:
            assert getattr(document, field) == wanted[field], field


def test_the_follow_up_equals_its_gold() -> None:
    document, wanted = parsed(FOLLOW_UP), gold(FOLLOW_UP)
    assert len(document.measures) == 47
    for measure, expected in zip(document.measures, wanted["measures"], strict=True):
        assert (measure.label, fold(measure.title)) == (expected["label"], fold(expected["title"]))
        assert [fold(part) for part in measure.path] == [fold(part) for part in expected["path"]]
        found = [
            (passage.ministries, passage.mark, passage.restated, fold(passage.text))
            for passage in of_measure(document, measure.id)
        ]
        assert found == [
            (tuple(row["ministries"]), item["mark"], item["restated"], fold(item["text"]))
            for row in expected["rows"]
            for item in row["items"]
        ], measure.title
    items = [passage for passage in document.passages if passage.type == "status_item"]
    assert len(items) == 211
    assert {passage.status for passage in items} == {"done", "pending"}


def test_the_plan_equals_its_gold() -> None:
    document, wanted = parsed(PLAN), gold(PLAN)
    assert document.publisher == wanted["publisher"]
    for measure, expected in zip(document.measures, wanted["measures"], strict=True):
        assert (measure.label, fold(measure.title)) == (expected["label"], fold(expected["title"]))
        assert [fold(part) for part in measure.path] == [fold(part) for part in expected["path"]]
        assert measure.ministries == tuple(expected["ministries"]), measure.title
        assert measure.and_others == expected["and_others"], measure.title
        texts = [fold(passage.text) for passage in of_measure(document, measure.id)]
        assert texts == [fold(text) for text in expected["paragraphs"]]
    preface = [fold(p.text) for p in document.passages if p.path and p.path[0].startswith("序")]
    assert preface == [fold(text) for text in wanted["preface"]]


def test_the_meetings_equal_their_gold() -> None:
    document, wanted = parsed(MEETINGS), gold(MEETINGS)
    meetings = [passage for passage in document.passages if passage.type == "meeting"]
    assert [passage.date for passage in meetings] == [entry["date"] for entry in wanted["meetings"]]
    for passage, entry in zip(meetings, wanted["meetings"], strict=True):
        for words in (f"第{entry['number']}回", entry["attendees"], entry["summary"]):
            assert fold(words) in fold(passage.text)


# Labels and the beginning of a value, as they stand on the printed sheet.
FIELDS = [
    (("分担金・拠出金名",), "国際移住機関（IOM）拠出金"),
    (("種別",), "任意拠出金"),
    (("30年度予算額",), "23,100千円"),
    (("総合評価",), "B"),
    (("拠出先国際機関名",), "国際移住機関（IOM）"),
    (("2 組織・財政マネジメント",), "・IOMの組織・財政マネジメントについては"),
    (("4 日本人職員・ポストの状況等", "加盟国等の数"), "169"),
    (("4 日本人職員・ポストの状況等", "うち、日本人幹部職員数"), "1"),
    (("5 PDCAサイクルの確保等", "PLAN"), "日本の人身取引対策"),
    (("5 PDCAサイクルの確保等", "ACT"), "上記報告等を踏まえ"),
]


@pytest.mark.parametrize(("labels", "value"), FIELDS)
def test_the_form_has_its_fields(labels: tuple[str, ...], value: str) -> None:
    key = [fold(label) for label in labels]
    found = [
        fold(passage.text)
        for passage in parsed(FORM).passages
        if passage.type == "field" and [fold(part) for part in passage.path][-len(key) :] == key
    ]
    assert any(text.startswith(fold(value)) for text in found), found


def test_a_label_that_breaks_over_the_page_is_one_label() -> None:
    labels = {fold(part) for passage in parsed(FORM).passages for part in passage.path}
    assert fold("3 日本の外交課題遂行における有用性・重要性") in labels


def test_the_brochure_reads_column_by_column() -> None:
    document = parsed(BROCHURE)
    assert document.kind == "brochure"
    titles = [fold(section.title) for section in document.sections]
    order = [
        "出入国在留管理庁の役割", "円滑かつ厳格な出入国審査", "外国人の適正かつ円滑な受入れ",
        "共生社会の実現に向けた外国人の受入れ環境の整備", "難民の適正な保護",
        "人身取引(性的サービスや労働の強要等)対策", "国際社会等への対応",
    ]  # fmt: skip
    places = [titles.index(fold(title)) for title in order]
    assert places == sorted(places)
    texts = [fold(passage.text) for passage in document.passages]
    # This sentence begins in the left column and ends in the right one.
    assert any(
        fold("不法入国者等を摘発し国外への退去強制業務を行う「入国警備官」は1,659人") in text
        for text in texts
    )
    rows = [passage for passage in document.passages if passage.type == "row" and passage.cells]
    stay = next(row for row in rows if row.cells and row.cells[0].text == "短期滞在")
    assert stay.cells is not None
    assert {cell.column for cell in stay.cells} >= {"在留資格", "該当例", "在留期間"}
