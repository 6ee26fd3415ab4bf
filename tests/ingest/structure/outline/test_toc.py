"""Contents pages: their entries are no text, and no text is taken for an entry."""

import pytest

from shisaku.ingest.model import Block
from shisaku.ingest.structure.outline.toc import parse_entry, take_contents
from tests.support.setting import block, document, pages, table, texts

PARAGRAPH = "警察は、人身取引の被害者を早く見つけるため、各地の窓口に相談員を置き、研修を行った。"

# A line, the title and page that it names; with `gap`, white space alone counts as leaders.
ENTRIES: list[tuple[str, bool, tuple[str, str] | None]] = [
    ("第１章　総論…………………１", False, ("第１章　総論", "１")),
    ("1.1 背景 ..................... 12", False, ("1.1 背景", "12")),
    ("（１）窓口・・・・・・・・・３", False, ("（１）窓口", "３")),
    ("おわりに・・・・・・・・・", False, ("おわりに", "")),  # its page stands on a line of its own
    ("２　保護 ――――――― （５）", False, ("２　保護", "（５）")),
    ("はじめに ........ iii", False, ("はじめに", "iii")),
    ("第２章　保護　　５", True, ("第２章　保護", "５")),
    ("第２章　保護　　５", False, None),
    ("警察では、被害者を保護した。", True, None),
    ("…………………", False, None),  # a rule made of dots names nothing
    ("2009……2014", False, None),  # a span is no leader
]


@pytest.mark.parametrize(("text", "gap", "wanted"), ENTRIES)
def test_entries(text: str, gap: bool, wanted: tuple[str, str] | None) -> None:
    entry = parse_entry(text, gap=gap)
    assert (entry and (entry.title, entry.page)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("はじめに ........ - 1 -", ("はじめに", "- 1 -")),  # as the page itself prints it
        ("参考資料 ........ 資-1", ("参考資料", "資-1")),
        ("総論 ........ Ⅰ-1", ("総論", "Ⅰ-1")),
    ],
)
def test_entries_with_page_numbers_of_other_kinds(text: str, wanted: tuple[str, str]) -> None:
    entry = parse_entry(text)
    assert (entry and (entry.title, entry.page)) == wanted


def entries(*numbers: int) -> list[Block]:
    return [block(f"第{n}章　施策{n}……………………{n}") for n in numbers]


def left(*parts: list[Block]) -> list[list[str]]:
    """Give the texts that stay on each page."""
    kept, _ = take_contents(pages(*parts))
    return [texts(page.blocks) for page in kept]


def test_a_page_of_contents_is_taken_out_and_its_entries_are_kept() -> None:
    kept, contents = take_contents(
        pages([block("表題"), block("目　次"), *entries(1, 2, 3)], [block(PARAGRAPH)])
    )
    assert [texts(page.blocks) for page in kept] == [["表題"], [PARAGRAPH]]
    assert [(entry.title, entry.page) for entry in contents.entries] == [
        ("第1章\u3000施策1", "1"), ("第2章\u3000施策2", "2"), ("第3章\u3000施策3", "3"),
    ]  # fmt: skip
    assert contents.texts[0] == "目　次"


@pytest.mark.parametrize("heading", ["目次", "目　次", "も く じ", "Contents", "CONTENTS"])
def test_headings_of_contents(heading: str) -> None:
    assert left([block(heading), *entries(1, 2, 3)]) == [[]]


def test_contents_without_a_heading() -> None:
    assert left(entries(1, 2, 3, 4), [block(PARAGRAPH)]) == [[], [PARAGRAPH]]


def test_entries_set_with_gaps_count_under_the_heading_alone() -> None:
    rows: list[Block] = [block(f"第{n}章　施策　　{n}") for n in (1, 2, 3)]
    assert left([block("目次"), *rows]) == [[]]
    assert left([block(PARAGRAPH), *rows, block(PARAGRAPH)])[0] != [PARAGRAPH, PARAGRAPH]


def test_contents_over_two_pages() -> None:
    assert left([block("目次"), *entries(1, 2, 3)], entries(4, 5, 6, 7), [block(PARAGRAPH)]) == [
        [], [], [PARAGRAPH],
    ]  # fmt: skip


def test_the_last_entry_on_a_page_of_its_own() -> None:
    assert left([block("目次"), *entries(1, 2, 3)], entries(4)) == [[], []]


def test_the_last_entry_above_the_text() -> None:
    parts = [[block("目次"), *entries(1, 2, 3)], [*entries(4), block(PARAGRAPH)]]
    assert left(*parts) == [[], [PARAGRAPH]]


def test_text_on_the_page_of_the_contents_stays() -> None:
    page = [block("目次"), *entries(1, 2, 3), block("第1章　施策1"), block(PARAGRAPH)]
    assert left(page) == [["第1章　施策1", PARAGRAPH]]


def test_a_caption_below_the_contents_takes_no_text_with_it() -> None:
    page = [block("目次"), *entries(1, 2, 3), block(PARAGRAPH), block("図　1"), block(PARAGRAPH)]
    assert left(page) == [[PARAGRAPH, "図　1", PARAGRAPH]]


def test_captions_on_the_page_after_the_contents_take_no_text_with_them() -> None:
    body: list[Block] = []
    for number in (1, 2, 3):
        body += [block(PARAGRAPH), block(f"図　{number}")]
    assert left([block("目次"), *entries(1, 2, 3)], body) == [[], texts(body)]


@pytest.mark.parametrize(
    "page",
    [
        # One line with leaders is a form's blank or a quotation.
        [block(PARAGRAPH), block("氏名…………………１"), block(PARAGRAPH)],
        # Figures at the end of lines, without company.
        [block(PARAGRAPH), block("平成 28"), block("合計 12"), block("図 3"), block(PARAGRAPH)],
        [block("目次"), block(PARAGRAPH)],  # the word alone is no contents page
    ],
)
def test_what_is_no_contents_page(page: list[Block]) -> None:
    assert left(page) == [texts(page)]


def test_a_table_is_never_an_entry() -> None:
    beside = table([["年", "件"], ["2009", "12"]])
    kept, _ = take_contents(pages([block(PARAGRAPH), beside]))
    assert beside in kept[0].blocks


def test_the_document_counts_what_was_left_aside() -> None:
    made = document([block("目次"), *entries(1, 2, 3)], [block(PARAGRAPH)])
    assert made.counts["contents"] == 4
    assert [passage.text for passage in made.passages] == [PARAGRAPH]


def test_leaders_may_be_as_long_as_the_line() -> None:
    # Full stops are so narrow that a line holds a hundred and fifty of them.
    rows: list[Block] = [block(f"第{n}章　施策{'.' * 150}{n}") for n in (1, 2, 3)]
    assert left([block("目次"), *rows], [block(PARAGRAPH)]) == [[], [PARAGRAPH]]


def test_a_dotted_blank_of_a_form_is_no_entry_and_takes_no_time() -> None:
    # Nested repeats once made the time double with each dot.
    assert parse_entry("氏名" + "…" * 2000 + "（自署）") is None
