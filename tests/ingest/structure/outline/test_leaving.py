"""Sections that end without a heading."""

import pytest

from shisaku.ingest.model import Block, Document
from tests.support.setting import block, document

TEXT = "警察では、人身取引の被害者を早く見つけるため、各地の窓口に相談員を置き、通訳を手配した。"
TITLE = block("人身取引白書", size=20)


def paths(made: Document) -> dict[str, tuple[str, ...]]:
    return {passage.text: passage.path for passage in made.passages}


def test_an_item_that_counts_on_from_a_heading_leaves_it() -> None:
    made = document([
        TITLE, block(TEXT * 2), block("１．開会"), block("２．議題"),
        block("（１）窓口の設置", indent=2.0), block("（２）通訳の手配", indent=2.0),
        block("３．閉会"),
    ])  # fmt: skip
    found = paths(made)
    assert found["（１）窓口の設置"] == found["（２）通訳の手配"] == ("２．議題",)
    assert found["１．開会"] == found["３．閉会"] == ()


def test_a_list_numbered_as_its_heading_stays_beneath_it() -> None:
    made = document([
        TITLE, block(TEXT * 2), block("１　概要", bold=True), block("１　窓口を設けた。"),
        block("２　通訳を手配した。"), block("３　職員を置いた。"),
    ])  # fmt: skip
    assert {paths(made)[text] for text in ("２　通訳を手配した。", "３　職員を置いた。")} == {
        ("１\u3000概要",)
    }


def press(x: float, top: float) -> list[Block]:
    """Set a list with a heading of its own, and a paragraph below it at `x`, `top` in points."""
    return [
        TITLE, block(TEXT * 2, top=100), block("【重要な事項】", bold=True, x=72, top=150),
        block("① 窓口の強化", bold=True, x=84, top=168, indent=1.0),
        block("・相談員の増員", x=84, top=186),
        block("・通訳の手配", x=84, top=204), block("あわせて" + TEXT, x=x, top=top),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("x", "top", "path"),
    [
        (72, 240, ("【重要な事項】",)),
        (84, 240, ("【重要な事項】", "① 窓口の強化")),  # not further out
        (79, 240, ("【重要な事項】", "① 窓口の強化")),  # by less than 0.6 em
        (72, 222, ("【重要な事項】", "① 窓口の強化")),  # right below the list
    ],
)
def test_a_paragraph_further_out_than_the_list_leaves_it(
    x: float, top: float, path: tuple[str, ...]
) -> None:
    made = document(press(x, top))
    assert paths(made)["あわせて" + TEXT] == path
