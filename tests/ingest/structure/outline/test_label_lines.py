"""Labels torn from what they number, and headings of several lines."""

from collections.abc import Sequence

import pytest

from shisaku.ingest.model import Block, Box, Line, TextBlock
from shisaku.ingest.structure.outline.label_lines import join_labels

USUAL = 10.5


def at(
    text: str, x: float, top: float, size: float = 10.5, *, bold: bool = False, page: int = 2,
    upright: bool = False, right: float | None = None,
) -> TextBlock:  # fmt: skip
    """Set a block of one line; `upright` runs it down the page."""
    long = size * len(text)
    box = (
        Box(page, x, top, x + size, top + long)
        if upright
        else Box(page, x, top, x + long if right is None else right, top + size)
    )
    return TextBlock(text, (Line(text, box, size, bold),))


def joined(*blocks: Block) -> list[str]:
    return [block.text for block in join_labels(blocks, USUAL)]


CASES: list[tuple[str, Sequence[TextBlock], int]] = [
    ("a number beside a title", [at("第４章", 72, 100, 16), at("総論", 140, 92, 16)], 1),
    ("and above it", [at("第４章", 72, 100, 16), at("総論", 72, 122, 16)], 1),
    ("but not far above", [at("第４章", 72, 100, 16), at("総論", 72, 150, 16)], 2),
    ("nor above a smaller line", [at("第４章", 72, 100, 16), at("総論", 72, 122, 12)], 2),
    ("nor above a sentence", [at("第４章", 72, 100), at("窓口を設けた。", 72, 116)], 2),
    ("a goal in a box above its words", [at("目標１", 72, 100), at("密輸の阻止", 90, 116)], 1),
    ("an item's number beside its text", [at("(1)", 72, 100), at("窓口を設ける。", 110, 100)], 1),
    ("not above it: a number alone is of a list", [at("(1)", 72, 100), at("窓口", 72, 116)], 2),
    ("nor where the text has a number", [at("(1)", 72, 100), at("ア　窓口", 100, 100)], 2),
    ("nor far from it: 8 em", [at("(1)", 72, 100), at("窓口を設ける。", 188, 100)], 2),
    ("8 em at most", [at("(1)", 72, 100), at("窓口を設ける。", 187, 100)], 1),
    ("a numeral beside words", [at("六", 72, 100), at("画像診断の基準", 100, 100)], 1),
    ("not beside another figure", [at("六", 72, 100), at("250", 100, 100)], 2),
    ("in vertical text it stands above", [
        at("六", 300, 80, upright=True), at("画像診断の基準", 300, 112, upright=True)], 1),
    ("not in another line", [
        at("六", 300, 80, upright=True), at("画像診断の基準", 280, 112, upright=True)], 2),
    ("not on another page", [at("第４章", 72, 700, 16), at("総論", 72, 100, 16, page=3)], 2),
    # headings of several lines
    ("a large heading goes on", [at("多様な分野での活用が切り拓く", 72, 100, 16),
                                 at("新たな科学", 72, 121, 16)], 1),
    ("not in the size of the text", [at("多様な分野での活用が切り拓く", 72, 100),
                                     at("新たな科学", 72, 116)], 2),
    ("nor 12 % larger", [at("多様な分野での活用が切り拓く", 72, 100, 11.8),
                         at("新たな科学", 72, 116, 11.8)], 2),
    ("nor where it has a number", [at("多様な分野での活用", 72, 100, 16),
                                   at("１　新たな科学", 72, 121, 16)], 2),
    ("nor apart by 0.7 em", [at("多様な分野での活用", 72, 100, 16),
                             at("新たな科学", 72, 127.2, 16)], 2),
    ("nor further in", [at("多様な分野での活用", 72, 100, 16), at("新たな科学", 90, 121, 16)], 2),
    ("a bold line that had to break goes on", [
        at("（１）" + "長" * 17, 72, 100, bold=True), at("防止", 72, 113, bold=True)], 1),
    ("a shorter one did not", [
        at("（１）" + "長" * 14, 72, 100, bold=True), at("防止", 72, 113, bold=True)], 2),
    ("a plain one is no heading", [at("（１）" + "長" * 17, 72, 100), at("防止", 72, 113)], 2),
    ("lines of a title are put together elsewhere", [
        at("多様な分野での活用が切り拓く", 72, 100, 16, page=1),
        at("新たな科学", 72, 121, 16, page=1)], 2),
]  # fmt: skip


@pytest.mark.parametrize(("blocks", "count"), [case[1:] for case in CASES], ids=lambda _: "")
def test_what_is_one_block(blocks: Sequence[TextBlock], count: int) -> None:
    assert len(joined(*blocks)) == count


def test_a_label_and_its_text_are_parted_by_a_space() -> None:
    (block,) = join_labels([at("第４章", 72, 100, 16), at("総論", 140, 92, 16)], USUAL)
    assert isinstance(block, TextBlock)
    assert block.text == "第４章\u3000総論"
    assert [line.text for line in block.lines] == ["第４章", "総論"]
    assert joined(at("多様な分野での", 72, 100, 16), at("新科学", 72, 121, 16)) == [
        "多様な分野での新科学"
    ]
