import pytest
from hypothesis import given
from hypothesis import strategies as st

from shisaku.ingest.html import read_html
from shisaku.ingest.html.tags import with_few_attributes
from shisaku.ingest.model import TextBlock
from shisaku.ingest.problems import UnreadableError


def _blocks(html: str) -> list[TextBlock]:
    page = read_html(f'<meta charset="utf-8"><body>{html}'.encode()).pages[0]
    return [block for block in page.blocks if isinstance(block, TextBlock)]


def _texts(html: str) -> list[str]:
    return [block.text for block in _blocks(html)]


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>一つ目<p>二つ目</p>三つ目", ["一つ目", "二つ目", "三つ目"]),
        # a line end of the source between wide characters is no space
        ("<p>対象と\n  なる<b>\n施策</b>", ["対象となる施策"]),
        ("<p>Palermo\nProtocol", ["Palermo Protocol"]),
        ("<p>平成 16 年\nMay", ["平成 16 年 May"]),
        ("<p>概 要:会議", ["概 要:会議"]),  # a space that is written stays
        # a line break ends a line, two end the block
        ("開催日:4月<br>出席者:構成員", ["開催日:4月\n出席者:構成員"]),
        ("一段落目。<br><br>二段落目。", ["一段落目。", "二段落目。"]),
        ("前の段落。<br>　次の段落。", ["前の段落。", "次の段落。"]),
        ("次のとおり。<br>・警察庁<br>・法務省", ["次のとおり。", "・警察庁", "・法務省"]),
        ("目的<br>(1) 防止<br>２．保護<br>第三章", ["目的", "(1) 防止", "２．保護", "第三章"]),
        ("総額は<br>2.5億円", ["総額は2.5億円"]),  # a number is no label
        # broken by hand at the margin, inside a sentence
        ("関係省庁の緊密な連携を<br>図ること", ["関係省庁の緊密な連携を図ること"]),
        ("<pre>一行目\n二行目  x</pre>", ["一行目\n二行目  x"]),
        ("<p>見える<!-- 注釈 --><script>x='見えない'</script><style>p{}</style></p>", ["見える"]),
        ("<p>見える<span style='display: none'>隠す</span><span hidden>隠す</span>", ["見える"]),
        ("<p>氏名<input value=x><select><option>選択</select><textarea>記</textarea>", ["氏名"]),
        ("<noscript>JavaScriptを有効に</noscript><p>本文", ["本文"]),
        ("<p>zero\u200bwidth\u00ad", ["zerowidth"]),
        ("<p>⼈⾝取引", ["人身取引"]),  # radicals are repaired here, too
        ("<p>&nbsp;　前後の空白　&nbsp;", ["前後の空白"]),
        ("<p>本文</body></html><p>続き</p>", ["本文", "続き"]),
        ("<p>本文</body></html><!DOCTYPE html><html><body><p>次のページ", ["本文", "次のページ"]),
        ("<p>a\0b", ["a\ufffdb"]),  # libxml2 would end the file here
    ],
)
def test_text_of_blocks(html: str, texts: list[str]) -> None:
    assert _texts(html) == texts


@pytest.mark.parametrize(
    ("html", "role", "level"),
    [
        ("<h2>第1章 総則</h2>", "heading", 2),
        ("<center><font size=5>開 催 状 況</font></center>", "heading", None),
        ("<p><b>第一章　総則</b></p>", "heading", None),
        ("<p><font size='+1'>１　趣旨</font></p>", "heading", None),
        ("<p style='font-size:150%'>１　趣旨</p>", "heading", None),
        ("<p><b>第一条</b>　この法律は、</p>", "", None),  # bold in part only
        ("<p><b>この法律は、公布の日から施行する。</b></p>", "", None),  # a sentence
        ("<p><b>" + "長い" * 60 + "</b></p>", "", None),
        ("<ul><li>項目</ul>", "list_item", None),
        ("<ul><li><b>項目</b></ul>", "list_item", None),
        ("<p class='footnote'>注</p>", "footnote", None),
        ("<ol class=footnotes><li>注</ol>", "footnote", None),
        ("<figure><img src=x><figcaption>図１</figcaption></figure>", "caption", None),
        ("<dl><dt>日時</dt></dl>", "", None),
    ],
)
def test_roles(html: str, role: str, level: int | None) -> None:
    (block,) = _blocks(html)
    assert (block.role, block.level) == (role, level)


def test_setting_of_lines() -> None:
    (heading,) = _blocks("<div align=center><font size=5>開催状況</font></div>")
    assert (heading.size, heading.centered, heading.bold) == (18.0, True, False)
    (plain,) = _blocks("<p>　この法律は")
    assert (plain.size, plain.indent, plain.text) == (12.0, 1.0, "この法律は")
    (entry,) = _blocks("<td><b>●第1回会合</b><br>開催日:平成16年")
    assert [line.bold for line in entry.lines] == [True, False]


def test_a_numbered_line_in_bold_heads_what_follows_a_mere_break() -> None:
    html = "<b>第1 趣旨</b><br>趣旨を述べる。<br><b>第2 長い題名の<br>続き</b><br>内容を述べる。"
    assert [(block.text, block.role) for block in _blocks(html)] == [
        ("第1 趣旨", "heading"), ("趣旨を述べる。", ""),
        ("第2 長い題名の続き", "heading"), ("内容を述べる。", ""),
    ]  # fmt: skip


def test_the_heading_of_an_annex_begins_a_block_after_a_mere_break() -> None:
    html = (
        "一　連合<br>二　移住機関<br>別表第二　（第三条関係）<br>　一　連合<br>"
        "別表第三<br>二　基金<br>"
        "別表第三に掲げる基金をいう。"
    )
    assert [block.text for block in _blocks(html)] == [
        "一　連合", "二　移住機関", "別表第二　（第三条関係）", "一　連合", "別表第三",
        "二　基金\n別表第三に掲げる基金をいう。",
    ]  # fmt: skip


def test_nested_lists_tell_their_depth_and_what_continues_an_item() -> None:
    blocks = _blocks("<ul><li>一<p>続き</p><ul><li>二</ul><li>三</ul>")
    assert [(block.text, block.role, block.indent) for block in blocks] == [
        ("一", "list_item", 1),
        ("続き", "", 1),
        ("二", "list_item", 2),
        ("三", "list_item", 1),
    ]


SAID = (
    "国は、事業者が情報を正しく扱うよう、毎年その取組の状況を確かめ、必要な助言を行うものとする。"
)


@pytest.mark.parametrize(
    ("html", "heads"),
    [
        (f"<ol><li>状況<p>{SAID}</p><p>{SAID}</p></li></ol>", ["1. 状況"]),
        (f"<ul><li>①　<b>状況</b><p>{SAID}</p></ul>", ["①　状況"]),
        (f"<ol><li>対応<ol><li>事案<p>{SAID}</p></li></ol></li></ol>", ["1. 対応", "1. 事案"]),
        ("<ol><li>状況<p>別に定める。</p></li></ol>", []),  # a remark on the item
        (f"<ol><li>状況<p>{SAID[:-1]}</p></li></ol>", []),
        (f"<ol><li>状況を次のように認める。<p>{SAID}</p></li></ol>", []),
        (f"<ol><li>{SAID}<p>{SAID}</p></li></ol>", []),
        ("<ol><li>対応<ol><li>事案</li></ol></li></ol>", []),
        (f"<ul><li><p>{SAID}</p></li></ul>", []),
    ],
)
def test_an_item_with_paragraphs_of_its_own_is_a_heading(html: str, heads: list[str]) -> None:
    assert [block.text for block in _blocks(html) if block.role == "heading"] == heads


def test_ruby_and_superscripts_are_spans_beside_the_text() -> None:
    (block,) = _blocks(
        "<p>　<ruby>人身<rp>(</rp><rt>じんしん</rt><rp>)</rp>取引<rt>とりひき</rt></ruby>を防ぐ"
        "<sup>1</sup>。CO<span style='vertical-align:super'>２</span>"
    )
    (line,) = block.lines
    assert line.text == "人身取引を防ぐ1。CO２"
    assert line.ruby == ((0, 2, "じんしん"), (2, 4, "とりひき"))
    assert [line.text[start:end] for start, end in line.marks] == ["1", "２"]


MENU = "".join(f"<li><a href='/{n}'>項目{n}</a>" for n in range(4))
ENTRIES = "".join(f"<li><a href='#s{n}'>第{n}章 施策</a>" for n in range(4))


@pytest.mark.parametrize(
    ("html", "kept", "aside"),
    [
        (f"<nav><ul>{MENU}</ul></nav><p>本文", ["本文"], {"navigation"}),
        (f"<table class=nav><tr><td>{MENU}</table><p>本文", ["本文"], {"navigation"}),
        (f"<div id=globalNavi>{MENU}</div><p>本文", ["本文"], {"navigation"}),
        (f"<div role=navigation>{MENU}</div><p>本文", ["本文"], {"navigation"}),
        (f"<ul>{MENU}</ul><p>本文", ["本文"], {"navigation"}),  # a menu before everything
        ("<p>本文</p><footer>〒100-8968 霞が関</footer>", ["本文"], {"running_head"}),
        (f"<header><p>内閣府</p><nav>{MENU}</nav></header><p>本文", ["本文"], {"running_head"}),
        ("<header><h1>基本計画</h1></header><p>本文", ["基本計画", "本文"], set()),
        ("<article><footer>出典</footer></article>", ["出典"], set()),
        (f"<h1>計画</h1><ul>{ENTRIES}</ul><p>本文", ["計画", "本文"], {"contents"}),
        ("<p><a href=/>ホーム</a> &gt; <a href=/a>政策</a> &gt; 会議</p><p>本文", ["本文"],
         {"navigation"}),
        ("<p>本文</p><p><a href='#top'>ページの先頭へ</a></p>", ["本文"], {"navigation"}),
        # the name alone is no reason: this is text
        ("<div class=nav><p>本文はここにある。</p></div>", ["本文はここにある。"], set()),
        # nor are links in the middle of a page: so meeting materials are listed
        ("<h1>資料</h1><ul><li><a href=1.pdf>資料1</a><li><a href=2.pdf>資料2</a></ul>",
         ["資料", "資料1", "資料2"], set()),
        # a page of nothing but a menu has that to say
        ("<nav><a href=a>一覧</a></nav>", ["一覧"], set()),
    ],
)  # fmt: skip
def test_furniture_is_left_aside(html: str, kept: list[str], aside: set[str]) -> None:
    (page,) = read_html(f'<meta charset="utf-8"><body>{html}'.encode()).pages
    assert [block.text for block in page.blocks if isinstance(block, TextBlock)] == kept
    assert {part.kind for part in page.furniture} == aside


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("<html><body></body></html>", "no_text"),
        ("<html><body><img src=a.gif alt='図'><script>x()</script></body></html>", "no_text"),
        ("<html><frameset cols='1,2'><frame src=menu.html><frame src=main.html></frameset>"
         "<noframes>フレーム</noframes></html>", "frameset"),
        ("<!-- only a comment -->", "no_text"),
    ],
)  # fmt: skip
def test_pages_without_text_say_why(html: str, code: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_html(html.encode())
    assert caught.value.problem.code == code
    assert caught.value.problem.failed


def test_title_and_address_of_the_page() -> None:
    head = "<title>\n 会議\n開催状況 </title><link rel=canonical href='https://www.example.jp/a'>"
    raw = read_html(f"<meta charset=utf-8>{head}<p>x".encode())
    assert (raw.title, raw.url) == ("会議 開催状況", "https://www.example.jp/a")
    saved = b"<!-- saved from url=(0023)http://www.example.jp/b --><p>x"
    assert read_html(saved).url == "http://www.example.jp/b"
    assert read_html(b"<p>x", url="https://example.jp/c").url == "https://example.jp/c"
    assert read_html(b"<title> </title><p>x").title is None


def test_xhtml_with_a_script_that_closes_itself() -> None:
    page = (
        '<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head>'
        '<script src="a.js"/><title/></head><body><p>本文</p></body></html>'
    )
    raw = read_html(page.encode())
    assert [block.text for block in raw.pages[0].blocks if isinstance(block, TextBlock)] == ["本文"]


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 5000 + "深い" + "</div>" * 5000 + "後",
        "<p><font size=2>深い" * 3000 + "後",  # old pages never close it
        "<table><tr><td>" * 3000 + "深い後",
        "<ul><li>" * 3000 + "深い後",
        "<div class=nav>" * 500 + "深い後",
    ],
)
def test_depth_loses_no_words(html: str) -> None:
    text = "".join(_texts(html))
    assert text.endswith("後")
    assert text.count("深い") == html.count("深い")


_TAGS = [
    "<p>", "</p>", "<br>", "<b>", "</b>", "<table>", "<tr>", "<td rowspan=2>", "<th>", "</table>",
    "<ul>", "<li>", "</ul>", "<ruby>", "<rt>", "</ruby>", "<nav>", "</nav>", "<pre>", "</pre>",
    "<h2>", "</h2>", "<a href='#x'>", "</a>", "<caption>", "<div hidden>", "</div>", "<!--", "-->",
    "<sup>", "</sup>", "<form>", "</html>", " ", "\n", "　",
]  # fmt: skip


@given(st.lists(st.one_of(st.sampled_from(_TAGS), st.text("人a1・（", max_size=5)), max_size=40))
def test_no_page_makes_it_fail(parts: list[str]) -> None:
    try:
        raw = read_html(("<meta charset=utf-8><body>" + "".join(parts)).encode())
    except UnreadableError:
        return
    for block in raw.pages[0].blocks:
        if isinstance(block, TextBlock):
            assert block.text
            for line in block.lines:
                assert line.text == line.text.strip()
                for start, end, reading in line.ruby:
                    assert 0 <= start < end <= len(line.text)
                    assert reading


def test_role_heading_makes_headings_with_the_level_of_aria_level_or_none() -> None:
    page = (
        '<h2>推進体制</h2><div role="heading">（基本的な考え方）</div><p>関係省庁が連携する。</p>'
        '<div role="heading" aria-level="4">点検</div><p>毎年点検する。</p>'
    )
    headings = [
        (block.text, block.level)
        for block in read_html(page.encode()).pages[0].blocks
        if isinstance(block, TextBlock) and block.role == "heading"
    ]
    assert headings == [("推進体制", 2), ("（基本的な考え方）", None), ("点検", 4)]


def test_an_element_named_like_a_menu_in_another_is_told_by_its_own_links() -> None:
    html = (
        "<div class=menu><p>" + "本文である。" * 9 + "</p>"
        "<div class=menu><a href=a>甲</a> <a href=b>乙</a></div>"
        "<div class=menu>丙は、本文である。<a href=d>丁</a></div></div>"
    )
    page = read_html(html.encode()).pages[0]
    assert [part.text for part in page.furniture] == ["甲 乙"]
    texts = [block.text for block in page.blocks if isinstance(block, TextBlock)]
    assert "丙" in "".join(texts)


@pytest.mark.parametrize("count", [500, 501, 100_000])
def test_attributes_beyond_any_use_are_left_out_and_the_text_stays(count: int) -> None:
    attributes = " ".join(f"data-{at}='値'" for at in range(count))
    assert _texts(f"<p>前</p><p {attributes} title=last>文<b>字</b></p>") == ["前", "文字"]


# What looks like the end of a tag, or the beginning of another, within a tag of 600 attributes.
@pytest.mark.parametrize(
    "written",
    [
        "<p {}>文",
        "<p a='<' {}>文",
        "<p a='>' {}>文",
        '<p a=">" {}>文',
        "<p a=<b {}>文",
        "<p <b {}>文",
        "<p a=it's {}>文",
        "<!-- <a b=' --><p {}>文",
        "<script>if (a<b) c='</script><p {}>文",
    ],
)
@pytest.mark.parametrize("attribute", ["a{}=1", "a{}='<'", "a{}='>'", "a{}=<", "a{}"])
def test_attributes_beyond_any_use_are_found_as_the_standard_has_them(
    written: str, attribute: str
) -> None:
    attributes = " ".join(attribute.format(at) for at in range(600))
    page = f"<p>前</p>{written.format(attributes)}<p title='>'>字</p>"
    assert _texts(page) == ["前", "文", "字"]
    cut = with_few_attributes(page, 500)
    assert len(cut) < len(page)
    assert with_few_attributes(cut, 500) == cut


def test_no_more_attributes_than_are_asked_for_are_left() -> None:
    page = "<p a=1 b='<' c/d>文<a href=e f>"
    assert with_few_attributes(page, 4) == page
    assert with_few_attributes(page, 3) == "<p a=1 b='<' c>文<a href=e f>"
    assert with_few_attributes(page, 1) == "<p a=1>文<a href=e>"
