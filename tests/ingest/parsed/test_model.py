"""The parsed document survives its JSON unchanged, and the JSON has one spelling."""

import msgspec

from shisaku.ingest.model import Box, ColumnText, Document, Measure, Passage, Problem, Source


def test_a_document_round_trips_through_json() -> None:
    document = Document(
        id="a.pdf",
        sha256="0" * 64,
        sources=(Source("raw/a.pdf"),),
        title="人身取引対策行動計画",
        kind="plan",
        measures=(Measure("a.pdf#m-1", "①", "体制の強化", ("1. 防止",), ("警察庁",)),),
        passages=(
            Passage(
                id="a.pdf#p-1", type="row", text="一 | 二",
                cells=(ColumnText("列", "一"), ColumnText("", "二")),
                boxes=(Box(1, 0, 0, 10, 10),),
            ),
        ),
        problems=(Problem("needs-ocr", "No text layer.", "Run OCR."),),
        counts={"radicals": 3},
    )  # fmt: skip
    encoded = msgspec.json.encode(document, order="sorted")
    assert msgspec.json.decode(encoded, type=Document) == document
    assert document.failed


def test_a_warning_is_no_failure() -> None:
    warning = Problem("pages-skipped", "Page 3 was skipped.", "", failed=False)
    assert not Document(id="a", sha256="0", sources=(), title="t", problems=(warning,)).failed
