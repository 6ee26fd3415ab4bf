"""Schedules: boxes over the columns of years are items; a chart with years is none."""

from shisaku.ingest.model import Block, Page, TextBlock
from shisaku.ingest.structure.measures.schedules import without_schedules
from tests.support.setting import document, line


def at(text: str, x: float, top: float, size: float = 9, *, page: int = 1) -> TextBlock:
    return TextBlock(text, (line(text, x, top, size, page=page),))


def years(top: float, first: int = 5, last: int = 12) -> list[Block]:
    return [at(f"{year}年度", 70 + 50 * n, top) for n, year in enumerate(range(first, last + 1))]


def name(text: str, top: float) -> TextBlock:
    column = line(text, 30, top, 9, right=40)
    return TextBlock(text, (column.__class__(text, column.box.__class__(1, 30, top, 40, 300), 9),))


def page(*blocks: Block) -> Page:
    return Page(1, 595, 842, tuple(blocks))


BOXES = [
    at("窓口を全国に設ける[警察庁、法務省]", 75, 80),
    at("研修を年二回行い、その結果を", 120, 120),
    at("全国に知らせる[厚生労働省]\u3000運用", 120, 131),
    at("通訳の手配", 75, 160),
    at("[内閣府、文部", 75, 171),
    at("科学省等]", 75, 182),
    at("打上げ", 200, 200),
]


def test_boxes_are_items_of_the_name_at_the_left() -> None:
    (given,) = without_schedules([page(*years(40), *BOXES, name("８　窓口・研修", 60))])
    texts = [(block.role, block.text) for block in given.blocks if isinstance(block, TextBlock)]
    assert texts[:4] == [
        ("heading", "窓口・研修"),
        ("list_item", "窓口を全国に設ける[警察庁、法務省]"),
        ("list_item", "研修を年二回行い、その結果を全国に知らせる[厚生労働省]"),
        ("list_item", "通訳の手配[内閣府、文部科学省等]"),
    ]
    assert {role for role, _ in texts[4:]} == {"caption"}
    assert "運用" in [text for _, text in texts]


def test_two_schedules_of_a_page_are_apart() -> None:
    second = [at("調査を行う[外務省]", 75, 480), at("公表する[総務省]", 75, 510)]
    blocks = [*years(40), *BOXES, *years(450), *second]
    (given,) = without_schedules([page(*blocks)])
    items = [b.text for b in given.blocks if isinstance(b, TextBlock) and b.role == "list_item"]
    assert items[-2:] == ["調査を行う[外務省]", "公表する[総務省]"]
    assert len(items) == 5


def test_a_chart_with_years_is_no_schedule() -> None:
    plain = page(*years(40), at("10", 75, 80), at("20", 120, 90), at("（出典）警察庁", 75, 120))
    assert without_schedules([plain]) == [plain]
    few = page(*years(40, 5, 8), *BOXES)  # four years are a table's
    assert without_schedules([few]) == [few]
    one = page(*years(40), BOXES[0])  # one box
    assert without_schedules([one]) == [one]


def test_the_items_have_their_measure_and_bodies() -> None:
    title = at("窓口基本計画工程表", 200, 10, 18)
    made = document([title, *years(40), *BOXES, name("８　窓口・研修", 60)])
    (measure,) = made.measures
    assert measure.title == "窓口・研修"
    items = [passage for passage in made.passages if passage.type == "list_item"]
    assert [item.ministries for item in items] == [
        ("警察庁", "法務省"), ("厚生労働省",), ("内閣府", "文部科学省"),
    ]  # fmt: skip
    assert all(item.measure == measure.id for item in items)
    assert all(p.ministries == () for p in made.passages if p.type == "caption")
