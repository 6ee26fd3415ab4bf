"""Links within a document: what (再掲) repeats, which passage carries a footnote's mark."""

from shisaku.ingest.model import Box, Line, Passage
from shisaku.ingest.structure.builder import Builder
from shisaku.ingest.structure.links import Notes, link_restated


def item(key: str, text: str, *, restated: bool = False) -> Passage:
    return Passage(id=f"d#p-{key}", type="status_item", text=text, restated=restated)


def test_a_restated_item_names_the_item_with_its_words_wherever_it_stands() -> None:
    items = [
        item("a", "研修を実施した。", restated=True),
        item("b", "研修を 実施した。"),  # printed with a space, and later
        item("c", "リーフレットを配布した。", restated=True),  # stands nowhere else
    ]
    assert [passage.restates for passage in link_restated(items)] == ["d#p-b", None, None]


def test_a_restated_item_does_not_name_another_restated_one() -> None:
    items = [item("a", "調査した。", restated=True), item("b", "調査した。", restated=True)]
    assert [passage.restates for passage in link_restated(items)] == [None, None]


def line(text: str, *marks: tuple[int, int], page: int = 1) -> Line:
    return Line(text, Box(page, 0, 0, 10, 10), marks=marks)


def test_a_footnote_names_the_passage_that_carries_its_sign_on_its_page() -> None:
    notes = Notes()
    notes.see("d#p-text", [line("計画1を定めた2）。", (2, 3), (7, 8))])
    notes.see("d#p-other", [line("別の頁1", (3, 4), page=2)])
    cases = [
        (Passage(id="n", type="footnote", text="1　人身取引対策行動計画", page=1), "d#p-text"),
        (Passage(id="n", type="footnote", text="注2 定義による。", page=1), "d#p-text"),
        (Passage(id="n", type="footnote", text="（1）　外国籍を含む。", page=2), "d#p-other"),
        (Passage(id="n", type="footnote", text="3　どこにもない。", page=1), None),
        (Passage(id="n", type="footnote", text="出典：警察庁", page=1), None),
        (Passage(id="n", type="paragraph", text="1　番号で始まる本文。", page=1), None),
    ]
    for passage, wanted in cases:
        assert notes.link(passage).ref == wanted, passage.text


def test_readings_stand_beside_the_text_with_their_spans() -> None:
    builder = Builder("d")
    box = Box(1, 0, 0, 10, 10)
    lines = (Line("尖閣諸島の", box), Line("脆弱な体制", box, ruby=((0, 2, "ぜいじゃく"),)))
    builder.add_passage("paragraph", "尖閣諸島の脆弱な体制", lines, ())
    (passage,) = builder.passages
    assert passage.ruby == ((5, 7, "ぜいじゃく"),)
