"""Parts of a page that markup names: pairs of terms, struck text, images of headings, feet."""

import pytest

from shisaku.ingest.html import read_html
from shisaku.ingest.model import Document, RawDocument, TableBlock, TextBlock
from shisaku.ingest.structure import build_document

PROSE = (
    "<p>相談窓口では、被害を受けた方の話を聴き、関係する機関に引き継ぐ。通訳の手配も行う。</p>" * 3
)


def read(page: str) -> RawDocument:
    return read_html(f"<!doctype html><meta charset=utf-8><body>{page}</body>".encode())


def parsed(page: str) -> Document:
    return build_document(read(page), document_id="x.html", sources=(), sha256="")


def texts(raw: RawDocument) -> list[str]:
    return [block.text for block in raw.pages[0].blocks]


def said(document: Document) -> list[tuple[str, str, str]]:
    return [(p.type, p.path[-1] if p.path else "", p.text) for p in document.passages]


# --- dl ---------------------------------------------------------------------------------------


def test_terms_and_what_is_said_of_them_are_fields() -> None:
    page = (
        "<h1>会議</h1><dl><dt>日時<dd>令和５年６月７日<dt>甲<dt>乙<dd>説明。<dd>第二の説明。</dl>"
    )
    assert said(parsed(page)) == [
        ("field", "日時", "令和５年６月７日"), ("field", "甲乙", "説明。\n第二の説明。"),
    ]  # fmt: skip


LONG = "責任を有する者とは、苦情を受け付け、その処理に尽くすとともに、安全を管理する者をいう。"


@pytest.mark.parametrize(
    ("second", "apart"), [(LONG, True), (LONG[:-1], False), ("第二の説明。", False)]
)
def test_paragraphs_that_explain_a_term_are_fields_of_their_own(second: str, apart: bool) -> None:
    made = parsed(f"<h1>定め</h1><dl><dt>責任者<dd><p>{LONG}</p><p>{second}</p></dl>")
    wanted = [LONG, second] if apart else [f"{LONG}\n{second}"]
    assert said(made) == [("field", "責任者", text) for text in wanted]


@pytest.mark.parametrize(
    "page",
    [
        "<dl><div><dt>日時<dd>六月七日</div><div><dt>場所<dd>会議室</div></dl>",
        "<dl><dt>日時<dd><p>六月七日</p><dt>場所<dd><a href=x>会議室</a></dl>",
    ],
)
def test_pairs_in_groups_and_with_paragraphs(page: str) -> None:
    (block,) = read(page).pages[0].blocks
    assert isinstance(block, TableBlock)
    assert [cell.text for cell in block.cells] == ["日時", "六月七日", "場所", "会議室"]
    assert [cell.header for cell in block.cells] == [True, False, True, False]


@pytest.mark.parametrize(
    "page",
    [
        "<dl><dt>甲<dd><ul><li>一<li>二</ul></dl>",  # a list of its own
        "<dl><dt>甲<dd><h3>乙</h3></dl>",
        "<dl><dd>字下げした文。</dl>",  # an old way to indent
        "<dl><dt>甲<dt>乙</dl>",
        f"<dl><dt>{'甲' * 121}<dd>説明。</dl>",
    ],
)
def test_other_lists_stay_text_in_order(page: str) -> None:
    assert all(isinstance(block, TextBlock) for block in read(page).pages[0].blocks)


def test_a_term_may_be_as_long_as_a_question() -> None:
    (block,) = read(f"<dl><dt>{'甲' * 120}<dd>説明。</dl>").pages[0].blocks
    assert isinstance(block, TableBlock)


# --- th scope=row -----------------------------------------------------------------------------


def test_tables_of_labels_and_values_are_fields() -> None:
    rows = "<tr><th scope=row>日時<td>六月七日<tr><th scope=row>出席者<td>山田<br>佐藤"
    assert said(parsed(f"<h1>会議</h1><table>{rows}</table>")) == [
        ("field", "日時", "六月七日"), ("field", "出席者", "山田\n佐藤"),
    ]  # fmt: skip
    pairs = "<tr><th>日時<td>六月七日<th>場所<td>会議室"
    assert said(parsed(f"<table>{pairs}</table>")) == [
        ("field", "日時", "六月七日"), ("field", "場所", "会議室"),
    ]  # fmt: skip


def test_tables_with_heads_of_columns_are_rows() -> None:
    rows = "<tr><th>区分<th>件数<tr><th>検挙<td>３６<tr><th>保護<td>４４"
    assert {p.type for p in parsed(f"<table>{rows}</table>").passages} == {"row"}
    wide = "<tr><th>甲<td>１<td>２<td>３<tr><th>乙<td>４<td>５<td>６"
    assert {p.type for p in parsed(f"<table>{wide}</table>").passages} == {"row"}


def test_a_label_without_a_value_is_not_lost() -> None:
    made = parsed("<table><tr><th>日時<td>六月七日<tr><th>備考<td></table>")
    assert made.ledger["lost"] == 0
    assert "備考" in [passage.text for passage in made.passages]


# --- del and ins ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "struck",
    ["<del>五月</del>", "<s>五月</s>", "<strike>五月</strike>",
     "<span style='text-decoration: line-through'>五月</span>",
     "<span style='text-decoration-line: underline line-through'>五月</span>"],
)  # fmt: skip
def test_what_was_taken_back_is_no_part_of_the_sentence(struck: str) -> None:
    raw = read(f"<p>開催は{struck}<ins>六月</ins>とする。</p>")
    assert texts(raw) == ["開催は六月とする。"]
    assert [(part.kind, part.text) for part in raw.pages[0].furniture] == [("deleted", "五月")]
    assert parsed(f"<p>開催は{struck}<ins>六月</ins>とする。</p>").ledger["lost"] == 0


def test_underlined_text_is_not_struck() -> None:
    assert texts(read("<p>開催は<span style='text-decoration:underline'>六月</span></p>")) == [
        "開催は六月"
    ]


# --- images of headings -----------------------------------------------------------------------


def test_an_image_that_is_a_heading_is_its_words() -> None:
    made = parsed("<h1><img src=t.gif alt='相談の評価'></h1><p>本文である。</p>")
    assert (made.title, said(made)) == ("相談の評価", [("paragraph", "相談の評価", "本文である。")])


@pytest.mark.parametrize(
    ("page", "headed"),
    [
        ("<p><img src=x.gif alt='第２章　保護'></p><p>本文である。</p>", True),
        ("<td><a href=y><img src=x.gif alt='第２章　保護'></a></td><p>本文である。</p>", True),
        ("<p><img src=x.gif alt='会議の写真'></p><p>本文である。</p>", False),  # no number
        ("<p><img src=x.gif alt='第２章'>図<img src=y.gif></p><p>本文である。</p>", False),
        (f"<p><img src=x.gif alt='第２章{'甲' * 100}'></p><p>本文である。</p>", False),
    ],
)
def test_an_image_alone_is_a_heading_where_it_is_numbered(page: str, headed: bool) -> None:
    blocks = read(page).pages[0].blocks
    assert any(isinstance(b, TextBlock) and b.role == "heading" for b in blocks) is headed


# --- headings ---------------------------------------------------------------------------------


def test_headings_of_meetings_open_sections() -> None:
    page = (
        "<h1>相談会議</h1><h2>第２回 令和５年６月７日（水）</h2><ul><li>資料１ 議事次第</ul>"
        "<h2>第１回 令和４年５月６日（金）</h2><ul><li>資料１ 名簿</ul>"
    )
    made = parsed(page)
    assert made.kind == "meeting_record"
    items = {p.text: p.path for p in made.passages if p.type == "list_item"}
    assert items == {
        "資料１ 議事次第": ("相談会議", "第２回 令和５年６月７日（水）"),
        "資料１ 名簿": ("相談会議", "第１回 令和４年５月６日（金）"),
    }
    dates = [p.date for p in made.passages if p.type == "meeting"]
    assert dates == ["2023-06-07", "2022-05-06"]
    assert made.ledger["invented"] == made.ledger["lost"] == 0


# --- the foot of a page -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "foot",
    [
        "<div role=contentinfo>相談庁　〒100-0000</div>",
        "<div id=footer>相談庁　〒100-0000</div>",
        "<div class='site-footer'>相談庁　〒100-0000</div>",
        "<div class=footer_inner>相談庁　〒100-0000</div>",
        "<p id=copyright>相談庁　〒100-0000</p>",
    ],
)
def test_a_foot_that_is_named_is_furniture(foot: str) -> None:
    raw = read(PROSE + foot)
    assert "相談庁　〒100-0000" not in texts(raw)
    assert [part.kind for part in raw.pages[0].furniture] == ["running_head"]


@pytest.mark.parametrize(
    "page",
    [
        f"<div id=footer>{PROSE}</div>",  # the whole page
        f"{PROSE}<div id=footer><main>相談庁</main></div>",
        f"{PROSE}<article><div class=footer>相談庁</div></article>",  # of an article
        f"{PROSE}<div class=footnote>相談庁</div>",
        f"{PROSE}<div class=footer-note>相談庁</div>",
    ],
)
def test_what_only_sounds_like_a_foot_is_not(page: str) -> None:
    assert not read(page).pages[0].furniture


def test_the_foot_of_an_old_page_is_told_by_its_copyright_line() -> None:
    foot = "<p>〒100-0000 東京都千代田区</p><p>Copyright © 相談庁 All Rights Reserved.</p>"
    raw = read(f"{PROSE}<p>問合せ先 総務課</p>{foot}")
    assert texts(raw)[-1] == "問合せ先 総務課"
    assert len(raw.pages[0].furniture) == 2
    # An address without one may be that of the office to ask.
    asked = read(f"{PROSE}<p>〒100-0000 東京都千代田区</p>")
    assert not asked.pages[0].furniture


def test_a_page_about_copyright_is_not_its_own_foot() -> None:
    raw = read("<p>著作権法の解説である。</p>" + PROSE * 4)
    assert not raw.pages[0].furniture


# --- charsets of the neighbours ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("charset", "label", "words"),
    [
        ("gb2312", "gb2312", "警察厅对侦查员进行了培训。咨询免费，欢迎联系。"),
        ("gbk", "GBK", "外务省严格审查签证，保护被害人的安全。"),
        ("euc_kr", "euc-kr", "경찰청은 수사관을 대상으로 교육을 실시하였다."),
        ("big5", "big5", "警察廳對偵查員進行了培訓。諮詢免費，歡迎聯絡。"),
    ],
)
def test_chinese_and_korean_pages_say_it_truly(charset: str, label: str, words: str) -> None:
    page = f"<meta charset={label}><p>{words}</p>".encode(charset)
    raw = read_html(page)
    assert (texts(raw), raw.problems) == ([words], ())


@pytest.mark.parametrize("label", ["gb2312", "euc-kr", "big5"])
@pytest.mark.parametrize("charset", ["cp932", "euc_jp", "utf-8"])
def test_japanese_pages_that_say_so_falsely_are_read_as_they_are(label: str, charset: str) -> None:
    words = "警察庁は捜査員を対象とする研修を実施した。相談は無料である。人身取引対策行動計画。"
    raw = read_html(f"<meta charset={label}><p>{words}</p>".encode(charset))
    assert texts(raw) == [words]
    assert [problem.code for problem in raw.problems] == ["charset"]
