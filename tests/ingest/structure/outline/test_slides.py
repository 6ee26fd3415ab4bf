"""Slide decks: what is one, by shape and type alone; one slide, one section."""

import io
from collections.abc import Sequence

import pytest
from msgspec.structs import replace
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from shisaku.ingest.model import Block, Document, Page, RawDocument, Source, TextBlock
from shisaku.ingest.pdf import read_pdf
from shisaku.ingest.structure import build_document
from shisaku.ingest.structure.outline.slides import find_slides
from tests.support.setting import block, of_type, table

WIDE, OLD, A4_LYING, A4 = (960.0, 540.0), (720.0, 540.0), (842.0, 595.0), (595.0, 842.0)
Slide = tuple[str, Sequence[str]]
SLIDES: list[Slide] = [
    ("背景", ["被害が増えている。", "・件数は前年の二倍"]),
    ("施策の方向", ["・窓口を置く", "・研修を行う"]),
    ("今後の予定", ["来年度に見直す。"]),
    ("残る課題", ["・統計は別にある"]),
]


def slide(
    number: int, title: str, body: Sequence[str], size: float = 18, larger: float = 1.6
) -> list[Block]:
    blocks: list[Block] = []
    if title:
        blocks.append(block(title, page=number, top=30, size=size * larger))
    for at, text in enumerate(body):
        blocks.append(block(text, page=number, top=150 + 40 * at, size=size))
    return blocks


def deck(
    slides: Sequence[Slide], shape: tuple[float, float] = WIDE, size: float = 18,
    larger: float = 1.6,
) -> RawDocument:  # fmt: skip
    cover: list[Block] = [block("相談体制の整備", page=1, top=200, size=size * 2),
                          block("令和6年4月", page=1, top=300, size=size)]  # fmt: skip
    shown = [cover]
    shown += [slide(at, *each, size, larger) for at, each in enumerate(slides, start=2)]
    return RawDocument(tuple(
        Page(number, *shape, tuple(blocks)) for number, blocks in enumerate(shown, start=1)
    ))  # fmt: skip


def built(raw: RawDocument) -> Document:
    return build_document(raw, document_id="x.pdf", sources=(Source("raw/x.pdf"),), sha256="0" * 64)


def found(raw: RawDocument) -> dict[int, str] | None:
    flow = [each for page in raw.pages for each in page.blocks]
    slides = find_slides(raw.pages, flow, {0})
    return {page: title.text for page, title in slides.titles.items()} if slides else None


TITLES = {at: title for at, (title, _) in enumerate(SLIDES, start=2)}
LONG = [f"第{at}に、被害者を早く見つけるため、各地の窓口に相談員を置いた。" for at in range(50)]

DECKS: list[tuple[str, RawDocument, bool]] = [
    ("16:9", deck(SLIDES), True),
    ("4:3", deck(SLIDES, OLD), True),
    ("printed on A4", deck(SLIDES, A4_LYING), True),
    ("upright", deck(SLIDES, A4), False),
    ("a banner", deck(SLIDES, (2000.0, 540.0)), False),
    ("letters of a text", deck(SLIDES, A4_LYING, size=10.5), False),
    ("no larger line", deck([(title, [*body, *LONG[:3]]) for title, body in SLIDES], larger=1.0),
     False),
    ("too many lines", deck([(title, LONG) for title, _ in SLIDES]), False),
    ("a single slide", deck(SLIDES[:1]), False),
]  # fmt: skip


@pytest.mark.parametrize(("what", "raw", "wanted"), DECKS, ids=[case[0] for case in DECKS])
def test_what_a_deck_is(what: str, raw: RawDocument, wanted: bool) -> None:
    assert found(raw) == (TITLES if wanted else None)


def test_one_slide_is_one_section() -> None:
    made = built(deck(SLIDES))
    assert made.title == "相談体制の整備"
    assert [(s.title, s.level, s.page, s.path) for s in made.sections] == [
        (title, 1, page, ()) for page, title in TITLES.items()
    ]
    assert [(p.path, p.text, p.page) for p in made.passages if p.page > 1] == [
        ((title,), text, page)
        for page, (title, body) in enumerate(SLIDES, start=2)
        for text in body
    ]
    assert made.ledger["lost"] == made.ledger["invented"] == 0
    assert not any(passage.guessed for passage in made.passages)


def test_slides_of_the_same_title_are_one_section() -> None:
    made = built(deck([SLIDES[0], ("背景", ["検挙も増えた。"]), *SLIDES[1:]]))
    assert [section.title for section in made.sections] == [title for title, _ in SLIDES]
    (going_on,) = (p for p in made.passages if p.page == 3)
    assert (going_on.path, going_on.text) == (("背景",), "検挙も増えた。")
    assert made.ledger["slide_titles"] == 2
    assert made.ledger["lost"] == made.ledger["invented"] == 0


@pytest.mark.parametrize(
    ("first", "second"),
    [("背景（１／２）", "背景（２／２）"), ("背景", "背景（続き）"), ("背景①", "背景②")],
)
def test_a_slide_that_goes_on_says_so_in_its_own_words(first: str, second: str) -> None:
    made = built(deck([(first, ["甲。"]), (second, ["乙。"]), *SLIDES[1:]]))
    assert [section.title for section in made.sections[:2]] == [first, "施策の方向"]
    assert [(p.path, p.text) for p in made.passages if p.page == 3] == [
        ((first,), second), ((first,), "乙。"),
    ]  # fmt: skip


def test_a_slide_without_a_title_stands_under_none() -> None:
    made = built(deck([*SLIDES, ("", ["図の中の語", "別の語"])]))
    assert [passage.path for passage in made.passages if passage.page == 6] == [(), ()]


def test_a_sentence_alone_on_a_slide_is_no_title() -> None:
    made = built(deck([*SLIDES, ("", ["対策を進める。"])]))
    assert [passage.type for passage in made.passages if passage.page == 6] == ["paragraph"]


def test_a_slide_with_nothing_but_its_title_can_be_found() -> None:
    made = built(deck([*SLIDES, ("ご清聴に感謝", [])]))
    assert [passage.text for passage in of_type(made, "heading")] == ["ご清聴に感謝"]


def test_a_title_of_two_lines_is_one() -> None:
    raw = deck(SLIDES)
    page = raw.pages[1]
    first, *body = page.blocks
    assert isinstance(first, TextBlock)
    second = block("と経緯", page=2, top=first.lines[0].box.bottom + 4, size=first.size)
    pages = (raw.pages[0], replace(page, blocks=(first, second, *body)), *raw.pages[2:])
    assert built(replace(raw, pages=pages)).sections[0].title == "背景と経緯"


def test_a_plan_in_slides_keeps_its_ministries() -> None:
    raw = deck([("対策", ["窓口を置く。（警察庁）"]), *SLIDES])
    cover = replace(raw.pages[0], blocks=(
        block("人身取引対策行動計画2014", page=1, top=200, size=36), raw.pages[0].blocks[1],
    ))  # fmt: skip
    made = built(replace(raw, pages=(cover, *raw.pages[1:])))
    assert made.kind == "plan"
    assert [p.ministries for p in made.passages if p.path == ("対策",)] == [("警察庁",)]


def test_an_article_ends_with_its_slide() -> None:
    made = built(deck([("規則", [f"第{at}条　定める。" for at in "一二三四五"]), *SLIDES]))
    assert {p.path for p in made.passages if p.page == 3} == {("背景",)}


def test_tables_of_a_deck_stand_under_their_slide() -> None:
    raw = deck(SLIDES)
    rows = table([["国", "人数"], ["タイ", "12"], ["英国", "9"]], page=2, top=200, size=18)
    page = replace(raw.pages[1], blocks=(*raw.pages[1].blocks, rows))
    made = built(replace(raw, pages=(raw.pages[0], page, *raw.pages[2:])))
    assert {passage.path for passage in of_type(made, "row")} == {("背景",)}


@pytest.mark.parametrize("shape", [WIDE, OLD])
def test_from_the_file(shape: tuple[float, float]) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiKakuGo-W5"))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=shape)
    for title, body in [("", []), *SLIDES]:
        canvas.setFont("HeiseiKakuGo-W5", 28)
        canvas.drawString(40, shape[1] - (60 if title else 250), title or "相談体制の整備")
        canvas.setFont("HeiseiKakuGo-W5", 18)
        for at, text in enumerate(body):
            canvas.drawString(60, shape[1] - 150 - 40 * at, text)
        canvas.showPage()
    canvas.save()
    made = built(read_pdf(out.getvalue()))
    assert [(section.title, section.page) for section in made.sections] == [
        (title, page) for page, title in TITLES.items()
    ]
