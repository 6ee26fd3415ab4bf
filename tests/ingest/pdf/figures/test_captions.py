"""Captions of pictures, and what stands under a picture and is none."""

import pytest

from shisaku.ingest.model import Line, TextBlock
from shisaku.ingest.pdf.figures.captions import part_captions, with_captions
from tests.support.setting import HEIGHT, WIDTH, block, line

PICTURE = (400.0, 100.0, 540.0, 200.0)
AREA = WIDTH * HEIGHT


def captions(*lines: Line, picture: tuple[float, ...] = PICTURE) -> list[str]:
    x0, top, x1, bottom = picture
    return [each.text for each in part_captions(lines, [(x0, top, x1, bottom)], AREA)[1]]


# What stands under the picture, and whether it is its caption.
UNDER: list[tuple[str, Line, bool]] = [
    ("centred", line("押収した大麻", 440, 208), True),
    ("a little off", line("押収した大麻", 448, 208), True),
    ("flush left", line("押収した大麻", 400, 208), False),
    ("too far below", line("押収した大麻", 440, 217), False),
    ("within the picture", line("押収した大麻", 440, 150), False),
    ("a sentence", line("大麻である。", 440, 208), False),
    ("an item", line("①押収した", 445, 208), False),
    ("wider than the picture", line("押収した大麻及び覚醒剤の袋", 405, 208, 11), False),
]


@pytest.mark.parametrize(("what", "under", "wanted"), UNDER, ids=[case[0] for case in UNDER])
def test_what_is_a_caption(what: str, under: Line, wanted: bool) -> None:
    assert captions(under) == ([under.text] if wanted else [])


@pytest.mark.parametrize("picture", [(455.0, 180.0, 485.0, 200.0), (0.0, 0.0, WIDTH, 700.0)])
def test_signs_and_grounds_have_no_captions(picture: tuple[float, ...]) -> None:
    below = line("押収した大麻", (picture[0] + picture[2]) / 2 - 30, picture[3] + 8)
    assert captions(below, picture=picture) == []


def test_text_under_a_picture_is_text() -> None:
    assert captions(line("押収した大麻は", 435, 208), line("すべて廃棄した。", 435, 222)) == []


def test_a_caption_follows_the_paragraph_beside_its_picture() -> None:
    blocks = [block("一つめの事例である。", top=100), block("二つめの事例である。", top=300)]
    made = with_captions(blocks, [line("押収した大麻", 440, 208), line("現場", 440, 320)])
    assert [(each.text[:3], each.role) for each in made if isinstance(each, TextBlock)] == [
        ("一つめ", ""), ("押収し", "caption"), ("二つめ", ""), ("現場", "caption"),
    ]  # fmt: skip
