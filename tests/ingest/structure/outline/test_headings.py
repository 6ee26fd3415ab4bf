"""Which lines are headings, how they nest, and what stands beneath them."""

import pytest
from msgspec.structs import replace

from shisaku.ingest.model import Block, Document, TextBlock
from shisaku.ingest.structure.outline.headings import find_headings, is_caption
from tests.support.setting import block, document, line, of_type, span, table

TEXT = (
    "警察では、人身取引の被害者を早く見つけるため、各地の窓口に相談員を置き、通訳を手配したほか、"
    "職員に対する研修を年に二回行った。"
)
OTHER = "法務省では、被害者の在留を認め、帰国を望む者には国際機関を通じて支援を行った。"


def headings(*blocks: Block) -> list[str]:
    return [heading.text for heading in find_headings(blocks).values()]


def big(text: str, size: float = 14) -> Block:
    return block(text, size=size)


def bold(text: str) -> Block:
    return block(text, bold=True)


# Lines, one of them in each set; which of them are headings.
HEADINGS: list[tuple[str, list[Block], list[str]]] = [
    ("by size", [big("総合的な対策"), block(TEXT)], ["総合的な対策"]),
    ("by weight", [bold("総合的な対策"), block(TEXT)], ["総合的な対策"]),
    ("by a structural label", [block("第１章　総論"), block(TEXT)], ["第１章\u3000総論"]),
    (
        "by a label with text below",
        [block("1 目的"), block(TEXT), block("2 経過"), block(OTHER)],
        ["1 目的", "2 経過"],
    ),
    (
        "items of a list follow each other",
        [block(TEXT), block("① 窓口"), block("② 研修"), block("③ 広報"), block(OTHER)],
        [],
    ),
    (
        "items within a sentence, where the kind heads text elsewhere",
        [
            block("特に留意すべき課題は、"),
            block("① 窓口"),
            block("② 研修"),
            block("の２項目である。"),
            block("① 協議会"),
            block(TEXT),
            block("② 調査"),
            block(OTHER),
        ],
        ["① 協議会", "② 調査"],
    ),
    (
        "… which the text above announces",
        [
            block("政府は、次の課題に取り組む"),
            block("① 窓口"),
            block("② 研修"),
            block(OTHER),
            block("① 協議会"),
            block(TEXT),
            block("② 調査"),
            block(OTHER),
        ],
        ["① 協議会", "② 調査"],
    ),
    (
        "a long one that stands in the count of its kind",
        [
            block("① 窓口"),
            block(TEXT),
            block("② " + "職員の研修、" + "広報の充実" * 12),
            block(OTHER),
            block("③ 調査"),
            block(TEXT),
        ],
        ["① 窓口", "② 職員の研修、" + "広報の充実" * 12, "③ 調査"],
    ),
    (
        "… but one that does not is a line of text",
        [
            block("① 窓口"),
            block(TEXT),
            block("⑦ " + "職員の研修、" + "広報の充実" * 12),
            block(OTHER),
            block("② 調査"),
            block(TEXT),
        ],
        ["① 窓口", "② 調査"],
    ),
    ("a bullet is an item, however short", [block("・窓口"), block(TEXT)], []),
    ("a sentence is no heading, however large", [big(TEXT), block(OTHER * 3)], []),
    ("a sentence is no heading, though it has a label", [block("1 " + TEXT), block(OTHER)], []),
    ("what ends in a comma goes on", [bold("警察では、"), block(TEXT)], []),
    ("a caption names a figure", [bold("図１　被害者の数"), block(TEXT)], []),
    ("a note is no heading", [bold("注１）件数は暦年"), block(TEXT)], []),
    ("a rule made of signs says nothing", [big("――――――"), block(TEXT)], []),
    (
        "where most of the text is bold, weight says nothing",
        [bold("総合的な対策"), bold(TEXT), bold(OTHER)],
        [],
    ),
    ("a long line is no heading", [bold("施策" * 60), block(TEXT * 3)], []),
    (
        "where headings of a kind stand out, plain ones of that kind are items",
        [big("1 目的"), block(TEXT), big("2 経過"), block(TEXT), block("9 窓口の数"), block(OTHER)],
        ["1 目的", "2 経過"],
    ),
]


@pytest.mark.parametrize(("what", "blocks", "wanted"), HEADINGS, ids=[h[0] for h in HEADINGS])
def test_headings(what: str, blocks: list[Block], wanted: list[str]) -> None:
    assert headings(*blocks) == wanted


def test_markup_says_what_is_a_heading() -> None:
    blocks = [
        block("実施状況", role="heading", level=2, size=0),
        block("窓口", role="list_item", size=0),
        block("第１章", role="caption", size=0),
        block("件数", role="footnote", size=0),
        block(TEXT, size=0),
    ]
    assert headings(*blocks) == ["実施状況"]


def paths(made: Document) -> dict[str, tuple[str, ...]]:
    """Give the headings above each paragraph, by its first letter."""
    return {passage.text[0]: passage.path for passage in of_type(made, "paragraph")}


def text(sign: str) -> Block:
    return block(sign + TEXT)


def test_labels_nest_as_documents_usually_nest_them() -> None:
    made = document([
        block("人身取引白書", size=20), big("第１章　総論"), bold("第１節　現状"), text("甲"),
        bold("1 被害者"), text("乙"), bold("（１）保護"), text("丙"), bold("① 窓口"), text("丁"),
        bold("（２）帰国"), text("戊"), bold("第２節　課題"), text("己"),
        big("第２章　各論"), text("庚"),
    ])  # fmt: skip
    one, two = "第１章\u3000総論", "第２章\u3000各論"
    first, second = "第１節\u3000現状", "第２節\u3000課題"
    assert paths(made) == {
        "甲": (one, first), "乙": (one, first, "1 被害者"),
        "丙": (one, first, "1 被害者", "（１）保護"),
        "丁": (one, first, "1 被害者", "（１）保護", "① 窓口"),
        "戊": (one, first, "1 被害者", "（２）帰国"), "己": (one, second), "庚": (two,),
    }  # fmt: skip


def test_a_document_may_nest_its_labels_the_other_way() -> None:
    made = document([
        big("① 保護"), bold("(1) 窓口"), text("甲"), bold("(2) 通訳"), text("乙"),
        big("② 検挙"), bold("(1) 捜査"), text("丙"), big("③ 広報"), bold("(1) 教材"), text("丁"),
    ])  # fmt: skip
    assert paths(made)["乙"] == ("① 保護", "(2) 通訳")
    assert paths(made)["丁"] == ("③ 広報", "(1) 教材")


def test_headings_without_labels_nest_by_size() -> None:
    made = document([
        block("人身取引白書", size=22), big("保護", 16), big("窓口の設置", 13), text("甲"),
        big("通訳の手配", 13), text("乙"), big("検挙", 16), text("丙"),
    ])  # fmt: skip
    assert paths(made) == {
        "甲": ("保護", "窓口の設置"), "乙": ("保護", "通訳の手配"), "丙": ("検挙",),
    }  # fmt: skip


def test_markup_nests_by_its_level() -> None:
    def head(words: str, level: int) -> Block:
        return block(words, role="heading", level=level, size=0)

    made = document([
        head("実施状況", 1), head("保護", 2), block("甲" + TEXT, size=0), head("窓口", 3),
        block("乙" + TEXT, size=0), head("検挙", 2), block("丙" + TEXT, size=0),
    ], name="x.html")  # fmt: skip
    # A heading of the markup opens a section, that of the title as well.
    assert paths(made) == {
        "甲": ("実施状況", "保護"),
        "乙": ("実施状況", "保護", "窓口"),
        "丙": ("実施状況", "検挙"),
    }


def test_a_meeting_that_is_a_heading_has_its_papers_beneath_it() -> None:
    def head(words: str, level: int) -> Block:
        return block(words, role="heading", level=level, size=0)

    made = document([
        head("検討会議", 1), head("第２回 令和７年８月２６日（火）", 2),
        block("資料１ 座長の提出資料", role="list_item", size=0),
        head("第１回 令和７年５月１３日（火）", 2),
        block("資料１ 委員の名簿", role="list_item", size=0),
    ], name="x.html")  # fmt: skip
    assert made.kind == "meeting_record"
    assert [(p.type, p.path[1:]) for p in made.passages] == [
        ("meeting", ("第２回 令和７年８月２６日（火）",)),
        ("list_item", ("第２回 令和７年８月２６日（火）",)),
        ("meeting", ("第１回 令和７年５月１３日（火）",)),
        ("list_item", ("第１回 令和７年５月１３日（火）",)),
    ]
    assert made.ledger["lost"] == made.ledger["invented"] == 0


def test_the_parts_of_an_annex_stand_beneath_it() -> None:
    made = document([
        block("人身取引白書", size=20), bold("第１章　総論"), text("甲"),
        bold("別紙１　様式"), text("乙"), bold("１　目的"), text("丙"),
        bold("別紙２　一覧"), text("丁"),
    ])  # fmt: skip
    assert paths(made)["丙"] == ("別紙１\u3000様式", "１\u3000目的")
    assert paths(made)["丁"] == ("別紙２\u3000一覧",)


def test_a_heading_with_nothing_beneath_can_be_found() -> None:
    made = document(
        [block("人身取引白書", size=20), big("第１章　総論"), big("第２章　各論"), text("甲")]
    )
    (only,) = of_type(made, "heading")
    assert (only.text, only.path) == ("第１章\u3000総論", ("第１章\u3000総論",))


def test_a_heading_above_a_table_alone_has_something_beneath() -> None:
    made = document([big("総論"), text("甲"), big("件数"), table([["年", "件数"], ["一", "二"]])])
    assert of_type(made, "heading") == []
    assert {passage.path for passage in of_type(made, "row")} == {("件数",)}


def test_sections_know_label_title_level_and_page() -> None:
    made = document(
        [block("人身取引白書", size=20), big("第１章　総論"), text("甲")],
        [block("（１）窓口", bold=True, page=2), block("乙" + TEXT, page=2)],
    )
    assert [(s.label, s.title, s.level, s.page, s.path) for s in made.sections] == [
        ("第１章", "総論", 1, 1, ()), ("（１）", "窓口", 2, 2, ("第１章\u3000総論",)),
    ]  # fmt: skip


def test_types_of_passages() -> None:
    made = document([
        block("人身取引白書", size=20), text("甲"), block("① 窓口を設け、職員を置いた。"),
        block("・通訳"), block("図１　被害者の数"), block("注　暦年による。", role="footnote"),
        text("乙"),
    ])  # fmt: skip
    assert [(p.type, p.text[0]) for p in made.passages] == [
        ("paragraph", "甲"), ("list_item", "①"), ("list_item", "・"), ("caption", "図"),
        ("paragraph", "乙"), ("footnote", "注"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text_", "wanted"),
    [
        ("図１　被害者の数", True), ("表2-1 予算", True), ("（図表３）推移", True),
        ("第1-1-8図　婚姻件数の推移", True), ("■第１-２-１図／研究費の推移", True),
        ("■図２　推移", True), ("第1表決区分", False), ("■第１の課題", False),
        ("Figure 1", True), ("図１によれば、被害者は減った。", False), ("表現の自由", False),
        ("表１年度", False), ("図書館", False), ("写真１　窓口", True),
    ],
)  # fmt: skip
def test_captions(text_: str, wanted: bool) -> None:
    found = block(text_)
    assert is_caption(found) is wanted


# --- articles of laws ----------------------------------------------------------------------------


def test_a_bare_annex_heads_its_title_and_what_follows() -> None:
    made = document([text("甲")], [block("別添１"), big("実施要領"), bold("第１　目的"), text("乙"),
                                   block("別紙様式"), big("報告書"), text("丙")])  # fmt: skip
    assert paths(made)["乙"] == ("別添１", "実施要領", "第１\u3000目的")
    assert paths(made)["丙"] == ("別紙様式", "報告書")


def test_the_source_of_a_figure_heads_nothing() -> None:
    made = document([bold("１　情勢"), text("甲"), block("資料：警察庁調べ"), text("乙")])
    assert paths(made)["乙"] == ("１\u3000情勢",)
    assert [passage.text for passage in of_type(made, "caption")] == ["資料：警察庁調べ"]


@pytest.mark.parametrize(
    ("words", "right", "heads"),
    [
        ("区分　令和元年　令和2年　件数", 480, False),
        ("区分　令和元年　令和2年　件数", 230, True),  # set as any line is
        ("は　じ　め　に", 480, True),  # letters apart
        ("第１章　総則", 480, True),  # a label at a tab
    ],
)
def test_a_row_of_words_far_apart_is_no_heading(words: str, right: float, heads: bool) -> None:
    row = line(words, size=10.5, right=right, bold=True)
    made = headings(text("甲"), TextBlock(words, (row,)), text("乙"))
    assert bool(made) is heads


def test_a_bullet_is_no_part_of_a_headings_name() -> None:
    made = document([
        block("取組の紹介", size=16, bold=True),
        block(">>> 相談の窓口", size=13, bold=True), block(TEXT),
        block("■", size=13), block(TEXT),
    ])  # fmt: skip
    section = made.sections[-1]
    assert (section.label, section.title) == (">>>", "相談の窓口")
    assert made.passages[0].path[-1] == "相談の窓口"


def valued(words: str, value: str, x: float = 72, gap: float = 100) -> Block:
    """Set an item whose value stands at the right edge, `gap` points from its words."""
    text_ = f"{words}\u3000{value}"
    row = line(text_, x, right=x + span(words + value, 10.5) + gap)
    return TextBlock(text_, (replace(row, size=10.5),))


def test_an_item_with_a_value_at_the_right_edge_heads_what_stands_further_in() -> None:
    made = document([
        block("点数表", size=20), text("甲"), valued("Ｃ０００　往診料", "720点"),
        valued("１　深夜", "2,700点", x=103), valued("２　休日", "1,300点", x=103),
        valued("Ｃ００１　訪問診療料", "833点"), valued("Ｃ００２　指導料", "203点"),
    ])  # fmt: skip
    assert [(p.text, p.path[1:]) for p in made.passages if p.type == "list_item"] == [
        ("Ｃ０００　往診料　720点", ("Ｃ０００　往診料",)),
        ("１　深夜　2,700点", ("Ｃ０００　往診料",)),
        ("２　休日　1,300点", ("Ｃ０００　往診料",)),
        ("Ｃ００１　訪問診療料　833点", ()),
        ("Ｃ００２　指導料　203点", ()),
    ]
    assert made.ledger["lost"] == made.ledger["invented"] == 0


@pytest.mark.parametrize(("value", "listed"), [("720点", True), ("", False)])
def test_a_coded_item_without_a_value_is_listed_as_those_with_one(value: str, listed: bool) -> None:
    first = valued("Ｃ０００　往診料", value) if value else text("Ｃ０００　往診料")
    inner = [valued("１　深夜", "2,700点", x=103), valued("２　休日", "1,300点", x=103)]
    coded = block("Ｃ００１　訪問診療料")
    made = document([block("点数表", size=20), text("甲"), first, *inner, coded, *inner])
    assert "Ｃ００１　訪問診療料" in [
        section.label + "　" + section.title for section in made.sections
    ]
    items = [p.text for p in made.passages if p.type == "list_item"]
    assert ("Ｃ００１　訪問診療料" in items) is listed
    assert made.ledger["lost"] == made.ledger["invented"] == 0


def test_a_value_in_the_words_is_none_at_the_edge() -> None:
    near = valued("１　窓口の数", "25件", gap=9)
    assert headings(block(TEXT), near, block("・" + TEXT, x=93)) == ["１　窓口の数　25件"]


def test_an_item_heads_the_items_that_stand_further_in() -> None:
    def agenda(indent: float) -> list[Block]:
        item = block("（１）窓口", x=72 + 10.5 * indent)
        return [block(TEXT), block("１　開会"), block("２　議題"), item, block("３　閉会")]

    assert headings(*agenda(0.9)) == ["２　議題"]
    assert headings(*agenda(0.8)) == []
    # A remark in brackets stands beneath an item, and one line alone is no list.
    remark = [block("１　説明"), block("（甲大学　山田教授）", x=93), block("２　討議")]
    assert headings(block(TEXT), *remark) == []


def test_items_counted_by_the_iroha() -> None:
    laws = [block("イ　窓口の基準"), text("甲"), block("ロ　通訳の基準"), text("乙"),
            block("ハ　研修の基準"), text("丙")]  # fmt: skip
    assert headings(block(TEXT), *laws) == ["イ　窓口の基準", "ロ　通訳の基準", "ハ　研修の基準"]
