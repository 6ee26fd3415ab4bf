"""Whatever is drawn comes out of the reader once: in a block, as ruby, or as furniture."""

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shisaku.ingest.model import Page, TextBlock
from shisaku.ingest.pdf.assembly import make_page
from shisaku.ingest.pdf.drawing import DrawnPage
from shisaku.ingest.pdf.first_pass import read_content, visible_chars
from shisaku.ingest.pdf.glyphs.strips import strips_of
from shisaku.ingest.pdf.layout.furniture import find_furniture
from tests.support.setting import HEIGHT, WIDTH, chars, grid, rule

WORDS = [
    "人身取引対策", "あ", "かな", "12", "（注１）", "- 3 -", "実施する。", "第１章　総則", "AB c",
]  # fmt: skip
PLACES = st.integers(20, 560)


def held(page: Page) -> Counter[str]:
    blocks = [
        text
        for block in page.blocks
        for text in ([block] if isinstance(block, TextBlock)
                     else [each for cell in block.cells for each in cell.blocks])
    ]  # fmt: skip
    texts = [part.text for part in page.furniture] + [block.text for block in blocks]
    texts += [reading for block in blocks for line in block.lines for *_, reading in line.ruby]
    return Counter("".join("".join(texts).split()))


@st.composite
def drawn(draw: st.DrawFn) -> DrawnPage:
    """Draw words of several sizes anywhere, across and upright, over rules that form anything."""
    glyphs: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(1, 14))):
        word, x, top = draw(st.sampled_from(WORDS)), draw(PLACES), draw(PLACES)
        size = draw(st.sampled_from([5.0, 8.0, 10.0, 14.0]))
        if draw(st.booleans()):
            glyphs += chars(word, x, top, size)
        else:
            # Upright: each character below the last.
            for at, char in enumerate(word):
                glyphs += chars(char, x, top + at * size, size)
    edges: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(0, 3))):
        xs = sorted(draw(st.lists(PLACES, min_size=2, max_size=4, unique=True)))
        ys = sorted(draw(st.lists(PLACES, min_size=2, max_size=4, unique=True)))
        rules = grid(xs, ys)
        # Broken drawings leave rules out.
        edges += draw(st.lists(st.sampled_from(rules), unique_by=id, max_size=len(rules)))
    if draw(st.booleans()):
        edges.append(rule(72, 700, 200, 700))
    if draw(st.booleans()):
        # A table without rules.
        top = draw(PLACES)
        for at, row in enumerate([["名前", "件数", "率"], *([["甲乙", "12", "3%"]] * 4)]):
            for column, word in enumerate(row):
                glyphs += chars(word, 40 + 120 * column, top + at * 14, 9)
    shapes: list[tuple[float, float, float, float]] = []
    if draw(st.booleans()):
        # The axis of a chart, and what is drawn beside it.
        x, top, step = draw(PLACES), draw(st.integers(20, 400)), draw(st.integers(8, 40))
        for at in range(5):
            glyphs += chars(str(50 - 10 * at), x, top + at * step, 6)
        shapes = [(x + 14, top, x + 14 + draw(PLACES), top + 4 * step + 6)]
        if draw(st.booleans()):
            edges += grid([x - 20, x + 300], [top - 40, top + 5 * step])
    return DrawnPage(WIDTH, HEIGHT, strips_of(glyphs), edges, False, shapes=shapes)


@settings(max_examples=150, deadline=None)
@given(drawn())
def test_every_character_comes_out_once(page: DrawnPage) -> None:
    content = read_content(page, 1, Counter(), [])
    made = make_page(content, find_furniture([content.page_lines()]))
    assert held(made) == content.drawn


@given(st.lists(st.text("ab人 \u3000\t\n")))
def test_characters_count_wherever_they_stand_and_white_space_nowhere(texts: list[str]) -> None:
    expected = Counter(char for text in texts for char in text if not char.isspace())
    assert dict(visible_chars(texts)) == dict(expected)
