"""Tables of meetings: which tables are, the date of each row, what belongs to it."""

import io
from collections.abc import Callable, Sequence

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from shisaku.ingest.html import read_html
from shisaku.ingest.model import Document, RawDocument, Source
from shisaku.ingest.pdf import read_pdf
from shisaku.ingest.structure import build_document
from shisaku.ingest.structure.tables.meeting_tables import Sessions, find_sessions, has_sessions
from tests.support.setting import block, document, of_type, table

TITLE = block("人身取引対策推進会議の開催状況", size=16)
HEAD = ["回数", "開催日", "議題"]
ROWS = [
    ["第１回", "平成26年12月16日", "（１）会議の開催について\n（２）行動計画について"],
    ["第２回", "平成27年５月22日", "年次報告について"],
]


def test_each_row_is_a_meeting_with_its_date() -> None:
    made = document([TITLE, table([HEAD, *ROWS])])
    assert made.kind == "meeting_record"
    first, second = of_type(made, "meeting")
    assert (first.date, second.date) == ("2014-12-16", "2015-05-22")
    assert first.text.split("\n") == [*ROWS[0][:2], *ROWS[0][2].split("\n")]
    assert [passage.text for passage in of_type(made, "row")] == ["回数 | 開催日 | 議題"]
    assert made.ledger["lost"] == made.ledger["invented"] == 0


TABLES: list[tuple[str, list[list[str]], Sessions | None]] = [
    ("by its heads", [HEAD, *ROWS], Sessions(1, 0, 1)),
    ("in another order", [HEAD[::-1], *(row[::-1] for row in ROWS)], Sessions(1, 2, 1)),
    ("plain numbers under 回", [["回", "開催年月日", "内容"], ["1", "令和4年4月5日", "計画"],
                                ["2", "令和4年5月6日", "報告"]], Sessions(1, 0, 1)),
    ("without heads", ROWS, Sessions(0, 0, 1)),
    ("other heads", [["名", "いつ", "何"], *ROWS], Sessions(1, 0, 1)),
    ("one meeting was held in writing", [HEAD, *ROWS, ["第３回", "書面", "議事"]],
     Sessions(1, 0, 1)),
    ("no dates", [HEAD, ["第１回", "未定", "計画"], ["第２回", "未定", "報告"]], None),
    ("fiscal years", [["回数", "年度"], ["第１回", "平成26年度"], ["第２回", "令和元年度"]], None),
    ("numbers of something else", [["番号", "告示日"], ["1", "令和4年4月5日"],
                                   ["2", "令和4年5月6日"]], None),
    ("figures", [["国", "人数"], ["タイ", "1"], ["英国", "2"]], None),
]  # fmt: skip


@pytest.mark.parametrize(("what", "rows", "wanted"), TABLES, ids=[case[0] for case in TABLES])
def test_what_a_table_of_meetings_is(
    what: str, rows: list[list[str]], wanted: Sessions | None
) -> None:
    assert find_sessions(table(rows)) == wanted


def test_a_meeting_without_a_day_keeps_its_row() -> None:
    made = document([TITLE, table([HEAD, *ROWS, ["第３回", "書面により開催", "計画について"]])])
    last = of_type(made, "meeting")[-1]
    assert (last.date, last.text) == (None, "第３回\n書面により開催\n計画について")


@pytest.mark.parametrize("below", [["^", "^", "（２）その他"], ["", "", "（２）その他"]])
def test_a_meeting_over_several_rows_is_one(below: list[str]) -> None:
    made = document([TITLE, table([HEAD, ROWS[1], below, ROWS[0]])])
    first, _ = of_type(made, "meeting")
    assert first.text == "第２回\n平成27年５月22日\n年次報告について\n（２）その他"


def test_rows_across_head_the_meetings_below() -> None:
    made = document([TITLE, table([HEAD, ["平成26年度", "<", "<"], ROWS[0],
                                   ["平成27年度", "<", "<"], ROWS[1]])])  # fmt: skip
    assert [passage.path for passage in of_type(made, "meeting")] == [
        ("平成26年度",), ("平成27年度",),
    ]  # fmt: skip
    assert [section.title for section in made.sections] == ["平成26年度", "平成27年度"]
    assert made.ledger["lost"] == made.ledger["invented"] == 0


def test_in_a_plan_such_a_table_is_a_table() -> None:
    made = document([block("人身取引対策行動計画2014", size=16), table([HEAD, *ROWS])])
    assert of_type(made, "meeting") == []


def test_a_history_at_the_end_of_a_text_makes_no_record_of_it() -> None:
    flow = [TITLE, *(block("被害者を保護するため、窓口を置いた。" * 9) for _ in range(9))]
    assert has_sessions([TITLE, table([HEAD, *ROWS])])
    assert not has_sessions([*flow, table([HEAD, *ROWS])])


def built(raw: RawDocument) -> Document:
    return build_document(raw, document_id="x", sources=(Source("raw/x"),), sha256="0" * 64)


def in_html(rows: Sequence[Sequence[str]]) -> RawDocument:
    lines = "".join("<tr>" + "".join(f"<td>{text}" for text in row) for row in rows)
    page = f"<meta charset=utf-8><h1>会議の開催状況</h1><table border=1>{lines}</table>"
    return read_html(page.replace("\n", "<br>").encode())


def in_pdf(rows: Sequence[Sequence[str]]) -> RawDocument:
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    style = ParagraphStyle("x", fontName="HeiseiMin-W3", fontSize=10, leading=15, wordWrap="CJK")
    cells = [[Paragraph(text.replace("\n", "<br/>"), style) for text in row] for row in rows]
    out = io.BytesIO()
    title = ParagraphStyle("t", style, fontSize=16, leading=30)
    SimpleDocTemplate(out, pagesize=A4).build([
        Paragraph("会議の開催状況", title),
        Table(cells, [70, 120, 240], style=[("GRID", (0, 0), (-1, -1), 0.5, "black")]),
    ])  # fmt: skip
    return read_pdf(out.getvalue())


@pytest.mark.parametrize("read", [in_html, in_pdf])
def test_from_the_file(read: Callable[[Sequence[Sequence[str]]], RawDocument]) -> None:
    made = built(read([HEAD, *ROWS]))
    assert [passage.date for passage in of_type(made, "meeting")] == ["2014-12-16", "2015-05-22"]
    assert "（２）行動計画について" in of_type(made, "meeting")[0].text
