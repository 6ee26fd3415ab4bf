"""What a document is: title, date of issue, publisher, by its cover or head."""

import pytest
from msgspec.structs import replace

from shisaku.ingest.model import Block, Furniture, Page, RawDocument, TextBlock
from shisaku.ingest.structure.identity import Identity, identify
from tests.support.setting import HEIGHT, WIDTH, Role, block, document, pages

# A first paragraph, which ends the cover.
TEXT = block(
    "政府は、人身取引の被害者を早く見つけて保護するため、各地の窓口に相談員を置き、通訳を手配し、"
    "職員に対する研修を行うなど、関係省庁が協力して次の施策を進めることとする。"
)


def identity(*blocks: Block, title: str | None = None, name: str = "raw/x.pdf") -> Identity:
    raw = RawDocument(tuple(pages(blocks)), title=title)
    return identify(blocks, raw, name)


def page_identity(*blocks: TextBlock, title: str | None = None) -> Identity:
    """The same for a web page, whose size is not known."""
    flow = [
        replace(each, lines=tuple(replace(line, size=0) for line in each.lines)) for each in blocks
    ]
    raw = RawDocument((Page(1, 0, 0, tuple(flow)),), title=title)
    return identify(flow, raw, "x.html")


def big(text: str, size: float = 18) -> TextBlock:
    return block(text, size=size)


# Blocks of a cover, the title that they hold.
TITLES: list[tuple[str, list[Block], str]] = [
    ("the largest line", [big("人身取引対策行動計画2014"), block("平成26年12月"), TEXT],
     "人身取引対策行動計画2014"),
    ("below number and date", [block("資料１－１"), block("平成26年12月16日"), block("閣僚会議"),
     big("人身取引対策行動計画2014"), TEXT], "人身取引対策行動計画2014"),
    ("over two lines", [big("人身取引対策行動計画"), big("フォローアップ"), block("平成23年11月"),
     block("犯罪対策閣僚会議"), block("内閣官房"), TEXT], "人身取引対策行動計画 フォローアップ"),
    ("a large date is none", [big("平成26年12月16日"), big("人身取引対策行動計画"),
     block("犯罪対策"), block("閣僚会議"), block("内閣官房"), TEXT], "人身取引対策行動計画"),
    ("a notice's subject", [block("保医発0729第４号"), block("平成28年７月29日"),
     block("地方厚生（支）局医療課長殿"), block("検査料の点数の取扱いについて"), TEXT],
     "検査料の点数の取扱いについて"),
    ("a centred line of a letter", [block("事務連絡"), block("令和３年５月１日"),
     block("窓口の運用", centered=True), TEXT], "窓口の運用"),
    ("a bold line of a letter", [block("令和３年５月１日"), block("関係者各位"),
     block("窓口の運用", bold=True), TEXT], "窓口の運用"),
    ("the first line that can be one", [block("令和３年５月１日"), block("窓口の運用の方針"), TEXT],
     "窓口の運用の方針"),
    ("a law's number above it", [block("政令第百四十九号", bold=True),
     block("道路交通法施行令の一部を改正する政令"), TEXT], "道路交通法施行令の一部を改正する政令"),
    ("a sentence is no title", [TEXT], "x"),
    ("nothing", [], "x"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "blocks", "title"), TITLES, ids=[case[0] for case in TITLES])
def test_titles_of_prints(what: str, blocks: list[Block], title: str) -> None:
    assert identity(*blocks).title == title


@pytest.mark.parametrize(
    "blocks",
    [
        [block("警察庁生活安全局長から"), big("人身取引対策行動計画"), TEXT],
        [block("第４回会議"), big("人身取引対策行動計画"), big("2014"), block("内閣官房"), TEXT],
    ],
)
def test_a_large_title_on_a_short_cover(blocks: list[Block]) -> None:
    assert identity(*blocks).title.startswith("人身取引対策行動計画")


def test_a_large_title_of_three_lines() -> None:
    title = [big("人身取引対策に関する"), big("行動計画の"), big("実施状況")]
    small = [block("第４回会議資料"), block("平成26年12月"), block("内閣官房作成")]
    assert identity(*small, *title, TEXT).title.startswith("人身取引対策に関する")


def test_the_blocks_of_the_title_are_named_and_are_no_passages() -> None:
    blocks = [block("資料１－１"), block("内閣官房"), big("人身取引対策行動計画2014"), TEXT]
    assert identity(*blocks).blocks == {2}
    made = document(blocks)
    assert "人身取引対策行動計画2014" not in [passage.text for passage in made.passages]
    assert TEXT.text in [passage.text for passage in made.passages]


# A file's own title, whether it may be taken where the page says nothing larger.
METADATA = [
    ("人身取引対策行動計画2014", True),
    ("Microsoft Word - 01_計画案.docx", False),  # the name of a file
    ("Microsoft PowerPoint - スライド", False),
    ("計画案_最終版_0401", False),
    ("Taro-計画", False),
    ("untitled", False),
    ("計画", False),  # too short to say anything
    ("", False),
]


@pytest.mark.parametrize(("title", "taken"), METADATA)
def test_the_title_in_the_file(title: str, taken: bool) -> None:
    assert identity(TEXT, title=title).title == (title if taken else "x")


def test_the_title_in_the_file_counts_where_the_page_says_it_too() -> None:
    blocks = [block("人身取引対策行動計画"), block("2014年版"), TEXT]
    assert identity(*blocks, title="人身取引対策行動計画 2014年版").title == (
        "人身取引対策行動計画 2014年版"
    )


def test_the_title_in_the_file_yields_to_the_page() -> None:
    # It often stays from the file that served as a pattern.
    blocks = [big("人身取引対策行動計画2014"), block("内閣官房"), block("平成26年12月"), TEXT]
    assert identity(*blocks, title="人身取引対策行動計画2009").title == "人身取引対策行動計画2014"


@pytest.mark.parametrize(
    ("blocks", "title", "wanted"),
    [
        ([block("開催状況について", role="heading")], "会議 | 省", "開催状況について"),
        ([block("開催状況", role="heading")], "連絡会議の開催状況", "連絡会議の開催状況"),
        ([TEXT], "連絡会議の開催状況", "連絡会議の開催状況"),
        ([block("第１　趣旨", role="heading"), TEXT], "窓口の設置要綱", "窓口の設置要綱"),
        ([block("第１　趣旨", role="heading", level=1), TEXT], "窓口の設置要綱", "第１　趣旨"),
        ([block("人身取引対策に\n関する連絡会議\n（第４回）", role="heading")], None,
         "人身取引対策に関する連絡会議（第４回）"),
        ([block("窓口の運用のガイドライン\n（通則編）", role="heading", level=1)],
         "窓口の運用のガイドライン ｜相談庁", "窓口の運用のガイドライン（通則編）"),
        ([block("窓口設置法\n（平成三十年法律第五号）\n（平成三十年四月一日）",
                role="heading", level=1)], "窓口設置法", "窓口設置法"),
        ([block("新着情報", role="heading", level=1)], "相談庁", "相談庁"),
        ([block("新着情報", role="heading", level=1)], "新着情報 | 相談庁公式サイト", "新着情報"),
        ([block("新着情報", role="heading", level=1)], None, "新着情報"),
    ],
)  # fmt: skip
def test_titles_of_web_pages(blocks: list[TextBlock], title: str | None, wanted: str) -> None:
    assert page_identity(*blocks, title=title).title == wanted


# Blocks of a cover, the date of issue.
ISSUED: list[tuple[str, list[Block], str | None]] = [
    ("a date alone", [big("行動計画について"), block("平成26年12月16日"), TEXT], "2014-12-16"),
    ("as precise as printed", [big("行動計画について"), block("平成26年12月"), TEXT], "2014-12"),
    ("letter-spaced", [big("行動計画について"), block("平 成 26 年 12 月"), TEXT], "2014-12"),
    ("first year", [big("行動計画について"), block("令和元年５月"), TEXT], "2019-05"),
    ("kanji", [big("行動計画について"), block("平成二十六年十二月十六日"), TEXT], "2014-12-16"),
    ("a year alone", [big("人身取引年次報告書"), block("2023年版"), TEXT], "2023"),
    ("in the title", [big("出入国在留管理 2023"), TEXT], "2023"),
    ("with the act", [big("行動計画について"), block("平成26年12月16日閣議決定"), TEXT],
     "2014-12-16"),
    ("in brackets", [big("行動計画について"), block("（平成26年12月16日　閣僚会議決定）"), TEXT],
     "2014-12-16"),
    ("a fiscal year is no date", [big("平成30年度評価シート"), TEXT], None),
    ("in the text", [big("行動計画について"), TEXT, block("平成26年12月16日")], None),
    ("none", [big("行動計画について"), TEXT], None),
]  # fmt: skip


@pytest.mark.parametrize(("what", "blocks", "issued"), ISSUED, ids=[case[0] for case in ISSUED])
def test_dates_of_issue(what: str, blocks: list[Block], issued: str | None) -> None:
    assert identity(*blocks).issued == issued


@pytest.mark.parametrize(
    "title",
    [
        "医療法等の一部を改正する法律（平成26年法律第83号）の施行について",
        "平成23年3月11日に発生した東日本大震災への対応について",
        "「平成21年12月に決定された行動計画」の取扱いについて",
    ],
)
def test_a_date_inside_the_title_is_not_the_date_of_issue(title: str) -> None:
    assert identity(big(title), block("平成28年４月１日"), TEXT).issued == "2016-04-01"


def test_a_law_is_of_the_year_of_its_number() -> None:
    cover = [block("自殺対策基本法", size=14), block("（平成十八年法律第八十五号）")]
    assert identity(*cover, TEXT).issued == "2006"


def test_fiscal_year_and_year() -> None:
    made = document([big("平成30年度評価シート"), TEXT])
    assert (made.fiscal_year, made.issued, made.year) == (2018, None, 2018)
    made = document([big("平成29年度実績報告"), block("平成30年６月"), TEXT])
    assert (made.fiscal_year, made.issued, made.year) == (2017, "2018-06", 2018)


@pytest.mark.parametrize(
    ("blocks", "publisher"),
    [
        ([big("行動計画について"), block("警察庁"), TEXT], "警察庁"),
        ([big("行動計画について"), TEXT], None),  # ministries in the text say nothing
    ],
)
def test_publishers(blocks: list[Block], publisher: str | None) -> None:
    assert identity(*blocks).publisher == publisher


def test_what_stands_on_the_second_page_is_no_cover() -> None:
    second = block("平成26年12月16日", page=2)
    assert identity(big("行動計画について"), second).issued is None


def test_the_size_of_the_page_tells_print_from_web_page() -> None:
    # The two read titles in different ways.
    assert pages([])[0].width == WIDTH
    assert pages([])[0].height == HEIGHT


def test_the_labels_of_a_chart_and_its_source_are_no_title() -> None:
    labels = block("（件）　400　300　令和3年", size=14, role="caption")
    source = block("資料：警察庁調べ", size=14)
    assert identity(block("次のとおりである。"), labels, source).title == "x"


@pytest.mark.parametrize(
    ("sentences", "heads"), [(["本資料は暫定版である。"], False), (["趣旨を述べる。"] * 2, True)]
)
def test_a_short_letter_on_the_first_page_is_no_cover(sentences: list[str], heads: bool) -> None:
    first = [big("行動計画について"), block("１　趣旨"), *(block(each) for each in sentences)]
    made = document(first, [block("第１　目的", page=2), block("目的を定める。", page=2)])
    assert ("趣旨" in [section.title for section in made.sections]) is heads


# A chapter of a white paper as a file of its own: (its own title, running head, name of the file,
# the document's title).
EXTRACTS = [
    ("令和4年版　架空対策白書　全体版（PDF版）", "", "x.pdf", "令和4年版　架空対策白書"),
    (None, "架空青書2025", "x.pdf", "架空青書2025"),
    (None, "", "架空省_令和6年版_架空対策白書_2章.pdf", "令和6年版 架空対策白書"),
    (None, "第２章　相談窓口の現状", "x.pdf", "第２章　相談窓口の現状"),
]


@pytest.mark.parametrize(("own", "running", "name", "title"), EXTRACTS)
def test_a_chapter_is_cited_by_its_white_paper(
    own: str | None, running: str, name: str, title: str
) -> None:
    blocks = (big("第２章　相談窓口の現状"), TEXT)
    page = Page(1, WIDTH, HEIGHT, blocks, furniture=(Furniture("running_head", running),))
    found = identify(blocks, RawDocument((page,), title=own), f"raw/{name}")
    assert found.title == title
    # Then the chapter heads its own text.
    assert found.blocks == (frozenset() if "白書" in title or "青書" in title else {0})


def test_what_has_a_title_of_its_own_keeps_it() -> None:
    found = identity(big("防災白書の説明会について"), TEXT, title="令和4年版　防災白書")
    assert found.title == "防災白書の説明会について"


def test_the_edition_of_a_white_paper_says_year_and_publisher() -> None:
    found = identity(big("第１章　総論"), TEXT, title="令和4年版　少子化社会対策白書　全体版")
    assert (found.publisher, found.issued) == ("内閣府", "2022")


@pytest.mark.parametrize(
    ("line", "role", "issued"),
    [
        ("令和２年４月13日", "", "2020-04-13"),
        ("令和２年４月13日付人事異動［32KB］", "", None),  # a file that the page links to
        ("令和２年４月13日（PDF：32KB）", "", None),
        ("令和２年４月13日", "list_item", None),  # an item of news
    ],
)
def test_dates_of_what_a_web_page_links_to(line: str, role: Role, issued: str | None) -> None:
    found = page_identity(block("窓口の案内", role="heading", level=1), block(line, role=role))
    assert found.issued == issued
