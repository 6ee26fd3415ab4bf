"""How headings nest by what a document does."""

from shisaku.ingest.model import Block, Document
from tests.support.setting import block, document, of_type

TEXT = "警察では、人身取引の被害者を早く見つけるため、各地の窓口に相談員を置き、通訳を手配した。"


def text(sign: str) -> Block:
    return block(sign + TEXT)


def bold(words: str, size: float = 10.5, indent: float = 0) -> Block:
    return block(words, bold=True, size=size, indent=indent)


def paths(made: Document) -> dict[str, tuple[str, ...]]:
    return {passage.text[0]: passage.path for passage in of_type(made, "paragraph")}


TITLE = block("人身取引白書", size=20)


def test_a_larger_line_without_a_number_stands_in_the_chapter_that_goes_on() -> None:
    made = document([
        TITLE, bold("第１章　総論"), text("甲"), bold("現状", 16), text("乙"),
        bold("第２章　各論"), text("丙"), bold("課題", 16), text("丁"),
    ])  # fmt: skip
    assert paths(made) == {
        "甲": ("第１章\u3000総論",), "乙": ("第１章\u3000総論", "現状"),
        "丙": ("第２章\u3000各論",),
        # No chapter follows that would tell.
        "丁": ("課題",),
    }  # fmt: skip


def test_measures_are_numbered_over_larger_parts() -> None:
    made = document([
        TITLE, bold("保護", 16), bold("① 窓口"), text("甲"), bold("検挙", 16), bold("② 捜査"),
        text("乙"),
    ])  # fmt: skip
    assert paths(made) == {"甲": ("保護", "① 窓口"), "乙": ("検挙", "② 捜査")}


def test_signs_nest_as_the_document_nests_them() -> None:
    usual = document([
        TITLE, bold("【総論】"), bold("＜現状＞"), text("甲"), bold("＜課題＞"), text("乙"),
        bold("【各論】"), text("丙"),
    ])  # fmt: skip
    assert paths(usual) == {
        "甲": ("【総論】", "＜現状＞"), "乙": ("【総論】", "＜課題＞"), "丙": ("【各論】",),
    }  # fmt: skip


def test_a_count_that_begins_anew_below_signs_stands_beneath_them() -> None:
    anew = document([
        TITLE, bold("【現状】"), bold("① 窓口"), text("甲"), bold("② 通訳"), text("乙"),
        bold("【課題】"), bold("① 窓口の数"), text("丙"),
    ])  # fmt: skip
    assert paths(anew) == {
        "甲": ("【現状】", "① 窓口"), "乙": ("【現状】", "② 通訳"),
        "丙": ("【課題】", "① 窓口の数"),
    }  # fmt: skip
    # One that goes on past them stands above.
    on = document([
        TITLE, bold("① 窓口"), text("甲"), bold("【効果】"), text("乙"), bold("② 通訳"), text("丙"),
        bold("【効果】"), text("丁"),
    ])  # fmt: skip
    assert paths(on) == {
        "甲": ("① 窓口",), "乙": ("① 窓口", "【効果】"),
        "丙": ("② 通訳",), "丁": ("② 通訳", "【効果】"),
    }  # fmt: skip


def test_labels_that_stand_further_in_are_beneath_after_one_place() -> None:
    made = document([
        TITLE, bold("３　議題"), bold("議題１　窓口", indent=2.0), text("甲"),
        bold("議題２　通訳", indent=2.0), text("乙"), bold("４　閉会"), text("丙"),
    ])  # fmt: skip
    assert paths(made) == {
        "甲": ("３\u3000議題", "議題１\u3000窓口"), "乙": ("３\u3000議題", "議題２\u3000通訳"),
        "丙": ("４\u3000閉会",),
    }  # fmt: skip


def test_labels_put_in_later_stand_beside_those_before() -> None:
    made = document([
        TITLE, bold("五　窓口"), text("甲"), bold("(1) 数"), text("乙"), bold("五の二　通訳"),
        text("丙"), bold("六　研修"), text("丁"),
    ])  # fmt: skip
    assert paths(made)["乙"] == ("五\u3000窓口", "(1) 数")
    assert paths(made)["丙"] == ("五の二\u3000通訳",)
    assert paths(made)["丁"] == ("六\u3000研修",)


def test_a_heading_at_the_foot_of_a_page_is_found_there() -> None:
    made = document(
        [TITLE, bold("１　窓口"), text("甲" + TEXT), bold("２　通訳")],
        [block("乙" + TEXT, page=2)],
    )
    (foot,) = of_type(made, "heading")
    assert (foot.text, foot.page) == ("２\u3000通訳", 1)
    assert made.ledger["invented"] == made.ledger["repeated"] == 0
