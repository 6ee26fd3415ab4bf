"""What first pages of other shapes say of their documents: title, kind, date, publisher."""

import pytest

from shisaku.ingest.model import Block, Document, Furniture, Page, RawDocument, TextBlock
from shisaku.ingest.structure import build_document
from tests.support.setting import HEIGHT, WIDTH, block, span, table

PROSE = (
    "標記について、相談窓口の職員が被害を受けた方の話を聴き取るときに守る手順を別紙のとおり定めたので、"
    "貴管下の関係機関に周知されるようお願いする。"
)


def sheet(*lines: str, page: int = 1) -> list[Block]:
    """Set lines from the top, one every 24 points: `C16 words` is centred in 16 points.

    The letter is L, C or R (at the right edge); `C16+` begins 6 points nearer to the line above.
    """
    top, found = 60.0, list[Block]()
    for line in lines:
        how, _, words = line.partition(" ")
        size = float(how[1:].rstrip("+"))
        top += size if how.endswith("+") else size + 12
        wide = span(words, size)
        x = {"L": 72.0, "C": (WIDTH - wide) / 2, "R": WIDTH - 60 - wide}[how[0]]
        found.append(block(words, page=page, x=x, top=top - size, size=size))
    return found


def parsed(first: list[Block], rest: list[Block] | None = None, **raw: str) -> Document:
    pages = [Page(1, WIDTH, HEIGHT, tuple(first))]
    if rest:
        pages.append(Page(2, WIDTH, HEIGHT, tuple(rest)))
    return build_document(
        RawDocument(tuple(pages), title=raw.get("title"), url=raw.get("url")),
        document_id="x.pdf", sources=(), sha256="",
    )  # fmt: skip


TEXT = block(PROSE, top=500)

# What, the first page, (title, kind, date of issue, publisher).
PAGES: list[tuple[str, list[Block], tuple[str, str, str | None, str | None]]] = [
    ("a notice whose subject is set in two lines",
     [*sheet("R12 子発0412第３号", "R12+ 令和４年４月12日", "L12 各都道府県知事　殿",
             "R12 こども家庭庁支援局長", "R12+ （公印省略）", "C12 「相談窓口の運用について」",
             "C12+ の一部改正について"), TEXT],
     ("「相談窓口の運用について」の一部改正について", "notice", "2022-04-12", "こども家庭庁")),
    ("a notice with a stamp larger than its words",
     [*sheet("L36 写", "R12 事務連絡", "R12+ 令和５年１月20日", "L12 各地方公共団体　御中",
             "R12 総務省自治行政局", "C12 窓口の開設時間の取扱いについて"), TEXT],
     ("窓口の開設時間の取扱いについて", "notice", "2023-01-20", "総務省")),
    ("an announcement with number, date and signature behind its text",
     [*sheet("L12 ○環境省告示第二十七号"), block(PROSE, top=150),
      *sheet("L12 令和三年六月一日", "R12 環境大臣　青木　緑")],
     ("x", "notice", "2021-06-01", "環境省")),
    ("an announcement of the prime minister",
     [*sheet("C14 相談窓口の基準を定める件", "L12 ○内閣府告示第四号"), block(PROSE, top=200),
      *sheet("L12 平成三十年二月九日", "R12 内閣総理大臣　山田　太郎")],
     ("相談窓口の基準を定める件", "notice", "2018-02-09", "内閣府")),
    ("a press release",
     [*sheet("R20 Press Release", "R10 令和２年７月３日", "R10 【照会先】",
             "R10+ 保険局医療介護連携政策課", "R10+ 課長補佐　佐藤（内線1234）",
             "L12 報道関係者　各位", "C16 窓口の開設から１年の実績を公表します"), TEXT],
     ("窓口の開設から１年の実績を公表します", "notice", "2020-07-03", "厚生労働省")),
    ("an agenda, whose date stands between the meeting and the word for it",
     [*sheet("C18 第３回「相談体制のあり方検討会」", "R12 令和元年11月５日（火）",
             "R12+ 午後２時から午後４時まで", "C14 議　事　次　第", "L12 １．開会",
             "L12 ２．議題", "L12 ３．閉会")],
     ("第３回「相談体制のあり方検討会」 議事次第", "meeting_record", "2019-11-05", None)),
    ("minutes whose title begins with the day",
     [*sheet("C13 令和２年２月14日　第２回「相談体制のあり方検討会」　議事要旨",
             "L9 ○場所　中央合同庁舎", "L9 ○議題　窓口の体制"), TEXT],
     ("第２回「相談体制のあり方検討会」　議事要旨", "meeting_record", "2020-02-14", None)),
    ("a council paper with a second line between waves",
     [*sheet("R16 資料２", "C14 相談体制のあり方検討会とりまとめ（案）",
             "C12+ ～相談者の立場に立った窓口を目指して～"), TEXT],
     ("相談体制のあり方検討会とりまとめ（案） ～相談者の立場に立った窓口を目指して～",
      "report", None, None)),
    ("a cover with version, date and a body that no list knows",
     sheet("C26 分散台帳の利用に関するホワイトペーパー", "C18 Ver2.1", "C18 2021年９月30日",
           "C18 分散台帳推進協議会"),
     ("分散台帳の利用に関するホワイトペーパー Ver2.1",
      "report", "2021-09-30", "分散台帳推進協議会")),
    ("a slide",
     sheet("C40 消費者庁における取組", "C24 令和３年10月８日", "C24 第４回相談体制検討会"),
     ("消費者庁における取組", "other", "2021-10-08", "消費者庁")),
    ("a white paper's cover",
     sheet("C30 令和５年版　消費者白書", "C16 消費者庁"),
     ("令和５年版　消費者白書", "report", "2023", "消費者庁")),
    ("results of a public comment",
     [*sheet("C14 「相談窓口の基準（案）」に関する意見募集の結果について", "R11 令和６年３月１日",
             "R11+ 消費者庁取引対策課"), TEXT],
     ("「相談窓口の基準（案）」に関する意見募集の結果について", "other", "2024-03-01", "消費者庁")),
    ("a form whose lines have labels",
     sheet("C18 規制の事後評価書", "L11 法令の名称：相談窓口法", "L11 担当部局：法務省民事局総務課",
           "L11 評価実施時期：令和５年６月"),
     ("規制の事後評価書", "evaluation_sheet", "2023-06", "法務省")),
    ("a guideline with its amendments",
     [*sheet("C20 相談記録の保存に関するガイドライン", "C11 平成28年11月制定",
             "C11+ 平成30年４月一部改正", "C11+ 令和４年５月一部改正",
             "C11 個人情報保護委員会"), TEXT],
     ("相談記録の保存に関するガイドライン", "other", "2022-05", "個人情報保護委員会")),
    ("a guideline that was never amended",
     [*sheet("C20 相談記録の保存に関するガイドライン", "C11 平成28年11月制定"), TEXT],
     ("相談記録の保存に関するガイドライン", "other", "2016-11", None)),
    ("a list as of a day",
     [*sheet("C14 相談窓口の一覧", "R10 （令和４年２月１日時点）"),
      table([["都道府県", "窓口", "電話"], ["北海道", "道の窓口", "×"]])],
     ("相談窓口の一覧", "other", "2022-02-01", None)),
]  # fmt: skip


@pytest.mark.parametrize(("what", "blocks", "wanted"), PAGES, ids=[case[0] for case in PAGES])
def test_first_pages(
    what: str, blocks: list[Block], wanted: tuple[str, str, str | None, str | None]
) -> None:
    covers = not any(each.text == PROSE for each in blocks)
    made = parsed(blocks, [block(PROSE, page=2)] if covers else None)
    assert (made.title, made.kind, made.issued, made.publisher) == wanted


def test_a_box_of_a_title_is_read_and_heads_of_columns_are_none() -> None:
    boxed: list[Block] = [table([["資料１", "最近の相談の情勢について", "警察庁生活安全局"]]), TEXT]
    assert parsed(boxed).title == "最近の相談の情勢について"
    assert parsed(boxed).publisher == "警察庁"
    data = table(
        [["番号", "基本情報", "通知に基づく対応について", "備考"], ["1", "甲", "可", "乙"]]
    )
    made = parsed([*sheet("C14 相談窓口の一覧"), data])
    assert made.title == "相談窓口の一覧"
    assert parsed([data]).title == "x"


def test_a_page_in_a_frame_has_its_title_in_the_first_row() -> None:
    rows = [["「相談計画」（概要）"], ["視点"], ["目標１"], [PROSE], ["目標２"]]
    made = parsed([table(rows)])
    assert (made.title, made.basis["title"].where) == ("「相談計画」（概要）", "head")


@pytest.mark.parametrize(
    "caption", ["図表Ⅰ-4-1　相談件数の推移", "第Ⅲ-1-4-1図　交渉の歴史", "図３　相談件数の推移"]
)
def test_a_chart_is_no_title_and_dates_nothing(caption: str) -> None:
    chart = sheet(f"C14 {caption}", "L8 2002年11月発効", "L8 2003年12月交渉開始")
    made = parsed([*chart, TEXT])
    assert (made.title, made.issued) == ("x", None)


@pytest.mark.parametrize(
    ("size", "title"), [(30, "相談の課題と対策"), (29, "厚生労働省")]
)  # three quarters of the logo's size, and less
def test_a_logo_is_no_title(size: int, title: str) -> None:
    slide = sheet("L40 厚生労働省", f"C{size} 相談の課題と対策", "C12 令和３年10月８日")
    assert parsed(slide, [block(PROSE, page=2)]).title == title


def test_a_survey_is_not_when_the_document_was_issued() -> None:
    made = parsed([*sheet("C16 相談窓口の実態", "L10 調査時点：令和２年10月１日"), TEXT])
    assert made.issued is None


@pytest.mark.parametrize(
    ("own", "title"),
    [
        ("290801相談窓口の運用について", "相談窓口の運用について"),  # a number that no reader sees
        ("ç\x9b¸è«‡çª“å\x8f£ã®é\x81‹ç”¨", "相談窓口の運用について"),  # UTF-8 read as Latin-1
        ("平成19年9月14日", "相談窓口の運用について"),
    ],
)
def test_what_the_file_calls_its_title_must_stand_on_the_page(own: str, title: str) -> None:
    blocks: list[Block] = [*sheet("R12 事務連絡", "C12 相談窓口の運用について"), TEXT]
    made = parsed(blocks, title=own)
    assert (made.title, made.issued) == (title, None)


def test_a_title_that_is_printed_on_each_page_is_a_running_head() -> None:
    page = Page(
        1, WIDTH, HEIGHT, (*sheet("R16 別紙１－３"), TEXT),
        furniture=(Furniture("running_head", "相談窓口を開設する機関の一覧"),),
    )  # fmt: skip
    made = build_document(RawDocument((page,)), document_id="x.pdf", sources=(), sha256="")
    assert (made.title, made.basis["title"].where) == (
        "相談窓口を開設する機関の一覧",
        "running_head",
    )


def test_the_chapter_of_a_white_paper_has_its_number_on_a_line_of_its_own() -> None:
    page = Page(
        1, WIDTH, HEIGHT, (*sheet("L20 第4章", "L24 相談の課題と現状の対応策"), TEXT),
        furniture=(Furniture("running_head", "令和6年版　消費者白書　第１部"),),
    )  # fmt: skip
    made = build_document(RawDocument((page,)), document_id="x.pdf", sources=(), sha256="")
    assert (made.title, made.kind, made.publisher) == (
        "令和6年版　消費者白書", "report", "消費者庁",
    )  # fmt: skip


# Titles that only look like those of a kind: (title, kind).
WORDS = [
    ("通知物の発送に係る手引", "other"),
    ("相談窓口の運用に関する通知", "notice"),
    ("相談窓口に関する告示について", "notice"),
    ("国の課題と現状の対応策", "other"),
    ("外国人の受入れのための総合的対応策", "plan"),
    ("検討会とりまとめ（素案）", "report"),
    ("検討会とりまとめ ～窓口のあり方～", "report"),
    ("検討会の進め方", "other"),
]


@pytest.mark.parametrize(("title", "kind"), WORDS)
def test_kinds_by_whole_words(title: str, kind: str) -> None:
    assert parsed([*sheet(f"C18 {title}"), TEXT]).kind == kind


# The first paragraph of a report, the plan that it names.
PLANS = [
    ("この部では、「第二次相談体制整備計画」の章立てに沿って、講じた施策を述べる。",
     "第二次相談体制整備計画"),
    ("第三次相談体制整備計画（令和４年12月決定）に掲げる事項の順に、講じた施策の概要を記す。",
     "第三次相談体制整備計画"),
    ("当該計画に基づき、令和４年度に講じた施策の概要を記すものである。", None),
    ("「第二次相談体制整備計画」及び「地域支援基本計画」の進捗状況をまとめたものである。", None),
    ("「第二次相談体制整備計画」は窓口の標準化を進めるものとされ、その方法を論じる。", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "plan"), PLANS)
def test_the_plan_that_a_report_names_in_its_first_paragraph(text: str, plan: str | None) -> None:
    made = parsed([*sheet("C18 令和５年度 相談体制の整備に関する年次報告"), block(text, top=200)])
    assert (made.kind, made.plan) == ("report", plan)
    if plan:
        assert made.basis["plan"].guessed


def test_what_was_inferred_is_told() -> None:
    slide = parsed(sheet("C40 消費者庁における取組", "C20 令和３年10月８日"))
    told = {name: (each.where, each.guessed) for name, each in slide.basis.items()}
    assert told["publisher"] == ("title", True)
    assert told["issued"] == told["year"] == ("head", False)
    nameless = parsed([TEXT])
    assert (nameless.basis["title"].where, nameless.basis["title"].guessed) == ("file_name", True)
    assert set(nameless.basis) == {"title"}
    fiscal = parsed([*sheet("C18 令和５年度 相談体制の整備に関する年次報告"), TEXT])
    assert (fiscal.year, fiscal.basis["year"].guessed) == (2023, True)


def test_the_host_of_the_url_is_the_last_resort() -> None:
    page = [*sheet("C18 相談窓口の開設"), TEXT]
    made = parsed(page, url="https://www.mhlw.go.jp/stf/soudan.html")
    assert (made.publisher, made.basis["publisher"].where) == ("厚生労働省", "url")
    assert parsed(page, url="https://www.example.jp/a.pdf").publisher is None
    own = parsed([*page[:1], block("消費者庁"), TEXT], url="https://www.mhlw.go.jp/a.pdf")
    assert own.publisher == "消費者庁"


def test_blocks_of_a_title_of_two_lines_are_no_text() -> None:
    lines: list[Block] = [
        *sheet("R12 事務連絡", "C12 「窓口の運用について」", "C12+ の改正について"),
        TEXT,
    ]
    made = parsed(lines)
    said = [passage.text for passage in made.passages]
    assert not any("改正について" in text for text in said)
    assert any(isinstance(each, TextBlock) for each in lines)
