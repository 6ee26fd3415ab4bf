"""Plans and follow-ups of invented series, each in a shape of its own, drawn and read as PDFs."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from shisaku.ingest.model import Document, Source
from shisaku.ingest.pdf import read_pdf
from shisaku.ingest.structure import build_document
from shisaku.ingest.text.fold import fold
from tests.documents.invented import FOOD, FRAUD, HOUSES, MOUNTAINS, WATER, YOUTH, Measures
from tests.support.paper import Paper


def covered(title: str, *below: str, size: float = 10.5, lead: float = 17.0) -> Paper:
    paper = Paper(size=size, lead=lead)
    paper.space(5)
    paper.centre(title, 18)
    for line in below:
        paper.centre(line, 15 if "状況" in line or "点検" in line else 12)
    paper.turn()
    return paper


def food() -> bytes:
    paper = covered("地域の食の見守り推進計画", "令和６年度における取組状況", "令和７年６月")
    sections = {"１－１": "Ⅰ　こどもの食を地域で支える", "２－１": "Ⅱ　大人の食を地域で支える"}
    for title, items in FOOD:
        if (section := sections.get(title[2:5])) is not None:
            paper.line(section, bold=True, size=13)
            paper.paragraph("この柱では、計画に掲げた施策を次のとおり進めた。", 0, 1)
        paper.line(title, bold=True)
        paper.space(0.5)
        rows = [[text, bodies.replace("、", "\n")] for text, bodies in items]
        paper.table([370, 100], rows, head=["取組状況", "担当"])
        paper.space(1)
    return paper.data()


def water() -> bytes:
    paper = covered("水辺の安全確保行動計画", "令和７年３月２８日", size=11, lead=19)
    paper.line("第１　基本的な考え方", bold=True, size=13)
    paper.paragraph("水辺における事故は、近年横ばいで推移している。", 0, 1)
    paper.line("第２　講ずべき施策", bold=True, size=13)
    for number, (title, items) in zip("１２３４", WATER, strict=True):
        lead, beside = items[0][1].split("、", 1)
        paper.line(f"（{number}）{title}（{lead}）", bold=True)
        paper.line(f"関係府省庁：{beside}", 3)
        for text, _ in items:
            paper.paragraph(f"○　{text}", 3, -1)
    paper.line("第３　計画の見直し", bold=True, size=13)
    paper.paragraph("本計画は、三年後を目途に見直すものとする。", 0, 1)
    return paper.data()


def houses() -> bytes:
    paper = Paper((842.0, 595.0), size=13, lead=18, margin=50)
    paper.centre("空き家総合対策の進捗状況（令和６年度）", 15)
    paper.space(1)
    rows: list[list[str | None]] = []
    for title, items in HOUSES:
        for at, (text, bodies) in enumerate(items):
            rows.append([None if at else title, bodies, str(len(rows) + 1), text])
    head = ["施策", "所管", "番号", "講じた措置"]
    paper.table([130, 140, 42, 420], rows, head=head, merged=(0,))
    return paper.data()


def fraud() -> bytes:
    paper = covered("特殊な詐欺から国民を守る総合対策", "実施状況の点検結果", "令和７年５月３０日")
    sections = {0: "一　技術を悪用した手口への対応", 2: "二　被害に遭わない環境の整備"}
    for at, (title, items) in enumerate(FRAUD):
        if at in sections:
            paper.line(sections[at], bold=True, size=12.5)
        paper.space(0.4)
        paper.line(f"「{title}」", 1, bold=True)
        for text, bodies in items:
            paper.paragraph(f"〔担当：{bodies}〕{text}", 1, 1)
    return paper.data()


def youth() -> bytes:
    paper = covered("若者の就労と自立を支える重点計画", "令和６年１２月２０日", size=11, lead=18)
    paper.line("Ⅰ　具体的な取組", bold=True, size=13)
    sections = {0: "１　学びと仕事をつなぐ", 2: "２　暮らしの土台を支える"}
    for at, (title, items) in enumerate(YOUTH):
        if at in sections:
            paper.space(0.4)
            paper.line(sections[at], 0.5, bold=True, size=12)
        paper.paragraph(f"◆　{title}〔{items[0][1]}〕", 2.5, -1)
        for text, _ in items:
            paper.paragraph(f"－　{text}", 4.5, -1)
    paper.line("Ⅱ　推進の体制", bold=True, size=13)
    paper.paragraph("会議は、毎年度、取組の進み具合を点検する。", 0, 1)
    return paper.data()


def mountains() -> bytes:
    paper = covered("山の安全推進プラン", "施策の進捗状況（令和５年度）", size=11, lead=18)
    for title, items in MOUNTAINS:
        rows = [
            ["施策名", title],
            ["実施府省庁", items[0][1]],
            ["取組の内容", "\n".join(f"・{text}" for text, _ in items)],
            ["今後の予定", "引き続き取り組む。"],
        ]
        paper.table([90, 380], rows)
        paper.space(4)
    return paper.data()


SERIES: list[tuple[Callable[[], bytes], Measures]] = [
    (food, FOOD), (water, WATER), (houses, HOUSES), (fraud, FRAUD), (youth, YOUTH),
    (mountains, MOUNTAINS),
]  # fmt: skip


def words(text: str) -> str:
    """Give an item without its bullet and the bodies before it, as dashes are written alike."""
    return fold(text).partition("〕")[2] or fold(text).lstrip("○・-\u2212－")


def found(made: Document) -> list[tuple[str, str, str]]:
    titles = {each.id: fold(each.title) for each in made.measures}
    return [
        (titles[each.measure], words(each.text), "、".join(each.ministries))
        for each in made.passages
        if each.measure is not None and each.ministries
    ]


@pytest.mark.parametrize(("draw", "truth"), SERIES, ids=[draw.__name__ for draw, _ in SERIES])
def test_each_item_has_its_measure_and_its_ministries(
    draw: Callable[[], bytes], truth: Measures
) -> None:
    raw = read_pdf(draw())
    made = build_document(raw, document_id="x.pdf", sources=(Source("raw/x.pdf"),), sha256="0" * 64)
    assert len(raw.pages) >= 2
    assert found(made) == [
        (fold(title.split("\u3000")[-1]), fold(text), bodies)
        for title, items in truth
        for text, bodies in items
    ]
    assert made.ledger["lost"] == made.ledger["invented"] == 0
    assert all(one.page <= other.page for one, other in pairwise(made.measures))
